//! What patients may be like, as clauses: the cases of all groups, and the answers they give.

use lind_model::{OpenKind, Truth, Verdict};
use lind_records::Chart;

use crate::CannotCompare;
use crate::answers::Interpreter;
use crate::calendar::Calendar;
use crate::cases::{Boxed, Cases, Counting, Joined, Made, Place, groups};
use crate::formula::Choice;
use crate::patient::Patient;
use crate::questions::{QuestionId, Questions, Side};
use crate::slices;
use crate::solver::{Clauses, Literal};

/// What patients may be like.
pub(crate) struct Universe<'s> {
    pub(crate) members: Vec<Member>,
    /// By question.
    pub(crate) answers: Vec<Choice<Truth>>,
    pub(crate) base: Patient,
    /// The new version, and the old one unless there is but one.
    versions: Vec<Interpreter<'s>>,
}

impl<'s> Universe<'s> {
    /// Reads a patient for the old version and for the new one; none if there is but one.
    pub(crate) fn charts(
        &mut self,
        patient: &Patient,
    ) -> Result<Option<[Chart; 2]>, CannotCompare> {
        let [new, old] = self.versions.as_mut_slice() else {
            return Ok(None);
        };
        Ok(Some([old.chart(&[patient])?, new.chart(&[patient])?]))
    }

    /// The verdict of the new version on a patient.
    pub(crate) fn verdict(&mut self, patient: &Patient) -> Result<Option<Verdict>, CannotCompare> {
        let Some(version) = self.versions.first_mut() else {
            return Ok(None);
        };
        let chart = version.chart(&[patient])?;
        Ok(Some(version.verdict(&chart)))
    }

    /// The old version and the new one; none if there is but one.
    pub(crate) fn versions(&self) -> Option<[&Interpreter<'s>; 2]> {
        match self.versions.as_slice() {
            [new, old] => Some([old, new]),
            _ => None,
        }
    }
}

/// How many simple cases are tried for each group.
const MOST_SIMPLER: usize = 12;

/// Some questions, and the literals of the cases that answer them.
pub(crate) struct Member {
    pub(crate) questions: Vec<QuestionId>,
    pub(crate) cases: Vec<Patient>,
    /// By case; of cases that may stand together, that of the first holds where no other is there.
    pub(crate) chosen: Vec<Literal>,
    pub(crate) joined: Joined,
    /// Literals that would make the patient simpler, the simplest first.
    pub(crate) simpler: Vec<Literal>,
    /// Each says that something is not recorded: all of the group, or what may stand in one slice of time.
    pub(crate) without: Vec<Literal>,
    /// Whether the answers are those of a case; none if they always are.
    pub(crate) realised: Option<Literal>,
    /// Whether a patient is made of its cases; what is a part of a group with examples is not.
    is_whole: bool,
}

impl Member {
    /// Whether every patient answers as one of the cases.
    pub(crate) fn is_exact(&self) -> bool {
        self.realised.is_none()
    }

    /// The patient that was chosen, as far as this group goes.
    pub(crate) fn patient(&self, clauses: &Clauses) -> Patient {
        let mut patient = Patient::nothing();
        if !self.is_whole {
            return patient;
        }
        for (case, literal) in self.cases.iter().zip(&self.chosen) {
            if clauses.holds(*literal) {
                patient.join(case);
            }
        }
        patient
    }
}

/// Lists the cases of both versions and has them answered.
pub(crate) fn universe<'s>(
    sides: [&'s Side; 2],
    calendar: &Calendar,
    questions: &Questions,
    examples: &[Patient],
    clauses: &mut Clauses,
) -> Result<Universe<'s>, CannotCompare> {
    let base = calendar.patient();
    let groups = groups(&Made {
        sides,
        calendar,
        questions,
        examples,
    });
    let [old, new] = sides;
    let mut asking = Asking {
        // One version alone is asked once; and of two the new one first, which mostly asks it all.
        versions: if std::ptr::eq(old, new) {
            vec![Interpreter::new(new)]
        } else {
            vec![Interpreter::new(new), Interpreter::new(old)]
        },
        base: &base,
    };
    let mut answers: Vec<Option<Choice<Truth>>> = vec![None; questions.all.len()];
    let mut members = Vec::with_capacity(groups.len());
    for group in groups {
        let is_whole = group.examples.is_none();
        let mut encoding = Encoding {
            clauses,
            answers: &mut answers,
        };
        for (part, cases) in group.exact {
            let (cases, table) = asking.answers(cases, &part)?;
            members.push(encoding.exact(part, cases, &table, is_whole));
        }
        if let Some(cases) = group.examples {
            let (cases, table) = asking.answers(cases, &group.questions)?;
            members.push(encoding.examples(group.questions, cases, &table));
        } else if let Some(boxed) = group.boxed {
            let table = asking.rows(&boxed.cases.cases, &group.questions)?;
            asking.hold(&boxed.cases.cases, &group.questions, &table)?;
            members.push(encoding.boxed(group.questions, boxed, &table));
        }
    }
    let versions = asking.versions;
    let unknown = Choice::only(Truth::Open(OpenKind::Unknown), clauses);
    Ok(Universe {
        members,
        answers: answers
            .into_iter()
            .map(|answer| answer.unwrap_or_else(|| unknown.clone()))
            .collect(),
        versions,
        base,
    })
}

/// Has cases answered by both versions.
struct Asking<'a, 's> {
    versions: Vec<Interpreter<'s>>,
    base: &'a Patient,
}

impl Asking<'_, '_> {
    /// The cases that answer differently, each with its answers: of those that answer alike, the first stands for all.
    fn answers(
        &mut self,
        cases: Cases,
        questions: &[QuestionId],
    ) -> Result<(Cases, Vec<Vec<Truth>>), CannotCompare> {
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
        for (case, row) in cases.cases.into_iter().zip(rows) {
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
                kept.push(case);
                places.extend(place);
            }
        }
        self.hold(&kept, questions, &table)?;
        Ok((
            Cases {
                cases: kept,
                joined: cases.joined,
                exact: cases.exact,
                places,
            },
            table,
        ))
    }

    /// Holds the other version to what one has answered: conditions of one meaning have one answer.
    fn hold(
        &mut self,
        cases: &[Patient],
        questions: &[QuestionId],
        table: &[Vec<Truth>],
    ) -> Result<(), CannotCompare> {
        for version in self.versions.iter_mut().skip(1) {
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
        for version in &mut self.versions {
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

struct Encoding<'e> {
    clauses: &'e mut Clauses,
    answers: &'e mut Vec<Option<Choice<Truth>>>,
}

impl Encoding<'_> {
    /// The patient is as the cases are.
    fn exact(
        &mut self,
        questions: Vec<QuestionId>,
        cases: Cases,
        table: &[Vec<Truth>],
        is_whole: bool,
    ) -> Member {
        let chosen = self.choose(&cases);
        for (place, question) in questions.iter().enumerate() {
            let of_cases = self.of(&cases, &column(table, place), &chosen);
            if let Some(slot) = self.answers.get_mut(question.0) {
                *slot = Some(Choice::of(of_cases));
            }
        }
        self.member(questions, cases, chosen, None, is_whole)
    }

    fn member(
        &mut self,
        questions: Vec<QuestionId>,
        cases: Cases,
        chosen: Vec<Literal>,
        realised: Option<Literal>,
        is_whole: bool,
    ) -> Member {
        let simpler = match cases.joined {
            _ if !is_whole => Vec::new(),
            Joined::OneOf => chosen.iter().take(MOST_SIMPLER).copied().collect(),
            Joined::Any => chosen.iter().take(1).copied().collect(),
            Joined::Slices(_) => {
                slices::simpler(&cases.places, &chosen, MOST_SIMPLER, self.clauses)
            }
        };
        let without = match cases.joined {
            _ if !is_whole => Vec::new(),
            Joined::OneOf | Joined::Any => chosen.iter().take(1).copied().collect(),
            Joined::Slices(_) => slices::without(&cases.places, &chosen, self.clauses),
        };
        Member {
            questions,
            cases: cases.cases,
            chosen,
            joined: cases.joined,
            realised,
            is_whole,
            simpler,
            without,
        }
    }

    /// A literal for each case, so that those hold together that may.
    fn choose(&mut self, cases: &Cases) -> Vec<Literal> {
        match cases.joined {
            Joined::OneOf if cases.cases.len() == 1 => vec![self.clauses.always()],
            Joined::OneOf => {
                let chosen: Vec<Literal> =
                    cases.cases.iter().map(|_| self.clauses.literal()).collect();
                self.clauses.at_most_one(&chosen);
                self.clauses.any(chosen.iter().copied());
                chosen
            }
            Joined::Any => {
                let rest = cases.cases.iter().skip(1);
                let rest: Vec<Literal> = rest.map(|_| self.clauses.literal()).collect();
                let none = !self.clauses.either(&rest);
                std::iter::once(none).chain(rest).collect()
            }
            Joined::Slices(_) => slices::choose(&cases.places, self.clauses),
        }
    }

    /// The answers to one question, with the literal of each.
    fn of(&mut self, cases: &Cases, column: &[Truth], chosen: &[Literal]) -> Vec<(Truth, Literal)> {
        match cases.joined {
            Joined::OneOf => self.of_one(column, chosen),
            Joined::Any => self.of_any(column, chosen),
            Joined::Slices(Counting::Extreme) => {
                slices::extreme(&cases.places, column, chosen, self.clauses)
            }
            Joined::Slices(counting) => {
                let is_newest = counting == Counting::Newest;
                slices::in_time(&cases.places, column, chosen, is_newest, self.clauses)
            }
        }
    }

    /// The patient is as one of the cases is; or, unless they are to be put together of cases, as one that may be.
    fn boxed(&mut self, questions: Vec<QuestionId>, boxed: Boxed, rows: &[Vec<Truth>]) -> Member {
        let mut table: Vec<Vec<Truth>> = Vec::new();
        let mut cases: Vec<Patient> = Vec::new();
        for (case, row) in boxed.cases.cases.iter().zip(rows) {
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
        let mut member = self.exact(
            questions,
            Cases {
                cases,
                ..boxed.cases
            },
            &table,
            true,
        );
        if table.len() > sure {
            let realised = self.clauses.literal();
            for perhaps in member.chosen.iter().skip(sure) {
                self.clauses.any([!realised, !*perhaps]);
            }
            member.realised = Some(realised);
        }
        member
    }

    /// The patient is as one of the examples is, if this is asked for; else they answer anything that is not settled.
    fn examples(
        &mut self,
        questions: Vec<QuestionId>,
        cases: Cases,
        table: &[Vec<Truth>],
    ) -> Member {
        let realised = self.clauses.literal();
        let chosen = self.choose(&cases);
        for (place, question) in questions.iter().enumerate() {
            let column = column(table, place);
            let of_cases = self.of(&cases, &column, &chosen);
            let known = self.answers.get(question.0).cloned().flatten();
            let answer = known.unwrap_or_else(|| {
                let free = crate::formula::TRUTHS
                    .into_iter()
                    .filter(|truth| *truth != Truth::NotApplicable || column.contains(truth));
                Choice::free(free, self.clauses)
            });
            for (truth, literal) in of_cases {
                let own = answer.is(&truth, self.clauses);
                self.clauses.any([!realised, !literal, own]);
            }
            if let Some(slot) = self.answers.get_mut(question.0) {
                *slot = Some(answer);
            }
        }
        self.member(questions, cases, chosen, Some(realised), true)
    }

    /// The answer of the one case that the patient is.
    fn of_one(&mut self, column: &[Truth], chosen: &[Literal]) -> Vec<(Truth, Literal)> {
        crate::formula::TRUTHS
            .into_iter()
            .filter(|truth| column.contains(truth))
            .map(|truth| {
                let own: Vec<Literal> = column
                    .iter()
                    .zip(chosen)
                    .filter(|(own, _)| **own == truth)
                    .map(|(_, literal)| *literal)
                    .collect();
                (truth, self.clauses.either(&own))
            })
            .collect()
    }

    /// The answer where any records may be there: one that settles it settles it, one that leaves it open leaves it
    /// open, and the others are as if they were not there.
    fn of_any(&mut self, column: &[Truth], chosen: &[Literal]) -> Vec<(Truth, Literal)> {
        let Some((without, rest)) = column.split_first() else {
            return Vec::new();
        };
        let chosen = chosen.get(1..).unwrap_or_default();
        let settled = without.not();
        let those = |wanted: &dyn Fn(Truth) -> bool| -> Vec<Literal> {
            rest.iter()
                .zip(chosen)
                .filter(|(truth, _)| wanted(**truth))
                .map(|(_, literal)| *literal)
                .collect()
        };
        let is_settled = those(&|truth| truth == settled && truth != *without);
        let is_open = those(&|truth| truth.is_open() && truth != *without);
        let settles = self.clauses.either(&is_settled);
        let opens = self.clauses.either(&is_open);
        let mut found = Vec::new();
        if !is_settled.is_empty() {
            found.push((settled, settles));
        }
        if !is_open.is_empty() {
            let open = self.clauses.both(&[!settles, opens]);
            found.push((Truth::Open(OpenKind::Unknown), open));
        }
        let otherwise = self.clauses.both(&[!settles, !opens]);
        found.push((*without, otherwise));
        found
    }
}

/// The answers of all cases to one question.
fn column(table: &[Vec<Truth>], place: usize) -> Vec<Truth> {
    let open = Truth::Open(OpenKind::Unknown);
    table
        .iter()
        .map(|row| row.get(place).copied().unwrap_or(open))
        .collect()
}
