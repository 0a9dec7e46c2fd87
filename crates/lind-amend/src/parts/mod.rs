//! What two versions say otherwise beyond eligibility, found by rules that each compare one thing.
//!
//! Things are matched by their names; what has another name and the same content is renamed; the rest was added or
//! removed. What has rules of its own is told once, where it is declared: an endpoint of a population that changed has
//! not changed itself. Conditions are compared by what they ask, as criteria are.

mod conditions;
mod doses;
mod endpoints;
mod escalation;
mod others;
mod readings;
mod rules;
mod schedule;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_diagnostics::{FileId, Span};
use lind_model::difference::{PairRule, PartDifference, PartSide};
use lind_model::protocol::{AlternativeContent, Condition, ConditionKind, Window};
use lind_model::trial::{Asked, Assumed};
use lind_model::{AskedId, Choices, DefinitionId, MilestoneId, Plan, Protocol};

use crate::CannotCompare;
use crate::meaning::{Meanings, Reader};
use crate::questions::Which;

pub use rules::PAIR_RULES;

/// Compares what two versions say beyond eligibility. What was found stands in the order of the rules.
///
/// # Errors
/// A version is too large to be run.
pub fn compare_parts(
    old: &Arc<Protocol>,
    new: &Arc<Protocol>,
) -> Result<Vec<PartDifference>, CannotCompare> {
    let lowered = [Lowered::of(old)?, Lowered::of(new)?];
    let [old, new] = &lowered;
    let mut pairing = Pairing {
        old: Side::of(old),
        new: Side::of(new),
        meanings: Meanings::default(),
        renamed: BTreeMap::new(),
        found: Vec::new(),
    };
    pairing.definitions();
    pairing.assessments();
    pairing.states();
    pairing.populations();
    pairing.gradings();
    pairing.doses();
    pairing.escalation();
    pairing.endpoints();
    pairing.schedule();
    pairing.others();
    pairing.readings();
    let mut found = pairing.found;
    // Things of a sort stand together, in the order of the rules.
    found.sort_by_key(|part| {
        let mut rules = PAIR_RULES.iter();
        rules.position(|rule| (rule.category, rule.thing) == (part.rule.category, part.rule.thing))
    });
    Ok(found)
}

/// A version, and a plan in which every condition beyond the criteria can be read.
struct Lowered {
    protocol: Arc<Protocol>,
    plan: Plan,
    /// Where the conditions begin among those that the plan asks: of definitions, and of overrides.
    definitions: usize,
    overrides: usize,
    /// The same of each alternative of each reading that is a condition.
    alternatives: BTreeMap<(usize, usize), usize>,
}

impl Lowered {
    /// The criteria are left out: they are compared elsewhere, and take the most time.
    fn of(protocol: &Arc<Protocol>) -> Result<Self, CannotCompare> {
        let mut whole = Protocol::clone(protocol);
        whole.criteria.clear();
        let overrides = std::mem::take(&mut whole.overrides);
        // Where these are asked does not matter, if it is the same place in both versions.
        let anywhere = |condition: Condition| Asked {
            gate: MilestoneId(0),
            condition,
        };
        let definitions = whole.asked.len();
        for (place, definition) in protocol.definitions.iter().enumerate() {
            whole.asked.push(anywhere(Condition {
                kind: ConditionKind::Defined(DefinitionId::from_index(place)),
                label: None,
                text: Arc::clone(&definition.name),
                span: definition.span,
            }));
        }
        let first_override = whole.asked.len();
        whole
            .asked
            .extend(overrides.into_iter().map(|own| anywhere(own.when)));
        let mut alternatives = BTreeMap::new();
        for (place, reading) in protocol.readings.iter().enumerate() {
            for (number, alternative) in reading.alternatives.iter().enumerate() {
                if let AlternativeContent::Condition(condition) = &alternative.content {
                    alternatives.insert((place, number), whole.asked.len());
                    whole.asked.push(anywhere(condition.clone()));
                }
            }
        }
        let whole = Arc::new(whole);
        let plan = Plan::lower(&whole, Choices::chosen(&whole))
            .map_err(|error| CannotCompare::TooLarge(error.to_string()))?;
        Ok(Self {
            protocol: Arc::clone(protocol),
            plan,
            definitions,
            overrides: first_override,
            alternatives,
        })
    }
}

/// One version, read.
struct Side<'p> {
    lowered: &'p Lowered,
    reader: Reader<'p>,
}

impl<'p> Side<'p> {
    fn of(lowered: &'p Lowered) -> Self {
        Self {
            lowered,
            reader: Reader::new(&lowered.plan),
        }
    }
}

/// The comparison.
struct Pairing<'p> {
    old: Side<'p>,
    new: Side<'p>,
    meanings: Meanings,
    /// Names of the old version that are others in the new one, by the sort of thing.
    renamed: BTreeMap<(&'static str, Arc<str>), Arc<str>>,
    found: Vec<PartDifference>,
}

/// A thing of one version, as it is matched.
struct Thing {
    name: Arc<str>,
    title: Arc<str>,
    /// What it is apart from its name; nothing, if a name is all that it has.
    content: String,
    /// The same in words.
    words: String,
    span: Option<Span>,
}

/// The rules about a sort of thing as a whole.
struct ThingRules {
    added: &'static PairRule,
    removed: &'static PairRule,
    /// None for things whose name is what they are.
    renamed: Option<&'static PairRule>,
    /// None for things without a title.
    reworded: Option<&'static PairRule>,
}

/// How long words may be to be repeated, in bytes.
const SHORT: usize = 40;

/// A thing that both versions have: its places.
#[derive(Clone, Copy)]
struct Both {
    old: usize,
    new: usize,
}

impl<'p> Pairing<'p> {
    fn protocol(&self, which: Which) -> &'p Protocol {
        match which {
            Which::Old => &self.old.lowered.protocol,
            Which::New => &self.new.lowered.protocol,
        }
    }

    fn lowered(&self, which: Which) -> &'p Lowered {
        match which {
            Which::Old => self.old.lowered,
            Which::New => self.new.lowered,
        }
    }

    /// The reader of a version, and where meanings are kept.
    fn reader(&mut self, which: Which) -> (&mut Reader<'p>, &mut Meanings) {
        match which {
            Which::Old => (&mut self.old.reader, &mut self.meanings),
            Which::New => (&mut self.new.reader, &mut self.meanings),
        }
    }

    /// What a condition of the plan asks.
    fn meaning(&mut self, which: Which, place: usize) -> String {
        let Some(stage) = self.lowered(which).plan.asked.get(place) else {
            return String::new();
        };
        let (reader, meanings) = self.reader(which);
        let meaning = reader.condition(stage.node, stage.gate, meanings);
        format!("{meaning:?} at {}", reader.milestone(stage.gate))
    }

    fn asked(&mut self, which: Which, id: AskedId) -> String {
        self.meaning(which, id.index())
    }

    fn window(&mut self, which: Which, window: &Window) -> String {
        let (reader, meanings) = self.reader(which);
        reader.window(window, meanings)
    }

    fn optional_window(&mut self, which: Which, window: Option<&Window>) -> String {
        window.map_or_else(String::new, |window| self.window(which, window))
    }

    /// A name by which both versions call the same thing.
    fn key(&self, which: Which, sort: &'static str, name: &Arc<str>) -> Arc<str> {
        let other = match which {
            Which::Old => self.renamed.get(&(sort, Arc::clone(name))),
            Which::New => None,
        };
        Arc::clone(other.unwrap_or(name))
    }

    fn tell(
        &mut self,
        rule: &'static PairRule,
        (id, title): (&Arc<str>, &Arc<str>),
        old: Option<PartSide>,
        new: Option<PartSide>,
    ) {
        self.found.push(PartDifference {
            rule,
            id: Arc::clone(id),
            title: Arc::clone(title),
            old,
            new,
        });
    }

    /// Tells what was added, removed, renamed and reworded; what both versions have is returned.
    fn things(&mut self, rules: &ThingRules, old: &[Thing], new: &[Thing]) -> Vec<Both> {
        let sort = rules.added.thing;
        let side = |thing: &Thing| Some(PartSide::of(&thing.words, thing.span));
        let mut both = Vec::new();
        for [old_place, new_place] in matched(old, new, rules.renamed.is_some()) {
            let one = old_place.and_then(|place| old.get(place));
            let other = new_place.and_then(|place| new.get(place));
            match (one, other) {
                (Some(one), Some(other)) => {
                    if let (Some(old), Some(new)) = (old_place, new_place) {
                        both.push(Both { old, new });
                    }
                    let name = |thing: &Thing| Some(PartSide::of(&thing.name, thing.span));
                    let title = |thing: &Thing| Some(PartSide::of(&thing.title, thing.span));
                    if let Some(rule) = rules.renamed.filter(|_| one.name != other.name) {
                        self.renamed
                            .insert((sort, Arc::clone(&one.name)), Arc::clone(&other.name));
                        self.tell(rule, (&other.name, &other.title), name(one), name(other));
                    }
                    if let Some(rule) = rules.reworded.filter(|_| one.title != other.title) {
                        self.tell(rule, (&other.name, &other.title), title(one), title(other));
                    }
                }
                (Some(one), None) => {
                    self.tell(rules.removed, (&one.name, &one.title), side(one), None);
                }
                (None, Some(other)) => {
                    self.tell(rules.added, (&other.name, &other.title), None, side(other));
                }
                (None, None) => {}
            }
        }
        both
    }

    /// The same of things of which a library declares some: those come and go with what leans on them, so that only
    /// the protocol's own are told to be added or removed.
    fn own_things(&mut self, rules: &ThingRules, old: &[Thing], new: &[Thing]) -> Vec<Both> {
        let (sort, before) = (rules.added.thing, self.found.len());
        let both = self.things(rules, old, new);
        let homes = [self.home(Which::Old), self.home(Which::New)];
        let told = self.found.split_off(before);
        self.found.extend(told.into_iter().filter(|part| {
            let sides = [&part.old, &part.new].into_iter().zip(homes);
            let is_own = |(side, home): (&Option<PartSide>, Option<FileId>)| {
                let span = side.as_ref().and_then(|side| side.span);
                span.is_none_or(|span| Some(span.file) == home)
            };
            let is_whole = part.old.is_none() || part.new.is_none();
            part.rule.thing != sort || !is_whole || sides.into_iter().all(is_own)
        }));
        both
    }

    /// The file of the protocol itself: that of its first criterion, or else of its first milestone.
    fn home(&self, which: Which) -> Option<FileId> {
        let protocol = self.protocol(which);
        let criterion = protocol.criteria.first().map(|own| own.span.file);
        criterion.or_else(|| protocol.milestones.first().map(|own| own.span.file))
    }

    /// Tells that something of a thing is otherwise, unless both versions mean the same by it.
    fn aspect(
        &mut self,
        rule: &'static PairRule,
        things: [&Thing; 2],
        keys: [&str; 2],
        words: [String; 2],
    ) {
        let [old_key, new_key] = keys;
        if old_key == new_key {
            return;
        }
        let [old, new] = things;
        let [old_words, new_words] = told_apart(words);
        self.tell(
            rule,
            (&new.name, &new.title),
            Some(PartSide::of(&old_words, old.span)),
            Some(PartSide::of(&new_words, new.span)),
        );
    }

    /// Tells whether the source says so is otherwise.
    fn assumed(&mut self, rule: &'static PairRule, things: [&Thing; 2], assumed: [&Assumed; 2]) {
        let [old, new] = assumed.map(|own| match own {
            Some(_) => "supposed",
            None => "stated",
        });
        let words = assumed.map(|own| match own {
            Some(why) => format!("supposed: {why}"),
            None => "stated by the source".to_owned(),
        });
        self.aspect(rule, things, [old, new], words);
    }
}

/// Where words are the same and the meaning is not, something below them changed.
fn told_apart([old, new]: [String; 2]) -> [String; 2] {
    if old != new {
        return [old, new];
    }
    let said = if old.len() > SHORT {
        "the same words, which mean something else".to_owned()
    } else {
        format!("{old}: the same words, which mean something else")
    };
    [said.clone(), said]
}

/// Which things are the same: by name, then by content. In the order of the new version; removed ones come last.
fn matched(old: &[Thing], new: &[Thing], by_content: bool) -> Vec<[Option<usize>; 2]> {
    let mut of_old: Vec<Option<usize>> = vec![None; old.len()];
    let mut of_new: Vec<Option<usize>> = vec![None; new.len()];
    let mut join = |same: &dyn Fn(&Thing, &Thing) -> bool| {
        for (place, thing) in new.iter().enumerate() {
            let Some(own) = of_new.get_mut(place).filter(|own| own.is_none()) else {
                continue;
            };
            let found = old.iter().zip(&mut of_old).enumerate();
            let mut found =
                found.filter(|(_, (other, taken))| taken.is_none() && same(other, thing));
            if let Some((other, (_, taken))) = found.next() {
                *taken = Some(place);
                *own = Some(other);
            }
        }
    };
    join(&|old, new| old.name == new.name);
    if by_content {
        join(&|old, new| !new.content.is_empty() && old.content == new.content);
    }
    let there = of_new
        .iter()
        .enumerate()
        .map(|(place, other)| [*other, Some(place)]);
    let gone = of_old.iter().enumerate();
    let gone = gone.filter_map(|(place, taken)| taken.is_none().then_some([Some(place), None]));
    there.chain(gone).collect()
}

/// A thing of a list, at the place that was matched.
fn two<'t, T>(old: &'t [T], new: &'t [T], both: Both) -> Option<[&'t T; 2]> {
    Some([old.get(both.old)?, new.get(both.new)?])
}
