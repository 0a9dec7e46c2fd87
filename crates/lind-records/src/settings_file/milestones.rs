//! `[milestones.leukapheresis]`: which record of a patient is a milestone.

use super::{Entry, Reading, in_file_order};
use crate::Table;
use crate::codes::fold;
use crate::excerpt::{list, quoted};
use crate::mapping::{Edge, MilestoneRule, Take, WITH_END};

impl Reading<'_> {
    pub(super) fn milestone(&mut self, (name, span, value): Entry<'_>) {
        let Some(table) = value.get_ref().as_table() else {
            return;
        };
        let (mut from, mut codes, mut take, mut edge) = (None, None, None, Some(Edge::Start));
        let mut is_whole = true;
        for (key, at, value) in &in_file_order(table) {
            match key.as_str() {
                "from" => {
                    from = self.texts(key, value).and_then(|names| {
                        let tables = names.iter().map(|name| {
                            let table = Table::named(name.trim())
                                .filter(|table| Table::FACTS.contains(table));
                            if table.is_none() {
                                let known = Table::FACTS.map(Table::name);
                                let message = format!(
                                    "{} is none of the tables of facts: {}",
                                    quoted(name),
                                    list(&known, known.len())
                                );
                                self.wrong(key, &value.span(), message);
                            }
                            table
                        });
                        tables.collect::<Option<Vec<Table>>>()
                    });
                    is_whole &= from.is_some();
                }
                "code" => {
                    codes = self.texts(key, value);
                    for code in codes.iter().flatten() {
                        is_whole &= self.pattern(code, &value.span()).is_some();
                    }
                    is_whole &= codes.is_some();
                }
                "take" => {
                    take = self.one_of(key, value, &Take::WORDS);
                    is_whole &= take.is_some();
                }
                "edge" => {
                    edge = self.one_of(key, value, &Edge::WORDS);
                    is_whole &= edge.is_some();
                }
                _ => {
                    let of = format!("the milestone {}", quoted(name));
                    self.unknown(key, at, &of, ["from", "code", "take", "edge"]);
                }
            }
        }
        if !is_whole {
            return;
        }
        let (Some(from), Some(codes)) = (from, codes) else {
            let message = format!(
                "the milestone {} needs `from` and `code`, as in from = \"procedures\" and code = \
                 \"snomed|110466009\"",
                quoted(name)
            );
            self.wrong(name, span, message);
            return;
        };
        let edge = edge.unwrap_or(Edge::Start);
        let without_end = from.iter().find(|table| !WITH_END.contains(table));
        if let (Edge::End, Some(table)) = (edge, without_end) {
            let known = WITH_END.map(Table::name);
            let message = format!(
                "the rows of {table} have no end; only those of {} have one",
                list(&known, known.len())
            );
            self.wrong("edge", span, message);
            return;
        }
        let line = self.line(span);
        let id = self.mapping.number(line);
        self.mapping.milestones.push(MilestoneRule {
            id,
            name: name.trim().to_owned(),
            from,
            codes: codes.iter().map(|code| fold(code)).collect(),
            take: take.unwrap_or(Take::Only),
            edge,
        });
    }
}
