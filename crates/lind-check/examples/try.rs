//! Prints the findings of a file.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "an example")]
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let mut files = lind_diagnostics::Files::default();
    let root = files.add(path, text);
    let analysis = lind_check::check(&mut files, root, &mut lind_check::NoModules);
    for diagnostic in &analysis.diagnostics {
        print!(
            "{}",
            lind_render::to_text(&files, diagnostic, lind_render::Style::default())
        );
    }
    println!("{}", analysis.protocol.is_some());
}
