//! The schedule: study days, assessments, timelines, visits, and the lines below them.

use pest::iterators::Pair;

use crate::convert::Source;
use crate::grammar::Rule;
use crate::tree::{
    Anchor, Assessment, AssessmentItem, AssessmentLine, EverySo, Item, Length, Margin, Name,
    Number, SeriesNumbers, SeriesPoint, StudyDay, StudyDays, Timeline, UntilEnd, Visit, VisitLine,
    VisitLineKind, VisitPoint, VisitPointKind, VisitTime,
};

/// What a line below a timeline can turn out to be.
pub(crate) enum TimelineLine {
    Visit(Visit),
    Line(VisitLine),
}

/// The parts of a visit's time, gathered by their kind.
#[derive(Default)]
struct Times {
    lengths: Vec<Length>,
    anchors: Vec<Anchor>,
    points: Vec<VisitPoint>,
    numbers: Vec<SeriesNumbers>,
    plain_numbers: Vec<Number>,
    series_points: Vec<SeriesPoint>,
    until: Vec<UntilEnd>,
    unit: Option<Name>,
    day: Option<StudyDay>,
    before: bool,
}

impl Source<'_> {
    /// The item of a head of the schedule, without the lines below it.
    pub(crate) fn schedule_head(&mut self, pair: Pair<'_, Rule>) -> Option<Item> {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        if matches!(
            rule,
            Rule::visit_head | Rule::visits_head | Rule::unscheduled_head
        ) {
            return self.visit(pair).map(|visit| Item::Visit(Box::new(visit)));
        }
        let mut name = None;
        let mut title = None;
        let mut number = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => name = Some(self.name(&part)),
                Rule::string => title = Some(self.text(&part)),
                Rule::number => number = Some(self.number(&part)),
                _ => {}
            }
        }
        Some(match rule {
            Rule::study_day_head => Item::StudyDays(StudyDays {
                of: name?,
                first: number?,
                span,
            }),
            Rule::assessment_head => Item::Assessment(Assessment {
                name: name?,
                title: title?,
                lines: Vec::new(),
                span,
            }),
            Rule::timeline_head => Item::Timeline(Timeline {
                name: name?,
                title: title?,
                lines: Vec::new(),
                visits: Vec::new(),
                span,
            }),
            _ => return None,
        })
    }

    fn visit(&mut self, pair: Pair<'_, Rule>) -> Option<Visit> {
        let span = self.span(&pair);
        let mut name = None;
        let mut title = None;
        let mut time = None;
        let mut margin = None;
        let is_unscheduled = pair.as_rule() == Rule::unscheduled_head;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => name = Some(self.name(&part)),
                Rule::string => title = Some(self.text(&part)),
                Rule::visit_when | Rule::visit_series => {
                    let inner = part.into_inner().next()?;
                    time = Some(self.visit_time(inner)?);
                }
                Rule::visit_margin => margin = Some(self.margin(part)),
                _ => {}
            }
        }
        Some(Visit {
            name,
            title: title?,
            time: if is_unscheduled {
                VisitTime::Unscheduled
            } else {
                time?
            },
            margin,
            lines: Vec::new(),
            span,
        })
    }

    fn visit_time(&mut self, pair: Pair<'_, Rule>) -> Option<VisitTime> {
        let rule = pair.as_rule();
        if matches!(rule, Rule::window_within | Rule::window_between) {
            return Some(VisitTime::Window(Box::new(self.window(pair))));
        }
        let span = self.span(&pair);
        let times = self.times(pair);
        let mut lengths = times.lengths.into_iter();
        let mut anchors = times.anchors.into_iter();
        let mut points = times.points.into_iter();
        let mut numbers = times.plain_numbers.into_iter();
        let mut series = times.series_points.into_iter();
        Some(match rule {
            Rule::visit_day => VisitTime::Day(times.day?),
            Rule::visit_at => VisitTime::At(VisitPoint {
                kind: VisitPointKind::Anchor(anchors.next()?),
                span,
            }),
            Rule::visit_offset => VisitTime::At(VisitPoint {
                kind: VisitPointKind::Offset {
                    length: lengths.next()?,
                    before: times.before,
                    anchor: anchors.next()?,
                },
                span,
            }),
            Rule::visit_span => VisitTime::Span(Box::new(points.next()?), Box::new(points.next()?)),
            Rule::list_series => VisitTime::Listed {
                unit: times.unit?,
                numbers: times.numbers,
                after: anchors.next(),
            },
            Rule::every_series => VisitTime::Every(Box::new(EverySo {
                step: lengths.next()?,
                first: series.next()?,
                last: series.next(),
                after: anchors.next(),
                until: times.until,
            })),
            Rule::cycle_series => VisitTime::Cycles {
                days: times.numbers,
                first: numbers.next()?,
                last: numbers.next()?,
                length: lengths.next()?,
                from: anchors.next()?,
            },
            _ => return None,
        })
    }

    fn times(&mut self, pair: Pair<'_, Rule>) -> Times {
        let mut times = Times::default();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::length => times.lengths.push(self.length(part)),
                Rule::anchor => times.anchors.push(self.anchor(part)),
                Rule::visit_point => times.points.extend(self.visit_point(part)),
                Rule::series_numbers => times.numbers.extend(self.series_numbers(part)),
                Rule::number => times.plain_numbers.push(self.number(&part)),
                Rule::series_point => times.series_points.extend(self.series_point(part)),
                Rule::series_end => times.until.extend(self.series_end(part)),
                Rule::series_unit => times.unit = Some(self.name(&part)),
                Rule::study_day => times.day = self.study_day(part),
                Rule::direction_before => times.before = true,
                _ => {}
            }
        }
        times
    }

    fn visit_point(&mut self, pair: Pair<'_, Rule>) -> Option<VisitPoint> {
        let span = self.span(&pair);
        let times = self.times(pair);
        let anchor = times.anchors.into_iter().next();
        let kind = match (times.day, times.lengths.into_iter().next()) {
            (Some(day), _) => VisitPointKind::Day(day),
            (None, Some(length)) => VisitPointKind::Offset {
                length,
                before: times.before,
                anchor: anchor?,
            },
            (None, None) => VisitPointKind::Anchor(anchor?),
        };
        Some(VisitPoint { kind, span })
    }

    /// `day -5`
    pub(crate) fn study_day(&self, pair: Pair<'_, Rule>) -> Option<StudyDay> {
        let span = self.span(&pair);
        let number = pair
            .into_inner()
            .find(|part| part.as_rule() == Rule::study_number)?;
        Some(StudyDay {
            number: self.study_number(&number),
            span,
        })
    }

    fn study_number(&self, pair: &Pair<'_, Rule>) -> Number {
        Number {
            text: pair.as_str().trim().to_owned(),
            span: self.span(pair),
        }
    }

    fn series_numbers(&self, pair: Pair<'_, Rule>) -> Option<SeriesNumbers> {
        let span = self.span(&pair);
        let mut numbers = pair
            .into_inner()
            .filter(|part| part.as_rule() == Rule::study_number)
            .map(|part| self.study_number(&part));
        Some(SeriesNumbers {
            first: numbers.next()?,
            last: numbers.next(),
            span,
        })
    }

    fn series_point(&self, pair: Pair<'_, Rule>) -> Option<SeriesPoint> {
        let span = self.span(&pair);
        let mut unit = None;
        let mut number = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::point_unit => unit = Some(self.name(&part)),
                Rule::study_number => number = Some(self.study_number(&part)),
                _ => {}
            }
        }
        Some(SeriesPoint {
            unit: unit?,
            number: number?,
            span,
        })
    }

    fn series_end(&self, pair: Pair<'_, Rule>) -> Option<UntilEnd> {
        let inner = pair.into_inner().next()?;
        match inner.as_rule() {
            Rule::series_point => self.series_point(inner).map(UntilEnd::Point),
            Rule::name => Some(UntilEnd::Milestone(self.name(&inner))),
            _ => None,
        }
    }

    fn margin(&mut self, pair: Pair<'_, Rule>) -> Margin {
        let span = self.span(&pair);
        let mut lengths = Vec::new();
        let (mut either, mut before) = (false, false);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::length => lengths.push(self.length(part)),
                Rule::either_side => either = true,
                Rule::kw_before => before = true,
                _ => {}
            }
        }
        let mut lengths = lengths.into_iter();
        let (first, second) = (lengths.next(), lengths.next());
        let (earlier, later) = match (either, before) {
            (true, _) => (first.clone(), first),
            (false, true) => (first, second),
            (false, false) => (None, first),
        };
        Margin {
            earlier,
            later,
            span,
        }
    }

    /// A line below an assessment.
    pub(crate) fn assessment_line(&mut self, pair: Pair<'_, Rule>) -> Option<AssessmentLine> {
        let part = pair.into_inner().find(|part| part.as_rule() != Rule::EOI)?;
        if part.as_rule() != Rule::assessment_items {
            return Some(AssessmentLine::Remark);
        }
        let items = part
            .into_inner()
            .filter_map(|item| match item.as_rule() {
                Rule::name => Some(AssessmentItem::Named(self.name(&item))),
                Rule::string => Some(AssessmentItem::Words(self.text(&item))),
                _ => None,
            })
            .collect();
        Some(AssessmentLine::Items(items))
    }

    /// A line below a timeline.
    pub(crate) fn timeline_line(&mut self, pair: Pair<'_, Rule>) -> Option<TimelineLine> {
        let part = pair.into_inner().find(|part| part.as_rule() != Rule::EOI)?;
        match part.as_rule() {
            Rule::visit_head | Rule::visits_head | Rule::unscheduled_head => {
                self.visit(part).map(TimelineLine::Visit)
            }
            _ => self.visit_part(part).map(TimelineLine::Line),
        }
    }

    /// A line below a visit.
    pub(crate) fn visit_line(&mut self, pair: Pair<'_, Rule>) -> Option<VisitLine> {
        let part = pair.into_inner().find(|part| part.as_rule() != Rule::EOI)?;
        self.visit_part(part)
    }

    fn visit_part(&mut self, part: Pair<'_, Rule>) -> Option<VisitLine> {
        let span = self.span(&part);
        let rule = part.as_rule();
        let mut names = Vec::new();
        let mut text = None;
        let mut population = None;
        let mut condition = None;
        for inner in part.into_inner() {
            match inner.as_rule() {
                Rule::name => names.push(self.name(&inner)),
                Rule::string => text = Some(self.text(&inner)),
                Rule::population => population = self.population(inner),
                Rule::condition => condition = Some(self.condition(inner)),
                _ => {}
            }
        }
        let kind = match rule {
            Rule::planned_line => VisitLineKind::Planned {
                assessments: names,
                population,
                condition,
            },
            Rule::until_line => VisitLineKind::Until(names),
            Rule::assumed_clause => VisitLineKind::Assumed(text?),
            _ => VisitLineKind::Remark,
        };
        Some(VisitLine { kind, span })
    }
}
