//! `lind amend`: the gate for a new version of a protocol.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use lind_amend::gate::{Gate, GateFinding};
use lind_amend::{Version, compare};
use lind_diagnostics::{FileId, Files, Rule, Severity, Span};
use lind_model::Protocol;
use lind_render::{Reported, summary_line};
use lind_report::{Compared, FindingRow, one_line};

use crate::Ending;
use crate::commands::patients_asked::PatientsArguments;
use crate::configuration;
use crate::failure::{Failure, Stop};
use crate::findings::Checked;
use crate::output::Output;
use crate::revision;
use crate::sources::Place;
use crate::targets::Target;
use crate::terminal::Terminal;

/// Hold a new version of a protocol against the old one, and against what its author says of it
#[derive(Debug, Args)]
#[command(
    long_about = "\
Holds a new version of a protocol against the old one, and against what its author says of it.

The old version is a file, or a revision that git knows; it is read without touching the working \
tree. A protocol that the revision does not have is new: there is nothing to compare, and the gate is \
open. What changed is found as `lind diff` finds it. Each change must be told by the `amendment` in \
the new version; a claim that is not so is refuted with a made-up patient, or by proof. What opens a \
criterion that stands for safety needs a person who accepts it; an acceptance lapses as soon as the \
change means something else.

With --patients both versions are asked about real patients as well. Whoever is enrolled already is \
counted apart, since the version in force then counts. A criterion that closes is a warning if it \
keeps out somebody of them.",
    after_help = "\
Examples:
  lind amend trial.lind --against origin/main            the gate of a pull request
  lind amend trial.lind --against trial-v1.lind          two files
  lind amend trial.lind --against origin/main --format markdown
                                                         a comment for the pull request
  lind amend trial.lind --against v1.0 --output sarif=amend.sarif --output json=amend.json
  lind amend trial.lind --against v1.0 --patients cohort

Exit codes: 0 no errors, or a new protocol, 1 errors (or warnings, with --deny-warnings),
2 the work could not be done, 101 the engine and the interpreter disagree."
)]
pub(crate) struct AmendArguments {
    /// The new version
    #[arg(value_name = "PROTOCOL")]
    protocol: PathBuf,
    /// The old version: a file, or a revision of the same file that git knows
    #[arg(long, value_name = "OLD")]
    against: String,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: AmendFormat,
    /// Write the same to a file in another format, such as sarif=amend.sarif (may be repeated)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = written_to)]
    output: Vec<(AmendFormat, PathBuf)>,
    /// What was accepted [default: PROTOCOL with the ending `.accepted.toml`, if it is there]
    #[arg(long, value_name = "FILE")]
    accepted: Option<PathBuf>,
    /// Settings [default: the nearest `lind.toml` in the folder of the protocol or above]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Exit with 1 for warnings too
    #[arg(long)]
    deny_warnings: bool,
    #[command(flatten)]
    patients: PatientsArguments,
    /// Tell counts of fewer than five patients in findings and comments too
    #[arg(long, requires = "patients", help_heading = "Patients")]
    small_counts: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum AmendFormat {
    /// Who changes, what became of each criterion, and the findings with their lines
    Text,
    /// One line a finding, for grep
    Short,
    /// One object, schema lind.amend/1
    Json,
    /// A comment for a pull request
    Markdown,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A code quality report of GitLab
    Gitlab,
    /// A JUnit report
    Junit,
}

/// `sarif=amend.sarif`
fn written_to(text: &str) -> Result<(AmendFormat, PathBuf), String> {
    use clap::ValueEnum as _;
    let (format, path) = text
        .split_once('=')
        .filter(|(_, path)| !path.is_empty())
        .ok_or("expected FORMAT=FILE, such as sarif=amend.sarif")?;
    let format = AmendFormat::from_str(format, false)
        .map_err(|_| format!("`{format}` is no format: see --format"))?;
    Ok((format, PathBuf::from(path)))
}

impl AmendArguments {
    /// Fails if a file that is to be written is one that is read, or another that is written.
    fn outputs_are_apart(&self, files: &Files) -> Result<(), Failure> {
        let target = |path| Target {
            option: "--output",
            path,
        };
        for (place, (_, path)) in self.output.iter().enumerate() {
            let own = target(path);
            self.patients.are_not(&own)?;
            for (_, name) in files.iter() {
                own.is_not(Path::new(name), "one of the files that are compared")?;
            }
            for settings in [&self.accepted, &self.config].into_iter().flatten() {
                own.is_not(settings, "one of the settings")?;
            }
            for (_, other) in self.output.iter().skip(place.saturating_add(1)) {
                own.is_apart_from(&target(other))?;
            }
        }
        Ok(())
    }
}

pub(crate) fn run(arguments: &AmendArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let new_place = Place::of(&arguments.protocol);
    let old_place = old_place(&arguments.against, &new_place)?;
    if let Place::Revision { revision, path } = &old_place
        && revision::lacks(revision, path)
    {
        return NewProtocol::tell(arguments, &new_place, revision, terminal);
    }
    let (mut checked, failures) = Checked::all(&[old_place.clone(), new_place.clone()]);
    if let Some(failure) = Failure::all(failures) {
        return Err(failure.into());
    }
    let protocols = std::mem::take(&mut checked.protocols);
    let tests = std::mem::take(&mut checked.tests);
    let mut versions = protocols.into_iter().zip(tests);
    let (Some(old), Some(new)) = (versions.next(), versions.next()) else {
        return Err(Failure::new("nothing was compared").into());
    };
    let version = |(protocol, tests): (Option<_>, _), place: &Place| match protocol {
        Some(protocol) => Ok(Some(Version { protocol, tests })),
        None if checked.count_of(Severity::Error) > 0 => Ok(None),
        None => Err(Failure::new(format!(
            "`{}` is a library, not a protocol",
            place.name()
        ))),
    };
    let (old, new) = (version(old, &old_place)?, version(new, &new_place)?);
    let (Some(old), Some(new)) = (old, new) else {
        checked.tell(terminal);
        return Err(has_errors().into());
    };
    let rules: Vec<&Rule> = lind_amend::gate::rules::ALL.to_vec();
    let policy = configuration::policy(
        arguments.config.as_deref(),
        &new_place.folder(),
        &rules,
        &mut checked.files,
    )?;
    let accepted = configuration::acceptances(
        arguments.accepted.as_deref(),
        &arguments.protocol,
        &mut checked.files,
    )?;
    arguments.outputs_are_apart(&checked.files)?;
    let difference = compare(&old, &new).map_err(|error| Stop::of_versions(&error))?;
    let asked = arguments
        .patients
        .ask([&old, &new], &difference, terminal)?;
    let cohort = asked.as_ref().map(|asked| &asked.cohort);
    let gate = Gate {
        old: &old.protocol,
        new: &new.protocol,
        difference: &difference,
        policy: &policy,
        acceptances: &accepted,
        head: head_of(&checked.files, &new_place),
        cohort,
        small_counts: arguments.small_counts,
    };
    let findings = gate.findings();
    let compared = Compared {
        old: &old.protocol,
        new: &new.protocol,
        difference: &difference,
        cohort,
        small_counts: arguments.small_counts,
    };
    let shown = Shown {
        compared: &compared,
        findings: &findings,
        files: &checked.files,
    };
    for (format, path) in &arguments.output {
        let mut output = Output::to(Some(path))?;
        output.write(&shown.written(*format, None))?;
        output.finish()?;
    }
    let mut output = Output::standard();
    output.write(&shown.written(arguments.format, Some(terminal)))?;
    output.finish()?;
    let has = |severity: Severity| findings.iter().any(|own| own.severity() == severity);
    Ok(Ending::found(
        has(Severity::Error) || (arguments.deny_warnings && has(Severity::Warning)),
    ))
}

/// The old version: a file if there is one of that name, else the same file in a revision.
fn old_place(against: &str, new: &Place) -> Result<Place, Failure> {
    let path = Path::new(against);
    if path.is_file() {
        return Ok(Place::of(path));
    }
    match new {
        Place::File(new) if !revision::is_known(against, new) => {
            let ending = path.extension();
            if path.exists() || ending.is_some_and(|own| own.eq_ignore_ascii_case("lind")) {
                return Ok(Place::of(path));
            }
            if against.contains('/') {
                let failure =
                    format!("`{against}` is neither a file nor a revision that git knows");
                return Err(Failure::new(failure).help(
                    "a branch of another repository must be fetched first: `git fetch origin main`, or \
                     `fetch-depth: 0` of actions/checkout",
                ));
            }
            Ok(Place::Revision {
                revision: against.to_owned(),
                path: new.clone(),
            })
        }
        Place::File(path) => Ok(Place::Revision {
            revision: against.to_owned(),
            path: path.clone(),
        }),
        Place::StandardInput | Place::Revision { .. } => {
            Err(Failure::new(format!("`{against}` is not a file"))
                .help("what comes from the standard input can only be held against a file"))
        }
    }
}

/// The line with which the new version begins.
fn head_of(files: &Files, place: &Place) -> Span {
    let name = place.name();
    let file = files.iter().find(|(_, own)| *own == name);
    let Some((file, _)) = file else {
        return Span::new(FileId::from_index(0), 0, 0);
    };
    let text = files.text(file);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("protocol") {
            let end = start + line.trim_end().len();
            let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            return Span::new(file, offset(start), offset(end));
        }
        start += line.len();
    }
    Span::new(file, 0, 0)
}

/// A protocol that the revision with the old versions does not have.
struct NewProtocol {
    protocol: Arc<Protocol>,
    /// That there is nothing to compare, in a sentence without a full stop.
    said: String,
    /// What may have been meant, each in a sentence.
    notes: Vec<String>,
}

impl NewProtocol {
    /// Says so in every format that is asked for: a new protocol passes the gate, since no patient was ever judged by
    /// an older version.
    fn tell(
        arguments: &AmendArguments,
        place: &Place,
        revision: &str,
        terminal: &Terminal,
    ) -> Result<Ending, Stop> {
        let checked = Checked::one(place)?;
        let Some(protocol) = checked.protocol(place)? else {
            checked.tell(terminal);
            return Err(has_errors().into());
        };
        arguments.outputs_are_apart(&checked.files)?;
        let name = place.name();
        let mut notes = vec![format!(
            "if it had another name there, keep that file (`git show {revision}:PATH > old.lind`) and hold the new \
             one against it: `--against old.lind`"
        )];
        if let Some(amendment) = protocol.amendments.first() {
            notes.push(format!(
                "what it says of its amendment of version \"{}\" was held against nothing",
                amendment.version
            ));
        }
        let own = Self {
            protocol,
            said: format!(
                "{name} is new: {revision} does not have it, and there is nothing to compare"
            ),
            notes,
        };
        for (format, path) in &arguments.output {
            let mut output = Output::to(Some(path))?;
            output.write(&own.written(*format))?;
            output.finish()?;
        }
        let mut output = Output::standard();
        output.write(&own.written(arguments.format))?;
        output.finish()?;
        Ok(Ending::found(false))
    }

    fn written(&self, format: AmendFormat) -> String {
        let files = Files::new();
        match format {
            AmendFormat::Text => {
                let mut text = format!("note: {}\n", one_line(&self.said));
                for note in &self.notes {
                    text.push_str(&format!("  = {}\n", one_line(note)));
                }
                text
            }
            AmendFormat::Short => format!("note: {}\n", one_line(&self.said)),
            AmendFormat::Json => lind_report::new_protocol_json() + "\n",
            AmendFormat::Markdown => {
                lind_report::new_protocol_markdown(&self.protocol, &self.said, &self.notes)
            }
            AmendFormat::Sarif => {
                lind_render::to_sarif(&files, &[], env!("CARGO_PKG_VERSION")) + "\n"
            }
            // One line: what it holds has lost its line breaks, and a percent sign would begin an escape.
            AmendFormat::Github => format!(
                "::notice title=lind amend::{}\n",
                one_line(&self.said).replace('%', "%25")
            ),
            AmendFormat::Gitlab => lind_render::to_gitlab(&files, &[]) + "\n",
            AmendFormat::Junit => lind_render::to_junit(&files, &[], "lind amend"),
        }
    }
}

fn has_errors() -> Failure {
    Failure::new("nothing was compared, since a version has errors").help("`lind check` shows them")
}

/// What the gate has to say.
struct Shown<'s> {
    compared: &'s Compared<'s>,
    findings: &'s [GateFinding],
    files: &'s Files,
}

impl Shown<'_> {
    /// In one of the formats, for a terminal or for a file, which looks the same from wherever it was written.
    fn written(&self, format: AmendFormat, terminal: Option<&Terminal>) -> String {
        let (compared, findings, files) = (self.compared, self.findings, self.files);
        let diagnostics: Vec<_> = findings.iter().map(|own| own.diagnostic.clone()).collect();
        let topics: Vec<String> = findings.iter().map(GateFinding::topic).collect();
        let reported: Vec<Reported<'_>> = findings
            .iter()
            .zip(&topics)
            .map(|(own, topic)| Reported {
                diagnostic: &own.diagnostic,
                subject: topic,
                meaning: &own.meaning,
                accepted: own.accepted.as_ref().map(|own| &*own.because),
            })
            .collect();
        let places: Vec<String> = diagnostics
            .iter()
            .map(|own| {
                let span = own.primary.span;
                let line = files.line_column(span.file, span.start).line;
                format!("{}:{line}", files.name(span.file))
            })
            .collect();
        let rows: Vec<FindingRow<'_>> = findings
            .iter()
            .zip(&places)
            .map(|(own, place)| FindingRow {
                severity: own.severity().word(),
                code: own.diagnostic.rule.code,
                name: own.diagnostic.rule.name,
                subject: &own.subject,
                meaning: &own.meaning,
                message: &own.diagnostic.message,
                notes: &own.diagnostic.notes,
                place,
                accepted: own.accepted.as_ref().map(|own| &*own.because),
            })
            .collect();
        match format {
            AmendFormat::Text => {
                let report = terminal.map(Terminal::style_of_reports).unwrap_or_default();
                let style = terminal.map(Terminal::style_of_results).unwrap_or_default();
                let mut text = lind_report::difference_text(compared, report);
                text.push('\n');
                for diagnostic in &diagnostics {
                    text.push_str(&lind_render::to_text(files, diagnostic, style));
                }
                if !terminal.is_some_and(|terminal| terminal.is_quiet) {
                    text.push_str(&format!("{}\n", summary_line(&diagnostics)));
                }
                text
            }
            AmendFormat::Short => {
                let lines = diagnostics.iter();
                lines
                    .map(|own| lind_render::to_short(files, own) + "\n")
                    .collect()
            }
            AmendFormat::Json => {
                let findings = lind_render::to_json(files, &diagnostics);
                lind_report::amendment_json(compared, &rows, &findings) + "\n"
            }
            AmendFormat::Markdown => lind_report::amendment_markdown(compared, &rows),
            AmendFormat::Sarif => {
                lind_render::to_sarif(files, &reported, env!("CARGO_PKG_VERSION")) + "\n"
            }
            AmendFormat::Github => lind_render::to_github(files, &reported),
            AmendFormat::Gitlab => lind_render::to_gitlab(files, &reported) + "\n",
            AmendFormat::Junit => lind_render::to_junit(files, &reported, "lind amend"),
        }
    }
}
