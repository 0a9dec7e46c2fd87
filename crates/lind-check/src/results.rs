//! Results of measures as records: `has had at least 2 values of alt > 3 x ULN within …`.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::MeasureId;
use lind_model::protocol::{
    ConditionKind, Filter, NamedRecord, RecordQuestion, RecordTest, Subject, Tense,
};
use lind_syntax::tree::{self, Measured, Name, TestKind};

use crate::analysis::Checker;
use crate::facts::object_span;
use crate::measured::Subjected;
use crate::rules;

/// The results that a fact speaks of.
pub(crate) struct Values {
    pub(crate) measure: MeasureId,
    /// Which of them.
    pub(crate) filter: Option<Filter>,
    /// Whether the time of day is recorded.
    pub(crate) timed: bool,
    pub(crate) declared: Span,
}

impl Checker<'_> {
    /// `values of alt > 3 x ULN`
    pub(crate) fn values_of(&mut self, name: &Name, test: Option<&tree::Test>) -> Option<Values> {
        if let Some((_, declared)) = self.points_named(name) {
            self.is_computed(name, "a sum of points", declared);
            return None;
        }
        let subject = self.subject(name)?;
        let Subject::Measure(measure) = subject.subject else {
            self.is_computed(name, "a formula", subject.declared);
            return None;
        };
        let filter = match test {
            Some(test) => Some(self.value_filter(measure, test, &subject, name)?),
            None => None,
        };
        Some(Values {
            measure,
            filter,
            timed: subject.timed,
            declared: subject.declared,
        })
    }

    fn is_computed(&mut self, name: &Name, sort: &str, declared: Span) {
        self.sink.push(
            Diagnostic::new(
                &rules::E0570_COMPUTED_RESULTS,
                name.span,
                format!("`{}` is computed; nobody recorded values of it", name.text),
            )
            .label("has no results of its own")
            .also(declared, format!("declared here as {sort}"))
            .note("ask for values of what it is computed from, or test it by its name alone"),
        );
    }

    fn value_filter(
        &mut self,
        measure: MeasureId,
        test: &tree::Test,
        subject: &Subjected,
        name: &Name,
    ) -> Option<Filter> {
        let test = self.test(test, subject, name)?;
        Some(Filter::Value { measure, test })
    }

    /// Results are of a moment, so one has had them.
    pub(crate) fn not_now(&mut self, fact: &tree::Fact, tense: Tense) -> Option<()> {
        if tense != Tense::Now {
            return Some(());
        }
        let place = object_span(&fact.object);
        let milestone = self
            .usual_milestone()
            .unwrap_or_else(|| Arc::from("screening"));
        let end = Span::new(place.file, place.end, place.end);
        self.sink.push(
            Diagnostic::new(
                &rules::E0571_RESULT_NOW,
                place,
                "a result is of one moment; nobody has it at the gate",
            )
            .label("measured when?")
            .note("write `has ever had a value of …` if it counts whenever it was measured, or test the latest value: `alt > 3 x ULN`")
            .suggest(
                format!("write `within 30 days before {milestone}`, with the length that is meant"),
                end,
                format!(" within 30 days before {milestone}"),
            ),
        );
        None
    }

    /// Only results follow each other.
    pub(crate) fn consecutive_fits(&mut self, fact: &tree::Fact, place: Span) -> Option<()> {
        if matches!(fact.object, tree::FactObject::Values { .. }) {
            return Some(());
        }
        self.sink.push(
            Diagnostic::new(
                &rules::E0572_CONSECUTIVE_RECORDS,
                place,
                "only values of a measure follow each other",
            )
            .label("with what between them?")
            .also(object_span(&fact.object), "records, which may overlap")
            .note("`consecutive` asks for values that pass with no other value between them; records are told apart by `at least 30 days apart`"),
        );
        None
    }

    /// `V > 30 mmHg`, of a result that has a name.
    pub(crate) fn value_of_record(
        &mut self,
        record: NamedRecord,
        measure: MeasureId,
        measured: &Measured,
        span: Span,
    ) -> Option<ConditionKind> {
        let behind = measured
            .windows
            .first()
            .map(|window| window.span)
            .or(measured.selector.map(|(_, place)| place))
            .or(measured.provenance.first().map(|place| place.span))
            .or(measured.evidence.as_ref().map(|evidence| evidence.span));
        if let Some(place) = behind {
            self.misplaced(place, "the record is one result already");
            return None;
        }
        let declared = self.measure(measure)?.clone();
        let name = Name {
            text: declared.name.to_string(),
            span: measured.measure.span,
        };
        let subject = Subjected {
            subject: Subject::Measure(measure),
            shape: declared.shape.clone(),
            timed: declared.timed,
            worst: declared.worst_is_highest,
            declared: declared.span,
        };
        if let TestKind::Change { .. } = measured.test.kind {
            self.misplaced(span, "one result does not change");
            return None;
        }
        if let Some(line) = measured.without.first() {
            self.misplaced(line.span, "lines are left out of points, and this has none");
            return None;
        }
        let filter = self.value_filter(measure, &measured.test, &subject, &name)?;
        if let Some(also) = &measured.also_stated {
            self.restated(&measured.test, &subject, &name, also);
        }
        Some(ConditionKind::Record(Box::new(RecordTest {
            record,
            negated: false,
            question: RecordQuestion::Filter(filter),
        })))
    }
}
