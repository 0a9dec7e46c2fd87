//! The values that endpoints and figures are computed from.

use lind_eval::series;
use lind_model::OpenKind;
use lind_model::protocol::{Interval, Window};
use lind_time::When;
use lind_units::Kind;

use crate::build::*;
use crate::data::*;

#[test]
fn the_values_of_a_window_stand_in_their_order_each_with_the_limits_of_its_sample() {
    let mut build = Build::new();
    let anc = build.quantity("anc", Kind::NCnc, "10*9/L", Some(("0", "400")));
    build.exclusion("E1", value(anc, in_unit(below("1"), "10*9/L")).done());
    let data = Data::new()
        .seen("anc,2024-05-09,300,/uL,<,1500,7000")
        .seen("anc,2024-03-01,1,10*9/L")
        .seen("anc,2024-04-25,2,10*9/L")
        .seen("anc,2024-04,3,10*9/L")
        .seen("anc,2024-05-01,3,mg/dL");
    let run = Run::new(&build, &data);
    let context = run.context();
    let known_at = When::parse("2024-05-09").unwrap();
    let within = |window: Option<Window>| {
        series(
            &run.program,
            &context,
            &run.chart,
            anc,
            window.as_ref(),
            known_at,
        )
    };

    let found = within(Some(days_before(SCREENING, 14))).unwrap();
    let inside: Vec<bool> = found.values.iter().map(|it| it.certainly_inside).collect();
    // At some time in April: it may lie in the window.
    assert_eq!(inside, [false, true, true, true]);
    assert!(!found.may_lack_values);
    assert_eq!(found.values[1].exact(), Some(&exact("2")));
    assert!(found.values[2].number.is_err(), "its unit does not convert");
    let last = &found.values[3];
    assert_eq!(last.exact(), None);
    assert_eq!(
        last.number,
        Ok(Interval {
            low: Some((exact("0"), true)),
            high: Some((exact("0.3"), false)),
        })
    );
    assert_eq!(last.lower_limit, Some(exact("1.5")));
    assert_eq!(last.upper_limit, Some(exact("7")));
    assert_eq!(run.chart.sources.file(last.at), "observations.csv");

    assert_eq!(within(None).unwrap().values.len(), 5);
    assert_eq!(
        within(Some(days_before(INFUSION, 14))).unwrap_err(),
        OpenKind::Pending
    );
}
