//! Criteria, stages, guards, lists, answers, milestones and ages in words.

use lind_model::plan::{PlanCriterion, PlanGuard};
use lind_model::protocol::{CriterionKind, Interval, Quantifier};
use lind_model::{CriterionId, Explanation, JudgementId, MilestoneId, OpenKind, Truth};
use lind_units::Exact;

use crate::answers::sex;
use crate::explain::recorder::{Stage, Telling, Told};
use crate::explain::words::{
    counted, listed, number, on, on_or_undated, place, relation, spoken, used,
};
use crate::milestones::Reached;
use crate::trace::Note;
use crate::verdict::{CriterionValue, Run};
use crate::view::View;

fn milestone_name(run: Run<'_>, id: MilestoneId) -> String {
    run.program
        .protocol()
        .milestones
        .get(id.index())
        .map_or_else(String::new, |milestone| spoken(&milestone.name))
}

/// The root of an explanation.
pub(crate) fn criterion(
    run: Run<'_>,
    plan: &PlanCriterion,
    value: CriterionValue,
    stages: Vec<Told>,
    later: &[MilestoneId],
) -> Option<Told> {
    let stated = run
        .program
        .protocol()
        .criteria
        .get(plan.criterion.index())?;
    let (because, reason) = summary(run, stated.kind, value, &stages, later);
    let settle = listed(&settles(&stages));
    let boundary_sensitive = stages
        .iter()
        .any(|stage| stage.explanation.boundary_sensitive);
    // A criterion that is decided at one gate needs no level of its own for it.
    let parts = match <[Told; 1]>::try_from(stages) {
        Ok([only]) => only.explanation.parts,
        Err(stages) => stages.into_iter().map(|stage| stage.explanation).collect(),
    };
    Some(Told {
        reason,
        explanation: Explanation {
            label: stated.id.to_string(),
            text: stated.title.to_string(),
            truth: value.truth,
            because,
            facts: Vec::new(),
            settle: Some(settle).filter(|settle| value.truth.is_open() && !settle.is_empty()),
            boundary_sensitive,
            span: stated.span,
            parts,
        },
    })
}

/// The sentence of a criterion, and its line.
fn summary(
    run: Run<'_>,
    kind: CriterionKind,
    value: CriterionValue,
    stages: &[Told],
    later: &[MilestoneId],
) -> (String, String) {
    if !value.due {
        let gates: Vec<String> = later
            .iter()
            .map(|gate| milestone_name(run, *gate))
            .collect();
        let text = format!("not due before {}", gates.join(" or "));
        return (text.clone(), text);
    }
    let because = |stage: &Told| format!("{}: {}", stage.explanation.text, stage.reason);
    match stages {
        [only] => (because(only), only.reason.clone()),
        _ => {
            let exclusion = kind == CriterionKind::Exclusion;
            let decisive: Vec<String> = stages
                .iter()
                .filter(|stage| match value.truth {
                    // With one of them the whole is decided, or all of them say so.
                    Truth::False if !exclusion => stage.truth() == Truth::False,
                    Truth::True if exclusion => stage.truth() == Truth::True,
                    Truth::NotApplicable => true,
                    truth => stage.truth() == truth,
                })
                .map(because)
                .collect();
            let text = listed(&decisive);
            (text.clone(), text)
        }
    }
}

/// What is decided at one gate.
pub(crate) fn stage(
    run: Run<'_>,
    plan: &PlanCriterion,
    stage: Stage<'_>,
    body: Option<Told>,
    truth: Truth,
) -> Option<Told> {
    let stated = run
        .program
        .protocol()
        .criteria
        .get(plan.criterion.index())?;
    let gate = milestone_name(run, stage.gate);
    let mut parts = Vec::new();
    let mut settle = Vec::new();
    let (text, mut reason) = match stage.reached {
        Reached::At(time) => (
            format!("at {gate} ({time})"),
            body.as_ref().map(|body| body.reason.clone()),
        ),
        Reached::NotYet => (
            format!("at {gate}"),
            Some(format!("{gate} has not been reached")),
        ),
        Reached::Unclear => (
            format!("at {gate}"),
            Some(format!("the time of {gate} is not clear from the data")),
        ),
    };
    if !matches!(stage.reached, Reached::At(_)) {
        settle.push(format!("the date of {gate}"));
    }
    if let Some(guard) = stage.guard {
        let decides = match guard.truth() {
            Truth::False => true,
            Truth::Open(_) => {
                truth.is_open() && body.as_ref().is_none_or(|body| !body.truth().is_open())
            }
            Truth::True | Truth::NotApplicable => false,
        };
        if decides {
            reason = Some(guard.reason.clone());
        }
        settle.extend(guard.explanation.settle.clone());
        parts.push(guard);
    }
    if let Some(body) = body {
        settle.extend(body.explanation.settle.clone());
        parts.push(body);
    }
    let reason = reason.unwrap_or_default();
    let settle = listed(&settle);
    Some(Told {
        explanation: Explanation {
            label: String::new(),
            text,
            truth,
            because: reason.clone(),
            facts: Vec::new(),
            settle: Some(settle).filter(|settle| truth.is_open() && !settle.is_empty()),
            boundary_sensitive: parts.iter().any(|part| part.explanation.boundary_sensitive),
            span: stated.span,
            parts: parts.into_iter().map(|part| part.explanation).collect(),
        },
        reason,
    })
}

/// The guard of a criterion.
pub(crate) fn guard(
    run: Run<'_>,
    plan: &PlanCriterion,
    guard: &PlanGuard,
    notes: &[Note<'_>],
    parts: &[Told],
    truth: Truth,
) -> Option<Told> {
    let stated = run
        .program
        .protocol()
        .criteria
        .get(plan.criterion.index())?;
    let told = guard_sentence(run, guard, notes, parts);
    Some(Told {
        reason: told.because.clone(),
        explanation: Explanation {
            label: String::new(),
            text: guard.text.to_string(),
            truth,
            because: told.because,
            facts: told.facts,
            settle: told.settle.filter(|_| truth.is_open()),
            boundary_sensitive: parts.iter().any(|part| part.explanation.boundary_sensitive),
            span: stated.span,
            parts: parts.iter().map(|part| part.explanation.clone()).collect(),
        },
    })
}

/// What a guard says of the patient.
fn guard_sentence(run: Run<'_>, guard: &PlanGuard, notes: &[Note<'_>], parts: &[Told]) -> Telling {
    let of_sex = notes.iter().find_map(|note| match note {
        Note::Guard { sex } => Some(*sex),
        _ => None,
    });
    // At a gate that has not been reached only the sex is decided.
    let of_sex = of_sex.unwrap_or(match guard.sex {
        Some(wanted) => crate::answers::wanted_sex(wanted, run.chart),
        None => Truth::NotApplicable,
    });
    let sex_text = || match (run.chart.sex, sex(run.chart)) {
        (Some(recorded), Some(_)) => format!("the patient is {recorded}"),
        (Some(recorded), None) => format!("the patient's sex is recorded as {recorded}"),
        (None, _) => "the patient's sex is not recorded".to_owned(),
    };
    let mut facts = Vec::new();
    if of_sex != Truth::NotApplicable {
        facts.push(used(sex_text(), run.chart.at));
    }
    let condition = parts.first();
    let (because, settle) = match (of_sex, condition) {
        (Truth::False, _) => (sex_text(), None),
        (Truth::Open(_), condition)
            if condition.is_none_or(|part| part.truth() != Truth::False) =>
        {
            let sex = format!("the patient's sex ({})", place(run.chart.at));
            (
                sex_text(),
                Some(
                    match condition.and_then(|part| part.explanation.settle.clone()) {
                        Some(other) => format!("{sex}; {other}"),
                        None => sex,
                    },
                ),
            )
        }
        (_, Some(part)) => (part.reason.clone(), part.explanation.settle.clone()),
        (Truth::NotApplicable, None) => (String::new(), None),
        (_, None) => (sex_text(), None),
    };
    Telling {
        because,
        facts,
        settle,
        ..Telling::default()
    }
}

fn settles(parts: &[Told]) -> Vec<String> {
    parts
        .iter()
        .filter(|part| part.truth().is_open())
        .filter_map(|part| part.explanation.settle.clone())
        .collect()
}

/// A list of conditions.
pub(crate) fn list(quantifier: Quantifier, parts: &[Told], truth: Truth) -> Telling {
    let applying: Vec<&Told> = parts
        .iter()
        .filter(|part| part.truth() != Truth::NotApplicable)
        .collect();
    let count = applying.len();
    if let ([only], Quantifier::All | Quantifier::Any) = (parts, quantifier) {
        // A name, or a list of one.
        return Telling {
            because: only.explanation.because.clone(),
            reason: Some(only.reason.clone()),
            settle: only.explanation.settle.clone(),
            ..Telling::default()
        };
    }
    if truth == Truth::NotApplicable {
        let reason = parts
            .first()
            .map_or_else(|| "it has no parts".to_owned(), |part| part.reason.clone());
        return Telling {
            because: "none of its parts applies".to_owned(),
            reason: Some(reason),
            ..Telling::default()
        };
    }
    let with = |wanted: &dyn Fn(Truth) -> bool| -> Vec<&Told> {
        applying
            .iter()
            .filter(|part| wanted(part.truth()))
            .copied()
            .collect()
    };
    let holding = with(&|part| part == Truth::True);
    let failing = with(&|part| part == Truth::False);
    let open = with(&|part| part.is_open());
    let names = |parts: &[&Told]| {
        let names: Vec<String> = parts.iter().map(|part| part.name().to_owned()).collect();
        listed(&names)
    };
    let so_many = |parts: &[&Told], one: &str, several: &str| {
        let verb = if parts.len() == 1 { one } else { several };
        format!(
            "{} of {} {verb}: {}",
            parts.len(),
            counted(count, "part"),
            names(parts)
        )
    };
    let (because, decisive) = match (quantifier, truth) {
        (_, Truth::Open(kind)) => (
            so_many(&open, "is open", "are open"),
            // What is chased first is what makes the whole open.
            applying
                .iter()
                .find(|part| part.truth() == Truth::Open(kind))
                .copied(),
        ),
        (Quantifier::All, Truth::False) => (
            so_many(&failing, "does not hold", "do not hold"),
            failing.first().copied(),
        ),
        (Quantifier::All, _) => (
            format!("all {} hold", counted(count, "part")),
            sole(&applying),
        ),
        (Quantifier::Any, Truth::True) | (Quantifier::None, Truth::False) => {
            (so_many(&holding, "holds", "hold"), holding.first().copied())
        }
        (Quantifier::Any | Quantifier::None, _) => (
            format!("none of {} holds", counted(count, "part")),
            sole(&applying),
        ),
        (Quantifier::AtLeast(_) | Quantifier::AtMost(_) | Quantifier::Exactly(_), _) => (
            format!(
                "{} of {} hold, {} open, where {} must hold",
                holding.len(),
                counted(count, "part"),
                open.len(),
                wanted(quantifier),
            ),
            None,
        ),
    };
    let others = match (quantifier, truth) {
        (Quantifier::All, Truth::False) => failing.len(),
        (Quantifier::Any, Truth::True) | (Quantifier::None, Truth::False) => holding.len(),
        _ => 1,
    }
    .saturating_sub(1);
    let reason = decisive.map_or_else(
        || because.clone(),
        |part| {
            if others > 0 {
                format!("{} (and {others} more)", part.reason)
            } else {
                part.reason.clone()
            }
        },
    );
    let settle = listed(&settles(parts));
    Telling {
        because,
        reason: Some(reason),
        settle: Some(settle).filter(|settle| !settle.is_empty()),
        ..Telling::default()
    }
}

fn sole<'t>(parts: &[&'t Told]) -> Option<&'t Told> {
    match parts {
        [only] => Some(only),
        _ => None,
    }
}

fn wanted(quantifier: Quantifier) -> String {
    match quantifier {
        Quantifier::All => "all".to_owned(),
        Quantifier::Any => "any".to_owned(),
        Quantifier::None => "none".to_owned(),
        Quantifier::AtLeast(n) => format!("at least {n}"),
        Quantifier::AtMost(n) => format!("at most {n}"),
        Quantifier::Exactly(n) => format!("exactly {n}"),
    }
}

impl View<'_> {
    /// A condition whose window leans on a milestone without a time.
    pub(crate) fn blocked_telling(&self, notes: &[Note<'_>]) -> Option<Telling> {
        let (milestone, reached) = notes.iter().find_map(|note| match note {
            Note::Blocked(milestone, reached) => Some((*milestone, *reached)),
            _ => None,
        })?;
        let name = self.milestone(milestone);
        let because = match reached {
            Reached::NotYet => format!("{name} has not been reached"),
            _ => format!("the time of {name} is not clear from the data"),
        };
        Some(Telling::because(because).settled_by(format!("the date of {name}")))
    }

    /// A part that applies only to some.
    pub(crate) fn guarded_telling(
        &self,
        guard: &PlanGuard,
        notes: &[Note<'_>],
        parts: &[Told],
        truth: Truth,
    ) -> Telling {
        let run = Run {
            program: self.program,
            context: self.context,
            chart: self.chart,
            asked: self.gate,
        };
        let (body, conditions) = match parts.split_last() {
            Some((body, conditions)) => (Some(body), conditions),
            None => (None, parts),
        };
        let told = guard_sentence(run, guard, notes, conditions);
        let by_guard = truth == Truth::NotApplicable
            || (truth.is_open() && body.is_none_or(|body| !body.truth().is_open()));
        let settle: Vec<String> = told
            .settle
            .iter()
            .cloned()
            .chain(body.and_then(|body| body.explanation.settle.clone()))
            .collect();
        let because = match body {
            Some(body) if !by_guard => body.reason.clone(),
            _ => told.because,
        };
        Telling {
            because,
            facts: told.facts,
            settle: Some(listed(&settle)).filter(|settle| !settle.is_empty()),
            ..Telling::default()
        }
    }

    /// What a person answered.
    pub(crate) fn judged_telling(
        &self,
        id: JudgementId,
        notes: &[Note<'_>],
        truth: Truth,
    ) -> Telling {
        let Some(judgement) = self.program.protocol().judgements.get(id.index()) else {
            return Telling::default();
        };
        let by = spoken(&judgement.by);
        self.answer_telling(notes, truth, &judgement.name, &by)
            .unwrap_or_else(|| {
                Telling::because(format!("awaits the {by}: {}?", spoken(&judgement.name)))
                    .settled_by(format!("an answer to {} by the {by}", judgement.name))
            })
    }

    /// Whether a commitment was attested.
    pub(crate) fn committed_telling(
        &self,
        id: CriterionId,
        notes: &[Note<'_>],
        truth: Truth,
    ) -> Telling {
        let Some(criterion) = self.program.protocol().criteria.get(id.index()) else {
            return Telling::default();
        };
        self.answer_telling(notes, truth, &criterion.id, "participant")
            .unwrap_or_else(|| {
                Telling::because(format!("awaits the attestation of {}", criterion.id)).settled_by(
                    format!("an attestation of {} by {}", criterion.id, self.gate_text()),
                )
            })
    }

    /// The answers that were found; none if there are none.
    fn answer_telling(
        &self,
        notes: &[Note<'_>],
        truth: Truth,
        item: &str,
        by: &str,
    ) -> Option<Telling> {
        let mut texts = Vec::new();
        let mut facts = Vec::new();
        for note in notes {
            match note {
                Note::Answer(row) => {
                    let who = row
                        .by
                        .map_or_else(|| by.to_owned(), |by| spoken(self.context.symbols.text(by)));
                    let text = format!(
                        "the {who} answered {} {}",
                        if row.answer { "yes" } else { "no" },
                        on_or_undated(row.time)
                    );
                    facts.push(used(format!("{item}: {text}"), row.at));
                    texts.push(text);
                }
                Note::SetAside(row) => {
                    texts.push(self.set_aside_text(row));
                    facts.push(used(self.set_aside_text(row), row.at));
                }
                _ => {}
            }
        }
        let first = texts.first()?.clone();
        let mut telling = match truth {
            Truth::Open(OpenKind::Unknown) => {
                let because = match texts.as_slice() {
                    [_] => format!(
                        "{first}; whether that was known by {} is not certain",
                        self.gate_text()
                    ),
                    _ => format!("the answers to {item} do not agree: {}", listed(&texts)),
                };
                Telling::because(because).settled_by(format!(
                    "which answer to {item} is the latest by {}",
                    self.gate_text()
                ))
            }
            _ => Telling::because(first),
        };
        telling.facts = facts;
        Some(telling)
    }

    /// Whether a milestone was reached.
    pub(crate) fn happened_telling(&self, id: MilestoneId, truth: Truth) -> Telling {
        let name = self.milestone(id);
        let because = match (self.reached(id), truth) {
            (Reached::At(time), Truth::True) => format!("{name} took place {}", on(&time)),
            (Reached::At(time), Truth::Open(OpenKind::Pending)) => {
                format!(
                    "{name} took place {}, after {}",
                    on(&time),
                    self.gate_text()
                )
            }
            (Reached::At(time), _) => format!(
                "{name} took place {}; whether that was by {} is not certain",
                on(&time),
                self.gate_text()
            ),
            (Reached::NotYet, _) => format!("{name} has not taken place"),
            (Reached::Unclear, _) => format!("the time of {name} is not clear from the data"),
        };
        Telling::because(because).settled_by(format!("the date of {name}"))
    }

    /// Completed years of age.
    pub(crate) fn age_telling(
        &self,
        at: Option<MilestoneId>,
        interval: &Interval,
        notes: &[Note<'_>],
        truth: Truth,
    ) -> Telling {
        let Some((years, time)) = notes.iter().find_map(|note| match note {
            Note::Age { years, time } => Some((*years, *time)),
            _ => None,
        }) else {
            return Telling::default();
        };
        let when = format!("at {} ({time})", self.milestone(at.unwrap_or(self.gate)));
        let birth = format!("the date of birth ({})", place(self.chart.at));
        let limit = |value: &Exact| format!("{} years", number(value));
        match (years, self.chart.birth) {
            (Some((youngest, oldest)), Some(born)) => {
                let age = Exact::from_integer(youngest);
                let because = if oldest < 0 {
                    format!("the date of birth {born} is after {time}")
                } else if youngest == oldest || !truth.is_open() {
                    let oldest_age = Exact::from_integer(oldest);
                    let below = interval
                        .low
                        .as_ref()
                        .is_some_and(|(low, _)| oldest_age <= *low);
                    let above = interval.high.as_ref().is_some_and(|(high, _)| age >= *high);
                    let years = if youngest == oldest {
                        youngest.to_string()
                    } else {
                        format!("{youngest} or {oldest}")
                    };
                    let outside = truth == Truth::False;
                    format!(
                        "age {years} {when} {}",
                        relation(interval, outside && below, outside && above, &limit)
                    )
                } else {
                    format!("age is {youngest} or {oldest} {when}, born {}", on(&born))
                };
                let mut telling = Telling::because(because).settled_by(birth);
                telling.facts = vec![used(format!("born {}", on(&born)), self.chart.at)];
                telling
            }
            _ => Telling::because("the date of birth is not recorded").settled_by(birth),
        }
    }
}
