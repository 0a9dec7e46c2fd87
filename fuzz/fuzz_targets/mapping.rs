//! Any bytes as a mapping file: nothing panics, whatever it says of a set of tables loses nobody and no row, and no
//! message of it acts on a terminal.
#![no_main]
use libfuzzer_sys::fuzz_target;
use lind_records::{ConceptId, Dataset, Form, MappingFile, MemoryTables, Options, Table, Wanted};

const OBSERVATIONS: &str = "patient,code,time,value,unit,low,high\n\
    p1,local|HGB,2024-05-02T07:45,13.50,gm%,,\np1,loinc|718-7,2024-05-09,8.1,mmol/L,,\n\
    p2,local|HGB,2024-05-03,7,,6,8\np2,local|4711,2024-05-04T08:00+02:00,1,U/L,,\n";

fuzz_target!(|bytes: &[u8]| {
    let tables = MemoryTables::new()
        .with("patients.csv", "patient,sex,birth_date\np1,female,1980-02-29\np2,male,1990\n")
        .with("observations.csv", OBSERVATIONS)
        .with("conditions.csv", "patient,code,onset\np1,icd10gm|C44.9,2016\n")
        .with("procedures.csv", "patient,code,time\np1,snomed|110466009,2024-05-09\np1,snomed|110466009,2024\n")
        .with("visits.csv", "patient,visit,start,end\np2,WEEK 4,2024-05-09,2024-05-10\n");
    let mut wanted = Wanted::new();
    for table in Table::FACTS {
        wanted.add_any(table, ConceptId(0));
    }
    for (code, concept) in [("hemoglobin", 1), ("loinc|718-7", 1), ("alt", 2)] {
        wanted.add_code(Table::Observations, ConceptId(concept), code);
    }
    wanted.add_code(Table::Milestones, ConceptId(3), "enrolment");
    wanted.add_code(Table::Conditions, ConceptId(4), "icd10|C*");
    let options = Options {
        mapping: Some(MappingFile { name: "site.toml".to_owned(), bytes: bytes.to_vec() }),
        ..Options::default()
    };
    let Ok(mut dataset) = Dataset::open(&tables, &wanted, options) else { return };
    let mut patients = 0;
    while let Ok(Some(_)) = dataset.next_chart() {
        patients += 1;
    }
    assert!(dataset.form() != Form::Tables || patients == 2, "{patients} patients");
    for table in Table::ALL {
        let tally = dataset.tally(table);
        assert_eq!(tally.read, tally.accounted_for(), "{table}");
    }
    for problem in dataset.problems().listed() {
        assert!(!problem.message.contains(char::is_control), "{problem:?}");
    }
});
