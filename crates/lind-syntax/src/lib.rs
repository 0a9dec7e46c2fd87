//! Grammar, tolerant parser, syntax tree and formatter of Lind.
