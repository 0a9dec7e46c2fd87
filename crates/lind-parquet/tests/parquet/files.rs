//! What is said of files that cannot be used.

use lind_parquet::WithParquet;
use lind_records::{MemoryTables, OpenError, Tables};

use crate::support::{Asked, WANTED};
use crate::writing::{STYLES, parquet, rows};

const PATIENTS: &[u8] = b"patient,sex,birth_date\np1,female,1980-05-09\n";

/// The codes of what is wrong.
fn codes(tables: &dyn Tables) -> Vec<&'static str> {
    match Asked::read(WANTED).open(tables, None) {
        Ok(mut dataset) => {
            while dataset.next_chart().unwrap().is_some() {}
            dataset
                .problems()
                .counts()
                .map(|(rule, _)| rule.code)
                .collect()
        }
        Err(OpenError::Unusable { problems }) => {
            problems.iter().map(|problem| problem.rule.code).collect()
        }
        Err(error) => panic!("{error}"),
    }
}

fn table(text: &[u8]) -> Vec<u8> {
    let (names, rows) = rows(text).unwrap();
    parquet(&names, &rows, STYLES[0])
}

#[test]
fn a_table_in_two_files_is_refused() {
    let tables = MemoryTables::new()
        .with("patients.csv", PATIENTS)
        .with("patients.parquet", table(PATIENTS));
    assert_eq!(codes(&WithParquet(tables)), ["D0801"]);
}

#[test]
fn what_is_no_parquet_file_is_a_table_that_cannot_be_read() {
    let not_parquet: [&[u8]; 3] = [b"", b"patient,code\np1,hemoglobin\n", b"PAR1PAR1PAR1"];
    for bytes in not_parquet {
        let tables = MemoryTables::new()
            .with("patients.csv", PATIENTS)
            .with("observations.parquet", bytes);
        assert_eq!(codes(&WithParquet(tables)), ["D0703"]);
        let tables = MemoryTables::new().with("patients.parquet", bytes);
        assert_eq!(codes(&WithParquet(tables)), ["D0703"]);
    }
}

#[test]
fn without_a_reader_of_parquet_a_table_cannot_be_read() {
    let tables = MemoryTables::new()
        .with("patients.csv", PATIENTS)
        .with("observations.parquet", "");
    assert_eq!(codes(&tables), ["D0703"]);
}

#[test]
fn rows_know_their_file_and_their_number() {
    let tables = MemoryTables::new()
        .with("patients.parquet", table(PATIENTS))
        .with(
            "observations.parquet",
            table(b"patient,code,time,value,unit\np1,hemoglobin,2024-05-09,13.5,g/dL\np1,hemoglobin,2024-05-10,13.6,g/dL\n"),
        );
    let mut dataset = Asked::read(WANTED)
        .open(&WithParquet(tables), None)
        .unwrap();
    let chart = dataset.next_chart().unwrap().unwrap();
    let at: Vec<(String, u32)> = chart
        .observations
        .iter()
        .map(|row| (chart.sources.file(row.at).to_owned(), row.at.line))
        .collect();
    assert_eq!(chart.sources.file(chart.at), "patients.parquet");
    let expected = |line| ("observations.parquet".to_owned(), line);
    assert_eq!(at, [expected(1), expected(2)]);
}

#[test]
fn a_column_of_a_type_that_is_not_read_is_told() {
    use std::sync::Arc;
    let codes_as_times: arrow_array::ArrayRef =
        Arc::new(arrow_array::Time32MillisecondArray::from(vec![1]));
    let patients: arrow_array::ArrayRef = Arc::new(arrow_array::StringArray::from(vec!["p1"]));
    let columns = vec![
        ("patient".to_owned(), patients),
        ("code".to_owned(), codes_as_times),
    ];
    let tables = MemoryTables::new().with("patients.csv", PATIENTS).with(
        "observations.parquet",
        crate::writing::write(columns, STYLES[0]),
    );
    assert_eq!(codes(&WithParquet(tables)), ["D0802"]);
}
