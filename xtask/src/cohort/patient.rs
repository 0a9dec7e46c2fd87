//! A patient: rows of tables, and what is expected.

use super::expected::{Expectation, Outcome, Question};
use super::tables::Table;

/// A row of a table.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) table: Table,
    fields: Vec<(&'static str, &'static str)>,
}

impl Row {
    fn new(table: Table, about: &'static str) -> Self {
        Self {
            table,
            fields: vec![(table.about(), about)],
        }
    }

    /// The text of a column; blank if nothing was set.
    pub(super) fn get(&self, column: &str) -> &'static str {
        self.fields
            .iter()
            .rev()
            .find(|(name, _)| *name == column)
            .map_or("", |(_, text)| text)
    }

    /// The same row with a column set.
    pub(super) fn set(mut self, column: &'static str, text: &'static str) -> Self {
        self.fields.push((column, text));
        self
    }

    fn is_about(&self, table: Table, about: &str) -> bool {
        self.table == table && self.get(table.about()) == about
    }
}

/// A number that was measured.
pub(super) fn value(
    code: &'static str,
    time: &'static str,
    value: &'static str,
    unit: &'static str,
) -> Row {
    Row::new(Table::Observations, code)
        .set("time", time)
        .set("value", value)
        .set("unit", unit)
}

/// A result in words.
pub(super) fn result(code: &'static str, time: &'static str, result: &'static str) -> Row {
    Row::new(Table::Observations, code)
        .set("time", time)
        .set("result", result)
}

/// A disease that is still there.
pub(super) fn condition(code: &'static str, onset: &'static str) -> Row {
    Row::new(Table::Conditions, code)
        .set("onset", onset)
        .set("status", "active")
}

/// A disease that is over since a day; a blank one if nobody wrote it down.
pub(super) fn past_condition(
    code: &'static str,
    onset: &'static str,
    abatement: &'static str,
) -> Row {
    Row::new(Table::Conditions, code)
        .set("onset", onset)
        .set("abatement", abatement)
        .set("status", "resolved")
}

/// A licensed drug from one day to another; a blank end if it is still given.
pub(super) fn treatment(code: &'static str, start: &'static str, end: &'static str) -> Row {
    Row::new(Table::Treatments, code)
        .set("start", start)
        .set("end", end)
        .set("investigational", "no")
}

/// An operation or a cell therapy.
pub(super) fn procedure(code: &'static str, time: &'static str) -> Row {
    Row::new(Table::Procedures, code).set("time", time)
}

/// An allergy.
pub(super) fn allergy(code: &'static str, severity: &'static str, onset: &'static str) -> Row {
    Row::new(Table::Allergies, code)
        .set("severity", severity)
        .set("onset", onset)
}

/// An answer to a question of the protocol.
pub(super) fn answer(item: &'static str, answer: &'static str, time: &'static str) -> Row {
    Row::new(Table::Attestations, item)
        .set("answer", answer)
        .set("time", time)
}

/// A milestone that was reached.
pub(super) fn milestone(name: &'static str, time: &'static str) -> Row {
    Row::new(Table::Milestones, name).set("time", time)
}

/// The gate at which every patient is asked: all criteria are due by then.
pub(super) const LAST_GATE: &str = "ld_start";

/// An invented patient.
#[derive(Clone, Debug)]
pub(super) struct Patient {
    pub(super) id: &'static str,
    pub(super) sex: &'static str,
    pub(super) birth_date: &'static str,
    pub(super) rows: Vec<Row>,
    pub(super) expected: Vec<Expectation>,
    question: Question,
}

impl Patient {
    /// Somebody of whom nothing is known yet.
    pub(super) fn new(id: &'static str, sex: &'static str, birth_date: &'static str) -> Self {
        Self {
            id,
            sex,
            birth_date,
            rows: Vec::new(),
            expected: Vec::new(),
            question: Question {
                reading: "",
                gate: LAST_GATE,
            },
        }
    }

    /// The same patient, recorded with another sex.
    pub(super) fn sex(mut self, sex: &'static str) -> Self {
        self.sex = sex;
        self
    }

    /// The same patient, born on another day, or in another month or year.
    pub(super) fn born(mut self, birth_date: &'static str) -> Self {
        self.birth_date = birth_date;
        self
    }

    /// A row more.
    pub(super) fn with(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }

    fn without(mut self, table: Table, about: &str) -> Self {
        self.rows.retain(|row| !row.is_about(table, about));
        self
    }

    /// A row in place of all that are about the same.
    pub(super) fn only(self, row: Row) -> Self {
        let about = row.get(row.table.about());
        self.without(row.table, about).with(row)
    }

    /// Whatever happened at one time happened at another.
    pub(super) fn retimed(mut self, from: &str, to: &'static str) -> Self {
        for row in &mut self.rows {
            if row.get("time") == from {
                row.fields.push(("time", to));
            }
        }
        self
    }

    /// Without any observation of this code.
    pub(super) fn not_measured(self, code: &str) -> Self {
        self.without(Table::Observations, code)
    }

    /// Without the observation of this code at this time.
    pub(super) fn not_measured_at(mut self, code: &str, time: &str) -> Self {
        self.rows
            .retain(|row| !(row.is_about(Table::Observations, code) && row.get("time") == time));
        self
    }

    /// Without this diagnosis.
    pub(super) fn without_condition(self, code: &str) -> Self {
        self.without(Table::Conditions, code)
    }

    /// Without this drug.
    pub(super) fn without_treatment(self, code: &str) -> Self {
        self.without(Table::Treatments, code)
    }

    /// Nobody has answered this question.
    pub(super) fn unanswered(self, item: &str) -> Self {
        self.without(Table::Attestations, item)
    }

    /// Without these milestones.
    pub(super) fn not_reached(self, milestones: &[&str]) -> Self {
        milestones.iter().fold(self, |patient, milestone| {
            patient.without(Table::Milestones, milestone)
        })
    }

    /// From here on: what is expected under one other reading.
    pub(super) fn under(mut self, reading: &'static str) -> Self {
        self.question = Question {
            reading,
            gate: LAST_GATE,
        };
        self
    }

    /// From here on: what is expected when the patient is asked about at another gate.
    pub(super) fn asked_at(mut self, gate: &'static str) -> Self {
        self.question = Question { reading: "", gate };
        self
    }

    fn expect(mut self, part: &'static str, outcome: Outcome, why: &'static str) -> Self {
        self.expected.push(Expectation {
            question: self.question,
            part,
            outcome,
            why,
        });
        self
    }

    /// What the criterion states is so; of an exclusion, the excluded state.
    pub(super) fn met(self, part: &'static str, why: &'static str) -> Self {
        self.expect(part, Outcome::Met, why)
    }

    /// What the criterion states is not so.
    pub(super) fn not_met(self, part: &'static str, why: &'static str) -> Self {
        self.expect(part, Outcome::NotMet, why)
    }

    /// The data do not tell.
    pub(super) fn unknown(self, part: &'static str, why: &'static str) -> Self {
        self.expect(part, Outcome::Unknown, why)
    }

    /// A person must answer.
    pub(super) fn needs_judgement(self, part: &'static str, why: &'static str) -> Self {
        self.expect(part, Outcome::NeedsJudgement, why)
    }

    /// The criterion is not about such a patient.
    pub(super) fn not_applicable(self, part: &'static str, why: &'static str) -> Self {
        self.expect(part, Outcome::NotApplicable, why)
    }

    /// The gate has not been reached.
    pub(super) fn pending(self, part: &'static str, why: &'static str) -> Self {
        self.expect(part, Outcome::Pending, why)
    }
}
