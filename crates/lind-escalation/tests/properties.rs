//! What holds for every design, every count and every run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use lind_escalation::replay::{Conduct, Dlt, Participant, Run, Standing, StepVerdict, replay};
use lind_escalation::{
    AcceleratedTitration, Boin, Course, Decision, Design, EquivalenceInterval, Next,
    ThreePlusThree, clopper_pearson,
};
use lind_time::Day;
use lind_units::Exact;
use proptest::prelude::*;

fn percent(number: i64) -> Exact {
    Exact::from_ratio(number, 100).unwrap()
}

fn designs() -> impl Strategy<Value = Design> {
    let interval = (10_i64..=50, 2_i64..=8)
        .prop_map(|(target, half)| EquivalenceInterval::new(percent(target), percent(half)));
    prop_oneof![
        (any::<bool>(), any::<bool>()).prop_map(|(de_escalates, six_at_mtd)| {
            Design::ThreePlusThree(ThreePlusThree {
                de_escalates,
                six_at_mtd,
            })
        }),
        Just(Design::AcceleratedTitration(AcceleratedTitration::default())),
        (5_i64..=60).prop_map(|target| Design::Boin(Boin::new(percent(target)))),
        interval.clone().prop_map(Design::Mtpi2),
        interval.clone().prop_map(Design::Mtpi),
        interval.prop_map(Design::I3Plus3),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// decision(x, n) <= decision(x + 1, n), and every bound grows with n.
    #[test]
    fn more_toxicities_are_never_a_lesser_reason_for_caution(design in designs()) {
        let table = design.table(20).unwrap();
        for row in table.rows() {
            for dlts in 0..row.evaluable {
                prop_assert!(row.decision(dlts) <= row.decision(dlts + 1));
            }
        }
        for pair in table.rows().windows(2) {
            prop_assert!(pair[0].escalate_up_to <= pair[1].escalate_up_to, "{pair:?}");
            for dlts in 0..=pair[0].evaluable {
                // Below the least number nothing is eliminated: among more, it may be.
                let is_first = pair[0].eliminate_from.is_none();
                let before = pair[0].decision(dlts);
                let after = pair[1].decision(dlts);
                prop_assert!(
                    after <= before
                        || (is_first && after == Decision::Eliminate)
                        || (design.target().is_none() && before == Decision::Stay),
                    "{dlts} among {}: {before}, then {after}", pair[0].evaluable
                );
            }
        }
        for row in table.rows() {
            let decision = design.decision(lind_escalation::Tally::new(row.evaluable, row.evaluable));
            prop_assert_eq!(decision.unwrap(), row.decision(row.evaluable));
        }
    }

    /// A run in which every step is what the rule says conforms, whatever happens to its participants.
    #[test]
    fn a_run_by_the_rule_conforms(
        design in designs(),
        toxic in prop::collection::vec(0_u8..100, 60),
        rate in 0_u8..100,
        levels in 1_usize..6,
    ) {
        let mut conduct = Conduct::new((1..=levels).map(|level| level.to_string()), design.clone(), 28);
        conduct.cohorts.most = 3;
        let run = by_the_rule(&design, levels, |place| toxic[place % toxic.len()] < rate);
        let found = replay(&conduct, &run).unwrap();
        prop_assert_eq!(found.standing, Standing::Conforms, "{:?}\n{:?}", found, run);
        for step in &found.steps[..found.steps.len().saturating_sub(1)] {
            prop_assert_eq!(step.verdict, StepVerdict::Conforming, "{:?}", step);
        }
        let part = Run { is_whole: false, ..run };
        prop_assert_eq!(replay(&conduct, &part).unwrap().standing, Standing::Consistent);
    }

    /// A replay ends and says something of any run at all.
    #[test]
    fn any_run_can_be_replayed(
        design in designs(),
        people in prop::collection::vec((0_usize..3, 0_i64..400, 0_u8..4), 0..25),
        is_whole in any::<bool>(),
    ) {
        let conduct = Conduct::new(["low", "middle", "high"], design, 28);
        let participants = people.iter().enumerate().map(|(place, &(level, after, kind))| {
            let day = day(after);
            let dlt = match kind {
                0 => Dlt::On(day),
                1 => Dlt::Pending,
                2 => Dlt::NotCounted(day.add_days(40).unwrap()),
                _ => Dlt::None,
            };
            Participant::treated(format!("P{place}"), level, day, dlt)
        });
        let run = Run { is_whole, ..Run::whole(participants) };
        let found = replay(&conduct, &run).unwrap();
        let has_findings = !found.findings.is_empty() || found.steps.iter().any(|step| !step.findings.is_empty());
        prop_assert_eq!(has_findings, !matches!(found.standing, Standing::Conforms | Standing::Consistent));
        prop_assert_eq!(found.steps.is_empty(), people.is_empty());
    }

    /// The interval of n - x is that of x turned round, and x/n lies in it.
    #[test]
    fn intervals_are_symmetric(of in 1_u32..40, part in 0_u32..40, confidence in 50_i64..99) {
        let events = part.min(of);
        let confidence = percent(confidence);
        let interval = clopper_pearson(events, of, &confidence, 6).unwrap();
        let turned = clopper_pearson(of - events, of, &confidence, 6).unwrap();
        let one = Exact::one();
        prop_assert_eq!(&one.sub(&interval.lower.low), &turned.upper.high);
        prop_assert_eq!(&one.sub(&interval.upper.high), &turned.lower.low);
        let share = Exact::from_ratio(i64::from(events), i64::from(of)).unwrap();
        prop_assert!(interval.lower.low <= share && share <= interval.upper.high);
    }
}

fn day(number: i64) -> Day {
    Day::from_ymd(2024, 1, 1).unwrap().add_days(number).unwrap()
}

/// A trial in which each cohort is treated when the windows of the last one are closed.
fn by_the_rule(design: &Design, levels: usize, is_toxic: impl Fn(usize) -> bool) -> Run {
    let rule = design.rule(60).unwrap();
    let mut course = Course::new(levels, 0).unwrap();
    let mut participants = Vec::new();
    let mut cohort_day = day(0);
    while participants.len() < 36 {
        let judgement = rule.judge(&course);
        course.eliminated_from = judgement.eliminated_from;
        let Next::Treat { level, until } = judgement.next else {
            break;
        };
        let treated = course.tallies[level].evaluable;
        for _ in 0..until.map_or(3, |until| until - treated) {
            let dlt = if is_toxic(participants.len()) {
                course.tallies[level].dlts += 1;
                Dlt::On(cohort_day)
            } else {
                Dlt::None
            };
            course.tallies[level].evaluable += 1;
            let id = format!("P{}", participants.len());
            let mut participant = Participant::treated(id, level, cohort_day, dlt);
            participant.order = participants.len() as u32;
            participants.push(participant);
        }
        course.current = level;
        cohort_day = cohort_day.add_days(29).unwrap();
    }
    Run::whole(participants)
}
