//! From arrays in memory to columns that are lent.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float16Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use lind_records::{Bits, Column, ColumnKind, Lost, Texts, Values};

/// What the values of a type are.
pub(crate) fn kind(data_type: &DataType) -> ColumnKind {
    match data_type {
        DataType::Utf8 | DataType::Binary | DataType::Null => ColumnKind::Text,
        DataType::Dictionary(_, value) => kind(value),
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64 => ColumnKind::Integer,
        DataType::Float16 | DataType::Float32 | DataType::Float64 => ColumnKind::Float,
        DataType::Decimal128(_, scale) if *scale >= 0 => ColumnKind::Decimal,
        DataType::Date32 => ColumnKind::Date,
        DataType::Timestamp(..) => ColumnKind::Timestamp,
        DataType::Boolean => ColumnKind::Boolean,
        _ => ColumnKind::Other,
    }
}

/// A column of a batch, with what had to be made of its array.
#[derive(Default)]
pub(crate) struct Loaded {
    /// None: every row is lost, or was rescued into `texts`.
    pub(crate) array: Option<ArrayRef>,
    pub(crate) made: Made,
    /// Which rows are lost, if only some are.
    pub(crate) lost: Vec<bool>,
    /// Another number where the dictionary is another one.
    pub(crate) generation: u64,
    /// Nothing stands in any row.
    is_empty: bool,
}

/// What was made of an array whose values cannot be lent as they lie.
#[derive(Default)]
pub(crate) enum Made {
    #[default]
    Nothing,
    Texts(OwnTexts),
    Integers(Vec<i64>),
    Wide(Vec<i128>),
}

/// Texts of our own.
#[derive(Default)]
pub(crate) struct OwnTexts {
    pub(crate) offsets: Vec<i32>,
    pub(crate) bytes: Vec<u8>,
}

impl OwnTexts {
    pub(crate) fn new() -> Self {
        OwnTexts {
            offsets: vec![0],
            bytes: Vec::new(),
        }
    }

    /// Ends a text; whether there was room for it.
    pub(crate) fn close(&mut self) -> bool {
        match i32::try_from(self.bytes.len()) {
            Ok(end) => {
                self.offsets.push(end);
                true
            }
            Err(_) => {
                let end = self.offsets.last().copied().unwrap_or_default();
                self.bytes.truncate(usize::try_from(end).unwrap_or(0));
                self.offsets.push(end);
                false
            }
        }
    }

    fn lent(&self) -> Texts<'_> {
        Texts {
            offsets: &self.offsets,
            bytes: &self.bytes,
        }
    }
}

impl Loaded {
    /// All rows are lost.
    pub(crate) fn lost() -> Self {
        Loaded::default()
    }

    /// Nothing stands in any row.
    pub(crate) fn empty() -> Self {
        Loaded {
            is_empty: true,
            ..Loaded::default()
        }
    }

    pub(crate) fn of(array: ArrayRef, generation: u64) -> Self {
        let made = made(&array);
        Loaded {
            array: Some(array),
            made,
            generation,
            ..Loaded::default()
        }
    }

    pub(crate) fn rescued(texts: OwnTexts, lost: Vec<bool>) -> Self {
        Loaded {
            array: None,
            made: Made::Texts(texts),
            lost,
            ..Loaded::default()
        }
    }

    pub(crate) fn column(&self) -> Column<'_> {
        let Some(array) = &self.array else {
            return match &self.made {
                _ if self.is_empty => Column {
                    values: Values::Nothing,
                    present: Bits::ALL,
                    lost: Lost::None,
                },
                Made::Texts(texts) => Column {
                    values: Values::Texts(texts.lent()),
                    present: Bits::ALL,
                    lost: Lost::Some(&self.lost),
                },
                _ => Column {
                    values: Values::Nothing,
                    present: Bits::ALL,
                    lost: Lost::All,
                },
            };
        };
        let present = array.nulls().map_or(Bits::ALL, |nulls| Bits {
            bytes: Some(nulls.inner().values()),
            offset: nulls.offset(),
        });
        Column {
            values: self.values(array),
            present,
            lost: Lost::None,
        }
    }

    fn values<'l>(&'l self, array: &'l ArrayRef) -> Values<'l> {
        match &self.made {
            Made::Texts(texts) => return Values::Texts(texts.lent()),
            Made::Integers(numbers) => return Values::Integers64(numbers),
            Made::Wide(mantissas) => {
                return Values::Decimals {
                    mantissas,
                    scale: 0,
                };
            }
            Made::Nothing => {}
        }
        match array.data_type() {
            DataType::Dictionary(..) => match array.as_dictionary_opt::<UInt32Type>() {
                Some(dictionary) => match texts(dictionary.values()) {
                    Some(texts) => Values::Dictionary {
                        keys: dictionary.keys().values(),
                        texts,
                        generation: self.generation,
                    },
                    None => Values::Nothing,
                },
                None => Values::Nothing,
            },
            DataType::Utf8 | DataType::Binary => {
                texts(array).map_or(Values::Nothing, Values::Texts)
            }
            DataType::Int32 => {
                slice::<Int32Type>(array).map_or(Values::Nothing, Values::Integers32)
            }
            DataType::Int64 => {
                slice::<Int64Type>(array).map_or(Values::Nothing, Values::Integers64)
            }
            DataType::Date32 => slice::<Date32Type>(array).map_or(Values::Nothing, Values::Days),
            DataType::Decimal128(_, scale) => match slice::<Decimal128Type>(array) {
                Some(mantissas) => Values::Decimals {
                    mantissas,
                    scale: u8::try_from(*scale).unwrap_or(0),
                },
                None => Values::Nothing,
            },
            DataType::Timestamp(unit, zone) => {
                let (ticks, per_second) = match unit {
                    TimeUnit::Second => (slice::<TimestampSecondType>(array), 1),
                    TimeUnit::Millisecond => (slice::<TimestampMillisecondType>(array), 1_000),
                    TimeUnit::Microsecond => (slice::<TimestampMicrosecondType>(array), 1_000_000),
                    TimeUnit::Nanosecond => {
                        (slice::<TimestampNanosecondType>(array), 1_000_000_000)
                    }
                };
                ticks.map_or(Values::Nothing, |ticks| Values::Moments {
                    ticks,
                    per_second,
                    is_utc: zone.is_some(),
                })
            }
            DataType::Boolean => match array.as_boolean_opt() {
                Some(booleans) => Values::Booleans(Bits {
                    bytes: Some(booleans.values().values()),
                    offset: booleans.values().offset(),
                }),
                None => Values::Nothing,
            },
            _ => Values::Nothing,
        }
    }
}

fn slice<T: ArrowPrimitiveType>(array: &ArrayRef) -> Option<&[T::Native]> {
    array
        .as_primitive_opt::<T>()
        .map(|array| array.values().as_ref())
}

fn texts(array: &ArrayRef) -> Option<Texts<'_>> {
    if let Some(strings) = array.as_string_opt::<i32>() {
        return Some(Texts {
            offsets: strings.value_offsets(),
            bytes: strings.value_data(),
        });
    }
    let binary = array.as_binary_opt::<i32>()?;
    Some(Texts {
        offsets: binary.value_offsets(),
        bytes: binary.value_data(),
    })
}

fn made(array: &ArrayRef) -> Made {
    fn widened<T: ArrowPrimitiveType>(array: &ArrayRef) -> Made
    where
        T::Native: Into<i64>,
    {
        let numbers = slice::<T>(array).unwrap_or_default();
        Made::Integers(numbers.iter().map(|number| (*number).into()).collect())
    }
    /// The shortest text that means the same number, without an exponent.
    fn written<T: ArrowPrimitiveType>(array: &ArrayRef) -> Made
    where
        T::Native: std::fmt::Display,
    {
        use std::io::Write;
        let mut texts = OwnTexts::new();
        for number in slice::<T>(array).unwrap_or_default() {
            // Writing into a vector does not fail.
            let _ = write!(texts.bytes, "{number}");
            texts.close();
        }
        Made::Texts(texts)
    }
    match array.data_type() {
        DataType::Int8 => widened::<Int8Type>(array),
        DataType::Int16 => widened::<Int16Type>(array),
        DataType::UInt8 => widened::<UInt8Type>(array),
        DataType::UInt16 => widened::<UInt16Type>(array),
        DataType::UInt32 => widened::<UInt32Type>(array),
        DataType::UInt64 => {
            let numbers = slice::<UInt64Type>(array).unwrap_or_default();
            Made::Wide(numbers.iter().map(|number| i128::from(*number)).collect())
        }
        DataType::Float16 => written::<Float16Type>(array),
        DataType::Float32 => written::<Float32Type>(array),
        DataType::Float64 => written::<Float64Type>(array),
        _ => Made::Nothing,
    }
}
