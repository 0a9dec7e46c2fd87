//! Bundles that are whole by themselves come out as they do when all files are read before anybody:
//! the same charts with the same provenance, the same problems, the same counts.
//!
//! What differs is said here: what may be anybody's makes the table incomplete for everybody where
//! all is read first, and for the patients of its bundle where a bundle is whole; and patients
//! without a record of their own come last there, and with their bundle here.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use lind_records::{ConceptId, MemoryTables, PortionReader, Table, Tables};
use lind_time::When;

use crate::support::{Asked, WANTED, chart_text, ends_in_an_error, everything, rest};

/// The folders of cases that are of FHIR, and those of a mapping that are.
fn cases() -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<PathBuf> = fs::read_dir(cases)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            name.starts_with("fhir-") && !name.starts_with("fhir-whole-")
        })
        .collect();
    folders.sort();
    folders
}

struct Case {
    name: String,
    asked: Asked,
    as_of: Option<When>,
    mapping: String,
    files: Vec<(String, Vec<u8>)>,
}

impl Case {
    fn read(folder: &Path) -> Case {
        let mut case = Case {
            name: folder.file_name().unwrap().to_str().unwrap().to_owned(),
            asked: Asked::read(WANTED),
            as_of: None,
            mapping: String::new(),
            files: Vec::new(),
        };
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let bytes = fs::read(&path).unwrap();
            let text = || String::from_utf8(bytes.clone()).unwrap();
            match name.as_str() {
                "expected.txt" | "why.md" => {}
                "wanted.txt" => case.asked = Asked::read(&text()),
                "as-of.txt" => case.as_of = Some(When::parse(text().trim()).unwrap()),
                "dataset.toml" => case.mapping = text(),
                _ => case.files.push((name, bytes)),
            }
        }
        case.files.sort();
        case
    }

    fn tables(&self, bundles: &str) -> MemoryTables {
        let said = format!("[dataset]\nbundles = \"{bundles}\"\n");
        let mapping = if self.mapping.contains("[dataset]\n") {
            self.mapping.replace("[dataset]\n", &said)
        } else {
            format!("{said}{}", self.mapping)
        };
        let mut tables = MemoryTables::new().with("dataset.toml", mapping);
        for (name, bytes) in &self.files {
            tables = tables.with(name.clone(), bytes.clone());
        }
        tables
    }

    /// All records of the case as the entries of one bundle, those that are no JSON among them.
    fn in_one_bundle(mut self) -> Case {
        let mut entries = Vec::new();
        for (name, bytes) in std::mem::take(&mut self.files) {
            let Ok(text) = String::from_utf8(bytes) else {
                continue;
            };
            let text = text.trim_start_matches('\u{feff}').to_owned();
            if name.ends_with(".json") {
                entries.push(text.replace(['\n', '\r'], " "));
            } else {
                entries.extend(text.lines().map(str::to_owned));
            }
        }
        entries.retain(|entry| !entry.trim().is_empty());
        let entries: Vec<String> = entries
            .iter()
            .map(|entry| format!("{{\"resource\":{entry}}}"))
            .collect();
        let bundle = format!(
            "{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{}]}}\n",
            entries.join(",")
        );
        self.files = vec![("all.ndjson".to_owned(), bundle.into_bytes())];
        self
    }
}

/// What comes out, if portions are read by so many readers.
fn by_portions(asked: &Asked, tables: &dyn Tables, as_of: Option<When>, count: usize) -> String {
    let mut out = String::new();
    let mut dataset = asked.open(tables, as_of).unwrap();
    let mut readers: Vec<PortionReader> = (0..count)
        .map(|_| dataset.portion_reader().unwrap())
        .collect();
    for turn in 0.. {
        let portion = match dataset.next_portion() {
            Ok(Some(portion)) => portion,
            Ok(None) => break,
            Err(error) => {
                writeln!(out, "cannot be read: {error}: {}", error.cause).unwrap();
                return out;
            }
        };
        // Whoever reads the first of them reads none of the next: each meets other names.
        let reader = &mut readers[(turn * 7 / 3) % count];
        let read = reader.read(portion).and_then(|(charts, findings)| {
            for chart in &charts {
                out.push_str(&chart_text(reader.dataset(), asked, chart, true));
            }
            dataset.take_in(findings)
        });
        if let Err(error) = read {
            writeln!(out, "cannot be read: {error}: {}", error.cause).unwrap();
            return out;
        }
    }
    dataset.end_portions();
    rest(&mut out, &dataset, asked);
    out
}

/// The charts, each as text, and all that is said besides.
fn apart(text: &str) -> (BTreeSet<String>, String) {
    let at = text.find("problems: ").unwrap();
    let (charts, rest) = text.split_at(at);
    let charts: BTreeSet<String> = charts
        .split("patient ")
        .filter(|chart| !chart.is_empty())
        .map(str::to_owned)
        .collect();
    (charts, rest.to_owned())
}

/// Without what is said of rows that may be anybody's: in a bundle that is whole they are of its
/// patients.
fn without_nobodys(text: &str) -> (BTreeSet<String>, String) {
    let (charts, rest) = apart(text);
    let lines = |text: &str, but: &[&str]| {
        text.lines()
            .filter(|line| !but.iter().any(|but| line.contains(but)))
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    let charts = charts.iter().map(|chart| lines(chart, &["set aside:"]));
    let rest = lines(&rest, &["NotDeclared", "RowsOfUnknownPatients", "Complete"]);
    (charts.collect(), rest)
}

/// The patients of whom anything may be missing.
fn losing(text: &str) -> BTreeSet<String> {
    let (charts, _) = apart(text);
    let losing = charts
        .iter()
        .filter(|chart| chart.contains(" of any code for "));
    losing
        .map(|chart| chart.split([',', ' ', '\n']).next().unwrap().to_owned())
        .collect()
}

/// Gathered, in parts and in portions; false if the data are not as `whole` says.
fn compare(case: &Case) -> bool {
    compare_with(case, false)
}

/// [`compare`]; `is_damaged`: what a broken line says of a patient of another line counts where all is
/// read first.
fn compare_with(case: &Case, is_damaged: bool) -> bool {
    let gathered = everything(&case.asked, &case.tables("parts"), case.as_of);
    let whole = everything(&case.asked, &case.tables("whole"), case.as_of);
    let by_portions = by_portions(&case.asked, &case.tables("whole"), case.as_of, 1);
    if ends_in_an_error(&whole) {
        assert!(
            whole.contains("[D0819]") || whole.contains("[D0820]"),
            "{}: {whole}",
            case.name
        );
        assert!(ends_in_an_error(&by_portions), "{}", case.name);
        return false;
    }
    assert_eq!(by_portions, whole, "{}", case.name);
    // So much is lost that nothing looks like a bundle, which is said besides.
    if is_damaged && whole.contains("the data have no bundles") {
        return true;
    }
    if is_damaged {
        assert!(
            losing(&gathered).is_subset(&losing(&whole)),
            "{}",
            case.name
        );
    }
    if is_damaged || gathered.contains("RowsOfUnknownPatients") {
        assert_eq!(
            without_nobodys(&gathered),
            without_nobodys(&whole),
            "{}",
            case.name
        );
    } else {
        assert_eq!(apart(&gathered), apart(&whole), "{}", case.name);
    }
    true
}

#[test]
fn every_case_whose_bundles_are_whole_comes_out_as_if_all_were_read_first() {
    let compared: Vec<String> = cases()
        .iter()
        .map(|folder| Case::read(folder))
        .filter(compare)
        .map(|case| case.name)
        .collect();
    println!("{} cases: {compared:?}", compared.len());
    assert!(compared.len() >= 4, "{compared:?}");
}

#[test]
fn every_case_as_one_bundle_comes_out_as_if_all_were_read_first() {
    for folder in cases() {
        let case = Case::read(&folder).in_one_bundle();
        assert!(compare(&case), "{}", case.name);
    }
}

/// Invented bundles of many patients: long enough for several portions, and with something of every
/// kind of news in each of them.
fn many() -> Case {
    let loinc = |code: &str| {
        format!("{{\"coding\":[{{\"system\":\"http://loinc.org\",\"code\":\"{code}\"}}]}}")
    };
    let mut text = String::new();
    for number in 0..2_500 {
        let patient = format!("p{number}");
        let mut entries = vec![format!(
            "{{\"fullUrl\":\"urn:uuid:{number}\",\"resource\":{{\"resourceType\":\"Patient\",\"id\":\"{patient}\",\"gender\":\"{}\",\"birthDate\":\"19{:02}-05-09\"}}}}",
            if number % 97 == 3 { "woman" } else { "female" },
            number % 70 + 10,
        )];
        for at in 0..6 {
            let (code, system) = match (number + at) % 11 {
                0 => (loinc("7l8-7"), ""),
                1 => (loinc("2345-7"), ""),
                2 => (
                    format!(
                        "{{\"coding\":[{{\"system\":\"urn:of:{}\",\"code\":\"1\"}}]}}",
                        number / 7
                    ),
                    "",
                ),
                _ => (loinc("718-7"), "http://unitsofmeasure.org"),
            };
            let unit = match (number + at) % 13 {
                0 => "g/dl".to_owned(),
                1 => format!("u{}", number % 9),
                2 => "mg/L".to_owned(),
                _ => "g/dL".to_owned(),
            };
            let status = [
                "final",
                "preliminary",
                "finale",
                "entered-in-error",
                "amended",
            ];
            let offset = if number % 50 == 20 {
                "T08:00:00+01:00"
            } else {
                ""
            };
            entries.push(format!(
                "{{\"resource\":{{\"resourceType\":\"Observation\",\"id\":\"{patient}-{at}\",\"status\":\"{}\",\"code\":{code},\"subject\":{{\"reference\":\"{}\"}},\"effectiveDateTime\":\"2024-05-{:02}{offset}\",\"valueQuantity\":{{\"value\":{}.50,\"unit\":\"{unit}\",\"system\":\"{system}\",\"code\":\"{unit}\"}}}}}}",
                status[if (number + at) % 17 < 5 { (number + at) % 17 } else { 0 }],
                if number % 3 == 0 { format!("urn:uuid:{number}") } else { format!("Patient/{patient}") },
                number % 28 + 1,
                number % 9 + 8,
            ));
        }
        match number % 101 {
            5 => {
                entries.push("{\"resource\":{\"resourceType\":\"Observation\" \"id\"}}".to_owned())
            }
            6 => {
                entries.push("{\"resource\":{\"resourceType\":\"Condition\",\"id\":7}}".to_owned())
            }
            7 => entries.push(format!(
                "{{\"resource\":{{\"resourceType\":\"{}\"}}}}",
                if number > 900 { "Account" } else { "Coverage" }
            )),
            _ => {}
        }
        writeln!(
            text,
            "{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{}]}}",
            entries.join(",")
        )
        .unwrap();
    }
    Case {
        name: "many".to_owned(),
        asked: Asked::read(WANTED),
        as_of: None,
        mapping: "[units.\"loinc|718-7\"]\n\"mg/L\" = \"g/dL\"\n[codes]\n\"loinc|2345-7\" = \"loinc|718-7\"\n\"loinc|1-1\" = \"loinc|718-7\"\n".to_owned(),
        files: vec![("many.ndjson".to_owned(), text.into_bytes())],
    }
}

#[test]
fn what_comes_out_does_not_depend_on_how_many_read() {
    let case = many();
    assert!(compare(&case));
    let tables = case.tables("whole");
    let one = by_portions(&case.asked, &tables, None, 1);
    for count in [2, 3, 7] {
        assert_eq!(
            by_portions(&case.asked, &tables, None, count),
            one,
            "{count} readers"
        );
    }
}

/// The public bundles, each of one patient and with all there is of him.
#[test]
fn the_public_bundles_come_out_as_if_all_were_read_first() {
    let shared = std::env::var_os("LIND_SHARED_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let Ok(folder) = fs::read_dir(shared.join("fhir/bundles")) else {
        println!("../shared/data is absent: the public bundles were not run");
        return;
    };
    let mut asked = Asked::read("");
    for table in Table::FACTS {
        asked.concepts.push((table, "any".to_owned()));
        let concept = ConceptId(u32::try_from(asked.concepts.len() - 1).unwrap());
        asked.wanted.add_any(table, concept);
    }
    let mut case = Case {
        name: "the public bundles".to_owned(),
        asked,
        as_of: None,
        mapping: String::new(),
        files: Vec::new(),
    };
    for entry in folder {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        case.files.push((name, fs::read(&path).unwrap()));
    }
    assert!(compare(&case));
    let tables = case.tables("whole");
    let by_three = by_portions(&case.asked, &tables, None, 3);
    assert_eq!(by_three, by_portions(&case.asked, &tables, None, 1));
}

/// Numbers that look random and are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

#[test]
fn damaged_bundles_come_out_as_if_all_were_read_first() {
    const BYTES: &[u8] = b"{}[]\",:\\019.eE+-tfn \n\x01\xff";
    let mut numbers = Numbers(0x2026_1122);
    let many = many();
    let lines: Vec<&[u8]> = many.files[0]
        .1
        .split(|byte| *byte == b'\n')
        .take(400)
        .collect();
    let (mut compared, mut contradicted) = (0, 0);
    for _ in 0..600 {
        let first = numbers.below(lines.len() - 4);
        let mut bytes = lines[first..first + 4].join(&b'\n');
        for _ in 0..=numbers.below(3) {
            let at = numbers.below(bytes.len());
            match numbers.below(5) {
                0 => drop(bytes.splice(at..(at + 1 + numbers.below(30)).min(bytes.len()), [])),
                1 => bytes.insert(at, BYTES[numbers.below(BYTES.len())]),
                2 => bytes[at] = BYTES[numbers.below(BYTES.len())],
                3 => bytes.truncate(at + 1),
                _ => {
                    let end = (at + numbers.below(80)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    bytes.splice(end..end, part);
                }
            }
        }
        let case = Case {
            name: format!("damaged\n{}", String::from_utf8_lossy(&bytes)),
            asked: Asked::read(WANTED),
            as_of: None,
            mapping: many.mapping.clone(),
            files: vec![("many.ndjson".to_owned(), bytes)],
        };
        if compare_with(&case, true) {
            compared += 1;
        } else {
            contradicted += 1;
        }
    }
    println!("{compared} compared, {contradicted} contradict the mapping");
    assert!(compared > 400, "{compared}");
}
