//! The schedule of activities: which assessment at which visit, as a table.

use lind_model::TimelineId;
use lind_model::trial::{Planned, Visit, VisitAnchor, VisitTime};

use crate::doc::schedule::only;
use crate::doc::{Teller, spoken};
use crate::html::{Column, Html, Notes, Row, Table};

impl Teller<'_> {
    /// If anything is planned, the table: a column a visit, below the timeline that it belongs to, a row an
    /// assessment. What is done only for some has a note. Then when each visit is planned.
    pub(super) fn activities(self) -> Option<Html> {
        let trial = &self.protocol.trial;
        if trial.visits.is_empty() || trial.assessments.is_empty() {
            return None;
        }
        let mut notes = Notes::new("activities note");
        let runs = self.timelines(&mut notes);
        let visits: Vec<Html> = trial
            .visits
            .iter()
            .map(|visit| {
                let mark = supposed(visit.assumed.as_deref(), &mut notes);
                Html::text(&visit.title).then(mark)
            })
            .collect();
        let rows = trial
            .assessments
            .iter()
            .enumerate()
            .map(|(place, assessment)| {
                let cells = trial.visits.iter().map(|visit| {
                    let here = visit
                        .planned
                        .iter()
                        .filter(|planned| planned.assessment.index() == place);
                    self.cell(here, &mut notes)
                });
                Row::cells(Html::text(&assessment.title), cells.collect())
            })
            .collect();
        let in_timelines = runs.iter().any(|(title, _)| !title.is_empty());
        let columns = visits.iter().map(|visit| Column {
            heading: visit.clone(),
            numbers: false,
        });
        let grid = Table {
            id: "activities".to_owned(),
            caption: Html::text("Which assessment is planned at which visit."),
            columns: std::iter::once(Column::text("Assessment"))
                .chain(columns)
                .collect(),
            spans: if in_timelines {
                runs.clone()
            } else {
                Vec::new()
            },
            rows,
        };
        let times = Table {
            id: "visits".to_owned(),
            caption: Html::text("When each visit is planned."),
            columns: vec![Column::text("Visit"), Column::text("Planned")],
            rows: self.times(&visits, &runs, in_timelines),
            ..Table::default()
        };
        Some(grid.html().then(notes.html()).then(times.html()))
    }

    /// A row a visit, below the timeline that it belongs to.
    fn times(self, visits: &[Html], runs: &[(Html, usize)], in_timelines: bool) -> Vec<Row> {
        let mut planned = visits.iter().zip(&self.protocol.trial.visits);
        let mut rows = Vec::new();
        for (timeline, count) in runs {
            if in_timelines {
                let other = Html::text("Outside the timelines");
                rows.push(Row::Group(if timeline.is_empty() {
                    other
                } else {
                    timeline.clone()
                }));
            }
            rows.extend(planned.by_ref().take(*count).map(|(title, visit)| {
                Row::cells(title.clone(), vec![Html::text(&self.when(visit))])
            }));
        }
        rows
    }

    /// Neighbouring visits of one timeline: its title, empty for those of none, and how many they are.
    fn timelines(self, notes: &mut Notes) -> Vec<(Html, usize)> {
        let trial = &self.protocol.trial;
        let mut runs: Vec<(Option<TimelineId>, usize)> = Vec::new();
        for visit in &trial.visits {
            match runs.last_mut() {
                Some((timeline, count)) if *timeline == visit.timeline => *count += 1,
                _ => runs.push((visit.timeline, 1)),
            }
        }
        runs.into_iter()
            .map(|(timeline, count)| {
                let timeline = timeline.and_then(|id| trial.timelines.get(id.index()));
                let title = timeline.map_or_else(Html::default, |timeline| {
                    let mark = supposed(timeline.assumed.as_deref(), notes);
                    Html::text(&timeline.title).then(mark)
                });
                (title, count)
            })
            .collect()
    }

    /// `28 days after infusion, 3 days either side`
    pub(super) fn when(self, visit: &Visit) -> String {
        match &visit.time {
            VisitTime::Planned {
                anchor,
                offset,
                earlier,
                later,
            } => {
                let anchor = match anchor {
                    VisitAnchor::Milestone(id) => spoken(self.milestone(*id)),
                    VisitAnchor::Visit(id) => {
                        let visit = self.protocol.trial.visits.get(id.index());
                        visit.map_or_else(String::new, |visit| visit.title.to_string())
                    }
                };
                let time = if offset.is_zero() {
                    format!("on the day of {anchor}")
                } else if offset.is_negative() {
                    format!("{} before {anchor}", offset.magnitude())
                } else {
                    format!("{offset} after {anchor}")
                };
                let (earlier, later) = (earlier.magnitude(), later.magnitude());
                match (earlier.is_zero(), later.is_zero()) {
                    (true, true) => time,
                    (false, false) if earlier == later => format!("{time}, {later} either side"),
                    (true, false) => format!("{time}, up to {later} later"),
                    (false, true) => format!("{time}, up to {earlier} earlier"),
                    (false, false) => format!("{time}, {earlier} earlier to {later} later"),
                }
            }
            VisitTime::Span(window) => self.window(window),
            VisitTime::Unscheduled => "at any time".to_owned(),
        }
    }

    /// What is planned at a visit of one assessment: a mark that is read aloud as `planned`.
    fn cell<'a>(self, planned: impl Iterator<Item = &'a Planned>, notes: &mut Notes) -> Html {
        let mut cell = Html::default();
        for planned in planned {
            if cell.is_empty() {
                cell.push(&Html::text("\u{2715}").labelled("planned"));
            }
            if let Some(only) = only(planned) {
                cell.push(&notes.mark(Html::text(&only)));
            }
        }
        cell
    }
}

/// The note of what is supposed because the source does not say it.
fn supposed(why: Option<&str>, notes: &mut Notes) -> Html {
    why.map_or_else(Html::default, |why| {
        notes.mark(Html::text(&format!("not in the source; supposed: {why}")))
    })
}
