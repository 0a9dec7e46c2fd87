//! Results of measures as records: `has had at least 2 values of alt > 3 x ULN within …`.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::MeasureId;
use lind_model::protocol::{
    ConditionKind, Filter, NamedRecord, RecordQuestion, RecordTest, Subject, TagRule, Tense, Test,
    TimeOfDay,
};
use lind_syntax::tree::{self, FilterKind, Measured, Name, TestKind};

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
        let asked = self.test(test, subject, name)?;
        if let Test::Own { .. } = asked {
            self.does_not_fit(
                test.span,
                "results that are counted have limits of their own, and no baseline".to_owned(),
                "a multiple of another value",
                subject.declared,
                "what is counted",
            );
            return None;
        }
        Some(Filter::Value {
            measure,
            test: asked,
        })
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

    /// `07:30 to 08:30`
    pub(crate) fn time_of_day(&mut self, from: &Name, to: &Name) -> Option<TimeOfDay> {
        let (from, to) = (self.clock(from), self.clock(to));
        Some(TimeOfDay {
            from: from?,
            to: to?,
        })
    }

    /// The minute of the day that `07:30` is.
    fn clock(&mut self, written: &Name) -> Option<u16> {
        let minute = written.text.split_once(':').and_then(|(hour, minute)| {
            let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
            (hour < 24 && minute < 60).then_some(hour * 60 + minute)
        });
        if minute.is_none() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0573_IMPOSSIBLE_TIME_OF_DAY,
                    written.span,
                    format!("no clock shows `{}`", written.text),
                )
                .label("from 00:00 to 23:59"),
            );
        }
        minute
    }

    /// Whether the time of day of a measure is recorded, where it is asked for.
    pub(crate) fn has_time_of_day(
        &mut self,
        asked: Span,
        timed: bool,
        declared: Span,
        name: &str,
    ) -> Option<()> {
        if timed {
            return Some(());
        }
        self.sink.push(
            Diagnostic::new(
                &rules::E0574_TIME_OF_DAY_NOT_RECORDED,
                asked,
                format!("`{name}` is recorded by day"),
            )
            .label("at which time of the day is not known")
            .also(declared, "declared here")
            .note("a measure whose time of day is recorded says `with time of day` in its declaration"),
        );
        None
    }

    /// Whether the time of day of what a fact names is recorded, where it is asked for.
    pub(crate) fn times_of_day(
        &mut self,
        filters: &[tree::Filter],
        timed: bool,
        declared: Span,
        object: &tree::FactObject,
    ) -> Option<()> {
        let tree::FactObject::Values { measure, .. } = object else {
            return Some(());
        };
        let asks = |filter: &&tree::Filter| matches!(filter.kind, FilterKind::TimeOfDay { .. });
        match filters.iter().find(asks) {
            Some(filter) => self.has_time_of_day(filter.span, timed, declared, &measure.text),
            None => Some(()),
        }
    }

    /// `with time of day 07:30 to 08:30`, of a value; none inside if it is not said.
    #[expect(
        clippy::option_option,
        reason = "nothing outside is a finding, nothing inside any time of the day"
    )]
    pub(crate) fn measured_at(
        &mut self,
        measured: &Measured,
        subject: &Subjected,
    ) -> Option<Option<TimeOfDay>> {
        let [first, rest @ ..] = measured.times_of_day.as_slice() else {
            return Some(None);
        };
        if let Some(second) = rest.first() {
            self.misplaced(second.span, "a value is of one time of the day");
            return None;
        }
        if matches!(subject.subject, Subject::Formula(_)) {
            self.misplaced(
                first.span,
                "a formula is computed from several results, each with its own time",
            );
            return None;
        }
        let FilterKind::TimeOfDay { from, to } = &first.kind else {
            return Some(None);
        };
        let name = &measured.measure.text;
        self.has_time_of_day(first.span, subject.timed, subject.declared, name)?;
        self.time_of_day(from, to).map(Some)
    }

    /// `includes III or IV`, of a measure whose results carry several at once.
    pub(crate) fn tag_test(
        &mut self,
        test: &tree::Test,
        tags: &[Arc<str>],
        declared: Span,
        name: &Name,
    ) -> Option<Test> {
        let TestKind::Tags { rule, values } = &test.kind else {
            self.does_not_fit(
                test.span,
                format!("one result of `{}` may carry several at once", name.text),
                "write `includes …`, `includes none of …` or `is only …`",
                declared,
                "declared here with `several at once`",
            );
            return None;
        };
        let mut whole = true;
        for value in values {
            if !tags.iter().any(|tag| **tag == *value.text) {
                self.unknown_level(value, tags, declared, name);
                whole = false;
            }
        }
        let rule = match rule {
            tree::TagRule::Includes => TagRule::Includes,
            tree::TagRule::IncludesNone => TagRule::IncludesNone,
            tree::TagRule::Only => TagRule::Only,
        };
        let asked = values.iter().map(|value| Arc::from(value.text.as_str()));
        whole.then(|| Test::Tags(rule, asked.collect()))
    }

    /// `includes` is asked of one result among several that exclude each other.
    pub(crate) fn no_tags(&mut self, span: Span, declared: Span, name: &Name) {
        self.does_not_fit(
            span,
            format!("a result of `{}` is one value", name.text),
            "write `is …`",
            declared,
            "declared here without `several at once`",
        );
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
            .or(measured.times_of_day.first().map(|time| time.span))
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
        if let Some(spell) = measured.spells.first() {
            self.misplaced(spell.span, "one result is of one day");
            return None;
        }
        if let Some(never) = measured.never {
            self.misplaced(never, "one result is of one day");
            return None;
        }
        if let TestKind::Change { .. } | TestKind::Becomes { .. } = measured.test.kind {
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
