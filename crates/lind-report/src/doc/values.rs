//! Tests of values and changes in sentences.

use lind_model::MilestoneId;
use lind_model::protocol::{
    AlternativeContent, ChangeMode, ChangeTest, Compared, Comparison, Direction, Interval, Lasting,
    Provenance, ResultField, SampleRule, Selector, Shape, Subject, TagRule, Take, Test, Usage,
    ValueAt, ValueTest, Window,
};

use crate::doc::{Teller, or_list};

/// What clauses and gates say where a condition stands.
#[derive(Clone, Default)]
pub(super) struct Within<'p> {
    /// The gate; none in a definition or a reading, which any gate may use.
    pub(super) gate: Option<MilestoneId>,
    selector: Option<Take>,
    window: Option<&'p Window>,
    samples: Vec<&'p SampleRule>,
}

impl<'p> Within<'p> {
    pub(super) fn at(&self, gate: MilestoneId) -> Self {
        Self {
            gate: Some(gate),
            ..self.clone()
        }
    }

    /// The same below some clauses.
    pub(super) fn under(&self, usage: &'p Usage) -> Self {
        let mut within = self.clone();
        within.selector = usage.take.or(within.selector);
        within.window = usage.window.as_ref().or(within.window);
        within.samples.extend(&usage.samples);
        within
    }
}

impl<'p> Teller<'p> {
    pub(super) fn value(self, value: &ValueTest, within: &Within<'p>) -> String {
        let name = self.subject(value.subject);
        let chosen = self.selector(value.selector.map(Take::Selector).or(within.selector), name);
        let test = self.test(value.subject, &value.test);
        let mut text = format!("{chosen} {test}, ");
        text.push_str(&self.among(value.window.as_ref(), within));
        text.push_str(&self.provenance(&value.provenance));
        if let Some(time) = value.time_of_day {
            text.push_str(&format!(", taken at {time}"));
        }
        text.push_str(&self.samples(within));
        if let Some(evidence) = &value.evidence {
            let when = evidence
                .window
                .as_ref()
                .map_or_else(String::new, |window| format!(" {}", self.window(window)));
            text.push_str(&format!(
                "; nothing is concluded from fewer than {} values{when}",
                evidence.least
            ));
        }
        text
    }

    /// `, with source central_laboratory`
    pub(super) fn provenance(self, provenance: &[Provenance]) -> String {
        let mut text = String::new();
        for provenance in provenance {
            let field = match provenance.field {
                ResultField::Source => "source",
                ResultField::Method => "method",
                ResultField::Specimen => "specimen",
                ResultField::BodySite => "body site",
            };
            let values: Vec<String> = provenance.values.iter().map(ToString::to_string).collect();
            text.push_str(&format!(", with {field} {}", or_list(&values)));
        }
        text
    }

    pub(super) fn change(self, change: &ChangeTest, within: &Within<'p>) -> String {
        let name = self.subject(change.subject);
        let verb = match change.direction {
            Direction::Falls => "falls",
            Direction::Rises => "rises",
            Direction::Changes => "rises or falls",
        };
        let by = match &change.mode {
            ChangeMode::Relative => {
                format!("{} of the earlier value", interval(&change.by, "%"))
            }
            ChangeMode::Absolute(unit) if unit.written().starts_with('%') => {
                interval(&change.by, "percentage points")
            }
            ChangeMode::Absolute(unit) => interval(&change.by, unit.written()),
            ChangeMode::Points => interval(&change.by, "points"),
        };
        let samples = self.samples(within);
        let window = match &change.between {
            Compared::Within(window) => self.window(window),
            Compared::FromTo(from, to) => {
                let one = |value: &ValueAt| {
                    let which =
                        selected(value.selector, "value").replace("of value", "of the values");
                    format!("{which} {}", self.window(&value.window))
                };
                return format!(
                    "{name} {verb} by {by} from {} to {}{samples}",
                    one(from),
                    one(to)
                );
            }
        };
        let Some(persistence) = change.lasting else {
            return format!(
                "{name} {verb} by {by} from an earlier value to the latest, both taken {window}{samples}"
            );
        };
        let length = lasting(persistence.lasting);
        let kept = if persistence.throughout {
            format!(
                "and no later value falls back before one that was taken {length} later keeps to it"
            )
        } else {
            format!("and a value that was taken {length} later keeps to it")
        };
        format!(
            "{name} {verb} by {by} from an earlier value to a later one, both taken {window}, {kept}{samples}"
        )
    }

    pub(super) fn subject(self, subject: Subject) -> &'p str {
        match subject {
            Subject::Measure(id) => self
                .protocol
                .measures
                .get(id.index())
                .map_or("", |measure| &measure.name),
            Subject::Formula(id) => self
                .protocol
                .formulas
                .get(id.index())
                .map_or("", |formula| &formula.name),
        }
    }

    /// Which value counts. Without a word it is the latest.
    fn selector(self, take: Option<Take>, name: &str) -> String {
        match take {
            None => selected(Selector::Latest, name),
            Some(Take::Selector(selector)) => selected(selector, name),
            Some(Take::AsRead(reading)) => {
                let reading = self.protocol.readings.get(reading.index());
                let chosen = reading.and_then(|reading| reading.alternatives.get(reading.chosen));
                match (reading, chosen.map(|chosen| &chosen.content)) {
                    (Some(reading), Some(AlternativeContent::Selector(selector))) => {
                        format!(
                            "{} (as {} is read)",
                            selected(*selector, name),
                            reading.name
                        )
                    }
                    _ => selected(Selector::Latest, name),
                }
            }
        }
    }

    /// Which values the lines of points are decided by, where a clause says so.
    pub(super) fn of_lines(self, within: &Within<'p>) -> String {
        match within.window {
            Some(window) => format!(", of results {}", self.window(window)),
            None => String::new(),
        }
    }

    /// Which values it is chosen from.
    fn among(self, own: Option<&Window>, within: &Within<'p>) -> String {
        let gate = within
            .gate
            .and_then(|gate| self.protocol.milestones.get(gate.index()));
        let window = own
            .or(within.window)
            .or(gate.and_then(|gate| gate.values.as_ref()));
        match (window, gate) {
            (Some(window), _) => format!("of the values {}", self.window(window)),
            (None, Some(gate)) => format!("of all values known at {}", gate.name),
            (None, None) => "of the values that count where this is used".to_owned(),
        }
    }

    pub(super) fn samples(self, within: &Within<'p>) -> String {
        let mut text = String::new();
        for rule in &within.samples {
            let sets: Vec<String> = rule
                .without
                .iter()
                .map(|set| self.set(*set).to_owned())
                .collect();
            text.push_str(&format!(
                ", drawn with no {} {}",
                or_list(&sets),
                self.window(&rule.window)
            ));
            let only = rule.only_under.and_then(|(reading, alternative)| {
                let reading = self.protocol.readings.get(reading.index())?;
                let alternative = reading.alternatives.get(alternative)?;
                Some(format!(
                    " (if {} is read as {})",
                    reading.name, alternative.name
                ))
            });
            text.push_str(&only.unwrap_or_default());
        }
        text
    }

    /// `is at least 90 g/L`
    pub(super) fn test(self, subject: Subject, test: &Test) -> String {
        match test {
            Test::Quantity(limits, unit) if unit.written() == "{titer}" => {
                format!("is {}, as the dilution of a titre", interval(limits, ""))
            }
            Test::Quantity(limits, unit) => format!("is {}", interval(limits, unit.written())),
            Test::Multiple {
                interval: factors,
                upper,
            } => {
                let side = if *upper { "upper" } else { "lower" };
                let unit = format!("times the laboratory's {side} limit of normal");
                // Once a limit is the limit.
                let told = interval(factors, &unit).replace(" 1 times the", " the");
                format!("is {told}")
            }
            Test::Own {
                interval: factors,
                reference,
            } => {
                let which =
                    selected(reference.selector, "value").replace("of value", "of the values");
                let unit = format!("times {which} {}", self.window(&reference.window));
                let told = interval(factors, &unit).replace(" 1 times the", " the");
                format!("is {told}")
            }
            Test::Reference { outside } => {
                let side = if *outside { "outside" } else { "within" };
                format!("is {side} the laboratory's own range, whose limits belong to it")
            }
            Test::Score(limits) => format!("is {}", interval(limits, "points")),
            Test::Levels(levels) => {
                let names = match subject {
                    Subject::Measure(id) => self.protocol.measures.get(id.index()),
                    Subject::Formula(_) => None,
                };
                let words: Vec<String> = match names.map(|measure| &measure.shape) {
                    Some(Shape::Ordinal(names)) => levels
                        .iter()
                        .filter_map(|level| names.get(*level).map(ToString::to_string))
                        .collect(),
                    _ => Vec::new(),
                };
                format!("is {}", or_list(&words))
            }
            Test::Tags(rule, tags) => {
                let words: Vec<String> = tags.iter().map(ToString::to_string).collect();
                match rule {
                    TagRule::Includes => format!("includes {}", or_list(&words)),
                    TagRule::IncludesNone => format!("includes neither {}", words.join(" nor ")),
                    TagRule::Only => format!("is nothing but {}", or_list(&words)),
                }
            }
            Test::Results(results) => {
                let words: Vec<String> = results.iter().map(ToString::to_string).collect();
                format!("is {}", or_list(&words))
            }
        }
    }
}

fn selected(selector: Selector, name: &str) -> String {
    match selector {
        Selector::Latest => format!("the latest {name}"),
        Selector::First => format!("the first {name}"),
        Selector::Highest => format!("the highest {name}"),
        Selector::Lowest => format!("the lowest {name}"),
        Selector::Worst => format!("the worst {name}"),
        Selector::Any => format!("any {name}"),
        Selector::Every => format!("every {name}"),
        Selector::Mean => format!("the mean of {name}"),
    }
}

/// An interval with its unit: `at least 90 g/L`, `from 18 to 65 years, both included`.
pub(super) fn interval(interval: &Interval, unit: &str) -> String {
    let ends = [&interval.low, &interval.high];
    let is_one = ends.iter().all(|end| {
        end.as_ref()
            .is_none_or(|(limit, _)| limit.to_string() == "1")
    });
    let unit = match unit {
        "1" | "" => String::new(),
        "points" if is_one => " point".to_owned(),
        "days" if is_one => " day".to_owned(),
        unit => format!(" {unit}"),
    };
    match (&interval.low, &interval.high) {
        (None, None) => "anything".to_owned(),
        (Some((low, true)), None) => format!("at least {low}{unit}"),
        (Some((low, false)), None) => format!("more than {low}{unit}"),
        (None, Some((high, true))) => format!("at most {high}{unit}"),
        (None, Some((high, false))) => format!("less than {high}{unit}"),
        (Some((low, true)), Some((high, true))) if low == high => format!("exactly {low}{unit}"),
        (Some((low, low_in)), Some((high, high_in))) => {
            let ends = match (low_in, high_in) {
                (true, true) => "both included",
                (false, false) => "both excluded",
                (true, false) => "the upper end excluded",
                (false, true) => "the lower end excluded",
            };
            format!("from {low} to {high}{unit}, {ends}")
        }
    }
}

/// `at least 6 months`
fn lasting(lasting: Lasting) -> String {
    let comparison = match lasting.comparison {
        Comparison::MoreThan => "more than",
        _ => "at least",
    };
    format!("{comparison} {}", lasting.length)
}
