//! Findings as SARIF 2.1.0, the format of code scanning.
//!
//! Source: OASIS, Static Analysis Results Interchange Format (SARIF) version 2.1.0.

use std::collections::BTreeMap;

use lind_diagnostics::{Files, Label, Rule, Severity, Span};
use serde_json::{Value, json};

use crate::reported::Reported;

/// A log of one run. Findings that a person accepted are suppressed, with the reason.
#[must_use]
pub fn to_sarif(files: &Files, reported: &[Reported<'_>], version: &str) -> String {
    let mut rules: BTreeMap<&str, &'static Rule> = BTreeMap::new();
    for own in reported {
        rules.insert(own.diagnostic.rule.code, own.diagnostic.rule);
    }
    let places: BTreeMap<&str, usize> = rules.keys().copied().zip(0..).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "lind",
                    "semanticVersion": version,
                    "rules": rules.values().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
                }
            },
            "columnKind": "unicodeCodePoints",
            "results": reported
                .iter()
                .map(|own| result(files, own, &places))
                .collect::<Vec<_>>(),
        }],
    });
    log.to_string()
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.summary },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn result(files: &Files, own: &Reported<'_>, places: &BTreeMap<&str, usize>) -> Value {
    let diagnostic = own.diagnostic;
    let mut text = diagnostic.message.clone();
    for note in &diagnostic.notes {
        text.push('\n');
        text.push_str(note);
    }
    let mut result = json!({
        "ruleId": diagnostic.rule.code,
        "ruleIndex": places.get(diagnostic.rule.code),
        "level": level(diagnostic.severity),
        "message": { "text": text },
        "locations": [location(files, &diagnostic.primary, None)],
        "relatedLocations": diagnostic
            .secondary
            .iter()
            .zip(1_usize..)
            .map(|(label, id)| location(files, label, Some(id)))
            .collect::<Vec<_>>(),
        "partialFingerprints": { "lindMeaning/v1": own.fingerprint(files) },
    });
    if let (Some(because), Some(fields)) = (own.accepted, result.as_object_mut()) {
        fields.insert(
            "suppressions".to_owned(),
            json!([{ "kind": "external", "status": "accepted", "justification": because }]),
        );
    }
    result
}

fn location(files: &Files, label: &Label, id: Option<usize>) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(files.name(label.span.file)) },
            "region": region(files, label.span),
        },
    });
    if let Some(fields) = location.as_object_mut() {
        if let Some(id) = id {
            fields.insert("id".to_owned(), json!(id));
        }
        if !label.text.is_empty() {
            fields.insert("message".to_owned(), json!({ "text": label.text }));
        }
    }
    location
}

fn region(files: &Files, span: Span) -> Value {
    let start = files.line_column(span.file, span.start);
    let end = files.line_column(span.file, span.end);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// A path as a reference relative to the root of the repository, with what has a meaning in such a reference escaped.
fn uri(name: &str) -> String {
    let mut uri = String::with_capacity(name.len());
    for byte in name.replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
