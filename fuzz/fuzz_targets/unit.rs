//! Any text is a unit or an error with its place; likewise for numbers. What a unit is written as
//! means that unit, and what an error offers is a unit.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match lind_units::Unit::parse(text) {
        Ok(unit) => {
            let again = lind_units::Unit::parse(unit.code()).expect("a code is a unit");
            assert_eq!(again.code(), unit.code());
            assert_eq!(again.dimension(), unit.dimension());
        }
        Err(error) => {
            assert!(error.at.start <= error.at.end && error.at.end <= text.len());
            let _ = error.message();
            if let Some(offered) = &error.suggestion {
                lind_units::Unit::parse(offered).expect("what is offered is a unit");
            }
        }
    }
    if let Ok(decimal) = lind_units::Decimal::parse(text) {
        let _ = decimal.to_exact();
    }
});
