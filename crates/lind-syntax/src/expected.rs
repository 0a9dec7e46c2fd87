//! From the furthest failure of a line to a sentence that an author understands.

use lind_diagnostics::{Applicability, Diagnostic, Edit, FileId, Span, closest};

use crate::grammar::{Failure, Rule, reads_well};
use crate::layout::{Line, length};
use crate::place::Place;
use crate::rules;
use crate::slips::{Names, Slip, slip, slip_at_start};

/// Brackets inside brackets, and clauses inside clauses, on one line.
const DEEPEST: usize = 32;
/// Operations in one formula.
const MOST_OPERATIONS: usize = 256;

/// The message for a line whose brackets or clauses are nested too deeply, found before it is parsed.
pub(crate) fn too_deep(file: FileId, line: &Line, place: Place) -> Option<Diagnostic> {
    // Only these two kinds of lines hold themselves.
    if !matches!(place, Place::Formula | Place::Body) {
        return None;
    }
    let formula = place == Place::Formula;
    let mut in_text = false;
    let mut escaped = false;
    let (mut depth, mut colons, mut operations) = (0usize, 0usize, 0usize);
    for (at, c) in line.text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            _ if in_text => {}
            '(' if formula => depth += 1,
            ')' if formula => depth = depth.saturating_sub(1),
            ':' => colons += 1,
            '+' | '-' | '*' | '/' | '^' if formula => operations += 1,
            _ => {}
        }
        let message = if depth > DEEPEST {
            format!("brackets are nested more than {DEEPEST} deep here")
        } else if colons > DEEPEST {
            format!("more than {DEEPEST} colons stand on this line")
        } else if operations > MOST_OPERATIONS {
            format!("more than {MOST_OPERATIONS} operations stand on this line")
        } else {
            continue;
        };
        let at = line
            .start
            .saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        let span = Span::new(
            file,
            at,
            at.saturating_add(length(c.encode_utf8(&mut [0; 4]))),
        );
        return Some(
            Diagnostic::new(&rules::E0108_NESTED_TOO_DEEPLY, span, message)
                .label("not read from here on")
                .note("name the inner parts and use their names here"),
        );
    }
    None
}

/// The message for a line that its rule refused; with the names of the file it tries out what was meant.
pub(crate) fn unreadable(
    file: FileId,
    line: &Line,
    failure: &Failure,
    place: Place,
    names: Option<&Names<'_>>,
) -> Diagnostic {
    let clever = names.is_some();
    if clever && let Some(slip) = slip_at_start(place, &line.text, failure) {
        return slip_message(file, line, slip);
    }
    if let Some(diagnostic) = first_word_unknown(file, line, place) {
        return diagnostic;
    }
    if let Some(names) = names
        && let Some(slip) = slip(place, &line.text, failure, names)
    {
        return slip_message(file, line, slip);
    }
    let rest = line.text.get(failure.at..).unwrap_or_default();
    let found = rest.trim_start();
    let at = line.text.len() - found.len();
    let found = found.split(char::is_whitespace).next().unwrap_or_default();
    let start = line
        .start
        .saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
    let end = start.saturating_add(length(found));
    let what = if found.is_empty() {
        "this line ends too early".to_owned()
    } else {
        format!("`{}` was not expected here", short(found))
    };
    // A field that is known is no row of a table, which a number would make of it.
    let known_field = place == Place::Fields && place.words().contains(&line.first_word());
    let is_row = |rule: &Rule| known_field && matches!(rule, Rule::number | Rule::grouped);
    let tried: Vec<Rule> = failure
        .tried
        .iter()
        .copied()
        .filter(|rule| !is_row(rule))
        .collect();
    let expected = expected_words(if tried.is_empty() {
        &failure.tried
    } else {
        &tried
    });
    let diagnostic = Diagnostic::new(
        &rules::E0103_UNREADABLE_LINE,
        Span::new(file, start, end),
        what,
    );
    if expected.is_empty() {
        diagnostic.label("cannot be read from here on")
    } else {
        diagnostic.label(format!("expected {}", or_list(&expected)))
    }
}

/// The message for a line whose first word begins nothing in its place.
pub(crate) fn first_word_unknown(file: FileId, line: &Line, place: Place) -> Option<Diagnostic> {
    let words = place.words();
    let mut word = line.first_word();
    if word.is_empty() {
        word = line
            .text
            .split(char::is_whitespace)
            .next()
            .unwrap_or_default();
    }
    if words.is_empty() || words.contains(&word) {
        return None;
    }
    let end = line.start.saturating_add(length(word).max(1));
    let span = Span::new(file, line.start, end);
    let message = match place {
        Place::Fields => format!("no field is called `{}`", short(word)),
        _ => format!("no {} begins with `{}`", place.line_name(), short(word)),
    };
    let diagnostic = Diagnostic::new(&rules::E0104_UNKNOWN_KEYWORD, span, message);
    Some(match meant_word(line, place) {
        Some(near) => diagnostic
            .label(format!("perhaps `{near}` is meant"))
            .suggest(format!("write `{near}`"), span, near),
        None => diagnostic
            .label("unknown here")
            .note(format!("a line here begins with {}", list(words))),
    })
}

/// The word that was meant by the unknown first word of a line, if the line can be read with it, or if
/// the two are nearly the same.
pub(crate) fn meant_word(line: &Line, place: Place) -> Option<&'static str> {
    let word = line.first_word();
    if Place::Body.likely_words().contains(&word) {
        return None;
    }
    let near = closest(word, place.words().iter().copied())?;
    let nearly = near.len().abs_diff(word.len()) <= 1;
    let rest = line.text.get(word.len()..)?;
    (nearly || reads_well(place.rule(), &format!("{near}{rest}"))).then_some(near)
}

/// The message for a slip.
pub(crate) fn slip_message(file: FileId, line: &Line, slip: Slip) -> Diagnostic {
    let place = |range: &std::ops::Range<usize>| {
        let offset = |at: usize| {
            line.start
                .saturating_add(u32::try_from(at).unwrap_or(u32::MAX))
        };
        Span::new(file, offset(range.start), offset(range.end))
    };
    let edits: Vec<Edit> = slip
        .edits
        .iter()
        .map(|(range, text)| Edit::new(place(range), text.clone()))
        .collect();
    let mut diagnostic =
        Diagnostic::new(&rules::E0103_UNREADABLE_LINE, place(&slip.at), slip.message)
            .label(slip.label);
    if let Some(note) = slip.note {
        diagnostic = diagnostic.note(note);
    }
    if edits.is_empty() {
        return diagnostic;
    }
    let applicability = if slip.keeps_meaning {
        Applicability::Safe
    } else {
        Applicability::NeedsReview
    };
    diagnostic.fix_edits(slip.title, edits, applicability)
}

/// At most 40 characters of a word, so that a message stays readable.
pub(crate) fn short(word: &str) -> String {
    let mut text: String = word.chars().take(40).collect();
    if text.len() < word.len() {
        text.push('…');
    }
    text
}

/// The first words of a list, which stands in the order of their use.
fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words
        .iter()
        .take(4)
        .map(|word| format!("`{word}`"))
        .collect();
    match words.len().saturating_sub(quoted.len()) {
        0 => quoted.join(", "),
        more => format!("{} and {more} more", quoted.join(", ")),
    }
}

fn or_list(words: &[&'static str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

/// What could have stood there, most telling first, at most four.
fn expected_words(tried: &[Rule]) -> Vec<&'static str> {
    let mut ranked: Vec<(u8, &'static [&'static str])> =
        tried.iter().filter_map(|rule| words(*rule)).collect();
    ranked.sort_unstable();
    let mut words: Vec<&'static str> = Vec::new();
    for word in ranked.into_iter().flat_map(|(_, words)| words) {
        if !words.contains(word) {
            words.push(word);
        }
    }
    words.truncate(4);
    words
}

/// A rule in the author's words, with its rank; none for rules that say nothing to an author.
fn words(rule: Rule) -> Option<(u8, &'static [&'static str])> {
    Some(match rule {
        Rule::string | Rule::string_inner => (0, &["a text in quotes"]),
        Rule::number | Rule::grouped => (0, &["a number"]),
        Rule::unit | Rule::unit_word => (0, &["a unit"]),
        Rule::quantity
        | Rule::limit
        | Rule::multiple
        | Rule::own_multiple
        | Rule::own_range
        | Rule::percent_of
        | Rule::multiple_range
        | Rule::number_result => (0, &["a number with its unit"]),
        Rule::range => (1, &["a range such as `18 to 65 years`"]),
        Rule::comparator
        | Rule::at_least
        | Rule::at_most
        | Rule::more_than
        | Rule::less_than
        | Rule::equal_to
        | Rule::above_word
        | Rule::below_word => (0, &["a comparison such as `>=` or `is at least`"]),
        Rule::test | Rule::kw_is => (1, &["a test such as `>= 50 mL/min` or `is negative`"]),
        Rule::change | Rule::change_verb => (2, &["`falls`", "`rises`", "`changes`"]),
        Rule::name | Rule::path => (1, &["a name"]),
        Rule::label_name => (1, &["a name or number"]),
        Rule::result_name => (2, &["a result such as `negative`"]),
        Rule::code => (0, &["a code such as `loinc|718-7`"]),
        Rule::date | Rule::moment => (0, &["a date such as 2024-05-09"]),
        Rule::outcome_word => (0, &["`met`", "`not met`", "`unknown`", "`not applicable`"]),
        Rule::standing_word => (1, &["`eligible`", "`ineligible`", "`undetermined`"]),
        Rule::answer_word => (0, &["`yes`", "`no`"]),
        Rule::person_word => (0, &["`woman`", "`man`", "`person`"]),
        Rule::test_time => (2, &["a time such as `on 2024-05-09`"]),
        Rule::test_field => (2, &["`limits 10 to 40`", "`outcome response`"]),
        Rule::length | Rule::lengths => (0, &["a length of time such as `6 months`"]),
        Rule::time_word | Rule::half_lives => (0, &["a unit of time such as `days`"]),
        Rule::anchor | Rule::sample_word => (0, &["a milestone"]),
        Rule::direction
        | Rule::direction_before
        | Rule::direction_after
        | Rule::direction_either
        | Rule::direction_of => (0, &["`before`", "`after`"]),
        Rule::window
        | Rule::window_within
        | Rule::window_beyond
        | Rule::window_between
        | Rule::window_from_to
        | Rule::window_from_on
        | Rule::window_on_or
        | Rule::window_before
        | Rule::window_after => (3, &["a window such as `within 14 days before screening`"]),
        Rule::condition
        | Rule::single
        | Rule::as_read
        | Rule::judged
        | Rule::fact
        | Rule::happened
        | Rule::age_test
        | Rule::measured
        | Rule::term => (1, &["a condition"]),
        Rule::fact_object | Rule::fact_object_now | Rule::fact_names => {
            (0, &["the name of a condition, treatment or procedure"])
        }
        Rule::different_word | Rule::consecutive_word => (4, &["`different`", "`consecutive`"]),
        Rule::values_of => (3, &["`a value of`"]),
        Rule::value_test | Rule::plain_results => {
            (2, &["a test such as `> 3 x ULN` or `positive`"])
        }
        Rule::called | Rule::called_word => (3, &["`called C, such that`"]),
        Rule::such_that => (0, &["`such that`"]),
        Rule::chosen_word => (2, &["`latest`", "`first`"]),
        Rule::the_day_of => (2, &["`on the day of`"]),
        Rule::begun_or_ended => (4, &["`begun`", "`ended`"]),
        Rule::began_or_ended => (3, &["`began`", "`ended`"]),
        Rule::apart_word => (0, &["`apart`"]),
        Rule::verb => (2, &["`had`", "`received`", "`undergone`"]),
        Rule::relation
        | Rule::relation_from_on
        | Rule::relation_after
        | Rule::relation_before
        | Rule::relation_apart
        | Rule::relation_between => (2, &["an order such as `after consent`"]),
        Rule::population | Rule::people => (1, &["`women`", "`men`", "`participants`"]),
        Rule::judge => (
            1,
            &[
                "`investigator`",
                "`participant`",
                "`physician`",
                "`sponsor`",
            ],
        ),
        Rule::judge_verb => (1, &["`judges`", "`states`", "`plans`"]),
        Rule::label => (4, &["a label"]),
        Rule::unlabelled => (2, &["a condition"]),
        Rule::replacement => (1, &["the limit that holds instead"]),
        Rule::sum | Rule::product | Rule::power | Rule::factor | Rule::extreme | Rule::function => {
            (0, &["a number, an input or `(`"])
        }
        Rule::each_other => (2, &["`each other`"]),
        Rule::sum_operator | Rule::product_operator => (2, &["`+`", "`-`", "`*`", "`/`", "`^`"]),
        Rule::formula_case | Rule::formula_inputs | Rule::formula_input => {
            (1, &["an input such as `creatinine in mg/dL`"])
        }
        Rule::worst_side => (0, &["`highest`", "`lowest`"]),
        Rule::provenance_word => (2, &["`source`", "`method`", "`specimen`", "`body_site`"]),
        Rule::tag_test | Rule::includes_none | Rule::only_word => (3, &["`includes`", "`is only`"]),
        Rule::at_once => (4, &["`several at once`"]),
        Rule::time_of_day => (4, &["`with time of day`"]),
        Rule::clock => (0, &["a time of day such as `07:30`"]),
        Rule::evidence => (4, &["`with at least 2 values`"]),
        Rule::reference_range => (2, &["`normal`", "`above the reference range`"]),
        Rule::limit_name => (2, &["`ULN`", "`LLN`"]),
        Rule::times => (3, &["`x ULN`"]),
        Rule::field_word => (2, &["`severity`", "`outcome`", "`status`", "`source`"]),
        Rule::grade_word | Rule::with_grade => (4, &["`with grade at least 3`"]),
        Rule::related_words => (4, &["`related to treatment`"]),
        Rule::limiting_word => (4, &["`dose-limiting`"]),
        Rule::selector | Rule::selector_word => {
            (4, &["`latest`", "`first`", "`highest`", "`lowest`"])
        }
        Rule::kw_when | Rule::kw_otherwise => (3, &["`when`", "`otherwise`"]),
        Rule::persistence | Rule::sustained_word | Rule::confirmed_word => {
            (4, &["`, sustained for at least 6 months`"])
        }
        Rule::becomes | Rule::becomes_word => (3, &["`becomes`"]),
        Rule::becoming => (1, &["a test such as `A` or `> 12 points`"]),
        Rule::baseline_word => (4, &["`x baseline`"]),
        Rule::spell | Rule::spell_range => (4, &["`for at least 14 days`"]),
        Rule::spell_clause
        | Rule::ended_by
        | Rule::ended_by_words
        | Rule::filled
        | Rule::filled_words => (4, &["`, ended by 3 days of recovery`"]),
        Rule::of_recovery => (0, &["`of recovery`"]),
        Rule::never => (4, &["`never above`"]),
        Rule::later_word => (0, &["`later`"]),
        Rule::change_ends | Rule::value_at => (4, &["`from the latest value` with its window"]),
        Rule::one_of_values => (
            0,
            &["`latest`", "`first`", "`highest`", "`lowest`", "`mean`"],
        ),
        Rule::level | Rule::level_range => (4, &["a level"]),
        Rule::counts_as | Rule::counts_as_met | Rule::counts_as_not_met => {
            (0, &["`counts as met`", "`counts as not met`"])
        }
        Rule::taking => (2, &["`taking`"]),
        Rule::unchanged | Rule::not_increased => (2, &["`unchanged`", "`not increased`"]),
        Rule::gaps | Rule::gaps_words => (4, &["`, gaps up to 7 days`"]),
        Rule::participants_word => (0, &["`participants`"]),
        Rule::kw_to => (2, &["`to`"]),
        Rule::kw_of => (1, &["`of`"]),
        Rule::kw_on => (1, &["`on`"]),
        Rule::kw_in => (2, &["`in`"]),
        Rule::kw_as => (2, &["`as`"]),
        Rule::kw_by => (1, &["`by`"]),
        Rule::kw_for => (3, &["`for`"]),
        Rule::kw_with => (3, &["`with`"]),
        Rule::kw_until => (1, &["`until`"]),
        Rule::kw_than => (1, &["`than`"]),
        Rule::kw_read => (1, &["`read in`"]),
        Rule::kw_samples => (1, &["`samples`"]),
        Rule::kw_side => (1, &["`side of`"]),
        Rule::kw_and | Rule::kw_or | Rule::connective | Rule::and_or => (3, &["`and`", "`or`"]),
        Rule::kw_before | Rule::kw_after => (1, &["`before`", "`after`"]),
        Rule::visit_when
        | Rule::visit_day
        | Rule::visit_at
        | Rule::visit_offset
        | Rule::visit_span => (
            0,
            &["its time, such as `on day 14` or `at 3 months after infusion`"],
        ),
        Rule::visit_series | Rule::list_series | Rule::every_series | Rule::cycle_series => (
            0,
            &["their times, such as `on days 1, 3, 7` or `at weeks 2, 4 after infusion`"],
        ),
        Rule::visit_margin | Rule::either_side => (1, &["`3 days either side`"]),
        Rule::visit_point => (1, &["`1 day before infusion`"]),
        Rule::study_day => (2, &["a study day such as `day 14`"]),
        Rule::study_number => (0, &["a whole number"]),
        Rule::series_point | Rule::point_unit => (0, &["`day 7`", "`week 4`", "`month 6`"]),
        Rule::series_unit => (0, &["`days`", "`weeks`", "`months`"]),
        Rule::visits_word => (3, &["`visits`"]),
        Rule::scale_name => (0, &["a scale such as `CTCAE`"]),
        Rule::expected_grade => (3, &["`grade`"]),
        Rule::dose_basis | Rule::basis_total | Rule::basis_per_kg | Rule::basis_per_m2 => {
            (1, &["`in total`", "`per kg`", "`per m2`"])
        }
        Rule::level_role => (1, &["`start`", "`back-up`", "`highest`"]),
        Rule::design => (
            1,
            &[
                "a design: `3+3`, `BOIN`, `mTPI-2`, `mTPI`, `i3+3`, `accelerated titration` or `decision table`",
            ],
        ),
        Rule::parameter_target | Rule::target_word => (1, &["`target 30 %`"]),
        Rule::share => (1, &["a share such as `30 %`"]),
        Rule::distance => (1, &["a distance such as `at least 7 days between others`"]),
        Rule::first_two_words | Rule::others_words => (
            1,
            &[
                "`between the first two of a level`",
                "`between others`",
                "`between any two`",
            ],
        ),
        Rule::row_cell => (1, &["a number and what follows, such as `0 escalate`"]),
        Rule::row_action => (1, &["`escalate`", "`stay`", "`de-escalate`", "`eliminate`"]),
        Rule::other_doses_rule => (1, &["`not counted`", "`as assigned`", "`as received`"]),
        Rule::at_level_words => (1, &["`at the dose level`"]),
        Rule::endpoint_role => (1, &["`primary`", "`secondary`", "`exploratory`"]),
        Rule::summary_kind
        | Rule::summary_share
        | Rule::number_percent
        | Rule::n_word
        | Rule::median_word
        | Rule::mean_word
        | Rule::summary_counts => (
            1,
            &[
                "`n (%)`",
                "`median (range)`",
                "`median (quartiles)`",
                "`mean (SD)`",
                "`range`",
                "`counts`",
            ],
        ),
        Rule::summary_clause | Rule::by_group => {
            (1, &["`by dose level`", "`by arm`", "`by visit`"])
        }
        Rule::in_time_unit => (1, &["`in days`", "`in weeks`", "`in months`"]),
        Rule::rounding_rule => (1, &["`half up`", "`half even`"]),
        Rule::type_word => (1, &["`type 6`"]),
        Rule::interval_method => (1, &["`Clopper-Pearson 95 %`"]),
        Rule::below_rule => (1, &["`0`", "`half the limit`", "`the limit`"]),
        Rule::EOI => (5, &["the end of the line"]),
        _ => return None,
    })
}
