//! What an author says of an amendment.

use std::sync::Arc;

use lind_diagnostics::Span;
use lind_time::Day;

/// The step from an older version to this one, as the author tells it.
#[derive(Debug, Clone)]
pub struct Amendment {
    /// The version that is amended.
    pub version: Arc<str>,
    /// The date of that version, if it is stated.
    pub dated: Option<Day>,
    /// In words.
    pub title: Option<Arc<str>>,
    /// Why it is amended; the first reason is the primary one.
    pub reasons: Vec<AmendmentReason>,
    /// What is said of each change.
    pub claims: Vec<Claim>,
    /// The head line.
    pub span: Span,
}

/// What an author says that a change does, and why it is made.
#[derive(Debug, Clone)]
pub struct Claim {
    /// What is changed.
    pub about: ClaimSubject,
    /// What is said of it.
    pub kinds: Vec<ClaimKind>,
    /// Why.
    pub rationale: Arc<str>,
    /// The line.
    pub span: Span,
}

/// What a claim is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimSubject {
    /// A criterion, by its number.
    Criterion(Arc<str>),
    /// Visits, their windows and what is assessed.
    Schedule,
    /// Dose levels and treatment plans.
    Doses,
    /// What limits the dose, and how it goes up.
    Toxicity,
    /// Endpoints, populations, statistics.
    Endpoints,
}

impl ClaimSubject {
    /// What is not a criterion, each with its word.
    pub const PARTS: [(&'static str, Self); 4] = [
        ("schedule", Self::Schedule),
        ("doses", Self::Doses),
        ("toxicity", Self::Toxicity),
        ("endpoints", Self::Endpoints),
    ];

    /// The number of the criterion, or the word.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Criterion(id) => id,
            Self::Schedule => "schedule",
            Self::Doses => "doses",
            Self::Toxicity => "toxicity",
            Self::Endpoints => "endpoints",
        }
    }
}

/// What may be said of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimKind {
    /// Somebody who failed passes, or is open.
    Opens,
    /// Somebody who passed fails, or who was open does.
    Closes,
    /// Somebody who passed is open: newer or more evidence is wanted.
    WantsMore,
    /// Somebody who was open passes: less evidence is wanted.
    WantsLess,
    /// It was not there.
    Added,
    /// It is there no longer.
    Removed,
    /// Nobody is answered otherwise.
    Reworded,
    /// Something changes; of what is not a criterion.
    Changes,
}

impl ClaimKind {
    /// The words of the language.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Opens => "opens",
            Self::Closes => "closes",
            Self::WantsMore => "wants newer or more evidence",
            Self::WantsLess => "wants less evidence",
            Self::Added => "is added",
            Self::Removed => "is removed",
            Self::Reworded => "is reworded",
            Self::Changes => "changes",
        }
    }
}

macro_rules! reasons {
    ($($variant:ident $word:literal $term:literal;)+) => {
        /// Why a protocol is amended: the terms of ICH M11, template of 2025, "reason for amendment".
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AmendmentReason {
            $(#[doc = $term] $variant,)+
        }

        impl AmendmentReason {
            /// All of them, in the order of the template.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the language.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The term of the template.
            #[must_use]
            pub const fn term(self) -> &'static str {
                match self { $(Self::$variant => $term),+ }
            }
        }
    };
}

reasons! {
    RegulatoryAgencyRequest "regulatory_agency_request" "Regulatory Agency Request To Amend";
    NewRegulatoryGuidance "new_regulatory_guidance" "New Regulatory Guidance";
    EthicsCommitteeFeedback "ethics_committee_feedback" "IRB/IEC Feedback";
    NewSafetyInformation "new_safety_information" "New Safety Information Available";
    ManufacturingChange "manufacturing_change" "Manufacturing Change";
    ProductAddition "product_addition" "IMP Addition";
    ChangeInStrategy "change_in_strategy" "Change In Strategy";
    ChangeInStandardOfCare "change_in_standard_of_care" "Change In Standard Of Care";
    NewData "new_data" "New Data Available (Other Than Safety Data)";
    SiteFeedback "site_feedback" "Investigator/Site Feedback";
    RecruitmentDifficulty "recruitment_difficulty" "Recruitment Difficulty";
    Inconsistency "inconsistency" "Inconsistency And/Or Error In The Protocol";
    DesignError "design_error" "Protocol Design Error";
    OtherReason "other" "Other";
    NotApplicable "not_applicable" "Not Applicable";
}
