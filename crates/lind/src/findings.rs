//! Checking files, and showing what was found.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, FileId, Files, Severity, Sink, Span};
use lind_model::{Protocol, TestCase};
use lind_render::Reported;

use crate::failure::{Failure, Stop};
use crate::modules::FolderModules;
use crate::output::Output;
use crate::sources::Place;
use crate::terminal::Terminal;

/// Files that were checked, and what was found in them and in what they use.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    pub(crate) files: Files,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// How many files were asked for and read.
    pub(crate) count: usize,
    /// The protocol of each file, in order; none if it has errors, or is a library.
    pub(crate) protocols: Vec<Option<Arc<Protocol>>>,
    /// The tests of each file, in the same order.
    pub(crate) tests: Vec<Vec<TestCase>>,
}

impl Checked {
    /// Reads and checks files. What cannot be read stands beside.
    pub(crate) fn all(places: &[Place]) -> (Self, Vec<Failure>) {
        let mut checked = Self::default();
        let mut failures = Vec::new();
        let mut sink = Sink::new();
        for place in places {
            match place.read() {
                Ok(text) => checked.check(place, text, &mut sink),
                Err(failure) => failures.push(failure),
            }
        }
        checked.diagnostics = sink.into_sorted();
        (checked, failures)
    }

    /// Reads and checks one protocol that is to be run.
    ///
    /// # Errors
    /// It cannot be read, or it is a library.
    pub(crate) fn one(place: &Place) -> Result<Self, Failure> {
        let text = place.read()?;
        let mut checked = Self::default();
        let mut sink = Sink::new();
        checked.check(place, text, &mut sink);
        checked.diagnostics = sink.into_sorted();
        Ok(checked)
    }

    /// The protocol of a file that was checked alone. None if it has errors, which are told by [`Checked::tell`].
    ///
    /// # Errors
    /// It is a library.
    pub(crate) fn protocol(&self, place: &Place) -> Result<Option<Arc<Protocol>>, Failure> {
        let protocol = self.protocols.first().cloned().flatten();
        if protocol.is_some() || self.count_of(Severity::Error) > 0 {
            return Ok(protocol);
        }
        Err(
            Failure::new(format!("`{}` is a library, not a protocol", place.name()))
                .help("a protocol begins with `protocol` and its number"),
        )
    }

    fn check(&mut self, place: &Place, text: String, sink: &mut Sink) {
        let root = self.files.add(place.name(), text);
        let mut modules = FolderModules::of(place);
        let analysis = lind_check::check(&mut self.files, root, &mut modules);
        self.count += 1;
        self.protocols.push(analysis.protocol);
        self.tests.push(analysis.tests);
        // A library that several protocols use was loaded for each of them, under one name.
        let first = self.first_of_each_name();
        sink.extend(
            analysis
                .diagnostics
                .into_iter()
                .map(|diagnostic| moved(diagnostic, &first)),
        );
    }

    /// Adds what the protocols lean on that is not verified, or that has no codes.
    pub(crate) fn add_reliance(&mut self) {
        let first = self.first_of_each_name();
        let mut sink = Sink::new();
        sink.extend(std::mem::take(&mut self.diagnostics));
        for protocol in self.protocols.iter().flatten() {
            let found = lind_check::reliance(protocol);
            sink.extend(
                found
                    .into_iter()
                    .map(|diagnostic| moved(diagnostic, &first)),
            );
        }
        self.diagnostics = sink.into_sorted();
    }

    /// Puts findings of another sort in the place of those of the checker.
    pub(crate) fn replace_findings(&mut self, found: Vec<Diagnostic>) {
        let first = self.first_of_each_name();
        let mut sink = Sink::new();
        sink.extend(
            found
                .into_iter()
                .map(|diagnostic| moved(diagnostic, &first)),
        );
        self.diagnostics = sink.into_sorted();
    }

    /// For each file, the first one of the same name.
    fn first_of_each_name(&self) -> BTreeMap<FileId, FileId> {
        let mut by_name: BTreeMap<&str, FileId> = BTreeMap::new();
        self.files
            .iter()
            .map(|(id, name)| (id, *by_name.entry(name).or_insert(id)))
            .collect()
    }

    /// How many findings of a weight there are.
    pub(crate) fn count_of(&self, severity: Severity) -> usize {
        self.diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    }

    /// Shows every finding.
    pub(crate) fn show(
        &self,
        format: FindingsFormat,
        terminal: &Terminal,
        output: &mut Output,
    ) -> Result<(), Stop> {
        match format {
            FindingsFormat::Text => {
                for diagnostic in &self.diagnostics {
                    let style = terminal.style_of_results();
                    output.write(&lind_render::to_text(&self.files, diagnostic, style))?;
                }
            }
            FindingsFormat::Short => {
                for diagnostic in &self.diagnostics {
                    output.write(&lind_render::to_short(&self.files, diagnostic))?;
                    output.write("\n")?;
                }
            }
            FindingsFormat::Json => {
                output.write(&lind_render::to_json(&self.files, &self.diagnostics))?;
                output.write("\n")?;
            }
            FindingsFormat::Sarif => {
                let reported = self.diagnostics.iter().map(|diagnostic| Reported {
                    diagnostic,
                    subject: "",
                    meaning: "",
                    accepted: None,
                });
                let reported: Vec<Reported<'_>> = reported.collect();
                let version = env!("CARGO_PKG_VERSION");
                output.write(&lind_render::to_sarif(&self.files, &reported, version))?;
                output.write("\n")?;
            }
        }
        Ok(())
    }

    /// Tells the errors, and nothing else.
    pub(crate) fn tell_errors(&self, terminal: &Terminal) {
        let errors = self.diagnostics.iter();
        for diagnostic in errors.filter(|own| own.severity == Severity::Error) {
            let style = terminal.style_of_messages();
            terminal.say(&lind_render::to_text(&self.files, diagnostic, style));
        }
    }

    /// Tells what was found in a protocol that was to be run.
    pub(crate) fn tell(&self, terminal: &Terminal) {
        // What nothing uses changes no verdict; `lind check` tells of it.
        let told: Vec<Diagnostic> = self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.rule.code != UNUSED_NAME)
            .cloned()
            .collect();
        for diagnostic in &told {
            let style = terminal.style_of_messages();
            terminal.say(&lind_render::to_text(&self.files, diagnostic, style));
        }
        if !told.is_empty() && !terminal.is_quiet {
            terminal.say(&format!("{}\n", lind_render::summary_line(&told)));
        }
    }
}

/// The lint for what is declared and never used.
const UNUSED_NAME: &str = "W0602";

/// A finding whose places are in the first file of each name.
fn moved(mut diagnostic: Diagnostic, first: &BTreeMap<FileId, FileId>) -> Diagnostic {
    let moved = |span: Span| Span {
        file: first.get(&span.file).copied().unwrap_or(span.file),
        ..span
    };
    diagnostic.primary.span = moved(diagnostic.primary.span);
    for label in &mut diagnostic.secondary {
        label.span = moved(label.span);
    }
    for edit in diagnostic.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
        edit.span = moved(edit.span);
    }
    diagnostic
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FindingsFormat {
    /// With the lines they are about, for people
    Text,
    /// One line a finding, for editors and grep
    Short,
    /// One object, schema lind.diagnostics/1
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}
