//! The eight participants who were infused.
//!
//! The peaks, the days and the grades are those of the table of truth in the README of the cohort; the rest is
//! written around them. Women, ages, lengths of disease and organs of the first three are as the abstract of EULAR
//! 2024 tells them, so that both public reports fit the same people; nobody of them exists.

use super::person::{Drug, Event, Person, Score};

mod level_1;
mod level_2;
mod levels_3_and_4;

use level_1::{P1, P2, P3};
use level_2::{P4, P5};
use levels_3_and_4::{P6, P7, P8};

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

const fn event(term: &'static str, grade: i64, from: i64, to: i64, related: &'static str) -> Event {
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

/// In the order of infusion.
pub(super) const PARTICIPANTS: [Person; 8] = [P1, P2, P3, P4, P5, P6, P7, P8];
