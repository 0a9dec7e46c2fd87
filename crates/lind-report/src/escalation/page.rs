//! Decision tables and operating characteristics as a page of HTML.

use lind_escalation::{Decision, DecisionTable, Design};
use lind_figures::{Decisions, Frame, decisions};

use super::in_words;
use super::simulation::{Row as Line, Simulations, chance, rows, setting};
use super::table::{DesignTable, HEADS, cells};
use crate::html::{Column, Figure, Html, Page, Row, Table, anchor};

/// Decision tables as one page: of each design a figure, and the same as a table.
#[must_use]
pub fn escalation_tables_html(tables: &[DesignTable<'_>]) -> String {
    let mut page = Page::new("Dose decisions");
    for (place, one) in tables.iter().enumerate() {
        let id = format!("decisions {} {}", place + 1, one.design.name());
        page.section(&one.title(), decided(&id, one.design, one.table));
    }
    page.finish()
}

/// What a design says in a sentence, as a figure, and as a table.
fn decided(id: &str, design: &Design, table: &DecisionTable) -> Html {
    let mut content = Html::default();
    let said = in_words(design);
    if !said.is_empty() {
        content.push(&Html::paragraph(Html::text(&format!("{said}."))));
    }
    let caption = "What the design says after so many dose-limiting toxicities (DLTs) among so many participants \
                   at a level.";
    content.push(&decision_figure(id, caption, design, table));
    content
}

/// What a design says as a figure, and folded up as a table.
pub(crate) fn decision_figure(
    id: &str,
    caption: &str,
    design: &Design,
    table: &DecisionTable,
) -> Html {
    let figure = Figure {
        id: format!("{id} figure"),
        drawing: drawn(id, design, table),
        caption: Html::text(caption),
        alternative_title: "The same as a table".to_owned(),
        alternative: tabled(id, table),
    };
    figure.html()
}

fn drawn(id: &str, design: &Design, table: &DecisionTable) -> String {
    let most = table.rows().iter().map(|row| row.evaluable).max();
    let column = |evaluable: u32| {
        let row = table.rows().iter().find(|row| row.evaluable == evaluable);
        row.map_or_else(Vec::new, |row| {
            (0..=evaluable)
                .map(|dlts| Some(shown(row.decision(dlts))))
                .collect()
        })
    };
    let figure = Decisions {
        title: format!("Dose decisions of the design {}", design.name()),
        columns: (1..=most.unwrap_or(0)).map(column).collect(),
        visited: Vec::new(),
    };
    decisions(&figure, &Frame::inline(anchor(id)))
}

fn shown(decision: Decision) -> lind_figures::Decision {
    match decision {
        Decision::Escalate => lind_figures::Decision::Escalate,
        Decision::Stay => lind_figures::Decision::Stay,
        Decision::DeEscalate => lind_figures::Decision::DeEscalate,
        Decision::Eliminate => lind_figures::Decision::DeEscalateUnacceptable,
    }
}

fn tabled(id: &str, table: &DecisionTable) -> Html {
    let rows = table.rows().iter().map(|row| {
        let mut cells = cells(row).into_iter().map(|cell| Html::text(&cell));
        Row::cells(cells.next().unwrap_or_default(), cells.collect())
    });
    let table = Table {
        id: format!("{id} table"),
        caption: Html::text("Numbers of toxicities that lead to each decision."),
        columns: HEADS.iter().map(|head| Column::numbers(head)).collect(),
        rows: rows.collect(),
        ..Table::default()
    };
    table.html()
}

/// Operating characteristics as one page, a column a design.
#[must_use]
pub fn simulation_html(simulations: &Simulations) -> String {
    let (settings, simulated) = (&simulations.settings, &simulations.designs);
    let mut page = Page::new("Operating characteristics");
    page.line(&format!("{}.", setting(simulations)));
    let designs = simulated.iter().filter_map(|simulated| {
        let said = in_words(&simulated.design);
        let name = Html::text(simulated.design.name());
        (!said.is_empty()).then(|| (name, Html::text(&said)))
    });
    let designs: Vec<(Html, Html)> = designs.collect();
    if !designs.is_empty() {
        page.section("Designs", Html::pairs(designs));
    }
    let names = simulated.iter().map(|simulated| simulated.design.name());
    let rows = rows(simulations).into_iter().map(|row| match row {
        Line::Head(head) => Row::Group(Html::text(head)),
        Line::Line(name, cells) => Row::cells(
            Html::text(&name),
            cells.iter().map(|cell| Html::text(cell)).collect(),
        ),
    });
    let table = Table {
        id: "operating characteristics table".to_owned(),
        caption: Html::text("Shares and averages over all simulated trials."),
        columns: std::iter::once(Column::text(
            "With the true share of toxicities at each level",
        ))
        .chain(names.map(Column::numbers))
        .collect(),
        rows: rows.collect(),
        ..Table::default()
    };
    let remark = Html::remark(Html::text(&format!("{}.", chance(settings))));
    page.section("Results", table.html().then(remark));
    page.finish()
}
