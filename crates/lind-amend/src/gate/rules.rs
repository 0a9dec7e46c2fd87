//! The rules of the gate, one page each under `docs/diagnostics/`.

lind_diagnostics::rules! {
    E0931_CHANGE_NOT_TOLD: error "E0931" "change-not-told" "something changed, and the amendment does not tell it";
    E0932_CLAIM_REFUTED: error "E0932" "claim-refuted" "the amendment says of a change what is not so";
    E0933_NO_AMENDMENT: error "E0933" "no-amendment" "something changed, and no amendment tells what";
    E0934_SAME_VERSION: error "E0934" "same-version" "something changed under the same version, or under no version";

    W0931_OPENS: warning "W0931" "opens" "patients pass a criterion who failed it, or are open under it";
    W0932_LESS_EVIDENCE: warning "W0932" "less-evidence" "patients pass a criterion that was open for them";
    W0933_CLOSES: warning "W0933" "closes" "patients fail a criterion who passed it, or for whom it was open";
    W0934_MORE_EVIDENCE: warning "W0934" "more-evidence" "a criterion is open for patients who passed it";
    W0935_UNDECIDED: warning "W0935" "undecided" "what a change does could not be decided";
    W0936_MASKED: warning "W0936" "masked" "a change has no effect, since other criteria decide the same";
    W0937_REWORDED: warning "W0937" "reworded" "a criterion is written otherwise and asks the same";
    W0938_CLAIM_UNDECIDED: warning "W0938" "claim-undecided" "whether the amendment is right could not be decided";
    W0939_STALE_ACCEPTANCE: warning "W0939" "stale-acceptance" "something is accepted that is not so any more";
    W0941_PART_CHANGED: warning "W0941" "part-changed" "doses, toxicity, endpoints or the schedule changed";
    W0940_NO_REASON: warning "W0940" "no-reason" "an amendment gives no reason that says anything";
    W0942_NO_SUCH_CRITERION: warning "W0942" "no-such-criterion" "settings name a criterion that neither version has";
}
