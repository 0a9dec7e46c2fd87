//! Tables in Markdown that rules are read from.

/// A row: its line in the document, from 1, and its cells.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) line: usize,
    cells: Vec<String>,
}

impl Row {
    fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// The names in backticks in a cell, in order.
    pub(crate) fn names(&self, column: usize) -> Vec<String> {
        // Between the first and the second backtick stands a name, and so on.
        self.cell(column)
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    }
}

/// The rows of the table that follows the comment `<!-- tidy: name -->`, without its head; `None`
/// if there is no such comment.
pub(crate) fn rows(document: &str, name: &str) -> Option<Vec<Row>> {
    let marker = format!("<!-- tidy: {name} -->");
    let rows = document
        .lines()
        .enumerate()
        .skip_while(|(_, line)| line.trim() != marker)
        .skip(1)
        .skip_while(|(_, line)| line.trim().is_empty())
        .take_while(|(_, line)| line.trim_start().starts_with('|'))
        // The head and the line below it.
        .skip(2)
        .map(|(index, line)| Row {
            line: index + 1,
            cells: cells(line),
        })
        .collect();
    document
        .lines()
        .any(|line| line.trim() == marker)
        .then_some(rows)
}

fn cells(line: &str) -> Vec<String> {
    line.trim()
        .trim_matches('|')
        .split('|')
        .map(|cell| cell.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::rows;

    const DOCUMENT: &str = "\
# Title

| Other | Table |
|---|---|
| `no` | no |

<!-- tidy: crates -->

| Crate | May use |
|---|---|
| `a` | `b`, `c` |
| `b` | nothing |

| `after` | no |
";

    #[test]
    fn reads_the_marked_table_and_no_other() {
        let rows = rows(DOCUMENT, "crates").unwrap();
        let read: Vec<_> = rows
            .iter()
            .map(|row| (row.line, row.names(0), row.names(1)))
            .collect();
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(
            read,
            [
                (11, names(&["a"]), names(&["b", "c"])),
                (12, names(&["b"]), names(&[])),
            ],
        );
    }

    #[test]
    fn a_missing_table_is_not_an_empty_one() {
        assert!(rows(DOCUMENT, "edges").is_none());
    }
}
