//! Messages about where lines stand. One slip of indentation makes many lines look wrong, so an item gets
//! one such message, and what follows from it says nothing.

use lind_diagnostics::{Applicability, Diagnostic, Edit, Span};

use super::Parser;
use crate::expected::short;
use crate::grammar::reads_well;
use crate::layout::Line;
use crate::place::Place;
use crate::rules;
use crate::slips::is_word;

impl<'l> Parser<'l, '_> {
    /// The next line of the file.
    pub(super) fn after(&self, line: &Line) -> Option<&'l Line> {
        self.order
            .get(
                self.order
                    .partition_point(|other| other.start <= line.start),
            )
            .copied()
    }

    /// Gives one message for a line that was broken in two, if that is what two lines are.
    pub(super) fn goes_on(
        &mut self,
        line: &'l Line,
        next: &'l Line,
        place: Place,
        refused: bool,
    ) -> bool {
        let follows = self
            .after(line)
            .is_some_and(|after| after.start == next.start);
        let row = matches!(place, Place::Fields | Place::Rows)
            && !Place::Fields.words().contains(&line.first_word());
        if !follows
            || row
            || next.has_message() && next.ragged.is_none()
            || line.has_message() && line.ragged.is_none()
        {
            return false;
        }
        let reads = |glue: &&&str| {
            let joined = format!("{}{glue}{}", line.text, next.text);
            reads_well(place.rule(), &joined)
        };
        // Where lines begin with words of the language, one that does so begins anew.
        if place.words().contains(&next.first_word()) || next.first_word() == "chosen" {
            return false;
        }
        // A word is broken in two only by accident, and then one half or the other cannot be read.
        let glues: &[&str] = if refused && breaks_word(line, next) {
            &[" ", "", ", "]
        } else {
            &[" ", ", "]
        };
        let Some(glue) = glues.iter().find(reads) else {
            return false;
        };
        let span = line.span(self.file);
        if *glue == ", " {
            let end = Span::at(self.file, span.end);
            self.diagnostics.push(
                Diagnostic::new(
                    &rules::E0103_UNREADABLE_LINE,
                    end,
                    "a comma is missing at the end of this line",
                )
                .label("the list goes on in the next line")
                .also(next.span(self.file), "belongs to the list")
                .suggest("write a comma", end, ","),
            );
            self.explained = Some(next.start);
            self.structure_in_doubt = Some(rules::E0103_UNREADABLE_LINE.code);
            return true;
        }
        let diagnostic = Diagnostic::new(&rules::E0103_UNREADABLE_LINE, next.span(self.file), "this is the end of the line above it")
            .label("does not stand on a line of its own")
            .also(span, "goes on in the next line")
            .note("what belongs together stands on one line, which may be long; only a list goes on in the next line, behind a comma");
        let gap = Span::new(self.file, span.end, next.start);
        let adjacent = line.physical.end == next.physical.start && !line.comment;
        self.diagnostics.push(if adjacent {
            diagnostic.suggest("join the two lines", gap, *glue)
        } else {
            diagnostic
        });
        self.explained = Some(next.start);
        self.structure_in_doubt = Some(rules::E0103_UNREADABLE_LINE.code);
        true
    }

    /// Gives a message about where a line stands, the first one of its item.
    pub(super) fn doubt(&mut self, diagnostic: Diagnostic) {
        if self.explained == Some(diagnostic.primary.span.start) {
            return;
        }
        // Empty lists do not follow from each other.
        let code = diagnostic.rule.code;
        let known = self.structure_in_doubt;
        if known.is_none() || known == Some(code) && diagnostic.rule == &rules::E0106_EMPTY_LIST {
            self.structure_in_doubt = Some(code);
            self.diagnostics.push(diagnostic);
        }
    }

    pub(super) fn empty(&mut self, line: &'l Line, message: &str) {
        if line.has_message() {
            return;
        }
        let diagnostic = Diagnostic::new(&rules::E0106_EMPTY_LIST, line.span(self.file), message)
            .label("expected lines below, indented deeper")
            .note("indentation is structure: what belongs to a line stands below it, two blanks deeper");
        self.doubt(diagnostic);
    }

    /// Nothing may stand below a field that was read just now; below one that could not be read, anything may stand.
    pub(super) fn nothing_below_if_read(&mut self, line: &'l Line, place: Place) {
        if !self.last_refused {
            self.nothing_below(line, place);
        }
    }

    pub(super) fn nothing_below(&mut self, line: &'l Line, place: Place) {
        if let Some(first) = line.children.first() {
            self.wrongly_below(line, first, place, "opens no list");
        }
    }

    /// The message for lines that stand below one that cannot hold them.
    pub(super) fn wrongly_below(
        &mut self,
        line: &'l Line,
        first: &'l Line,
        place: Place,
        why: &str,
    ) {
        if line.has_message() || first.has_message() || self.goes_on(line, first, place, false) {
            return;
        }
        let mut edits = Vec::new();
        let reads = reads_well(place.rule(), &first.text);
        if !reads && place == Place::Body {
            // It gets its own message first.
            self.structure_in_doubt = Some(rules::E0105_NOTHING_BELOW.code);
            return;
        }
        let settled = reads
            && shift_to(
                std::slice::from_ref(first),
                first.column,
                line.column,
                &mut edits,
            );
        let label = if line.children.len() == 1 {
            "does not belong there"
        } else {
            "this line and the next ones do not belong there"
        };
        let diagnostic = Diagnostic::new(
            &rules::E0105_NOTHING_BELOW,
            first.span(self.file),
            "this line is indented below a line that cannot hold it",
        )
        .label(label)
        .also(line.span(self.file), why);
        let label = format!("{}:", line.text);
        let end = Span::at(self.file, line.span(self.file).end);
        self.doubt(if is_name(&line.text) && reads_well(place.rule(), &label) {
            // A name with lines below it was meant as the label of a list.
            diagnostic.suggest(format!("write `{}`", short(&label)), end, ":")
        } else if settled && line.children.len() == 1 {
            diagnostic.fix_edits(
                "indent it like the line above",
                edits,
                Applicability::NeedsReview,
            )
        } else {
            diagnostic
        });
    }
}

/// The edits that move a few lines and those below them from one column to another; false if that
/// cannot be said in a fix.
pub(crate) fn shift_to(lines: &[Line], from: usize, to: usize, edits: &mut Vec<Edit>) -> bool {
    lines.iter().all(|line| {
        let column = (line.column + to).saturating_sub(from);
        edits.push(Edit::new(line.indentation, " ".repeat(column)));
        !line.unsettled
            && line.ragged.is_none()
            && line.physical.len() == 1
            && edits.len() <= 40
            && shift_to(&line.children, from, to, edits)
    })
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// Whether the end of one line and the beginning of the next are the halves of a word of the language.
fn breaks_word(line: &Line, next: &Line) -> bool {
    let first = line
        .text
        .rsplit(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    let second = next
        .text
        .split(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    !first.is_empty() && is_word(&format!("{first}{second}"))
}
