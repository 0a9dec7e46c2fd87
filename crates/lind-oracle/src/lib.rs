//! A slow, obvious evaluator, for differential tests only.
