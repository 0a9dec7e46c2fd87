//! The short names of coding systems, and the words for a few codes.

use super::elements::{Coding, Concept, Quantity, text};
use crate::found::CODE_END;

/// The system of the names of Lind's own library: they stand bare.
const OWN: &str = "urn:lind:name";

/// Stands in place of a system that is not given.
const UNSTATED: &str = "unstated";

/// Stands in place of a system where there is no code and a text alone.
const TEXT: &str = "text";

/// Systems as FHIR names them, and their short names.
const SYSTEMS: &[(&str, &str)] = &[
    // The most frequent first: they are looked for one after the other.
    ("http://loinc.org", "loinc"),
    ("http://unitsofmeasure.org", "ucum"),
    ("http://snomed.info/sct", "snomed"),
    ("http://www.nlm.nih.gov/research/umls/rxnorm", "rxnorm"),
    ("http://hl7.org/fhir/sid/icd-10", "icd10"),
    ("http://hl7.org/fhir/sid/icd-10-cm", "icd10cm"),
    ("http://hl7.org/fhir/sid/icd-10-us", "icd10cm"),
    ("http://hl7.org/fhir/sid/icd-10-de", "icd10gm"),
    ("http://fhir.de/CodeSystem/bfarm/icd-10-gm", "icd10gm"),
    ("http://fhir.de/CodeSystem/dimdi/icd-10-gm", "icd10gm"),
    ("http://www.cms.gov/Medicare/Coding/ICD10", "icd10pcs"),
    ("http://hl7.org/fhir/sid/icd-9-cm", "icd9cm"),
    ("http://hl7.org/fhir/sid/icd-o-3", "icdo3"),
    ("http://terminology.hl7.org/CodeSystem/icd-o-3", "icdo3"),
    ("http://www.whocc.no/atc", "atc"),
    ("http://fhir.de/CodeSystem/bfarm/atc", "atc"),
    ("http://hl7.org/fhir/sid/cvx", "cvx"),
    ("http://hl7.org/fhir/sid/ndc", "ndc"),
    ("http://ncimeta.nci.nih.gov", "ncit"),
    ("http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", "ncit"),
    ("http://ncithesaurus-stage.nci.nih.gov", "ncit"),
    ("http://terminology.hl7.org/CodeSystem/MDRAE", "meddra"),
    ("http://www.meddra.org", "meddra"),
    ("https://www.meddra.org", "meddra"),
    ("http://www.ama-assn.org/go/cpt", "cpt"),
    ("http://www.orpha.net", "orpha"),
    ("http://fdasis.nlm.nih.gov", "unii"),
    ("http://human-phenotype-ontology.org", "hpo"),
    ("http://hl7.org/fhir/ndfrt", "ndfrt"),
    ("urn:oid:2.16.840.1.113883.6.1", "loinc"),
    ("urn:oid:2.16.840.1.113883.6.96", "snomed"),
    ("urn:oid:2.16.840.1.113883.6.88", "rxnorm"),
    ("urn:oid:2.16.840.1.113883.6.3", "icd10"),
    ("urn:oid:2.16.840.1.113883.6.90", "icd10cm"),
    ("urn:oid:2.16.840.1.113883.6.73", "atc"),
    ("urn:oid:2.16.840.1.113883.12.292", "cvx"),
    ("urn:oid:2.16.840.1.113883.6.163", "meddra"),
    ("urn:oid:2.16.840.1.113883.6.8", "ucum"),
    ("urn:oid:2.16.840.1.113883.3.26.1.1", "ncit"),
];

/// The short name of a system; an unknown one keeps its own.
pub(super) fn short(system: &str) -> &str {
    SYSTEMS
        .iter()
        .find(|(uri, _)| *uri == system)
        .map_or(system, |(_, short)| short)
}

/// Whether a system is one that many use, by its short name.
pub(crate) fn is_public(system: &str) -> bool {
    SYSTEMS.iter().any(|(_, short)| *short == system)
}

/// Writes a code with its system, or a name of Lind's own.
fn write_code(out: &mut String, system: &str, code: &str) {
    match system {
        OWN => {}
        "" => {
            out.push_str(UNSTATED);
            out.push('|');
        }
        _ => {
            // A bar in the system would be taken for the one before the code.
            let (system, _) = system.split_once('|').unwrap_or((system, ""));
            out.push_str(short(system));
            out.push('|');
        }
    }
    if code.contains(CODE_END) {
        out.extend(code.chars().filter(|character| *character != CODE_END));
    } else {
        out.push_str(code);
    }
}

/// Writes all codes of a concept; where there is none, its text.
pub(super) fn write_codes(out: &mut String, concept: &Concept<'_>) {
    if out.is_empty()
        && let Some(codes) = concept.coding.written()
    {
        out.push_str(codes);
        return;
    }
    let start = out.len();
    for coding in &concept.coding {
        write_coding(out, coding);
    }
    if out.len() == start && !text(&concept.text).is_empty() {
        write_next(out, TEXT, text(&concept.text));
    }
}

/// Writes a code, if it is one, after those that are there.
pub(super) fn write_coding(out: &mut String, coding: &Coding<'_>) {
    let code = text(&coding.code);
    if !code.is_empty() {
        write_next(out, text(&coding.system), code);
    }
}

/// Writes a code after those that are there.
pub(super) fn write_next(out: &mut String, system: &str, code: &str) {
    if !out.is_empty() {
        out.push(CODE_END);
    }
    write_code(out, system, code);
}

/// Writes the word for a concept: Lind's own, if one of its codes has one; else the first code.
pub(super) fn write_word(out: &mut String, concept: &Concept<'_>, words: &[(&str, &str, &str)]) {
    if let Some(word) = concept.coding.iter().find_map(|coding| word(coding, words)) {
        out.push_str(word);
        return;
    }
    let first = concept
        .coding
        .iter()
        .find(|coding| !text(&coding.code).is_empty());
    match first {
        Some(coding) => write_code(out, text(&coding.system), text(&coding.code)),
        None => out.push_str(text(&concept.text)),
    }
}

/// Lind's own word for a code, if it has one.
pub(super) fn word<'t>(coding: &'t Coding<'_>, words: &[(&str, &str, &'t str)]) -> Option<&'t str> {
    let (system, code) = (text(&coding.system), text(&coding.code));
    if system == OWN {
        return Some(code).filter(|code| !code.is_empty());
    }
    let system = short(system);
    words
        .iter()
        .find(|(other, coded, _)| *other == system && *coded == code)
        .map(|(.., word)| *word)
}

/// The first code that a concept has in the one of these systems, or in any if none is named.
pub(super) fn code_in<'t>(concept: &'t Option<Concept<'_>>, ending: &str) -> &'t str {
    concept
        .iter()
        .flat_map(|concept| &concept.coding)
        .find(|coding| text(&coding.system).ends_with(ending))
        .map_or("", |coding| text(&coding.code))
}

/// Writes the unit of a quantity: the code, if it is one of UCUM; else the unit as people write it. A
/// code of another system is no unit, and is written so that it is told what it is.
pub(super) fn write_unit(out: &mut String, quantity: &Quantity<'_>) {
    match unit(quantity) {
        Some(unit) => out.push_str(unit),
        None => write_code(out, text(&quantity.system), text(&quantity.code)),
    }
}

/// The unit of a quantity; none: all that stands there is a code of another system.
pub(super) fn unit<'t>(quantity: &'t Quantity<'_>) -> Option<&'t str> {
    let (system, code) = (text(&quantity.system), text(&quantity.code));
    let unit = text(&quantity.unit);
    if !code.is_empty() && short(system) == "ucum" {
        Some(code)
    } else if unit.is_empty() && !code.is_empty() {
        None
    } else {
        Some(unit)
    }
}

/// Words for results.
pub(super) const RESULTS: &[(&str, &str, &str)] = &[
    ("snomed", "10828004", "positive"),
    ("snomed", "260385009", "negative"),
    ("snomed", "82334004", "indeterminate"),
    ("snomed", "419984006", "indeterminate"),
    ("snomed", "42425007", "equivocal"),
    ("snomed", "260373001", "detected"),
    ("snomed", "260415000", "not_detected"),
    ("snomed", "52101004", "present"),
    ("snomed", "2667000", "absent"),
    ("snomed", "17621005", "normal"),
    ("snomed", "263654008", "abnormal"),
    ("snomed", "260405006", "trace"),
    ("loinc", "LA6576-8", "positive"),
    ("loinc", "LA6577-6", "negative"),
    ("loinc", "LA11884-6", "indeterminate"),
    ("loinc", "LA11885-3", "equivocal"),
    ("loinc", "LA11882-0", "detected"),
    ("loinc", "LA11883-8", "not_detected"),
    ("loinc", "LA9633-4", "present"),
    ("loinc", "LA9634-2", "absent"),
    (INTERPRETATION, "POS", "positive"),
    (INTERPRETATION, "NEG", "negative"),
    (INTERPRETATION, "IND", "indeterminate"),
    (INTERPRETATION, "E", "equivocal"),
    (INTERPRETATION, "DET", "detected"),
    (INTERPRETATION, "ND", "not_detected"),
];

const INTERPRETATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

/// Words for samples.
pub(super) const SPECIMENS: &[(&str, &str, &str)] = &[
    ("snomed", "119364003", "serum"),
    ("snomed", "119361006", "plasma"),
    ("snomed", "119297000", "blood"),
    ("snomed", "122555007", "blood"),
    ("snomed", "122575003", "urine"),
    ("snomed", "258450006", "cerebrospinal_fluid"),
    (SPECIMEN_TYPE, "SER", "serum"),
    (SPECIMEN_TYPE, "PLAS", "plasma"),
    (SPECIMEN_TYPE, "BLD", "blood"),
    (SPECIMEN_TYPE, "UR", "urine"),
    (SPECIMEN_TYPE, "CSF", "cerebrospinal_fluid"),
];

const SPECIMEN_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v2-0487";

/// Words for sites of the body.
pub(super) const SITES: &[(&str, &str, &str)] = &[
    ("snomed", "1290032005", "right_eye"),
    ("snomed", "1290031003", "left_eye"),
    ("snomed", "8966001", "left_eye"),
    ("snomed", "18944008", "right_eye"),
    ("snomed", "40638003", "both_eyes"),
];

/// Words for the ways in which drugs are given.
pub(super) const ROUTES: &[(&str, &str, &str)] = &[
    ("snomed", "26643006", "oral"),
    ("snomed", "47625008", "intravenous"),
    ("snomed", "78421000", "intramuscular"),
    ("snomed", "34206005", "subcutaneous"),
    ("snomed", "6064005", "topical"),
    ("snomed", "45890007", "transdermal"),
    ("snomed", "37839007", "sublingual"),
    ("snomed", "37161004", "rectal"),
    ("snomed", "46713006", "nasal"),
    ("snomed", "72607000", "intrathecal"),
    ("snomed", "372464004", "intradermal"),
    (ROUTE, "PO", "oral"),
    (ROUTE, "IV", "intravenous"),
    (ROUTE, "IVINJ", "intravenous"),
    (ROUTE, "IM", "intramuscular"),
    (ROUTE, "SQ", "subcutaneous"),
    (ROUTE, "SC", "subcutaneous"),
];

const ROUTE: &str = "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration";

/// Words for how severe a diagnosis is.
pub(super) const SEVERITIES: &[(&str, &str, &str)] = &[
    ("snomed", "255604002", "mild"),
    ("snomed", "6736007", "moderate"),
    ("snomed", "24484000", "severe"),
    ("snomed", "442452003", "life_threatening"),
    ("snomed", "399166001", "fatal"),
];
