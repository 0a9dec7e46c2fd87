//! Asking for codes, words and completeness.

use lind_records::{
    Completeness, ConceptId, Dataset, Incompleteness, MemoryTables, Options, Table, Wanted,
};

const CANCER: ConceptId = ConceptId(1);
const SKIN_CANCER: ConceptId = ConceptId(2);
const ANYTHING: ConceptId = ConceptId(9);

fn wanted() -> Wanted {
    let mut wanted = Wanted::new();
    wanted
        .add_code(Table::Conditions, CANCER, "icd10|C*")
        .add_code(Table::Conditions, SKIN_CANCER, "icd10|C44*")
        .add_code(Table::Conditions, SKIN_CANCER, "skin_cancer")
        .add_any(Table::Treatments, ANYTHING);
    wanted
}

#[test]
fn a_code_counts_for_every_concept_that_names_it() {
    let wanted = wanted();
    let conditions = |code| wanted.resolve(Table::Conditions, code);
    assert_eq!(conditions("icd10|C44.9"), [CANCER, SKIN_CANCER]);
    assert_eq!(conditions("ICD10 | C44.9 "), [CANCER, SKIN_CANCER]);
    assert_eq!(conditions("icd10|C50"), [CANCER]);
    assert_eq!(conditions("skin_cancer"), [SKIN_CANCER]);
    assert_eq!(conditions("icd10|c44"), []);
    assert_eq!(wanted.resolve(Table::Treatments, "atc|L01FA01"), [ANYTHING]);
    assert_eq!(wanted.resolve(Table::Procedures, "icd10|C44"), []);
}

#[test]
fn a_word_has_one_number_however_it_is_spelt() {
    let mut wanted = Wanted::new();
    let detected = wanted.symbol("not_detected");
    for spelling in ["Not detected", "NOT-DETECTED", " not_detected "] {
        assert_eq!(wanted.symbol(spelling), detected);
    }
    assert_ne!(wanted.symbol("-"), wanted.symbol("+"));

    let tables = MemoryTables::new()
        .with("patients.csv", "patient\np1\n")
        .with(
            "conditions.csv",
            "patient,code,body_site\np1,skin_cancer,Left arm\n",
        );
    let mut wanted = self::wanted();
    let left_arm = wanted.symbol("left_arm");
    let mut dataset = Dataset::open(&tables, &wanted, Options::default()).unwrap();
    let chart = dataset.next_chart().unwrap().unwrap();
    let sites: Vec<_> = chart
        .conditions_of(SKIN_CANCER)
        .map(|row| row.body_site)
        .collect();
    assert_eq!(sites, [Some(left_arm)]);
    assert_eq!(dataset.symbols().get("LEFT ARM"), Some(left_arm));
}

#[test]
fn what_a_missing_row_means_is_said_by_table_and_by_code() {
    let settings = "
        [conditions.codes.\"icd10|C44\"]
        complete = false
        [procedures]
        complete = false
        [procedures.codes.\"snomed|1\"]
        complete = true
        [allergies]
        complete = true
    ";
    let tables = MemoryTables::new()
        .with("patients.csv", "patient\n")
        .with("conditions.csv", "patient,code\n")
        .with("procedures.csv", "patient,code\n")
        .with("observations.csv", "patient\n")
        .with("dataset.toml", settings);
    let dataset = Dataset::open(&tables, &wanted(), Options::default()).unwrap();
    let yes = Completeness::Complete;
    let no = Completeness::Incomplete;
    use Incompleteness::{DeclaredForCode, DeclaredForTable, TableAbsent, TableUnreadable};

    assert_eq!(dataset.complete(Table::Conditions, "icd10|C50"), yes);
    assert_eq!(
        dataset.complete(Table::Conditions, "icd10|C44"),
        no(DeclaredForCode)
    );
    // A code set is not complete if a part of it is not.
    assert_eq!(
        dataset.complete(Table::Conditions, "icd10|C*"),
        no(DeclaredForCode)
    );
    assert_eq!(
        dataset.complete_for(Table::Conditions, CANCER),
        no(DeclaredForCode)
    );
    assert_eq!(dataset.complete(Table::Conditions, "icd10|D*"), yes);

    assert_eq!(
        dataset.complete(Table::Procedures, "snomed|2"),
        no(DeclaredForTable)
    );
    assert_eq!(dataset.complete(Table::Procedures, "snomed|1"), yes);
    // Declared: there are no allergies, and so no table of them.
    assert_eq!(dataset.complete(Table::Allergies, "x"), yes);
    assert_eq!(
        dataset.complete_for(Table::Treatments, ANYTHING),
        no(TableAbsent)
    );
    assert_eq!(
        dataset.complete(Table::Observations, "x"),
        no(TableUnreadable)
    );
    assert!(dataset.is_present(Table::Conditions));
    assert!(!dataset.is_present(Table::Observations));
    assert!(!dataset.is_present(Table::Treatments));
}

#[test]
fn a_half_life_is_found_by_the_code_of_its_substance() {
    let tables = MemoryTables::new().with("patients.csv", "patient\n").with(
        "dataset.toml",
        "[half_lives.\"atc|L01FA01\"]\nvalue = \"22.50 days\"\nsource = \"label\"\n",
    );
    let dataset = Dataset::open(&tables, &Wanted::new(), Options::default()).unwrap();
    let half_life = dataset.half_life("ATC|L01FA01").unwrap();
    assert_eq!(half_life.value.to_string(), "22.50");
    assert_eq!(half_life.unit, "days");
    assert_eq!(half_life.source.as_deref(), Some("label"));
    assert!(dataset.half_life("atc|L01FA02").is_none());
}

#[test]
fn charts_can_be_judged_on_other_threads() {
    fn is_send<T: Send + Sync>() {}
    is_send::<lind_records::Chart>();
    is_send::<lind_records::Dictionary>();
    is_send::<lind_records::Units>();
    is_send::<lind_records::Symbols>();

    let tables = MemoryTables::new().with("patients.csv", "patient\np1\np2\np3\n");
    let mut dataset = Dataset::open(&tables, &Wanted::new(), Options::default()).unwrap();
    let sizes: Vec<usize> = std::iter::from_fn(|| Some(dataset.next_batch(2).unwrap().len()))
        .take_while(|size| *size > 0)
        .collect();
    assert_eq!(sizes, [2, 1]);
}
