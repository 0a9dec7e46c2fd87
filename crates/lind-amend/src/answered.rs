//! Cases with what the interpreter answers of them: asked once, however often they become clauses.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_model::{OpenKind, Truth, Verdict};
use lind_records::Chart;

use crate::CannotCompare;
use crate::answers::Interpreter;
use crate::bounds::Bound;
use crate::cases::{self, Boxed, Cases, Counting, Group, Joined, Made, Place};
use crate::patient::Patient;
use crate::questions::{QuestionId, Side};
use crate::slices;
use crate::solver::Logic;

/// Cases, each with its answers.
pub(crate) struct Listed {
    pub(crate) cases: Vec<Patient>,
    pub(crate) joined: Joined,
    pub(crate) places: Vec<Place>,
    columns: Vec<Column>,
    /// The cases of each slice of time.
    slices: BTreeMap<usize, Vec<usize>>,
}

/// What cases answer to one question.
struct Column {
    /// By case.
    truths: Vec<Truth>,
    /// The slices in which a result is answered otherwise than nothing is.
    covered: BTreeSet<usize>,
}

impl Listed {
    /// The rows are by case, then by question.
    fn new(cases: Vec<Patient>, joined: Joined, places: Vec<Place>, rows: &[Vec<Truth>]) -> Self {
        let questions = rows.first().map_or(0, Vec::len);
        let columns = (0..questions).map(|at| {
            let own = rows.iter().filter_map(|row| row.get(at).copied());
            let truths: Vec<Truth> = own.collect();
            let covered = slices::covered(&places, &truths);
            Column { truths, covered }
        });
        Self {
            columns: columns.collect(),
            slices: slices::by_slice(&places),
            cases,
            joined,
            places,
        }
    }

    /// Holds what the interpreter answers to what answers say of each other.
    fn hold(&self, questions: &[QuestionId], bounds: &[Bound]) -> Result<(), CannotCompare> {
        let column = |id: QuestionId| {
            let at = questions.iter().position(|own| *own == id)?;
            Some(self.column(at).iter())
        };
        for bound in bounds {
            let Some((less, more)) = column(bound.less).zip(column(bound.more)) else {
                continue;
            };
            if !less
                .zip(more)
                .all(|(less, more)| bound.allows(*less, *more))
            {
                return Err(CannotCompare::Disagreement {
                    what: "a narrower limit holds where a wider one does not".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// The answers of all cases to one question.
    pub(crate) fn column(&self, place: usize) -> &[Truth] {
        let own = self.columns.get(place);
        own.map_or(&[], |column| &column.truths)
    }

    /// What a patient answers to one question, of whom it is said which cases are chosen: with each answer, whether it
    /// is theirs.
    pub(crate) fn answers<L: Logic>(
        &self,
        place: usize,
        chosen: &[L::Term],
        logic: &mut L,
    ) -> Vec<(Truth, L::Term)> {
        let Some(Column { truths, covered }) = self.columns.get(place) else {
            return Vec::new();
        };
        match self.joined {
            Joined::OneOf => of_one(truths, chosen, logic),
            Joined::Any => of_any(truths, chosen, logic),
            Joined::Slices(Counting::Extreme) => {
                slices::extreme(&self.places, covered, truths, chosen, logic)
            }
            Joined::Slices(counting) => {
                let is_newest = counting == Counting::Newest;
                slices::in_time(&self.slices, covered, truths, chosen, is_newest, logic)
            }
        }
    }
}

/// The answer of the one case that the patient is.
fn of_one<L: Logic>(column: &[Truth], chosen: &[L::Term], logic: &mut L) -> Vec<(Truth, L::Term)> {
    crate::formula::TRUTHS
        .into_iter()
        .filter(|truth| column.contains(truth))
        .map(|truth| {
            let own: Vec<L::Term> = column
                .iter()
                .zip(chosen)
                .filter(|(own, _)| **own == truth)
                .map(|(_, term)| *term)
                .collect();
            (truth, logic.either(&own))
        })
        .collect()
}

/// The answer where any records may be there: one that settles it settles it, one that leaves it open leaves it open,
/// and the others are as if they were not there.
fn of_any<L: Logic>(column: &[Truth], chosen: &[L::Term], logic: &mut L) -> Vec<(Truth, L::Term)> {
    let Some((without, rest)) = column.split_first() else {
        return Vec::new();
    };
    let chosen = chosen.get(1..).unwrap_or_default();
    let settled = without.not();
    let those = |wanted: &dyn Fn(Truth) -> bool| -> Vec<L::Term> {
        rest.iter()
            .zip(chosen)
            .filter(|(truth, _)| wanted(**truth))
            .map(|(_, term)| *term)
            .collect()
    };
    let is_settled = those(&|truth| truth == settled && truth != *without);
    let is_open = those(&|truth| truth.is_open() && truth != *without);
    let settles = logic.either(&is_settled);
    let opens = logic.either(&is_open);
    let mut found = Vec::new();
    if !is_settled.is_empty() {
        found.push((settled, settles));
    }
    if !is_open.is_empty() {
        let open = logic.both(&[!settles, opens]);
        found.push((Truth::Open(OpenKind::Unknown), open));
    }
    let otherwise = logic.both(&[!settles, !opens]);
    found.push((*without, otherwise));
    found
}

/// A group of questions, with all that its cases answer.
pub(crate) struct Answered {
    pub(crate) questions: Vec<QuestionId>,
    /// Some of the questions, with all cases there are of them.
    pub(crate) exact: Vec<(Vec<QuestionId>, Arc<Listed>)>,
    /// Whether the exact parts are not all of it.
    pub(crate) has_examples: bool,
    /// Examples of the whole, once they have been asked for.
    examples: OnceCell<Arc<Listed>>,
    /// All cases of the whole, and how many of them are sure; the others may be.
    pub(crate) boxed: Option<(Arc<Listed>, usize)>,
}

impl Answered {
    /// Whether some questions, as far as they are in this group, are in exact parts of it.
    pub(crate) fn holds_exactly(&self, questions: &BTreeSet<QuestionId>) -> bool {
        let mut own = self.questions.iter().filter(|id| questions.contains(id));
        own.all(|id| self.exact.iter().any(|(part, _)| part.contains(id)))
    }

    /// Examples of the whole, if they have been asked for.
    pub(crate) fn examples(&self) -> Option<&Arc<Listed>> {
        self.examples.get()
    }
}

/// The new version, and the old one unless there is but one; asked about made-up patients.
pub(crate) struct Versions<'s> {
    // The new one comes first: it mostly asks all that is asked.
    interpreters: Vec<Interpreter<'s>>,
}

impl<'s> Versions<'s> {
    /// The old version and the new one, which may be one.
    pub(crate) fn new([old, new]: [&'s Side; 2]) -> Self {
        let interpreters = if std::ptr::eq(old, new) {
            vec![Interpreter::new(new)]
        } else {
            vec![Interpreter::new(new), Interpreter::new(old)]
        };
        Self { interpreters }
    }

    /// Reads a patient for the old version and for the new one; none if there is but one.
    pub(crate) fn charts(
        &mut self,
        patient: &Patient,
    ) -> Result<Option<[Chart; 2]>, CannotCompare> {
        let [new, old] = self.interpreters.as_mut_slice() else {
            return Ok(None);
        };
        Ok(Some([old.chart(&[patient])?, new.chart(&[patient])?]))
    }

    /// The verdict of the new version on a patient.
    pub(crate) fn verdict(&mut self, patient: &Patient) -> Result<Option<Verdict>, CannotCompare> {
        let Some(version) = self.interpreters.first_mut() else {
            return Ok(None);
        };
        let chart = version.chart(&[patient])?;
        Ok(Some(version.verdict(&chart)))
    }

    /// The old version and the new one; none if there is but one.
    pub(crate) fn both(&self) -> Option<[&Interpreter<'s>; 2]> {
        match self.interpreters.as_slice() {
            [new, old] => Some([old, new]),
            _ => None,
        }
    }

    /// Has the cases of a group answered, of patients of whom this is known besides.
    pub(crate) fn answered(
        &mut self,
        group: &Group,
        base: &Patient,
    ) -> Result<Answered, CannotCompare> {
        let mut asking = Asking {
            interpreters: &mut self.interpreters,
            base,
        };
        let mut exact = Vec::with_capacity(group.exact.len());
        for (part, cases) in &group.exact {
            let listed = asking.answers(cases, part)?;
            exact.push((part.clone(), Arc::new(listed)));
        }
        let boxed = group.boxed.as_ref();
        let boxed = boxed.map(|boxed| asking.boxed(boxed, &group.questions));
        Ok(Answered {
            exact,
            has_examples: group.has_examples,
            examples: OnceCell::new(),
            boxed: boxed
                .transpose()?
                .map(|(listed, sure)| (Arc::new(listed), sure)),
            questions: group.questions.clone(),
        })
    }

    /// Has examples of a group answered, where there are any, once.
    pub(crate) fn exemplify(
        &mut self,
        answered: &Answered,
        made: &Made<'_>,
        base: &Patient,
    ) -> Result<(), CannotCompare> {
        if !answered.has_examples || answered.examples.get().is_some() {
            return Ok(());
        }
        let mut asking = Asking {
            interpreters: &mut self.interpreters,
            base,
        };
        let cases = cases::examples(made, &answered.questions);
        let listed = asking.answers(&cases, &answered.questions)?;
        listed.hold(&answered.questions, &made.questions.bounds)?;
        answered.examples.get_or_init(|| Arc::new(listed));
        Ok(())
    }
}

/// Has cases answered by both versions.
struct Asking<'a, 's> {
    interpreters: &'a mut Vec<Interpreter<'s>>,
    base: &'a Patient,
}

impl Asking<'_, '_> {
    /// The cases that answer differently, each with its answers: of those that answer alike, the first stands for all.
    fn answers(
        &mut self,
        cases: &Cases,
        questions: &[QuestionId],
    ) -> Result<Listed, CannotCompare> {
        let rows = self.rows(&cases.cases, questions)?;
        let mut table: Vec<Vec<Truth>> = Vec::with_capacity(rows.len());
        let mut kept: Vec<Patient> = Vec::with_capacity(rows.len());
        let mut places: Vec<Place> = Vec::with_capacity(cases.places.len());
        // In slices of time, of those of one slice; and where it matters how high a value is, each stands for itself.
        let counting = match cases.joined {
            Joined::Slices(counting) => Some(counting),
            Joined::OneOf | Joined::Any => None,
        };
        let mut of_places = cases.places.iter().copied();
        for (case, row) in cases.cases.iter().zip(rows) {
            let place = of_places.next();
            let is_known = match counting {
                None => table.contains(&row),
                Some(Counting::Extreme) => false,
                Some(Counting::Newest | Counting::Oldest) => {
                    let slice = |own: &Place| Some(own.slice) == place.map(|place| place.slice);
                    let own = table.iter().zip(&places).skip(1);
                    own.into_iter()
                        .any(|(known, at)| slice(at) && *known == row)
                }
            };
            if !is_known {
                table.push(row);
                kept.push(case.clone());
                places.extend(place);
            }
        }
        self.hold(&kept, questions, &table)?;
        Ok(Listed::new(kept, cases.joined, places, &table))
    }

    /// All rows of answers that cases have, or may have; how many of them are sure.
    fn boxed(
        &mut self,
        boxed: &Boxed,
        questions: &[QuestionId],
    ) -> Result<(Listed, usize), CannotCompare> {
        let rows = self.rows(&boxed.cases.cases, questions)?;
        self.hold(&boxed.cases.cases, questions, &rows)?;
        let mut table: Vec<Vec<Truth>> = Vec::new();
        let mut cases: Vec<Patient> = Vec::new();
        for (case, row) in boxed.cases.cases.iter().zip(&rows) {
            if !table.contains(row) {
                table.push(row.clone());
                cases.push(case.clone());
            }
        }
        let sure = table.len();
        for (place, perhaps) in &boxed.perhaps {
            let (Some(case), Some(row)) = (boxed.cases.cases.get(*place), rows.get(*place)) else {
                continue;
            };
            let mut others = vec![row.clone()];
            for (question, may) in perhaps {
                let Some(at) = questions.iter().position(|own| own == question) else {
                    continue;
                };
                let truths = [
                    (may.met, Truth::True),
                    (may.not_met, Truth::False),
                    (may.unknown, Truth::Open(OpenKind::Unknown)),
                ];
                let truths = || truths.iter().filter(|(own, _)| *own).map(|(_, own)| *own);
                others = others
                    .iter()
                    .flat_map(|row| {
                        truths().map(move |truth| {
                            let mut other = row.clone();
                            if let Some(slot) = other.get_mut(at) {
                                *slot = truth;
                            }
                            other
                        })
                    })
                    .collect();
            }
            for other in others {
                if !table.contains(&other) {
                    table.push(other);
                    cases.push(case.clone());
                }
            }
        }
        let places = boxed.cases.places.clone();
        let listed = Listed::new(cases, boxed.cases.joined, places, &table);
        Ok((listed, sure))
    }

    /// Holds the other version to what one has answered: conditions of one meaning have one answer.
    fn hold(
        &mut self,
        cases: &[Patient],
        questions: &[QuestionId],
        table: &[Vec<Truth>],
    ) -> Result<(), CannotCompare> {
        for version in self.interpreters.iter_mut().skip(1) {
            if !questions.iter().any(|question| version.asks(*question)) {
                continue;
            }
            for (case, row) in cases.iter().zip(table) {
                let chart = version.chart(&[self.base, case])?;
                for (question, known) in questions.iter().zip(row) {
                    let answer = version.answer(&chart, *question);
                    if answer.is_some_and(|answer| answer != *known) {
                        return Err(CannotCompare::Disagreement {
                            what: "two conditions of one meaning have two answers".to_owned(),
                        });
                    }
                }
            }
        }
        Ok(())
    }

    /// What cases answer, each of them. What both versions ask is asked of one.
    fn rows(
        &mut self,
        cases: &[Patient],
        questions: &[QuestionId],
    ) -> Result<Vec<Vec<Truth>>, CannotCompare> {
        let unknown = Truth::Open(OpenKind::Unknown);
        let mut table = vec![vec![unknown; questions.len()]; cases.len()];
        let mut open: Vec<usize> = (0..questions.len()).collect();
        for version in self.interpreters.iter_mut() {
            let is_asked = |place: &usize| {
                let question = questions.get(*place);
                question.is_some_and(|question| version.asks(*question))
            };
            let (own, others) = open.into_iter().partition(is_asked);
            let own: Vec<usize> = own;
            open = others;
            if own.is_empty() {
                continue;
            }
            for (case, row) in cases.iter().zip(&mut table) {
                let chart = version.chart(&[self.base, case])?;
                for place in &own {
                    let question = questions.get(*place);
                    let answer = question.and_then(|own| version.answer(&chart, *own));
                    if let (Some(slot), Some(answer)) = (row.get_mut(*place), answer) {
                        *slot = answer;
                    }
                }
            }
        }
        Ok(table)
    }
}
