//! The schedule in words: the visits one by one, and the table of activities for a terminal and for Markdown.

use lind_model::protocol::Sex;
use lind_model::trial::{Planned, Visit, VisitAnchor, VisitTime};
use lind_model::{TimelineId, VisitId};
use lind_time::{Edge, Offset, StudyDays};

use crate::columns::{left, width, wrap};
use crate::doc::markdown::escaped;
use crate::doc::{Entry, Said, Teller, spoken};
use crate::plain::one_line;

/// The widest column of a visit on a terminal.
const VISIT_COLUMNS: usize = 12;
/// The widest column of assessments on a terminal.
const ASSESSMENT_COLUMNS: usize = 26;

/// The table of activities.
pub(super) struct Grid {
    /// One column a visit.
    heads: Vec<Head>,
    /// One row an assessment: its title and a cell a visit.
    rows: Vec<(String, Vec<String>)>,
    /// What the letters in the cells say.
    notes: Vec<String>,
}

struct Head {
    timeline: String,
    title: String,
    when: String,
}

impl Teller<'_> {
    /// The visits in the order of the table: timelines as they stand in the source, each in the order of its times.
    fn visits_in_order(self) -> Vec<VisitId> {
        let trial = &self.protocol.trial;
        let mut timelines: Vec<Option<TimelineId>> = Vec::new();
        for visit in &trial.visits {
            if !timelines.contains(&visit.timeline) {
                timelines.push(visit.timeline);
            }
        }
        let place = |id: &VisitId| {
            let timeline = trial.visits.get(id.index()).map(|visit| visit.timeline);
            timelines.iter().position(|own| Some(*own) == timeline)
        };
        let mut order = trial.planned_order();
        order.sort_by_key(place);
        order
    }

    /// The table of activities, if anything is planned.
    pub(super) fn grid(self) -> Option<Grid> {
        let trial = &self.protocol.trial;
        if trial.visits.is_empty() || trial.assessments.is_empty() {
            return None;
        }
        let visits: Vec<&Visit> = self
            .visits_in_order()
            .into_iter()
            .filter_map(|id| trial.visits.get(id.index()))
            .collect();
        let heads = visits
            .iter()
            .map(|visit| Head {
                timeline: visit
                    .timeline
                    .and_then(|id| trial.timelines.get(id.index()))
                    .map_or_else(String::new, |timeline| one_line(&timeline.title)),
                title: one_line(&visit.title),
                when: self.shortly(visit),
            })
            .collect();
        let mut notes: Vec<String> = Vec::new();
        let mut rows = Vec::new();
        for (place, assessment) in trial.assessments.iter().enumerate() {
            let mut cells = Vec::new();
            for visit in &visits {
                let here = visit
                    .planned
                    .iter()
                    .filter(|planned| planned.assessment.index() == place);
                let mut cell = String::new();
                for planned in here {
                    if cell.is_empty() {
                        cell.push('X');
                    }
                    if let Some(only) = only(planned) {
                        let known = notes.iter().position(|note| *note == only);
                        let number = known.unwrap_or_else(|| {
                            notes.push(only);
                            notes.len() - 1
                        });
                        cell.push_str(&format!(" {}", letter(number)));
                    }
                }
                cells.push(cell);
            }
            rows.push((one_line(&assessment.title), cells));
        }
        Some(Grid { heads, rows, notes })
    }

    /// `day 14 ±3 d`, `-42 to -1 d`, `3 mo ±7 d`
    fn shortly(self, visit: &Visit) -> String {
        let count = self.protocol.trial.study_days;
        match &visit.time {
            VisitTime::Unscheduled => "any time".to_owned(),
            VisitTime::Span(lind_model::protocol::Window::Around { window, .. }) => {
                let end = |edge: Edge| edge.offset().map_or_else(String::new, short);
                format!("{} to {}", end(window.from), end(window.to))
            }
            VisitTime::Span(_) => "in a window".to_owned(),
            VisitTime::Planned {
                anchor,
                offset,
                earlier,
                later,
            } => {
                let own = count.filter(|count| *anchor == VisitAnchor::Milestone(count.anchor));
                let day = match (own, offset) {
                    (Some(count), Offset::Days { days }) => match count.count {
                        StudyDays::FromOne if *days >= 0 => Some(days.saturating_add(1)),
                        _ => Some(*days),
                    },
                    _ => None,
                };
                let time = day.map_or_else(|| short(*offset), |day| format!("day {day}"));
                match (earlier.is_zero(), later.is_zero()) {
                    (true, true) => time,
                    (false, false) if earlier == later => format!("{time} ±{}", plain(*later)),
                    (false, false) => format!("{time} -{}/+{}", plain(*earlier), plain(*later)),
                    (true, false) => format!("{time} +{}", plain(*later)),
                    (false, true) => format!("{time} -{}", plain(*earlier)),
                }
            }
        }
    }

    /// The visits one by one, with their windows in full.
    pub(super) fn visits(self) -> Vec<Entry> {
        let trial = &self.protocol.trial;
        self.visits_in_order()
            .into_iter()
            .filter_map(|id| trial.visits.get(id.index()))
            .map(|visit| {
                let mut said = vec![Said::new(spoken(&self.when(visit)))];
                if let Some(days) = self.explicitly(visit) {
                    said.push(Said::new(spoken(&days)));
                }
                let planned: Vec<Said> = visit
                    .planned
                    .iter()
                    .filter_map(|planned| {
                        let assessment = trial.assessments.get(planned.assessment.index())?;
                        let title = &assessment.title;
                        Some(Said::new(match only(planned) {
                            Some(only) => format!("{title}, {only}"),
                            None => title.to_string(),
                        }))
                    })
                    .collect();
                if !planned.is_empty() {
                    said.push(Said::with("assessed:", planned));
                }
                if !visit.until.is_empty() {
                    let ends: Vec<String> = visit
                        .until
                        .iter()
                        .map(|id| spoken(self.milestone(*id)))
                        .collect();
                    said.push(Said::new(format!(
                        "no longer once {} has been reached",
                        ends.join(" or ")
                    )));
                }
                let of_timeline = visit
                    .timeline
                    .and_then(|id| trial.timelines.get(id.index()))
                    .and_then(|timeline| timeline.assumed.as_ref());
                for why in visit.assumed.iter().chain(of_timeline) {
                    said.push(Said::new(format!("not in the source; supposed: {why}")));
                }
                Entry {
                    head: visit.title.to_string(),
                    said,
                }
            })
            .collect()
    }

    /// The allowed days of a visit as a window with both ends, where that says more than its time does.
    fn explicitly(self, visit: &Visit) -> Option<String> {
        let VisitTime::Planned {
            anchor,
            offset,
            earlier,
            later,
        } = &visit.time
        else {
            return None;
        };
        let unmoved = earlier.is_zero() && later.is_zero();
        let from = shifted(*offset, earlier.negate())?;
        let to = shifted(*offset, *later)?;
        let anchor = match anchor {
            VisitAnchor::Milestone(id) => self.milestone(*id).to_owned(),
            VisitAnchor::Visit(id) => {
                let visit = self.protocol.trial.visits.get(id.index());
                visit.map_or_else(String::new, |visit| visit.title.to_string())
            }
        };
        let window = lind_time::Window::between(Edge::closed(from), Edge::closed(to));
        (!unmoved).then(|| window.to_string().replace("the anchor", &anchor))
    }
}

/// The sum of two offsets; none if they are of different classes.
fn shifted(offset: Offset, by: Offset) -> Option<Offset> {
    if by.is_zero() {
        Some(offset)
    } else {
        offset.checked_add(by)
    }
}

/// For whom something is planned, if not for all.
pub(super) fn only(planned: &Planned) -> Option<String> {
    let mut words = Vec::new();
    match planned.sex {
        Some(Sex::Female) => words.push("for women".to_owned()),
        Some(Sex::Male) => words.push("for men".to_owned()),
        None => {}
    }
    if let Some(text) = &planned.text {
        words.push(format!("if {}", spoken(&one_line(text))));
    }
    (!words.is_empty()).then(|| format!("only {}", words.join(", ")))
}

/// `+14 d`, `-42 d`, `+3 mo`
fn short(offset: Offset) -> String {
    let sign = if offset.is_negative() { "-" } else { "+" };
    format!("{sign}{}", plain(offset))
}

fn plain(offset: Offset) -> String {
    match offset.magnitude() {
        Offset::Days { days } => format!("{days} d"),
        Offset::Calendar { months } => format!("{months} mo"),
        clock @ Offset::Clock { .. } => clock.to_string(),
    }
}

/// a, b, … z, aa, ab, …
fn letter(number: usize) -> String {
    let mut letters = String::new();
    let mut rest = number;
    loop {
        let digit = u32::try_from(rest % 26).unwrap_or_default();
        letters.insert(0, char::from_u32(u32::from('a') + digit).unwrap_or('a'));
        match (rest / 26).checked_sub(1) {
            Some(more) => rest = more,
            None => return letters,
        }
    }
}

impl Grid {
    /// As a table of Markdown, with timeline and window in the head of each column.
    pub(super) fn markdown(&self, text: &mut String) {
        let cell = |words: &str| escaped(words).replace('|', "\\|");
        text.push_str(
            "\n## Schedule of activities\n\nWhich assessment is planned at which visit.\n\n|",
        );
        for head in &self.heads {
            text.push_str(&format!(" | {}", cell(&head.timeline)));
        }
        text.push_str(" |\n|---");
        text.push_str(&"|:-:".repeat(self.heads.len()));
        text.push_str("|\n| **Visit**");
        for head in &self.heads {
            text.push_str(&format!(" | **{}**", cell(&head.title)));
        }
        text.push_str(" |\n| **When**");
        for head in &self.heads {
            text.push_str(&format!(" | {}", cell(&head.when)));
        }
        text.push_str(" |\n");
        for (title, cells) in &self.rows {
            text.push_str(&format!("| {}", cell(title)));
            for mark in cells {
                text.push_str(&format!(" | {mark}"));
            }
            text.push_str(" |\n");
        }
        if !self.notes.is_empty() {
            text.push('\n');
        }
        for (number, note) in self.notes.iter().enumerate() {
            text.push_str(&format!("- {}: {}\n", letter(number), escaped(note)));
        }
    }

    /// As one table after the other, each as wide as fits.
    pub(super) fn text(&self, columns: usize, text: &mut String) {
        let labels = self
            .rows
            .iter()
            .map(|(title, _)| width(title))
            .max()
            .unwrap_or_default()
            .min(ASSESSMENT_COLUMNS);
        let room = columns.saturating_sub(labels) / (VISIT_COLUMNS + 1);
        let at_once = room.max(1);
        let mut from = 0;
        while from < self.heads.len() {
            let count = at_once.min(self.heads.len() - from);
            self.part(from, count, labels, text);
            from += count;
        }
        if !self.notes.is_empty() {
            text.push('\n');
        }
        for (number, note) in self.notes.iter().enumerate() {
            for (index, line) in wrap(note, columns.saturating_sub(4)).iter().enumerate() {
                let mark = if index == 0 {
                    left(&letter(number), 3)
                } else {
                    "   ".to_owned()
                };
                text.push_str(&format!("{mark} {line}\n"));
            }
        }
    }

    /// The columns of some visits.
    fn part(&self, from: usize, count: usize, labels: usize, text: &mut String) {
        let heads: Vec<&Head> = self.heads.iter().skip(from).take(count).collect();
        text.push('\n');
        let line = |label: &str, cells: &[String], text: &mut String| {
            let mut line = left(label, labels);
            for cell in cells {
                line.push(' ');
                line.push_str(&left(cell, VISIT_COLUMNS));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        };
        let mut before = "";
        let timelines: Vec<String> = heads
            .iter()
            .map(|head| {
                // The timeline stands above the first of its visits.
                let shown = if head.timeline == before {
                    ""
                } else {
                    &head.timeline
                };
                before = &head.timeline;
                shown.to_owned()
            })
            .collect();
        let block = |words: &[String], label: &str, text: &mut String| {
            let broken: Vec<Vec<String>> = words
                .iter()
                .map(|words| match words.as_str() {
                    "" => Vec::new(),
                    words => wrap(words, VISIT_COLUMNS),
                })
                .collect();
            let height = broken.iter().map(Vec::len).max().unwrap_or_default();
            for row in 0..height {
                let cells: Vec<String> = broken
                    .iter()
                    .map(|lines| lines.get(row).cloned().unwrap_or_default())
                    .collect();
                line(if row == 0 { label } else { "" }, &cells, text);
            }
        };
        block(&timelines, "", text);
        let titles: Vec<String> = heads.iter().map(|head| head.title.clone()).collect();
        block(&titles, "", text);
        let times: Vec<String> = heads.iter().map(|head| head.when.clone()).collect();
        block(&times, "", text);
        for (title, cells) in &self.rows {
            let cells: Vec<String> = cells.iter().skip(from).take(count).cloned().collect();
            for (index, part) in wrap(title, labels).iter().enumerate() {
                let none = vec![String::new(); count];
                line(part, if index == 0 { &cells } else { &none }, text);
            }
        }
    }
}
