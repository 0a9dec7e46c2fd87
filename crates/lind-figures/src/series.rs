//! Values over time, as figures take them.

/// What was measured at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// A value, in the unit of the axis.
    Measured(f64),
    /// Below the limit of quantification, which is given in the unit of the axis: drawn at the limit with an open
    /// mark.
    Below(f64),
    /// Nothing: the line has a gap.
    Missing,
}

/// A reading at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When, in the unit of the horizontal axis.
    pub x: f64,
    /// What.
    pub reading: Reading,
}

impl Point {
    /// A measured value.
    #[must_use]
    pub fn new(x: f64, value: f64) -> Self {
        Self {
            x,
            reading: Reading::Measured(value),
        }
    }

    /// A value below the limit of quantification.
    #[must_use]
    pub fn below(x: f64, limit: f64) -> Self {
        Self {
            x,
            reading: Reading::Below(limit),
        }
    }

    /// Nothing was measured.
    #[must_use]
    pub fn missing(x: f64) -> Self {
        Self {
            x,
            reading: Reading::Missing,
        }
    }
}

/// The readings of one patient, in the order of time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// Who: the same label has the same colour and mark in all panels of a figure.
    pub label: String,
    /// The readings.
    pub points: Vec<Point>,
}

/// A range that is normal, drawn as a grey band.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Range {
    /// The lower limit, in the unit of the vertical axis; none if it goes down without end.
    pub low: Option<f64>,
    /// The upper limit, in the unit of the vertical axis; none if it goes up without end.
    pub high: Option<f64>,
    /// What it is: `normal range`.
    pub label: String,
}

/// A value that decides something, drawn as a dashed line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Threshold {
    /// Where, in the unit of the vertical axis.
    pub value: f64,
    /// What it is: `limit of quantification`.
    pub label: String,
}

/// A time at which something turns, drawn as a vertical line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Turn {
    /// When, in the unit of the horizontal axis.
    pub at: f64,
    /// What it is: `infusion`.
    pub label: String,
}
