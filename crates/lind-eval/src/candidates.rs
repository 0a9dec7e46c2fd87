//! The observations that may be the value that a test speaks of.

use std::ops::ControlFlow;

use lind_model::MilestoneId;
use lind_model::OpenKind;
use lind_model::plan::SamplePlan;
use lind_model::protocol::{ResultField, TimeOfDay};
use lind_records::{ConceptId, Observation, SetAside, Table};
use lind_time::Tri;

use crate::moments::Moment;
use crate::rows::{End, Extent};
use crate::steps::{Source, Word};
use crate::trace::{Note, Trace};
use crate::view::View;
use crate::windows::Prepared;

/// The observations of a measure that a test may speak of.
pub(crate) struct Candidates<'p, 'c> {
    pub(crate) view: View<'c>,
    pub(crate) concept: ConceptId,
    pub(crate) specimen: Option<Word>,
    pub(crate) window: &'p Prepared<'p>,
    pub(crate) rules: Rules<'p>,
    /// Where the values must come from.
    pub(crate) provenance: &'p [(ResultField, Vec<Word>)],
    /// At which time of the day.
    pub(crate) time_of_day: Option<TimeOfDay>,
    /// How many values there must be, and when.
    pub(crate) evidence: Option<(u32, &'p Prepared<'p>)>,
    /// Values that were taken at the same time are evidence of their own.
    pub(crate) repeats_count: bool,
}

/// Samples that may not be used.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'p> {
    pub(crate) plans: &'p [SamplePlan],
    pub(crate) sources: &'p [Vec<Source>],
}

/// Whether an observation counts: in the window, known by the gate, its sample usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) window: Tri,
    pub(crate) known: Tri,
    pub(crate) sample: Tri,
    /// Whether it comes from where it must.
    pub(crate) provenance: Tri,
    /// Whether it was taken at the time of the day that is asked.
    pub(crate) time_of_day: Tri,
}

impl Place {
    pub(crate) fn membership(self) -> Tri {
        self.window
            .and(self.known)
            .and(self.sample)
            .and(self.provenance)
            .and(self.time_of_day)
    }
}

/// An observation that may count.
#[derive(Clone, Copy)]
pub(crate) struct Candidate<'c> {
    pub(crate) row: &'c Observation,
    pub(crate) moment: Moment,
    pub(crate) place: Place,
}

impl Candidate<'_> {
    pub(crate) fn is_sure(&self) -> bool {
        self.place.membership() == Tri::Yes
    }
}

impl Rules<'_> {
    /// What a test waits for whose sample rules lean on a milestone without a time.
    pub(crate) fn blocked(&self, view: &View<'_>) -> Option<(MilestoneId, OpenKind)> {
        if self.plans.is_empty() {
            return None;
        }
        self.plans
            .iter()
            .filter_map(|rule| view.blocked(&rule.window))
            .max_by_key(|(_, kind)| *kind)
    }

    /// Whether the sample of an observation may be used.
    pub(crate) fn usable<'c, T: Trace<'c>>(
        &self,
        view: &View<'c>,
        row: &'c Observation,
        moment: Moment,
        trace: &mut T,
    ) -> Tri {
        let mut usable = Tri::Yes;
        for (rule, sources) in self.plans.iter().zip(self.sources) {
            let window = view.prepare(&rule.window, Some(moment));
            for source in sources {
                let spoiled = view.spoiled(row, *source, &window, moment, trace);
                usable = usable.and(!spoiled);
                if usable == Tri::No && !T::ON {
                    return usable;
                }
            }
        }
        usable
    }
}

impl<'c> View<'c> {
    /// The observations of a measure with its specimen, the earliest first.
    pub(crate) fn results(
        &self,
        concept: ConceptId,
        specimen: Option<Word>,
    ) -> impl DoubleEndedIterator<Item = &'c Observation> + use<'c> {
        let context = self.context;
        self.chart
            .observations_of(concept)
            .filter(move |row| match (row.specimen, specimen) {
                (Some(specimen), Some(wanted)) => context.is_word(specimen, wanted),
                _ => true,
            })
    }

    /// Whether a record of a set lies in the window of a sample rule.
    fn spoiled<T: Trace<'c>>(
        &self,
        sample: &'c Observation,
        source: Source,
        window: &Prepared<'_>,
        moment: Moment,
        trace: &mut T,
    ) -> Tri {
        let mut spoiled = Tri::No;
        let _ = self.rows(source, |row| {
            let extent = self.extent(&row);
            let one = self
                .overlaps(window, &extent, Some(row.code), Some(moment))
                .and(self.known(extent.begin))
                .and(self.has_code(row.code, source.concept));
            if one != Tri::No {
                trace.note(|| Note::Spoils { sample, row, one });
            }
            spoiled = spoiled.or(one);
            if spoiled == Tri::Yes && !T::ON {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        if let Some(gap) = self.context.bindings.gap(source.concept) {
            trace.note(|| Note::Gap(source.table, gap));
            spoiled = spoiled.or(Tri::Maybe);
        }
        for row in self.chart.set_aside_of(source.table, source.concept) {
            let may = self.set_aside_overlaps(row, window, Some(moment));
            if may != Tri::No {
                trace.note(|| Note::SetAside(row));
                spoiled = spoiled.or(Tri::Maybe);
            }
        }
        spoiled
    }
}

impl<'c> Candidates<'_, 'c> {
    /// The observations of the measure with its specimen, the earliest first.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &'c Observation> + use<'c> {
        self.view.results(self.concept, self.specimen)
    }

    pub(crate) fn moment(&self, row: &Observation) -> Moment {
        self.view.moment(row.time)
    }

    /// Whether an observation counts.
    pub(crate) fn place<T: Trace<'c>>(
        &self,
        row: &'c Observation,
        moment: Moment,
        trace: &mut T,
    ) -> Place {
        let window = self.view.contains(self.window, moment, Some(moment));
        let known = self.view.known(moment);
        let time_of_day = self.time_of_day.map_or(Tri::Yes, |time| moment.is_at(time));
        let provenance = self.provenance_of(row);
        let sample = if window.and(known).and(provenance).and(time_of_day) == Tri::No {
            Tri::Yes
        } else {
            self.rules.usable(&self.view, row, moment, trace)
        };
        Place {
            window,
            known,
            sample,
            provenance,
            time_of_day,
        }
    }

    /// Whether an observation comes from where it must; a blank field may say anything.
    fn provenance_of(&self, row: &Observation) -> Tri {
        let mut comes = Tri::Yes;
        for (field, words) in self.provenance {
            let written = match field {
                ResultField::Source => row.source,
                ResultField::Method => row.method,
                ResultField::Specimen => row.specimen,
                ResultField::BodySite => row.body_site,
            };
            comes = comes.and(match written {
                None => Tri::Maybe,
                Some(written) => Tri::from(
                    words
                        .iter()
                        .any(|word| self.view.context.is_word(written, *word)),
                ),
            });
        }
        comes
    }

    /// Observations of this measure that were set aside and may have counted.
    pub(crate) fn set_aside(&self) -> impl Iterator<Item = (&'c SetAside, Moment)> + use<'_, 'c> {
        let chart = self.view.chart;
        chart
            .set_aside_of(Table::Observations, self.concept)
            .filter_map(|row| {
                let moment = self.view.moment(row.time);
                let membership = self
                    .view
                    .contains(self.window, moment, Some(moment))
                    .and(self.view.known(moment));
                (row.time.is_none() || membership != Tri::No).then_some((row, moment))
            })
    }
}

impl<'c> Candidates<'_, 'c> {
    /// The same wherever their time lies, if it is not certainly after the gate.
    pub(crate) fn set_aside_anywhere(
        &self,
    ) -> impl Iterator<Item = (&'c SetAside, Moment)> + use<'_, 'c> {
        let chart = self.view.chart;
        chart
            .set_aside_of(Table::Observations, self.concept)
            .filter_map(|row| {
                let moment = self.view.moment(row.time);
                let known = row.time.is_none() || self.view.known(moment) != Tri::No;
                known.then_some((row, moment))
            })
    }
}

impl View<'_> {
    /// Whether a row that was set aside may overlap a window: `No` only if its time is known and says so.
    pub(crate) fn set_aside_overlaps(
        &self,
        row: &SetAside,
        window: &Prepared<'_>,
        sample: Option<Moment>,
    ) -> Tri {
        let Some(time) = row.time else {
            return Tri::Maybe;
        };
        let end = match row.table {
            // When it ended cannot be read.
            Table::Conditions | Table::Treatments | Table::Allergies | Table::AdverseEvents => {
                End::Ongoing
            }
            _ => End::AtOnce,
        };
        let extent = Extent::new(Some(time), end, self.context.horizon);
        // Without a code no half-lives are counted: then only a row that begins after the anchor is out.
        let overlap = self.overlaps(window, &extent, None, sample);
        match overlap.and(self.known(extent.begin)) {
            Tri::No => Tri::No,
            _ => Tri::Maybe,
        }
    }
}
