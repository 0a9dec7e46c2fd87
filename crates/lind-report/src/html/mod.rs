//! Pages of HTML: one file that loads nothing, runs nothing and can be read on a phone, in the dark and on paper.
//!
//! ```
//! use lind_report::html::{Column, Html, Page, Row, Table};
//!
//! let mut page = Page::new("Adverse events");
//! let table = Table {
//!     id: "events".to_owned(),
//!     caption: Html::text("Patients with an event (N = 8)"),
//!     columns: vec![Column::text("Event"), Column::numbers("Any grade")],
//!     rows: vec![Row::cells(Html::text("CRS"), vec![Html::text("7 (88 %)")])],
//!     ..Table::default()
//! };
//! page.section("Safety", table.html());
//! let page = page.finish();
//! assert!(page.starts_with("<!doctype html>") && !page.contains("<script"));
//! ```
//!
//! What is markup is an [`Html`], and only this module makes one from a text: a text that looks like markup stays
//! a text.

mod figure;
mod notes;
mod page;
mod table;

pub use figure::Figure;
pub use notes::Notes;
pub use page::Page;
pub use table::{Column, Row, Table};

use crate::plain::one_line;

/// Markup: texts in it are escaped, its elements are closed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// A text in one line, in which nothing is markup and nothing acts.
    #[must_use]
    pub fn text(text: &str) -> Self {
        let mut html = Self::default();
        html.push_text(text);
        html
    }

    /// Markup that this module wrote.
    fn made(markup: impl Into<String>) -> Self {
        Self(markup.into())
    }

    /// A paragraph.
    #[must_use]
    pub fn paragraph(content: Html) -> Self {
        content.within("p", "")
    }

    /// A remark: smaller, and less in the eye than a paragraph.
    #[must_use]
    pub fn remark(content: Html) -> Self {
        content.within("p", "remark")
    }

    /// In bold type.
    #[must_use]
    pub fn strong(content: Html) -> Self {
        content.within("strong", "")
    }

    /// A list whose order means nothing.
    #[must_use]
    pub fn list(items: Vec<Html>) -> Self {
        let items: Vec<String> = items
            .into_iter()
            .map(|item| item.within("li", "").0)
            .collect();
        Self::made(items.concat()).within("ul", "")
    }

    /// Names and what stands under them.
    #[must_use]
    pub fn pairs(pairs: Vec<(Html, Html)>) -> Self {
        let rows: Vec<String> = pairs
            .into_iter()
            .map(|(name, what)| {
                format!(
                    "<div>{}{}</div>\n",
                    name.within("dt", "").0,
                    what.within("dd", "").0
                )
            })
            .collect();
        Self::made(rows.concat()).within("dl", "pairs")
    }

    /// A link to a place on the same page. Its name is one of those that [`anchor`] makes.
    #[must_use]
    pub fn link(to: &str, content: Html) -> Self {
        Self::made(format!("<a href=\"#{}\">{}</a>", anchor(to), content.0))
    }

    /// This, and then that.
    #[must_use]
    pub fn then(mut self, next: Html) -> Self {
        self.push(&next);
        self
    }

    /// Adds what follows.
    pub fn push(&mut self, next: &Html) {
        self.0.push_str(&next.0);
    }

    /// The markup.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn push_text(&mut self, text: &str) {
        for character in one_line(text).chars() {
            match character {
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '&' => self.0.push_str("&amp;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                _ => self.0.push(character),
            }
        }
    }

    /// With a blank behind it, at which a line may break.
    pub(crate) fn spaced(mut self) -> Self {
        self.0.push(' ');
        self
    }

    /// In an element within a line.
    pub(crate) fn inline(self, element: &str, class: &str) -> Self {
        Self::made(format!(
            "<{element} class=\"{class}\">{}</{element}>",
            self.0
        ))
    }

    /// A sign that is read aloud as a word.
    pub(crate) fn labelled(self, word: &str) -> Self {
        Self::made(format!(
            "<span role=\"img\" aria-label=\"{}\">{}</span>",
            Html::text(word).0,
            self.0
        ))
    }

    /// As the heading of an entry, which has a name on the page.
    pub(crate) fn headed(self, id: &str) -> Self {
        Self::made(format!("<h3 id=\"{}\">{}</h3>\n", anchor(id), self.0))
    }

    /// In an element of this crate's choice.
    pub(crate) fn within(self, element: &str, class: &str) -> Self {
        let class = if class.is_empty() {
            String::new()
        } else {
            format!(" class=\"{class}\"")
        };
        Self::made(format!("<{element}{class}>{}</{element}>\n", self.0))
    }
}

/// The name of a place on a page, from any text: lower case letters, digits and hyphens.
///
/// ```
/// assert_eq!(lind_report::html::anchor("Inclusion criteria: I2"), "inclusion-criteria-i2");
/// ```
#[must_use]
pub fn anchor(text: &str) -> String {
    let mut name = String::new();
    for character in text.chars().take(200) {
        if character.is_ascii_alphanumeric() {
            name.push(character.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name.to_owned()
    } else {
        format!("n-{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::{Html, anchor};

    #[test]
    fn a_text_stays_a_text() {
        assert_eq!(
            Html::text("<script>alert('1') & \"2\"</script>").as_str(),
            "&lt;script&gt;alert(&#39;1&#39;) &amp; &quot;2&quot;&lt;/script&gt;"
        );
        assert_eq!(
            Html::text("\u{202e}a\0b").as_str(),
            "&lt;U+202E&gt;a&lt;U+0000&gt;b"
        );
    }

    #[test]
    fn places_have_plain_names() {
        assert_eq!(anchor("Not stated"), "not-stated");
        assert_eq!(anchor("12 \"><b>"), "n-12-b");
        assert_eq!(anchor(""), "n-");
        assert_eq!(anchor("体重"), "n-");
    }
}
