//! From the tree of lines to the syntax tree: each line with the rule of its place.

mod needs;
mod schedule;
mod structure;
mod tables;

use std::cell::OnceCell;

use needs::Needs;
pub(crate) use structure::shift_to;

use lind_diagnostics::{Diagnostic, FileId, Span, closest};

use pest::iterators::Pair;

use crate::convert::Source;
use crate::expected::{first_word_unknown, meant_word, slip_message, too_deep, unreadable};
use crate::fields::{FieldLine, FormulaLine};
use crate::foreign::foreign;
use crate::grammar::{Failure, Rule, parse_line};
use crate::layout::{Line, has_bar, lay_out};
use crate::misplaced::{Home, home};
use crate::place::Place;
use crate::rules;
use crate::slips::{Names, names_of, slip_in_unit};
use crate::tree::{
    AmendmentLine, AnchorLine, CaseLine, CaseLineKind, EndpointLine, Entry, EntryKind,
    EscalationLine, EscalationLineKind, Field, FieldKind, Item, LevelLine, PlanLine,
    StatisticsLine, Tree,
};

/// Messages that try out what was meant; a file with more broken lines than this gets plain ones, so
/// that a file of nonsense is refused as fast as a good one is read.
const CLEVER_MESSAGES: usize = 100;

/// What parsing gives: always a tree, and what was wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Parse {
    /// The tree, with holes where a line could not be read.
    pub tree: Tree,
    /// The syntax errors, in the order of the source.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a file. Never fails.
pub fn parse(file: FileId, text: &str) -> Parse {
    let mut diagnostics = Vec::new();
    let layout = lay_out(file, text, &mut diagnostics);
    if let Some(diagnostic) = foreign(file, &layout.lines) {
        let items = vec![Item::Broken(diagnostic.primary.span)];
        return Parse {
            tree: Tree { file, items },
            diagnostics: vec![diagnostic],
        };
    }
    let mut parser = Parser::new(file, &layout.lines, diagnostics);
    let items = parser.items(&layout.lines);
    let mut diagnostics = parser.diagnostics;
    diagnostics.sort_by_key(|diagnostic| (diagnostic.primary.span.start, diagnostic.rule.code));
    Parse {
        tree: Tree { file, items },
        diagnostics,
    }
}

/// What is told of a line that can be read.
pub(crate) type Watch<'w> = &'w mut dyn FnMut(&Line, Place, Pair<'_, Rule>);

/// Reads lines one by one.
pub(crate) struct Parser<'l, 'w> {
    file: FileId,
    diagnostics: Vec<Diagnostic>,
    clever_messages_left: usize,
    /// The names the file knows, once a message asks for them.
    names: OnceCell<Names<'l>>,
    /// The code of a message that was given about where lines stand in this item. What else seems to stand wrong in it
    /// most likely follows from that.
    structure_in_doubt: Option<&'static str>,
    /// All lines in the order of the source.
    order: Vec<&'l Line>,
    /// The line that was read last, and where it stands.
    last: Option<(&'l Line, Place)>,
    /// That line could not be read.
    last_refused: bool,
    /// The offset of a line that a message already explained as the end of the line above it.
    explained: Option<u32>,
    /// Told of every line that could be read.
    watch: Option<Watch<'w>>,
}

/// What is remembered while the lines of one list are read.
struct Block<'l> {
    /// Its lines.
    lines: &'l [Line],
    /// A line was found that belongs elsewhere; its neighbours of that kind need no second message.
    misplaced: bool,
}

impl<'l> Block<'l> {
    fn below(line: &'l Line) -> Self {
        Self {
            lines: &line.children,
            misplaced: false,
        }
    }
}

impl<'l, 'w> Parser<'l, 'w> {
    pub(crate) fn new(file: FileId, lines: &'l [Line], diagnostics: Vec<Diagnostic>) -> Self {
        let mut order = Vec::new();
        in_order(lines, &mut order);
        Self {
            file,
            diagnostics,
            clever_messages_left: CLEVER_MESSAGES,
            names: OnceCell::new(),
            structure_in_doubt: None,
            order,
            last: None,
            last_refused: false,
            explained: None,
            watch: None,
        }
    }

    /// Tells of every line that can be read.
    pub(crate) fn watched(self, watch: Watch<'w>) -> Self {
        Self {
            watch: Some(watch),
            ..self
        }
    }

    pub(crate) fn items(&mut self, lines: &'l [Line]) -> Vec<Item> {
        let mut block = Block {
            lines,
            misplaced: false,
        };
        lines
            .iter()
            .map(|line| self.item(line, &mut block))
            .collect()
    }

    /// Parses a line and converts it; on failure the line gets its message.
    fn line<T>(
        &mut self,
        line: &'l Line,
        place: Place,
        block: &mut Block<'l>,
        convert: impl FnOnce(&mut Source<'_>, Pair<'_, Rule>) -> Option<T>,
    ) -> Option<T> {
        // Below a line that could not be read, its column says nothing.
        if let Some(ragged) = line.ragged.as_ref().filter(|_| !self.last_refused) {
            self.doubt(ragged.as_ref().clone());
        }
        self.last_refused = false;
        if line.broken {
            return None;
        }
        if let Some(diagnostic) = too_deep(self.file, line, place) {
            self.diagnostics.push(diagnostic);
            return None;
        }
        let before = self.last.replace((line, place));
        match parse_line(place.rule(), &line.text) {
            Ok(pair) => {
                if self.clever_messages_left > 0
                    && !line.has_message()
                    && let Some(slip) = slip_in_unit(place, &line.text, pair.clone())
                {
                    self.clever_messages_left -= 1;
                    self.diagnostics.push(slip_message(self.file, line, slip));
                    return None;
                }
                if let Some(watch) = &mut self.watch
                    && !line.suspect
                {
                    watch(line, place, pair.clone());
                }
                if place == Place::Top {
                    block.misplaced = false;
                }
                let mut source = Source {
                    file: self.file,
                    base: line.start,
                    filled: None,
                    diagnostics: &mut self.diagnostics,
                };
                convert(&mut source, pair)
            }
            Err(failure) => {
                self.last_refused = true;
                if !line.has_message() && self.explained != Some(line.start) {
                    self.refuse(line, place, &failure, block, before);
                }
                None
            }
        }
    }

    /// The message for a line that the rule of its place refused.
    fn refuse(
        &mut self,
        line: &'l Line,
        place: Place,
        failure: &Failure,
        block: &mut Block<'l>,
        before: Option<(&'l Line, Place)>,
    ) {
        let clever = self.clever_messages_left > 0;
        self.clever_messages_left = self.clever_messages_left.saturating_sub(1);
        if clever {
            if let Some((before, place)) = before
                && self.goes_on(before, line, place, true)
            {
                return;
            }
            if line
                .text
                .get(failure.at..)
                .is_none_or(|rest| !rest.trim_start().contains(' '))
                && let Some(next) = self.after(line)
                && self.goes_on(line, next, place, true)
            {
                return;
            }
        }
        let home = if clever {
            home(line, block.lines, place)
        } else {
            None
        };
        if let Some(home) = home {
            if !std::mem::replace(&mut block.misplaced, true) {
                self.doubt(home.message(self.file, line, place));
            }
            return;
        }
        if place == Place::Top {
            block.misplaced = false;
        } else if block.misplaced && !line.text.contains(|c: char| c.is_whitespace() || c == ':') {
            // A single word behind misplaced lines is the last of them.
            return;
        }
        let names = clever.then(|| self.names());
        let diagnostic = unreadable(self.file, line, failure, place, names);
        self.diagnostics.push(diagnostic);
    }

    /// The names the file knows.
    fn names(&self) -> &Names<'l> {
        self.names
            .get_or_init(|| names_of(self.order.iter().map(|line| line.text.as_str())))
    }

    fn item(&mut self, line: &'l Line, block: &mut Block<'l>) -> Item {
        let explained = self.explained == Some(line.start);
        self.structure_in_doubt = explained.then_some(rules::E0103_UNREADABLE_LINE.code);
        let Some(mut item) = self.line(line, Place::Top, block, |source, pair| source.head(pair))
        else {
            // The head is lost, but its first word tells how to read what stands below it.
            self.below_broken(line, Place::Top);
            return Item::Broken(line.span(self.file));
        };
        match &mut item {
            Item::Protocol(head) | Item::Library(head) => {
                head.fields = self.fields(line, &mut Block::below(line))
            }
            Item::Milestone(milestone) => {
                milestone.fields = self.fields(line, &mut Block::below(line))
            }
            Item::Judgement(judgement) => {
                judgement.fields = self.fields(line, &mut Block::below(line))
            }
            Item::Measure(measure) => measure.fields = self.fields(line, &mut Block::below(line)),
            Item::CodeSet(set) => set.fields = self.fields(line, &mut Block::below(line)),
            Item::Equivalence(table) => {
                let mut block = Block::below(line);
                for child in &line.children {
                    match self.line(child, Place::Rows, &mut block, |source, pair| {
                        source.field_line(pair)
                    }) {
                        Some(FieldLine::Row(row)) => table.rows.push(row),
                        Some(FieldLine::Field(field)) => table.fields.push(field),
                        None => table.fields.push(Field {
                            kind: FieldKind::Broken,
                            span: child.span(self.file),
                        }),
                    }
                    self.nothing_below_if_read(child, Place::Rows);
                }
            }
            Item::Formula(formula) => {
                let mut block = Block::below(line);
                for child in &line.children {
                    match self.line(child, Place::Formula, &mut block, |source, pair| {
                        source.formula_line(pair)
                    }) {
                        Some(FormulaLine::Field(field)) => formula.fields.push(field),
                        Some(FormulaLine::Inputs(inputs)) => formula.inputs.extend(inputs),
                        Some(FormulaLine::Together(length)) => formula.together = Some(length),
                        Some(FormulaLine::Case(case)) => formula.cases.push(case),
                        None => formula.fields.push(Field {
                            kind: FieldKind::Broken,
                            span: child.span(self.file),
                        }),
                    }
                    self.nothing_below_if_read(child, Place::Formula);
                }
            }
            Item::Anchor(anchor) => {
                let convert =
                    |source: &mut Source<'_>, pair: Pair<'_, Rule>| source.anchor_line(pair);
                anchor.lines = self.lines_below(line, Place::Anchor, convert, AnchorLine::Broken);
            }
            Item::Define(define) => define.body = self.block(line),
            Item::Population(population) => population.body = self.block(line),
            Item::Endpoint(endpoint) => {
                let convert =
                    |source: &mut Source<'_>, pair: Pair<'_, Rule>| source.endpoint_line(pair);
                endpoint.lines =
                    self.lines_below(line, Place::Endpoint, convert, EndpointLine::Broken);
            }
            Item::Statistics(statistics) => {
                let convert =
                    |source: &mut Source<'_>, pair: Pair<'_, Rule>| source.statistics_line(pair);
                statistics.lines =
                    self.lines_below(line, Place::Statistics, convert, StatisticsLine::Broken);
            }
            Item::TreatmentPlan(plan) => {
                let convert =
                    |source: &mut Source<'_>, pair: Pair<'_, Rule>| source.plan_line(pair);
                plan.lines = self.lines_below(line, Place::Plan, convert, PlanLine::Broken);
            }
            Item::DoseLevels(levels) => {
                let convert =
                    |source: &mut Source<'_>, pair: Pair<'_, Rule>| source.level_line(pair);
                levels.lines = self.lines_below(line, Place::Levels, convert, LevelLine::Broken);
            }
            Item::Escalation(escalation) => {
                let convert =
                    |source: &mut Source<'_>, pair: Pair<'_, Rule>| source.escalation_line(pair);
                let broken = |span| EscalationLine {
                    kind: EscalationLineKind::Broken,
                    span,
                };
                escalation.lines = self.lines_below(line, Place::Escalation, convert, broken);
            }
            Item::Amendment(amendment) => {
                let convert =
                    |source: &mut Source<'_>, pair: Pair<'_, Rule>| source.amendment_line(pair);
                amendment.lines =
                    self.lines_below(line, Place::Amendment, convert, AmendmentLine::Broken);
            }
            Item::Arm(_) => self.nothing_below(line, Place::Top),
            Item::Points(points) => points.body = self.block(line),
            Item::State(state) => state.body = self.block(line),
            Item::Grading(grading) => grading.body = self.block(line),
            Item::Reading(reading) => reading.body = self.block(line),
            Item::Criterion(criterion) => criterion.body = self.block(line),
            Item::Override(rule) | Item::Cap(rule) => rule.body = self.block(line),
            Item::Commitment(commitment) => commitment.body = self.entries(&mut Block::below(line)),
            Item::Test(test) if test.table.is_some() => {
                let mut block = Block::below(line);
                self.table(line, test, &mut block);
            }
            Item::Test(test) => {
                let mut block = Block::below(line);
                for child in &line.children {
                    // The rows of a table whose head has slipped: that has its message.
                    let lost = self.structure_in_doubt.is_some() && has_bar(&child.text);
                    let kind = if lost {
                        None
                    } else {
                        self.line(child, Place::Test, &mut block, |source, pair| {
                            source.case_line(pair)
                        })
                    };
                    test.lines.push(CaseLine {
                        kind: kind.unwrap_or(CaseLineKind::Broken),
                        span: child.span(self.file),
                    });
                    self.nothing_below_if_read(child, Place::Test);
                }
                if line.children.is_empty() {
                    self.empty(line, "nothing stands below this line");
                }
            }
            Item::Assessment(assessment) => self.assessment(line, assessment),
            Item::Timeline(timeline) => self.timeline(line, timeline),
            Item::Visit(visit) => visit.lines = self.visit_lines(line, &mut Block::below(line)),
            Item::Use(_) | Item::Unstated(_) | Item::StudyDays(_) | Item::GradedBy(_) => {
                self.nothing_below(line, Place::Top)
            }
            Item::Broken(_) => {}
        }
        item
    }

    /// Reads the lines below a head, which must have some, each with the rule of its place; nothing stands below them.
    fn lines_below<T>(
        &mut self,
        line: &'l Line,
        place: Place,
        convert: impl Fn(&mut Source<'_>, Pair<'_, Rule>) -> Option<T>,
        broken: impl Fn(Span) -> T,
    ) -> Vec<T> {
        if line.children.is_empty() {
            self.empty(line, "nothing stands below this line");
        }
        let mut block = Block::below(line);
        let mut lines = Vec::with_capacity(line.children.len());
        for child in &line.children {
            let parsed = self.line(child, place, &mut block, &convert);
            lines.push(parsed.unwrap_or_else(|| broken(child.span(self.file))));
            self.nothing_below_if_read(child, place);
        }
        lines
    }

    /// Reads the lines below one that could not be read, for their own messages: what is wrong there is
    /// wrong for itself. Lines that fit no better than their head say nothing.
    fn below_broken(&mut self, line: &'l Line, place: Place) -> Vec<Entry> {
        let word = line.first_word();
        let below = match place {
            Place::Top if is_of_a_test(line) => Some(Place::Test),
            Place::Top | Place::Body if Place::below(word).is_some() => Place::below(word),
            Place::Top | Place::Body if Place::Body.likely_words().contains(&word) => {
                Some(Place::Body)
            }
            Place::Top => meant_word(line, place).and_then(Place::below),
            Place::Body => Some(Place::Body),
            Place::Fields
            | Place::Rows
            | Place::Formula
            | Place::Anchor
            | Place::Test
            | Place::Table
            | Place::Endpoint
            | Place::Statistics
            | Place::Assessment
            | Place::Timeline
            | Place::Visit
            | Place::Plan
            | Place::Levels
            | Place::Escalation
            | Place::Amendment => None,
        };
        let mut quiet = Block {
            lines: &line.children,
            misplaced: true,
        };
        match below {
            Some(Place::Body) => return self.entries(&mut quiet),
            Some(Place::Fields) => {
                self.fields(line, &mut quiet);
            }
            Some(Place::Rows) => {
                for child in &line.children {
                    self.line(child, Place::Rows, &mut quiet, |source, pair| {
                        source.field_line(pair)
                    });
                }
            }
            Some(Place::Formula) => {
                for child in &line.children {
                    self.line(child, Place::Formula, &mut quiet, |source, pair| {
                        source.formula_line(pair)
                    });
                }
            }
            Some(Place::Anchor) => {
                for child in &line.children {
                    self.line(child, Place::Anchor, &mut quiet, |source, pair| {
                        source.anchor_line(pair)
                    });
                }
            }
            Some(Place::Test) => {
                // The rows of a table are no lines of a test.
                for child in line.children.iter().filter(|child| !has_bar(&child.text)) {
                    self.line(child, Place::Test, &mut quiet, |source, pair| {
                        source.case_line(pair)
                    });
                }
            }
            Some(Place::Endpoint) => {
                for child in &line.children {
                    self.line(child, Place::Endpoint, &mut quiet, |source, pair| {
                        source.endpoint_line(pair)
                    });
                }
            }
            Some(Place::Statistics) => {
                for child in &line.children {
                    self.line(child, Place::Statistics, &mut quiet, |source, pair| {
                        source.statistics_line(pair)
                    });
                }
            }
            Some(place @ (Place::Assessment | Place::Timeline | Place::Visit)) => {
                self.below_broken_schedule(line, place);
            }
            Some(Place::Plan) => {
                for child in &line.children {
                    self.line(child, Place::Plan, &mut quiet, |source, pair| {
                        source.plan_line(pair)
                    });
                }
            }
            Some(Place::Levels) => {
                for child in &line.children {
                    self.line(child, Place::Levels, &mut quiet, |source, pair| {
                        source.level_line(pair)
                    });
                }
            }
            Some(Place::Escalation) => {
                for child in &line.children {
                    self.line(child, Place::Escalation, &mut quiet, |source, pair| {
                        source.escalation_line(pair)
                    });
                }
            }
            Some(Place::Amendment) => {
                for child in &line.children {
                    self.line(child, Place::Amendment, &mut quiet, |source, pair| {
                        source.amendment_line(pair)
                    });
                }
            }
            Some(Place::Top | Place::Table) | None => {}
        }
        Vec::new()
    }

    fn fields(&mut self, line: &'l Line, block: &mut Block<'l>) -> Vec<Field> {
        let mut fields = Vec::with_capacity(line.children.len());
        for child in &line.children {
            let parsed = self.line(child, Place::Fields, block, |source, pair| {
                source.field_line(pair)
            });
            fields.push(match parsed {
                Some(FieldLine::Field(field)) => field,
                // A row of a table where no table is: a word that is no field, or a table without its head.
                Some(FieldLine::Row(row)) => {
                    if Place::Fields.words().contains(&child.first_word()) {
                        // `version 1.0 dated 2024-05-09` reads like a dose.
                        let at = child.text.len() - row_value(&child.text).len();
                        let failure = Failure {
                            at,
                            tried: Vec::new(),
                        };
                        let names = Some(self.names());
                        let diagnostic =
                            unreadable(self.file, child, &failure, Place::Fields, names);
                        self.diagnostics.push(diagnostic);
                    } else if let Some(diagnostic) =
                        first_word_unknown(self.file, child, Place::Fields)
                            .filter(|diagnostic| diagnostic.fix.is_some())
                    {
                        self.diagnostics.push(diagnostic);
                    } else if !std::mem::replace(&mut block.misplaced, true) {
                        self.doubt(Home::Row.message(self.file, child, Place::Fields));
                    }
                    Field {
                        kind: FieldKind::Broken,
                        span: row.span,
                    }
                }
                None => Field {
                    kind: FieldKind::Broken,
                    span: child.span(self.file),
                },
            });
            self.nothing_below_if_read(child, Place::Fields);
        }
        fields
    }

    /// The lines of a body, which must not be empty.
    fn block(&mut self, line: &'l Line) -> Vec<Entry> {
        if line.children.is_empty() {
            self.empty(line, "nothing stands below this line");
        }
        self.entries(&mut Block::below(line))
    }

    fn entries(&mut self, block: &mut Block<'l>) -> Vec<Entry> {
        let lines = block.lines;
        let mut entries = Vec::with_capacity(lines.len());
        for line in lines {
            self.entry(line, block, &mut entries);
        }
        entries
    }

    /// Reads a line of a body and those below it. Lines that cannot stand below it are read as its
    /// neighbours, which they most likely are.
    fn entry(&mut self, line: &'l Line, block: &mut Block<'l>, entries: &mut Vec<Entry>) {
        let span = line.span(self.file);
        let parsed = self.line(line, Place::Body, block, |source, pair| {
            Some(source.body_line(pair))
        });
        // A comparison without a limit, unless limits stand below it.
        let ends_early =
            matches!(&parsed, Some((_, EntryKind::Limits(_))) if line.children.is_empty());
        if ends_early {
            let failure = Failure {
                at: line.text.len(),
                tried: vec![Rule::quantity],
            };
            self.diagnostics
                .push(unreadable(self.file, line, &failure, Place::Body, None));
            entries.push(Entry {
                label: None,
                kind: EntryKind::Broken,
                span,
                children: Vec::new(),
            });
            return;
        }
        let Some((label, kind)) = parsed else {
            let children = self.below_broken(line, Place::Body);
            entries.push(Entry {
                label: None,
                kind: EntryKind::Broken,
                span,
                children,
            });
            return;
        };
        match Needs::of(&kind) {
            Needs::Something => {
                if line.children.is_empty() {
                    self.empty(line, "this line opens a list, and nothing stands below it");
                }
                let children = self.entries(&mut Block::below(line));
                entries.push(Entry {
                    label,
                    kind,
                    span,
                    children,
                });
            }
            Needs::Anything => {
                let children = self.entries(&mut Block::below(line));
                entries.push(Entry {
                    label,
                    kind,
                    span,
                    children,
                });
            }
            Needs::Exceptions => {
                let is_exception = |child: &Line| {
                    closest(child.first_word(), ["except"]).is_some()
                        || child.text.starts_with("if unknown")
                        || child.text.starts_with("if not measured")
                };
                let (mut children, mut neighbours) = (Vec::new(), Vec::new());
                let mut below = Block::below(line);
                for child in &line.children {
                    if is_exception(child) {
                        self.entry(child, &mut below, &mut children);
                    } else {
                        if neighbours.is_empty() {
                            self.wrongly_below(
                                line,
                                child,
                                Place::Body,
                                "a condition holds no list; only exceptions stand below it",
                            );
                        }
                        self.entry(child, &mut below, &mut neighbours);
                    }
                }
                entries.push(Entry {
                    label,
                    kind,
                    span,
                    children,
                });
                entries.append(&mut neighbours);
            }
            Needs::Nothing => {
                self.nothing_below(line, Place::Body);
                entries.push(Entry {
                    label,
                    kind,
                    span,
                    children: Vec::new(),
                });
                for child in &line.children {
                    self.entry(child, block, entries);
                }
            }
        }
    }
}

/// Whether a line in the first column stood in a test before it was moved there: only tests expect something
/// and record answers.
fn is_of_a_test(line: &Line) -> bool {
    std::iter::once(line).chain(&line.children).any(|line| {
        let mut words = line.text.split_whitespace();
        words.next() == Some("expect") || words.next() == Some("answers")
    })
}

/// What stands behind the first word of a line.
fn row_value(text: &str) -> &str {
    text.split_once(char::is_whitespace)
        .map_or("", |(_, rest)| rest.trim_start())
}

/// Lines with those below them, in the order of the source.
fn in_order<'l>(lines: &'l [Line], order: &mut Vec<&'l Line>) {
    for line in lines {
        order.push(line);
        in_order(&line.children, order);
    }
}
