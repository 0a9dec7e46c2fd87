//! The elements that resources are made of, as far as they are read. Everything is borrowed from the
//! text where the text holds no escapes, and whatever is not named here is passed over.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::lexicon::Codings;
use super::quick::{Fill, Object, Quick, Unusual};
use crate::excerpt::trimmed;

/// A text. A bare `Option<Cow<str>>` never borrows: serde knows only a `Cow` of its own.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

impl<'a> Fill<'a> for Text<'a> {
    fn fill(&mut self, quick: &mut Quick<'a>) -> Result<(), Unusual> {
        self.0 = Cow::Borrowed(quick.string()?);
        Ok(())
    }
}

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
const RAW: &str = "$serde_json::private::RawValue";

/// A number as it is written: no digit is touched.
#[derive(Debug, Default, Clone, Copy)]
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

impl<'a> Fill<'a> for Number<'a> {
    fn fill(&mut self, quick: &mut Quick<'a>) -> Result<(), Unusual> {
        self.0 = quick.raw()?;
        Ok(())
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

/// Declares elements that only `serde_json` reads: each field is optional, and everything else is
/// passed over.
macro_rules! slow_elements {
    ($($(#[$about:meta])* $name:ident { $($(#[$more:meta])* $field:ident: $type:ty),+ $(,)? })+) => {
        $(
            $(#[$about])*
            #[derive(Debug, Default, serde::Deserialize)]
            #[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
            pub(in crate::fhir) struct $name<'a> {
                $($(#[$more])* pub(in crate::fhir) $field: $type),+
            }
        )+
    };
}
pub(super) use slow_elements;

/// Declares elements that are read quickly too, by the same names and with the same care.
macro_rules! elements {
    ($($(#[$about:meta])* $name:ident { $($(#[$more:meta])* $field:ident: $type:ty),+ $(,)? })+) => {
        $(
            $crate::fhir::elements::objects! {
                $(#[$about])*
                $name { $($(#[$more])* $field: $type),+ }
            }

            impl<'a> $crate::fhir::quick::Fill<'a> for $name<'a> {
                fn fill(
                    &mut self,
                    quick: &mut $crate::fhir::quick::Quick<'a>,
                ) -> Result<(), $crate::fhir::quick::Unusual> {
                    quick.enter(b'{')?;
                    $crate::fhir::quick::Object::rest(self, quick, true)
                }
            }
        )+
    };
}
pub(super) use elements;

/// Declares elements of which it stands elsewhere how they begin to be read.
macro_rules! objects {
    ($($(#[$about:meta])* $name:ident { $($(#[$more:meta])* $field:ident: $type:ty),+ $(,)? })+) => {
        $(
            $crate::fhir::elements::slow_elements! {
                $(#[$about])*
                $name { $($(#[$more])* $field: $type),+ }
            }

            impl<'a> $crate::fhir::quick::Object<'a> for $name<'a> {
                fn rest(
                    &mut self,
                    quick: &mut $crate::fhir::quick::Quick<'a>,
                    mut is_first: bool,
                ) -> Result<(), $crate::fhir::quick::Unusual> {
                    // Which of them were there: `serde_json` takes none that stands twice.
                    $(let mut $field = false;)+
                    while quick.another(is_first, b'}')? {
                        is_first = false;
                        match quick.key()?.as_bytes() {
                            $(name if name == const {
                                $crate::fhir::quick::Name::of(stringify!($field))
                            }.bytes() => {
                                if std::mem::replace(&mut $field, true) {
                                    return Err($crate::fhir::quick::Unusual);
                                }
                                $crate::fhir::quick::Fill::fill(&mut self.$field, quick)?;
                            })+
                            _ => quick.skip()?,
                        }
                    }
                    Ok(())
                }
            }
        )+
    };
}
pub(super) use objects;

impl<'a> Fill<'a> for Concept<'a> {
    fn fill(&mut self, quick: &mut Quick<'a>) -> Result<(), Unusual> {
        if let Some(known) = quick.known_concept() {
            *self = known.concept();
            return Ok(());
        }
        let start = quick.at();
        quick.enter(b'{')?;
        self.rest(quick, true)?;
        quick.learned.concept(start..quick.at());
        Ok(())
    }
}

impl<'a> Fill<'a> for Reference<'a> {
    fn fill(&mut self, quick: &mut Quick<'a>) -> Result<(), Unusual> {
        // Nearly every one of a bundle leads to its patient.
        if let Some(known) = quick.known_reference() {
            *self = known;
            return Ok(());
        }
        let start = quick.at();
        quick.enter(b'{')?;
        self.rest(quick, true)?;
        quick.last_reference = Some((quick.since(start)?, self.clone()));
        Ok(())
    }
}

impl<'a> Fill<'a> for Quantity<'a> {
    fn fill(&mut self, quick: &mut Quick<'a>) -> Result<(), Unusual> {
        quick.enter(b'{')?;
        if !quick.another(true, b'}')? {
            return Ok(());
        }
        let key = quick.key()?;
        let is_value_first = key == "value";
        let mut seen = [false; QUANTITY.len()];
        self.element(key, quick, &mut seen)?;
        let start = quick.at();
        if is_value_first && quick.tell_known_unit(self) {
            return Ok(());
        }
        while quick.another(false, b'}')? {
            let key = quick.key()?;
            self.element(key, quick, &mut seen)?;
        }
        if is_value_first {
            quick.learned.unit(start..quick.at());
        }
        Ok(())
    }
}

/// The elements of a quantity that are read.
const QUANTITY: [&str; 5] = ["value", "comparator", "unit", "system", "code"];

impl<'a> Quantity<'a> {
    /// Reads one of the elements; none that is read may stand twice.
    fn element(
        &mut self,
        key: &str,
        quick: &mut Quick<'a>,
        seen: &mut [bool; QUANTITY.len()],
    ) -> Result<(), Unusual> {
        let known = QUANTITY.iter().zip(seen).find(|(name, _)| **name == key);
        if let Some((_, seen)) = known
            && std::mem::replace(seen, true)
        {
            return Err(Unusual);
        }
        match key {
            "value" => self.value.fill(quick),
            "comparator" => self.comparator.fill(quick),
            "unit" => self.unit.fill(quick),
            "system" => self.system.fill(quick),
            "code" => self.code.fill(quick),
            _ => quick.skip(),
        }
    }
}

objects! {
    /// What something is, in any number of systems.
    Concept {
        coding: Codings<'a>,
        text: Option<Text<'a>>,
    }
    /// Another resource.
    #[derive(Clone)]
    Reference {
        reference: Option<Text<'a>>,
        r#type: Option<Text<'a>>,
        display: Option<Text<'a>>,
    }
}

slow_elements! {
    /// A number with its unit.
    #[derive(Clone)]
    Quantity {
        value: Option<Number<'a>>,
        comparator: Option<Text<'a>>,
        unit: Option<Text<'a>>,
        system: Option<Text<'a>>,
        code: Option<Text<'a>>,
    }
}

elements! {
    /// A code of a system.
    Coding {
        system: Option<Text<'a>>,
        code: Option<Text<'a>>,
        extension: Vec<Extension<'a>>,
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
