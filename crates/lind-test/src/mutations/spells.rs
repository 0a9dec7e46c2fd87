//! Days on which a value passes a test: how many, which, and when they end.

use lind_model::plan::{NodeKind, Plan, SpellPlan};
use lind_model::protocol::{Spell, SpellCount, Subject};
use lind_units::Exact;

use crate::mutations::intervals::intervals;
use crate::mutations::values::{samples, tests};
use crate::mutations::windows::windows;
use crate::mutations::{Variant, becomes};

/// Other counts in place of one.
pub(super) fn spells(plan: &Plan, found: &SpellPlan) -> Vec<Variant> {
    let spell = &found.spell;
    let kind = |spell: Spell| {
        NodeKind::Spell(Box::new(SpellPlan {
            spell,
            samples: found.samples.clone(),
        }))
    };
    let mut variants = Vec::new();
    if spell.counted != SpellCount::WithValue {
        for changed in intervals(&spell.days, Some(&Exact::one()), None, "days") {
            let other = Spell {
                days: changed.interval,
                ..spell.clone()
            };
            variants.push(Variant::new(changed.change, kind(other)));
        }
    }
    for (change, test, is_equivalent) in tests(plan, Subject::Measure(spell.measure), &spell.test) {
        let other = Spell {
            test,
            ..spell.clone()
        };
        variants.push(Variant {
            is_equivalent,
            ..Variant::new(change, kind(other))
        });
    }
    for (change, window) in windows(plan, &spell.window) {
        let other = Spell {
            window,
            ..spell.clone()
        };
        variants.push(Variant::new(change, kind(other)));
    }
    let words = |days: u32| {
        let word = if days == 1 { "day" } else { "days" };
        format!("{days} {word} of recovery")
    };
    match spell.counted {
        SpellCount::Longest { recovery } => {
            let mut others = vec![recovery.saturating_add(1)];
            others.extend(recovery.checked_sub(1).filter(|days| *days > 0));
            for days in others {
                let other = Spell {
                    counted: SpellCount::Longest { recovery: days },
                    ..spell.clone()
                };
                variants.push(Variant::new(
                    becomes(&words(recovery), &words(days)),
                    kind(other),
                ));
            }
            let other = Spell {
                counted: SpellCount::Total,
                ..spell.clone()
            };
            variants.push(Variant::new(becomes("in a row", "in total"), kind(other)));
        }
        SpellCount::Total => {
            let other = Spell {
                counted: SpellCount::Longest { recovery: 1 },
                ..spell.clone()
            };
            variants.push(Variant::new(becomes("in total", "in a row"), kind(other)));
        }
        SpellCount::WithValue => {}
    }
    if spell.counted != SpellCount::WithValue {
        let gaps = |days: u32| format!("gaps up to {days} days");
        let mut others = vec![spell.gap.saturating_add(1)];
        others.extend(spell.gap.checked_sub(1));
        for gap in others {
            let other = Spell {
                gap,
                ..spell.clone()
            };
            variants.push(Variant::new(
                becomes(&gaps(spell.gap), &gaps(gap)),
                kind(other),
            ));
        }
    }
    for (change, samples) in samples(plan, &found.samples) {
        let other = SpellPlan {
            spell: spell.clone(),
            samples,
        };
        variants.push(Variant::new(change, NodeKind::Spell(Box::new(other))));
    }
    variants
}
