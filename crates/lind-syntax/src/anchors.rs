//! Anchors that the data choose: `the latest alemtuzumab`, and the lines below `anchor`.

use lind_diagnostics::Span;
use pest::iterators::Pair;

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{Anchor, AnchorChoice, AnchorLine, Tense};

impl Source<'_> {
    /// `the latest alemtuzumab with route intravenous`, where an anchor stands.
    pub(crate) fn chosen_record(
        &mut self,
        pair: Pair<'_, Rule>,
        end: bool,
        span: Span,
    ) -> Option<Anchor> {
        let mut first = false;
        let mut name = None;
        let mut filters = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::chosen_word => first = part.as_str().trim() == "first",
                Rule::name => name = Some(self.name(&part)),
                Rule::with_field | Rule::with_grade | Rule::event_judged => {
                    let span = self.span(&part);
                    let kind = self.filter_kind(part)?;
                    filters.push(crate::tree::Filter { kind, span });
                }
                _ => {}
            }
        }
        Some(Anchor::Chosen {
            end,
            first,
            name: name?,
            filters,
            span,
        })
    }

    /// A line below `anchor NAME`.
    pub(crate) fn anchor_line(&mut self, pair: Pair<'_, Rule>) -> Option<AnchorLine> {
        let part = pair.into_inner().find(|part| part.as_rule() != Rule::EOI)?;
        let span = self.span(&part);
        let mut text = None;
        let mut otherwise = None;
        let mut end = false;
        let mut first = false;
        for inner in part.clone().into_inner() {
            match inner.as_rule() {
                Rule::string => text = Some(self.text(&inner)),
                Rule::kw_otherwise => otherwise = Some(self.span(&inner)),
                Rule::edge_word => end = inner.as_str().trim() == "end",
                Rule::chosen_word => first = inner.as_str().trim() == "first",
                _ => {}
            }
        }
        Some(match part.as_rule() {
            Rule::source_clause => AnchorLine::Source(text?),
            Rule::note_clause => AnchorLine::Note(text?),
            _ => AnchorLine::Choice(AnchorChoice {
                otherwise,
                end,
                first,
                fact: self.fact_object(part, Tense::Ever, None)?,
                span,
            }),
        })
    }
}
