//! `lind names`: what the library calls things.

use clap::Args;
use lind_check::{StandardEntry, standard_entries};

use crate::Ending;
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::terminal::Terminal;

/// Find names of the standard library
#[derive(Debug, Args)]
#[command(
    long_about = "\
Finds names of the standard library by words: of the name, of the title, of a note, or by a \
code. All words must be found, in any order; capitals do not matter, and haemorrhage is \
hemorrhage.

Each line tells the module, what the name is, and its title, so that `use MODULE: NAME` can be \
written. Names that hold the words come first.",
    after_help = "\
Examples:
  lind names pregnan               whatever has to do with pregnancy
  lind names heart rate            both words
  lind names 'L04AX03'             by a code
  lind names hemoglobin --full     the whole entry, with codes and source

Exit codes: 0 something was found, 1 nothing."
)]
pub(crate) struct NamesArguments {
    /// Words that the entry holds
    #[arg(value_name = "WORD", required = true)]
    words: Vec<String>,
    /// Print the whole entries
    #[arg(long)]
    full: bool,
}

pub(crate) fn run(arguments: &NamesArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let words: Vec<String> = arguments
        .words
        .iter()
        .flat_map(|word| word.split_whitespace())
        .map(folded)
        .collect();
    if words.is_empty() {
        return Err(Failure::new("no word is given").into());
    }
    let mut found: Vec<(u8, StandardEntry)> = standard_entries()
        .into_iter()
        .filter_map(|entry| Some((nearness(&entry, &words)?, entry)))
        .collect();
    found.sort_by_key(|(nearness, entry)| (*nearness, entry.module, entry.name));

    let mut output = Output::standard();
    for (_, entry) in &found {
        output.write(&if arguments.full {
            format!("# {}\n{}\n\n", entry.module, entry.text)
        } else {
            line(entry)
        })?;
    }
    output.finish()?;
    if !terminal.is_quiet {
        let names = if found.len() == 1 { "name" } else { "names" };
        terminal.say(&format!("{} {names} found\n", found.len()));
    }
    Ok(Ending::found(found.is_empty()))
}

/// A text in small letters, with British and American spellings made one: `tumour` and `tumor`.
fn folded(text: &str) -> String {
    text.to_lowercase()
        .replace("ae", "e")
        .replace("oe", "e")
        .replace("our", "or")
}

/// How near an entry is to some words: 0 if its name holds all of them, 1 if its name and title do, 2 if the whole
/// entry does; none if it does not.
fn nearness(entry: &StandardEntry, words: &[String]) -> Option<u8> {
    let all_in = |text: &str| {
        let text = folded(text);
        words.iter().all(|word| text.contains(word.as_str()))
    };
    if all_in(entry.name) {
        Some(0)
    } else if all_in(&format!(
        "{} {}",
        entry.name,
        entry.title.unwrap_or_default()
    )) {
        Some(1)
    } else {
        all_in(entry.text).then_some(2)
    }
}

fn line(entry: &StandardEntry) -> String {
    let head = format!("{}: {}", entry.module, entry.name);
    match entry.title {
        Some(title) => format!("{head}  {}, {title}\n", entry.sort),
        None => format!("{head}  {}\n", entry.sort),
    }
}
