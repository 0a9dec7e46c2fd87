//! Charts from tables in memory, and what a program says of them.

use lind_eval::{Bindings, Context, Program, evaluate, explain, reason};
use lind_model::{Explanation, MilestoneId, Outcome, Standing, Verdict};
use lind_records::{Chart, Dataset, MemoryTables, Options};
use lind_time::When;

use crate::build::{Build, SCREENING};

const TABLES: [(&str, &str); 7] = [
    ("milestones", "milestone,time"),
    (
        "observations",
        "code,time,value,unit,comparator,low,high,result,specimen",
    ),
    (
        "conditions",
        "code,onset,abatement,status,severity,body_site",
    ),
    (
        "treatments",
        "code,start,end,dose,unit,frequency,route,indication,outcome,investigational",
    ),
    ("procedures", "code,time,body_site"),
    ("allergies", "code,severity,onset"),
    ("attestations", "item,answer,time"),
];

/// The data of one patient. All tables are there; trailing fields may be left out.
#[derive(Clone)]
pub(crate) struct Data {
    pub(crate) sex: String,
    pub(crate) birth: String,
    pub(crate) rows: Vec<(&'static str, String)>,
    absent: Vec<&'static str>,
    toml: String,
    as_of: Option<When>,
    assumed: Vec<(MilestoneId, When)>,
}

impl Data {
    /// A woman born in 1980, consented on 2024-05-01 and screened on 2024-05-09.
    pub(crate) fn new() -> Self {
        Self::unscreened().row("milestones", "screening,2024-05-09")
    }

    /// The same before screening.
    pub(crate) fn unscreened() -> Self {
        Self {
            sex: "female".to_owned(),
            birth: "1980-02-29".to_owned(),
            rows: Vec::new(),
            absent: Vec::new(),
            toml: String::new(),
            as_of: None,
            assumed: Vec::new(),
        }
        .row("milestones", "consent,2024-05-01")
    }

    /// A screening at another time.
    pub(crate) fn screened(time: &str) -> Self {
        Self::unscreened().row("milestones", &format!("screening,{time}"))
    }

    pub(crate) fn sex(mut self, sex: &str) -> Self {
        sex.clone_into(&mut self.sex);
        self
    }

    pub(crate) fn born(mut self, birth: &str) -> Self {
        birth.clone_into(&mut self.birth);
        self
    }

    pub(crate) fn row(mut self, table: &'static str, row: &str) -> Self {
        self.rows.push((table, row.to_owned()));
        self
    }

    /// `hemoglobin,2024-05-02,85,g/L`
    pub(crate) fn seen(self, row: &str) -> Self {
        self.row("observations", row)
    }

    pub(crate) fn condition(self, row: &str) -> Self {
        self.row("conditions", row)
    }

    pub(crate) fn treatment(self, row: &str) -> Self {
        self.row("treatments", row)
    }

    pub(crate) fn procedure(self, row: &str) -> Self {
        self.row("procedures", row)
    }

    pub(crate) fn answer(self, row: &str) -> Self {
        self.row("attestations", row)
    }

    pub(crate) fn without(mut self, table: &'static str) -> Self {
        self.absent.push(table);
        self
    }

    pub(crate) fn toml(mut self, text: &str) -> Self {
        self.toml.push_str(text);
        self
    }

    pub(crate) fn known_until(mut self, time: &str) -> Self {
        self.as_of = Some(When::parse(time).unwrap());
        self
    }

    pub(crate) fn assuming(mut self, milestone: MilestoneId, time: &str) -> Self {
        self.assumed.push((milestone, When::parse(time).unwrap()));
        self
    }

    fn tables(&self) -> MemoryTables {
        let mut tables = MemoryTables::new().with(
            "patients.csv",
            format!("patient,sex,birth_date\np1,{},{}\n", self.sex, self.birth),
        );
        for (table, header) in TABLES {
            if self.absent.contains(&table) {
                continue;
            }
            let width = header.split(',').count();
            let mut text = format!("patient,{header}\n");
            for (_, row) in self.rows.iter().filter(|(of, _)| *of == table) {
                let missing = width.saturating_sub(row.split(',').count());
                text.push_str(&format!("p1,{row}{}\n", ",".repeat(missing)));
            }
            tables = tables.with(format!("{table}.csv"), text);
        }
        if !self.toml.is_empty() {
            tables = tables.with("dataset.toml", self.toml.clone());
        }
        tables
    }
}

/// A program with the chart of one patient.
pub(crate) struct Run {
    pub(crate) program: Program,
    pub(crate) dataset: Dataset,
    pub(crate) bindings: Bindings,
    pub(crate) chart: Chart,
    as_of: Option<When>,
    assumed: Vec<(MilestoneId, When)>,
}

impl Run {
    pub(crate) fn new(build: &Build, data: &Data) -> Self {
        let program = build.program();
        let options = Options {
            as_of: data.as_of,
            ..Options::default()
        };
        let mut dataset = Dataset::open(&data.tables(), &program.wanted(), options).unwrap();
        let chart = dataset.next_chart().unwrap().expect("a patient");
        let bindings = Bindings::new(&program, &dataset);
        Self {
            program,
            dataset,
            bindings,
            chart,
            as_of: data.as_of,
            assumed: data.assumed.clone(),
        }
    }

    pub(crate) fn context(&self) -> Context<'_> {
        let context = Context::new(&self.dataset, &self.bindings).assuming(&self.assumed);
        match self.as_of {
            Some(time) => context.as_of(time),
            None => context,
        }
    }

    pub(crate) fn verdict(&self, gate: MilestoneId) -> Verdict {
        evaluate(&self.program, &self.context(), &self.chart, gate)
    }

    pub(crate) fn outcome(&self, gate: MilestoneId) -> Outcome {
        let verdict = self.verdict(gate);
        for criterion in &verdict.criteria {
            // Every outcome of every test is checked against its explanation.
            let explained = explain(
                &self.program,
                &self.context(),
                &self.chart,
                gate,
                criterion.criterion,
            )
            .expect("an explanation");
            assert_eq!(
                Outcome::of(explained.truth),
                criterion.outcome,
                "{explained:#?}"
            );
            assert!(
                !explained.truth.is_open() || explained.settle.is_some() || !criterion.due,
                "nothing would settle it: {explained:#?}"
            );
        }
        verdict.criteria[0].outcome
    }

    pub(crate) fn standing(&self, gate: MilestoneId) -> Standing {
        self.verdict(gate).standing
    }

    pub(crate) fn explain(&self, gate: MilestoneId) -> Explanation {
        let criterion = self.program.plan().criteria[0].criterion;
        explain(&self.program, &self.context(), &self.chart, gate, criterion).unwrap()
    }

    pub(crate) fn reason(&self, gate: MilestoneId) -> String {
        let criterion = self.program.plan().criteria[0].criterion;
        reason(&self.program, &self.context(), &self.chart, gate, criterion)
    }
}

/// The outcome of the first criterion at screening.
pub(crate) fn outcome(build: &Build, data: &Data) -> Outcome {
    Run::new(build, data).outcome(SCREENING)
}

/// The line for the first criterion at screening.
pub(crate) fn because(build: &Build, data: &Data) -> String {
    Run::new(build, data).reason(SCREENING)
}

pub(crate) const MET: Outcome = Outcome::Met;
pub(crate) const NOT_MET: Outcome = Outcome::NotMet;
pub(crate) const UNKNOWN: Outcome = Outcome::Unknown;
pub(crate) const NEEDS_JUDGEMENT: Outcome = Outcome::NeedsJudgement;
pub(crate) const NOT_APPLICABLE: Outcome = Outcome::NotApplicable;
pub(crate) const PENDING: Outcome = Outcome::Pending;

/// The value that an outcome stands for.
pub(crate) fn truth(outcome: Outcome) -> Option<bool> {
    match outcome {
        Outcome::Met => Some(true),
        Outcome::NotMet => Some(false),
        _ => None,
    }
}
