//! Footnotes: marked where they belong, told once at the end.

use crate::html::{Html, anchor};

/// The footnotes of a page or of a part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    prefix: String,
    notes: Vec<Html>,
}

impl Notes {
    /// No notes yet; each collection of a page has a name of its own.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            prefix: anchor(name),
            ..Self::default()
        }
    }

    /// The mark of a note. The same note has the same number wherever it is marked.
    pub fn mark(&mut self, note: Html) -> Html {
        let place = match self.notes.iter().position(|known| *known == note) {
            Some(place) => place,
            None => {
                self.notes.push(note);
                self.notes.len() - 1
            }
        };
        let number = place + 1;
        Html::made(format!(
            "<sup><a href=\"#{}-{number}\" aria-label=\"note {number}\">{number}</a></sup>",
            self.prefix
        ))
    }

    /// The notes; nothing if nothing was marked.
    #[must_use]
    pub fn html(&self) -> Html {
        if self.notes.is_empty() {
            return Html::default();
        }
        let notes: Vec<String> = self
            .notes
            .iter()
            .enumerate()
            .map(|(place, note)| {
                format!(
                    "<li id=\"{}-{}\">{}</li>\n",
                    self.prefix,
                    place + 1,
                    note.as_str()
                )
            })
            .collect();
        Html::made(format!("<ol class=\"notes\">\n{}</ol>\n", notes.concat()))
    }
}

#[cfg(test)]
mod tests {
    use super::Notes;
    use crate::html::Html;

    #[test]
    fn a_note_is_told_once() {
        let mut notes = Notes::new("flow");
        assert_eq!(notes.html(), Html::default());
        let first = notes.mark(Html::text("half up"));
        let second = notes.mark(Html::text("invented <values>"));
        assert_eq!(notes.mark(Html::text("half up")), first);
        assert_eq!(
            second.as_str(),
            "<sup><a href=\"#flow-2\" aria-label=\"note 2\">2</a></sup>"
        );
        assert_eq!(
            notes.html().as_str(),
            "<ol class=\"notes\">\n<li id=\"flow-1\">half up</li>\n\
             <li id=\"flow-2\">invented &lt;values&gt;</li>\n</ol>\n"
        );
    }
}
