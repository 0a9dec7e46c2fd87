//! Any text can be checked; what passes can be lowered.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut files = lind_diagnostics::Files::default();
    let root = files.add("fuzz.lind", text);
    let analysis = lind_check::check(&mut files, root, &mut lind_check::NoModules);
    for diagnostic in &analysis.diagnostics {
        let _ = lind_render::to_text(&files, diagnostic, lind_render::Style::default());
    }
});
