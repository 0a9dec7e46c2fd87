//! Asking for the same things in every test, and writing charts down.

use std::fmt::Write;

use lind_records::{
    AdverseEvent, Allergy, Assignment, Attestation, Chart, ConceptId, Condition, Dataset, Fact,
    MilestoneRow, Observation, OpenError, Options, Procedure, Symbol, Table, Tables, Timeline,
    Treatment, UnitId, VisitRow, Wanted,
};
use lind_time::When;

/// What is asked for unless a case asks for something else: one concept a line, as table, name of
/// the concept and code.
pub(crate) const WANTED: &str = "
milestones      consent         consent
milestones      enrolment       enrolment
observations    hemoglobin      loinc|718-7
observations    hemoglobin      hemoglobin
observations    hcg             serum_hcg
conditions      gilbert         icd10|E80.4
conditions      cancer          icd10|C*
treatments      rituximab       atc|L01FA01
treatments      any_treatment   *
procedures      transplant      snomed|23719005
allergies       penicillin      snomed|91936005
adverse_events  crs             cytokine_release_syndrome
attestations    E14             E14
visits          day_28          day_28
assignments     DL1             DL1
";

/// The concepts of a case, by number.
pub(crate) struct Asked {
    pub(crate) wanted: Wanted,
    pub(crate) concepts: Vec<(Table, String)>,
}

impl Asked {
    pub(crate) fn read(text: &str) -> Asked {
        let mut asked = Asked {
            wanted: Wanted::new(),
            concepts: Vec::new(),
        };
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let parts: Vec<&str> = line.split_whitespace().collect();
            let [table, name, code] = parts.as_slice() else {
                panic!("no table, concept and code: {line}");
            };
            let table = Table::named(table).expect("a table");
            let key = (table, (*name).to_owned());
            let at = asked.concepts.iter().position(|known| *known == key);
            let concept = at.unwrap_or_else(|| {
                asked.concepts.push(key);
                asked.concepts.len() - 1
            });
            let concept = ConceptId(u32::try_from(concept).unwrap());
            if *code == "*" {
                asked.wanted.add_any(table, concept);
            } else {
                asked.wanted.add_code(table, concept, code);
            }
        }
        asked
    }

    pub(crate) fn open(
        &self,
        tables: &dyn Tables,
        as_of: Option<When>,
    ) -> Result<Dataset, OpenError> {
        let options = Options {
            as_of,
            ..Options::default()
        };
        Dataset::open(tables, &self.wanted, options)
    }
}

/// Everything that comes out, as text.
pub(crate) fn everything(asked: &Asked, tables: &dyn Tables, as_of: Option<When>) -> String {
    let mut out = String::new();
    let mut dataset = match asked.open(tables, as_of) {
        Ok(dataset) => dataset,
        Err(error) => {
            writeln!(out, "cannot be opened: {error}").unwrap();
            if let OpenError::Unusable { problems } = error {
                for problem in problems {
                    problem_line(&mut out, &problem);
                }
            }
            return out;
        }
    };
    loop {
        match dataset.next_chart() {
            Ok(Some(chart)) => out.push_str(&chart_text(&dataset, asked, &chart, true)),
            Ok(None) => break,
            Err(error) => {
                writeln!(out, "cannot be read: {error}: {}", error.cause).unwrap();
                break;
            }
        }
    }
    rest(&mut out, &dataset, asked);
    out
}

/// Whether the reading came to no end.
pub(crate) fn ends_in_an_error(text: &str) -> bool {
    text.lines()
        .any(|line| line.starts_with("cannot be read: "))
}

/// Everything besides the charts.
pub(crate) fn rest(out: &mut String, dataset: &Dataset, asked: &Asked) {
    for row in &dataset.decisions().rows {
        let (time, level, action, line) = (row.time, &row.level, row.action, row.at.line);
        write!(out, "decision {time} {level} {action}").unwrap();
        for (before, text) in [(" to ", &row.to), (" by ", &row.by), (": ", &row.reason)] {
            if let Some(text) = text {
                write!(out, "{before}{text}").unwrap();
            }
        }
        writeln!(out, " (line {line})").unwrap();
    }
    for problem in &dataset.decisions().set_aside {
        let (rule, line) = (problem.rule.name, problem.line);
        writeln!(out, "decision set aside for {rule} (line {line})").unwrap();
    }
    let problems = dataset.problems();
    writeln!(out, "problems: {}", problems.total()).unwrap();
    for (rule, count) in problems.counts() {
        writeln!(
            out,
            "  {count} {} {} {}",
            rule.severity, rule.code, rule.name
        )
        .unwrap();
    }
    for problem in problems.listed() {
        problem_line(out, &problem);
    }
    writeln!(out, "rows: {}", dataset.rows_read()).unwrap();
    for table in Table::ALL {
        let tally = dataset.tally(table);
        if !dataset.is_present(table) {
            continue;
        }
        write!(out, "  {table}: read {}", tally.read).unwrap();
        for (count, what) in [
            (tally.used, "used"),
            (tally.not_wanted, "not wanted"),
            (tally.set_aside, "set aside"),
            (tally.withdrawn, "withdrawn"),
            (tally.later, "later"),
            (tally.duplicates, "duplicates"),
        ] {
            if count > 0 {
                write!(out, ", {what} {count}").unwrap();
            }
        }
        if !dataset.is_in_order(table) {
            write!(out, " (not in the order of patients)").unwrap();
        }
        writeln!(out).unwrap();
        // What was read when the reading ended has no fate.
        if ends_in_an_error(out) {
            continue;
        }
        assert_eq!(
            tally.read,
            tally.accounted_for(),
            "{table}: {tally:?}\n{out}"
        );
    }
    writeln!(out, "no row means no:").unwrap();
    for (at, (table, name)) in asked.concepts.iter().enumerate() {
        let concept = ConceptId(u32::try_from(at).unwrap());
        let complete = dataset.complete_for(*table, concept);
        writeln!(out, "  {table} {name}: {complete:?}").unwrap();
    }
    for told in dataset.mapping_uses() {
        let (line, section, says, rows) = (told.line, told.section, told.says, told.rows);
        writeln!(out, "mapping {line} [{section}]: {says}: {rows}").unwrap();
    }
    let settings = dataset.settings();
    if let Some(site) = &settings.site {
        writeln!(out, "site {site}").unwrap();
    }
    if let Some(cut_off) = &settings.cut_off {
        writeln!(out, "cut-off {cut_off}").unwrap();
    }
    if let Some(minutes) = &settings.utc_offset_minutes {
        writeln!(out, "minutes ahead of UTC {minutes}").unwrap();
    }
    for (system, version) in &settings.terminology {
        writeln!(out, "terminology {system} {version}").unwrap();
    }
    for (code, half_life) in &settings.half_lives {
        let (value, unit) = (half_life.value, half_life.unit);
        let source = half_life.source.as_deref().unwrap_or("no source");
        writeln!(out, "half-life of {code}: {value} {unit} ({source})").unwrap();
    }
}

fn problem_line(out: &mut String, problem: &lind_records::Problem) {
    let column = match (&problem.column, problem.column_number) {
        (Some(name), Some(number)) => format!(" {name} (column {number})"),
        (Some(name), None) => format!(" {name}"),
        (None, _) => String::new(),
    };
    writeln!(
        out,
        "  {}:{}{column}: {} {}",
        problem.file, problem.line, problem.rule.code, problem.message
    )
    .unwrap();
}

/// One chart as text; without places for charts whose rows may stand anywhere.
pub(crate) fn chart_text(
    dataset: &Dataset,
    asked: &Asked,
    chart: &Chart,
    with_places: bool,
) -> String {
    let mut text = Text {
        dataset,
        asked,
        with_places,
        out: String::new(),
    };
    write!(text.out, "patient {}", chart.patient).unwrap();
    if let Some(sex) = chart.sex {
        write!(text.out, ", {sex}").unwrap();
    }
    text.opt(", born ", chart.birth);
    text.opt(", died ", chart.death);
    text.end(chart.at);
    text.rows(&chart.milestones, Text::milestone);
    text.rows(&chart.observations, Text::observation);
    text.rows(&chart.conditions, Text::condition);
    text.rows(&chart.treatments, Text::treatment);
    text.rows(&chart.procedures, Text::procedure);
    text.rows(&chart.allergies, Text::allergy);
    text.rows(&chart.adverse_events, Text::adverse_event);
    text.rows(&chart.attestations, Text::attestation);
    text.rows(&chart.visits, Text::visit);
    text.rows(&chart.assignments, Text::assignment);
    for told in &chart.by_mapping {
        let (column, line, row) = (told.column, told.line, told.at.line);
        let table = told.at.table;
        if with_places {
            writeln!(
                text.out,
                "  {column} by the mapping, line {line} ({table} line {row})"
            )
            .unwrap();
        }
    }
    let mut lost: Vec<String> = chart
        .set_aside
        .iter()
        .map(|lost| text.set_aside(lost))
        .collect();
    if !with_places {
        lost.sort();
    }
    text.out.extend(lost);
    text.out
}

struct Text<'a> {
    dataset: &'a Dataset,
    asked: &'a Asked,
    with_places: bool,
    out: String,
}

impl Text<'_> {
    fn rows<R: Fact>(&mut self, rows: &Timeline<R>, write_rest: fn(&mut Self, &R)) {
        for row in rows {
            let code = self.dataset.dictionary().text(row.code()).to_owned();
            let concepts = self.dataset.dictionary().concepts(row.code());
            let concepts = self.concepts(concepts);
            write!(self.out, "  {} {code} [{concepts}]", row.at().table).unwrap();
            self.opt(" ", row.time());
            write_rest(self, row);
            self.end(row.at());
        }
    }

    fn concepts(&self, concepts: &[ConceptId]) -> String {
        let names: Vec<&str> = concepts
            .iter()
            .map(
                |concept| match self.asked.concepts.get(concept.0 as usize) {
                    Some((_, name)) => name.as_str(),
                    None => "a milestone of the mapping",
                },
            )
            .collect();
        names.join(", ")
    }

    fn end(&mut self, at: lind_records::Provenance) {
        if self.with_places {
            write!(self.out, " (line {})", at.line).unwrap();
        }
        self.out.push('\n');
    }

    fn opt(&mut self, before: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            write!(self.out, "{before}{value}").unwrap();
        }
    }

    fn symbol(&mut self, before: &str, symbol: Option<Symbol>) {
        let text = symbol.map(|symbol| self.dataset.symbols().text(symbol).to_owned());
        self.opt(before, text);
    }

    fn unit(&mut self, unit: Option<UnitId>) {
        let unit = unit.map(|unit| self.dataset.units().get(unit).unwrap().code().to_owned());
        self.opt(" ", unit);
    }

    fn milestone(&mut self, _: &MilestoneRow) {}

    fn observation(&mut self, row: &Observation) {
        self.opt(" ", row.comparator);
        self.opt(" ", row.value);
        self.opt(" up to ", row.to);
        self.unit(row.unit);
        self.opt(" from ", row.low);
        self.opt(" to ", row.high);
        self.symbol(" result ", row.result);
        self.symbol(" specimen ", row.specimen);
        self.symbol(" method ", row.method);
        self.symbol(" source ", row.source);
    }

    fn condition(&mut self, row: &Condition) {
        self.opt(" until ", row.abatement);
        self.opt(" ", row.status);
        self.opt(" ", row.provisional.then_some("provisional"));
        self.opt(" ", row.severity);
        self.symbol(" in ", row.body_site);
    }

    fn treatment(&mut self, row: &Treatment) {
        self.opt(" until ", row.end);
        self.opt(" dose ", row.dose);
        self.unit(row.unit);
        self.symbol(" ", row.frequency);
        self.symbol(" ", row.route);
        self.symbol(" for ", row.indication);
        self.opt(" outcome ", row.outcome);
        self.opt(" investigational ", row.investigational);
    }

    fn procedure(&mut self, row: &Procedure) {
        self.symbol(" in ", row.body_site);
    }

    fn allergy(&mut self, row: &Allergy) {
        self.opt(" ", row.severity);
    }

    fn adverse_event(&mut self, row: &AdverseEvent) {
        self.opt(" until ", row.end);
        self.symbol(" ", row.scale);
        self.opt(" grade ", row.grade);
        self.symbol(" related ", row.related);
        self.opt(" serious ", row.serious);
        self.opt(" dlt ", row.dlt);
    }

    fn attestation(&mut self, row: &Attestation) {
        self.opt(" ", Some(row.answer));
        self.symbol(" by ", row.by);
    }

    fn visit(&mut self, row: &VisitRow) {
        self.opt(" until ", row.end);
    }

    fn assignment(&mut self, row: &Assignment) {
        self.opt(" in place of ", row.replaces.as_deref());
    }

    fn set_aside(&self, lost: &lind_records::SetAside) -> String {
        let mut out = format!("  set aside: {}", lost.table);
        match lost.code {
            Some(code) => write!(out, " {}", self.dataset.dictionary().text(code)).unwrap(),
            None if lost.table != Table::Patients && lost.concepts.is_empty() => {
                out.push_str(" of any code");
            }
            None => {}
        }
        if !lost.concepts.is_empty() {
            write!(out, " [{}]", self.concepts(&lost.concepts)).unwrap();
        }
        if let Some(time) = lost.time {
            write!(out, " {time}").unwrap();
        }
        write!(out, " for {}", lost.problem.rule.name).unwrap();
        if let Some(column) = lost.column {
            write!(out, " in {column}").unwrap();
        }
        if self.with_places {
            write!(out, " (line {})", lost.at.line).unwrap();
        }
        out.push('\n');
        out
    }
}
