//! From the cells of a row to a row of the chart.

use lind_time::When;

use crate::cells::Reading;
use crate::chart::{
    AdverseEvent, Allergy, Assignment, Attestation, Condition, Fact, MilestoneRow, Observation,
    Procedure, Treatment, VisitRow,
};
use crate::defect::Defect;
use crate::place::Provenance;
use crate::words::{Comparator, Outcome, Severity};
use crate::{CodeId, Table, rules};

/// A kind of row that can be read from a table.
pub(crate) trait Decode: Fact + Sized {
    /// Which table.
    const TABLE: Table;
    /// The column of the time when it was, or began.
    const TIME: usize;
    /// The column in which a row can be marked as taken back.
    const STATUS: usize = Self::TABLE.column("status");

    /// Reads the row, but for its code and its time.
    fn decode(
        code: CodeId,
        time: Option<When>,
        at: Provenance,
        row: &mut Reading<'_, '_>,
    ) -> Result<Self, Defect>;
}

impl Decode for MilestoneRow {
    const TABLE: Table = Table::Milestones;
    const TIME: usize = Self::TABLE.column("time");

    fn decode(
        code: CodeId,
        time: Option<When>,
        at: Provenance,
        row: &mut Reading<'_, '_>,
    ) -> Result<Self, Defect> {
        Ok(MilestoneRow {
            code,
            time: match time {
                Some(time) => time,
                None => row.needed_time(Self::TIME)?,
            },
            at,
        })
    }
}

impl Decode for Observation {
    const TABLE: Table = Table::Observations;
    const TIME: usize = Self::TABLE.column("time");

    fn decode(
        code: CodeId,
        time: Option<When>,
        at: Provenance,
        row: &mut Reading<'_, '_>,
    ) -> Result<Self, Defect> {
        const VALUE: usize = Observation::TABLE.column("value");
        const UNIT: usize = Observation::TABLE.column("unit");
        const COMPARATOR: usize = Observation::TABLE.column("comparator");
        const LOW: usize = Observation::TABLE.column("low");
        const HIGH: usize = Observation::TABLE.column("high");
        const RESULT: usize = Observation::TABLE.column("result");
        const SPECIMEN: usize = Observation::TABLE.column("specimen");
        const METHOD: usize = Observation::TABLE.column("method");
        const SOURCE: usize = Observation::TABLE.column("source");
        const BODY_SITE: usize = Observation::TABLE.column("body_site");

        row.final_status(Self::STATUS)?;
        // A titre is written as the dilution, where the value or where the result stands.
        let titre = row.titre(VALUE);
        let (stated, to) = match titre {
            Some(_) => (None, None),
            None => row.number_or_range(VALUE, COMPARATOR)?,
        };
        let titre = titre.or_else(|| row.titre(RESULT).filter(|_| stated.is_none()));
        let unit = match titre {
            Some(_) if row.is_empty(UNIT) => row.unit_of_titres(),
            _ => row.unit(UNIT, titre.is_some() || stated.is_some())?,
        };
        let limits = (row.number(LOW)?, row.number(HIGH)?);
        let (low, high) = match (titre.or(stated), limits) {
            (Some(_), (None, None)) => row.limits(HIGH, unit),
            _ => limits,
        };
        let value = titre.or(stated);
        let comparator = match to {
            Some(_) => Some(Comparator::AtLeast),
            None => row.comparator(COMPARATOR)?,
        };
        if let (Some(low), Some(high)) = (&low, &high)
            && low.compare_value(high).is_gt()
        {
            return Err(Defect::new(
                &rules::D0743_LIMITS_SWAPPED,
                LOW,
                format!("the lower limit {low} is above the upper limit {high}"),
            ));
        }
        if comparator.is_some() && value.is_none() {
            return Err(Defect::new(
                &rules::D0744_COMPARATOR_WITHOUT_VALUE,
                COMPARATOR,
                "a comparator stands here and `value` is empty".to_owned(),
            ));
        }
        Ok(Observation {
            code,
            time,
            value,
            unit,
            comparator,
            to,
            low,
            high,
            result: row.symbol(RESULT),
            specimen: row.symbol(SPECIMEN),
            method: row.symbol(METHOD),
            source: row.symbol(SOURCE),
            body_site: row.symbol(BODY_SITE),
            at,
        })
    }
}

impl Decode for Condition {
    const TABLE: Table = Table::Conditions;
    const TIME: usize = Self::TABLE.column("onset");

    fn decode(
        code: CodeId,
        time: Option<When>,
        at: Provenance,
        row: &mut Reading<'_, '_>,
    ) -> Result<Self, Defect> {
        const ABATEMENT: usize = Condition::TABLE.column("abatement");
        const SEVERITY: usize = Condition::TABLE.column("severity");
        const BODY_SITE: usize = Condition::TABLE.column("body_site");

        let (status, provisional) = row.status_of_condition(Self::STATUS)?;
        Ok(Condition {
            code,
            onset: time,
            abatement: row.end(ABATEMENT, time)?,
            status,
            provisional,
            severity: row.word(SEVERITY, Severity::WORDS, Severity::from_word)?,
            body_site: row.symbol(BODY_SITE),
            at,
        })
    }
}

impl Decode for Treatment {
    const TABLE: Table = Table::Treatments;
    const TIME: usize = Self::TABLE.column("start");

    fn decode(
        code: CodeId,
        time: Option<When>,
        at: Provenance,
        row: &mut Reading<'_, '_>,
    ) -> Result<Self, Defect> {
        const END: usize = Treatment::TABLE.column("end");
        const DOSE: usize = Treatment::TABLE.column("dose");
        const UNIT: usize = Treatment::TABLE.column("unit");
        const FREQUENCY: usize = Treatment::TABLE.column("frequency");
        const ROUTE: usize = Treatment::TABLE.column("route");
        const INDICATION: usize = Treatment::TABLE.column("indication");
        const OUTCOME: usize = Treatment::TABLE.column("outcome");
        const LINE: usize = Treatment::TABLE.column("line");
        const INVESTIGATIONAL: usize = Treatment::TABLE.column("investigational");

        let end = row.end_of_treatment(END, time)?;
        let dose = row.number(DOSE)?;
        Ok(Treatment {
            code,
            start: time,
            end,
            dose,
            unit: row.unit(UNIT, dose.is_some())?,
            frequency: row.symbol(FREQUENCY),
            route: row.symbol(ROUTE),
            indication: row.symbol(INDICATION),
            outcome: row.word(OUTCOME, Outcome::WORDS, Outcome::from_word)?,
            line: row.line(LINE)?,
            investigational: row.flag(INVESTIGATIONAL)?,
            at,
        })
    }
}

impl Decode for Procedure {
    const TABLE: Table = Table::Procedures;
    const TIME: usize = Self::TABLE.column("time");

    fn decode(
        code: CodeId,
        time: Option<When>,
        at: Provenance,
        row: &mut Reading<'_, '_>,
    ) -> Result<Self, Defect> {
        const BODY_SITE: usize = Procedure::TABLE.column("body_site");

        Ok(Procedure {
            code,
            time,
            body_site: row.symbol(BODY_SITE),
            at,
        })
    }
}

impl Decode for Allergy {
    const TABLE: Table = Table::Allergies;
    const TIME: usize = Self::TABLE.column("onset");

    fn decode(
        code: CodeId,
        time: Option<When>,
        at: Provenance,
        row: &mut Reading<'_, '_>,
    ) -> Result<Self, Defect> {
        const SEVERITY: usize = Allergy::TABLE.column("severity");

        Ok(Allergy {
            code,
            severity: row.word(SEVERITY, Severity::WORDS, Severity::from_word)?,
            onset: time,
            at,
        })
    }
}

impl Decode for AdverseEvent {
    const TABLE: Table = Table::AdverseEvents;
    const TIME: usize = Self::TABLE.column("onset");

    fn decode(
        code: CodeId,
        time: Option<When>,
        at: Provenance,
        row: &mut Reading<'_, '_>,
    ) -> Result<Self, Defect> {
        const SCALE: usize = AdverseEvent::TABLE.column("scale");
        const GRADE: usize = AdverseEvent::TABLE.column("grade");
        const END: usize = AdverseEvent::TABLE.column("end");
        const RELATED: usize = AdverseEvent::TABLE.column("related");
        const SERIOUS: usize = AdverseEvent::TABLE.column("serious");
        const DLT: usize = AdverseEvent::TABLE.column("dlt");

        Ok(AdverseEvent {
            code,
            scale: row.symbol(SCALE),
            grade: row.grade(GRADE)?,
            onset: time,
            end: row.end(END, time)?,
            related: row.symbol(RELATED),
            serious: row.flag(SERIOUS)?,
            dlt: row.flag(DLT)?,
            at,
        })
    }
}

impl Decode for Attestation {
    const TABLE: Table = Table::Attestations;
    const TIME: usize = Self::TABLE.column("time");

    fn decode(
        code: CodeId,
        time: Option<When>,
        at: Provenance,
        row: &mut Reading<'_, '_>,
    ) -> Result<Self, Defect> {
        const ANSWER: usize = Attestation::TABLE.column("answer");
        const BY: usize = Attestation::TABLE.column("by");

        Ok(Attestation {
            code,
            answer: row.answer(ANSWER)?,
            time,
            by: row.symbol(BY),
            at,
        })
    }
}

impl Decode for VisitRow {
    const TABLE: Table = Table::Visits;
    const TIME: usize = Self::TABLE.column("start");

    fn decode(
        code: CodeId,
        time: Option<When>,
        at: Provenance,
        row: &mut Reading<'_, '_>,
    ) -> Result<Self, Defect> {
        const END: usize = VisitRow::TABLE.column("end");

        Ok(VisitRow {
            code,
            start: match time {
                Some(time) => time,
                None => row.needed_time(Self::TIME)?,
            },
            end: row.end(END, time)?,
            at,
        })
    }
}

impl Decode for Assignment {
    const TABLE: Table = Table::Assignments;
    const TIME: usize = Self::TABLE.column("time");

    fn decode(
        code: CodeId,
        time: Option<When>,
        at: Provenance,
        row: &mut Reading<'_, '_>,
    ) -> Result<Self, Defect> {
        const REPLACES: usize = Assignment::TABLE.column("replaces");

        Ok(Assignment {
            code,
            time: match time {
                Some(time) => time,
                None => row.needed_time(Self::TIME)?,
            },
            replaces: row.plain(REPLACES),
            at,
        })
    }
}
