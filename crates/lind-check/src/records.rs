//! Records with a name: `called C, such that …`.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::MeasureId;
use lind_model::protocol::{
    Anchor, ConditionKind, FactTable, MOST_NAMED_RECORDS, NamedRecord, RecordEdge, RecordQuestion,
    RecordTest, SuchThat,
};
use lind_syntax::tree::{self, Entry, FilterKind, Name, RecordWhat, TestKind};

use crate::analysis::Checker;
use crate::blocks::Place;
use crate::choices::Polarity;
use crate::declarations::{table_word, table_words};
use crate::events::attribute_filter;
use crate::rules;

/// A name that stands for a record where a condition is read.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    name: String,
    declared: Span,
    table: FactTable,
    /// Of which measure, for a result.
    measure: Option<MeasureId>,
    /// Whether it is an adverse event that is recorded with the time of day.
    timed: bool,
}

impl Checker<'_> {
    /// What is said below `called C, such that`.
    pub(crate) fn such_that(
        &mut self,
        called: &tree::Called,
        (table, timed): (FactTable, bool),
        measure: Option<MeasureId>,
        body: &[Entry],
    ) -> Option<SuchThat> {
        let name = &called.name;
        if self.records.len() >= MOST_NAMED_RECORDS {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0523_RECORDS_TOO_DEEP,
                    name.span,
                    format!("more than {MOST_NAMED_RECORDS} records have a name here"),
                )
                .label("one name too many")
                .note("every name multiplies the search; write an inner part that does not speak of the outer records as a definition, and use its name"),
            );
            return None;
        }
        let scope = self.scopes.get(self.module);
        let outer = self.records.iter().find(|record| record.name == name.text);
        let taken = outer
            .map(|record| (record.declared, "a record"))
            .or_else(|| {
                let entry = scope?.entries.get(&name.text)?;
                Some((entry.declared, entry.symbol.sort()))
            });
        if let Some((declared, sort)) = taken {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0522_RECORD_NAME_TAKEN,
                    name.span,
                    format!("`{}` already stands for {sort}", name.text),
                )
                .label("needs another name")
                .also(declared, format!("declared here as {sort}")),
            );
            return None;
        }
        let record = NamedRecord(u8::try_from(self.records.len()).ok()?);
        self.records.push(Named {
            name: name.text.clone(),
            declared: name.span,
            table,
            measure,
            timed: timed && table == FactTable::AdverseEvents,
        });
        let condition = self.block(body, Place::Term, called.span);
        self.records.pop();
        Some(SuchThat {
            record,
            name: Arc::from(name.text.as_str()),
            condition: Box::new(condition?),
        })
    }

    /// Which way a record of a fact passes with what is said of it.
    pub(crate) fn polarity_of_each(&self, fact: &tree::Fact, negated: bool) -> Polarity {
        let all = match &fact.count {
            Some(count) => self.polarity.within(&count.quantifier),
            None => self.polarity,
        };
        if negated {
            all.within(&tree::Quantifier::None)
        } else {
            all
        }
    }

    /// The record that a name stands for.
    pub(crate) fn named_record(&self, name: &Name) -> Option<NamedRecord> {
        let place = self
            .records
            .iter()
            .position(|record| record.name == name.text)?;
        u8::try_from(place).ok().map(NamedRecord)
    }

    /// The measure of a result that has a name.
    fn measure_of(&self, record: NamedRecord) -> Option<MeasureId> {
        self.records.get(usize::from(record.0))?.measure
    }

    /// Whether the time of day of a record is recorded.
    fn is_timed(&self, record: NamedRecord) -> bool {
        let measure = self.measure_of(record).and_then(|id| self.measure(id));
        let named = self.records.get(usize::from(record.0));
        measure.is_some_and(|measure| measure.timed) || named.is_some_and(|named| named.timed)
    }

    /// `V is W`, `V is not W`: whether it is another record.
    fn is_another(&self, measured: &tree::Measured) -> bool {
        matches!(&measured.test.kind, TestKind::OneOf { values, .. }
            if matches!(values.as_slice(), [other] if self.named_record(other).is_some()))
    }

    fn table_of(&self, record: NamedRecord) -> Option<(FactTable, Span)> {
        let named = self.records.get(usize::from(record.0))?;
        Some((named.table, named.declared))
    }

    /// The anchor that a record with a name is, with whether its time of day is recorded.
    pub(crate) fn record_anchor(
        &mut self,
        name: &Name,
        edge: RecordEdge,
    ) -> Option<(Anchor, bool, Option<Span>)> {
        let record = self.named_record(name)?;
        let (_, declared) = self.table_of(record)?;
        let timed = self.is_timed(record);
        if self.clause {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0524_RECORD_MISUSED,
                    name.span,
                    "this window speaks of all values or doses together, not of one record",
                )
                .label("a record")
                .also(declared, "this one")
                .note("write the window with each value: `latest anc within 7 days before C >= 1000 /uL`"),
            );
            return None;
        }
        Some((Anchor::Record(record, edge), timed, Some(declared)))
    }

    /// `C is biologic`, `C is not D`; none outside if the name stands for no record.
    #[expect(
        clippy::option_option,
        reason = "nothing outside is no record, nothing inside is a finding"
    )]
    pub(crate) fn record_is(
        &mut self,
        measured: &tree::Measured,
        span: Span,
    ) -> Option<Option<ConditionKind>> {
        let record = self.named_record(&measured.measure)?;
        Some(self.record_is_so(record, measured, span))
    }

    fn record_is_so(
        &mut self,
        record: NamedRecord,
        measured: &tree::Measured,
        span: Span,
    ) -> Option<ConditionKind> {
        let (table, declared) = self.table_of(record)?;
        if let Some(measure) = self.measure_of(record)
            && !self.is_another(measured)
        {
            return self.value_of_record(record, measure, measured, span);
        }
        let (values, negated) = match &measured.test.kind {
            TestKind::OneOf { values, negated }
                if measured.selector.is_none() && measured.windows.is_empty() =>
            {
                (values, *negated)
            }
            _ => {
                self.record_misused(&measured.measure, span, declared);
                return None;
            }
        };
        let question = match values.as_slice() {
            [other] if self.named_record(other).is_some() => {
                let other_record = self.named_record(other)?;
                if other_record == record {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0524_RECORD_MISUSED,
                            span,
                            "a record is always itself",
                        )
                        .label("the same record twice"),
                    );
                    return None;
                }
                RecordQuestion::Same(other_record)
            }
            [word] if self.means_serious(word, table) => {
                RecordQuestion::Filter(attribute_filter(tree::Attribute::Serious, false))
            }
            names => {
                let set = self.fact_sets(names)?;
                let of_set = self
                    .tables
                    .sets
                    .get(set.index())
                    .and_then(Option::as_ref)
                    .map(|set| set.table)?;
                if of_set != table {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0202_WRONG_SORT,
                            names.first().map_or(span, |name| name.span),
                            format!(
                                "`{}` is {}, which is never one of {}",
                                measured.measure.text,
                                table_word(table),
                                table_words(of_set)
                            ),
                        )
                        .label(format!("codes of {}", table_words(of_set)))
                        .also(declared, table_word(table)),
                    );
                    return None;
                }
                RecordQuestion::Member(set)
            }
        };
        Some(ConditionKind::Record(Box::new(RecordTest {
            record,
            negated,
            question,
        })))
    }

    /// `C has severity severe`, `C lasted at least 3 months`.
    pub(crate) fn record_has(&mut self, name: &Name, what: &RecordWhat) -> Option<ConditionKind> {
        let record = self.wanted_record(name)?;
        let (table, _) = self.table_of(record)?;
        let question = match what {
            RecordWhat::Filter(filter) => RecordQuestion::Filter(match &filter.kind {
                FilterKind::Edge { end, window } => {
                    self.edge(filter, *end, window, (table, self.is_timed(record)))?
                }
                _ => self.filter(filter, table, self.is_timed(record))?,
            }),
            RecordWhat::Shares { field, other } => {
                let other = self.wanted_record(other)?;
                let (other_table, _) = self.table_of(other)?;
                let own = self.field(field, table)?;
                self.field(field, other_table)?;
                RecordQuestion::Shares(own, other)
            }
        };
        Some(ConditionKind::Record(Box::new(RecordTest {
            record,
            negated: false,
            question,
        })))
    }

    fn wanted_record(&mut self, name: &Name) -> Option<NamedRecord> {
        if let Some(record) = self.named_record(name) {
            return Some(record);
        }
        let (symbol, declared) = self.resolve(name)?;
        self.needs(name, "a record with a name", symbol, declared);
        None
    }

    pub(crate) fn record_misused(&mut self, name: &Name, span: Span, declared: Span) {
        self.sink.push(
            Diagnostic::new(
                &rules::E0524_RECORD_MISUSED,
                span,
                format!("`{}` is a record; what of it?", name.text),
            )
            .label("nothing that can be asked of a record")
            .also(declared, "named here")
            .note(format!(
                "of a record one asks `{0} is …` with a set, `{0} has severity …` or `{0} has grade …` with a field, `{0} lasted at least …`, `{0} began within …`, `{0} ended before …`, or leans a window on it: `within 30 days before {0}`",
                name.text
            )),
        );
    }

    /// A record's name alone is no condition.
    pub(crate) fn is_record_alone(&mut self, name: &Name) -> bool {
        let Some(record) = self.named_record(name) else {
            return false;
        };
        if let Some((_, declared)) = self.table_of(record) {
            self.record_misused(name, name.span, declared);
        }
        true
    }
}
