//! The phrases of protocols as windows, and what each prints around an anchor.

use std::fmt::Write as _;

use lind_time::{Edge, Offset, StudyDays, When, Window};

/// A phrase as a protocol writes it, and the window it means.
fn phrases() -> Vec<(&'static str, Window)> {
    let day_28 = StudyDays::FromOne.window(28, Offset::days(3)).unwrap();
    let across_day_1 = Window::between(
        Edge::closed(StudyDays::FromOne.offset(-1).unwrap()),
        Edge::closed(StudyDays::FromOne.offset(1).unwrap()),
    );
    vec![
        (
            "within 14 days before E",
            Window::within_before(Offset::days(14), false),
        ),
        (
            "within 14 days strictly before E",
            Window::within_before(Offset::days(14), true),
        ),
        (
            "within 2 weeks before E",
            Window::within_before(Offset::weeks(2), false),
        ),
        (
            "within 48 hours before E",
            Window::within_before(Offset::hours(48), false),
        ),
        (
            "within 48 hours after E",
            Window::within_after(Offset::hours(48), true),
        ),
        (
            "within 30 minutes after E",
            Window::within_after(Offset::minutes(30), false),
        ),
        (
            "within 7 days after E",
            Window::within_after(Offset::days(7), false),
        ),
        (
            "within 7 days either side of E",
            Window::either_side(Offset::days(7)),
        ),
        (
            "at least 4 weeks before E",
            Window::at_least_before(Offset::weeks(4)),
        ),
        (
            "more than 4 weeks before E",
            Window::more_than_before(Offset::weeks(4)),
        ),
        (
            "at least 4 weeks after E",
            Window::at_least_after(Offset::weeks(4)),
        ),
        (
            "more than 6 months after E",
            Window::more_than_after(Offset::months(6)),
        ),
        (
            "within 1 month before E",
            Window::within_before(Offset::months(1), false),
        ),
        (
            "within 6 months before E",
            Window::within_before(Offset::months(6), false),
        ),
        (
            "within 2 years after E",
            Window::within_after(Offset::years(2), false),
        ),
        ("day 28 +/- 3 days, E being day 1", day_28),
        ("day -1 to day 1, E being day 1", across_day_1),
        ("by E", Window::up_to_and_including_anchor()),
        ("before E", Window::before_anchor()),
        ("on the day of E", Window::on_anchor()),
        ("from E on", Window::from_anchor_on()),
        ("after E", Window::after_anchor()),
    ]
}

#[test]
fn every_phrase_prints_back_as_an_interval() {
    let mut table = String::new();
    for (phrase, window) in phrases() {
        writeln!(table, "{phrase}").unwrap();
        writeln!(table, "  means         {window}").unwrap();
        for anchor in ["2024-08-31", "2024-08-31T08:30", "2024-08"] {
            let resolved = window.resolve(&When::parse(anchor).unwrap());
            let sensitive = if resolved.boundary_sensitive() {
                "  [month end]"
            } else {
                ""
            };
            writeln!(table, "  E {anchor:<16} {resolved}{sensitive}").unwrap();
        }
        writeln!(table).unwrap();
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("phrases", table);
    });
}
