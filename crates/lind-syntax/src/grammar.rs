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
        Ok(mut pairs) => pairs.next().ok_or(Failure { at: 0, tried: Vec::new() }),
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
