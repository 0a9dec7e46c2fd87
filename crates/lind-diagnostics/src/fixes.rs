//! Applying fixes to a text.

use crate::{Edit, FileId, Fix};

/// The fixes that can be made together: in the given order, each one whose edits do not overlap
/// with those already taken, in any file.
///
/// Two insertions at one place overlap, since their order would be a guess. Applying the rest in a
/// second run, after a new check, is always right.
#[must_use]
pub fn compatible_fixes<'a>(fixes: &[&'a Fix]) -> Vec<&'a Fix> {
    let mut taken: Vec<&Fix> = Vec::new();
    let mut edits: Vec<&Edit> = Vec::new();
    for fix in fixes {
        let clashes_within = fix.edits.iter().enumerate().any(|(index, edit)| {
            fix.edits
                .iter()
                .skip(index + 1)
                .any(|other| overlap(edit, other))
        });
        let clashes = fix
            .edits
            .iter()
            .any(|edit| edits.iter().any(|other| overlap(edit, other)));
        if !clashes && !clashes_within {
            edits.extend(&fix.edits);
            taken.push(fix);
        }
    }
    taken
}

fn overlap(left: &Edit, right: &Edit) -> bool {
    let (a, b) = (left.span, right.span);
    a.file == b.file
        && if a.is_empty() && b.is_empty() {
            a.start == b.start
        } else {
            // An insertion at the edge of a replacement is clear, inside it is not.
            a.start < b.end && b.start < a.end
        }
}

/// The text of `file` with the fixes made that can be made together.
///
/// A fix is made whole or not at all; given the same list, every file of a fix over several files
/// takes or leaves it alike. Edits that do not fit the text (behind its end, inside a character)
/// are left out.
#[must_use]
pub fn apply_fixes(text: &str, fixes: &[&Fix], file: FileId) -> String {
    let mut edits: Vec<&Edit> = compatible_fixes(fixes)
        .into_iter()
        .flat_map(|fix| &fix.edits)
        .filter(|edit| edit.span.file == file)
        .collect();
    // An insertion goes before the replacement that begins at the same place.
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));

    let mut fixed = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits {
        let (Ok(start), Ok(end)) = (
            usize::try_from(edit.span.start),
            usize::try_from(edit.span.end),
        ) else {
            continue;
        };
        let (Some(before), Some(_)) = (text.get(copied..start), text.get(start..end)) else {
            continue;
        };
        fixed.push_str(before);
        fixed.push_str(&edit.replacement);
        copied = end;
    }
    fixed.push_str(text.get(copied..).unwrap_or(""));
    fixed
}
