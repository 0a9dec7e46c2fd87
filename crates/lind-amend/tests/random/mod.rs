//! Random criteria and random patients, for those that compare versions and for lints.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "tests fail by panicking"
)]

use lind_amend::Version;
use lind_check::{NoModules, check};
use lind_diagnostics::Files;
use lind_eval::{Bindings, Context, Program, evaluate};
use lind_model::{Choices, MilestoneId, Plan, Verdict};
use lind_records::{Dataset, Options, Sheets, Table};
use lind_time::Day;

/// How many patients are made.
pub(crate) const PATIENTS: usize = 60;

pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ (value >> 31)
    }

    pub(crate) fn below(&mut self, count: u64) -> u64 {
        self.next() % count
    }

    pub(crate) fn of<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[usize::try_from(self.below(list.len() as u64)).unwrap()]
    }
}

pub(crate) const HEAD: &str = r#"protocol NCT00000000

use std.labs: hemoglobin, platelets, creatinine, alt
use std.formulas: egfr_ckd_epi_2021, egfr_mdrd

milestone consent
milestone screening from consent on
  VALUES
milestone enrolment from screening on

condition any_tumour
  code icd10|C*
condition skin_tumour
  code icd10|C44*, icd10|D04
condition epilepsy
  code icd10|G40
procedure transplant
  code local|transplant
judgement fit "Is the patient fit?" by investigator

points burden "Burden" 0 to 7
  tumour:  2 points when has ever had any_tumour
  anaemia: 1 point when hemoglobin < 10 g/dL
  low:     3 points when platelets < 75 x 10^9/L
  older:   1 point when age is at least 65 years

define thin_blood "anaemia or few platelets"
  any of
    hemoglobin < 9 g/dL
    platelets < 50 x 10^9/L within 28 days before screening
"#;

/// What is not asked of one record alone: formulas, sums, changes, means, and what several records say together.
fn joint_condition(random: &mut Random) -> String {
    let days = *random.of(&["14", "28", "90"]);
    let window = *random.of(&[
        "",
        " on or before screening",
        " within 28 days before screening",
    ]);
    let compare = *random.of(&[">=", "<=", ">", "<"]);
    match random.below(12) {
        0 | 1 => {
            let formula = *random.of(&["egfr_ckd_epi_2021", "egfr_mdrd"]);
            let limit = *random.of(&["30", "45", "60"]);
            format!("{formula} {compare} {limit} mL/min/{{1.73_m2}}{window}")
        }
        2 | 3 => format!("burden {compare} {} points", random.of(&[1, 2, 3, 4])),
        4 => {
            let verb = *random.of(&["falls", "rises", "changes"]);
            let by = *random.of(&["more than 10 % relative", "at least 1 g/dL"]);
            format!("hemoglobin {verb} by {by} within {days} days before screening")
        }
        5 => format!(
            "mean of platelets {compare} {} x 10^9/L within {days} days before screening",
            random.of(&[75, 100])
        ),
        6 => {
            let count = *random.of(&["at least 2", "at most 2", "exactly 2"]);
            let order = *random.of(&["", "consecutive "]);
            format!(
                "has had {count} {order}values of hemoglobin {compare} 9 g/dL within {days} days before screening"
            )
        }
        7 => format!(
            "has had at least 2 any_tumour within {days} days before screening, at least 30 days apart"
        ),
        8 => "has ever had any_tumour except skin_tumour".to_owned(),
        9 => format!("every hemoglobin {compare} 9 g/dL within {days} days before screening"),
        10 => format!("any platelets {compare} 75 x 10^9/L within {days} days before screening"),
        _ => "thin_blood".to_owned(),
    }
}

/// A condition that stands on one line.
pub(crate) fn condition(random: &mut Random) -> String {
    if random.below(4) == 0 {
        return joint_condition(random);
    }
    let days = *random.of(&["7", "14", "28", "90"]);
    let window = match random.below(6) {
        0 => String::new(),
        1 => " on or before screening".to_owned(),
        2 => " within 2 months before screening".to_owned(),
        _ => format!(" within {days} days before screening"),
    };
    let selector = *random.of(&["", "", "", "", "highest ", "lowest ", "first "]);
    let compare = *random.of(&[">=", "<=", ">", "<"]);
    match random.below(12) {
        0 | 1 => {
            let limit = *random.of(&["8 g/dL", "9 g/dL", "90 g/L", "9.5 g/dL", "100 g/L"]);
            format!("{selector}hemoglobin {compare} {limit}{window}")
        }
        2 => {
            let limit = *random.of(&["50", "75", "100", "150"]);
            format!("{selector}platelets {compare} {limit} 10*9/L{window}")
        }
        3 => {
            let limit = *random.of(&["1.5 mg/dL", "133 umol/L", "2 mg/dL", "2.5 mg/dL"]);
            format!("creatinine {compare} {limit}{window}")
        }
        4 => {
            let factor = *random.of(&["1.5", "2", "3", "5"]);
            format!("alt {compare} {factor} x ULN{window}")
        }
        5 => format!("age is at least {} years", random.of(&[18, 21, 65])),
        6 => format!("age is 18 to {} years", random.of(&[60, 70, 75])),
        7 | 8 => {
            let set = *random.of(&[
                "any_tumour",
                "skin_tumour",
                "epilepsy",
                "any_tumour or epilepsy",
            ]);
            match random.below(4) {
                0 => format!("has {set}"),
                1 => format!("has ever had {set}"),
                2 => format!("has had no {set} within {days} days before screening"),
                _ => format!("has had {set} within {days} days before screening"),
            }
        }
        9 => "any_tumour other than skin_tumour".replace("any", "has ever had any"),
        10 => format!("has undergone transplant within {days} days before screening"),
        _ => "investigator judges fit".to_owned(),
    }
}

pub(crate) fn criterion(random: &mut Random, number: usize) -> String {
    let kind = if random.below(2) == 0 {
        "inclusion"
    } else {
        "exclusion"
    };
    let sort = if kind == "inclusion" { "I" } else { "E" };
    let gate = *random.of(&["screening", "screening", "enrolment"]);
    let mut text = format!("\n{kind} {sort}{number} \"Number {number}\"\n  at {gate}\n");
    match random.below(7) {
        0 | 1 => {
            let join = *random.of(&["any of", "all of", "none of", "at least 2 of"]);
            text.push_str(&format!("  {join}\n"));
            for _ in 0..3 {
                text.push_str(&format!("    {}\n", condition(random)));
            }
        }
        2 => {
            text.push_str(&format!("  if {}:\n", condition(random)));
            text.push_str(&format!("    {}\n", condition(random)));
        }
        3 => {
            let sex = *random.of(&["women", "men"]);
            text.push_str(&format!("  for {sex}:\n    {}\n", condition(random)));
        }
        _ => text.push_str(&format!("  {}\n", condition(random))),
    }
    if random.below(8) == 0 {
        let counts = *random.of(&["counts as met", "counts as not met"]);
        text.push_str(&format!("    if unknown: {counts} \"agreed\"\n"));
    }
    text
}

pub(crate) fn version(text: &str) -> Option<Version> {
    let mut files = Files::new();
    let root = files.add("trial.lind", text);
    let analysis = check(&mut files, root, &mut NoModules);
    Some(Version {
        protocol: analysis.protocol?,
        tests: analysis.tests,
    })
}

/// Patients of the universe: days and single numbers, no two results of a measure on one day. `is_one_day`: all
/// milestones are on one day.
pub(crate) fn patients(random: &mut Random, is_one_day: bool) -> Sheets {
    let gate = Day::from_ymd(2025, 6, 16).unwrap();
    let mut sheets = Sheets::new();
    for number in 0..PATIENTS {
        let name = format!("{number:04}");
        let age = random.of(&[17_i64, 18, 20, 21, 40, 60, 61, 64, 65, 70, 71, 75, 76]);
        let born = gate
            .add_months(-12 * age, lind_time::MonthEnd::LastDay)
            .unwrap()
            .0
            .add_days(-i64::try_from(random.below(300)).unwrap() - 1)
            .unwrap()
            .to_string();
        let born = if random.below(12) == 0 {
            String::new()
        } else {
            born
        };
        let sex = *random.of(&["female", "male", "female", "male", "other", ""]);
        sheets.add(
            Table::Patients,
            &name,
            &[("sex", sex), ("birth_date", &born)],
        );
        let late = *random.of(&[0, 0, 5, 20]);
        let days = if is_one_day {
            [0, 0, 0]
        } else {
            [late + 3, late, 0]
        };
        let milestones = ["consent", "screening", "enrolment"];
        for (milestone, before) in milestones.into_iter().zip(days) {
            let day = gate.add_days(-before).unwrap().to_string();
            sheets.add(
                Table::Milestones,
                &name,
                &[("milestone", milestone), ("time", &day)],
            );
        }
        let measures: [(&str, &str, &[&str]); 4] = [
            (
                "loinc|718-7",
                "g/dL",
                &["7", "8", "8.9", "9", "9.2", "9.5", "9.9", "10", "12"],
            ),
            (
                "loinc|777-3",
                "10*9/L",
                &["20", "50", "60", "75", "80", "100", "120", "150", "200"],
            ),
            (
                "loinc|2160-0",
                "mg/dL",
                &["0.8", "1.5", "1.502", "1.51", "1.8", "2", "2.2", "2.5", "3"],
            ),
            (
                "loinc|1742-6",
                "U/L",
                &[
                    "20", "40", "60", "70", "80", "100", "120", "160", "200", "300",
                ],
            ),
        ];
        for (code, unit, values) in measures {
            let mut days: Vec<u64> = (0..random.below(4)).map(|_| random.below(100)).collect();
            days.sort_unstable();
            days.dedup();
            for before in days {
                let day = gate
                    .add_days(-i64::try_from(before).unwrap())
                    .unwrap()
                    .to_string();
                let value = *random.of(values);
                let high = if code == "loinc|1742-6" && random.below(5) > 0 {
                    "40"
                } else {
                    ""
                };
                sheets.add(
                    Table::Observations,
                    &name,
                    &[
                        ("code", code),
                        ("time", &day),
                        ("value", value),
                        ("unit", unit),
                        ("high", high),
                    ],
                );
            }
        }
        for _ in 0..random.below(3) {
            let code = *random.of(&[
                "icd10|C44.9",
                "icd10|C50",
                "icd10|D04",
                "icd10|G40",
                "icd10|C44",
            ]);
            let before = i64::try_from(random.below(120)).unwrap();
            let onset = gate.add_days(-before).unwrap();
            let lasted = i64::try_from(random.below(120)).unwrap();
            let end = onset.add_days(lasted).unwrap();
            let (end, status) = if end < gate {
                (end.to_string(), "")
            } else {
                (String::new(), "active")
            };
            sheets.add(
                Table::Conditions,
                &name,
                &[
                    ("code", code),
                    ("onset", &onset.to_string()),
                    ("abatement", &end),
                    ("status", status),
                ],
            );
        }
        if random.below(3) == 0 {
            let day = gate
                .add_days(-i64::try_from(random.below(60)).unwrap())
                .unwrap();
            let cells = [("code", "local|transplant"), ("time", &*day.to_string())];
            sheets.add(Table::Procedures, &name, &cells);
        }
        if random.below(3) > 0 {
            let cells = [
                ("item", "fit"),
                ("answer", *random.of(&["yes", "no"])),
                ("time", "2025-05-01"),
            ];
            sheets.add(Table::Attestations, &name, &cells);
        }
    }
    sheets
}

pub(crate) fn verdicts(version: &Version, sheets: &Sheets, gate: &str) -> Vec<Verdict> {
    let plan = Plan::lower(&version.protocol, Choices::chosen(&version.protocol)).unwrap();
    let program = Program::new(plan);
    let tables = sheets.clone().into_tables();
    let mut dataset = Dataset::open(&tables, &program.wanted(), Options::default()).unwrap();
    let charts = dataset.next_batch(PATIENTS).unwrap();
    let bindings = Bindings::new(&program, &dataset);
    let context = Context::new(&dataset, &bindings);
    let milestones = &version.protocol.milestones;
    let gate = milestones
        .iter()
        .position(|own| &*own.name == gate)
        .unwrap();
    let gate = MilestoneId::from_index(gate);
    charts
        .iter()
        .map(|chart| evaluate(&program, &context, chart, gate))
        .collect()
}

/// The name of the last gate at which a version decides something.
pub(crate) fn last_gate(version: &Version) -> String {
    let plan = Plan::lower(&version.protocol, Choices::chosen(&version.protocol)).unwrap();
    let stages = plan.criteria.iter().flat_map(|own| &own.stages);
    let last = stages.map(|stage| stage.gate).max().unwrap();
    version.protocol.milestones[last.index()].name.to_string()
}
