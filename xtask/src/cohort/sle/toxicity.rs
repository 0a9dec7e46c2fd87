//! Vital signs, pregnancy tests, adverse events, and what was judged.

use super::chart::{Chart, Limits, NO_LIMITS, Row, Sheet, decimal, read_decimal};
use super::person::{Course, Event, Person, Release};
use super::series::around;
use super::visits;

/// The last day on which the ward takes the temperature in the evening.
const LAST_EVENING: i64 = 14;

/// The highest temperature of a day, tenths of a degree; below 38.0 outside a syndrome.
fn temperature(person: &Person, course: &Course, day: i64) -> i64 {
    let usual = 367 + around(3, 100, person.id, "temperature", day) - 3;
    match &course.release {
        Some(release) if (release.from..=release.to).contains(&day) => {
            // The last day ends with just a fever.
            if day == release.to {
                380
            } else if day == release.from + 1 {
                release.peak
            } else {
                release.peak - 4
            }
        }
        // Nearly a fever is none.
        None if day == 6 => 379,
        _ => usual,
    }
}

/// Pressure, saturation and oxygen on the days of a syndrome of grade 2.
fn is_low(release: Option<&Release>, day: i64) -> bool {
    release.is_some_and(|release| {
        release.grade == 2 && (release.from + 1..=release.from + 3).contains(&day)
    })
}

fn vital_signs(person: &Person, course: &Course, chart: &mut Chart) {
    let mut days: Vec<i64> = visits::of(person)
        .iter()
        .map(|visit| visit.date.since(course.infusion))
        .collect();
    days.extend(0..=LAST_EVENING);
    days.sort_unstable();
    days.dedup();
    for day in days {
        let date = course.infusion.plus(day);
        let low = is_low(course.release.as_ref(), day);
        let morning = 365 + around(3, 100, person.id, "morning", day) - 3;
        let highest = temperature(person, course, day);
        let feverish = highest >= 380;
        let (time, value) = (
            format!("{date}T07:30"),
            if feverish { 376 } else { morning },
        );
        chart.value("temperature", time, decimal(value, 1), "Cel", NO_LIMITS);
        if (0..=LAST_EVENING).contains(&day) {
            let time = format!("{date}T19:30");
            chart.value("temperature", time, decimal(highest, 1), "Cel", NO_LIMITS);
        }
        let time = format!("{date}T07:30");
        let (systolic, diastolic, spo2) = if low {
            (86, 48, 90)
        } else {
            (
                around(118, 8, person.id, "systolic_bp", day),
                around(74, 8, person.id, "diastolic_bp", day),
                around(98, 1, person.id, "spo2", day),
            )
        };
        chart.value(
            "systolic_bp",
            &time,
            decimal(systolic, 0),
            "mm[Hg]",
            NO_LIMITS,
        );
        chart.value(
            "diastolic_bp",
            &time,
            decimal(diastolic, 0),
            "mm[Hg]",
            NO_LIMITS,
        );
        chart.value("spo2", &time, decimal(spo2, 0), "%", NO_LIMITS);
        if low {
            chart.value("oxygen_flow", &time, "2", "L/min", NO_LIMITS);
        }
    }
    for visit in visits::of(person) {
        let day = visit.date.since(course.infusion);
        if (0..=28).contains(&day) {
            chart.value("ice_score", visit.date, "10", "{score}", NO_LIMITS);
        }
    }
}

/// A count that CTCAE grades: the event, its measure, and below what grades 2, 3 and 4 begin, in hundredths.
///
/// Grade 1 begins below the limit of the laboratory.
struct Count {
    event: &'static str,
    code: &'static str,
    grades: [i64; 3],
    /// Anaemia of grade 4 is a matter of its consequences.
    has_fourth: bool,
}

const COUNTS: [Count; 5] = [
    Count {
        event: "neutrophil_count_decreased",
        code: "anc",
        grades: [150, 100, 50],
        has_fourth: true,
    },
    Count {
        event: "lymphocyte_count_decreased",
        code: "alc",
        grades: [80, 50, 20],
        has_fourth: true,
    },
    Count {
        event: "white_blood_cell_decreased",
        code: "wbc",
        grades: [300, 200, 100],
        has_fourth: true,
    },
    Count {
        event: "platelet_count_decreased",
        code: "platelets",
        grades: [7500, 5000, 2500],
        has_fourth: true,
    },
    Count {
        event: "anaemia",
        code: "hemoglobin",
        grades: [10_000, 8000, 0],
        has_fourth: false,
    },
];

/// The grade of a value by CTCAE 5.0; all in hundredths.
pub(super) fn grade_of_count(code: &str, value: i64, lower_limit: i64) -> Option<i64> {
    let count = COUNTS.iter().find(|count| count.code == code)?;
    let [second, third, fourth] = count.grades;
    Some(if count.has_fourth && value < fourth {
        4
    } else if value < third {
        3
    } else if value < second {
        2
    } else {
        i64::from(value < lower_limit)
    })
}

/// What the counts from the first dose of lymphodepletion to day 60 amount to: of each count that falls, the days
/// before its worst grade, those with it, and those behind it, as rows of one event.
fn cytopenia(course: &Course, chart: &mut Chart) {
    let mut events = Vec::new();
    for count in &COUNTS {
        let mut before = 0;
        let mut days: Vec<(i64, i64)> = Vec::new();
        for row in chart.of(Sheet::Observations) {
            let (Some(date), true) = (row.day("time"), row.get("code") == count.code) else {
                continue;
            };
            let day = date.since(course.infusion);
            let value = read_decimal(row.get("value"), 2).unwrap_or(0);
            let limit = read_decimal(row.get("low"), 2).unwrap_or(0);
            let grade = grade_of_count(count.code, value, limit).unwrap_or(0);
            if day < -4 {
                before = before.max(grade);
            } else if day <= 60 && grade > before {
                days.push((day, grade));
            }
        }
        days.sort_unstable();
        let worst = days.iter().map(|(_, grade)| *grade).max().unwrap_or(0);
        let with_worst = |(_, grade): &&(i64, i64)| *grade == worst;
        let (Some(first), Some(last)) = (
            days.iter().find(with_worst),
            days.iter().rev().find(with_worst),
        ) else {
            continue;
        };
        let begun = days.first().map_or(first.0, |(day, _)| *day);
        let over = days.last().map_or(last.0, |(day, _)| *day);
        let behind = days
            .iter()
            .find(|(day, _)| *day > last.0)
            .map_or(over, |(day, _)| *day);
        let highest = |from: i64, to: i64| {
            let phase = days
                .iter()
                .filter(|(day, grade)| (from..=to).contains(day) && *grade < worst);
            phase.map(|(_, grade)| *grade).max()
        };
        for (from, to, grade) in [
            (begun, first.0, highest(begun, first.0)),
            (first.0, behind, Some(worst)),
            (behind, over, highest(behind, over)),
        ] {
            if let Some(grade) = grade {
                events.push(Event {
                    term: count.event,
                    scale: "ctcae_5",
                    grade,
                    from,
                    to: Some(to),
                    related: "related",
                    serious: false,
                    dose_limiting: false,
                });
            }
        }
    }
    for event in events {
        record(course, chart, &event);
    }
}

fn record(course: &Course, chart: &mut Chart, event: &Event) {
    let answer = |yes: bool| if yes { "yes" } else { "no" };
    let mut onset = course.infusion.plus(event.from).to_string();
    let mut end = event.to.map(|day| course.infusion.plus(day).to_string());
    if event.term == "crs" {
        // From the first evening with a fever to the first morning without one.
        onset = format!("{onset}T19:30");
        end = event
            .to
            .map(|day| format!("{}T07:30", course.infusion.plus(day + 1)));
    }
    chart.add(
        Row::new(Sheet::AdverseEvents)
            .set("term", format!("local|{}", event.term))
            .set("scale", event.scale)
            .set("grade", event.grade.to_string())
            .set("onset", onset)
            .set("end", end.unwrap_or_default())
            .set("related", event.related)
            .set("serious", answer(event.serious))
            .set("dlt", answer(event.dose_limiting)),
    );
}

/// From the first value below the limit to the last.
fn hypogammaglobulinaemia(course: &Course, chart: &Chart) -> Option<Event> {
    let mut low = Vec::new();
    let mut last = 0;
    for row in chart.of(Sheet::Observations) {
        if row.get("code") == "igg" {
            let day = row.day("time")?.since(course.infusion);
            last = last.max(day);
            if read_decimal(row.get("value"), 2)? < read_decimal(row.get("low"), 2)? {
                low.push(day);
            }
        }
    }
    let end = low.last().copied()?;
    Some(Event {
        term: "hypogammaglobulinaemia",
        scale: "ctcae_5",
        grade: 2,
        from: low.first().copied()?,
        to: (end < last).then_some(end),
        related: "related",
        serious: false,
        dose_limiting: false,
    })
}

/// Needs the observations: some events follow from them.
pub(super) fn write(person: &Person, icaht: Option<(i64, i64, i64)>, chart: &mut Chart) {
    let time = format!("{}T08:00", person.screening);
    if person.sex == "female" {
        pregnancy_test(chart, &time);
    }
    chart.value(
        "body_weight",
        person.screening,
        decimal(person.weight, 1),
        "kg",
        NO_LIMITS,
    );
    chart.value(
        "body_height",
        person.screening,
        decimal(person.height, 0),
        "cm",
        NO_LIMITS,
    );
    judgements(person, chart);
    let Some(course) = &person.course else {
        let fever = chart
            .of(Sheet::Observations)
            .any(|row| row.get("code") == "selena_fever" && row.get("result") == "present");
        let temperature = if fever { "38.2" } else { "36.6" };
        chart.value("temperature", time, temperature, "Cel", NO_LIMITS);
        return;
    };
    if person.sex == "female" {
        pregnancy_test(chart, &format!("{}T07:30", course.infusion.plus(-5)));
    }
    vital_signs(person, course, chart);
    if let Some(release) = &course.release {
        record(
            course,
            chart,
            &Event {
                term: "crs",
                scale: "astct",
                grade: release.grade,
                from: release.from,
                to: Some(release.to),
                related: "related",
                serious: release.grade > 1,
                dose_limiting: false,
            },
        );
    }
    if let Some((from, to, grade)) = icaht {
        let icaht = Event {
            term: "icaht",
            scale: "eha_ebmt",
            grade,
            from,
            to: Some(to),
            related: "related",
            serious: false,
            dose_limiting: false,
        };
        record(course, chart, &icaht);
    }
    cytopenia(course, chart);
    if let Some(event) = hypogammaglobulinaemia(course, chart) {
        record(course, chart, &event);
    }
    for event in course.events {
        record(course, chart, event);
    }
}

fn pregnancy_test(chart: &mut Chart, time: &str) {
    chart.add(
        Row::new(Sheet::Observations)
            .set("code", "serum_hcg")
            .set("time", time)
            .set("value", "0.6")
            .set("unit", "m[IU]/mL")
            .set("high", Limits("", "5.0").1)
            .set("result", "negative")
            .set("specimen", "serum"),
    );
}

fn judgements(person: &Person, chart: &mut Chart) {
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    let nephritis = person
        .scores
        .first()
        .is_some_and(|score| score.selena.contains("proteinuria"));
    for (item, answer) in [
        ("active_on_regimen", yes(true)),
        ("active_nephritis", yes(nephritis)),
        ("needs_prohibited_drugs", yes(false)),
    ] {
        chart.add(
            Row::new(Sheet::Attestations)
                .set("item", item)
                .set("answer", answer)
                .set("time", person.screening.to_string())
                .set("by", "investigator"),
        );
    }
}
