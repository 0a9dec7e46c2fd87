//! What data hold, as one object with the schema `lind.data-check/1`.

use serde::Serialize;

use super::{Coverage, DataCheck};
use crate::json;

#[derive(Serialize)]
struct Wire<'a> {
    schema: &'static str,
    source: &'a str,
    form: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept_from: Option<&'a str>,
    patients: Patients,
    kinds: Vec<Kind<'a>>,
    codes: Vec<Code<'a>>,
    more_codes: u64,
    unknown_units: Vec<UnknownUnit<'a>>,
    mapping: Vec<MappingLine<'a>>,
    problems: Vec<ProblemKind<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Covered<'a>>,
}

#[derive(Serialize)]
struct Patients {
    count: u64,
    with_sex: u64,
    with_birth: u64,
    with_death: u64,
}

#[derive(Serialize)]
struct Kind<'a> {
    table: &'a str,
    read: u64,
    used: u64,
    patients: u64,
    first: Option<&'a str>,
    last: Option<&'a str>,
    partial: u64,
    undated: u64,
    duplicates: u64,
    withdrawn: u64,
    later: u64,
    set_aside: u64,
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    incomplete_because: Option<&'a str>,
}

#[derive(Serialize)]
struct Code<'a> {
    table: &'a str,
    code: &'a str,
    rows: u64,
    patients: u64,
    numbers: u64,
    without_limits: u64,
    beyond: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<bool>,
    units: Vec<Unit<'a>>,
}

#[derive(Serialize)]
struct Unit<'a> {
    unit: Option<&'a str>,
    rows: u64,
    lowest: Option<&'a str>,
    middle: Option<&'a str>,
    highest: Option<&'a str>,
}

#[derive(Serialize)]
struct UnknownUnit<'a> {
    code: &'a str,
    text: &'a str,
    rows: u64,
}

#[derive(Serialize)]
struct MappingLine<'a> {
    line: u32,
    section: &'a str,
    says: &'a str,
    rows: u64,
}

#[derive(Serialize)]
struct ProblemKind<'a> {
    code: &'a str,
    severity: &'a str,
    summary: &'a str,
    count: u64,
    places: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: u32,
    message: &'a str,
}

#[derive(Serialize)]
struct Covered<'a> {
    protocol: &'a str,
    criteria: Vec<Criterion<'a>>,
    needs: Vec<Need<'a>>,
}

#[derive(Serialize)]
struct Criterion<'a> {
    id: &'a str,
    title: &'a str,
    met: u64,
    not_met: u64,
    unknown: u64,
    needs_judgement: u64,
    pending: u64,
    reasons: Vec<Reason<'a>>,
}

#[derive(Serialize)]
struct Reason<'a> {
    reason: &'a str,
    patients: u64,
    example: &'a str,
}

#[derive(Serialize)]
struct Need<'a> {
    kind: &'a str,
    name: &'a str,
    table: &'a str,
    patients: u64,
    usable: u64,
    faults: Vec<Count<'a>>,
    units: Vec<Count<'a>>,
    codes: Vec<Count<'a>>,
}

#[derive(Serialize)]
struct Count<'a> {
    what: &'a str,
    rows: u64,
}

/// What data hold, what is wrong with them and what they can decide, as one object.
#[must_use]
pub fn data_check_json(check: &DataCheck) -> String {
    let [with_sex, with_birth, with_death] = check.known;
    let wire = Wire {
        schema: "lind.data-check/1",
        source: &check.source,
        form: &check.form,
        kept_from: check.kept_from.as_deref(),
        patients: Patients {
            count: check.patients,
            with_sex,
            with_birth,
            with_death,
        },
        kinds: check
            .kinds
            .iter()
            .map(|kind| Kind {
                table: kind.table,
                read: kind.read,
                used: kind.used,
                patients: kind.patients,
                first: kind.span.as_ref().map(|(first, _)| first.as_str()),
                last: kind.span.as_ref().map(|(_, last)| last.as_str()),
                partial: kind.partial,
                undated: kind.undated,
                duplicates: kind.duplicates,
                withdrawn: kind.withdrawn,
                later: kind.later,
                set_aside: kind.set_aside,
                complete: kind.complete.is_ok(),
                incomplete_because: kind.complete.err(),
            })
            .collect(),
        codes: check
            .codes
            .iter()
            .map(|code| Code {
                table: code.table,
                code: &code.code,
                rows: code.rows,
                patients: code.patients,
                numbers: code.numbers,
                without_limits: code.without_limits,
                beyond: code.beyond,
                asked: code.is_asked,
                units: code
                    .units
                    .iter()
                    .map(|unit| {
                        let spread = unit.spread.as_ref();
                        Unit {
                            unit: Some(unit.unit.as_str()).filter(|unit| !unit.is_empty()),
                            rows: unit.rows,
                            lowest: spread.map(|[lowest, _, _]| lowest.as_str()),
                            middle: spread.map(|[_, middle, _]| middle.as_str()),
                            highest: spread.map(|[_, _, highest]| highest.as_str()),
                        }
                    })
                    .collect(),
            })
            .collect(),
        more_codes: check.more_codes,
        unknown_units: check
            .unknown_units
            .iter()
            .map(|unit| UnknownUnit {
                code: &unit.code,
                text: &unit.text,
                rows: unit.rows,
            })
            .collect(),
        mapping: check
            .mapping
            .iter()
            .map(|line| MappingLine {
                line: line.line,
                section: line.section,
                says: &line.says,
                rows: line.rows,
            })
            .collect(),
        problems: check
            .problems
            .iter()
            .map(|kind| ProblemKind {
                code: kind.code,
                severity: kind.severity,
                summary: kind.summary,
                count: kind.count,
                places: kind
                    .places
                    .iter()
                    .map(|(file, line, message)| Place {
                        file,
                        line: *line,
                        message,
                    })
                    .collect(),
            })
            .collect(),
        coverage: check.coverage.as_ref().map(covered),
    };
    let mut text = json::line(&wire);
    text.push('\n');
    text
}

fn covered(coverage: &Coverage) -> Covered<'_> {
    fn counts(items: &[(String, u64)]) -> Vec<Count<'_>> {
        let items = items.iter();
        items
            .map(|(what, rows)| Count { what, rows: *rows })
            .collect()
    }
    Covered {
        protocol: &coverage.protocol,
        criteria: coverage
            .criteria
            .iter()
            .map(|criterion| Criterion {
                id: &criterion.id,
                title: &criterion.title,
                met: criterion.met,
                not_met: criterion.not_met,
                unknown: criterion.unknown,
                needs_judgement: criterion.needs_judgement,
                pending: criterion.pending,
                reasons: criterion
                    .reasons
                    .iter()
                    .map(|(reason, patients, example)| Reason {
                        reason,
                        patients: *patients,
                        example,
                    })
                    .collect(),
            })
            .collect(),
        needs: coverage
            .needs
            .iter()
            .map(|need| Need {
                kind: need.kind,
                name: &need.name,
                table: need.table,
                patients: need.patients,
                usable: need.usable,
                faults: counts(&need.faults),
                units: counts(&need.units),
                codes: counts(&need.codes),
            })
            .collect(),
    }
}
