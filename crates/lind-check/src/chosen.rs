//! Anchors that the data choose: `anchor index_biopsy`, `the latest alemtuzumab`.

use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::ChosenId;
use lind_model::protocol::{Chosen, ChosenLine, Filter, RecordEdge};
use lind_syntax::tree::{
    self, AnchorChoice, AnchorDeclaration, AnchorLine, FactObject, Item, Name, Tense,
};

use crate::analysis::Checker;
use crate::modules::Module;
use crate::rules;

impl Checker<'_> {
    /// Reads the anchors of a module. Each may lean on those above it.
    pub(crate) fn anchors(&mut self, module: &Module) {
        for item in &module.tree.items {
            if let Item::Anchor(anchor) = item {
                let chosen = self.anchor_declaration(anchor);
                if let Some(place) = self.tables.chosen.get_mut(self.anchors_read) {
                    *place = chosen;
                }
                self.anchors_read += 1;
            }
        }
    }

    fn anchor_declaration(&mut self, anchor: &AnchorDeclaration) -> Option<Chosen> {
        let mut source = None;
        let mut lines = Vec::new();
        let mut choices = 0;
        let mut whole = true;
        for line in &anchor.lines {
            match line {
                AnchorLine::Source(text) => source = Some(Arc::from(text.value.as_str())),
                AnchorLine::Note(_) => {}
                AnchorLine::Broken(_) => {
                    choices += 1;
                    whole = false;
                }
                AnchorLine::Choice(choice) => {
                    self.begins_with_otherwise(choice, choices > 0);
                    choices += 1;
                    match self.anchor_choice(choice) {
                        Some(line) => lines.push(line),
                        None => whole = false,
                    }
                }
            }
        }
        if choices == 0 && !anchor.lines.is_empty() {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0507_NO_CONDITION,
                    anchor.name.span,
                    format!("`{}` does not say which record it is", anchor.name.text),
                )
                .label("needs a line such as `the latest liver_biopsy`"),
            );
        }
        (whole && choices > 0).then(|| Chosen {
            name: Arc::from(anchor.name.text.as_str()),
            title: anchor
                .title
                .as_ref()
                .map(|title| Arc::from(title.value.as_str())),
            declared: true,
            lines,
            source,
            span: anchor.name.span,
        })
    }

    /// The first line begins with `the`, every other one with `otherwise`.
    fn begins_with_otherwise(&mut self, choice: &AnchorChoice, should: bool) {
        match (choice.otherwise, should) {
            (None, true) => {
                let start = Span::new(choice.span.file, choice.span.start, choice.span.start);
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0509_MISPLACED_CLAUSE,
                        choice.span,
                        "two lines choose the record",
                    )
                    .label("when does this one count?")
                    .suggest(
                        "write `otherwise`: it counts if the line above finds no record",
                        start,
                        "otherwise ",
                    ),
                );
            }
            (Some(otherwise), false) => {
                self.sink.push(
                    Diagnostic::new(
                        &rules::E0509_MISPLACED_CLAUSE,
                        otherwise,
                        "`otherwise` follows a line that may find no record",
                    )
                    .label("nothing stands above"),
                );
            }
            _ => {}
        }
    }

    fn anchor_choice(&mut self, choice: &AnchorChoice) -> Option<ChosenLine> {
        let fact = self.fact(&choice.fact, &[], &[])?;
        let span = choice.span;
        if let Some(set) = fact.set {
            self.whole_list(set, span)?;
        }
        let sums =
            |filter: &Filter| matches!(filter, Filter::InTotal(_) | Filter::TotalDose { .. });
        if fact.filters.iter().any(sums) {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0521_TWO_COUNTS,
                    span,
                    "all records are added up here, and one of them is chosen",
                )
                .label("one of them"),
            );
            return None;
        }
        Some(ChosenLine {
            first: choice.first,
            edge: edge(choice.end),
            fact,
        })
    }

    /// `the latest alemtuzumab`, where an anchor stands.
    pub(crate) fn chosen_in_place(
        &mut self,
        (end, first): (bool, bool),
        name: &Name,
        filters: &[tree::Filter],
        span: Span,
    ) -> Option<ChosenId> {
        let fact = tree::Fact {
            tense: Tense::Ever,
            verb: None,
            count: None,
            object: FactObject::Sets {
                names: vec![name.clone()],
                span: name.span,
            },
            filters: filters.to_vec(),
            exceptions: Vec::new(),
            window: None,
            apart: None,
            called: None,
        };
        let line = self.anchor_choice(&AnchorChoice {
            otherwise: None,
            end,
            first,
            fact,
            span,
        })?;
        Some(self.chosen(Chosen {
            name: self.text(span),
            title: None,
            declared: false,
            lines: vec![line],
            source: None,
            span,
        }))
    }

    /// The id of an anchor that is written in its place; the same phrase is the same anchor.
    fn chosen(&mut self, chosen: Chosen) -> ChosenId {
        let same = self
            .tables
            .chosen
            .iter()
            .position(|other| matches!(other, Some(other) if other.lines == chosen.lines));
        let place = same.unwrap_or_else(|| {
            self.tables.chosen.push(Some(chosen));
            self.tables.chosen.len() - 1
        });
        ChosenId::from_index(place)
    }

    /// A declared anchor, if it may be leant on here.
    pub(crate) fn declared_anchor(
        &mut self,
        id: ChosenId,
        name: &Name,
        declared: Span,
        end: Option<bool>,
    ) -> Option<ChosenId> {
        if id.index() >= self.anchors_read {
            self.sink.push(
                Diagnostic::new(
                    &rules::E0561_ANCHOR_NOT_YET,
                    name.span,
                    format!("`{}` cannot be leant on here", name.text),
                )
                .label("not chosen yet")
                .also(declared, "declared here")
                .note("an anchor leans on those that are declared above it; what counts at a milestone leans on milestones"),
            );
            return None;
        }
        let Some(end) = end else { return Some(id) };
        let chosen = self
            .tables
            .chosen
            .get(id.index())
            .and_then(Option::as_ref)?;
        let lines = chosen
            .lines
            .iter()
            .map(|line| ChosenLine {
                edge: edge(end),
                ..line.clone()
            })
            .collect();
        let word = if end { "end" } else { "beginning" };
        let of_it = Chosen {
            name: Arc::from(format!("the {word} of {}", chosen.name)),
            lines,
            declared: false,
            ..chosen.clone()
        };
        Some(self.chosen(of_it))
    }
}

fn edge(end: bool) -> RecordEdge {
    if end {
        RecordEdge::End
    } else {
        RecordEdge::Begin
    }
}
