//! What is asked where a measure was not taken.

use std::sync::Arc;

use lind_diagnostics::Diagnostic;
use lind_model::MeasureId;
use lind_model::protocol::{
    Case, Choice, Condition, ConditionKind, Fact, FactField, FactTable, Filter, ResultField,
    Subject, Tense, ValueTest,
};
use lind_syntax::tree::{self, Entry};

use crate::analysis::Checker;
use crate::rules;

impl Checker<'_> {
    /// `if not measured: ck_mb > 1 x ULN`: where certainly nothing was measured in the window of the test above, this
    /// decides in its place.
    pub(crate) fn or_measured_instead(
        &mut self,
        plain: Option<Condition>,
        condition: &tree::Condition,
        entry: &Entry,
    ) -> Option<Condition> {
        let then = self.condition(condition, &entry.children);
        let plain = plain?;
        let ConditionKind::Value(test) = &plain.kind else {
            self.misplaced(
                entry.span,
                "only below the test of a measure something else is asked where nothing was measured",
            );
            return None;
        };
        let Subject::Measure(measure) = test.subject else {
            self.misplaced(
                entry.span,
                "a formula is computed; whether its inputs were measured is asked of each of them",
            );
            return None;
        };
        let Some(unmeasured) = unmeasured(measure, test) else {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0328_NOT_MEASURED_WHEN,
                    entry.span,
                    "this does not say when nothing was measured",
                )
                .label("not measured between when and when?")
                .also(plain.span, "this test names no window")
                .note("write the window behind the measure: `troponin_t within 7 days before screening > 1 x ULN`"),
            );
            return None;
        };
        let name = self.measure(measure)?.name.to_string();
        let when = Condition {
            kind: ConditionKind::Fact(Box::new(unmeasured)),
            label: None,
            text: Arc::from(format!("{name} was not measured")),
            span: entry.span,
        };
        let (text, span) = (Arc::clone(&plain.text), plain.span);
        Some(Condition {
            kind: ConditionKind::Choice(Box::new(Choice {
                cases: vec![Case { when, then: then? }],
                otherwise: Some(plain),
            })),
            label: None,
            text,
            span,
        })
    }
}

/// That there is no result of a measure where a test looks for one; none if the test does not say where.
fn unmeasured(measure: MeasureId, test: &ValueTest) -> Option<Fact> {
    let mut filters: Vec<Filter> = test
        .provenance
        .iter()
        .map(|from| {
            let field = match from.field {
                ResultField::Source => FactField::Source,
                ResultField::Method => FactField::Method,
                ResultField::Specimen => FactField::Specimen,
                ResultField::BodySite => FactField::BodySite,
            };
            Filter::Field(field, from.values.clone())
        })
        .collect();
    filters.extend(test.time_of_day.map(Filter::TimeOfDay));
    Some(Fact {
        negated: true,
        frequency: None,
        such_that: None,
        tense: Tense::During,
        table: FactTable::Results,
        set: None,
        measure: Some(measure),
        investigational: false,
        filters,
        exceptions: Vec::new(),
        window: Some(test.window.clone()?),
    })
}
