//! The page as HTML: to be read, searched, printed and sent.

use lind_escalation::percent_text;
use lind_model::protocol::CriterionKind;
use lind_model::trial::Role;
use lind_model::{MilestoneId, Protocol};

use lind_units::read_aloud;

use crate::doc::{Entry, Said, Section, Teller, spoken};
use crate::escalation::decision_figure;
use crate::html::{Column, Html, Page, Row, Table};

/// How deeply lists stand in lists; what is nested deeper stands in the list above it.
const DEEPEST: usize = 24;

/// Up to how many participants decisions are drawn where the protocol does not say how many a level may have.
const MOST_DECIDED: u32 = 12;
/// Beyond so many participants a figure of decisions is no help.
const MOST_DRAWN: u32 = 28;

/// A protocol in sentences, as one page of HTML that loads nothing.
#[must_use]
pub fn protocol_html(protocol: &Protocol) -> String {
    let teller = Teller::new(protocol);
    let mut page = Page::new(&teller.title());
    if let Some(version) = teller.version() {
        page.line(&version);
    }
    let sections = teller.sections();
    page.opening(synopsis(teller));
    for section in &sections {
        let mut content = content(section);
        if section.heading == "Dose escalation" {
            content.push(&dose_decisions(protocol));
        }
        page.section(section.heading, content);
        // When comes before who.
        if section.heading == "Milestones"
            && let Some(activities) = teller.activities()
        {
            page.section("Schedule of activities", activities);
        }
    }
    page.finish()
}

/// What the designs say, as figures.
fn dose_decisions(protocol: &Protocol) -> Html {
    let mut figures = Html::default();
    let Some(rule) = &protocol.trial.escalation else {
        return figures;
    };
    let most = rule.most_at_level.unwrap_or(MOST_DECIDED);
    for (place, (from, design)) in rule.designs.iter().enumerate() {
        let Ok(table) = design.table(most.clamp(1, MOST_DRAWN)) else {
            continue;
        };
        let from = from.map_or_else(String::new, |day| format!(" from {day} on"));
        let caption = format!(
            "What {} says{from} after so many dose-limiting toxicities (DLTs) among so many participants at a level.",
            design.name()
        );
        let id = format!("dose decisions {}", place + 1);
        figures.push(&decision_figure(&id, &caption, design, &table));
    }
    figures
}

/// What the protocol holds, at a glance.
fn synopsis(teller: Teller<'_>) -> Html {
    let protocol = teller.protocol;
    let trial = &protocol.trial;
    let mut pairs = vec![(Html::text("Number"), Html::text(&protocol.id))];
    let about = teller.about().into_iter();
    pairs.extend(about.map(|(what, words)| (Html::text(what), Html::text(&words))));
    let mut told = |heading: &str, names: Vec<String>| {
        if !names.is_empty() {
            pairs.push((Html::text(heading), Html::text(&names.join("; "))));
        }
    };
    let milestones = protocol.milestones.iter().enumerate();
    told(
        "Milestones",
        milestones
            .filter(|(place, _)| teller.is_declared(MilestoneId::from_index(*place)))
            .map(|(_, milestone)| spoken(&milestone.name))
            .collect(),
    );
    let arms = trial.arms.iter().map(|arm| arm.title.to_string());
    told("Arms", arms.collect());
    let levels = trial.dose_levels.iter().flat_map(|levels| &levels.levels);
    told(
        "Dose levels",
        levels.map(|level| read_aloud(&level.text)).collect(),
    );
    let escalation = trial.escalation.iter();
    told(
        "Dose rule",
        escalation
            .flat_map(|rule| &rule.designs)
            .map(|(from, design)| {
                let from = from.map_or_else(String::new, |day| format!(" from {day} on"));
                let target = design.target().map_or_else(String::new, |target| {
                    format!(" with target {}", percent_text(target))
                });
                format!("{}{target}{from}", design.name())
            })
            .collect(),
    );
    for (heading, role) in [
        ("Primary endpoints", Role::Primary),
        ("Secondary endpoints", Role::Secondary),
    ] {
        let endpoints = trial
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.role == role);
        told(
            heading,
            endpoints
                .map(|endpoint| endpoint.title.to_string())
                .collect(),
        );
    }
    let of = |kind: CriterionKind| {
        let criteria = protocol.criteria.iter();
        criteria.filter(|criterion| criterion.kind == kind).count()
    };
    let counts = [
        ("Inclusion criteria", of(CriterionKind::Inclusion)),
        ("Exclusion criteria", of(CriterionKind::Exclusion)),
        ("Commitments", of(CriterionKind::Commitment)),
        ("Readings", protocol.readings.len()),
        ("Not stated", protocol.unstated.len()),
    ];
    for (heading, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        let told = Html::link(heading, Html::text(&count.to_string()));
        pairs.push((Html::text(heading), told));
    }
    Html::pairs(pairs)
}

fn content(section: &Section) -> Html {
    let is_list = section.entries.iter().all(|entry| entry.said.is_empty());
    if is_list || section.heading == "Milestones" {
        return table(section, is_list);
    }
    let mut content = Html::text(section.about).within("p", "about");
    for (place, one) in section.entries.iter().enumerate() {
        content.push(&entry(section.heading, place, one));
    }
    content
}

/// Names, what they are, and what is said of them.
fn table(section: &Section, is_list: bool) -> Html {
    let rows = section.entries.iter().map(|entry| {
        let (name, what) = entry.head.split_once(": ").unwrap_or((&entry.head, ""));
        let said: Vec<&Said> = entry.said.iter().collect();
        let mut cells = vec![Html::text(what)];
        if !is_list {
            cells.push(if said.is_empty() {
                Html::default()
            } else {
                listed(&said, 0)
            });
        }
        Row::cells(Html::text(name), cells)
    });
    let mut columns = vec![Column::text("Name"), Column::text("What it is")];
    if !is_list {
        columns.push(Column::text("What holds"));
    }
    let table = Table {
        id: format!("{} table", section.heading),
        caption: Html::text(section.about),
        spans: Vec::new(),
        columns,
        rows: rows.collect(),
    };
    table.html()
}

/// Whether the entries of a section begin with their number.
fn has_labels(heading: &str) -> bool {
    heading.ends_with("criteria")
        || ["Commitments", "Overrides", "Enrolment caps", "Readings"].contains(&heading)
}

fn entry(section: &str, place: usize, entry: &Entry) -> Html {
    let label = entry.head.split_once(' ').filter(|_| has_labels(section));
    let (id, head) = match label {
        Some((label, title)) => (
            format!("{section} {label}"),
            Html::text(label)
                .inline("span", "label")
                .then(Html::text(title)),
        ),
        None => (format!("{section} {}", place + 1), Html::text(&entry.head)),
    };
    let mut content = head.headed(&id);
    let is_source = |said: &&Said| said.text.starts_with("source: ");
    let (source, said): (Vec<&Said>, Vec<&Said>) = entry.said.iter().partition(is_source);
    if !said.is_empty() {
        content.push(&listed(&said, 0));
    }
    for source in source {
        content.push(&Html::text(&source.text).within("p", "source"));
    }
    content.within("div", "entry")
}

fn listed(said: &[&Said], depth: usize) -> Html {
    let mut items = Vec::new();
    for one in said {
        let mut item = Html::text(&one.text);
        let parts: Vec<&Said> = one.parts.iter().collect();
        if depth >= DEEPEST {
            items.push(item);
            // Without recursion from here on.
            let mut pending: Vec<&Said> = parts.into_iter().rev().collect();
            while let Some(part) = pending.pop() {
                items.push(Html::text(&part.text));
                pending.extend(part.parts.iter().rev());
            }
            continue;
        }
        if !parts.is_empty() {
            item.push(&listed(&parts, depth + 1));
        }
        items.push(item);
    }
    Html::list(items)
}
