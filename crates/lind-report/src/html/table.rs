//! Tables with a caption and scoped headers, in a frame of their own: a table that is too wide scrolls in it, and the
//! page does not.

use crate::html::{Html, anchor};

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What it holds.
    pub heading: Html,
    /// Whether it holds numbers, which stand at the right.
    pub numbers: bool,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn text(heading: &str) -> Self {
        Self {
            heading: Html::text(heading),
            numbers: false,
        }
    }

    /// A column of numbers.
    #[must_use]
    pub fn numbers(heading: &str) -> Self {
        Self {
            heading: Html::text(heading),
            numbers: true,
        }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// What the rows below have in common, over all columns.
    Group(Html),
    /// What the row is about, in the first column, and the cells of the others.
    Cells {
        /// What the row is about.
        head: Html,
        /// The cells.
        cells: Vec<Html>,
    },
}

impl Row {
    /// A row of cells.
    #[must_use]
    pub fn cells(head: Html, cells: Vec<Html>) -> Self {
        Self::Cells { head, cells }
    }
}

/// With more columns a table is printed across the paper, and its first column stays when it scrolls.
const LONG: usize = 7;
/// With more columns the headings stand upright on paper.
const MANY: usize = 12;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Its name on the page; each table has its own.
    pub id: String,
    /// What it shows.
    pub caption: Html,
    /// Headings over several columns, from the second column on, and over how many; may be empty.
    pub spans: Vec<(Html, usize)>,
    /// Its columns; the first tells what a row is about.
    pub columns: Vec<Column>,
    /// Its rows. A row with fewer cells than columns is filled up.
    pub rows: Vec<Row>,
}

impl Table {
    /// The table as markup.
    #[must_use]
    pub fn html(&self) -> Html {
        let id = anchor(&self.id);
        let long = match self.columns.len() {
            columns if columns > MANY => " long many",
            columns if columns > LONG => " long",
            _ => "",
        };
        // The keyboard must reach what scrolls.
        let mut html = format!(
            "<div class=\"wide{long}\" role=\"region\" aria-labelledby=\"{id}-caption\" tabindex=\"0\">\n\
             <table id=\"{id}\">\n<caption id=\"{id}-caption\">{}</caption>\n<thead>",
            self.caption.as_str()
        );
        if !self.spans.is_empty() {
            html.push_str("<tr class=\"spans\"><td></td>");
            for (heading, count) in &self.spans {
                html.push_str(&if heading.is_empty() {
                    format!("<td colspan=\"{count}\"></td>")
                } else {
                    format!(
                        "<th scope=\"colgroup\" colspan=\"{count}\">{}</th>",
                        heading.as_str()
                    )
                });
            }
            html.push_str("</tr>\n");
        }
        html.push_str("<tr>");
        for column in &self.columns {
            let class = class(column);
            html.push_str(&format!(
                "<th scope=\"col\"{class}>{}</th>",
                column.heading.as_str()
            ));
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        for (place, row) in self.rows.iter().enumerate() {
            match row {
                Row::Group(head) => {
                    // A heading stands for the rows of its own body.
                    if place > 0 {
                        html.push_str("</tbody>\n<tbody>\n");
                    }
                    html.push_str(&format!(
                        "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n",
                        self.columns.len().max(1),
                        head.as_str()
                    ));
                }
                Row::Cells { head, cells } => {
                    html.push_str(&format!("<tr><th scope=\"row\">{}</th>", head.as_str()));
                    for (place, column) in self.columns.iter().skip(1).enumerate() {
                        let cell = cells.get(place).map_or("", Html::as_str);
                        html.push_str(&format!("<td{}>{cell}</td>", class(column)));
                    }
                    html.push_str("</tr>\n");
                }
            }
        }
        html.push_str("</tbody>\n</table>\n</div>\n");
        Html::made(html)
    }
}

fn class(column: &Column) -> &'static str {
    if column.numbers {
        " class=\"number\""
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Row, Table};
    use crate::html::Html;

    #[test]
    fn cells_belong_to_their_headers() {
        let table = Table {
            id: "AE by grade".to_owned(),
            caption: Html::text("Events"),
            spans: vec![(Html::text("Worst grade"), 2)],
            columns: vec![
                Column::text("Event"),
                Column::numbers("1–2"),
                Column::numbers("≥ 3"),
            ],
            rows: vec![
                Row::Group(Html::text("Blood")),
                Row::cells(Html::text("<b>"), vec![Html::text("4")]),
                Row::Group(Html::text("Immune system")),
                Row::cells(
                    Html::text("CRS"),
                    vec![Html::text("7"), Html::text("0"), Html::text("lost")],
                ),
            ],
        };
        insta::assert_snapshot!(table.html().as_str(), @r##"
        <div class="wide" role="region" aria-labelledby="ae-by-grade-caption" tabindex="0">
        <table id="ae-by-grade">
        <caption id="ae-by-grade-caption">Events</caption>
        <thead><tr class="spans"><td></td><th scope="colgroup" colspan="2">Worst grade</th></tr>
        <tr><th scope="col">Event</th><th scope="col" class="number">1–2</th><th scope="col" class="number">≥ 3</th></tr></thead>
        <tbody>
        <tr class="group"><th scope="rowgroup" colspan="3">Blood</th></tr>
        <tr><th scope="row">&lt;b&gt;</th><td class="number">4</td><td class="number"></td></tr>
        </tbody>
        <tbody>
        <tr class="group"><th scope="rowgroup" colspan="3">Immune system</th></tr>
        <tr><th scope="row">CRS</th><td class="number">7</td><td class="number">0</td></tr>
        </tbody>
        </table>
        </div>
        "##);
    }
}
