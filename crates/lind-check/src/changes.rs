//! Changes between two values, and what a per cent sign means in them.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::protocol::{ChangeMode, Direction, Interval, Shape, Subject};
use lind_syntax::tree::{self, Comparator, ComparatorKind, Measured, Quantity};
use lind_units::{Exact, Generator, Unit};

use crate::analysis::Checker;
use crate::measured::Subjected;
use crate::quantities::{Target, spelled};
use crate::rules;
use crate::times::comparison;

impl Checker<'_> {
    pub(crate) fn change(
        &mut self,
        subject: &Subjected,
        measured: &Measured,
        direction: tree::Direction,
        comparator: Comparator,
        by: &Quantity,
        relative: Option<Span>,
    ) -> Option<(Direction, Interval, ChangeMode)> {
        if matches!(subject.subject, Subject::Formula(_)) {
            self.does_not_fit(
                measured.test.span,
                format!(
                    "`{}` is computed from values of several moments, so it has no change",
                    measured.measure.text
                ),
                "a change needs a measure",
                subject.declared,
                "a formula",
            );
            return None;
        }
        let direction = match direction {
            tree::Direction::Falls => Direction::Falls,
            tree::Direction::Rises => Direction::Rises,
            tree::Direction::Changes => Direction::Changes,
        };
        let name = &measured.measure;
        let written_percent = by.unit.as_ref().is_some_and(|unit| unit.text.trim() == "%");
        let (amount, mode) = match &subject.shape {
            Shape::Ordinal(_) | Shape::Coded(_) | Shape::Tags(_) => {
                self.does_not_fit(
                    measured.test.span,
                    format!("`{}` has no differences", name.text),
                    "a change needs numbers",
                    subject.declared,
                    "declared here",
                );
                return None;
            }
            Shape::Score {
                lowest,
                highest,
                step,
            } if relative.is_none() => {
                let amount = self.score(
                    by,
                    (lowest, highest, step.as_ref()),
                    subject.declared,
                    name,
                    false,
                )?;
                let width = highest.to_exact().sub(&lowest.to_exact());
                if beyond(&amount, comparator, &width) {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0309_LIMIT_OUTSIDE_SCALE,
                            by.span,
                            format!("`{}` never changes by so much", name.text),
                        )
                        .label(format!(
                            "the whole scale is {} wide",
                            width.to_decimal_text(6)
                        ))
                        .also(
                            subject.declared,
                            format!("a score from {lowest} to {highest}"),
                        ),
                    );
                    return None;
                }
                (amount, ChangeMode::Points)
            }
            Shape::Quantity(shape) if relative.is_none() && written_percent => {
                let is_percentage = is_percentage(&shape.unit);
                let mut diagnostic = Diagnostic::new(
                    &rules::E0306_PERCENT_MEANING,
                    by.span,
                    format!(
                        "`{} %` of what? A change in per cent is relative or absolute",
                        by.number.text
                    ),
                )
                .label(if is_percentage {
                    "relative, or in percentage points?".to_owned()
                } else {
                    format!(
                        "a share of the earlier value, or a difference in {}?",
                        shape.unit.written()
                    )
                })
                .also(
                    subject.declared,
                    format!("{}, in {}", shape.kind.words(), shape.unit.written()),
                );
                diagnostic = if is_percentage {
                    diagnostic.note(format!(
                        "`{0} % relative` is a share of the earlier value; `{0} %pt` is a difference of percentages; from 80 %, a fall of 10 % relative ends at 72 %, one of 10 %pt at 70 %",
                        by.number.text
                    ))
                } else {
                    diagnostic.note(format!(
                        "a share of the earlier value is written `{} % relative`",
                        by.number.text
                    ))
                };
                self.sink.push(diagnostic.suggest(
                    "write `% relative`, if a share of the earlier value is meant",
                    by.span,
                    format!("{} % relative", by.number.text),
                ));
                return None;
            }
            Shape::Quantity(shape) if by.percent_points => {
                if !(is_percentage(&shape.unit)) {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0306_PERCENT_MEANING,
                            by.span,
                            format!(
                                "`{}` is no percentage, so it has no percentage points",
                                name.text
                            ),
                        )
                        .label("percentage points")
                        .also(
                            subject.declared,
                            format!("{}, in {}", shape.kind.words(), shape.unit.written()),
                        )
                        .suggest(
                            "write `% relative`, if a share of the earlier value is meant",
                            by.span,
                            format!("{} % relative", by.number.text),
                        ),
                    );
                    return None;
                }
                if let Some(relative) = relative {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0306_PERCENT_MEANING,
                            relative,
                            "percentage points are absolute",
                        )
                        .label("relative")
                        .also(by.span, "percentage points")
                        .note("write `%` with `relative`, or `%pt` without it"),
                    );
                    return None;
                }
                let target = Target {
                    name: &name.text,
                    shape,
                    declared: subject.declared,
                };
                let points = self.decimal(&by.number)?.to_exact();
                self.plausible_change(&points, &shape.unit, comparator, by, &target)?;
                (points, ChangeMode::Absolute(Unit::parse("%").ok()?))
            }
            _ if relative.is_some() => {
                if !written_percent {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0306_PERCENT_MEANING,
                            by.span,
                            "a relative change is stated in per cent",
                        )
                        .label("no per cent sign")
                        .suggest(
                            format!("write `{} %`, if that was meant", by.number.text),
                            by.span,
                            format!("{} %", by.number.text),
                        ),
                    );
                    return None;
                }
                (self.decimal(&by.number)?.to_exact(), ChangeMode::Relative)
            }
            Shape::Quantity(shape) => {
                let target = Target {
                    name: &name.text,
                    shape,
                    declared: subject.declared,
                };
                let (value, unit) = self.limit_quantity(by, &target)?;
                self.plausible_change(&value, &unit, comparator, by, &target)?;
                (value, ChangeMode::Absolute(unit))
            }
            Shape::Score { .. } => return None,
        };
        if amount.signum() < 0 {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0313_EMPTY_RANGE,
                    by.span,
                    "by how much a value changes is not negative",
                )
                .label("negative"),
            );
            return None;
        }
        Some((
            direction,
            Interval::comparison(comparison(comparator), amount),
            mode,
        ))
    }
}

impl Checker<'_> {
    /// Refuses a difference that no two values of the measure can have.
    fn plausible_change(
        &mut self,
        amount: &Exact,
        unit: &Unit,
        comparator: Comparator,
        by: &Quantity,
        target: &Target<'_>,
    ) -> Option<()> {
        let Some((low, high)) = &target.shape.plausible else {
            return Some(());
        };
        let analyte = Some(&target.shape.analyte);
        // A difference has no zero point: of degrees, only their size counts.
        let in_own = |value: &Exact| unit.convert(value, &target.shape.unit, analyte).ok();
        let (Some(end), Some(start)) = (in_own(amount), in_own(&Exact::from_integer(0))) else {
            return Some(());
        };
        if !beyond(&end.sub(&start), comparator, &high.sub(low)) {
            return Some(());
        }
        let own = spelled(target.shape.unit.written());
        self.sink.push(
            Diagnostic::new(
                &rules::E0308_IMPLAUSIBLE_LIMIT,
                by.span,
                format!("no `{}` can change by so much", target.name),
            )
            .label(format!(
                "plausible values differ by {} {own} at most",
                high.sub(low).to_decimal_text(6)
            ))
            .also(
                target.declared,
                format!(
                    "plausible from {} to {} {own}",
                    low.to_decimal_text(6),
                    high.to_decimal_text(6)
                ),
            ),
        );
        None
    }
}

/// Whether a change is larger than the widest that there can be.
fn beyond(amount: &Exact, comparator: Comparator, widest: &Exact) -> bool {
    amount > widest || (amount == widest && comparator.kind == ComparatorKind::MoreThan)
}

/// Whether a unit is per cent of something.
fn is_percentage(unit: &Unit) -> bool {
    unit.code().starts_with('%')
        && unit
            .dimension()
            .exponents()
            .all(|(generator, _)| matches!(generator, Generator::Reference(_)))
}
