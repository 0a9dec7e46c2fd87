//! The heads of states and gradings, and the lines that only they have.

use pest::iterators::Pair;

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{EntryKind, GradedBy, Grading, Item, Scale, State, Text, Window, WindowKind};

impl Source<'_> {
    /// The head of a state, of a grading, or what toxicity is graded by.
    pub(crate) fn state_or_grading(&mut self, pair: Pair<'_, Rule>) -> Option<Item> {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let mut name = None;
        let mut scale = None;
        let mut texts: Vec<Text> = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => name = Some(self.name(&part)),
                Rule::scale_name => scale = Some(self.name(&part)),
                Rule::string => texts.push(self.text(&part)),
                _ => {}
            }
        }
        let mut texts = texts.into_iter();
        if rule == Rule::graded_by_head {
            let scale = Scale {
                name: scale?,
                version: texts.next(),
            };
            return Some(Item::GradedBy(GradedBy { scale, span }));
        }
        let title = texts.next()?;
        let body = Vec::new();
        Some(match rule {
            Rule::grading_head => Item::Grading(Grading {
                name: name?,
                title,
                scale: Scale {
                    name: scale?,
                    version: texts.next(),
                },
                body,
                span,
            }),
            _ => Item::State(State {
                name: name?,
                title,
                body,
                span,
            }),
        })
    }

    /// `at visits with lupus_activity after infusion`
    pub(crate) fn at_visits(&mut self, pair: Pair<'_, Rule>) -> EntryKind {
        let (mut with, mut after) = (None, None);
        for part in pair.into_inner() {
            let rule = part.as_rule();
            let name = self.names(part.into_inner()).into_iter().next();
            match rule {
                Rule::visits_with => with = name,
                Rule::visits_after => after = name,
                _ => {}
            }
        }
        EntryKind::AtVisits { with, after }
    }

    /// `grade 4: alt > 20 x ULN`, without what stands behind the colon.
    pub(crate) fn grade_number(&mut self, pair: Pair<'_, Rule>) -> Option<crate::tree::Number> {
        let number = pair
            .into_inner()
            .find(|part| part.as_rule() == Rule::number)?;
        Some(self.number(&number))
    }

    /// The numbers of a phrase.
    pub(crate) fn grade_numbers(&mut self, pair: Pair<'_, Rule>) -> Vec<crate::tree::Number> {
        pair.into_inner()
            .filter(|part| part.as_rule() == Rule::number)
            .map(|part| self.number(&part))
            .collect()
    }

    /// `at baseline`, where a window stands.
    pub(crate) fn at_milestone(&mut self, pair: Pair<'_, Rule>) -> Option<Window> {
        let span = self.span(&pair);
        let name = self.names(pair.into_inner()).into_iter().next()?;
        Some(Window {
            kind: WindowKind::At(name),
            by_day: None,
            as_known: None,
            also_stated: None,
            span,
        })
    }
}
