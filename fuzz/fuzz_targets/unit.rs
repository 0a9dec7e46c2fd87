//! Any text is a unit or an error with its place; likewise for numbers.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(error) = lind_units::Unit::parse(text) {
        assert!(error.at.end <= text.len());
        let _ = error.message();
    }
    if let Ok(decimal) = lind_units::Decimal::parse(text) {
        let _ = decimal.to_exact();
    }
});
