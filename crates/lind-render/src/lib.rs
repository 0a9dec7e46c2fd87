//! Diagnostics as terminal text, short lines and JSON.
