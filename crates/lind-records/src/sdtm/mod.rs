//! Reading SDTM: the tabulations of clinical trials, as SAS transport files, Dataset-JSON or CSV.
//!
//! Each file is a data set of one domain. The domain is told by the variable DOMAIN, not by the name
//! of the file: `qsph.xpt` is a part of QS. DM is read first, since every study day is counted from a
//! date of it, and DS before the arms, since it says when subjects were randomised.

mod dataset_json;
mod dates;
mod domain;
pub(crate) mod encoding;
mod events;
mod findings;
mod ibm;
mod interventions;
mod open;
mod qualifiers;
mod record;
mod row;
mod standard;
mod subjects;
mod text;
mod variables;
mod xpt;

use std::collections::BTreeMap;
use std::fmt::Write;

use lind_diagnostics::closest;

use crate::excerpt::quoted;
use crate::form::parts;
use crate::found::{Lost, Origin};
use crate::intake::Intake;
use crate::place::FileId;
use crate::settings::Encoding;
use crate::{ReadError, Settings, Table, Tables, rules};

use domain::Kind;
pub(crate) use domain::sources;
pub(crate) use findings::UNITS;
use open::Container;
use qualifiers::Qualifiers;
use record::Record;
use row::{Broken, DataSet, Row, Step, Unopened};
use subjects::Subjects;
use variables::{Layout, Variable};

/// How many rows are asked for their domain.
const ASKED: usize = 5;

/// Reads everything into the intake.
pub(crate) fn read(
    tables: &dyn Tables,
    settings: &Settings,
    intake: &mut Intake,
) -> Result<(), ReadError> {
    let encoding = settings.encoding.unwrap_or_default();
    intake.names.units.read_as(&findings::UNITS);
    let mut reading = Reading {
        tables,
        settings,
        encoding,
        subjects: Subjects::default(),
        qualifiers: Qualifiers::new(&settings.mapping),
    };
    let mut files = Vec::new();
    let mut names = tables.names();
    names.sort();
    for name in names {
        if let Some(container) = Container::of(&name) {
            files.extend(reading.look_at(name, container, intake)?);
        }
    }
    files.sort_by_key(|file| file.kind);
    if files.first().is_none_or(|file| file.kind != Kind::Subjects) {
        let message = "there is no data set DM that can be read: of no subject the sex, the birth and \
                       the reference dates are known";
        let rule = &rules::D0783_UNREADABLE_DATA_SET;
        intake.remark(rule, "dm", 1, message.to_owned());
    }
    for file in &files {
        reading.read(file, intake)?;
    }
    reading.qualifiers.tell_of_nothing(intake);
    reading.subjects.assign(intake);
    Ok(())
}

/// A file that is a data set.
struct File {
    name: String,
    container: Container,
    domain: String,
    kind: Kind,
    /// It is compressed and its checksum is wrong: any of its rows may be.
    is_damaged: bool,
}

struct Reading<'t> {
    tables: &'t dyn Tables,
    settings: &'t Settings,
    encoding: Encoding,
    subjects: Subjects,
    qualifiers: Qualifiers,
}

impl Reading<'_> {
    /// Finds out of which domain a file is; none: it is not read, and that was told.
    fn look_at(
        &self,
        name: String,
        container: Container,
        intake: &mut Intake,
    ) -> Result<Option<File>, ReadError> {
        let by_name = domain::named(&parts(&name).0);
        let is_damaged = open::is_packed(&name, container) && !open::is_whole(self.tables, &name)?;
        let opened = open::open(self.tables, &name, container, self.encoding)?;
        let mut data = match opened {
            Ok(data) => data,
            Err(why) => {
                tell_unopened(&name, &by_name, why, intake);
                return Ok(None);
            }
        };
        let Some(domain) = self.domain_of(&name, &mut data, &by_name)? else {
            let message = format!(
                "{} is not read: it has no variable `DOMAIN` and no `RDOMAIN`, so it is no data set of \
                 SDTM",
                quoted(&name)
            );
            intake.remark(&rules::D0780_UNREAD_DOMAIN, &name, 1, message);
            return Ok(None);
        };
        Ok(Some(File {
            kind: self.kind_of(&domain),
            name,
            container,
            domain,
            is_damaged,
        }))
    }

    /// What the rows of a domain are. `sources` of a table in `dataset.toml` may leave a domain out.
    fn kind_of(&self, domain: &str) -> Kind {
        let mut kind = Kind::of(domain);
        if domain.starts_with("SUPP") && self.qualifiers.are_mapped(domain) {
            kind = Kind::Qualifiers;
        }
        let is_left_out = |table: Table| {
            let sources = self.settings.sources(table);
            sources.is_some_and(|sources| {
                let mut sources = sources.iter();
                !sources.any(|source| source.eq_ignore_ascii_case(domain))
            })
        };
        let tables = tables_of(kind, domain);
        if kind != Kind::Subjects && tables.iter().all(|(table, _)| is_left_out(*table)) {
            return Kind::Unread;
        }
        kind
    }

    /// The domain that most of the first rows name; without rows the one that the container or the
    /// file is named after.
    fn domain_of(
        &self,
        name: &str,
        data: &mut DataSet,
        by_name: &str,
    ) -> Result<Option<String>, ReadError> {
        let layout = Layout::new(&data.names, "");
        let has_parent = layout.has(Variable::ParentDomain);
        if !layout.has(Variable::Domain) {
            if !has_parent {
                return Ok(None);
            }
            if !layout.has(Variable::Qualifier) {
                return Ok(Some("RELREC".to_owned()));
            }
        }
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut row = Row::default();
        for _ in 0..ASKED {
            let step = data.rows.step(&mut row);
            match step.map_err(|cause| ReadError::new(name, cause))? {
                Step::End => break,
                Step::Broken(_) => {}
                Step::Row => {
                    let domain = domain_in(&layout, &row);
                    *counts.entry(domain).or_default() += 1;
                }
            }
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        let named = match most {
            Some((domain, _)) if !domain.is_empty() => domain,
            _ if data.name.is_empty() => by_name.to_owned(),
            _ => domain::named(&data.name),
        };
        Ok(Some(named))
    }

    fn read(&mut self, file: &File, intake: &mut Intake) -> Result<(), ReadError> {
        intake.chosen.read(&file.domain);
        let opened = open::open(self.tables, &file.name, file.container, self.encoding)?;
        let mut data = match opened {
            Ok(data) => data,
            Err(why) => {
                tell_unopened(&file.name, &file.domain, why, intake);
                return Ok(());
            }
        };
        let prefix = file.domain.get(..2).unwrap_or_default();
        let layout = Layout::new(&data.names, prefix);
        if file.kind != Kind::Unread && !layout.has(Variable::Subject) {
            let why = "it has no variable `USUBJID`".to_owned();
            tell_unopened(&file.name, &file.domain, Unopened::Unreadable(why), intake);
            return Ok(());
        }
        let presents = match file.kind {
            Kind::Qualifiers if file.domain != "SUPPAE" => &[],
            kind => kind.tables(),
        };
        for &(table, is_complete) in presents {
            let lacks_arms = table == Table::Assignments && !layout.has(Variable::ArmCode);
            intake.present(table, is_complete && !lacks_arms);
        }
        self.qualifiers.join_with(&file.domain, &data.names);
        if file.is_damaged {
            let message = format!(
                "{} is damaged: it cannot be unpacked to its end, its checksum is wrong, or it grows \
                 to more than 256 MiB and 200 times its size, so none of its records can be trusted",
                quoted(&file.name)
            );
            let rule = &rules::D0783_UNREADABLE_DATA_SET;
            tell_lost(&file.name, &file.domain, rule, message, intake);
        }
        if file.kind != Kind::Unread {
            tell_variables(file, &data, &layout, intake);
        }
        let mut counts = Counts {
            is_mapped: self.qualifiers.are_mapped(&file.domain),
            ..Counts::default()
        };
        self.rows(file, &layout, &mut data, &mut counts, intake)?;
        counts.tell(file, intake);
        let guessed = data.rows.guessed();
        if guessed > 0 && file.kind != Kind::Unread {
            tell_encoding(&file.name, intake);
        }
        Ok(())
    }

    fn rows(
        &mut self,
        file: &File,
        layout: &Layout,
        data: &mut DataSet,
        counts: &mut Counts,
        intake: &mut Intake,
    ) -> Result<(), ReadError> {
        let id = intake.file(&file.name);
        let mut row = Row::default();
        let mut name = String::new();
        loop {
            let step = data.rows.step(&mut row);
            let step = step.map_err(|cause| ReadError::new(&file.name, cause))?;
            let broken = match step {
                Step::End => return Ok(()),
                Step::Broken(_) | Step::Row if file.kind == Kind::Unread => {
                    counts.unread += 1;
                    continue;
                }
                Step::Broken(broken) => Some(broken),
                Step::Row => None,
            };
            let record = Record {
                row: &row,
                layout,
                file: id,
                file_name: &file.name,
                name: "",
                said: &[],
            };
            let broken = broken.or_else(|| self.fault(file, &record));
            if let Some(broken) = broken {
                self.lose(file, &record, broken, intake);
                continue;
            }
            name.clear();
            let sequence = record.get(Variable::Sequence);
            if !sequence.is_empty() {
                let _ = write!(name, "{}/{sequence}", file.domain);
            }
            let said = self.qualifiers.of(&record);
            let record = Record {
                name: &name,
                said: &said,
                ..record
            };
            self.take(file.kind, &record, counts, intake);
        }
    }

    /// What is wrong with a row that was read.
    fn fault(&self, file: &File, record: &Record<'_>) -> Option<Broken> {
        if !is_in(record.layout, record.row, &file.domain) {
            let domain = domain_in(record.layout, record.row);
            return Some(Broken {
                rule: &rules::D0785_OTHER_DOMAIN,
                message: format!(
                    "the record says that it is of {}, and the others of this file are of {}",
                    quoted(&domain),
                    file.domain
                ),
                is_aligned: true,
            });
        }
        file.is_damaged.then(|| Broken {
            rule: &rules::D0783_UNREADABLE_DATA_SET,
            message: "the file is damaged, and this record may be".to_owned(),
            is_aligned: true,
        })
    }

    /// A record that cannot be read. Whose it is is believed if it is somebody who is known; and in DM
    /// if the record stands as the others do.
    fn lose(&self, file: &File, record: &Record<'_>, broken: Broken, intake: &mut Intake) {
        let subject = record.subject();
        let is_known = self.subjects.get(subject).is_some();
        let is_in_place = broken.is_aligned
            || (is_in(record.layout, record.row, &file.domain) && !subject.contains('"'));
        let is_named =
            !subject.is_empty() && (is_known || (file.kind == Kind::Subjects && is_in_place));
        let tables = tables_of(file.kind, &file.domain).iter();
        let tables: Vec<Table> = tables.map(|(table, _)| *table).collect();
        intake.lost(&Lost {
            tables: &tables,
            patient: Some(subject).filter(|_| is_named),
            codes: "",
            rule: broken.rule,
            column: None,
            message: broken.message,
            origin: record.origin(),
        });
    }

    fn take(&mut self, kind: Kind, record: &Record<'_>, counts: &mut Counts, intake: &mut Intake) {
        let subjects = &self.subjects;
        let is_row = match kind {
            Kind::Unread => false,
            Kind::Subjects => {
                self.subjects.add(record, intake);
                true
            }
            Kind::Qualifiers => {
                counts.unread += u64::from(!self.qualifiers.add(record));
                true
            }
            Kind::Dispositions => {
                events::take_disposition(record, &mut self.subjects, intake);
                true
            }
            Kind::Findings => {
                findings::take(record, subjects, intake);
                true
            }
            Kind::Medications | Kind::Exposures => {
                interventions::take_treatment(record, kind, subjects, intake)
            }
            Kind::Procedures => interventions::take_procedure(record, subjects, intake),
            Kind::History => events::take_history(record, subjects, intake),
            Kind::AdverseEvents => events::take_adverse_event(record, subjects, intake),
            Kind::Visits => events::take_visit(record, subjects, intake),
        };
        counts.not_happened += u64::from(!is_row);
    }
}

/// Records that are no rows.
#[derive(Default)]
struct Counts {
    /// Whether the mapping names a qualifier of the data set.
    is_mapped: bool,
    unread: u64,
    not_happened: u64,
}

impl Counts {
    fn tell(&self, file: &File, intake: &mut Intake) {
        let records = |count: u64| match count {
            1 => "1 record".to_owned(),
            count => format!("{count} records"),
        };
        let say = |count: u64| if count == 1 { "says" } else { "say" };
        if self.unread > 0 || file.kind == Kind::Unread {
            let (count, domain) = (records(self.unread), quoted(&file.domain));
            let message = match file.kind {
                Kind::Qualifiers if !self.is_mapped => format!(
                    "of {domain} only what is said of dose-limiting toxicity is read; {count} {} \
                     something else",
                    say(self.unread)
                ),
                Kind::Qualifiers => format!(
                    "of {domain} only the qualifiers are read that the mapping names; {count} {} \
                     something else",
                    say(self.unread)
                ),
                _ => format!("{domain} is not read: {count}"),
            };
            intake.remark(&rules::D0780_UNREAD_DOMAIN, &file.name, 1, message);
        }
        if self.not_happened > 0 {
            let message = format!(
                "{} of {} {} that something was asked for and did not happen, or is only planned; \
                 that is no row",
                records(self.not_happened),
                file.domain,
                say(self.not_happened)
            );
            intake.remark(&rules::D0787_DID_NOT_HAPPEN, &file.name, 1, message);
        }
    }
}

/// The tables to which the rows of a domain go, or of the domain that qualifiers are about.
fn tables_of(kind: Kind, domain: &str) -> &'static [(Table, bool)] {
    match (kind, domain.strip_prefix("SUPP")) {
        (Kind::Qualifiers, Some(parent)) => Kind::of(parent).tables(),
        _ => kind.tables(),
    }
}

/// The domain that a row names: `LB`, or `SUPPAE` for qualifiers.
fn domain_in(layout: &Layout, row: &Row) -> String {
    let domain = layout.get(row, Variable::Domain);
    let parent = layout.get(row, Variable::ParentDomain);
    if domain.is_empty() && !parent.is_empty() && !layout.has(Variable::Domain) {
        return format!("SUPP{}", parent.to_ascii_uppercase());
    }
    domain.to_ascii_uppercase()
}

/// Whether a row names this domain.
fn is_in(layout: &Layout, row: &Row, domain: &str) -> bool {
    let named = layout.get(row, Variable::Domain);
    named.eq_ignore_ascii_case(domain) || domain_in(layout, row) == domain
}

/// Says which variables are not as the standard has them.
fn tell_variables(file: &File, data: &DataSet, layout: &Layout, intake: &mut Intake) {
    let prefix = file.domain.get(..2).unwrap_or_default();
    let rule = &rules::D0789_UNKNOWN_VARIABLE;
    for name in data
        .names
        .iter()
        .filter(|name| !standard::has(name, prefix))
    {
        let known = standard::names(prefix);
        let meant = closest(name, known.iter().map(String::as_str)).filter(|_| name.len() <= 8);
        let hint = meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
        let message = format!(
            "{} is no variable of the standard in {} and is not read{hint}",
            quoted(name),
            file.domain
        );
        intake.remark(rule, &file.name, 1, message);
    }
    for name in layout.texts_among(&data.numbers) {
        let message = format!("`{name}` is a number here, and a text in the standard");
        intake.remark(rule, &file.name, 1, message);
    }
}

fn tell_encoding(name: &str, intake: &mut Intake) {
    let message = format!(
        "texts of {} are not in UTF-8 and were read as Windows-1252; `encoding` in dataset.toml says \
         how they are written",
        quoted(name)
    );
    intake.remark(&rules::D0782_ENCODING_GUESSED, name, 1, message);
}

fn tell_unopened(name: &str, domain: &str, why: Unopened, intake: &mut Intake) {
    match why {
        Unopened::Foreign(why) => {
            let message = format!("{} is not read: {why}", quoted(name));
            intake.remark(&rules::D0780_UNREAD_DOMAIN, name, 1, message);
        }
        Unopened::Unreadable(why) => {
            let message = format!("{} cannot be read: {why}", quoted(name));
            let rule = &rules::D0783_UNREADABLE_DATA_SET;
            tell_lost(name, domain, rule, message, intake);
        }
    }
}

/// Says that rows are lost that may be anybody's.
fn tell_lost(
    name: &str,
    domain: &str,
    rule: &'static lind_diagnostics::Rule,
    message: String,
    intake: &mut Intake,
) {
    let kind = Kind::of(domain);
    let tables: Vec<Table> = kind.tables().iter().map(|(table, _)| *table).collect();
    if kind == Kind::Unread && domain::is_known(domain) {
        // A domain that is not read loses nothing. Any other may have been of any table.
        intake.remark(rule, name, 1, message);
        return;
    }
    let file: FileId = intake.file(name);
    intake.lost(&Lost {
        tables: &tables,
        patient: None,
        codes: "",
        rule,
        column: None,
        message,
        origin: Origin {
            file,
            line: 1,
            entry: 0,
            record: "",
        },
    });
}
