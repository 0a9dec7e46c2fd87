//! One row for each patient and criterion.

use lind_model::Plan;

use crate::names;
use crate::screen::Screened;

const COLUMNS: [&str; 10] = [
    "patient",
    "gate",
    "verdict",
    "criterion",
    "kind",
    "outcome",
    "effect",
    "due",
    "decided_at",
    "reason",
];

/// The header: patient, gate, verdict of the patient; criterion, its kind, outcome, effect, whether it is
/// due, the gate at which it is decided, and the reason if it does not pass.
#[must_use]
pub fn csv_header() -> String {
    rows([COLUMNS.map(str::to_owned)])
}

/// A row for each criterion of a patient.
///
/// A cell that a spreadsheet would take for a formula begins with an apostrophe.
#[must_use]
pub fn csv_rows(plan: &Plan, screened: &Screened) -> String {
    let asked = screened.verdict.gate;
    let gate = names::milestone(plan, asked);
    rows(screened.verdict.criteria.iter().filter_map(|verdict| {
        let criterion = names::criterion(plan, verdict.criterion)?;
        let decided_at = names::gate_of(plan, verdict.criterion, asked)
            .map_or("", |gate| names::milestone(plan, gate));
        Some(
            [
                &*screened.patient,
                gate,
                screened.verdict.standing.word(),
                &criterion.id,
                names::kind(criterion.kind),
                verdict.outcome.word(),
                verdict.effect.word(),
                if verdict.due { "yes" } else { "no" },
                decided_at,
                screened.reason(verdict.criterion).unwrap_or_default(),
            ]
            .map(guarded),
        )
    }))
}

/// What a spreadsheet shows instead of running it.
fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// A row of any table. A cell that a spreadsheet would take for a formula begins with an apostrophe.
///
/// ```
/// assert_eq!(lind_report::csv_row(["P07", "=1+1", "a,b"]), "P07,'=1+1,\"a,b\"\n");
/// ```
#[must_use]
pub fn csv_row<const N: usize>(cells: [&str; N]) -> String {
    rows([cells.map(guarded)])
}

fn rows<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        // Writing to memory cannot fail, and every row has as many cells as the header.
        let _ = writer.write_record(row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn formulas_are_guarded() {
        assert_eq!(super::guarded("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(super::guarded("-1"), "'-1");
        assert_eq!(super::guarded("P07"), "P07");
    }
}
