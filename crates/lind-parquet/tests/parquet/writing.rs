//! Writing tables as Parquet for the tests.

use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Int64Array, RecordBatch, StringArray,
};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};

/// How a table is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Whole numbers, decimals and days as such where all cells of a column are.
    pub(crate) typed: bool,
    pub(crate) dictionary: bool,
    pub(crate) rows_of_group: usize,
    pub(crate) compression: Compression,
}

pub(crate) const STYLES: [Style; 3] = [
    Style {
        typed: false,
        dictionary: true,
        rows_of_group: 2,
        compression: Compression::SNAPPY,
    },
    Style {
        typed: false,
        dictionary: false,
        rows_of_group: 1_000,
        compression: Compression::UNCOMPRESSED,
    },
    Style {
        typed: true,
        dictionary: true,
        rows_of_group: 3,
        compression: Compression::SNAPPY,
    },
];

pub(crate) fn zstd() -> Compression {
    Compression::ZSTD(ZstdLevel::try_new(3).unwrap())
}

/// The rows of a table of texts; none: it is no well-formed CSV.
pub(crate) fn rows(bytes: &[u8]) -> Option<(Vec<String>, Vec<Vec<String>>)> {
    if std::str::from_utf8(bytes).is_err() || bytes.contains(&0) {
        return None;
    }
    let text = std::str::from_utf8(bytes).unwrap();
    if text.replace("\r\n", "").contains('\r') {
        return None;
    }
    if text.matches('"').count() % 2 == 1 || text.starts_with('\u{feff}') {
        return None;
    }
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let names: Vec<String> = reader
        .headers()
        .ok()?
        .iter()
        .map(|name| name.trim().to_owned())
        .collect();
    if names.len() < 2 {
        return None;
    }
    let rows: Result<Vec<Vec<String>>, _> = reader
        .records()
        .map(|row| row.map(|row| row.iter().map(str::to_owned).collect()))
        .collect();
    Some((names, rows.ok()?))
}

/// A table as Parquet.
pub(crate) fn parquet(names: &[String], rows: &[Vec<String>], style: Style) -> Vec<u8> {
    let columns: Vec<(String, ArrayRef)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let cells: Vec<Option<&str>> = rows
                .iter()
                .map(|row| Some(row[at].trim()).filter(|cell| !cell.is_empty()))
                .collect();
            (name.clone(), array(&cells, style))
        })
        .collect();
    write(columns, style)
}

pub(crate) fn write(columns: Vec<(String, ArrayRef)>, style: Style) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(style.dictionary)
        .set_max_row_group_row_count(Some(style.rows_of_group))
        .set_compression(style.compression)
        .set_statistics_enabled(EnabledStatistics::None)
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn array(cells: &[Option<&str>], style: Style) -> ArrayRef {
    let all = |test: fn(&str) -> bool| style.typed && cells.iter().flatten().all(|cell| test(cell));
    if all(|cell| day(cell).is_some()) {
        return Arc::new(Date32Array::from_iter(
            cells.iter().map(|cell| day((*cell)?)),
        ));
    }
    if all(|cell| {
        cell.parse::<i64>()
            .is_ok_and(|number| number.to_string() == cell)
    }) {
        let numbers = cells
            .iter()
            .map(|cell| cell.map(|cell| cell.parse().unwrap()));
        return Arc::new(Int64Array::from_iter(numbers));
    }
    if all(|cell| mantissa(cell).is_some()) {
        let decimals = Decimal128Array::from_iter(cells.iter().map(|cell| mantissa((*cell)?)));
        return Arc::new(decimals.with_precision_and_scale(18, 6).unwrap());
    }
    if style.dictionary {
        return Arc::new(
            cells
                .iter()
                .copied()
                .collect::<DictionaryArray<UInt32Type>>(),
        );
    }
    Arc::new(cells.iter().copied().collect::<StringArray>())
}

/// `2024-05-09` as days since 1970, by counting.
fn day(text: &str) -> Option<i32> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let (year, month, day): (i32, i32, i32) =
        (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let leap = |year: i32| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [
        31,
        28 + i32::from(leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    if !(1900..2100).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    if !(1..=lengths[usize::try_from(month - 1).unwrap()]).contains(&day) {
        return None;
    }
    let mut days = 0;
    for before in year..1970 {
        days -= 365 + i32::from(leap(before));
    }
    for before in 1970..year {
        days += 365 + i32::from(leap(before));
    }
    Some(
        days + lengths
            .iter()
            .take(usize::try_from(month - 1).unwrap())
            .sum::<i32>()
            + day
            - 1,
    )
}

fn mantissa(text: &str) -> Option<i128> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let leads = digits.len() > 1 && digits.starts_with('0');
    let plain = !digits.is_empty() && !leads && part.len() <= 6 && digits.len() <= 9;
    if !plain
        || !digits
            .bytes()
            .chain(part.bytes())
            .all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    format!("{whole}{part:0<6}").parse().ok()
}
