//! The cohort of NCT06414135.
//!
//! Each file is about some criteria. A patient's name begins with the criterion, or the part of
//! one, that the patient is about. What no line expects passes.

use super::patient::Patient;

mod consent_and_age;
mod diagnosis;
mod gates;
mod heart_and_lung;
mod history;
mod infection_and_veins;
mod investigational;
mod judgements;
mod kidney;
mod liver_and_clotting;
mod malignancy;
mod marrow;
mod pregnancy;
mod progressive;
mod refractory;
mod repeated_values;
mod typical;
mod vaccines;

/// `dataset.toml`.
pub(super) const DATASET: &str = r#"# Invented patients. None of them exists, and no number was taken from a person.
[dataset]
site    = "Invented patients for NCT06414135"
cut_off = "2026-05-31"

# E11 counts five half-lives of an investigational product.
[half_lives."invented|product_20_days"]
value  = "20 days"
source = "invented"
"#;

/// All patients, in the order of the protocol.
pub(super) fn patients() -> Vec<Patient> {
    let mut patients = typical::patients();
    patients.extend(gates::patients());
    patients.extend(consent_and_age::patients());
    patients.extend(diagnosis::patients());
    patients.extend(refractory::patients());
    patients.extend(progressive::patients());
    patients.extend(infection_and_veins::patients());
    patients.extend(kidney::patients());
    patients.extend(marrow::patients());
    patients.extend(liver_and_clotting::patients());
    patients.extend(repeated_values::patients());
    patients.extend(pregnancy::patients());
    patients.extend(heart_and_lung::patients());
    patients.extend(history::patients());
    patients.extend(malignancy::patients());
    patients.extend(judgements::patients());
    patients.extend(investigational::patients());
    patients.extend(vaccines::patients());
    patients
}
