//! Equations that hold for every chart.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    dead_code,
    reason = "tests fail by panicking; the builder is shared with other tests"
)]

#[path = "eval/build.rs"]
mod build;
#[path = "eval/data.rs"]
mod data;

use build::*;
use data::{Data, Run};
use lind_eval::{Scratch, evaluate, evaluate_into, explain, reason};
use lind_model::protocol::{
    ChangeMode, Comparison, Condition, Direction, FactTable, Interval, Quantifier, Selector, Sex,
    Test, Window,
};
use lind_model::{Effect, Outcome, Standing, Verdict};
use lind_time::Offset;
use lind_units::Kind;
use proptest::prelude::*;

// ------------------------------------------------------------------ random protocols

#[derive(Debug, Clone)]
enum Part {
    Hemoglobin(usize, usize, bool),
    Alt(usize, bool),
    Nyha(usize),
    Fvc(bool),
    Fact(usize, usize),
    Steroid(usize),
    Washout(bool),
    Judged(usize),
    Age,
    List(usize, Vec<Part>),
    Women(Box<Part>),
}

fn part() -> impl Strategy<Value = Part> {
    let leaf = prop_oneof![
        4 => (0..7_usize, 0..4_usize, prop::bool::ANY).prop_map(|(a, b, c)| Part::Hemoglobin(a, b, c)),
        1 => (0..7_usize, prop::bool::ANY).prop_map(|(a, b)| Part::Alt(a, b)),
        1 => (0..7_usize).prop_map(Part::Nyha),
        1 => prop::bool::ANY.prop_map(Part::Fvc),
        3 => (0..3_usize, 0..4_usize).prop_map(|(a, b)| Part::Fact(a, b)),
        1 => (0..4_usize).prop_map(Part::Steroid),
        1 => prop::bool::ANY.prop_map(Part::Washout),
        1 => (0..2_usize).prop_map(Part::Judged),
        1 => Just(Part::Age),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            (0..6_usize, prop::collection::vec(inner.clone(), 1..4))
                .prop_map(|(a, b)| Part::List(a, b)),
            inner.prop_map(|part| Part::Women(Box::new(part))),
        ]
    })
}

const SELECTORS: [Selector; 7] = [
    Selector::Latest,
    Selector::First,
    Selector::Any,
    Selector::Every,
    Selector::Highest,
    Selector::Lowest,
    Selector::Worst,
];

/// The things that every random protocol speaks of.
struct Things {
    build: Build,
    ids: Ids,
}

struct Ids {
    hemoglobin: lind_model::MeasureId,
    alt: lind_model::MeasureId,
    nyha: lind_model::MeasureId,
    fvc: lind_model::MeasureId,
    sets: [(FactTable, lind_model::SetId); 4],
    judgements: [lind_model::JudgementId; 2],
}

fn things() -> Things {
    let mut build = Build::new();
    let hemoglobin = build.hemoglobin();
    build.measure_mut(hemoglobin).worst_is_highest = Some(false);
    let alt = build.quantity("alt", Kind::CCnc, "U/L", None);
    build.measure_mut(alt).worst_is_highest = Some(true);
    let nyha = build.ordinal("nyha", &["I", "II", "III", "IV"]);
    build.measure_mut(nyha).worst_is_highest = Some(true);
    let fvc = build.quantity("fvc", Kind::Vol, "L", None);
    let sets = [
        (FactTable::Conditions, "tb"),
        (FactTable::Treatments, "drug"),
        (FactTable::Procedures, "transplant"),
        (FactTable::Conditions, "cured"),
    ]
    .map(|(table, name)| (table, build.set(table, name)));
    build.half_life(&["drug"], "2", "4");
    let judgements = ["fit", "unsuitable"].map(|name| build.judgement(name));
    let ids = Ids {
        hemoglobin,
        alt,
        nyha,
        fvc,
        sets,
        judgements,
    };
    Things { build, ids }
}

fn window(index: usize) -> Option<Window> {
    match index {
        0 => None,
        1 => Some(days_before(SCREENING, 20)),
        2 => Some(months_before(SCREENING, 2)),
        _ => Some(from_to(CONSENT, SCREENING)),
    }
}

fn limit(above: bool, at: &str) -> Interval {
    if above { at_least(at) } else { at_most(at) }
}

fn condition_of(part: &Part, ids: &Ids) -> Condition {
    match part {
        Part::Hemoglobin(selector, when, above) => {
            let test = value(ids.hemoglobin, in_unit(limit(*above, "90"), "g/L"))
                .take(SELECTORS[*selector]);
            match window(*when) {
                Some(window) => test.within(window).done(),
                None => test.done(),
            }
        }
        Part::Alt(selector, above) => value(ids.alt, times_uln(limit(*above, "3")))
            .take(SELECTORS[*selector])
            .done(),
        Part::Nyha(selector) => value(ids.nyha, Test::Levels(vec![0, 1]))
            .take(SELECTORS[*selector])
            .done(),
        Part::Fvc(relative) => {
            let (by, mode) = if *relative {
                (more_than("10"), ChangeMode::Relative)
            } else {
                (more_than("0.2"), ChangeMode::Absolute(unit("L")))
            };
            change(
                ids.fvc,
                Direction::Falls,
                by,
                mode,
                months_before(SCREENING, 2),
            )
        }
        Part::Fact(set, tense) => {
            let (table, set) = ids.sets[*set];
            match tense {
                0 => now(table, set).done(),
                1 => ever(table, set).no().done(),
                2 => during(table, set, days_before(SCREENING, 20)).done(),
                _ => ever(table, set)
                    .lasting(Comparison::MoreThan, Offset::months(1))
                    .except(
                        ids.sets[3].1,
                        Some((Comparison::MoreThan, Offset::days(30))),
                    )
                    .done(),
            }
        }
        Part::Steroid(which) => {
            let (table, set) = ids.sets[1];
            let comparison = [
                Comparison::MoreThan,
                Comparison::AtLeast,
                Comparison::LessThan,
                Comparison::AtMost,
            ][*which];
            ever(table, set)
                .in_total(comparison, Offset::days(30))
                .done()
        }
        Part::Washout(beyond) => {
            let (table, set) = ids.sets[1];
            let window = half_lives_before(SCREENING, "5", false, *beyond);
            during(table, set, window).done()
        }
        Part::Judged(which) => judged(ids.judgements[*which]),
        Part::Age => age(between("18", "65")),
        Part::List(quantifier, parts) => {
            let quantifier = [
                Quantifier::All,
                Quantifier::Any,
                Quantifier::None,
                Quantifier::AtLeast(2),
                Quantifier::AtMost(1),
                Quantifier::Exactly(1),
            ][*quantifier];
            let mut parts: Vec<Condition> =
                parts.iter().map(|part| condition_of(part, ids)).collect();
            if !matches!(
                quantifier,
                Quantifier::All | Quantifier::Any | Quantifier::None
            ) {
                // A count over parts of which none may apply is decided by the truth tables before it is
                // known whether any does; one part that always applies keeps to what they promise.
                parts.push(age(between("18", "65")));
            }
            list(quantifier, parts)
        }
        Part::Women(part) => guarded(guard(Some(Sex::Female), None), condition_of(part, ids)),
    }
}

fn protocol(parts: &[(bool, Part)]) -> Build {
    let Things { mut build, ids } = things();
    for (index, (exclusion, part)) in parts.iter().enumerate() {
        let condition = condition_of(part, &ids);
        let id = format!("C{index}");
        if *exclusion {
            build.exclusion(&id, condition);
        } else {
            build.inclusion(&id, condition);
        }
    }
    build
}

// ------------------------------------------------------------------ random charts

/// A day around screening, 2024-05-09, or the month or year that holds it; sometimes nothing.
#[derive(Debug, Clone)]
struct Date {
    month: u8,
    day: u8,
    /// 0: the day, 1: the month, 2: the year, 3: missing.
    known: u8,
}

impl Date {
    fn exact(&self) -> String {
        format!("2024-{:02}-{:02}", self.month, self.day)
    }

    fn text(&self) -> String {
        match self.known {
            0 => self.exact(),
            1 => format!("2024-{:02}", self.month),
            2 => "2024".to_owned(),
            _ => String::new(),
        }
    }

    /// The same day, known as well or better.
    fn refined(&self, by: u8) -> Self {
        Self {
            known: self.known.saturating_sub(by),
            ..self.clone()
        }
    }
}

fn date() -> impl Strategy<Value = Date> {
    let known = prop_oneof![6 => Just(0_u8), 3 => Just(1), 1 => Just(2), 1 => Just(3)];
    (2..6_u8, 1..29_u8, known).prop_map(|(month, day, known)| Date { month, day, known })
}

#[derive(Debug, Clone)]
enum Record {
    Hemoglobin(Date, u32, u8),
    Alt(Date, u32, bool),
    Nyha(Date, usize),
    Fvc(Date, u32),
    Condition(Date, Option<Date>, usize, bool),
    Treatment(Date, Option<Date>),
    Procedure(Date),
    Answer(usize, bool, Date),
}

fn record() -> impl Strategy<Value = Record> {
    prop_oneof![
        4 => (date(), 60..120_u32, 0..4_u8).prop_map(|(a, b, c)| Record::Hemoglobin(a, b, c)),
        2 => (date(), 60..180_u32, prop::bool::ANY).prop_map(|(a, b, c)| Record::Alt(a, b, c)),
        1 => (date(), 0..5_usize).prop_map(|(a, b)| Record::Nyha(a, b)),
        2 => (date(), 20..40_u32).prop_map(|(a, b)| Record::Fvc(a, b)),
        2 => (date(), prop::option::of(date()), 0..3_usize, prop::bool::ANY)
            .prop_map(|(a, b, c, d)| Record::Condition(a, b, c, d)),
        2 => (date(), prop::option::of(date())).prop_map(|(a, b)| Record::Treatment(a, b)),
        1 => date().prop_map(Record::Procedure),
        1 => (0..2_usize, prop::bool::ANY, date()).prop_map(|(a, b, c)| Record::Answer(a, b, c)),
    ]
}

/// What is changed of a chart that says the same, or says it more exactly.
#[derive(Clone, Copy)]
struct Writing {
    refine: u8,
    other_units: bool,
}

const PLAIN: Writing = Writing {
    refine: 0,
    other_units: false,
};

/// A begin and an end in order. A blank end says that something goes on: it is no coarser writing of a date.
fn ordered(begin: &Date, end: &Date) -> (Date, Date) {
    let (begin, mut end) = if (begin.month, begin.day) <= (end.month, end.day) {
        (begin.clone(), end.clone())
    } else {
        (end.clone(), begin.clone())
    };
    end.known = end.known.min(2);
    (begin, end)
}

fn chart(records: &[Record], screening: &Date, sex: &str, writing: Writing) -> Data {
    let time = |date: &Date| date.refined(writing.refine).text();
    let mut screening = screening.clone();
    screening.month = 5;
    screening.known = screening.known.min(1);
    let mut data = Data::screened(&time(&screening)).sex(sex);
    for record in records {
        data = match record {
            Record::Hemoglobin(date, value, sort) => {
                // Grams per litre, or tenths of grams per decilitre.
                let (value, in_unit) = match (sort, writing.other_units) {
                    (0, _) => return_without_unit(*value),
                    (1, false) | (2.., true) => (format!("{}.{}", value / 10, value % 10), "g/dL"),
                    _ => (value.to_string(), "g/L"),
                };
                data.seen(&format!("hemoglobin,{},{value},{in_unit}", time(date)))
            }
            Record::Alt(date, value, limited) => {
                let (value, limit) = if writing.other_units {
                    (value * 1000, 40_000)
                } else {
                    (*value, 40)
                };
                let in_unit = if writing.other_units { "mU/L" } else { "U/L" };
                let limit = if *limited {
                    limit.to_string()
                } else {
                    String::new()
                };
                data.seen(&format!("alt,{},{value},{in_unit},,,{limit}", time(date)))
            }
            Record::Nyha(date, level) => {
                let level = ["I", "II", "III", "IV", "none"][*level];
                data.seen(&format!("nyha,{},,,,,,{level}", time(date)))
            }
            Record::Fvc(date, value) => {
                let (value, in_unit) = if writing.other_units {
                    ((value * 100).to_string(), "mL")
                } else {
                    (format!("{}.{}", value / 10, value % 10), "L")
                };
                data.seen(&format!("fvc,{},{value},{in_unit}", time(date)))
            }
            Record::Condition(begin, end, status, cured) => {
                let code = if *cured { "cured" } else { "tb" };
                let status = ["", "active", "resolved"][*status];
                match end {
                    None => data.condition(&format!("{code},{},,{status}", time(begin))),
                    Some(end) => {
                        let (begin, end) = ordered(begin, end);
                        data.condition(&format!("{code},{},{},", time(&begin), time(&end)))
                    }
                }
            }
            Record::Treatment(begin, end) => match end {
                None => data.treatment(&format!("drug,{}", time(begin))),
                Some(end) => {
                    let (begin, end) = ordered(begin, end);
                    data.treatment(&format!("drug,{},{}", time(&begin), time(&end)))
                }
            },
            Record::Procedure(date) => data.procedure(&format!("transplant,{}", time(date))),
            Record::Answer(which, yes, date) => {
                let item = ["fit", "unsuitable"][*which];
                let answer = if *yes { "yes" } else { "no" };
                // A missing time counts as known, so it is no coarser writing of a date.
                let mut date = date.clone();
                date.known = date.known.min(2);
                data.answer(&format!("{item},{answer},{}", time(&date)))
            }
        };
    }
    data
}

fn return_without_unit(value: u32) -> (String, &'static str) {
    (value.to_string(), "")
}

fn verdict(build: &Build, data: &Data) -> Verdict {
    Run::new(build, data).verdict(SCREENING)
}

fn decided(effect: Effect) -> bool {
    effect != Effect::Open
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn better_known_dates_never_undo_a_decided_criterion(
        parts in prop::collection::vec((prop::bool::ANY, part()), 1..4),
        records in prop::collection::vec(record(), 0..10),
        screening in date(),
        sex in prop_oneof![Just(""), Just("female"), Just("male")],
        by in 1..3_u8,
    ) {
        let build = protocol(&parts);
        let coarse = verdict(&build, &chart(&records, &screening, sex, PLAIN));
        let finer = Writing { refine: by, ..PLAIN };
        let fine = verdict(&build, &chart(&records, &screening, sex, finer));
        for (coarse, fine) in coarse.criteria.iter().zip(&fine.criteria) {
            if decided(coarse.effect) {
                prop_assert_eq!(coarse.effect, fine.effect);
            }
        }
        if coarse.standing != Standing::Undetermined {
            prop_assert_eq!(coarse.standing, fine.standing);
        }
    }

    #[test]
    fn a_known_sex_never_undoes_a_decided_criterion(
        parts in prop::collection::vec((prop::bool::ANY, part()), 1..4),
        records in prop::collection::vec(record(), 0..10),
        screening in date(),
    ) {
        let build = protocol(&parts);
        let open = verdict(&build, &chart(&records, &screening, "", PLAIN));
        for sex in ["female", "male"] {
            let known = verdict(&build, &chart(&records, &screening, sex, PLAIN));
            for (open, known) in open.criteria.iter().zip(&known.criteria) {
                if decided(open.effect) {
                    prop_assert_eq!(open.effect, known.effect);
                }
            }
        }
    }

    #[test]
    fn other_units_of_the_data_give_the_same_verdict(
        parts in prop::collection::vec((prop::bool::ANY, part()), 1..4),
        records in prop::collection::vec(record(), 0..10),
        screening in date(),
    ) {
        let build = protocol(&parts);
        let one = verdict(&build, &chart(&records, &screening, "female", PLAIN));
        let other = Writing { other_units: true, ..PLAIN };
        let other = verdict(&build, &chart(&records, &screening, "female", other));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn the_root_of_an_explanation_has_the_value_of_the_verdict(
        parts in prop::collection::vec((prop::bool::ANY, part()), 1..4),
        records in prop::collection::vec(record(), 0..10),
        screening in date(),
        sex in prop_oneof![Just(""), Just("female"), Just("male")],
    ) {
        let run = Run::new(&protocol(&parts), &chart(&records, &screening, sex, PLAIN));
        for gate in [CONSENT, SCREENING, ENROLMENT] {
            let verdict = run.verdict(gate);
            for criterion in &verdict.criteria {
                let id = criterion.criterion;
                let context = run.context();
                let told = explain(&run.program, &context, &run.chart, gate, id).unwrap();
                prop_assert_eq!(Outcome::of(told.truth), criterion.outcome);
                prop_assert!(!told.because.is_empty());
                let line = reason(&run.program, &context, &run.chart, gate, id);
                prop_assert!(!line.is_empty() && !line.contains('\n'), "{}", line);
                if told.truth.is_open() && criterion.due {
                    prop_assert!(told.settle.is_some(), "{told:#?}");
                }
            }
        }
    }

    #[test]
    fn a_scratch_that_was_used_gives_the_same_verdict(
        parts in prop::collection::vec((prop::bool::ANY, part()), 1..4),
        charts in prop::collection::vec(prop::collection::vec(record(), 0..6), 2..4),
        screening in date(),
    ) {
        let build = protocol(&parts);
        let mut scratch = Scratch::new();
        let mut used = Verdict { gate: SCREENING, standing: Standing::Undetermined, criteria: Vec::new() };
        for records in &charts {
            let run = Run::new(&build, &chart(records, &screening, "female", PLAIN));
            let context = run.context();
            evaluate_into(&run.program, &context, &run.chart, SCREENING, &mut scratch, &mut used);
            let fresh = evaluate(&run.program, &context, &run.chart, SCREENING);
            prop_assert_eq!(&used, &fresh);
        }
    }

    #[test]
    fn negation_turns_decided_values_over(
        part in part(),
        records in prop::collection::vec(record(), 0..10),
        screening in date(),
    ) {
        let Things { mut build, ids } = things();
        let condition = condition_of(&part, &ids);
        build.inclusion("I1", build::any(vec![condition.clone()]));
        build.inclusion("I2", none(vec![condition]));
        let verdict = verdict(&build, &chart(&records, &screening, "female", PLAIN));
        let turned = match verdict.criteria[0].outcome {
            Outcome::Met => Outcome::NotMet,
            Outcome::NotMet => Outcome::Met,
            open => open,
        };
        prop_assert_eq!(verdict.criteria[1].outcome, turned);
    }
}
