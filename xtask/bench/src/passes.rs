//! What is done with all patients, once each in a process of its own.
//!
//! Each pass uses one thread, and its time is what that thread got of a processor, so that others
//! on the machine do not count. Where the system does not tell, it is the time on the clock.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lind_eval::{Bindings, Context, Program, Scratch, evaluate_into, reason};
use lind_model::{Effect, MilestoneId, Standing, Verdict};
use lind_parquet::RandomAccess;
use lind_records::{Chart, ColumnFile, Dataset, Options, Tables};

use crate::failure::Failure;
use crate::{GATE, protocol};

/// One way to go through all patients, on one thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pass {
    /// The bytes of the tables and no more: what the disk and the memory can do.
    Bytes,
    /// Each field of each row, by the `csv` crate, and nothing done with it.
    Fields,
    /// Charts.
    Charts,
    /// Charts and verdicts.
    Verdicts,
    /// Charts, verdicts, and a reason for each criterion that does not pass.
    Reasons,
    /// Verdicts alone, of charts that are already there.
    Evaluation,
}

impl Pass {
    pub(crate) const ALL: [Self; 6] = [
        Self::Bytes,
        Self::Fields,
        Self::Charts,
        Self::Verdicts,
        Self::Reasons,
        Self::Evaluation,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Fields => "fields",
            Self::Charts => "charts",
            Self::Verdicts => "verdicts",
            Self::Reasons => "reasons",
            Self::Evaluation => "evaluation",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pass| pass.name() == name)
    }
}

/// What a pass took and met.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured {
    pub(crate) seconds: f64,
    /// Patients that were gone through.
    pub(crate) patients: u64,
    /// The most memory that the process ever held, in KiB; 0 if the system does not tell.
    pub(crate) peak: u64,
    pub(crate) eligible: u64,
    pub(crate) ineligible: u64,
    pub(crate) undetermined: u64,
    /// Rows that could not be used: none, or the population is broken.
    pub(crate) problems: u64,
    /// What must not be optimised away: bytes, fields, rows or characters.
    pub(crate) met: u64,
}

impl fmt::Display for Measured {
    /// One line, as the parent process reads it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} {} {} {} {} {} {} {}",
            self.seconds,
            self.patients,
            self.peak,
            self.eligible,
            self.ineligible,
            self.undetermined,
            self.problems,
            self.met
        )
    }
}

impl Measured {
    fn read(line: &str) -> Option<Self> {
        let mut fields = line.split_whitespace();
        let seconds = fields.next()?.parse().ok()?;
        let mut next = || fields.next()?.parse().ok();
        Some(Self {
            seconds,
            patients: next()?,
            peak: next()?,
            eligible: next()?,
            ineligible: next()?,
            undetermined: next()?,
            problems: next()?,
            met: next()?,
        })
    }
}

/// One round: each pass once, each in a process of its own.
pub(crate) type Round = Vec<(Pass, Measured)>;

/// Runs every pass once.
pub(crate) fn round(program: &Path, folder: &Path) -> Result<Round, Failure> {
    Pass::ALL
        .into_iter()
        .map(|pass| {
            let output = Command::new(program)
                .arg("pass")
                .arg(pass.name())
                .arg(folder)
                .output()?;
            let text = String::from_utf8_lossy(&output.stdout);
            match Measured::read(&text) {
                Some(measured) if output.status.success() => Ok((pass, measured)),
                _ => Err(Failure::new(format!(
                    "the pass `{}` failed: {}",
                    pass.name(),
                    String::from_utf8_lossy(&output.stderr).trim()
                ))),
            }
        })
        .collect()
}

/// A moment, by what this thread has had of a processor and by the clock.
pub(crate) struct Moment {
    processor: Option<u64>,
    clock: Instant,
}

impl Moment {
    pub(crate) fn now() -> Self {
        // Nanoseconds on a processor come first.
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        Self {
            processor: text
                .split_whitespace()
                .next()
                .and_then(|nanoseconds| nanoseconds.parse().ok()),
            clock: Instant::now(),
        }
    }

    /// Seconds since then.
    pub(crate) fn elapsed(&self) -> f64 {
        match (self.processor, Self::now().processor) {
            (Some(before), Some(now)) if now > before => {
                Duration::from_nanos(now - before).as_secs_f64()
            }
            _ => self.clock.elapsed().as_secs_f64(),
        }
    }
}

/// Runs a pass in this process.
pub(crate) fn run(pass: Pass, folder: &Path) -> Result<Measured, Failure> {
    run_with(pass, folder, &protocol::program()?, GATE)
}

/// Runs a pass of another protocol in this process.
pub(crate) fn run_with(
    pass: Pass,
    folder: &Path,
    program: &Program,
    gate: &str,
) -> Result<Measured, Failure> {
    let started = Moment::now();
    let mut measured = match pass {
        Pass::Bytes => bytes(folder)?,
        Pass::Fields => fields(folder)?,
        Pass::Charts | Pass::Verdicts | Pass::Reasons => screen(pass, folder, program, gate)?,
        Pass::Evaluation => evaluation(folder, program, gate)?,
    };
    // A pass that takes time out of the middle says so itself.
    if pass != Pass::Evaluation {
        measured.seconds = started.elapsed();
    }
    measured.peak = peak();
    Ok(measured)
}

/// The most memory that this process ever held, in KiB, as Linux tells it.
pub(crate) fn peak() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| peak_in(&status))
        .unwrap_or(0)
}

/// The peak in the text of `/proc/…/status`, in KiB.
pub(crate) fn peak_in(status: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The tables of a folder.
struct Folder(PathBuf);

impl Folder {
    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.0)? {
            let path = entry?.path();
            let is = |wanted: &str| {
                path.extension()
                    .is_some_and(|extension| extension == wanted)
            };
            if is("csv") || is("parquet") || is("json") {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }
}

impl Tables for Folder {
    fn names(&self) -> Vec<String> {
        self.files()
            .unwrap_or_default()
            .iter()
            .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
            .collect()
    }

    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + Send>>> {
        match File::open(self.0.join(name)) {
            Ok(file) => Ok(Some(Box::new(file))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn open_columns(&self, name: &str) -> io::Result<Option<Box<dyn ColumnFile>>> {
        match File::open(self.0.join(name)) {
            Ok(file) => {
                let size = file.metadata()?.len();
                lind_parquet::open(Arc::new(OnDisk { file, size })).map(Some)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A file that is read where it stands.
struct OnDisk {
    file: File,
    size: u64,
}

impl RandomAccess for OnDisk {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(buffer)
    }
}

fn bytes(folder: &Path) -> Result<Measured, Failure> {
    let mut buffer = vec![0; 1 << 18];
    let mut met = 0;
    for path in Folder(folder.to_owned()).files()? {
        let mut file = File::open(path)?;
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            // Lines are counted so that the bytes are looked at.
            let read = buffer.get(..count).unwrap_or_default();
            met += read
                .iter()
                .map(|byte| u64::from(*byte == b'\n'))
                .sum::<u64>();
        }
    }
    Ok(Measured {
        met,
        ..Measured::default()
    })
}

fn fields(folder: &Path) -> Result<Measured, Failure> {
    let mut met = 0;
    for path in Folder(folder.to_owned()).files()? {
        let mut reader = csv::ReaderBuilder::new()
            .buffer_capacity(1 << 18)
            .from_path(path)?;
        let mut record = csv::ByteRecord::new();
        while reader.read_byte_record(&mut record)? {
            met += u64::try_from(record.len()).unwrap_or(0);
        }
    }
    Ok(Measured {
        met,
        ..Measured::default()
    })
}

/// How many patients are held at a time.
const BATCH: usize = 128;

fn screen(pass: Pass, folder: &Path, program: &Program, gate: &str) -> Result<Measured, Failure> {
    let gate = gate_of(program, gate)?;
    let tables = Folder(folder.to_owned());
    let mut dataset = Dataset::open(
        &tables,
        &program.wanted_for_verdicts(false),
        Options::default(),
    )?;
    let mut bindings = Bindings::new(program, &dataset);
    let mut verdict = empty(gate);
    let (mut scratch, mut measured) = (Scratch::new(), Measured::default());
    loop {
        let charts = dataset.next_batch(BATCH)?;
        if charts.is_empty() {
            break;
        }
        measured.patients += u64::try_from(charts.len()).unwrap_or(0);
        if pass == Pass::Charts {
            continue;
        }
        bindings.update(program, &dataset);
        let context = Context::new(&dataset, &bindings);
        for chart in &charts {
            evaluate_into(program, &context, chart, gate, &mut scratch, &mut verdict);
            measured.count(verdict.standing);
            if pass == Pass::Reasons {
                measured.met += explained(program, &context, chart, &verdict);
            }
        }
    }
    measured.problems = dataset.problems().total();
    Ok(measured)
}

impl Measured {
    pub(crate) fn count(&mut self, standing: Standing) {
        match standing {
            Standing::Eligible => self.eligible += 1,
            Standing::Ineligible => self.ineligible += 1,
            Standing::Undetermined => self.undetermined += 1,
        }
    }
}

/// Gives a reason for each criterion that does not pass; how many characters they have.
fn explained(program: &Program, context: &Context<'_>, chart: &Chart, verdict: &Verdict) -> u64 {
    verdict
        .criteria
        .iter()
        .filter(|said| said.due && said.effect != Effect::Pass)
        .map(|said| {
            let reason = reason(program, context, chart, verdict.gate, said.criterion);
            u64::try_from(reason.len()).unwrap_or(0)
        })
        .sum()
}

/// Verdicts of the first patients, again and again, so that no reading is in between.
fn evaluation(folder: &Path, program: &Program, gate: &str) -> Result<Measured, Failure> {
    const HELD: usize = 2_000;
    const TIMES: u32 = 10;
    let gate = gate_of(program, gate)?;
    let tables = Folder(folder.to_owned());
    let mut dataset = Dataset::open(&tables, &program.wanted(), Options::default())?;
    let charts = dataset.next_batch(HELD)?;
    let bindings = Bindings::new(program, &dataset);
    let context = Context::new(&dataset, &bindings);
    let mut verdict = empty(gate);
    let (mut scratch, mut measured) = (Scratch::new(), Measured::default());
    let mut started = Moment::now();
    for time in 0..=TIMES {
        // The first time warms up and is not counted.
        if time == 1 {
            started = Moment::now();
            measured = Measured::default();
        }
        for chart in &charts {
            evaluate_into(program, &context, chart, gate, &mut scratch, &mut verdict);
            measured.count(verdict.standing);
            measured.patients += 1;
        }
    }
    measured.seconds = started.elapsed();
    Ok(measured)
}

pub(crate) fn gate_of(program: &Program, name: &str) -> Result<MilestoneId, Failure> {
    program
        .plan()
        .protocol
        .milestones
        .iter()
        .position(|milestone| &*milestone.name == name)
        .map(MilestoneId::from_index)
        .ok_or_else(|| Failure::new(format!("the protocol has no milestone {name}")))
}

fn empty(gate: MilestoneId) -> Verdict {
    Verdict {
        gate,
        standing: Standing::Undetermined,
        criteria: Vec::new(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{Measured, Pass, run};
    use crate::population::prepare;

    #[test]
    fn what_a_pass_says_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let population = prepare(folder.path(), 200).unwrap();
        let measured = run(Pass::Reasons, folder.path()).unwrap();
        assert_eq!(
            Measured::read(&measured.to_string()).unwrap().to_string(),
            measured.to_string()
        );

        // The population is not broken, and not all of one kind.
        assert_eq!((measured.patients, measured.problems), (200, 0));
        assert!(measured.eligible > 0 && measured.ineligible > 0 && measured.undetermined > 0);
        assert!(measured.met > 0, "no reason was given");

        // A second time the patients are there.
        assert_eq!(prepare(folder.path(), 200).unwrap().rows, population.rows);
    }
}
