//! Screening of data that can be read in portions: each worker reads a portion and judges whom it
//! finds, and what it found is written and counted in the order of the data.

use lind_eval::{Bindings, Context, Scratch};
use lind_records::{Chart, Dataset, Findings, Portion, PortionReader, ReadError};
use lind_report::Screened;
use rayon::prelude::*;

use super::{BATCH, Judge, Judged, ScreenFormat, Screening};
use crate::commands::cohort::Cohort;
use crate::failure::Stop;
use crate::progress::Progress;

/// How many portions each worker has waiting: enough that none waits for the others for long.
const WAITING: usize = 4;

/// A worker, with names of its own.
struct Worker {
    reader: PortionReader,
    bindings: Bindings,
    scratch: Scratch,
}

/// What came of a portion.
type Read = Result<(Vec<Judged>, Findings), ReadError>;

impl Worker {
    fn read(&mut self, judge: Judge<'_>, cohort: &Cohort<'_>, portion: Portion) -> Read {
        let (charts, findings) = self.reader.read(portion)?;
        self.bindings.update(judge.program, self.reader.dataset());
        let context = Context::new(self.reader.dataset(), &self.bindings);
        let context = cohort.context(context);
        let judged = charts
            .iter()
            .map(|chart: &Chart| judge.judge(&context, chart, &mut self.scratch))
            .collect();
        Ok((judged, findings))
    }
}

impl Screening<'_> {
    /// Reads and judges everybody, in portions. False: the data cannot be read so.
    pub(super) fn in_portions(
        &mut self,
        dataset: &mut Dataset,
        progress: &Progress,
    ) -> Result<bool, Stop> {
        let mut workers = Vec::new();
        for _ in 0..self.workers.current_num_threads() {
            let Some(reader) = dataset.portion_reader() else {
                return Ok(false);
            };
            let bindings = Bindings::new(self.program, reader.dataset());
            workers.push(Worker {
                reader,
                bindings,
                scratch: Scratch::new(),
            });
        }
        let count = workers.len() * WAITING;
        let cohort = self.cohort;
        let unreadable = |error: ReadError| cohort.unreadable(&error);
        let mut portions = cut(dataset, count);
        loop {
            let (now, failure) = portions;
            let is_end = now.is_empty();
            // The next portions are cut while these are read.
            let judge = self.judge();
            let (next, read) = self.workers.install(|| {
                rayon::join(
                    || match (is_end, &failure) {
                        (false, None) => cut(dataset, count),
                        _ => (Vec::new(), None),
                    },
                    || read_all(judge, cohort, &mut workers, now),
                )
            });
            for read in read {
                let (judged, findings) = read.map_err(unreadable)?;
                dataset.take_in(findings).map_err(unreadable)?;
                progress.advance(judged.len());
                self.take(judged)?;
            }
            if let Some(error) = failure {
                return Err(unreadable(error).into());
            }
            if is_end {
                break;
            }
            portions = next;
        }
        self.lay_out()?;
        dataset.end_portions();
        Ok(true)
    }

    /// Writes and counts those who were judged, in their order.
    fn take(&mut self, judged: Vec<Judged>) -> Result<(), Stop> {
        let is_text = self.page.format == ScreenFormat::Text;
        for judged in judged {
            let patient = &judged.screened.patient;
            if !self.arguments.patient.is_empty() {
                self.seen.insert(patient.to_string());
                if !self
                    .arguments
                    .patient
                    .iter()
                    .any(|name| **name == **patient)
                {
                    continue;
                }
            }
            self.tally.add(&judged.screened.verdict);
            self.tally.add_caps(&judged.caps);
            if is_text && self.page.table.is_none() {
                self.first.push(judged.screened);
                if self.first.len() >= BATCH {
                    self.lay_out()?;
                }
            } else if is_text {
                let row = self.page.row(self.program, &judged.screened);
                self.output.write(&row)?;
            } else {
                self.output.write(&judged.row)?;
            }
        }
        self.output.flush()
    }

    /// Lays the table out for the first patients, and writes them.
    fn lay_out(&mut self) -> Result<(), Stop> {
        let first: Vec<Screened> = std::mem::take(&mut self.first);
        if first.is_empty() {
            return Ok(());
        }
        let names = first.iter().map(|screened| &*screened.patient);
        let head = self.page.first_patients(self.program, names);
        self.output.write(&head)?;
        for screened in &first {
            let row = self.page.row(self.program, screened);
            self.output.write(&row)?;
        }
        self.output.flush()
    }
}

/// The next portions, and why there are no more if that is an error.
fn cut(dataset: &mut Dataset, count: usize) -> (Vec<Portion>, Option<ReadError>) {
    let mut portions = Vec::new();
    while portions.len() < count {
        match dataset.next_portion() {
            Ok(Some(portion)) => portions.push(portion),
            Ok(None) => break,
            Err(error) => return (portions, Some(error)),
        }
    }
    (portions, None)
}

/// Reads portions, each worker a run of them.
fn read_all(
    judge: Judge<'_>,
    cohort: &Cohort<'_>,
    workers: &mut [Worker],
    portions: Vec<Portion>,
) -> Vec<Read> {
    let share = portions.len().div_ceil(workers.len().max(1)).max(1);
    let mut portions = portions.into_iter();
    let shares: Vec<Vec<Portion>> = workers
        .iter()
        .map(|_| portions.by_ref().take(share).collect())
        .collect();
    let read: Vec<Vec<Read>> = workers
        .par_iter_mut()
        .zip(shares)
        .map(|(worker, share)| {
            let read = share.into_iter();
            read.map(|portion| worker.read(judge, cohort, portion))
                .collect()
        })
        .collect();
    read.into_iter().flatten().collect()
}
