//! The rules, each declared once. Their list in `docs/amendments.md` is held against this one by a test.

use lind_model::difference::{Category, PairRule, PartChange};

macro_rules! declared {
    ($($category:ident {
        $($name:ident $id:literal $change:ident $thing:literal $said:literal $purpose:literal;)+
    })+) => {
        $($(pub(super) static $name: PairRule = PairRule {
            id: $id,
            category: Category::$category,
            change: PartChange::$change,
            thing: $thing,
            said: $said,
            purpose: $purpose,
        };)+)+

        /// Every rule, by category.
        pub static PAIR_RULES: &[&PairRule] = &[$($(&$name),+),+];
    };
}

declared! {
    Dose {
        DOSE_LADDER "dose-ladder-changed" Changed "dose levels" "as a whole" "The doses from the lowest level to the highest, and where the trial starts.";
        DOSE_LEVELS_ADDED "dose-levels-added" Added "dose levels" "stated" "Dose levels are stated that were not.";
        DOSE_LEVELS_REMOVED "dose-levels-removed" Removed "dose levels" "no longer stated" "Dose levels are no longer stated.";
        DOSE_PRODUCT "dose-product-changed" Changed "dose levels" "product" "Which product the dose levels are of.";
        DOSE_BASIS "dose-basis-changed" Changed "dose levels" "basis" "What doses are counted by: in total, by weight or by surface.";
        LEVEL_ADDED "dose-level-added" Added "dose level" "added" "A dose level that was not there.";
        LEVEL_REMOVED "dose-level-removed" Removed "dose level" "removed" "A dose level that is no longer there.";
        LEVEL_DOSE "dose-level-changed" Changed "dose level" "dose" "The dose of a level.";
        LEVEL_ROLE "dose-level-role-changed" Changed "dose level" "role" "Which level is the start, a back-up or the highest that may be used.";
        LEVEL_RENAMED "dose-level-renamed" Renamed "dose level" "renamed" "A level with another name and the same dose.";
        LEVEL_REWORDED "dose-level-reworded" Reworded "dose level" "reworded" "A level with another title.";
        ARM_ADDED "arm-added" Added "arm" "added" "An arm that was not there.";
        ARM_REMOVED "arm-removed" Removed "arm" "removed" "An arm that is no longer there.";
        ARM_RENAMED "arm-renamed" Renamed "arm" "renamed" "An arm with another name and the same title.";
        ARM_REWORDED "arm-reworded" Reworded "arm" "reworded" "An arm with another title.";
        PLAN_ADDED "treatment-plan-added" Added "treatment plan" "added" "A treatment plan that was not there.";
        PLAN_REMOVED "treatment-plan-removed" Removed "treatment plan" "removed" "A treatment plan that is no longer there.";
        PLAN_ARMS "treatment-plan-arms-changed" Changed "treatment plan" "arms" "In which arms a treatment plan holds.";
        PLAN_TOLERANCE "treatment-plan-tolerance-changed" Changed "treatment plan" "tolerance" "By how much less than planned a dose still counts as given as planned.";
        PLAN_ASSUMED "treatment-plan-assumed-changed" Changed "treatment plan" "supposed or stated" "Whether a treatment plan is stated by the source or supposed.";
        PLAN_RENAMED "treatment-plan-renamed" Renamed "treatment plan" "renamed" "A treatment plan with another name and the same content.";
        PLAN_REWORDED "treatment-plan-reworded" Reworded "treatment plan" "reworded" "A treatment plan with another title.";
        DRUG_ADDED "planned-drug-added" Added "planned drug" "added" "A drug that a treatment plan did not give.";
        DRUG_REMOVED "planned-drug-removed" Removed "planned drug" "removed" "A drug that a treatment plan no longer gives.";
        DRUG_DOSE "planned-dose-changed" Changed "planned drug" "dose" "How much of a drug is given at a time.";
        DRUG_DAYS "planned-days-changed" Changed "planned drug" "days" "On which days a drug is given, and how often a day.";
    }
    Toxicity {
        ESCALATION_ADDED "escalation-added" Added "escalation" "stated" "A rule that moves between doses is stated that was not.";
        ESCALATION_REMOVED "escalation-removed" Removed "escalation" "no longer stated" "The rule that moves between doses is no longer stated.";
        ESCALATION_PRODUCT "escalation-product-changed" Changed "escalation" "product" "Between whose dose levels the rule moves.";
        ESCALATION_DESIGN "escalation-design-changed" Changed "escalation" "design" "Which design decides, with its parameters, and from which day on it holds.";
        ESCALATION_STOPPING "escalation-stopping-changed" Changed "escalation" "stopping" "When a design eliminates a level or stops the trial.";
        ROW_ADDED "escalation-row-added" Added "decision row" "added" "A row that the decision table did not have.";
        ROW_REMOVED "escalation-row-removed" Removed "decision row" "removed" "A row that the decision table no longer has.";
        ROW_CHANGED "escalation-row-changed" Changed "decision row" "changed" "What a row of the decision table decides.";
        COHORT_SIZE "cohort-size-changed" Changed "escalation" "cohorts" "How many participants are treated before a decision.";
        DLT_DEFINITION "dlt-definition-changed" Changed "dose-limiting toxicity" "definition" "What counts as a dose-limiting toxicity.";
        DLT_WINDOW "dlt-window-changed" Changed "dose-limiting toxicity" "window" "In which time toxicities count.";
        DLT_EVALUABILITY "dlt-evaluability-changed" Changed "dose-limiting toxicity" "who counts" "Which population is evaluable for the escalation.";
        OTHER_DOSES "other-doses-changed" Changed "escalation" "other doses" "Where somebody counts whose dose was not the assigned one.";
        STAGGER "stagger-changed" Changed "escalation" "stagger" "How far apart participants are treated.";
        LEVEL_LIMIT "level-limit-changed" Changed "escalation" "most at a level" "How many participants there may be at a level.";
        TRIAL_LIMIT "escalation-limit-changed" Changed "escalation" "most in all" "How many participants there may be in the whole escalation.";
        ESCALATION_ASSUMED "escalation-assumed-changed" Changed "escalation" "supposed or stated" "Whether the escalation is stated by the source or supposed.";
        ESCALATION_REWORDED "escalation-reworded" Reworded "escalation" "reworded" "An escalation with another title.";
        TOXICITY_SCALE "toxicity-scale-changed" Changed "toxicity scale" "changed" "By which scale toxicity is graded, and in which version.";
        GRADING_ADDED "grading-added" Added "grading" "added" "A grading of the protocol's own that was not there.";
        GRADING_REMOVED "grading-removed" Removed "grading" "removed" "A grading of the protocol's own that is no longer there.";
        GRADING_CHANGED "grading-changed" Changed "grading" "changed" "What must hold for each grade of a finding.";
        GRADING_SCALE "grading-scale-changed" Changed "grading" "scale" "Which scale a grading is of, and in which version.";
        GRADING_RENAMED "grading-renamed" Renamed "grading" "renamed" "A grading with another name and the same grades.";
        GRADING_REWORDED "grading-reworded" Reworded "grading" "reworded" "A grading with another title.";
    }
    Endpoint {
        ENDPOINT_ADDED "endpoint-added" Added "endpoint" "added" "An endpoint that was not there.";
        ENDPOINT_REMOVED "endpoint-removed" Removed "endpoint" "removed" "An endpoint that is no longer there.";
        ENDPOINT_ROLE "endpoint-role-changed" Changed "endpoint" "role" "Whether an endpoint is primary, secondary or exploratory.";
        ENDPOINT_POPULATION "endpoint-population-changed" Changed "endpoint" "population" "Of whom an endpoint is computed.";
        ENDPOINT_VARIABLE "endpoint-variable-changed" Changed "endpoint" "variable" "What is computed of each participant.";
        ENDPOINT_SUMMARY "endpoint-summary-changed" Changed "endpoint" "summary" "How values are summed up, and for which groups.";
        ENDPOINT_ASSUMED "endpoint-assumed-changed" Changed "endpoint" "supposed or stated" "Whether an endpoint is stated by the source or supposed.";
        ENDPOINT_RENAMED "endpoint-renamed" Renamed "endpoint" "renamed" "An endpoint with another name and the same content.";
        ENDPOINT_REWORDED "endpoint-reworded" Reworded "endpoint" "reworded" "An endpoint with another title.";
        POPULATION_ADDED "population-added" Added "population" "added" "A population that was not there.";
        POPULATION_REMOVED "population-removed" Removed "population" "removed" "A population that is no longer there.";
        POPULATION_CHANGED "population-changed" Changed "population" "changed" "Who belongs to a population.";
        POPULATION_ASSUMED "population-assumed-changed" Changed "population" "supposed or stated" "Whether a population is stated by the source or supposed.";
        POPULATION_RENAMED "population-renamed" Renamed "population" "renamed" "A population with another name and the same people.";
        POPULATION_REWORDED "population-reworded" Reworded "population" "reworded" "A population with another title.";
        STATE_ADDED "state-added" Added "state" "added" "A state that was not there.";
        STATE_REMOVED "state-removed" Removed "state" "removed" "A state that is no longer there.";
        STATE_CHANGED "state-changed" Changed "state" "changed" "What must hold for a state.";
        STATE_VISITS "state-visits-changed" Changed "state" "visits" "At which visits a state is asked.";
        STATE_ASSUMED "state-assumed-changed" Changed "state" "supposed or stated" "Whether a state is stated by the source or supposed.";
        STATE_RENAMED "state-renamed" Renamed "state" "renamed" "A state with another name and the same meaning.";
        STATE_REWORDED "state-reworded" Reworded "state" "reworded" "A state with another title.";
        STATISTICS "statistics-changed" Changed "statistics" "changed" "Rounding, quartiles, intervals, and values below a limit.";
    }
    Schedule {
        STUDY_DAYS "study-days-changed" Changed "study days" "changed" "From which milestone study days are counted, and whether there is a day 0.";
        TIMELINE_ADDED "timeline-added" Added "timeline" "added" "A timeline that was not there.";
        TIMELINE_REMOVED "timeline-removed" Removed "timeline" "removed" "A timeline that is no longer there.";
        TIMELINE_ASSUMED "timeline-assumed-changed" Changed "timeline" "supposed or stated" "Whether a timeline is stated by the source or supposed.";
        TIMELINE_RENAMED "timeline-renamed" Renamed "timeline" "renamed" "A timeline with another name and the same title.";
        TIMELINE_REWORDED "timeline-reworded" Reworded "timeline" "reworded" "A timeline with another title.";
        VISIT_ADDED "visit-added" Added "visit" "added" "A visit that was not there.";
        VISIT_REMOVED "visit-removed" Removed "visit" "removed" "A visit that is no longer there.";
        VISIT_MOVED "visit-moved" Changed "visit" "moved" "For when a visit is planned.";
        VISIT_WIDENED "visit-window-widened" Changed "visit" "window widened" "A visit may be earlier or later than before.";
        VISIT_NARROWED "visit-window-narrowed" Changed "visit" "window narrowed" "A visit may no longer be as early or as late as before.";
        VISIT_WINDOW "visit-window-changed" Changed "visit" "window" "The window of a visit has other days, wider on no side alone.";
        VISIT_TIMELINE "visit-timeline-changed" Changed "visit" "timeline" "Which timeline a visit belongs to.";
        VISIT_END "visit-end-changed" Changed "visit" "end" "After which milestones a visit is no longer planned.";
        VISIT_ASSUMED "visit-assumed-changed" Changed "visit" "supposed or stated" "Whether a visit is stated by the source or supposed.";
        VISIT_RENAMED "visit-renamed" Renamed "visit" "renamed" "A visit with another name, at the same time and with the same assessments.";
        VISIT_REWORDED "visit-reworded" Reworded "visit" "reworded" "A visit with another title.";
        PLANNED_ADDED "visit-assessment-added" Added "planned assessment" "added" "An assessment that was not planned at a visit.";
        PLANNED_REMOVED "visit-assessment-removed" Removed "planned assessment" "removed" "An assessment that is no longer planned at a visit.";
        PLANNED_CHANGED "visit-assessment-changed" Changed "planned assessment" "for whom" "For whom an assessment is planned at a visit.";
        ASSESSMENT_ADDED "assessment-added" Added "assessment" "added" "An assessment that was not there.";
        ASSESSMENT_REMOVED "assessment-removed" Removed "assessment" "removed" "An assessment that is no longer there.";
        ASSESSMENT_CHANGED "assessment-changed" Changed "assessment" "parts" "What is measured or done in an assessment.";
        ASSESSMENT_RENAMED "assessment-renamed" Renamed "assessment" "renamed" "An assessment with another name and the same parts.";
        ASSESSMENT_REWORDED "assessment-reworded" Reworded "assessment" "reworded" "An assessment with another title.";
    }
    Other {
        NUMBER "protocol-number-changed" Changed "protocol" "number" "Under which number the trial is registered.";
        VERSION "protocol-version-changed" Reworded "protocol" "version" "How the version is called, and its date.";
        TITLE "protocol-title-reworded" Reworded "protocol" "title" "The title of the protocol.";
        PHASE "protocol-phase-changed" Changed "protocol" "phase" "The phase of the trial.";
        SPONSOR "protocol-sponsor-changed" Changed "protocol" "sponsor" "Who sponsors the trial.";
        MILESTONE_ADDED "milestone-added" Added "milestone" "added" "A milestone that was not there.";
        MILESTONE_REMOVED "milestone-removed" Removed "milestone" "removed" "A milestone that is no longer there.";
        MILESTONE_CHANGED "milestone-changed" Changed "milestone" "changed" "Behind which milestones one lies, which values count there, and whether its time of day is recorded.";
        MILESTONE_REWORDED "milestone-reworded" Reworded "milestone" "reworded" "A milestone with another title.";
        CRITERION_REWORDED "criterion-reworded" Reworded "criterion" "title" "The title of a criterion or a commitment.";
        PERMISSION "criterion-permission-changed" Changed "criterion" "what is allowed" "What a criterion says to be allowed, which changes no verdict.";
        TERM "commitment-term-changed" Changed "commitment" "term" "From when until when a commitment holds.";
        CAP_ADDED "enrolment-cap-added" Added "enrolment cap" "added" "A limit of how many participants may be of a sort.";
        CAP_REMOVED "enrolment-cap-removed" Removed "enrolment cap" "removed" "Such a limit that is no longer there.";
        CAP_CHANGED "enrolment-cap-changed" Changed "enrolment cap" "changed" "Of which sort how many may be, and at which gate they are counted.";
        CAP_RENAMED "enrolment-cap-renamed" Renamed "enrolment cap" "renumbered" "A limit with another number and the same content.";
        CAP_REWORDED "enrolment-cap-reworded" Reworded "enrolment cap" "reworded" "A limit with another title.";
        OVERRIDE_ADDED "override-added" Added "override" "added" "Criteria are settled for some that were not.";
        OVERRIDE_REMOVED "override-removed" Removed "override" "removed" "Criteria are no longer settled for some.";
        OVERRIDE_CHANGED "override-changed" Changed "override" "changed" "For whom which criteria are settled, and as what.";
        OVERRIDE_RENAMED "override-renamed" Renamed "override" "renumbered" "An override with another number and the same content.";
        OVERRIDE_REWORDED "override-reworded" Reworded "override" "reworded" "An override with another title.";
        READING_ADDED "reading-added" Added "reading" "added" "A question of interpretation that was not asked.";
        READING_REMOVED "reading-removed" Removed "reading" "removed" "A question of interpretation that is no longer asked.";
        READING_CHOICE "reading-choice-changed" Changed "reading" "choice" "Which alternative of a reading is chosen.";
        READING_ALTERNATIVES "reading-alternatives-changed" Changed "reading" "alternatives" "Which alternatives there are, and what each means.";
        READING_RENAMED "reading-renamed" Renamed "reading" "renamed" "A reading with another name and the same content.";
        READING_REWORDED "reading-reworded" Reworded "reading" "reworded" "A reading with another question.";
        JUDGEMENT_ADDED "judgement-added" Added "judgement" "added" "A question to a person that was not asked.";
        JUDGEMENT_REMOVED "judgement-removed" Removed "judgement" "removed" "A question to a person that is no longer asked.";
        JUDGEMENT_CHANGED "judgement-changed" Changed "judgement" "who answers" "Who answers a question.";
        JUDGEMENT_RENAMED "judgement-renamed" Renamed "judgement" "renamed" "The same question under another name.";
        JUDGEMENT_REWORDED "judgement-reworded" Reworded "judgement" "reworded" "A question to a person, in other words.";
        DEFINITION_ADDED "definition-added" Added "definition" "added" "A term of the protocol's own that was not defined.";
        DEFINITION_REMOVED "definition-removed" Removed "definition" "removed" "A term of the protocol's own that is no longer defined.";
        DEFINITION_CHANGED "definition-changed" Changed "definition" "changed" "What a term means.";
        DEFINITION_RENAMED "definition-renamed" Renamed "definition" "renamed" "A term with another name and the same meaning.";
        DEFINITION_REWORDED "definition-reworded" Reworded "definition" "reworded" "A term with another title.";
        UNSTATED_ADDED "unstated-added" Added "unstated topic" "newly unstated" "A topic that the source is now said to leave out.";
        UNSTATED_REMOVED "unstated-removed" Removed "unstated topic" "no longer unstated" "A topic that the source is no longer said to leave out.";
        UNSTATED_REWORDED "unstated-reworded" Reworded "unstated topic" "reworded" "A topic that the source leaves out, with another reason.";
    }
}
