//! Columns that hold one of a few words.

/// Declares an enumeration whose values stand in the tables as words.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant),+
        }

        impl $name {
            /// The words, in order.
            pub const WORDS: &[&str] = &[$($word),+];

            /// The word that stands in the tables.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The value that a word stands for. Capitals do not matter, and a blank or a hyphen
            /// is as good as an underscore.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                $(if same_word(word, $word) { return Some(Self::$variant); })+
                None
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.word())
            }
        }
    };
}

words! {
    /// A patient's sex as recorded.
    Sex {
        /// `female`
        Female = "female",
        /// `male`
        Male = "male",
        /// `other`
        Other = "other",
        /// `unknown`: asked for and not known.
        Unknown = "unknown",
    }
}

words! {
    /// What a result is known to be, when it is no plain number: `<40` is some value below 40.
    Comparator {
        /// `<`
        Below = "<",
        /// `<=`
        AtMost = "<=",
        /// `>`
        Above = ">",
        /// `>=`
        AtLeast = ">=",
    }
}

words! {
    /// Where a diagnosis stands.
    ConditionStatus {
        /// `active`
        Active = "active",
        /// `remission`
        Remission = "remission",
        /// `resolved`
        Resolved = "resolved",
    }
}

words! {
    /// How severe a diagnosis or an allergy is, the mildest first.
    Severity {
        /// `mild`
        Mild = "mild",
        /// `moderate`
        Moderate = "moderate",
        /// `severe`
        Severe = "severe",
        /// `life_threatening`
        LifeThreatening = "life_threatening",
        /// `fatal`
        Fatal = "fatal",
    }
}

words! {
    /// What came of a treatment.
    Outcome {
        /// `response`
        Response = "response",
        /// `no_response`
        NoResponse = "no_response",
        /// `relapse`: it worked and the disease came back.
        Relapse = "relapse",
        /// `intolerance`: it had to be stopped.
        Intolerance = "intolerance",
    }
}

words! {
    /// What was decided of a dose level.
    Action {
        /// `escalate`: the next level is opened.
        Escalate = "escalate",
        /// `stay`: more participants at this level.
        Stay = "stay",
        /// `de_escalate`: back to a lower level.
        DeEscalate = "de_escalate",
        /// `stop`: nobody else is treated.
        Stop = "stop",
        /// `expand`: this level was chosen, and more participants are treated at it.
        Expand = "expand",
    }
}

/// Whether `written` is `word`, but for capitals and for blanks or hyphens in place of underscores.
pub(crate) fn same_word(written: &str, word: &str) -> bool {
    written.len() == word.len()
        && written.bytes().zip(word.bytes()).all(|(one, other)| {
            one.eq_ignore_ascii_case(&other) || (other == b'_' && matches!(one, b' ' | b'-'))
        })
}
