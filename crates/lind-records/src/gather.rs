//! From the rows of one patient in one table to a timeline.

use std::cmp::Ordering;
use std::io;
use std::sync::Arc;

use lind_time::When;

use crate::cells::{Cells, Names, Reading};
use crate::chart::{ByMapping, Fact, MilestoneRow, SetAside};
use crate::codes::Lookup;
use crate::decode::Decode;
use crate::defect::Defect;
use crate::excerpt::quoted;
use crate::feed::{Context, Feed, Item, Whose};
use crate::mapping::RuleId;
use crate::order::{self, Content};
use crate::person::Person;
use crate::place::{Place, Provenance};
use crate::problem::Once;
use crate::{CodeId, ConceptId, Problem, Sex, Table, Timeline, rules};

/// Reads a patient's rows of one kind. What is wrong with them goes to the patient.
pub(crate) fn gather<R: Decode + Content>(
    feed: Option<&mut Feed>,
    person: &mut Person,
    context: &mut Context<'_>,
) -> io::Result<Vec<R>> {
    let Some(feed) = feed else {
        return Ok(Vec::new());
    };
    // As a hint: a store may say anything.
    let count = feed.count(person.whose()).min(1 << 10);
    let mut rows = Vec::with_capacity(count);
    let patient = Arc::clone(&person.patient);
    let (set_aside, sources) = (&mut person.set_aside, &mut person.sources);
    sources.expect(count);
    let set_aside_before = set_aside.len();
    let (own, by_mapping) = ((person.sex, person.birth), &mut person.by_mapping);
    let whose = Whose {
        patient: patient.as_bytes(),
        rank: person.rank,
        kept: &person.kept,
    };
    feed.rows_of(whose, context, |place, item, context| match item {
        Item::Broken { breakage, lookup } => {
            let Some((code, concepts)) = concerned(lookup, context) else {
                return;
            };
            // It was counted when the file was opened.
            let defect = Defect::broken(breakage, R::TABLE, place.columns);
            let column = defect.column_name(R::TABLE);
            let problem = Arc::new(defect.at(place));
            set_aside.push(about(place.at, code, &concepts, column, None, problem));
        }
        Item::Lost {
            problem,
            lookup,
            column,
        } => {
            let Some((code, concepts)) = concerned(lookup, context) else {
                return;
            };
            sources.name(place.at, problem.record.as_deref().unwrap_or_default());
            set_aside.push(about(place.at, code, &concepts, column, None, problem));
        }
        Item::Row { lookup, cells } => {
            match judge(lookup, cells, place, (own, &mut rows), context) {
                Fate::Used(columns) => {
                    sources.name(place.at, place.record);
                    by_mapping.extend(mapped(place.at, &columns, context));
                }
                Fate::Withdrawn => context.tally.withdrawn += 1,
                Fate::Later => context.tally.later += 1,
                Fate::SetAside {
                    defect,
                    code,
                    concepts,
                    time,
                } => {
                    context.tally.set_aside += 1;
                    let column = defect.column_name(R::TABLE);
                    let problem = context.recorder.record(defect.at(place));
                    sources.name(place.at, place.record);
                    set_aside.push(about(place.at, code, &concepts, column, time, problem));
                }
            }
        }
    })?;
    // As they stand in the source, in whatever order they came.
    if let Some(new) = set_aside.get_mut(set_aside_before..) {
        let code = |row: &SetAside| row.code.map(|code| context.names.dictionary.text(code));
        new.sort_by(|one, other| {
            one.at
                .cmp(&other.at)
                .then_with(|| code(one).cmp(&code(other)))
        });
    }
    let count = rows.len();
    let mut rows = sorted(rows, context.names);
    rows.dedup_by(|later, first| order::compare(later, first, context.names).is_eq());
    // Most rows of a store may not have been asked for, and many charts are held at a time.
    if rows.len().saturating_mul(2) < rows.capacity() {
        rows.shrink_to_fit();
    }
    context.tally.duplicates += diff(count, rows.len());
    context.tally.used += diff(rows.len(), 0);
    Ok(rows)
}

/// The rows by time and by what they say, those that say the same as they stand in the source. Rows are
/// large, so each is moved once.
fn sorted<R: Content>(rows: Vec<R>, names: &Names) -> Vec<R> {
    let compare = |one: &R, other: &R| {
        order::compare(one, other, names).then_with(|| one.at().cmp(&other.at()))
    };
    if rows.is_sorted_by(|one, other| compare(one, other).is_le()) {
        return rows;
    }
    let ends = |row: &R| row.time().map(|time| (time.start(), time.end()));
    let mut order: Vec<_> = rows.iter().map(ends).zip(0_usize..).collect();
    order.sort_by(|(time, one), (other_time, other)| {
        time.cmp(other_time)
            .then_with(|| match (rows.get(*one), rows.get(*other)) {
                (Some(one), Some(other)) => compare(one, other),
                _ => Ordering::Equal,
            })
    });
    let mut in_order = Vec::with_capacity(rows.len());
    let mut rows: Vec<Option<R>> = rows.into_iter().map(Some).collect();
    let mut take = |place: usize| rows.get_mut(place)?.take();
    in_order.extend(order.iter().filter_map(|(_, place)| take(*place)));
    in_order
}

/// What becomes of a row.
enum Fate {
    /// It is the last of the rows; with the columns that hold what the mapping file says.
    Used(Vec<(usize, RuleId)>),
    Withdrawn,
    Later,
    SetAside {
        defect: Defect,
        code: Option<CodeId>,
        concepts: Box<[ConceptId]>,
        time: Option<When>,
    },
}

fn judge<R: Decode>(
    lookup: Lookup,
    cells: &Cells<'_>,
    place: &Place<'_>,
    ((sex, birth), rows): ((Option<Sex>, Option<When>), &mut Vec<R>),
    context: &mut Context<'_>,
) -> Fate {
    let rules = match &lookup {
        Lookup::Wanted(code) => context.names.dictionary.rules(*code).cloned(),
        _ => None,
    };
    for rule in rules.iter().flat_map(|rules| &rules.by) {
        context.names.uses.count(*rule);
    }
    let mut row = Reading {
        table: R::TABLE,
        cells,
        clock: context.clock,
        names: context.names,
        offset_ignored: None,
        unlikely_unit: None,
        rules: rules.as_deref(),
        sex,
        birth,
        age_without_birth: None,
        by_mapping: Vec::new(),
    };
    // What was taken back, or is not known yet, is not asked for its faults.
    if row.is_withdrawn(Some(R::STATUS)) {
        return Fate::Withdrawn;
    }
    let time = row.time(R::TIME);
    let known_time = time.as_ref().ok().copied().flatten();
    if context.clock.is_later(known_time) {
        return Fate::Later;
    }
    let code = match &lookup {
        Lookup::Wanted(code) => Some(*code),
        _ => None,
    };
    let decoded = match (&lookup, time) {
        (Lookup::Wanted(code), Ok(time)) => R::decode(*code, time, place.at, &mut row),
        (Lookup::Wanted(_), Err(defect)) => Err(defect),
        (Lookup::Near(near), _) => {
            let code = cells.text(crate::table::CODE);
            Err(Defect::near_code(code, &near.meant))
        }
        (Lookup::Missing | Lookup::NotWanted(_), _) => {
            Err(Defect::missing(R::TABLE, crate::table::CODE))
        }
    };
    let by_mapping = std::mem::take(&mut row.by_mapping);
    let doubt = row.doubt().filter(|_| decoded.is_ok());
    let (offset_ignored, age_without_birth) = (row.offset_ignored, row.age_without_birth);
    if let Some(doubt) = doubt {
        context.recorder.record(doubt.at(place));
    }
    if let Some(column) = age_without_birth.filter(|_| decoded.is_ok()) {
        let defect = Defect::age_without_birth(column, cells.text(column));
        context.recorder.record(defect.at(place));
    }
    if let Some(column) = offset_ignored {
        let once = Once::Offset(R::TABLE, column);
        let problem = || Defect::offset_ignored(column).at(place);
        context.recorder.once(once, problem);
    }
    match decoded {
        Ok(row) => {
            rows.push(row);
            Fate::Used(by_mapping)
        }
        Err(defect) => {
            if let (Some(code), Some(column)) = (code, defect.column)
                && defect.rule == &rules::D0742_UNKNOWN_UNIT
            {
                context.names.count_unknown_unit(code, cells.text(column));
            }
            Fate::SetAside {
                defect,
                code,
                concepts: match lookup {
                    Lookup::Near(near) => near.concepts.clone(),
                    Lookup::Wanted(code) => context.names.dictionary.concepts(code).into(),
                    Lookup::Missing | Lookup::NotWanted(_) => Box::default(),
                },
                time: known_time,
            }
        }
    }
}

/// What the mapping file said of a row; it is counted.
fn mapped(
    at: Provenance,
    columns: &[(usize, RuleId)],
    context: &mut Context<'_>,
) -> Vec<ByMapping> {
    let told = columns.iter().map(|(column, rule)| {
        context.names.uses.count(*rule);
        ByMapping {
            at,
            column: at.table.columns().get(*column).copied().unwrap_or_default(),
            line: context.mapping.line(*rule),
        }
    });
    told.collect()
}

/// What a record that cannot be read may be about; none: nothing that is asked for.
fn concerned(
    lookup: Option<Lookup>,
    context: &Context<'_>,
) -> Option<(Option<CodeId>, Box<[ConceptId]>)> {
    Some(match lookup {
        None | Some(Lookup::Missing) => (None, Box::default()),
        Some(Lookup::NotWanted(_)) => return None,
        Some(Lookup::Near(near)) => (None, near.concepts.clone()),
        Some(Lookup::Wanted(code)) => (Some(code), context.names.dictionary.concepts(code).into()),
    })
}

fn about(
    at: Provenance,
    code: Option<CodeId>,
    concepts: &[ConceptId],
    column: Option<&'static str>,
    time: Option<When>,
    problem: Arc<Problem>,
) -> SetAside {
    SetAside {
        table: at.table,
        code,
        concepts: concepts.into(),
        column,
        time,
        problem,
        at,
    }
}

/// Of two rows that give one milestone different times, neither is used. `derived` are those that the
/// mapping file takes from other records.
pub(crate) fn without_conflicts(
    mut rows: Vec<MilestoneRow>,
    derived: Vec<MilestoneRow>,
    person: &mut Person,
    feed: Option<&Feed>,
    context: &mut Context<'_>,
) -> Vec<MilestoneRow> {
    const TIME: usize = MilestoneRow::TIME;
    let first_derived = rows.len();
    for row in derived {
        let is_known = |other: &MilestoneRow| other.code == row.code && other.time == row.time;
        if !rows.iter().any(is_known) {
            rows.push(row);
        }
    }
    let (mut kept, mut conflicting) = (Vec::new(), Vec::new());
    for (place, row) in rows.iter().enumerate() {
        let others: Vec<Provenance> = rows
            .iter()
            .filter(|other| other.code == row.code && other.at != row.at)
            .map(|other| other.at)
            .collect();
        if others.is_empty() {
            kept.push(row.clone());
        } else {
            conflicting.push((row, others, place >= first_derived));
        }
    }
    for (row, others, is_derived) in conflicting {
        // A record of another kind counts as what it is.
        if !is_derived {
            context.tally.set_aside += 1;
            context.tally.used = context.tally.used.saturating_sub(1);
        }
        let name = quoted(context.names.dictionary.text(row.code));
        let lines: Vec<String> = others.iter().map(|at| at.line.to_string()).collect();
        let lines = crate::excerpt::list(&lines, 3);
        let line = if others.len() == 1 { "line" } else { "lines" };
        let elsewhere = others.iter().find(|at| at.file != row.at.file);
        let of = elsewhere.map_or_else(String::new, |at| {
            format!(" of {}", quoted(person.sources.file(*at)))
        });
        let defect = Defect::new(
            &rules::D0722_MILESTONE_CONFLICT,
            TIME,
            format!("{name} of this patient has another time on {line} {lines}{of}"),
        );
        let problem = defect.at(&Place {
            at: row.at,
            file: person.sources.file(row.at),
            record: person.sources.record(row.at).unwrap_or_default(),
            columns: feed
                .filter(|_| !is_derived)
                .and_then(|feed| feed.columns.as_ref()),
        });
        let problem = context.recorder.record(problem);
        let concepts: Box<[_]> = context.names.dictionary.concepts(row.code).into();
        let column = Table::Milestones.columns().get(TIME).copied();
        person.set_aside.push(SetAside {
            table: Table::Milestones,
            // Which of the times is right is the question.
            ..about(row.at, Some(row.code), &concepts, column, None, problem)
        });
    }
    kept.sort_by_key(|row| (row.time.start(), row.time.end()));
    kept
}

/// The rows as a timeline.
pub(crate) fn timeline<R: Fact>(rows: Vec<R>, names: &Names) -> Timeline<R> {
    Timeline::of_sorted(rows, &names.dictionary)
}

fn diff(more: usize, less: usize) -> u64 {
    u64::try_from(more.saturating_sub(less)).unwrap_or(u64::MAX)
}
