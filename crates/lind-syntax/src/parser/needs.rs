//! What the lines of a body want below them.

use crate::tree::{Condition, EntryKind, SingleKind};

/// What may stand below a line.
pub(super) enum Needs {
    /// A list.
    Something,
    /// A list, or nothing.
    Anything,
    /// Exceptions, or nothing.
    Exceptions,
    /// Nothing.
    Nothing,
}

impl Needs {
    pub(super) fn of(kind: &EntryKind) -> Self {
        match kind {
            EntryKind::Empty | EntryKind::Depending(_) | EntryKind::List(_) => Needs::Something,
            EntryKind::If { then: None, .. }
            | EntryKind::For { then: None, .. }
            | EntryKind::Grade { then: None, .. }
            | EntryKind::Limits(_)
            | EntryKind::Domain(_)
            | EntryKind::Washout(_) => Needs::Something,
            EntryKind::Condition(condition) if names_a_record(condition) => Needs::Something,
            EntryKind::Condition(_) | EntryKind::IfNotMeasured(_) | EntryKind::WashoutRow(_) => {
                Needs::Exceptions
            }
            EntryKind::Except(except) if except.replacement.is_some() => Needs::Exceptions,
            EntryKind::At {
                then: Some(then), ..
            }
            | EntryKind::If {
                then: Some(then), ..
            }
            | EntryKind::For {
                then: Some(then), ..
            }
            | EntryKind::Grade {
                then: Some(then), ..
            } => Needs::of(then),
            EntryKind::At { then: None, .. } => Needs::Anything,
            EntryKind::Source(_)
            | EntryKind::Note(_)
            | EntryKind::Take(_)
            | EntryKind::Except(_)
            | EntryKind::IfUnknown { .. }
            | EntryKind::Allowed(_)
            | EntryKind::CountsAs(_)
            | EntryKind::Share(_)
            | EntryKind::LimitCase(_)
            | EntryKind::Chosen { .. }
            | EntryKind::Term(_)
            | EntryKind::Months(_)
            | EntryKind::Codes(_)
            | EntryKind::Unverified(_)
            | EntryKind::Assumed(_)
            | EntryKind::Wording(_)
            | EntryKind::AtVisits { .. }
            | EntryKind::Broken => Needs::Nothing,
        }
    }
}

/// Whether a condition names a record, of which more is said below.
fn names_a_record(condition: &Condition) -> bool {
    condition
        .parts
        .iter()
        .any(|single| matches!(&single.kind, SingleKind::Fact(fact) if fact.called.is_some()))
}
