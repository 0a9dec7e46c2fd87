//! Any text is a time or an error; a time begins before it ends.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(when) = lind_time::When::parse(text) {
        assert!(when.start() < when.end());
    }
});
