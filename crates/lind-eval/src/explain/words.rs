//! Names, numbers, times and quantities in words.

use lind_model::MilestoneId;
use lind_model::protocol::{Comparison, Interval, Lasting, Measure, Shape};
use lind_model::verdict::FactUsed;
use lind_records::{Chart, Comparator, Incompleteness, Observation, Provenance, SetAside, Table};
use lind_time::{Precision, When};
use lind_units::{Exact, Unit};

use crate::rows::{End, Fields, Row};
use crate::values::Bound;
use crate::view::View;

/// Digits after the point that a computed number shows.
const FRACTION_DIGITS: usize = 6;

/// A name of the protocol as it is read aloud.
pub(crate) fn spoken(name: &str) -> String {
    name.replace('_', " ")
}

/// A number, its end cut and marked if it is long.
pub(crate) fn number(value: &Exact) -> String {
    value.to_decimal_text(FRACTION_DIGITS)
}

/// A number with its unit.
pub(crate) fn quantity(value: &str, unit: &Unit) -> String {
    match unit.written() {
        "1" | "" => value.to_owned(),
        written => format!("{value} {written}"),
    }
}

/// `on 2024-05-02`, `in 2024-05`.
pub(crate) fn on(when: &When) -> String {
    if when.is_span() {
        return match (when.earliest(), when.latest()) {
            (Some(first), Some(last)) => format!("between {first} and {last}"),
            (Some(first), None) => format!("on {first} or later"),
            (None, Some(last)) => format!("on {last} or earlier"),
            (None, None) => "at an unknown time".to_owned(),
        };
    }
    if when.precision() >= Precision::Day {
        format!("on {when}")
    } else {
        format!("in {when}")
    }
}

/// The same for a time that may be missing.
pub(crate) fn on_or_undated(when: Option<When>) -> String {
    when.map_or_else(|| "without a date".to_owned(), |when| on(&when))
}

/// `observations.csv line 12`, `export.ndjson line 7 (Observation/f001)`
pub(crate) fn place(chart: &Chart, at: Provenance) -> String {
    let place = format!("{} line {}", chart.sources.file(at), at.line);
    match chart.sources.record(at) {
        Some(record) => format!("{place} ({record})"),
        None => place,
    }
}

/// A fact that was used. What the mapping file says of it, and not the row, is marked.
pub(crate) fn used(chart: &Chart, mut text: String, at: Provenance) -> FactUsed {
    for told in chart.by_mapping.iter().filter(|told| told.at == at) {
        let what = match told.column {
            "high" => "limits",
            column => column,
        };
        text.push_str(&format!(
            ", its {what} by line {} of the mapping file",
            told.line
        ));
    }
    FactUsed {
        text,
        file: chart.sources.file(at).to_owned(),
        line: at.line,
        record: chart.sources.record(at).map(str::to_owned),
    }
}

/// Whether something began and ended on one known day.
fn is_one_day(begin: Option<When>, end: When) -> bool {
    begin == Some(end) && end.precision() == Precision::Day
}

/// `a hemoglobin`, `an alt`
pub(crate) fn with_article(name: &str) -> String {
    let is_open = name
        .chars()
        .next()
        .is_some_and(|first| matches!(first.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o'));
    format!("{} {name}", if is_open { "an" } else { "a" })
}

/// `1 value`, `3 values`
pub(crate) fn counted(count: usize, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}

/// Parts of a sentence, joined; more than three are counted.
pub(crate) fn listed(parts: &[String]) -> String {
    match parts {
        [first, second, third, _, ..] => format!(
            "{first}; {second}; {third}; and {} more",
            parts.len().saturating_sub(3)
        ),
        _ => parts.join("; "),
    }
}

const fn comparator(comparator: Option<Comparator>) -> &'static str {
    match comparator {
        None => "",
        Some(Comparator::Below) => "< ",
        Some(Comparator::AtMost) => "<= ",
        Some(Comparator::Above) => "> ",
        Some(Comparator::AtLeast) => ">= ",
    }
}

/// `2 years`, `more than 6 months`
pub(crate) fn lasting(lasting: Lasting) -> String {
    format!("{} {}", comparison(lasting.comparison), lasting.length)
}

const fn comparison(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::AtLeast => "at least",
        Comparison::AtMost => "at most",
        Comparison::MoreThan => "more than",
        Comparison::LessThan => "less than",
        Comparison::Equal => "exactly",
    }
}

/// What a test asks: `at least 90 g/L`.
pub(crate) fn asked(interval: &Interval, limit: &dyn Fn(&Exact) -> String) -> String {
    match (&interval.low, &interval.high) {
        (Some((low, closed)), None) => {
            format!(
                "{} {}",
                if *closed { "at least" } else { "more than" },
                limit(low)
            )
        }
        (None, Some((high, closed))) => {
            format!(
                "{} {}",
                if *closed { "at most" } else { "below" },
                limit(high)
            )
        }
        (Some((low, true)), Some((high, true))) if low == high => limit(low),
        (Some((low, low_closed)), Some((high, high_closed))) => format!(
            "between {} and {}, {}",
            limit(low),
            limit(high),
            included(*low_closed, *high_closed)
        ),
        (None, None) => "anything".to_owned(),
    }
}

const fn included(low: bool, high: bool) -> &'static str {
    match (low, high) {
        (true, true) => "both included",
        (false, false) => "both excluded",
        (true, false) => "the upper end excluded",
        (false, true) => "the lower end excluded",
    }
}

/// How a value stands to an interval: `is below 90 g/L`. `below` and `above` say on which side of it the
/// value lies, if it lies outside.
pub(crate) fn relation(
    interval: &Interval,
    below: bool,
    above: bool,
    limit: &dyn Fn(&Exact) -> String,
) -> String {
    let end = |bound: &Option<Bound>, closed: &str, open: &str| {
        bound.as_ref().map(|(value, is_closed)| {
            format!(
                "is {} {}",
                if *is_closed { closed } else { open },
                limit(value)
            )
        })
    };
    let outside = if below {
        end(&interval.low, "below", "not more than")
    } else if above {
        end(&interval.high, "more than", "not below")
    } else {
        None
    };
    let exactly = interval.low.is_some() && interval.low == interval.high;
    match outside {
        Some(_) if exactly => format!("is not {}", asked(interval, limit)),
        Some(text) => text,
        None => format!("is {}", asked(interval, limit)),
    }
}

/// Why the sex (`sex`) or the date of birth (`birth_date`) is not known, which `called` names: the row
/// of the patient cannot be used, or says nothing.
pub(crate) fn lost_of_patient(chart: &Chart, column: &str, called: &str) -> String {
    let lost = chart
        .set_aside
        .iter()
        .find(|row| row.table == Table::Patients && row.column.is_none_or(|other| other == column));
    match lost {
        Some(row) => format!(
            "{called} is not known: {} cannot be used: {}",
            place(chart, row.at),
            row.problem.message
        ),
        None => format!("{called} is not recorded"),
    }
}

impl View<'_> {
    /// The gate, with its day: `screening (2024-05-09)`.
    pub(crate) fn gate_text(&self) -> String {
        format!("{} ({})", self.milestone(self.gate), self.time)
    }

    /// The name of a milestone.
    pub(crate) fn milestone(&self, id: MilestoneId) -> String {
        self.program
            .protocol()
            .milestones
            .get(id.index())
            .map_or_else(String::new, |milestone| spoken(&milestone.name))
    }

    /// The result of an observation as it stands, a declared word as it is declared: `85 g/L`, `negative`,
    /// `IV`.
    pub(crate) fn result(&self, measure: Option<&Measure>, row: &Observation) -> String {
        let unit = row.unit.and_then(|unit| self.context.units.get(unit));
        match (row.value, row.result) {
            (Some(value), _) => {
                let number = match row.to {
                    Some(to) => format!("{value} to {to}"),
                    None => format!("{}{value}", comparator(row.comparator)),
                };
                match unit {
                    Some(unit) => quantity(&number, unit),
                    None => number,
                }
            }
            (None, Some(result)) => {
                let declared: &[_] = match measure.map(|measure| &measure.shape) {
                    Some(Shape::Tags(words)) => return self.tags_text(words, result),
                    Some(Shape::Ordinal(words) | Shape::Coded(words)) => words,
                    _ => &[],
                };
                let symbols = self.context.symbols;
                declared
                    .iter()
                    .find(|word| symbols.get(word) == Some(result))
                    .map_or(symbols.text(result), AsRef::as_ref)
                    .to_owned()
            }
            (None, None) => "without a result".to_owned(),
        }
    }

    /// An observation as it stands, with its time.
    pub(crate) fn observed(
        &self,
        name: &str,
        measure: Option<&Measure>,
        row: &Observation,
    ) -> String {
        format!(
            "{name} {} {}",
            self.result(measure, row),
            on_or_undated(row.time)
        )
    }

    /// A row that could not be used, and why.
    pub(crate) fn set_aside_text(&self, row: &SetAside) -> String {
        format!(
            "{} cannot be used: {}",
            place(self.chart, row.at),
            row.problem.message
        )
    }

    /// Why a row that is not there says nothing.
    pub(crate) fn gap_text(&self, table: Table, gap: Incompleteness) -> String {
        let name = spoken(table.name());
        match gap {
            Incompleteness::TableAbsent => format!("there is no table of {name}"),
            Incompleteness::TableUnreadable => format!("the table of {name} cannot be read"),
            Incompleteness::DeclaredForTable => {
                format!("the table of {name} does not hold everything, dataset.toml says")
            }
            Incompleteness::DeclaredForCode => {
                format!("the table of {name} does not hold all of this kind, dataset.toml says")
            }
            Incompleteness::NotDeclared => {
                format!("nothing says that the data hold all {name}; dataset.toml can say so")
            }
            Incompleteness::RowsOfUnknownPatients => {
                format!("rows of the table of {name} do not tell whose they are")
            }
        }
    }

    /// A row of a table of facts: `atc|L04AX03 from 2023-01-02 to 2023-09-30`.
    pub(crate) fn row(&self, row: &Row<'_>) -> String {
        if let Fields::Result(result) = row.fields {
            return self.result_text(result);
        }
        let text = self.row_with_times(row);
        match row.fields {
            Fields::AdverseEvent(event) => {
                let mut said = self.event_words(event);
                if said.is_empty() {
                    return text;
                }
                said.insert_str(0, " (");
                said.push(')');
                text + &said
            }
            _ => text,
        }
    }

    fn row_with_times(&self, row: &Row<'_>) -> String {
        let code = self.context.dictionary.meant(row.code);
        let begin = row.begin.map(|begin| begin.to_string());
        match (begin, row.end) {
            (_, End::AtOnce) => format!("{code} {}", on_or_undated(row.begin)),
            (Some(begin), End::At(end)) if is_one_day(row.begin, end) => {
                format!("{code} on {begin}")
            }
            (Some(begin), End::At(end)) if end.latest().is_none() => {
                format!("{code} since {begin}, and whether it is over is not recorded")
            }
            (None, End::At(end)) if end.latest().is_none() => {
                format!("{code}, and neither when it began nor whether it is over is recorded")
            }
            (Some(begin), End::At(end)) if end.is_span() => {
                format!("{code} since {begin}, over since an unknown time")
            }
            (None, End::At(end)) if end.is_span() => {
                format!("{code}, over since an unknown time")
            }
            (Some(begin), End::At(end)) => format!("{code} from {begin} to {end}"),
            (None, End::At(end)) => format!("{code} until {end}, begun at an unknown time"),
            (Some(begin), End::Ongoing) => format!("{code} since {begin}"),
            (None, End::Ongoing) => format!("{code}, begun at an unknown time"),
            (Some(begin), End::Sometime) => {
                format!("{code} since {begin}, over since an unknown time")
            }
            (None, End::Sometime) => format!("{code}, over since an unknown time"),
        }
    }
}
