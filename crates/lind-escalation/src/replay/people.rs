//! What is wrong with participants, whatever was decided: their windows, their number, how far apart they are.

use lind_time::Day;

use super::counts::Counted;
use super::steps::{Place, Replaying};
use super::{Conduct, Dlt, Participant, Violation};

impl Replaying<'_> {
    /// Toxicities and their windows, and who replaces whom.
    pub(super) fn look_at_participants(&mut self) {
        let mut found = Vec::new();
        for counted in &self.treated {
            let (from, to) = (counted.day, counted.window_end);
            let is_inside = |day: Day| (from..=to).contains(&day);
            let violation = match counted.participant.dlt {
                Dlt::On(dlt) if !is_inside(dlt) => Violation::DltOutsideWindow { dlt, from, to },
                Dlt::NotCounted(dlt) if is_inside(dlt) && counted.level.is_some() => {
                    Violation::DltMissed { dlt, from, to }
                }
                Dlt::None | Dlt::Pending | Dlt::On(_) | Dlt::NotCounted(_) => continue,
            };
            let day = match counted.participant.dlt {
                Dlt::On(dlt) | Dlt::NotCounted(dlt) => dlt,
                Dlt::None | Dlt::Pending => counted.day,
            };
            found.push((violation, counted.participant.id.clone(), day));
        }
        for counted in &self.treated {
            let Some(replaced) = &counted.participant.replaces else {
                continue;
            };
            let mut others = self.run.participants.iter();
            let other = others.find(|other| other.id == *replaced);
            if !other.is_some_and(|other| does_not_count(self.conduct, other)) {
                let violation = Violation::WrongReplacement {
                    replaced: replaced.clone(),
                };
                found.push((violation, counted.participant.id.clone(), counted.day));
            }
        }
        for (violation, id, day) in found {
            self.tell(violation, vec![id], day);
        }
    }

    /// How many count, whether or not they are known about yet.
    pub(super) fn look_at_numbers(&mut self, place: Place) {
        let until = self.treated.get(..=place.before).unwrap_or_default();
        let Some(level) = until.last().and_then(|counted| counted.level) else {
            return;
        };
        let in_all = until.iter().filter(|counted| counted.level.is_some());
        let in_all = in_all.count();
        let here = until.iter().filter(|counted| counted.level == Some(level));
        let here = here.count();
        let is_over = |count: usize, most: Option<u32>| most.filter(|&most| count > most as usize);
        let at_level = is_over(here, self.conduct.most_at_level);
        let over_all = is_over(in_all, self.conduct.most_in_all);
        for (most, level) in [(at_level, Some(level)), (over_all, None)] {
            if let Some(most) = most {
                let violation = Violation::TooMany { level, most };
                self.tell(violation, self.who(place.before), place.day);
            }
        }
    }

    pub(super) fn look_at_distances(&mut self, place: Place) {
        let before = self.treated.get(..place.before).unwrap_or_default();
        let Some(last) = before.last() else {
            return;
        };
        let mut at_level = before
            .iter()
            .filter(|counted| counted.used() == place.level);
        let first = at_level.next();
        let is_second = first.is_some() && at_level.next().is_none();
        let first_days = first.map(|first| {
            (
                first.day.days_until(place.day),
                first.participant.id.clone(),
            )
        });
        let last_days = (last.day.days_until(place.day), last.participant.id.clone());
        let checks = [
            (
                self.conduct.stagger.first_of_level,
                first_days.filter(|_| is_second),
                true,
            ),
            (self.conduct.stagger.others, Some(last_days), false),
        ];
        for (least, pair, first_of_level) in checks {
            let (Some(least), Some((days, id))) = (least, pair) else {
                continue;
            };
            if days < i64::from(least) {
                let violation = Violation::TooSoon {
                    days,
                    least,
                    first_of_level,
                };
                let mut who = vec![id];
                who.extend(self.who(place.before));
                self.tell(violation, who, place.day);
            }
        }
    }
}

/// Whether somebody leaves a place to be filled.
fn does_not_count(conduct: &Conduct, participant: &Participant) -> bool {
    Counted::of(conduct, participant).is_none_or(|counted| counted.level.is_none())
}
