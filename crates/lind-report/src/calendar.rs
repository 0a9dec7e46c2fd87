//! The calendar of one participant: when each visit is planned, and what came of it.

use lind_model::trial::{Course, Deviation, VisitDays};
use lind_model::{AssessmentId, MilestoneId, Protocol, VisitId};
use lind_time::{Day, When};
use serde::Serialize;

use crate::columns::{left, width, wrap};
use crate::json::line;
use crate::plain::one_line;
use crate::style::Style;
use crate::trial::terms::part;

/// The name and version of the format. The version rises when a field goes or changes its meaning; new fields may come
/// at any time.
const SCHEMA: &str = "lind.visits/1";

/// The widest that the name of a visit is shown.
const WIDEST: usize = 30;

/// The calendar of one participant.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// The participant, if it is one of the data and not an example.
    pub patient: Option<String>,
    /// What is known of the way through the schedule.
    pub course: Course,
    /// The days of each visit, in the order in which they are planned.
    pub days: Vec<(VisitId, VisitDays)>,
    /// What deviates from the schedule.
    pub deviations: Vec<(VisitId, Deviation)>,
}

struct Line {
    visit: String,
    planned: String,
    allowed: String,
    came_of_it: Vec<String>,
}

/// The calendar as a table.
#[must_use]
pub fn calendar_text(protocol: &Protocol, calendar: &Calendar, style: Style) -> String {
    let lines: Vec<Line> = calendar
        .days
        .iter()
        .map(|(id, days)| tell(protocol, calendar, *id, *days))
        .collect();
    let column = |head: &str, text: fn(&Line) -> &str, most: usize| {
        let widths = lines.iter().map(|line| width(text(line)));
        widths.chain([width(head)]).max().unwrap_or(0).min(most)
    };
    let visit = column("Visit", |line| &line.visit, WIDEST);
    let planned = column("Planned", |line| &line.planned, 10);
    let allowed = column("Allowed", |line| &line.allowed, 24);
    let has_outcome = lines.iter().any(|line| !line.came_of_it.is_empty());
    let indent = visit + planned + allowed + 6;
    let room = style.columns().saturating_sub(indent).max(20);
    let mut text = String::new();
    if let Some(patient) = &calendar.patient {
        text.push_str(&style.bold(&one_line(patient)));
        text.push_str("\n\n");
    }
    let head = format!(
        "{}  {}  {}{}",
        left("Visit", visit),
        left("Planned", planned),
        left("Allowed", allowed),
        if has_outcome { "  Took place" } else { "" }
    );
    text.push_str(&style.bold(head.trim_end()));
    text.push('\n');
    for line in &lines {
        let first = format!(
            "{}  {}  {}",
            left(&line.visit, visit),
            left(&line.planned, planned),
            left(&line.allowed, allowed)
        );
        let outcome: Vec<String> = line
            .came_of_it
            .iter()
            .flat_map(|sentence| wrap(sentence, room))
            .collect();
        let mut outcome = outcome.into_iter();
        let beginning = outcome.next().unwrap_or_default();
        text.push_str(format!("{first}  {beginning}").trim_end());
        text.push('\n');
        for more in outcome {
            text.push_str(&format!("{}{more}\n", " ".repeat(indent)));
        }
    }
    let sentences: Vec<String> = calendar
        .days
        .iter()
        .flat_map(|(id, days)| {
            let own = calendar
                .deviations
                .iter()
                .filter(move |(visit, _)| visit == id);
            own.map(move |(_, deviation)| (*id, *deviation, *days))
        })
        .filter(|(_, deviation, _)| {
            !matches!(
                deviation,
                Deviation::NotDone(_) | Deviation::PartNotDone(..)
            )
        })
        .map(|(id, deviation, days)| {
            let visit = protocol.trial.visits.get(id.index());
            let title = visit.map_or_else(String::new, |visit| one_line(&visit.title));
            format!("{title}: {}", deviation_sentence(protocol, deviation, days))
        })
        .collect();
    if !sentences.is_empty() {
        text.push('\n');
        text.push_str(&style.bold("Deviations"));
        text.push('\n');
    }
    for sentence in sentences {
        for (index, line) in wrap(&sentence, style.columns().saturating_sub(2))
            .iter()
            .enumerate()
        {
            text.push_str(if index == 0 { "- " } else { "  " });
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

fn tell(protocol: &Protocol, calendar: &Calendar, id: VisitId, days: VisitDays) -> Line {
    let trial = &protocol.trial;
    let visit = trial.visits.get(id.index());
    let milestone = |id: MilestoneId| milestone_name(protocol, id);
    let (planned, allowed) = match days {
        VisitDays::Known {
            planned,
            earliest,
            latest,
        } => (
            planned.map_or_else(String::new, |day| day.to_string()),
            match (earliest, latest) {
                (Some(from), Some(to)) if from == to => "that day".to_owned(),
                (Some(from), Some(to)) => format!("{from} to {to}"),
                (Some(from), None) => format!("from {from} on"),
                (None, Some(to)) => format!("until {to}"),
                (None, None) => String::new(),
            },
        ),
        VisitDays::Awaits(id) => (String::new(), format!("awaits {}", milestone(id))),
        VisitDays::Unclear => (String::new(), "not known to the day".to_owned()),
        VisitDays::Ended(id) => (String::new(), format!("not after {}", milestone(id))),
        VisitDays::Unscheduled => (String::new(), "at any time".to_owned()),
    };
    let own = || {
        calendar
            .deviations
            .iter()
            .filter(|(visit, _)| *visit == id)
            .map(|(_, deviation)| *deviation)
    };
    let mut came_of_it = Vec::new();
    let rows: Vec<&(VisitId, When, Option<When>)> = calendar
        .course
        .visits
        .iter()
        .filter(|(visit, ..)| *visit == id)
        .collect();
    for (_, start, end) in &rows {
        let until = end.map_or_else(String::new, |end| format!(" to {end}"));
        came_of_it.push(format!("{start}{until}"));
    }
    let mut not_done = Vec::new();
    for deviation in own() {
        match deviation {
            Deviation::NotDone(id) => not_done.push(assessment(protocol, id)),
            Deviation::PartNotDone(id, place) => {
                not_done.push(one_line(&part(protocol, id, place)));
            }
            other => came_of_it.push(shortly(protocol, other)),
        }
    }
    if !not_done.is_empty() {
        came_of_it.push(format!("not done: {}", not_done.join(", ")));
    }
    Line {
        visit: visit.map_or_else(String::new, |visit| one_line(&visit.title)),
        planned,
        allowed,
        came_of_it,
    }
}

fn milestone_name(protocol: &Protocol, id: MilestoneId) -> String {
    let milestone = protocol.milestones.get(id.index());
    milestone.map_or_else(String::new, |milestone| milestone.name.replace('_', " "))
}

/// A deviation in a few words: `2 days late`.
fn shortly(protocol: &Protocol, deviation: Deviation) -> String {
    let days = |count: i64| match count {
        1 => "1 day".to_owned(),
        count => format!("{count} days"),
    };
    match deviation {
        Deviation::Early(count) => format!("{} early", days(count)),
        Deviation::Late(count) => format!("{} late", days(count)),
        Deviation::Missed => "missed".to_owned(),
        Deviation::AfterItsEnd(id) => {
            format!("after {}, which ended it", milestone_name(protocol, id))
        }
        Deviation::NotDone(id) => format!("not done: {}", assessment(protocol, id)),
        Deviation::PartNotDone(id, place) => {
            format!("not done: {}", one_line(&part(protocol, id, place)))
        }
    }
}

/// A deviation in a sentence: `2 days late: planned 2024-03-15, allowed until 2024-03-16`.
#[must_use]
pub fn deviation_sentence(protocol: &Protocol, deviation: Deviation, days: VisitDays) -> String {
    let short = shortly(protocol, deviation);
    let VisitDays::Known {
        planned,
        earliest,
        latest,
    } = days
    else {
        return short;
    };
    let mut why: Vec<String> = Vec::new();
    why.extend(planned.map(|day| format!("planned {day}")));
    match (deviation, earliest, latest) {
        (Deviation::Early(_), Some(from), _) => why.push(format!("allowed from {from} on")),
        (Deviation::Late(_) | Deviation::Missed, _, Some(to)) => {
            why.push(format!("allowed until {to}"));
        }
        _ => why.clear(),
    }
    if why.is_empty() {
        short
    } else {
        format!("{short}: {}", why.join(", "))
    }
}

fn assessment(protocol: &Protocol, id: AssessmentId) -> String {
    let assessment = protocol.trial.assessments.get(id.index());
    assessment.map_or_else(String::new, |assessment| one_line(&assessment.title))
}

#[derive(Serialize)]
struct WireCalendar<'a> {
    schema: &'static str,
    protocol: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    patient: Option<&'a str>,
    visits: Vec<WireVisit<'a>>,
}

#[derive(Serialize)]
struct WireVisit<'a> {
    name: &'a str,
    title: &'a str,
    /// `known`, `awaits`, `unclear`, `ended` or `unscheduled`.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    planned: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earliest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest: Option<String>,
    /// The milestone that it awaits, or that ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    milestone: Option<&'a str>,
    took_place: Vec<WireTime>,
    deviations: Vec<WireDeviation<'a>>,
}

#[derive(Serialize)]
struct WireTime {
    start: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<String>,
}

#[derive(Serialize)]
struct WireDeviation<'a> {
    /// `early`, `late`, `missed`, `after_its_end`, `not_done` or `part_not_done`.
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assessment: Option<&'a str>,
    /// The part of the assessment, where others were done.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'a str>,
}

/// The calendar as one object in one line.
#[must_use]
pub fn calendar_json(protocol: &Protocol, calendar: &Calendar) -> String {
    let milestone = |id: MilestoneId| {
        let milestone = protocol.milestones.get(id.index());
        milestone.map(|milestone| &*milestone.name)
    };
    let visits = calendar
        .days
        .iter()
        .filter_map(|(id, days)| {
            let visit = protocol.trial.visits.get(id.index())?;
            let text = |day: Option<Day>| day.map(|day| day.to_string());
            let (state, known, milestone) = match *days {
                VisitDays::Known {
                    planned,
                    earliest,
                    latest,
                } => ("known", [planned, earliest, latest], None),
                VisitDays::Awaits(id) => ("awaits", [None; 3], milestone(id)),
                VisitDays::Unclear => ("unclear", [None; 3], None),
                VisitDays::Ended(id) => ("ended", [None; 3], milestone(id)),
                VisitDays::Unscheduled => ("unscheduled", [None; 3], None),
            };
            let [planned, earliest, latest] = known.map(text);
            let rows = calendar.course.visits.iter();
            let own = calendar.deviations.iter();
            Some(WireVisit {
                name: &visit.name,
                title: &visit.title,
                state,
                planned,
                earliest,
                latest,
                milestone,
                took_place: rows
                    .filter(|(visit, ..)| visit == id)
                    .map(|(_, start, end)| WireTime {
                        start: start.to_string(),
                        end: end.map(|end| end.to_string()),
                    })
                    .collect(),
                deviations: own
                    .filter(|(visit, _)| visit == id)
                    .map(|(_, deviation)| wire(protocol, *deviation))
                    .collect(),
            })
        })
        .collect();
    line(&WireCalendar {
        schema: SCHEMA,
        protocol: &protocol.id,
        patient: calendar.patient.as_deref(),
        visits,
    })
}

fn wire(protocol: &Protocol, deviation: Deviation) -> WireDeviation<'_> {
    let (kind, days, assessment) = match deviation {
        Deviation::Early(days) => ("early", Some(days), None),
        Deviation::Late(days) => ("late", Some(days), None),
        Deviation::Missed => ("missed", None, None),
        Deviation::AfterItsEnd(_) => ("after_its_end", None, None),
        Deviation::NotDone(id) => ("not_done", None, Some(id)),
        Deviation::PartNotDone(id, _) => ("part_not_done", None, Some(id)),
    };
    let assessment = assessment.and_then(|id| protocol.trial.assessments.get(id.index()));
    WireDeviation {
        kind,
        days,
        assessment: assessment.map(|assessment| &*assessment.name),
        part: match deviation {
            Deviation::PartNotDone(_, place) => assessment
                .and_then(|assessment| assessment.names.get(place))
                .map(|name| &**name),
            _ => None,
        },
    }
}
