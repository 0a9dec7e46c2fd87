//! Any text parses to a tree and a list of findings, every finding can be shown.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut files = lind_diagnostics::Files::default();
    let file = files.add("fuzz.lind", text);
    let parse = lind_syntax::parse(file, files.text(file));
    for diagnostic in &parse.diagnostics {
        let _ = lind_render::to_text(&files, diagnostic, lind_render::Style::default());
    }
});
