//! The lint for exclusions that say what must be so.

use lind_diagnostics::Diagnostic;
use lind_model::protocol::{Comparison, Condition, ConditionKind, Filter};
use lind_syntax::tree;

use crate::analysis::Checker;
use crate::rules;

/// How titles of requirements begin.
const BEGINNINGS: &[&str] = &[
    "able to",
    "adequate",
    "agree",
    "informed consent",
    "must",
    "provide",
    "signed",
    "willing",
    "written informed consent",
];

/// Words that turn a requirement round.
const TURNS: &[&str] = &[
    "absence",
    "cannot",
    "decline",
    "declined",
    "except",
    "fail",
    "inability",
    "lack",
    "no",
    "not",
    "refuse",
    "refuses",
    "unable",
    "unless",
    "unwilling",
    "without",
    "withdrawal",
    "withdrawn",
];

impl Checker<'_> {
    /// An exclusion whose condition, or whose title, is what must be so.
    pub(crate) fn required_exclusion(
        &mut self,
        conditions: &[Condition],
        criterion: &tree::Criterion,
    ) {
        let by_condition = conditions.iter().find_map(|condition| {
            self.requirement(condition)
                .map(|what| (condition.span, what))
        });
        let (span, label, note) = match by_condition {
            Some((span, what)) => (span, "whoever fulfils this is excluded", what),
            None if says_what_must_be(&criterion.title.value) => (
                criterion.title.span,
                "reads as what must be so",
                "whoever meets an exclusion is kept out: what must be so belongs to the inclusions, or the title should say what excludes",
            ),
            None => return,
        };
        self.sink.push(
            Diagnostic::new(
                &rules::W0625_REQUIREMENT_EXCLUDED,
                span,
                format!(
                    "the exclusion `{}` seems to say what must be so",
                    criterion.id.text
                ),
            )
            .label(label)
            .note(note),
        );
    }

    fn requirement(&self, condition: &Condition) -> Option<&'static str> {
        match &condition.kind {
            ConditionKind::At(_, inner) | ConditionKind::With(_, inner) => self.requirement(inner),
            ConditionKind::Fact(fact) if !fact.negated => fact
                .filters
                .iter()
                .any(|filter| match filter {
                    Filter::DiseaseFree(length) => matches!(
                        length.comparison,
                        Comparison::AtLeast | Comparison::MoreThan
                    ),
                    _ => false,
                })
                .then_some("this keeps out exactly those who have been free of it for so long; who has not been is excluded by the fact with `except … disease-free for …`"),
            ConditionKind::Happened(id, None) => self
                .milestone(*id)
                .is_some_and(|milestone| milestone.name.contains("consent"))
                .then_some("consent is given by everybody who takes part: as an exclusion it keeps all of them out"),
            _ => None,
        }
    }
}

/// Whether a title reads as a requirement: "Must be disease-free …", "Willing to …".
fn says_what_must_be(title: &str) -> bool {
    let title = title.to_lowercase();
    let words: Vec<&str> = title
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let text = words.join(" ");
    let begins = BEGINNINGS.iter().any(|beginning| {
        text.strip_prefix(beginning)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', 's']))
    });
    (begins
        || words
            .windows(2)
            .any(|pair| pair == ["must", "be"] || pair == ["must", "have"]))
        && !words.iter().any(|word| TURNS.contains(word))
}
