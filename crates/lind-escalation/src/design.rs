//! The designs, their parameters and their decision tables.

use lind_units::{Enclosure, Exact};

use crate::binomial::Cumulative;
use crate::error::DesignError;
use crate::table::{Boundaries, Decision, DecisionTable, Tally};
use crate::{MOST_EVALUABLE, ratio};

/// A rule that moves between dose levels. All shares are fractions of 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Design {
    /// Three participants, and three more after one toxicity (Le Tourneau 2009).
    ThreePlusThree(ThreePlusThree),
    /// Bayesian optimal interval design (Liu and Yuan 2015).
    Boin(Boin),
    /// Modified toxicity probability interval design 2 (Guo 2017).
    Mtpi2(EquivalenceInterval),
    /// Its forerunner (Ji 2010).
    Mtpi(EquivalenceInterval),
    /// i3+3 (Liu, Wang and Ji 2020).
    I3Plus3(EquivalenceInterval),
    /// Single participants until the first toxicity, then 3+3 (Simon 1997). Not verified against the paper.
    AcceleratedTitration(AcceleratedTitration),
    /// A table that the protocol states itself.
    Table(DecisionTable),
}

/// The 3+3 design, with what its variants differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreePlusThree {
    /// Whether more participants may be treated at the level below one that was too toxic. If not, the level
    /// below is the maximum tolerated dose as it stands.
    pub de_escalates: bool,
    /// Whether six participants must have been treated at the maximum tolerated dose.
    pub six_at_mtd: bool,
}

impl Default for ThreePlusThree {
    /// De-escalation is allowed, and six are required.
    fn default() -> Self {
        Self {
            de_escalates: true,
            six_at_mtd: true,
        }
    }
}

/// What every design with a target has for safety.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Safety {
    /// A level is eliminated where the share of toxicities is above the target with more than this probability,
    /// with a uniform prior.
    pub cut_off: Exact,
    /// Nothing is eliminated among fewer.
    pub least: u32,
    /// The trial also stops where the lowest level is above the target with more than the cut-off less this.
    pub extra_safe: Option<Exact>,
    /// The trial stops where so many count at a level and the rule stays there.
    pub stops_at: Option<u32>,
}

impl Default for Safety {
    /// 95 %, among at least 3, without the extra rule and without an early stop.
    fn default() -> Self {
        Self {
            cut_off: ratio(95, 100),
            least: 3,
            extra_safe: None,
            stops_at: None,
        }
    }
}

/// The BOIN design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boin {
    /// The target share of toxicities.
    pub target: Exact,
    /// The highest share that is too low, so that the dose should go up.
    pub too_low: Exact,
    /// The lowest share that is too toxic, so that the dose should go down.
    pub too_toxic: Exact,
    /// When levels are eliminated.
    pub safety: Safety,
}

/// A design that stays as long as the share of toxicities is near enough to its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EquivalenceInterval {
    /// The target share of toxicities.
    pub target: Exact,
    /// How far below it is still near enough.
    pub below: Exact,
    /// How far above it is still near enough.
    pub above: Exact,
    /// When levels are eliminated.
    pub safety: Safety,
}

/// Accelerated titration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceleratedTitration {
    /// With so many moderate toxicities in all, single participants are over; 2 in the paper.
    pub moderate: u32,
    /// What follows.
    pub then: ThreePlusThree,
}

impl Default for AcceleratedTitration {
    fn default() -> Self {
        Self {
            moderate: 2,
            then: ThreePlusThree::default(),
        }
    }
}

impl Boin {
    /// The design with the usual parameters: too low is 0.6 of the target, too toxic 1.4 of it.
    #[must_use]
    pub fn new(target: Exact) -> Self {
        Self {
            too_low: target.mul(&ratio(6, 10)),
            too_toxic: target.mul(&ratio(14, 10)),
            target,
            safety: Safety::default(),
        }
    }

    fn check(&self) -> Result<(), DesignError> {
        check_target(&self.target)?;
        if self.too_low <= Exact::zero() || self.too_low >= self.target {
            return Err(DesignError::TooLow);
        }
        if self.too_toxic <= self.target || self.too_toxic >= Exact::one() {
            return Err(DesignError::TooToxic);
        }
        self.safety.check()
    }

    /// Up to which share of toxicities the dose goes up: `ln[(1−φ1)/(1−φ)] / ln[φ(1−φ1)/(φ1(1−φ))]`, between two
    /// bounds that are closer than `2^-bits` of it or so; none for parameters that make no design.
    #[must_use]
    pub fn escalation_rate(&self, bits: usize) -> Option<Enclosure> {
        self.check().ok()?;
        let (against, odds) = two_rates(&self.too_low, &self.target)?;
        quotient_of_logarithms(against, odds, bits)
    }

    /// From which share on it goes down: `ln[(1−φ)/(1−φ2)] / ln[φ2(1−φ)/(φ(1−φ2))]`.
    #[must_use]
    pub fn de_escalation_rate(&self, bits: usize) -> Option<Enclosure> {
        self.check().ok()?;
        let (against, odds) = two_rates(&self.target, &self.too_toxic)?;
        quotient_of_logarithms(against, odds, bits)
    }

    /// What to do with each number of toxicities among so many, elimination aside.
    ///
    /// `x/n ≤ ln A / ln B` is `B^x ≤ A^n`, since `B > 1`: no logarithm is needed to decide.
    fn decisions(&self, evaluable: u32) -> Option<Vec<Decision>> {
        let (low_against, low_odds) = two_rates(&self.too_low, &self.target)?;
        let (high_against, high_odds) = two_rates(&self.target, &self.too_toxic)?;
        let exponent = i32::try_from(evaluable).ok()?;
        let (up, down) = (
            low_against.checked_power(exponent)?,
            high_against.checked_power(exponent)?,
        );
        let (mut low, mut high) = (Exact::one(), Exact::one());
        let mut decisions = Vec::new();
        for _ in 0..=evaluable {
            decisions.push(if high >= down {
                Decision::DeEscalate
            } else if low <= up {
                Decision::Escalate
            } else {
                Decision::Stay
            });
            (low, high) = (low.mul(&low_odds), high.mul(&high_odds));
        }
        Some(decisions)
    }
}

/// Of a lower and a higher share: how much more likely nothing happens under the lower, and how much more the odds
/// are under the higher.
fn two_rates(lower: &Exact, higher: &Exact) -> Option<(Exact, Exact)> {
    let against = Exact::one()
        .sub(lower)
        .checked_div(&Exact::one().sub(higher))?;
    let odds = higher.checked_div(lower)?.mul(&against);
    Some((against, odds))
}

fn quotient_of_logarithms(above: Exact, below: Exact, bits: usize) -> Option<Enclosure> {
    let above = Enclosure::exact(above).ln(bits)?;
    above.checked_div(&Enclosure::exact(below).ln(bits)?)
}

impl EquivalenceInterval {
    /// The design with an interval that reaches as far below the target as above.
    #[must_use]
    pub fn new(target: Exact, half: Exact) -> Self {
        Self {
            target,
            below: half.clone(),
            above: half,
            safety: Safety::default(),
        }
    }

    fn low(&self) -> Exact {
        self.target.sub(&self.below)
    }

    fn high(&self) -> Exact {
        self.target.add(&self.above)
    }

    fn check(&self) -> Result<(), DesignError> {
        check_target(&self.target)?;
        let is_backwards = self.below.signum() < 0 || self.above.signum() < 0;
        let (low, high) = (self.low(), self.high());
        if is_backwards || low <= Exact::zero() || high >= Exact::one() || low >= high {
            return Err(DesignError::Interval);
        }
        // The part from 0 to the interval is cut into pieces of its length: bound how many there may be.
        if high.sub(&low) < ratio(1, 1000) {
            return Err(DesignError::Interval);
        }
        self.safety.check()
    }

    /// i3+3: by the share of toxicities, and the share with one toxicity less.
    fn decisions_of_i3(&self, evaluable: u32) -> Vec<Decision> {
        let number = Exact::from(i64::from(evaluable));
        let (low, high) = (self.low().mul(&number), self.high().mul(&number));
        (0..=i64::from(evaluable))
            .map(|dlts| {
                let (share, less) = (Exact::from(dlts), Exact::from(dlts - 1));
                if share < low {
                    Decision::Escalate
                } else if share <= high || less < low {
                    Decision::Stay
                } else {
                    Decision::DeEscalate
                }
            })
            .collect()
    }

    /// mTPI and mTPI-2: by the interval with the most posterior probability for its length, the prior being
    /// uniform. Of equals the more cautious counts.
    fn decisions_by_mass(&self, evaluable: u32, has_pieces: bool) -> Vec<Decision> {
        let (low, high) = (self.low(), self.high());
        let length = high.sub(&low);
        let piece = has_pieces.then_some(&length);
        let mut below = edges(&low, &Exact::zero(), piece, false);
        below.reverse();
        let above = edges(&high, &Exact::one(), piece, true);
        // Pr(p > e) after x toxicities among n is Pr(Bin(n + 1, e) <= x).
        let tails = |edges: &[Exact]| -> Vec<(Exact, Cumulative)> {
            edges
                .iter()
                .map(|edge| (edge.clone(), Cumulative::new(evaluable + 1, edge)))
                .collect()
        };
        let (below, above) = (tails(&below), tails(&above));
        let middle = tails(&[low, high]);
        (0..=evaluable)
            .map(|dlts| {
                let up = greatest_mass(&below, dlts);
                let stay = greatest_mass(&middle, dlts);
                let down = greatest_mass(&above, dlts);
                if down >= stay && down >= up {
                    Decision::DeEscalate
                } else if stay >= up {
                    Decision::Stay
                } else {
                    Decision::Escalate
                }
            })
            .collect()
    }
}

/// The edges from one end to another, in steps of a length, the last step being cut off.
fn edges(from: &Exact, to: &Exact, step: Option<&Exact>, is_up: bool) -> Vec<Exact> {
    let mut edges = vec![from.clone()];
    let mut edge = from.clone();
    while let Some(step) = step {
        edge = if is_up {
            edge.add(step)
        } else {
            edge.sub(step)
        };
        let is_within = if is_up { edge < *to } else { edge > *to };
        if !is_within {
            break;
        }
        edges.push(edge.clone());
    }
    edges.push(to.clone());
    edges
}

/// The greatest posterior probability for its length among neighbouring intervals.
fn greatest_mass(edges: &[(Exact, Cumulative)], dlts: u32) -> Exact {
    edges
        .iter()
        .zip(edges.iter().skip(1))
        .filter_map(|((low, above_low), (high, above_high))| {
            let mass = above_low.at_most(dlts).sub(&above_high.at_most(dlts));
            mass.checked_div(&high.sub(low))
        })
        .max()
        .unwrap_or_default()
}

fn check_target(target: &Exact) -> Result<(), DesignError> {
    if *target <= Exact::zero() || *target >= Exact::one() {
        return Err(DesignError::Target);
    }
    Ok(())
}

impl Safety {
    fn check(&self) -> Result<(), DesignError> {
        if self.cut_off <= Exact::zero() || self.cut_off >= Exact::one() {
            return Err(DesignError::CutOff);
        }
        if let Some(offset) = &self.extra_safe
            && (*offset <= Exact::zero() || *offset >= self.cut_off)
        {
            return Err(DesignError::Offset);
        }
        if self.stops_at == Some(0) {
            return Err(DesignError::Number);
        }
        Ok(())
    }

    /// From how many toxicities on the share is above the target with more than some probability.
    fn too_toxic_from(&self, above_target: &Cumulative, limit: &Exact, number: u32) -> Option<u32> {
        if number < self.least {
            return None;
        }
        (0..=number).find(|&dlts| above_target.is_above(dlts, limit))
    }
}

/// A row of a table, and from how many toxicities on the trial stops at the lowest level.
type RowAndStop = (Boundaries, Option<u32>);

impl Design {
    /// BOIN with the usual parameters.
    #[must_use]
    pub fn boin(target: Exact) -> Self {
        Self::Boin(Boin::new(target))
    }

    /// The name in the literature.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::ThreePlusThree(_) => "3+3",
            Self::Boin(_) => "BOIN",
            Self::Mtpi2(_) => "mTPI-2",
            Self::Mtpi(_) => "mTPI",
            Self::I3Plus3(_) => "i3+3",
            Self::AcceleratedTitration(_) => "accelerated titration",
            Self::Table(_) => "decision table",
        }
    }

    /// The target share of toxicities, for the designs that have one.
    #[must_use]
    pub fn target(&self) -> Option<&Exact> {
        match self {
            Self::Boin(boin) => Some(&boin.target),
            Self::Mtpi2(interval) | Self::Mtpi(interval) | Self::I3Plus3(interval) => {
                Some(&interval.target)
            }
            Self::ThreePlusThree(_) | Self::AcceleratedTitration(_) | Self::Table(_) => None,
        }
    }

    /// What the design has for safety, if it has a target.
    #[must_use]
    pub fn safety(&self) -> Option<&Safety> {
        match self {
            Self::Boin(boin) => Some(&boin.safety),
            Self::Mtpi2(interval) | Self::Mtpi(interval) | Self::I3Plus3(interval) => {
                Some(&interval.safety)
            }
            Self::ThreePlusThree(_) | Self::AcceleratedTitration(_) | Self::Table(_) => None,
        }
    }

    /// Whether the parameters make a design.
    ///
    /// # Errors
    /// The first parameter that does not.
    pub fn check(&self) -> Result<(), DesignError> {
        match self {
            Self::Boin(boin) => boin.check(),
            Self::Mtpi2(interval) | Self::Mtpi(interval) | Self::I3Plus3(interval) => {
                interval.check()
            }
            Self::ThreePlusThree(_) | Self::AcceleratedTitration(_) | Self::Table(_) => Ok(()),
        }
    }

    /// What to do after so many toxicities among so many at a level.
    ///
    /// For a table that is not about so many participants: to stay. For accelerated titration: what follows the
    /// single participants.
    ///
    /// ```
    /// use lind_escalation::{Decision, Design, Tally};
    /// use lind_units::Exact;
    ///
    /// let boin = Design::boin(Exact::from_ratio(30, 100).expect("100 is not zero"));
    /// assert_eq!(boin.decision(Tally::new(1, 6)), Ok(Decision::Escalate));
    /// assert_eq!(boin.decision(Tally::new(2, 6)), Ok(Decision::Stay));
    /// assert_eq!(boin.decision(Tally::new(4, 6)), Ok(Decision::Eliminate));
    /// ```
    ///
    /// # Errors
    /// The parameters make no design, there are more toxicities than participants, or too many participants.
    pub fn decision(&self, tally: Tally) -> Result<Decision, DesignError> {
        self.check()?;
        if tally.dlts > tally.evaluable || tally.evaluable > MOST_EVALUABLE {
            return Err(DesignError::Number);
        }
        if tally.evaluable == 0 {
            return Ok(Decision::Stay);
        }
        if let Self::Table(table) = self {
            return Ok(table.decision(tally).unwrap_or(Decision::Stay));
        }
        let (row, _) = self.row(tally.evaluable)?;
        Ok(row.decision(tally.dlts))
    }

    /// The decision table for 1 to `most` participants; a table by hand stays as it is. For accelerated titration:
    /// the table of what follows the single participants.
    ///
    /// ```
    /// use lind_escalation::Design;
    /// use lind_units::Exact;
    ///
    /// let boin = Design::boin(Exact::from_ratio(30, 100).expect("100 is not zero"));
    /// let table = boin.table(12).expect("the usual parameters");
    /// let row = table.row(12).expect("the last row");
    /// assert_eq!((row.escalate_up_to, row.de_escalate_from, row.eliminate_from), (Some(2), Some(5), Some(7)));
    /// ```
    ///
    /// # Errors
    /// The parameters make no design, or `most` is not between 1 and [`MOST_EVALUABLE`].
    pub fn table(&self, most: u32) -> Result<DecisionTable, DesignError> {
        Ok(self.table_and_stops(most)?.0)
    }

    /// The same, and for each number of participants from how many toxicities on the trial stops at its lowest
    /// level.
    pub(crate) fn table_and_stops(
        &self,
        most: u32,
    ) -> Result<(DecisionTable, Vec<Option<u32>>), DesignError> {
        self.check()?;
        if most == 0 || most > MOST_EVALUABLE {
            return Err(DesignError::Number);
        }
        if let Self::Table(table) = self {
            return Ok((table.clone(), Vec::new()));
        }
        let rows: Result<Vec<RowAndStop>, DesignError> =
            (1..=most).map(|evaluable| self.row(evaluable)).collect();
        let (rows, stops) = rows?.into_iter().unzip();
        Ok((DecisionTable::of_rows(rows), stops))
    }

    fn row(&self, evaluable: u32) -> Result<RowAndStop, DesignError> {
        let mut decisions = match self {
            Self::ThreePlusThree(_) | Self::AcceleratedTitration(_) => {
                return Ok((three_plus_three(evaluable), None));
            }
            Self::Table(table) => {
                let row = table.row(evaluable).copied();
                return Ok((row.ok_or(DesignError::Number)?, None));
            }
            Self::Boin(boin) => boin.decisions(evaluable).ok_or(DesignError::Number)?,
            Self::Mtpi2(interval) => interval.decisions_by_mass(evaluable, true),
            Self::Mtpi(interval) => interval.decisions_by_mass(evaluable, false),
            Self::I3Plus3(interval) => interval.decisions_of_i3(evaluable),
        };
        let (Some(target), Some(safety)) = (self.target(), self.safety()) else {
            return Ok((Boundaries::of(evaluable, &decisions)?, None));
        };
        let above_target = Cumulative::new(evaluable + 1, target);
        if let Some(from) = safety.too_toxic_from(&above_target, &safety.cut_off, evaluable) {
            for decision in decisions.iter_mut().skip(from as usize) {
                *decision = Decision::Eliminate;
            }
        }
        let stop = safety.extra_safe.as_ref().and_then(|offset| {
            let limit = safety.cut_off.sub(offset);
            safety.too_toxic_from(&above_target, &limit, evaluable)
        });
        Ok((Boundaries::of(evaluable, &decisions)?, stop))
    }
}

/// 3+3: two toxicities are too many, none among three is few enough, one is among six.
fn three_plus_three(evaluable: u32) -> Boundaries {
    let from_two = (evaluable >= 2).then_some(2);
    Boundaries {
        evaluable,
        escalate_up_to: match evaluable {
            0..=2 => None,
            3..=5 => Some(0),
            _ => Some(1),
        },
        de_escalate_from: from_two,
        eliminate_from: from_two,
    }
}
