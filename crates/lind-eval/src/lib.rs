//! Plan x chart -> Verdict with explanation.
