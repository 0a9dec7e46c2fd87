//! `lind.toml`: how much findings weigh; and the file in which people accept findings.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use lind_amend::gate::{Acceptance, Policy};
use lind_diagnostics::{FileId, Files, Rule, Severity, Span, closest};
use serde::Deserialize;
use toml::Spanned;

use crate::failure::Failure;

/// The name of the file of settings.
const NAME: &str = "lind.toml";

/// The most bytes that settings or acceptances may have.
const LARGEST: u64 = 4 << 20;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireConfiguration {
    #[serde(default)]
    amend: WireAmend,
    #[serde(default)]
    severity: BTreeMap<String, WireSeverity>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireAmend {
    #[serde(default)]
    safety: Vec<Spanned<String>>,
    #[serde(default)]
    not_safety: Vec<Spanned<String>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WireSeverity {
    Error,
    Warning,
    Note,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireAcceptances {
    #[serde(default)]
    accept: Vec<Spanned<WireAcceptance>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireAcceptance {
    finding: String,
    about: String,
    meaning: String,
    because: String,
    by: String,
}

/// The settings for a protocol: of the file that was named, or of the nearest `lind.toml` in its folder or above.
///
/// # Errors
/// The file cannot be read, or says something that Lind does not know.
pub(crate) fn policy(
    named: Option<&Path>,
    folder: &Path,
    rules: &[&Rule],
    files: &mut Files,
) -> Result<Policy, Failure> {
    let path = match named {
        Some(path) => Some(path.to_owned()),
        None => nearest(folder),
    };
    let Some(path) = path else {
        return Ok(Policy::default());
    };
    let text = read(&path)?;
    let wire: WireConfiguration = toml::from_str(&text).map_err(|error| wrong(&path, &error))?;
    let mut severities = BTreeMap::new();
    for (name, severity) in wire.severity {
        let rule = rules
            .iter()
            .find(|rule| rule.name == name || rule.code == name);
        let Some(rule) = rule else {
            let failure = Failure::new(format!("`{}` cannot be used", path.display()))
                .because(format!("no finding is called `{name}`"));
            return Err(match closest(&name, rules.iter().map(|rule| rule.name)) {
                Some(near) => failure.help(format!("write `{near}`")),
                None => failure.help("`lind explain` lists all findings"),
            });
        };
        if rule.severity == Severity::Error {
            return Err(Failure::new(format!("`{}` cannot be used", path.display()))
                .because(format!("`{name}` is an error and stays one")));
        }
        let severity = match severity {
            WireSeverity::Error => Severity::Error,
            WireSeverity::Warning => Severity::Warning,
            WireSeverity::Note => Severity::Note,
        };
        severities.insert(rule.name.to_owned(), severity);
    }
    let file = files.add(path.to_string_lossy().into_owned(), text);
    let mut named = Vec::new();
    let mut numbers = |setting: &'static str, all: Vec<Spanned<String>>| -> BTreeSet<String> {
        let numbers = all.into_iter().map(|own| {
            let span = span_of(file, own.span());
            let number = own.into_inner();
            named.push((setting, number.clone(), span));
            number
        });
        numbers.collect()
    };
    let safety = numbers("safety", wire.amend.safety);
    let not_safety = numbers("not_safety", wire.amend.not_safety);
    Ok(Policy {
        severities,
        safety,
        not_safety,
        named,
    })
}

/// What was accepted. Without a name the file beside the protocol is looked for, and need not be there.
///
/// # Errors
/// The file cannot be read, or says something that Lind does not know.
pub(crate) fn acceptances(
    named: Option<&Path>,
    protocol: &Path,
    files: &mut Files,
) -> Result<Vec<Acceptance>, Failure> {
    let beside = protocol.with_extension("accepted.toml");
    let path = match named {
        Some(path) => path,
        None if beside.exists() => &beside,
        None => return Ok(Vec::new()),
    };
    let text = read(path)?;
    let wire: WireAcceptances = toml::from_str(&text).map_err(|error| wrong(path, &error))?;
    let file = files.add(path.to_string_lossy().into_owned(), text);
    let mut found = Vec::new();
    for own in wire.accept {
        let span = span_of(file, own.span());
        let own = own.into_inner();
        // What the gate prints to be filled in says nothing yet: `because = "…"`.
        let says_nothing = |text: &str| !text.contains(char::is_alphanumeric);
        if says_nothing(&own.because) || says_nothing(&own.by) {
            return Err(
                Failure::new(format!("`{}` cannot be used", path.display())).because(format!(
                    "{} of {} is accepted without a reason, or by nobody",
                    own.finding, own.about
                )),
            );
        }
        found.push(Acceptance {
            finding: own.finding,
            about: own.about,
            meaning: own.meaning,
            because: own.because,
            by: own.by,
            span,
        });
    }
    Ok(found)
}

fn span_of(file: FileId, range: std::ops::Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, offset(range.start), offset(range.end))
}

fn nearest(folder: &Path) -> Option<PathBuf> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let folder = fs::canonicalize(folder).ok()?;
    folder
        .ancestors()
        .map(|folder| folder.join(NAME))
        .find(|path| path.is_file())
}

fn read(path: &Path) -> Result<String, Failure> {
    let cannot = |error: io::Error| {
        Failure::new(format!("`{}` cannot be read", path.display())).because_of(&error)
    };
    let length = fs::metadata(path).map_err(cannot)?.len();
    if length > LARGEST {
        return Err(Failure::new(format!(
            "`{}` is larger than 4 MiB",
            path.display()
        )));
    }
    fs::read_to_string(path).map_err(cannot)
}

fn wrong(path: &Path, error: &toml::de::Error) -> Failure {
    Failure::new(format!("`{}` cannot be used", path.display())).because(error.to_string())
}
