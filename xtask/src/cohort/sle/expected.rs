//! The published results out of the rows, whether they are those of the paper, and the files of what is expected.

use std::collections::{BTreeMap, BTreeSet};

use super::super::File;
use super::super::tables::line;
use super::chart::{Chart, Sheet, decimal};
use super::expected_values;
use super::recompute::{self, States};
use super::truth::{
    DEVIATIONS, FIRST_MONTHS, NOT_ENROLLED, PUBLISHED, STATE_VISITS, TRUTH, Truth, first,
};

const COUNTS: [&str; 5] = ["anc", "alc", "wbc", "platelets", "hemoglobin"];

/// What the rows say of an infused participant.
struct Found<'c> {
    chart: &'c Chart,
    truth: Truth,
    states: Vec<Option<States>>,
    /// What is not as written.
    differences: Vec<String>,
}

fn found(chart: &Chart) -> Option<Found<'_>> {
    let (peak_day, flow) = recompute::peak(chart, "car_t_flow", 2)?;
    let (copies_day, copies) = recompute::peak(chart, "car_t_qpcr", 0)?;
    let states = recompute::states(chart);
    let letters = |letter: fn(&States) -> char| -> String {
        states
            .iter()
            .map(|state| state.as_ref().map_or('-', letter))
            .collect()
    };
    let written = TRUTH.iter().find(|truth| truth.id == chart.id)?;
    let truth = Truth {
        id: written.id,
        level: chart
            .of(Sheet::Assignments)
            .next()
            .filter(|row| row.get("assigned") == written.level)
            .map_or("another", |_| written.level),
        peak_day,
        flow,
        copies,
        crs: recompute::event_grade(chart, "crs"),
        hyperinflammation: recompute::event_grade(chart, "iec_hs") > 0,
        hypogammaglobulinaemia: recompute::is_hypogammaglobulinaemic(chart),
        icaht: recompute::icaht_early(chart)?.2,
        b_cells_gone: recompute::b_cells_gone(chart)?,
        b_cells_back: recompute::b_cells_back(chart)?,
        ..*written
    };
    let mut differences = Vec::new();
    if truth != *written {
        differences.push(format!("{truth:?} instead of {written:?}"));
    }
    for (name, is, should) in [
        ("SRI-4", letters(|state| state.sri_4), written.sri_4),
        ("LLDAS", letters(|state| state.lldas), written.lldas),
        ("DORIS", letters(|state| state.doris), written.doris),
        (
            "DORIS below 5 mg",
            letters(|state| state.doris_below_5),
            written.doris_below_5,
        ),
    ] {
        if is != should {
            differences.push(format!("{name} {is} instead of {should}"));
        }
    }
    if copies_day != peak_day {
        differences.push(format!("qPCR peaks on day {copies_day}"));
    }
    if recompute::crs_by_signs(chart) != Some(truth.crs) {
        differences.push("vital signs and grade of CRS differ".to_owned());
    }
    if recompute::dose_limiting(chart) > 0 {
        differences.push("a dose-limiting toxicity".to_owned());
    }
    Some(Found {
        chart,
        truth,
        states,
        differences,
    })
}

/// What the rows of everybody say.
pub(super) struct Results<'c> {
    charts: &'c [Chart],
    infused: Vec<Found<'c>>,
}

/// Reads the rows and holds them against the truth.
///
/// # Errors
/// A sentence for the first participant of whom the rows say something else, or for the first published number that
/// does not come out.
pub(super) fn verified(charts: &[Chart]) -> Result<Results<'_>, String> {
    let mut infused = Vec::new();
    for chart in charts {
        if recompute::milestone(chart, "infusion").is_none() {
            continue;
        }
        let found = found(chart).ok_or_else(|| format!("{}: a series has no end", chart.id))?;
        if !found.differences.is_empty() {
            return Err(format!("{}: {}", chart.id, found.differences.join(", ")));
        }
        infused.push(found);
    }
    if !infused
        .iter()
        .map(|found| found.truth.id)
        .eq(TRUTH.iter().map(|truth| truth.id))
    {
        return Err("others were infused than those of the truth".to_owned());
    }
    for (truth, (id, written)) in TRUTH.iter().zip(FIRST_MONTHS) {
        let months =
            [truth.sri_4, truth.lldas, truth.doris].map(|states| first(states).unwrap_or(0));
        if truth.id != id || months != written {
            return Err(format!("{id}: first months {months:?}"));
        }
    }
    let results = Results { charts, infused };
    for ((what, value), (paper, printed)) in results.published().iter().zip(PUBLISHED) {
        if *what != paper || value != printed {
            return Err(format!("{paper}: {value} instead of {printed}"));
        }
    }
    Ok(results)
}

/// The middle of an even number of values times two, and the range.
fn spread(mut values: Vec<i64>) -> (i64, i64, i64) {
    values.sort_unstable();
    let middle = values.len() / 2;
    let at = |index: usize| values.get(index).copied().unwrap_or(0);
    let twice = if values.len().is_multiple_of(2) {
        at(middle.saturating_sub(1)) + at(middle)
    } else {
        2 * at(middle)
    };
    (twice, at(0), values.last().copied().unwrap_or(0))
}

/// The median with so many decimals, and one more if it needs one.
fn median_and_range(values: Vec<i64>, places: u32) -> String {
    let (twice, least, most) = spread(values);
    let median = if twice % 2 == 0 {
        decimal(twice / 2, places)
    } else {
        decimal(twice * 5, places + 1)
    };
    format!(
        "{median} ({}-{})",
        decimal(least, places),
        decimal(most, places)
    )
}

fn count_and_share(count: usize, of: usize) -> String {
    // Half a per cent is rounded up.
    format!("{count} ({} %)", (200 * count + of) / (2 * of).max(1))
}

impl Results<'_> {
    /// The published results as they come out of the rows.
    pub(super) fn published(&self) -> Vec<(&'static str, String)> {
        let all = self.infused.len();
        let people = || self.infused.iter().map(|found| &found.truth);
        let count = |holds: &dyn Fn(&Chart) -> bool| {
            self.infused
                .iter()
                .filter(|found| holds(found.chart))
                .count()
        };
        let level = |name: &str| {
            let of = |chart: &Chart| {
                chart
                    .of(Sheet::Assignments)
                    .any(|row| row.get("assigned") == name)
            };
            count(&of).to_string()
        };
        let reached = |letter: fn(&States) -> char| {
            let holds = |found: &&Found<'_>| {
                found
                    .states
                    .iter()
                    .flatten()
                    .any(|state| letter(state) == 'y')
            };
            self.infused.iter().filter(holds).count().to_string()
        };
        let range = |values: Vec<i64>| {
            let (_, least, most) = spread(values);
            format!("{least}-{most}")
        };
        let of = |value: fn(&Truth) -> i64| people().map(value).collect::<Vec<i64>>();
        let enrolled = self
            .charts
            .iter()
            .filter(|chart| recompute::milestone(chart, "enrolment").is_some())
            .count();
        let cytopenia = count(&|chart: &Chart| {
            COUNTS
                .iter()
                .any(|code| recompute::worst_grade(chart, code).is_some_and(|grade| grade > 0))
        });
        let severe = people().filter(|truth| truth.icaht >= 3).count();
        let had =
            |term: &'static str| count(&|chart: &Chart| recompute::event_grade(chart, term) > 0);
        let low = people()
            .filter(|truth| truth.hypogammaglobulinaemia)
            .count();
        let limiting = count(&|chart: &Chart| recompute::dose_limiting(chart) > 0);
        let levels = ["DL1", "DL2", "DL3", "DL4"].map(level).join("/");
        let values = [
            self.charts.len().to_string(),
            enrolled.to_string(),
            levels,
            limiting.to_string(),
            count_and_share(cytopenia, all),
            count_and_share(had("crs"), all),
            count_and_share(low, all),
            severe.to_string(),
            had("icans").to_string(),
            had("iec_hs").to_string(),
            median_and_range(of(|found| found.peak_day), 0),
            median_and_range(of(|found| found.flow), 2),
            median_and_range(of(|found| found.copies), 0),
            range(of(|found| found.b_cells_gone)),
            range(of(|found| found.b_cells_back)),
            reached(|state| state.sri_4),
            reached(|state| state.lldas),
            reached(|state| state.doris),
        ];
        PUBLISHED
            .iter()
            .map(|(what, _)| *what)
            .zip(values)
            .collect()
    }
}

/// A file of rows below a header.
pub(super) fn file(name: &'static str, header: &[&str], rows: Vec<Vec<String>>) -> File {
    let mut text = String::new();
    line(&mut text, header.iter().copied());
    for row in rows {
        line(&mut text, row.iter().map(String::as_str));
    }
    File { name, text }
}

const fn word(letter: char) -> &'static str {
    match letter {
        'y' => "yes",
        'n' => "no",
        '?' => "unknown",
        _ => "no_visit",
    }
}

/// The files below `expected`.
pub(super) fn write(results: &Results<'_>) -> Vec<File> {
    let words = |rows: &[&[&str]]| -> Vec<Vec<String>> {
        rows.iter()
            .map(|row| row.iter().map(|&text| text.to_owned()).collect())
            .collect()
    };
    let pairs: Vec<Vec<String>> = PUBLISHED
        .iter()
        .flat_map(|(what, value)| words(&[&[what, value]]))
        .collect();
    let deviations: Vec<Vec<String>> = DEVIATIONS
        .iter()
        .flat_map(|(patient, about, kind, text)| words(&[&[patient, about, kind, text]]))
        .collect();
    let failures: Vec<Vec<String>> = NOT_ENROLLED.iter().flat_map(|row| words(&[row])).collect();
    let infused: Vec<&Chart> = results.infused.iter().map(|found| found.chart).collect();
    let mut files = vec![
        file("expected/published.csv", &["result", "printed"], pairs),
        participants(&results.infused),
        states(&results.infused),
        durations(&results.infused),
        grades(&results.infused),
        adverse_events(&results.infused),
        file(
            "expected/deviations.csv",
            &["patient", "about", "kind", "words"],
            deviations,
        ),
        file(
            "expected/not_enrolled.csv",
            &["patient", "criterion", "words", "why"],
            failures,
        ),
    ];
    files.extend(expected_values::write(&infused));
    files
}

fn participants(infused: &[Found<'_>]) -> File {
    let header = [
        "patient",
        "level",
        "tmax_day",
        "cmax_flow_cells_per_uL",
        "cmax_qpcr_copies_per_ug",
        "crs_grade",
        "icans_grade",
        "iec_hs",
        "hypogammaglobulinaemia",
        "icaht_early_grade",
        "icaht_from_day",
        "icaht_to_day",
        "b_cells_gone_day",
        "b_cells_back_month",
        "sri_4_month",
        "lldas_month",
        "doris_month",
        "doris_below_5_mg_month",
        "dlt",
    ];
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let month = |states: &str| first(states).map_or_else(String::new, |month| month.to_string());
    let rows = infused
        .iter()
        .map(|Found { chart, truth, .. }| {
            let (from, to, _) = recompute::icaht_early(chart).unwrap_or_default();
            vec![
                truth.id.to_owned(),
                truth.level.to_owned(),
                truth.peak_day.to_string(),
                decimal(truth.flow, 2),
                truth.copies.to_string(),
                truth.crs.to_string(),
                "0".to_owned(),
                yes(truth.hyperinflammation),
                yes(truth.hypogammaglobulinaemia),
                truth.icaht.to_string(),
                from.to_string(),
                to.to_string(),
                truth.b_cells_gone.to_string(),
                truth.b_cells_back.to_string(),
                month(truth.sri_4),
                month(truth.lldas),
                month(truth.doris),
                month(truth.doris_below_5),
                yes(false),
            ]
        })
        .collect();
    file("expected/participants.csv", &header, rows)
}

fn states(infused: &[Found<'_>]) -> File {
    let mut rows = Vec::new();
    for Found { truth, states, .. } in infused {
        for (index, (visit, month)) in STATE_VISITS.iter().enumerate() {
            let letter = |states: &str| word(states.chars().nth(index).unwrap_or('-')).to_owned();
            let why = states
                .get(index)
                .and_then(Option::as_ref)
                .map_or_else(String::new, |state| state.why.join(" | "));
            rows.push(vec![
                truth.id.to_owned(),
                (*visit).to_owned(),
                month.to_string(),
                letter(truth.sri_4),
                letter(truth.lldas),
                letter(truth.doris),
                letter(truth.doris_below_5),
                why,
            ]);
        }
    }
    let header = [
        "patient",
        "visit",
        "month",
        "sri_4",
        "lldas",
        "doris",
        "doris_below_5_mg",
        "why",
    ];
    file("expected/states.csv", &header, rows)
}

/// From the first visit at which a state holds to the first at which it certainly does not.
fn durations(infused: &[Found<'_>]) -> File {
    let mut rows = Vec::new();
    for Found { chart, truth, .. } in infused {
        let infusion = recompute::milestone(chart, "infusion");
        let told = |place: Option<usize>| {
            let name = place
                .and_then(|place| STATE_VISITS.get(place))
                .map_or("", |(name, _)| name);
            let day = recompute::visit(chart, name)
                .zip(infusion)
                .map_or_else(String::new, |(date, infusion)| {
                    date.since(infusion).to_string()
                });
            [name.to_owned(), day]
        };
        for (state, letters) in [
            ("sri_4", truth.sri_4),
            ("lldas", truth.lldas),
            ("doris", truth.doris),
            ("doris_below_5_mg", truth.doris_below_5),
        ] {
            let from = letters.find('y');
            let until = from.and_then(|from| {
                let later = letters.char_indices().skip(from);
                later
                    .filter(|(_, letter)| *letter == 'n')
                    .map(|(place, _)| place)
                    .next()
            });
            let mut row = vec![truth.id.to_owned(), state.to_owned()];
            row.extend(told(from));
            row.extend(told(until));
            let ending = match (from, until) {
                (None, _) => "never reached",
                (Some(_), Some(_)) => "lost",
                (Some(_), None) => "still going on at the last visit",
            };
            row.push(ending.to_owned());
            rows.push(row);
        }
    }
    let header = [
        "patient",
        "state",
        "from_visit",
        "from_day",
        "until_visit",
        "until_day",
        "ending",
    ];
    file("expected/durations.csv", &header, rows)
}

fn grades(infused: &[Found<'_>]) -> File {
    let mut rows = Vec::new();
    for Found { chart, .. } in infused {
        let mut row = vec![chart.id.to_owned()];
        row.extend(COUNTS.iter().map(|code| {
            recompute::worst_grade(chart, code).map_or_else(String::new, |grade| grade.to_string())
        }));
        rows.push(row);
    }
    let header = ["patient", "anc", "alc", "wbc", "platelets", "hemoglobin"];
    file("expected/ctcae_5_worst_grades.csv", &header, rows)
}

/// How many had each event, each person once at the worst grade; the most frequent first.
fn adverse_events(infused: &[Found<'_>]) -> File {
    let mut worst: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for Found { chart, .. } in infused {
        let terms: BTreeSet<&str> = chart
            .of(Sheet::AdverseEvents)
            .map(|row| row.get("term"))
            .collect();
        for term in terms {
            let name = term.strip_prefix("local|").unwrap_or(term);
            let grade = recompute::event_grade(chart, name);
            worst.entry(term).or_default().push(grade);
        }
    }
    let mut worst: Vec<(&str, Vec<i64>)> = worst.into_iter().collect();
    worst.sort_by_key(|(term, grades)| (usize::MAX - grades.len(), *term));
    let rows = worst
        .into_iter()
        .map(|(term, grades)| {
            let of = |grade: i64| grades.iter().filter(|found| **found == grade).count();
            let severe = grades.iter().filter(|grade| **grade >= 3).count();
            let mut row = vec![
                term.to_owned(),
                count_and_share(grades.len(), infused.len()),
                count_and_share(severe, infused.len()),
            ];
            row.extend((1..=5).map(|grade| of(grade).to_string()));
            row
        })
        .collect();
    let header = [
        "term",
        "any_grade",
        "grade_3_or_more",
        "grade_1",
        "grade_2",
        "grade_3",
        "grade_4",
        "grade_5",
    ];
    file("expected/adverse_events_worst_grade.csv", &header, rows)
}

#[cfg(test)]
mod tests {
    use super::{count_and_share, median_and_range};

    #[test]
    fn halves_are_rounded_up_and_medians_keep_their_half() {
        assert_eq!(count_and_share(5, 8), "5 (63 %)");
        assert_eq!(count_and_share(7, 8), "7 (88 %)");
        assert_eq!(count_and_share(8, 8), "8 (100 %)");
        assert_eq!(median_and_range(vec![10, 9], 0), "9.5 (9-10)");
        assert_eq!(median_and_range(vec![2128, 1620], 2), "18.74 (16.20-21.28)");
    }
}
