//! A report as one page of HTML that loads nothing and runs nothing.

use lind_model::{Protocol, Results};

use super::{Table, figures, sections};
use crate::html::{self, Column, Html, Page, Row};

/// The results of a trial as one self-contained page: tables and figures, each figure with its text alternative.
#[must_use]
pub fn results_html(protocol: &Protocol, results: &Results) -> String {
    let mut page = Page::new(&format!("{} {}", protocol.id, protocol.title));
    if let Some(version) = &protocol.version {
        let dated = protocol
            .dated
            .map_or_else(String::new, |day| format!(" of {day}"));
        page.line(&format!("Protocol version {version}{dated}"));
    }
    if let Some(time) = results.known_at {
        page.line(&format!("Data known until {time}"));
    }
    let mut number = 0;
    for section in sections(protocol, results) {
        let mut content = Html::default();
        for paragraph in &section.about {
            content.push(&Html::paragraph(Html::text(paragraph)));
        }
        for table in &section.tables {
            number += 1;
            content.push(&written(table, number));
        }
        page.section(&section.heading, content);
    }
    let figures = figures::figures(protocol, results);
    if !figures.is_empty() {
        let mut content = Html::default();
        for figure in figures {
            content.push(
                &html::Figure {
                    id: figure.id,
                    drawing: figure.svg,
                    caption: Html::text(&figure.caption),
                    alternative_title: "What the figure shows".to_owned(),
                    alternative: Html::paragraph(Html::text(
                        "The values stand in the tables of this page; the drawing carries a description for readers of screens.",
                    )),
                }
                .html(),
            );
        }
        page.section("Figures", content);
    }
    page.finish()
}

fn written(table: &Table, number: usize) -> Html {
    let columns = table
        .head
        .iter()
        .enumerate()
        .map(|(place, heading)| {
            if place == 0 || table.words.contains(&place) {
                Column::text(heading)
            } else {
                Column::numbers(heading)
            }
        })
        .collect();
    let rows = table
        .rows
        .iter()
        .map(|cells| {
            let mut cells = cells.iter().map(|cell| Html::text(cell));
            Row::cells(cells.next().unwrap_or_default(), cells.collect())
        })
        .collect();
    let mut html = html::Table {
        id: format!("table-{number}"),
        caption: Html::text(&table.caption),
        columns,
        rows,
        ..html::Table::default()
    }
    .html();
    if !table.notes.is_empty() {
        let notes = table.notes.iter().map(|note| Html::text(note));
        html.push(&Html::list(notes.collect()));
    }
    html
}
