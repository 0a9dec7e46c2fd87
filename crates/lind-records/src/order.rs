//! The order of rows, which depends on what they say alone: rows handed over in another order, or
//! words met in another order, give the same charts.

use std::cmp::Ordering;
use std::sync::Arc;

use lind_time::When;
use lind_units::Decimal;

use crate::cells::Names;
use crate::chart::{
    AdverseEvent, Allergy, Assignment, Attestation, Condition, Fact, MilestoneRow, Observation,
    Procedure, Treatment, VisitRow,
};
use crate::names::{CodeId, Symbol, UnitId};

/// A row that can be compared with another one by all it says.
pub(crate) trait Content: Fact {
    /// Compares what the rows say besides their time and their code.
    fn compare_rest(&self, other: &Self, names: &Names) -> Ordering;
}

/// By time (none first), then by code, then by the rest; not by place.
pub(crate) fn compare<R: Content>(one: &R, other: &R, names: &Names) -> Ordering {
    one.time()
        .compare(&other.time(), names)
        .then_with(|| one.code().compare(&other.code(), names))
        .then_with(|| one.compare_rest(other, names))
}

/// Something that stands in a row.
trait Part {
    fn compare(&self, other: &Self, names: &Names) -> Ordering;
}

impl<P: Part> Part for Option<P> {
    fn compare(&self, other: &Self, names: &Names) -> Ordering {
        match (self, other) {
            (Some(one), Some(other)) => one.compare(other, names),
            (one, other) => one.is_some().cmp(&other.is_some()),
        }
    }
}

impl Part for When {
    fn compare(&self, other: &Self, _: &Names) -> Ordering {
        (self.start(), self.end(), self.precision()).cmp(&(
            other.start(),
            other.end(),
            other.precision(),
        ))
    }
}

impl Part for Decimal {
    fn compare(&self, other: &Self, _: &Names) -> Ordering {
        // The same value in two writings is not the same.
        self.compare_value(other).then_with(|| {
            (self.scale(), self.power(), self.mantissa()).cmp(&(
                other.scale(),
                other.power(),
                other.mantissa(),
            ))
        })
    }
}

impl Part for CodeId {
    fn compare(&self, other: &Self, names: &Names) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        let text = |code: &CodeId| names.dictionary.text(*code);
        text(self).cmp(text(other))
    }
}

impl Part for Symbol {
    fn compare(&self, other: &Self, names: &Names) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        names.symbols.text(*self).cmp(names.symbols.text(*other))
    }
}

impl Part for UnitId {
    fn compare(&self, other: &Self, names: &Names) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        let text = |unit: &UnitId| names.units.get(*unit).map(lind_units::Unit::written);
        text(self).cmp(&text(other))
    }
}

macro_rules! plain {
    ($($kind:ty),+) => {
        $(impl Part for $kind {
            fn compare(&self, other: &Self, _: &Names) -> Ordering {
                self.cmp(other)
            }
        })+
    };
}

plain!(
    bool,
    u8,
    Arc<str>,
    crate::Comparator,
    crate::ConditionStatus,
    crate::Severity,
    crate::Outcome
);

macro_rules! content {
    ($($row:ident: $($field:ident),*;)+) => {
        $(impl Content for $row {
            fn compare_rest(&self, other: &Self, names: &Names) -> Ordering {
                let _ = (other, names);
                Ordering::Equal
                    $(.then_with(|| self.$field.compare(&other.$field, names)))*
            }
        })+
    };
}

content! {
    MilestoneRow: ;
    Observation: value, unit, comparator, to, low, high, result, specimen, method, source, body_site;
    Condition: abatement, status, provisional, severity, body_site;
    Treatment: end, dose, unit, frequency, route, indication, outcome, line, investigational;
    Procedure: body_site;
    Allergy: severity;
    AdverseEvent: scale, grade, end, related, serious, dlt;
    Attestation: answer, by;
    VisitRow: end;
    Assignment: replaces;
}
