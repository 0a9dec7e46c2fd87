//! What data hold, as one page of HTML that loads nothing and runs nothing.

use super::{Coverage, DataCheck, Kind, counts, form, share};
use crate::html::{Column, Html, Page, Row, Table};
use crate::names::counted;

/// What data hold, what is wrong with them and what they can decide, as one self-contained page.
#[must_use]
pub fn data_check_html(check: &DataCheck) -> String {
    let mut page = Page::new(&format!("Data of {}", check.source));
    let [sex, birth, death] = check.known;
    page.line(&format!(
        "{}; {}",
        form(check),
        counted(check.patients, "patient", "patients")
    ));
    page.line(&format!(
        "Sex known of {sex}, birth of {birth}, death of {death}"
    ));
    page.section("What there is", kinds(check));
    if let Some(coverage) = &check.coverage {
        page.section("What can be decided", criteria(coverage));
        page.section("What is asked for", needs(coverage, check.patients));
    }
    page.section("What is wrong", problems(check));
    if !check.unknown_units.is_empty() {
        page.section("Texts that are no unit", unknown_units(check));
    }
    if !check.mapping.is_empty() {
        page.section("The mapping file", mapping(check));
    }
    page.section("Codes", codes(check));
    page.finish()
}

fn number(count: u64) -> Html {
    Html::text(&count.to_string())
}

fn prose(text: &str) -> Html {
    Html::text(text).inline("span", "prose")
}

fn table(id: &str, caption: &str, columns: Vec<Column>, rows: Vec<Row>) -> Html {
    Table {
        id: format!("table-{id}"),
        caption: Html::text(caption),
        columns,
        rows,
        ..Table::default()
    }
    .html()
}

fn kinds(check: &DataCheck) -> Html {
    let there: Vec<&Kind> = check.kinds.iter().filter(|kind| kind.read > 0).collect();
    // Numbers of which there are none for any kind are left out.
    type Cell = fn(&Kind) -> String;
    let counts: [(&str, Cell); 6] = [
        ("Partial dates", |kind| share(kind.partial, kind.used)),
        ("No date", |kind| share(kind.undated, kind.used)),
        ("Twice", |kind| kind.duplicates.to_string()),
        ("Withdrawn", |kind| kind.withdrawn.to_string()),
        ("Later", |kind| kind.later.to_string()),
        ("Set aside", |kind| kind.set_aside.to_string()),
    ];
    let says = |cell: &Cell| there.iter().any(|kind| !["0", "–"].contains(&&*cell(kind)));
    let counts: Vec<(&str, Cell)> = counts.into_iter().filter(|(_, cell)| says(cell)).collect();
    let rows = there.iter().map(|kind| {
        let (first, last) = match &kind.span {
            Some((first, last)) => (first.as_str(), last.as_str()),
            None => ("–", "–"),
        };
        let mut cells = vec![
            number(kind.read),
            number(kind.used),
            number(kind.patients),
            Html::text(first).inline("span", "whole"),
            Html::text(last).inline("span", "whole"),
        ];
        let counts = counts.iter().map(|(_, cell)| Html::text(&cell(kind)));
        cells.extend(counts.map(|cell| cell.inline("span", "whole")));
        cells.push(Html::text(if kind.complete.is_ok() { "yes" } else { "no" }));
        Row::cells(Html::text(kind.table), cells)
    });
    let mut columns = vec![
        Column::text("Table"),
        Column::numbers("Rows"),
        Column::numbers("Used"),
        Column::numbers("Patients"),
        Column::text("First"),
        Column::text("Last"),
    ];
    columns.extend(counts.iter().map(|(name, _)| Column::numbers(name)));
    columns.push(Column::text("Complete"));
    let mut html = table("kinds", "Rows by kind", columns, rows.collect());
    let empty: Vec<&str> = check
        .kinds
        .iter()
        .filter(|kind| kind.read == 0)
        .map(|kind| kind.table)
        .collect();
    if !empty.is_empty() {
        let text = format!("No rows: {}.", empty.join(", "));
        html.push(&Html::remark(Html::text(&text)));
    }
    for (complete, kinds) in check.by_completeness() {
        let text = match complete {
            Ok(()) => format!("Complete, so that a fact without a row is not there: {kinds}."),
            Err(why) => {
                format!("Not complete, so that a fact without a row is unknown ({why}): {kinds}.")
            }
        };
        html.push(&Html::remark(Html::text(&text)));
    }
    html
}

fn criteria(coverage: &Coverage) -> Html {
    let rows = coverage.criteria.iter().map(|criterion| {
        let reasons: Vec<Html> = criterion
            .reasons
            .iter()
            .take(3)
            .map(|(reason, count, patient)| {
                Html::text(&format!("{count}, such as {patient}: {reason}"))
            })
            .collect();
        let reasons = if reasons.is_empty() {
            Html::default()
        } else {
            Html::list(reasons).inline("div", "prose")
        };
        Row::cells(
            prose(&format!("{} {}", criterion.id, criterion.title)),
            vec![
                number(criterion.met),
                number(criterion.not_met),
                number(criterion.unknown),
                number(criterion.needs_judgement),
                number(criterion.pending),
                reasons,
            ],
        )
    });
    let columns = vec![
        Column::text("Criterion"),
        Column::numbers("Met"),
        Column::numbers("Not met"),
        Column::numbers("Unknown"),
        Column::numbers("To judge"),
        Column::numbers("Pending"),
        Column::text("Why it is open"),
    ];
    let caption = format!("For how many patients {} is decided", coverage.protocol);
    table("criteria", &caption, columns, rows.collect())
}

fn needs(coverage: &Coverage, patients: u64) -> Html {
    let rows = coverage.needs.iter().map(|need| {
        Row::cells(
            Html::text(&format!("{} {}", need.kind, need.name)),
            vec![
                number(need.patients),
                number(need.usable),
                Html::text(&share(need.usable, patients)),
                prose(&counts(&need.units, 6)),
                prose(&counts(&need.codes, 6)),
                prose(&counts(&need.faults, 6)),
            ],
        )
    });
    let columns = vec![
        Column::text("What"),
        Column::numbers("Patients"),
        Column::numbers("Usable"),
        Column::numbers("Share"),
        Column::text("Units"),
        Column::text("Codes"),
        Column::text("Values that cannot be used"),
    ];
    table(
        "needs",
        "What the criteria ask for",
        columns,
        rows.collect(),
    )
}

fn problems(check: &DataCheck) -> Html {
    if check.problems.is_empty() {
        return Html::paragraph(Html::text("Nothing was found."));
    }
    let rows = check.problems.iter().map(|kind| {
        let places = kind.by_message().into_iter();
        let places = places.map(|(message, places)| Html::text(&format!("{places}: {message}")));
        Row::cells(
            Html::text(&format!("{} {}", kind.code, kind.severity)),
            vec![
                number(kind.count),
                prose(kind.summary),
                Html::list(places.collect()).inline("div", "prose"),
            ],
        )
    });
    let columns = vec![
        Column::text("Code"),
        Column::numbers("Count"),
        Column::text("What it is"),
        Column::text("The first"),
    ];
    table("problems", "Problems by kind", columns, rows.collect())
}

fn unknown_units(check: &DataCheck) -> Html {
    let rows = check.unknown_units.iter().map(|unit| {
        let cells = vec![Html::text(&unit.code), number(unit.rows)];
        Row::cells(Html::text(&unit.text), cells)
    });
    let columns = vec![
        Column::text("Text"),
        Column::text("Code"),
        Column::numbers("Rows"),
    ];
    table(
        "unknown-units",
        "Where a unit should stand",
        columns,
        rows.collect(),
    )
}

fn mapping(check: &DataCheck) -> Html {
    let rows = check.mapping.iter().map(|line| {
        let cells = vec![prose(&line.says), number(line.rows)];
        Row::cells(
            Html::text(&format!("{} [{}]", line.line, line.section)),
            cells,
        )
    });
    let columns = vec![
        Column::text("Line"),
        Column::text("What it says"),
        Column::numbers("Rows"),
    ];
    table(
        "mapping",
        "What was read by its word",
        columns,
        rows.collect(),
    )
}

fn codes(check: &DataCheck) -> Html {
    let mut rows = Vec::new();
    let mut last = "";
    for code in &check.codes {
        if code.table != last {
            last = code.table;
            rows.push(Row::Group(Html::text(last)));
        }
        rows.push(Row::cells(
            Html::text(&code.code),
            vec![
                number(code.rows),
                number(code.patients),
                Html::text(&share(code.without_limits, code.numbers)),
                number(code.beyond),
                prose(&counts(&code.unit_counts(), 6)),
                Html::text(match code.is_asked {
                    Some(true) => "yes",
                    Some(false) => "no",
                    None => "–",
                }),
            ],
        ));
    }
    let columns = vec![
        Column::text("Code"),
        Column::numbers("Rows"),
        Column::numbers("Patients"),
        Column::numbers("No limits"),
        Column::numbers("< or >"),
        Column::text("Units"),
        Column::text("Asked for"),
    ];
    let mut html = table("codes", "Codes of the data", columns, rows);
    if check.more_codes > 0 {
        let more = format!("{} further codes are not listed.", check.more_codes);
        html.push(&Html::remark(Html::text(&more)));
    }
    html
}
