//! Random facts: which records, how many, and what is asked of each.

use std::sync::Arc;

use lind_model::protocol::{
    Anchor, Comparison, ConditionKind, Counted, Fact, FactField, FactTable, Filter, Frequency,
    Interval, Lasting, MemberException, Quantifier, RecordEdge, Steady, Tense, Window,
};
use lind_model::{EquivalenceId, SetId};
use lind_time::Offset;
use lind_units::Unit;

use super::library::{number, unit};
use super::protocols::Maker;
use super::windows::{self, Kind};

impl Maker {
    pub(super) fn fact(&mut self, depth: usize) -> ConditionKind {
        let after_result = self.named.last() == Some(&FactTable::Results);
        if self.random.percent(if after_result { 50 } else { 18 }) {
            return self.recorded(depth);
        }
        let mut set = self.random.below(self.sets.len());
        if let Some(outer) = self.named.last().copied()
            && self.random.percent(60)
        {
            // Records of one table are compared with each other.
            let fitting: Vec<usize> = (0..self.sets.len())
                .filter(|place| self.sets.get(*place).is_some_and(|set| set.table == outer))
                .collect();
            set = self.random.one_of(&fitting).copied().unwrap_or(set);
        }
        let mut table = self
            .sets
            .get(set)
            .map_or(FactTable::Conditions, |set| set.table);
        let mut set = Some(SetId::from_index(set));
        if self.random.percent(8) {
            set = None;
            table = self.random.any(
                FactTable::Conditions,
                &[
                    FactTable::Treatments,
                    FactTable::Procedures,
                    FactTable::Allergies,
                    FactTable::AdverseEvents,
                ],
            );
        }
        let sums_doses = table == FactTable::Treatments && self.random.percent(15);
        let chance = if self.named.is_empty() { 18 } else { 70 };
        let is_named = !sums_doses && self.named.len() < 3 && self.random.percent(chance);
        // Of records with a name more is said below; here most of them count.
        let is_plain = is_named && self.random.percent(50);
        let tense = match self.random.below(5) {
            _ if is_plain => Tense::Ever,
            0 if table != FactTable::Procedures => Tense::Now,
            1 => Tense::Ever,
            _ => Tense::During,
        };
        let kind = if table == FactTable::Treatments {
            Kind::OfDrug
        } else {
            Kind::Plain
        };
        let window = (tense == Tense::During).then(|| match sums_doses {
            // Days on which doses can be added up.
            true => self.days(),
            false => self.window(kind),
        });
        let most_filters = match table {
            _ if is_plain => 1,
            FactTable::Treatments => 5,
            _ => 3,
        };
        let filters = (0..self.random.below(most_filters))
            .map(|_| self.filter(table))
            .collect();
        let mut filters: Vec<Filter> = filters;
        let has_stretch = filters
            .iter()
            .any(|filter| matches!(filter, Filter::Stretch { .. }));
        if has_stretch && table == FactTable::Treatments && self.random.percent(40) {
            // In a dose that each of its days must have.
            let (interval, unit, equivalence) = self.dose();
            filters.push(Filter::Dose {
                interval,
                unit,
                equivalence,
            });
        }
        let mut frequency = (!sums_doses && self.random.percent(25)).then(|| self.frequency(set));
        if is_named && self.random.percent(40) {
            frequency = Some(Frequency {
                quantifier: Quantifier::All,
                counted: Counted::Records,
            });
        }
        let is_every = frequency.is_some_and(|frequency| frequency.quantifier == Quantifier::All);
        if sums_doses {
            let (interval, unit, equivalence) = self.dose();
            filters.push(Filter::TotalDose {
                interval,
                unit,
                equivalence,
            });
        } else if !is_named
            && frequency.is_none()
            && self.random.percent(8)
            && table != FactTable::Procedures
        {
            filters.push(Filter::InTotal(windows::lasting(&mut self.random)));
        }
        let exceptions = if !is_plain && self.random.percent(25) {
            self.exception(table).into_iter().collect()
        } else {
            Vec::new()
        };
        let such_that = if is_named {
            self.such_that(table, depth)
        } else {
            None
        };
        ConditionKind::Fact(Box::new(Fact {
            negated: !is_every && self.random.percent(35),
            frequency,
            such_that,
            tense,
            table,
            set,
            measure: None,
            investigational: table == FactTable::Treatments && self.random.percent(10),
            filters,
            exceptions,
            window,
        }))
    }

    /// How many records there must be.
    pub(super) fn frequency(&mut self, set: Option<SetId>) -> Frequency {
        let number = self.random.any(2, &[1, 1, 2, 3]);
        let quantifier = self.random.any(
            Quantifier::AtLeast(number),
            &[
                Quantifier::AtLeast(number),
                Quantifier::AtMost(number - 1),
                Quantifier::Exactly(number),
            ],
        );
        let treatments = set
            .and_then(|set| self.sets.get(set.index()))
            .is_some_and(|set| set.table == FactTable::Treatments);
        let counted = match self.random.below(4) {
            0 => Counted::Records,
            1 if set.is_none() => Counted::Records,
            1 => Counted::Different,
            2 if treatments => Counted::Lines,
            _ => Counted::Apart(Lasting {
                comparison: self
                    .random
                    .any(Comparison::AtLeast, &[Comparison::MoreThan]),
                length: windows::calendar_length(&mut self.random),
            }),
        };
        Frequency {
            quantifier,
            counted,
        }
    }

    /// A limit of daily doses.
    pub(super) fn dose(&mut self) -> (Interval, Unit, Option<EquivalenceId>) {
        (
            Interval::comparison(
                self.random.comparison(),
                number(self.random.any("10", &["5", "20", "7.5"])),
            ),
            unit(self.random.any("mg/d", &["ug/d", "mg/wk"])),
            self.random.any(
                None,
                &[
                    Some(EquivalenceId(0)),
                    Some(EquivalenceId(0)),
                    Some(EquivalenceId(1)),
                ],
            ),
        )
    }

    /// The days before a milestone.
    pub(super) fn days(&mut self) -> Window {
        Window::Around {
            anchor: Anchor::Milestone(self.milestone()),
            window: lind_time::Window::within_before(
                self.random.any(
                    Offset::Days { days: 28 },
                    &[
                        Offset::Days { days: 7 },
                        Offset::Days { days: 2 },
                        Offset::Calendar { months: 1 },
                        Offset::Calendar { months: 3 },
                    ],
                ),
                self.random.percent(20),
            ),
            as_known: false,
        }
    }

    /// The disease is over for so long, mostly at least so long.
    pub(super) fn disease_free(&mut self) -> Lasting {
        let lasting = windows::lasting(&mut self.random);
        let comparison = self.random.any(
            Comparison::AtLeast,
            &[Comparison::MoreThan, lasting.comparison],
        );
        Lasting {
            comparison,
            ..lasting
        }
    }

    pub(super) fn exception(&mut self, table: FactTable) -> Option<MemberException> {
        let fitting: Vec<usize> = (0..self.sets.len())
            .filter(|place| self.sets.get(*place).is_some_and(|set| set.table == table))
            .collect();
        let set = *self.random.one_of(&fitting)?;
        Some(MemberException {
            set: SetId::from_index(set),
            disease_free: self.random.percent(60).then(|| self.disease_free()),
            text: Arc::from(""),
        })
    }

    pub(super) fn filter(&mut self, table: FactTable) -> Filter {
        let fields: &[FactField] = match table {
            FactTable::Conditions => &[FactField::Severity, FactField::Status, FactField::BodySite],
            FactTable::Treatments => &[FactField::Route, FactField::Indication, FactField::Outcome],
            FactTable::Procedures => &[FactField::BodySite],
            FactTable::Allergies => &[FactField::Severity],
            FactTable::Results => &[
                FactField::Source,
                FactField::Method,
                FactField::Specimen,
                FactField::BodySite,
            ],
            FactTable::AdverseEvents => &[
                FactField::Related,
                FactField::Related,
                FactField::Serious,
                FactField::DoseLimiting,
                FactField::Scale,
            ],
        };
        match self.random.below(14) {
            0..=3 if table == FactTable::Results => Filter::TimeOfDay(self.time_of_day()),
            _ if table == FactTable::Results => self.field(fields),
            11..=13 if table != FactTable::Procedures => self.edge_filter(table),
            0..=1 if table != FactTable::Procedures => {
                Filter::Lasting(windows::lasting(&mut self.random))
            }
            2 if table != FactTable::Allergies => Filter::DiseaseFree(self.disease_free()),
            3 if table != FactTable::Procedures => Filter::Stretch {
                lasting: windows::lasting(&mut self.random),
                gap: self.random.any(
                    Offset::Days { days: 7 },
                    &[Offset::Days { days: 0 }, Offset::Calendar { months: 1 }],
                ),
            },
            4 | 10 if table == FactTable::Treatments => Filter::Steady(Steady {
                may_fall: self.random.percent(40),
                window: self.days(),
                and_day_before: self.random.percent(30),
                equivalence: self.random.any(
                    None,
                    &[None, Some(EquivalenceId(0)), Some(EquivalenceId(1))],
                ),
            }),
            4..=7 if table == FactTable::AdverseEvents => {
                let (least, most) = self
                    .random
                    .any((3, 5), &[(3, 5), (4, 4), (0, 2), (2, 3), (1, 4)]);
                Filter::Grade(least, most)
            }
            7 if table == FactTable::Treatments => {
                let line = self.random.any(1, &[2, 2, 3]);
                let (least, most) = self
                    .random
                    .any((line, None), &[(line, Some(line)), (1, Some(line))]);
                Filter::Line(least, most)
            }
            5..=6 if table == FactTable::Treatments => {
                let (interval, unit, equivalence) = self.dose();
                Filter::Dose {
                    interval,
                    unit,
                    equivalence,
                }
            }
            _ => self.field(fields),
        }
    }

    /// When a record began or ended.
    pub(super) fn edge_filter(&mut self, table: FactTable) -> Filter {
        let begin = table == FactTable::Allergies || self.random.percent(50);
        let edge = if begin {
            RecordEdge::Begin
        } else {
            RecordEdge::End
        };
        Filter::Edge(edge, self.window(Kind::Plain))
    }

    pub(super) fn field(&mut self, fields: &[FactField]) -> Filter {
        let field = self
            .random
            .one_of(fields)
            .copied()
            .unwrap_or(FactField::BodySite);
        let words = super::charts::words_of(field);
        let mut chosen = self.random.some_of(words, 50);
        if chosen.is_empty() {
            chosen.extend(words.first());
        }
        Filter::Field(field, chosen.into_iter().map(Arc::from).collect())
    }
}
