//! What a criterion states, as words and numbers.
//!
//! Numbers count where they decide: in conditions as written, in terms, and in questions to people, whose words are
//! what is asked. A number in a title or a remark alone decides nothing and does not count.

use std::collections::{BTreeMap, BTreeSet};

use lind_model::protocol::{
    AlternativeContent, Condition, ConditionKind, Criterion, CriterionKind, Guard, Interval, Sex,
};
use lind_model::{CriterionId, DefinitionId, Protocol};

use crate::numbers::{Number, Source, numbers, plain};
use crate::words::{initials, stems, words};

/// A criterion as words and numbers.
#[derive(Debug)]
pub(crate) struct Stated {
    /// Which criterion.
    pub(crate) id: CriterionId,
    /// In which list it stands.
    pub(crate) kind: CriterionKind,
    /// Its place in its list, counted from 1.
    pub(crate) place: u32,
    /// Words of its titles, its conditions and the titles of what they name.
    pub(crate) near: BTreeSet<String>,
    /// Words of the codes, readings and milestones that it leans on.
    pub(crate) wide: BTreeSet<String>,
    /// Words of its own title.
    pub(crate) title: BTreeSet<String>,
    /// Its conditions that have no parts.
    pub(crate) leaves: Vec<Leaf>,
    /// The ages that it asks for.
    pub(crate) ages: Vec<Interval>,
    /// The sexes that it speaks of.
    pub(crate) sexes: Vec<Sex>,
    /// Where the public text states it, as the author says.
    pub(crate) source: Option<String>,
}

/// A condition without parts, as words and numbers.
#[derive(Debug)]
pub(crate) struct Leaf {
    /// Its words, and those of what it names and stands in.
    pub(crate) words: BTreeSet<String>,
    /// Its numbers.
    pub(crate) numbers: Vec<Number>,
    /// Whether it may ask for the contrary of what a line says.
    pub(crate) may_negate: bool,
}

impl Stated {
    /// Whether it has a word anywhere.
    pub(crate) fn has(&self, stem: &str) -> bool {
        self.near.contains(stem) || self.wide.contains(stem)
    }
}

/// All criteria of a protocol as words and numbers.
pub(crate) fn all(protocol: &Protocol) -> Vec<Stated> {
    let names = Names::of(protocol);
    let mut places: BTreeMap<u8, u32> = BTreeMap::new();
    let criteria = protocol.criteria.iter().enumerate();
    criteria
        .filter_map(|(index, criterion)| {
            let id = CriterionId(u32::try_from(index).ok()?);
            let list = match criterion.kind {
                CriterionKind::Inclusion => 0,
                CriterionKind::Exclusion => 1,
                CriterionKind::Commitment => 2,
            };
            let place = places.entry(list).or_default();
            *place += 1;
            Some(of(protocol, &names, (id, *place), criterion))
        })
        .collect()
}

fn of(
    protocol: &Protocol,
    names: &Names,
    (id, place): (CriterionId, u32),
    criterion: &Criterion,
) -> Stated {
    let mut walk = Walk {
        protocol,
        names,
        stated: Stated {
            id,
            kind: criterion.kind,
            place,
            near: stems(&criterion.title),
            wide: BTreeSet::new(),
            title: stems(&criterion.title),
            leaves: Vec::new(),
            ages: Vec::new(),
            sexes: Vec::new(),
            source: criterion.source.as_deref().map(str::to_owned),
        },
        context: Vec::new(),
        told: BTreeSet::new(),
        may_negate: false,
    };
    if let Some(guard) = &criterion.guard {
        walk.guard(guard);
    }
    for part in &criterion.parts {
        walk.condition(part);
    }
    if let Some(term) = &criterion.term {
        let milestone = |id: lind_model::MilestoneId| {
            let milestone = protocol.milestones.get(id.index());
            milestone.map_or("", |milestone| &*milestone.name)
        };
        let after = term.after.map(|after| format!("{after} after "));
        let text = format!(
            "from {} until {}{}",
            milestone(term.from),
            after.unwrap_or_default(),
            milestone(term.until)
        );
        walk.leaf(&text);
    }
    for permission in &criterion.allowed {
        walk.leaf(&permission.text);
    }
    walk.stated
}

/// The words of everything that a protocol names.
struct Names {
    /// By name: words of the title, and words of what it consists of.
    words: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)>,
}

impl Names {
    fn of(protocol: &Protocol) -> Self {
        let mut words: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
        let mut add = |name: &str, title: &str, within: BTreeSet<String>| {
            let (own, wide) = words.entry(name.to_owned()).or_default();
            own.extend(stems(title));
            own.extend(initials(name));
            own.extend(initials(title));
            wide.extend(within);
        };
        for measure in &protocol.measures {
            add(&measure.name, &measure.title, BTreeSet::new());
        }
        for formula in &protocol.formulas {
            add(&formula.name, &formula.title, BTreeSet::new());
        }
        for set in &protocol.sets {
            // Codes of systems say nothing to a reader; names of members do.
            let members = set.codes.iter().filter(|code| !code.contains('|'));
            let within = members.flat_map(|code| stems(code)).collect();
            add(&set.name, set.title.as_deref().unwrap_or_default(), within);
        }
        for judgement in &protocol.judgements {
            add(&judgement.name, &judgement.title, BTreeSet::new());
        }
        for equivalence in &protocol.equivalences {
            add(&equivalence.name, &equivalence.title, BTreeSet::new());
        }
        for milestone in &protocol.milestones {
            let title = milestone.title.as_deref().unwrap_or_default();
            add(&milestone.name, "", stems(title));
        }
        for definition in &protocol.definitions {
            add(
                &definition.name,
                definition.title.as_deref().unwrap_or_default(),
                BTreeSet::new(),
            );
        }
        Self { words }
    }
}

/// A walk through the conditions of one criterion.
struct Walk<'p> {
    protocol: &'p Protocol,
    names: &'p Names,
    stated: Stated,
    /// Words of what stands around a condition: labels and guards.
    context: Vec<BTreeSet<String>>,
    /// Definitions that were walked through.
    told: BTreeSet<DefinitionId>,
    may_negate: bool,
}

impl Walk<'_> {
    /// The words of a text with those of everything that it names.
    fn words_of(&mut self, text: &str) -> BTreeSet<String> {
        let mut near: BTreeSet<String> = words(text).into_iter().map(|word| word.stem).collect();
        let names = text.split(|own: char| !(own.is_alphanumeric() || own == '_'));
        let mut all = BTreeSet::new();
        for name in names.filter(|name| !name.is_empty()) {
            if let Some((own, wide)) = self.names.words.get(name) {
                near.extend(own.iter().cloned());
                self.stated.wide.extend(wide.iter().cloned());
                all.extend(wide.iter().cloned());
            }
        }
        self.stated.near.extend(near.iter().cloned());
        all.extend(near);
        all
    }

    /// A condition as written, or a text that says as much.
    fn leaf(&mut self, text: &str) {
        // What stands in quotes explains and does not decide.
        let mut in_quotes = false;
        let mut decides = String::new();
        for piece in text.split('"') {
            if !in_quotes {
                decides.push_str(piece);
                decides.push(' ');
            }
            in_quotes = !in_quotes;
        }
        let mut words = self.words_of(&decides);
        words.extend(self.context.iter().flatten().cloned());
        let text = plain(&decides);
        let mut found = numbers(&text, Source::Condition);
        // A level may be part of a name: type_2_diabetes.
        let names = numbers(&text.replace('_', " "), Source::Line).into_iter();
        found.extend(names.filter(|number| matches!(number.unit, crate::numbers::Counted::Level)));
        let lower = decides.to_lowercase();
        let negates = ["no ", "not ", "never", "none"]
            .into_iter()
            .any(|word| lower.contains(word));
        self.stated.leaves.push(Leaf {
            words,
            numbers: found,
            may_negate: self.may_negate || negates,
        });
    }

    /// The question of a person, whose numbers are asked.
    fn question(&mut self, title: &str) {
        let mut words = stems(title);
        self.stated.near.extend(words.iter().cloned());
        words.extend(self.context.iter().flatten().cloned());
        self.stated.leaves.push(Leaf {
            words,
            numbers: numbers(&plain(title), Source::Line),
            may_negate: self.may_negate,
        });
    }

    fn guard(&mut self, guard: &Guard) {
        self.words_of(&guard.text);
        if let Some(sex) = guard.sex {
            self.stated.sexes.push(sex);
        }
        if let Some(condition) = &guard.condition {
            let before = std::mem::replace(&mut self.may_negate, true);
            self.condition(condition);
            self.may_negate = before;
        }
    }

    /// What stands in a context of words.
    fn within(&mut self, text: &str, inner: &Condition) {
        let words = self.words_of(text);
        self.context.push(words);
        self.condition(inner);
        self.context.pop();
    }

    fn condition(&mut self, condition: &Condition) {
        let label = condition.label.as_ref();
        let title = label.and_then(|label| label.title.as_deref());
        if let Some(label) = label {
            let words = self.words_of(&format!("{} {}", label.name, title.unwrap_or_default()));
            self.context.push(words);
        }
        self.kind(condition);
        if label.is_some() {
            self.context.pop();
        }
    }

    fn kind(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::List(quantifier, parts) => {
                use lind_model::protocol::Quantifier;
                let negates = matches!(
                    quantifier,
                    Quantifier::None | Quantifier::AtMost(_) | Quantifier::Exactly(_)
                );
                let before = self.may_negate;
                self.may_negate |= negates;
                // `at least 2 of` is a number that decides.
                if matches!(
                    quantifier,
                    Quantifier::AtLeast(_) | Quantifier::AtMost(_) | Quantifier::Exactly(_)
                ) {
                    self.leaf(&counted(*quantifier));
                }
                parts.iter().for_each(|part| self.condition(part));
                self.may_negate = before;
            }
            ConditionKind::Depending(reading, arms) => {
                self.reading_words(reading.index());
                let chosen = self.chosen(reading.index());
                for (place, arm) in arms.iter().enumerate() {
                    if chosen == Some(place) {
                        self.condition(arm);
                    }
                }
            }
            ConditionKind::AsRead(reading) => {
                self.reading_words(reading.index());
                let protocol = self.protocol;
                let reading = protocol.readings.get(reading.index());
                let chosen = reading.and_then(|reading| reading.alternatives.get(reading.chosen));
                if let Some(AlternativeContent::Condition(inner)) =
                    chosen.map(|chosen| &chosen.content)
                {
                    self.condition(inner);
                }
            }
            ConditionKind::Guarded(guard, inner) => {
                self.guard(guard);
                self.within(&guard.text, inner);
            }
            ConditionKind::At(_, inner) => self.condition(inner),
            ConditionKind::With(usage, inner) => {
                for rule in &usage.samples {
                    self.leaf(&rule.text);
                }
                self.condition(inner);
            }
            ConditionKind::Defined(id) => {
                self.words_of(&condition.text);
                self.definition(*id);
            }
            ConditionKind::Judged(id) => {
                self.words_of(&condition.text);
                let protocol = self.protocol;
                if let Some(judgement) = protocol.judgements.get(id.index()) {
                    self.question(&judgement.title);
                }
            }
            ConditionKind::Choice(choice) => {
                for case in &choice.cases {
                    let before = std::mem::replace(&mut self.may_negate, true);
                    self.condition(&case.when);
                    self.may_negate = before;
                    self.within(&case.when.text, &case.then);
                }
                if let Some(otherwise) = &choice.otherwise {
                    self.condition(otherwise);
                }
            }
            ConditionKind::IfUnknown(rule) => self.condition(&rule.condition),
            ConditionKind::Age { interval, .. } => {
                self.stated.ages.push(interval.clone());
                self.leaf(&condition.text);
            }
            ConditionKind::Fact(fact) => {
                self.leaf(&condition.text);
                for exception in &fact.exceptions {
                    let before = std::mem::replace(&mut self.may_negate, true);
                    self.leaf(&exception.text);
                    self.may_negate = before;
                }
                if let Some(such_that) = &fact.such_that {
                    self.condition(&such_that.condition);
                }
            }
            ConditionKind::Points(points) => {
                self.leaf(&condition.text);
                for line in &points.lines {
                    self.words_of(&line.label);
                }
            }
            ConditionKind::Value(_)
            | ConditionKind::Change(_)
            | ConditionKind::PointsChange(_)
            | ConditionKind::Spell(_)
            | ConditionKind::Record(_)
            | ConditionKind::Happened(..) => self.leaf(&condition.text),
            ConditionKind::Settled(_) | ConditionKind::Nothing => {}
        }
    }

    fn definition(&mut self, id: DefinitionId) {
        if !self.told.insert(id) {
            return;
        }
        let protocol = self.protocol;
        if let Some(definition) = protocol.definitions.get(id.index()) {
            let title = definition.title.as_deref().unwrap_or_default();
            self.within(title, &definition.condition);
        }
    }

    fn chosen(&self, reading: usize) -> Option<usize> {
        let reading = self.protocol.readings.get(reading)?;
        Some(reading.chosen)
    }

    /// Question and alternatives of a reading, in words.
    fn reading_words(&mut self, reading: usize) {
        let Some(reading) = self.protocol.readings.get(reading) else {
            return;
        };
        self.stated.wide.extend(stems(&reading.question));
        for alternative in &reading.alternatives {
            let title = alternative.title.as_deref().unwrap_or_default();
            self.stated.wide.extend(stems(title));
        }
    }
}

/// How many parts must hold, as a condition would say it.
fn counted(quantifier: lind_model::protocol::Quantifier) -> String {
    use lind_model::protocol::Quantifier;
    match quantifier {
        Quantifier::AtLeast(count) => format!("at least {count}"),
        Quantifier::AtMost(count) => format!("at most {count}"),
        Quantifier::Exactly(count) => format!("{count}"),
        Quantifier::All | Quantifier::Any | Quantifier::None => String::new(),
    }
}
