//! Data sets as CSV: the first line names the variables.

use std::io;

use super::encoding::Decoder;
use super::row::{Broken, DataSet, Opened, Row, Rows, Step, Unopened};
use crate::Table;
use crate::defect::Defect;
use crate::record::{Breakage, Lines, Step as Cut};
use crate::settings::Encoding;

/// What R writes where there is nothing. In quotes it is a text.
const NOTHING: &str = "NA";

struct TextRows {
    records: Lines,
    decoder: Decoder,
}

/// Opens a file.
pub(crate) fn open(source: Box<dyn io::Read + Send>, encoding: Encoding) -> io::Result<Opened> {
    let mut rows = TextRows {
        records: Lines::new(source),
        decoder: Decoder::new(encoding),
    };
    let names = match rows.records.step()? {
        Cut::End => {
            let why = "the file is empty".to_owned();
            return Ok(Err(Unopened::Unreadable(why)));
        }
        Cut::Broken(breakage) if !breakage.leaves_fields() => {
            let why = "the line that names the variables cannot be read".to_owned();
            return Ok(Err(Unopened::Unreadable(why)));
        }
        Cut::Row | Cut::Broken(_) => (0..rows.records.field_count())
            .map(|field| {
                let name = rows.decoder.decode(rows.records.bytes(field));
                name.trim().to_ascii_uppercase()
            })
            .collect::<Vec<_>>(),
    };
    rows.records.expect_width(names.len());
    Ok(Ok(DataSet {
        names,
        numbers: Vec::new(),
        name: String::new(),
        rows: Box::new(rows),
    }))
}

impl TextRows {
    fn fill(&mut self, row: &mut Row) {
        row.begin(self.records.line());
        for field in 0..self.records.field_count() {
            let bytes = self.records.bytes(field);
            if bytes == NOTHING.as_bytes() && !self.records.is_quoted(field) {
                row.push("");
            } else {
                row.push(&self.decoder.decode(bytes));
            }
        }
    }
}

impl Rows for TextRows {
    fn step(&mut self, row: &mut Row) -> io::Result<Step> {
        match self.records.step()? {
            Cut::End => Ok(Step::End),
            Cut::Row | Cut::Broken(Breakage::NotUtf8 { .. }) => {
                self.fill(row);
                Ok(Step::Row)
            }
            Cut::Broken(breakage) => {
                self.fill(row);
                let defect = Defect::broken(breakage, Table::Observations, None);
                Ok(Step::Broken(Broken {
                    rule: defect.rule,
                    message: defect.message,
                    is_aligned: breakage.leaves_fields(),
                }))
            }
        }
    }

    fn guessed(&self) -> u64 {
        self.decoder.guessed
    }
}
