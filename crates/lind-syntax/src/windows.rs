//! Lengths of time and windows.

use lind_diagnostics::Span;
use pest::iterators::Pair;

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{
    Anchor, Comparator, ComparatorKind, Lasting, Length, LengthUnit, Lengths, Number, Side, Steady,
    Term, WashoutRow, Window, WindowKind, WindowPoint,
};

impl Source<'_> {
    pub(crate) fn length(&mut self, pair: Pair<'_, Rule>) -> Length {
        let span = self.span(&pair);
        let mut number = Number {
            text: String::new(),
            span,
        };
        let mut unit = LengthUnit::Missing;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::grouped | Rule::number => number = self.number(&part),
                Rule::half_lives => unit = LengthUnit::HalfLives(self.span(&part)),
                Rule::time_word | Rule::also_time_word => unit = LengthUnit::Word(self.name(&part)),
                _ => {}
            }
        }
        Length { number, unit, span }
    }

    fn lengths(&mut self, pair: Pair<'_, Rule>) -> Lengths {
        let span = self.span(&pair);
        let mut longer = None;
        let mut lengths = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_longer => longer = Some(true),
                Rule::kw_shorter => longer = Some(false),
                Rule::length => lengths.push(self.length(part)),
                _ => {}
            }
        }
        let mut lengths = lengths.into_iter();
        let first = lengths.next().unwrap_or(Length {
            number: Number {
                text: String::new(),
                span,
            },
            unit: LengthUnit::Missing,
            span,
        });
        match (longer, lengths.next()) {
            (Some(true), Some(second)) => Lengths::Longer(first, second),
            (Some(false), Some(second)) => Lengths::Shorter(first, second),
            _ => Lengths::One(first),
        }
    }

    pub(crate) fn anchor(&mut self, pair: Pair<'_, Rule>) -> Anchor {
        let span = self.span(&pair);
        let mut edge = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::date => return Anchor::Date(self.name(&part)),
                Rule::edge_word => edge = Some(part.as_str().trim() == "end"),
                Rule::chosen_record => {
                    if let Some(anchor) = self.chosen_record(part, edge.unwrap_or(false), span) {
                        return anchor;
                    }
                }
                Rule::name => {
                    let name = self.name(&part);
                    return match edge {
                        Some(end) => Anchor::Edge { end, record: name },
                        None => Anchor::Named(name),
                    };
                }
                _ => {}
            }
        }
        Anchor::Sample(span)
    }

    fn side(&self, pair: Pair<'_, Rule>) -> (Side, Span) {
        let span = self.span(&pair);
        let side = match pair.into_inner().next() {
            Some(inner) => {
                let rule = inner.as_rule();
                let strictly = inner
                    .into_inner()
                    .any(|part| part.as_rule() == Rule::kw_strictly);
                match rule {
                    Rule::direction_before => Side::Before { strictly },
                    Rule::direction_after => Side::After { strictly },
                    Rule::direction_either => Side::Either,
                    _ => Side::Of,
                }
            }
            None => Side::Of,
        };
        (side, span)
    }

    /// An end of a window with its distance.
    fn window_point(&mut self, pair: Pair<'_, Rule>) -> Option<WindowPoint> {
        let mut length = None;
        let mut before = false;
        let mut anchor = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::length => length = Some(self.length(part)),
                Rule::direction_before => before = true,
                Rule::anchor => anchor = Some(self.anchor(part)),
                _ => {}
            }
        }
        Some(WindowPoint {
            distance: length.map(|length| (length, before)),
            anchor: anchor?,
        })
    }

    pub(crate) fn window(&mut self, pair: Pair<'_, Rule>) -> Window {
        let span = self.span(&pair);
        let pair = if pair.as_rule() == Rule::window {
            match pair.into_inner().next() {
                Some(inner) => inner,
                None => {
                    return Window {
                        kind: WindowKind::Before(Anchor::Sample(span)),
                        by_day: None,
                        as_known: None,
                        also_stated: None,
                        span,
                    };
                }
            }
        } else {
            pair
        };
        let rule = pair.as_rule();
        let mut lengths = None;
        let mut side = None;
        let mut anchors = Vec::new();
        let mut comparator = None;
        let mut distances = Vec::new();
        let mut by_day = None;
        let mut as_known = None;
        let mut also_stated = None;
        let mut before = false;
        let mut during = None;
        let mut points = Vec::new();
        let mut days = Vec::new();
        let mut goes_on = false;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::window_point => points.extend(self.window_point(part)),
                Rule::study_day => days.extend(self.study_day(part)),
                Rule::kw_from => goes_on = true,
                Rule::lengths => lengths = Some(self.lengths(part)),
                Rule::length => distances.push(self.length(part)),
                Rule::as_known => as_known = Some(self.span(&part)),
                Rule::also_length => also_stated = Some(self.length(part)),
                Rule::direction => side = Some(self.side(part)),
                Rule::anchor => anchors.push(self.anchor(part)),
                Rule::by_day => by_day = Some(self.span(&part)),
                Rule::kw_before => before = true,
                Rule::name => during = Some(self.name(&part)),
                Rule::at_least => {
                    comparator = Some(Comparator {
                        kind: ComparatorKind::AtLeast,
                        span: self.span(&part),
                    })
                }
                Rule::at_most => {
                    comparator = Some(Comparator {
                        kind: ComparatorKind::AtMost,
                        span: self.span(&part),
                    })
                }
                Rule::more_than => {
                    comparator = Some(Comparator {
                        kind: ComparatorKind::MoreThan,
                        span: self.span(&part),
                    })
                }
                Rule::less_than => {
                    comparator = Some(Comparator {
                        kind: ComparatorKind::LessThan,
                        span: self.span(&part),
                    })
                }
                _ => {}
            }
        }
        let mut anchors = anchors.into_iter();
        let first = anchors.next();
        let second = anchors.next();
        let some_anchor = first.clone().unwrap_or(Anchor::Sample(span));
        let some_side = side.unwrap_or((Side::Of, span));
        let no_length = || Length {
            number: Number {
                text: String::new(),
                span,
            },
            unit: LengthUnit::Missing,
            span,
        };
        let mut days = days.into_iter();
        let mut points = points.into_iter();
        let stretch = (points.next(), points.next());
        let kind = match (rule, during) {
            (Rule::window_stretch, _) if let (Some(from), Some(to)) = stretch => {
                WindowKind::Stretch(Box::new(from), Box::new(to))
            }
            (Rule::window_study_days, _) if let Some(first) = days.next() => {
                let last = days.next().or_else(|| (!goes_on).then(|| first.clone()));
                WindowKind::StudyDays(first, last)
            }
            (Rule::window_during, Some(record)) => WindowKind::During(record),
            (rule, _) => match rule {
                Rule::window_beyond => WindowKind::Beyond {
                    comparator: comparator.unwrap_or(Comparator {
                        kind: ComparatorKind::AtMost,
                        span,
                    }),
                    lengths: lengths.unwrap_or_else(|| Lengths::One(no_length())),
                    side: some_side,
                    anchor: some_anchor,
                },
                Rule::window_between => {
                    let mut distances = distances.into_iter();
                    WindowKind::Between {
                        near: distances.next().unwrap_or_else(no_length),
                        far: distances.next().unwrap_or_else(no_length),
                        side: some_side,
                        anchor: some_anchor,
                    }
                }
                Rule::window_from_to => {
                    WindowKind::FromTo(some_anchor, second.unwrap_or(Anchor::Sample(span)))
                }
                Rule::window_from_on => WindowKind::FromOn(some_anchor),
                Rule::window_on_day => WindowKind::OnDay(some_anchor),
                Rule::window_on_or if before => WindowKind::OnOrBefore(some_anchor),
                Rule::window_on_or => WindowKind::OnOrAfter(some_anchor),
                Rule::window_before => WindowKind::Before(some_anchor),
                Rule::window_after => WindowKind::After(some_anchor),
                _ => WindowKind::Within {
                    lengths: lengths.unwrap_or_else(|| Lengths::One(no_length())),
                    side,
                    anchor: first,
                },
            },
        };
        Window {
            kind,
            by_day,
            as_known,
            also_stated,
            span,
        }
    }

    /// `for more than 6 months in total`, `disease-free for more than 2 years`.
    pub(crate) fn lasting(&mut self, pair: Pair<'_, Rule>) -> Lasting {
        let span = self.span(&pair);
        let mut comparator = Comparator {
            kind: ComparatorKind::AtLeast,
            span,
        };
        let mut length = Length {
            number: Number {
                text: String::new(),
                span,
            },
            unit: LengthUnit::Missing,
            span,
        };
        let mut in_total = None;
        let mut gaps = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::comparator => comparator = self.comparator(part),
                Rule::more_than => {
                    comparator = Comparator {
                        kind: ComparatorKind::MoreThan,
                        span: self.span(&part),
                    }
                }
                Rule::length => length = self.length(part),
                Rule::in_total => in_total = Some(self.span(&part)),
                Rule::gaps => {
                    gaps = part
                        .into_inner()
                        .find(|inner| inner.as_rule() == Rule::length)
                        .map(|inner| self.length(inner));
                }
                _ => {}
            }
        }
        Lasting {
            comparator,
            length,
            in_total,
            gaps,
            span,
        }
    }

    /// `any other biologic: within 5 half-lives`.
    pub(crate) fn washout_row(&mut self, pair: Pair<'_, Rule>) -> Option<WashoutRow> {
        let mut other = None;
        let mut names = Vec::new();
        let mut within = false;
        let mut lengths = None;
        let mut of: Option<Span> = None;
        let mut reach: Option<Span> = None;
        for part in pair.into_inner() {
            let place = self.span(&part);
            let side = match part.as_rule() {
                Rule::any_other | Rule::name | Rule::kw_or => &mut of,
                _ => &mut reach,
            };
            *side = Some(side.map_or(place, |span| span.join(place)));
            match part.as_rule() {
                Rule::any_other => other = Some(place),
                Rule::name => names.push(self.name(&part)),
                Rule::kw_within => within = true,
                Rule::lengths => lengths = Some(self.lengths(part)),
                _ => {}
            }
        }
        Some(WashoutRow {
            other,
            names,
            within,
            lengths: lengths?,
            of: of?,
            reach: reach?,
        })
    }

    /// `with dose unchanged for at least 4 weeks before baseline as prednisone_equivalent`.
    pub(crate) fn steady(&mut self, pair: Pair<'_, Rule>) -> Option<Steady> {
        let mut may_fall = false;
        let mut comparator = None;
        let mut length = None;
        let mut side = None;
        let mut anchor = None;
        let mut equivalent = None;
        let mut span: Option<Span> = None;
        for part in pair.into_inner() {
            let place = self.span(&part);
            match part.as_rule() {
                Rule::not_increased => may_fall = true,
                Rule::comparator => {
                    span = Some(place);
                    comparator = Some(self.comparator(part));
                }
                Rule::length => length = Some(self.length(part)),
                Rule::direction => side = Some(self.side(part)),
                Rule::anchor => {
                    span = span.map(|span| span.join(place));
                    anchor = Some(self.anchor(part));
                }
                Rule::name => equivalent = Some(self.name(&part)),
                _ => {}
            }
        }
        Some(Steady {
            may_fall,
            comparator: comparator?,
            length: length?,
            side: side?,
            anchor: anchor?,
            equivalent,
            span: span?,
        })
    }

    /// `from enrolment until 2 years after end_of_study`.
    pub(crate) fn term(&mut self, pair: Pair<'_, Rule>) -> Option<Term> {
        let span = self.span(&pair);
        let mut names = Vec::new();
        let mut length = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => names.push(self.name(&part)),
                Rule::length => length = Some(self.length(part)),
                _ => {}
            }
        }
        let mut names = names.into_iter();
        Some(Term {
            from: names.next()?,
            length,
            until: names.next()?,
            span,
        })
    }
}
