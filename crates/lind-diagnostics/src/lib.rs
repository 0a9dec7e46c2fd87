//! Source files, spans, and the Diagnostic value.
