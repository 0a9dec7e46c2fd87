//! What stands around a drawing: the element, its name and its text alternative.

use std::fmt::Write as _;

use crate::ink::stylesheet;
use crate::text::{clean, escape};

/// How wide every figure is, in units. Small, so that the type is still legible when a figure shrinks to the
/// width of a phone.
pub(crate) const WIDTH: f64 = 520.0;

/// Where the colours come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Styling {
    /// The page around the figure holds [`stylesheet`](crate::stylesheet): for many figures on one page.
    #[default]
    Page,
    /// The figure holds the stylesheet itself: for a file of its own.
    Own,
}

/// How a figure stands where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// What the ids in the figure begin with; each figure of a page has its own. Characters that an id may not
    /// have become hyphens.
    pub prefix: String,
    /// Where the colours come from.
    pub styling: Styling,
}

impl Frame {
    /// A figure in a page that holds the stylesheet.
    #[must_use]
    pub fn inline(prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            styling: Styling::Page,
        }
    }

    /// A figure that is a file of its own.
    #[must_use]
    pub fn standalone(prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            styling: Styling::Own,
        }
    }

    /// What ids begin with, in characters that need no escape anywhere.
    fn id(&self) -> String {
        let mut id: String = self
            .prefix
            .chars()
            .take(80)
            .map(|character| match character {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' => character,
                _ => '-',
            })
            .collect();
        if !id.starts_with(|first: char| first.is_ascii_alphabetic()) {
            id.insert_str(0, "figure-");
        }
        id
    }

    /// The whole element around a drawing of some height.
    pub(crate) fn around(&self, title: &str, description: &str, body: &str, height: f64) -> String {
        let id = self.id();
        let mut svg = String::with_capacity(body.len() + description.len() + 1024);
        svg.push_str("<svg class=\"lind-figure\"");
        if self.styling == Styling::Own {
            // The name of the language, not an address: nothing is loaded from it.
            svg.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
        }
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            " viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n<title id=\"{id}-title\">",
            height.ceil()
        );
        escape(&clean(title), &mut svg);
        let _ = write!(svg, "</title>\n<desc id=\"{id}-desc\">");
        escape(description, &mut svg);
        svg.push_str("</desc>\n");
        if self.styling == Styling::Own {
            let _ = writeln!(svg, "<style>\n{}</style>", stylesheet());
            let _ = writeln!(
                svg,
                "<rect class=\"full paper\" width=\"{WIDTH}\" height=\"{}\"/>",
                height.ceil()
            );
        }
        svg.push_str(body);
        svg.push_str("</svg>\n");
        svg
    }
}
