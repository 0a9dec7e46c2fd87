//! One physical line, character by character: where its comment begins, which quotes stay open, and
//! which characters stand there that nobody can see or that only look right.
//!
//! What can be read in spite of such a character is repaired in place, byte for byte, so that the line
//! keeps its offsets and gets one message instead of two.

/// What a scan of one line's content found. All offsets are bytes from the beginning of the content.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// Where the code ends: the comment, or the end of the line.
    pub(crate) code_end: usize,
    /// Where a comment begins.
    pub(crate) comment: Option<usize>,
    /// The comment begins with `//`, `/*` or `--` instead of `#`.
    pub(crate) foreign_comment: bool,
    /// A quote that never closes.
    pub(crate) open_quote: Option<OpenQuote>,
    /// Characters that cannot be seen.
    pub(crate) unseen: Vec<(usize, char)>,
    /// Quotes that curl, in pairs.
    pub(crate) curly: Vec<CurlyPair>,
}

/// A quote that never closes on its line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenQuote {
    /// Where it opens.
    pub(crate) at: usize,
    /// A curly quote further on that was perhaps meant to close it.
    pub(crate) curly_end: Option<(usize, char)>,
}

/// A text between quotes of which at least one curls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CurlyPair {
    pub(crate) open: (usize, char),
    pub(crate) close: (usize, char),
}

/// Whether a character is taken for a double quote by people, but not by Lind.
pub(crate) fn is_curly(c: char) -> bool {
    matches!(
        c,
        '\u{201c}'
            | '\u{201d}'
            | '\u{201e}'
            | '\u{201f}'
            | '\u{ab}'
            | '\u{bb}'
            | '\u{2033}'
            | '\u{ff02}'
    )
}

/// A character that cannot be seen: what it is, and what stands for it.
pub(crate) struct Unseen {
    pub(crate) name: &'static str,
    /// It takes up room, so a blank stands for it; else it is left out.
    pub(crate) blank: bool,
    /// Not even a quoted text or a comment may hold it: it makes the line look other than it is.
    pub(crate) deceives: bool,
}

/// What is known of a character that cannot be seen; none for every other character.
pub(crate) fn unseen(c: char) -> Option<Unseen> {
    let (name, blank, deceives) = match c {
        '\u{a0}' => ("a no-break space", true, false),
        '\u{202f}' => ("a narrow no-break space", true, false),
        '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{205f}' => ("a typographic space", true, false),
        '\u{3000}' => ("an ideographic space", true, false),
        '\u{200b}' => ("a zero-width space", false, false),
        '\u{200c}' | '\u{200d}' | '\u{2060}' => ("a zero-width joiner", false, false),
        '\u{feff}' => ("a byte order mark", false, false),
        '\u{ad}' => ("a soft hyphen", false, false),
        '\u{61c}' | '\u{200e}' | '\u{200f}' => ("a mark of writing direction", false, false),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            ("a mark that turns the writing direction", false, true)
        }
        '\u{2028}' | '\u{2029}' | '\u{85}' => ("a line separator", true, true),
        '\r' => ("a carriage return", true, true),
        '\t' | '\n' => return None,
        c if c.is_control() => ("a control character", true, true),
        _ => return None,
    };
    Some(Unseen {
        name,
        blank,
        deceives,
    })
}

/// Where the scan stands.
enum State {
    Code,
    Text {
        opened: usize,
        escaped: bool,
    },
    Curly {
        opened: (usize, char),
        closer: usize,
    },
    Comment,
}

/// Scans the content of a line: everything behind its indentation.
pub(crate) fn scan(content: &str) -> Scan {
    scan_from(content, State::Code)
}

/// Scans a line in which a text goes on that a line above it opened.
pub(crate) fn scan_inside_text(content: &str) -> Scan {
    scan_from(
        content,
        State::Text {
            opened: 0,
            escaped: false,
        },
    )
}

/// Whether the quote that a line is left open with closes a text rather than opens one: it follows upon
/// a word, and what is before it could have begun on a line above.
pub(crate) fn closes_text_from_above(content: &str) -> bool {
    match scan(content).open_quote {
        Some(open) => {
            content
                .get(..open.at)
                .is_some_and(|before| before.ends_with(|c: char| !c.is_whitespace()))
                && scan_inside_text(content).open_quote.is_none()
        }
        None => false,
    }
}

fn scan_from(content: &str, mut state: State) -> Scan {
    let mut scan = Scan {
        code_end: content.len(),
        ..Scan::default()
    };
    let mut before = ' ';
    for (at, c) in content.char_indices() {
        if let Some(character) = unseen(c)
            && (character.deceives || matches!(state, State::Code))
        {
            scan.unseen.push((at, c));
        }
        state = match state {
            State::Code if c == '"' => State::Text {
                opened: at,
                escaped: false,
            },
            State::Code if is_curly(c) => match closing_curly(content, at + c.len_utf8()) {
                Some(closer) => State::Curly {
                    opened: (at, c),
                    closer,
                },
                None => State::Code,
            },
            State::Code if c == '#' || foreign(content, at, before) => {
                scan.code_end = at;
                scan.comment = Some(at);
                scan.foreign_comment = c != '#';
                State::Comment
            }
            State::Text {
                opened,
                escaped: true,
            } => State::Text {
                opened,
                escaped: false,
            },
            State::Text { opened, .. } if c == '\\' => State::Text {
                opened,
                escaped: true,
            },
            State::Text { .. } if c == '"' => State::Code,
            State::Curly { opened, closer } if closer == at => {
                scan.curly.push(CurlyPair {
                    open: opened,
                    close: (at, c),
                });
                State::Code
            }
            other => other,
        };
        before = c;
    }
    if let State::Text { opened, .. } = state {
        let curly_end = content
            .get(opened..)
            .and_then(|rest| rest.char_indices().rev().find(|(_, c)| is_curly(*c)));
        scan.open_quote = Some(OpenQuote {
            at: opened,
            curly_end: curly_end.map(|(at, c)| (opened + at, c)),
        });
    }
    scan
}

/// The quote that closes a curly one: the next curly one, else the next straight one.
fn closing_curly(content: &str, from: usize) -> Option<usize> {
    let rest = content.get(from..)?;
    rest.find(is_curly)
        .or_else(|| rest.find('"'))
        .map(|at| from + at)
}

/// Whether a comment in the manner of other languages begins here. `/` belongs to units, so it must
/// stand at the beginning of the line or behind a blank. `-` belongs to numbers and ranges.
fn foreign(content: &str, at: usize, before: char) -> bool {
    let rest = content.get(at..).unwrap_or_default();
    before.is_whitespace() && (rest.starts_with("//") || rest.starts_with("/*"))
        || at == 0 && rest.starts_with("--")
}

impl Scan {
    /// Whether the line holds something that a message is due for.
    pub(crate) fn is_suspect(&self) -> bool {
        self.foreign_comment
            || self.open_quote.is_some()
            || !self.unseen.is_empty()
            || !self.curly.is_empty()
    }

    /// The code with everything repaired that can be read, as long as the code as written (one byte
    /// longer where an open quote is closed).
    pub(crate) fn repaired(&self, content: &str) -> String {
        let code = content.get(..self.code_end).unwrap_or(content);
        let mut repaired = String::with_capacity(code.len() + 1);
        // Bytes of left-out characters, paid back as blanks behind the word they stood in.
        let mut owed = 0;
        for (at, c) in code.char_indices() {
            if let Some(pair) = self
                .curly
                .iter()
                .find(|pair| pair.open.0 == at || pair.close.0 == at)
            {
                // A curly quote has three bytes: the blanks go outside the text.
                let padding = " ".repeat(c.len_utf8().saturating_sub(1));
                if pair.open.0 == at {
                    repaired.push_str(&padding);
                    repaired.push('"');
                } else {
                    repaired.push('"');
                    repaired.push_str(&padding);
                }
                continue;
            }
            match unseen(c).filter(|_| self.unseen.binary_search_by_key(&at, |(at, _)| *at).is_ok())
            {
                Some(character) if character.blank => {
                    repaired.push_str(&" ".repeat(c.len_utf8() + std::mem::take(&mut owed)))
                }
                Some(_) => owed += c.len_utf8(),
                None => {
                    if owed > 0 && (c.is_whitespace() || c == '"') {
                        repaired.push_str(&" ".repeat(std::mem::take(&mut owed)));
                    }
                    repaired.push(c);
                }
            }
        }
        repaired.truncate(repaired.trim_end().len());
        if self.open_quote.is_some() {
            repaired.push('"');
        }
        repaired
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "tests fail by panicking"
    )]
    use super::scan;

    #[test]
    fn a_comment_begins_outside_quotes_only() {
        let content = "title \"a # b\"  # c";
        assert_eq!(scan(content).comment, Some(15));
        assert_eq!(scan("title \"a // b\"").comment, None);
    }

    #[test]
    fn a_slash_belongs_to_units() {
        assert_eq!(scan("anc >= 1000 /uL").comment, None);
        assert_eq!(scan("creatinine_clearance >= 50 mL/min//x").comment, None);
        let scanned = scan("anc >= 1000 /uL // neutrophils");
        assert!(scanned.foreign_comment);
        assert_eq!(scanned.code_end, 16);
    }

    #[test]
    fn repairs_keep_the_offsets() {
        for content in [
            "title \u{201c}abc\u{201d} x",
            "anc\u{a0}>= 1000 /uL",
            "preg\u{200b}nancy is x",
            "\u{ab}x\u{bb}",
        ] {
            let scanned = scan(content);
            assert!(scanned.is_suspect());
            let repaired = scanned.repaired(content);
            assert!(repaired.is_ascii());
            let last = content.rsplit(' ').next().unwrap();
            if last.is_ascii() {
                assert_eq!(repaired.len(), content.len());
                assert_eq!(&repaired[repaired.len() - last.len()..], last);
            }
        }
    }

    #[test]
    fn an_open_quote_is_closed_at_the_end_of_its_line() {
        let scanned = scan("title \"abc  ");
        assert_eq!(scanned.repaired("title \"abc  "), "title \"abc\"");
    }

    #[test]
    fn quoted_text_may_hold_typographic_spaces_but_nothing_that_deceives() {
        assert!(!scan("title \"45\u{a0}%\"").is_suspect());
        assert!(scan("title \"\u{202e}45\"").is_suspect());
        assert!(scan("anc  # \u{202e}").is_suspect());
    }
}
