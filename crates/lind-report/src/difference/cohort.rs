//! What a change means for patients of whom there are data: as text, as JSON, and for a pull request.

use std::fmt::Write as _;

use lind_model::difference::{Cohort, CohortGate, CohortPatient, CriterionCount};
use lind_model::{Effect, Standing};
use serde::Serialize;

use super::effect_words;
use crate::columns::{left, right, width, wrap};
use crate::names::{counted, listed};
use crate::plain::one_line;
use crate::style::Style;

/// What is said of those who are enrolled, everywhere.
const ENROLLED: &str = "enrolled under the version in force then";

/// How many criteria of one way to change are listed.
const MOST_CRITERIA: usize = 12;

/// How many patients of a kind are named; programs read all of them in the JSON.
const MOST_NAMES: usize = 20;

/// Counts below this are not told where others may read them.
const SMALL: u64 = 5;

/// The section of a text for people.
pub(super) fn text(cohort: &Cohort, style: Style) -> String {
    let mut page = Page {
        text: String::new(),
        style,
    };
    page.text.push('\n');
    page.text.push_str(&style.bold("Patients of the data"));
    page.text.push('\n');
    let elsewhere = cohort.elsewhere();
    let mut said = format!(
        "{} asked",
        counted(cohort.patients, "patient was", "patients were")
    );
    let _ = match elsewhere {
        0 => write!(said, "; nobody who is not enrolled stands elsewhere."),
        1 => write!(said, "; 1 who is not enrolled stands elsewhere."),
        _ => write!(said, "; {elsewhere} who are not enrolled stand elsewhere."),
    };
    match &cohort.enrolment {
        Some(milestone) => {
            let _ = write!(
                said,
                " Whoever has reached {milestone} was {ENROLLED}, and is no deviation by this change."
            );
        }
        None => said.push_str(
            " Who is enrolled is not known: no milestone is called enrolment or randomisation, and \
             --enrolled names none.",
        ),
    }
    page.say("", "", &said);
    for gate in &cohort.gates {
        page.gate(gate, &cohort.named);
    }
    if !cohort.beyond.is_empty() {
        page.text.push('\n');
        let all: u64 = cohort.beyond.iter().map(|(_, count)| count).sum();
        let mut said = format!(
            "{} in a way that was proved to be impossible: the proof does not speak of those",
            counted(all, "patient changes", "patients change"),
        );
        for (place, (beyond, count)) in cohort.beyond.iter().enumerate() {
            said.push_str(if place == 0 { " with " } else { ", or with " });
            let _ = write!(said, "{} ({count})", beyond.words());
        }
        said.push('.');
        page.say("", "", &said);
    }
    match cohort.set_aside {
        0 => {}
        count => {
            page.text.push('\n');
            page.say("", "", &set_aside(count));
        }
    }
    page.text
}

fn set_aside(count: u64) -> String {
    match count {
        1 => "1 record was set aside; what it would have decided is open.".to_owned(),
        _ => {
            format!("{count} records were set aside; what they would have decided is open.")
        }
    }
}

struct Page {
    text: String,
    style: Style,
}

impl Page {
    fn say(&mut self, first: &str, hanging: &str, said: &str) {
        let room = width(hanging).max(width(first));
        let columns = self.style.columns().saturating_sub(room);
        for (index, line) in wrap(&one_line(said), columns).iter().enumerate() {
            self.text.push_str(if index == 0 { first } else { hanging });
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn gate(&mut self, gate: &CohortGate, named: &[CohortPatient]) {
        let all: u64 = gate.standings.iter().flatten().sum();
        self.text.push('\n');
        if all > 0 {
            self.matrix(gate);
        } else {
            self.say("", "  ", &format!("at {}", gate.gate));
        }
        for own in &gate.moves {
            let said = format!(
                "{} → {}: {}",
                own.from.word(),
                own.to.word(),
                counted(own.patients, "patient", "patients")
            );
            self.say("  ", "    ", &said);
            self.criteria(&own.criteria, true);
            self.names(named.iter().filter(|one| {
                !one.is_enrolled
                    && one.gate == gate.gate
                    && (one.from, one.to) == (own.from, own.to)
            }));
        }
        match gate.silent {
            0 => {}
            1 => self.say(
                "  ",
                "    ",
                "1 stands where they stood, though a criterion answers otherwise",
            ),
            count => self.say(
                "  ",
                "    ",
                &format!("{count} stand where they stood, though a criterion answers otherwise"),
            ),
        }
        let enrolled = &gate.enrolled;
        if enrolled.patients > 0 {
            let mut said = format!(
                "{} {ENROLLED}",
                counted(enrolled.patients, "patient was", "patients were")
            );
            if enrolled.otherwise > 0 {
                let _ = write!(
                    said,
                    "; of {} a criterion would say something else:",
                    enrolled.otherwise
                );
            }
            self.say("  ", "    ", &said);
            self.criteria(&enrolled.criteria, false);
            self.names(
                named
                    .iter()
                    .filter(|one| one.is_enrolled && one.gate == gate.gate),
            );
        }
    }

    /// Where people stood, by row, and stand, by column.
    fn matrix(&mut self, gate: &CohortGate) {
        const FIRST: usize = 24;
        let all: u64 = gate.standings.iter().flatten().sum();
        let title = format!("at {}: {all}", one_line(&gate.gate));
        let mut head = left(&title, FIRST);
        for standing in Standing::ORDER {
            let _ = write!(head, "{}", right(standing.word(), 14));
        }
        head.push_str("  now");
        self.text.push_str(&self.style.bold(&head));
        self.text.push('\n');
        for (standing, row) in Standing::ORDER.iter().zip(&gate.standings) {
            let mut line = left(&format!("  {} before", standing.word()), FIRST);
            for count in row {
                let cell = match count {
                    0 => "·".to_owned(),
                    count => count.to_string(),
                };
                line.push_str(&right(&cell, 14));
            }
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    fn criteria(&mut self, criteria: &[CriterionCount], alone: bool) {
        for own in criteria.iter().take(MOST_CRITERIA) {
            let mut said = format!(
                "{} {}: {}",
                own.criterion,
                effect_words(own.from, own.to),
                own.patients
            );
            if alone {
                let _ = write!(said, ", alone {}", own.alone);
            }
            self.say("    ", "      ", &said);
        }
        let more = criteria.len().saturating_sub(MOST_CRITERIA);
        if more > 0 {
            self.say("    ", "      ", &format!("and {more} more"));
        }
    }

    fn names<'p>(&mut self, named: impl Iterator<Item = &'p CohortPatient>) {
        let names: Vec<&str> = named.map(|own| &*own.patient).collect();
        if !names.is_empty() {
            self.say("    ", "    ", &listed(names, MOST_NAMES));
        }
    }
}

/// A cohort for programs.
#[derive(Serialize)]
pub(super) struct WireCohort<'a> {
    patients: u64,
    /// The milestone behind which somebody is enrolled.
    enrolment: Option<&'a str>,
    gates: Vec<WireGate<'a>>,
    /// Everybody who is answered otherwise, if names were asked for.
    named: Vec<WirePatient<'a>>,
    /// Who changes in a way that was proved to be impossible, and why the proof does not speak of them.
    beyond_the_proof: Vec<WireBeyond>,
    records_set_aside: u64,
}

#[derive(Serialize)]
struct WireGate<'a> {
    gate: &'a str,
    /// Of those who are not enrolled: how many stood there and stand there, where there are any.
    standings: Vec<WireStanding>,
    changes: Vec<WireMove<'a>>,
    /// How many stand where they stood, though a criterion answers otherwise.
    silent: u64,
    enrolled: WireEnrolled<'a>,
}

#[derive(Serialize)]
struct WireStanding {
    from: &'static str,
    to: &'static str,
    patients: u64,
}

#[derive(Serialize)]
struct WireMove<'a> {
    from: &'static str,
    to: &'static str,
    patients: u64,
    criteria: Vec<WireCriterion<'a>>,
}

#[derive(Serialize)]
struct WireEnrolled<'a> {
    standing: &'static str,
    patients: u64,
    answered_otherwise: u64,
    criteria: Vec<WireCriterion<'a>>,
}

#[derive(Serialize)]
struct WireCriterion<'a> {
    id: &'a str,
    from: &'static str,
    to: &'static str,
    patients: u64,
    /// How many stand where they stand by this alone.
    alone: u64,
}

#[derive(Serialize)]
struct WirePatient<'a> {
    patient: &'a str,
    gate: &'a str,
    enrolled: bool,
    /// Where the patient stood; none of the enrolled, of whom the new version asks nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<&'static str>,
    criteria: Vec<&'a str>,
}

#[derive(Serialize)]
struct WireBeyond {
    because: &'static str,
    patients: u64,
}

pub(super) fn wire(cohort: &Cohort) -> WireCohort<'_> {
    let gates = cohort.gates.iter().map(|gate| {
        let rows = Standing::ORDER.iter().zip(&gate.standings);
        let cells = rows.flat_map(|(from, row)| {
            let cells = Standing::ORDER.iter().zip(row);
            cells.map(move |(to, patients)| WireStanding {
                from: from.word(),
                to: to.word(),
                patients: *patients,
            })
        });
        WireGate {
            gate: &gate.gate,
            standings: cells.filter(|cell| cell.patients > 0).collect(),
            changes: gate
                .moves
                .iter()
                .map(|own| WireMove {
                    from: own.from.word(),
                    to: own.to.word(),
                    patients: own.patients,
                    criteria: own.criteria.iter().map(criterion).collect(),
                })
                .collect(),
            silent: gate.silent,
            enrolled: WireEnrolled {
                standing: ENROLLED,
                patients: gate.enrolled.patients,
                answered_otherwise: gate.enrolled.otherwise,
                criteria: gate.enrolled.criteria.iter().map(criterion).collect(),
            },
        }
    });
    let named = cohort.named.iter().map(|own| {
        let standing = |standing: Standing| (!own.is_enrolled).then(|| standing.word());
        WirePatient {
            patient: &own.patient,
            gate: &own.gate,
            enrolled: own.is_enrolled,
            from: standing(own.from),
            to: standing(own.to),
            standing: own.is_enrolled.then_some(ENROLLED),
            criteria: own.criteria.iter().map(|id| &**id).collect(),
        }
    });
    let beyond = cohort.beyond.iter();
    WireCohort {
        patients: cohort.patients,
        enrolment: cohort.enrolment.as_deref(),
        gates: gates.collect(),
        named: named.collect(),
        beyond_the_proof: beyond
            .map(|(beyond, patients)| WireBeyond {
                because: beyond.word(),
                patients: *patients,
            })
            .collect(),
        records_set_aside: cohort.set_aside,
    }
}

fn criterion(own: &CriterionCount) -> WireCriterion<'_> {
    let word = |effect: Effect| effect.word();
    WireCriterion {
        id: &own.criterion,
        from: word(own.from),
        to: word(own.to),
        patients: own.patients,
        alone: own.alone,
    }
}

/// The section of a comment for a pull request. Where `small_counts` is false, no count below five is told, and none
/// can be had by subtraction: who stands where they stood is left out. Names stand there if they were asked for.
pub(super) fn markdown(
    cohort: &Cohort,
    small_counts: bool,
    plain: impl Fn(&str) -> String,
) -> String {
    let count = |count: u64| match count {
        1..SMALL if !small_counts => "&lt;5".to_owned(),
        _ => count.to_string(),
    };
    let mut page = format!("\n**Patients of the data: {}**\n", count(cohort.patients));
    let by = |criteria: &[CriterionCount], alone: bool| -> String {
        let said: Vec<String> = criteria
            .iter()
            .take(MOST_CRITERIA)
            .map(|own| {
                let alone = match alone {
                    true => format!(", alone {}", count(own.alone)),
                    false => String::new(),
                };
                format!(
                    "{} {} ({}{alone})",
                    plain(&own.criterion),
                    effect_words(own.from, own.to),
                    count(own.patients)
                )
            })
            .collect();
        said.join("; ")
    };
    let names = |wanted: &dyn Fn(&CohortPatient) -> bool| -> String {
        let named = cohort.named.iter().filter(|own| wanted(own));
        let named: Vec<String> = named.map(|own| plain(&own.patient)).collect();
        match named.is_empty() {
            true => String::new(),
            false => format!(": {}", listed(named.iter().map(String::as_str), MOST_NAMES)),
        }
    };
    if cohort.elsewhere() == 0 {
        page.push_str("\nNobody who is not enrolled stands elsewhere.\n");
    }
    let has_rows = cohort
        .gates
        .iter()
        .any(|gate| !gate.moves.is_empty() || gate.enrolled.patients > 0);
    if has_rows {
        page.push_str("\n| gate | before | now | patients | by |\n|---|---|---|---|---|\n");
    }
    for gate in &cohort.gates {
        for own in &gate.moves {
            let named = names(&|one| {
                !one.is_enrolled
                    && one.gate == gate.gate
                    && (one.from, one.to) == (own.from, own.to)
            });
            let _ = writeln!(
                page,
                "| {} | {} | {} | {}{named} | {} |",
                plain(&gate.gate),
                own.from.word(),
                own.to.word(),
                count(own.patients),
                by(&own.criteria, true)
            );
        }
        let enrolled = &gate.enrolled;
        if enrolled.patients > 0 {
            let otherwise = match enrolled.otherwise {
                0 => String::new(),
                some => format!(
                    "would say something else of {}: {}",
                    count(some),
                    by(&enrolled.criteria, false)
                ),
            };
            let named = names(&|one| one.is_enrolled && one.gate == gate.gate);
            let _ = writeln!(
                page,
                "| {} | {ENROLLED} | | {}{named} | {otherwise} |",
                plain(&gate.gate),
                count(enrolled.patients),
            );
        }
    }
    if cohort.enrolment.is_none() {
        page.push_str(
            "\nWho is enrolled is not known: no milestone is called enrolment or randomisation.\n",
        );
    }
    let beyond: u64 = cohort.beyond.iter().map(|(_, count)| count).sum();
    if beyond > 0 {
        let _ = writeln!(
            page,
            "\nProved to be impossible, and so in these data: {}. The proof does not speak of such data.",
            count(beyond)
        );
    }
    if cohort.set_aside > 0 {
        let _ = writeln!(page, "\n{}", set_aside(cohort.set_aside));
    }
    page
}
