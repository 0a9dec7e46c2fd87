//! Every figure as a file to look at, and what holds of all of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod examples;

use std::collections::BTreeSet;

use lind_figures::{Frame, stylesheet};
use quick_xml::Reader;
use quick_xml::events::Event;

/// What an XML reader sees in a figure.
#[derive(Default, Debug)]
struct Seen {
    elements: BTreeSet<String>,
    attributes: BTreeSet<String>,
    classes: BTreeSet<String>,
    ids: Vec<String>,
    title: String,
    description: String,
    texts: Vec<String>,
    smallest: f64,
    /// How far to the right and down coordinates reach.
    reach: (f64, f64),
    size: (f64, f64),
}

fn seen(svg: &str) -> Seen {
    let mut reader = Reader::from_str(svg);
    let mut seen = Seen {
        smallest: f64::MAX,
        ..Seen::default()
    };
    let mut inside: Vec<String> = Vec::new();
    loop {
        match reader
            .read_event()
            .unwrap_or_else(|error| panic!("{error}\n{svg}"))
        {
            Event::Eof => break,
            Event::Start(start) => {
                note(&start, &mut seen);
                inside.push(String::from_utf8(start.name().as_ref().to_vec()).unwrap());
            }
            Event::Empty(start) => note(&start, &mut seen),
            Event::End(_) => {
                inside.pop();
            }
            Event::Text(text) => add(&text.decode().unwrap(), &inside, &mut seen),
            Event::GeneralRef(reference) => {
                let name = reference.decode().unwrap();
                let character = match reference.resolve_char_ref().unwrap() {
                    Some(character) => character.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&name)
                        .unwrap_or_else(|| panic!("{name}"))
                        .to_owned(),
                };
                add(&character, &inside, &mut seen);
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(inside.is_empty(), "{inside:?}");
    seen
}

fn add(text: &str, inside: &[String], seen: &mut Seen) {
    match inside.last().map(String::as_str) {
        Some("title") => seen.title.push_str(text),
        Some("desc") => seen.description.push_str(text),
        Some("text") => seen.texts.push(text.to_owned()),
        _ => {}
    }
}

fn note(start: &quick_xml::events::BytesStart<'_>, seen: &mut Seen) {
    let name = String::from_utf8(start.name().as_ref().to_vec()).unwrap();
    for attribute in start.attributes() {
        let attribute = attribute.unwrap();
        let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
        let value = String::from_utf8(attribute.value.to_vec()).unwrap();
        let number = || {
            value
                .parse::<f64>()
                .unwrap_or_else(|_| panic!("{key}={value}"))
        };
        match key.as_str() {
            "class" => seen
                .classes
                .extend(value.split_whitespace().map(str::to_owned)),
            "id" => seen.ids.push(value.clone()),
            "font-size" => seen.smallest = seen.smallest.min(number()),
            "x" | "cx" => seen.reach.0 = seen.reach.0.max(number()),
            "y" | "cy" => seen.reach.1 = seen.reach.1.max(number()),
            "viewBox" => {
                let numbers: Vec<f64> = value
                    .split(' ')
                    .map(|number| number.parse().unwrap())
                    .collect();
                seen.size = (numbers[2], numbers[3]);
            }
            "points" => {
                for point in value.split(' ') {
                    let (x, y) = point.split_once(',').unwrap();
                    seen.reach.0 = seen.reach.0.max(x.parse().unwrap());
                    seen.reach.1 = seen.reach.1.max(y.parse().unwrap());
                }
            }
            _ => {}
        }
        seen.attributes.insert(key);
    }
    seen.elements.insert(name);
}

#[test]
fn every_figure_can_be_looked_at() {
    for (name, figure) in examples::ALL {
        let svg = figure(&Frame::standalone(name));
        insta::with_settings!({
            snapshot_path => "figures",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_binary_snapshot!(&format!("{name}.svg"), svg.into_bytes());
        });
    }
}

#[test]
fn every_figure_says_in_words_what_it_shows() {
    let mut text = String::new();
    for (name, figure) in examples::ALL {
        let seen = seen(&figure(&Frame::inline(name)));
        text.push_str(&format!("# {}\n{}\n\n", seen.title, seen.description));
    }
    insta::with_settings!({
        snapshot_path => "figures",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("descriptions", text);
    });
}

#[test]
fn nothing_but_shapes_and_words() {
    let elements = [
        "svg", "title", "desc", "text", "polyline", "polygon", "rect", "circle",
    ];
    let attributes = [
        "class",
        "viewBox",
        "role",
        "aria-labelledby",
        "id",
        "x",
        "y",
        "cx",
        "cy",
        "r",
        "width",
        "height",
        "points",
        "stroke-width",
        "font-size",
        "text-anchor",
    ];
    for (name, figure) in examples::ALL {
        let svg = figure(&Frame::inline(name));
        let seen = seen(&svg);
        for element in &seen.elements {
            assert!(elements.contains(&element.as_str()), "{name}: {element}");
        }
        for attribute in &seen.attributes {
            assert!(
                attributes.contains(&attribute.as_str()),
                "{name}: {attribute}"
            );
        }
        assert!(!svg.contains("http") && !svg.contains("url("), "{name}");
        assert!(svg.contains("role=\"img\""), "{name}");
        assert_eq!(seen.ids, [format!("{name}-title"), format!("{name}-desc")]);
        assert!(
            !seen.title.is_empty() && seen.description.len() > 40,
            "{name}"
        );
        assert_eq!(seen.size.0, 520.0, "{name}");
    }
}

#[test]
fn every_class_has_its_colour_in_light_and_dark() {
    let css = stylesheet();
    let (light, dark) = css.split_once("@media screen").unwrap();
    for (name, figure) in examples::ALL {
        for class in seen(&figure(&Frame::inline(name))).classes {
            if class == "lind-figure" || class == "bold" {
                continue;
            }
            assert!(css.contains(&format!(".{class} {{")), "{name}: {class}");
            let variable = format!("--{class}: ");
            if css.contains(&format!("--c: var(--{class})")) {
                assert!(light.contains(&variable), "{class}");
                assert!(dark.contains(&variable), "{class}");
            }
        }
    }
    assert!(!css.contains("url(") && !css.contains("@import") && !css.contains('<'));
}

#[test]
fn nothing_lies_outside_and_no_type_is_tiny() {
    for (name, figure) in examples::ALL {
        let seen = seen(&figure(&Frame::inline(name)));
        assert!(seen.smallest >= 11.0, "{name}: {}", seen.smallest);
        assert!(
            seen.reach.0 <= seen.size.0 && seen.reach.1 <= seen.size.1,
            "{name}: {:?} in {:?}",
            seen.reach,
            seen.size
        );
    }
}

#[test]
fn ids_are_the_callers() {
    let (_, figure) = examples::ALL[0];
    let ids = |prefix: &str| seen(&figure(&Frame::inline(prefix))).ids;
    assert_eq!(ids("a"), ["a-title", "a-desc"]);
    assert_eq!(
        ids("1 \"x\"><b>"),
        ["figure-1--x---b--title", "figure-1--x---b--desc"]
    );
    assert_eq!(ids(""), ["figure--title", "figure--desc"]);
}

#[test]
fn the_same_figure_gives_the_same_bytes() {
    for (_, figure) in examples::ALL {
        let frame = Frame::inline("same");
        assert_eq!(figure(&frame), figure(&frame));
    }
}

/// The colours of a part of the stylesheet: `--s0: var(--figure-s0, #0069a8)` and `--on0: #10202c`.
fn colours(css: &str) -> std::collections::BTreeMap<String, f64> {
    css.lines()
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": ")?;
            let (_, digits) = value.split_once('#')?;
            let part = |from: usize| {
                let share =
                    f64::from(u8::from_str_radix(&digits[from..from + 2], 16).unwrap()) / 255.0;
                if share <= 0.04045 {
                    share / 12.92
                } else {
                    ((share + 0.055) / 1.055).powf(2.4)
                }
            };
            let light = 0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4);
            Some((name.to_owned(), light))
        })
        .collect()
}

/// The contrasts that the Web Content Accessibility Guidelines 2.2 ask for: 4.5 for a text, 3 for what is drawn.
#[test]
fn every_colour_can_be_seen() {
    let (light, dark) = stylesheet().split_once("@media screen").unwrap();
    for colours in [colours(light), colours(dark)] {
        let contrast = |one: &str, other: &str| {
            let (one, other) = (colours[one], colours[other]);
            (one.max(other) + 0.05) / (one.min(other) + 0.05)
        };
        for text in ["ink", "faint", "limit"] {
            assert!(contrast(text, "paper") >= 4.5, "{text}");
        }
        for line in ["axis", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"] {
            assert!(contrast(line, "paper") >= 3.0, "{line}");
            assert!(
                line == "axis" || contrast(line, "band") >= 2.8,
                "{line} on the band"
            );
        }
        for number in 0..5 {
            let (on, grade) = (format!("on{number}"), format!("g{number}"));
            assert!(
                contrast(&on, &grade) >= 4.5,
                "{on}: {}",
                contrast(&on, &grade)
            );
        }
        for number in 0..4 {
            assert!(contrast("ink", &format!("d{number}")) >= 4.5, "d{number}");
        }
    }
}

#[test]
fn crowded_figures_stay_on_their_sheet() {
    for (name, figure) in examples::CROWDED {
        let seen = seen(&figure(&Frame::inline(name)));
        assert!(
            seen.reach.0 <= seen.size.0 && seen.reach.1 <= seen.size.1,
            "{name}: {:?} in {:?}",
            seen.reach,
            seen.size
        );
    }
}
