//! Parts, limits and exceptions that can be taken out of their criterion without a change for anybody.

use lind_diagnostics::{Diagnostic, Severity, Span};

use super::Looking;
use super::findings::{SAYS_OF_TERMS, SAYS_REDUNDANT, touch};
use super::mirrors::Mirror;
use super::variants::{Term, TermSort};
use crate::CannotCompare;
use crate::rules;
use crate::solver::{Literal, Logic};

impl Looking<'_> {
    /// Terms that can be taken out of their criterion without a change for anybody; of each criterion one. Of terms
    /// within each other the outer one is told, else the later one.
    pub(super) fn dead_terms(
        &mut self,
        told: &[bool],
        left_out: &[bool],
    ) -> Result<(), CannotCompare> {
        let is = |list: &[bool], place: usize| list.get(place).copied().unwrap_or(false);
        let variants = std::mem::take(&mut self.variants);
        let mut blamed: Vec<(usize, Vec<usize>)> = Vec::new();
        for place in (0..self.count).rev() {
            if is(told, place) {
                continue;
            }
            let Some(effects) = self.effects(place) else {
                continue;
            };
            let others = self.passes(|other| other != place && !is(left_out, other));
            for variant in variants.iter().filter(|own| own.of == place) {
                let Some(without) = self.effects(variant.place) else {
                    continue;
                };
                if self.is_said_of_term(variant.term.span)
                    || !self.asks_something(variant.term.node)
                    || !self.is_within(place, variant.term.span)
                {
                    continue;
                }
                let clauses = &mut self.search.clauses;
                let stricter = clauses.both(&[effects.pass, !without.pass]);
                let looser = clauses.both(&[!effects.pass, without.pass]);
                let differs = clauses.either(&[stricter, looser]);
                let Some(core) = self.search.core(&[differs], &others) else {
                    let passes = others.iter().map(|(_, pass)| *pass);
                    let wanted: Vec<Literal> = passes.chain([differs]).collect();
                    self.weigh(place, &wanted);
                    continue;
                };
                let is_mutual = blamed
                    .iter()
                    .any(|(one, by)| core.contains(one) && by.contains(&place))
                    || self.is_said_of_both(variant.term.span, &core);
                if !is_mutual {
                    self.tell_dead(place, &variant.term, &core)?;
                    blamed.push((place, core));
                    break;
                }
            }
        }
        Ok(())
    }

    fn tell_dead(
        &mut self,
        place: usize,
        term: &Term,
        core: &[usize],
    ) -> Result<(), CannotCompare> {
        let Some((id, kind)) = self.name(place) else {
            return Ok(());
        };
        let limit = match term.sort {
            TermSort::LowerLimit => Some("the lower limit decides nothing beside the other"),
            TermSort::UpperLimit => Some("the upper limit decides nothing beside the other"),
            TermSort::Part if self.passing_end(place, term.node).is_some() => {
                Some("decides nothing beside the other")
            }
            TermSort::Part | TermSort::Exception | TermSort::LimitForSome => None,
        };
        let mut is_mirror = false;
        if let ([other], Some(label)) = (core, limit)
            && let Some((other_id, other_kind)) = self.name(*other)
            && other_kind != kind
            && let Some(own) = self.leaf(place, term.node)
        {
            match self.mirror((place, own), *other)? {
                Mirror::Drifted(decides, patient) => {
                    let drifted = Diagnostic::new(
                        &rules::W0902_DRIFTED_MIRROR,
                        term.span,
                        format!("`{id}` and `{other_id}` state one limit with two numbers"),
                    )
                    .label(label)
                    .also(decides, "this one decides");
                    self.tell_drift(drifted, (place, &id), (*other, &other_id), &patient);
                    return Ok(());
                }
                Mirror::Same => is_mirror = true,
                Mirror::None => {}
            }
        }
        let said = match term.sort {
            TermSort::Exception => format!("the exception `{}` changes nothing", term.text),
            TermSort::LimitForSome => {
                format!("the limit for `{}` changes nothing", term.text)
            }
            TermSort::LowerLimit => "the lower limit changes nothing".to_owned(),
            TermSort::UpperLimit => "the upper limit changes nothing".to_owned(),
            TermSort::Part => "this part changes nothing".to_owned(),
        };
        let mut diagnostic = Diagnostic::new(
            &rules::W0903_DEAD_TERM,
            term.span,
            format!("{said} in `{id}`"),
        )
        .label(if core.is_empty() {
            "without it, the criterion says the same"
        } else {
            "without it, the same patients are eligible"
        });
        if is_mirror {
            diagnostic.severity = Severity::Note;
        }
        for other in core {
            diagnostic = diagnostic.also(self.span(*other), "decides it already");
        }
        self.sink.push(
            diagnostic.note("this is proved for every patient; perhaps something else was meant"),
        );
        Ok(())
    }

    /// Whether something was said already of a term, of what is in it, or of a list that it is in.
    fn is_said_of_term(&self, span: Span) -> bool {
        let own = self.places.whole(span);
        let said = self.said.iter();
        let mut said = said.filter(|diagnostic| SAYS_OF_TERMS.contains(&diagnostic.rule.code));
        said.any(|diagnostic| {
            touch(self.places.whole(diagnostic.primary.span), own)
                || diagnostic.labels().any(|label| touch(label.span, own))
        })
    }

    /// Whether it was said already that a part of a criterion in the core adds nothing beside a list that a term is in:
    /// then the two imply each other.
    fn is_said_of_both(&self, span: Span, core: &[usize]) -> bool {
        let said = self.said.iter();
        let mut said = said.filter(|diagnostic| SAYS_REDUNDANT.contains(&diagnostic.rule.code));
        said.any(|diagnostic| {
            core.iter()
                .any(|other| self.is_within(*other, diagnostic.primary.span))
                && diagnostic
                    .labels()
                    .any(|label| touch(self.places.whole(label.span), span))
        })
    }
}
