//! When each visit took place.

use super::calendar::Date;
use super::chart::{Chart, Row, Sheet};
use super::person::{Course, Deviation, Person};

/// A visit that took place.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) name: &'static str,
    pub(super) date: Date,
    pub(super) text: &'static str,
}

/// The visits on a day after infusion, or before it.
const DAYS: [(&str, i64); 13] = [
    ("ld_1", -5),
    ("ld_2", -4),
    ("ld_3", -3),
    ("day_0", 0),
    ("day_1", 1),
    ("day_2", 2),
    ("day_3", 3),
    ("day_5", 5),
    ("day_7", 7),
    ("day_10", 10),
    ("day_14", 14),
    ("day_21", 21),
    ("day_28", 28),
];

/// The visits some calendar months after infusion.
pub(super) const MONTHS: [(&str, i64); 5] = [
    ("month_2", 2),
    ("month_3", 3),
    ("month_4", 4),
    ("month_5", 5),
    ("month_6", 6),
];

/// The visits of a person in their order.
pub(super) fn of(person: &Person) -> Vec<Visit> {
    let mut visits = vec![Visit {
        name: "screening_visit",
        date: person.screening,
        text: "",
    }];
    let Some(course) = &person.course else {
        return visits;
    };
    let infusion = course.infusion;
    visits.push(Visit {
        name: "leukapheresis_visit",
        date: infusion.plus(course.leukapheresis),
        text: "",
    });
    for (name, day) in DAYS {
        visits.push(Visit {
            name,
            date: infusion.plus(day),
            text: "",
        });
    }
    for (name, months) in MONTHS {
        let planned = infusion.plus_months(months);
        visits.push(match deviation(course, name) {
            Some(Deviation::Missed(_)) => continue,
            Some(Deviation::Shifted(_, days, text)) => Visit {
                name,
                date: planned.plus(days),
                text,
            },
            _ => Visit {
                name,
                date: usual(person, planned, months),
                text: "",
            },
        });
    }
    for deviation in course.deviations {
        if let Deviation::Unscheduled(day, text) = *deviation {
            visits.push(Visit {
                name: "unscheduled",
                date: infusion.plus(day),
                text,
            });
        }
    }
    visits.sort_by_key(|visit| visit.date);
    visits
}

/// A few days beside the planned day, as appointments are, and on a weekday.
fn usual(person: &Person, planned: Date, months: i64) -> Date {
    let beside = (person.weight + 3 * months).rem_euclid(7) - 3;
    planned.plus(beside).office_day()
}

fn deviation(course: &Course, visit: &str) -> Option<Deviation> {
    course.deviations.iter().copied().find(|deviation| {
        matches!(deviation, Deviation::Shifted(name, ..) | Deviation::Missed(name) if *name == visit)
    })
}

/// Visits, milestones, and which dose level was assigned.
pub(super) fn write(person: &Person, chart: &mut Chart) {
    let visits = of(person);
    for visit in &visits {
        chart.add(
            Row::new(Sheet::Visits)
                .set("visit", visit.name)
                .set("start", visit.date.to_string())
                .set("text", visit.text),
        );
    }
    chart.milestone("consent", format!("{}T09:00", person.screening));
    chart.milestone("screening", person.screening);
    if let Some(course) = &person.course {
        let enrolment = course.infusion.plus(course.enrolment);
        chart.milestone("enrolment", enrolment);
        chart.milestone("leukapheresis", course.infusion.plus(course.leukapheresis));
        chart.milestone("ld_start", format!("{}T10:00", course.infusion.plus(-5)));
        chart.milestone("infusion", format!("{}T11:00", course.infusion));
        chart.add(
            Row::new(Sheet::Assignments)
                .set("assigned", course.level)
                .set("time", enrolment.to_string()),
        );
    }
    let last = visits.last().map_or(person.screening, |visit| visit.date);
    chart.milestone("last_contact", last);
}
