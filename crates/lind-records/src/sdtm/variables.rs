//! The variables that are read, and where they stand in a data set.

use super::row::Row;

macro_rules! variables {
    ($($name:ident $text:literal,)*) => {
        /// A variable that is read. A name that begins with two hyphens begins in the data with the two
        /// letters of the domain.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Variable {
            $(#[doc = $text] $name,)*
        }

        impl Variable {
            const ALL: &'static [(Variable, &'static str)] = &[$((Variable::$name, $text),)*];
        }
    };
}

variables! {
    Domain "DOMAIN",
    ParentDomain "RDOMAIN",
    Subject "USUBJID",
    // Demographics.
    Sex "SEX",
    Birth "BRTHDTC",
    Age "AGE",
    AgeUnit "AGEU",
    Death "DTHDTC",
    Died "DTHFL",
    Consent "RFICDTC",
    ReferenceStart "RFSTDTC",
    ReferenceEnd "RFENDTC",
    FirstTreatment "RFXSTDTC",
    LastTreatment "RFXENDTC",
    ArmCode "ARMCD",
    ActualArmCode "ACTARMCD",
    // Every domain of rows.
    Sequence "--SEQ",
    Date "--DTC",
    Day "--DY",
    Start "--STDTC",
    StartDay "--STDY",
    End "--ENDTC",
    EndDay "--ENDY",
    EndToPeriod "--ENRF",
    EndToPoint "--ENRTPT",
    Point "--ENTPT",
    Status "--STAT",
    Prespecified "--PRESP",
    Occurrence "--OCCUR",
    Location "--LOC",
    Side "--LAT",
    // Findings.
    Test "--TESTCD",
    Loinc "--LOINC",
    Original "--ORRES",
    OriginalUnit "--ORRESU",
    OriginalLow "--ORNRLO",
    OriginalHigh "--ORNRHI",
    Standard "--STRESC",
    StandardNumber "--STRESN",
    StandardUnit "--STRESU",
    StandardLow "--STNRLO",
    StandardHigh "--STNRHI",
    Specimen "--SPEC",
    Method "--METHOD",
    Evaluator "--EVAL",
    // Interventions and events.
    Treatment "--TRT",
    Term "--TERM",
    Decoded "--DECOD",
    ClassCode "--CLASCD",
    PreferredCode "--PTCD",
    LowestCode "--LLTCD",
    Indication "--INDC",
    Dose "--DOSE",
    DoseUnit "--DOSU",
    Frequency "--DOSFRQ",
    Route "--ROUTE",
    Mood "--MOOD",
    Severity "--SEV",
    Grade "--TOXGR",
    Serious "--SER",
    Related "--REL",
    Visit "VISIT",
    VisitNumber "VISITNUM",
    // Qualifiers of other domains.
    JoinedBy "IDVAR",
    JoinedValue "IDVARVAL",
    Qualifier "QNAM",
    QualifierValue "QVAL",
}

/// Where the variables of one data set stand in its rows.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// By [`Variable`]; none: the data set does not have it.
    places: Vec<Option<usize>>,
    /// The two letters of the domain.
    prefix: String,
}

/// Variables that are numbers in the standard. All others are texts.
const NUMBERS: [Variable; 11] = [
    Variable::Age,
    Variable::Sequence,
    Variable::Day,
    Variable::StartDay,
    Variable::EndDay,
    Variable::StandardNumber,
    Variable::StandardLow,
    Variable::StandardHigh,
    Variable::Dose,
    Variable::VisitNumber,
    // MedDRA's codes are numbers, and written as texts by some.
    Variable::PreferredCode,
];

impl Layout {
    /// `prefix`: the two letters with which the names of a domain begin.
    pub(crate) fn new(names: &[String], prefix: &str) -> Self {
        let place = |text: &str| {
            let own = match text.strip_prefix("--") {
                Some(rest) => format!("{prefix}{rest}"),
                None => text.to_owned(),
            };
            names.iter().position(|name| *name == own)
        };
        Layout {
            places: Variable::ALL.iter().map(|(_, text)| place(text)).collect(),
            prefix: prefix.to_owned(),
        }
    }

    /// The variables that are texts in the standard and numbers here.
    pub(crate) fn texts_among(&self, numbers: &[bool]) -> Vec<String> {
        Variable::ALL
            .iter()
            .map(|(variable, _)| *variable)
            .filter(|variable| !NUMBERS.contains(variable) && *variable != Variable::LowestCode)
            .filter(|variable| {
                self.place(*variable)
                    .is_some_and(|place| numbers.get(place) == Some(&true))
            })
            .map(|variable| self.name(variable))
            .collect()
    }

    /// Whether the data set has a variable.
    pub(crate) fn has(&self, variable: Variable) -> bool {
        self.place(variable).is_some()
    }

    /// The name of a variable in this domain.
    pub(crate) fn name(&self, variable: Variable) -> String {
        let text = Variable::ALL
            .iter()
            .find(|(known, _)| *known == variable)
            .map_or("", |(_, text)| text);
        match text.strip_prefix("--") {
            Some(rest) => format!("{}{rest}", self.prefix),
            None => text.to_owned(),
        }
    }

    /// The text of a variable; empty if it is missing, or there is no such variable.
    pub(crate) fn get<'r>(&self, row: &'r Row, variable: Variable) -> &'r str {
        self.place(variable).map_or("", |place| row.text(place))
    }

    fn place(&self, variable: Variable) -> Option<usize> {
        self.places.get(variable as usize).copied().flatten()
    }
}
