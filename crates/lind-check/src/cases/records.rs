//! Lines of a test's patient: what they speak of decides what they may say.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span, closest};
use lind_model::cases::CaseRow;
use lind_model::plan::NeededTable;
use lind_model::protocol::{FactTable, QuantityShape, Shape};
use lind_syntax::tree::{
    CaseAmount, CaseField, CaseRecord, CaseSubject, CaseTime, ComparatorKind, Name, Quantity,
};
use lind_time::When;
use lind_units::{Exact, Unit};

use crate::analysis::Checker;
use crate::cases::Said;
use crate::declarations::{fact_table, table_word};
use crate::events::judged_cell;
use crate::facts::SEVERITIES;
use crate::quantities::Target;
use crate::rules;
use crate::scope::Symbol;

/// The columns of a row.
type Cells = Vec<(&'static str, Arc<str>)>;
/// The times of a row, with their places.
type Times = Vec<(When, Span)>;

/// What a line speaks of.
enum About {
    Milestone,
    Visit,
    Measured(Shape),
    Fact(FactTable),
}

impl Checker<'_> {
    /// A line of the patient's data, as a row.
    pub(super) fn case_record(&mut self, record: &CaseRecord, span: Span) -> Option<Said> {
        let name = record.subject.name();
        let (about, declared) = match &record.subject {
            CaseSubject::Code { kind, .. } => (About::Fact(fact_table(*kind)), name.span),
            CaseSubject::Assigned(name) => return self.case_assignment(record, name, span),
            CaseSubject::Visit(name) => match self.resolve(name)? {
                (Symbol::Visit(_), declared) => (About::Visit, declared),
                (Symbol::Milestone(id), declared) if self.is_visit(id) => (About::Visit, declared),
                (symbol, declared) => {
                    self.needs(name, "a visit", symbol, declared);
                    return None;
                }
            },
            CaseSubject::Named(name) => {
                let (symbol, declared) = self.resolve(name)?;
                let about = match symbol {
                    Symbol::Milestone(id) if self.is_visit(id) => About::Visit,
                    Symbol::Visit(_) => About::Visit,
                    Symbol::Milestone(_) => About::Milestone,
                    Symbol::Measure(id) => About::Measured(self.measure(id)?.shape.clone()),
                    Symbol::Points(id) => About::Measured(self.points_shape(id)?),
                    Symbol::Formula(id) => About::Measured(Shape::Quantity(
                        self.tables
                            .formulas
                            .get(id.index())
                            .and_then(Option::as_ref)?
                            .result
                            .clone(),
                    )),
                    Symbol::Set(id) => About::Fact(
                        self.tables
                            .sets
                            .get(id.index())
                            .and_then(Option::as_ref)?
                            .table,
                    ),
                    Symbol::Judgement(id) => {
                        let asked = self.tables.judgements.get(id.index())?.as_ref()?;
                        let by = Arc::clone(&asked.by);
                        self.record_does_not_fit(
                            name.span,
                            &format!("`{}` is a question", name.text),
                            &format!("write `{by} answers {}: yes`", name.text),
                            Some(declared),
                        );
                        return None;
                    }
                    Symbol::Definition(_)
                    | Symbol::Reading(_)
                    | Symbol::Equivalence(_)
                    | Symbol::Grading(_)
                    | Symbol::Chosen(_)
                    | Symbol::Assessment(_)
                    | Symbol::Timeline(_) => {
                        self.needs(name, "something that is recorded", symbol, declared);
                        return None;
                    }
                };
                (about, declared)
            }
        };
        let mut cells = Vec::new();
        let mut times = Vec::new();
        let table = match about {
            About::Visit => {
                self.no_value(record, "a visit has a time and nothing else")?;
                self.visit_span(record, name, &mut cells, &mut times)?;
                NeededTable::Visits
            }
            About::Milestone => {
                self.no_value(record, "a milestone has a time and nothing else")?;
                self.moment_of(record, &mut cells, &mut times, "a milestone")?;
                if times.is_empty() {
                    self.needs_its_date(name, "");
                    return None;
                }
                if let Some(field) = record.fields.first() {
                    self.field_does_not_fit(field, "a milestone");
                    return None;
                }
                NeededTable::Milestones
            }
            About::Measured(shape) => {
                self.value_of(record, &shape, name, declared, &mut cells)?;
                self.moment_of(record, &mut cells, &mut times, "a value")?;
                self.value_fields(record, &shape, &mut cells)?;
                NeededTable::Observations
            }
            About::Fact(table) => {
                self.dose_of(record, table, &mut cells)?;
                self.span_of(record, table, &mut cells, &mut times)?;
                self.fact_fields(record, table, &mut cells)?;
                NeededTable::Facts(table)
            }
        };
        let about: Arc<str> = Arc::from(name.text.as_str());
        Some(Said {
            about: Arc::clone(&about),
            row: Some(CaseRow {
                table,
                about,
                cells,
                span,
            }),
            times,
            span,
            is_own: true,
        })
    }

    /// Something that has a date and nothing else was said without one; `word` goes before its name.
    fn needs_its_date(&mut self, name: &Name, word: &str) {
        self.record_does_not_fit(
            name.span,
            &format!("`{}` needs its date", name.text),
            &format!("write `{word}{} on 2025-01-31`, with the date", name.text),
            None,
        );
    }

    /// Whether a milestone is a visit of the schedule.
    fn is_visit(&self, id: lind_model::MilestoneId) -> bool {
        self.tables.timetable.milestones.contains(&Some(id))
    }

    /// `visit day_28 on 2024-03-01`, `visit day_28 from 2024-03-01 to 2024-03-02`
    fn visit_span(
        &mut self,
        record: &CaseRecord,
        name: &Name,
        cells: &mut Cells,
        times: &mut Times,
    ) -> Option<()> {
        if let Some(field) = record.fields.first() {
            self.field_does_not_fit(field, "a visit");
            return None;
        }
        let Some(CaseTime {
            from: Some(from),
            to,
            ..
        }) = &record.time
        else {
            self.needs_its_date(name, "visit ");
            return None;
        };
        times.push((self.moment(from)?, from.span));
        cells.push(("start", Arc::from(from.text.as_str())));
        if let Some(to) = to {
            times.push((self.moment(to)?, to.span));
            cells.push(("end", Arc::from(to.text.as_str())));
        }
        Some(())
    }

    /// `assigned DL1 on 2024-02-01`
    fn case_assignment(&mut self, record: &CaseRecord, name: &Name, span: Span) -> Option<Said> {
        let trial = &self.tables.trial;
        let levels = trial.dose_levels.iter().flat_map(|levels| &levels.levels);
        let names: Vec<Arc<str>> = levels
            .map(|level| Arc::clone(&level.name))
            .chain(trial.arms.iter().map(|arm| Arc::clone(&arm.name)))
            .collect();
        if !names.iter().any(|known| **known == *name.text) {
            let label = match closest(&name.text, names.iter().map(|known| &**known)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "neither of the two".to_owned(),
            };
            self.record_does_not_fit(
                name.span,
                &format!(
                    "`{}` is no dose level and no arm of this protocol",
                    name.text
                ),
                &label,
                None,
            );
            return None;
        }
        let (mut cells, mut times) = (Vec::new(), Vec::new());
        self.no_value(record, "an assignment has a time and nothing else")?;
        self.moment_of(record, &mut cells, &mut times, "an assignment")?;
        if times.is_empty() || !record.fields.is_empty() {
            self.record_does_not_fit(
                name.span,
                "an assignment has its date and nothing else",
                &format!("write `assigned {} on 2025-01-31`", name.text),
                None,
            );
            return None;
        }
        let about: Arc<str> = Arc::from(name.text.as_str());
        Some(Said {
            about: Arc::clone(&about),
            row: Some(CaseRow {
                table: NeededTable::Assignments,
                about,
                cells,
                span,
            }),
            times,
            span,
            is_own: true,
        })
    }

    fn no_value(&mut self, record: &CaseRecord, why: &str) -> Option<()> {
        let place = record
            .amount
            .as_ref()
            .map(|amount| amount.span)
            .or(record.result.as_ref().map(|result| result.span));
        match place {
            None => Some(()),
            Some(place) => {
                self.record_does_not_fit(place, why, "does not belong here", None);
                None
            }
        }
    }

    /// The value, as the shape of the measure asks for it.
    fn value_of(
        &mut self,
        record: &CaseRecord,
        shape: &Shape,
        name: &Name,
        declared: Span,
        cells: &mut Cells,
    ) -> Option<()> {
        match shape {
            Shape::Quantity(shape) => {
                let Some(amount) = &record.amount else {
                    let unit = crate::quantities::spelled(shape.unit.written());
                    let place = record.result.as_ref().map_or(name.span, |word| word.span);
                    self.record_does_not_fit(
                        place,
                        &format!("`{}` needs a number", name.text),
                        &format!("a number in {unit}, or in a unit like it"),
                        Some(declared),
                    );
                    return None;
                };
                let target = Target {
                    name: &name.text,
                    shape,
                    declared,
                };
                self.no_frequency(amount)?;
                self.number_cells(amount, "value", cells);
                if amount.unit.is_none() && is_plain_number(shape) {
                    // An INR of 1.5 is a number and nothing else.
                    cells.push(("unit", Arc::from("1")));
                } else {
                    self.limit_quantity(&quantity(amount), &target)?;
                }
            }
            Shape::Score {
                lowest,
                highest,
                step,
            } => {
                let Some(amount) = &record.amount else {
                    let place = record.result.as_ref().map_or(name.span, |word| word.span);
                    self.record_does_not_fit(
                        place,
                        &format!("`{}` needs a number of points", name.text),
                        "no number",
                        Some(declared),
                    );
                    return None;
                };
                let scale = (lowest, highest, step.as_ref());
                self.score(&quantity(amount), scale, declared, name, true)?;
                self.no_frequency(amount)?;
                self.number_cells(amount, "value", cells);
            }
            Shape::Ordinal(words) | Shape::Coded(words) | Shape::Tags(words) => {
                let plain = record.amount.as_ref().filter(|amount| {
                    amount.unit.is_none()
                        && amount.comparator.is_none()
                        && amount.frequency.is_none()
                });
                let word = match (&record.result, plain) {
                    (Some(word), _) => word.clone(),
                    (None, Some(amount)) => Name {
                        text: amount.number.text.clone(),
                        span: amount.span,
                    },
                    (None, None) => {
                        let place = record.amount.as_ref().map_or(name.span, |own| own.span);
                        self.record_does_not_fit(
                            place,
                            &format!("`{}` needs a result", name.text),
                            &format!("one of {}", words.join(", ")),
                            Some(declared),
                        );
                        return None;
                    }
                };
                let several = matches!(shape, Shape::Tags(_));
                for tag in word.text.split(" + ") {
                    let one = Name {
                        text: if several {
                            tag.to_owned()
                        } else {
                            word.text.clone()
                        },
                        span: word.span,
                    };
                    if !words.iter().any(|known| **known == *one.text) {
                        self.unknown_level(&one, words, declared, name);
                        return None;
                    }
                }
                cells.push(("result", Arc::from(word.text.as_str())));
            }
        }
        Some(())
    }

    fn number_cells(&mut self, amount: &CaseAmount, column: &'static str, cells: &mut Cells) {
        cells.push((column, Arc::from(amount.number.text.as_str())));
        if let Some(unit) = &amount.unit {
            cells.push(("unit", Arc::from(unit.text.as_str())));
        }
        let comparator = amount.comparator.map(|comparator| match comparator.kind {
            ComparatorKind::AtLeast => ">=",
            ComparatorKind::AtMost => "<=",
            ComparatorKind::MoreThan => ">",
            ComparatorKind::LessThan => "<",
            ComparatorKind::Equal => "",
        });
        if let Some(sign) = comparator.filter(|sign| !sign.is_empty()) {
            cells.push(("comparator", Arc::from(sign)));
        }
    }

    fn no_frequency(&mut self, amount: &CaseAmount) -> Option<()> {
        let Some(frequency) = &amount.frequency else {
            return Some(());
        };
        self.record_does_not_fit(
            frequency.span,
            "a value has no frequency; a dose has",
            "does not belong here",
            None,
        );
        None
    }

    /// `limits 10 to 40`, `specimen serum`
    fn value_fields(
        &mut self,
        record: &CaseRecord,
        shape: &Shape,
        cells: &mut Cells,
    ) -> Option<()> {
        for field in &record.fields {
            match field {
                CaseField::Limits { low, high, .. } if matches!(shape, Shape::Quantity(_)) => {
                    for (column, number) in [("low", low), ("high", high)] {
                        if let Some(number) = number {
                            self.decimal(number)?;
                            cells.push((column, Arc::from(number.text.as_str())));
                        }
                    }
                }
                CaseField::Word { field: name, value } => {
                    let column = ["specimen", "source", "method", "body_site"]
                        .into_iter()
                        .find(|column| *column == name.text);
                    let Some(column) = column else {
                        self.field_does_not_fit(field, "a value of this measure");
                        return None;
                    };
                    self.tables.field_words.note(&name.text, value);
                    cells.push((column, Arc::from(value.text.as_str())));
                }
                _ => {
                    self.field_does_not_fit(field, "a value of this measure");
                    return None;
                }
            }
        }
        Some(())
    }

    /// `15 mg weekly`
    fn dose_of(&mut self, record: &CaseRecord, table: FactTable, cells: &mut Cells) -> Option<()> {
        if table != FactTable::Treatments || record.result.is_some() {
            return self.no_value(record, &format!("{} has no value", table_word(table)));
        }
        let Some(amount) = &record.amount else {
            return Some(());
        };
        self.decimal(&amount.number)?;
        let Some(unit) = &amount.unit else {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0301_MISSING_UNIT,
                    amount.span,
                    "a dose needs a unit",
                )
                .label("no unit"),
            );
            return None;
        };
        self.unit(unit)?;
        if let Some(comparator) = amount.comparator {
            self.record_does_not_fit(
                comparator.span,
                "a dose is a number",
                "does not belong here",
                None,
            );
            return None;
        }
        self.number_cells(amount, "dose", cells);
        if let Some(frequency) = &amount.frequency {
            cells.push(("frequency", Arc::from(frequency_word(&frequency.text))));
        }
        Some(())
    }

    fn fact_fields(
        &mut self,
        record: &CaseRecord,
        table: FactTable,
        cells: &mut Cells,
    ) -> Option<()> {
        let is_marked = |field: &CaseField| matches!(field, CaseField::Investigational { .. });
        // What a test does not call a study drug is none; a field with words is just not recorded.
        if table == FactTable::Treatments && !record.fields.iter().any(is_marked) {
            cells.push(("investigational", Arc::from("no")));
        }
        for field in &record.fields {
            let allowed = match field {
                CaseField::Investigational { yes, .. } if table == FactTable::Treatments => {
                    let word = yes.map(|yes| if yes { "yes" } else { "no" });
                    cells.extend(word.map(|word| ("investigational", Arc::from(word))));
                    continue;
                }
                CaseField::Judged { .. } if table == FactTable::AdverseEvents => {
                    cells.extend(judged_cell(field));
                    continue;
                }
                CaseField::Word { field, .. } => column_of(table, &field.text),
                CaseField::Judged { .. }
                | CaseField::Investigational { .. }
                | CaseField::Limits { .. } => None,
            };
            let (Some((column, words)), CaseField::Word { field, value }) = (allowed, field) else {
                self.field_does_not_fit(field, table_word(table));
                return None;
            };
            if column == "grade" {
                self.grade_of_case(value)?;
            } else if words.is_empty() {
                self.tables.field_words.note(&field.text, value);
            }
            if !words.is_empty() && !words.contains(&value.text.as_str()) {
                let mut diagnostic = Diagnostic::new(
                    &rules::E0310_UNKNOWN_LEVEL,
                    value.span,
                    format!("`{}` is no {}", value.text, field.text),
                )
                .label(format!("one of {}", words.join(", ")));
                if let Some(near) = closest(&value.text, words.iter().copied()) {
                    diagnostic = diagnostic.suggest(format!("write `{near}`"), value.span, near);
                }
                self.sink.push(diagnostic);
                return None;
            }
            let line = value.text.parse::<u8>().unwrap_or(0);
            if column == "line" && !(1..=99).contains(&line) {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0310_UNKNOWN_LEVEL,
                        value.span,
                        format!("`{}` is no line of treatment", value.text),
                    )
                    .label("a number from 1, the first line, to 99"),
                );
                return None;
            }
            cells.push((column, Arc::from(value.text.as_str())));
        }
        Some(())
    }

    /// The one time of a milestone, a value or a procedure.
    fn moment_of(
        &mut self,
        record: &CaseRecord,
        cells: &mut Cells,
        times: &mut Times,
        what: &str,
    ) -> Option<()> {
        let Some(time) = &record.time else {
            return Some(());
        };
        let (Some(on), "on") = (&time.from, time.word.text.as_str()) else {
            self.wrong_time(time, &format!("{what} has one time"), "on");
            return None;
        };
        times.push((self.moment(on)?, on.span));
        cells.push(("time", Arc::from(on.text.as_str())));
        Some(())
    }

    /// From when until when a fact was so.
    fn span_of(
        &mut self,
        record: &CaseRecord,
        table: FactTable,
        cells: &mut Cells,
        times: &mut Times,
    ) -> Option<()> {
        let (begin, end) = match table {
            FactTable::Procedures | FactTable::Results => {
                return self.moment_of(record, cells, times, "a procedure");
            }
            FactTable::Conditions => ("onset", Some("abatement")),
            FactTable::Treatments => ("start", Some("end")),
            FactTable::Allergies => ("onset", None),
            FactTable::AdverseEvents => ("onset", Some("end")),
        };
        let Some(time) = &record.time else {
            return Some(());
        };
        let is_day = time.word.text == "on";
        if is_day && !matches!(table, FactTable::Treatments | FactTable::AdverseEvents) {
            let what = format!("{} goes on", table_word(table));
            self.wrong_time(time, &what, "since");
            return None;
        }
        let to = if is_day { &time.from } else { &time.to };
        if let (Some(to), None) = (to, end) {
            self.record_does_not_fit(
                to.span,
                "an allergy has no end",
                "does not belong here",
                None,
            );
            return None;
        }
        let mut ends = [None, None];
        for ((name, column), place) in [(&time.from, Some(begin)), (to, end)]
            .into_iter()
            .zip(&mut ends)
        {
            if let (Some(name), Some(column)) = (name, column) {
                let when = self.moment(name)?;
                times.push((when, name.span));
                cells.push((column, Arc::from(name.text.as_str())));
                *place = Some((when, name.span));
            }
        }
        if let [Some(from), Some(to)] = ends {
            self.in_order(from, to)?;
        }
        Some(())
    }

    fn wrong_time(&mut self, time: &CaseTime, message: &str, word: &str) {
        let mut diagnostic = Diagnostic::new(
            &rules::E0543_RECORD_DOES_NOT_FIT,
            time.span,
            message.to_owned(),
        )
        .label(format!("`{}` does not fit", time.word.text));
        if let (Some(from), None) = (&time.from, &time.to) {
            diagnostic = diagnostic.suggest(
                format!("write `{word} {}`", from.text),
                time.span,
                format!("{word} {}", from.text),
            );
        }
        self.sink.push(diagnostic);
    }

    fn field_does_not_fit(&mut self, field: &CaseField, what: &str) {
        let (span, said) = match field {
            CaseField::Limits { span, .. } => (*span, "no limits of normal".to_owned()),
            CaseField::Investigational { span, .. } => {
                (*span, "no mark `investigational`".to_owned())
            }
            CaseField::Word { field, .. } => (field.span, format!("no {}", field.text)),
            CaseField::Judged {
                attribute, span, ..
            } => (*span, format!("no mark `{}`", attribute.words())),
        };
        self.record_does_not_fit(
            span,
            &format!("{what} has {said}"),
            "does not belong here",
            None,
        );
    }

    fn record_does_not_fit(
        &mut self,
        span: Span,
        message: &str,
        label: &str,
        declared: Option<Span>,
    ) {
        let mut diagnostic =
            Diagnostic::new(&rules::E0543_RECORD_DOES_NOT_FIT, span, message).label(label);
        if let Some(declared) = declared {
            diagnostic = diagnostic.also(declared, "declared here");
        }
        self.sink.push(diagnostic);
    }
}

fn quantity(amount: &CaseAmount) -> Quantity {
    Quantity {
        number: amount.number.clone(),
        unit: amount.unit.clone(),
        percent_points: false,
        span: amount.span,
    }
}

/// Whether a plain number is a value of this kind, without a factor that could be forgotten.
fn is_plain_number(shape: &QuantityShape) -> bool {
    let one = Exact::one();
    Unit::parse("1").is_ok_and(|plain| {
        let own = plain.convert(&one, &shape.unit, Some(&shape.analyte));
        own.is_ok_and(|own| own == one)
    })
}

/// The column of a field, and the words that may stand in it; any word if there are none.
fn column_of(table: FactTable, field: &str) -> Option<(&'static str, &'static [&'static str])> {
    Some(match (table, field) {
        (FactTable::Conditions | FactTable::Allergies, "severity") => ("severity", SEVERITIES),
        (FactTable::Conditions, "status") => ("status", &["active", "remission", "resolved"]),
        (FactTable::Conditions | FactTable::Procedures, "body_site") => ("body_site", &[]),
        (FactTable::Treatments, "outcome") => (
            "outcome",
            &["response", "no_response", "relapse", "intolerance"],
        ),
        (FactTable::Treatments, "line") => ("line", &[]),
        (FactTable::Treatments, "route") => ("route", &[]),
        (FactTable::Treatments, "indication") => ("indication", &[]),
        (FactTable::AdverseEvents, "grade") => ("grade", &[]),
        (FactTable::AdverseEvents, "scale") => ("scale", &[]),
        (FactTable::AdverseEvents, "related") => ("related", &[]),
        _ => return None,
    })
}

/// A frequency as the tables write it.
fn frequency_word(written: &str) -> &'static str {
    let words: Vec<&str> = written.split_whitespace().collect();
    match words.as_slice() {
        ["twice" | "two", ..] => "twice_daily",
        ["three", ..] => "three_times_daily",
        ["four", ..] => "four_times_daily",
        ["every", "other", ..] => "every_other_day",
        ["every", ..] => "every_2_weeks",
        [.., "weekly"] => "weekly",
        _ => "daily",
    }
}
