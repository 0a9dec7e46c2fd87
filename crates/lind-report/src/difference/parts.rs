//! What the versions say otherwise beyond eligibility: both sides beside each other, by category.

use lind_model::difference::{Category, Difference, PartChange, PartDifference};

use crate::columns::{left, width, wrap};
use crate::names::listed;
use crate::plain::one_line;
use crate::style::Style;

/// How many additions or removals of one sort are shown one by one.
const MOST_WHOLE: usize = 3;
/// How many names are listed where there are more.
const MOST_NAMES: usize = 8;
/// How many names of what means the same are listed.
const MOST_SAME: usize = 12;

/// The categories in a sentence: `Doses, endpoints and the schedule change.` None if nothing does.
pub(super) fn sentence(difference: &Difference) -> Option<String> {
    let categories = difference.categories();
    let words: Vec<&str> = categories.iter().map(|own| own.heading()).collect();
    let said = match words.as_slice() {
        [] => return None,
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    };
    let verb = match categories.as_slice() {
        [Category::Schedule] => "changes",
        _ => "change",
    };
    Some(format!("{} {verb}.", capital(&said)))
}

fn capital(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// A line of the table: what changed, and both sides of it.
struct Line {
    /// What it is about, and what of it changed.
    about: [String; 2],
    /// What stands between the two in one line.
    joint: &'static str,
    old: String,
    new: String,
}

/// Every category with its table, then what has other words and means the same.
pub(super) fn tables(difference: &Difference, style: Style) -> String {
    let mut text = String::new();
    for category in Category::ALL {
        let parts: Vec<&PartDifference> = difference
            .parts
            .iter()
            .filter(|part| part.rule.category == category && part.rule.change.is_of_meaning())
            .collect();
        if !parts.is_empty() {
            text.push('\n');
            table(category, &lines(&parts), style, &mut text);
        }
    }
    let same: Vec<String> = difference
        .parts
        .iter()
        .filter(|part| is_only_words(part, difference))
        .map(same_said)
        .collect();
    if !same.is_empty() {
        text.push('\n');
        let names = listed(same.iter().map(String::as_str), MOST_SAME);
        let said = format!("Only in other words: {names}");
        for (index, line) in wrap(&said, style.columns().saturating_sub(2))
            .iter()
            .enumerate()
        {
            text.push_str(if index == 0 { "" } else { "  " });
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// Whether a thing has another name or title, and nothing else of it changed. How the version is called stands at the
/// top.
fn is_only_words(part: &PartDifference, difference: &Difference) -> bool {
    let changed = difference.parts.iter().any(|other| {
        other.rule.change.is_of_meaning()
            && (other.rule.thing, &other.id) == (part.rule.thing, &part.id)
    });
    let is_criterion = matches!(part.rule.thing, "criterion" | "commitment");
    let asks_otherwise = difference.criteria.iter().any(|own| {
        is_criterion
            && own.id == part.id
            && own
                .change
                .effects()
                .is_some_and(|effects| !effects.is_same())
    });
    let is_version = part.rule.id == "protocol-version-changed";
    !part.rule.change.is_of_meaning() && !changed && !asks_otherwise && !is_version
}

fn same_said(part: &PartDifference) -> String {
    let named = named(part);
    match part.rule.change {
        PartChange::Renamed => {
            let old = part.old.as_ref().map_or("", |side| &side.words);
            format!("{named} (was {})", one_line(old))
        }
        _ if part.rule.said == "reworded" => named,
        _ => format!("{} of {named}", part.rule.said),
    }
}

/// `visit day_28`; what there is one of has no name besides.
pub(super) fn named(part: &PartDifference) -> String {
    let (thing, id) = (part.rule.thing, one_line(&part.id));
    let is_alone = matches!(
        thing,
        "protocol"
            | "study days"
            | "statistics"
            | "toxicity scale"
            | "escalation"
            | "dose levels"
            | "dose-limiting toxicity"
    );
    if is_alone {
        thing.to_owned()
    } else {
        format!("{thing} {id}")
    }
}

/// One line for each difference; where many things of a sort came or went, one line for all of them.
fn lines(parts: &[&PartDifference]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for part in parts {
        let rule = part.rule;
        let alike: Vec<&PartDifference> = parts
            .iter()
            .copied()
            .filter(|other| other.rule.id == rule.id)
            .collect();
        let comes_or_goes = matches!(rule.change, PartChange::Added | PartChange::Removed);
        if comes_or_goes && alike.len() > MOST_WHOLE {
            if told.contains(&rule.id) {
                continue;
            }
            told.push(rule.id);
            let ids: Vec<String> = alike.iter().map(|own| one_line(&own.id)).collect();
            let names = listed(ids.iter().map(String::as_str), MOST_NAMES);
            let (old, new) = match rule.change {
                PartChange::Removed => (names, "-".to_owned()),
                _ => ("-".to_owned(), names),
            };
            lines.push(Line {
                about: [
                    format!("{} {}s", alike.len(), rule.thing),
                    rule.said.to_owned(),
                ],
                joint: " ",
                old,
                new,
            });
            continue;
        }
        let words = |side: &Option<lind_model::difference::PartSide>| {
            side.as_ref()
                .map_or_else(|| "-".to_owned(), |side| one_line(&side.words))
        };
        lines.push(Line {
            about: [named(part), rule.said.to_owned()],
            joint: ": ",
            old: words(&part.old),
            new: words(&part.new),
        });
    }
    lines
}

fn table(category: Category, lines: &[Line], style: Style, text: &mut String) {
    let columns = style.columns();
    // A little more for what it is about than for each side: names are not broken.
    let labels = columns * 3 / 10;
    let side = columns.saturating_sub(labels + 6) / 2;
    let heading = capital(category.heading());
    let head = format!("{}  {}  new", left(&heading, labels + 2), left("old", side));
    text.push_str(&style.bold(&head));
    text.push('\n');
    for line in lines {
        let cells = [
            about(line, labels),
            wrap(&line.old, side),
            wrap(&line.new, side),
        ];
        let height = cells.iter().map(Vec::len).max().unwrap_or_default();
        for row in 0..height {
            let [about, old, new] = cells
                .each_ref()
                .map(|cell| cell.get(row).map_or("", String::as_str));
            let shown = format!("  {}  {}  {new}", left(about, labels), left(old, side));
            text.push_str(shown.trim_end());
            text.push('\n');
        }
    }
}

/// What a line is about, in one line where that is enough, and broken before what of it changed where it is not.
fn about(line: &Line, columns: usize) -> Vec<String> {
    let [what, of_it] = &line.about;
    let whole = format!("{what}{}{of_it}", line.joint);
    if width(&whole) <= columns {
        return vec![whole];
    }
    let mut lines = Vec::new();
    let further = wrap(what, columns.saturating_sub(2));
    let first = wrap(what, columns);
    // The first line is whole; those below stand further in.
    if first.len() == 1 {
        lines.extend(first);
    } else {
        lines.extend(indented(&further));
    }
    lines.extend(
        wrap(of_it, columns.saturating_sub(2))
            .iter()
            .map(|line| format!("  {line}")),
    );
    lines
}

fn indented(lines: &[String]) -> Vec<String> {
    let lines = lines.iter().enumerate();
    lines
        .map(|(row, line)| match row {
            0 => line.clone(),
            _ => format!("  {line}"),
        })
        .collect()
}
