//! Times, windows, doses and designs in words that can be read aloud.

use lind_escalation::{Boundaries, Design, Safety, percent_text};
use lind_model::protocol::{Anchor, RecordEdge, Window};
use lind_model::trial::{DoseBasis, DoseLevel, VisitAnchor, VisitTime};
use lind_model::{MilestoneId, Protocol};
use lind_time::{Offset, StudyDays};
use lind_units::Exact;

/// A text in which no name is written as in code: `systemic_infection` is a systemic infection.
pub(super) fn spoken(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let joins = character == '_'
            && words.ends_with(char::is_alphanumeric)
            && characters.peek().is_some_and(|next| next.is_alphanumeric());
        words.push(if joins { ' ' } else { character });
    }
    words
}

pub(super) fn milestone(protocol: &Protocol, id: MilestoneId) -> String {
    let milestone = protocol.milestones.get(id.index());
    milestone.map_or_else(String::new, |milestone| spoken(&milestone.name))
}

/// `day 28 ± 3 days`, `2 months after infusion, up to 7 days later`
pub(super) fn visit_time(protocol: &Protocol, time: &VisitTime) -> String {
    match time {
        VisitTime::Unscheduled => "at any time".to_owned(),
        VisitTime::Span(span) => window(protocol, span),
        VisitTime::Planned {
            anchor,
            offset,
            earlier,
            later,
        } => {
            let planned = planned(protocol, *anchor, *offset);
            match (earlier.is_zero(), later.is_zero()) {
                (true, true) => planned,
                (false, false) if earlier == later => format!("{planned} ± {later}"),
                (false, false) => {
                    format!("{planned}, up to {earlier} earlier or {later} later")
                }
                (true, false) => format!("{planned}, up to {later} later"),
                (false, true) => format!("{planned}, up to {earlier} earlier"),
            }
        }
    }
}

fn planned(protocol: &Protocol, anchor: VisitAnchor, offset: Offset) -> String {
    let trial = &protocol.trial;
    let own = trial
        .study_days
        .filter(|count| anchor == VisitAnchor::Milestone(count.anchor));
    if let (Some(count), Offset::Days { days }) = (own, offset) {
        let day = match count.count {
            StudyDays::FromOne if days >= 0 => days.saturating_add(1),
            StudyDays::FromOne | StudyDays::FromZero => days,
        };
        return format!("day {day}");
    }
    let anchor = match anchor {
        VisitAnchor::Milestone(id) => milestone(protocol, id),
        VisitAnchor::Visit(id) => {
            let visit = trial.visits.get(id.index());
            visit.map_or_else(String::new, |visit| spoken(&visit.name))
        }
    };
    let length = offset.magnitude();
    if offset.is_zero() {
        format!("on the day of {anchor}")
    } else if offset.is_negative() {
        format!("{length} before {anchor}")
    } else {
        format!("{length} after {anchor}")
    }
}

/// `from infusion to 28 days after infusion, both included`
pub(super) fn window(protocol: &Protocol, own: &Window) -> String {
    let trial = &protocol.trial;
    match own {
        Window::Around {
            anchor: own,
            window,
            as_known,
        } => {
            let said = window
                .to_string()
                .replace("the anchor", &anchor(protocol, *own));
            let known = if *as_known { ", as far as known" } else { "" };
            format!("{said}{known}")
        }
        Window::Between {
            from: Anchor::Milestone(from),
            to: Anchor::Milestone(to),
        } if trial.visit == Some(*from) && trial.visit_end == Some(*to) => {
            "on the days of the visit".to_owned()
        }
        Window::Between { from, to } => format!(
            "from {} to {}, both included",
            anchor(protocol, *from),
            anchor(protocol, *to)
        ),
        Window::HalfLives {
            anchor: own,
            count,
            closed,
            beyond,
        } => {
            let comparison = match (beyond, closed) {
                (false, true) => "at most",
                (false, false) => "less than",
                (true, true) => "at least",
                (true, false) => "more than",
            };
            format!(
                "{comparison} {count} half-lives before {}",
                anchor(protocol, *own)
            )
        }
        Window::Either(one, other) => {
            format!("{}; or {}", window(protocol, one), window(protocol, other))
        }
        Window::Both(one, other) => {
            format!("{}; and {}", window(protocol, one), window(protocol, other))
        }
    }
}

fn anchor(protocol: &Protocol, own: Anchor) -> String {
    match own {
        Anchor::Milestone(id) => milestone(protocol, id),
        Anchor::Sample => "the sample".to_owned(),
        Anchor::Date(day) => day.to_string(),
        Anchor::Chosen(id) => {
            let chosen = protocol.chosen.get(id.index());
            chosen.map_or_else(String::new, |chosen| spoken(&chosen.name))
        }
        Anchor::Record(_, RecordEdge::Begin) => "the beginning of the record".to_owned(),
        Anchor::Record(_, RecordEdge::End) => "the end of the record".to_owned(),
    }
}

pub(super) fn per(basis: DoseBasis) -> &'static str {
    match basis {
        DoseBasis::Total => "in total",
        DoseBasis::PerKilogram => "per kg of body weight",
        DoseBasis::PerSquareMetre => "per m2 of body surface",
    }
}

/// What a level is beside its dose: `start`, `back-up`, `highest`.
pub(super) fn roles(level: &DoseLevel) -> Vec<&'static str> {
    [
        (level.start, "start"),
        (level.back_up, "back-up"),
        (level.highest, "highest"),
    ]
    .into_iter()
    .filter_map(|(holds, role)| holds.then_some(role))
    .collect()
}

/// All levels in one line; their unit once, if they share it: `25 (start), 50, 75, 100 x 10^6 CAR+ cells`.
pub(super) fn ladder(levels: &[DoseLevel]) -> String {
    let first = levels.first();
    let unit = first.map(|level| &level.unit);
    let unit = unit.filter(|unit| levels.iter().all(|level| level.unit == **unit));
    let each: Vec<String> = levels
        .iter()
        .map(|level| {
            let dose = match unit {
                Some(_) => {
                    let doses: Vec<String> = level.doses.iter().map(Exact::to_string).collect();
                    doses.join(" or ")
                }
                None => lind_units::read_aloud(&level.text),
            };
            let roles = roles(level);
            if roles.is_empty() {
                dose
            } else {
                format!("{dose} ({})", roles.join(", "))
            }
        })
        .collect();
    let each = each.join(", ");
    unit.map_or_else(
        || each.clone(),
        |unit| format!("{each}; {}", unit.read_aloud()),
    )
}

/// Days in their order: runs of more than two as their ends.
pub(super) fn days(days: &[i64]) -> String {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*day) => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    let shown: Vec<String> = runs
        .iter()
        .map(|(first, last)| match last.saturating_sub(*first) {
            0 => first.to_string(),
            1 => format!("{first}, {last}"),
            _ => format!("{first} to {last}"),
        })
        .collect();
    let word = if days.len() == 1 { "day" } else { "days" };
    format!("{word} {}", shown.join(", "))
}

/// A design with its parameters, but for when it stops.
pub(super) fn design(design: &Design) -> String {
    let mut parts = vec![design.name().to_owned()];
    parts.extend(
        design
            .target()
            .map(|target| format!("target {}", percent_text(target))),
    );
    match design {
        Design::ThreePlusThree(own) => {
            if !own.de_escalates {
                parts.push("without de-escalation".to_owned());
            }
            if !own.six_at_mtd {
                parts.push("three are enough at the maximum tolerated dose".to_owned());
            }
        }
        Design::Boin(own) => parts.push(format!(
            "too low is {}, too toxic {}",
            percent_text(&own.too_low),
            percent_text(&own.too_toxic)
        )),
        Design::Mtpi2(own) | Design::Mtpi(own) | Design::I3Plus3(own) => parts.push(format!(
            "near enough from {} to {}",
            percent_text(&own.target.sub(&own.below)),
            percent_text(&own.target.add(&own.above))
        )),
        Design::AcceleratedTitration(own) => {
            parts.push(format!(
                "single participants until the first toxicity or {} moderate ones",
                own.moderate
            ));
            if !own.then.de_escalates {
                parts.push("then without de-escalation".to_owned());
            }
            if !own.then.six_at_mtd {
                parts.push("three are enough at the maximum tolerated dose".to_owned());
            }
        }
        Design::Table(table) => {
            let rows: Vec<String> = table.rows().iter().map(row).collect();
            parts.push(rows.join("; "));
        }
    }
    parts.join(", ")
}

pub(super) fn stopping(safety: &Safety) -> String {
    let mut parts = vec![format!(
        "a level is eliminated above the target with more than {} probability, among at least {}",
        percent_text(&safety.cut_off),
        safety.least
    )];
    if let Some(offset) = &safety.extra_safe {
        parts.push(format!(
            "the trial stops where the lowest level is so with more than {}",
            percent_text(&safety.cut_off.sub(offset))
        ));
    }
    if let Some(enough) = safety.stops_at {
        parts.push(format!(
            "the trial stops where it stays at a level with {enough}"
        ));
    }
    parts.join("; ")
}

/// `after 3: 0 escalate, 1 stay, 2 to 3 de-escalate`
pub(super) fn row(row: &Boundaries) -> String {
    let mut runs: Vec<(u32, u32, String)> = Vec::new();
    for dlts in 0..=row.evaluable {
        let decision = row.decision(dlts).to_string();
        match runs.last_mut() {
            Some((_, last, same)) if *same == decision => *last = dlts,
            _ => runs.push((dlts, dlts, decision)),
        }
    }
    let cells: Vec<String> = runs
        .iter()
        .map(|(first, last, decision)| {
            if first == last {
                format!("{first} {decision}")
            } else {
                format!("{first} to {last} {decision}")
            }
        })
        .collect();
    format!("after {}: {}", row.evaluable, cells.join(", "))
}

/// Names joined for a sentence; what there is none of has a word of its own.
pub(super) fn listed(names: &[String], none: &str) -> String {
    if names.is_empty() {
        none.to_owned()
    } else {
        names.join(", ")
    }
}
