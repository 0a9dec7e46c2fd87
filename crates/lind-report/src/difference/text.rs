//! Differences for people: who changes first, then why.

use std::sync::Arc;

use lind_model::difference::{
    Because, Change, CriterionDifference, Difference, MadeUpRow, Status, Transition, Witness,
};
use lind_model::{Effect, Protocol, Standing};

use super::{
    Compared, NO_DETERMINATION, NOT_COMPARED, change_word, directions, parts, status_word,
    transition_words,
};
use crate::columns::{width, wrap};
use crate::names;
use crate::plain::one_line;
use crate::style::Style;

/// Who changes, by what, with a made-up patient for each way to change; then what became of each criterion, and
/// what else the versions say otherwise.
#[must_use]
pub fn difference_text(compared: &Compared<'_>, style: Style) -> String {
    let difference = compared.difference;
    let mut page = Page {
        text: String::new(),
        style,
    };
    let [_, gate] = &difference.gates;
    let two = compared.two_protocols();
    // Each number once, unless there are two.
    let new = match two {
        Some(_) => format!("{}: {}", compared.new.id, version(compared.new)),
        None => version(compared.new),
    };
    page.say(
        "",
        "",
        &format!(
            "{}: {} → {new}, asked at {gate}",
            compared.old.id,
            version(compared.old),
        ),
    );
    if let Some(two) = two {
        page.say("", "", &two);
    }
    page.text.push('\n');
    page.headline(difference);
    page.transitions(compared);
    if let Some(cohort) = compared.cohort {
        page.text.push_str(&super::cohort::text(cohort, style));
    }
    page.criteria(difference);
    page.text.push_str(&parts::tables(difference, style));
    page.text.push('\n');
    page.faint(NOT_COMPARED);
    page.faint(NO_DETERMINATION);
    page.text
}

fn version(protocol: &Protocol) -> String {
    let version = protocol.version.as_deref().unwrap_or("no version");
    match protocol.dated {
        Some(day) => format!("{version} ({day})"),
        None => version.to_owned(),
    }
}

/// What a reader must know if they read no further.
pub(super) fn headline(difference: &Difference) -> String {
    let all = &difference.transitions;
    let shown = |wanted: &dyn Fn(&Transition) -> bool| {
        all.iter()
            .any(|own| wanted(own) && own.status.witness().is_some())
    };
    let undecided = all
        .iter()
        .any(|own| matches!(own.status, Status::Undecided(_)));
    let mut sentences: Vec<&str> = Vec::new();
    if shown(&|own| own.to == Standing::Eligible) {
        sentences.push("Patients become eligible who were not.");
    }
    if shown(&|own| (own.from, own.to) == (Standing::Eligible, Standing::Ineligible)) {
        sentences.push("Patients who were eligible are kept out.");
    }
    if shown(&|own| (own.from, own.to) == (Standing::Eligible, Standing::Undetermined)) {
        sentences.push("Patients who were eligible need newer or more evidence.");
    }
    match (sentences.is_empty(), undecided) {
        (true, true) if shown(&|_| true) => {
            sentences
                .push("Whether anybody becomes eligible or ceases to be could not be decided.");
        }
        (true, true) => {
            sentences.push("Whether anybody stands elsewhere could not be decided.");
        }
        (false, true) => sentences.push("What else changes could not be decided."),
        (true, false) if shown(&|_| true) => {
            sentences.push("Nobody becomes eligible, and nobody ceases to be (proved).");
        }
        (true, false) => sentences.push("Nobody stands elsewhere (proved)."),
        (false, false) => {}
    }
    let parts = parts::sentence(difference);
    sentences.extend(parts.as_deref());
    sentences.join(" ")
}

struct Page {
    text: String,
    style: Style,
}

impl Page {
    fn say(&mut self, first: &str, hanging: &str, said: &str) {
        let room = width(hanging).max(width(first));
        let columns = self.style.columns().saturating_sub(room);
        for (index, line) in wrap(&one_line(said), columns).iter().enumerate() {
            self.text.push_str(if index == 0 { first } else { hanging });
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn faint(&mut self, said: &str) {
        for line in wrap(said, self.style.columns()) {
            self.text.push_str(&self.style.faint(&line));
            self.text.push('\n');
        }
    }

    /// What a reader must know if they read no further.
    fn headline(&mut self, difference: &Difference) {
        let sentence = headline(difference);
        for line in wrap(&sentence, self.style.columns()) {
            self.text.push_str(&self.style.bold(&line));
            self.text.push('\n');
        }
    }

    fn transitions(&mut self, compared: &Compared<'_>) {
        let difference = compared.difference;
        // What makes people eligible comes first.
        let rank = |own: &Transition| {
            (
                own.status.witness().is_none(),
                own.to != Standing::Eligible,
                own.from != Standing::Eligible,
            )
        };
        let mut order: Vec<&Transition> = difference.transitions.iter().collect();
        order.sort_by_key(|own| rank(own));
        let mut proved = Vec::new();
        for own in order {
            let way = format!("{} → {}", own.from.word(), own.to.word());
            match &own.status {
                Status::Impossible => proved.push(way),
                Status::Witnessed(witness) => {
                    self.text.push_str(&format!(
                        "\n{} → {}: {} ({})\n",
                        own.from.word(),
                        self.style.standing(own.to, own.to.word()),
                        transition_words(own.from, own.to),
                        status_word(&own.status)
                    ));
                    self.witness(witness, difference);
                }
                Status::Undecided(causes) => {
                    self.text
                        .push_str(&format!("\n{way}: {}\n", status_word(&own.status)));
                    self.causes(causes);
                }
            }
        }
        if !proved.is_empty() && proved.len() < difference.transitions.len() {
            self.text.push('\n');
            let ways = names::listed(proved.iter().map(String::as_str), proved.len());
            self.say(
                "",
                "  ",
                &format!("Nobody changes otherwise (proved): {ways}"),
            );
        }
    }

    fn causes(&mut self, causes: &[Arc<str>]) {
        self.say(
            "  ",
            "  ",
            "no patient was found, and it was not proved that there is none; it hangs on:",
        );
        for cause in causes.iter().take(MOST_CAUSES) {
            self.say("    ", "      ", cause);
        }
        if let Some(more) = causes
            .len()
            .checked_sub(MOST_CAUSES)
            .filter(|more| *more > 0)
        {
            self.say("    ", "      ", &format!("and {more} more"));
        }
    }

    fn witness(&mut self, witness: &Witness, difference: &Difference) {
        for because in &witness.because {
            let stated = difference
                .criteria
                .iter()
                .find(|own| own.id == because.criterion);
            let title = stated.map_or("", |stated| &stated.title);
            self.say("  ", "    ", &format!("{} {title}", because.criterion));
            self.because(because);
        }
        let mut person = String::from("A made-up patient");
        if let Some(sex) = witness.sex {
            person.push_str(&format!(", {sex}"));
        }
        if let Some(born) = witness.born {
            person.push_str(&format!(", born {born}"));
        }
        let matter: Vec<&MadeUpRow> = witness.rows.iter().filter(|row| row.matters).collect();
        let rest = witness.rows.len().saturating_sub(matter.len());
        if !matter.is_empty() {
            person.push_str(", of whom is recorded:");
        }
        self.say("  ", "  ", &person);
        for row in matter.iter().take(MOST_ROWS) {
            self.say("    ", "      ", &row.said);
        }
        let more = matter.len().saturating_sub(MOST_ROWS);
        if more > 0 {
            let more = names::counted(u64::try_from(more).unwrap_or(0), "record", "records");
            self.say("    ", "      ", &format!("and {more} more like these"));
        }
        if rest > 0 {
            self.say(
                "    ",
                "      ",
                &format!(
                    "{} nothing else",
                    names::counted(
                        u64::try_from(rest).unwrap_or(0),
                        "record besides, which decides",
                        "records besides, which decide",
                    )
                ),
            );
        }
    }

    fn because(&mut self, because: &Because) {
        for (label, own) in [("old", &because.old), ("new", &because.new)] {
            let said = match own {
                Some((effect, reason)) => format!("{}: {reason}", effect_said(*effect)),
                None => "not asked".to_owned(),
            };
            self.say(&format!("    {label}  "), "         ", &said);
        }
    }

    fn criteria(&mut self, difference: &Difference) {
        self.text.push('\n');
        let mut same = Vec::new();
        for own in &difference.criteria {
            match own.change.effects() {
                None => same.push(&*own.id),
                Some(_) => self.criterion(own),
            }
        }
        if !same.is_empty() {
            let ids = names::listed(same.iter().copied(), 12);
            let ask = if same.len() == 1 { "asks" } else { "ask" };
            self.say("", "  ", &format!("{ids} {ask} the same (proved)"));
        }
    }

    fn criterion(&mut self, own: &CriterionDifference) {
        let Some(effects) = own.change.effects() else {
            return;
        };
        let mut said = format!("{} {}: {}", own.id, own.title, change_word(&own.change));
        if effects.is_same() {
            said.push_str(", and nobody is answered otherwise (proved)");
        } else {
            let ways: Vec<String> = directions(effects)
                .into_iter()
                .map(|(words, witnessed)| {
                    if witnessed {
                        words.to_owned()
                    } else {
                        format!("perhaps {words}")
                    }
                })
                .collect();
            said.push_str(&format!("; {}", ways.join("; ")));
            if effects.is_masked() {
                said.push_str("; masked: by it alone nobody stands elsewhere (proved)");
            }
        }
        self.say("", "  ", &said);
        let [old, new] = &own.texts;
        if matches!(own.change, Change::Changed(_)) {
            for text in old {
                self.say("  - ", "    ", text);
            }
        }
        for text in new {
            self.say("  + ", "    ", text);
        }
        if matches!(own.change, Change::Removed(_)) {
            for text in old {
                self.say("  - ", "    ", text);
            }
        }
    }
}

/// How many records of a made-up patient are shown; programs read all of them in the JSON.
const MOST_ROWS: usize = 8;

/// How many causes are named.
const MOST_CAUSES: usize = 6;

const fn effect_said(effect: Effect) -> &'static str {
    match effect {
        Effect::Pass => "passes",
        Effect::Fail => "fails",
        Effect::Open => "open",
    }
}
