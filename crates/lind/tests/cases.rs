//! Every console session in `tests/cases`, in `docs/commands`, in the README and in the how-to about data is run.
//!
//! A session is a fenced block of Markdown. Its first line is the command; `? 1` after it is the exit code (0
//! if it is left out); the rest is what goes to the standard output. A block `stderr` right after it is what
//! goes to the standard error. A line `...` stands for any number of lines.
//!
//! ````markdown
//! ```console
//! $ lind check broken.lind
//! ? 1
//! error[E0103]: …
//! ```
//! ````
//!
//! Cases run one after the other in a copy of `tests/data`, documents at the root of the tree, and the how-to in an
//! empty folder with the data of which it tells. `BLESS=1` writes what was printed into the documents.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a command printed, or should print.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Printed {
    code: i32,
    stdout: Vec<String>,
    stderr: Vec<String>,
}

/// A session in a document: its command, what is expected, and which lines say so.
#[derive(Debug)]
struct Session {
    command: String,
    expected: Printed,
    first_line: usize,
    end_line: usize,
}

fn manifest() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn root() -> PathBuf {
    manifest().ancestors().nth(2).unwrap().to_owned()
}

fn markdown_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(markdown_below(&path));
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The sessions of a document.
fn sessions(document: &[&str]) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    let mut index = 0;
    while index < document.len() {
        let fence = document[index];
        index += 1;
        let kind = fence.trim_start_matches('`');
        let ticks = &fence[..fence.len() - kind.len()];
        if ticks.len() < 3 || kind.is_empty() {
            continue;
        }
        let begin = index;
        while document[index] != ticks {
            index += 1;
        }
        let block = &document[begin..index];
        index += 1;
        match kind {
            "console" => {
                let command = block[0].strip_prefix("$ ").expect("a command after `$ `");
                let code = block.get(1).and_then(|line| line.strip_prefix("? "));
                let printed = &block[if code.is_some() { 2 } else { 1 }..];
                sessions.push(Session {
                    command: command.to_owned(),
                    expected: Printed {
                        code: code.map_or(0, |code| code.parse().unwrap()),
                        stdout: printed.iter().map(|line| (*line).to_owned()).collect(),
                        stderr: Vec::new(),
                    },
                    first_line: begin - 1,
                    end_line: index,
                });
            }
            "stderr" => {
                let session = sessions.last_mut().expect("a session before its stderr");
                session.expected.stderr = block.iter().map(|line| (*line).to_owned()).collect();
                session.end_line = index;
            }
            _ => {}
        }
    }
    sessions
}

/// Runs a command line: words, `'quoted words'`, `NAME=value` before the command, `< file` behind it.
fn run(line: &str, folder: &Path) -> Printed {
    let mut words = words(line).into_iter();
    let mut environment = Vec::new();
    let program = loop {
        let word = words.next().expect("a command");
        match word.split_once('=') {
            Some((name, value)) => environment.push((name.to_owned(), value.to_owned())),
            None => break word,
        }
    };
    let mut arguments: Vec<String> = words.collect();
    let mut input = Stdio::null();
    if let Some(place) = arguments.iter().position(|word| word == "<") {
        let path = folder.join(&arguments[place + 1]);
        input = Stdio::from(File::open(path).unwrap());
        arguments.truncate(place);
    }
    if program == "cat" {
        let text = fs::read_to_string(folder.join(&arguments[0])).unwrap();
        return Printed {
            stdout: text.lines().map(str::to_owned).collect(),
            ..Printed::default()
        };
    }
    if program == "unzip" {
        unzip(&arguments, folder);
        return Printed::default();
    }
    assert_eq!(
        program, "lind",
        "only `lind`, `cat` and `unzip` can be run: {line}"
    );
    let output = Command::new(env!("CARGO_BIN_EXE_lind"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("CLICOLOR")
        .envs(environment)
        .stdin(input)
        .output()
        .unwrap();
    let lines = |bytes: &[u8]| -> Vec<String> {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let text = text.replace('\u{1b}', "␛");
        // Editors and people take blanks at the end of a line away.
        text.lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    Printed {
        code: output.status.code().unwrap(),
        stdout: lines(&output.stdout),
        stderr: lines(&output.stderr),
    }
}

/// `unzip -q ARCHIVE -d FOLDER`
fn unzip(arguments: &[String], folder: &Path) {
    let [quiet, archive, into, to] = arguments else {
        panic!("{arguments:?}");
    };
    assert_eq!((quiet.as_str(), into.as_str()), ("-q", "-d"));
    let archive = File::open(folder.join(archive)).unwrap();
    zip::ZipArchive::new(archive)
        .unwrap()
        .extract(folder.join(to))
        .unwrap();
}

fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for character in line.chars() {
        match character {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether lines are those expected, where `...` stands for any lines.
fn fits(expected: &[String], lines: &[String]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first == "..." => {
            (0..=lines.len()).any(|skipped| fits(rest, &lines[skipped..]))
        }
        Some((first, rest)) => {
            lines.first().is_some_and(|line| is_like(first, line)) && fits(rest, &lines[1..])
        }
    }
}

fn is_like(expected: &str, line: &str) -> bool {
    let begin = expected
        .strip_suffix("...")
        .filter(|begin| !begin.is_empty());
    expected == line || begin.is_some_and(|begin| line.starts_with(begin))
}

/// Runs the sessions of a document; gives what is wrong with it.
fn check(path: &Path, folder: &Path) -> Option<String> {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let sessions = sessions(&lines);
    let mut blessed: Vec<String> = Vec::new();
    let mut copied = 0;
    let mut wrong = String::new();
    for session in &sessions {
        let printed = run(&session.command, folder);
        let expected = &session.expected;
        let is_right = printed.code == expected.code
            && fits(&expected.stdout, &printed.stdout)
            && fits(&expected.stderr, &printed.stderr);
        blessed.extend(
            lines[copied..session.first_line]
                .iter()
                .map(|line| (*line).to_owned()),
        );
        copied = session.end_line;
        if is_right {
            let kept = &lines[session.first_line..session.end_line];
            blessed.extend(kept.iter().map(|line| (*line).to_owned()));
            continue;
        }
        let shown = Printed {
            stdout: abridged(&expected.stdout, printed.stdout.clone()),
            ..printed.clone()
        };
        blessed.extend(written(&session.command, &shown));
        wrong.push_str(&format!(
            "$ {}\nexit code {}, expected {}\n--- stdout\n{}\n--- stderr\n{}\n\n",
            session.command,
            printed.code,
            expected.code,
            printed.stdout.join("\n"),
            printed.stderr.join("\n"),
        ));
    }
    if wrong.is_empty() {
        return None;
    }
    blessed.extend(lines[copied..].iter().map(|line| (*line).to_owned()));
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, blessed.join("\n") + "\n").unwrap();
        return None;
    }
    Some(format!("==> {}\n{wrong}", path.display()))
}

/// What was printed, with as many lines before and after `...` as the document showed.
fn abridged(expected: &[String], mut printed: Vec<String>) -> Vec<String> {
    let Some(before) = expected.iter().position(|line| line == "...") else {
        return printed;
    };
    let after = expected.len() - before - 1;
    if printed.len() > before + after {
        let behind = printed.split_off(printed.len() - after);
        printed.truncate(before);
        printed.push("...".to_owned());
        printed.extend(behind);
    }
    printed
}

/// A session as a document shows it.
fn written(command: &str, printed: &Printed) -> Vec<String> {
    // What was printed may hold fences of its own.
    let has_fence = printed.stdout.iter().any(|line| line.starts_with("```"));
    let ticks = if has_fence { "````" } else { "```" };
    let mut lines = vec![format!("{ticks}console"), format!("$ {command}")];
    if printed.code != 0 {
        lines.push(format!("? {}", printed.code));
    }
    lines.extend(printed.stdout.iter().cloned());
    lines.push(ticks.to_owned());
    if !printed.stderr.is_empty() {
        lines.push("```stderr".to_owned());
        lines.extend(printed.stderr.iter().cloned());
        lines.push("```".to_owned());
    }
    lines
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copied = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, &copied).unwrap();
        }
    }
}

fn report(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{}BLESS=1 writes what was printed into the documents.",
        wrong.concat()
    );
}

#[test]
fn every_case_prints_what_it_says() {
    let cases = markdown_below(&manifest().join("tests/cases"));
    assert!(cases.len() > 10, "the cases are found");
    let mut wrong = Vec::new();
    for case in cases {
        let folder = tempfile::tempdir().unwrap();
        copy(&manifest().join("tests/data"), folder.path());
        wrong.extend(check(&case, folder.path()));
    }
    report(&wrong);
}

#[test]
fn every_document_prints_what_it_says() {
    let mut documents = markdown_below(&root().join("docs/commands"));
    documents.push(root().join("README.md"));
    let wrong: Vec<String> = documents
        .iter()
        .filter_map(|document| check(document, &root()))
        .collect();
    report(&wrong);
}

/// The files that a document shows: blocks whose first line names one.
fn shown_files(document: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        let Some(fence) = line.strip_prefix("```") else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let Some((_, name)) = fence.split_once(' ') {
            files.push((name.to_owned(), block.join("\n") + "\n"));
        }
    }
    files
}

/// The public bulk export as the archive that somebody sends; none, after saying so, if it is absent.
fn export() -> Option<Vec<u8>> {
    let shared = std::env::var_os("LIND_SHARED_DATA")
        .map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let Ok(listed) = fs::read_dir(shared.join("fhir/bulk")) else {
        println!("../shared/data is absent: the how-to about a first day with data was not run");
        return None;
    };
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for file in listed {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        archive.start_file(name, options).unwrap();
        std::io::Write::write_all(&mut archive, &fs::read(&path).unwrap()).unwrap();
    }
    Some(archive.finish().unwrap().into_inner())
}

#[test]
fn a_first_day_with_data_goes_as_its_how_to_says() {
    let Some(export) = export() else { return };
    let document = root().join("docs/data/a-first-day.md");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("export.zip"), export).unwrap();
    let files = shown_files(&fs::read_to_string(&document).unwrap());
    assert_eq!(files.len(), 2, "the protocol and the mapping file");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    report(
        &check(&document, folder.path())
            .into_iter()
            .collect::<Vec<_>>(),
    );
}
