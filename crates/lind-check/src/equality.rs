//! Quantities that are asked to be exactly one value.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::QuantityShape;
use lind_syntax::tree::{self, ComparatorKind, Limit, Name, TestKind};
use lind_units::Kind;

use crate::analysis::Checker;
use crate::choices::Polarity;
use crate::measured::Subjected;
use crate::rules;

impl Checker<'_> {
    /// Remarks on `hemoglobin = 90 g/L`: a `>=` that lost its first sign reads so, and nobody notices.
    pub(crate) fn exactly_equal(
        &mut self,
        test: &tree::Test,
        shape: &QuantityShape,
        subject: &Subjected,
        name: &Name,
    ) {
        let TestKind::Compare(comparator, limit) = &test.kind else {
            return;
        };
        // What is counted has its values one by one, and a titre its dilutions.
        if comparator.kind != ComparatorKind::Equal
            || matches!(shape.kind, Kind::Num | Kind::Titr | Kind::Score)
        {
            return;
        }
        let worst_is_highest = match limit {
            Limit::Multiple { upper, .. } => Some(*upper),
            Limit::Quantity(_) | Limit::Level(_) | Limit::Own(_) => subject.worst,
        };
        // Those who pass have the better values.
        let at_least = match (self.polarity, worst_is_highest) {
            (Polarity::MustHold, Some(worst_is_highest)) => !worst_is_highest,
            (Polarity::MustNotHold, Some(worst_is_highest)) => worst_is_highest,
            _ => true,
        };
        let (sign, words) = if at_least {
            (">=", "at least ")
        } else {
            ("<=", "at most ")
        };
        let (place, replacement) = if comparator.span.start == limit.span().start {
            // `is 90 g/L` has no sign that could be replaced.
            let start = limit.span().start;
            (Span::new(comparator.span.file, start, start), words)
        } else {
            (comparator.span, sign)
        };
        self.sink.push(
            Diagnostic::new(
                &rules::W0607_EXACTLY_EQUAL,
                test.span,
                format!("`{}` is asked to be exactly this value", name.text),
            )
            .label("no more and no less")
            .also(subject.declared, shape.kind.words())
            .note("a measured value is hardly ever exactly one number; a sign may have been lost: `>=` is at least, `<=` at most")
            .suggest(
                format!("write `{}`, if that was meant", replacement.trim_end()),
                place,
                replacement,
            ),
        );
    }
}
