//! The decisions of a run, one after the other.

use lind_time::Day;

use super::counts::{Counted, Moment, State, course, known};
use super::{
    Action, Conduct, Finding, Known, Replay, Run, Standing, Step, StepVerdict, Violation, level_of,
};
use crate::MOST_EVALUABLE;
use crate::course::{Judgement, Next, Rule, Stop};
use crate::error::DesignError;
use crate::table::{Decision, Tally};

/// What a replay carries along.
pub(super) struct Replaying<'a> {
    pub(super) conduct: &'a Conduct,
    pub(super) run: &'a Run,
    rules: Vec<Rule>,
    /// Everybody who was treated, in the order of treatment.
    pub(super) treated: Vec<Counted<'a>>,
    eliminated_from: Option<usize>,
    steps: Vec<Step>,
    findings: Vec<Finding>,
}

/// Where in the order of treatment the replay is.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// How many were treated before.
    pub(super) before: usize,
    pub(super) day: Day,
    pub(super) level: usize,
}

impl Place {
    fn moment(self) -> Moment {
        Moment {
            day: self.day,
            at_its_end: false,
        }
    }
}

pub(super) fn replay(conduct: &Conduct, run: &Run) -> Result<Replay, DesignError> {
    let mut treated: Vec<Counted<'_>> = run
        .participants
        .iter()
        .filter_map(|participant| Counted::of(conduct, participant))
        .collect();
    treated.sort_by_key(|counted| (counted.day, counted.participant.order));
    let most = largest_level(conduct, &treated);
    let rules: Result<Vec<Rule>, DesignError> = conduct
        .designs
        .iter()
        .map(|(_, design)| design.rule(most))
        .collect();
    let mut replaying = Replaying {
        conduct,
        run,
        rules: rules?,
        treated,
        eliminated_from: None,
        steps: Vec::new(),
        findings: Vec::new(),
    };
    replaying.go()?;
    Ok(replaying.finish())
}

/// The most that count at any level, and room for those a part of the data leaves out.
fn largest_level(conduct: &Conduct, treated: &[Counted<'_>]) -> u32 {
    let at = |level: usize| {
        let at = treated
            .iter()
            .filter(|counted| counted.level == Some(level));
        at.count()
    };
    let most = (0..conduct.levels.len()).map(at).max();
    let most = u32::try_from(most.unwrap_or(0)).unwrap_or(u32::MAX);
    let room = conduct.most_at_level.or(conduct.most_in_all).unwrap_or(30);
    most.max(room).clamp(6, MOST_EVALUABLE)
}

impl<'a> Replaying<'a> {
    fn go(&mut self) -> Result<(), DesignError> {
        self.look_at_participants();
        // Since when people are treated at the level at hand, and how many of those who count are in the cohort.
        let mut cohort_begin = 0;
        for before in 0..self.treated.len() {
            let Some((day, level)) = self.at(before) else {
                continue;
            };
            let place = Place { before, day, level };
            match before.checked_sub(1).and_then(|last| self.at(last)) {
                None => self.look_at_start(place),
                Some((_, last_level)) => {
                    let cohort = self.treated.get(cohort_begin..before).unwrap_or_default();
                    let in_cohort = cohort.iter().filter(|counted| counted.level.is_some());
                    let is_whole = in_cohort.count() >= self.cohort_size(day);
                    let is_decided = self.recorded_before(place, last_level).is_some();
                    if level != last_level || is_whole || is_decided {
                        self.decide(place, last_level)?;
                        cohort_begin = before;
                    } else {
                        self.look_for_elimination(place)?;
                    }
                }
            }
            self.look_at_numbers(place);
            self.look_at_distances(place);
        }
        self.end()
    }

    fn at(&self, place: usize) -> Option<(Day, usize)> {
        let counted = self.treated.get(place)?;
        Some((counted.day, counted.used()))
    }

    /// How many are treated before the next decision.
    fn cohort_size(&self, day: Day) -> usize {
        let design = self.conduct.design_on(day);
        let three = self
            .rules
            .get(design)
            .filter(|rule| rule.finds_by_itself())
            .map(|rule| rule.least_to_escalate().max(3));
        three.unwrap_or(self.conduct.cohorts.most) as usize
    }

    /// What a rule says on a day, about a level, from those treated before a place.
    fn judge(
        &self,
        before: usize,
        level: usize,
        moment: Moment,
    ) -> Result<(Vec<Known>, usize, Judgement), DesignError> {
        let treated = self.treated.get(..before).unwrap_or_default();
        let known = known(self.conduct, treated, moment);
        let mut course = course(self.conduct, &known, treated, level, moment)?;
        course.eliminated_from = self.eliminated_from;
        let design = self.conduct.design_on(moment.day);
        let rule = self.rules.get(design).ok_or(DesignError::Designs)?;
        // The levels that the data eliminate, whichever is at hand.
        for other in 0..self.conduct.levels.len() {
            if rule.decision(course.tally(other)) == Decision::Eliminate {
                let from = course.eliminated_from.map_or(other, |from| from.min(other));
                course.eliminated_from = Some(from);
            }
        }
        let judgement = rule.judge(&course);
        Ok((known, design, judgement))
    }

    /// Somebody is treated at another level, or begins another cohort.
    fn decide(&mut self, place: Place, level: usize) -> Result<(), DesignError> {
        let recorded = self.recorded_before(place, level);
        let moment = Moment {
            day: recorded.map_or(place.day, |(_, day)| day),
            at_its_end: recorded.is_some(),
        };
        let day = moment.day;
        let (known, design, rule) = self.judge(place.before, level, moment)?;
        let recorded = recorded.map(|(index, _)| index);
        let to = place.level;
        let mut findings = Vec::new();
        let stopped = self.after_stop(to, &rule);
        if to > level {
            self.look_at_escalation(place, level, &known, &rule, &mut findings);
        } else if to == level && stopped.is_none() {
            self.look_at_stay(place, &known, &rule, &mut findings);
        }
        if let Some(violation) = stopped {
            findings.push(self.finding(violation, self.who(place.before), place.day));
        }
        self.look_at_record(recorded, &known, level, Some((to, place)), &mut findings);
        self.explain(recorded, &mut findings);
        let allows_more = match rule.next {
            Next::Treat { level: next, .. } => to < next,
            Next::Stop(_) => false,
        };
        self.eliminated_from = rule.eliminated_from;
        self.steps.push(Step {
            day,
            level,
            to: Some(to),
            known,
            design,
            rule,
            recorded,
            verdict: if !findings.is_empty() {
                StepVerdict::Violation
            } else if allows_more {
                StepVerdict::MoreCautious
            } else {
                StepVerdict::Conforming
            },
            findings,
        });
        Ok(())
    }

    /// Whether nobody may be treated at a level any more.
    fn after_stop(&self, to: usize, rule: &Judgement) -> Option<Violation> {
        if rule.next == Next::Stop(Stop::TooToxic) {
            return Some(Violation::AfterStop { level: to });
        }
        let eliminated_from = rule.eliminated_from.filter(|&from| to >= from)?;
        Some(Violation::EliminatedLevel {
            level: to,
            eliminated_from,
        })
    }

    fn look_at_stay(
        &self,
        place: Place,
        known: &[Known],
        rule: &Judgement,
        findings: &mut Vec<Finding>,
    ) {
        let level = place.level;
        let here = known.get(level).copied().unwrap_or_default();
        if rule.decision >= Decision::DeEscalate && level_of(rule.next) != Some(level) {
            let violation = Violation::AgainstRule {
                level,
                tally: here.tally,
                says: rule.decision,
                to: level,
            };
            findings.push(self.finding(violation, Vec::new(), place.day));
        }
        let open = self.open_windows(place, level);
        if !open.is_empty() && open.len() >= self.conduct.cohorts.most as usize {
            let violation = Violation::OpenWindows {
                level,
                escalated: false,
            };
            findings.push(self.finding(violation, open, place.day));
        }
    }

    fn look_at_escalation(
        &self,
        place: Place,
        level: usize,
        known: &[Known],
        rule: &Judgement,
        findings: &mut Vec<Finding>,
    ) {
        let to = place.level;
        let here = known.get(level).copied().unwrap_or_default();
        if to > self.conduct.highest {
            let violation = Violation::AboveHighest { level: to };
            findings.push(self.finding(violation, Vec::new(), place.day));
        } else if to > level + 1 {
            let violation = Violation::SkippedLevel { from: level, to };
            findings.push(self.finding(violation, Vec::new(), place.day));
        }
        let open = self.open_windows(place, level);
        let mut observed = 0;
        if self.conduct.stagger.after_window && !open.is_empty() {
            // Those who are still observed are told of once: not again as missing from the cohort.
            observed = here.pending;
            let violation = Violation::OpenWindows {
                level,
                escalated: true,
            };
            findings.push(self.finding(violation, open, place.day));
        }
        if self.after_stop(to, rule).is_some() {
            return;
        }
        let least = self.rules.get(self.conduct.design_on(place.day));
        let least = least.map_or(1, Rule::least_to_escalate);
        let needed = self.conduct.cohorts.least.max(least);
        let counted = here.tally.evaluable;
        let is_small = counted < needed && rule.decision < Decision::DeEscalate;
        if is_small && counted + observed < needed {
            let violation = Violation::CohortTooSmall {
                level,
                counted,
                needed,
            };
            findings.push(self.finding(violation, Vec::new(), place.day));
        } else if !is_small && rule.decision != Decision::Escalate {
            let violation = Violation::AgainstRule {
                level,
                tally: here.tally,
                says: rule.decision,
                to,
            };
            findings.push(self.finding(violation, Vec::new(), place.day));
        }
    }

    /// Within a cohort: whether the level was eliminated meanwhile.
    fn look_for_elimination(&mut self, place: Place) -> Result<(), DesignError> {
        let (_, _, rule) = self.judge(place.before, place.level, place.moment())?;
        self.eliminated_from = rule.eliminated_from;
        if let Some(eliminated_from) = rule.eliminated_from.filter(|&from| place.level >= from) {
            let violation = Violation::EliminatedLevel {
                level: place.level,
                eliminated_from,
            };
            self.tell(violation, self.who(place.before), place.day);
        }
        Ok(())
    }

    fn look_at_start(&mut self, place: Place) {
        if place.level != self.conduct.start {
            let violation = Violation::WrongStart { level: place.level };
            self.tell(violation, self.who(place.before), place.day);
        }
    }

    /// Who at a level is still observed when somebody is treated.
    fn open_windows(&self, place: Place, level: usize) -> Vec<String> {
        let moment = place.moment();
        let before = self.treated.get(..place.before).unwrap_or_default();
        before
            .iter()
            .filter(|counted| counted.level == Some(level) && counted.at(moment) == State::Pending)
            .map(|counted| counted.participant.id.clone())
            .collect()
    }

    /// The last recorded decision about a level since the last treatment.
    fn recorded_before(&self, place: Place, level: usize) -> Option<(usize, Day)> {
        let last = place
            .before
            .checked_sub(1)
            .and_then(|last| self.at(last))?
            .0;
        self.recorded_between(level, last, place.day)
    }

    fn recorded_between(&self, level: usize, from: Day, to: Day) -> Option<(usize, Day)> {
        self.run
            .recorded
            .iter()
            .enumerate()
            .filter(|(_, recorded)| recorded.level == level && (from..=to).contains(&recorded.day))
            .max_by_key(|(_, recorded)| recorded.day)
            .map(|(index, recorded)| (index, recorded.day))
    }

    /// Whether a decision is recorded with the counts of the data, and what followed is what was decided.
    fn look_at_record(
        &self,
        recorded: Option<usize>,
        known: &[Known],
        level: usize,
        done: Option<(usize, Place)>,
        findings: &mut Vec<Finding>,
    ) {
        let Some(recorded) = recorded.and_then(|index| self.run.recorded.get(index)) else {
            return;
        };
        let here = known.get(level).copied().unwrap_or_default();
        if let Some((to, place)) = done {
            let is_as_decided = match recorded.action {
                Action::Escalate => to > level,
                Action::Stay => to == level,
                Action::DeEscalate => to < level,
                Action::Stop => false,
            };
            if !is_as_decided {
                let violation = Violation::NotAsDecided {
                    decided: recorded.action,
                    to,
                };
                findings.push(self.finding(violation, self.who(place.before), place.day));
            }
        }
        if let Some(stated) = recorded.stated
            && stated != here.tally
        {
            let violation = Violation::WrongDenominator {
                level,
                stated,
                counted: here.tally,
                others: here.pending + here.not_counted,
            };
            findings.push(self.finding(violation, Vec::new(), recorded.day));
        }
    }

    fn explain(&self, recorded: Option<usize>, findings: &mut [Finding]) {
        let Some(recorded) = recorded.and_then(|index| self.run.recorded.get(index)) else {
            return;
        };
        for finding in findings {
            finding.explained = Some((recorded.by.clone(), recorded.reason.clone()));
        }
    }

    fn end(&mut self) -> Result<(), DesignError> {
        let Some((_, level)) = self
            .treated
            .len()
            .checked_sub(1)
            .and_then(|last| self.at(last))
        else {
            return Ok(());
        };
        let last = self.treated.last().map_or(Day::MIN, |counted| counted.day);
        let closed = self.treated.iter().map(|counted| counted.window_end).max();
        let closed = closed.and_then(|day| day.add_days(1)).unwrap_or(Day::MAX);
        let decided = self.recorded_between(level, last, Day::MAX);
        let decided = decided.map_or(closed, |(_, day)| day.max(closed));
        let day = self.run.as_of.unwrap_or(decided);
        let recorded = self.recorded_between(level, last, day);
        let moment = Moment {
            day,
            at_its_end: true,
        };
        let (known, design, rule) = self.judge(self.treated.len(), level, moment)?;
        let recorded = recorded.map(|(index, _)| index);
        let mut findings = Vec::new();
        self.look_at_record(recorded, &known, level, None, &mut findings);
        self.explain(recorded, &mut findings);
        self.steps.push(Step {
            day,
            level,
            to: None,
            known,
            design,
            rule,
            recorded,
            verdict: match (findings.is_empty(), rule.next) {
                (false, _) => StepVerdict::Violation,
                (true, Next::Stop(_)) => StepVerdict::Conforming,
                (true, Next::Treat { .. }) => StepVerdict::Unfinished,
            },
            findings,
        });
        Ok(())
    }

    pub(super) fn who(&self, place: usize) -> Vec<String> {
        let counted = self.treated.get(place);
        counted
            .map(|counted| counted.participant.id.clone())
            .into_iter()
            .collect()
    }

    fn finding(&self, violation: Violation, participants: Vec<String>, day: Day) -> Finding {
        Finding {
            can_be_made_up_for: self.can_be_made_up_for(&violation),
            violation,
            participants,
            day,
            explained: None,
        }
    }

    pub(super) fn tell(&mut self, violation: Violation, participants: Vec<String>, day: Day) {
        let finding = self.finding(violation, participants, day);
        self.findings.push(finding);
    }

    /// Whether participants who are not in the data could make up for a violation: more of them only lower the share
    /// of toxicities, but never close a window or lengthen a distance.
    fn can_be_made_up_for(&self, violation: &Violation) -> bool {
        match violation {
            Violation::WrongStart { .. }
            | Violation::SkippedLevel { .. }
            | Violation::CohortTooSmall { .. }
            | Violation::WrongDenominator { .. }
            | Violation::WrongReplacement { .. } => true,
            Violation::AgainstRule {
                level, tally, to, ..
            } => self.could_be(
                *tally,
                if to > level {
                    Decision::Escalate
                } else {
                    Decision::Stay
                },
            ),
            Violation::EliminatedLevel {
                eliminated_from, ..
            } => self.could_have_stayed(*eliminated_from),
            Violation::AfterStop { .. } => self.could_have_stayed(0),
            Violation::AboveHighest { .. }
            | Violation::OpenWindows { .. }
            | Violation::TooMany { .. }
            | Violation::DltOutsideWindow { .. }
            | Violation::DltMissed { .. }
            | Violation::NotAsDecided { .. }
            | Violation::TooSoon { .. } => false,
        }
    }

    /// Whether more participants without a toxicity could lead to a decision, or a less cautious one.
    fn could_be(&self, tally: Tally, decision: Decision) -> bool {
        self.rules.iter().any(|rule| {
            let rows = rule.table().rows().iter();
            let mut rows = rows.filter(|row| row.evaluable >= tally.evaluable);
            rows.any(|row| row.decision(tally.dlts) <= decision)
        })
    }

    fn could_have_stayed(&self, level: usize) -> bool {
        let at_level = self
            .treated
            .iter()
            .filter(|counted| counted.level == Some(level));
        let (mut dlts, mut evaluable) = (0, 0);
        for counted in at_level {
            evaluable += 1;
            dlts += u32::from(counted.dlt.is_some());
        }
        self.could_be(Tally::new(dlts, evaluable), Decision::DeEscalate)
    }

    fn finish(self) -> Replay {
        let mut all = self
            .steps
            .iter()
            .flat_map(|step| &step.findings)
            .chain(&self.findings)
            .peekable();
        let standing = match (self.run.is_whole, all.peek().is_some()) {
            (true, false) => Standing::Conforms,
            (true, true) => Standing::Violates,
            (false, false) => Standing::Consistent,
            (false, true) if all.all(|finding| finding.can_be_made_up_for) => {
                Standing::NotConsistentUnless
            }
            (false, true) => Standing::NotConsistent,
        };
        Replay {
            steps: self.steps,
            findings: self.findings,
            standing,
        }
    }
}
