//! The patient chart and its readers.
