//! Tables for a page.

use lind_model::Plan;

use crate::names;
use crate::plain::one_line;
use crate::screen::{Screened, Tally};

/// The title, what is to be said of the run, and the head of the table of patients.
#[must_use]
pub fn markdown_head(title: &str, said: &str) -> String {
    format!(
        "# {}\n\n{}\n\n| patient | gate | standing | decided by |\n|---|---|---|---|\n",
        escaped(title),
        escaped(said)
    )
}

/// The row of a patient.
#[must_use]
pub fn markdown_row(plan: &Plan, screened: &Screened) -> String {
    row([
        &screened.patient,
        names::milestone(plan, screened.verdict.gate),
        screened.verdict.standing.word(),
        &screened.decided_by(plan),
    ])
}

/// How many stand where, and a table of the criteria that keep somebody out.
#[must_use]
pub fn markdown_tally(plan: &Plan, tally: &Tally) -> String {
    let mut text = format!("\n{}.\n", tally.summary());
    let rows = tally.rows(plan);
    if !rows.is_empty() {
        text.push_str("\n| criterion | fails | alone | open | |\n|---|---:|---:|---:|---|\n");
        for tally in &rows {
            text.push_str(&row([
                &tally.id,
                &tally.fails,
                &tally.alone,
                &tally.open,
                &tally.title,
            ]));
        }
    }
    let caps = tally.caps_in_words(plan);
    if !caps.is_empty() {
        text.push_str("\nEnrolment caps, which change no verdict:\n\n");
        for cap in caps {
            text.push_str(&format!("- {}\n", escaped(&cap)));
        }
    }
    text
}

fn row<const N: usize>(cells: [&str; N]) -> String {
    let cells = cells.map(escaped);
    format!("| {} |\n", cells.join(" | "))
}

/// A text that a page shows as it is: no markup, no link, no end of a cell.
pub(crate) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in one_line(text).chars() {
        match character {
            '<' => shown.push_str("&lt;"),
            '&' => shown.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '[' | ']' => {
                shown.push('\\');
                shown.push(character);
            }
            _ => shown.push(character),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cell_stays_a_cell() {
        assert_eq!(
            super::row(["a|b", "<b>", "x\ny", "[l](u)"]),
            "| a\\|b | &lt;b> | x y | \\[l\\](u) |\n"
        );
    }
}
