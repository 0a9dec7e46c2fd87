//! How many patients stand where, and what keeps them out.

use lind_model::{Effect, Plan, Standing, Truth, Verdict};

use crate::columns::{cut, left, right, width, wrap};
use crate::names::{self, counted};
use crate::plain::one_line;
use crate::style::Style;

/// How many patients stand where, and what keeps them out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many are eligible.
    pub eligible: u64,
    /// How many are ineligible.
    pub ineligible: u64,
    /// How many are undetermined.
    pub undetermined: u64,
    /// For each criterion of the plan.
    pub criteria: Vec<CriterionTally>,
    /// For each enrolment cap of the plan, counted among those who are eligible.
    pub caps: Vec<CapTally>,
}

/// How many of those who are eligible an enrolment cap counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CapTally {
    /// How many it counts.
    pub counted: u64,
    /// Of how many it is not known.
    pub open: u64,
}

/// How many patients a criterion keeps out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CriterionTally {
    /// How many fail it.
    pub fails: u64,
    /// How many fail it and nothing else.
    pub alone: u64,
    /// For how many it is open.
    pub open: u64,
}

impl Tally {
    /// Counts a patient.
    pub fn add(&mut self, verdict: &Verdict) {
        match verdict.standing {
            Standing::Eligible => self.eligible += 1,
            Standing::Ineligible => self.ineligible += 1,
            Standing::Undetermined => self.undetermined += 1,
        }
        if self.criteria.len() < verdict.criteria.len() {
            self.criteria
                .resize(verdict.criteria.len(), CriterionTally::default());
        }
        let due = |effect: Effect| {
            verdict
                .criteria
                .iter()
                .filter(move |criterion| criterion.due && criterion.effect == effect)
        };
        let is_alone = due(Effect::Fail).count() == 1;
        for (tally, criterion) in self.criteria.iter_mut().zip(&verdict.criteria) {
            match criterion.effect {
                Effect::Fail if criterion.due => {
                    tally.fails += 1;
                    tally.alone += u64::from(is_alone);
                }
                Effect::Open if criterion.due => tally.open += 1,
                Effect::Pass | Effect::Fail | Effect::Open => {}
            }
        }
    }

    /// Counts an eligible patient for the enrolment caps: what each of them says of the patient.
    pub fn add_caps(&mut self, caps: &[Truth]) {
        if self.caps.len() < caps.len() {
            self.caps.resize(caps.len(), CapTally::default());
        }
        for (tally, truth) in self.caps.iter_mut().zip(caps) {
            match truth {
                Truth::True => tally.counted += 1,
                Truth::Open(_) => tally.open += 1,
                Truth::False | Truth::NotApplicable => {}
            }
        }
    }

    /// How many of those who are eligible have what an enrolment cap counts, one line each.
    #[must_use]
    pub fn caps_in_words(&self, plan: &Plan) -> Vec<String> {
        let of = counted(self.eligible, "eligible patient", "eligible patients");
        plan.protocol
            .caps
            .iter()
            .enumerate()
            .map(|(place, cap)| {
                let tally = self.caps.get(place).copied().unwrap_or_default();
                let open = match tally.open {
                    0 => String::new(),
                    open => format!(", {open} open"),
                };
                let standing = cap
                    .standing(tally.counted, tally.open, self.eligible)
                    .words();
                format!(
                    "{} {}: {} of {of}{open}, at most {} %, {standing}",
                    one_line(&cap.id),
                    one_line(&cap.title),
                    tally.counted,
                    cap.at_most,
                )
            })
            .collect()
    }

    /// How many patients there are.
    #[must_use]
    pub fn patients(&self) -> u64 {
        self.eligible + self.ineligible + self.undetermined
    }

    /// How many stand where, in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        format!(
            "{}: {} eligible, {} ineligible, {} undetermined",
            counted(self.patients(), "patient", "patients"),
            self.eligible,
            self.ineligible,
            self.undetermined
        )
    }

    /// The counts as text: how many stand where, then each criterion that keeps somebody out.
    #[must_use]
    pub fn to_text(&self, plan: &Plan, style: Style) -> String {
        let mut text = format!("{}\n", self.summary());
        let rows = self.rows(plan);
        if rows.is_empty() {
            text.push_str(&self.caps_below(plan, style));
            return text;
        }
        let widest = rows.iter().map(|row| width(&row.id)).max().unwrap_or(0);
        let first = widest.max("criterion".len());
        let head = format!("{}  fails  alone   open", left("criterion", first));
        text.push('\n');
        text.push_str(&style.bold(&head));
        text.push('\n');
        for row in &rows {
            let numbers = format!(
                "{}  {}  {}  {}",
                left(&row.id, first),
                right(&row.fails, 5),
                right(&row.alone, 5),
                right(&row.open, 5)
            );
            let rest = style.columns().saturating_sub(width(&numbers) + 2);
            let line = format!("{numbers}  {}", cut(&row.title, rest));
            text.push_str(line.trim_end());
            text.push('\n');
        }
        let silent = plan.criteria.len().saturating_sub(rows.len());
        match silent {
            0 => {}
            1 => text.push_str("The other criterion keeps nobody out.\n"),
            _ => text.push_str(&format!("The other {silent} criteria keep nobody out.\n")),
        }
        text.push_str(&self.caps_below(plan, style));
        text
    }

    fn caps_below(&self, plan: &Plan, style: Style) -> String {
        let lines = self.caps_in_words(plan);
        if lines.is_empty() {
            return String::new();
        }
        let mut text = format!(
            "\n{}\n",
            style.bold("enrolment caps, which change no verdict")
        );
        for line in lines {
            for line in wrap(&line, style.columns()) {
                text.push_str(&line);
                text.push('\n');
            }
        }
        text
    }

    /// The criteria that keep somebody out, in the order of the source.
    pub(crate) fn rows(&self, plan: &Plan) -> Vec<TallyRow> {
        let shown = |count: u64| count.to_string();
        self.criteria
            .iter()
            .zip(&plan.criteria)
            .filter(|(tally, _)| tally.fails + tally.open > 0)
            .filter_map(|(tally, criterion)| {
                let criterion = names::criterion(plan, criterion.criterion)?;
                Some(TallyRow {
                    id: one_line(&criterion.id),
                    fails: shown(tally.fails),
                    alone: shown(tally.alone),
                    open: shown(tally.open),
                    title: one_line(&criterion.title),
                })
            })
            .collect()
    }
}

/// A criterion that keeps somebody out.
pub(crate) struct TallyRow {
    pub(crate) id: String,
    pub(crate) fails: String,
    pub(crate) alone: String,
    pub(crate) open: String,
    pub(crate) title: String,
}
