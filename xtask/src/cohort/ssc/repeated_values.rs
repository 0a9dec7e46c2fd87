//! Q14: which value counts when a test was repeated.

use super::super::patient::{Patient, value};
use super::typical::{ANC, BILIRUBIN, CREATININE, woman};

/// Neutrophils on three days.
fn neutrophils(id: &'static str, counts: [&'static str; 3]) -> Patient {
    let [first, second, third] = counts;
    woman(id)
        .only(value(ANC, "2026-03-04T08:00", first, "10*9/L"))
        .with(value(ANC, "2026-03-07T08:00", second, "10*9/L"))
        .with(value(ANC, "2026-03-10T08:30", third, "10*9/L"))
}

pub(super) fn patients() -> Vec<Patient> {
    vec![
        neutrophils("I7b-1_repeated_and_the_last_too_low", ["1.5", "1.2", "0.9"])
            .not_met("I7b-1", "0.9 is the latest")
            .under("Q14=first")
            .met("I7b-1", "1.5 was the first"),
        neutrophils(
            "I7b-1_repeated_and_the_first_too_low",
            ["0.9", "1.2", "1.5"],
        )
        .met("I7b-1", "1.5 is the latest")
        .under("Q14=first")
        .not_met("I7b-1", "0.9 was the first")
        .under("Q14=worst")
        .not_met("I7b-1", "0.9 is the worst"),
        neutrophils(
            "I7b-1_repeated_and_the_second_too_low",
            ["1.5", "0.9", "1.2"],
        )
        .met("I7b-1", "1.2 is the latest")
        .under("Q14=worst")
        .not_met("I7b-1", "0.9 is the worst"),
        woman("I7c-3_repeated_and_the_first_too_high")
            .with(value(BILIRUBIN, "2026-03-04T08:00", "2.5", "mg/dL").set("high", "1.2"))
            .met("I7c-3", "0.7 is the latest")
            .under("Q14=first")
            .not_met("I7c-3", "2.5 was the first")
            .under("Q14=worst")
            .not_met(
                "I7c-3",
                "2.5 is the worst: of bilirubin that is the highest",
            ),
        woman("I7a_repeated_and_the_first_creatinine_too_high")
            .with(value(CREATININE, "2026-03-04T08:00", "1.6", "mg/dL"))
            .met("I7a", "0.9 is the latest: 78.7 mL/min")
            .under("Q14=first")
            .not_met("I7a", "1.6 was the first: 44.3 mL/min"),
        woman("I7b-1_two_counts_at_one_time")
            .with(value(ANC, "2026-03-10T08:30", "0.9", "10*9/L"))
            .unknown(
                "I7b-1",
                "3.2 and 0.9 from one moment: neither is the latest",
            )
            .under("Q14=worst")
            .not_met("I7b-1", "0.9 is the worst"),
        woman("I7b-1_two_counts_on_one_day_and_one_time_unknown")
            .with(value(ANC, "2026-03-10", "0.9", "10*9/L"))
            .unknown("I7b-1", "0.9 may be the earlier or the later one")
            .under("Q14=worst")
            .not_met("I7b-1", "0.9 is the worst"),
        woman("I7b-1_two_counts_on_one_day_that_agree")
            .with(value(ANC, "2026-03-10", "1.4", "10*9/L"))
            .met("I7b-1", "whichever is the later one, it is enough"),
        woman("I7b-1_the_same_count_twice")
            .with(value(ANC, "2026-03-10T08:30", "3200", "/uL"))
            .met("I7b-1", "sent twice, once in another unit"),
    ]
}
