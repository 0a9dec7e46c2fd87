//! The rows of the tables of facts, and results of measures, seen alike: what, from when, until when.

use std::ops::ControlFlow;

use lind_model::plan::ConceptKind;
use lind_model::protocol::{FactField, FactTable};
use lind_records::{
    AdverseEvent, Allergy, Chart, CodeId, Condition, ConditionStatus, Observation, Procedure,
    Provenance, Symbol, Treatment,
};
use lind_time::When;

use crate::moments::{Moment, last_second};
use crate::steps::Source;
use crate::view::View;

/// A row of a table of facts.
#[derive(Clone, Copy)]
pub(crate) struct Row<'c> {
    pub(crate) code: CodeId,
    pub(crate) begin: Option<When>,
    pub(crate) end: End,
    pub(crate) fields: Fields<'c>,
    pub(crate) at: Provenance,
}

/// When a row is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// At this time.
    At(When),
    /// When it begins.
    AtOnce,
    /// It is not over.
    Ongoing,
    /// At an unknown time, not after the horizon.
    Sometime,
}

/// The rest of a row.
#[derive(Clone, Copy)]
pub(crate) enum Fields<'c> {
    Condition(&'c Condition),
    Treatment(&'c Treatment),
    Procedure(&'c Procedure),
    Allergy(&'c Allergy),
    Result(&'c Observation),
    AdverseEvent(&'c AdverseEvent),
}

/// A field of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Field {
    Word(&'static str),
    Symbol(Symbol),
    /// How an event is related to the treatment, in a word of whoever judged it.
    Relation(Symbol),
    Grade(u8),
    Term(CodeId),
    Missing,
}

impl Row<'_> {
    pub(crate) fn field(&self, field: FactField) -> Field {
        let symbol = |symbol: Option<Symbol>| symbol.map_or(Field::Missing, Field::Symbol);
        let word = |word: Option<&'static str>| word.map_or(Field::Missing, Field::Word);
        match (self.fields, field) {
            (Fields::Condition(row), FactField::Severity) => {
                word(row.severity.map(lind_records::Severity::word))
            }
            (Fields::Condition(row), FactField::Status) => {
                word(row.status.map(ConditionStatus::word))
            }
            (Fields::Condition(row), FactField::BodySite) => symbol(row.body_site),
            (Fields::Treatment(row), FactField::Outcome) => {
                word(row.outcome.map(lind_records::Outcome::word))
            }
            (Fields::Treatment(row), FactField::Route) => symbol(row.route),
            (Fields::Treatment(row), FactField::Indication) => symbol(row.indication),
            (Fields::Procedure(row), FactField::BodySite) => symbol(row.body_site),
            (Fields::Allergy(row), FactField::Severity) => {
                word(row.severity.map(lind_records::Severity::word))
            }
            (Fields::Result(row), FactField::BodySite) => symbol(row.body_site),
            (Fields::Result(row), FactField::Source) => symbol(row.source),
            (Fields::Result(row), FactField::Method) => symbol(row.method),
            (Fields::Result(row), FactField::Specimen) => symbol(row.specimen),
            (Fields::AdverseEvent(row), FactField::Scale) => symbol(row.scale),
            (Fields::AdverseEvent(row), FactField::Term) => Field::Term(row.code),
            (Fields::AdverseEvent(row), FactField::Grade) => {
                row.grade.map_or(Field::Missing, Field::Grade)
            }
            (Fields::AdverseEvent(row), FactField::Related) => {
                row.related.map_or(Field::Missing, Field::Relation)
            }
            (Fields::AdverseEvent(row), FactField::Serious) => word(row.serious.map(yes_or_no)),
            (Fields::AdverseEvent(row), FactField::DoseLimiting) => word(row.dlt.map(yes_or_no)),
            _ => Field::Missing,
        }
    }

    /// Whether it is a diagnosis that is not settled yet.
    pub(crate) fn is_provisional(&self) -> bool {
        matches!(self.fields, Fields::Condition(row) if row.provisional)
    }

    /// The line of treatment, 1 for the first.
    pub(crate) fn line(&self) -> Option<u8> {
        match self.fields {
            Fields::Treatment(row) => row.line,
            _ => None,
        }
    }

    /// The grade of an adverse event, 0 to 5.
    pub(crate) fn grade(&self) -> Option<u8> {
        match self.fields {
            Fields::AdverseEvent(row) => row.grade,
            _ => None,
        }
    }

    pub(crate) fn investigational(&self) -> Option<bool> {
        match self.fields {
            Fields::Treatment(row) => row.investigational,
            _ => None,
        }
    }
}

/// From when until when a row lasts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    pub(crate) begin: Moment,
    pub(crate) end: End,
    horizon: Option<When>,
}

impl Extent {
    pub(crate) fn new(begin: Option<When>, end: End, horizon: Option<When>) -> Self {
        Self {
            begin: Moment::of(begin, horizon),
            end,
            horizon,
        }
    }

    /// When it is over, which is not before it begins; none if it is not over.
    pub(crate) fn end(&self) -> Option<Moment> {
        let mut end = match self.end {
            End::At(when) => Moment::at(when),
            End::AtOnce => return Some(self.begin),
            End::Ongoing => return None,
            End::Sometime => Moment {
                first: self.begin.first,
                last: last_second(self.horizon).max(self.begin.first),
                when: None,
            },
        };
        if self.begin.first <= end.last {
            end.first = end.first.max(self.begin.first);
        }
        Some(end)
    }

    pub(crate) const fn horizon(&self) -> Option<When> {
        self.horizon
    }
}

impl<'c> View<'c> {
    pub(crate) fn extent(&self, row: &Row<'_>) -> Extent {
        Extent::new(row.begin, row.end, self.context.horizon)
    }

    /// Visits the rows that count for a source, the earliest first.
    pub(crate) fn rows(
        &self,
        source: Source,
        mut visit: impl FnMut(Row<'c>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let chart: &'c Chart = self.chart;
        match source.facts {
            FactTable::Conditions => chart
                .conditions_of(source.concept)
                .try_for_each(|row| visit(condition(row))),
            FactTable::Treatments => chart
                .treatments_of(source.concept)
                .try_for_each(|row| visit(self.treatment(row))),
            FactTable::Procedures => chart
                .procedures_of(source.concept)
                .try_for_each(|row| visit(procedure(row))),
            FactTable::Allergies => chart
                .allergies_of(source.concept)
                .try_for_each(|row| visit(allergy(row))),
            FactTable::Results => self
                .results(source.concept, source.specimen)
                .try_for_each(|row| visit(result(row))),
            FactTable::AdverseEvents => chart
                .adverse_events_of(source.concept)
                .try_for_each(|row| visit(adverse_event(row))),
        }
    }

    /// The row that a record stands in.
    pub(crate) fn row_of(&self, fields: Fields<'c>) -> Row<'c> {
        match fields {
            Fields::Condition(row) => condition(row),
            Fields::Treatment(row) => self.treatment(row),
            Fields::Procedure(row) => procedure(row),
            Fields::Allergy(row) => allergy(row),
            Fields::Result(row) => result(row),
            Fields::AdverseEvent(row) => adverse_event(row),
        }
    }

    fn treatment(&self, row: &'c Treatment) -> Row<'c> {
        let end = match row.end {
            Some(when) => End::At(when),
            None if self.counts_for(row.code, ConceptKind::GivenOnce) => End::AtOnce,
            None => End::Ongoing,
        };
        Row {
            code: row.code,
            begin: row.start,
            end,
            fields: Fields::Treatment(row),
            at: row.at,
        }
    }

    /// Whether a code counts for a concept.
    pub(crate) fn counts_for(&self, code: CodeId, kind: ConceptKind) -> bool {
        let concept = self.program.concept(kind);
        self.context
            .dictionary
            .concepts(code)
            .binary_search(&concept)
            .is_ok()
    }
}

fn condition(row: &Condition) -> Row<'_> {
    let end = match (row.abatement, row.status) {
        (Some(when), _) => End::At(when),
        (None, Some(ConditionStatus::Resolved | ConditionStatus::Remission)) => End::Sometime,
        (None, Some(ConditionStatus::Active) | None) => End::Ongoing,
    };
    Row {
        code: row.code,
        begin: row.onset,
        end,
        fields: Fields::Condition(row),
        at: row.at,
    }
}

fn procedure(row: &Procedure) -> Row<'_> {
    Row {
        code: row.code,
        begin: row.time,
        end: End::AtOnce,
        fields: Fields::Procedure(row),
        at: row.at,
    }
}

fn result(row: &Observation) -> Row<'_> {
    Row {
        code: row.code,
        begin: row.time,
        end: End::AtOnce,
        fields: Fields::Result(row),
        at: row.at,
    }
}

fn allergy(row: &Allergy) -> Row<'_> {
    Row {
        code: row.code,
        begin: row.onset,
        end: End::Ongoing,
        fields: Fields::Allergy(row),
        at: row.at,
    }
}

fn adverse_event(row: &AdverseEvent) -> Row<'_> {
    Row {
        code: row.code,
        begin: row.onset,
        end: row.end.map_or(End::Ongoing, End::At),
        fields: Fields::AdverseEvent(row),
        at: row.at,
    }
}

const fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}
