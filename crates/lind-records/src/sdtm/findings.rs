//! Findings: laboratory results, vital signs, electrocardiograms, questionnaires and their like.

use lind_units::Decimal;

use super::record::Record;
use super::subjects::Subjects;
use super::variables::Variable;
use crate::found::Lost;
use crate::intake::Intake;
use crate::{Table, rules};

/// What stands in the columns of a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Reading<'r> {
    comparator: &'r str,
    value: &'r str,
    /// A result in words.
    result: &'r str,
}

/// A result that may be a number, a number with a sign before it, or words.
fn read(text: &str) -> Reading<'_> {
    let (comparator, rest) = split(text);
    if is_number(rest) || (!comparator.is_empty() && is_titre(rest)) {
        return Reading {
            comparator,
            value: rest,
            result: "",
        };
    }
    Reading {
        result: text,
        ..Reading::default()
    }
}

/// A sign, and what it stands before.
fn split(text: &str) -> (&str, &str) {
    for sign in ["<=", ">=", "=<", "=>", "≤", "≥", "<", ">"] {
        if let Some(rest) = text.strip_prefix(sign) {
            return (sign, rest.trim_start());
        }
    }
    ("", text)
}

fn is_number(text: &str) -> bool {
    Decimal::parse(text).is_ok()
}

fn is_titre(text: &str) -> bool {
    text.strip_prefix("1:").is_some_and(is_number)
}

/// The result in standard units: a number where there is one, which words may stand beside (the
/// answer to a question, and its score).
fn standard<'r>(number: &'r str, text: &'r str) -> Reading<'r> {
    let words = read(text);
    if number.is_empty() || !words.comparator.is_empty() {
        return words;
    }
    let (sign, _) = split(text);
    if !sign.is_empty() {
        // `<BLQ`: the number beside it was put in its place.
        return words;
    }
    Reading {
        comparator: "",
        value: number,
        result: words.result,
    }
}

/// Takes a record.
pub(crate) fn take(record: &Record<'_>, subjects: &Subjects, intake: &mut Intake) {
    const CODE: usize = Table::Observations.column("code");
    const TIME: usize = Table::Observations.column("time");
    const VALUE: usize = Table::Observations.column("value");
    const UNIT: usize = Table::Observations.column("unit");
    const COMPARATOR: usize = Table::Observations.column("comparator");
    const LOW: usize = Table::Observations.column("low");
    const HIGH: usize = Table::Observations.column("high");
    const RESULT: usize = Table::Observations.column("result");
    const SPECIMEN: usize = Table::Observations.column("specimen");
    const METHOD: usize = Table::Observations.column("method");
    const SOURCE: usize = Table::Observations.column("source");
    const BODY_SITE: usize = Table::Observations.column("body_site");
    const STATUS: usize = Table::Observations.column("status");

    let codes = record.codes(&[Variable::Test, Variable::Loinc]);
    let number = record.get(Variable::StandardNumber);
    let text = record.get(Variable::Standard);
    let original = record.get(Variable::Original);
    let is_standard = !(number.is_empty() && text.is_empty());
    let reading = if is_standard {
        standard(number, text)
    } else {
        read(original)
    };
    let was_done = record.get(Variable::Status).is_empty();
    if !was_done && reading != Reading::default() {
        let (status, result) = (
            record.layout.name(Variable::Status),
            record.layout.name(Variable::Original),
        );
        intake.lost(&Lost {
            tables: &[Table::Observations],
            patient: Some(record.subject()),
            codes: &codes,
            rule: &rules::D0786_NOT_ASKED,
            column: None,
            message: format!("`{status}` says that this was not done, and `{result}` has a result"),
            origin: record.origin(),
        });
        return;
    }

    let mut found = record.found(Table::Observations);
    let subject = subjects.get(record.subject());
    let time = record.time(Variable::Date, Variable::Day, subject, intake);
    let body_site = record.body_site();
    found
        .set(CODE, &codes)
        .set(TIME, &time)
        .set(VALUE, reading.value)
        .set(COMPARATOR, reading.comparator)
        .set(RESULT, reading.result)
        .set(SPECIMEN, record.get(Variable::Specimen))
        .set(METHOD, record.get(Variable::Method))
        .set(SOURCE, record.get(Variable::Evaluator))
        .set(BODY_SITE, &body_site);
    if !was_done {
        found.set(STATUS, "cancelled");
    }
    if !reading.value.is_empty() {
        // Standard results have standard units and limits, and original ones their own.
        let [unit, low, high] = if is_standard {
            [
                Variable::StandardUnit,
                Variable::StandardLow,
                Variable::StandardHigh,
            ]
        } else {
            [
                Variable::OriginalUnit,
                Variable::OriginalLow,
                Variable::OriginalHigh,
            ]
        };
        found.set(UNIT, record.get(unit));
        for (column, variable) in [(LOW, low), (HIGH, high)] {
            let limit = record.get(variable);
            if limit.is_empty() || is_number(limit) {
                found.set(column, limit);
            } else if intake.wants(Table::Observations) {
                let name = record.layout.name(variable);
                let message =
                    format!("`{name}` is no number; the result is used without this limit");
                record.remark(&rules::D0788_LEFT_OUT, message, intake);
            }
        }
    }
    record.hand_over(&found, intake);
}

/// The two units that are written in the terminology of SDTM as other units are in UCUM.
pub(crate) const UNITS: [(&str, &str); 2] = [("C", "Cel"), ("F", "[degF]")];

#[cfg(test)]
mod tests {
    use super::{Reading, read, standard};

    fn of<'r>(comparator: &'r str, value: &'r str, result: &'r str) -> Reading<'r> {
        Reading {
            comparator,
            value,
            result,
        }
    }

    #[test]
    fn a_result_is_a_number_a_bound_or_words() {
        assert_eq!(read("13.5"), of("", "13.5", ""));
        assert_eq!(read("<0.2"), of("<", "0.2", ""));
        assert_eq!(read("≥ 40"), of("≥", "40", ""));
        assert_eq!(read(">1:80"), of(">", "1:80", ""));
        assert_eq!(read("1:80"), of("", "", "1:80"));
        assert_eq!(read("N"), of("", "", "N"));
        assert_eq!(read("2+"), of("", "", "2+"));
        assert_eq!(read("<BLQ"), of("", "", "<BLQ"));
        assert_eq!(read(""), of("", "", ""));
    }

    #[test]
    fn a_bound_is_not_replaced_by_the_number_beside_it() {
        assert_eq!(standard("0.2", "<0.2"), of("<", "0.2", ""));
        assert_eq!(standard("0", "<BLQ"), of("", "", "<BLQ"));
        assert_eq!(standard("38", "38"), of("", "38", ""));
        assert_eq!(standard("3", "SEVERE"), of("", "3", "SEVERE"));
        assert_eq!(standard("", "POSITIVE"), of("", "", "POSITIVE"));
    }
}
