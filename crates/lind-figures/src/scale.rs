//! Axes: from what to what they go, where their ticks stand, and how they are called.

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::coord::types::RangedCoordf64;

use crate::text::{clean, number};

/// The largest number that is drawn, and one over the smallest on a logarithmic axis: far beyond what is measured in
/// people, and small enough for the arithmetic of drawing.
const LARGEST: f64 = 1e15;

/// A number as it is written, for those who hold exact numbers and know no floats: a decimal, or a fraction
/// `163533/2`. What is no number has no place on an axis, and the figure counts it as not drawn.
///
/// ```
/// use lind_figures::coordinate;
///
/// assert_eq!(coordinate("-0.5"), -0.5);
/// assert_eq!(coordinate("163533/2"), 81_766.5);
/// assert!(coordinate("n.d.").is_nan());
/// ```
#[must_use]
pub fn coordinate(written: &str) -> f64 {
    let number = |text: &str| text.trim().parse().unwrap_or(f64::NAN);
    match written.split_once('/') {
        Some((above, below)) => number(above) / number(below),
        None => number(written),
    }
}

/// How a length on the axis grows with its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Equal differences have equal lengths.
    #[default]
    Linear,
    /// Equal ratios have equal lengths; only numbers above zero have a place.
    Logarithmic,
}

/// What an axis shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Axis {
    /// What is shown: `Time since infusion`.
    pub label: String,
    /// The unit of its numbers, as people write it: `days`. Empty if there is none.
    pub unit: String,
    /// How a length grows with its numbers.
    pub scale: Scale,
    /// Numbers that the axis must reach, in its unit, from the lower to the upper. Data beyond them widen the axis.
    pub reaches: Option<(f64, f64)>,
    /// How far ticks stand apart on a linear axis, in its unit: 28 for cycles of four weeks. Where there is no
    /// room for all of them, every second, third … is drawn.
    pub step: Option<f64>,
}

impl Axis {
    /// A linear axis as long as its data.
    #[must_use]
    pub fn new(label: impl Into<String>, unit: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            unit: unit.into(),
            ..Self::default()
        }
    }

    /// `CD19+ B cells (cells/uL)`
    pub(crate) fn title(&self) -> String {
        let (label, unit) = (clean(&self.label), clean(&self.unit));
        match (label.is_empty(), unit.is_empty()) {
            (_, true) => label,
            (true, false) => unit,
            (false, false) => format!("{label} ({unit})"),
        }
    }
}

/// Whether a number has a place on an axis of this scale.
pub(crate) fn is_drawable(value: f64, scale: Scale) -> bool {
    value.abs() <= LARGEST && (scale == Scale::Linear || value >= LARGEST.recip())
}

/// From where to where an axis goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    scale: Scale,
    pub(crate) low: f64,
    pub(crate) high: f64,
    step: Option<f64>,
}

impl Extent {
    /// Wide enough for the axis and all numbers that have a place on it.
    pub(crate) fn of(axis: &Axis, values: impl Iterator<Item = f64>) -> Self {
        let scale = axis.scale;
        let reached = axis.reaches.into_iter().flat_map(|(low, high)| [low, high]);
        let mut ends: Option<(f64, f64)> = None;
        for value in values
            .chain(reached)
            .filter(|value| is_drawable(*value, scale))
        {
            ends = Some(match ends {
                None => (value, value),
                Some((low, high)) => (low.min(value), high.max(value)),
            });
        }
        let (low, high) = match scale {
            Scale::Linear => linear_ends(ends),
            Scale::Logarithmic => {
                let (low, high) = ends.unwrap_or((1.0, 10.0));
                (low / 1.4, high * 1.4)
            }
        };
        Self {
            scale,
            low,
            high,
            step: axis
                .step
                .filter(|step| step.is_finite() && *step > 0.0 && scale == Scale::Linear),
        }
    }

    /// The same with room at both ends, so that no mark lies on the other axis.
    pub(crate) fn with_margin(self) -> Self {
        match self.scale {
            Scale::Linear => {
                let room = (self.high - self.low) * 0.02;
                Self {
                    low: self.low - room,
                    high: self.high + room * 0.5,
                    ..self
                }
            }
            Scale::Logarithmic => self,
        }
    }

    pub(crate) fn is_logarithmic(&self) -> bool {
        self.scale == Scale::Logarithmic
    }

    /// At most so many ticks, at round numbers, the lowest first.
    pub(crate) fn ticks(&self, most: usize) -> Vec<f64> {
        let most = most.max(2);
        if let Some(step) = self.step {
            return self.multiples(step, most);
        }
        match self.scale {
            Scale::Linear => RangedCoordf64::from(self.low..self.high).key_points(most),
            Scale::Logarithmic => self.decades(most),
        }
    }

    fn multiples(&self, step: f64, most: usize) -> Vec<f64> {
        let count = ((self.high - self.low) / step).max(1.0);
        let step = step * (count / most as f64).ceil().max(1.0);
        let first = (self.low / step).ceil();
        (0..=most)
            .map(|place| (first + place as f64) * step)
            .take_while(|value| *value <= self.high)
            .collect()
    }

    fn decades(&self, most: usize) -> Vec<f64> {
        let (first, last) = (
            self.low.log10().ceil() as i32,
            self.high.log10().floor() as i32,
        );
        let count = usize::try_from(last - first + 1).unwrap_or(0);
        let inside = |value: &f64| (self.low..=self.high).contains(value);
        if count < 3 {
            let fine: Vec<f64> = (first - 1..=last)
                .flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(power)))
                .filter(inside)
                .collect();
            return if fine.len() >= 2 && fine.len() <= most {
                fine
            } else if count >= 2 {
                (first..=last).map(|power| 10f64.powi(power)).collect()
            } else {
                RangedCoordf64::from(self.low..self.high).key_points(most.min(4))
            };
        }
        let every = count.div_ceil(most).max(1);
        (first..=last)
            .step_by(every)
            .map(|power| 10f64.powi(power))
            .collect()
    }

    /// A tick in words: as a power of ten where numbers are long.
    pub(crate) fn told(&self, tick: f64) -> String {
        if self.scale == Scale::Logarithmic && (self.high >= 1e6 || self.low < 1e-4) {
            let power = tick.log10();
            if (power - power.round()).abs() < 1e-9 {
                return format!("10{}", superscript(power.round() as i32));
            }
        }
        number(tick)
    }
}

/// Wider than the data by a little, from zero where zero is not far, and never without a length.
fn linear_ends(ends: Option<(f64, f64)>) -> (f64, f64) {
    let (low, high) = ends.unwrap_or((0.0, 1.0));
    let low_from = if low > 0.0 && low < high * 0.35 {
        0.0
    } else {
        low
    };
    let size = high.abs().max(low.abs());
    let length = (high - low_from).max(size * 1e-6).max(1e-12);
    let length = if high == low_from {
        size.max(1.0) * 0.2
    } else {
        length
    };
    let pad = length * 0.04;
    let below = if low_from == 0.0 { 0.0 } else { pad };
    let above = if high == 0.0 && low_from < 0.0 {
        0.0
    } else {
        pad
    };
    let high = if high == low_from {
        high + length
    } else {
        high + above
    };
    (low_from - below, high)
}

fn superscript(power: i32) -> String {
    power
        .to_string()
        .chars()
        .map(|character| match character {
            '-' => '⁻',
            '0' => '⁰',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            _ => '⁹',
        })
        .collect()
}

/// An axis as the drawing library sees it.
impl Ranged for Extent {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        match self.scale {
            Scale::Linear => RangedCoordf64::from(self.low..self.high).map(value, limit),
            Scale::Logarithmic => {
                let value = value.max(LARGEST.recip()).log10();
                RangedCoordf64::from(self.low.log10()..self.high.log10()).map(&value, limit)
            }
        }
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        self.ticks(hint.max_num_points())
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

#[cfg(test)]
mod tests {
    use super::{Axis, Extent, Scale};

    fn ticks(axis: &Axis, values: &[f64], most: usize) -> Vec<String> {
        let extent = Extent::of(axis, values.iter().copied());
        let ticks = extent.ticks(most);
        assert!(
            ticks.windows(2).all(|pair| matches!(pair, [a, b] if a < b)),
            "{ticks:?}"
        );
        ticks.into_iter().map(|tick| extent.told(tick)).collect()
    }

    fn logarithmic() -> Axis {
        Axis {
            scale: Scale::Logarithmic,
            ..Axis::default()
        }
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(
            ticks(&Axis::default(), &[0.0, 23.0], 6),
            ["0", "5", "10", "15", "20"]
        );
        assert!(!ticks(&Axis::default(), &[7.0], 4).is_empty());
        assert_eq!(
            ticks(&logarithmic(), &[0.05, 228.36], 8),
            ["0.1", "1", "10", "100"]
        );
        assert_eq!(
            ticks(&logarithmic(), &[20.0, 400.0], 8),
            ["20", "50", "100", "200", "500"]
        );
        assert_eq!(
            ticks(&logarithmic(), &[100.0, 1_140_893.0], 9),
            ["10²", "10³", "10⁴", "10⁵", "10⁶"]
        );
    }

    #[test]
    fn steps_of_weeks() {
        let weeks = Axis {
            step: Some(28.0),
            reaches: Some((0.0, 360.0)),
            ..Axis::default()
        };
        assert_eq!(
            ticks(&weeks, &[], 8),
            ["0", "56", "112", "168", "224", "280", "336"]
        );
    }

    #[test]
    fn no_axis_is_without_a_length() {
        let odd = [
            vec![],
            vec![0.0],
            vec![-3.0],
            vec![1e15, 1e15],
            vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY],
            vec![1e-300],
            vec![f64::MAX, f64::MIN],
            vec![1e14, 1e14 + 0.1],
            vec![-1e15, 1e15],
        ];
        for values in odd {
            for axis in [Axis::default(), logarithmic()] {
                let extent = Extent::of(&axis, values.iter().copied());
                assert!(extent.low < extent.high, "{values:?} {extent:?}");
                assert!(extent.ticks(6).len() <= 10, "{values:?}");
            }
        }
    }
}
