//! The values of each participant.

use lind_model::results::{Computed, Results};
use lind_model::{Protocol, Truth};

use super::numbers::number;
use super::units::titled;
use super::{Section, Table};

/// A row for each participant, a column for each endpoint that has one value.
pub(super) fn by_participant(protocol: &Protocol, results: &Results) -> Section {
    let statistics = &protocol.trial.statistics;
    let mut columns = Vec::new();
    for (endpoint, result) in protocol.trial.endpoints.iter().zip(&results.endpoints) {
        let single = result
            .values
            .iter()
            .all(|(_, value)| !matches!(value, Computed::AtVisits(_) | Computed::Events(_)));
        if single && !result.values.is_empty() {
            columns.push((endpoint, result));
        }
    }
    let mut table = Table {
        caption: "The values of each participant".to_owned(),
        head: ["Participant".to_owned(), "Assigned".to_owned()]
            .into_iter()
            .chain(
                columns
                    .iter()
                    .map(|(endpoint, _)| titled(protocol, endpoint)),
            )
            .collect(),
        ..Table::default()
    };
    for (place, participant) in results.participants.iter().enumerate() {
        let found: Vec<Option<&Computed>> = columns
            .iter()
            .map(|(_, result)| {
                let of = result.values.iter().find(|(other, _)| *other == place);
                of.map(|(_, value)| value)
            })
            .collect();
        if found.iter().all(Option::is_none) {
            continue;
        }
        let mut row = vec![
            participant.id.to_string(),
            participant
                .assigned
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
        ];
        for ((endpoint, _), value) in columns.iter().zip(found) {
            let in_unit = |value: &lind_units::Exact| {
                let turned = match endpoint.unit {
                    Some(unit) => value.checked_div(&unit.days()).unwrap_or_default(),
                    None => value.clone(),
                };
                number(&turned, endpoint.decimals, statistics)
            };
            row.push(match value {
                None => String::new(),
                Some(Computed::Truth(Truth::True)) => "yes".to_owned(),
                Some(Computed::Truth(Truth::False | Truth::NotApplicable)) => "no".to_owned(),
                Some(Computed::Truth(Truth::Open(_)) | Computed::Open(_)) => "unknown".to_owned(),
                Some(Computed::Number(value)) => in_unit(value),
                Some(Computed::AtLeast(value)) => format!("{} or more", in_unit(value)),
                Some(Computed::Never) => "-".to_owned(),
                Some(Computed::Grade { least, most, .. }) if least == most => least.to_string(),
                Some(Computed::Grade { least, most, .. }) => format!("{least} to {most}"),
                Some(Computed::AtVisits(_) | Computed::Events(_)) => String::new(),
            });
        }
        table.rows.push(row);
    }
    let has_columns = !columns.is_empty();
    let table = upright(table);
    Section {
        heading: "Listings".to_owned(),
        part: None,
        about: Vec::new(),
        tables: if !has_columns || table.rows.is_empty() {
            Vec::new()
        } else {
            vec![table]
        },
    }
}

/// A table with more columns than rows, turned so that it has more rows than columns.
fn upright(table: Table) -> Table {
    if table.head.len() <= table.rows.len().saturating_add(1) {
        return table;
    }
    let head = table.head.first().into_iter();
    let rows = table.rows.iter();
    let turned_head = head.chain(rows.clone().filter_map(|row| row.first()));
    let turned = (1..table.head.len()).map(|column| {
        let name = table.head.get(column).into_iter();
        let cells = rows.clone().filter_map(move |row| row.get(column));
        name.chain(cells).cloned().collect()
    });
    Table {
        head: turned_head.cloned().collect(),
        rows: turned.collect(),
        ..table.clone()
    }
}
