//! Units of measurement.

use core::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::{
    Analyte, Conversion, Dimension, Exact, Incommensurable, MismatchReason, UnitError,
    UnitErrorKind,
};

/// The longest text that is read as a unit, in bytes.
pub const MAX_LENGTH: usize = 256;

/// A unit of measurement. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Unit(Arc<Data>);

#[derive(Debug)]
struct Data {
    code: String,
    written: String,
    dimension: Dimension,
    factor: Exact,
    unknown_annotations: Vec<Arc<str>>,
}

impl Unit {
    /// Read a unit.
    ///
    /// # Errors
    ///
    /// [`UnitError`].
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        Err(UnitError {
            kind: UnitErrorKind::Unknown(text.to_owned()),
            at: 0..text.len(),
            suggestion: None,
        })
    }

    /// The canonical UCUM code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The unit as it was written.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.0.written
    }

    /// What the unit measures.
    #[must_use]
    pub fn dimension(&self) -> &Dimension {
        &self.0.dimension
    }

    /// Whether the unit is a mere number.
    #[must_use]
    pub fn is_dimensionless(&self) -> bool {
        self.0.dimension.is_none()
    }

    /// The magnitude in base units.
    #[must_use]
    pub fn factor(&self) -> &Exact {
        &self.0.factor
    }

    /// Annotations whose meaning is not known; they count as 1.
    #[must_use]
    pub fn unknown_annotations(&self) -> &[Arc<str>] {
        &self.0.unknown_annotations
    }

    /// Whether a month or a year stands in the unit, which has no fixed number of days.
    #[must_use]
    pub fn is_calendar_average(&self) -> bool {
        false
    }

    /// Whether the unit is a logarithmic or other non-linear scale.
    #[must_use]
    pub fn is_logarithmic(&self) -> bool {
        false
    }

    /// Whether the unit is a scale with its own zero, such as °C.
    #[must_use]
    pub fn has_offset(&self) -> bool {
        false
    }

    /// A hint when the unit reads as something that was hardly meant.
    #[must_use]
    pub fn suspicious(&self) -> Option<String> {
        None
    }

    /// Convert one value.
    ///
    /// # Errors
    ///
    /// [`Incommensurable`].
    pub fn convert(
        &self,
        value: &Exact,
        to: &Self,
        analyte: Option<&Analyte>,
    ) -> Result<Exact, Incommensurable> {
        Ok(self.conversion(to, analyte)?.apply(value))
    }

    /// The conversion into another unit, resolved once.
    ///
    /// # Errors
    ///
    /// [`Incommensurable`].
    pub fn conversion(
        &self,
        to: &Self,
        analyte: Option<&Analyte>,
    ) -> Result<Conversion, Incommensurable> {
        let _ = analyte;
        Err(Incommensurable {
            differences: Vec::new(),
            reason: MismatchReason::Dimension {
                left: self.dimension().to_string(),
                right: to.dimension().to_string(),
            },
        })
    }
}

impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        self.0.code == other.0.code
    }
}

impl Eq for Unit {}

impl Hash for Unit {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.code.hash(state);
    }
}
