//! The diagnostics of the checker: names E02xx, quantities E03xx, time E04xx, structure E05xx, lints W06xx.

lind_diagnostics::rules! {
    E0201_UNKNOWN_NAME: error "E0201" "unknown-name" "a name is not declared";
    E0202_WRONG_SORT: error "E0202" "wrong-sort" "a name stands for something else than is needed here";
    E0203_DECLARED_TWICE: error "E0203" "declared-twice" "a name is declared twice";
    E0204_UNKNOWN_MODULE: error "E0204" "unknown-module" "a module is not found";
    E0205_NOT_IN_MODULE: error "E0205" "not-in-module" "a module does not declare a name that is taken from it";
    E0206_CIRCULAR_DEFINITION: error "E0206" "circular-definition" "a definition leads back to itself";

    E0301_MISSING_UNIT: error "E0301" "missing-unit" "a quantity is written without a unit";
    E0302_UNKNOWN_UNIT: error "E0302" "unknown-unit" "a unit is not known";
    E0303_DIMENSION_MISMATCH: error "E0303" "dimension-mismatch" "a limit has another dimension than what it limits";
    E0304_KIND_MISMATCH: error "E0304" "kind-mismatch" "a limit has another kind than what it limits";
    E0305_MOLAR_MASS_MISSING: error "E0305" "molar-mass-missing" "a mass is compared with an amount, and no molar mass is declared";
    E0306_PERCENT_MEANING: error "E0306" "percent-meaning" "a per cent sign does not say what it is a part of";
    E0307_NO_REFERENCE_LIMITS: error "E0307" "no-reference-limits" "a multiple of a limit of normal is asked of something that has none";
    E0308_IMPLAUSIBLE_LIMIT: error "E0308" "implausible-limit" "a limit lies outside everything that can be measured";
    E0309_LIMIT_OUTSIDE_SCALE: error "E0309" "limit-outside-scale" "a limit lies outside the scale of a score";
    E0310_UNKNOWN_LEVEL: error "E0310" "unknown-level" "a result or level is not one of those declared";
    E0311_TEST_DOES_NOT_FIT: error "E0311" "test-does-not-fit" "this kind of test cannot be asked of this measure";
    E0312_STATEMENTS_DISAGREE: error "E0312" "statements-disagree" "a limit is stated twice, and the two are not the same";
    E0313_EMPTY_RANGE: error "E0313" "empty-range" "a range contains nothing";
    E0314_WRONG_DECLARATION: error "E0314" "wrong-declaration" "a declaration contradicts itself or lacks something";
    E0315_NUMBER_TOO_LARGE: error "E0315" "number-too-large" "a number is too large or has too many digits";
    E0321_APART_IN_DAYS: error "E0321" "apart-in-days" "how far apart values may lie is not counted in days or weeks";
    E0322_EVIDENCE_OF_ONE_VALUE: error "E0322" "evidence-of-one-value" "a number of values is asked for where one value counts";
    E0323_UNKNOWN_LINE: error "E0323" "unknown-line" "a line of points is left out that is not there";
    E0324_WRONG_POINTS: error "E0324" "wrong-points" "points do not add up to what their head says";
    E0325_SELECTOR_OF_FORMULA: error "E0325" "selector-of-formula" "one of several values is asked of a formula, which has one";

    E0401_UNKNOWN_TIME_UNIT: error "E0401" "unknown-time-unit" "a length of time has no unit or an unknown one";
    E0402_WINDOW_WITHOUT_ANCHOR: error "E0402" "window-without-anchor" "a window does not say from when it counts";
    E0403_WINDOW_SIDE_NOT_SAID: error "E0403" "window-side-not-said" "a window does not say on which side of its anchor it lies";
    E0404_HOURS_ON_DAYS: error "E0404" "hours-on-days" "hours are counted on dates that have no time of day";
    E0405_MIXED_OFFSETS: error "E0405" "mixed-offsets" "days, hours and months are compared with each other";
    E0406_EMPTY_WINDOW: error "E0406" "empty-window" "a window contains no time";
    E0407_MILESTONES_CONTRADICT: error "E0407" "milestones-contradict" "milestones cannot all be in the order that is stated";
    E0408_LOOKS_AHEAD: error "E0408" "looks-ahead" "a criterion reads what is not yet known at its gate";
    E0409_NO_HALF_LIFE: error "E0409" "no-half-life" "half-lives are counted where no drug was given";
    E0410_WINDOW_MISSING: error "E0410" "window-missing" "a fact in the perfect tense does not say when";
    E0411_TAKING_IN_A_WINDOW: error "E0411" "taking-in-a-window" "what is being taken is asked of another time than the gate";
    E0412_STEADY_DOSE: error "E0412" "steady-dose" "a steady dose does not say for how long before a milestone";
    E0413_TOTAL_DOSE_WITHOUT_DAYS: error "E0413" "total-dose-without-days" "doses are added up in a window that does not say on which days";

    E0501_NUMBER_USED_TWICE: error "E0501" "number-used-twice" "a criterion number is used twice";
    E0502_MISSING_GATE: error "E0502" "missing-gate" "a criterion does not say at which gate it is decided";
    E0503_READING_WITHOUT_CHOICE: error "E0503" "reading-without-choice" "a reading does not choose one of its alternatives";
    E0504_WRONG_ALTERNATIVE: error "E0504" "wrong-alternative" "an alternative is unknown, missing or named twice";
    E0505_MIXED_CONNECTIVES: error "E0505" "mixed-connectives" "and and or stand on one line";
    E0506_SEVERAL_CONDITIONS: error "E0506" "several-conditions" "several conditions stand side by side without a word that joins them";
    E0507_NO_CONDITION: error "E0507" "no-condition" "a criterion, definition or alternative has no condition";
    E0508_WRONG_VERB: error "E0508" "wrong-verb" "the verb does not fit what it speaks of";
    E0509_MISPLACED_CLAUSE: error "E0509" "misplaced-clause" "a clause stands where it has no meaning";
    E0510_MIXED_ALTERNATIVES: error "E0510" "mixed-alternatives" "the alternatives of a reading are of different sorts";
    E0511_IMPOSSIBLE_COUNT: error "E0511" "impossible-count" "a count asks for more parts than the list has";
    E0512_MISSING_HEAD: error "E0512" "missing-head" "a file does not say which protocol or library it is";
    E0513_WRONG_JUDGE: error "E0513" "wrong-judge" "a question is put to another person than its declaration says";
    E0514_TOO_LARGE: error "E0514" "too-large" "a protocol is larger than Lind works through";
    E0521_TWO_COUNTS: error "E0521" "two-counts" "a fact counts its records in two ways, or in none where it must";
    E0522_RECORD_NAME_TAKEN: error "E0522" "record-name-taken" "the name of a record already stands for something else";
    E0523_RECORDS_TOO_DEEP: error "E0523" "records-too-deep" "too many records have a name in one place";
    E0524_RECORD_MISUSED: error "E0524" "record-misused" "a record is used where something else is needed";
    E0531_UNLESS_WITHOUT_SIDE: error "E0531" "unless-without-side" "unless stands where nothing says whether the condition must hold";
    E0532_CONFLICTING_EXCEPTIONS: error "E0532" "conflicting-exceptions" "two exceptions can apply to the same patient and say different things";
    E0533_INCOMPLETE_LIMITS: error "E0533" "incomplete-limits" "limits for some do not say what holds for everybody";
    E0534_UNKNOWN_CRITERION: error "E0534" "unknown-criterion" "an override names a criterion that the protocol does not have";
    E0535_OVERRIDE_EXCLUDES: error "E0535" "override-excludes" "an override would keep people out";
    E0536_INCOMPLETE_CAP: error "E0536" "incomplete-cap" "an enrolment cap does not say how many, or when they are counted";

    E0541_UNKNOWN_PART: error "E0541" "unknown-part" "a test expects something of a criterion or part that is not there";
    E0542_EXPECTATIONS_CONTRADICT: error "E0542" "expectations-contradict" "a test expects two things that cannot both be";
    E0543_RECORD_DOES_NOT_FIT: error "E0543" "record-does-not-fit" "a line of a test does not fit what it speaks of";
    E0544_IMPOSSIBLE_TIME: error "E0544" "impossible-time" "a time in a test does not exist or cannot be";
    E0545_UNKNOWN_TEST: error "E0545" "unknown-test" "a test begins with the patient of a test that is not there";
    E0546_TITLE_USED_TWICE: error "E0546" "title-used-twice" "two tests have the same title";
    E0547_LINES_CONTRADICT: error "E0547" "lines-contradict" "two lines of a test contradict each other";
    E0548_TEST_OUTSIDE_PROTOCOL: error "E0548" "test-outside-protocol" "a test stands in a library";
    E0570_COMPUTED_RESULTS: error "E0570" "computed-results" "results are asked for of something that is computed";
    E0572_CONSECUTIVE_RECORDS: error "E0572" "consecutive-records" "records that are no results are asked to follow each other";
    E0571_RESULT_NOW: error "E0571" "result-now" "a result is asked for as if it lasted";
    E0551_WASHOUT_MUST_HOLD: error "E0551" "washout-must-hold" "a washout table stands where it must hold, so that only those who took something too recently pass";
    E0552_EXAMPLES_COUNTED: error "E0552" "examples-counted" "a list of examples is counted, or leaves something out, as if it were complete";

    E0560_NO_SUCH_EDGE: error "E0560" "no-such-edge" "a beginning or an end is asked of what has none";
    E0561_ANCHOR_NOT_YET: error "E0561" "anchor-not-yet" "an anchor that the data choose is leant on before it is chosen";
    E0580_UNFIT_ROW: error "E0580" "unfit-row" "a row does not fit the columns of its table of tests";

    W0601_UNUSUAL_LIMIT: warning "W0601" "unusual-limit" "a limit lies outside the range where limits usually lie";
    W0602_UNUSED_NAME: warning "W0602" "unused-name" "something is declared and never used";
    W0603_NEGATED_EXCLUSION: warning "W0603" "negated-exclusion" "an exclusion is worded as a negation";
    W0604_UNKNOWN_ANNOTATION: warning "W0604" "unknown-annotation" "a unit carries an annotation that Lind does not know";
    W0605_SUSPICIOUS_UNIT: warning "W0605" "suspicious-unit" "a unit reads as something else than was probably meant";
    W0606_UNVERIFIED: warning "W0606" "unverified" "a criterion leans on something that is not verified";
    W0607_EXACTLY_EQUAL: warning "W0607" "exactly-equal" "a quantity is asked to be exactly one value";
    W0608_SET_WITHOUT_CODES: warning "W0608" "set-without-codes" "a criterion asks for a set that has no codes";
    W0611_DEAD_EXCEPTION: warning "W0611" "dead-exception" "an exception can never apply";
    W0612_POINTLESS_PERMISSION: warning "W0612" "pointless-permission" "a permission allows what nothing forbids";
    W0613_EXHAUSTIVE_ARMS: warning "W0613" "exhaustive-arms" "two alternatives together say less than they seem to";
    W0614_REDUNDANT_CRITERION: warning "W0614" "redundant-criterion" "a criterion asks nothing that another one does not";
    W0615_WASHOUT_ROWS_OVERLAP: warning "W0615" "washout-rows-overlap" "a row of a washout table holds what a row above names";
    W0616_ONE_ANSWER_FOR_TWO: warning "W0616" "one-answer-for-two" "one answer about what a list of examples leaves out stands for two questions";
    W0621_NOTHING_EXPECTED: warning "W0621" "nothing-expected" "a test expects nothing";
    W0622_MILESTONES_OUT_OF_ORDER: warning "W0622" "milestones-out-of-order" "the milestones of a test stand in another order than the protocol's";
    W0640_DECIDES_NOTHING: warning "W0640" "decides-nothing" "a limit is met by every value that there can be";
}
