//! How fast tables are read, and how much is held in memory:
//! `cargo run --release -p lind-records --example rows_per_second [PATIENTS]`
//!
//! Tables with 20 observations a patient are written to the folder of temporary files, read from
//! there, and removed.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement has files, a clock, arguments and a result"
)]

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use lind_records::{ConceptId, Dataset, Options, Table, Tables, Wanted};

/// How many rows a patient has.
const VISITS: u32 = 20;

/// What is measured: code, first digits, unit and limits. The last one is not asked for.
const MEASURES: [(&str, u32, &str, &str); 5] = [
    ("loinc|718-7", 13, "g/dL", "12.0,16.0"),
    ("loinc|777-3", 250, "10*9/L", "150,400"),
    ("loinc|751-8", 4, "10*9/L", "1.8,7.7"),
    ("loinc|2160-0", 1, "mg/dL", "0.5,1.1"),
    ("loinc|2345-7", 95, "mg/dL", "70,99"),
];

/// The files of a folder.
struct Folder(PathBuf);

impl Tables for Folder {
    fn names(&self) -> Vec<String> {
        vec!["patients.csv".to_owned(), "observations.csv".to_owned()]
    }

    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + Send>>> {
        match File::open(self.0.join(name)) {
            Ok(file) => Ok(Some(Box::new(file))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn write_patients(folder: &Path, patients: u32) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(folder.join("patients.csv"))?);
    writeln!(file, "patient,sex,birth_date")?;
    for patient in 0..patients {
        let (year, month) = (1940 + patient % 60, 1 + patient % 12);
        writeln!(file, "S{patient:07},female,{year}-{month:02}-15")?;
    }
    file.flush()
}

fn write_observations(folder: &Path, patients: u32, by_patient: bool) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(folder.join("observations.csv"))?);
    writeln!(
        file,
        "patient,code,time,value,unit,low,high,specimen,status"
    )?;
    for at in 0..patients * VISITS {
        let (patient, visit) = if by_patient {
            (at / VISITS, at % VISITS)
        } else {
            (at % patients, at / patients)
        };
        let mixed = patient.wrapping_mul(2_654_435_761).wrapping_add(visit * 97) >> 8;
        let measure = usize::try_from(visit).unwrap_or_default() % MEASURES.len();
        let (code, digits, unit, limits) = MEASURES.get(measure).copied().unwrap_or_default();
        let (month, day) = (1 + visit % 12, 1 + mixed % 28);
        let (hour, minute, tenth) = (mixed % 24, mixed / 24 % 60, mixed % 10);
        writeln!(
            file,
            "S{patient:07},{code},2023-{month:02}-{day:02}T{hour:02}:{minute:02},\
             {digits}.{tenth},{unit},{limits},blood,final"
        )?;
    }
    file.flush()
}

/// Hundredths of a second that the processor has worked for this, on systems that tell.
fn worked() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

fn peak_memory() -> String {
    fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .map_or_else(|| "unknown".to_owned(), |peak| peak.trim().to_owned())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let patients = match std::env::args().nth(1) {
        Some(count) => count.parse()?,
        None => 100_000,
    };
    let folder = std::env::temp_dir().join(format!("lind-rows-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    write_patients(&folder, patients)?;
    let mut wanted = Wanted::new();
    for (at, (code, ..)) in (0..).zip(MEASURES.iter().take(4)) {
        wanted.add_code(Table::Observations, ConceptId(at), code);
    }
    for by_patient in [true, false] {
        write_observations(&folder, patients, by_patient)?;
        let tables = Folder(folder.clone());
        let (start, idle) = (Instant::now(), worked());
        let mut dataset = Dataset::open(&tables, &wanted, Options::default())?;
        let (opened, opening) = (start.elapsed(), worked() - idle);
        let (mut charts, mut values) = (0_u64, 0_usize);
        for chart in dataset.charts() {
            charts += 1;
            values += chart?.observations_of(ConceptId(0)).count();
        }
        let (whole, working) = (start.elapsed(), worked() - idle);
        let rows = dataset.rows_read();
        println!(
            "{}: {rows} rows, {charts} charts, {values} values in {whole:.2?} (of it opening \
             {opened:.2?}): {} rows/s; {working} hundredths of a second of work (of it opening \
             {opening}): {} rows/s; peak memory {}; {} problems",
            if by_patient {
                "in the order of patients"
            } else {
                "in another order"
            },
            u128::from(rows) * 1_000_000 / whole.as_micros().max(1),
            rows * 100 / working.max(1),
            peak_memory(),
            dataset.problems().total()
        );
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}
