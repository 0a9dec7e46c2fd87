//! What becomes of the domains.

use crate::Table;

/// What the rows of a domain are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// DM: the subjects.
    Subjects,
    /// SUPPAE: qualifiers of adverse events.
    Qualifiers,
    /// DS: milestones.
    Dispositions,
    /// Results: LB, VS, EG, QS and their like.
    Findings,
    /// CM: drugs that are taken beside the study.
    Medications,
    /// EX, EC: the study treatment.
    Exposures,
    /// PR: procedures.
    Procedures,
    /// MH: diagnoses.
    History,
    /// AE: adverse events.
    AdverseEvents,
    /// SV: visits.
    Visits,
    /// It is not read.
    Unread,
}

/// Domains whose rows are results about the subject.
const FINDINGS: [&str; 24] = [
    "CP", "CV", "EG", "FT", "GF", "IS", "LB", "MB", "MI", "MK", "MS", "NV", "OE", "PC", "PE", "QS",
    "RE", "RP", "RS", "SC", "SS", "TR", "UR", "VS",
];

/// Domains that the standard has and that are not read: the design of the trial, what relates
/// records, and findings about events.
const UNREAD: [&str; 26] = [
    "AG", "BE", "BS", "CE", "CO", "DA", "DD", "DI", "DV", "FA", "HO", "IE", "ML", "OI", "RELREC",
    "SE", "SM", "SR", "SU", "TA", "TD", "TE", "TI", "TM", "TS", "TV",
];

/// Whether the standard has a domain, or a data set of qualifiers, of this name.
pub(crate) fn is_known(domain: &str) -> bool {
    Kind::of(domain) != Kind::Unread || UNREAD.contains(&domain) || domain.starts_with("SUPP")
}

impl Kind {
    /// What the rows of a domain are. `LB`, `SUPPAE`.
    pub(crate) fn of(domain: &str) -> Kind {
        match domain {
            "DM" => Kind::Subjects,
            "SUPPAE" => Kind::Qualifiers,
            "DS" => Kind::Dispositions,
            "CM" => Kind::Medications,
            "EX" | "EC" => Kind::Exposures,
            "PR" => Kind::Procedures,
            "MH" => Kind::History,
            "AE" => Kind::AdverseEvents,
            "SV" => Kind::Visits,
            domain if FINDINGS.contains(&domain) => Kind::Findings,
            _ => Kind::Unread,
        }
    }

    /// The tables to which its rows go, and whether a row that is not there was not.
    pub(crate) fn tables(self) -> &'static [(Table, bool)] {
        match self {
            Kind::Subjects => &[
                (Table::Patients, true),
                (Table::Milestones, false),
                (Table::Assignments, true),
            ],
            Kind::Qualifiers | Kind::AdverseEvents => &[(Table::AdverseEvents, true)],
            Kind::Dispositions => &[(Table::Milestones, false)],
            Kind::Findings => &[(Table::Observations, false)],
            Kind::Medications => &[(Table::Treatments, true)],
            Kind::Exposures => &[(Table::Treatments, false)],
            Kind::Procedures => &[(Table::Procedures, true)],
            Kind::History => &[(Table::Conditions, true)],
            Kind::Visits => &[(Table::Visits, true)],
            Kind::Unread => &[],
        }
    }
}

/// The domains whose rows are rows of a table.
pub(crate) fn sources(table: Table) -> Vec<&'static str> {
    let others = [
        "AE", "CM", "DM", "DS", "EC", "EX", "MH", "PR", "SUPPAE", "SV",
    ];
    let all = others.into_iter().chain(FINDINGS);
    all.filter(|domain| {
        Kind::of(domain)
            .tables()
            .iter()
            .any(|(other, _)| *other == table)
    })
    .collect()
}

/// The domain that the name of a data set or a file tells, where no row does: `qsph` is of QS,
/// `lb_metabolic` of LB.
pub(crate) fn named(name: &str) -> String {
    let name = name.to_ascii_uppercase();
    let stem = name.split('_').next().unwrap_or_default();
    if stem.starts_with("SUPP") || stem == "RELREC" {
        return stem.to_owned();
    }
    match stem.get(..2) {
        Some(two) if stem.len() <= 4 && Kind::of(two) != Kind::Unread => two.to_owned(),
        _ => stem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{FINDINGS, UNREAD, named};

    #[test]
    fn the_name_of_a_file_tells_its_domain() {
        for (name, domain) in [
            ("lb", "LB"),
            ("qsph", "QS"),
            ("lb_metabolic", "LB"),
            ("suppae", "SUPPAE"),
            ("relrec", "RELREC"),
            ("readme", "README"),
            ("ti", "TI"),
        ] {
            assert_eq!(named(name), domain, "{name}");
        }
    }

    #[test]
    fn lists_are_sorted() {
        assert!(UNREAD.is_sorted());
        assert!(FINDINGS.is_sorted());
    }
}
