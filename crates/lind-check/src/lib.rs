//! Names, types, windows and lints: from syntax trees to a Protocol.
