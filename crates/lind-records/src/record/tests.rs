#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

use std::io::{self, Read};

use proptest::prelude::*;

use super::{Breakage, Records, Step};

/// Gives its bytes a few at a time, so that every boundary between two readings is met.
struct Dripping {
    bytes: io::Cursor<Vec<u8>>,
    at_a_time: u64,
}

impl Read for Dripping {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&mut self.bytes).take(self.at_a_time).read(buffer)
    }
}

fn records(bytes: &[u8], at_a_time: u64) -> Records {
    Records::new(
        "table.csv",
        Box::new(Dripping {
            bytes: io::Cursor::new(bytes.to_vec()),
            at_a_time,
        }),
    )
}

type Row = (u32, Result<Vec<String>, Breakage>);

/// All rows with their lines.
fn read(bytes: &[u8], at_a_time: u64) -> Vec<Row> {
    let mut records = records(bytes, at_a_time);
    let mut rows = Vec::new();
    loop {
        let row = match records.step().expect("memory can be read") {
            Step::End => return rows,
            Step::Broken(breakage) => Err(breakage),
            Step::Row => {
                let text = records.text();
                Ok((0..records.field_count())
                    .map(|field| records.field(text, field).to_owned())
                    .collect())
            }
        };
        if rows.is_empty() {
            records.expect_width(records.field_count());
        }
        rows.push((records.line(), row));
    }
}

fn fields(fields: &[&str]) -> Result<Vec<String>, Breakage> {
    Ok(fields.iter().map(|field| (*field).to_owned()).collect())
}

#[test]
fn reading_goes_on_with_the_line_after_a_broken_one() {
    let text = b"a,b\n1,\"2\n3,\"4\"\n5,6,7\n8\n\n\"9\"x,10\n11,\"1\"\"2\"\n13,1\xFF\n14,\0\n15,16";
    let rows = read(text, 1000);
    assert_eq!(
        rows,
        [
            (1, fields(&["a", "b"])),
            (2, Err(Breakage::OpenQuote)),
            (3, fields(&["3", "4"])),
            (
                4,
                Err(Breakage::FieldCount {
                    found: 3,
                    expected: 2
                })
            ),
            (
                5,
                Err(Breakage::FieldCount {
                    found: 1,
                    expected: 2
                })
            ),
            (7, Err(Breakage::TextAfterQuote)),
            (8, fields(&["11", "1\"2"])),
            (
                9,
                Err(Breakage::NotUtf8 {
                    field: 1,
                    byte: 0xFF
                })
            ),
            (10, Err(Breakage::Nul { field: 1 })),
            (11, fields(&["15", "16"])),
        ]
    );
    for at_a_time in 1..40 {
        assert_eq!(read(text, at_a_time), rows, "{at_a_time} bytes at a time");
    }
}

#[test]
fn a_quoted_field_may_hold_line_ends_and_the_lines_are_counted() {
    let text = b"a,b\r\n\"1\r\n2\n\",3\r\n4,\"5\"\r\n";
    assert_eq!(
        read(text, 3),
        [
            (1, fields(&["a", "b"])),
            (2, fields(&["1\r\n2\n", "3"])),
            (5, fields(&["4", "5"])),
        ]
    );
}

#[test]
fn a_mark_of_the_byte_order_is_no_part_of_the_first_name() {
    for at_a_time in [1, 2, 3, 100] {
        assert_eq!(
            read(b"\xEF\xBB\xBF\"a\",b\n", at_a_time),
            [(1, fields(&["a", "b"]))]
        );
        assert_eq!(read(b"\xEF\xBB\xBF", at_a_time), []);
        assert_eq!(read(b"ab", at_a_time), [(1, fields(&["ab"]))]);
    }
}

/// Fields as the `csv` crate reads them.
fn by_the_csv_crate(bytes: &[u8]) -> Vec<Vec<String>> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes)
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z0-9 .|:-]{0,6}",
        1 => "[a-z,\"\n\r ü]{0,6}",
    ]
}

fn written(rows: &[Vec<String>], line_end: &str) -> String {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|field| {
                if field.contains(['"', ',', '\n', '\r']) {
                    format!("\"{}\"", field.replace('"', "\"\""))
                } else {
                    field.clone()
                }
            })
            .collect();
        text.push_str(&cells.join(","));
        text.push_str(line_end);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn well_formed_rows_are_read_as_the_csv_crate_reads_them(
        rows in proptest::collection::vec(proptest::collection::vec(field(), 3), 1..8),
        line_end in prop_oneof![Just("\n"), Just("\r\n")],
        at_a_time in 1_u64..50,
    ) {
        let text = written(&rows, line_end);
        let ours: Vec<Vec<String>> = read(text.as_bytes(), at_a_time)
            .into_iter()
            .map(|(_, row)| row.expect("a whole row"))
            .collect();
        prop_assert_eq!(&ours, &rows);
        prop_assert_eq!(ours, by_the_csv_crate(text.as_bytes()));
    }

    #[test]
    fn any_bytes_give_the_same_rows_however_they_arrive(
        bytes in proptest::collection::vec(
            prop_oneof![4 => prop::sample::select(b"a,\"\n\r 1".to_vec()), 1 => any::<u8>()],
            0..120,
        ),
        at_a_time in 1_u64..20,
    ) {
        let rows = read(&bytes, 1000);
        prop_assert_eq!(read(&bytes, at_a_time), rows.clone());
        let lines: Vec<u32> = rows.iter().map(|(line, _)| *line).collect();
        prop_assert!(lines.is_sorted_by(|one, other| one < other), "{:?}", lines);
    }
}
