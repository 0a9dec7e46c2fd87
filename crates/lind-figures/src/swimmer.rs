//! The swimmer plot: one lane a patient, how long each state lasted, and what happened when.

use crate::frame::{Frame, WIDTH};
use crate::ink::{Ink, Wash};
use crate::legend::{self, Entry, Sample};
use crate::paper::{BODY, Hold, Paper, Place, Stroke, Type};
use crate::plot::fitting;
use crate::scale::{Axis, Extent, is_drawable};
use crate::text::{clean, counted, list, number, shortened, shortened_name, width};

/// How long a state lasted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stretch {
    /// Which state; a patient may be in several at once, each has its own row in the lane.
    pub state: String,
    /// From when, in the unit of the axis.
    pub from: f64,
    /// Until when, in the unit of the axis; the end of follow-up if the state still lasts.
    pub until: f64,
    /// Whether it still lasts.
    pub lasts: bool,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Event {
    /// What: events of one kind have the same mark.
    pub kind: String,
    /// When, in the unit of the axis.
    pub at: f64,
}

/// One patient.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lane {
    /// Who.
    pub label: String,
    /// From when the patient is followed, in the unit of the axis.
    pub from: f64,
    /// Until when.
    pub until: f64,
    /// Whether follow-up goes on: the lane ends in an arrow.
    pub followed: bool,
    /// States, in any order.
    pub stretches: Vec<Stretch>,
    /// Events, in any order.
    pub events: Vec<Event>,
}

/// Patients that belong together: a dose level.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// What they have in common.
    pub label: String,
    /// The patients, from above.
    pub lanes: Vec<Lane>,
}

/// A swimmer plot.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Swimmer {
    /// What is shown: the name of the figure.
    pub title: String,
    /// The horizontal axis: time.
    pub x: Axis,
    /// The patients by group, from above.
    pub groups: Vec<Group>,
    /// The states in the order of their rows in a lane; states that are not named here follow in the order in which
    /// they occur.
    pub states: Vec<String>,
    /// The kinds of events in the order of their rows in a lane; kinds that are not named here follow.
    pub kinds: Vec<String>,
}

/// The height of a row in a lane.
const ROW: f64 = 8.5;

/// Draws the lanes. A state has a row, a colour and a place of its own in each lane; events have marks; a lane
/// whose patient is still followed ends in an arrow, a state that still lasts ends in a point.
#[must_use]
pub fn swimmer(figure: &Swimmer, frame: &Frame) -> String {
    let plan = Plan::of(figure);
    let mut body = String::new();
    let paper = Paper::new(&mut body);
    let top = legend::draw(&paper, &plan.entries(), 2.0, 2.0) + 4.0;
    let end = plan.draw(&paper, figure, top);
    drop(paper);
    frame.around(&figure.title, &described(figure, &plan), &body, end)
}

/// What all lanes share.
struct Plan<'a> {
    states: Vec<&'a str>,
    kinds: Vec<&'a str>,
    x: Extent,
    left: f64,
    has_followed: bool,
}

fn lanes(figure: &Swimmer) -> impl Iterator<Item = &Lane> {
    figure.groups.iter().flat_map(|group| &group.lanes)
}

impl<'a> Plan<'a> {
    fn of(figure: &'a Swimmer) -> Self {
        let occurring = lanes(figure).flat_map(|lane| &lane.stretches);
        let states = names(
            figure.states.iter().map(String::as_str),
            occurring.map(|stretch| stretch.state.as_str()),
        );
        let occurring = lanes(figure).flat_map(|lane| &lane.events);
        let kinds = names(
            figure.kinds.iter().map(String::as_str),
            occurring.map(|event| event.kind.as_str()),
        );
        let times = lanes(figure).flat_map(|lane| {
            let stretches = lane.stretches.iter().flat_map(|one| [one.from, one.until]);
            let events = lane.events.iter().map(|event| event.at);
            [lane.from, lane.until]
                .into_iter()
                .chain(stretches)
                .chain(events)
        });
        let widest = lanes(figure)
            .map(|lane| width(&clean(&lane.label), BODY))
            .fold(0.0, f64::max);
        Self {
            states,
            kinds,
            x: Extent::of(&figure.x, times),
            left: widest.clamp(24.0, 110.0) + 10.0,
            has_followed: lanes(figure).any(|lane| lane.followed),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self
            .states
            .iter()
            .enumerate()
            .map(|(place, state)| Entry::new(Sample::Swatch(Ink::State(place)), state))
            .collect();
        entries.push(Entry::new(Sample::Swatch(Ink::Band), "followed"));
        for (place, kind) in self.kinds.iter().enumerate() {
            let sample = Sample::Mark {
                number: place,
                ink: Ink::Text,
                wash: wash(place),
            };
            entries.push(Entry::new(sample, kind));
        }
        if self.has_followed {
            entries.push(Entry::new(Sample::Arrow, "still followed"));
        }
        entries
    }

    /// The height of a lane: a row for each state, and enough for the letters of its label.
    fn lane(&self) -> f64 {
        let rows = self.states.len().max(1) as f64;
        (rows * ROW + 4.0).max(17.0)
    }

    fn place(&self, x: f64) -> f64 {
        let right = WIDTH - 22.0;
        let share = if self.x.is_logarithmic() {
            (x.max(self.x.low).ln() - self.x.low.ln()) / (self.x.high.ln() - self.x.low.ln())
        } else {
            (x - self.x.low) / (self.x.high - self.x.low)
        };
        self.left + share.clamp(0.0, 1.0) * (right - self.left)
    }

    fn draw(&self, paper: &Paper<'_>, figure: &Swimmer, top: f64) -> f64 {
        let heading = 19.0;
        let lane = self.lane();
        let rows: f64 = figure
            .groups
            .iter()
            .map(|group| {
                let head = if group.label.trim().is_empty() {
                    4.0
                } else {
                    heading
                };
                head + group.lanes.len() as f64 * (lane + 5.0)
            })
            .sum();
        let bottom = top + rows.max(lane) + 2.0;
        let right = self.place(self.x.high);
        for tick in fitting(self.x, right - self.left) {
            let x = self.place(tick);
            paper.line(&[(x, top), (x, bottom)], Stroke::new(Ink::Grid, 0.8));
            let set = Type::small().held(Hold::Middle);
            paper.text((x, bottom + 10.0), &self.x.told(tick), set);
        }
        let mut y = top;
        for group in &figure.groups {
            let label = clean(&group.label);
            if label.is_empty() {
                y += 4.0;
            } else {
                let label = shortened(&label, BODY * 1.06, WIDTH - 8.0);
                paper.text((2.0, y + 9.0), &label, Type::body().bold().haloed());
                y += heading;
            }
            for one in &group.lanes {
                self.draw_lane(paper, figure, one, y);
                y += lane + 5.0;
            }
        }
        let axis = Stroke::new(Ink::Axis, 1.0);
        paper.line(&[(self.left, bottom), (right, bottom)], axis);
        paper.axis_title(
            ((self.left + right) / 2.0, bottom + 27.0),
            &figure.x.title(),
        );
        bottom + 40.0
    }

    fn draw_lane(&self, paper: &Paper<'_>, figure: &Swimmer, lane: &Lane, top: f64) {
        let bottom = top + self.lane();
        let middle = f64::midpoint(top, bottom);
        let label = shortened_name(&clean(&lane.label), BODY, self.left - 8.0);
        paper.text((2.0, middle), &label, Type::body());
        let scale = figure.x.scale;
        if is_drawable(lane.from, scale) && is_drawable(lane.until, scale) {
            let (from, until) = (self.place(lane.from), self.place(lane.until));
            paper.fill((from, top), (until.max(from + 1.0), bottom), Ink::Band);
            if lane.followed {
                legend::arrow(paper, (until + 1.0, middle), 13.0);
            }
        }
        for stretch in &lane.stretches {
            if !is_drawable(stretch.from, scale) || !is_drawable(stretch.until, scale) {
                continue;
            }
            let Some(row) = self.states.iter().position(|state| *state == stretch.state) else {
                continue;
            };
            let from = self.place(stretch.from);
            let until = self.place(stretch.until).max(from + 1.0);
            let (high, low) = (
                top + 2.0 + row as f64 * ROW + 0.8,
                top + 2.0 + (row as f64 + 1.0) * ROW - 0.8,
            );
            let ink = Ink::State(row);
            let outline = Stroke::new(Ink::Axis, 0.6);
            if stretch.lasts {
                let tip = (until - 5.0).max(from);
                let between = f64::midpoint(high, low);
                let corners = [
                    (from, high),
                    (tip, high),
                    (until, between),
                    (tip, low),
                    (from, low),
                ];
                paper.polygon(&corners, ink, Wash::Full);
                let [first, ..] = corners;
                let closed: Vec<Place> = corners.into_iter().chain([first]).collect();
                paper.line(&closed, outline);
            } else {
                paper.fill((from, high), (until, low), ink);
                paper.outline((from, high), (until, low), outline);
            }
        }
        for event in &lane.events {
            if !is_drawable(event.at, scale) {
                continue;
            }
            let kinds = self.kinds.len().max(1) as f64;
            let Some(place) = self.kinds.iter().position(|kind| *kind == event.kind) else {
                continue;
            };
            // Each kind has its height in the lane, so that two on one day both are seen.
            let y = top + (place as f64 + 0.5) / kinds * (bottom - top);
            let at = (self.place(event.at), y);
            paper.mark(at, place, 5.4, Ink::Paper, Wash::Full);
            paper.mark(at, place, 4.0, Ink::Text, wash(place));
        }
    }
}

/// Every second mark is open: shapes that are alike are told apart.
fn wash(place: usize) -> Wash {
    if place % 2 == 1 {
        Wash::Open
    } else {
        Wash::Full
    }
}

/// The names in the order given, then those that only occur.
fn names<'a>(
    given: impl Iterator<Item = &'a str>,
    occurring: impl Iterator<Item = &'a str>,
) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for name in given.chain(occurring) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The plot in sentences.
fn described(figure: &Swimmer, plan: &Plan<'_>) -> String {
    let count = lanes(figure).count();
    let mut said = vec![format!(
        "One lane for each of {} against {}.",
        counted(count, "patient", "patients"),
        figure.x.title()
    )];
    for group in &figure.groups {
        let lanes: Vec<String> = group
            .lanes
            .iter()
            .take(24)
            .map(|lane| lane_said(lane, plan))
            .collect();
        let more = group.lanes.len().saturating_sub(24);
        let more = if more > 0 {
            format!("; {more} more")
        } else {
            String::new()
        };
        said.push(format!(
            "{}: {}{more}.",
            clean(&group.label),
            lanes.join("; ")
        ));
    }
    said.join(" ")
}

fn lane_said(lane: &Lane, plan: &Plan<'_>) -> String {
    let mut parts = vec![format!(
        "followed {}{}",
        if lane.followed { "beyond " } else { "until " },
        number(lane.until)
    )];
    for state in &plan.states {
        let stretches: Vec<String> = lane
            .stretches
            .iter()
            .filter(|stretch| stretch.state == *state)
            .map(|stretch| {
                let lasts = if stretch.lasts { " (lasting)" } else { "" };
                format!(
                    "{} to {}{lasts}",
                    number(stretch.from),
                    number(stretch.until)
                )
            })
            .collect();
        if !stretches.is_empty() {
            parts.push(format!("{} {}", clean(state), list(&stretches, 6)));
        }
    }
    for kind in &plan.kinds {
        let times: Vec<String> = lane
            .events
            .iter()
            .filter(|event| event.kind == *kind)
            .map(|event| number(event.at))
            .collect();
        if !times.is_empty() {
            parts.push(format!("{} at {}", clean(kind), list(&times, 6)));
        }
    }
    format!("{} {}", clean(&lane.label), parts.join(", "))
}
