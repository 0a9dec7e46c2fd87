//! One reading of the data, from which everything is told.

use std::collections::BTreeMap;

use lind_eval::{Bindings, Context, Program};
use lind_model::Choices;
use lind_records::{
    CodeId, Completeness, ConceptId, Dataset, Incompleteness, Numbers, Profile, Table, UnitId,
    Wanted,
};
use lind_report::{Code, DataCheck, Kind, MappingLine, ProblemKind, UnitOfCode, UnknownUnit};

use super::Asked;
use super::coverage::Covering;
use crate::commands::cohort::{Cohort, CohortArguments};
use crate::commands::place::DataPlace;
use crate::commands::problems;
use crate::failure::Stop;
use crate::progress::Progress;
use crate::terminal::Terminal;

/// Under which number every row is asked for; a program counts from zero.
pub(super) const EVERY_ROW: ConceptId = ConceptId(1 << 31);

/// How many charts are read at a time.
const BATCH: usize = 1_000;

/// How many codes of a table are listed.
const MOST_CODES: usize = 500;

/// One reading of the data.
pub(super) struct Survey {
    pub(super) source: String,
    pub(super) dataset: Dataset,
    pub(super) profile: Profile,
    pub(super) covering: Option<Covering>,
}

impl Survey {
    /// Reads everything. None: the protocol has errors, which have been told.
    pub(super) fn take(asked: &Asked, terminal: &Terminal) -> Result<Option<Self>, Stop> {
        let place = DataPlace {
            data: &asked.data,
            mapping: asked.mapping.as_deref(),
            as_of: asked.as_of,
        };
        let arguments = asked.protocol.as_ref().map(|protocol| {
            CohortArguments::of(protocol, &asked.data, asked.mapping.as_deref(), asked.as_of)
        });
        let cohort = match &arguments {
            None => None,
            Some(arguments) => match Cohort::new(arguments, terminal)? {
                None => return Ok(None),
                Some(cohort) => Some(cohort),
            },
        };
        let program = match &cohort {
            None => None,
            Some(cohort) => Some(cohort.program(Choices::chosen(&cohort.protocol))?),
        };
        let mut wanted = program.as_ref().map_or_else(Wanted::new, Program::wanted);
        wanted.add_everything(EVERY_ROW);

        let progress = Progress::begin("reading data", terminal.shows_progress());
        let mut dataset = place.open(&wanted, problems::KEPT, terminal)?;
        progress.expect(dataset.patient_count());
        let mut profile = Profile::default();
        let mut covering = program.map(Covering::new);
        let bound = covering
            .as_ref()
            .map(|covering| Bindings::new(&covering.program, &dataset));
        let mut bindings = bound;
        loop {
            let charts = dataset
                .next_batch(BATCH)
                .map_err(|error| place.unreadable(&error))?;
            if charts.is_empty() {
                break;
            }
            progress.advance(charts.len());
            for chart in &charts {
                profile.add(chart, dataset.dictionary());
            }
            if let (Some(covering), Some(bindings), Some(cohort)) =
                (&mut covering, &mut bindings, &cohort)
            {
                bindings.update(&covering.program, &dataset);
                let context = cohort.context(Context::new(&dataset, bindings));
                for chart in &charts {
                    covering.add(chart, &context, &dataset);
                }
            }
        }
        drop(progress);
        Ok(Some(Self {
            source: lind_report::one_line(&asked.data.display().to_string()),
            dataset,
            profile,
            covering,
        }))
    }

    /// Whether rows of a code count for something that the protocol asks for.
    pub(super) fn is_asked(&self, code: CodeId) -> bool {
        let concepts = self.dataset.dictionary().concepts(code);
        concepts.iter().any(|concept| *concept < EVERY_ROW)
    }

    /// The unit as it stands in the data; empty for none.
    pub(super) fn unit(&self, unit: Option<UnitId>) -> String {
        let unit = unit.and_then(|unit| self.dataset.units().get(unit));
        unit.map_or_else(String::new, |unit| unit.written().to_owned())
    }

    /// Everything that is told.
    pub(super) fn check(&self) -> DataCheck {
        let mut more_codes = 0;
        let mut codes = Vec::new();
        for table in Table::FACTS {
            let of_table = self.codes_of(table);
            more_codes += of_table.len().saturating_sub(MOST_CODES) as u64;
            codes.extend(of_table.into_iter().take(MOST_CODES));
        }
        let profile = &self.profile;
        DataCheck {
            source: self.source.clone(),
            form: self.dataset.form().to_string(),
            kept_from: self.dataset.kept_from().map(|form| form.to_string()),
            patients: profile.patients,
            known: [profile.with_sex, profile.with_birth, profile.with_death],
            kinds: self.kinds(),
            codes,
            more_codes,
            unknown_units: self.unknown_units(),
            mapping: self
                .dataset
                .mapping_uses()
                .into_iter()
                .map(|line| MappingLine {
                    line: line.line,
                    section: line.section,
                    says: line.says,
                    rows: line.rows,
                })
                .collect(),
            problems: self.problems(),
            coverage: self.covering.as_ref().map(Covering::told),
        }
    }

    fn kinds(&self) -> Vec<Kind> {
        let dataset = &self.dataset;
        let tables = Table::FACTS.into_iter();
        tables
            .filter(|table| dataset.is_present(*table) || dataset.tally(*table).read > 0)
            .map(|table| {
                let tally = dataset.tally(table);
                let kind = self.profile.kinds.get(&table).cloned().unwrap_or_default();
                let span = kind.first.zip(kind.last);
                Kind {
                    table: table.name(),
                    read: tally.read,
                    used: kind.rows,
                    patients: kind.patients,
                    span: span.map(|(first, last)| {
                        (first.first_day().to_string(), last.first_day().to_string())
                    }),
                    partial: kind.partial,
                    undated: kind.undated,
                    duplicates: tally.duplicates,
                    withdrawn: tally.withdrawn,
                    later: tally.later,
                    set_aside: tally.set_aside,
                    complete: match dataset.complete_for(table, EVERY_ROW) {
                        Completeness::Complete => Ok(()),
                        Completeness::Incomplete(why) => Err(because(why)),
                    },
                }
            })
            .collect()
    }

    fn codes_of(&self, of: Table) -> Vec<Code> {
        let dictionary = self.dataset.dictionary();
        let is_asked = |code| self.covering.as_ref().map(|_| self.is_asked(code));
        let mut codes: BTreeMap<&str, Code> = BTreeMap::new();
        let mut numbers: BTreeMap<&str, BTreeMap<String, Numbers>> = BTreeMap::new();
        for ((table, code), profile) in &self.profile.codes {
            if *table != of {
                continue;
            }
            let text = dictionary.text(*code);
            let entry = codes.entry(text).or_insert_with(|| Code {
                table: table.name(),
                code: text.to_owned(),
                patients: self.profile.patients_with(of, text),
                is_asked: is_asked(*code),
                ..Code::default()
            });
            entry.rows += profile.rows;
            entry.numbers += profile.numbers;
            entry.without_limits += profile.without_limits;
            entry.beyond += profile.beyond;
            entry.is_asked = entry.is_asked.map(|asked| asked || self.is_asked(*code));
            let of_code = numbers.entry(text).or_default();
            for (unit, numbers) in &profile.units {
                of_code.entry(self.unit(*unit)).or_default().merge(numbers);
            }
        }
        for (code, units) in numbers {
            let Some(code) = codes.get_mut(code) else {
                continue;
            };
            code.units = units
                .into_iter()
                .map(|(unit, numbers)| UnitOfCode {
                    unit,
                    rows: numbers.count,
                    spread: numbers.spread().map(|[lowest, _, middle, _, highest]| {
                        [lowest.to_string(), middle.to_string(), highest.to_string()]
                    }),
                })
                .collect();
        }
        let mut codes: Vec<Code> = codes.into_values().collect();
        codes.sort_by(|one, other| {
            other
                .rows
                .cmp(&one.rows)
                .then_with(|| one.code.cmp(&other.code))
        });
        for code in &mut codes {
            code.units.sort_by(|one, other| {
                other
                    .rows
                    .cmp(&one.rows)
                    .then_with(|| one.unit.cmp(&other.unit))
            });
        }
        codes
    }

    fn unknown_units(&self) -> Vec<UnknownUnit> {
        let unknown = self.dataset.unknown_units();
        let mut unknown: Vec<UnknownUnit> = unknown
            .map(|(code, text, rows)| UnknownUnit {
                code: self.dataset.dictionary().text(code).to_owned(),
                text: text.to_owned(),
                rows,
            })
            .collect();
        unknown.sort_by(|one, other| {
            let place = |unit: &UnknownUnit| (unit.code.clone(), unit.text.clone());
            other
                .rows
                .cmp(&one.rows)
                .then_with(|| place(one).cmp(&place(other)))
        });
        unknown
    }

    fn problems(&self) -> Vec<ProblemKind> {
        let problems = self.dataset.problems();
        let listed = problems.listed();
        let kinds = problems.counts().map(|(rule, count)| ProblemKind {
            code: rule.code,
            severity: rule.severity.word(),
            summary: rule.summary,
            count,
            places: listed
                .iter()
                .filter(|problem| problem.rule == rule)
                .map(|problem| {
                    let (file, message) = (problem.file.clone(), problem.message.clone());
                    (file, problem.line, message)
                })
                .collect(),
        });
        kinds.collect()
    }
}

/// Why a row that is not there says nothing.
pub(super) fn because(why: Incompleteness) -> &'static str {
    match why {
        Incompleteness::NotDeclared => "the source does not say, and the mapping file does not",
        Incompleteness::TableAbsent => "there is no such table",
        Incompleteness::TableUnreadable => "the table cannot be read",
        Incompleteness::DeclaredForTable => "the mapping file says so",
        Incompleteness::DeclaredForCode => "the mapping file says so of some codes",
        Incompleteness::RowsOfUnknownPatients => "there are rows of nobody who is known",
    }
}
