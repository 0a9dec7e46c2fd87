//! Reading tables and what was written of them, and setting down what comes out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Write};

use lind_forms::{File, Form, Sheets, Written};
use lind_records::{
    Chart, CodeId, ConceptId, Dataset, Fact, MemoryTables, Options, Symbol, Table, Tables,
    Timeline, UnitId, Wanted,
};
use lind_time::When;

/// Files, as the reader takes them.
pub(crate) fn tables<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> MemoryTables {
    files
        .into_iter()
        .fold(MemoryTables::new(), |tables, (name, text)| {
            tables.with(name, text)
        })
}

/// The files of a form, as the reader takes them.
pub(crate) fn written_tables(written: &Written) -> MemoryTables {
    let files = written.files.iter();
    tables(files.map(|File { name, text }| (name.as_str(), text.as_str())))
}

/// How patients are called in the tables, by how they are called in a form.
pub(crate) fn names(written: &Written) -> BTreeMap<&str, &str> {
    let names = written.patients.iter();
    names
        .map(|(id, name)| (id.as_str(), name.as_str()))
        .collect()
}

/// Each code of each table, asked for by itself.
pub(crate) fn everything(sheets: &Sheets) -> (Wanted, Vec<(Table, String)>) {
    let (mut wanted, mut concepts) = (Wanted::new(), Vec::new());
    for table in Table::FACTS {
        let column = table.columns()[1];
        let rows = sheets.rows(table.name()).iter();
        let codes: BTreeSet<&String> = rows.filter_map(|row| row.get(column)).collect();
        for code in codes {
            let concept = ConceptId(u32::try_from(concepts.len()).unwrap());
            wanted.add_code(table, concept, code);
            concepts.push((table, code.clone()));
        }
    }
    (wanted, concepts)
}

/// The charts that tables hold, by patient, as texts without places; and the problems.
pub(crate) fn charts(
    tables: &dyn Tables,
    sheets: &Sheets,
    names: &BTreeMap<&str, &str>,
) -> (BTreeMap<String, String>, Vec<String>) {
    let (wanted, concepts) = everything(sheets);
    let mut dataset = Dataset::open(tables, &wanted, Options::default()).expect("can be opened");
    let mut charts = BTreeMap::new();
    while let Some(chart) = dataset.next_chart().expect("memory can be read") {
        let name = names
            .get(&*chart.patient)
            .copied()
            .unwrap_or(&*chart.patient);
        let text = Text {
            dataset: &dataset,
            concepts: &concepts,
            names,
        };
        charts.insert(name.to_owned(), text.chart(&chart));
    }
    let problems = dataset.problems().listed();
    let problems = problems
        .iter()
        .map(|problem| format!("{}:{} {}", problem.file, problem.line, problem.message));
    (charts, problems.collect())
}

struct Text<'t> {
    dataset: &'t Dataset,
    concepts: &'t [(Table, String)],
    names: &'t BTreeMap<&'t str, &'t str>,
}

impl Text<'_> {
    /// Everything that a chart says but where it stands.
    fn chart(&self, chart: &Chart) -> String {
        let mut rows = vec![format!(
            "{:?}, born {:?}, died {:?}",
            chart.sex, chart.birth, chart.death
        )];
        self.rows(&mut rows, "milestones", &chart.milestones, |_| {
            String::new()
        });
        self.rows(&mut rows, "observations", &chart.observations, |row| {
            format!(
                "{:?} {:?} {} low {:?} high {:?} result {} specimen {} method {} source {} site {}",
                row.comparator,
                row.value,
                self.unit(row.unit),
                row.low,
                row.high,
                self.word(row.result),
                self.word(row.specimen),
                self.word(row.method),
                self.word(row.source),
                self.word(row.body_site)
            )
        });
        self.rows(&mut rows, "conditions", &chart.conditions, |row| {
            let (end, status, severity) = (time(row.abatement), row.status, row.severity);
            let (open, site) = (row.provisional, self.word(row.body_site));
            format!("until {end} {status:?} provisional {open} {severity:?} site {site}")
        });
        self.rows(&mut rows, "treatments", &chart.treatments, |row| {
            format!(
                "until {} dose {:?} {} {} route {} for {} outcome {:?} line {:?} investigational {:?}",
                time(row.end),
                row.dose,
                self.unit(row.unit),
                self.word(row.frequency),
                self.word(row.route),
                self.word(row.indication),
                row.outcome,
                row.line,
                row.investigational
            )
        });
        self.rows(&mut rows, "procedures", &chart.procedures, |row| {
            self.word(row.body_site)
        });
        self.rows(&mut rows, "allergies", &chart.allergies, |row| {
            text(row.severity)
        });
        self.rows(&mut rows, "adverse_events", &chart.adverse_events, |row| {
            format!(
                "until {} scale {} grade {:?} related {} serious {:?} dlt {:?}",
                time(row.end),
                self.word(row.scale),
                row.grade,
                self.word(row.related),
                row.serious,
                row.dlt
            )
        });
        self.rows(&mut rows, "attestations", &chart.attestations, |row| {
            format!("{} by {}", row.answer, self.word(row.by))
        });
        self.rows(&mut rows, "visits", &chart.visits, |row| time(row.end));
        self.rows(&mut rows, "assignments", &chart.assignments, |row| {
            let replaced = row.replaces.as_deref().unwrap_or_default();
            self.names
                .get(replaced)
                .copied()
                .unwrap_or(replaced)
                .to_owned()
        });
        for lost in &chart.set_aside {
            let (table, problem) = (lost.table, &lost.problem.message);
            rows.push(format!("set aside of {table}: {problem}"));
        }
        // Rows of the same time may stand in any order.
        rows.sort();
        rows.join("\n")
    }

    fn rows<R: Fact>(
        &self,
        rows: &mut Vec<String>,
        table: &str,
        timeline: &Timeline<R>,
        rest: impl Fn(&R) -> String,
    ) {
        for row in timeline {
            let codes = self.codes(row.code());
            // A record that the mapping takes a milestone from is asked for by the mapping alone.
            if codes.is_empty() {
                continue;
            }
            let mut text = String::new();
            let (time, rest) = (time(row.time()), rest(row));
            write!(text, "{table} {codes} at {time} {rest}").unwrap();
            rows.push(text);
        }
    }

    /// What the code of a row counts for, of what was asked for.
    fn codes(&self, code: CodeId) -> String {
        let concepts = self.dataset.dictionary().concepts(code).iter();
        let mut codes: Vec<&str> = concepts
            .filter_map(|concept| self.concepts.get(concept.0 as usize))
            .map(|(_, code)| code.as_str())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes.join(" ")
    }

    fn word(&self, symbol: Option<Symbol>) -> String {
        symbol.map_or(String::new(), |symbol| {
            self.dataset.symbols().text(symbol).to_owned()
        })
    }

    fn unit(&self, unit: Option<UnitId>) -> String {
        let units = self.dataset.units();
        unit.map_or(String::new(), |unit| {
            units.get(unit).unwrap().code().to_owned()
        })
    }
}

/// With its precision.
fn time(time: Option<When>) -> String {
    time.map_or("no time".to_owned(), |time| {
        format!(
            "{time} ({:?}, {:?} to {:?})",
            time.precision(),
            time.start(),
            time.end()
        )
    })
}

fn text(value: Option<impl Debug>) -> String {
    format!("{value:?}")
}

/// Holds what a form gives back against the tables.
pub(crate) fn assert_same(files: &[(String, String)], form: Form) {
    let files = || {
        files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
    };
    let sheets = Sheets::new(files()).expect("the tables are CSV");
    let (expected, problems) = charts(&tables(files()), &sheets, &BTreeMap::new());
    assert_eq!(problems, Vec::<String>::new(), "the tables themselves");
    let written = lind_forms::write(&sheets, form);
    let (found, problems) = charts(&written_tables(&written), &sheets, &names(&written));
    let shown = || {
        let files = written.files.iter();
        let text = files.fold(String::new(), |mut shown, file| {
            write!(shown, "--- {}\n{}\n", file.name, file.text).unwrap();
            shown
        });
        // A cohort is too large to be shown.
        text.chars().take(20_000).collect::<String>()
    };
    for (patient, chart) in &expected {
        let found = found.get(patient).map_or("nobody", String::as_str);
        if chart == found {
            continue;
        }
        let missing: Vec<&str> = chart.lines().filter(|row| !found.contains(row)).collect();
        let added: Vec<&str> = found.lines().filter(|row| !chart.contains(row)).collect();
        panic!(
            "{patient} as {}\nmissing {missing:#?}\nadded {added:#?}\n{problems:#?}\n{}",
            form.name(),
            shown()
        );
    }
    assert_eq!(expected.len(), found.len());
    assert_eq!(
        problems,
        Vec::<String>::new(),
        "as {}\n{}",
        form.name(),
        shown()
    );
}
