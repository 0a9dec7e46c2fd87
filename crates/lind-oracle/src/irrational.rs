//! Roots, powers and logarithms between two fractions, found by halving: a root is where its power meets the
//! number, a logarithm where the exponential does, and the exponential is its series.

use lind_model::protocol::Arithmetic;
use lind_units::Exact;

/// A number that is nowhere below the one and nowhere above the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) low: Exact,
    pub(crate) high: Exact,
}

impl Bounds {
    fn exact(value: Exact) -> Self {
        Self {
            low: value.clone(),
            high: value,
        }
    }

    fn is_exact(&self) -> bool {
        self.low == self.high
    }

    /// The bounds of what comes out for the ends.
    fn of(ends: Vec<Exact>) -> Option<Self> {
        Some(Self {
            low: ends.iter().min()?.clone(),
            high: ends.iter().max()?.clone(),
        })
    }

    fn product(&self, other: &Self) -> Option<Self> {
        Self::of(vec![
            self.low.mul(&other.low),
            self.low.mul(&other.high),
            self.high.mul(&other.low),
            self.high.mul(&other.high),
        ])
    }

    fn quotient(&self, other: &Self) -> Option<Self> {
        let zero = Exact::zero();
        if other.low <= zero && zero <= other.high {
            return None;
        }
        self.product(&Self {
            low: Exact::one().checked_div(&other.high)?,
            high: Exact::one().checked_div(&other.low)?,
        })
    }
}

/// Bounds of a value, about so many binary digits apart; none if it has no value or they do not tell.
pub(crate) fn bounds(term: &Arithmetic, inputs: &[Exact], digits: u32) -> Option<Bounds> {
    let one = |term: &Arithmetic| bounds(term, inputs, digits);
    let both = |a: &Arithmetic, b: &Arithmetic| Some((one(a)?, one(b)?));
    match term {
        Arithmetic::Number(number) => Some(Bounds::exact(number.clone())),
        Arithmetic::Input(place) => inputs.get(*place).cloned().map(Bounds::exact),
        Arithmetic::Add(a, b) => both(a, b).map(|(a, b)| Bounds {
            low: a.low.add(&b.low),
            high: a.high.add(&b.high),
        }),
        Arithmetic::Subtract(a, b) => both(a, b).map(|(a, b)| Bounds {
            low: a.low.sub(&b.high),
            high: a.high.sub(&b.low),
        }),
        Arithmetic::Multiply(a, b) => both(a, b).and_then(|(a, b)| a.product(&b)),
        Arithmetic::Divide(a, b) => both(a, b).and_then(|(a, b)| a.quotient(&b)),
        Arithmetic::Smaller(a, b) => both(a, b).map(|(a, b)| Bounds {
            low: a.low.min(b.low),
            high: a.high.min(b.high),
        }),
        Arithmetic::Greater(a, b) => both(a, b).map(|(a, b)| Bounds {
            low: a.low.max(b.low),
            high: a.high.max(b.high),
        }),
        Arithmetic::Power(a, b) => both(a, b).and_then(|(a, b)| power(&a, &b, digits)),
        Arithmetic::NaturalLogarithm(a) => one(a).and_then(|a| rising(&a, |at| ln(at, digits))),
        Arithmetic::DecimalLogarithm(a) => one(a).and_then(|a| {
            if let (true, Some(whole)) = (a.is_exact(), power_of_ten(&a.low)) {
                return Some(Bounds::exact(Exact::from_integer(whole)));
            }
            let ten = ln(&Exact::from_integer(10), digits)?;
            rising(&a, |at| ln(at, digits))?.quotient(&ten)
        }),
        Arithmetic::Exponential(a) => one(a).and_then(|a| rising(&a, |at| exp(at, digits))),
    }
}

/// Of a function that only rises, the bounds are those at the ends.
fn rising(at: &Bounds, function: impl Fn(&Exact) -> Option<Bounds>) -> Option<Bounds> {
    Some(Bounds {
        low: function(&at.low)?.low,
        high: function(&at.high)?.high,
    })
}

fn is_small(value: &Exact) -> bool {
    value.abs() <= Exact::from_integer(1000)
}

/// 1 + x + x²/2 + x³/6 + …, until what is left is small.
fn exp(at: &Exact, digits: u32) -> Option<Bounds> {
    let one = Exact::one();
    if !is_small(at) {
        return None;
    }
    if at.is_zero() {
        return Some(Bounds::exact(one));
    }
    if at.signum() < 0 {
        return Bounds::exact(one).quotient(&exp(&at.neg(), digits)?);
    }
    let small = step(digits);
    let mut term = one.clone();
    let mut sum = one;
    let mut count = 0;
    loop {
        count += 1;
        term = term.mul(at).checked_div(&Exact::from_integer(count))?;
        sum = sum.add(&term);
        // From here on every term is less than half of the one before it.
        if Exact::from_integer(count) > at.mul(&Exact::from_integer(2)) && term < small {
            return Some(Bounds {
                high: sum.add(&term),
                low: sum,
            });
        }
    }
}

/// Where the exponential is the number.
fn ln(of: &Exact, digits: u32) -> Option<Bounds> {
    if of.signum() <= 0 {
        return None;
    }
    if *of == Exact::one() {
        return Some(Bounds::exact(Exact::zero()));
    }
    // exp(y) >= 1 + y, so ln(x) <= x - 1, and ln(x) = -ln(1/x) >= 1 - 1/x.
    let one = Exact::one();
    let mut low = one.sub(&one.checked_div(of)?);
    let mut high = of.sub(&one);
    // A number far from one is brought near it by a power of e.
    if high > Exact::from_integer(4) {
        let nearer = of.checked_div(&Exact::from_integer(4))?;
        let rest = ln(&nearer, digits)?;
        let four = ln(&Exact::from_integer(4), digits)?;
        return Some(Bounds {
            low: rest.low.add(&four.low),
            high: rest.high.add(&four.high),
        });
    }
    if low < Exact::from_integer(-4) {
        let inverse = ln(&one.checked_div(of)?, digits)?;
        return Some(Bounds {
            low: inverse.high.neg(),
            high: inverse.low.neg(),
        });
    }
    // Whole steps first, so that the fractions stay short.
    let two = Exact::from_integer(2);
    let mut grid = Exact::from_integer(16);
    let mut at = Exact::from_integer(-8);
    while grid > step(digits) {
        grid = grid.checked_div(&two)?;
        let next = at.add(&grid);
        // Further right as long as the exponential certainly stays below.
        let there = exp(&next, digits + 8)?;
        if there.high <= *of {
            at = next;
        } else if there.low < *of {
            // It cannot be told on which side: the neighbours hold it.
            low = low.max(at.clone());
            high = high.min(next.add(&grid));
            return Some(Bounds { low, high });
        }
    }
    low = low.max(at.clone());
    high = high.min(at.add(&grid));
    Some(Bounds { low, high })
}

/// 2 to the power of minus so many.
fn step(digits: u32) -> Exact {
    let power = Exact::from_integer(2).checked_power(-i32::try_from(digits).unwrap_or(96));
    power.unwrap_or_else(Exact::one)
}

fn power_of_ten(of: &Exact) -> Option<i64> {
    (-60..=60)
        .find(|power| Exact::from_integer(10).checked_power(*power).as_ref() == Some(of))
        .map(i64::from)
}

fn power(base: &Bounds, exponent: &Bounds, digits: u32) -> Option<Bounds> {
    if base.is_exact() && exponent.is_exact() {
        return power_of_one(&base.low, &exponent.low, digits);
    }
    if base.low.signum() > 0 {
        let mut ends = Vec::new();
        for base in [&base.low, &base.high] {
            for exponent in [&exponent.low, &exponent.high] {
                let end = power_of_one(base, exponent, digits)?;
                ends.extend([end.low, end.high]);
            }
        }
        return Bounds::of(ends);
    }
    let whole = exponent
        .low
        .floor()
        .filter(|_| exponent.is_exact() && exponent.low.is_integer())?;
    if base.high.signum() >= 0 {
        return None;
    }
    let positive = Bounds {
        low: base.high.neg(),
        high: base.low.neg(),
    };
    let found = power(&positive, exponent, digits)?;
    Some(if whole % 2 == 0 {
        found
    } else {
        Bounds {
            low: found.high.neg(),
            high: found.low.neg(),
        }
    })
}

fn power_of_one(base: &Exact, exponent: &Exact, digits: u32) -> Option<Bounds> {
    if !is_small(exponent) {
        return None;
    }
    if exponent.is_zero() {
        return (!base.is_zero()).then(|| Bounds::exact(Exact::one()));
    }
    if base.is_zero() {
        return (exponent.signum() > 0).then(|| Bounds::exact(Exact::zero()));
    }
    if *base == Exact::one() {
        return Some(Bounds::exact(Exact::one()));
    }
    let (times, root) = exponent.small_parts()?;
    let times = i32::try_from(times).ok()?;
    let root = i32::try_from(root).ok()?;
    if root == 1 {
        return base.checked_power(times).map(Bounds::exact);
    }
    if base.signum() < 0 {
        return None;
    }
    if root > 4 {
        // Roots of high degree that are fractions are looked for among small fractions only.
        let logarithm = ln(base, digits + 16)?;
        return logarithm
            .product(&Bounds::exact(exponent.clone()))
            .and_then(|at| rising(&at, |at| exp(at, digits)));
    }
    // Where the power of the root is the power of the base.
    let wanted = base.checked_power(times)?;
    if let Some((above, below)) = wanted.small_parts()
        && let (Some(above), Some(below)) = (whole_root(above, root), whole_root(below, root))
    {
        return Exact::from_parts(above, below).map(Bounds::exact);
    }
    let two = Exact::from_integer(2);
    let (mut low, mut high) = (Exact::zero(), Exact::one());
    while high.checked_power(root)? < wanted {
        high = high.mul(&two);
    }
    while high.sub(&low) > step(digits) {
        let middle = low.add(&high).checked_div(&two)?;
        if middle.checked_power(root)? <= wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(Bounds { low, high })
}

/// The whole number whose power is the given one.
fn whole_root(of: i128, root: i32) -> Option<i128> {
    let (mut low, mut high) = (0_i128, 1_i128 << 63);
    let degree = u32::try_from(root).ok()?;
    while low < high {
        let middle = low.midpoint(high);
        match middle.checked_pow(degree) {
            Some(power) if power < of => low = middle + 1,
            _ => high = middle,
        }
    }
    (low.checked_pow(degree) == Some(of)).then_some(low)
}
