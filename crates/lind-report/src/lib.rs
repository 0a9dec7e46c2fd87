//! Verdicts as versioned JSON, CSV, Markdown and text tables.
