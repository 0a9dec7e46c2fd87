//! The run of the checker, from loaded modules to a protocol.

use std::collections::BTreeSet;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, FileId, Files, Sink, Span};
use lind_model::protocol::{
    About, Chosen, CodeSet, Criterion, Definition, Equivalence, Formula, HalfLife, Judgement,
    Measure, Milestone, Reading,
};
use lind_model::{MeasureId, MilestoneId, Protocol, ReadingId, SetId, TestCase};
use lind_syntax::tree::{FieldKind, Item, Name};
use lind_time::network::{NodeId, Solved};

use crate::modules::{FileHead, Loader, Module, head, load};
use crate::scope::{Scope, Symbol, scopes};
use crate::{lints, lookahead, milestones, overlaps};

/// What checking gives.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// All findings, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
    /// The protocol, if the root file is one and there is no error in it or in what it uses.
    pub protocol: Option<Arc<Protocol>>,
    /// The tests in the root file; none if there is no protocol.
    pub tests: Vec<TestCase>,
}

/// Checks a file and everything it uses.
///
/// `files` holds the root already; modules that are loaded are added to it.
pub fn check(files: &mut Files, root: FileId, loader: &mut dyn Loader) -> Analysis {
    let mut sink = Sink::new();
    let modules = load(files, root, loader, &mut sink);
    let whole = Checker::new(files, &modules, &mut sink).run(&modules);
    let (protocol, tests) = match whole.filter(|_| !sink.has_errors()) {
        Some((protocol, tests)) => (Some(Arc::new(protocol)), tests),
        None => (None, Vec::new()),
    };
    Analysis {
        diagnostics: sink.into_sorted(),
        protocol,
        tests,
    }
}

/// The tables that grow while the run goes on. A declaration that could not be understood is a hole.
#[derive(Default)]
pub(crate) struct Tables {
    pub(crate) milestones: Vec<Option<Milestone>>,
    pub(crate) measures: Vec<Option<Measure>>,
    pub(crate) formulas: Vec<Option<Formula>>,
    pub(crate) sets: Vec<Option<CodeSet>>,
    /// Products whose dose levels are declared and could not be read. That has its own message.
    pub(crate) broken_levels: std::collections::BTreeSet<String>,
    /// Populations that are declared and could not be read. That has its own message.
    pub(crate) broken_populations: std::collections::BTreeSet<String>,
    /// Names of records that the files themselves declare.
    pub(crate) record_names: Vec<Arc<lind_model::RecordName>>,
    /// Sets that are lists of examples, by their place: who is asked about what they do not list.
    pub(crate) examples: std::collections::BTreeMap<usize, Vec<lind_model::JudgementId>>,
    /// Sets of adverse events that are recorded with the time of day, by their place.
    pub(crate) timed_sets: std::collections::BTreeSet<usize>,
    /// By judgement: the first fact over a list of examples that it completes, and where.
    pub(crate) asked_of_examples:
        std::collections::BTreeMap<usize, (lind_model::protocol::Fact, Span)>,
    /// The declared anchors that the data choose, and behind them those that are written in their places.
    pub(crate) chosen: Vec<Option<Chosen>>,
    pub(crate) judgements: Vec<Option<Judgement>>,
    pub(crate) equivalences: Vec<Option<Equivalence>>,
    pub(crate) half_lives: Vec<HalfLife>,
    pub(crate) given_once: Vec<Arc<str>>,
    pub(crate) definitions: Vec<Option<Definition>>,
    /// Points, as far as their heads and labels say.
    pub(crate) points: Vec<Option<crate::points::PointsTable>>,
    /// The words of fields that the data write freely.
    pub(crate) field_words: crate::field_words::FieldWords,
    /// How many terms were counted while declarations were read.
    pub(crate) terms: usize,
    pub(crate) readings: Vec<Option<Reading>>,
    /// What the body of a reading looks like, known before any condition is read.
    pub(crate) outlines: Vec<crate::alternatives::Outline>,
    pub(crate) criteria: Vec<Criterion>,
    pub(crate) overrides: Vec<lind_model::protocol::Override>,
    pub(crate) caps: Vec<lind_model::protocol::Cap>,
    pub(crate) asked: Vec<lind_model::trial::Asked>,
    pub(crate) trial: lind_model::Trial,
    pub(crate) timetable: crate::schedule::Timetable,
    /// That nothing says which values count at baseline was said.
    pub(crate) baseline_values_missed: bool,
    /// Where the parts of the variable of each endpoint stand, in the order of the endpoints.
    pub(crate) endpoint_places: Vec<crate::supply::Places>,
    /// Where the escalation says what is dose-limiting, and when.
    pub(crate) escalation_places: Option<crate::supply::Places>,
}

/// The state of a run.
pub(crate) struct Checker<'a> {
    pub(crate) files: &'a Files,
    pub(crate) sink: &'a mut Sink,
    pub(crate) scopes: Vec<Scope>,
    /// The module whose items are being read.
    pub(crate) module: usize,
    pub(crate) tables: Tables,
    /// The numbers of all criteria of the protocol, those that could not be understood included.
    pub(crate) criterion_numbers: BTreeSet<String>,
    /// Whether what is being read must hold.
    pub(crate) polarity: crate::choices::Polarity,
    /// The milestones could be put in an order. If not, that has its own message, and nothing is concluded
    /// from the order.
    pub(crate) order_known: bool,
    /// How far the milestones are apart at least and at most, with the event of each milestone; none if their
    /// order is not known.
    pub(crate) distances: Option<(Solved, Vec<NodeId>)>,
    /// `baseline`, made because the root declares none.
    pub(crate) made_baseline: Option<MilestoneId>,
    /// That a baseline is missing was said.
    pub(crate) baseline_missed: bool,
    /// The root is a protocol, not a library.
    pub(crate) of_protocol: bool,
    /// The records that have a name where a condition is read, the outermost first.
    pub(crate) records: Vec<crate::records::Named>,
    /// How many of the declared anchors have been read.
    pub(crate) anchors_read: usize,
    /// A clause is read, which cannot speak of a record.
    pub(crate) clause: bool,
    /// An alternative of a reading is read, so that the text is known to be open to interpretation.
    pub(crate) in_reading: bool,
    /// The annotations of units that were remarked on, by module.
    pub(crate) remarked_annotations: BTreeSet<(usize, String)>,
    /// The alternatives that were named and are not known, with the reading.
    pub(crate) unknown_alternatives: BTreeSet<(Span, String)>,
}

impl<'a> Checker<'a> {
    fn new(files: &'a Files, modules: &[Module], sink: &'a mut Sink) -> Self {
        let scopes = scopes(files, modules, sink);
        Self {
            files,
            sink,
            scopes,
            module: 0,
            tables: Tables::default(),
            criterion_numbers: BTreeSet::new(),
            polarity: crate::choices::Polarity::Undetermined,
            order_known: false,
            distances: None,
            made_baseline: None,
            of_protocol: false,
            baseline_missed: false,
            records: Vec::new(),
            anchors_read: 0,
            clause: false,
            in_reading: false,
            remarked_annotations: BTreeSet::new(),
            unknown_alternatives: BTreeSet::new(),
        }
    }

    fn run(mut self, modules: &[Module]) -> Option<(Protocol, Vec<TestCase>)> {
        let heads: Vec<Option<FileHead<'_>>> = modules
            .iter()
            .map(|module| head(module, self.sink))
            .collect();
        for (index, module) in modules.iter().enumerate() {
            self.module = index;
            self.declarations(module);
        }
        self.sets(modules);
        for (index, module) in modules.iter().enumerate() {
            self.module = index;
            self.formulas_and_equivalences(module);
        }
        milestones::elaborate(&mut self, modules);
        self.moments(modules);
        for (index, module) in modules.iter().enumerate() {
            self.module = index;
            self.outlines(module);
        }
        self.tables.chosen = modules
            .iter()
            .flat_map(|module| &module.tree.items)
            .filter(|item| matches!(item, Item::Anchor(_)))
            .map(|_| None)
            .collect();
        for (index, module) in modules.iter().enumerate() {
            self.module = index;
            self.anchors(module);
        }
        for (index, module) in modules.iter().enumerate() {
            self.module = index;
            self.definitions_and_readings(module);
        }
        self.refuse_circles();
        self.of_protocol = self.root_is_protocol(modules);
        for (index, module) in modules.iter().enumerate() {
            self.module = index;
            self.criteria(module);
            self.states(module);
            self.gradings(module);
        }
        self.one_version();
        if let Some(module) = modules.first() {
            self.module = 0;
            self.overrides_and_caps(module);
            self.endpoints(module);
            self.two_versions();
            self.doses(module);
        }
        crate::schedule::elaborate(&mut self, modules);
        crate::supply::check(&mut self, modules);
        lookahead::check(&mut self);
        let tests = self.test_cases(modules);
        self.lone_words();
        if !self.sink.has_errors() {
            overlaps::check(&mut self);
            crate::boundaries::check(&mut self);
        }
        for scope in &mut self.scopes {
            scope.report_unknown(self.sink);
        }
        self.states_are_used();
        // A line that could not be understood may hold the one use of a name.
        if let (Some(module), Some(scope), false) =
            (modules.first(), self.scopes.first(), self.sink.has_errors())
        {
            let whole_protocol: Vec<ReadingId> = self
                .tables
                .outlines
                .iter()
                .enumerate()
                .filter(|(_, outline)| outline.sort == crate::alternatives::Sort::Months)
                .map(|(index, _)| ReadingId::from_index(index))
                .collect();
            lints::unused(
                module,
                scope,
                &self.tables.half_lives,
                &whole_protocol,
                self.sink,
            );
        }
        let Some(Some(FileHead::Protocol(protocol_head))) = heads.into_iter().next() else {
            return None;
        };
        let mut title = Arc::from("");
        let mut version = None;
        let mut dated = None;
        let mut about = About::default();
        for field in &protocol_head.fields {
            match &field.kind {
                FieldKind::Title(text) => title = Arc::from(text.value.as_str()),
                FieldKind::Version(text, date) => {
                    version = Some(Arc::from(text.value.as_str()));
                    if let Some(date) = date {
                        match lind_time::Day::parse(&date.text) {
                            Ok(day) => dated = Some(day),
                            Err(error) => self.sink.push(
                                Diagnostic::new(
                                    &crate::rules::E0314_WRONG_DECLARATION,
                                    date.span,
                                    "this date does not exist",
                                )
                                .label(error.message()),
                            ),
                        }
                    }
                }
                FieldKind::Phase(name) => about.phase = Some(Arc::from(name.text.as_str())),
                FieldKind::Sponsor(text) => about.sponsor = Some(Arc::from(text.value.as_str())),
                FieldKind::Source(text) => about.sources.push(Arc::from(text.value.as_str())),
                FieldKind::Note(text) => about.notes.push(Arc::from(text.value.as_str())),
                FieldKind::Broken => {}
                _ => self.misplaced_field(field.span, "a protocol"),
            }
        }
        let unstated = modules.first().map(|module| {
            let items = module.tree.items.iter().filter_map(|item| {
                if let Item::Unstated(unstated) = item {
                    Some(unstated)
                } else {
                    None
                }
            });
            items
                .flat_map(|item| {
                    item.names.iter().map(|name| {
                        (
                            Arc::from(name.text.as_str()),
                            Arc::from(item.reason.value.as_str()),
                        )
                    })
                })
                .collect()
        });
        let amendments = self.amendments(modules, version.as_deref());
        let tables = self.tables;
        let protocol = Protocol {
            id: Arc::from(protocol_head.name.text.as_str()),
            title,
            version,
            dated,
            about,
            milestones: whole(tables.milestones)?,
            unstated: unstated.unwrap_or_default(),
            measures: whole(tables.measures)?,
            formulas: whole(tables.formulas)?,
            sets: whole(tables.sets)?,
            chosen: whole(tables.chosen)?,
            names: crate::record_names::record_names(tables.record_names),
            judgements: whole(tables.judgements)?,
            half_lives: tables.half_lives,
            given_once: tables.given_once,
            equivalences: whole(tables.equivalences)?,
            definitions: whole(tables.definitions)?,
            readings: whole(tables.readings)?,
            criteria: tables.criteria,
            overrides: tables.overrides,
            caps: tables.caps,
            asked: tables.asked,
            trial: tables.trial,
            amendments,
        };
        Some((protocol, tests))
    }

    /// Finds a name in the module at hand.
    pub(crate) fn resolve(&mut self, name: &Name) -> Option<(Symbol, Span)> {
        self.scopes.get_mut(self.module)?.resolve(name)
    }

    /// Finds a milestone in the module at hand.
    pub(crate) fn find_milestone(&mut self, name: &Name) -> Option<MilestoneId> {
        self.scopes.get_mut(self.module)?.milestone(name, self.sink)
    }

    /// Finds a code set in the module at hand.
    pub(crate) fn find_set(&mut self, name: &Name) -> Option<SetId> {
        self.scopes.get_mut(self.module)?.set(name, self.sink)
    }

    /// Finds a reading in the module at hand.
    pub(crate) fn find_reading(&mut self, name: &Name) -> Option<ReadingId> {
        self.scopes.get_mut(self.module)?.reading(name, self.sink)
    }

    /// The source text of a place, for explanations: blanks and comments folded to one blank.
    pub(crate) fn text(&self, span: Span) -> Arc<str> {
        let words: Vec<&str> = self.files.slice(span).split_whitespace().collect();
        Arc::from(words.join(" "))
    }

    pub(crate) fn misplaced_field(&mut self, span: Span, place: &str) {
        self.sink.push(
            Diagnostic::new(
                &crate::rules::E0509_MISPLACED_CLAUSE,
                span,
                format!("this line has no meaning in {place}"),
            )
            .label("does not belong here"),
        );
    }

    pub(crate) fn measure(&self, id: MeasureId) -> Option<&Measure> {
        self.tables
            .measures
            .get(id.index())
            .and_then(Option::as_ref)
    }

    pub(crate) fn milestone(&self, id: MilestoneId) -> Option<&Milestone> {
        self.tables
            .milestones
            .get(id.index())
            .and_then(Option::as_ref)
    }

    /// The milestone to offer where one is missing: screening, or the first that is declared.
    pub(crate) fn usual_milestone(&self) -> Option<Arc<str>> {
        let milestones = || self.tables.milestones.iter().flatten();
        milestones()
            .find(|milestone| &*milestone.name == "screening")
            .or_else(|| milestones().next())
            .map(|milestone| Arc::clone(&milestone.name))
    }

    /// Whether the order of the milestones proves that one is never later than another.
    pub(crate) fn never_later(&self, one: MilestoneId, other: MilestoneId) -> bool {
        self.order_known
            && self
                .milestone(other)
                .is_some_and(|milestone| milestone.not_later.contains(&one))
    }

    /// By how many minutes a milestone is proven to be later than another, at least.
    pub(crate) fn least_minutes(&self, from: MilestoneId, to: MilestoneId) -> Option<i64> {
        let (solved, events) = self.distances.as_ref()?;
        let (from, to) = (events.get(from.index())?, events.get(to.index())?);
        solved.bounds(*from, *to).0
    }

    /// By how many minutes a milestone can be later than another, at most, if the protocol limits that.
    pub(crate) fn most_minutes(&self, from: MilestoneId, to: MilestoneId) -> Option<i64> {
        let (solved, events) = self.distances.as_ref()?;
        let (from, to) = (events.get(from.index())?, events.get(to.index())?);
        solved.bounds(*from, *to).1
    }

    pub(crate) fn outline(&self, id: ReadingId) -> Option<&crate::alternatives::Outline> {
        self.tables.outlines.get(id.index())
    }

    /// The milestones get their final ids, an order that the network allows.
    pub(crate) fn renumber_milestones(&mut self, order: &[MilestoneId]) {
        for scope in &mut self.scopes {
            for entry in scope.entries.values_mut() {
                if let Symbol::Milestone(id) = entry.symbol
                    && let Some(place) = order.iter().position(|other| *other == id)
                {
                    entry.symbol = Symbol::Milestone(MilestoneId::from_index(place));
                }
            }
        }
    }
}

fn whole<T>(table: Vec<Option<T>>) -> Option<Vec<T>> {
    table.into_iter().collect()
}
