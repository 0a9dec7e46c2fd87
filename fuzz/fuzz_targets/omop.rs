//! Any bytes as a table of an OMOP database: nothing panics, every row is accounted for, and who stands in a
//! whole `person` is not lost.
//!
//! The first byte says which table, the rest is its file. The other tables are whole.
#![no_main]
use libfuzzer_sys::fuzz_target;
use lind_records::{ConceptId, Dataset, MemoryTables, Options, Table, Wanted};

const NAMES: [&str; 10] = [
    "person.csv",
    "death.csv",
    "measurement.csv",
    "observation.csv",
    "condition_occurrence.csv",
    "drug_exposure.csv",
    "procedure_occurrence.csv",
    "concept.csv",
    "drug_strength.csv",
    "concept_ancestor.csv",
];

const PEOPLE: &str = "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth\n1,8532,1980,2,29\n2,8507,1990,,\n";
const CONCEPTS: &str = "concept_id,concept_name,domain_id,vocabulary_id,concept_class_id,standard_concept,concept_code\n\
    3000963,Hemoglobin,Measurement,LOINC,Lab Test,S,718-7\n8713,gram per deciliter,Unit,UCUM,Unit,S,g/dL\n\
    201826,Type 2 diabetes,Condition,SNOMED,Disorder,S,44054006\n19078461,ibuprofen,Drug,RxNorm,Clinical Drug,S,310965\n";
const RESULTS: &str = "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,unit_concept_id\n\
    7,1,3000963,2024-05-09,13.5,8713\n8,2,3000963,2024-05-10,12,8713\n";

fuzz_target!(|bytes: &[u8]| {
    let Some((first, file)) = bytes.split_first() else { return };
    let Some(name) = NAMES.get(usize::from(*first) % NAMES.len()) else { return };
    let tables = MemoryTables::new()
        .with("person.csv", PEOPLE)
        .with("concept.csv", CONCEPTS)
        .with("measurement.csv", RESULTS)
        .with(*name, file);
    let mut wanted = Wanted::new();
    for table in Table::FACTS {
        wanted.add_any(table, ConceptId(0));
    }
    wanted.add_code(Table::Observations, ConceptId(1), "loinc|718-7");
    let Ok(mut dataset) = Dataset::open(&tables, &wanted, Options::default()) else { return };
    let mut patients = Vec::new();
    while let Ok(Some(chart)) = dataset.next_chart() {
        patients.push(chart.patient.to_string());
    }
    let is_there = |name: &str| patients.iter().any(|patient| patient == name);
    assert!(*name == "person.csv" || (is_there("1") && is_there("2")), "{patients:?}");
    for table in Table::ALL {
        let tally = dataset.tally(table);
        assert_eq!(tally.read, tally.accounted_for(), "{table}");
    }
});
