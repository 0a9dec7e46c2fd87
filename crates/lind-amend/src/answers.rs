//! What the interpreter answers.

use lind_eval::{Bindings, Context, Scratch, ask, evaluate};
use lind_model::{AskedId, Truth, Verdict};
use lind_records::{Chart, Dataset, Options, Sheets};

use crate::CannotCompare;
use crate::patient::Patient;
use crate::questions::{QuestionId, Side, asked};

/// Made-up patients, read for one version.
pub(crate) struct Read<'s> {
    side: &'s Side,
    dataset: Dataset,
    bindings: Bindings,
    charts: Vec<Chart>,
}

impl<'s> Read<'s> {
    /// Writes patients as tables and reads them as any others are read.
    pub(crate) fn new<'p>(
        side: &'s Side,
        patients: impl Iterator<Item = &'p Patient>,
        base: &Patient,
    ) -> Result<Self, CannotCompare> {
        let cannot = |because: &dyn std::fmt::Display| CannotCompare::Patients {
            because: because.to_string(),
        };
        let mut sheets = Sheets::new();
        let mut count = 0;
        for patient in patients {
            count += 1;
            let mut whole = base.clone();
            whole.join(patient);
            // Of one width, so that they come back in this order.
            whole.write(&mut sheets, &format!("{count:08}"));
        }
        let tables = sheets.into_tables();
        let mut dataset = Dataset::open(&tables, &side.wanted, Options::default())
            .map_err(|error| cannot(&error))?;
        let charts = dataset.next_batch(count).map_err(|error| cannot(&error))?;
        if charts.len() != count {
            return Err(cannot(&"a made-up patient was lost"));
        }
        let bindings = Bindings::new(&side.program, &dataset);
        Ok(Self {
            side,
            dataset,
            bindings,
            charts,
        })
    }

    /// What a patient answers to some questions; none for those that this version does not ask.
    pub(crate) fn answers(
        &self,
        patient: usize,
        questions: &[QuestionId],
        scratch: &mut Scratch,
    ) -> Vec<Option<Truth>> {
        let places: Vec<(QuestionId, AskedId)> = asked(self.side).collect();
        let context = Context::new(&self.dataset, &self.bindings);
        questions
            .iter()
            .map(|question| {
                let chart = self.charts.get(patient)?;
                let at = places.binary_search_by_key(question, |(id, _)| *id).ok()?;
                let (_, id) = places.get(at)?;
                Some(ask(&self.side.program, &context, chart, *id, scratch))
            })
            .collect()
    }

    /// The verdict on a patient.
    pub(crate) fn verdict(&self, patient: usize) -> Option<Verdict> {
        let context = Context::new(&self.dataset, &self.bindings);
        let chart = self.charts.get(patient)?;
        Some(evaluate(
            &self.side.program,
            &context,
            chart,
            self.side.gate,
        ))
    }

    /// Why a criterion says what it says, in one line.
    pub(crate) fn reason(&self, patient: usize, criterion: lind_model::CriterionId) -> String {
        let context = Context::new(&self.dataset, &self.bindings);
        self.charts.get(patient).map_or_else(String::new, |chart| {
            lind_eval::reason(
                &self.side.program,
                &context,
                chart,
                self.side.gate,
                criterion,
            )
        })
    }
}
