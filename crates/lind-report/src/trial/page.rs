//! A report as one page of HTML that loads nothing and runs nothing.

use lind_model::{Protocol, Results};

use super::figures::{self, Figure};
use super::{Table, sections};
use crate::html::{self, Column, Html, Page, Row};

/// A number with its range that is longer may break before the range.
const LONGEST_WHOLE: usize = 16;
/// A text of a cell that is longer needs room.
const LONGEST_SHORT: usize = 36;

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
    let figures = figures::figures(protocol, results);
    let mut shown: Vec<usize> = Vec::new();
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
        for (place, figure) in figures.iter().enumerate() {
            if section.part == Some(figure.section) {
                content.push(&drawn(figure));
                shown.push(place);
            }
        }
        page.section(&section.heading, content);
    }
    let mut rest = Html::default();
    for (place, figure) in figures.iter().enumerate() {
        if !shown.contains(&place) {
            rest.push(&drawn(figure));
        }
    }
    if !rest.is_empty() {
        page.section("Figures", rest);
    }
    page.finish()
}

/// A figure with what it shows in words, which are those of its description.
fn drawn(figure: &Figure) -> Html {
    let figure = html::Figure {
        id: figure.id.clone(),
        drawing: figure.svg.clone(),
        caption: Html::text(&figure.caption),
        alternative_title: "The same in words".to_owned(),
        alternative: Html::default(),
    };
    figure.described().html()
}

/// A cell; a date stands on one line, and what is long has room enough to be read.
fn cell(text: &str) -> Html {
    let is_date = text.len() == 10
        && text.char_indices().all(|(place, character)| match place {
            4 | 7 => character == '-',
            _ => character.is_ascii_digit(),
        });
    if is_date {
        Html::text(text).inline("span", "whole")
    } else if text.chars().count() > LONGEST_SHORT {
        Html::text(text).inline("span", "prose")
    } else {
        Html::text(text)
    }
}

/// A cell of numbers, which breaks before an interval and before a long range, and nowhere else.
fn number_cell(text: &str) -> Html {
    let mut html = Html::default();
    for (place, part) in text.split_inclusive(", ").enumerate() {
        let range = part.find(" (").filter(|_| part.len() > LONGEST_WHOLE);
        let (number, range) = part.split_at(range.unwrap_or(part.len()));
        let pieces = [number, range]
            .into_iter()
            .filter(|piece| !piece.is_empty());
        for (piece_place, piece) in pieces.enumerate() {
            if place + piece_place > 0 {
                html = html.spaced();
            }
            html.push(&Html::text(piece.trim()).inline("span", "whole"));
        }
    }
    html
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
            let mut cells = cells.iter().enumerate().map(|(place, text)| {
                match place == 0 || table.words.contains(&place) {
                    true => cell(text),
                    false => number_cell(text),
                }
            });
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
        html.push(&Html::list(notes.collect()).within("div", "under"));
    }
    html
}
