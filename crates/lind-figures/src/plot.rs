//! One drawing area with curves: what curves and panels share.

use plotters::coord::cartesian::Cartesian2d;

use crate::ink::{Ink, Wash};
use crate::legend::{Entry, Sample, series_mark, series_stroke, threshold_stroke};
use crate::paper::{Hold, Paper, Place, SMALL, Stroke, Type, steps};
use crate::scale::{Axis, Extent, Scale, is_drawable};
use crate::series::{Point, Range, Reading, Series, Threshold, Turn};
use crate::text::{clean, counted, list, number, shortened, width};

/// Beyond so many series a legend helps nobody.
const MOST_TOLD: usize = 16;
/// Of how many series a description tells.
const MOST_DESCRIBED: usize = 12;
/// The least distance of two marks on one line, in units.
const BETWEEN_MARKS: f64 = 11.0;

/// What is drawn in an area.
#[derive(Clone, Copy)]
pub(crate) struct Content<'a> {
    pub(crate) series: &'a [Series],
    pub(crate) range: Option<&'a Range>,
    pub(crate) thresholds: &'a [Threshold],
    pub(crate) turns: &'a [Turn],
    pub(crate) y: &'a Axis,
}

/// Where an area stands, and which of its words are drawn.
#[derive(Clone, Copy)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
    /// Whether the ticks of the horizontal axis have numbers.
    pub(crate) numbered: bool,
    /// Whether turns have their labels beside them.
    pub(crate) labelled: bool,
    /// How large marks are, in units.
    pub(crate) mark: f64,
}

/// Which labels are known, in the order in which they came: the same label looks the same everywhere.
#[derive(Default)]
pub(crate) struct Looks<'a> {
    labels: Vec<&'a str>,
}

impl<'a> Looks<'a> {
    pub(crate) fn of(series: impl Iterator<Item = &'a Series>) -> Self {
        let mut looks = Self::default();
        for series in series {
            if !looks.labels.contains(&series.label.as_str()) {
                looks.labels.push(&series.label);
            }
        }
        looks
    }

    pub(crate) fn number(&self, label: &str) -> usize {
        self.labels
            .iter()
            .position(|known| *known == label)
            .unwrap_or(0)
    }

    pub(crate) fn count(&self) -> usize {
        self.labels.len()
    }

    fn are_marked(&self) -> bool {
        self.count() <= MOST_TOLD
    }

    /// One entry a series; of very many only how many they are.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        if self.count() > MOST_TOLD {
            let sample = Sample::Series {
                number: 0,
                marked: false,
            };
            return vec![Entry::new(sample, &format!("{} patients", self.count()))];
        }
        self.labels
            .iter()
            .enumerate()
            .map(|(number, label)| {
                Entry::new(
                    Sample::Series {
                        number,
                        marked: true,
                    },
                    label,
                )
            })
            .collect()
    }
}

/// The entries of some areas for what is not a series, each once.
pub(crate) fn other_entries<'a>(contents: impl Iterator<Item = Content<'a>>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut has_below = false;
    for content in contents {
        for entry in content.entries() {
            if !entries.contains(&entry) {
                entries.push(entry);
            }
        }
        let mut points = content.series.iter().flat_map(|series| &series.points);
        has_below |= points.any(|point| matches!(point.reading, Reading::Below(_)));
    }
    if has_below {
        let mark = Sample::Mark {
            number: 0,
            ink: Ink::Text,
            wash: Wash::Open,
        };
        entries.push(Entry::new(mark, "below the limit of quantification"));
    }
    entries
}

/// What a point has to be drawn, if it has a place on both axes.
fn placed(point: &Point, x: Scale, y: Scale) -> Option<(f64, f64, bool)> {
    let (value, below) = match point.reading {
        Reading::Measured(value) => (value, false),
        Reading::Below(limit) => (limit, true),
        Reading::Missing => return None,
    };
    (is_drawable(point.x, x) && is_drawable(value, y)).then_some((point.x, value, below))
}

/// How many readings have no place on the axes.
pub(crate) fn left_out<'a>(series: impl Iterator<Item = &'a Series>, x: Scale, y: Scale) -> usize {
    series
        .flat_map(|series| &series.points)
        .filter(|point| point.reading != Reading::Missing && placed(point, x, y).is_none())
        .count()
}

/// From where to where the horizontal axis goes.
pub(crate) fn across<'a>(
    axis: &Axis,
    series: impl Iterator<Item = &'a Series>,
    turns: &[Turn],
) -> Extent {
    let times = series.flat_map(|series| series.points.iter().map(|point| point.x));
    Extent::of(axis, times.chain(turns.iter().map(|turn| turn.at))).with_margin()
}

impl Content<'_> {
    /// The range and the thresholds.
    fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        if let Some(range) = self.range {
            let label = if range.label.trim().is_empty() {
                "normal range"
            } else {
                &range.label
            };
            entries.push(Entry::new(Sample::Swatch(Ink::Band), label));
        }
        let unit = &self.y.unit;
        // `10 × 10⁶/L`
        let times = if unit.starts_with(|first: char| first.is_ascii_digit()) {
            "× "
        } else {
            ""
        };
        for (place, threshold) in self.thresholds.iter().enumerate() {
            let tail = format!("{} {times}{unit}", number(threshold.value));
            let entry = Entry::new(Sample::Threshold(place), &threshold.label);
            entries.push(entry.with(&tail));
        }
        entries
    }

    /// From where to where the vertical axis goes.
    pub(crate) fn upwards(&self) -> Extent {
        let values = self.series.iter().flat_map(|series| {
            series
                .points
                .iter()
                .filter_map(|point| match point.reading {
                    Reading::Measured(value) | Reading::Below(value) => Some(value),
                    Reading::Missing => None,
                })
        });
        let limits = self
            .range
            .into_iter()
            .flat_map(|range| [range.low, range.high])
            .flatten();
        let thresholds = self.thresholds.iter().map(|threshold| threshold.value);
        Extent::of(self.y, values.chain(limits).chain(thresholds))
    }

    /// Draws everything inside the axes, the axes, and the numbers at their ticks.
    pub(crate) fn draw(
        &self,
        paper: &Paper<'_>,
        area: Area,
        x: Extent,
        x_axis: &Axis,
        looks: &Looks<'_>,
    ) {
        let y = self.upwards();
        let (left_top, right_bottom) = (
            steps((area.left, area.top)),
            steps((area.right, area.bottom)),
        );
        let coordinates = Cartesian2d::<Extent, Extent>::new(
            x,
            y,
            (left_top.0..right_bottom.0, right_bottom.1..left_top.1),
        );
        let space = paper.area().apply_coord_spec(coordinates);
        let at = |x: f64, y: f64| -> Place {
            let (x, y) = space.map_coordinate(&(x, y));
            (
                f64::from(x) * crate::backend::STEP,
                f64::from(y) * crate::backend::STEP,
            )
        };
        self.draw_range(paper, area, (x.low, y), &at);
        self.draw_ticks(paper, area, (x, y), &at);
        self.draw_turns(paper, area, x, &at);
        self.draw_thresholds(paper, area, (x.low, y), &at);
        for series in self.series {
            let number = looks.number(&series.label);
            draw_series(
                paper,
                series,
                area,
                (x_axis.scale, self.y.scale),
                &at,
                (number, looks.are_marked()),
            );
        }
        let axis = Stroke::new(Ink::Axis, 1.0);
        paper.line(
            &[
                (area.left, area.top),
                (area.left, area.bottom),
                (area.right, area.bottom),
            ],
            axis,
        );
    }

    fn draw_range(
        &self,
        paper: &Paper<'_>,
        area: Area,
        (x_low, y): (f64, Extent),
        at: &impl Fn(f64, f64) -> Place,
    ) {
        let Some(range) = self.range else { return };
        let drawable = |value: &f64| is_drawable(*value, self.y.scale);
        let low = range.low.filter(drawable).unwrap_or(y.low).max(y.low);
        let high = range.high.filter(drawable).unwrap_or(y.high).min(y.high);
        if low < high {
            let (top, bottom) = (at(x_low, high).1, at(x_low, low).1);
            paper.fill((area.left, top), (area.right, bottom), Ink::Band);
        }
    }

    fn draw_ticks(
        &self,
        paper: &Paper<'_>,
        area: Area,
        (x, y): (Extent, Extent),
        at: &impl Fn(f64, f64) -> Place,
    ) {
        let grid = Stroke::new(Ink::Grid, 0.8);
        let rows = ((area.bottom - area.top) / 19.0).clamp(2.0, 8.0) as usize;
        for tick in y.ticks(rows) {
            let height = at(x.low, tick).1;
            paper.line(&[(area.left, height), (area.right, height)], grid);
            let set = Type::small().held(Hold::End);
            paper.text((area.left - 5.0, height), &y.told(tick), set);
        }
        for tick in fitting(x, area.right - area.left) {
            let place = at(tick, y.low).0;
            paper.line(&[(place, area.top), (place, area.bottom)], grid);
            if area.numbered {
                let set = Type::small().held(Hold::Middle);
                paper.text((place, area.bottom + 10.0), &x.told(tick), set);
            }
        }
    }

    fn draw_turns(
        &self,
        paper: &Paper<'_>,
        area: Area,
        x: Extent,
        at: &impl Fn(f64, f64) -> Place,
    ) {
        let low = self.upwards().low;
        let mut turns: Vec<&Turn> = self.turns.iter().filter(|turn| x.holds(turn.at)).collect();
        turns.sort_by(|one, other| one.at.total_cmp(&other.at));
        // Where the label before this one ends.
        let mut taken = area.left;
        for (number, turn) in turns.iter().enumerate() {
            let place = at(turn.at, low).0;
            let stroke = Stroke {
                ink: Ink::Faint,
                dash: 2,
                width: 1.2,
            };
            paper.line(&[(place, area.top), (place, area.bottom)], stroke);
            if !area.labelled {
                continue;
            }
            let next = turns
                .get(number + 1)
                .map_or(area.right, |next| at(next.at, low).0);
            let (before, behind) = (place - taken - 8.0, next - place - 8.0);
            let label = clean(&turn.label);
            let needed = width(&label, SMALL);
            let (hold, from, room) = if needed <= behind || behind >= before {
                (Hold::Start, place + 4.0, behind)
            } else {
                (Hold::End, place - 4.0, before)
            };
            let label = shortened(&label, SMALL, room);
            if room > SMALL * 2.0 {
                paper.text((from, area.top - 7.0), &label, Type::small().held(hold));
                taken = if hold == Hold::Start {
                    from + width(&label, SMALL)
                } else {
                    place
                };
            }
        }
    }

    fn draw_thresholds(
        &self,
        paper: &Paper<'_>,
        area: Area,
        (x_low, y): (f64, Extent),
        at: &impl Fn(f64, f64) -> Place,
    ) {
        for (number, threshold) in self.thresholds.iter().enumerate() {
            if y.holds(threshold.value) {
                let height = at(x_low, threshold.value).1;
                let ends = [(area.left, height), (area.right, height)];
                paper.line(&ends, threshold_stroke(number));
            }
        }
    }

    /// What the curves show, in sentences.
    pub(crate) fn described(&self, x: &Axis) -> Vec<String> {
        let mut said = Vec::new();
        let scale = match self.y.scale {
            Scale::Linear => "",
            Scale::Logarithmic => ", on a logarithmic axis",
        };
        said.push(format!("{} against {}{scale}.", self.y.title(), x.title()));
        if let Some(range) = self.range {
            let label = clean(&range.label);
            let label = if label.is_empty() {
                "normal range"
            } else {
                &label
            };
            let told = match (range.low, range.high) {
                (Some(low), Some(high)) => format!("{} to {}", number(low), number(high)),
                (Some(low), None) => format!("from {} up", number(low)),
                (None, Some(high)) => format!("up to {}", number(high)),
                (None, None) => "without limits".to_owned(),
            };
            said.push(format!("Grey band, {label}: {told}."));
        }
        for threshold in self.thresholds {
            let label = clean(&threshold.label);
            said.push(format!(
                "Dashed line, {label}: {}.",
                number(threshold.value)
            ));
        }
        let mut told: Vec<String> = self
            .series
            .iter()
            .take(MOST_DESCRIBED)
            .map(|series| described(series, x, self.y))
            .collect();
        if self.series.len() > MOST_DESCRIBED {
            told.push(format!("{} more", self.series.len() - MOST_DESCRIBED));
        }
        if self.series.is_empty() {
            told.push("no patients".to_owned());
        }
        said.push(format!("{}.", told.join("; ")));
        said
    }
}

impl Extent {
    fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// As many ticks of the horizontal axis as have room for their numbers.
pub(crate) fn fitting(x: Extent, room: f64) -> Vec<f64> {
    for most in (2..=10).rev() {
        let ticks = x.ticks(most);
        let widest = ticks
            .iter()
            .map(|tick| width(&x.told(*tick), SMALL))
            .fold(0.0, f64::max);
        if ticks.len() as f64 * (widest + 10.0) <= room {
            return ticks;
        }
    }
    x.ticks(2).into_iter().take(1).collect()
}

/// One patient: `P1: 12 values from 0 to 90 days, lowest 0.1 at 0, highest 10.52 at 9, 2 below the limit`.
fn described(series: &Series, x: &Axis, y: &Axis) -> String {
    let label = clean(&series.label);
    let points: Vec<(f64, f64, bool)> = series
        .points
        .iter()
        .filter_map(|point| placed(point, x.scale, y.scale))
        .collect();
    let measured = || points.iter().filter(|(_, _, below)| !below);
    let below = points.len() - measured().count();
    let mut said = vec![counted(points.len(), "value", "values")];
    let by_value = |a: &&(f64, f64, bool), b: &&(f64, f64, bool)| a.1.total_cmp(&b.1);
    let lowest = measured().min_by(by_value);
    // Of equal values the first.
    let highest = measured().rev().max_by(by_value);
    if let (Some(lowest), Some(highest)) = (lowest, highest) {
        if points.len() == 1 {
            said.push(format!("{} at {}", number(lowest.1), number(lowest.0)));
        } else {
            said.push(format!(
                "lowest {} at {}",
                number(lowest.1),
                number(lowest.0)
            ));
            said.push(format!(
                "highest {} at {}",
                number(highest.1),
                number(highest.0)
            ));
        }
    }
    if below > 0 {
        said.push(format!("{below} below the limit of quantification"));
    }
    format!("{label}: {}", list(&said, 4))
}

/// The line of a patient with its gaps, and its marks.
fn draw_series(
    paper: &Paper<'_>,
    series: &Series,
    area: Area,
    (x, y): (Scale, Scale),
    at: &impl Fn(f64, f64) -> Place,
    (number, marked): (usize, bool),
) {
    let stroke = series_stroke(number, if marked { 1.6 } else { 1.0 });
    let mut run: Vec<Place> = Vec::new();
    let mut lone: Vec<Place> = Vec::new();
    let mut marks: Vec<(Place, bool)> = Vec::new();
    let mut finish = |run: &mut Vec<Place>| {
        match run.as_slice() {
            [] => {}
            [one] => lone.push(*one),
            points => paper.line(points, stroke),
        }
        run.clear();
    };
    for point in &series.points {
        let Some((time, value, below)) = placed(point, x, y) else {
            finish(&mut run);
            continue;
        };
        let place = at(time, value);
        run.push(place);
        marks.push((place, below));
    }
    finish(&mut run);
    let last = marks.len().saturating_sub(1);
    // The highest value is what a curve is often looked at for.
    let highest = marks
        .iter()
        .enumerate()
        .rev()
        .min_by(|(_, (one, _)), (_, (other, _))| one.1.total_cmp(&other.1))
        .map(|(index, _)| index);
    let mut before: Option<(Place, bool)> = None;
    for (index, (place, below)) in marks.iter().enumerate() {
        // Marks that would lie on each other are left out; the change to below the limit never is.
        let is_near = before.is_some_and(|(before, was_below)| {
            was_below == *below && (place.0 - before.0).hypot(place.1 - before.1) < BETWEEN_MARKS
        });
        let is_lone = lone.contains(place);
        if !marked && !is_lone && !below {
            continue;
        }
        if is_near && !is_lone && index != last && Some(index) != highest {
            continue;
        }
        before = Some((*place, *below));
        let wash = if *below { Wash::Open } else { Wash::Full };
        paper.mark(
            *place,
            series_mark(number),
            area.mark,
            Ink::Series(number),
            wash,
        );
    }
}
