//! What is taken, in which dose, and for how long: `is taking`, steady doses, total doses, gaps.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::EquivalenceId;
use lind_model::protocol::{Comparison, FactTable, Filter, Steady, Window};
use lind_syntax::tree::{self, ComparatorKind, FilterKind, Length, Lengths, Name, Side};
use lind_time::{Offset, OffsetClass};
use lind_units::Unit;

use crate::analysis::Checker;
use crate::declarations::table_word;
use crate::facts::object_span;
use crate::rules;
use crate::scope::Symbol;
use crate::times::Inside;

impl Checker<'_> {
    /// `is taking X`: of treatments, at the gate.
    pub(crate) fn taking(
        &mut self,
        fact: &tree::Fact,
        verb: &Name,
        table: FactTable,
    ) -> Option<()> {
        let object = object_span(&fact.object);
        if table != FactTable::Treatments {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0508_WRONG_VERB,
                    verb.span,
                    format!("one is `taking` treatments; this is {}", table_word(table)),
                )
                .label("does not go with it")
                .also(object, table_word(table)),
            );
            return None;
        }
        if let Some(window) = &fact.window {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0411_TAKING_IN_A_WINDOW,
                    window.span,
                    "`is taking` is asked of the gate, and of no other time",
                )
                .label("another time")
                .also(verb.span, "taken at the gate")
                .note("what was taken at some time in a window is asked by `has received … within …`; how long it has been taken by `for at least 4 weeks`"),
            );
            return None;
        }
        Some(())
    }

    /// `in total` and `with total dose` each add up all records, which can be done once.
    pub(crate) fn at_most_one_sum(&mut self, fact: &tree::Fact) -> Option<()> {
        let mut sums = fact.filters.iter().filter_map(|filter| match &filter.kind {
            FilterKind::TotalDose { .. } => Some(filter.span),
            FilterKind::Lasting(lasting) => lasting.in_total.map(|_| filter.span),
            _ => None,
        });
        let (Some(first), Some(second)) = (sums.next(), sums.next()) else {
            return Some(());
        };
        self.sink.push(
            Diagnostic::new(
                &rules::E0509_MISPLACED_CLAUSE,
                second,
                "a fact adds up one thing over all records",
            )
            .label("a second sum")
            .also(first, "the first sum")
            .note("write two facts, joined by `all of`"),
        );
        None
    }

    /// The total dose is that of a day: no length of one record, or of several, goes with it.
    pub(crate) fn total_dose_has_no_length(&mut self, fact: &tree::Fact) -> Option<()> {
        let of = |is: fn(&FilterKind) -> bool| fact.filters.iter().find(|one| is(&one.kind));
        let total = of(|kind| matches!(kind, FilterKind::TotalDose { .. }));
        let length =
            of(|kind| matches!(kind, FilterKind::Lasting(lasting) if lasting.in_total.is_none()));
        let (Some(total), Some(length)) = (total, length) else {
            return Some(());
        };
        self.sink.push(
            Diagnostic::new(
                &rules::E0509_MISPLACED_CLAUSE,
                length.span,
                "the total dose is that of a day, and this asks how long a record lasted",
            )
            .label("a length")
            .also(total.span, "added up day by day")
            .note("a dose on each day of a stretch is asked of single drugs: `with dose >= 10 mg/day for at least 8 weeks, gaps up to 0 days`"),
        );
        None
    }

    /// `with total dose <= 80 mg/wk as prednisone_equivalent`.
    pub(crate) fn total_dose(
        &mut self,
        comparison: Comparison,
        limit: &tree::Quantity,
        equivalent: Option<&Name>,
        table: FactTable,
        span: Span,
    ) -> Option<Filter> {
        match self.dose(comparison, limit, equivalent, table, span)? {
            Filter::Dose {
                interval,
                unit,
                equivalence,
            } => Some(Filter::TotalDose {
                interval,
                unit,
                equivalence,
            }),
            other => Some(other),
        }
    }

    /// The total dose is that of a day, so its window must say which days.
    pub(crate) fn total_dose_has_days(
        &mut self,
        fact: &tree::Fact,
        window: Option<&Window>,
    ) -> Option<()> {
        let total = fact
            .filters
            .iter()
            .find(|filter| matches!(filter.kind, FilterKind::TotalDose { .. }));
        let (Some(total), Some(window), Some(written)) = (total, window, &fact.window) else {
            return Some(());
        };
        let why = match window {
            Window::Around { .. } | Window::Between { .. } => return Some(()),
            Window::HalfLives { .. } => "half-lives differ from drug to drug",
            _ => "two reaches, of which either may count",
        };
        self.sink.push(
            Diagnostic::new(
                &rules::E0413_TOTAL_DOSE_WITHOUT_DAYS,
                written.span,
                "this window does not say on which days the doses are added up",
            )
            .label(why)
            .also(total.span, "added up day by day")
            .note("write a window of one length, such as `within 8 weeks before screening`"),
        );
        None
    }

    /// `with dose unchanged for at least 4 weeks before baseline as prednisone_equivalent`.
    pub(crate) fn steady_dose(
        &mut self,
        steady: &tree::Steady,
        table: FactTable,
        span: Span,
    ) -> Option<Filter> {
        if table != FactTable::Treatments {
            self.misplaced(span, "only treatments have a dose");
            return None;
        }
        let and_day_before = match steady.comparator.kind {
            ComparatorKind::AtLeast => false,
            ComparatorKind::MoreThan => true,
            ComparatorKind::AtMost | ComparatorKind::LessThan | ComparatorKind::Equal => {
                let at = steady.comparator.span;
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0412_STEADY_DOSE,
                        at,
                        "a steady dose is asked for at least so long",
                    )
                    .label("no least time")
                    .suggest("write `at least`", at, "at least"),
                );
                return None;
            }
        };
        let (side, side_span) = steady.side;
        if matches!(side, Side::After { .. } | Side::Either) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0412_STEADY_DOSE,
                    side_span,
                    "a steady dose is counted back from a milestone",
                )
                .label("not before it")
                .suggest("write `before`", side_span, "before"),
            );
            return None;
        }
        let window = tree::Window {
            kind: tree::WindowKind::Within {
                lengths: Lengths::One(steady.length.clone()),
                side: Some(steady.side),
                anchor: Some(steady.anchor.clone()),
            },
            by_day: None,
            as_known: None,
            also_stated: None,
            span: steady.span,
        };
        let inside = Inside {
            what: "doses are recorded by day",
            declared: None,
            timed: false,
            has_sample: false,
            is_drug: false,
        };
        let window = self.clause_window(&window, inside);
        let equivalence = match &steady.equivalent {
            Some(name) => Some(self.equivalence(name)?.0),
            None => None,
        };
        Some(Filter::Steady(Steady {
            may_fall: steady.may_fall,
            window: window?,
            and_day_before,
            equivalence,
        }))
    }

    /// A table of equivalent doses with the unit of its first row, a day.
    pub(crate) fn equivalence(&mut self, name: &Name) -> Option<(EquivalenceId, Unit)> {
        let id = self.scopes.get_mut(self.module)?.resolve_as(
            name,
            "a table of equivalent doses",
            |symbol| {
                if let Symbol::Equivalence(id) = symbol {
                    Some(id)
                } else {
                    None
                }
            },
            self.sink,
        )?;
        let per_day = Unit::parse("mg/d").ok()?;
        let daily = self
            .tables
            .equivalences
            .get(id.index())
            .and_then(Option::as_ref)
            .and_then(|table| table.rows.first())
            .and_then(|row| Unit::parse(&format!("{}/d", row.unit.code())).ok())
            .unwrap_or(per_day);
        Some((id, daily))
    }

    /// The longest time that may lie between two records of one stretch.
    pub(crate) fn gap(&mut self, gap: &Length) -> Option<Offset> {
        let length = self.offset(gap)?;
        if length.class() == OffsetClass::Clock {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0404_HOURS_ON_DAYS,
                    gap.span,
                    "records of conditions and treatments begin and end on days, not at times of day",
                )
                .label("hours or minutes")
                .note("count in days, weeks, months or years"),
            );
            return None;
        }
        Some(length)
    }
}
