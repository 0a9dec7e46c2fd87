//! Formatting twice is formatting once.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let once = lind_syntax::format(text).text;
    assert_eq!(lind_syntax::format(&once).text, once);
});
