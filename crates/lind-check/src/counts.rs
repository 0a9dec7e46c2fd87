//! How many records a fact asks for, and sets that are joined by `or`.

use std::sync::Arc;

use lind_diagnostics::Diagnostic;
use lind_model::SetId;
use lind_model::protocol::{CodeSet, Counted, FactTable, Frequency, Quantifier};
use lind_syntax::tree::{self, FactObject, FilterKind, Name, Tense};

use crate::analysis::Checker;
use crate::declarations::table_words;
use crate::rules;

impl Checker<'_> {
    /// How many records a fact asks for; none inside if it does not say.
    #[expect(
        clippy::option_option,
        reason = "nothing outside is a finding, nothing inside a fact that asks for any"
    )]
    pub(crate) fn frequency(
        &mut self,
        fact: &tree::Fact,
        table: FactTable,
    ) -> Option<Option<Frequency>> {
        let in_total = fact.filters.iter().find_map(|filter| match &filter.kind {
            FilterKind::Lasting(lasting) => lasting.in_total,
            FilterKind::TotalDose { .. } => Some(filter.span),
            _ => None,
        });
        if let (Some(called), Some(in_total)) = (&fact.called, in_total) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0521_TWO_COUNTS,
                    in_total,
                    "all records are added up here, and one of them has a name",
                )
                .label("all together")
                .also(called.span, "one by one")
                .note("write two conditions below `all of`, one for each"),
            );
            return None;
        }
        let Some(count) = &fact.count else {
            return match &fact.apart {
                Some(apart) => {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0521_TWO_COUNTS,
                            apart.span,
                            "how far apart records lie is asked of a number of them",
                        )
                        .label("of how many?")
                        .note("write `at least 2`, or another number, before the name"),
                    );
                    None
                }
                None => Some(None),
            };
        };
        if matches!(fact.tense, Tense::NotNow | Tense::NotDuring) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0521_TWO_COUNTS,
                    count.span,
                    "`no` and a number of records stand together",
                )
                .label("none, or so many?")
                .note("none is `has had no …`; fewer than 2 is `at most 1`"),
            );
            return None;
        }
        let second = in_total.or(count
            .different
            .or(count.consecutive)
            .or(count.lines)
            .and(fact.apart.as_ref().map(|apart| apart.span)));
        if let Some(second) = second {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0521_TWO_COUNTS,
                    second,
                    "this fact counts in two ways",
                )
                .label("a second way to count")
                .also(count.span, "the first")
                .note("write two conditions below `all of`, one for each"),
            );
            return None;
        }
        if let (Some(different), FactObject::Any { .. } | FactObject::Values { .. }) =
            (count.different, &fact.object)
        {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0521_TWO_COUNTS,
                    different,
                    "different members are counted of a set that is named",
                )
                .label("different members of what?"),
            );
            return None;
        }
        if let Some(consecutive) = count.consecutive {
            self.consecutive_fits(fact, consecutive)?;
        }
        if let Some(lines) = count.lines {
            self.lines_are_of_treatments(lines, table)?;
        }
        let quantifier = match &count.quantifier {
            tree::Quantifier::AtMost(number) => Quantifier::AtMost(self.whole_number(number)?),
            tree::Quantifier::Exactly(number) => Quantifier::Exactly(self.whole_number(number)?),
            tree::Quantifier::AtLeast(number) => {
                let n = self.whole_number(number)?;
                if n == 0 {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0511_IMPOSSIBLE_COUNT,
                            number.span,
                            "at least 0 records are always there",
                        )
                        .label("is always so")
                        .suggest("count what is there", number.span, "1"),
                    );
                    return None;
                }
                Quantifier::AtLeast(n)
            }
            tree::Quantifier::All => Quantifier::All,
            tree::Quantifier::Any | tree::Quantifier::None => return None,
        };
        let counted = match (&fact.apart, count.different) {
            (Some(apart), _) => Counted::Apart(self.lasting(apart)?),
            (None, Some(_)) => Counted::Different,
            (None, None) if count.consecutive.is_some() => Counted::Consecutive,
            (None, None) if count.lines.is_some() => Counted::Lines,
            (None, None) => Counted::Records,
        };
        Some(Some(Frequency {
            quantifier,
            counted,
        }))
    }

    /// A set of codes, or the union of several.
    pub(crate) fn fact_sets(&mut self, names: &[Name]) -> Option<SetId> {
        let ids: Vec<Option<SetId>> = names.iter().map(|name| self.fact_set(name)).collect();
        let ids = ids.into_iter().collect::<Option<Vec<_>>>()?;
        let (first, rest) = ids.split_first()?;
        if rest.is_empty() {
            return Some(*first);
        }
        let mut union: Option<CodeSet> = None;
        for (id, name) in ids.iter().zip(names) {
            let set = self.tables.sets.get(id.index())?.clone()?;
            // What includes nothing counts as one; of anything else its members do.
            let members = if set.members.is_empty() {
                vec![*id]
            } else {
                set.members.clone()
            };
            match &mut union {
                None => union = Some(CodeSet { members, ..set }),
                Some(union) if union.table == set.table => {
                    union.name = Arc::from(format!("{} or {}", union.name, name.text));
                    union.codes.extend(set.codes);
                    union.members.extend(members);
                }
                Some(union) => {
                    let (first, second) = (union.table, set.table);
                    let place = names.first()?.span;
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0202_WRONG_SORT,
                            name.span,
                            format!(
                                "`{}` cannot stand in one set with what is before it",
                                name.text
                            ),
                        )
                        .label(format!("codes of {}", table_words(second)))
                        .also(place, format!("codes of {}", table_words(first)))
                        .note("write two conditions below `any of`"),
                    );
                    return None;
                }
            }
        }
        let mut union = union?;
        union.title = None;
        union.codes.sort_unstable();
        union.codes.dedup();
        let mut seen = Vec::new();
        union.members.retain(|member| {
            let new = !seen.contains(member);
            seen.push(*member);
            new
        });
        let known = self
            .tables
            .sets
            .iter()
            .position(|set| set.as_ref().is_some_and(|set| set.name == union.name));
        if let Some(known) = known {
            return Some(SetId::from_index(known));
        }
        let timed = ids.iter().all(|id| self.is_timed_set(Some(*id)));
        self.tables.sets.push(Some(union));
        let union = self.tables.sets.len() - 1;
        if timed {
            self.tables.timed_sets.insert(union);
        }
        Some(SetId::from_index(union))
    }
}
