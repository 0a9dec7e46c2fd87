//! Tests: the patients that a protocol's file describes, and what is expected of them.

mod days;
mod expectations;
mod records;
mod times;

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span, closest};
use lind_model::ReadingId;
use lind_model::cases::{CaseGap, CasePatient, CaseRow, Expectation, TestCase};
use lind_model::plan::NeededTable;
use lind_model::protocol::{CodeSet, FactTable};
use lind_syntax::tree::{self, CaseLineKind, Item, Name, Text};
use lind_time::When;

use crate::analysis::Checker;
use crate::modules::Module;
use crate::rules;
use crate::scope::Symbol;

/// What is said of one thing in a test.
#[derive(Debug, Clone)]
struct Said {
    /// The name or the code of the thing.
    about: Arc<str>,
    /// The row; none for `no record of …`.
    row: Option<CaseRow>,
    /// The times of the row, with their places.
    times: Vec<(When, Span)>,
    /// Where it is said.
    span: Span,
    /// Said by the test itself, not by the one that it begins with.
    is_own: bool,
}

/// Who the patient is.
#[derive(Debug, Clone)]
struct Person {
    sex: Option<&'static str>,
    born: Option<(Arc<str>, When, Span)>,
    span: Span,
}

/// The patient of a test, before it is made a list of rows.
#[derive(Debug, Clone, Default)]
struct Patient {
    person: Option<Person>,
    said: Vec<Said>,
    gaps: Vec<CaseGap>,
}

/// A test whose lines were read.
struct Draft<'t> {
    test: &'t tree::TestCase,
    like: Option<&'t Text>,
    patient: Patient,
    readings: Vec<(ReadingId, usize, Span)>,
    expectations: Vec<Expectation>,
}

impl Checker<'_> {
    /// The tests of the root file. Those of a library have nothing that they could run.
    pub(crate) fn test_cases(&mut self, modules: &[Module]) -> Vec<TestCase> {
        let mut drafts: Vec<Draft<'_>> = Vec::new();
        let mut titles: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, module) in modules.iter().enumerate() {
            let is_library = module
                .tree
                .items
                .iter()
                .any(|item| matches!(item, Item::Library(_)));
            self.module = index;
            let tests = module.tree.items.iter().filter_map(|item| match item {
                Item::Test(test) => Some(test),
                _ => None,
            });
            for (test, is_row) in tests.flat_map(rows) {
                if is_library {
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0548_TEST_OUTSIDE_PROTOCOL,
                            test.span,
                            "a library has no criteria that a test could ask",
                        )
                        .label("belongs into a protocol")
                        .note("what a library defines is tested through the criteria of a protocol that uses it"),
                    );
                    continue;
                }
                if index > 0 {
                    continue;
                }
                if let Some(table) = &test.table {
                    self.unfit_rows(table);
                    continue;
                }
                if let Some(first) = titles.get(test.title.value.as_str()) {
                    let first = drafts
                        .get(*first)
                        .map_or(test.span, |draft| draft.test.title.span);
                    self.sink.push(
                        Diagnostic::new(
                            &rules::E0546_TITLE_USED_TWICE,
                            test.title.span,
                            if is_row {
                                "two rows of this table say the same"
                            } else {
                                "two tests have this title"
                            },
                        )
                        .label("used again")
                        .also(first, "first used here")
                        .note("reports name a test by its title, and so does `like`"),
                    );
                } else {
                    titles.insert(&test.title.value, drafts.len());
                }
                let draft = self.draft(test, module);
                drafts.push(draft);
            }
        }
        self.module = 0;
        let bases = self.bases(&drafts, &titles);
        let mut cases = Vec::with_capacity(drafts.len());
        for (index, draft) in drafts.iter().enumerate() {
            let patient = inherited(&drafts, &bases, index, &self.tables.sets);
            self.patient_is_possible(&patient);
            cases.push(TestCase {
                title: Arc::from(draft.test.title.value.as_str()),
                readings: inherited_readings(&drafts, &bases, index),
                patient: finished(patient, draft.test.span),
                expectations: draft.expectations.clone(),
                span: draft.test.title.span,
            });
        }
        cases
    }

    /// For each test, the one that it begins with.
    fn bases(
        &mut self,
        drafts: &[Draft<'_>],
        titles: &BTreeMap<&str, usize>,
    ) -> Vec<Option<usize>> {
        let mut bases = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let base = draft.like.and_then(|like| {
                let found = titles.get(like.value.as_str()).copied();
                if found.is_none() {
                    let mut diagnostic = Diagnostic::new(
                        &rules::E0545_UNKNOWN_TEST,
                        like.span,
                        "no test of this file has this title",
                    )
                    .label("unknown test");
                    if let Some(near) = closest(&like.value, titles.keys().copied()) {
                        diagnostic = diagnostic.suggest(
                            format!("write `\"{near}\"`"),
                            like.span,
                            format!("\"{near}\""),
                        );
                    }
                    self.sink.push(diagnostic);
                }
                found
            });
            bases.push(base);
        }
        // A test that comes back to itself begins with nobody.
        for (index, draft) in drafts.iter().enumerate() {
            let mut at = bases.get(index).copied().flatten();
            let mut steps = 0;
            while let Some(next) = at.filter(|_| steps <= drafts.len()) {
                if next == index {
                    if let Some(like) = draft.like {
                        self.sink.push(
                            Diagnostic::new(
                                &rules::E0545_UNKNOWN_TEST,
                                like.span,
                                "this test begins with its own patient",
                            )
                            .label("leads back to this test"),
                        );
                    }
                    if let Some(base) = bases.get_mut(index) {
                        *base = None;
                    }
                    break;
                }
                at = bases.get(next).copied().flatten();
                steps += 1;
            }
        }
        bases
    }

    fn draft<'t>(&mut self, test: &'t tree::TestCase, module: &Module) -> Draft<'t> {
        let mut draft = Draft {
            test,
            like: None,
            patient: Patient::default(),
            readings: Vec::new(),
            expectations: Vec::new(),
        };
        let mut is_broken = false;
        for line in &test.lines {
            match &line.kind {
                CaseLineKind::Like(title) => match draft.like {
                    None => draft.like = Some(title),
                    Some(first) => self.lines_contradict(
                        (title.span, "the second"),
                        (first.span, "the first"),
                        "a test begins with one patient",
                    ),
                },
                CaseLineKind::Under {
                    reading,
                    alternative,
                } => {
                    if let Some((id, index)) = self.alternative_of(reading, alternative) {
                        match draft.readings.iter().find(|(known, ..)| *known == id) {
                            Some((_, known, first)) if *known != index => self.lines_contradict(
                                (alternative.span, "now this"),
                                (*first, "first this"),
                                &format!("`{}` is read in one way at a time", reading.text),
                            ),
                            Some(_) => {}
                            None => draft.readings.push((id, index, alternative.span)),
                        }
                    }
                }
                CaseLineKind::Person { word, born } => {
                    let born = born.as_ref().and_then(|born| {
                        let when = self.moment(born)?;
                        Some((Arc::from(born.text.as_str()), when, born.span))
                    });
                    match &draft.patient.person {
                        None => {
                            draft.patient.person = Some(Person {
                                sex: match word.text.as_str() {
                                    "woman" => Some("female"),
                                    "man" => Some("male"),
                                    _ => None,
                                },
                                born,
                                span: line.span,
                            });
                        }
                        Some(first) => self.lines_contradict(
                            (line.span, "the second"),
                            (first.span, "the first"),
                            "a test has one patient",
                        ),
                    }
                }
                CaseLineKind::Absent(name) => {
                    if self.is_recorded(name, module) {
                        draft.patient.said.push(Said {
                            about: Arc::from(name.text.as_str()),
                            row: None,
                            times: Vec::new(),
                            span: line.span,
                            is_own: true,
                        });
                    }
                }
                CaseLineKind::Gap(name) => draft.patient.gaps.extend(self.unknown_records(name)),
                CaseLineKind::Answer {
                    judge,
                    item,
                    yes,
                    on,
                } => {
                    let said = self.answer(judge, item, *yes, on.as_ref(), line.span, module);
                    draft.patient.said.extend(said);
                }
                CaseLineKind::Record(record) => {
                    let said = self.case_record(record, line.span);
                    draft.patient.said.extend(said);
                }
                CaseLineKind::ExpectStanding { standing, at } => {
                    let expected = self.expected_standing(standing, at.as_ref(), line.span);
                    draft.expectations.extend(expected);
                }
                CaseLineKind::ExpectGrade {
                    parts,
                    least,
                    most,
                    on,
                } => {
                    let limits = (least, most.as_ref());
                    let expected = self.expected_grades(parts, limits, on.as_ref(), line.span);
                    is_broken |= expected.is_empty();
                    draft.expectations.extend(expected);
                }
                CaseLineKind::Expect {
                    parts,
                    outcome,
                    at,
                    on,
                } => {
                    let when = (at.as_ref(), on.as_ref());
                    let expected = self.expected_outcomes(parts, outcome, when, module);
                    is_broken |= expected.is_empty();
                    draft.expectations.extend(expected);
                }
                CaseLineKind::Note(_) => {}
                CaseLineKind::Broken => is_broken = true,
            }
        }
        if draft.expectations.is_empty() && !is_broken {
            self.sink.push(
                Diagnostic::new(
                    &rules::W0621_NOTHING_EXPECTED,
                    test.span,
                    "this test expects nothing",
                )
                .label("passes whatever the protocol says")
                .note(
                    "write what must come out: `expect eligible at screening`, or `expect I1 met`",
                ),
            );
        }
        self.said_of_one_thing(&draft.patient.said);
        self.expectations_agree(&draft.expectations);
        draft
    }

    /// `no record of X` beside a record of X, two times of one milestone.
    fn said_of_one_thing(&mut self, said: &[Said]) {
        let mut first: BTreeMap<&str, &Said> = BTreeMap::new();
        for line in said {
            let Some(other) = first.get(&*line.about) else {
                first.insert(&line.about, line);
                continue;
            };
            let clash = match (&other.row, &line.row) {
                (None, Some(_)) | (Some(_), None) => {
                    Some(format!("`{}` is recorded, or it is not", line.about))
                }
                (Some(one), Some(two))
                    if matches!(one.table, NeededTable::Milestones | NeededTable::Visits)
                        && one.table == two.table
                        && one.cells != two.cells =>
                {
                    Some(format!("`{}` takes place once", line.about))
                }
                _ => None,
            };
            if let Some(message) = clash {
                self.lines_contradict((line.span, "and this"), (other.span, "this"), &message);
            }
        }
    }

    /// Rows and columns of a table of tests that could not be used.
    fn unfit_rows(&mut self, table: &tree::TestTable) {
        for problem in &table.problems {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0580_UNFIT_ROW,
                    problem.span,
                    problem.message.clone(),
                )
                .label(problem.label.clone())
                .note(
                    "the first line with bars says the columns, each a line of a test; \
                     a cell of a row stands where its column has `_`, or at its end",
                ),
            );
        }
    }

    fn lines_contradict(&mut self, second: (Span, &str), first: (Span, &str), message: &str) {
        self.sink.push(
            Diagnostic::new(&rules::E0547_LINES_CONTRADICT, second.0, message)
                .label(second.1)
                .also(first.0, first.1),
        );
    }

    fn alternative_of(&mut self, reading: &Name, alternative: &Name) -> Option<(ReadingId, usize)> {
        let id = self.find_reading(reading)?;
        let outline = self.outline(id)?;
        if outline.unreadable {
            return None;
        }
        let names: Vec<&str> = outline
            .alternatives
            .iter()
            .map(|name| name.text.as_str())
            .collect();
        if let Some(index) = names.iter().position(|name| *name == alternative.text) {
            return Some((id, index));
        }
        let mut diagnostic = Diagnostic::new(
            &rules::E0504_WRONG_ALTERNATIVE,
            alternative.span,
            format!(
                "`{}` is no alternative of `{}`",
                alternative.text, reading.text
            ),
        )
        .label(format!("one of {}", names.join(", ")))
        .also(outline.declared, "declared here");
        if let Some(near) = closest(&alternative.text, names.iter().copied()) {
            diagnostic = diagnostic.suggest(format!("write `{near}`"), alternative.span, near);
        }
        self.sink.push(diagnostic);
        None
    }

    /// Whether a name is of something that patients have records of.
    fn is_recorded(&mut self, name: &Name, module: &Module) -> bool {
        if is_commitment(module, &name.text) {
            return true;
        }
        let Some((symbol, declared)) = self.resolve(name) else {
            return false;
        };
        match symbol {
            Symbol::Milestone(_)
            | Symbol::Measure(_)
            | Symbol::Formula(_)
            | Symbol::Points(_)
            | Symbol::Set(_)
            | Symbol::Visit(_)
            | Symbol::Judgement(_) => true,
            Symbol::Definition(_)
            | Symbol::Reading(_)
            | Symbol::Equivalence(_)
            | Symbol::Assessment(_)
            | Symbol::Timeline(_)
            | Symbol::Grading(_)
            | Symbol::Chosen(_) => {
                self.needs(name, "something that is recorded", symbol, declared);
                false
            }
        }
    }

    fn unknown_records(&mut self, name: &Name) -> Option<CaseGap> {
        let table = match name.text.as_str() {
            "conditions" => Some(FactTable::Conditions),
            "treatments" => Some(FactTable::Treatments),
            "procedures" => Some(FactTable::Procedures),
            "allergies" => Some(FactTable::Allergies),
            "adverse_events" => Some(FactTable::AdverseEvents),
            _ => None,
        };
        if let Some(table) = table {
            return Some(CaseGap { table, about: None });
        }
        let id = self.find_set(name)?;
        let set = self.tables.sets.get(id.index()).and_then(Option::as_ref)?;
        Some(CaseGap {
            table: set.table,
            about: Some(Arc::from(name.text.as_str())),
        })
    }

    fn answer(
        &mut self,
        judge: &Name,
        item: &Name,
        yes: bool,
        on: Option<&Name>,
        span: Span,
        module: &Module,
    ) -> Option<Said> {
        if !is_commitment(module, &item.text) {
            let id = self.scopes.get_mut(self.module)?.resolve_as(
                item,
                "a judgement or the number of a commitment",
                |symbol| match symbol {
                    Symbol::Judgement(id) => Some(id),
                    _ => None,
                },
                self.sink,
            )?;
            let asked = self
                .tables
                .judgements
                .get(id.index())
                .and_then(Option::as_ref)?;
            if *asked.by != *judge.text {
                let (by, declared) = (Arc::clone(&asked.by), asked.span);
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0513_WRONG_JUDGE,
                        judge.span,
                        format!("`{}` is answered by the {by}", item.text),
                    )
                    .label(format!("not the {by}"))
                    .also(declared, "declared here")
                    .suggest(format!("write `{by}`"), judge.span, &*by),
                );
                return None;
            }
        }
        let mut cells = vec![
            ("answer", Arc::from(if yes { "yes" } else { "no" })),
            ("by", Arc::from(judge.text.as_str())),
        ];
        let mut times = Vec::new();
        if let Some(on) = on {
            times.push((self.moment(on)?, on.span));
            cells.push(("time", Arc::from(on.text.as_str())));
        }
        Some(Said {
            about: Arc::from(item.text.as_str()),
            row: Some(CaseRow {
                table: NeededTable::Attestations,
                about: Arc::from(item.text.as_str()),
                cells,
                span,
            }),
            times,
            span,
            is_own: true,
        })
    }
}

/// A test; or the table of tests, and each of its rows.
fn rows(test: &tree::TestCase) -> impl Iterator<Item = (&tree::TestCase, bool)> {
    let rows = test.table.iter().flat_map(|table| &table.rows);
    std::iter::once((test, false)).chain(rows.map(|row| (row, true)))
}

/// A test with those that it begins with, the first of them first.
fn chain(bases: &[Option<usize>], index: usize) -> Vec<usize> {
    let mut chain = Vec::new();
    let mut at = Some(index);
    while let Some(next) = at {
        chain.push(next);
        at = bases
            .get(next)
            .copied()
            .flatten()
            .filter(|base| !chain.contains(base));
    }
    chain.reverse();
    chain
}

/// How a test reads what can be read in several ways: as the test that it begins with, unless it says
/// otherwise.
fn inherited_readings(
    drafts: &[Draft<'_>],
    bases: &[Option<usize>],
    index: usize,
) -> Vec<(ReadingId, usize)> {
    let mut readings = BTreeMap::new();
    for draft in chain(bases, index)
        .into_iter()
        .filter_map(|step| drafts.get(step))
    {
        let own = draft.readings.iter();
        readings.extend(own.map(|(reading, alternative, _)| (*reading, *alternative)));
    }
    readings.into_iter().collect()
}

fn is_commitment(module: &Module, number: &str) -> bool {
    module
        .tree
        .items
        .iter()
        .any(|item| matches!(item, Item::Commitment(commitment) if commitment.id.text == number))
}

/// The patient of a test: what it says of a name takes the place of all that the other test says of it.
fn inherited(
    drafts: &[Draft<'_>],
    bases: &[Option<usize>],
    index: usize,
    sets: &[Option<CodeSet>],
) -> Patient {
    let mut patient = Patient::default();
    for step in chain(bases, index) {
        let Some(draft) = drafts.get(step) else {
            continue;
        };
        let own = &draft.patient;
        patient.said.retain(|said| {
            own.said.iter().all(|other| other.about != said.about)
                && own.gaps.iter().all(|gap| !is_gone(gap, said, sets))
        });
        // What is said of a name is known.
        patient.gaps.retain(|gap| {
            own.said
                .iter()
                .all(|said| gap.about.as_ref() != Some(&said.about))
        });
        patient
            .said
            .extend(own.said.iter().cloned().map(|said| Said {
                is_own: step == index,
                ..said
            }));
        for gap in &own.gaps {
            if !patient.gaps.contains(gap) {
                patient.gaps.push(gap.clone());
            }
        }
        if own.person.is_some() {
            patient.person.clone_from(&own.person);
        }
    }
    patient
}

/// Whether nothing is known of what another test said.
fn is_gone(gap: &CaseGap, said: &Said, sets: &[Option<CodeSet>]) -> bool {
    let of_table = said
        .row
        .as_ref()
        .is_some_and(|row| row.table == NeededTable::Facts(gap.table));
    let Some(name) = &gap.about else {
        return of_table;
    };
    let set = sets.iter().flatten().find(|set| set.name == *name);
    let is_member = |code: &Arc<str>| match code.strip_suffix('*') {
        Some(beginning) => said.about.starts_with(beginning),
        None => *code == said.about,
    };
    of_table && (said.about == *name || set.is_some_and(|set| set.codes.iter().any(is_member)))
}

fn finished(patient: Patient, test: Span) -> CasePatient {
    let mut gaps = patient.gaps;
    gaps.sort();
    CasePatient {
        sex: patient.person.as_ref().and_then(|person| person.sex),
        born: patient
            .person
            .as_ref()
            .and_then(|person| person.born.as_ref())
            .map(|(text, ..)| Arc::clone(text)),
        span: patient.person.map_or(test, |person| person.span),
        rows: patient
            .said
            .into_iter()
            .filter_map(|said| said.row)
            .collect(),
        gaps,
    }
}
