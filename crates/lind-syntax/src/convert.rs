//! From pairs to our own tree: the parts that every line shares.

use lind_diagnostics::{Diagnostic, FileId, Span};
use pest::iterators::{Pair, Pairs};

use crate::grammar::Rule;
use crate::rules;
use crate::tree::{Comparator, ComparatorKind, Ends, Limit, Name, Number, Quantity, Range, Text};

/// One line on its way into the tree: where it stands, and where findings go.
pub(crate) struct Source<'d> {
    pub(crate) file: FileId,
    /// Offset of the line in its file.
    pub(crate) base: u32,
    /// Where a part of the line stands that a cell of a table filled in.
    pub(crate) filled: Option<Filled>,
    pub(crate) diagnostics: &'d mut Vec<Diagnostic>,
}

/// A cell that was put into a line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filled {
    /// Where it begins and ends in the line.
    pub(crate) from: u32,
    pub(crate) to: u32,
    /// How much longer the line became by it; negative if shorter.
    pub(crate) longer: i64,
    /// Where the cell stands in the file.
    pub(crate) cell: Span,
}

impl Filled {
    /// The place of a part of the line: what has to do with the cell stands where that does.
    fn span(&self, file: FileId, base: u32, start: u32, end: u32) -> Span {
        if end <= self.from {
            Span::new(file, base.saturating_add(start), base.saturating_add(end))
        } else if start >= self.to {
            let back = |at: u32| {
                let at = i64::from(base) + i64::from(at) - self.longer;
                u32::try_from(at).unwrap_or(base)
            };
            Span::new(file, back(start), back(end))
        } else {
            self.cell
        }
    }
}

impl Source<'_> {
    /// The place of a pair in the file.
    pub(crate) fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        let text = pair.as_str().trim_end();
        let start = offset(span.start());
        if let Some(filled) = &self.filled {
            let end = start.saturating_add(offset(text.len()));
            return filled.span(self.file, self.base, start, end);
        }
        Span::new(
            self.file,
            self.base.saturating_add(start),
            self.base
                .saturating_add(start)
                .saturating_add(offset(text.len())),
        )
    }

    pub(crate) fn name(&self, pair: &Pair<'_, Rule>) -> Name {
        let mut text = pair.as_str().trim().to_owned();
        if text.contains("  ") || text.contains('\t') {
            // A unit of several words is the same unit, however many blanks stand between them.
            text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        Name {
            text,
            span: self.span(pair),
        }
    }

    pub(crate) fn text(&self, pair: &Pair<'_, Rule>) -> Text {
        let inner = pair.as_str().trim();
        let inner = inner.strip_prefix('"').unwrap_or(inner);
        let inner = inner.strip_suffix('"').unwrap_or(inner);
        let mut value = String::with_capacity(inner.len());
        let mut escaped = false;
        for c in inner.chars() {
            if escaped || c != '\\' {
                value.push(c);
                escaped = false;
            } else {
                escaped = true;
            }
        }
        Text {
            value,
            span: self.span(pair),
        }
    }

    /// A number; one with thousands separators is reported and read without them.
    pub(crate) fn number(&mut self, pair: &Pair<'_, Rule>) -> Number {
        let span = self.span(pair);
        let text = pair.as_str().trim().to_owned();
        if pair.as_rule() != Rule::grouped {
            return Number { text, span };
        }
        // `1,234.5` has one point, which stands before its decimals; `75.000.000` has none that does.
        let points = text.matches('.').count() > 1;
        let plain: String = text
            .chars()
            .filter(|c| *c != ',' && !(points && *c == '.'))
            .collect();
        if points {
            self.diagnostics.push(
                Diagnostic::new(&rules::E0110_GROUPED_NUMBER, span, format!("`{text}` is written with a thousands separator"))
                    .label("a point stands before decimals, once")
                    .note("a point means decimals to some readers and thousands to others, so numbers are written without separators")
                    .suggest(format!("write `{plain}`"), span, plain.clone()),
            );
            return Number { text: plain, span };
        }
        self.diagnostics.push(
            Diagnostic::new(&rules::E0110_GROUPED_NUMBER, span, format!("`{text}` is written with a thousands separator"))
                .label("a comma separates the parts of a list")
                .note("a comma means a decimal point to some readers and nothing to others, so numbers are written without it")
                .fix(format!("write `{plain}`"), span, plain.clone()),
        );
        Number { text: plain, span }
    }

    pub(crate) fn quantity(&mut self, pair: Pair<'_, Rule>) -> Quantity {
        let span = self.span(&pair);
        let mut number = Number {
            text: String::new(),
            span,
        };
        let mut unit = None;
        let mut percent_points = false;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::grouped | Rule::number => number = self.number(&part),
                Rule::percent_point => percent_points = true,
                Rule::unit => unit = Some(self.name(&part)),
                _ => {}
            }
        }
        Quantity {
            number,
            unit,
            percent_points,
            span,
        }
    }

    pub(crate) fn range(&mut self, pair: Pair<'_, Rule>) -> Range {
        let span = self.span(&pair);
        let mut quantities = Vec::new();
        let mut ends = Ends {
            low: true,
            high: true,
            written: false,
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::quantity => quantities.push(self.quantity(part)),
                Rule::ends => ends = range_ends(part),
                _ => {}
            }
        }
        let mut quantities = quantities.into_iter();
        let nothing = || Quantity {
            number: Number {
                text: String::new(),
                span,
            },
            unit: None,
            percent_points: false,
            span,
        };
        let mut low = quantities.next().unwrap_or_else(nothing);
        let high = quantities.next().unwrap_or_else(nothing);
        if low.unit.is_none() && !low.percent_points {
            // `18 to 65 years`: the unit is written once, behind the range.
            low.unit.clone_from(&high.unit);
            low.percent_points = high.percent_points;
        }
        Range {
            low,
            high,
            ends,
            span,
        }
    }

    pub(crate) fn comparator(&self, pair: Pair<'_, Rule>) -> Comparator {
        let span = self.span(&pair);
        let rule = pair.into_inner().next().map(|inner| inner.as_rule());
        let kind = match rule {
            Some(Rule::at_least) => ComparatorKind::AtLeast,
            Some(Rule::at_most) => ComparatorKind::AtMost,
            Some(Rule::more_than) => ComparatorKind::MoreThan,
            Some(Rule::less_than) => ComparatorKind::LessThan,
            _ => ComparatorKind::Equal,
        };
        Comparator { kind, span }
    }

    /// A limit that is already unwrapped to `quantity`, `multiple` or `percent_of`.
    pub(crate) fn limit(&mut self, pair: Pair<'_, Rule>) -> Limit {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::limit => match pair.into_inner().next() {
                Some(inner) => self.limit(inner),
                None => Limit::Multiple {
                    factor: None,
                    upper: true,
                    percent: false,
                    span,
                },
            },
            Rule::quantity => Limit::Quantity(self.quantity(pair)),
            Rule::own_multiple => self.own_multiple(pair),
            Rule::level => Limit::Level(self.name(&pair)),
            // 1:80 is 80 in the unit of titres.
            Rule::titre => {
                let dilution = pair.as_str().trim_start_matches("1:").to_owned();
                Limit::Quantity(Quantity {
                    number: Number {
                        text: dilution,
                        span,
                    },
                    unit: Some(Name {
                        text: "{titer}".to_owned(),
                        span,
                    }),
                    percent_points: false,
                    span,
                })
            }
            rule => {
                let mut factor = None;
                let mut upper = true;
                for part in pair.into_inner() {
                    match part.as_rule() {
                        Rule::grouped | Rule::number => factor = Some(self.number(&part)),
                        Rule::limit_name => upper = part.as_str().trim() == "ULN",
                        _ => {}
                    }
                }
                Limit::Multiple {
                    factor,
                    upper,
                    percent: rule == Rule::percent_of,
                    span,
                }
            }
        }
    }

    /// All names directly inside a pair.
    pub(crate) fn names(&self, pairs: Pairs<'_, Rule>) -> Vec<Name> {
        pairs
            .filter(|part| {
                matches!(
                    part.as_rule(),
                    Rule::name | Rule::label_name | Rule::code | Rule::path
                )
            })
            .map(|part| self.name(&part))
            .collect()
    }
}

pub(crate) fn range_ends(pair: Pair<'_, Rule>) -> Ends {
    let rule = pair.into_inner().next().map(|inner| inner.as_rule());
    let (low, high) = match rule {
        Some(Rule::both_excluded) => (false, false),
        Some(Rule::upper_excluded) => (true, false),
        Some(Rule::lower_excluded) => (false, true),
        _ => (true, true),
    };
    Ends {
        low,
        high,
        written: true,
    }
}

fn offset(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
