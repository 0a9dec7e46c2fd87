//! Messages about where lines stand. One slip of indentation makes many lines look wrong, so an item gets
//! one such message, and what follows from it says nothing.

use lind_diagnostics::{Applicability, Diagnostic, Edit, FileId, Span};

use super::Parser;
use crate::grammar::reads_well;
use crate::layout::Line;
use crate::place::Place;
use crate::rules;

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
        // A word is broken in two only by accident, and then one half or the other cannot be read.
        let glues: &[&str] = if refused { &[" ", ""] } else { &[" "] };
        let Some(glue) = glues.iter().find(reads) else {
            return false;
        };
        let span = line.span(self.file);
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
        self.structure_in_doubt = true;
        true
    }

    /// Gives a message about where a line stands, the first one of its item.
    pub(super) fn doubt(&mut self, diagnostic: Diagnostic) {
        if self.explained == Some(diagnostic.primary.span.start) {
            return;
        }
        if !std::mem::replace(&mut self.structure_in_doubt, true) {
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
        let settled = shift_to(
            self.file,
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
        self.doubt(if settled && line.children.len() == 1 {
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
fn shift_to(file: FileId, lines: &[Line], from: usize, to: usize, edits: &mut Vec<Edit>) -> bool {
    lines.iter().all(|line| {
        let column = (line.column + to).saturating_sub(from);
        let width = u32::try_from(line.column).unwrap_or(u32::MAX);
        edits.push(Edit::new(
            Span::new(file, line.start.saturating_sub(width), line.start),
            " ".repeat(column),
        ));
        !line.unsettled
            && line.ragged.is_none()
            && line.physical.len() == 1
            && edits.len() <= 40
            && shift_to(file, &line.children, from, to, edits)
    })
}
