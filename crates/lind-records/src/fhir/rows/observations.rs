//! Results.

use super::patient_of;
use crate::Table;
use crate::fhir::draft::{Draft, write_between, write_time};
use crate::fhir::elements::{Concept, Number, Quantity, Range, Ratio, Text, text};
use crate::fhir::out::Out;
use crate::fhir::resources::{Component, Observation, ReferenceRange};
use crate::fhir::scope::Scope;
use crate::fhir::systems;
use crate::rules;

const CODE: usize = Table::Observations.column("code");
const TIME: usize = Table::Observations.column("time");
const VALUE: usize = Table::Observations.column("value");
const UNIT: usize = Table::Observations.column("unit");
const COMPARATOR: usize = Table::Observations.column("comparator");
const LOW: usize = Table::Observations.column("low");
const HIGH: usize = Table::Observations.column("high");
const RESULT: usize = Table::Observations.column("result");
const SPECIMEN: usize = Table::Observations.column("specimen");
const METHOD: usize = Table::Observations.column("method");
const BODY_SITE: usize = Table::Observations.column("body_site");
const STATUS: usize = Table::Observations.column("status");

/// What was found, in one of many ways to say it.
struct Value<'r, 'a> {
    quantity: &'r Option<Quantity<'a>>,
    concept: &'r Option<Concept<'a>>,
    string: &'r Option<Text<'a>>,
    boolean: Option<bool>,
    integer: Option<Number<'a>>,
    range: &'r Option<Box<Range<'a>>>,
    ratio: &'r Option<Box<Ratio<'a>>>,
    time: &'r Option<Text<'a>>,
    ranges: &'r [ReferenceRange<'a>],
}

macro_rules! value_of {
    ($resource:expr) => {
        Value {
            quantity: &$resource.value_quantity,
            concept: &$resource.value_codeable_concept,
            string: &$resource.value_string,
            boolean: $resource.value_boolean,
            integer: $resource.value_integer,
            range: &$resource.value_range,
            ratio: &$resource.value_ratio,
            time: if $resource.value_date_time.is_some() {
                &$resource.value_date_time
            } else {
                &$resource.value_time
            },
            ranges: &$resource.reference_range,
        }
    };
}

impl Value<'_, '_> {
    fn is_none(&self) -> bool {
        self.quantity.is_none()
            && self.concept.is_none()
            && self.string.is_none()
            && self.boolean.is_none()
            && self.integer.is_none()
            && self.range.is_none()
            && self.ratio.is_none()
            && self.time.is_none()
    }
}

/// A result, and a row for each of its parts.
pub(in crate::fhir) fn observation(
    observation: &Observation<'_>,
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    let contained = &observation.contained;
    let patient = patient_of!("Observation", &observation.subject, contained, scope, out);
    let specimen = match observation.specimen {
        Some(_) => scope.specimen(&observation.specimen, contained),
        None => String::new(),
    };
    let value = value_of!(observation);
    // The panel of which only the parts were measured says nothing itself.
    let is_panel = value.is_none()
        && observation.data_absent_reason.is_none()
        && !observation.component.is_empty();
    if !is_panel {
        row(
            observation,
            &observation.code,
            &value,
            (&patient, &specimen),
            scope,
            out,
        );
    }
    for component in &observation.component {
        let value = value_of_component(component);
        row(
            observation,
            &component.code,
            &value,
            (&patient, &specimen),
            scope,
            out,
        );
    }
}

fn value_of_component<'r, 'a>(component: &'r Component<'a>) -> Value<'r, 'a> {
    value_of!(component)
}

fn row(
    observation: &Observation<'_>,
    code: &Option<Concept<'_>>,
    value: &Value<'_, '_>,
    (patient, specimen): (&str, &str),
    scope: &Scope<'_>,
    out: &mut Out<'_>,
) {
    let draft = out.draft.begin(Table::Observations, patient);
    if let Some(code) = code {
        match code.coding.written() {
            Some(codes) => draft.set(CODE, codes),
            None => draft.write(CODE, |out| systems::write_codes(out, code)),
        };
    }
    match &observation.effective_date_time {
        // As it is for nearly all.
        Some(time) if observation.effective_instant.is_none() && !time.trimmed().is_empty() => {
            draft.set(TIME, time.trimmed());
        }
        _ => {
            draft.write(TIME, |out| write_effective(out, observation));
        }
    }
    write_value(draft, value);
    let unused_limits = write_limits(draft, value);
    draft.set(SPECIMEN, specimen);
    if let Some(method) = &observation.method {
        draft.write(METHOD, |out| systems::write_word(out, method, &[]));
    }
    if let Some(site) = &observation.body_site {
        draft.write(BODY_SITE, |out| {
            systems::write_word(out, site, systems::SITES)
        });
    }
    draft.set(STATUS, text(&observation.status));
    draft.extensions(&observation.extension);
    if text(&observation.status).is_empty() {
        return out.without_status((Table::Observations, patient), scope.origin);
    }
    out.row(scope.origin);
    if let Some(why) = unused_limits {
        out.sink
            .remark(&rules::D0790_LIMITS_NOT_USED, &scope.origin, why);
    }
}

fn write_effective(out: &mut String, observation: &Observation<'_>) {
    let instant = &observation.effective_instant;
    let time = if instant.is_some() {
        instant
    } else {
        &observation.effective_date_time
    };
    write_time(out, time, &observation.effective_period);
    let Some(timing) = observation
        .effective_timing
        .as_ref()
        .filter(|_| out.is_empty())
    else {
        return;
    };
    let mut events = timing
        .event
        .iter()
        .map(text)
        .filter(|event| !event.is_empty());
    if let Some(first) = events.next() {
        write_between(out, first, events.next_back().unwrap_or(first));
    } else if let Some(bounds) = timing
        .repeat
        .as_ref()
        .and_then(|repeat| repeat.bounds_period.as_ref())
    {
        write_between(out, text(&bounds.start), text(&bounds.end));
    }
}

fn write_value(draft: &mut Draft, value: &Value<'_, '_>) {
    if let Some(quantity) = value.quantity {
        if let Some(number) = quantity.value {
            draft.set(VALUE, number.digits());
        }
        draft.set(COMPARATOR, text(&quantity.comparator));
        match systems::unit(quantity) {
            Some(unit) => draft.set(UNIT, unit),
            None => draft.write(UNIT, |out| systems::write_unit(out, quantity)),
        };
    } else if let Some(concept) = value.concept {
        draft.write(RESULT, |out| {
            systems::write_word(out, concept, systems::RESULTS)
        });
    } else if let Some(integer) = value.integer {
        draft.set(VALUE, integer.digits());
    } else if let Some(truth) = value.boolean {
        draft.set(RESULT, if truth { "yes" } else { "no" });
    } else if let Some(range) = value.range {
        write_range(draft, range);
    } else if let Some(ratio) = value.ratio {
        write_ratio(draft, ratio);
    } else if value.string.is_some() {
        draft.set(RESULT, text(value.string));
    } else if value.time.is_some() {
        draft.set(RESULT, text(value.time));
    }
}

/// A range with one end is a number with a sign before it. One whose ends are of two units is written
/// in words.
fn write_range(draft: &mut Draft, range: &Range<'_>) {
    let digits = |end: &Option<Quantity<'_>>| {
        let number = end.as_ref().and_then(|end| end.value);
        number.map_or_else(String::new, |number| number.digits().to_owned())
    };
    let (low, high) = (digits(&range.low), digits(&range.high));
    let unit = |draft: &mut Draft, end: &Option<Quantity<'_>>| {
        if let Some(end) = end {
            draft.write(UNIT, |out| systems::write_unit(out, end));
        }
    };
    match (low.is_empty(), high.is_empty()) {
        (false, true) => {
            draft.set(VALUE, &low).set(COMPARATOR, ">=");
            unit(draft, &range.low);
        }
        (true, false) => {
            draft.set(VALUE, &high).set(COMPARATOR, "<=");
            unit(draft, &range.high);
        }
        (false, false) => {
            let ends = range.low.as_ref().zip(range.high.as_ref());
            let is_one_unit = ends.is_some_and(|(low, high)| same_unit(low, high));
            if is_one_unit {
                draft.set(VALUE, &format!("{low} to {high}"));
                return unit(draft, &range.high);
            }
            draft.write(RESULT, |out| {
                for (at, end) in [&range.low, &range.high].into_iter().enumerate() {
                    out.push_str(if at == 0 { &low } else { " to " });
                    out.push_str(if at == 0 { " " } else { &high });
                    if at > 0 {
                        out.push(' ');
                    }
                    if let Some(end) = end {
                        systems::write_unit(out, end);
                    }
                }
            });
        }
        (true, true) => {}
    }
}

/// A titre is the ratio of two bare numbers; an amount in one of something is an amount per that.
fn write_ratio(draft: &mut Draft, ratio: &Ratio<'_>) {
    let (Some(above), Some(below)) = (&ratio.numerator, &ratio.denominator) else {
        return;
    };
    let digits = |quantity: &Quantity<'_>| {
        quantity
            .value
            .map_or_else(String::new, |value| value.digits().to_owned())
    };
    let unit = |quantity: &Quantity<'_>| {
        let mut unit = String::new();
        systems::write_unit(&mut unit, quantity);
        unit
    };
    let (one, other) = (digits(above), digits(below));
    let (unit_above, unit_below) = (unit(above), unit(below));
    let comparator = text(&above.comparator);
    if unit_above.is_empty() && unit_below.is_empty() && one == "1" && comparator.is_empty() {
        draft.write(VALUE, |out| {
            out.push_str("1:");
            out.push_str(&other);
        });
    } else if other == "1" && !unit_below.is_empty() && !unit_below.contains(['/', '.', ' ', '(']) {
        draft.set(VALUE, &one).set(COMPARATOR, comparator);
        draft.write(UNIT, |out| {
            out.push_str(if unit_above.is_empty() {
                "1"
            } else {
                &unit_above
            });
            out.push('/');
            out.push_str(&unit_below);
        });
    } else {
        draft.write(RESULT, |out| {
            for part in [comparator, &one, &unit_above, ":", &other, &unit_below] {
                if !part.is_empty() {
                    out.push_str(part);
                    out.push(' ');
                }
            }
        });
    }
}

/// Writes the laboratory's limits, if they are of the value's own unit and there is one pair of them.
/// Else: why they are not used.
fn write_limits(draft: &mut Draft, value: &Value<'_, '_>) -> Option<String> {
    let quantity = value
        .quantity
        .as_ref()
        .filter(|quantity| quantity.value.is_some())?;
    let fits = |range: &&ReferenceRange<'_>| {
        (range.low.is_some() || range.high.is_some())
            && match &range.r#type {
                Some(kind) if !kind.coding.is_empty() => kind
                    .coding
                    .iter()
                    .any(|coding| text(&coding.code) == "normal"),
                _ => true,
            }
    };
    let is_general =
        |range: &&ReferenceRange<'_>| range.applies_to.is_empty() && range.age.is_none();
    let candidates = || value.ranges.iter().filter(fits);
    let any_general = candidates().any(|range| is_general(&range));
    let mut chosen = candidates().filter(|range| !any_general || is_general(range));
    let first = chosen.next()?;
    if chosen.any(|other| !same_limits(first, other)) {
        return Some(
            "there are several normal ranges, and nothing says which of them is this patient's; \
             none is used"
                .to_owned(),
        );
    }
    for end in [&first.low, &first.high].into_iter().flatten() {
        if end.value.is_some() && !same_unit(quantity, end) {
            let shown = |quantity: &Quantity<'_>| {
                let mut unit = String::new();
                systems::write_unit(&mut unit, quantity);
                match unit.as_str() {
                    "" => "no unit".to_owned(),
                    unit => crate::excerpt::quoted(unit),
                }
            };
            return Some(format!(
                "the normal range is in {} and the value in {}; the range is not used",
                shown(end),
                shown(quantity)
            ));
        }
    }
    let ends = [(LOW, &first.low), (HIGH, &first.high)];
    for (column, end) in ends {
        if let Some(number) = end.as_ref().and_then(|end| end.value) {
            draft.set(column, number.digits());
        }
    }
    None
}

fn same_limits(one: &ReferenceRange<'_>, other: &ReferenceRange<'_>) -> bool {
    let same = |one: &Option<Quantity<'_>>, other: &Option<Quantity<'_>>| match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => {
            one.value.map(Number::digits) == other.value.map(Number::digits)
                && same_unit(one, other)
        }
        _ => false,
    };
    same(&one.low, &other.low) && same(&one.high, &other.high)
}

/// Whether two units are written the same: by their codes, if both have one; else in words.
fn same_unit(one: &Quantity<'_>, other: &Quantity<'_>) -> bool {
    let codes = (text(&one.code), text(&other.code));
    match codes {
        ("", _) | (_, "") => {
            let unit = |quantity: &Quantity<'_>| {
                let mut unit = String::new();
                systems::write_unit(&mut unit, quantity);
                unit
            };
            text(&one.unit) == text(&other.unit) && !text(&one.unit).is_empty()
                || unit(one) == unit(other)
        }
        (code, other_code) => {
            code == other_code
                && systems::short(text(&one.system)) == systems::short(text(&other.system))
        }
    }
}
