//! Results of tests as JSON, schema `lind.test/1`.

use lind_diagnostics::Span;
use lind_model::cases::{Coverage, CoveredPlace, Fate, Mutant};
use lind_model::{Explanation, ReadingId};
use serde::Serialize;

use crate::cases::coverage::{Reached, own};
use crate::cases::{TestReport, per_cent};
use crate::json::line;
use crate::names;
use crate::why::{WirePart, wire_part};

/// The name and version of the format. The version rises when a field goes or changes its meaning; new
/// fields may come at any time.
const SCHEMA: &str = "lind.test/1";

#[derive(Serialize)]
struct WireTests<'a> {
    schema: &'static str,
    protocol: &'a str,
    file: &'a str,
    passed: usize,
    failed: usize,
    tests: Vec<WireTest<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<WireCoverage<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mutations: Option<WireMutations<'a>>,
}

#[derive(Serialize)]
struct WireTest<'a> {
    title: &'a str,
    passed: bool,
    place: WirePlace<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<WireFailure<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unusable: Vec<WireProblem<'a>>,
}

#[derive(Serialize)]
struct WireFailure<'a> {
    subject: String,
    gate: String,
    expected: String,
    found: String,
    because: String,
    place: WirePlace<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<WirePart<'a>>,
}

#[derive(Serialize)]
struct WireProblem<'a> {
    message: &'a str,
    place: WirePlace<'a>,
}

#[derive(Serialize)]
struct WireCoverage<'a> {
    /// Places that were met and not met.
    both: usize,
    /// Answers that tests reach, of those that places can have, as the protocol chooses its readings.
    reached: usize,
    possible: usize,
    places: Vec<WireCovered<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    readings: Vec<WireReading<'a>>,
}

#[derive(Serialize)]
struct WireReading<'a> {
    reading: &'a str,
    alternative: &'a str,
    chosen: bool,
    tests: u32,
}

#[derive(Serialize)]
struct WireUnder<'a> {
    reading: &'a str,
    alternative: &'a str,
}

#[derive(Serialize)]
struct WireCovered<'a> {
    criterion: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    /// `if`, `unless`, `where`, `then`, `otherwise`, `only`: which branch it is.
    #[serde(skip_serializing_if = "str::is_empty")]
    role: &'a str,
    text: &'a str,
    depth: usize,
    /// The alternatives that put it in place, where the protocol chooses others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    under: Vec<WireUnder<'a>>,
    met: u32,
    not_met: u32,
    open: u32,
    not_applicable: u32,
    /// The answers that it can have and no test has reached.
    never: Vec<&'static str>,
    place: WirePlace<'a>,
}

#[derive(Serialize)]
struct WireMutations<'a> {
    noticed: usize,
    survived: usize,
    equivalent: usize,
    /// In whole per cent, rounded down.
    score: usize,
    mutations: Vec<WireMutant<'a>>,
}

#[derive(Serialize)]
struct WireMutant<'a> {
    /// The criteria that lean on the line.
    criteria: Vec<&'a str>,
    change: &'a str,
    /// What the condition would say.
    #[serde(skip_serializing_if = "Option::is_none")]
    turned: Option<&'a str>,
    /// `noticed`, `survived` or `equivalent`.
    fate: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    place: WirePlace<'a>,
}

#[derive(Serialize)]
struct WirePlace<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

/// The results of a file as JSON in one line without a line break at its end.
#[must_use]
pub fn tests_json(report: &TestReport<'_>) -> String {
    let failed = report.failed();
    let tests = report
        .pairs()
        .map(|(test, result)| WireTest {
            title: &test.title,
            passed: result.passed(),
            place: place(report, test.span),
            failures: result
                .failures
                .iter()
                .filter_map(|failure| {
                    let words = report.failure(test, failure)?;
                    Some(WireFailure {
                        place: place(report, words.span),
                        subject: words.subject,
                        gate: words.gate,
                        expected: words.expected,
                        found: words.found,
                        because: words.because,
                        evidence: failure
                            .explanation
                            .as_ref()
                            .map(|part| evidence(report, part)),
                    })
                })
                .collect(),
            unusable: result
                .problems
                .iter()
                .map(|(span, message)| WireProblem {
                    message,
                    place: place(report, *span),
                })
                .collect(),
        })
        .collect();
    line(&WireTests {
        schema: SCHEMA,
        protocol: &report.plan.protocol.id,
        file: report.file,
        passed: report.results.len().saturating_sub(failed),
        failed,
        tests,
        coverage: report.coverage.map(|own| coverage(report, own)),
        mutations: report.mutants.map(|mutants| mutations(report, mutants)),
    })
}

fn evidence<'a>(report: &TestReport<'a>, explanation: &'a Explanation) -> WirePart<'a> {
    wire_part(report.files, explanation)
}

fn coverage<'a>(report: &TestReport<'a>, coverage: &'a Coverage) -> WireCoverage<'a> {
    let reached = Reached::of(own(coverage));
    WireCoverage {
        both: own(coverage)
            .filter(|place| place.tests.met > 0 && place.tests.not_met > 0)
            .count(),
        reached: reached.reached,
        possible: reached.possible,
        places: coverage
            .places
            .iter()
            .map(|place| covered(report, place))
            .collect(),
        readings: coverage
            .readings
            .iter()
            .filter_map(|found| {
                let under = under(report, found.reading, found.alternative)?;
                Some(WireReading {
                    reading: under.reading,
                    alternative: under.alternative,
                    chosen: found.is_chosen,
                    tests: found.tests,
                })
            })
            .collect(),
    }
}

fn under<'a>(
    report: &TestReport<'a>,
    reading: ReadingId,
    alternative: usize,
) -> Option<WireUnder<'a>> {
    let reading = report.plan.protocol.readings.get(reading.index())?;
    Some(WireUnder {
        reading: &reading.name,
        alternative: &reading.alternatives.get(alternative)?.name,
    })
}

fn covered<'a>(report: &TestReport<'a>, covered: &'a CoveredPlace) -> WireCovered<'a> {
    WireCovered {
        criterion: names::criterion_id(report.plan, covered.criterion),
        label: &covered.label,
        role: &covered.role,
        text: &covered.text,
        depth: covered.depth,
        under: covered
            .under
            .iter()
            .filter_map(|(reading, alternative)| under(report, *reading, *alternative))
            .collect(),
        met: covered.tests.met,
        not_met: covered.tests.not_met,
        open: covered.tests.open,
        not_applicable: covered.tests.not_applicable,
        never: covered.missing(),
        place: place(report, covered.span),
    }
}

fn mutations<'a>(report: &TestReport<'a>, mutants: &'a [Mutant]) -> WireMutations<'a> {
    let count = |fate: &str| {
        mutants
            .iter()
            .filter(|mutant| fate_word(mutant.fate) == fate)
            .count()
    };
    let (noticed, survived) = (count("noticed"), count("survived"));
    WireMutations {
        noticed,
        survived,
        equivalent: count("equivalent"),
        score: per_cent(noticed, noticed + survived),
        mutations: mutants
            .iter()
            .map(|mutant| WireMutant {
                criteria: mutant
                    .criteria
                    .iter()
                    .map(|id| names::criterion_id(report.plan, *id))
                    .collect(),
                change: &mutant.change,
                turned: mutant.turned.as_deref(),
                fate: fate_word(mutant.fate),
                by: match mutant.fate {
                    Fate::Killed(case) => report.tests.get(case).map(|test| &*test.title),
                    Fate::Survived | Fate::Equivalent => None,
                },
                place: place(report, mutant.span),
            })
            .collect(),
    }
}

const fn fate_word(fate: Fate) -> &'static str {
    match fate {
        Fate::Killed(_) => "noticed",
        Fate::Survived => "survived",
        Fate::Equivalent => "equivalent",
    }
}

fn place<'a>(report: &TestReport<'a>, span: Span) -> WirePlace<'a> {
    let position = report.files.line_column(span.file, span.start);
    WirePlace {
        file: report.files.name(span.file),
        line: position.line,
        column: position.column,
    }
}
