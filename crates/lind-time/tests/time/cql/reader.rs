//! The cases of a suite file: name, expression, expected output. The files are regular enough to be
//! read by their tags.

/// One test of the suite.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) expression: String,
    /// The output as written; `invalid` if evaluation must fail; several outputs joined by `; `.
    pub(crate) expected: String,
}

pub(crate) fn cases(text: &str) -> Vec<Case> {
    let text = without_comments(text);
    text.split("<test ")
        .skip(1)
        .filter_map(|test| {
            let test = test.split("</test>").next()?;
            let name = test.split("name=\"").nth(1)?.split('"').next()?;
            let opening = test.split("<expression").nth(1)?;
            let (attributes, rest) = opening.split_once('>')?;
            let expression = rest.split("</expression>").next()?;
            let outputs: Vec<String> = test
                .split("<output>")
                .skip(1)
                .filter_map(|output| output.split("</output>").next())
                .map(plain)
                .collect();
            let expected = if attributes.contains("invalid") {
                "invalid".to_owned()
            } else {
                outputs.join("; ")
            };
            Some(Case {
                name: name.to_owned(),
                expression: plain(expression),
                expected,
            })
        })
        .collect()
}

fn without_comments(text: &str) -> String {
    let mut pieces = text.split("<!--");
    let mut result = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        result.push_str(piece.split_once("-->").map_or("", |(_, rest)| rest));
    }
    result
}

/// One line, with entities replaced.
fn plain(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
