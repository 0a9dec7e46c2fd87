//! Which criteria answer to a line, and what of the line they do not have.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lind_model::protocol::{Comparison, CriterionKind};
use lind_model::trace::{FoundBy, LineList, LineStatus, NumberNotFound, RegistryLine, TracedLine};
use lind_model::{CriterionId, Protocol};

use crate::fields;
use crate::numbers::{Agreement, Number};
use crate::said::{Said, bare};
use crate::stated::{Leaf, Stated};
use crate::words::stems;

/// What is shared is counted in thousandths of what there is.
const ALL: u32 = 1000;
/// What a criterion must share with a line at least, that nothing else says to belong to it.
const ENOUGH: u32 = 340;
/// What it must share at least if its source names the line, or if it answers to the line above.
const ENOUGH_IF_NAMED: u32 = 60;
/// What must be shared for a line to be called stated.
const MOST: u32 = 500;
/// What a number weighs; a word of one criterion alone weighs twelve.
const NUMBER: u32 = 8;
/// What a word weighs that no criterion has.
const UNKNOWN_WORD: u32 = 4;
/// How many criteria may answer to a line that does not name them.
const MOST_CRITERIA: usize = 4;

/// The criteria of a protocol, ready to answer.
pub(crate) struct Answers<'p> {
    protocol: &'p Protocol,
    pub(crate) stated: Vec<Stated>,
    /// What each word weighs: the fewer criteria have it, the more.
    weights: BTreeMap<String, u32>,
}

/// How a criterion and a line fit.
struct Fit<'s> {
    stated: &'s Stated,
    /// It stands in the other list.
    is_other_list: bool,
    /// What of the line it has.
    content: u32,
    /// With what else speaks for it or against it.
    rank: i64,
    found_by: FoundBy,
}

impl<'p> Answers<'p> {
    pub(crate) fn of(protocol: &'p Protocol) -> Self {
        let stated = crate::stated::all(protocol);
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for own in &stated {
            for word in own.near.union(&own.wide) {
                *counts.entry(word.clone()).or_default() += 1;
            }
        }
        let weights = counts
            .into_iter()
            .map(|(word, count)| (word, (12 / count).max(1)))
            .collect();
        Self {
            protocol,
            stated,
            weights,
        }
    }

    fn weight(&self, stem: &str) -> u32 {
        self.weights.get(stem).copied().unwrap_or(UNKNOWN_WORD)
    }

    /// What of the protocol answers to the lines of a text.
    pub(crate) fn lines(&self, lines: &[RegistryLine]) -> Vec<TracedLine> {
        let mut traced: Vec<TracedLine> = Vec::with_capacity(lines.len());
        let mut by_number: BTreeMap<Arc<str>, Vec<CriterionId>> = BTreeMap::new();
        let mut counted = 0;
        for line in lines {
            let own = match line.list {
                LineList::MinimumAge | LineList::MaximumAge => fields::age(line, &self.stated),
                LineList::Sex => fields::sex(line, &self.stated),
                LineList::Inclusion | LineList::Exclusion | LineList::Sentence => {
                    if !line.number.contains('.') {
                        counted += 1;
                    }
                    let parent = line.number.rsplit_once('.');
                    let above = parent.and_then(|(parent, _)| by_number.get(parent));
                    self.line(line, counted, above.map_or(&[][..], Vec::as_slice))
                }
            };
            by_number.insert(Arc::clone(&line.number), own.criteria.clone());
            traced.push(own);
        }
        traced
    }

    fn line(&self, line: &RegistryLine, counted: u32, above: &[CriterionId]) -> TracedLine {
        let said = Said::of(&line.text);
        let mut fits: Vec<Fit<'_>> = self
            .stated
            .iter()
            .filter_map(|stated| self.fit(line, counted, above, &said, stated))
            .collect();
        // The first of equals is the first of the protocol: the sort is stable.
        fits.sort_by_key(|fit| std::cmp::Reverse(fit.rank));
        let chosen = self.choose(&said, &fits);
        let found_by = chosen.first().map(|fit| fit.found_by);
        let criteria: Vec<&Stated> = chosen.iter().map(|fit| fit.stated).collect();
        if criteria.is_empty() {
            return self.unanswered(line, &said);
        }
        let mut notes = Vec::new();
        let numbers = numbers_not_found(line.list, &said, &criteria, &mut notes);
        let has = |stem: &str| criteria.iter().any(|own| own.has(stem));
        let items: Vec<Arc<str>> = said
            .items
            .iter()
            .filter(|item| !item.stems.iter().any(|stem| has(stem)))
            .map(|item| Arc::from(item.said.as_str()))
            .collect();
        let total: u32 = said.words.iter().map(|word| self.weight(&word.stem)).sum();
        let mut got = 0;
        let mut words = Vec::new();
        for word in &said.words {
            if has(&word.stem) {
                got += self.weight(&word.stem);
            } else {
                words.push(Arc::from(word.said.as_str()));
            }
        }
        let is_most = total == 0 || got.saturating_mul(ALL) / total >= MOST;
        let status = if is_most && numbers.is_empty() && items.is_empty() {
            LineStatus::Stated
        } else {
            LineStatus::Partly
        };
        TracedLine {
            line: line.clone(),
            status,
            criteria: criteria.iter().map(|own| own.id).collect(),
            found_by,
            unstated: None,
            numbers,
            items,
            words,
            notes,
        }
    }

    /// How a criterion fits a line; none if it has nothing to do with it.
    fn fit<'s>(
        &self,
        line: &RegistryLine,
        counted: u32,
        above: &[CriterionId],
        said: &Said,
        stated: &'s Stated,
    ) -> Option<Fit<'s>> {
        let content = self.content(said, stated);
        let named = named_by(line, counted, said, stated);
        let is_above = above.contains(&stated.id);
        let least = if named.is_some() || is_above {
            ENOUGH_IF_NAMED
        } else {
            ENOUGH
        };
        // A quote is enough.
        if named != Some(FoundBy::Quote) && content < least {
            return None;
        }
        // One word alone is a coincidence, unless it is all that the line says, or is named.
        let is_alone = named.is_none() && !is_above;
        let shared = said.words.iter().filter(|word| stated.has(&word.stem));
        let shared = shared.count() + usize::from(counts_the_same(said, stated));
        if is_alone && shared < 2 && content < 800 {
            return None;
        }
        let mut rank = i64::from(content);
        rank += match named {
            Some(FoundBy::Quote) => 3000,
            Some(FoundBy::Number) => 500,
            Some(FoundBy::Words) | None => 0,
        };
        if is_above {
            rank += 250;
        }
        let is_other_list = matches!(
            (line.list, stated.kind),
            (LineList::Inclusion, CriterionKind::Exclusion)
                | (LineList::Exclusion, CriterionKind::Inclusion)
        );
        if is_other_list {
            rank -= 250;
        }
        if top(line) == Some(stated.place) && !is_other_list {
            rank += 60;
        }
        Some(Fit {
            stated,
            is_other_list,
            content,
            rank,
            found_by: named.unwrap_or(FoundBy::Words),
        })
    }

    /// What of a line a criterion has, in thousandths; what of the criterion's title the line has counts as well.
    fn content(&self, said: &Said, stated: &Stated) -> u32 {
        let mut total = 0;
        let mut got = 0;
        for word in &said.words {
            let weight = self.weight(&word.stem).saturating_mul(2);
            total += weight;
            if stated.near.contains(&word.stem) {
                got += weight;
            } else if stated.wide.contains(&word.stem) {
                got += weight / 2;
            }
        }
        for (number, _) in &said.numbers {
            total += 2 * NUMBER;
            if stated.leaves.iter().any(|leaf| has_number(leaf, number)) {
                got += 2 * NUMBER;
            }
        }
        let of_line = (got.saturating_mul(ALL)).checked_div(total).unwrap_or(0);
        let own: BTreeSet<&str> = said.words.iter().map(|word| word.stem.as_str()).collect();
        let title: u32 = stated.title.iter().map(|word| self.weight(word)).sum();
        let shared = stated
            .title
            .iter()
            .filter(|word| own.contains(word.as_str()));
        let shared: u32 = shared.map(|word| self.weight(word)).sum();
        let of_title = shared.saturating_mul(ALL).checked_div(title).unwrap_or(0);
        of_line.max(u32::midpoint(of_line, of_title))
    }

    /// The criteria that answer: the best, those whose source names the line as well, and those that have what the
    /// others do not.
    fn choose<'f, 's>(&self, said: &Said, fits: &'f [Fit<'s>]) -> Vec<&'f Fit<'s>> {
        let mut chosen: Vec<&Fit<'s>> = Vec::new();
        let Some(best) = fits.first() else {
            return chosen;
        };
        chosen.push(best);
        for fit in fits.iter().skip(1) {
            if fit.found_by != FoundBy::Words {
                chosen.push(fit);
            }
        }
        for fit in fits.iter().skip(1) {
            let is_named = fit.found_by != FoundBy::Words;
            if is_named || fit.is_other_list || chosen.len() >= MOST_CRITERIA {
                continue;
            }
            let lacks = |stem: &str| !chosen.iter().any(|own| own.stated.has(stem));
            let open: Vec<&str> = said
                .words
                .iter()
                .map(|word| word.stem.as_str())
                .filter(|stem| lacks(stem))
                .collect();
            let total: u32 = open.iter().map(|stem| self.weight(stem)).sum();
            let had: Vec<&&str> = open
                .iter()
                .filter(|stem| fit.stated.near.contains(**stem))
                .collect();
            let got: u32 = had.iter().map(|stem| self.weight(stem)).sum();
            let number = said.numbers.iter().any(|(number, _)| {
                let in_chosen = chosen.iter().any(|own| {
                    own.stated
                        .leaves
                        .iter()
                        .any(|leaf| has_number(leaf, number))
                });
                !in_chosen
                    && fit
                        .stated
                        .leaves
                        .iter()
                        .any(|leaf| has_number(leaf, number))
            });
            let is_more = had.len() >= 2 || (had.len() == 1 && number) || got >= 12;
            let share = got.saturating_mul(ALL).checked_div(total).unwrap_or(0);
            if is_more && (share >= 400 || number) && fit.content >= ENOUGH {
                chosen.push(fit);
            }
        }
        chosen
    }

    /// A line to which no criterion answers.
    fn unanswered(&self, line: &RegistryLine, said: &Said) -> TracedLine {
        let unstated = self
            .protocol
            .unstated
            .iter()
            .find(|(topic, reason)| is_topic(said, topic, reason));
        let status = if unstated.is_some() {
            LineStatus::Unstated
        } else {
            LineStatus::Missing
        };
        TracedLine {
            line: line.clone(),
            status,
            criteria: Vec::new(),
            found_by: None,
            unstated: unstated.cloned(),
            numbers: Vec::new(),
            items: Vec::new(),
            words: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// Whether a line is about a topic: it has all its words, or most of its own words stand in topic and reason.
fn is_topic(said: &Said, topic: &str, reason: &str) -> bool {
    let own: BTreeSet<&str> = said.words.iter().map(|word| word.stem.as_str()).collect();
    let words = stems(topic);
    if words.len() >= 2 && words.iter().all(|word| own.contains(word.as_str())) {
        return true;
    }
    let mut all = stems(reason);
    all.extend(words);
    let shared = own.iter().filter(|word| all.contains(**word)).count();
    own.len() >= 2 && shared * 3 >= own.len() * 2
}

/// The number of the outermost line that a line belongs to.
fn top(line: &RegistryLine) -> Option<u32> {
    let (_, number) = line.number.rsplit_once(' ')?;
    number.split('.').next()?.parse().ok()
}

/// Whether the source of a criterion names a line: by its words, or by its number.
fn named_by(line: &RegistryLine, counted: u32, said: &Said, stated: &Stated) -> Option<FoundBy> {
    let source = stated.source.as_deref()?;
    let quoted = bare(&crate::numbers::plain(source));
    let is_long = quoted.len() >= 15 && quoted.split(' ').count() >= 3;
    if is_long
        && (said.bare.contains(&quoted) || (said.bare.len() >= 15 && quoted.contains(&said.bare)))
    {
        return Some(FoundBy::Quote);
    }
    let lower = source.to_lowercase();
    let word = match line.list {
        LineList::Inclusion => "inclusion",
        LineList::Exclusion => "exclusion",
        _ => return None,
    };
    // A line below another is named by the outermost.
    let of_list = lower.find(word).and_then(|at| {
        let rest = lower.get(at + word.len()..)?.trim_start();
        let rest = ["line", "criterion", "number", "no.", "#"]
            .into_iter()
            .find_map(|word| rest.strip_prefix(word))
            .unwrap_or(rest);
        leading_number(rest.trim_start())
    });
    let of_all = lower
        .split_once('#')
        .and_then(|(_, rest)| leading_number(rest));
    let is_named = match (of_list, of_all) {
        (Some(number), _) => top(line) == Some(number),
        (None, Some(number)) => counted == number,
        (None, None) => false,
    };
    is_named.then_some(FoundBy::Number)
}

fn leading_number(text: &str) -> Option<u32> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..digits)?.parse().ok()
}

fn has_number(leaf: &Leaf, number: &Number) -> bool {
    leaf.numbers
        .iter()
        .any(|own| matches!(number.agrees(own), Agreement::Same | Agreement::SameByDay))
}

/// Whether a criterion has a number of the line, or another amount of what the line counts in a condition that is about
/// the same.
fn counts_the_same(said: &Said, stated: &Stated) -> bool {
    said.numbers.iter().any(|(number, about)| {
        stated.leaves.iter().any(|leaf| {
            let is_near = about.iter().any(|word| leaf.words.contains(word));
            leaf.numbers.iter().any(|own| match number.agrees(own) {
                Agreement::Same | Agreement::SameByDay => true,
                Agreement::OtherValue => is_near,
                Agreement::No => false,
            })
        })
    })
}

/// The numbers of a line that criteria do not have where the line has them.
pub(crate) fn numbers_not_found(
    list: LineList,
    said: &Said,
    criteria: &[&Stated],
    notes: &mut Vec<Arc<str>>,
) -> Vec<NumberNotFound> {
    let mut found = Vec::new();
    for (number, about) in &said.numbers {
        if let Err(instead) = find(list, number, about, criteria, notes) {
            found.push(NumberNotFound {
                said: Arc::from(number.said.as_str()),
                instead: instead.map(Arc::from),
            });
        }
    }
    found
}

/// Looks for a number of a line; what stands in its place if it is not there.
fn find(
    list: LineList,
    number: &Number,
    about: &BTreeSet<String>,
    criteria: &[&Stated],
    notes: &mut Vec<Arc<str>>,
) -> Result<(), Option<String>> {
    /// A number of a condition, and how many words its condition shares with what the line's number is about.
    struct Candidate<'c> {
        number: &'c Number,
        shared: usize,
        agreement: Agreement,
        fits: bool,
    }
    let mut candidates = Vec::new();
    for stated in criteria {
        let is_other_list = matches!(
            (list, stated.kind),
            (LineList::Inclusion, CriterionKind::Exclusion)
                | (LineList::Exclusion, CriterionKind::Inclusion)
        );
        for leaf in &stated.leaves {
            let shared = about
                .iter()
                .filter(|word| leaf.words.contains(*word))
                .count();
            for own in &leaf.numbers {
                let may_turn = leaf.may_negate || is_other_list;
                candidates.push(Candidate {
                    number: own,
                    shared,
                    agreement: number.agrees(own),
                    fits: compares(number.comparison, own.comparison, may_turn),
                });
            }
        }
    }
    let is_same =
        |own: &&Candidate<'_>| matches!(own.agreement, Agreement::Same | Agreement::SameByDay);
    let same = candidates.iter().filter(is_same).filter(|own| own.fits);
    let same = same.max_by_key(|own| own.shared);
    let turned = candidates.iter().filter(is_same).filter(|own| !own.fits);
    let other = candidates
        .iter()
        .filter(|own| own.agreement == Agreement::OtherValue);
    // Where the condition that is about the same has another number, the same number elsewhere is another's.
    let nearer = other
        .chain(turned)
        .filter(|own| same.is_none_or(|same| own.shared > same.shared))
        .max_by_key(|own| own.shared);
    match (same, nearer) {
        (Some(same), None) => {
            if same.agreement == Agreement::SameByDay {
                notes.push(Arc::from(format!(
                    "{} is taken for {}",
                    number.said, same.number.said
                )));
            }
            Ok(())
        }
        (_, Some(nearer)) => {
            // Without a shared word it is a guess what stands in its place.
            let is_sure = nearer.shared > 0 || is_same(&nearer);
            Err(is_sure.then(|| nearer.number.said.clone()))
        }
        (None, None) => Err(None),
    }
}

/// Whether two comparisons may say the same. Where a condition may ask for the contrary, `>=` may be `<`, and never
/// `>`: on which side the limit itself lies is not turned by a negation.
fn compares(line: Option<Comparison>, own: Option<Comparison>, may_turn: bool) -> bool {
    let (Some(line), Some(own)) = (line, own) else {
        return true;
    };
    let turned = match line {
        Comparison::AtLeast => Comparison::LessThan,
        Comparison::LessThan => Comparison::AtLeast,
        Comparison::AtMost => Comparison::MoreThan,
        Comparison::MoreThan => Comparison::AtMost,
        Comparison::Equal => Comparison::Equal,
    };
    line == own || (may_turn && turned == own)
}
