//! The eight participants who were infused.
//!
//! The peaks, the days and the grades are those of the table of truth in the README of the cohort; the rest is
//! written around them. Women, ages, lengths of disease and organs of the first three are as the abstract of EULAR
//! 2024 tells them, so that both public reports fit the same people; nobody of them exists.

use super::calendar::Date;
use super::person::{
    BCells, Counts, Course, Deviation, Drug, Event, Expansion, Person, Release, Score, Steroid,
};

const CTCAE: &str = "ctcae_5";
const IEC_HS: &str = "hines_2023";

const HYDROXYCHLOROQUINE: Drug = Drug {
    name: "hydroxychloroquine",
    dose: "200",
    unit: "mg",
    frequency: "twice daily",
    days_before_screening: 400,
    last: None,
};

const MYCOPHENOLATE: Drug = Drug {
    name: "mycophenolate",
    dose: "750",
    unit: "mg",
    frequency: "twice daily",
    days_before_screening: 210,
    last: Some(-34),
};

const fn score(
    visit: &'static str,
    items: &'static str,
    bilag: &'static str,
    global: i64,
) -> Score {
    Score {
        visit,
        selena: items,
        sledai: items,
        bilag,
        global: Some(global),
    }
}

/// An assessment in which the older index counts less, since a finding is neither new nor recurrent.
const fn ongoing(
    visit: &'static str,
    selena: &'static str,
    sledai: &'static str,
    bilag: &'static str,
    global: i64,
) -> Score {
    Score {
        visit,
        selena,
        sledai,
        bilag,
        global: Some(global),
    }
}

const fn event(
    term: &'static str,
    grade: i64,
    from: i64,
    to: i64,
    related: &'static str,
) -> Event {
    Event {
        term,
        scale: CTCAE,
        grade,
        from,
        to: Some(to),
        related,
        serious: false,
        dose_limiting: false,
    }
}

/// The days on which the hyperinflammation had a grade: it is recorded as a row for each that it went through.
const fn hyperinflammation(grade: i64, from: i64, to: i64) -> Event {
    Event {
        term: "iec_hs",
        scale: IEC_HS,
        grade,
        from,
        to: Some(to),
        related: "related",
        serious: true,
        dose_limiting: false,
    }
}

const P1: Person = Person {
    id: "P1",
    sex: "female",
    birth_date: "1993-09-17",
    weight: 584,
    height: 163,
    onset: "2011-05",
    findings: &[
        "lupus_malar_rash",
        "lupus_photosensitivity",
        "lupus_proteinuria",
        "lupus_leukopenia_twice",
    ],
    ana_titre: "640",
    anti_smith: false,
    screening: Date::of(2023, 3, 28),
    proteinuria: 184,
    creatinine: 78,
    steroid: Steroid {
        drug: "prednisone",
        at_screening: "15",
        days_before_screening: 120,
        steps: &[(10, "10"), (45, "7.5"), (78, "5"), (106, "2.5"), (136, "")],
    },
    drugs: &[HYDROXYCHLOROQUINE, MYCOPHENOLATE],
    scores: &[
        score(
            "screening_visit",
            "haematuria proteinuria rash low_complement dna_binding",
            "DBEDEEEAC",
            210,
        ),
        ongoing(
            "day_28",
            "proteinuria low_complement",
            "proteinuria rash low_complement",
            "DCEDEEEBD",
            120,
        ),
        score("month_2", "low_complement", "DDEDEEECD", 60),
        score("month_3", "low_complement", "DDEDEEEDD", 40),
        score("month_4", "low_complement", "DDEDEEEDD", 30),
        score("month_5", "", "DDEDEEEDD", 20),
        score("month_6", "", "DDEDEEEDD", 20),
    ],
    course: Some(Course {
        infusion: Date::of(2023, 5, 10),
        enrolment: -29,
        leukapheresis: -27,
        level: "DL1",
        received: "25",
        expansion: Expansion {
            day: 9,
            flow: 1052,
            copies: 61_240,
            rise: 450,
        },
        b_cells: BCells {
            gone: 11,
            back: 2,
            per_litre: false,
        },
        counts: Counts {
            neutrophils: 310,
            low_from: 6,
            low: &[48, 42, 0, 45, 66, 80, 110],
            lymphocytes: 98,
            platelets: (214, 92),
            haemoglobin: (121, 93),
        },
        release: Some(Release {
            grade: 1,
            from: 3,
            to: 5,
            peak: 386,
        }),
        hypogammaglobulinaemia: true,
        hyperinflammation: false,
        events: &[
            event("myalgia", 1, 3, 6, "possible"),
            event("nausea", 1, -4, -1, "no"),
        ],
        deviations: &[],
    }),
};

const P2: Person = Person {
    id: "P2",
    sex: "female",
    birth_date: "1986-11-02",
    weight: 612,
    height: 158,
    onset: "2009",
    findings: &[
        "lupus_malar_rash",
        "lupus_oral_ulcers",
        "lupus_arthritis",
        "lupus_leukopenia_twice",
    ],
    ana_titre: "320",
    anti_smith: true,
    screening: Date::of(2023, 4, 18),
    proteinuria: 14,
    creatinine: 66,
    steroid: Steroid {
        drug: "prednisone",
        at_screening: "20",
        days_before_screening: 98,
        steps: &[(14, "15"), (49, "10"), (158, "5"), (166, "2.5"), (175, "")],
    },
    drugs: &[Drug {
        name: "azathioprine",
        dose: "100",
        unit: "mg",
        frequency: "daily",
        days_before_screening: 320,
        last: Some(-34),
    }],
    scores: &[
        score(
            "screening_visit",
            "rash alopecia mucosal_ulcers low_complement dna_binding leukopenia",
            "CBEDEEEEB",
            190,
        ),
        score(
            "day_28",
            "rash mucosal_ulcers low_complement dna_binding",
            "DBEDEEEEC",
            180,
        ),
        score(
            "month_2",
            "rash mucosal_ulcers dna_binding leukopenia",
            "DCEDEEEEC",
            150,
        ),
        score("month_3", "dna_binding leukopenia", "DCEDEEEEC", 120),
        score("month_5", "leukopenia", "DCEDEEEEC", 100),
        score("month_6", "leukopenia", "DCEDEEEEC", 110),
    ],
    course: Some(Course {
        infusion: Date::of(2023, 5, 30),
        enrolment: -29,
        leukapheresis: -27,
        level: "DL1",
        received: "23.1",
        expansion: Expansion {
            day: 11,
            flow: 794,
            copies: 50_979,
            rise: 500,
        },
        b_cells: BCells {
            gone: 14,
            back: 3,
            per_litre: false,
        },
        counts: Counts {
            neutrophils: 196,
            low_from: 7,
            low: &[50, 44, 39, 58, 47, 72, 95, 120],
            lymphocytes: 60,
            platelets: (176, 84),
            haemoglobin: (114, 90),
        },
        release: None,
        hypogammaglobulinaemia: false,
        hyperinflammation: false,
        events: &[event("fatigue", 1, 2, 12, "possible")],
        deviations: &[Deviation::Missed("month_4")],
    }),
};

const P3: Person = Person {
    id: "P3",
    sex: "female",
    birth_date: "2002-02-11",
    weight: 497,
    height: 160,
    onset: "2022-04",
    findings: &[
        "lupus_malar_rash",
        "lupus_proteinuria",
        "lupus_thrombocytopenia",
    ],
    ana_titre: "1280",
    anti_smith: true,
    screening: Date::of(2023, 5, 4),
    proteinuria: 120,
    creatinine: 61,
    steroid: Steroid {
        drug: "methylprednisolone",
        at_screening: "8",
        days_before_screening: 84,
        steps: &[(14, "6"), (45, "2"), (75, "")],
    },
    drugs: &[HYDROXYCHLOROQUINE, MYCOPHENOLATE],
    scores: &[
        score(
            "screening_visit",
            "proteinuria rash low_complement",
            "EBEEEEEBD",
            170,
        ),
        score("day_28", "", "EDEEEEEDD", 50),
        score("month_2", "", "EDEEEEEDD", 30),
        score("month_3", "", "EDEEEEEDD", 20),
        score("month_4", "", "EDEEEEEDD", 20),
        score("month_5", "", "EDEEEEEDD", 10),
        score("month_6", "", "EDEEEEEDD", 10),
    ],
    course: Some(Course {
        infusion: Date::of(2023, 6, 14),
        enrolment: -29,
        leukapheresis: -27,
        level: "DL1",
        received: "25",
        expansion: Expansion {
            day: 8,
            flow: 1620,
            copies: 78_412,
            rise: 420,
        },
        b_cells: BCells {
            gone: 11,
            back: 4,
            per_litre: false,
        },
        counts: Counts {
            neutrophils: 340,
            low_from: 4,
            low: &[46, 38, 41, 62, 55, 44, 35, 48, 60, 78, 105],
            lymphocytes: 88,
            platelets: (142, 61),
            haemoglobin: (116, 88),
        },
        release: Some(Release {
            grade: 1,
            from: 2,
            to: 4,
            peak: 384,
        }),
        hypogammaglobulinaemia: true,
        hyperinflammation: false,
        events: &[
            event("myalgia", 1, 2, 4, "possible"),
            event("upper_respiratory_infection", 2, 74, 83, "no"),
        ],
        deviations: &[],
    }),
};

const P4: Person = Person {
    id: "P4",
    sex: "female",
    birth_date: "1982-06-30",
    weight: 667,
    height: 165,
    onset: "2014-10",
    findings: &[
        "lupus_malar_rash",
        "lupus_oral_ulcers",
        "lupus_arthritis",
        "lupus_photosensitivity",
    ],
    ana_titre: "640",
    anti_smith: false,
    screening: Date::of(2023, 7, 10),
    proteinuria: 11,
    creatinine: 70,
    steroid: Steroid {
        drug: "prednisone",
        at_screening: "12.5",
        days_before_screening: 150,
        steps: &[(14, "10"), (49, "7.5"), (80, "5"), (136, "2.5"), (171, "")],
    },
    drugs: &[
        HYDROXYCHLOROQUINE,
        Drug {
            name: "methotrexate",
            dose: "15",
            unit: "mg",
            frequency: "weekly",
            days_before_screening: 260,
            last: Some(-34),
        },
    ],
    scores: &[
        score(
            "screening_visit",
            "arthritis rash alopecia mucosal_ulcers dna_binding",
            "CBEBEEEED",
            200,
        ),
        ongoing(
            "day_28",
            "rash alopecia",
            "rash alopecia mucosal_ulcers",
            "DCECEEEED",
            110,
        ),
        score("month_2", "rash alopecia", "DCEDEEEED", 110),
        score("month_3", "alopecia", "DCEDEEEED", 80),
        score("month_4", "alopecia", "DCEDEEEED", 45),
        score("month_5", "alopecia", "DCEDEEEED", 40),
        score("month_6", "alopecia", "DCEDEEEED", 40),
    ],
    course: Some(Course {
        infusion: Date::of(2023, 8, 23),
        enrolment: -29,
        leukapheresis: -27,
        level: "DL2",
        received: "50",
        expansion: Expansion {
            day: 10,
            flow: 1387,
            copies: 70_388,
            rise: 480,
        },
        b_cells: BCells {
            gone: 12,
            back: 5,
            per_litre: false,
        },
        counts: Counts {
            neutrophils: 365,
            low_from: 5,
            low: &[45, 40, 47, 61, 70, 58, 49, 43, 65, 90, 130],
            lymphocytes: 112,
            platelets: (238, 104),
            haemoglobin: (124, 97),
        },
        release: Some(Release {
            grade: 1,
            from: 4,
            to: 7,
            peak: 387,
        }),
        hypogammaglobulinaemia: false,
        hyperinflammation: false,
        events: &[
            event("myalgia", 1, 4, 8, "possible"),
            Event {
                term: "herpes_zoster",
                scale: CTCAE,
                grade: 3,
                from: 34,
                to: Some(48),
                related: "probable",
                serious: true,
                dose_limiting: true,
            },
        ],
        deviations: &[Deviation::Shifted(
            "month_5",
            14,
            "came two weeks late: travelling",
        )],
    }),
};

const P5: Person = Person {
    id: "P5",
    sex: "female",
    birth_date: "1990-01-24",
    weight: 553,
    height: 161,
    onset: "2017-02",
    findings: &[
        "lupus_malar_rash",
        "lupus_oral_ulcers",
        "lupus_arthritis",
        "lupus_pleuritis",
    ],
    ana_titre: "320",
    anti_smith: true,
    screening: Date::of(2023, 8, 3),
    proteinuria: 9,
    creatinine: 62,
    steroid: Steroid {
        drug: "prednisolone",
        at_screening: "10",
        days_before_screening: 110,
        steps: &[(7, "5"), (21, "2.5"), (46, "")],
    },
    drugs: &[
        HYDROXYCHLOROQUINE,
        Drug {
            name: "tacrolimus",
            dose: "1",
            unit: "mg",
            frequency: "twice daily",
            days_before_screening: 190,
            last: Some(-34),
        },
    ],
    scores: &[
        score(
            "screening_visit",
            "arthritis rash mucosal_ulcers pleurisy",
            "CBEBBEEED",
            180,
        ),
        score("day_28", "", "DDEDDEEED", 35),
        score("month_2", "", "DDEDDEEED", 20),
        score("month_3", "", "DDEDDEEED", 10),
        score("month_4", "", "DDEDDEEED", 10),
        score("month_5", "", "DDEDDEEED", 10),
        score("month_6", "", "DDEDDEEED", 10),
    ],
    course: Some(Course {
        infusion: Date::of(2023, 9, 13),
        enrolment: -29,
        leukapheresis: -27,
        level: "DL2",
        received: "50",
        expansion: Expansion {
            day: 9,
            flow: 4765,
            copies: 152_904,
            rise: 400,
        },
        b_cells: BCells {
            gone: 13,
            back: 3,
            per_litre: false,
        },
        counts: Counts {
            neutrophils: 402,
            low_from: 4,
            low: &[47, 40, 33, 28, 31, 38, 46, 62, 88, 120],
            lymphocytes: 126,
            platelets: (251, 98),
            haemoglobin: (119, 91),
        },
        release: Some(Release {
            grade: 1,
            from: 3,
            to: 5,
            peak: 390,
        }),
        hypogammaglobulinaemia: true,
        hyperinflammation: false,
        events: &[
            event("myalgia", 1, 3, 5, "possible"),
            Event {
                term: "pneumonia",
                scale: CTCAE,
                grade: 3,
                from: 52,
                to: Some(66),
                related: "possible",
                serious: true,
                dose_limiting: false,
            },
        ],
        deviations: &[Deviation::Shifted(
            "month_3",
            -12,
            "came twelve days early: with another appointment",
        )],
    }),
};

const P6: Person = Person {
    id: "P6",
    sex: "male",
    birth_date: "1971-12-08",
    weight: 741,
    height: 174,
    onset: "2012",
    findings: &[
        "lupus_discoid_rash",
        "lupus_photosensitivity",
        "lupus_lymphopenia_twice",
    ],
    ana_titre: "320",
    anti_smith: false,
    screening: Date::of(2023, 10, 3),
    proteinuria: 17,
    creatinine: 96,
    steroid: Steroid {
        drug: "prednisone",
        at_screening: "5",
        days_before_screening: 260,
        steps: &[(161, "2.5")],
    },
    drugs: &[HYDROXYCHLOROQUINE, MYCOPHENOLATE],
    scores: &[
        score(
            "screening_visit",
            "vasculitis rash low_complement dna_binding",
            "CAEDEEEDC",
            180,
        ),
        score(
            "day_28",
            "rash low_complement dna_binding",
            "DBEDEEEDC",
            210,
        ),
        score(
            "month_2",
            "rash low_complement dna_binding",
            "DCEDEEEDC",
            160,
        ),
        Score {
            visit: "month_3",
            selena: "rash low_complement dna_binding",
            sledai: "rash low_complement dna_binding",
            bilag: "DCEDEEEDC",
            global: None,
        },
        score("month_4", "low_complement dna_binding", "DDEDEEEDD", 90),
        score("month_5", "dna_binding", "DDEDEEEDD", 70),
        score("month_6", "dna_binding", "DDEDEEEDD", 50),
    ],
    course: Some(Course {
        infusion: Date::of(2023, 11, 15),
        enrolment: -29,
        leukapheresis: -27,
        level: "DL3",
        received: "75",
        expansion: Expansion {
            day: 15,
            flow: 2128,
            copies: 85_121,
            rise: 640,
        },
        b_cells: BCells {
            gone: 15,
            back: 6,
            per_litre: true,
        },
        counts: Counts {
            neutrophils: 322,
            low_from: 7,
            low: &[49, 44, 37, 41, 45, 50, 63, 85, 115],
            lymphocytes: 84,
            platelets: (196, 79),
            haemoglobin: (138, 108),
        },
        release: Some(Release {
            grade: 1,
            from: 6,
            to: 8,
            peak: 385,
        }),
        hypogammaglobulinaemia: false,
        hyperinflammation: false,
        events: &[
            event("myalgia", 1, 6, 9, "possible"),
            event("alt_increased", 1, 7, 21, "possible"),
        ],
        deviations: &[],
    }),
};

const P7: Person = Person {
    id: "P7",
    sex: "female",
    birth_date: "1978-08-19",
    weight: 702,
    height: 166,
    onset: "2008-07",
    findings: &[
        "lupus_malar_rash",
        "lupus_arthritis",
        "lupus_proteinuria",
        "lupus_thrombocytopenia",
    ],
    ana_titre: "1280",
    anti_smith: true,
    screening: Date::of(2023, 10, 24),
    proteinuria: 231,
    creatinine: 92,
    steroid: Steroid {
        drug: "prednisone",
        at_screening: "20",
        days_before_screening: 90,
        steps: &[(32, "15"), (45, "7.5"), (101, "5"), (136, "2.5"), (166, "")],
    },
    drugs: &[HYDROXYCHLOROQUINE, MYCOPHENOLATE],
    scores: &[
        score(
            "screening_visit",
            "arthritis proteinuria rash low_complement thrombocytopenia",
            "CBEBEEEBC",
            220,
        ),
        score(
            "day_28",
            "proteinuria low_complement",
            "DCECEEEBB",
            190,
        ),
        score("month_2", "low_complement", "DCEDEEECC", 100),
        score("month_3", "low_complement", "DDEDEEECD", 60),
        score("month_4", "low_complement", "DDEDEEEDD", 40),
        score("month_5", "", "DDEDEEEDD", 30),
        score("month_6", "", "DDEDEEEDD", 30),
    ],
    course: Some(Course {
        infusion: Date::of(2023, 12, 6),
        enrolment: -29,
        leukapheresis: -27,
        level: "DL3",
        received: "75",
        expansion: Expansion {
            day: 22,
            flow: 22_836,
            copies: 1_140_893,
            rise: 760,
        },
        b_cells: BCells {
            gone: 11,
            back: 4,
            per_litre: false,
        },
        counts: Counts {
            neutrophils: 388,
            low_from: 5,
            low: &[44, 36, 28, 20, 0, 9, 12, 18, 0, 26, 33, 41, 48, 64, 85],
            lymphocytes: 105,
            platelets: (92, 52),
            haemoglobin: (112, 82),
        },
        release: Some(Release {
            grade: 2,
            from: 5,
            to: 10,
            peak: 396,
        }),
        hypogammaglobulinaemia: true,
        hyperinflammation: true,
        events: &[
            event("myalgia", 1, 5, 9, "possible"),
            hyperinflammation(2, 23, 24),
            hyperinflammation(3, 24, 29),
            hyperinflammation(2, 29, 35),
            hyperinflammation(1, 35, 41),
        ],
        deviations: &[Deviation::Unscheduled(
            22,
            "sample of blood: the CAR-T cells were still rising on day 21",
        )],
    }),
};

const P8: Person = Person {
    id: "P8",
    sex: "female",
    birth_date: "1985-04-03",
    weight: 629,
    height: 162,
    onset: "2016-12",
    findings: &[
        "lupus_malar_rash",
        "lupus_oral_ulcers",
        "lupus_arthritis",
    ],
    ana_titre: "640",
    anti_smith: false,
    screening: Date::of(2024, 2, 26),
    proteinuria: 21,
    creatinine: 69,
    steroid: Steroid {
        drug: "prednisone",
        at_screening: "15",
        days_before_screening: 100,
        steps: &[(14, "10"), (45, "7.5"), (141, "10"), (166, "7.5")],
    },
    drugs: &[
        HYDROXYCHLOROQUINE,
        Drug {
            name: "leflunomide",
            dose: "20",
            unit: "mg",
            frequency: "daily",
            days_before_screening: 240,
            last: Some(-34),
        },
    ],
    scores: &[
        score(
            "screening_visit",
            "arthritis rash mucosal_ulcers low_complement dna_binding",
            "CBEBEEEDD",
            190,
        ),
        score("day_28", "rash dna_binding", "DCEDEEEDD", 110),
        score("month_2", "dna_binding", "DDEDEEEDD", 70),
        score("month_3", "dna_binding", "DDEDEEEDD", 40),
        score("month_4", "dna_binding", "DDEDEEEDD", 40),
        score("month_5", "arthritis rash dna_binding", "DBEBEEEDD", 140),
        score("month_6", "dna_binding", "DDEDEEEDD", 60),
    ],
    course: Some(Course {
        infusion: Date::of(2024, 4, 8),
        enrolment: -28,
        leukapheresis: -26,
        level: "DL4",
        received: "100",
        expansion: Expansion {
            day: 9,
            flow: 9603,
            copies: 402_317,
            rise: 380,
        },
        b_cells: BCells {
            gone: 12,
            back: 2,
            per_litre: false,
        },
        counts: Counts {
            neutrophils: 355,
            low_from: 8,
            low: &[46, 41, 49, 71, 96, 130],
            lymphocytes: 101,
            platelets: (223, 88),
            haemoglobin: (118, 95),
        },
        release: Some(Release {
            grade: 1,
            from: 2,
            to: 6,
            peak: 389,
        }),
        hypogammaglobulinaemia: true,
        hyperinflammation: false,
        events: &[
            event("myalgia", 1, 2, 7, "possible"),
            event("lupus_flare", 2, 141, 166, "no"),
        ],
        deviations: &[],
    }),
};

/// In the order of infusion.
pub(super) const PARTICIPANTS: [Person; 8] = [P1, P2, P3, P4, P5, P6, P7, P8];
