//! The one shape to which every container comes: variables by name, and rows of texts.

use std::io;

use lind_diagnostics::Rule;

/// A row of a data set: a text for each of its variables, in their order. What is missing is empty.
#[derive(Debug, Default)]
pub(crate) struct Row {
    text: String,
    /// Where the texts end.
    ends: Vec<usize>,
    /// The line of the file, or the number of the row, from 1.
    pub(crate) line: u32,
}

impl Row {
    /// Begins a new row.
    pub(crate) fn begin(&mut self, line: u32) {
        self.text.clear();
        self.ends.clear();
        self.line = line;
    }

    /// Adds the next text, without the blanks around it.
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text.trim());
        self.ends.push(self.text.len());
    }

    /// How many texts there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A text, by the place of its variable; empty if there is none.
    pub(crate) fn text(&self, at: usize) -> &str {
        let start = match at.checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before).copied().unwrap_or(usize::MAX),
        };
        self.ends
            .get(at)
            .and_then(|end| self.text.get(start..*end))
            .unwrap_or_default()
    }
}

/// What comes next in a data set.
#[derive(Debug)]
pub(crate) enum Step {
    /// A row.
    Row,
    /// A record that cannot be read. What could be told apart of it stands in the row.
    Broken(Broken),
    /// The end.
    End,
}

/// What is wrong with a record as such.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) rule: &'static Rule,
    pub(crate) message: String,
    /// Whether the texts that stand in the row are those of their variables.
    pub(crate) is_aligned: bool,
}

/// The rows of a data set, one after another.
pub(crate) trait Rows {
    /// Reads the next row.
    fn step(&mut self, row: &mut Row) -> io::Result<Step>;

    /// How often a text was not in UTF-8, and was read as Windows-1252 without having been told so.
    fn guessed(&self) -> u64;
}

/// A data set, open at its first row.
pub(crate) struct DataSet {
    /// The names of the variables, in capitals.
    pub(crate) names: Vec<String>,
    /// Which of them hold numbers, where the container says so.
    pub(crate) numbers: Vec<bool>,
    /// What the container says the name of the data set is: `LB`; empty if it does not.
    pub(crate) name: String,
    pub(crate) rows: Box<dyn Rows>,
}

/// Why a file is no data set that can be read.
#[derive(Debug)]
pub(crate) enum Unopened {
    /// The file is of the right kind and damaged, or of a form that is not read.
    Unreadable(String),
    /// The file is something else.
    Foreign(String),
}

/// The outcome of opening a file.
pub(crate) type Opened = Result<DataSet, Unopened>;
