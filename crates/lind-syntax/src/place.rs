//! Where a line stands, which decides how it is read.

use crate::grammar::Rule;

/// The kinds of places that lines stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The first column: heads of items.
    Top,
    /// Below `protocol`, `measure` and other heads that take fields.
    Fields,
    /// Below `equivalence`.
    Rows,
    /// Below `formula`.
    Formula,
    /// Below `anchor`.
    Anchor,
    /// Below a criterion, a definition, a reading, a commitment.
    Body,
    /// Below `test`.
    Test,
    /// Columns and rows below `test table`.
    Table,
    /// Below `endpoint`.
    Endpoint,
    /// Below `statistics`.
    Statistics,
    /// Below `assessment`.
    Assessment,
    /// Below `timeline`.
    Timeline,
    /// Below `visit`.
    Visit,
    /// Below `treatment plan`.
    Plan,
    /// Below `dose levels`.
    Levels,
    /// Below `escalation`.
    Escalation,
    /// Below `amendment`.
    Amendment,
}

/// Words that begin a top-level item.
const TOP_WORDS: &[&str] = &[
    "inclusion",
    "exclusion",
    "define",
    "milestone",
    "reading",
    "judgement",
    "commitment",
    "unstated",
    "override",
    "enrolment",
    "use",
    "protocol",
    "library",
    "measure",
    "score",
    "ordinal",
    "points",
    "condition",
    "treatment",
    "procedure",
    "allergy",
    "event",
    "formula",
    "equivalence",
    "anchor",
    "test",
    "population",
    "endpoint",
    "statistics",
    "study",
    "assessment",
    "timeline",
    "visit",
    "visits",
    "unscheduled",
    "arm",
    "dose",
    "escalation",
    "state",
    "grading",
    "toxicity",
    "amendment",
];

/// Words that begin a field.
const FIELD_WORDS: &[&str] = &[
    "source",
    "note",
    "unit",
    "code",
    "codes",
    "kind",
    "plausible",
    "usual",
    "title",
    "version",
    "phase",
    "sponsor",
    "unverified",
    "molar",
    "has",
    "worst",
    "with",
    "result",
    "specimen",
    "step",
    "includes",
    "half-life",
    "values",
    "given",
    "not",
];

/// Words that begin a line of a formula.
const FORMULA_WORDS: &[&str] = &[
    "from",
    "everyone",
    "for",
    "otherwise",
    "source",
    "note",
    "unverified",
    "code",
    "codes",
    "plausible",
    "usual",
    "worst",
];

/// Words that begin a line below an anchor.
const ANCHOR_WORDS: &[&str] = &["the", "otherwise", "source", "note"];

/// Words that begin a line below an endpoint.
const ENDPOINT_WORDS: &[&str] = &[
    "population",
    "variable",
    "summary",
    "assumed",
    "source",
    "note",
];

/// Words that begin a line below `statistics`.
const STATISTICS_WORDS: &[&str] = &[
    "rounding",
    "quartiles",
    "interval",
    "percentages",
    "values",
    "source",
    "note",
];

/// Words that begin a line below an escalation.
const ESCALATION_WORDS: &[&str] = &[
    "design",
    "cohorts",
    "window",
    "toxicity",
    "evaluable",
    "stagger",
    "level",
    "eliminate",
    "stop",
    "at",
    "other",
    "from",
    "after",
    "assumed",
    "source",
    "note",
];

/// Words that begin a line below an amendment, which may also begin with the number of a criterion.
const AMENDMENT_WORDS: &[&str] = &[
    "reason",
    "reasons",
    "schedule",
    "doses",
    "toxicity",
    "endpoints",
    "source",
    "note",
];

/// Words that begin a field below a table of equivalent doses.
const ROW_WORDS: &[&str] = &["source", "note", "unverified"];

/// Words that begin a line of a body, which may also begin with a name.
const BODY_WORDS: &[&str] = &[
    "all",
    "allowed",
    "any",
    "at",
    "none",
    "exactly",
    "has",
    "is",
    "washout",
    "age",
    "as",
    "investigator",
    "participant",
    "physician",
    "sponsor",
    "take",
    "from",
    "except",
    "chosen",
    "depending",
    "for",
    "if",
    "latest",
    "first",
    "highest",
    "lowest",
    "worst",
    "mean",
    "every",
    "source",
    "note",
    "grade",
    "assumed",
];

/// Words that begin a line of a test, which may also begin with a name.
const TEST_WORDS: &[&str] = &[
    "expect",
    "a",
    "like",
    "no",
    "nothing",
    "under",
    "investigator",
    "participant",
    "physician",
    "sponsor",
    "condition",
    "treatment",
    "procedure",
    "allergy",
    "event",
    "note",
    "visit",
    "assigned",
];

/// Words that begin a line below a timeline, which may also begin with a name.
const TIMELINE_WORDS: &[&str] = &[
    "visit",
    "visits",
    "unscheduled",
    "until",
    "assumed",
    "source",
    "note",
];

/// Words that begin a line below a visit, which may also begin with a name.
const VISIT_WORDS: &[&str] = &["until", "assumed", "source", "note"];

impl Place {
    /// The rule that reads a line here.
    pub(crate) fn rule(self) -> Rule {
        match self {
            Place::Top => Rule::top_line,
            Place::Fields | Place::Rows => Rule::field_line,
            Place::Formula => Rule::formula_line,
            Place::Anchor => Rule::anchor_line,
            Place::Body => Rule::body_line,
            Place::Test => Rule::test_line,
            Place::Table => Rule::table_line,
            Place::Endpoint => Rule::endpoint_line,
            Place::Statistics => Rule::statistics_line,
            Place::Assessment => Rule::assessment_line,
            Place::Timeline => Rule::timeline_line,
            Place::Visit => Rule::visit_line,
            Place::Plan => Rule::plan_line,
            Place::Levels => Rule::level_line,
            Place::Escalation => Rule::escalation_line,
            Place::Amendment => Rule::amendment_line,
        }
    }

    /// The words a line begins with here; empty where it may begin with a name.
    pub(crate) fn words(self) -> &'static [&'static str] {
        match self {
            Place::Top => TOP_WORDS,
            Place::Fields => FIELD_WORDS,
            Place::Formula => FORMULA_WORDS,
            Place::Anchor => ANCHOR_WORDS,
            Place::Endpoint => ENDPOINT_WORDS,
            Place::Statistics => STATISTICS_WORDS,
            Place::Escalation => ESCALATION_WORDS,
            Place::Rows
            | Place::Body
            | Place::Test
            | Place::Table
            | Place::Assessment
            | Place::Timeline
            | Place::Visit
            | Place::Plan
            | Place::Levels
            | Place::Amendment => &[],
        }
    }

    /// The words a line may well begin with here.
    pub(crate) fn likely_words(self) -> &'static [&'static str] {
        match self {
            Place::Rows => ROW_WORDS,
            Place::Body => BODY_WORDS,
            Place::Test => TEST_WORDS,
            Place::Assessment => ROW_WORDS,
            Place::Timeline => TIMELINE_WORDS,
            Place::Visit => VISIT_WORDS,
            Place::Amendment => AMENDMENT_WORDS,
            other => other.words(),
        }
    }

    /// "No … begins with this word."
    pub(crate) fn line_name(self) -> &'static str {
        match self {
            Place::Top => "item of a protocol",
            Place::Fields => "field",
            Place::Rows => "row of a table",
            Place::Formula => "line of a formula",
            Place::Anchor => "line of an anchor",
            Place::Body => "line of a criterion",
            Place::Test => "line of a test",
            Place::Table => "row of a table",
            Place::Endpoint => "line of an endpoint",
            Place::Statistics => "line of the statistics",
            Place::Assessment => "line of an assessment",
            Place::Timeline => "line of a timeline",
            Place::Visit => "line of a visit",
            Place::Plan => "line of a treatment plan",
            Place::Levels => "dose level",
            Place::Escalation => "line of an escalation",
            Place::Amendment => "line of an amendment",
        }
    }

    /// What stands below a head that begins with a word; none if nothing does.
    pub(crate) fn below(head: &str) -> Option<Place> {
        Some(match head {
            "protocol" | "library" | "milestone" | "judgement" | "measure" | "score"
            | "ordinal" | "condition" | "treatment" | "procedure" | "allergy" | "event" => {
                Place::Fields
            }
            "equivalence" => Place::Rows,
            "formula" => Place::Formula,
            "anchor" => Place::Anchor,
            "endpoint" => Place::Endpoint,
            "statistics" => Place::Statistics,
            "dose" => Place::Levels,
            "escalation" => Place::Escalation,
            "amendment" => Place::Amendment,
            "test" => Place::Test,
            "assessment" => Place::Assessment,
            "timeline" => Place::Timeline,
            "visit" | "visits" | "unscheduled" => Place::Visit,
            "state" | "grading" | "define" | "points" | "reading" | "inclusion" | "exclusion"
            | "commitment" | "override" | "enrolment" | "population" => Place::Body,
            _ => return None,
        })
    }
}
