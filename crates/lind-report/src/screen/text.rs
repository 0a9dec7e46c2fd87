//! A table for people.

use lind_model::Plan;

use crate::columns::{left, width, wrap};
use crate::names;
use crate::plain::one_line;
use crate::screen::Screened;
use crate::style::Style;

/// The narrowest column in which a reason can be read.
const NARROWEST_REASON: usize = 28;
/// Where reasons begin that stand below the other columns.
const BELOW: usize = 4;
/// `undetermined`
const STANDING: usize = 12;
const GAP: &str = "  ";

/// A table of patients that is written row by row, so that it never has to be held as a whole.
///
/// The first patients set the width of the first column; a longer name later keeps its row whole and is
/// followed by the rest on the next line.
#[derive(Clone, Copy, Debug)]
pub struct TextTable {
    style: Style,
    patient: usize,
    gate: usize,
    /// Where reasons begin.
    reason: usize,
}

impl TextTable {
    /// The layout for a plan, from the names of the first patients.
    #[must_use]
    pub fn new<'p>(
        plan: &Plan,
        first_patients: impl IntoIterator<Item = &'p str>,
        style: Style,
    ) -> Self {
        let widest = first_patients
            .into_iter()
            .map(|patient| width(&one_line(patient)))
            .max()
            .unwrap_or(0)
            .max("patient".len());
        let gates = plan
            .gates
            .iter()
            .map(|gate| width(names::milestone(plan, *gate)));
        let gate = gates.max().unwrap_or(0).max("gate".len());
        let others = gate + STANDING + 2 * GAP.len();
        let beside = widest + others + GAP.len();
        // Where too little is left beside the other columns, reasons go below them.
        let (patient, reason) = if beside + NARROWEST_REASON <= style.columns() {
            (widest, beside)
        } else {
            let left = style.columns().saturating_sub(others);
            (widest.min(left), BELOW)
        };
        Self {
            style,
            patient,
            gate,
            reason,
        }
    }

    /// What stands above a table: what it is about, and what is to be said of the run.
    #[must_use]
    pub fn title(title: &str, said: &str, style: Style) -> String {
        let mut text = String::new();
        for line in wrap(&one_line(title), style.columns()) {
            text.push_str(&style.bold(&line));
            text.push('\n');
        }
        for line in wrap(&one_line(said), style.columns()) {
            text.push_str(&line);
            text.push('\n');
        }
        text.push('\n');
        text
    }

    fn has_reason_below(&self) -> bool {
        self.reason == BELOW
    }

    /// The line above the rows.
    #[must_use]
    pub fn head(&self) -> String {
        let mut head = format!(
            "{}{GAP}{}{GAP}{}",
            left("patient", self.patient),
            left("gate", self.gate),
            left("standing", STANDING),
        );
        if !self.has_reason_below() {
            head.push_str(GAP);
            head.push_str("decided by");
        }
        format!("{}\n", self.style.bold(head.trim_end()))
    }

    /// The row of a patient, which may take several lines.
    #[must_use]
    pub fn row(&self, plan: &Plan, screened: &Screened) -> String {
        let patient = one_line(&screened.patient);
        let mut row = left(&patient, self.patient);
        if width(&patient) > self.patient {
            row.push('\n');
            row.push_str(&" ".repeat(self.patient));
        }
        let standing = screened.verdict.standing;
        let reason = one_line(&screened.decided_by(plan));
        // Blanks at the end of a line help nobody.
        let word = if reason.is_empty() || self.has_reason_below() {
            standing.word().to_owned()
        } else {
            left(standing.word(), STANDING)
        };
        let gate = left(names::milestone(plan, screened.verdict.gate), self.gate);
        row.push_str(&format!(
            "{GAP}{gate}{GAP}{}",
            self.style.standing(standing, &word)
        ));
        if reason.is_empty() {
            row.push('\n');
            return row;
        }
        let lines = wrap(&reason, self.style.columns().saturating_sub(self.reason));
        let mut lines = lines.iter();
        if !self.has_reason_below() {
            row.push_str(GAP);
            row.push_str(lines.next().map_or("", String::as_str));
        }
        for line in lines {
            row.push('\n');
            row.push_str(&" ".repeat(self.reason));
            row.push_str(line);
        }
        row.push('\n');
        row
    }
}
