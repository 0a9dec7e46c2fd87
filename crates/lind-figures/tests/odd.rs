//! Odd input: nothing panics, nothing is markup, nothing is lost in silence.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod examples;

use lind_figures::{
    Axis, Bar, Bars, Curves, Decision, Decisions, Event, Flow, Frame, Group, Lane, Level, Panel,
    Panels, Point, Range, Reading, Reason, Scale, Series, Stage, Stretch, Swimmer, Threshold, Turn,
    Visited, bars, curves, decisions, flow, panels, swimmer,
};
use proptest::prelude::*;

fn frame() -> Frame {
    Frame::inline("odd")
}

/// The figure as XML, or a failed test.
fn well_formed(svg: &str) {
    let mut reader = quick_xml::Reader::from_str(svg);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{error}\n{svg}"),
        }
    }
    assert!(!svg.contains("NaN") && !svg.contains("\"inf"), "{svg}");
}

#[test]
fn nothing_to_draw() {
    let empty = [
        flow(&Flow::default(), &frame()),
        curves(&Curves::default(), &frame()),
        panels(&Panels::default(), &frame()),
        panels(
            &Panels {
                panels: vec![Panel::default(); 5],
                ..Panels::default()
            },
            &frame(),
        ),
        swimmer(&Swimmer::default(), &frame()),
        bars(&Bars::default(), &frame()),
        decisions(&Decisions::default(), &frame()),
    ];
    for svg in empty {
        well_formed(&svg);
    }
}

fn one(points: Vec<Point>, scale: Scale) -> String {
    let figure = Curves {
        y: Axis {
            scale,
            ..Axis::new("value", "")
        },
        series: vec![Series {
            label: "P1".to_owned(),
            points,
        }],
        ..Curves::default()
    };
    curves(&figure, &frame())
}

#[test]
fn one_point_is_a_mark() {
    let svg = one(vec![Point::new(3.0, 7.0)], Scale::Linear);
    well_formed(&svg);
    // One in the legend, one in the figure.
    assert_eq!(svg.matches("<circle").count(), 2, "{svg}");
}

#[test]
fn a_missing_value_is_a_gap() {
    let values = [1.0, 2.0, 3.0, 4.0];
    let line = |points: Vec<Point>| {
        let svg = one(points, Scale::Linear);
        svg.matches("class=\"line s0\"").count() - 1
    };
    let whole = values.map(|day| Point::new(day * 30.0, day)).to_vec();
    assert_eq!(line(whole.clone()), 1);
    let mut gap = whole;
    gap.insert(2, Point::missing(75.0));
    assert_eq!(line(gap), 2);
}

#[test]
fn below_the_limit_is_an_open_mark_at_the_limit() {
    let points = vec![Point::new(0.0, 5.0), Point::below(50.0, 0.5)];
    let svg = one(points, Scale::Logarithmic);
    assert!(svg.contains("below the limit of quantification"));
    assert!(svg.contains("<circle class=\"open s0\""), "{svg}");
}

#[test]
fn what_has_no_place_is_counted() {
    let values = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        -3.0,
        0.0,
        1e300,
        5.0,
    ];
    let points: Vec<Point> = values
        .iter()
        .enumerate()
        .map(|(day, value)| Point::new(day as f64, *value))
        .collect();
    let logarithmic = one(points.clone(), Scale::Logarithmic);
    well_formed(&logarithmic);
    assert!(logarithmic.contains("6 values have no place on the axes and are not drawn."));
    let linear = one(points, Scale::Linear);
    assert!(linear.contains("4 values have no place on the axes and are not drawn."));
    let at_no_time = one(vec![Point::new(f64::NAN, 1.0)], Scale::Linear);
    assert!(at_no_time.contains("1 value has no place on the axes and is not drawn."));
}

#[test]
fn two_hundred_patients() {
    let series: Vec<Series> = (0..200)
        .map(|number| Series {
            label: format!("P{number}"),
            points: (0..60)
                .map(|day| Point::new(f64::from(day), f64::from(day * number % 37)))
                .collect(),
        })
        .collect();
    let svg = curves(
        &Curves {
            series: series.clone(),
            ..Curves::default()
        },
        &frame(),
    );
    well_formed(&svg);
    assert!(svg.contains(">200 patients<"));
    assert!(svg.len() < 400_000, "{}", svg.len());
    let lanes = (0..200)
        .map(|number| Lane {
            label: format!("P{number}"),
            until: f64::from(number),
            followed: true,
            ..Lane::default()
        })
        .collect();
    let svg = swimmer(
        &Swimmer {
            groups: vec![Group {
                label: "all".to_owned(),
                lanes,
            }],
            ..Swimmer::default()
        },
        &frame(),
    );
    well_formed(&svg);
    let levels = (0..200)
        .map(|number| Level {
            label: format!("level {number}"),
            stages: vec![Stage::default(); 4],
        })
        .collect();
    well_formed(&flow(
        &Flow {
            levels,
            ..Flow::default()
        },
        &frame(),
    ));
    let columns = (0..200).map(|patients| vec![Some(Decision::Stay); patients + 2]);
    well_formed(&decisions(
        &Decisions {
            columns: columns.collect(),
            ..Decisions::default()
        },
        &frame(),
    ));
}

/// Labels that want to be more than labels.
fn hostile() -> Vec<String> {
    vec![
        "<script>alert(1)</script>".to_owned(),
        "\"><svg onload=alert(1)>".to_owned(),
        "'; --c: url(http://example.org)".to_owned(),
        "]]> & &amp; <!-- -->".to_owned(),
        "\u{202e}txet neddih\u{0}\u{1b}[2J\u{ffff}\u{feff}".to_owned(),
        "שלום עולם 12 مرحبا".to_owned(),
        "体重が減少した患者".to_owned(),
        "m".repeat(300),
        "long label with words ".repeat(14),
        String::new(),
        "\n\t ".to_owned(),
    ]
}

/// Every figure with one text everywhere.
fn everywhere(label: &str) -> Vec<String> {
    let text = || label.to_owned();
    let axis = || Axis::new(label, label);
    let series = || {
        vec![Series {
            label: text(),
            points: vec![Point::new(0.0, 1.0), Point::below(9.0, 2.0)],
        }]
    };
    let range = || {
        Some(Range {
            low: Some(0.5),
            high: None,
            label: text(),
        })
    };
    let threshold = || {
        vec![Threshold {
            value: 1.5,
            label: text(),
        }]
    };
    let turn = || {
        vec![Turn {
            at: 8.0,
            label: text(),
        }]
    };
    let stage = || Stage {
        label: text(),
        count: 3,
        left: vec![Reason {
            label: text(),
            count: 1,
        }],
    };
    let level = || Level {
        label: text(),
        stages: vec![stage(), stage()],
    };
    let frame = Frame::standalone(label);
    vec![
        flow(
            &Flow {
                title: text(),
                stages: vec![stage(), stage()],
                levels: vec![level(), level()],
            },
            &frame,
        ),
        flow(
            &Flow {
                title: text(),
                stages: vec![stage()],
                levels: vec![level(); 7],
            },
            &frame,
        ),
        curves(
            &Curves {
                title: text(),
                x: axis(),
                y: axis(),
                series: series(),
                range: range(),
                thresholds: threshold(),
                turns: turn(),
            },
            &frame,
        ),
        panels(
            &Panels {
                title: text(),
                x: axis(),
                panels: vec![
                    Panel {
                        y: axis(),
                        series: series(),
                        range: range(),
                        thresholds: threshold(),
                    };
                    3
                ],
                turns: turn(),
            },
            &frame,
        ),
        swimmer(
            &Swimmer {
                title: text(),
                x: axis(),
                groups: vec![Group {
                    label: text(),
                    lanes: vec![Lane {
                        label: text(),
                        from: 0.0,
                        until: 9.0,
                        followed: true,
                        stretches: vec![Stretch {
                            state: text(),
                            from: 1.0,
                            until: 9.0,
                            lasts: true,
                        }],
                        events: vec![Event {
                            kind: text(),
                            at: 3.0,
                        }],
                    }],
                }],
                states: vec![],
                kinds: vec![],
            },
            &frame,
        ),
        bars(
            &Bars {
                title: text(),
                counted: text(),
                parts: vec![text()],
                bars: vec![Bar {
                    label: text(),
                    counts: vec![2, 1],
                }],
                of: Some(8),
            },
            &frame,
        ),
        decisions(
            &Decisions {
                title: text(),
                columns: vec![vec![Some(Decision::Escalate), Some(Decision::DeEscalate)]],
                visited: vec![Visited {
                    patients: 1,
                    toxicities: 0,
                    label: text(),
                }],
            },
            &frame,
        ),
    ]
}

#[test]
fn a_label_is_only_a_label() {
    for label in hostile() {
        for svg in everywhere(&label) {
            well_formed(&svg);
            assert!(
                !svg.contains("<script") && !svg.contains("<svg onload"),
                "{svg}"
            );
            assert!(!svg.contains('\u{202e}') && !svg.contains('\u{0}') && !svg.contains('\u{1b}'));
        }
    }
}

/// How far the letters of a text reach, counted narrowly: what reaches out by this is seen to.
fn ends_of_texts(svg: &str) -> Vec<(f64, f64, String)> {
    let attribute = |tag: &str, name: &str| -> Option<f64> {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        rest.split('"').next()?.parse().ok()
    };
    svg.lines()
        .filter(|line| line.starts_with("<text"))
        .map(|line| {
            let (tag, rest) = line.split_once('>').unwrap();
            let text = rest
                .trim_end_matches("</text>")
                .replace("&lt;", "<")
                .replace("&gt;", ">");
            let length = text.chars().count() as f64 * attribute(tag, "font-size").unwrap() * 0.28;
            let x = attribute(tag, "x").unwrap();
            if tag.contains("middle") {
                (x - length / 2.0, x + length / 2.0, text)
            } else if tag.contains("\"end\"") {
                (x - length, x, text)
            } else {
                (x, x + length, text)
            }
        })
        .collect()
}

#[test]
fn long_labels_stay_on_the_sheet() {
    for label in hostile() {
        for svg in everywhere(&label) {
            for (left, right, text) in ends_of_texts(&svg) {
                assert!(left >= -1.0 && right <= 521.0, "{left} {right} {text}");
            }
        }
    }
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -100.0..1000.0_f64,
        1 => any::<f64>(),
        1 => Just(0.0),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(1e15),
    ]
}

fn point() -> impl Strategy<Value = Point> {
    let reading = prop_oneof![
        3 => number().prop_map(Reading::Measured),
        1 => number().prop_map(Reading::Below),
        1 => Just(Reading::Missing),
    ];
    (number(), reading).prop_map(|(x, reading)| Point { x, reading })
}

fn axis() -> impl Strategy<Value = Axis> {
    let scale = prop_oneof![Just(Scale::Linear), Just(Scale::Logarithmic)];
    let reaches = proptest::option::of((number(), number()));
    (scale, reaches, proptest::option::of(number())).prop_map(|(scale, reaches, step)| Axis {
        scale,
        reaches,
        step,
        ..Axis::new("label", "unit")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_numbers_can_be_drawn(
        x in axis(),
        y in axis(),
        points in prop::collection::vec(prop::collection::vec(point(), 0..12), 0..4),
        limits in proptest::option::of((proptest::option::of(number()), proptest::option::of(number()))),
        threshold in proptest::option::of(number()),
    ) {
        let series: Vec<Series> = points
            .into_iter()
            .enumerate()
            .map(|(number, points)| Series { label: format!("P{number}"), points })
            .collect();
        let range = limits.map(|(low, high)| Range { low, high, label: String::new() });
        let thresholds: Vec<Threshold> = threshold
            .into_iter()
            .map(|value| Threshold { value, label: "limit".to_owned() })
            .collect();
        let turns: Vec<Turn> = threshold
            .into_iter()
            .map(|at| Turn { at, label: "turn".to_owned() })
            .collect();
        let figure = Curves {
            title: "t".to_owned(),
            x: x.clone(),
            y: y.clone(),
            series: series.clone(),
            range: range.clone(),
            thresholds: thresholds.clone(),
            turns: turns.clone(),
        };
        let svg = curves(&figure, &frame());
        well_formed(&svg);
        prop_assert_eq!(&svg, &curves(&figure, &frame()));
        let panel = Panel { y, series, range, thresholds };
        let svg = panels(&Panels { title: "t".to_owned(), x, panels: vec![panel; 5], turns }, &frame());
        well_formed(&svg);
    }

    #[test]
    fn any_lanes_can_be_drawn(
        x in axis(),
        lanes in prop::collection::vec(
            (number(), number(), any::<bool>(), prop::collection::vec((0..4_u8, number(), number(), any::<bool>()), 0..6)),
            0..6,
        ),
    ) {
        let lanes = lanes
            .into_iter()
            .map(|(from, until, followed, parts)| Lane {
                label: "P".to_owned(),
                from,
                until,
                followed,
                stretches: parts
                    .iter()
                    .map(|(state, from, until, lasts)| Stretch {
                        state: state.to_string(),
                        from: *from,
                        until: *until,
                        lasts: *lasts,
                    })
                    .collect(),
                events: parts
                    .iter()
                    .map(|(kind, at, ..)| Event { kind: kind.to_string(), at: *at })
                    .collect(),
            })
            .collect();
        let figure = Swimmer {
            x,
            groups: vec![Group { label: "all".to_owned(), lanes }],
            ..Swimmer::default()
        };
        well_formed(&swimmer(&figure, &frame()));
    }

    #[test]
    fn any_counts_can_be_drawn(
        counts in prop::collection::vec(prop::collection::vec(any::<u64>(), 0..7), 0..5),
        of in proptest::option::of(any::<u64>()),
    ) {
        let figure = Bars {
            parts: (1..=5).map(|grade| format!("Grade {grade}")).collect(),
            bars: counts
                .into_iter()
                .map(|counts| Bar { label: "event".to_owned(), counts })
                .collect(),
            of,
            ..Bars::default()
        };
        well_formed(&bars(&figure, &frame()));
    }
}

#[test]
fn the_examples_are_not_odd() {
    for (_, figure) in examples::ALL {
        well_formed(&figure(&frame()));
    }
}
