//! Gradings: the highest grade of which a line holds.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{
    Case, Choice, Condition, ConditionKind, Interval, Quantifier, Subject, Test,
};
use lind_model::trial::{GradeLine, Grading, Scale};
use lind_syntax::tree::{self, Entry, EntryKind, Item};
use lind_units::Exact;

use crate::analysis::Checker;
use crate::blocks::Place;
use crate::declarations::Common;
use crate::modules::Module;
use crate::rules;

/// A grade and what must hold for it.
struct Line {
    grade: u8,
    condition: Condition,
}

/// Lines that hold for those of whom a condition holds.
struct Group {
    /// None for everybody else.
    when: Option<Condition>,
    lines: Vec<Line>,
}

impl Checker<'_> {
    /// The gradings of a module, once every term is known.
    pub(crate) fn gradings(&mut self, module: &Module) {
        for item in &module.tree.items {
            match item {
                Item::Grading(grading) => self.grading(grading),
                Item::GradedBy(by) if self.module == 0 => self.graded_by(by),
                _ => {}
            }
        }
    }

    fn graded_by(&mut self, by: &tree::GradedBy) {
        if let Some(first) = &self.tables.trial.toxicity_scale {
            let first = first.span;
            self.sink.push(
                Diagnostic::new(
                    &rules::E0627_OTHER_VERSION,
                    by.span,
                    "what toxicity is graded by is said already",
                )
                .label("second scale")
                .also(first, "first scale"),
            );
            return;
        }
        self.tables.trial.toxicity_scale = Some(Scale {
            name: Arc::from(by.scale.name.text.as_str()),
            version: version(&by.scale),
            span: by.span,
        });
    }

    fn grading(&mut self, grading: &tree::Grading) {
        let mut lines = Vec::new();
        let mut groups: Vec<Group> = Vec::new();
        let mut common = Common::default();
        let mut whole = true;
        let mut seen_if = false;
        for entry in &grading.body {
            let is_otherwise = entry
                .label
                .as_ref()
                .is_some_and(|label| label.name.text == "otherwise");
            match &entry.kind {
                EntryKind::Source(text) => common.source = Some(Arc::from(text.value.as_str())),
                EntryKind::Unverified(text) => {
                    common.unverified = Some(Arc::from(text.value.as_str()));
                }
                EntryKind::Note(_) => {}
                EntryKind::Broken => whole = false,
                EntryKind::Grade { .. } => whole &= self.grade_line(entry, &mut lines),
                EntryKind::If {
                    condition,
                    then: None,
                } => {
                    seen_if = true;
                    let when = self.asked(condition);
                    let mut own = Vec::new();
                    for child in &entry.children {
                        whole &= self.grade_line(child, &mut own);
                    }
                    self.grades_in_order(&own);
                    match when {
                        Some(when) => groups.push(Group {
                            when: Some(when),
                            lines: own,
                        }),
                        None => whole = false,
                    }
                }
                EntryKind::Empty if is_otherwise && seen_if => {
                    let mut own = Vec::new();
                    for child in &entry.children {
                        whole &= self.grade_line(child, &mut own);
                    }
                    self.grades_in_order(&own);
                    groups.push(Group {
                        when: None,
                        lines: own,
                    });
                }
                _ => {
                    whole = false;
                    self.no_line_of_grading(entry.span);
                }
            }
        }
        self.grades_in_order(&lines);
        if !whole {
            return;
        }
        let Some(visit) = self.tables.trial.visit else {
            return;
        };
        let mut asked = Vec::new();
        for grade in (1..=5_u8).rev() {
            if let Some(condition) = self.of_grade(grade, &lines, &groups, grading) {
                let asked_id = self.ask(visit, condition);
                asked.push(GradeLine {
                    grade,
                    asked: asked_id,
                });
            }
        }
        if asked.is_empty() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0507_NO_CONDITION,
                    grading.span,
                    format!("`{}` has no grade", grading.name.text),
                )
                .label("needs lines such as `grade 3: alt > 5 x ULN`"),
            );
            return;
        }
        self.tables.trial.gradings.push(Grading {
            name: Arc::from(grading.name.text.as_str()),
            title: Arc::from(grading.title.value.as_str()),
            scale: Arc::from(grading.scale.name.text.as_str()),
            version: version(&grading.scale),
            lines: asked,
            source: common.source,
            unverified: common.unverified,
            span: grading.name.span,
        });
    }

    fn no_line_of_grading(&mut self, span: Span) {
        self.misplaced(
            span,
            "below a grading stand its grades: `grade 3: alt > 5 x ULN`, also below `if …:` and `otherwise:`",
        );
    }

    /// Reads a line of a grading; whether that could be done.
    fn grade_line(&mut self, entry: &Entry, lines: &mut Vec<Line>) -> bool {
        let (number, then) = match &entry.kind {
            EntryKind::Grade { number, then } => (number, then),
            EntryKind::Note(_) => return true,
            EntryKind::Broken => return false,
            _ => {
                self.no_line_of_grading(entry.span);
                return false;
            }
        };
        let grade = number
            .text
            .parse::<u8>()
            .ok()
            .filter(|grade| (1..=5).contains(grade));
        let Some(grade) = grade else {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0625_NO_SUCH_GRADE,
                    number.span,
                    format!("there is no grade {}", number.text),
                )
                .label("grades are 1 to 5")
                .note("grade 0 is what no line says"),
            );
            return false;
        };
        let condition = match then {
            Some(kind) => {
                let behind = Entry {
                    label: None,
                    kind: (**kind).clone(),
                    span: entry.span,
                    children: entry.children.clone(),
                };
                self.block(&[behind], Place::Term, entry.span)
            }
            None => self.block(&entry.children, Place::Term, entry.span),
        };
        let Some(condition) = condition else {
            return false;
        };
        lines.push(Line { grade, condition });
        true
    }

    /// What must hold for a grade: one of its lines, among them those of the group that applies.
    fn of_grade(
        &self,
        grade: u8,
        lines: &[Line],
        groups: &[Group],
        grading: &tree::Grading,
    ) -> Option<Condition> {
        let span = grading.name.span;
        let of_lines = |lines: &[Line]| -> Option<Condition> {
            let own: Vec<Condition> = lines
                .iter()
                .filter(|line| line.grade == grade)
                .map(|line| line.condition.clone())
                .collect();
            self.any_of(own, span)
        };
        let never = || self.condition_at(ConditionKind::Settled(false), span);
        let mut cases = Vec::new();
        let mut otherwise = None;
        for group in groups {
            let then = of_lines(&group.lines);
            match &group.when {
                Some(when) => cases.push((when.clone(), then)),
                None => otherwise = then,
            }
        }
        let mut parts: Vec<Condition> = of_lines(lines).into_iter().collect();
        if otherwise.is_some() || cases.iter().any(|(_, then)| then.is_some()) {
            let cases = cases.into_iter().map(|(when, then)| Case {
                when,
                then: then.unwrap_or_else(never),
            });
            let choice = Choice {
                cases: cases.collect(),
                otherwise: Some(otherwise.unwrap_or_else(never)),
            };
            parts.push(self.condition_at(ConditionKind::Choice(Box::new(choice)), span));
        }
        self.any_of(parts, span)
    }

    fn any_of(&self, mut conditions: Vec<Condition>, span: Span) -> Option<Condition> {
        match conditions.len() {
            0 | 1 => conditions.pop(),
            _ => Some(self.condition_at(ConditionKind::List(Quantifier::Any, conditions), span)),
        }
    }

    /// A higher grade must be the narrower test: else the lower one never decides. Ranges may leave a gap.
    fn grades_in_order(&mut self, lines: &[Line]) {
        for (place, first) in lines.iter().enumerate() {
            for second in lines.iter().skip(place + 1) {
                let (high, low) = match first.grade.cmp(&second.grade) {
                    std::cmp::Ordering::Greater => (first, second),
                    std::cmp::Ordering::Less => (second, first),
                    std::cmp::Ordering::Equal => continue,
                };
                if let (Some((of_high, high_test)), Some((of_low, low_test))) = (
                    self.limits_of(&high.condition),
                    self.limits_of(&low.condition),
                ) && of_high == of_low
                    && lies_in(&low_test, &high_test)
                {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0626_GRADES_OUT_OF_ORDER,
                            high.condition.span,
                            format!(
                                "whoever has grade {} by these lines has grade {} too",
                                low.grade, high.grade
                            ),
                        )
                        .label(format!("grade {}", high.grade))
                        .also(
                            low.condition.span,
                            format!("grade {} can never be the highest that holds", low.grade),
                        )
                        .note("the highest grade of which a line holds counts, so a higher grade asks for more"),
                    );
                }
            }
        }
        let mut ranges: Vec<(&Line, Sort, Interval)> = lines
            .iter()
            .filter_map(|line| {
                let (sort, interval) = self.limits_of(&line.condition)?;
                Some((line, sort, interval))
            })
            .collect();
        ranges.sort_by_key(|(line, ..)| line.grade);
        for pair in ranges.windows(2) {
            let [(low, sort, first), (high, other, second)] = pair else {
                continue;
            };
            if sort == other && leaves_a_gap(first, second) && low.grade < high.grade {
                self.sink.push(
                    Diagnostic::new(
                        &rules::W0660_GRADES_LEAVE_A_GAP,
                        high.condition.span,
                        format!(
                            "between grade {} and grade {} lie values that have neither",
                            low.grade, high.grade
                        ),
                    )
                    .label(format!("grade {}", high.grade))
                    .also(low.condition.span, format!("grade {}", low.grade))
                    .note("the highest grade that holds counts, so each needs only its own limit: `grade 2: alt > 3 x ULN`"),
                );
            }
        }
    }

    /// The test of a line that is one test of the latest value, with what it is a test of.
    fn limits_of(&self, condition: &Condition) -> Option<(Sort, Interval)> {
        let ConditionKind::Value(test) = &condition.kind else {
            return None;
        };
        if test.selector.is_some() || test.window.is_some() || !test.provenance.is_empty() {
            return None;
        }
        match &test.test {
            Test::Quantity(interval, unit) => {
                let shape = match test.subject {
                    Subject::Measure(id) => match &self.measure(id)?.shape {
                        lind_model::protocol::Shape::Quantity(shape) => shape.clone(),
                        _ => return None,
                    },
                    Subject::Formula(_) => return None,
                };
                let own = |end: &Option<(Exact, bool)>| match end {
                    Some((value, closed)) => unit
                        .convert(value, &shape.unit, Some(&shape.analyte))
                        .ok()
                        .map(|value| Some((value, *closed))),
                    None => Some(None),
                };
                let interval = Interval {
                    low: own(&interval.low)?,
                    high: own(&interval.high)?,
                };
                Some((Sort::Quantity(test.subject), interval))
            }
            Test::Multiple { interval, upper } => {
                Some((Sort::Multiple(test.subject, *upper), interval.clone()))
            }
            Test::Score(interval) => Some((Sort::Quantity(test.subject), interval.clone())),
            _ => None,
        }
    }
}

/// What a limit is a limit of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Of values, in the unit of the measure.
    Quantity(Subject),
    /// Of multiples of a limit of normal.
    Multiple(Subject, bool),
}

/// Whether everything in one interval lies in another.
fn lies_in(inner: &Interval, outer: &Interval) -> bool {
    let low = match (&inner.low, &outer.low) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some((inner, closed)), Some((outer, also))) => {
            inner > outer || (inner == outer && (*also || !*closed))
        }
    };
    let high = match (&inner.high, &outer.high) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some((inner, closed)), Some((outer, also))) => {
            inner < outer || (inner == outer && (*also || !*closed))
        }
    };
    low && high
}

/// Whether values lie between two intervals.
fn leaves_a_gap(one: &Interval, other: &Interval) -> bool {
    let gap = |below: &Interval, above: &Interval| match (&below.high, &above.low) {
        (Some((high, closed)), Some((low, also))) => {
            high < low || (high == low && !*closed && !*also)
        }
        _ => false,
    };
    gap(one, other) || gap(other, one)
}

fn version(scale: &tree::Scale) -> Option<Arc<str>> {
    scale
        .version
        .as_ref()
        .map(|text| Arc::from(text.value.as_str()))
}
