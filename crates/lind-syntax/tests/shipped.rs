//! Every shipped file parses without a finding.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

#[test]
fn shipped_files_parse_without_findings() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../protocols");
    let mut folders = vec![root];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "lind") {
                let text = std::fs::read_to_string(&path).unwrap();
                let mut files = lind_diagnostics::Files::default();
                let file = files.add(path.display().to_string(), text);
                let parse = lind_syntax::parse(file, files.text(file));
                for diagnostic in &parse.diagnostics {
                    let at = files.line_column(file, diagnostic.primary.span.start);
                    eprintln!("{}:{}:{} {} ({})", path.display(), at.line, at.column, diagnostic.message, diagnostic.primary.text);
                }
                assert!(parse.diagnostics.is_empty(), "{} has findings", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}
