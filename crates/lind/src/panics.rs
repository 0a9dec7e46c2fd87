//! What is said when Lind itself is wrong.

/// Replaces the usual text of a panic, which quotes values and so could show a patient's data.
///
/// The process ends with exit code 101, the one that Rust gives to a panic.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|panic| {
        // What a damaged file makes of the reader of Parquet is caught there, and is no bug of Lind.
        if lind_parquet::is_guarded() {
            return;
        }
        let place = panic
            .location()
            .map(|place| format!("{}:{}", place.file(), place.line()));
        eprint!("{}", report(place.as_deref().unwrap_or("an unknown place")));
    }));
}

/// The text: that it is a bug, which version, where in the program; nothing of the data.
fn report(place: &str) -> String {
    format!(
        "\nThis is a bug in lind {}, at {place}.\n\
         Nothing of what was printed before this line may be relied on.\n\
         Please report it with the version, the place above and the command; nothing of a patient's data \
         is in this text.\n",
        env!("CARGO_PKG_VERSION"),
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_report_names_version_and_place() {
        let report = super::report("crates/lind-eval/src/facts.rs:12");
        assert!(report.contains("bug in lind"));
        assert!(report.contains(env!("CARGO_PKG_VERSION")));
        assert!(report.contains("facts.rs:12"));
    }
}
