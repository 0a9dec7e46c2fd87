//! Resolved conversions between two units.

use core::cmp::Ordering;
use std::sync::Arc;

use crate::{Decimal, Exact};

/// What is known about the measured substance, for conversions that need it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Analyte {
    /// Grams per mole.
    pub molar_mass: Option<Exact>,
    /// Equivalents per mole.
    pub valence: Option<u8>,
    /// What a number that does not say so counts: `cell`, `copy`; or the reference it is relative
    /// to, such as `INR`.
    pub entity: Option<Arc<str>>,
    /// Whether the measured thing is an enzyme whose "international unit" is the enzyme unit `U`,
    /// 1 µmol per minute (so that `[IU]/L` is `U/L`).
    pub enzyme: bool,
}

/// A conversion resolved once: `value in target = value × factor + offset`, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Conversion {
    factor: Exact,
    offset: Exact,
    /// `(multiplier × value + addend) / divisor` in machine integers, `divisor > 0`, if they fit.
    machine: Option<Machine>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Machine {
    multiplier: i128,
    addend: i128,
    divisor: i128,
}

impl Conversion {
    /// `value × factor + offset`.
    #[must_use]
    pub fn new(factor: Exact, offset: Exact) -> Self {
        let machine = Self::machine(&factor, &offset);
        Self {
            factor,
            offset,
            machine,
        }
    }

    /// The conversion of a unit into itself.
    #[must_use]
    pub fn identity() -> Self {
        Self::new(Exact::one(), Exact::zero())
    }

    fn machine(factor: &Exact, offset: &Exact) -> Option<Machine> {
        let ((a, b), (c, d)) = (factor.small_parts()?, offset.small_parts()?);
        if c == 0 {
            return Some(Machine {
                multiplier: a,
                addend: 0,
                divisor: b,
            });
        }
        Some(Machine {
            multiplier: a.checked_mul(d)?,
            addend: c.checked_mul(b)?,
            divisor: b.checked_mul(d)?,
        })
    }

    /// The factor.
    #[must_use]
    pub const fn factor(&self) -> &Exact {
        &self.factor
    }

    /// The offset, in the target unit; zero but for temperatures.
    #[must_use]
    pub const fn offset(&self) -> &Exact {
        &self.offset
    }

    /// Whether values stay as they are.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.factor == Exact::one() && self.offset.is_zero()
    }

    /// The value in the target unit.
    #[must_use]
    pub fn apply(&self, value: &Exact) -> Exact {
        value.mul(&self.factor).add(&self.offset)
    }

    /// The value of a written number in the target unit.
    #[must_use]
    pub fn apply_decimal(&self, value: &Decimal) -> Exact {
        self.apply(&value.to_exact())
    }

    /// The difference of two values in the target unit: without the offset, so that a rise of 1 °C
    /// is a rise of 1.8 °F.
    #[must_use]
    pub fn apply_difference(&self, difference: &Exact) -> Exact {
        difference.mul(&self.factor)
    }

    /// The order of a value, converted, and a limit in the target unit. Multiplies across; nothing
    /// is divided or rounded, and nothing is allocated unless the products outgrow 128 bits.
    #[must_use]
    pub fn compare(&self, value: &Decimal, limit: &Exact) -> Ordering {
        self.compare_machine(value, limit)
            .unwrap_or_else(|| self.apply_decimal(value).cmp(limit))
    }

    fn compare_machine(&self, value: &Decimal, limit: &Exact) -> Option<Ordering> {
        let machine = self.machine?;
        let (limit_above, limit_below) = limit.small_parts()?;
        let power = value.power();
        // value = digits / scale
        let (digits, scale) = if power >= 0 {
            let factor = 10_i128.checked_pow(power.unsigned_abs())?;
            (value.mantissa().checked_mul(factor)?, 1)
        } else {
            (value.mantissa(), 10_i128.checked_pow(power.unsigned_abs())?)
        };
        let above = machine
            .multiplier
            .checked_mul(digits)?
            .checked_add(machine.addend.checked_mul(scale)?)?;
        let below = machine.divisor.checked_mul(scale)?;
        Some(
            above
                .checked_mul(limit_below)?
                .cmp(&limit_above.checked_mul(below)?),
        )
    }
}
