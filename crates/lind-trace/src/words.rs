//! Words of a text, and when two of them are the same.

use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Words that say nothing of what a line is about.
const EMPTY: &str = "\
a about above according additional after against all also an and another any anyone are as at available baseline based be \
been before being below between both but by can cause clinical clinically confirmed considered could criteria \
criterion current currently defined definition definitions determined did do documented does due during each \
either eligible enroll enrolled equal etc ever every evidence except excluded following for from further gender g \
e eg ie greater had has have having he her his how if in include included includes including inclusion inclusive \
individual individuals into investigator investigators is it its judged judgement judgment key known least less \
level levels likely main may meet meeting meets met more most must need needed new no non none not of off on one \
only opinion or other others our out over participant participants participate participation past patient \
patients per person persons point points possible present presence prior provided range receive received \
receiving related require required requires result results same score screening she should since statement study \
subject subjects such take taken taking than that the their them then there these they this those through time \
times to total toward trial under understand unless until up upon use used using value values was were when \
where whether which while who whose will willing with within without would x xa y year years month months week \
weeks day days hour hours minute minutes read history methods remain last administration administered";

/// Groups of words that eligibility texts use for one another. The first stands for all.
const SAME: [&[&str]; 35] = [
    &["suitable", "unsuitable"],
    &["age", "aged", "ages", "old", "older", "elderly"],
    &["woman", "women", "female", "females"],
    &["man", "men", "male", "males"],
    &[
        "lactation",
        "lactating",
        "breastfeeding",
        "breastfeed",
        "nursing",
    ],
    &["pregnancy", "pregnant", "pregnancies", "gestation"],
    &["hemoglobin", "hb", "hgb"],
    &["platelets", "platelet", "plt"],
    &["neutrophil", "neutrophils", "anc"],
    &["lymphocyte", "lymphocytes", "alc"],
    &["alt", "sgpt", "alat"],
    &["ast", "sgot", "asat"],
    &["lvef", "ejection"],
    &["ecog", "performance"],
    &["kidney", "kidneys", "renal"],
    &["liver", "hepatic"],
    &["heart", "cardiac"],
    &["lung", "lungs", "pulmonary"],
    &["tumor", "tumors", "neoplasm", "neoplasms"],
    &[
        "drug",
        "drugs",
        "medication",
        "medications",
        "medicine",
        "medicines",
    ],
    &[
        "therapy",
        "therapies",
        "treatment",
        "treatments",
        "treated",
        "treat",
    ],
    &["consent", "icf"],
    &["crcl", "ccr", "clearance"],
    &["pt", "prothrombin"],
    &["hcg", "gonadotropin", "gonadotrophin"],
    &["prednisone", "prednisolone"],
    &[
        "steroid",
        "steroids",
        "corticosteroid",
        "corticosteroids",
        "glucocorticoid",
        "glucocorticoids",
    ],
    &["ciclosporin", "cyclosporin", "cyclosporine", "ciclosporine"],
    &[
        "fall",
        "falls",
        "fell",
        "decrease",
        "decreases",
        "decreased",
        "decline",
        "reduction",
    ],
    &[
        "rise",
        "rises",
        "rose",
        "increase",
        "increases",
        "increased",
    ],
    &["contraception", "contraceptive", "contraceptives"],
    &["hiv", "immunodeficiency"],
    &[
        "transplant",
        "transplants",
        "transplantation",
        "transplanted",
    ],
    &["enrolment", "enrollment", "enrolments"],
    &[
        "illness",
        "disease",
        "diseases",
        "disorder",
        "disorders",
        "comorbidity",
        "comorbidities",
    ],
];

/// Endings that are cut off, longest first.
const ENDINGS: [&str; 40] = [
    "izations", "ization", "ational", "ations", "ation", "ating", "ative", "ments", "ment",
    "ities", "ncies", "ness", "ancy", "ency", "ance", "ence", "ious", "ions", "ical", "ally",
    "able", "ible", "ant", "ent", "ate", "ing", "ion", "ity", "ies", "ive", "ory", "ous", "al",
    "ed", "es", "ic", "ly", "s", "y", "e",
];

/// The least that is left of a word when its ending is cut off.
const LEAST: usize = 4;

/// A word in the form in which it is compared: without case, spelling and ending.
pub(crate) fn stem(word: &str) -> String {
    let lower = word.to_lowercase();
    if let Some(first) = SAME.iter().find(|group| group.contains(&lower.as_str())) {
        return first
            .first()
            .map_or(lower.clone(), |first| (*first).to_owned());
    }
    let mut stem = lower
        .replace("ae", "e")
        .replace("oe", "e")
        .replace("our", "or")
        .replace("ll", "l")
        .replace("isation", "ization");
    // A word of letters and digits is a name.
    if stem.chars().any(|character| character.is_ascii_digit()) {
        return stem;
    }
    while let Some(cut) = ENDINGS.iter().find_map(|ending| {
        let rest = stem.strip_suffix(ending)?;
        (rest.chars().count() >= LEAST).then(|| rest.to_owned())
    }) {
        stem = cut;
    }
    stem
}

/// Whether a word says what a line is about.
fn is_telling(word: &str) -> bool {
    static LISTED: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    let listed = LISTED.get_or_init(|| EMPTY.split_whitespace().collect());
    let length = word.chars().count();
    let is_long = length >= 3 || (length == 2 && word.chars().any(char::is_uppercase));
    is_long && !listed.contains(word.to_lowercase().as_str())
}

/// A word of a text that says what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// As written.
    pub(crate) said: String,
    /// As it is compared.
    pub(crate) stem: String,
    /// Where it begins.
    pub(crate) at: usize,
}

/// The telling words of a text, in order. Underscores part words; numbers of four digits that are years are words.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut start = None;
    let ends = text.char_indices().chain([(text.len(), ' ')]);
    for (at, character) in ends {
        if character.is_alphanumeric() {
            start.get_or_insert(at);
            continue;
        }
        let Some(begin) = start.take() else { continue };
        let said = text.get(begin..at).unwrap_or_default();
        let is_number = said.starts_with(|first: char| first.is_ascii_digit());
        if (is_number && !is_year(said)) || !is_telling(said) {
            continue;
        }
        found.push(Word {
            said: said.to_owned(),
            stem: stem(said),
            at: begin,
        });
    }
    found
}

/// The stems of the telling words of a text.
pub(crate) fn stems(text: &str) -> BTreeSet<String> {
    words(text).into_iter().map(|word| word.stem).collect()
}

/// The first letters of a name of three words or more, in small letters: `systemic lupus erythematosus` is `sle`.
/// What stands behind a comma or a bracket is no part of the name.
pub(crate) fn initials(name: &str) -> Option<String> {
    let name = name.split([',', '(', ':']).next().unwrap_or_default();
    let words = name.split(|own: char| !own.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.len() < 3 || words.len() > 6 {
        return None;
    }
    let letters = words.iter().filter_map(|word| word.chars().next());
    Some(letters.flat_map(char::to_lowercase).collect())
}

/// Whether digits are a year of the calendar, as in the name of a classification.
pub(crate) fn is_year(digits: &str) -> bool {
    digits.len() == 4
        && digits.chars().all(|digit| digit.is_ascii_digit())
        && (digits.starts_with("19") || digits.starts_with("20"))
}

#[cfg(test)]
mod tests {
    use super::{initials, stem, words};

    #[test]
    fn forms_of_a_word_are_the_same() {
        for (one, other) in [
            ("pregnant", "pregnancy"),
            ("allergy", "allergies"),
            ("infectious", "infections"),
            ("malignant", "malignancy"),
            ("tumours", "tumor"),
            ("haemoglobin", "Hb"),
            ("enrollment", "enrolment"),
            ("cognition", "cognitive"),
            ("psychiatric", "psychiatry"),
            ("transplantation", "transplant"),
            ("manifestations", "manifestation"),
            ("classification", "classifications"),
        ] {
            assert_eq!(stem(one), stem(other), "{one}, {other}");
        }
    }

    #[test]
    fn other_words_are_not() {
        for (one, other) in [
            ("autologous", "autoimmune"),
            ("immunoglobulin", "immunosuppressant"),
            ("renal", "adrenal"),
            ("hepatitis", "hepatic"),
            ("CD19", "CD20"),
        ] {
            assert_ne!(stem(one), stem(other), "{one}, {other}");
        }
    }

    #[test]
    fn names_have_initials() {
        assert_eq!(
            initials("systemic_lupus_erythematosus").as_deref(),
            Some("sle")
        );
        assert_eq!(
            initials("Forced vital capacity, % of predicted").as_deref(),
            Some("fvc")
        );
        assert_eq!(initials("renal crisis"), None);
    }

    #[test]
    fn only_telling_words_count() {
        let said = |text| -> Vec<String> { words(text).into_iter().map(|own| own.said).collect() };
        assert_eq!(
            said("patients with a history of NYHA class, 2013 ACR, 65 years"),
            ["NYHA", "class", "2013", "ACR"]
        );
        assert_eq!(said("renal_crisis"), ["renal", "crisis"]);
    }
}
