//! The elements that resources are made of, as far as they are read. Everything is borrowed from the
//! text where the text holds no escapes, and whatever is not named here is passed over.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::excerpt::trimmed;

/// A text. A bare `Option<Cow<str>>` never borrows: serde knows only a `Cow` of its own.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

impl Text<'_> {
    /// The text without blanks around it.
    pub(super) fn trimmed(&self) -> &str {
        trimmed(&self.0)
    }
}

/// The text of an element, or nothing.
pub(super) fn text<'t>(element: &'t Option<Text<'_>>) -> &'t str {
    element.as_ref().map_or("", Text::trimmed)
}

/// The name under which `serde_json` hands over a value as it is written, to [`RawValue`].
pub(super) const RAW: &str = "$serde_json::private::RawValue";

/// A number as it is written: no digit is touched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number<'a>(&'a str);

impl<'de: 'a, 'a> Deserialize<'de> for Number<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl<'de> Visitor<'de> for Written {
            type Value = &'de str;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("any value")
            }

            fn visit_borrowed_str<E>(self, written: &'de str) -> Result<&'de str, E> {
                Ok(written)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<&'de str, A::Error> {
                let raw = <&RawValue>::deserialize(MapAccessDeserializer::new(map))?;
                Ok(raw.get())
            }
        }
        deserializer
            .deserialize_newtype_struct(RAW, Written)
            .map(Number)
    }
}

impl<'a> Number<'a> {
    /// The digits. Some systems write them as a string.
    pub(super) fn digits(self) -> &'a str {
        let raw = self.0;
        raw.strip_prefix('"')
            .and_then(|raw| raw.strip_suffix('"'))
            .unwrap_or(raw)
            .trim()
    }
}

/// Declares elements: each field is optional, and everything else is passed over.
macro_rules! elements {
    ($($(#[$about:meta])* $name:ident { $($(#[$more:meta])* $field:ident: $type:ty),+ $(,)? })+) => {
        $(
            $(#[$about])*
            #[derive(Debug, Default, serde::Deserialize)]
            #[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
            pub(crate) struct $name<'a> {
                $($(#[$more])* pub(crate) $field: $type),+
            }
        )+
    };
}
pub(super) use elements;

elements! {
    /// A code of a system.
    Coding {
        system: Option<Text<'a>>,
        code: Option<Text<'a>>,
        extension: Vec<Extension<'a>>,
    }
    /// What something is, in any number of systems.
    Concept {
        coding: Vec<Coding<'a>>,
        text: Option<Text<'a>>,
    }
    /// A number with its unit.
    Quantity {
        value: Option<Number<'a>>,
        comparator: Option<Text<'a>>,
        unit: Option<Text<'a>>,
        system: Option<Text<'a>>,
        code: Option<Text<'a>>,
    }
    /// From one number to another.
    Range {
        low: Option<Quantity<'a>>,
        high: Option<Quantity<'a>>,
    }
    /// One number to another.
    Ratio {
        numerator: Option<Quantity<'a>>,
        denominator: Option<Quantity<'a>>,
    }
    /// From one time to another.
    Period {
        start: Option<Text<'a>>,
        end: Option<Text<'a>>,
    }
    /// Another resource.
    Reference {
        reference: Option<Text<'a>>,
        r#type: Option<Text<'a>>,
        display: Option<Text<'a>>,
    }
    /// When something is repeated.
    Timing {
        event: Vec<Option<Text<'a>>>,
        repeat: Option<Box<Repeat<'a>>>,
        code: Option<Concept<'a>>,
    }
    /// How often.
    Repeat {
        bounds_period: Option<Period<'a>>,
        frequency: Option<Number<'a>>,
        frequency_max: Option<Number<'a>>,
        period: Option<Number<'a>>,
        period_max: Option<Number<'a>>,
        period_unit: Option<Text<'a>>,
        day_of_week: Vec<Option<Text<'a>>>,
        time_of_day: Vec<Option<Text<'a>>>,
        when: Vec<Option<Text<'a>>>,
    }
    /// How a drug is taken.
    Dosage {
        timing: Option<Box<Timing<'a>>>,
        as_needed_boolean: Option<bool>,
        as_needed_codeable_concept: Option<Concept<'a>>,
        route: Option<Concept<'a>>,
        dose_and_rate: Vec<DoseAndRate<'a>>,
    }
    /// How much of it.
    DoseAndRate {
        dose_quantity: Option<Quantity<'a>>,
    }
    /// What a resource says beyond its type.
    Extension {
        url: Option<Text<'a>>,
        value_string: Option<Text<'a>>,
        value_code: Option<Text<'a>>,
        value_date: Option<Text<'a>>,
        value_date_time: Option<Text<'a>>,
        value_integer: Option<Number<'a>>,
        value_decimal: Option<Number<'a>>,
        value_boolean: Option<bool>,
    }
    /// A resource that stands within another.
    Contained {
        resource_type: Option<Text<'a>>,
        id: Option<Text<'a>>,
        code: Option<Concept<'a>>,
        r#type: Option<Concept<'a>>,
    }
}

impl Extension<'_> {
    /// What it says, as a text of a cell.
    pub(super) fn value(&self) -> &str {
        let texts = [
            &self.value_string,
            &self.value_code,
            &self.value_date,
            &self.value_date_time,
        ];
        let stated = texts.into_iter().find_map(Option::as_ref);
        let number = self.value_integer.or(self.value_decimal);
        match (stated, number, self.value_boolean) {
            (Some(text), ..) => text.trimmed(),
            (_, Some(number), _) => number.digits(),
            (_, _, Some(true)) => "yes",
            (_, _, Some(false)) => "no",
            _ => "",
        }
    }
}
