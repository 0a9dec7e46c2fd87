//! The Lind command.
fn main() {}
