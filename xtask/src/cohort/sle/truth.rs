//! What is true of the cohort, written by hand before any of its rows.
//!
//! The first table is clinical truth for each participant, so that the published numbers come out of it; the second
//! says what holds at which visit. [`super::recompute`] finds both again in the rows.

/// What is true of a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Truth {
    pub(super) id: &'static str,
    pub(super) level: &'static str,
    /// The day of the peak, by flow cytometry.
    pub(super) peak_day: i64,
    /// Hundredths of a cell per microlitre.
    pub(super) flow: i64,
    /// Copies per microgram.
    pub(super) copies: i64,
    pub(super) crs: i64,
    pub(super) hyperinflammation: bool,
    pub(super) hypogammaglobulinaemia: bool,
    pub(super) icaht: i64,
    /// The first day with B cells below 0.01 x 10^9/L.
    pub(super) b_cells_gone: i64,
    /// The month of the first visit after it at which they are not.
    pub(super) b_cells_back: i64,
    /// At day 28 and in months 2 to 6: yes, no, `?` unknown, `-` no visit.
    pub(super) sri_4: &'static str,
    pub(super) lldas: &'static str,
    pub(super) doris: &'static str,
    /// As the statement of 2021 has it: less than 5 mg of prednisolone.
    pub(super) doris_below_5: &'static str,
}

/// The visits at which states are asked, in months; month 1 is the visit of day 28.
pub(super) const STATE_VISITS: [(&str, i64); 6] = [
    ("day_28", 1),
    ("month_2", 2),
    ("month_3", 3),
    ("month_4", 4),
    ("month_5", 5),
    ("month_6", 6),
];

/// The month of the first visit at which a state holds.
pub(super) fn first(states: &str) -> Option<i64> {
    let place = states.chars().position(|state| state == 'y')?;
    STATE_VISITS.get(place).map(|(_, month)| *month)
}

#[rustfmt::skip]
pub(super) const TRUTH: [Truth; 8] = [
    Truth { id: "P1", level: "DL1", peak_day: 9, flow: 1052, copies: 61_240, crs: 1, hyperinflammation: false, hypogammaglobulinaemia: true, icaht: 1, b_cells_gone: 11, b_cells_back: 2,
        sri_4: "yyyyyy", lldas: "nyyyyy", doris: "nnyyyy", doris_below_5: "nnnyyy" },
    Truth { id: "P2", level: "DL1", peak_day: 11, flow: 794, copies: 50_979, crs: 0, hyperinflammation: false, hypogammaglobulinaemia: false, icaht: 1, b_cells_gone: 14, b_cells_back: 3,
        sri_4: "nyy-yy", lldas: "nnn-nn", doris: "nnn-nn", doris_below_5: "nnn-nn" },
    Truth { id: "P3", level: "DL1", peak_day: 8, flow: 1620, copies: 78_412, crs: 1, hyperinflammation: false, hypogammaglobulinaemia: true, icaht: 2, b_cells_gone: 11, b_cells_back: 4,
        sri_4: "yyyyyy", lldas: "yyyyyy", doris: "nyyyyy", doris_below_5: "nyyyyy" },
    Truth { id: "P4", level: "DL2", peak_day: 10, flow: 1387, copies: 70_388, crs: 1, hyperinflammation: false, hypogammaglobulinaemia: false, icaht: 1, b_cells_gone: 12, b_cells_back: 5,
        sri_4: "yyyyyy", lldas: "nnyyyy", doris: "nnnnnn", doris_below_5: "nnnnnn" },
    Truth { id: "P5", level: "DL2", peak_day: 9, flow: 4765, copies: 152_904, crs: 1, hyperinflammation: false, hypogammaglobulinaemia: true, icaht: 2, b_cells_gone: 13, b_cells_back: 3,
        sri_4: "yyyyyy", lldas: "yyyyyy", doris: "yyyyyy", doris_below_5: "yyyyyy" },
    Truth { id: "P6", level: "DL3", peak_day: 15, flow: 2128, copies: 85_121, crs: 1, hyperinflammation: false, hypogammaglobulinaemia: false, icaht: 1, b_cells_gone: 15, b_cells_back: 6,
        sri_4: "ny?yyy", lldas: "nnnyyy", doris: "nnnnnn", doris_below_5: "nnnnnn" },
    Truth { id: "P7", level: "DL3", peak_day: 22, flow: 22_836, copies: 1_140_893, crs: 2, hyperinflammation: true, hypogammaglobulinaemia: true, icaht: 2, b_cells_gone: 11, b_cells_back: 4,
        sri_4: "yyyyyy", lldas: "nyyyyy", doris: "nnnyyy", doris_below_5: "nnnnyy" },
    Truth { id: "P8", level: "DL4", peak_day: 9, flow: 9603, copies: 402_317, crs: 1, hyperinflammation: false, hypogammaglobulinaemia: true, icaht: 1, b_cells_gone: 12, b_cells_back: 2,
        sri_4: "yyyyyy", lldas: "nyyyny", doris: "nnnnnn", doris_below_5: "nnnnnn" },
];

/// The months at which SRI-4, LLDAS and DORIS are first reached; 0 for never.
#[rustfmt::skip]
pub(super) const FIRST_MONTHS: [(&str, [i64; 3]); 8] = [
    ("P1", [1, 2, 3]),
    ("P2", [2, 0, 0]),
    ("P3", [1, 1, 2]),
    ("P4", [1, 3, 0]),
    ("P5", [1, 1, 1]),
    ("P6", [2, 4, 0]),
    ("P7", [1, 2, 4]),
    ("P8", [1, 2, 0]),
];

/// The published results, as the abstract prints them; ranges with a hyphen and numbers without separators.
pub(super) const PUBLISHED: [(&str, &str); 18] = [
    ("screened", "12"),
    ("enrolled", "8"),
    ("infused at DL1, DL2, DL3, DL4", "3/2/2/1"),
    ("dose-limiting toxicity", "0"),
    ("cytopenia", "8 (100 %)"),
    ("cytokine release syndrome", "7 (88 %)"),
    ("hypogammaglobulinaemia", "5 (63 %)"),
    ("ICAHT of grade 3 or more", "0"),
    ("ICANS", "0"),
    ("IEC-HS", "1"),
    ("Tmax, days", "9.5 (8-22)"),
    ("Cmax by flow cytometry, cells/uL", "18.74 (7.94-228.36)"),
    ("Cmax by qPCR, copies/ug", "81766.5 (50979-1140893)"),
    ("B cells depleted, day", "11-15"),
    ("B cells recovered, month", "2-6"),
    ("SRI-4", "8"),
    ("LLDAS", "7"),
    ("DORIS remission", "4"),
];

/// What is not as planned, and what a report should say of it.
pub(super) const DEVIATIONS: [(&str, &str, &str, &str); 7] = [
    (
        "P2",
        "month_4",
        "missed visit",
        "no visit month_4, planned for 2023-09-30 (2023-09-23 to 2023-10-07)",
    ),
    (
        "P4",
        "month_5",
        "late visit",
        "month_5 on 2024-02-06, 14 days after its planned day and 7 days after its window",
    ),
    (
        "P5",
        "month_3",
        "early visit",
        "month_3 on 2023-12-01, 12 days before its planned day and 5 days before its window",
    ),
    (
        "P6",
        "month_3",
        "missing assessment",
        "no physician's global assessment at month_3",
    ),
    (
        "P7",
        "unscheduled",
        "unscheduled visit",
        "unscheduled visit on 2023-12-28 (day 22)",
    ),
    (
        "P2",
        "relmacabtagene_autoleucel",
        "dose below the assigned one",
        "23.1 x 10^6 of 25 x 10^6 given: 7.6 % below the dose level",
    ),
    (
        "P4",
        "herpes_zoster",
        "event outside the DLT window",
        "judged dose-limiting with onset on day 34, after the window of day 0 to day 28: not counted",
    ),
];

/// Who was screened and not enrolled, by which registered criterion (its number in the protocol, and in words), and
/// why.
pub(super) const NOT_ENROLLED: [[&str; 4]; 4] = [
    [
        "F1",
        "I6",
        "SELENA-SLEDAI of at least 8, and of at least 6 without low complement and anti-dsDNA",
        "9 points, of which 4 from low complement and anti-dsDNA: 5 without them, below 6",
    ],
    [
        "F2",
        "I4",
        "oral glucocorticoids of at least 7.5 mg prednisone equivalent a day, or together with an immunosuppressant",
        "prednisone 5 mg a day with an antimalarial and no immunosuppressant",
    ],
    [
        "F3",
        "I2",
        "18 to 70 years at the signing of consent",
        "consent on the 71st birthday",
    ],
    [
        "F4",
        "E1",
        "no severe lupus nephritis: protein in the urine not above 6 g in 24 hours",
        "7.20 g in 24 hours",
    ],
];
