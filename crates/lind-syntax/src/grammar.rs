//! The only place that names pest: one line in, pairs or the furthest failure out.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;
use pest_derive::Parser;

/// The generated parser.
#[derive(Parser)]
#[grammar = "../../grammar/lind.pest"]
struct LineParser;

/// Where a line stopped being readable, and what could have stood there.
pub(crate) struct Failure {
    /// Byte offset in the line.
    pub(crate) at: usize,
    /// The rules that were tried there.
    pub(crate) tried: Vec<Rule>,
}

/// Parses one line with the rule of its place.
pub(crate) fn parse_line(rule: Rule, text: &str) -> Result<Pair<'_, Rule>, Failure> {
    match LineParser::parse(rule, text) {
        Ok(mut pairs) => pairs.next().ok_or(Failure {
            at: 0,
            tried: Vec::new(),
        }),
        Err(error) => {
            let at = match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            };
            let tried = match error.variant {
                ErrorVariant::ParsingError { positives, .. } => positives,
                ErrorVariant::CustomError { .. } => Vec::new(),
            };
            Err(Failure { at, tried })
        }
    }
}

/// Whether a line can be read and its units look like units.
///
/// A unit takes in every word up to the next one of the language, so that the checker can say what is
/// wrong with it; a repaired line whose unit takes in half a sentence is no repair.
pub(crate) fn reads_well(rule: Rule, text: &str) -> bool {
    parse_line(rule, text).is_ok_and(|pair| {
        pair.into_inner().flatten().all(|part| {
            part.as_rule() != Rule::unit || part.as_str().split_whitespace().count() <= 2
        })
    })
}
