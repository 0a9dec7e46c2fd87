//! Texts in UTF-8, and in Windows-1252.

use std::borrow::Cow;

use crate::settings::Encoding;

/// What Windows-1252 has at 0x80 to 0x9F. Five places are not used; they stay what they are.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Reads texts, and counts those whose encoding was guessed.
#[derive(Debug)]
pub(crate) struct Decoder {
    encoding: Encoding,
    pub(crate) guessed: u64,
}

impl Decoder {
    pub(crate) fn new(encoding: Encoding) -> Self {
        Decoder {
            encoding,
            guessed: 0,
        }
    }

    pub(crate) fn decode<'b>(&mut self, bytes: &'b [u8]) -> Cow<'b, str> {
        if self.encoding == Encoding::Windows1252 {
            return windows_1252(bytes);
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => {
                self.guessed = self.guessed.saturating_add(1);
                windows_1252(bytes)
            }
        }
    }
}

/// Every byte is a character.
pub(crate) fn windows_1252(bytes: &[u8]) -> Cow<'_, str> {
    if bytes.is_ascii()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Cow::Borrowed(text);
    }
    let character = |byte: &u8| match byte {
        0x80..=0x9F => UPPER
            .get(usize::from(byte - 0x80))
            .copied()
            .unwrap_or(char::REPLACEMENT_CHARACTER),
        byte => char::from(*byte),
    };
    Cow::Owned(bytes.iter().map(character).collect())
}
