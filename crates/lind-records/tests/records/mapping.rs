//! The mapping file, its page and its schema.

use lind_records::{Dataset, Encoding, Form, MappingFile, MemoryTables, Options, Table};

use crate::support::{Asked, WANTED};

const SCHEMA: &str = include_str!("../../../../docs/data/dataset.schema.json");

fn problems(mapping: &str) -> Vec<String> {
    let tables = MemoryTables::new()
        .with("patients.csv", "patient\np1\n")
        .with("dataset.toml", "this is not even TOML");
    let options = Options {
        mapping: Some(MappingFile {
            name: "site/renji.toml".to_owned(),
            bytes: mapping.into(),
        }),
        ..Options::default()
    };
    let wanted = Asked::read(WANTED).wanted;
    let dataset = Dataset::open(&tables, &wanted, options).unwrap();
    let listed = dataset.problems().listed();
    let told = listed
        .iter()
        .map(|problem| format!("{}:{}: {}", problem.file, problem.line, problem.message));
    told.collect()
}

#[test]
fn a_mapping_file_is_read_in_place_of_the_folders_and_its_problems_are_told_under_its_path() {
    let told = problems("[dataset]\nform = \"fire\"\n");
    assert_eq!(
        told,
        ["site/renji.toml:2: `fire` is none of the words of `form`: tables, fhir, omop and sdtm"]
    );
}

/// The texts in quotes behind a key of the schema: `"key": …` up to the closing bracket.
fn listed(after: &str) -> Vec<&str> {
    let start = SCHEMA.find(after).unwrap() + after.len();
    let rest = &SCHEMA[start..];
    let end = rest.find(']').unwrap();
    rest[..end].split('"').skip(1).step_by(2).collect()
}

#[test]
fn the_schema_knows_the_words_and_the_sections_that_are_accepted() {
    assert_eq!(
        listed("\"form\": { \"enum\": ["),
        Form::WORDS.map(|(word, _)| word)
    );
    for name in listed("\"encoding\": { \"enum\": [") {
        assert!(Encoding::named(name).is_some(), "{name}");
    }
    assert_eq!(
        listed("\"facts\": {\n      \"enum\": ["),
        Table::FACTS.map(Table::name)
    );
    // What is accepted is told where something is not.
    let told = problems(
        "[xyzxyzxyzxyz]\n[dataset]\nxyzxyz = 1\n[ranges.a]\nxyzxyz = 1\n[milestones.a]\nxyzxyz = 1\n[conditions]\nxyzxyz = 1\n",
    );
    let mut known = 0;
    for message in told {
        let Some((_, keys)) = message.split_once("known are ") else {
            continue;
        };
        for key in keys
            .split([',', ' '])
            .filter(|key| !["", "and"].contains(key))
        {
            known += 1;
            assert!(SCHEMA.contains(&format!("\"{key}\": ")), "{key}");
        }
    }
    assert_eq!(known, 18 + 7 + 4 + 4 + 4);
}

#[test]
fn every_property_of_the_schema_is_accepted() {
    let mapping = "
        [dataset]
        form = \"tables\"
        encoding = \"utf-8\"
        site = \"x\"
        cut_off = 2024-12-31
        utc_offset = \"+01:00\"
        terminology = { atc = \"2024\" }
        [half_lives.x]
        value = \"3 days\"
        source = \"y\"
        [systems]
        a = \"b\"
        [codes]
        \"a|1\" = \"b|2\"
        [units]
        \"gm\" = \"g\"
        [ranges.\"a|1\"]
        low = 1
        high = 2
        unit = \"g\"
        sex = \"male\"
        [columns]
        \"SUPPCM|CMLINE\" = \"line\"
        [allergies]
        from.conditions = \"a|1\"
        from.observations = [\"a|1\", \"a|2\"]
        [treatments]
        from.procedures = \"a|1\"
        dose = \"supplied\"
        [procedures]
        from.treatments = \"a|1\"
        [milestones]
        complete = true
        sources = \"dm\"
        [milestones.codes.x]
        complete = true
        [milestones.y]
        from = \"visits\"
        code = \"a|1\"
        take = \"last\"
        edge = \"end\"
    ";
    let none: [&str; 0] = [];
    assert_eq!(problems(mapping), none);
}
