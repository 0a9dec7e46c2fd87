//! What is said of values that no visit supplies.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::Subject;
use lind_model::trial::{Assessment, VisitTime};
use lind_model::{AssessmentId, VisitId};
use lind_syntax::tree::{AssessmentItem, AssessmentLine, Item};

use super::needs::{Need, When, Zone};
use super::reach::Only;
use super::{Lack, Owner, Sort, Supply, key};
use crate::rules;
use crate::scope::Symbol;

/// How many names a message lists.
const MOST_NAMES: usize = 3;
/// How many others that need the same are marked.
const MOST_OTHERS: usize = 2;

/// Values that are not there, and who needs them.
pub(super) struct Finding {
    owner: Owner,
    others: Vec<(Arc<str>, Span)>,
    subjects: Vec<Subject>,
    part_of: Option<Arc<str>>,
    /// Of how many values that go into the same.
    of: usize,
    lack: Lack,
    zone: Zone,
    place: Span,
}

impl Supply<'_, '_> {
    /// Keeps what lacks; what others lack too, and what goes into one sum, is told once.
    pub(super) fn keep(&mut self, owner: Owner, need: &Need, all: &[Need], lack: Lack) {
        // What a population asks may come from the records that a patient brings along, as with criteria.
        if owner.sort == Sort::Population && lack != Lack::Nowhere {
            return;
        }
        let is_same = |known: &&mut Finding| {
            std::mem::discriminant(&known.lack) == std::mem::discriminant(&lack)
                && (lack == Lack::Nowhere || known.zone == need.zone)
                && known.part_of == need.part_of
                && (need.part_of.is_some() || known.subjects.contains(&need.subject))
                && (known.owner.sort == Sort::Population) == (owner.sort == Sort::Population)
        };
        if let Some(known) = self.found.iter_mut().find(is_same) {
            if !known.subjects.contains(&need.subject) {
                known.subjects.push(need.subject);
            }
            let is_other = known.owner.name != owner.name
                && known.others.iter().all(|(other, _)| *other != owner.name);
            if is_other {
                known.others.push((owner.name, owner.places.subject));
            }
            return;
        }
        self.found.push(Finding {
            owner,
            others: Vec::new(),
            subjects: vec![need.subject],
            part_of: need.part_of.clone(),
            of: together(need, all, lack),
            lack,
            zone: need.zone.clone(),
            place: need.place,
        });
    }

    /// The messages of all that lacks.
    pub(super) fn messages(&self) -> Vec<Diagnostic> {
        let mut told: Vec<&Arc<str>> = Vec::new();
        let mut diagnostics = Vec::new();
        for found in &self.found {
            let owner = &found.owner.name;
            let same = || {
                let same = |other: &&Finding| {
                    other.lack == Lack::Nowhere
                        && found.lack == other.lack
                        && other.owner.name == *owner
                };
                self.found.iter().filter(same)
            };
            if same().count() <= MOST_NAMES {
                diagnostics.push(self.message(found));
            } else if !told.contains(&owner) {
                told.push(owner);
                diagnostics.push(self.much_lacks(found, same()));
            }
        }
        diagnostics
    }

    /// Something of which more lacks than is told one by one.
    fn much_lacks<'f>(
        &self,
        first: &Finding,
        all: impl Iterator<Item = &'f Finding>,
    ) -> Diagnostic {
        let mut names: Vec<String> = Vec::new();
        for found in all {
            match &found.part_of {
                Some(sum) => names.push(format!("`{sum}`")),
                None => {
                    let subjects = found.subjects.iter();
                    names.extend(subjects.map(|subject| format!("`{}`", self.name(*subject))));
                }
            }
        }
        let more = names.len().saturating_sub(MOST_NAMES);
        names.truncate(MOST_NAMES);
        let visits = self.checker.tables.trial.visits.iter();
        let mut planned = visits.filter(|visit| !visit.planned.is_empty());
        Diagnostic::new(
            &rules::E0645_NOT_SUPPLIED,
            first.owner.places.subject,
            format!(
                "no visit measures {} and {more} more, and `{}` cannot be told without",
                names.join(", "),
                first.owner.name
            ),
        )
        .label("needs values that no visit gives")
        .also_visit(
            planned.next().map(|visit| visit.span),
            "the visits begin here",
        )
        .note("assessments that list them supply them, at each visit that plans these")
    }

    fn message(&self, found: &Finding) -> Diagnostic {
        let whose = &found.owner.name;
        let (what, goes_into) = match &found.part_of {
            // Nothing of it is there.
            Some(sum) if found.of > 1 && found.subjects.len() == found.of => {
                (format!("`{sum}`"), format!("`{whose}`"))
            }
            Some(sum) if sum != whose => {
                (self.list(&found.subjects), format!("`{sum}` of `{whose}`"))
            }
            _ => (self.list(&found.subjects), format!("`{whose}`")),
        };
        let when = match &found.zone.when {
            When::Ever => String::new(),
            When::Window => " in this window".to_owned(),
            When::Said(when) => format!(" {when}"),
        };
        let of_owner = [Some(found.owner.places.subject), found.owner.places.window];
        let is_inside = |span: &Span| {
            let own = found.place;
            span.file == own.file && span.start <= own.start && own.end <= span.end
        };
        let is_own = of_owner.iter().flatten().any(is_inside);
        let at_window = found
            .owner
            .places
            .window
            .filter(|place| *place == found.place);
        let place = at_window.unwrap_or(found.owner.places.subject);
        let visit = |id: VisitId| self.checker.tables.trial.visits.get(id.index());
        let named =
            |id: VisitId| visit(id).map_or_else(|| Arc::from(""), |it| Arc::clone(&it.name));
        let mut diagnostic = match found.lack {
            Lack::Nowhere if found.owner.sort == Sort::Population => Diagnostic::new(
                &rules::W0654_VALUE_NOT_PLANNED,
                found.place,
                format!("no visit measures {what}"),
            )
            .label("this population asks it")
            .note("it can only come from the records that a patient brings along; an assessment of a visit supplies it"),
            Lack::Nowhere => Diagnostic::new(
                &rules::E0645_NOT_SUPPLIED,
                found.owner.places.subject,
                format!("no visit measures {what}, and {goes_into} cannot be told without"),
            )
            .label("needs a value that no visit gives"),
            Lack::Elsewhere(..) => Diagnostic::new(
                &rules::E0645_NOT_SUPPLIED,
                place,
                format!("no visit measures {what}{when}, and {goes_into} cannot be told without"),
            )
            .label(if at_window.is_some() {
                "no visit here measures it"
            } else {
                "needs a value that no visit gives there"
            }),
            Lack::Perhaps(id, Only::Unscheduled) => Diagnostic::new(
                &rules::W0665_PERHAPS_SUPPLIED,
                place,
                format!("only an unscheduled visit measures {what}{when}"),
            )
            .label("may have no value")
            .also_visit(visit(id).map(|it| it.span), "planned for nobody")
            .note("an unscheduled visit takes place where there is a reason, and values that are there for a reason are not those of everybody"),
            Lack::Perhaps(id, only) => {
                let name = named(id);
                let message = match only {
                    Only::Earlier => format!("`{name}` measures {what}{when} only if it takes place earlier than planned"),
                    Only::Later => format!("`{name}` measures {what}{when} only if it takes place later than planned"),
                    Only::SameDay => format!("`{name}` measures {what}{when} only if it falls on its first or last day"),
                    Only::Months | Only::Unscheduled => format!("whether `{name}` measures {what}{when} depends on how long months are"),
                };
                Diagnostic::new(&rules::W0665_PERHAPS_SUPPLIED, place, message)
                    .label("may have no value")
                    .also_visit(visit(id).map(|it| it.span), "measures it")
            }
        };
        // The line of a library that reads it says nothing new where the sum is named.
        let is_inside_a_sum = found.part_of.is_some()
            && self.modules.first().map(|module| module.file) != Some(found.place.file);
        if !is_own && !is_inside_a_sum && found.owner.sort != Sort::Population {
            diagnostic = diagnostic.also(found.place, "asked here");
        }
        match found.lack {
            Lack::Elsewhere(nearest) => {
                let place = |id: Option<VisitId>| id.and_then(visit).map(|it| it.span);
                diagnostic = diagnostic
                    .also_visit(place(nearest.before), "measures it, before that")
                    .also_visit(place(nearest.after), "measures it, after that")
                    .also_visit(
                        place(nearest.not_asked),
                        "measures it, and is no such visit",
                    );
                diagnostic = self.offer_a_visit(diagnostic, found);
            }
            Lack::Nowhere => diagnostic = self.offer_an_assessment(diagnostic, found),
            Lack::Perhaps(..) => {}
        }
        for (other, place) in found.others.iter().take(MOST_OTHERS) {
            if diagnostic.labels().all(|label| label.span != *place) {
                diagnostic = diagnostic.also(*place, format!("`{other}` needs it too"));
            }
        }
        match found.others.len().saturating_sub(MOST_OTHERS) {
            0 => diagnostic,
            more => diagnostic.note(format!("and {more} more need it")),
        }
    }

    /// Where the value could be measured: in an assessment of values of its sort.
    fn offer_an_assessment(&self, diagnostic: Diagnostic, found: &Finding) -> Diagnostic {
        let trial = &self.checker.tables.trial;
        let Some((index, assessment)) = self.of_the_same_sort(found) else {
            let planned = trial.visits.iter().find(|visit| !visit.planned.is_empty());
            let diagnostic =
                diagnostic.also_visit(planned.map(|visit| visit.span), "the visits begin here");
            let diagnostic = match self.name_to_add(found) {
                Some(name) => diagnostic.note(format!(
                    "an assessment that lists `{name}` supplies it, at each visit that plans it"
                )),
                None => diagnostic,
            };
            return self.note_a_namesake(diagnostic, found);
        };
        let name = self.name_to_add(found);
        let missing = match &name {
            Some(name) => format!("does not list `{name}`"),
            None => "does not list it".to_owned(),
        };
        let diagnostic = diagnostic.also(assessment.span, missing);
        let diagnostic = self.note_a_namesake(diagnostic, found);
        match (name, self.end_of(index)) {
            (Some(name), Some(end)) => diagnostic.suggest(
                format!("add `{name}` to `{}`", assessment.name),
                end,
                format!(", {name}"),
            ),
            _ => diagnostic,
        }
    }

    /// A measure that visits supply, whose name holds the name of the missing one.
    fn note_a_namesake(&self, diagnostic: Diagnostic, found: &Finding) -> Diagnostic {
        let ([subject], None) = (found.subjects.as_slice(), &found.part_of) else {
            return diagnostic;
        };
        let name = self.name(*subject);
        let assessments = self.checker.tables.trial.assessments.iter();
        let measured = assessments.flat_map(|assessment| &assessment.subjects);
        let near: BTreeSet<Arc<str>> = measured
            .filter(|other| self.measured.contains_key(&key(**other)))
            .map(|other| self.name(*other))
            .filter(|other| other.contains(&*name) || name.contains(&**other))
            .collect();
        match near.into_iter().next() {
            Some(near) => diagnostic.note(format!(
                "`{near}` is measured; if that is meant, it must be named"
            )),
            None => diagnostic,
        }
    }

    /// The assessment, planned at a visit where the value is asked, that measures most from the same library.
    fn of_the_same_sort(&self, found: &Finding) -> Option<(AssessmentId, &Assessment)> {
        let file = self.declared_in(*found.subjects.first()?)?;
        let trial = &self.checker.tables.trial;
        let mut best: Option<(usize, AssessmentId)> = None;
        for (index, assessment) in trial.assessments.iter().enumerate() {
            let id = AssessmentId::from_index(index);
            let subjects = assessment.subjects.iter();
            let alike = subjects
                .filter(|subject| self.declared_in(**subject) == Some(file))
                .count();
            let is_planned = trial.visits.iter().enumerate().any(|(visit, planned)| {
                planned.planned.iter().any(|one| one.assessment == id)
                    && self.is_in(VisitId::from_index(visit), &found.zone)
            });
            if alike > 0 && is_planned && best.is_none_or(|(most, _)| alike > most) {
                best = Some((alike, id));
            }
        }
        let (_, id) = best?;
        Some((id, trial.assessments.get(id.index())?))
    }

    fn declared_in(&self, subject: Subject) -> Option<lind_diagnostics::FileId> {
        let tables = &self.checker.tables;
        let span = match subject {
            Subject::Measure(id) => self.checker.measure(id)?.span,
            Subject::Formula(id) => tables.formulas.get(id.index())?.as_ref()?.span,
        };
        Some(span.file)
    }

    /// The name under which an assessment of the protocol can list what is missing.
    fn name_to_add(&self, found: &Finding) -> Option<Arc<str>> {
        let scope = self.checker.scopes.first()?;
        let symbol = |name: &str| scope.entries.get(name).map(|entry| entry.symbol);
        if let [subject] = found.subjects.as_slice() {
            let name = self.name(*subject);
            let is_it = match (symbol(&name), *subject) {
                (Some(Symbol::Measure(own)), Subject::Measure(id)) => own == id,
                (Some(Symbol::Formula(own)), Subject::Formula(id)) => own == id,
                _ => false,
            };
            if is_it {
                return Some(name);
            }
        }
        let sum = found.part_of.as_ref()?;
        let is_sum = matches!(symbol(sum), Some(Symbol::Points(_) | Symbol::Formula(_)));
        is_sum.then(|| Arc::clone(sum))
    }

    /// Where a further name can stand in an assessment of the protocol itself.
    fn end_of(&self, assessment: AssessmentId) -> Option<Span> {
        let declared = self
            .checker
            .tables
            .trial
            .assessments
            .get(assessment.index())?;
        let root = self.modules.first()?;
        let written = root.tree.items.iter().find_map(|item| match item {
            Item::Assessment(own) if own.name.span == declared.span => Some(own),
            _ => None,
        })?;
        let mut items = written.lines.iter().filter_map(|line| match line {
            AssessmentLine::Items(items) => items.last(),
            AssessmentLine::Remark | AssessmentLine::Broken(_) => None,
        });
        let end = match items.next_back()? {
            AssessmentItem::Named(name) => name.span,
            AssessmentItem::Words(text) => text.span,
        };
        Some(Span::at(end.file, end.end))
    }

    /// An assessment that measures it, at a visit where it is asked.
    fn offer_a_visit(&self, diagnostic: Diagnostic, found: &Finding) -> Diagnostic {
        let trial = &self.checker.tables.trial;
        let mut assessments = trial.assessments.iter().enumerate();
        let gives = assessments.find(|(_, assessment)| {
            let mut subjects = found.subjects.iter();
            subjects.all(|subject| assessment.subjects.contains(subject))
        });
        let Some((_, gives)) = gives else {
            return diagnostic;
        };
        let mut inside: Vec<VisitId> = trial
            .planned_order()
            .into_iter()
            .filter(|id| self.is_in(*id, &found.zone))
            .collect();
        if matches!(found.lack, Lack::Elsewhere(nearest) if nearest.before.is_none()) {
            inside.reverse();
        }
        let root = self.modules.first().map(|module| module.file);
        for id in inside {
            let Some(visit) = trial.visits.get(id.index()) else {
                continue;
            };
            if matches!(visit.time, VisitTime::Unscheduled) || Some(visit.span.file) != root {
                continue;
            }
            // Below the visit itself, not below its timeline; and for everybody.
            let own = visit.planned.last().filter(|last| {
                last.span.start > visit.span.start && last.text.is_none() && last.sex.is_none()
            });
            let Some(last) = own else { continue };
            let mut alike = trial.visits.iter().filter(|other| other.span == visit.span);
            let which = match alike.nth(1) {
                Some(_) => "and the visits of its line",
                None => "too",
            };
            return diagnostic.suggest(
                format!("plan `{}` at `{}` {which}", gives.name, visit.name),
                Span::at(last.span.file, last.span.end),
                format!(", {}", gives.name),
            );
        }
        if self.any_inside(&found.zone) {
            diagnostic
        } else {
            diagnostic.note("no visit at all is planned there")
        }
    }

    fn any_inside(&self, zone: &Zone) -> bool {
        let visits = 0..self.checker.tables.trial.visits.len();
        visits
            .map(VisitId::from_index)
            .any(|id| self.is_in(id, zone))
    }

    fn name(&self, subject: Subject) -> Arc<str> {
        let formulas = &self.checker.tables.formulas;
        let name = match subject {
            Subject::Measure(id) => self.checker.measure(id).map(|it| Arc::clone(&it.name)),
            Subject::Formula(id) => formulas
                .get(id.index())
                .and_then(Option::as_ref)
                .map(|it| Arc::clone(&it.name)),
        };
        name.unwrap_or_else(|| Arc::from(""))
    }

    /// `a`, `b` and 4 more.
    fn list(&self, subjects: &[Subject]) -> String {
        let names: Vec<String> = subjects
            .iter()
            .take(MOST_NAMES)
            .map(|subject| format!("`{}`", self.name(*subject)))
            .collect();
        match subjects.len().saturating_sub(MOST_NAMES) {
            0 => names.join(", "),
            more => format!("{} and {more} more", names.join(", ")),
        }
    }
}

/// How many values go into the same sum or formula, at the same time if they are measured at another.
fn together(need: &Need, all: &[Need], lack: Lack) -> usize {
    let mut subjects: Vec<Subject> = Vec::new();
    for other in all {
        let is_same = need.part_of.is_some() && other.part_of == need.part_of;
        let is_then = lack == Lack::Nowhere || other.zone == need.zone;
        if is_same && is_then && !subjects.contains(&other.subject) {
            subjects.push(other.subject);
        }
    }
    subjects.len()
}

/// Labels of visits that may be missing.
trait AlsoVisit {
    fn also_visit(self, span: Option<Span>, text: &str) -> Self;
}

impl AlsoVisit for Diagnostic {
    fn also_visit(self, span: Option<Span>, text: &str) -> Self {
        match span {
            Some(span) => self.also(span, text),
            None => self,
        }
    }
}
