//! `from` in the section of a table, `[columns]` and `dose`: rows and cells that a source keeps
//! elsewhere.

use std::ops::Range;

use lind_diagnostics::closest;
use toml::Spanned;
use toml::de::DeValue;

use super::{Entry, Reading, in_file_order};
use crate::Table;
use crate::codes::{Pattern, fold};
use crate::excerpt::{list, quoted};
use crate::mapping::{ColumnRule, MoveRule};
use crate::table::CODE;

impl Reading<'_> {
    /// `from.conditions = ["snomed|91936005"]`. Whether all of it can be used: what cannot may be about
    /// any of the rows.
    pub(super) fn moved(
        &mut self,
        to: Table,
        (key, span, value): (&str, &Range<usize>, &Spanned<DeValue<'_>>),
    ) -> bool {
        let Some(sources) = self.section((key, span, value)) else {
            return false;
        };
        let mut is_whole = true;
        for (name, at, codes) in in_file_order(sources) {
            let known = MoveRule::sources(to);
            let Some(from) = known.iter().copied().find(|table| table.name() == name) else {
                let known: Vec<&str> = known.iter().map(|table| table.name()).collect();
                if known.is_empty() {
                    let message = format!("no rows of another table can be rows of {to}");
                    self.wrong(&name, &at, message);
                } else {
                    self.unknown(&name, &at, &format!("`from` of [{to}]"), known);
                }
                is_whole = false;
                continue;
            };
            let Some(codes_of) = self.texts(&name, codes) else {
                is_whole = false;
                continue;
            };
            for code in codes_of {
                is_whole &= self.moved_code((from, to), &code, &codes.span());
            }
        }
        is_whole
    }

    fn moved_code(&mut self, (from, to): (Table, Table), code: &str, at: &Range<usize>) -> bool {
        let Some(pattern) = self.pattern(code, at) else {
            return false;
        };
        let same = |rule: &MoveRule| rule.from == from && rule.code == pattern;
        if let Some(place) = self.mapping.moves.iter().position(same) {
            let known = self.mapping.moves.get(place);
            let Some((id, is_other)) = known.map(|known| (known.id, known.to != to)) else {
                return false;
            };
            if is_other {
                let line = self.mapping.line(id);
                self.contradiction(code, at, "the table of these rows", line);
                self.mapping.moves.remove(place);
            }
            return !is_other;
        }
        let line = self.line(at);
        let id = self.mapping.number(line);
        self.mapping.moves.push(MoveRule {
            id,
            code: pattern,
            from,
            to,
        });
        true
    }

    /// `dose = "supplied"`
    pub(super) fn dose(&mut self, (key, span, value): Entry<'_>) {
        let words = [("stated", false), ("supplied", true)];
        if self.one_of(key, value, &words) == Some(true) {
            let line = self.line(span);
            self.mapping.supply = Some(self.mapping.number(line));
        }
    }

    /// `"SUPPCM|CMLINE" = "line"`
    pub(super) fn columns(&mut self, entry: Entry<'_>) {
        for (said_in, span, value) in self.section(entry).map_or(Vec::new(), in_file_order) {
            let Some(name) = self.text(&said_in, value) else {
                continue;
            };
            let Some(column) = column_named(name.trim()) else {
                let known: Vec<&str> = columns().collect();
                let is_short = name.chars().count() <= 40;
                let hint = match closest(&name, known.iter().copied()).filter(|_| is_short) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("columns are {}", list(&known, known.len())),
                };
                let message = format!(
                    "{} is no column of a table that a record can fill; {hint}",
                    quoted(&name)
                );
                self.wrong(&said_in, &value.span(), message);
                continue;
            };
            if fold(&said_in).is_empty() || said_in.trim().ends_with('*') {
                let message = format!(
                    "{} is no name of a place; write the address of an extension, a qualifier as in \
                     \"SUPPCM|CMLINE\", or a code",
                    quoted(&said_in)
                );
                self.wrong(&said_in, &span, message);
                continue;
            }
            let said_in = said_in.trim().to_owned();
            let same = |rule: &ColumnRule| rule.said_in.eq_ignore_ascii_case(&said_in);
            if let Some(place) = self.mapping.columns.iter().position(same) {
                let known = self.mapping.columns.get(place);
                let known = known.filter(|known| known.column != column);
                if let Some(id) = known.map(|known| known.id) {
                    let line = self.mapping.line(id);
                    self.contradiction(&said_in, &span, "this column", line);
                    self.mapping.columns.remove(place);
                }
                continue;
            }
            let line = self.line(&span);
            let id = self.mapping.number(line);
            self.mapping.columns.push(ColumnRule {
                id,
                code: Pattern::new(&said_in),
                said_in,
                column,
            });
        }
    }
}

/// The columns that say something of a record, each once.
fn columns() -> impl Iterator<Item = &'static str> {
    let all = || {
        let tables = Table::FACTS.into_iter();
        tables.flat_map(|table| table.columns().iter().skip(CODE + 1).copied())
    };
    all()
        .enumerate()
        .filter(move |(at, column)| all().position(|other| other == *column) == Some(*at))
        .map(|(_, column)| column)
}

fn column_named(name: &str) -> Option<&'static str> {
    columns().find(|column| *column == name)
}
