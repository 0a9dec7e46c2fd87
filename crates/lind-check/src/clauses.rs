//! Clauses that govern the values below them: which value, in which window, from which samples.

use lind_diagnostics::Diagnostic;
use lind_model::protocol::{SampleRule, Selector, Take, Usage, Window};
use lind_syntax::tree;

use crate::alternatives::Sort;
use crate::analysis::Checker;
use crate::rules;
use crate::times::Inside;

impl Checker<'_> {
    /// Reads a `take` or a `from samples` clause into the usage.
    pub(crate) fn take(&mut self, take: &tree::Take, usage: &mut Usage) -> Option<()> {
        match take {
            tree::Take::Selector(word, window) => {
                usage.take = Some(Take::Selector(selector(*word)));
                self.take_window(window.as_ref(), usage)
            }
            tree::Take::AsRead(name, window) => {
                let id = self.find_reading(name)?;
                let outline = self.outline(id)?;
                if outline.unreadable {
                    return None;
                }
                if outline.sort != Sort::Selector {
                    let (declared, words) = (outline.declared, outline.sort.words());
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0202_WRONG_SORT,
                            name.span,
                            format!("`{}` does not choose among values", name.text),
                        )
                        .label("needs a reading whose alternatives are `take the … value`")
                        .also(declared, format!("chooses among {words}")),
                    );
                    return None;
                }
                usage.take = Some(Take::AsRead(id));
                self.take_window(window.as_ref(), usage)
            }
            tree::Take::Samples(samples) => {
                let sets: Vec<_> = samples
                    .without
                    .iter()
                    .map(|name| {
                        let set = self.find_set(name)?;
                        self.whole_list(set, name.span)?;
                        Some(set)
                    })
                    .collect();
                let inside = Inside {
                    what: "treatments and procedures are recorded by day",
                    declared: None,
                    timed: false,
                    has_sample: true,
                    is_drug: false,
                };
                let window = self.clause_window(&samples.window, inside);
                let without = sets.into_iter().collect::<Option<Vec<_>>>()?;
                usage.samples.push(SampleRule {
                    only_under: None,
                    without,
                    window: window?,
                    text: self.text(samples.span),
                });
                Some(())
            }
        }
    }

    /// The window of a clause, which speaks of all values below it.
    pub(crate) fn clause_window(
        &mut self,
        window: &tree::Window,
        inside: Inside<'_>,
    ) -> Option<Window> {
        self.clause = true;
        let window = self.window(window, inside);
        self.clause = false;
        window
    }

    fn take_window(&mut self, window: Option<&tree::Window>, usage: &mut Usage) -> Option<()> {
        if let Some(window) = window {
            let inside = Inside {
                what: "values",
                declared: None,
                timed: true,
                has_sample: false,
                is_drug: false,
            };
            usage.window = Some(self.clause_window(window, inside)?);
        }
        Some(())
    }
}

/// The selector that was written.
pub(crate) fn selector(word: tree::Selector) -> Selector {
    match word {
        tree::Selector::Latest => Selector::Latest,
        tree::Selector::First => Selector::First,
        tree::Selector::Highest => Selector::Highest,
        tree::Selector::Lowest => Selector::Lowest,
        tree::Selector::Worst => Selector::Worst,
        tree::Selector::Any => Selector::Any,
        tree::Selector::Every => Selector::Every,
        tree::Selector::Mean => Selector::Mean,
    }
}
