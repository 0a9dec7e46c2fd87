//! A run of a trial held against its rule.

use lind_escalation::replay::{Conduct, Finding, Known, Replay, Run, Standing, Step, StepVerdict};
use lind_escalation::{Next, Stop};
use serde::Serialize;

use super::in_words;
use crate::columns::wrap;
use crate::json::line;
use crate::names::counted;
use crate::plain::one_line;
use crate::style::Style;

/// The name and version of the format.
const SCHEMA: &str = "lind.escalation-replay/1";

/// A run with what was found.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// What the trial is, in words.
    pub title: String,
    /// How it is to be conducted.
    pub conduct: Conduct,
    /// What it did.
    pub run: Run,
    /// The two held against each other.
    pub replay: Replay,
}

impl Replayed {
    /// The designs, one after the other.
    fn designs(&self) -> String {
        let names = self.conduct.designs.iter();
        let names: Vec<&str> = names.map(|(_, design)| design.name()).collect();
        names.join(", then ")
    }

    pub(crate) fn level(&self, level: usize) -> String {
        one_line(self.conduct.level(level))
    }

    /// What the run is, all in all, in one sentence.
    pub(crate) fn standing(&self) -> String {
        let designs = self.designs();
        let part = "What is known of this part of a trial is";
        match self.replay.standing {
            Standing::Conforms => format!("This run conforms to {designs}."),
            Standing::Violates => format!("This run violates {designs}."),
            Standing::Consistent => format!("{part} consistent with {designs}."),
            Standing::NotConsistent => format!("{part} not consistent with {designs}."),
            Standing::NotConsistentUnless => format!(
                "{part} not consistent with {designs}, unless participants not in the data make up for it."
            ),
        }
    }

    fn known(&self, known: &[Known]) -> String {
        let levels = known.iter().enumerate();
        let shown: Vec<String> = levels
            .filter(|(_, known)| **known != Known::default())
            .map(|(level, known)| {
                let mut text = format!("{} {}", self.level(level), known.tally);
                if known.pending > 0 {
                    text.push_str(&format!(" and {} pending", known.pending));
                }
                if known.not_counted > 0 {
                    text.push_str(&format!(" and {} not counted", known.not_counted));
                }
                text
            })
            .collect();
        shown.join("; ")
    }

    pub(crate) fn rule(&self, step: &Step) -> String {
        let next = match step.rule.next {
            Next::Treat { level, .. } => format!("at {}", self.level(level)),
            Next::Stop(Stop::TooToxic) => "no more, the lowest level is too toxic".to_owned(),
            Next::Stop(Stop::Found(level)) => {
                format!(
                    "no more, {} is the maximum tolerated dose",
                    self.level(level)
                )
            }
            Next::Stop(Stop::Enough(level)) => {
                format!("no more, enough count at {}", self.level(level))
            }
        };
        let name = self.conduct.designs.get(step.design);
        let name = name.map_or("", |(_, design)| design.name());
        format!("{name}: {}; next {next}", step.rule.decision)
    }

    pub(crate) fn done(&self, step: &Step) -> String {
        let mut done = match step.to {
            Some(level) => format!("at {}", self.level(level)),
            None => "nobody else is treated".to_owned(),
        };
        let recorded = step.recorded.and_then(|index| self.run.recorded.get(index));
        if let Some(recorded) = recorded {
            done.push_str(&format!("; decided to {}", recorded.action));
            if !recorded.by.is_empty() {
                done.push_str(&format!(" by {}", one_line(&recorded.by)));
            }
            if !recorded.reason.is_empty() {
                done.push_str(&format!(": {}", one_line(&recorded.reason)));
            }
        }
        done
    }

    pub(crate) fn finding(&self, finding: &Finding) -> String {
        let mut text = one_line(&finding.sentence(&self.conduct));
        if !self.run.is_whole && finding.can_be_made_up_for {
            text.push_str(" (participants not in the data could make up for it)");
        }
        text
    }

    fn head(&self) -> Vec<String> {
        let treated = self.run.participants.iter();
        let treated = treated.filter(|participant| participant.treated.is_some());
        let treated = u64::try_from(treated.count()).unwrap_or(u64::MAX);
        let part = if self.run.is_whole {
            ""
        } else {
            ", a part of the trial"
        };
        let mut head = vec![format!(
            "{}: {} treated{part}",
            one_line(&self.title),
            counted(treated, "participant", "participants")
        )];
        head.extend(self.rules());
        head
    }

    /// The designs with their parameters, and from when on each holds.
    pub(crate) fn rules(&self) -> Vec<String> {
        let designs = self.conduct.designs.iter();
        designs
            .map(|(from, design)| {
                let from = from.map_or_else(String::new, |day| format!("from {day} on "));
                let words = in_words(design);
                let comma = if words.is_empty() { "" } else { ", " };
                format!("{from}{}{comma}{words}", design.name())
            })
            .collect()
    }

    /// Whether what was done agrees with the rule. Of a part of a trial nothing conforms: others may have been treated.
    pub(crate) fn verdict(&self, step: &Step) -> &'static str {
        match step.verdict {
            StepVerdict::Conforming if !self.run.is_whole => "consistent with the rule",
            verdict => verdict.words(),
        }
    }

    fn between_levels(&self, step: &Step) -> String {
        match step.to {
            Some(to) if to == step.level => format!("{} again", self.level(to)),
            Some(to) => format!("{} to {}", self.level(step.level), self.level(to)),
            None => format!("{}, the end", self.level(step.level)),
        }
    }
}

/// A run as text: each decision with its data, the rule and what was done.
#[must_use]
pub fn replay_text(replayed: &Replayed, style: Style) -> String {
    let mut text = String::new();
    let hanging = |text: &mut String, first: &str, said: &str| {
        let columns = style.columns().saturating_sub(first.len());
        for (index, line) in wrap(said, columns).iter().enumerate() {
            let blanks = " ".repeat(first.len());
            let before = if index == 0 { first } else { &blanks };
            text.push_str(&format!("{before}{line}\n"));
        }
    };
    for line in replayed.head() {
        hanging(&mut text, "", &line);
    }
    for step in &replayed.replay.steps {
        let head = format!("{}  {}", step.day, replayed.between_levels(step));
        text.push_str(&format!("\n{}\n", style.bold(&head)));
        hanging(&mut text, "  known  ", &replayed.known(&step.known));
        hanging(&mut text, "  rule   ", &replayed.rule(step));
        hanging(&mut text, "  done   ", &replayed.done(step));
        hanging(&mut text, "  ", replayed.verdict(step));
        for finding in &step.findings {
            hanging(&mut text, "  ! ", &replayed.finding(finding));
        }
    }
    if !replayed.replay.findings.is_empty() {
        text.push_str(&format!("\n{}\n", style.bold("Besides the decisions")));
        for finding in &replayed.replay.findings {
            let said = format!("{}: {}", finding.day, replayed.finding(finding));
            hanging(&mut text, "  ! ", &said);
        }
    }
    text.push('\n');
    hanging(&mut text, "", &replayed.standing());
    text
}

/// The same for a page.
#[must_use]
pub fn replay_markdown(replayed: &Replayed) -> String {
    let mut text = String::new();
    for line in replayed.head() {
        text.push_str(&format!("{}.\n", cell(&line)));
    }
    text.push_str(
        "\n| day | decision | known | rule | done | verdict |\n|---|---|---|---|---|---|\n",
    );
    for step in &replayed.replay.steps {
        let mut verdict = replayed.verdict(step).to_owned();
        for finding in &step.findings {
            verdict.push_str(&format!(": {}", replayed.finding(finding)));
        }
        let cells = [
            step.day.to_string(),
            replayed.between_levels(step),
            replayed.known(&step.known),
            replayed.rule(step),
            replayed.done(step),
            verdict,
        ];
        let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    if !replayed.replay.findings.is_empty() {
        text.push('\n');
        for finding in &replayed.replay.findings {
            let said = format!("{}: {}", finding.day, replayed.finding(finding));
            text.push_str(&format!("- {}\n", cell(&said)));
        }
    }
    text.push_str(&format!("\n{}\n", cell(&replayed.standing())));
    text
}

/// A text that cannot end its cell.
fn cell(text: &str) -> String {
    one_line(text).replace('\\', "\\\\").replace('|', "\\|")
}

#[derive(Serialize)]
struct WireReplay {
    schema: &'static str,
    whole: bool,
    designs: Vec<&'static str>,
    standing: &'static str,
    decisions: Vec<WireStep>,
    findings: Vec<WireFinding>,
}

#[derive(Serialize)]
struct WireStep {
    day: String,
    level: String,
    to: Option<String>,
    known: Vec<WireKnown>,
    rule: String,
    next: Option<String>,
    verdict: &'static str,
    findings: Vec<WireFinding>,
}

#[derive(Serialize)]
struct WireKnown {
    level: String,
    dlts: u32,
    evaluable: u32,
    pending: u32,
    not_counted: u32,
}

#[derive(Serialize)]
struct WireFinding {
    violation: &'static str,
    day: String,
    participants: Vec<String>,
    sentence: String,
    can_be_made_up_for: bool,
}

/// The same as one JSON object, schema `lind.escalation-replay/1`, without a line break at its end.
#[must_use]
pub fn replay_json(replayed: &Replayed) -> String {
    let replay = &replayed.replay;
    let name = |level: usize| replayed.conduct.level(level).to_owned();
    let wire = |finding: &Finding| WireFinding {
        violation: finding.violation.name(),
        day: finding.day.to_string(),
        participants: finding.participants.clone(),
        sentence: finding.sentence(&replayed.conduct),
        can_be_made_up_for: finding.can_be_made_up_for,
    };
    let steps = replay.steps.iter().map(|step| WireStep {
        day: step.day.to_string(),
        level: name(step.level),
        to: step.to.map(name),
        known: step
            .known
            .iter()
            .enumerate()
            .map(|(level, known)| WireKnown {
                level: name(level),
                dlts: known.tally.dlts,
                evaluable: known.tally.evaluable,
                pending: known.pending,
                not_counted: known.not_counted,
            })
            .collect(),
        rule: step.rule.decision.to_string(),
        next: match step.rule.next {
            Next::Treat { level, .. } => Some(name(level)),
            Next::Stop(_) => None,
        },
        verdict: match step.verdict {
            StepVerdict::Conforming => "conforming",
            StepVerdict::MoreCautious => "more_cautious",
            StepVerdict::Unfinished => "unfinished",
            StepVerdict::Violation => "violation",
        },
        findings: step.findings.iter().map(wire).collect(),
    });
    let designs = replayed.conduct.designs.iter();
    line(&WireReplay {
        schema: SCHEMA,
        whole: replayed.run.is_whole,
        designs: designs.map(|(_, design)| design.name()).collect(),
        standing: match replay.standing {
            Standing::Conforms => "conforms",
            Standing::Violates => "violates",
            Standing::Consistent => "consistent",
            Standing::NotConsistentUnless => "not_consistent_unless",
            Standing::NotConsistent => "not_consistent",
        },
        decisions: steps.collect(),
        findings: replay.findings.iter().map(wire).collect(),
    })
}
