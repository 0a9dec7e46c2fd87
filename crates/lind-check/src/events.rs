//! Adverse events: their grade, and what was judged of them.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{Comparison, FactField, FactTable, Filter};
use lind_model::{ChosenId, SetId};
use lind_syntax::tree::{Attribute, CaseField, GradeLimit, Name, Number};

use crate::analysis::Checker;
use crate::declarations::table_words;
use crate::rules;
use crate::times::comparison;

/// The highest grade: death.
const HIGHEST: u32 = 5;

/// What somebody judged of an adverse event, as a condition on its record.
pub(crate) fn attribute_filter(attribute: Attribute, negated: bool) -> Filter {
    let word = if negated { "no" } else { "yes" };
    Filter::Field(field_of(attribute), vec![Arc::from(word)])
}

fn field_of(attribute: Attribute) -> FactField {
    match attribute {
        Attribute::Related => FactField::Related,
        Attribute::Serious => FactField::Serious,
        Attribute::DoseLimiting => FactField::DoseLimiting,
    }
}

/// A field of a line of a test, as the column of the table and what stands there.
pub(crate) fn judged_cell(field: &CaseField) -> Option<(&'static str, Arc<str>)> {
    let CaseField::Judged { attribute, yes, .. } = field else {
        return None;
    };
    let column = match attribute {
        Attribute::Related => "related",
        Attribute::Serious => "serious",
        Attribute::DoseLimiting => "dlt",
    };
    Some((column, Arc::from(if *yes { "yes" } else { "no" })))
}

impl Checker<'_> {
    /// Whether all of a set is recorded with the time of day.
    pub(crate) fn is_timed_set(&self, set: Option<SetId>) -> bool {
        set.is_some_and(|set| self.tables.timed_sets.contains(&set.index()))
    }

    /// Whether every record that an anchor may be is recorded with the time of day.
    pub(crate) fn is_timed_chosen(&self, id: ChosenId) -> bool {
        let chosen = self.tables.chosen.get(id.index()).and_then(Option::as_ref);
        chosen.is_some_and(|chosen| {
            let mut lines = chosen.lines.iter();
            lines.all(|line| self.is_timed_set(line.fact.set))
        })
    }

    /// Whether a word behind `is` says that an event is serious, and names no set.
    pub(crate) fn means_serious(&self, word: &Name, table: FactTable) -> bool {
        let scope = self.scopes.get(self.module);
        let is_declared = scope.is_some_and(|scope| scope.entries.contains_key(&word.text));
        table == FactTable::AdverseEvents && word.text == "serious" && !is_declared
    }

    /// `related to treatment`, `not serious`, `judged dose-limiting`
    pub(crate) fn judged_of_event(
        &mut self,
        attribute: Attribute,
        negated: bool,
        table: FactTable,
        span: Span,
    ) -> Option<Filter> {
        self.of_events(
            &format!("are not judged `{}`", attribute.words()),
            table,
            span,
        )?;
        Some(attribute_filter(attribute, negated))
    }

    /// `with grade at least 3`
    pub(crate) fn grade(
        &mut self,
        limit: &GradeLimit,
        table: FactTable,
        span: Span,
    ) -> Option<Filter> {
        self.of_events("have no grade", table, span)?;
        let (least, most) = match limit {
            GradeLimit::Compare(comparator, number) => {
                let grade = self.one_grade(number)?;
                match comparison(*comparator) {
                    Comparison::AtLeast => (grade, Some(HIGHEST)),
                    Comparison::MoreThan => (grade.saturating_add(1), Some(HIGHEST)),
                    Comparison::AtMost => (0, Some(grade)),
                    Comparison::LessThan => (0, grade.checked_sub(1)),
                    Comparison::Equal => (grade, Some(grade)),
                }
            }
            GradeLimit::Between(low, high) => {
                let (low, high) = (self.one_grade(low), self.one_grade(high));
                (low?, Some(high?))
            }
            GradeLimit::OneOf(numbers) => {
                let grades: Vec<Option<u32>> = numbers
                    .iter()
                    .map(|number| self.one_grade(number))
                    .collect();
                let mut grades: Vec<u32> = grades.into_iter().collect::<Option<_>>()?;
                grades.sort_unstable();
                grades.dedup();
                let (low, high) = (*grades.first()?, *grades.last()?);
                if grades.len() != usize::try_from(high - low).ok()?.saturating_add(1) {
                    self.no_such_grade(
                        span,
                        "these grades leave one out that lies between them",
                        "not one after the other",
                        "write two conditions below `any of`, one for each",
                    );
                    return None;
                }
                (low, Some(high))
            }
        };
        let range = most.filter(|most| least <= *most);
        let (Some(most), false) = (range, (least, range) == (0, Some(HIGHEST))) else {
            let (message, label) = if range.is_some() {
                ("every grade is one of these", "asks nothing")
            } else {
                ("no grade is one of these", "can never be so")
            };
            self.no_such_grade(span, message, label, "grades are 0 to 5");
            return None;
        };
        let byte = |grade: u32| u8::try_from(grade).unwrap_or(u8::MAX);
        Some(Filter::Grade(byte(least), byte(most)))
    }

    fn one_grade(&mut self, number: &Number) -> Option<u32> {
        let grade = self.whole_number(number)?;
        if grade <= HIGHEST {
            return Some(grade);
        }
        self.no_such_grade(
            number.span,
            &format!("there is no grade {grade}"),
            "grades are 0 to 5",
            "grade 5 is death; a patient without the event has no record of it, or one of grade 0",
        );
        None
    }

    fn no_such_grade(&mut self, span: Span, message: &str, label: &str, note: &str) {
        self.sink.push(
            Diagnostic::new(&rules::E0610_IMPOSSIBLE_GRADE, span, message)
                .label(label)
                .note(note),
        );
    }

    /// Only adverse events have grades and are judged.
    fn of_events(&mut self, what: &str, table: FactTable, span: Span) -> Option<()> {
        if table == FactTable::AdverseEvents {
            return Some(());
        }
        self.sink.push(
            Diagnostic::new(
                &rules::E0509_MISPLACED_CLAUSE,
                span,
                format!("{} {what}", table_words(table)),
            )
            .label("recorded with adverse events"),
        );
        None
    }

    /// The grade in a line of a test.
    pub(crate) fn grade_of_case(&mut self, value: &Name) -> Option<()> {
        let number = Number {
            text: value.text.clone(),
            span: value.span,
        };
        self.one_grade(&number).map(|_| ())
    }
}
