//! Lines below `amendment`.

use pest::iterators::Pair;

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{AmendmentClaim, AmendmentLine, ClaimWord};

impl Source<'_> {
    /// A line below `amendment`.
    pub(crate) fn amendment_line(&mut self, pair: Pair<'_, Rule>) -> Option<AmendmentLine> {
        let part = pair.into_inner().find(|part| part.as_rule() != Rule::EOI)?;
        let span = self.span(&part);
        let rule = part.as_rule();
        if rule == Rule::amendment_reasons {
            return Some(AmendmentLine::Reasons(self.names(part.into_inner()), span));
        }
        let mut about = None;
        let mut claims = Vec::new();
        let mut text = None;
        for inner in part.into_inner() {
            match inner.as_rule() {
                Rule::label_name => about = Some(self.name(&inner)),
                Rule::string => text = Some(self.text(&inner)),
                Rule::claim => {
                    let span = self.span(&inner);
                    let word = inner
                        .into_inner()
                        .next()
                        .and_then(|word| claim_word(word.as_rule()));
                    claims.extend(word.map(|word| (word, span)));
                }
                _ => {}
            }
        }
        Some(match rule {
            Rule::source_clause => AmendmentLine::Source(text?),
            Rule::note_clause => AmendmentLine::Note(text?),
            _ => AmendmentLine::Claim(AmendmentClaim {
                about: about?,
                claims,
                rationale: text?,
                span,
            }),
        })
    }
}

fn claim_word(rule: Rule) -> Option<ClaimWord> {
    Some(match rule {
        Rule::claim_opens => ClaimWord::Opens,
        Rule::claim_closes => ClaimWord::Closes,
        Rule::claim_more => ClaimWord::WantsMore,
        Rule::claim_less => ClaimWord::WantsLess,
        Rule::claim_added => ClaimWord::Added,
        Rule::claim_removed => ClaimWord::Removed,
        Rule::claim_reworded => ClaimWord::Reworded,
        Rule::claim_changes => ClaimWord::Changes,
        _ => return None,
    })
}
