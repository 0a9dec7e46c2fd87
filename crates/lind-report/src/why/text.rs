//! Evidence as a tree for people.

use lind_diagnostics::{Files, Span};
use lind_model::verdict::{CriterionVerdict, FactUsed};
use lind_model::{CriterionId, Effect, Explanation, OpenKind, Outcome, Plan, Truth, Verdict};

use crate::columns::{cut, left, width, wrap};
use crate::names;
use crate::plain::one_line;
use crate::style::Style;

/// Below this the text of a tree is no longer narrowed by its branches.
const NARROWEST: usize = 30;

/// Where a patient stands, in a line.
#[must_use]
pub fn evidence_head(plan: &Plan, patient: &str, verdict: &Verdict, style: Style) -> String {
    let standing = verdict.standing;
    format!(
        "{} is {} at {}\n",
        style.bold(&one_line(patient)),
        style.standing(standing, standing.word()),
        names::milestone(plan, verdict.gate),
    )
}

/// One criterion in a line: its effect, its number and title.
#[must_use]
pub fn evidence_line(plan: &Plan, verdict: &CriterionVerdict, style: Style) -> String {
    const EFFECT: usize = 5;
    let Some(criterion) = names::criterion(plan, verdict.criterion) else {
        return String::new();
    };
    let widest = plan.protocol.criteria.iter().map(|other| width(&other.id));
    let effect = if verdict.due {
        style.effect(verdict.effect, &left(verdict.effect.word(), EFFECT))
    } else {
        style.faint(&left("later", EFFECT))
    };
    let id = left(&one_line(&criterion.id), widest.max().unwrap_or(0));
    let rest = style.columns().saturating_sub(EFFECT + 2 + width(&id) + 2);
    format!(
        "{effect}  {id}  {}\n",
        cut(&one_line(&criterion.title), rest)
    )
}

/// The evidence for one criterion as a tree.
#[must_use]
pub fn evidence_tree(
    plan: &Plan,
    files: &Files,
    verdict: &Verdict,
    criterion: CriterionId,
    explanation: &Explanation,
    style: Style,
) -> String {
    let mut writer = Writer {
        text: head(plan, files, verdict, criterion, style),
        style,
    };
    writer.lines("", "", &one_line(&explanation.because));
    let has_levels = explanation.parts.iter().any(|part| !part.parts.is_empty());
    if let Some(settle) = explanation.settle.as_ref().filter(|_| has_levels) {
        writer.lines("→ ", "  ", &one_line(settle));
    }
    for part in &explanation.parts {
        writer.tree(part);
    }
    writer.text
}

/// An explanation as a tree, without a head.
pub(crate) fn explanation_tree(explanation: &Explanation, style: Style) -> String {
    let mut writer = Writer {
        text: String::new(),
        style,
    };
    writer.tree(explanation);
    writer.text
}

/// What the marks of a tree mean.
#[must_use]
pub fn evidence_legend(style: Style) -> String {
    let legend = "✓ so   ✗ not so   ? open   – not applicable   • fact   → would settle it";
    format!("{}\n", style.faint(legend))
}

/// The criterion, where it stands, its outcome and what that does.
fn head(plan: &Plan, files: &Files, verdict: &Verdict, id: CriterionId, style: Style) -> String {
    let Some(criterion) = names::criterion(plan, id) else {
        return String::new();
    };
    let title = format!("{} {}", criterion.id, criterion.title);
    let mut text = String::new();
    for line in wrap(&one_line(&title), style.columns()) {
        text.push_str(&style.bold(&line));
        text.push('\n');
    }
    let found = verdict.criteria.iter().find(|found| found.criterion == id);
    let said = match found {
        Some(found) if found.due => format!(
            "{}, {}",
            outcome(found.outcome),
            style.effect(found.effect, consequence(found.effect))
        ),
        _ => "not due yet".to_owned(),
    };
    let place = format!("({})", place(files, criterion.span));
    let kind = names::kind(criterion.kind);
    let plain = match found {
        Some(found) if found.due => format!(
            "{kind}: {}, {}",
            outcome(found.outcome),
            consequence(found.effect)
        ),
        _ => format!("{kind}: not due yet"),
    };
    let between = if width(&plain) + 1 + width(&place) > style.columns() {
        "\n"
    } else {
        " "
    };
    text.push_str(&format!("{kind}: {said}{between}{}\n", style.faint(&place)));
    for permission in &criterion.allowed {
        let allowed = format!("allowed: {}", one_line(&permission.text));
        for line in wrap(&allowed, style.columns()) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "met",
        Outcome::NotMet => "not met",
        Outcome::Unknown => "unknown",
        Outcome::NeedsJudgement => "a person must answer",
        Outcome::NotApplicable => "not applicable",
        Outcome::Pending => "its time has not come",
    }
}

fn consequence(effect: Effect) -> &'static str {
    match effect {
        Effect::Pass => "so it passes",
        Effect::Fail => "so it fails",
        Effect::Open => "so it stays open",
    }
}

fn place(files: &Files, span: Span) -> String {
    let line = files.line_column(span.file, span.start).line;
    format!("{}:{line}", one_line(files.name(span.file)))
}

fn mark(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "✓",
        Truth::False => "✗",
        Truth::Open(OpenKind::Unknown | OpenKind::NeedsJudgement | OpenKind::Pending) => "?",
        Truth::NotApplicable => "–",
    }
}

struct Writer {
    text: String,
    style: Style,
}

/// A part that is still to be written.
struct Pending<'e> {
    part: &'e Explanation,
    /// What the lines of its parent begin with.
    indent: String,
    /// How it hangs on its parent.
    branch: Branch,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Branch {
    Root,
    Middle,
    Last,
}

impl Writer {
    /// Without recursion: definitions can stand in definitions, as deep as their author likes.
    fn tree(&mut self, root: &Explanation) {
        let mut pending = vec![Pending {
            part: root,
            indent: String::new(),
            branch: Branch::Root,
        }];
        while let Some(next) = pending.pop() {
            let (tick, below) = match next.branch {
                Branch::Root => ("", ""),
                Branch::Middle => ("├─ ", "│  "),
                Branch::Last => ("└─ ", "   "),
            };
            let indent = format!("{}{below}", next.indent);
            let (said, part) = followed(next.part);
            // An arm that asks nothing has no part in what its list says.
            let parts: Vec<&Explanation> = match part.parts.as_slice() {
                _ if is_empty_arm(part) => Vec::new(),
                parts => parts.iter().filter(|part| !is_empty_arm(part)).collect(),
            };
            let begin = format!("{}{tick}{} ", next.indent, mark(part.truth));
            self.part(part, &said, &begin, &indent, &parts);
            let last = parts.len().saturating_sub(1);
            for (index, part) in parts.into_iter().enumerate().rev() {
                pending.push(Pending {
                    part,
                    indent: indent.clone(),
                    branch: if index == last {
                        Branch::Last
                    } else {
                        Branch::Middle
                    },
                });
            }
        }
    }

    fn part(
        &mut self,
        part: &Explanation,
        said: &str,
        begin: &str,
        indent: &str,
        parts: &[&Explanation],
    ) {
        let (continued, hanging) = if parts.is_empty() {
            (format!("{indent}  "), format!("{indent}   "))
        } else {
            (format!("{indent}│ "), format!("{indent}│  "))
        };
        self.lines(begin, &continued, said);
        if !part.because.is_empty() {
            self.lines(&hanging, &hanging, &one_line(&part.because));
        }
        // A record that cannot be used is all there is to say.
        for fact in part.facts.iter().filter(|fact| fact.text != part.because) {
            self.hanging(&hanging, "• ", &fact_line(fact));
        }
        // What settles a list is said at its parts.
        if let Some(settle) = &part.settle
            && parts.iter().all(|part| part.settle.is_none())
        {
            self.hanging(&hanging, "→ ", &one_line(settle));
        }
        if part.boundary_sensitive && parts.is_empty() {
            self.hanging(
                &hanging,
                "! ",
                "the length of months decides here: another rule for the ends of months could turn it round",
            );
        }
    }

    fn hanging(&mut self, before: &str, bullet: &str, text: &str) {
        self.lines(&format!("{before}{bullet}"), &format!("{before}  "), text);
    }

    fn lines(&mut self, first: &str, hanging: &str, text: &str) {
        let columns = self.columns(width(first).max(width(hanging)));
        for (index, line) in wrap(text, columns).iter().enumerate() {
            let begin = if index == 0 { first } else { hanging };
            self.text.push_str(begin);
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// What is left of a line.
    fn columns(&self, taken: usize) -> usize {
        self.style.columns().saturating_sub(taken).max(NARROWEST)
    }
}

/// A part with those that only stand for another one, such as the name of a definition: what they state in
/// one line, and the last of them.
fn followed(part: &Explanation) -> (String, &Explanation) {
    let mut said = statement(part);
    let mut part = part;
    while let [only] = part.parts.as_slice() {
        let says_more = !part.facts.is_empty()
            || part.truth != only.truth
            || !(part.because.is_empty() || part.because == only.because);
        if says_more || is_empty_arm(part) {
            break;
        }
        part = only;
        said.push_str(" › ");
        said.push_str(&statement(part));
    }
    (said, part)
}

/// What a part states: its label and its text, which may begin with the label already.
fn statement(part: &Explanation) -> String {
    let text = one_line(&part.text);
    let label = one_line(&part.label);
    if label.is_empty() || text.starts_with(&label) {
        text
    } else if text.is_empty() {
        label
    } else {
        format!("{label}: {text}")
    }
}

/// Whether nothing was asked of the data below a part, as in the arm of a reading that sets only clauses.
fn is_empty_arm(part: &Explanation) -> bool {
    let mut pending = vec![part];
    while let Some(part) = pending.pop() {
        if part.truth != Truth::NotApplicable || !part.facts.is_empty() {
            return false;
        }
        pending.extend(&part.parts);
    }
    true
}

fn fact_line(fact: &FactUsed) -> String {
    let line = match fact.line {
        0 => String::new(),
        line => format!(":{line}"),
    };
    let record = fact
        .record
        .as_ref()
        .map_or_else(String::new, |record| format!(", {record}"));
    let text = format!("{} ({}{line}{record})", fact.text, fact.file);
    one_line(&text)
}
