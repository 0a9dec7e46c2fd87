//! How the value of a formula is computed.

use lind_units::Exact;

/// Arithmetic over the inputs of a formula: exact, but for powers and logarithms, which are held between two
/// exact bounds ([`lind_units::Enclosure`]).
#[derive(Debug, Clone)]
pub enum Arithmetic {
    /// A number.
    Number(Exact),
    /// An input, by its place in [`crate::protocol::Formula::inputs`].
    Input(usize),
    /// A sum.
    Add(Box<Arithmetic>, Box<Arithmetic>),
    /// A difference.
    Subtract(Box<Arithmetic>, Box<Arithmetic>),
    /// A product.
    Multiply(Box<Arithmetic>, Box<Arithmetic>),
    /// A quotient; division by zero makes the value unknown.
    Divide(Box<Arithmetic>, Box<Arithmetic>),
    /// The smaller of two.
    Smaller(Box<Arithmetic>, Box<Arithmetic>),
    /// The greater of two.
    Greater(Box<Arithmetic>, Box<Arithmetic>),
    /// A power; a root is a power of a half or a third.
    Power(Box<Arithmetic>, Box<Arithmetic>),
    /// The natural logarithm; that of zero or less makes the value unknown.
    NaturalLogarithm(Box<Arithmetic>),
    /// The logarithm to the base of ten.
    DecimalLogarithm(Box<Arithmetic>),
    /// The exponential function.
    Exponential(Box<Arithmetic>),
}

impl Arithmetic {
    /// Whether its value is one exact number whatever the inputs are.
    #[must_use]
    pub fn is_rational(&self) -> bool {
        match self {
            Self::Number(_) | Self::Input(_) => true,
            Self::Add(a, b)
            | Self::Subtract(a, b)
            | Self::Multiply(a, b)
            | Self::Divide(a, b)
            | Self::Smaller(a, b)
            | Self::Greater(a, b) => a.is_rational() && b.is_rational(),
            Self::Power(..)
            | Self::NaturalLogarithm(_)
            | Self::DecimalLogarithm(_)
            | Self::Exponential(_) => false,
        }
    }
}
