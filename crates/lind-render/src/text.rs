//! Diagnostics for people at a terminal.

use codespan_reporting::diagnostic::{Diagnostic as Report, Severity as ReportSeverity};
use codespan_reporting::term::{self, Chars, Config, DisplayStyle};
use lind_diagnostics::{Diagnostic, Files, Label, Severity};

use crate::ansi::Colored;
use crate::excerpt::{self, Excerpts};
use crate::short::and_more;
use crate::style::{Layout, MESSAGE_LIMIT, NOTE_LIMIT, Style};
use crate::wrap::wrap;
use crate::{fix, sanitize};

/// The most places one diagnostic shows; the others are counted.
const LABELS_SHOWN: usize = 16;

/// A diagnostic with the sources it points at, its notes and its fix, and an empty line at the end.
///
/// Every label is shown, in as many files as there are. Long lines are cut to what is pointed at,
/// so the text stays short even if a line of data has a million characters. Control characters and
/// marks of reading direction, in the sources as in the messages, are shown by their number
/// (`<U+001B>`) and never reach the terminal.
#[must_use]
pub fn to_text(files: &Files, diagnostic: &Diagnostic, style: Style) -> String {
    let labels: Vec<&Label> = diagnostic.labels().take(LABELS_SHOWN).collect();
    let layout = Layout::new(style, line_number_digits(files, &labels));
    let (excerpts, markers) = Excerpts::new(files, &labels, &layout);

    let mut notes: Vec<String> = diagnostic
        .notes
        .iter()
        .map(|note| {
            let note = sanitize::lines(note, NOTE_LIMIT, layout.ellipsis);
            wrap(&note, layout.note_columns)
        })
        .collect();
    let left_out = diagnostic.labels().count() - labels.len();
    if left_out > 0 {
        notes.push(and_more(left_out));
    }
    if let Some(repair) = &diagnostic.fix {
        notes.push(fix::to_note(
            files,
            repair,
            diagnostic.primary.span.file,
            &layout,
        ));
    }

    let report = Report {
        severity: match diagnostic.severity {
            Severity::Error => ReportSeverity::Error,
            Severity::Warning => ReportSeverity::Warning,
            Severity::Note => ReportSeverity::Note,
        },
        code: Some(diagnostic.rule.code.to_owned()),
        message: sanitize::one_line(&diagnostic.message, MESSAGE_LIMIT, layout.ellipsis),
        labels: markers,
        notes,
    };
    emit(&excerpts, &report, style)
        // Cannot happen while the excerpts hold every label; the finding itself must not be lost.
        .unwrap_or_else(|_| format!("{}\n\n", crate::to_short(files, diagnostic)))
}

fn emit(
    excerpts: &Excerpts,
    report: &Report<usize>,
    style: Style,
) -> Result<String, codespan_reporting::files::Error> {
    let config = Config {
        display_style: DisplayStyle::Rich,
        chars: if style.ascii {
            Chars::ascii()
        } else {
            Chars::box_drawing()
        },
        start_context_lines: usize::try_from(excerpt::CONTEXT_BEHIND_START).unwrap_or(0),
        end_context_lines: usize::try_from(excerpt::CONTEXT_BEFORE_END).unwrap_or(0),
        ..Config::default()
    };
    if style.color {
        let mut colored = Colored::default();
        term::emit_to_write_style(&mut colored, &config, excerpts, report)?;
        return Ok(colored.0);
    }
    let text = term::emit_into_string(&config, excerpts, report)?;
    let mut trimmed = String::with_capacity(text.len());
    for line in text.lines() {
        trimmed.push_str(line.trim_end());
        trimmed.push('\n');
    }
    Ok(trimmed)
}

fn line_number_digits(files: &Files, labels: &[&Label]) -> usize {
    labels
        .iter()
        .flat_map(|label| {
            [label.span.start, label.span.end].map(|offset| (label.span.file, offset))
        })
        .map(|(file, offset)| files.line_column(file, offset).line.to_string().len())
        .max()
        .unwrap_or(1)
}
