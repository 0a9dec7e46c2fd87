//! Applying fixes to a text.

use std::collections::BTreeSet;

use crate::{Edit, FileId, Fix, Span};

/// The fixes that can be made together: in the given order, each one whose edits do not overlap
/// with each other nor with those already taken, in any file.
///
/// Two insertions at one place overlap, since their order would be a guess. What is left out can be
/// offered again by a new check of the fixed text.
#[must_use]
pub fn compatible_fixes<'a>(fixes: &[&'a Fix]) -> Vec<&'a Fix> {
    let mut taken = BTreeSet::new();
    fixes
        .iter()
        .copied()
        .filter(|fix| take(&mut taken, fix))
        .collect()
}

/// Adds the places of a fix to those taken, unless one of them overlaps; then adds none.
fn take(taken: &mut BTreeSet<Place>, fix: &Fix) -> bool {
    let mut added = Vec::new();
    for edit in &fix.edits {
        let place = place(edit);
        if overlaps_any(taken, place) {
            for place in added {
                taken.remove(&place);
            }
            return false;
        }
        taken.insert(place);
        added.push(place);
    }
    true
}

/// File, start and end of an edit.
type Place = (FileId, u32, u32);

fn place(edit: &Edit) -> Place {
    let Span { file, start, end } = edit.span;
    (file, start, end.max(start))
}

/// Whether a place overlaps one of `taken`, which do not overlap each other.
fn overlaps_any(taken: &BTreeSet<Place>, (file, start, end): Place) -> bool {
    // Apart from each other, the taken places lie in the order of their ends too, so the search
    // can stop at the first one that ends before this place begins.
    taken
        .range((file, 0, 0)..=(file, end, u32::MAX))
        .rev()
        .take_while(|&&(_, _, other_end)| start <= other_end)
        .any(|&(_, other_start, other_end)| {
            if start == end && other_start == other_end {
                start == other_start
            } else {
                // An insertion at the edge of a replacement is clear, inside it is not.
                start < other_end && other_start < end
            }
        })
}

/// The text of `file` with the fixes made that can be made together.
///
/// A fix is made whole or not at all: given the same list, every file of a fix over several files
/// takes it or leaves it alike. A fix with an edit that does not fit this text (behind its end, or
/// inside a character) is not made in it.
#[must_use]
pub fn apply_fixes(text: &str, fixes: &[&Fix], file: FileId) -> String {
    let mut edits: Vec<(usize, usize, &str)> = compatible_fixes(fixes)
        .into_iter()
        .filter_map(|fix| edits_in(text, fix, file))
        .flatten()
        .collect();
    // An insertion goes before the replacement that begins at the same place.
    edits.sort_unstable_by_key(|&(start, end, _)| (start, end));

    let mut fixed = String::with_capacity(text.len());
    let mut copied = 0;
    for (start, end, replacement) in edits {
        fixed.push_str(text.get(copied..start).unwrap_or(""));
        fixed.push_str(replacement);
        copied = end;
    }
    fixed.push_str(text.get(copied..).unwrap_or(""));
    fixed
}

/// The edits of a fix in one file, or `None` if one of them does not fit the text.
fn edits_in<'a>(text: &str, fix: &'a Fix, file: FileId) -> Option<Vec<(usize, usize, &'a str)>> {
    fix.edits
        .iter()
        .filter(|edit| edit.span.file == file)
        .map(|edit| {
            let (_, start, end) = place(edit);
            let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
            text.get(start..end)?;
            Some((start, end, edit.replacement.as_str()))
        })
        .collect()
}
