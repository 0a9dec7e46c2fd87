//! What was measured, for people.

use crate::command::Run;
use crate::corpus::Trial;
use crate::passes::{Measured, Pass, Round};
use crate::population::Population;
use crate::protocol::Steps;
use crate::statistics::Spread;

#[allow(
    clippy::cast_precision_loss,
    reason = "counts of rows and bytes are shown with three digits"
)]
fn float(count: u64) -> f64 {
    count as f64
}

/// A line: what, the median, and the range.
fn line(what: &str, spread: Spread, unit: &str) {
    println!(
        "  {what:<42}{:>10} {unit:<11} ({} to {})",
        short(spread.median),
        short(spread.least),
        short(spread.most),
    );
}

/// Three digits or more, with a comma between thousands.
fn short(number: f64) -> String {
    if number >= 1_000.0 {
        let whole = format!("{number:.0}");
        let mut text = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        text
    } else if number >= 100.0 {
        format!("{number:.0}")
    } else if number >= 10.0 {
        format!("{number:.1}")
    } else {
        format!("{number:.2}")
    }
}

fn count(number: u64) -> String {
    short(float(number)).replace(".00", "")
}

pub(crate) fn head(population: &Population) {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{} processors, {}", processors, std::env::consts::ARCH);
    println!(
        "{} patients, {} rows ({:.0} each), {:.0} MB in {}\n",
        count(population.patients),
        count(population.rows),
        float(population.rows) / float(population.patients),
        float(population.bytes) / 1e6,
        population.folder.display()
    );
}

pub(crate) fn checking(steps: &Steps, command: &[f64]) {
    println!(
        "Checking the protocol ({} lines, and the library)",
        steps.lines
    );
    let milliseconds = |seconds: &[f64]| Spread::of(seconds.iter().map(|seconds| seconds * 1e3));
    line(
        "parse and check, in process",
        milliseconds(&steps.check),
        "ms",
    );
    line(
        "lower to a program, in process",
        milliseconds(&steps.lower),
        "ms",
    );
    line(
        "`lind check`, from start to end",
        milliseconds(command),
        "ms",
    );
    println!();
}

pub(crate) fn corpus(trials: &[Trial]) {
    println!("Every protocol that comes with Lind");
    println!(
        "  {:<24}{:>7}{:>10}{:>7}{:>14}{:>20}",
        "", "lines", "criteria", "tests", "check", "all its tests"
    );
    for trial in trials {
        println!(
            "  {:<24}{:>7}{:>10}{:>7}{:>11} ms{:>17} ms",
            trial.name,
            trial.lines,
            trial.criteria,
            trial.tests,
            short(trial.check.median * 1e3),
            short(trial.run.median * 1e3),
        );
    }
    println!();
}

pub(crate) fn screening(population: &Population, rounds: &[Round]) {
    let bytes = float(population.bytes);
    let patients = float(population.patients);
    let each = |pass: Pass, number: &dyn Fn(&Measured) -> f64| {
        Spread::of(rounds.iter().flat_map(|round| {
            round
                .iter()
                .filter(|(other, _)| *other == pass)
                .map(|(_, measured)| number(measured))
        }))
    };
    let of_two = |one: Pass, other: Pass, number: &dyn Fn(&Measured, &Measured) -> f64| {
        Spread::of(rounds.iter().filter_map(|round| {
            let find = |pass| round.iter().find(|(other, _)| *other == pass);
            Some(number(&find(one)?.1, &find(other)?.1))
        }))
    };

    println!("What the machine can do, one processor");
    let speed = |measured: &Measured| bytes / 1e6 / measured.seconds;
    line(
        "reading the bytes and counting lines",
        each(Pass::Bytes, &speed),
        "MB/s",
    );
    line(
        "cutting them into fields (csv crate)",
        each(Pass::Fields, &speed),
        "MB/s",
    );
    println!();

    println!("Screening, one processor, everything due");
    let per_second = |measured: &Measured| patients / measured.seconds;
    line(
        "charts alone",
        each(Pass::Charts, &per_second),
        "patients/s",
    );
    line(
        "charts and verdicts",
        each(Pass::Verdicts, &per_second),
        "patients/s",
    );
    line(
        "and a reason for all that does not pass",
        each(Pass::Reasons, &per_second),
        "patients/s",
    );
    line(
        "verdicts alone, of charts in memory",
        each(Pass::Evaluation, &|measured| {
            float(measured.patients) / measured.seconds
        }),
        "patients/s",
    );
    line(
        "charts and verdicts, by size",
        each(Pass::Verdicts, &speed),
        "MB/s",
    );
    let times = |one: &Measured, other: &Measured| one.seconds / other.seconds;
    line(
        "share of reading in screening",
        of_two(Pass::Charts, Pass::Verdicts, &|one, other| {
            100.0 * times(one, other)
        }),
        "%",
    );
    line(
        "screening against cutting into fields",
        of_two(Pass::Verdicts, Pass::Fields, &times),
        "times",
    );
    line(
        "screening against reading the bytes",
        of_two(Pass::Verdicts, Pass::Bytes, &times),
        "times",
    );
    println!();

    let last = |pass: Pass| {
        rounds
            .iter()
            .flatten()
            .filter(|(other, _)| *other == pass)
            .map(|(_, measured)| measured)
            .next_back()
    };
    println!("Peak memory of the process");
    let mebibytes = |measured: &Measured| float(measured.peak) / 1024.0;
    line("cutting into fields", each(Pass::Fields, &mebibytes), "MiB");
    line(
        "charts and verdicts",
        each(Pass::Verdicts, &mebibytes),
        "MiB",
    );
    line("with reasons", each(Pass::Reasons, &mebibytes), "MiB");
    if let Some(measured) = last(Pass::Verdicts) {
        println!(
            "\n  {} eligible, {} ineligible, {} undetermined; {} rows set aside\n",
            count(measured.eligible),
            count(measured.ineligible),
            count(measured.undetermined),
            count(measured.problems)
        );
    }
}

pub(crate) fn command(population: &Population, runs: &[Run]) {
    println!("`lind screen --format json`, all processors, with reasons and a file of results");
    let patients = float(population.patients);
    line(
        "from start to end",
        Spread::of(runs.iter().map(|run| patients / run.seconds)),
        "patients/s",
    );
    line(
        "peak memory",
        Spread::of(runs.iter().map(|run| float(run.peak) / 1024.0)),
        "MiB",
    );
}
