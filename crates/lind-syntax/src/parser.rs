//! From the tree of lines to the syntax tree: each line with the rule of its place.

use lind_diagnostics::{Diagnostic, FileId, Span};

use crate::convert::Source;
use crate::expected::{FIELD_WORDS, FORMULA_WORDS, TOP_WORDS, unreadable};
use crate::fields::{FieldLine, FormulaLine};
use crate::grammar::{Rule, parse_line};
use crate::layout::{Line, lay_out};
use crate::rules;
use crate::tree::{Entry, EntryKind, Field, FieldKind, Item, Tree};

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
    let lines = lay_out(file, text, &mut diagnostics);
    let mut parser = Parser { file, diagnostics };
    let items = lines.iter().map(|line| parser.item(line)).collect();
    let mut diagnostics = parser.diagnostics;
    diagnostics.sort_by_key(|diagnostic| (diagnostic.primary.span.start, diagnostic.rule.code));
    Parse { tree: Tree { file, items }, diagnostics }
}

struct Parser {
    file: FileId,
    diagnostics: Vec<Diagnostic>,
}

impl Parser {
    /// Parses a line with a rule and converts it; on failure the line gets its message.
    fn line<T>(
        &mut self,
        line: &Line,
        rule: Rule,
        place: &str,
        words: &[&str],
        convert: impl FnOnce(&mut Source<'_>, pest::iterators::Pair<'_, Rule>) -> Option<T>,
    ) -> Option<T> {
        if line.broken {
            return None;
        }
        match parse_line(rule, &line.text) {
            Ok(pair) => {
                let mut source = Source { file: self.file, base: line.start, diagnostics: &mut self.diagnostics };
                convert(&mut source, pair)
            }
            Err(failure) => {
                self.diagnostics.push(unreadable(self.file, line, &failure, place, words));
                None
            }
        }
    }

    fn item(&mut self, line: &Line) -> Item {
        let span = line.span(self.file);
        let Some(mut item) = self.line(line, Rule::top_line, "at the start of a line", TOP_WORDS, |source, pair| source.head(pair)) else {
            return Item::Broken(span);
        };
        match &mut item {
            Item::Protocol(head) | Item::Library(head) => head.fields = self.fields(line),
            Item::Milestone(milestone) => milestone.fields = self.fields(line),
            Item::Judgement(judgement) => judgement.fields = self.fields(line),
            Item::Measure(measure) => measure.fields = self.fields(line),
            Item::CodeSet(set) => set.fields = self.fields(line),
            Item::Equivalence(table) => {
                for child in &line.children {
                    match self.line(child, Rule::field_line, "in this table", &[], |source, pair| source.field_line(pair)) {
                        Some(FieldLine::Row(row)) => table.rows.push(row),
                        Some(FieldLine::Field(field)) => table.fields.push(field),
                        None => table.fields.push(Field { kind: FieldKind::Broken, span: child.span(self.file) }),
                    }
                    self.nothing_below(child);
                }
            }
            Item::Formula(formula) => {
                for child in &line.children {
                    match self.line(child, Rule::formula_line, "in a formula", FORMULA_WORDS, |source, pair| source.formula_line(pair)) {
                        Some(FormulaLine::Field(field)) => formula.fields.push(field),
                        Some(FormulaLine::Inputs(inputs)) => formula.inputs.extend(inputs),
                        Some(FormulaLine::Case(case)) => formula.cases.push(case),
                        None => formula.fields.push(Field { kind: FieldKind::Broken, span: child.span(self.file) }),
                    }
                    self.nothing_below(child);
                }
            }
            Item::Define(define) => define.body = self.block(line),
            Item::Reading(reading) => reading.body = self.block(line),
            Item::Criterion(criterion) => criterion.body = self.block(line),
            Item::Commitment(commitment) => commitment.body = self.entries(line),
            Item::Use(_) | Item::Unstated(_) => self.nothing_below(line),
            Item::Broken(_) => {}
        }
        item
    }

    fn fields(&mut self, line: &Line) -> Vec<Field> {
        let mut fields = Vec::with_capacity(line.children.len());
        for child in &line.children {
            let parsed = self.line(child, Rule::field_line, "in this place", FIELD_WORDS, |source, pair| source.field_line(pair));
            fields.push(match parsed {
                Some(FieldLine::Field(field)) => field,
                // A row of an equivalence table, where no table is: a word that is no field.
                Some(FieldLine::Row(row)) => {
                    let word = child.first_word();
                    let mut diagnostic =
                        Diagnostic::new(&rules::E0104_UNKNOWN_KEYWORD, row.drug.span, format!("`{word}` begins nothing in this place")).label("unknown word");
                    if let Some(near) = lind_diagnostics::closest(word, FIELD_WORDS.iter().copied()) {
                        diagnostic = diagnostic.suggest(format!("write `{near}`"), row.drug.span, near);
                    }
                    self.diagnostics.push(diagnostic);
                    Field { kind: FieldKind::Broken, span: row.span }
                }
                None => Field { kind: FieldKind::Broken, span: child.span(self.file) },
            });
            self.nothing_below(child);
        }
        fields
    }

    /// The lines of a body, which must not be empty.
    fn block(&mut self, line: &Line) -> Vec<Entry> {
        if line.children.is_empty() {
            self.empty(line, "nothing stands below this line");
        }
        self.entries(line)
    }

    fn entries(&mut self, line: &Line) -> Vec<Entry> {
        line.children.iter().map(|child| self.entry(child)).collect()
    }

    fn entry(&mut self, line: &Line) -> Entry {
        let span = line.span(self.file);
        let parsed = self.line(line, Rule::body_line, "here", &[], |source, pair| Some(source.body_line(pair)));
        let Some((label, kind)) = parsed else {
            return Entry { label: None, kind: EntryKind::Broken, span, children: Vec::new() };
        };
        let needs = Needs::of(&kind);
        let children = match needs {
            Needs::Something => {
                if line.children.is_empty() {
                    self.empty(line, "this line opens a list, and nothing stands below it");
                }
                self.entries(line)
            }
            Needs::Exceptions => self.entries(line),
            Needs::Nothing => {
                self.nothing_below(line);
                Vec::new()
            }
        };
        Entry { label, kind, span, children }
    }

    fn empty(&mut self, line: &Line, message: &str) {
        let diagnostic = Diagnostic::new(&rules::E0106_EMPTY_LIST, line.span(self.file), message)
            .label("expected lines below, indented deeper")
            .note("Indentation is structure: what belongs to a line stands below it, two blanks deeper.");
        self.diagnostics.push(diagnostic);
    }

    fn nothing_below(&mut self, line: &Line) {
        if line.broken {
            return;
        }
        if let (Some(first), Some(last)) = (line.children.first(), line.children.last()) {
            let below: Span = first.span(self.file).join(last.span(self.file));
            let diagnostic = Diagnostic::new(&rules::E0105_NOTHING_BELOW, first.span(self.file), "this line is indented below a line that opens no list")
                .label(if below == first.span(self.file) { "does not belong there" } else { "these lines do not belong there" })
                .also(line.span(self.file), "opens no list");
            self.diagnostics.push(diagnostic);
        }
    }
}

/// What may stand below a line.
enum Needs {
    /// A list.
    Something,
    /// Exceptions, or nothing.
    Exceptions,
    /// Nothing.
    Nothing,
}

impl Needs {
    fn of(kind: &EntryKind) -> Self {
        match kind {
            EntryKind::Empty | EntryKind::Depending(_) | EntryKind::For(_) | EntryKind::List(_) => Needs::Something,
            EntryKind::Condition(_) => Needs::Exceptions,
            EntryKind::At { then: Some(then), .. } => Needs::of(then),
            EntryKind::At { then: None, .. } => Needs::Exceptions,
            EntryKind::Source(_)
            | EntryKind::Note(_)
            | EntryKind::Take(_)
            | EntryKind::Except(_)
            | EntryKind::Chosen { .. }
            | EntryKind::Term(_)
            | EntryKind::Months(_)
            | EntryKind::Wording(_)
            | EntryKind::Broken => Needs::Nothing,
        }
    }
}
