//! Diagnostics for programs.

use std::io;

use lind_diagnostics::{Diagnostic, Files, Fix, Label, Span};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use crate::sanitize;
use crate::short::Count;

/// The name and version of the format. The version rises when a field goes or changes its meaning;
/// new fields may come at any time.
const SCHEMA: &str = "lind.diagnostics/1";

/// A list of diagnostics as one JSON object, schema `lind.diagnostics/1`.
///
/// Lines and columns count from 1, columns in characters; `offset` counts UTF-8 bytes from 0, for
/// programs that apply a fix. Texts are whole and exact; characters that would act on a terminal
/// are escaped (`\u009b`), which JSON reads back as they were.
#[must_use]
pub fn to_json(files: &Files, diagnostics: &[Diagnostic]) -> String {
    let wire = WireReport::new(files, diagnostics);
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Escaping);
    let written = wire.serialize(&mut serializer);
    match (written, String::from_utf8(bytes)) {
        (Ok(()), Ok(json)) => json,
        // Neither can happen: these types have no map and no number that JSON lacks. If it did,
        // a reader must not take it for "nothing found".
        _ => "{\"error\":\"the findings could not be written as JSON\"}".to_owned(),
    }
}

/// Escapes what would act on a terminal and JSON itself lets through.
struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        let mut rest = fragment;
        while let Some((index, active)) = rest.char_indices().find(|&(_, c)| sanitize::is_active(c))
        {
            let (before, from) = rest.split_at(index);
            CompactFormatter.write_string_fragment(writer, before)?;
            for unit in active.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = from.get(active.len_utf8()..).unwrap_or("");
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}

#[derive(Serialize)]
struct WireReport<'a> {
    schema: &'static str,
    diagnostics: Vec<WireDiagnostic<'a>>,
    summary: WireSummary,
}

#[derive(Serialize)]
struct WireSummary {
    errors: usize,
    warnings: usize,
    notes: usize,
    files: usize,
}

#[derive(Serialize)]
struct WireDiagnostic<'a> {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    message: &'a str,
    file: &'a str,
    range: WireRange,
    /// What the place itself is; left out if the message says it all.
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    /// The other places.
    labels: Vec<WireLabel<'a>>,
    notes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<WireFix<'a>>,
}

#[derive(Serialize)]
struct WireLabel<'a> {
    file: &'a str,
    range: WireRange,
    text: &'a str,
}

#[derive(Serialize)]
struct WireRange {
    start: WirePosition,
    end: WirePosition,
}

#[derive(Serialize)]
struct WirePosition {
    line: u32,
    column: u32,
    offset: u32,
}

#[derive(Serialize)]
struct WireFix<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<WireEdit<'a>>,
}

#[derive(Serialize)]
struct WireEdit<'a> {
    file: &'a str,
    range: WireRange,
    replacement: &'a str,
}

impl<'a> WireReport<'a> {
    fn new(files: &'a Files, diagnostics: &'a [Diagnostic]) -> Self {
        let count = Count::new(diagnostics);
        Self {
            schema: SCHEMA,
            diagnostics: diagnostics
                .iter()
                .map(|diagnostic| WireDiagnostic::new(files, diagnostic))
                .collect(),
            summary: WireSummary {
                errors: count.errors,
                warnings: count.warnings,
                notes: count.notes,
                files: count.files,
            },
        }
    }
}

impl<'a> WireDiagnostic<'a> {
    fn new(files: &'a Files, diagnostic: &'a Diagnostic) -> Self {
        let span = diagnostic.primary.span;
        Self {
            code: diagnostic.rule.code,
            name: diagnostic.rule.name,
            severity: diagnostic.severity.word(),
            message: &diagnostic.message,
            file: files.name(span.file),
            range: WireRange::new(files, span),
            label: &diagnostic.primary.text,
            labels: diagnostic
                .secondary
                .iter()
                .map(|label| WireLabel::new(files, label))
                .collect(),
            notes: &diagnostic.notes,
            fix: diagnostic.fix.as_ref().map(|fix| WireFix::new(files, fix)),
        }
    }
}

impl<'a> WireLabel<'a> {
    fn new(files: &'a Files, label: &'a Label) -> Self {
        Self {
            file: files.name(label.span.file),
            range: WireRange::new(files, label.span),
            text: &label.text,
        }
    }
}

impl WireRange {
    fn new(files: &Files, span: Span) -> Self {
        let position = |offset: u32| {
            let position = files.line_column(span.file, offset);
            WirePosition {
                line: position.line,
                column: position.column,
                offset,
            }
        };
        Self {
            start: position(span.start),
            end: position(span.end),
        }
    }
}

impl<'a> WireFix<'a> {
    fn new(files: &'a Files, fix: &'a Fix) -> Self {
        Self {
            title: &fix.title,
            applicability: fix.applicability.word(),
            edits: fix
                .edits
                .iter()
                .map(|edit| WireEdit {
                    file: files.name(edit.span.file),
                    range: WireRange::new(files, edit.span),
                    replacement: &edit.replacement,
                })
                .collect(),
        }
    }
}
