//! What is told of each person before the tables are made of it.
//!
//! Days count from the infusion, which is day 0. Numbers are whole: the unit of the last decimal is told with each.

use super::calendar::Date;

/// A person who was screened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    pub(super) id: &'static str,
    pub(super) sex: &'static str,
    pub(super) birth_date: &'static str,
    /// In tenths of a kilogram.
    pub(super) weight: i64,
    /// In centimetres.
    pub(super) height: i64,
    /// Of the disease, as precise as it is known.
    pub(super) onset: &'static str,
    /// Findings of the disease, by the library's names, for the criteria of 1997.
    pub(super) findings: &'static [&'static str],
    /// Dilution at which the antinuclear antibodies are still found.
    pub(super) ana_titre: &'static str,
    pub(super) anti_smith: bool,
    /// Consent and screening.
    pub(super) screening: Date,
    /// In 24 hours, hundredths of a gram, at screening.
    pub(super) proteinuria: i64,
    /// Hundredths of mg/dL.
    pub(super) creatinine: i64,
    pub(super) steroid: Steroid,
    pub(super) drugs: &'static [Drug],
    /// The assessments of activity, the first at screening.
    pub(super) scores: &'static [Score],
    /// Of whoever was enrolled.
    pub(super) course: Option<Course>,
}

/// Oral glucocorticoids: what is taken at screening and how it is tapered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steroid {
    pub(super) drug: &'static str,
    /// Milligrams a day at screening, and for so many days before it.
    pub(super) at_screening: &'static str,
    pub(super) days_before_screening: i64,
    /// From which day on how much; blank: no more.
    pub(super) steps: &'static [(i64, &'static str)],
}

/// A drug against the disease that is taken at screening.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drug {
    pub(super) name: &'static str,
    pub(super) dose: &'static str,
    pub(super) unit: &'static str,
    pub(super) frequency: &'static str,
    /// For so many days before screening.
    pub(super) days_before_screening: i64,
    /// Its last day; none if it goes on.
    pub(super) last: Option<i64>,
}

/// An assessment of activity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Score {
    pub(super) visit: &'static str,
    /// Items of SELENA-SLEDAI that are present, with blanks between them.
    pub(super) selena: &'static str,
    /// Items of SLEDAI-2K that are present.
    pub(super) sledai: &'static str,
    /// The grades of the nine systems of BILAG-2004, in the order of the library.
    pub(super) bilag: &'static str,
    /// Hundredths; none if it was not recorded.
    pub(super) global: Option<i64>,
}

/// What happened to whoever was enrolled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    pub(super) infusion: Date,
    /// The day of enrolment, which is that of the assignment as well.
    pub(super) enrolment: i64,
    /// Collection of cells.
    pub(super) leukapheresis: i64,
    pub(super) level: &'static str,
    /// Millions of CAR-positive cells that were given.
    pub(super) received: &'static str,
    pub(super) expansion: Expansion,
    pub(super) b_cells: BCells,
    pub(super) counts: Counts,
    pub(super) release: Option<Release>,
    /// Immunoglobulin G falls below the limit.
    pub(super) hypogammaglobulinaemia: bool,
    /// The hyperinflammation of the one patient who had it.
    pub(super) hyperinflammation: bool,
    /// Adverse events beside those that follow from the counts.
    pub(super) events: &'static [Event],
    /// Visits that were not as planned.
    pub(super) deviations: &'static [Deviation],
}

/// The peak of the CAR-T cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expansion {
    pub(super) day: i64,
    /// Hundredths of a cell per microlitre.
    pub(super) flow: i64,
    /// Copies per microgram.
    pub(super) copies: i64,
    /// Per mille of a day's count that was there the day before, up to the peak.
    pub(super) rise: i64,
}

/// B cells go and come back.
#[derive(Clone, Copy, Debug)]
pub(super) struct BCells {
    /// The first day below the limit.
    pub(super) gone: i64,
    /// The visit, in months, at which they are back.
    pub(super) back: i64,
    /// Written in 10^9/L, as the laboratory of that site does.
    pub(super) per_litre: bool,
}

/// Counts of blood cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counts {
    /// Neutrophils before everything, hundredths of 10^9/L.
    pub(super) neutrophils: i64,
    /// From which day on the following values were counted; 0: no sample.
    pub(super) low_from: i64,
    pub(super) low: &'static [i64],
    /// Lymphocytes before everything, hundredths of 10^9/L.
    pub(super) lymphocytes: i64,
    /// Platelets before and at their lowest, 10^9/L.
    pub(super) platelets: (i64, i64),
    /// Haemoglobin before and at its lowest, g/L.
    pub(super) haemoglobin: (i64, i64),
}

/// Cytokine release syndrome.
#[derive(Clone, Copy, Debug)]
pub(super) struct Release {
    pub(super) grade: i64,
    pub(super) from: i64,
    pub(super) to: i64,
    /// Tenths of a degree.
    pub(super) peak: i64,
}

/// An adverse event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) term: &'static str,
    pub(super) scale: &'static str,
    pub(super) grade: i64,
    pub(super) from: i64,
    pub(super) to: Option<i64>,
    pub(super) related: &'static str,
    pub(super) serious: bool,
    pub(super) dose_limiting: bool,
}

/// A visit that was not as planned.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deviation {
    /// So many days after its planned day; before it if negative.
    Shifted(&'static str, i64, &'static str),
    Missed(&'static str),
    /// On that day, for a reason.
    Unscheduled(i64, &'static str),
}
