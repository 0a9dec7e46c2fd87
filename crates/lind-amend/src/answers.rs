//! What the interpreter answers.

use lind_eval::{Bindings, Context, Scratch, ask, evaluate};
use lind_model::{AskedId, CriterionId, Truth, Verdict};
use lind_records::{Chart, ChartMaker};

use crate::CannotCompare;
use crate::patient::Patient;
use crate::questions::{QuestionId, Side, asked};

/// A version, asked about made-up patients one after another.
pub(crate) struct Interpreter<'s> {
    side: &'s Side,
    maker: ChartMaker,
    bindings: Bindings,
    /// In ascending order.
    places: Vec<(QuestionId, AskedId)>,
    scratch: Scratch,
}

impl<'s> Interpreter<'s> {
    pub(crate) fn new(side: &'s Side) -> Self {
        let maker = ChartMaker::new(&side.wanted);
        Self {
            side,
            bindings: Bindings::new(&side.program, maker.dataset()),
            maker,
            places: asked(side).collect(),
            scratch: Scratch::new(),
        }
    }

    /// Reads a patient who is put together of parts, as tables are read.
    pub(crate) fn chart(&mut self, parts: &[&Patient]) -> Result<Chart, CannotCompare> {
        let sex = parts.iter().find_map(|part| part.sex);
        let born = parts.iter().find_map(|part| part.born);
        let born = born.map(|day| day.to_string());
        let person = [
            ("sex", sex.unwrap_or_default()),
            ("birth_date", born.as_deref().unwrap_or_default()),
        ];
        let rows = parts.iter().flat_map(|part| &part.rows).map(|row| {
            let cells = row.cells.iter();
            (row.table, cells.map(|(column, text)| (*column, &**text)))
        });
        let chart = self.maker.chart(&person, rows);
        let chart = chart.map_err(|error| CannotCompare::Patients {
            because: error.to_string(),
        })?;
        self.bindings
            .update(&self.side.program, self.maker.dataset());
        Ok(chart)
    }

    /// Whether this version asks a question.
    pub(crate) fn asks(&self, question: QuestionId) -> bool {
        self.place(question).is_some()
    }

    fn place(&self, question: QuestionId) -> Option<AskedId> {
        let at = self.places.binary_search_by_key(&question, |(id, _)| *id);
        Some(self.places.get(at.ok()?)?.1)
    }

    /// What a patient answers to a question; none if this version does not ask it.
    pub(crate) fn answer(&mut self, chart: &Chart, question: QuestionId) -> Option<Truth> {
        let id = self.place(question)?;
        let context = Context::new(self.maker.dataset(), &self.bindings);
        let scratch = &mut self.scratch;
        Some(ask(&self.side.program, &context, chart, id, scratch))
    }

    /// The verdict on a patient.
    pub(crate) fn verdict(&self, chart: &Chart) -> Verdict {
        let context = Context::new(self.maker.dataset(), &self.bindings);
        evaluate(&self.side.program, &context, chart, self.side.gate)
    }

    /// Why a criterion says what it says, in one line.
    pub(crate) fn reason(&self, chart: &Chart, criterion: CriterionId) -> String {
        let context = Context::new(self.maker.dataset(), &self.bindings);
        lind_eval::reason(
            &self.side.program,
            &context,
            chart,
            self.side.gate,
            criterion,
        )
    }
}

/// Patients, read for one version.
pub(crate) struct Read<'s> {
    interpreter: Interpreter<'s>,
    charts: Vec<Chart>,
}

impl<'s> Read<'s> {
    /// Reads patients.
    pub(crate) fn new<'p>(
        side: &'s Side,
        patients: impl Iterator<Item = &'p Patient>,
    ) -> Result<Self, CannotCompare> {
        let mut interpreter = Interpreter::new(side);
        let charts = patients.map(|patient| interpreter.chart(&[patient]));
        Ok(Self {
            charts: charts.collect::<Result<_, _>>()?,
            interpreter,
        })
    }

    /// The verdict on a patient.
    pub(crate) fn verdict(&self, patient: usize) -> Option<Verdict> {
        let chart = self.charts.get(patient)?;
        Some(self.interpreter.verdict(chart))
    }

    /// Why a criterion says what it says of a patient, in one line.
    pub(crate) fn reason(&self, patient: usize, criterion: CriterionId) -> String {
        let chart = self.charts.get(patient);
        chart.map_or_else(String::new, |chart| {
            self.interpreter.reason(chart, criterion)
        })
    }
}
