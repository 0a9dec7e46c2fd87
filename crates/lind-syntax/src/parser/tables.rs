//! Tables of tests: the columns are lines of a test, and each row fills them in.

use lind_diagnostics::Span;
use pest::iterators::Pair;

use crate::convert::{Filled, Source};
use crate::grammar::{Rule, parse_line};
use crate::layout::{Line, has_bar, length};
use crate::parser::{Block, Parser};
use crate::place::Place;
use crate::tree::{CaseLine, CaseLineKind, TableProblem, TestCase, TestTable, Text};

/// Where a cell of a row stands in a column. Without it, the cell stands at the column's end.
const HOLE: &str = "_";

/// What stands between two bars.
struct Cell {
    text: String,
    span: Span,
}

impl<'l> Parser<'l, '_> {
    /// Reads what stands below `test table`.
    pub(super) fn table(&mut self, line: &'l Line, test: &mut TestCase, block: &mut Block<'l>) {
        let mut table = TestTable::default();
        let mut columns: Option<Vec<Cell>> = None;
        for child in &line.children {
            if has_bar(&child.text) {
                let cells = self.line(child, Place::Table, block, |source, pair| {
                    Some(cells(source, pair))
                });
                self.nothing_below_if_read(child, Place::Table);
                let Some(cells) = cells else { continue };
                match &columns {
                    None => {
                        table.problems.extend(unfit_columns(&cells));
                        columns = Some(cells);
                    }
                    Some(columns) => {
                        let span = child.span(self.file);
                        match self.row(test, columns, &cells, span) {
                            Ok(row) => table.rows.push(row),
                            Err(problem) => table.problems.push(problem),
                        }
                    }
                }
            } else if columns.is_some() {
                table.problems.push(problem(
                    child.span(self.file),
                    "this row has no bar between its cells",
                    "no `|`",
                ));
            } else {
                let kind = self.line(child, Place::Test, block, |source, pair| {
                    source.case_line(pair)
                });
                test.lines.push(CaseLine {
                    kind: kind.unwrap_or(CaseLineKind::Broken),
                    span: child.span(self.file),
                });
                self.nothing_below_if_read(child, Place::Test);
            }
        }
        if table.rows.is_empty() && table.problems.is_empty() {
            table.problems.push(problem(
                line.span(self.file),
                "this table has no rows",
                "a line of columns and a row for each test belong below it",
            ));
        }
        test.table = Some(table);
    }

    /// The test of a row.
    fn row(
        &mut self,
        table: &TestCase,
        columns: &[Cell],
        cells: &[Cell],
        span: Span,
    ) -> Result<TestCase, TableProblem> {
        if columns.len() != cells.len() {
            let message = format!(
                "the table has {} columns, and this row has {}",
                columns.len(),
                cells.len()
            );
            return Err(problem(span, &message, "as many cells as columns"));
        }
        let mut row = TestCase {
            title: Text {
                value: row_title(&table.title.value, columns, cells),
                span,
            },
            lines: table.lines.clone(),
            table: None,
            span,
        };
        for (column, cell) in columns.iter().zip(cells) {
            // What a row leaves empty it does not say.
            if cell.text.is_empty() {
                continue;
            }
            let kind = self.filled(column, cell).ok_or_else(|| {
                let message = format!(
                    "`{}` cannot be read as a line of a test",
                    fill(&column.text, &cell.text).0
                );
                problem(cell.span, &message, "does not fit its column")
            })?;
            row.lines.push(CaseLine {
                kind,
                span: cell.span,
            });
        }
        Ok(row)
    }

    /// A column with a cell in its hole, as a line of a test.
    fn filled(&mut self, column: &Cell, cell: &Cell) -> Option<CaseLineKind> {
        let (text, from) = fill(&column.text, &cell.text);
        let pair = parse_line(Place::Test.rule(), &text).ok()?;
        let mut source = Source {
            file: self.file,
            base: column.span.start,
            filled: Some(Filled {
                from,
                to: from.saturating_add(length(&cell.text)),
                longer: i64::from(length(&text)) - i64::from(length(&column.text)),
                cell: cell.span,
            }),
            diagnostics: &mut self.diagnostics,
        };
        source.case_line(pair)
    }
}

/// The cells of a line; those that are empty are there, too.
fn cells(source: &Source<'_>, pair: Pair<'_, Rule>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut is_open = true;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::table_cell => {
                is_open = false;
                cells.push(Cell {
                    text: part.as_str().trim().to_owned(),
                    span: source.span(&part),
                });
            }
            Rule::table_bar => {
                if std::mem::replace(&mut is_open, true) {
                    cells.push(empty(source.span(&part)));
                }
            }
            _ => {
                if is_open {
                    cells.push(empty(source.span(&part)));
                }
            }
        }
    }
    cells
}

fn empty(span: Span) -> Cell {
    Cell {
        text: String::new(),
        span,
    }
}

/// Columns that say nothing, and a table that expects nothing.
fn unfit_columns(columns: &[Cell]) -> Vec<TableProblem> {
    let mut problems: Vec<TableProblem> = columns
        .iter()
        .filter(|column| column.text.is_empty())
        .map(|column| problem(column.span, "this column is empty", "no line of a test"))
        .collect();
    if let (Some(last), false) = (columns.last(), columns.iter().any(expects)) {
        problems.push(problem(
            last.span,
            "no column of this table expects anything",
            "write `expect` and what must come out, such as `expect I1`",
        ));
    }
    problems
}

fn expects(column: &Cell) -> bool {
    column.text.split_whitespace().next() == Some("expect")
}

/// The title of the table with what the row fills in.
fn row_title(title: &str, columns: &[Cell], cells: &[Cell]) -> String {
    let given: Vec<&str> = columns
        .iter()
        .zip(cells)
        .filter(|(column, cell)| !expects(column) && !cell.text.is_empty())
        .map(|(_, cell)| cell.text.as_str())
        .collect();
    format!("{title}: {}", given.join(", "))
}

/// A column with a cell in it, and where that begins.
fn fill(column: &str, cell: &str) -> (String, u32) {
    let mut at = 0;
    for word in column.split(' ') {
        if word.trim_end_matches(',') == HOLE {
            let (head, tail) = column.split_at_checked(at).unwrap_or((column, ""));
            let tail = tail.strip_prefix(HOLE).unwrap_or(tail);
            return (format!("{head}{cell}{tail}"), length(head));
        }
        at += word.len() + 1;
    }
    let from = length(column).saturating_add(1);
    (format!("{column} {cell}"), from)
}

fn problem(span: Span, message: &str, label: &str) -> TableProblem {
    TableProblem {
        message: message.to_owned(),
        label: label.to_owned(),
        span,
    }
}

#[cfg(test)]
mod tests {
    use super::{fill, has_bar};

    #[test]
    fn a_bar_between_blanks_divides_a_line() {
        assert!(has_bar("inr _ on 2025-01-18 | expect E8"));
        assert!(!has_bar("treatment local|study_drug on 2024-12-01"));
        assert!(!has_bar("note \"this | that\""));
    }

    #[test]
    fn a_cell_stands_in_the_hole_or_at_the_end() {
        assert_eq!(
            fill("inr _ on 2025-01-18, upper limit 1.20", "1.8"),
            ("inr 1.8 on 2025-01-18, upper limit 1.20".to_owned(), 4)
        );
        assert_eq!(
            fill("a man born _", "1980"),
            ("a man born 1980".to_owned(), 11)
        );
        assert_eq!(
            fill("expect E8", "not met"),
            ("expect E8 not met".to_owned(), 10)
        );
    }
}
