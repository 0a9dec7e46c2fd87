//! What the formatter knows of a line: its words, and which of its parts stand in columns.

use pest::iterators::Pair;

use crate::grammar::{Rule, parse_line};
use crate::layout::Line;
use crate::place::Place;

/// Lines of one kind, one below the other, share their columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `renal: …`, `I7a "renal function": …`
    Label,
    /// `at screening: …`
    Gate,
    /// `except with gilbert_syndrome: …`
    Exception,
    /// `for women: …` in a formula.
    Case,
    /// `title "…"`, `unit g/L`
    Field,
    /// A field that is a phrase without a value: stands among fields, has no columns.
    Phrase,
    /// `prednisone 5 mg`
    Row,
    /// `milestone consent …`
    Milestone,
    /// Columns and rows of a table of tests: `1.80 | not met`
    Table,
    /// Everything else.
    Plain,
}

/// A word, a sign or a quoted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Its characters, blanks inside it collapsed.
    pub(super) text: String,
    /// Where it begins in the line.
    pub(super) at: usize,
    /// What the grammar takes it for; none for signs.
    rule: Option<Rule>,
}

/// The words of a line, and where its columns begin.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) kind: Kind,
    pub(super) tokens: Vec<Token>,
    /// Indices of tokens that begin a column, but for the first one.
    pub(super) columns: Vec<usize>,
}

impl Shape {
    /// The shape of a line that was read; none if it is to be left as it is.
    pub(super) fn of(line: &Line, place: Place, pair: Pair<'_, Rule>) -> Option<Shape> {
        let inner = pair.clone().into_inner().next()?;
        if place == Place::Fields && inner.as_rule() == Rule::equivalence_row {
            // Only looks like a row: the parser refuses it.
            return None;
        }
        if place == Place::Table && line.text.contains('"') {
            // Blanks in a text of a cell are part of it.
            return None;
        }
        let tokens = tokens(&line.text, pair);
        let shape = Self::columns(place, inner, tokens);
        // The proof that nothing but blanks will change: what will be written is read again.
        let written = join(&shape.tokens);
        let again = parse_line(place.rule(), &written).ok()?;
        let again = self::tokens(&written, again);
        let word = |token: &Token| (token.text.clone(), token.rule);
        again
            .iter()
            .map(word)
            .eq(shape.tokens.iter().map(word))
            .then_some(shape)
    }

    fn columns(place: Place, inner: Pair<'_, Rule>, tokens: Vec<Token>) -> Shape {
        let colon = tokens
            .iter()
            .position(|token| token.text == ":")
            .map(|colon| colon + 1)
            .filter(|behind| *behind < tokens.len());
        let labelled = |kind: Kind, tokens: Vec<Token>| match colon {
            Some(colon) => Shape {
                kind,
                columns: vec![colon],
                tokens,
            },
            None => Shape {
                kind: Kind::Plain,
                columns: Vec::new(),
                tokens,
            },
        };
        let rule = inner.as_rule();
        let clause = match rule {
            Rule::unlabelled => inner
                .clone()
                .into_inner()
                .next()
                .map_or(rule, |clause| clause.as_rule()),
            _ => rule,
        };
        match (place, clause) {
            (Place::Body, Rule::labelled | Rule::washout_row) => labelled(Kind::Label, tokens),
            (Place::Body, Rule::at_clause) => labelled(Kind::Gate, tokens),
            (Place::Body, Rule::except_clause) => labelled(Kind::Exception, tokens),
            (Place::Formula, Rule::formula_case) => labelled(Kind::Case, tokens),
            (_, Rule::equivalence_row) => Shape {
                kind: Kind::Row,
                columns: vec![1],
                tokens,
            },
            (Place::Fields, Rule::incomplete_field)
            | (Place::Statistics, Rule::below_line)
            | (Place::Amendment, _) => Shape {
                kind: Kind::Phrase,
                columns: Vec::new(),
                tokens,
            },
            (Place::Formula, Rule::formula_inputs) => Shape {
                kind: Kind::Plain,
                columns: Vec::new(),
                tokens,
            },
            (
                Place::Fields
                | Place::Rows
                | Place::Formula
                | Place::Endpoint
                | Place::Statistics
                | Place::Escalation,
                _,
            )
            | (Place::Body, Rule::source_clause | Rule::note_clause | Rule::assumed_clause) => {
                match tokens.len() {
                    1 => Shape {
                        kind: Kind::Phrase,
                        columns: Vec::new(),
                        tokens,
                    },
                    _ => Shape {
                        kind: Kind::Field,
                        columns: vec![1],
                        tokens,
                    },
                }
            }
            (Place::Table, _) => Shape {
                kind: Kind::Table,
                columns: (0..tokens.len())
                    .filter(|index| tokens.get(*index).is_some_and(|token| token.text == "|"))
                    .collect(),
                tokens,
            },
            (Place::Top, Rule::milestone_head) => Self::milestone(inner, tokens),
            _ => Shape {
                kind: Kind::Plain,
                columns: Vec::new(),
                tokens,
            },
        }
    }

    /// `milestone name`, its relations, its title; the relations or the title may be missing.
    fn milestone(head: Pair<'_, Rule>, tokens: Vec<Token>) -> Shape {
        let has_title = head.into_inner().any(|part| part.as_rule() == Rule::string);
        let title = tokens.len().saturating_sub(usize::from(has_title));
        // Both columns are always there, if empty: the second begins where the title does.
        Shape {
            kind: Kind::Milestone,
            columns: vec![2, title],
            tokens,
        }
    }
}

/// The tokens of a line that was read, in order.
fn tokens(text: &str, pair: Pair<'_, Rule>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    leaves(pair, &mut |leaf| {
        let span = leaf.as_span();
        between(text, at, span.start(), &mut tokens);
        let written = leaf.as_str();
        if leaf.as_rule() == Rule::string {
            tokens.push(Token {
                text: written.trim().to_owned(),
                at: span.start(),
                rule: Some(leaf.as_rule()),
            });
        } else if !written.trim().is_empty() {
            // A word that belongs to its comma is still a sign and a word.
            let (at, written) = match written.strip_prefix(',') {
                Some(rest) => {
                    tokens.push(Token {
                        text: ",".to_owned(),
                        at: span.start(),
                        rule: None,
                    });
                    // It may stand in the next line.
                    let blanks = rest.len() - rest.trim_start().len();
                    (span.start() + 1 + blanks, rest)
                }
                None => (span.start(), written),
            };
            let words: Vec<&str> = written.split_whitespace().collect();
            tokens.push(Token {
                text: words.join(" "),
                at,
                rule: Some(leaf.as_rule()),
            });
        }
        at = at.max(span.end());
    });
    between(text, at, text.len(), &mut tokens);
    tokens
}

/// Visits the parts of a line that have no parts themselves.
fn leaves(pair: Pair<'_, Rule>, visit: &mut impl FnMut(&Pair<'_, Rule>)) {
    let mut parts = pair.clone().into_inner().peekable();
    if pair.as_rule() == Rule::string || parts.peek().is_none() {
        visit(&pair);
        return;
    }
    for part in parts {
        leaves(part, visit);
    }
}

/// The words and signs between two parts of a line.
fn between(text: &str, from: usize, to: usize, tokens: &mut Vec<Token>) {
    let mut word: Option<usize> = None;
    let close = |word: &mut Option<usize>, end: usize, tokens: &mut Vec<Token>| {
        if let Some(start) = word.take() {
            tokens.push(Token {
                text: text.get(start..end).unwrap_or_default().to_owned(),
                at: start,
                rule: None,
            });
        }
    };
    for (offset, c) in text.get(from..to).unwrap_or_default().char_indices() {
        let at = from + offset;
        if c.is_whitespace() {
            close(&mut word, at, tokens);
        } else if matches!(c, ',' | ':' | '(' | ')') {
            close(&mut word, at, tokens);
            tokens.push(Token {
                text: c.to_string(),
                at,
                rule: None,
            });
        } else {
            word = word.or(Some(at));
        }
    }
    close(&mut word, to, tokens);
}

/// Writes tokens with one blank between them, but none before a comma and none inside brackets.
pub(super) fn join(tokens: &[Token]) -> String {
    let mut text = String::new();
    let mut before: Option<&str> = None;
    for token in tokens {
        let tight = matches!(token.text.as_str(), "," | ":" | ")")
            || before.is_none_or(|before| before == "(");
        if !tight {
            text.push(' ');
        }
        text.push_str(&token.text);
        before = Some(&token.text);
    }
    text
}
