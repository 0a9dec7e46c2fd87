//! The four who were screened and not enrolled: each fails one registered criterion and meets the others.

use super::calendar::Date;
use super::person::{Drug, Person, Score, Steroid};

const MYCOPHENOLATE: Drug = Drug {
    name: "mycophenolate",
    dose: "1",
    unit: "g",
    frequency: "twice daily",
    days_before_screening: 180,
    last: None,
};

const HYDROXYCHLOROQUINE: Drug = Drug {
    name: "hydroxychloroquine",
    dose: "200",
    unit: "mg",
    frequency: "twice daily",
    days_before_screening: 380,
    last: None,
};

/// Nine points, four of them from the serology: five without it.
const F1: Person = Person {
    id: "F1",
    sex: "female",
    birth_date: "1994-03-12",
    weight: 571,
    height: 164,
    onset: "2018-09",
    findings: &["lupus_malar_rash", "lupus_arthritis", "lupus_oral_ulcers"],
    ana_titre: "320",
    anti_smith: false,
    screening: Date::of(2023, 6, 20),
    proteinuria: 10,
    creatinine: 64,
    steroid: Steroid {
        drug: "prednisone",
        at_screening: "10",
        days_before_screening: 130,
        steps: &[],
    },
    drugs: &[MYCOPHENOLATE],
    scores: &[Score {
        visit: "screening_visit",
        selena: "arthritis low_complement dna_binding fever",
        sledai: "arthritis low_complement dna_binding fever",
        bilag: "CDEBEEEED",
        global: Some(140),
    }],
    course: None,
};

/// Prednisone of 5 mg a day with an antimalarial, and no immunosuppressant that would waive the minimum.
const F2: Person = Person {
    id: "F2",
    sex: "female",
    birth_date: "1981-07-29",
    weight: 640,
    height: 159,
    onset: "2015",
    findings: &[
        "lupus_malar_rash",
        "lupus_photosensitivity",
        "lupus_arthritis",
    ],
    ana_titre: "640",
    anti_smith: false,
    screening: Date::of(2023, 10, 16),
    proteinuria: 12,
    creatinine: 71,
    steroid: Steroid {
        drug: "prednisone",
        at_screening: "5",
        days_before_screening: 200,
        steps: &[],
    },
    drugs: &[HYDROXYCHLOROQUINE],
    scores: &[Score {
        visit: "screening_visit",
        selena: "arthritis rash low_complement dna_binding",
        sledai: "arthritis rash low_complement dna_binding",
        bilag: "CBEBEEEEE",
        global: Some(160),
    }],
    course: None,
};

/// Consent on the day on which the patient turns 71.
const F3: Person = Person {
    id: "F3",
    sex: "male",
    birth_date: "1953-01-23",
    weight: 705,
    height: 169,
    onset: "2006",
    findings: &[
        "lupus_discoid_rash",
        "lupus_photosensitivity",
        "lupus_serositis",
        "lupus_leukopenia_twice",
    ],
    ana_titre: "160",
    anti_smith: false,
    screening: Date::of(2024, 1, 23),
    proteinuria: 18,
    creatinine: 103,
    steroid: Steroid {
        drug: "prednisone",
        at_screening: "10",
        days_before_screening: 140,
        steps: &[],
    },
    drugs: &[MYCOPHENOLATE],
    scores: &[Score {
        visit: "screening_visit",
        selena: "arthritis rash pleurisy dna_binding",
        sledai: "arthritis rash pleurisy dna_binding",
        bilag: "CBEBBEEED",
        global: Some(170),
    }],
    course: None,
};

/// Protein of 7.2 g in the urine of 24 hours.
const F4: Person = Person {
    id: "F4",
    sex: "female",
    birth_date: "1998-10-05",
    weight: 593,
    height: 167,
    onset: "2020-02",
    findings: &["lupus_malar_rash", "lupus_proteinuria", "lupus_arthritis"],
    ana_titre: "1280",
    anti_smith: true,
    screening: Date::of(2024, 4, 8),
    proteinuria: 720,
    creatinine: 142,
    steroid: Steroid {
        drug: "prednisone",
        at_screening: "25",
        days_before_screening: 75,
        steps: &[],
    },
    drugs: &[MYCOPHENOLATE],
    scores: &[Score {
        visit: "screening_visit",
        selena: "haematuria proteinuria rash low_complement dna_binding",
        sledai: "haematuria proteinuria rash low_complement dna_binding",
        bilag: "CBEDEEEAD",
        global: Some(220),
    }],
    course: None,
};

/// In the order of screening.
pub(super) const NOT_ENROLLED: [Person; 4] = [F1, F2, F3, F4];
