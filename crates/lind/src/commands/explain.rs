//! `lind explain`: the story behind a code.

use clap::Args;
use lind_diagnostics::{Rule, closest};
use serde::Serialize;

use crate::Ending;
use crate::failure::{Failure, Stop};
use crate::output::Output;
use crate::terminal::Terminal;

/// Explain the code of a finding, or list all codes
#[derive(Debug, Args)]
#[command(
    long_about = "\
Prints the page of a finding: what it means, an example that raises it, the same example put \
right, and why it matters in a trial. Without a code, lists all of them.",
    after_help = "\
Examples:
  lind explain E0303                 by code
  lind explain dimension-mismatch    by name
  lind explain                       all codes
  lind explain --format json         all codes with their pages, for programs"
)]
pub(crate) struct ExplainArguments {
    /// A code such as E0303, or its name
    #[arg(value_name = "CODE")]
    code: Option<String>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ExplainFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ExplainFormat {
    /// For people
    Text,
    /// One object, schema lind.rules/1
    Json,
}

#[derive(Serialize)]
struct WireRules<'a> {
    schema: &'static str,
    rules: Vec<WireRule<'a>>,
}

#[derive(Serialize)]
struct WireRule<'a> {
    code: &'a str,
    name: &'a str,
    severity: &'a str,
    summary: &'a str,
    page: &'a str,
}

pub(crate) fn run(arguments: &ExplainArguments, terminal: &Terminal) -> Result<Ending, Stop> {
    let all = all_rules();
    let shown = match &arguments.code {
        None => all,
        Some(wanted) => vec![find(&all, wanted)?],
    };
    let text = match (arguments.format, &arguments.code) {
        (ExplainFormat::Json, _) => to_json(&shown)?,
        (ExplainFormat::Text, Some(_)) => shown.iter().map(|rule| page(rule, terminal)).collect(),
        (ExplainFormat::Text, None) => shown.iter().map(|rule| line(rule)).collect(),
    };
    let mut output = Output::standard();
    output.write(&text)?;
    output.finish()?;
    Ok(Ending::Clean)
}

/// Every rule of every phase, by code.
fn all_rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = lind_syntax::rules::ALL
        .iter()
        .chain(lind_check::rules::ALL)
        .chain(lind_amend::gate::rules::ALL)
        .chain(lind_amend::rules::ALL)
        .chain(lind_records::rules::ALL)
        .copied()
        .collect();
    rules.sort_by_key(|rule| rule.code);
    rules
}

fn find(rules: &[&'static Rule], wanted: &str) -> Result<&'static Rule, Failure> {
    let is_wanted = |word: &str| word.eq_ignore_ascii_case(wanted);
    if let Some(rule) = rules
        .iter()
        .find(|rule| is_wanted(rule.code) || is_wanted(rule.name))
    {
        return Ok(rule);
    }
    let words = rules.iter().flat_map(|rule| [rule.code, rule.name]);
    let help = closest(wanted, words).map_or_else(
        || "`lind explain` lists all codes".to_owned(),
        |near| format!("`{near}` is near; `lind explain` lists all codes"),
    );
    Err(Failure::new(format!("there is no code or name `{wanted}`")).help(help))
}

fn line(rule: &Rule) -> String {
    format!("{} {:<30} {}\n", rule.code, rule.name, rule.summary)
}

/// The page as written; in a terminal with its headings set off.
fn page(rule: &Rule, terminal: &Terminal) -> String {
    let mut page = String::new();
    for line in rule.page.lines() {
        if terminal.colors_results && line.starts_with('#') {
            page.push_str("\u{1b}[1m");
            page.push_str(line);
            page.push_str("\u{1b}[0m\n");
        } else {
            page.push_str(line);
            page.push('\n');
        }
    }
    page
}

fn to_json(rules: &[&Rule]) -> Result<String, Failure> {
    let wire = WireRules {
        schema: "lind.rules/1",
        rules: rules
            .iter()
            .map(|rule| WireRule {
                code: rule.code,
                name: rule.name,
                severity: rule.severity.word(),
                summary: rule.summary,
                page: rule.page,
            })
            .collect(),
    };
    serde_json::to_string(&wire)
        .map(|json| json + "\n")
        .map_err(|error| {
            Failure::new("the pages cannot be written as JSON").because(error.to_string())
        })
}
