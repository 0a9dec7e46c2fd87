//! What tests would notice, for people.

use lind_model::cases::Fate;

use crate::cases::text::hanging;
use crate::cases::{TestReport, per_cent};
use crate::columns::cut;
use crate::plain::one_line;
use crate::style::Style;

/// The widest that a condition is quoted.
const WIDEST: usize = 60;

/// The mutations that no test notices, with their lines, and how many of all are noticed.
#[must_use]
pub fn mutants_text(report: &TestReport<'_>, style: Style) -> String {
    let Some(mutants) = report.mutants else {
        return String::new();
    };
    let mut text = String::new();
    let mut last = None;
    for mutant in mutants
        .iter()
        .filter(|mutant| mutant.fate == Fate::Survived)
    {
        if last != Some(mutant.span) {
            last = Some(mutant.span);
            let quoted = cut(&one_line(report.files.slice(mutant.span)), WIDEST);
            let said = format!(
                "{}: no test notices, in `{quoted}`:",
                report.place(mutant.span)
            );
            hanging(&mut text, "", "  ", &said, style);
        }
        hanging(&mut text, "  ", "    ", &one_line(&mutant.change), style);
    }
    let count =
        |wanted: fn(Fate) -> bool| mutants.iter().filter(|mutant| wanted(mutant.fate)).count();
    let killed = count(|fate| matches!(fate, Fate::Killed(_)));
    let survived = count(|fate| fate == Fate::Survived);
    let equivalent = count(|fate| fate == Fate::Equivalent);
    text.push_str(&format!(
        "mutations: {killed} of {} are noticed ({} %)",
        killed + survived,
        per_cent(killed, killed + survived)
    ));
    if equivalent > 0 {
        let verb = if equivalent == 1 { "means" } else { "mean" };
        text.push_str(&format!(
            "; {equivalent} more {verb} the same as the protocol"
        ));
    }
    text.push('\n');
    text
}
