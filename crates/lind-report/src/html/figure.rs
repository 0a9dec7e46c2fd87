//! Figures with a caption, and what they show in words or as a table.

use crate::html::{Html, anchor};

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figure {
    /// Its name on the page; each figure has its own.
    pub id: String,
    /// The drawing: an SVG as `lind-figures` writes it. It goes into the page as it is.
    pub drawing: String,
    /// What it shows.
    pub caption: Html,
    /// What the alternative is called: `The values as a table`.
    pub alternative_title: String,
    /// The same in words or as a table, folded up.
    pub alternative: Html,
}

impl Figure {
    /// The figure with the description of its drawing as what it shows in words.
    #[must_use]
    pub(crate) fn described(mut self) -> Self {
        // The description is text that `lind-figures` has escaped.
        let description = self
            .drawing
            .split_once("<desc ")
            .and_then(|(_, rest)| rest.split_once('>'))
            .and_then(|(_, rest)| rest.split_once("</desc>"));
        if let Some((description, _)) = description {
            self.alternative = Html::paragraph(Html::made(description));
        }
        self
    }

    /// The figure as markup. What is no SVG is not drawn.
    #[must_use]
    pub fn html(&self) -> Html {
        let id = anchor(&self.id);
        let drawing = if self.drawing.starts_with("<svg ") {
            self.drawing.as_str()
        } else {
            ""
        };
        let alternative = if self.alternative.is_empty() {
            String::new()
        } else {
            format!(
                "<details><summary>{}</summary>\n{}</details>\n",
                Html::text(&self.alternative_title).as_str(),
                self.alternative.as_str()
            )
        };
        Html::made(format!(
            "<figure id=\"{id}\">\n{drawing}<figcaption>{}</figcaption>\n{alternative}</figure>\n",
            self.caption.as_str()
        ))
    }
}
