//! Names in the mapping file that are nearly those that are looked for.

use lind_diagnostics::closest;

use super::Mapping;
use crate::codes::fold;
use crate::excerpt::quoted;
use crate::problem::Recorder;
use crate::{Problem, Table, Wanted, rules};

impl Mapping {
    /// Says of names that nothing asks for which ones they nearly are. A mapping may serve several
    /// protocols, so a name that is none of this one's is no slip as such.
    pub(crate) fn tell_slips(&self, wanted: &Wanted, looked_for: &Wanted, recorder: &mut Recorder) {
        let mut slips: Vec<(u32, String)> = Vec::new();
        for rule in &self.codes {
            for other in &rule.others {
                let books = || Table::FACTS.into_iter().map(|table| wanted.book(table));
                if books().any(|book| book.is_named(other)) {
                    continue;
                }
                if let Some(meant) = books().find_map(|book| book.nearly(other)) {
                    slips.push((
                        self.line(rule.id),
                        format!(
                            "{} is nearly {}, which is looked for; codes are compared letter by \
                             letter, so these rows count for nothing",
                            quoted(other),
                            quoted(&meant)
                        ),
                    ));
                }
            }
        }
        let milestones = looked_for.book(Table::Milestones);
        for rule in &self.milestones {
            if milestones.is_named(&fold(&rule.name)) {
                continue;
            }
            let known = milestones.exact_codes().filter(|code| !code.contains('|'));
            if let Some(meant) = closest(&rule.name, known) {
                slips.push((
                    self.line(rule.id),
                    format!(
                        "no milestone {} is looked for; did you mean {}?",
                        quoted(&rule.name),
                        quoted(meant)
                    ),
                ));
            }
        }
        for (line, message) in slips {
            recorder.record(Problem {
                rule: &rules::D0766_MAPPING_TARGET,
                file: self.file.to_string(),
                line,
                record: None,
                column: None,
                column_number: None,
                message,
            });
        }
    }
}
