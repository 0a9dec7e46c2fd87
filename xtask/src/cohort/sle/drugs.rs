//! What was given: glucocorticoids and their taper, drugs against the disease, lymphodepletion, the cells, and the
//! treatment of toxicities.

use super::calendar::Date;
use super::chart::{Chart, Row, Sheet};
use super::person::{Course, Person};

/// A drug from one day to another.
fn given(
    chart: &mut Chart,
    code: &'static str,
    start: Date,
    end: Option<Date>,
    dose: (&'static str, &'static str, &'static str),
    route: &'static str,
    text: &'static str,
) {
    chart.add(
        Row::new(Sheet::Treatments)
            .set("code", code)
            .set("start", start.to_string())
            .set("end", end.map(|day| day.to_string()).unwrap_or_default())
            .set("dose", dose.0)
            .set("unit", dose.1)
            .set("frequency", dose.2)
            .set("route", route)
            .set("investigational", "no")
            .set("text", text),
    );
}

/// One row for each dose, from the day on which it was begun.
fn steroid(person: &Person, chart: &mut Chart) {
    let steroid = &person.steroid;
    let begun = person.screening.plus(-steroid.days_before_screening);
    let mut doses = vec![(begun, steroid.at_screening)];
    if let Some(course) = &person.course {
        doses.extend(
            steroid
                .steps
                .iter()
                .map(|&(day, dose)| (course.infusion.plus(day), dose)),
        );
    }
    let ends: Vec<Option<Date>> = doses
        .iter()
        .skip(1)
        .map(|(next, _)| Some(next.plus(-1)))
        .chain([None])
        .collect();
    for ((start, dose), end) in doses.into_iter().zip(ends) {
        if !dose.is_empty() {
            given(
                chart,
                steroid.drug,
                start,
                end,
                (dose, "mg", "daily"),
                "oral",
                "",
            );
        }
    }
}

fn course_drugs(course: &Course, chart: &mut Chart) {
    let day = |day: i64| course.infusion.plus(day);
    for (drug, dose) in [("fludarabine", "25"), ("cyclophosphamide", "250")] {
        let dose = (dose, "mg/m2", "once daily");
        given(
            chart,
            drug,
            day(-5),
            Some(day(-3)),
            dose,
            "intravenous",
            "lymphodepletion",
        );
    }
    let text = if course.received == "23.1" {
        "all cells of the batch: 1.9 x 10^6 short of the dose level, within the tolerance of the batch record"
    } else {
        ""
    };
    chart.add(
        Row::new(Sheet::Treatments)
            .set("code", "relmacabtagene_autoleucel")
            .set("start", format!("{}T11:00", course.infusion))
            .set("end", format!("{}T11:00", course.infusion))
            .set("dose", course.received)
            .set("unit", "10*6{CAR+_cells}")
            .set("frequency", "once")
            .set("route", "intravenous")
            .set("investigational", "yes")
            .set("text", text),
    );
    if let Some(release) = &course.release
        && release.grade == 2
    {
        let second = Some(day(release.from + 1));
        let tocilizumab = ("560", "mg", "once");
        let text = "cytokine release syndrome";
        given(
            chart,
            "tocilizumab",
            day(release.from + 1),
            second,
            tocilizumab,
            "intravenous",
            text,
        );
        let oxygen = ("2", "L/min", "continuous");
        let to = Some(day(release.from + 3));
        given(
            chart,
            "home_oxygen",
            day(release.from + 1),
            to,
            oxygen,
            "nasal",
            "nasal cannula on the ward",
        );
    }
    if course.hyperinflammation {
        let text = "hyperinflammation";
        let dexamethasone = ("10", "mg", "daily");
        given(
            chart,
            "dexamethasone",
            day(24),
            Some(day(31)),
            dexamethasone,
            "intravenous",
            text,
        );
        given(
            chart,
            "anakinra",
            day(24),
            Some(day(33)),
            ("100", "mg", "twice daily"),
            "subcutaneous",
            text,
        );
    }
}

pub(super) fn write(person: &Person, chart: &mut Chart) {
    steroid(person, chart);
    for drug in person.drugs {
        let start = person.screening.plus(-drug.days_before_screening);
        let last = drug.last.zip(person.course.as_ref());
        let end = last.map(|(day, course)| course.infusion.plus(day));
        let dose = (drug.dose, drug.unit, drug.frequency);
        given(chart, drug.name, start, end, dose, "oral", "");
    }
    if let Some(course) = &person.course {
        course_drugs(course, chart);
        chart.add(
            Row::new(Sheet::Procedures)
                .set("code", "leukapheresis")
                .set(
                    "time",
                    course.infusion.plus(course.leukapheresis).to_string(),
                ),
        );
    }
}
