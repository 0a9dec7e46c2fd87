//! The physical lines of a file: indentation, code and comment, and a message for every character that
//! cannot be seen, curls or begins a comment that is none.

use lind_diagnostics::{Applicability, Diagnostic, Edit, FileId, Span};

use crate::layout::length;
use crate::rules;
use crate::scan::{OpenQuote, Scan, closes_text_from_above, scan, scan_inside_text, unseen};

/// Bytes in one logical line.
pub(crate) const LONGEST: usize = 8 * 1024;
/// Lines over which a text in quotes is followed.
const LONGEST_TEXT: usize = 4;
/// How many columns a tab may fill; every level of tabs is then deeper than the one before.
const TAB: usize = 2;

/// One line of the file.
#[derive(Debug)]
pub(crate) struct Physical {
    /// The offset of its content: everything behind the indentation.
    pub(crate) start: u32,
    /// The column of the content, with tabs counted as two.
    pub(crate) column: usize,
    /// The indentation.
    pub(crate) indentation: Span,
    /// The code, repaired where that is possible; none on blank lines and comments.
    pub(crate) code: Option<String>,
    /// The code as written, without trailing blanks.
    pub(crate) written: Span,
    /// The comment as written, without trailing blanks.
    pub(crate) comment: Option<Span>,
    /// Where the line ends, blanks included, its line break not.
    pub(crate) end: u32,
    /// It goes on with a text in quotes that a line above it opened.
    pub(crate) continues_text: bool,
    /// It has its message and cannot be parsed.
    pub(crate) broken: bool,
    /// It has its message and was repaired.
    pub(crate) suspect: bool,
    /// Its indentation holds characters that cannot be seen.
    pub(crate) hidden_indentation: bool,
    /// Tabs indent it.
    pub(crate) tab_indentation: bool,
    /// Tabs and blanks together indent its block, so that the structure depends on the width of a tab.
    pub(crate) mixed_indentation: bool,
}

impl Physical {
    /// Whether its indentation does not tell where it belongs.
    pub(crate) fn unsettled(&self) -> bool {
        self.mixed_indentation || self.hidden_indentation
    }
}

/// The lines of a file.
pub(crate) fn physical_lines(
    file: FileId,
    text: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Physical> {
    let mut lines: Vec<Physical> = Vec::new();
    let mut offset = 0u32;
    let mut tabs: Vec<(Span, usize)> = Vec::new();
    let mut rest = text.split_inclusive('\n');
    // How many lines a text goes on over that was opened on a line above.
    let mut inside_text = 0usize;
    while let Some(raw) = rest.next() {
        let mut line_start = offset;
        offset = offset.saturating_add(length(raw));
        // Blanks at the end of a line, of whatever sort, harm nobody.
        let mut line = raw.trim_end();
        if line_start == 0
            && let Some(rest) = line.strip_prefix('\u{feff}')
        {
            // Some editors begin every file with this mark; there it means nothing.
            line_start = length("\u{feff}");
            line = rest;
        }
        let content = line.trim_start_matches(|c| c == ' ' || c == '\t' || unseen(c).is_some());
        let leading = line.strip_suffix(content).unwrap_or_default();
        let start = line_start.saturating_add(length(leading));
        let continues_text = inside_text > 0;
        inside_text = inside_text.saturating_sub(1);
        let scanned = match (continues_text, inside_text) {
            (false, _) => scan(content),
            (true, 0) => scan_inside_text(content),
            // The middle of a text: nothing in it means anything.
            (true, _) => Scan {
                code_end: content.len(),
                ..Scan::default()
            },
        };
        let written = content
            .get(..scanned.code_end)
            .unwrap_or(content)
            .trim_end();
        let place = |from: usize, to: usize| {
            Span::new(
                file,
                start.saturating_add(offset_of(from)),
                start.saturating_add(offset_of(to)),
            )
        };
        let comment = scanned
            .comment
            .map(|at| place(at, content.trim_end().len()));
        let mut physical = Physical {
            start,
            column: columns(leading),
            indentation: Span::new(file, line_start, start),
            code: None,
            written: place(0, written.len()),
            comment,
            end: line_start.saturating_add(length(raw.trim_end_matches(['\n', '\r']))),
            continues_text: false,
            broken: false,
            suspect: false,
            tab_indentation: false,
            hidden_indentation: false,
            mixed_indentation: false,
        };
        if content.is_empty() {
            // Nothing can go wrong on a blank line, whatever it is made of.
            lines.push(physical);
            continue;
        }
        let hidden: Vec<(u32, char)> = characters(leading, line_start)
            .chain(
                scanned
                    .unseen
                    .iter()
                    .map(|(at, c)| (start.saturating_add(offset_of(*at)), *c)),
            )
            .collect();
        let in_code = !written.is_empty();
        if in_code && written.len() > LONGEST {
            diagnostics.push(too_long(file, start, "this line is"));
            physical.broken = true;
            physical.code = Some(written.chars().take(200).collect());
            lines.push(physical);
            continue;
        }
        physical.suspect = scanned.is_suspect() || !hidden.is_empty() || continues_text;
        physical.continues_text = continues_text;
        physical.hidden_indentation = leading.contains(|c| unseen(c).is_some());
        if let Some(open) = scanned.open_quote.filter(|_| !continues_text)
            && let Some(count) = text_goes_on(rest.clone())
        {
            inside_text = count;
            let next = rest.clone().next().unwrap_or_default();
            let gap = Span::new(
                file,
                physical.written.end,
                offset
                    .saturating_add(length(next))
                    .saturating_sub(length(next.trim_start())),
            );
            let finding = text_over_lines(
                file,
                start.saturating_add(offset_of(open.at)),
                physical.written,
            );
            diagnostics.push(if count == 1 {
                finding.suggest("join the two lines", gap, " ")
            } else {
                finding
            });
            physical.code = Some(written.to_owned());
            lines.push(physical);
            continue;
        }
        findings(file, start, content, &scanned, diagnostics);
        diagnostics.extend(unseen_finding(file, start, &hidden));
        if in_code {
            if leading.contains('\t') {
                physical.tab_indentation = true;
                physical.mixed_indentation = leading.contains(' ');
                tabs.push((physical.indentation, physical.column));
            }
            physical.code = Some(if scanned.is_suspect() {
                scanned.repaired(content)
            } else {
                written.to_owned()
            });
        }
        lines.push(physical);
    }
    diagnostics.extend(tab_finding(&mut lines, &tabs));
    lines
}

fn offset_of(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// The column behind an indentation.
fn columns(leading: &str) -> usize {
    leading.chars().fold(0usize, |column, c| match c {
        '\t' => column / TAB * TAB + TAB,
        ' ' => column + 1,
        // It goes back to the first column, so nobody sees room before it.
        '\r' => column,
        c => column + usize::from(unseen(c).is_some_and(|character| character.blank)),
    })
}

/// The characters of an indentation that cannot be seen, with their offsets.
fn characters(leading: &str, start: u32) -> impl Iterator<Item = (u32, char)> {
    leading
        .char_indices()
        .filter(|(_, c)| unseen(*c).is_some())
        .map(move |(at, c)| (start.saturating_add(offset_of(at)), c))
}

/// The message for a line or a list of lines that no one wrote by hand.
pub(crate) fn too_long(file: FileId, start: u32, which: &str) -> Diagnostic {
    Diagnostic::new(&rules::E0109_LINE_TOO_LONG, Span::new(file, start, start.saturating_add(40)), format!("{which} longer than {LONGEST} bytes"))
        .label("begins here; not read")
        .note("a list can go on in the next line behind a comma; a long text can be split into several notes")
}

/// One message for all tabs of a file, with one fix for them all.
fn tab_finding(lines: &mut [Physical], tabs: &[(Span, usize)]) -> Option<Diagnostic> {
    let (first, _) = *tabs.first()?;
    // Beside lines that blanks indent, a tab has no width: which lines belong together is a guess.
    let mixed = mark_mixed_blocks(lines);
    let edits = tabs
        .iter()
        .map(|(span, column)| Edit::new(*span, " ".repeat(*column)))
        .collect();
    let (message, applicability) = if mixed {
        (
            "tabs and blanks are mixed in the indentation of this block",
            Applicability::NeedsReview,
        )
    } else {
        ("this line is indented with a tab", Applicability::Safe)
    };
    let label = match tabs.len() {
        1 => "a tab".to_owned(),
        more => format!("a tab; {more} lines of this file begin with one"),
    };
    Some(
        Diagnostic::new(&rules::E0101_TAB_INDENTATION, first, message)
            .label(label)
            .note("editors show tabs in different widths, so two people would see two structures")
            .fix_edits(
                if tabs.len() == 1 {
                    "write blanks"
                } else {
                    "write blanks in all of them"
                },
                edits,
                applicability,
            ),
    )
}

/// Marks the lines of every block (from one unindented line to the next) that tabs as well as blanks
/// indent, and says whether there is one.
fn mark_mixed_blocks(lines: &mut [Physical]) -> bool {
    let mut any = false;
    for block in lines.chunk_by_mut(|_, next| next.code.is_none() || next.column > 0) {
        let indented = || {
            block
                .iter()
                .filter(|line| line.code.is_some() && line.column > 0)
        };
        let tabs = indented().filter(|line| line.tab_indentation).count();
        if block.iter().any(|line| line.mixed_indentation) || tabs > 0 && tabs < indented().count()
        {
            any = true;
            for line in block {
                line.mixed_indentation = true;
            }
        }
    }
    any
}

/// Over how many of the next lines a text goes on that is not closed on its own; none if it seems that
/// only its closing quote was forgotten.
fn text_goes_on<'t>(after: impl Iterator<Item = &'t str>) -> Option<usize> {
    for (index, line) in after.take(LONGEST_TEXT).enumerate() {
        let content = line.trim();
        if closes_text_from_above(content) {
            return Some(index + 1);
        }
        if content.is_empty() || content.contains('"') {
            return None;
        }
    }
    None
}

fn text_over_lines(file: FileId, open: u32, line: Span) -> Diagnostic {
    Diagnostic::new(
        &rules::E0107_UNCLOSED_QUOTE,
        Span::new(file, open, line.end),
        "this text in quotes goes on in the next line",
    )
    .label("opens here and is not closed on its line")
    .note("a text stands on one line; a long one may be as long as it needs")
}

/// The messages for what a scan found in one line, but for unseen characters.
fn findings(
    file: FileId,
    start: u32,
    content: &str,
    scan: &Scan,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let place = |from: usize, to: usize| {
        Span::new(
            file,
            start.saturating_add(offset_of(from)),
            start.saturating_add(offset_of(to)),
        )
    };
    if let Some(open) = scan.open_quote {
        diagnostics.push(open_quote(open, content, &place));
        return;
    }
    if let (Some(first), Some(last)) = (scan.curly.first(), scan.curly.last()) {
        let mut edits = Vec::new();
        let mut nested = false;
        for pair in &scan.curly {
            for (at, c) in [pair.open, pair.close] {
                edits.push(Edit::new(place(at, at + c.len_utf8()), "\""));
            }
            nested |= content
                .get(pair.open.0 + pair.open.1.len_utf8()..pair.close.0)
                .is_some_and(|text| text.contains('"'));
        }
        let whole = place(first.open.0, last.close.0 + last.close.1.len_utf8());
        let diagnostic = Diagnostic::new(&rules::E0112_CURLY_QUOTE, place(first.open.0, first.open.0 + first.open.1.len_utf8()), format!("`{}` is no straight quote", first.open.1))
            .label("a text begins and ends with `\"`")
            .note("word processors write curly quotes; switch that off, or write the text in a plain editor");
        let diagnostic = if scan.curly.len() > 1 {
            diagnostic.also(whole, "curly quotes up to here")
        } else {
            diagnostic
        };
        diagnostics.push(if nested {
            diagnostic
        } else {
            diagnostic.fix_edits("write straight quotes", edits, Applicability::Safe)
        });
    } else if let Some(at) = scan.comment
        && scan.foreign_comment
    {
        let span = place(at, at + 2);
        let written = content.get(at..at + 2).unwrap_or("//");
        let after = content.get(at + 2..).unwrap_or_default();
        let diagnostic = Diagnostic::new(
            &rules::E0113_FOREIGN_COMMENT,
            span,
            format!("`{written}` begins no comment here"),
        )
        .label("a comment begins with `#`")
        .note("`/` belongs to units, as in `1000 /uL`");
        let block_end = after
            .trim_end()
            .len()
            .checked_sub(2)
            .filter(|_| written == "/*" && after.trim_end().ends_with("*/"));
        diagnostics.push(match block_end {
            Some(end) => {
                let edits = vec![
                    Edit::new(span, "#"),
                    Edit::new(place(at + 2 + end, at + 4 + end), ""),
                ];
                diagnostic.fix_edits("write `#`", edits, Applicability::Safe)
            }
            None if after.is_empty() || after.starts_with(' ') || at == 0 => {
                diagnostic.fix("write `#`", span, "#")
            }
            None => diagnostic.suggest("write `#`", span, "#"),
        });
    }
}

fn open_quote(open: OpenQuote, content: &str, place: &impl Fn(usize, usize) -> Span) -> Diagnostic {
    let end = content.trim_end().len();
    let diagnostic = Diagnostic::new(
        &rules::E0107_UNCLOSED_QUOTE,
        place(open.at, end),
        "this text in quotes is not closed on its line",
    )
    .label("opens here");
    match open.curly_end {
        Some((at, c)) => diagnostic
            .note(format!(
                "`{c}` closes nothing: a text that begins with `\"` ends with `\"`"
            ))
            .suggest(
                format!("write `\"` for `{c}`"),
                place(at, at + c.len_utf8()),
                "\"",
            ),
        None => diagnostic.suggest(
            "close the text at the end of the line",
            place(end, end),
            "\"",
        ),
    }
}

/// The message for characters of one line that cannot be seen; its content begins at `start`.
fn unseen_finding(file: FileId, start: u32, hidden: &[(u32, char)]) -> Option<Diagnostic> {
    let (at, c) = *hidden.first()?;
    let first = unseen(c)?;
    let place = |at: u32, c: char| Span::new(file, at, at.saturating_add(offset_of(c.len_utf8())));
    // Carriage returns alone were the line ends of old computers.
    let line_ends = hidden.iter().filter(|(_, c)| *c == '\r').count() > 2;
    let instead = |at: u32, c: char| match c {
        '\r' if line_ends => "\n",
        '\r' if at < start => "",
        c if unseen(c).is_some_and(|character| character.blank) => " ",
        _ => "",
    };
    let edits = hidden
        .iter()
        .map(|(at, c)| Edit::new(place(*at, *c), instead(*at, *c)))
        .collect();
    let title = match instead(at, c) {
        "\n" => "write line breaks",
        " " => "write a blank",
        _ => "leave it out",
    };
    let others = match hidden.len() {
        1 => String::new(),
        2 => ", and another character like it".to_owned(),
        more => format!(", and {} more characters like it", more - 1),
    };
    Some(
        Diagnostic::new(
            &rules::E0111_UNSEEN_CHARACTER,
            place(at, c),
            format!("this line holds {} (U+{:04X}){others}", first.name, u32::from(c)),
        )
        .label("stands here and cannot be seen")
        .note("such characters come with text that is copied from a web page, a PDF or a word processor")
        .fix_edits(title, edits, if line_ends { Applicability::NeedsReview } else { Applicability::Safe }),
    )
}
