//! Every type that a column may have, and those that it may not.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array, Int16Array,
    Int32Array, Int64Array, StringArray, Time32MillisecondArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, UInt32Array, UInt64Array,
};
use lind_records::{ColumnFile, ColumnKind};
use parquet::basic::Compression;

use crate::writing::{Style, write};

const STYLE: Style = Style {
    typed: true,
    dictionary: true,
    rows_of_group: 2,
    compression: Compression::SNAPPY,
};

/// All cells of a column as texts.
fn texts(file: &dyn ColumnFile, column: usize) -> Vec<String> {
    let mut batches = file.read(&[column]).unwrap();
    let mut texts = Vec::new();
    while let Some(batch) = batches.next_batch().unwrap() {
        assert_eq!(batch.first_row, texts.len() as u64 + 1);
        for row in 0..batch.row_count {
            assert!(!batch.columns[0].is_lost(row));
            let mut text = Vec::new();
            batch.columns[0].write(row, &mut text);
            texts.push(String::from_utf8(text).unwrap());
        }
    }
    texts
}

fn check(array: ArrayRef, kind: ColumnKind, expected: &[&str]) {
    let shown = format!("{array:?}");
    let bytes: Arc<[u8]> = write(vec![("column".to_owned(), array)], STYLE).into();
    let file = lind_parquet::open(Arc::new(bytes)).unwrap();
    assert_eq!(file.columns()[0].kind, kind, "{shown}");
    assert_eq!(file.row_count(), expected.len() as u64);
    assert_eq!(texts(&*file, 0), expected, "{shown}");
}

#[test]
fn every_type_that_is_read_is_read_exactly() {
    check(
        Arc::new(StringArray::from(vec![Some("µg"), None, Some("")])),
        ColumnKind::Text,
        &["µg", "", ""],
    );
    check(
        Arc::new(Int16Array::from(vec![Some(-7), None, Some(3)])),
        ColumnKind::Integer,
        &["-7", "", "3"],
    );
    check(
        Arc::new(Int32Array::from(vec![i32::MIN])),
        ColumnKind::Integer,
        &["-2147483648"],
    );
    check(
        Arc::new(Int64Array::from(vec![i64::MAX])),
        ColumnKind::Integer,
        &["9223372036854775807"],
    );
    check(
        Arc::new(UInt32Array::from(vec![u32::MAX])),
        ColumnKind::Integer,
        &["4294967295"],
    );
    check(
        Arc::new(UInt64Array::from(vec![u64::MAX])),
        ColumnKind::Integer,
        &["18446744073709551615"],
    );
    let decimals = Decimal128Array::from(vec![Some(48_100), Some(-1), None]);
    check(
        Arc::new(decimals.with_precision_and_scale(18, 3).unwrap()),
        ColumnKind::Decimal,
        &["48.1", "-0.001", ""],
    );
    check(
        Arc::new(Date32Array::from(vec![Some(19_858), None])),
        ColumnKind::Date,
        &["2024-05-15", ""],
    );
    check(
        Arc::new(BooleanArray::from(vec![Some(true), Some(false), None])),
        ColumnKind::Boolean,
        &["yes", "no", ""],
    );
    let second = 1_715_731_200_i64;
    check(
        Arc::new(TimestampMillisecondArray::from(vec![second * 1_000 + 250]).with_timezone("UTC")),
        ColumnKind::Timestamp,
        &["2024-05-15T00:00:00.25Z"],
    );
    check(
        Arc::new(TimestampMicrosecondArray::from(vec![second * 1_000_000])),
        ColumnKind::Timestamp,
        &["2024-05-15T00:00:00"],
    );
    check(
        Arc::new(TimestampNanosecondArray::from(vec![
            second * 1_000_000_000 + 1,
        ])),
        ColumnKind::Timestamp,
        &["2024-05-15T00:00:00.000000001"],
    );
}

#[test]
#[allow(clippy::disallowed_types, reason = "floats are what is written here")]
fn a_float_is_the_shortest_decimal_that_means_it() {
    check(
        Arc::new(Float64Array::from(vec![
            0.1,
            176.354_998_667_295_58,
            1e21,
            5e-7,
            -0.5,
            13.0,
        ])),
        ColumnKind::Float,
        &[
            "0.1",
            "176.35499866729558",
            "1000000000000000000000",
            "0.0000005",
            "-0.5",
            "13",
        ],
    );
    check(
        Arc::new(Float32Array::from(vec![0.1])),
        ColumnKind::Float,
        &["0.1"],
    );
    // No number: it is no decimal either, and the row will be set aside.
    check(
        Arc::new(Float64Array::from(vec![f64::NAN, f64::INFINITY])),
        ColumnKind::Float,
        &["NaN", "inf"],
    );
}

#[test]
fn a_type_that_is_not_read_is_told_as_such() {
    let array: ArrayRef = Arc::new(Time32MillisecondArray::from(vec![1]));
    let bytes: Arc<[u8]> = write(vec![("column".to_owned(), array)], STYLE).into();
    let file = lind_parquet::open(Arc::new(bytes)).unwrap();
    assert_eq!(file.columns()[0].kind, ColumnKind::Other);
}

#[test]
fn keys_stay_while_the_dictionary_does() {
    use lind_records::Values;
    let cells: Vec<String> = (0..20_000).map(|row| format!("code-{}", row % 7)).collect();
    let array: ArrayRef = Arc::new(StringArray::from(cells));
    let style = Style {
        rows_of_group: 10_000,
        ..STYLE
    };
    let bytes: Arc<[u8]> = write(vec![("code".to_owned(), array)], style).into();
    let file = lind_parquet::open(Arc::new(bytes)).unwrap();
    let mut batches = file.read(&[0]).unwrap();
    let mut generations = Vec::new();
    while let Some(batch) = batches.next_batch().unwrap() {
        let Values::Dictionary {
            keys,
            texts,
            generation,
        } = batch.columns[0].values
        else {
            panic!("{:?}", batch.columns[0].values);
        };
        assert_eq!((keys.len(), texts.len()), (batch.row_count, 7));
        generations.push((batch.row_count, generation));
    }
    assert_eq!(
        generations,
        [(8_192, 1), (1_808, 1), (8_192, 2), (1_808, 2)]
    );
}
