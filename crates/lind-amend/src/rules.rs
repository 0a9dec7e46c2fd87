//! The diagnostics that are proved, or shown on a made-up patient: E0900 to E0909, W0900 to W0929.

lind_diagnostics::rules! {
    E0900_NOBODY_ELIGIBLE: error "E0900" "nobody-eligible" "criteria cannot all be passed by anybody";
    E0901_NEVER_PASSED: error "E0901" "never-passed" "nobody can pass a criterion";
    W0900_NOBODY_KEPT_OUT: warning "W0900" "nobody-kept-out" "nobody can be kept out by a criterion";
    W0901_IMPLIED_CRITERION: warning "W0901" "implied-criterion" "whoever passes the other criteria passes this one";
    W0902_DRIFTED_MIRROR: warning "W0902" "drifted-mirror" "an inclusion and an exclusion state one limit with two numbers";
    W0903_DEAD_TERM: warning "W0903" "dead-term" "a term of a criterion changes nothing for anybody";
    W0904_RESULT_OF_ANY_AGE: warning "W0904" "result-of-any-age" "a criterion takes a result of any age, where others have a window";
    W0905_SETTLED_PART: warning "W0905" "settled-part" "a part of a criterion can come out in one way alone, or stay open";
    W0906_GATES_CONFLICT: warning "W0906" "gates-conflict" "criteria of two gates contradict each other if both are on one day";
}
