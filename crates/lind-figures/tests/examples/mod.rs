//! Figures to look at and to hold on to: the trial NCT05765006 as invented patients could have shown it. Every value
//! of a patient is made up; only the sums are those of the published trial.
#![allow(dead_code, reason = "each test uses some of the figures")]

use lind_figures::{
    Axis, Bar, Bars, Curves, Decision, Decisions, Event, Flow, Frame, Group, Lane, Level, Panel,
    Panels, Point, Range, Reason, Scale, Series, Stage, Stretch, Swimmer, Threshold, Turn, Visited,
    bars, curves, decisions, flow, panels, swimmer,
};

/// Name of a figure, and the figure.
pub(crate) type Named = (&'static str, fn(&Frame) -> String);

pub(crate) const ALL: [Named; 8] = [
    ("flow", |frame| flow(&patient_flow(), frame)),
    ("kinetics", |frame| curves(&kinetics(), frame)),
    ("b-cells", |frame| curves(&b_cells(), frame)),
    ("scores", |frame| panels(&scores(), frame)),
    ("safety", |frame| panels(&safety(), frame)),
    ("swimmer", |frame| swimmer(&response(), frame)),
    ("events", |frame| bars(&events(), frame)),
    ("decisions", |frame| decisions(&boin(), frame)),
];

/// Invented: patient, dose level, day and height of the peak, days until B cells are gone, months until they are
/// back, months until SRI, LLDAS and DORIS (0: never).
type Patient = (&'static str, usize, f64, f64, f64, f64, [f64; 3]);

const PATIENTS: [Patient; 8] = [
    ("P1", 0, 9.0, 10.52, 11.0, 2.0, [1.0, 2.0, 3.0]),
    ("P2", 0, 11.0, 7.94, 14.0, 3.0, [2.0, 0.0, 0.0]),
    ("P3", 0, 8.0, 16.20, 11.0, 4.0, [1.0, 1.0, 2.0]),
    ("P4", 1, 10.0, 13.87, 12.0, 5.0, [1.0, 3.0, 0.0]),
    ("P5", 1, 9.0, 47.65, 13.0, 3.0, [1.0, 1.0, 1.0]),
    ("P6", 2, 15.0, 21.28, 15.0, 6.0, [2.0, 4.0, 0.0]),
    ("P7", 2, 22.0, 228.36, 11.0, 4.0, [1.0, 2.0, 4.0]),
    ("P8", 3, 9.0, 96.03, 12.0, 2.0, [1.0, 2.0, 0.0]),
];

const LEVELS: [&str; 4] = [
    "25 × 10⁶ cells",
    "50 × 10⁶ cells",
    "75 × 10⁶ cells",
    "100 × 10⁶ cells",
];

fn time() -> Axis {
    Axis::new("Time since infusion", "days")
}

fn infusion() -> Vec<Turn> {
    vec![Turn {
        at: 0.0,
        label: "infusion".to_owned(),
    }]
}

fn each(values: impl Fn(usize, f64, f64) -> Vec<Point>) -> Vec<Series> {
    PATIENTS
        .iter()
        .enumerate()
        .map(|(number, (label, _, day, peak, ..))| Series {
            label: (*label).to_owned(),
            points: values(number, *day, *peak),
        })
        .collect()
}

pub(crate) fn patient_flow() -> Flow {
    let reason = |label: &str, count| Reason {
        label: label.to_owned(),
        count,
    };
    let stage = |label: &str, count, left| Stage {
        label: label.to_owned(),
        count,
        left,
    };
    Flow {
        title: "Patient flow".to_owned(),
        stages: vec![
            stage("Screened", 12, vec![]),
            stage(
                "Enrolled",
                8,
                vec![
                    reason("Activity below 8 points", 2),
                    reason("Active infection", 1),
                    reason("Consent withdrawn", 1),
                ],
            ),
        ],
        levels: [3, 2, 2, 1]
            .iter()
            .zip(LEVELS)
            .map(|(count, label)| Level {
                label: label.to_owned(),
                stages: ["Assigned", "Infused", "DLT-evaluable", "Completed"]
                    .map(|name| stage(name, *count, vec![]))
                    .to_vec(),
            })
            .collect(),
    }
}

const SAMPLED: [f64; 14] = [
    1.0, 4.0, 7.0, 9.0, 11.0, 15.0, 18.0, 22.0, 28.0, 42.0, 56.0, 84.0, 112.0, 168.0,
];

pub(crate) fn kinetics() -> Curves {
    let limit = 0.05;
    Curves {
        title: "CAR-T cells in blood by flow cytometry".to_owned(),
        x: Axis {
            step: Some(28.0),
            ..time()
        },
        y: Axis {
            scale: Scale::Logarithmic,
            ..Axis::new("CD3+CAR+ cells", "cells/µL")
        },
        series: each(|number, day, peak| {
            let mut days = SAMPLED.to_vec();
            days.push(day);
            days.sort_by(f64::total_cmp);
            days.dedup();
            days.into_iter()
                .filter(|at| *at < 120.0 + 10.0 * number as f64)
                .map(|at| {
                    let fall = if at < day {
                        (at - day) * 0.62
                    } else {
                        (day - at) / (9.0 + 2.0 * number as f64)
                    };
                    let value = peak * fall.exp();
                    if number == 3 && at == 28.0 {
                        Point::missing(at)
                    } else if value < limit {
                        Point::below(at, limit)
                    } else {
                        Point::new(at, value)
                    }
                })
                .collect()
        }),
        range: None,
        thresholds: vec![Threshold {
            value: limit,
            label: "limit of quantification".to_owned(),
        }],
        turns: vec![],
    }
}

pub(crate) fn b_cells() -> Curves {
    Curves {
        title: "CD19+ B cells".to_owned(),
        x: time(),
        y: Axis::new("CD19+ B cells", "cells/µL"),
        series: PATIENTS
            .iter()
            .enumerate()
            .map(|(number, (label, _, _, _, gone, back, _))| Series {
                label: (*label).to_owned(),
                points: [
                    -7.0, 0.0, 4.0, 8.0, 11.0, 15.0, 28.0, 60.0, 90.0, 120.0, 180.0,
                ]
                .iter()
                .map(|at| {
                    let start = 60.0 + 22.0 * number as f64;
                    let value = if *at < *gone {
                        start * (1.0 - at.max(0.0) / gone)
                    } else if *at < back * 30.0 {
                        0.0
                    } else {
                        (at - back * 30.0 + 6.0) * (0.4 + 0.15 * number as f64)
                    };
                    Point::new(*at, value)
                })
                .collect(),
            })
            .collect(),
        range: Some(Range {
            low: Some(90.0),
            high: Some(320.0),
            label: "normal range".to_owned(),
        }),
        thresholds: vec![Threshold {
            value: 10.0,
            label: "depleted".to_owned(),
        }],
        turns: infusion(),
    }
}

pub(crate) fn scores() -> Panels {
    let months = [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0, 12.0];
    let score = |label: &str, start: f64, each_less: f64| Panel {
        y: Axis::new(label, if label == "PGA" { "" } else { "points" }),
        series: each(|number, _, _| {
            months
                .iter()
                .filter(|month| number != 7 || **month <= 6.0)
                .map(|month| {
                    let from = start + (number % 4) as f64 * start / 6.0;
                    let left: f64 = [0.0, 0.25, 0.1, 0.3][number % 4];
                    let falls: f64 = -month * each_less;
                    let value = from * (falls.exp() * (1.0 - left) + left);
                    Point::new(*month, (value * 10.0).round() / 10.0)
                })
                .collect()
        }),
        range: None,
        thresholds: if label == "SELENA-SLEDAI" {
            vec![Threshold {
                value: 4.0,
                label: "LLDAS: at most".to_owned(),
            }]
        } else {
            vec![]
        },
    };
    Panels {
        title: "Disease activity".to_owned(),
        x: Axis::new("Time since infusion", "months"),
        panels: vec![
            score("SELENA-SLEDAI", 12.0, 0.9),
            score("BILAG-2004", 18.0, 0.8),
            score("PGA", 2.0, 0.7),
        ],
        turns: vec![],
    }
}

/// Label, unit, start, how far it goes at its worst, when, and what is normal.
type Course = (
    &'static str,
    &'static str,
    f64,
    f64,
    f64,
    (Option<f64>, Option<f64>),
);

const COURSES: [Course; 12] = [
    ("CRP", "mg/L", 4.0, 62.0, 9.0, (None, Some(5.0))),
    (
        "Ferritin",
        "µg/L",
        240.0,
        1900.0,
        13.0,
        (Some(15.0), Some(150.0)),
    ),
    ("IL-6", "pg/mL", 4.0, 180.0, 8.0, (None, Some(7.0))),
    ("IFN-γ", "pg/mL", 3.0, 96.0, 9.0, (None, Some(16.0))),
    ("TNF-α", "pg/mL", 6.0, 24.0, 10.0, (None, Some(8.1))),
    ("IgG", "g/L", 13.0, 5.1, 60.0, (Some(7.0), Some(16.0))),
    ("IgA", "g/L", 2.4, 0.5, 60.0, (Some(0.7), Some(4.0))),
    ("IgM", "g/L", 1.1, 0.2, 50.0, (Some(0.4), Some(2.3))),
    (
        "Haemoglobin",
        "g/L",
        112.0,
        78.0,
        14.0,
        (Some(115.0), Some(150.0)),
    ),
    (
        "White cells",
        "10⁹/L",
        4.8,
        0.9,
        7.0,
        (Some(3.5), Some(9.5)),
    ),
    (
        "Platelets",
        "10⁹/L",
        210.0,
        60.0,
        12.0,
        (Some(125.0), Some(350.0)),
    ),
    (
        "Neutrophils",
        "10⁹/L",
        3.2,
        0.4,
        8.0,
        (Some(1.8), Some(6.3)),
    ),
];

pub(crate) fn safety() -> Panels {
    let days = [
        -5.0, 0.0, 3.0, 7.0, 10.0, 14.0, 21.0, 28.0, 42.0, 60.0, 90.0, 120.0, 180.0,
    ];
    Panels {
        title: "Safety parameters".to_owned(),
        x: time(),
        panels: COURSES
            .iter()
            .map(|(label, unit, start, worst, when, (low, high))| Panel {
                y: Axis {
                    scale: if worst > &90.0 && start < &5.0 {
                        Scale::Logarithmic
                    } else {
                        Scale::Linear
                    },
                    ..Axis::new(*label, *unit)
                },
                series: each(|number, _, _| {
                    days.iter()
                        .map(|at| {
                            let width = when * (0.55 + 0.05 * number as f64);
                            let near = (-((at - when) / width).powi(2)).exp();
                            let own = 0.75 + 0.07 * number as f64;
                            Point::new(*at, start * own + (worst - start) * near * own)
                        })
                        .collect()
                }),
                range: Some(Range {
                    low: *low,
                    high: *high,
                    label: "normal range".to_owned(),
                }),
                thresholds: vec![],
            })
            .collect(),
        turns: infusion(),
    }
}

pub(crate) fn response() -> Swimmer {
    let states = ["SRI response", "LLDAS", "DORIS remission"];
    let groups = LEVELS.iter().enumerate().map(|(level, label)| Group {
        label: (*label).to_owned(),
        lanes: PATIENTS
            .iter()
            .enumerate()
            .filter(|(_, patient)| patient.1 == level)
            .map(|(number, (label, _, _, _, _, _, from))| {
                let until = 14.0 - number as f64;
                let lasts = number != 3 && number != 6;
                Lane {
                    label: (*label).to_owned(),
                    from: 0.0,
                    until,
                    followed: number != 6,
                    stretches: states
                        .iter()
                        .zip(from)
                        .filter(|(_, from)| **from > 0.0)
                        .map(|(state, from)| Stretch {
                            state: (*state).to_owned(),
                            from: *from,
                            until: if lasts { until } else { until - 2.5 },
                            lasts,
                        })
                        .collect(),
                    events: std::iter::once(("without other medicines", 0.7 + 0.4 * number as f64))
                        .chain((number == 3).then_some(("flare", until - 2.5)))
                        .map(|(kind, at)| Event {
                            kind: kind.to_owned(),
                            at,
                        })
                        .collect(),
                }
            })
            .collect(),
    });
    Swimmer {
        title: "Responses and how long they lasted".to_owned(),
        x: Axis::new("Time since infusion", "months"),
        groups: groups.collect(),
        states: states.map(str::to_owned).to_vec(),
        kinds: vec!["without other medicines".to_owned(), "flare".to_owned()],
    }
}

pub(crate) fn events() -> Bars {
    let bar = |label: &str, counts: &[u64]| Bar {
        label: label.to_owned(),
        counts: counts.to_vec(),
    };
    Bars {
        title: "Adverse events by worst grade".to_owned(),
        counted: "Patients (N = 8)".to_owned(),
        parts: (1..=5).map(|grade| format!("Grade {grade}")).collect(),
        bars: vec![
            bar("Cytopenia", &[0, 1, 3, 4]),
            bar("Cytokine release syndrome", &[6, 1]),
            bar("Hypogammaglobulinaemia", &[2, 3]),
            bar("IEC-HS", &[0, 0, 0, 1]),
            bar("ICANS", &[]),
        ],
        of: Some(8),
    }
}

/// A BOIN design: target 0.30, boundaries 0.236 and 0.358; a dose is left for good where that rule says so.
pub(crate) fn boin() -> Decisions {
    let columns = (1..=12_usize).map(|patients| {
        (0..=patients)
            .map(|toxicities| {
                let rate = toxicities as f64 / patients as f64;
                let never = [
                    (3, 3),
                    (4, 3),
                    (5, 4),
                    (6, 4),
                    (7, 5),
                    (8, 5),
                    (9, 5),
                    (10, 6),
                    (11, 6),
                    (12, 7),
                ];
                let is_over = never
                    .iter()
                    .any(|(of, from)| *of == patients && toxicities >= *from);
                Some(if is_over {
                    Decision::DeEscalateUnacceptable
                } else if rate <= 0.236 {
                    Decision::Escalate
                } else if rate >= 0.358 {
                    Decision::DeEscalate
                } else {
                    Decision::Stay
                })
            })
            .collect()
    });
    Decisions {
        title: "Decisions of the BOIN design, target 30 %".to_owned(),
        columns: columns.collect(),
        visited: [(3, 0), (2, 1), (1, 2), (1, 3)]
            .iter()
            .zip(LEVELS)
            .map(|((patients, level), _)| Visited {
                patients: *patients,
                toxicities: 0,
                label: LEVELS[*level].to_owned(),
            })
            .collect(),
    }
}

/// Figures with more, and with longer words, than anybody planned for.
pub(crate) const CROWDED: [Named; 8] = [
    ("crowded-flow", |frame| flow(&crowded_flow(5), frame)),
    ("crowded-levels", |frame| flow(&crowded_flow(9), frame)),
    ("crowded-curves", |frame| curves(&crowded_curves(16), frame)),
    ("crowded-cohort", |frame| {
        curves(&crowded_curves(120), frame)
    }),
    ("crowded-panels", |frame| panels(&crowded_panels(), frame)),
    ("crowded-swimmer", |frame| {
        swimmer(&crowded_swimmer(), frame)
    }),
    ("crowded-bars", |frame| bars(&crowded_bars(), frame)),
    ("crowded-decisions", |frame| {
        decisions(&crowded_decisions(), frame)
    }),
];

const LONG: &str = "Immune effector cell-associated haemophagocytic lymphohistiocytosis-like syndrome with \
                    hyperferritinaemia, treated with anakinra and dexamethasone";

fn crowded_flow(levels: usize) -> Flow {
    let reasons = |count| {
        (0..count)
            .map(|number| Reason {
                label: format!("{LONG} {number}"),
                count: number,
            })
            .collect()
    };
    let stage = |label: &str, left| Stage {
        label: label.to_owned(),
        count: 12_345,
        left: reasons(left),
    };
    Flow {
        title: LONG.to_owned(),
        stages: vec![
            stage("Assessed for eligibility at all of the sites", 0),
            stage(LONG, 6),
            stage("Enrolled", 1),
        ],
        levels: (0..levels)
            .map(|number| Level {
                label: format!("Level {number}: {LONG}"),
                stages: vec![
                    stage("Assigned", 0),
                    stage("Infused", 2),
                    stage("DLT-evaluable-participants", 0),
                ],
            })
            .collect(),
    }
}

fn crowded_curves(patients: usize) -> Curves {
    Curves {
        title: LONG.to_owned(),
        x: Axis::new(LONG, "days"),
        y: Axis {
            scale: Scale::Logarithmic,
            ..Axis::new(LONG, "10⁶/L")
        },
        series: (0..patients)
            .map(|number| Series {
                label: format!("NCT05765006-site-{number:03}-participant-{number:03}"),
                points: (0..90)
                    .map(|day| {
                        let value = f64::from(day * 7 % 31 + 1) * (number + 1) as f64 * 1000.0;
                        Point::new(f64::from(day), value)
                    })
                    .collect(),
            })
            .collect(),
        range: Some(Range {
            low: None,
            high: Some(5.0),
            label: LONG.to_owned(),
        }),
        thresholds: vec![Threshold {
            value: 123_456.7,
            label: LONG.to_owned(),
        }],
        turns: [0.0, 85.0]
            .map(|at| Turn {
                at,
                label: LONG.to_owned(),
            })
            .to_vec(),
    }
}

fn crowded_panels() -> Panels {
    let curves = crowded_curves(10);
    Panels {
        title: LONG.to_owned(),
        x: curves.x.clone(),
        panels: (0..7)
            .map(|number| Panel {
                y: Axis {
                    unit: "10⁶ copies per microgram of DNA".to_owned(),
                    scale: if number & 1 == 0 {
                        Scale::Linear
                    } else {
                        Scale::Logarithmic
                    },
                    ..curves.y.clone()
                },
                series: curves.series.clone(),
                range: curves.range.clone(),
                thresholds: curves.thresholds.clone(),
            })
            .collect(),
        turns: curves.turns,
    }
}

fn crowded_swimmer() -> Swimmer {
    let stretch = |state: usize, from: f64| Stretch {
        state: format!("State {state} {LONG}"),
        from,
        until: from + 300.0,
        lasts: state.is_multiple_of(2),
    };
    let lane = |number: usize| Lane {
        label: format!("NCT05765006-site-{number:03}-participant-{number:03}"),
        from: 0.0,
        until: 1000.0 + number as f64,
        followed: true,
        stretches: (0..7)
            .map(|state| stretch(state, 40.0 * (state + number) as f64))
            .collect(),
        events: (0..9)
            .map(|kind| Event {
                kind: format!("Event {kind} {LONG}"),
                at: 90.0 * kind as f64,
            })
            .collect(),
    };
    Swimmer {
        title: LONG.to_owned(),
        x: Axis {
            step: Some(28.0),
            ..Axis::new(LONG, "days")
        },
        groups: (0..3)
            .map(|group| Group {
                label: format!("{group} {LONG}"),
                lanes: (0..5).map(|number| lane(group * 5 + number)).collect(),
            })
            .collect(),
        ..Swimmer::default()
    }
}

fn crowded_bars() -> Bars {
    Bars {
        title: LONG.to_owned(),
        counted: LONG.to_owned(),
        parts: (1..=5)
            .map(|grade| format!("Grade {grade} by {LONG}"))
            .collect(),
        bars: (0..12)
            .map(|number| Bar {
                label: format!("{LONG} {number}"),
                counts: vec![1, 1000, number * 977, 1, 12_345],
            })
            .collect(),
        of: Some(1_234_567),
    }
}

fn crowded_decisions() -> Decisions {
    let says = |row: usize| match row {
        0..3 => Decision::Escalate,
        3..6 => Decision::Stay,
        6..9 => Decision::DeEscalate,
        _ => Decision::DeEscalateUnacceptable,
    };
    Decisions {
        title: LONG.to_owned(),
        columns: (1..=30)
            .map(|patients| (0..=patients).map(|row| Some(says(row))).collect())
            .collect(),
        visited: vec![],
    }
}
