//! The page around everything: its head, its contents, its sections.

use crate::html::{Html, anchor};

/// Nothing may be loaded, run, framed or sent; only the stylesheet in the page counts.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("page.css");

/// A page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    title: String,
    lines: Vec<Html>,
    opening: Html,
    sections: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    heading: String,
    id: String,
    content: Html,
}

impl Page {
    /// A page with its title.
    #[must_use]
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            ..Self::default()
        }
    }

    /// A line below the title.
    pub fn line(&mut self, text: &str) {
        self.lines.push(Html::text(text));
    }

    /// What stands between the title and the contents.
    pub fn opening(&mut self, content: Html) {
        self.opening.push(&content);
    }

    /// A section. Its name on the page is [`anchor`] of its heading; where two have the same, the later has a number
    /// behind it.
    pub fn section(&mut self, heading: &str, content: Html) {
        let name = anchor(heading);
        let mut id = name.clone();
        let mut count = 1;
        while self.sections.iter().any(|part| part.id == id) {
            count += 1;
            id = format!("{name}-{count}");
        }
        self.sections.push(Part {
            heading: heading.to_owned(),
            id,
            content,
        });
    }

    /// The whole page.
    #[must_use]
    pub fn finish(self) -> String {
        let title = Html::text(&self.title);
        let title = title.as_str();
        let has_figures = self
            .sections
            .iter()
            .any(|part| part.content.as_str().contains("<svg class=\"lind-figure\""));
        let figures = if has_figures {
            lind_figures::stylesheet()
        } else {
            ""
        };
        let mut page = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{title}</title>\n<style>\n{STYLE}{figures}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#content\">Skip to the content</a>\n<header>\n<h1>{title}</h1>\n"
        );
        for line in &self.lines {
            page.push_str(&format!("<p class=\"line\">{}</p>\n", line.as_str()));
        }
        page.push_str(self.opening.as_str());
        page.push_str("</header>\n");
        if self.sections.len() > 1 {
            page.push_str(
                "<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n<ol>\n",
            );
            for part in &self.sections {
                let heading = Html::text(&part.heading);
                page.push_str(&format!(
                    "<li><a href=\"#{}\">{}</a></li>\n",
                    part.id,
                    heading.as_str()
                ));
            }
            page.push_str("</ol>\n</nav>\n");
        }
        page.push_str("<main id=\"content\">\n");
        for part in &self.sections {
            page.push_str(&format!(
                "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n{}</section>\n",
                Html::text(&part.heading).as_str(),
                part.content.as_str(),
                id = part.id,
            ));
        }
        page.push_str("</main>\n</body>\n</html>\n");
        page
    }
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::html::Html;

    #[test]
    fn a_title_is_only_a_title() {
        let mut page = Page::new("<script>alert(1)</script>");
        page.line("</title><b>");
        page.section(
            "</h2>",
            Html::paragraph(Html::text("<img src=x onerror=alert(1)>")),
        );
        page.section("h2", Html::default());
        let page = page.finish();
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>"));
        assert!(page.contains("<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>"));
        assert!(page.contains("<h2 id=\"h2\">&lt;/h2&gt;</h2>"));
        assert!(page.contains("<h2 id=\"h2-2\">h2</h2>"));
    }

    #[test]
    fn a_page_is_whole_and_loads_nothing() {
        let page = Page::new("Empty").finish();
        assert!(page.contains("default-src 'none'"));
        assert!(!page.contains("<nav") && !page.contains("lind-figure"));
        for loaded in ["http:", "https:", "//", "url(", "@import", " src=", "<link"] {
            assert!(!page.contains(loaded), "{loaded}");
        }
    }
}
