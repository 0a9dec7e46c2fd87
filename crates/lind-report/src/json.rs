//! JSON in which nothing acts on a terminal.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use crate::plain::is_active;

/// A value as JSON in one line, without a line break at its end.
pub(crate) fn line(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Escaping);
    let written = value.serialize(&mut serializer);
    match (written, String::from_utf8(bytes)) {
        (Ok(()), Ok(json)) => json,
        // Neither can happen: the wire types have no map and no number that JSON lacks. If it did, a reader
        // must not take it for a verdict.
        _ => "{\"error\":\"this could not be written as JSON\"}".to_owned(),
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
        while let Some((index, active)) = rest.char_indices().find(|&(_, c)| is_active(c)) {
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

#[cfg(test)]
mod tests {
    #[test]
    fn active_characters_are_escaped_and_read_back() {
        let json = super::line(&"P\u{9b}07 \u{202e} \u{1f600}");
        assert_eq!(json, "\"P\\u009b07 \\u202e \u{1f600}\"");
        let back: String = serde_json::from_str(&json).unwrap_or_default();
        assert_eq!(back, "P\u{9b}07 \u{202e} \u{1f600}");
    }
}
