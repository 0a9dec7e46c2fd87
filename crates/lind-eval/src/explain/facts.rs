//! Facts in words.

use lind_model::plan::{FactPlan, FilterPlan};
use lind_model::protocol::{
    Counted, FactTable, Frequency, Lasting, Quantifier, RecordEdge, Steady, Tense,
};
use lind_model::verdict::FactUsed;
use lind_model::{NodeId, Truth};
use lind_records::SetAside;
use lind_time::{MonthEnd, Tri};
use lind_units::Exact;

use crate::durations::{lasted, over_for};
use crate::explain::recorder::{Telling, Told};
use crate::explain::words::{
    asked, counted, lasting, listed, number, place, quantity, spoken, used,
};
use crate::facts::Doubt;
use crate::rows::{End, Fields, Row};
use crate::steps::{FilterStep, Step};
use crate::trace::Note;
use crate::view::View;

const MOST_FACTS: usize = 12;

/// A row with what is not certain of it.
struct Seen<'n, 'c> {
    row: &'n Row<'c>,
    membership: Tri,
    doubts: Vec<(Doubt, Tri)>,
    /// What the condition below the name says of it, and why.
    body: Option<(Truth, String)>,
}

impl Seen<'_, '_> {
    fn truth(&self) -> Truth {
        let body = self
            .body
            .as_ref()
            .map_or(Truth::NotApplicable, |(body, _)| *body);
        Truth::from_tri(self.membership).and(body)
    }
}

impl<'c> View<'c> {
    /// Whether records exist.
    pub(crate) fn fact_telling(
        &self,
        plan: &FactPlan,
        node: NodeId,
        notes: &[Note<'c>],
        parts: &[Told],
        truth: Truth,
    ) -> Telling {
        let name = self.fact_name(plan);
        let mut reasons = parts.iter().map(|part| part.reason.clone());
        let when = self.when(plan);
        let mut seen: Vec<Seen<'_, 'c>> = Vec::new();
        let mut doubts = Vec::new();
        let mut set_aside: Vec<&SetAside> = Vec::new();
        let mut gap = None;
        let mut total = None;
        let mut count = None;
        let mut doses = Vec::new();
        let mut unmeasured = false;
        for note in notes {
            match note {
                Note::Doubt(doubt, one) => doubts.push((*doubt, *one)),
                Note::Row { row, membership } => {
                    seen.push(Seen {
                        row,
                        membership: *membership,
                        doubts: std::mem::take(&mut doubts),
                        body: None,
                    });
                }
                Note::Body(truth) => {
                    let reason = reasons.next().unwrap_or_default();
                    if let Some(last) = seen.last_mut() {
                        last.body = Some((*truth, reason));
                    }
                }
                Note::SetAside(row) => set_aside.push(row),
                Note::Gap(table, reason) => gap = Some(self.gap_text(*table, *reason)),
                Note::Total { least, most } => total = Some((*least, *most)),
                Note::Counted { least, most } => count = Some((*least, *most)),
                Note::TotalDose { .. } => doses.push(note),
                Note::Evidence { count: 0, .. } => unmeasured = true,
                _ => {}
            }
        }
        // What came after the gate is not known where the criterion is decided.
        seen.retain(|seen| self.known(self.moment(seen.row.begin)) != Tri::No);
        let exists = if plan.negated { truth.not() } else { truth };
        if plan
            .frequency
            .is_some_and(|frequency| frequency.quantifier == Quantifier::All)
        {
            let gap = gap.as_deref();
            let mut telling = match exists {
                Truth::Open(_) => self.open(plan, node, &name, &when, &seen, &set_aside, gap),
                _ => self.every_telling(&name, &when, &seen, exists),
            };
            telling.facts = self.facts_used(&seen, &set_aside);
            return telling;
        }
        if let (Some(frequency), Some((least, most))) = (plan.frequency, count) {
            let mut telling =
                self.count_telling(frequency, &name, &when, (least, most), &seen, exists);
            let lacking = gap.is_some() || !set_aside.is_empty() || unmeasured;
            if exists.is_open() && (lacking || doubtful(&seen)) {
                let open = self.open(plan, node, &name, &when, &seen, &set_aside, gap.as_deref());
                telling.because = format!("{}; {}", telling.because, open.because);
                telling.settle = open.settle;
            }
            telling.facts = self.facts_used(&seen, &set_aside);
            telling.boundary_sensitive = seen
                .iter()
                .any(|seen| self.is_boundary_sensitive(plan, seen.row));
            return telling;
        }
        let together = self.total_dose_telling(plan, node, &name, &doses, &seen, exists);
        let mut telling = match (total, exists, together) {
            (_, _, Some(together)) => together,
            (Some((least, most)), exists, _) if most != i64::MAX || exists == Truth::True => {
                self.total_telling(plan, &name, least, most, exists)
            }
            (_, Truth::True, _) => self.present(&name, &seen),
            (_, Truth::False | Truth::NotApplicable, _) => self.absent(plan, &name, &when, &seen),
            (_, Truth::Open(_), _) => {
                self.open(plan, node, &name, &when, &seen, &set_aside, gap.as_deref())
            }
        };
        telling.facts = self.facts_used(&seen, &set_aside);
        telling.boundary_sensitive = seen
            .iter()
            .any(|seen| self.is_boundary_sensitive(plan, seen.row));
        telling
    }

    /// What is looked for, as it is read aloud.
    fn fact_name(&self, plan: &FactPlan) -> String {
        let set = plan
            .set
            .and_then(|set| self.program.protocol().sets.get(set.index()));
        match (set, plan.table) {
            (_, FactTable::Results) => self.results_name(plan),
            (Some(set), _) => spoken(&set.name),
            (None, _) if plan.investigational => "investigational treatment".to_owned(),
            (None, FactTable::Conditions) => "condition".to_owned(),
            (None, FactTable::Treatments) => "treatment".to_owned(),
            (None, FactTable::Procedures) => "procedure".to_owned(),
            (None, FactTable::Allergies) => "allergy".to_owned(),
            (None, FactTable::AdverseEvents) => "adverse event".to_owned(),
        }
    }

    /// When it is looked for.
    fn when(&self, plan: &FactPlan) -> String {
        match plan.tense {
            Tense::Now => format!("on {}", self.time),
            Tense::Ever => format!("up to {}", self.time),
            Tense::During => self.phrase(plan.window.as_ref()),
        }
    }

    fn present(&self, name: &str, seen: &[Seen<'_, 'c>]) -> Telling {
        let rows: Vec<String> = seen
            .iter()
            .filter(|seen| seen.truth() == Truth::True)
            .map(|seen| self.row(seen.row))
            .collect();
        Telling::because(format!("{name}: {}", listed(&rows)))
    }

    fn every_telling(
        &self,
        name: &str,
        when: &str,
        seen: &[Seen<'_, 'c>],
        truth: Truth,
    ) -> Telling {
        let failing: Vec<String> = seen
            .iter()
            .filter(|seen| seen.truth() == Truth::False && seen.membership == Tri::Yes)
            .map(|seen| {
                let why = seen.body.as_ref().map_or("", |(_, why)| why);
                format!("{}: {why}", self.row(seen.row))
            })
            .collect();
        Telling::because(match truth {
            Truth::False => format!("not every {name} {when}: {}", listed(&failing)),
            Truth::NotApplicable => format!("no {name} {when} of which it could be asked"),
            _ => {
                let rows: Vec<String> = seen
                    .iter()
                    .filter(|seen| seen.membership == Tri::Yes)
                    .map(|seen| self.row(seen.row))
                    .collect();
                format!("every {name} {when}: {}", listed(&rows))
            }
        })
    }

    fn absent(&self, plan: &FactPlan, name: &str, when: &str, seen: &[Seen<'_, 'c>]) -> Telling {
        let [first, others @ ..] = seen else {
            return Telling::because(format!("no {name} {when}"));
        };
        let rows: Vec<String> = seen.iter().map(|seen| self.row(seen.row)).collect();
        if let Some(steady) = unsteady(plan, seen) {
            let rows: Vec<String> = seen
                .iter()
                .map(|seen| self.row_with_dose(seen.row))
                .collect();
            let changed = if steady.may_fall { "rose" } else { "changed" };
            let mut window = self.phrase(Some(&steady.window));
            if steady.and_day_before {
                window.push_str(", or on the day before");
            }
            return Telling {
                brief: Some(format!("the dose of {name} {changed}")),
                ..Telling::because(format!(
                    "the dose of {name} {changed} {window}: {}",
                    listed(&rows)
                ))
            };
        }
        let one = self.row(first.row);
        let brief = match others.len() {
            0 => format!("{one} does not count"),
            more => format!("{one} and {more} more do not count"),
        };
        Telling {
            brief: Some(brief),
            ..Telling::because(format!("no {name} {when} that counts: {}", listed(&rows)))
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one call, whose arguments are what was found of one fact"
    )]
    fn open(
        &self,
        plan: &FactPlan,
        node: NodeId,
        name: &str,
        when: &str,
        seen: &[Seen<'_, 'c>],
        set_aside: &[&SetAside],
        gap: Option<&str>,
    ) -> Telling {
        let awaited = seen.iter().find_map(|seen| match &seen.body {
            Some((truth, why)) if seen.membership == Tri::Yes && truth.is_open() => {
                let row = self.row(seen.row);
                // What decides may speak of the record itself.
                Some(if why.starts_with(&row) {
                    why.clone()
                } else {
                    format!("{name} {row}: {why}")
                })
            }
            _ => None,
        });
        if let Some(awaited) = awaited {
            return Telling::because(awaited);
        }
        let faulty = seen
            .iter()
            .find_map(|seen| self.faulty_value(plan, node, seen.row, &seen.doubts));
        if let Some(faulty) = faulty {
            return faulty;
        }
        let doubtful = seen.iter().find(|seen| seen.membership == Tri::Maybe);
        if let Some(seen) = doubtful {
            let mut doubts: Vec<Doubt> = Vec::new();
            for (doubt, one) in &seen.doubts {
                if *one == Tri::Maybe && !doubts.contains(doubt) {
                    doubts.push(*doubt);
                }
            }
            let text = self.row(seen.row);
            let here = place(self.chart, seen.row.at);
            let what: Vec<String> = doubts
                .iter()
                .map(|doubt| self.doubt_text(plan, node, seen.row, *doubt, when))
                .collect();
            let settle: Vec<String> = doubts
                .iter()
                .map(|doubt| match self.half_life_doubt(plan, seen.row, *doubt) {
                    Some(half_life) => half_life.settle,
                    None if *doubt == Doubt::Exception
                        && self.exception_by_name(plan, node, seen.row).is_some() =>
                    {
                        format!("{} of {here}", missing_word(Doubt::Name, seen.row))
                    }
                    None => format!("{} of {here}", missing_word(*doubt, seen.row)),
                })
                .collect();
            let record = match seen.row.fields {
                Fields::Result(_) => text,
                _ => format!("{name} {text}"),
            };
            return Telling::because(format!(
                "it is not certain that {record} counts: {}",
                listed(&what)
            ))
            .settled_by(listed(&settle));
        }
        if let Some(row) = set_aside.first() {
            return Telling::because(self.set_aside_text(row))
                .settled_by(format!("a correction of {}", place(self.chart, row.at)));
        }
        match gap {
            _ if plan.table == FactTable::Results => self.not_measured(plan, when, gap),
            Some(gap) => Telling::because(format!("no {name} {when}, but {gap}"))
                .settled_by(format!("a complete record of {name} {when}")),
            None => Telling::because(format!("it is not certain whether there was {name} {when}"))
                .settled_by(format!("a complete record of {name} {when}")),
        }
    }

    /// What is not certain about a row.
    fn doubt_text(
        &self,
        plan: &FactPlan,
        node: NodeId,
        row: &Row<'_>,
        doubt: Doubt,
        when: &str,
    ) -> String {
        if let Some(half_life) = self.half_life_doubt(plan, row, doubt) {
            return half_life.because;
        }
        match doubt {
            Doubt::Name => self.name_text(row, self.fact_name(plan).as_str()),
            Doubt::Time => match (row.begin, row.end) {
                (None, _) => format!("it has no date, so it may not have been {when}"),
                (_, End::At(end)) if end.latest().is_none() => {
                    format!("whether it is over is not recorded, so it may not have been {when}")
                }
                (_, End::Sometime) => {
                    format!("it is over since an unknown time, so it may not have been {when}")
                }
                _ => format!("its dates do not tell whether it was {when}"),
            },
            Doubt::Field(field) => self.field_doubt(row, field),
            Doubt::Grade => "its grade is not recorded".to_owned(),
            Doubt::Sample => "whether its sample may be used is not certain".to_owned(),
            Doubt::Value(_) => "its value does not tell".to_owned(),
            Doubt::Line => "its line of treatment is not recorded".to_owned(),
            Doubt::Dose => {
                let fault = match self.program.step(node) {
                    Step::Fact(step) => step.filters.iter().find_map(|filter| match filter {
                        FilterStep::Dose(dose) => self.daily_dose(row, dose).err(),
                        _ => None,
                    }),
                    _ => None,
                };
                fault.map_or_else(
                    || "its daily dose is not certain".to_owned(),
                    |fault| fault.sentence().to_owned(),
                )
            }
            Doubt::Steady => {
                let steady = plan.filters.iter().find_map(|filter| match filter {
                    FilterPlan::Steady(steady) => Some(steady),
                    _ => None,
                });
                let window = self.phrase(steady.map(|steady| &steady.window));
                if steady.is_some_and(|steady| steady.may_fall) {
                    format!("whether its dose rose {window} is not certain")
                } else {
                    format!("whether its dose changed {window} is not certain")
                }
            }
            Doubt::Length => "how long it lasted is not certain".to_owned(),
            Doubt::Edge(edge) => self.edge_doubt(plan, row, edge),
            Doubt::Over => "for how long it has been over is not certain".to_owned(),
            Doubt::Investigational => "whether it is investigational is not recorded".to_owned(),
            Doubt::Provisional => "the diagnosis is not settled yet".to_owned(),
            Doubt::Exception if self.exception_by_name(plan, node, row).is_some() => {
                let set = self.exception_by_name(plan, node, row).unwrap_or_default();
                self.name_text(row, &set)
            }
            Doubt::Exception => {
                let lengths: Vec<String> = plan
                    .exceptions
                    .iter()
                    .filter_map(|(_, disease_free)| *disease_free)
                    .map(lasting)
                    .collect();
                format!(
                    "whether it has been over for {} is not certain",
                    lengths.join(" or ")
                )
            }
        }
    }

    /// A record under a name that stands for more than a set holds.
    pub(crate) fn name_text(&self, row: &Row<'_>, set: &str) -> String {
        let name = self.context.dictionary.meant(row.code);
        format!("`{name}` may stand for {set} or for something else")
    }

    /// The members that do not count of which a row may be one, going by its name.
    fn exception_by_name(&self, plan: &FactPlan, node: NodeId, row: &Row<'_>) -> Option<String> {
        let Step::Fact(step) = self.program.step(node) else {
            return None;
        };
        let mut exceptions = plan.exceptions.iter().zip(&step.exceptions);
        let (set, _) = exceptions
            .find(|(_, concept)| self.has_code(row.code, **concept) == Tri::Maybe)?
            .0;
        let set = self.program.protocol().sets.get(set.index())?;
        Some(spoken(&set.name))
    }

    fn count_telling(
        &self,
        frequency: Frequency,
        name: &str,
        when: &str,
        (least, most): (u64, Option<u64>),
        seen: &[Seen<'_, 'c>],
        exists: Truth,
    ) -> Telling {
        let number = match most {
            Some(most) if most == least => format!("{least}"),
            Some(most) => format!("between {least} and {most}"),
            None => format!("at least {least}"),
        };
        let (different, apart) = match frequency.counted {
            Counted::Records => ("", String::new()),
            Counted::Different => ("different ", String::new()),
            Counted::Consecutive => ("consecutive ", String::new()),
            Counted::Lines => ("lines of ", String::new()),
            Counted::Apart(length) => ("", format!(", {} apart", lasting(length))),
        };
        let asked = match frequency.quantifier {
            Quantifier::AtMost(n) => format!("at most {n}"),
            Quantifier::Exactly(n) => format!("exactly {n}"),
            Quantifier::AtLeast(n) => format!("at least {n}"),
            Quantifier::All | Quantifier::Any | Quantifier::None => "at least 1".to_owned(),
        };
        let verdict = match exists {
            Truth::True => "as asked",
            Truth::False | Truth::NotApplicable => "not as asked",
            Truth::Open(_) => "which does not tell",
        };
        let rows: Vec<String> = seen
            .iter()
            .filter(|seen| seen.truth() != Truth::False)
            .map(|seen| self.row(seen.row))
            .collect();
        let rows = if rows.is_empty() {
            String::new()
        } else {
            format!(": {}", listed(&rows))
        };
        Telling::because(format!(
            "{number} {different}{name} {when}{apart}, {verdict} ({asked}){rows}"
        ))
        .settled_by(format!("the exact dates of {name}"))
    }

    fn total_telling(
        &self,
        plan: &FactPlan,
        name: &str,
        least: i64,
        most: i64,
        exists: Truth,
    ) -> Telling {
        let asked: Vec<String> = plan
            .filters
            .iter()
            .filter_map(|filter| match filter {
                FilterPlan::InTotal(length) => Some(lasting(*length)),
                _ => None,
            })
            .collect();
        let asked = asked.join(" and ");
        let days = |days: i64| counted(usize::try_from(days).unwrap_or(usize::MAX), "day");
        let sum = if least == most || most == i64::MAX {
            days(least)
        } else {
            format!("between {least} and {}", days(most))
        };
        let verdict = match exists {
            Truth::True => format!("which is {asked}"),
            Truth::False | Truth::NotApplicable => format!("which is not {asked}"),
            Truth::Open(_) => format!("which may or may not be {asked}"),
        };
        Telling::because(format!(
            "{name} for {sum} in total by {}, {verdict}",
            self.time
        ))
        .settled_by(format!("the exact dates of {name}"))
    }

    /// Why the daily dose of a row that may count is not known.
    fn dose_not_known(&self, node: NodeId, seen: &[Seen<'_, 'c>]) -> Option<String> {
        let Step::Fact(step) = self.program.step(node) else {
            return None;
        };
        let dose = step.filters.iter().find_map(|filter| match filter {
            FilterStep::Dose(dose) => Some(dose),
            _ => None,
        })?;
        seen.iter()
            .filter(|seen| seen.membership != Tri::No)
            .find_map(|seen| {
                let fault = self.daily_dose(seen.row, dose).err()?;
                Some(format!("{}: {}", self.row(seen.row), fault.sentence()))
            })
    }

    /// A row with its dose, where the dose is what is asked.
    fn row_with_dose(&self, row: &Row<'_>) -> String {
        let text = self.row(row);
        let Fields::Treatment(treatment) = row.fields else {
            return text;
        };
        let dose = treatment.dose.map_or_else(
            || "dose not recorded".to_owned(),
            |dose| {
                let unit = treatment.unit.and_then(|unit| self.context.units.get(unit));
                let mut said = unit.map_or_else(
                    || dose.to_string(),
                    |unit| quantity(&dose.to_string(), unit),
                );
                if let Some(frequency) = treatment.frequency {
                    said.push(' ');
                    said.push_str(&spoken(self.context.symbols.text(frequency)));
                }
                said
            },
        );
        format!("{text} ({dose})")
    }

    /// The doses of all rows together, on the day that decides.
    fn total_dose_telling(
        &self,
        plan: &FactPlan,
        node: NodeId,
        name: &str,
        notes: &[&Note<'c>],
        seen: &[Seen<'_, 'c>],
        exists: Truth,
    ) -> Option<Telling> {
        let (interval, unit) = plan.filters.iter().find_map(|filter| match filter {
            FilterPlan::TotalDose { interval, unit, .. } => Some((interval, unit)),
            _ => None,
        })?;
        let wanted = match exists {
            Truth::True => Tri::Yes,
            Truth::False | Truth::NotApplicable => Tri::No,
            Truth::Open(_) => Tri::Maybe,
        };
        // The highest sum of the days that speak for the outcome.
        let mut told: Option<(i64, i64, &Exact, Option<&Exact>)> = None;
        for note in notes {
            if let Note::TotalDose {
                from,
                to,
                least,
                most,
                outcome,
            } = note
                && *outcome == wanted
                && told.is_none_or(|(_, _, other, _)| least > other)
            {
                told = Some((*from, *to, least, most.as_ref()));
            }
        }
        let (from, to, least, most) = told?;
        let with_unit = |dose: &Exact| quantity(&number(dose), unit);
        if wanted == Tri::No && most.is_some_and(Exact::is_zero) {
            return None;
        }
        let fault = self.dose_not_known(node, seen);
        if let (Tri::Maybe, None, Some(fault)) = (wanted, most, fault) {
            return Some(
                Telling::because(format!("the dose of {name} cannot be added up: {fault}"))
                    .settled_by(format!("the dates and doses of every {name}")),
            );
        }
        let sum = match most {
            Some(most) if most == least => with_unit(least),
            Some(most) => format!("between {} and {}", number(least), with_unit(most)),
            None => format!("at least {}", with_unit(least)),
        };
        let days = if from == to {
            format!("on {}", View::day_text(from))
        } else {
            format!(
                "on the days from {} to {}",
                View::day_text(from),
                View::day_text(to)
            )
        };
        let verdict = match wanted {
            Tri::Yes => "which is",
            Tri::No => "which is not",
            Tri::Maybe => "which may or may not be",
        };
        Some(
            Telling::because(format!(
                "{name}: {sum} together {days}, {verdict} {}",
                asked(interval, &with_unit)
            ))
            .settled_by(format!("the dates and doses of every {name}")),
        )
    }

    fn facts_used(&self, seen: &[Seen<'_, 'c>], set_aside: &[&SetAside]) -> Vec<FactUsed> {
        let mut facts: Vec<FactUsed> = Vec::new();
        let rows = seen
            .iter()
            .filter(|seen| seen.membership != Tri::No)
            .chain(seen.iter().filter(|seen| seen.membership == Tri::No))
            .map(|seen| used(self.chart, self.row(seen.row), seen.row.at));
        let lost = set_aside
            .iter()
            .map(|row| used(self.chart, self.set_aside_text(row), row.at));
        for fact in lost.chain(rows) {
            if facts.len() < MOST_FACTS && !facts.contains(&fact) {
                facts.push(fact);
            }
        }
        facts
    }

    /// Whether what is decided of a row hangs on the rule for month ends.
    fn is_boundary_sensitive(&self, plan: &FactPlan, row: &Row<'_>) -> bool {
        let extent = self.extent(row);
        let gate = self.gate_moment();
        let end = match row.end {
            End::At(end) => Some(end),
            End::AtOnce => row.begin,
            End::Ongoing | End::Sometime => None,
        };
        let by_window = plan.tense == Tense::During
            && self.boundary_sensitive_for_lasting(
                plan.window.as_ref(),
                row.begin.as_ref(),
                end.as_ref(),
            );
        let differs =
            |of: &dyn Fn(MonthEnd) -> Tri| of(MonthEnd::LastDay) != of(MonthEnd::NextFirst);
        let by_length = plan.filters.iter().any(|filter| match filter {
            FilterPlan::Lasting(length) => differs(&|rule| lasted(&extent, *length, gate, rule)),
            FilterPlan::DiseaseFree(length) => {
                differs(&|rule| over_for(&extent, *length, gate, rule))
            }
            FilterPlan::Edge(edge, window) => {
                let at = match edge {
                    RecordEdge::Begin => row.begin.as_ref(),
                    RecordEdge::End => end.as_ref(),
                };
                self.boundary_sensitive(Some(window), at)
            }
            _ => false,
        });
        let by_exception = plan
            .exceptions
            .iter()
            .filter_map(|(_, disease_free): &(_, Option<Lasting>)| *disease_free)
            .any(|length| differs(&|rule| over_for(&extent, length, gate, rule)));
        by_window || by_length || by_exception
    }
}

/// Whether it is not certain of some row that it counts.
fn doubtful(seen: &[Seen<'_, '_>]) -> bool {
    seen.iter().any(|seen| seen.truth().is_open())
}

/// The steady dose that is asked, if nothing else keeps a row from counting.
fn unsteady<'p>(plan: &'p FactPlan, seen: &[Seen<'_, '_>]) -> Option<&'p Steady> {
    let alone = |seen: &Seen<'_, '_>| {
        let mut against = seen.doubts.iter().filter(|(_, one)| *one == Tri::No);
        against.all(|(doubt, _)| *doubt == Doubt::Steady)
    };
    let mut filters = plan.filters.iter();
    filters
        .find_map(|filter| match filter {
            FilterPlan::Steady(steady) => Some(steady),
            _ => None,
        })
        .filter(|_| seen.iter().any(alone))
}

/// What would have to be known.
fn missing_word(doubt: Doubt, row: &Row<'_>) -> String {
    match doubt {
        Doubt::Name => "the code".to_owned(),
        Doubt::Time if row.begin.is_none() => "the date".to_owned(),
        Doubt::Edge(RecordEdge::Begin) => "the date on which it began".to_owned(),
        Doubt::Edge(RecordEdge::End) => "the date on which it ended".to_owned(),
        Doubt::Time | Doubt::Length | Doubt::Over | Doubt::Exception => {
            "the exact dates".to_owned()
        }
        Doubt::Field(field) => format!("the {}", field.words()),
        Doubt::Line => "the line of treatment".to_owned(),
        Doubt::Grade => "the grade".to_owned(),
        Doubt::Dose => "the daily dose".to_owned(),
        Doubt::Sample => "what was given around the sample".to_owned(),
        Doubt::Value(_) => "the value".to_owned(),
        Doubt::Steady => "the dates and doses".to_owned(),
        Doubt::Investigational => "whether it is investigational".to_owned(),
        Doubt::Provisional => "whether the diagnosis stands".to_owned(),
    }
}
