//! Limits in a unit, within the text of a meaning: as they are written, and as what they come to.

use lind_model::protocol::{Interval, QuantityShape};
use lind_units::Unit;

/// What stands before an amount as it is written, before what it comes to in a unit that does not depend on how it is
/// written, and behind that. No name and no text of a protocol holds these.
const AMOUNT: [char; 3] = ['\u{1}', '\u{2}', '\u{3}'];

/// Limits in a unit: as written, which tells two ways to write one limit apart, and as what they come to, which is the
/// same for both.
pub(crate) fn amount(interval: &Interval, unit: &Unit, shape: Option<&QuantityShape>) -> String {
    let written = format!("{interval:?}, {unit:?}");
    let own = shape.and_then(|shape| {
        let conversion = unit.conversion(&shape.unit, Some(&shape.analyte)).ok()?;
        Some((conversion, &shape.unit))
    });
    let Some((conversion, unit)) = own else {
        return written;
    };
    let ends = [&interval.low, &interval.high].map(|end| {
        let (value, belongs) = end.as_ref()?;
        Some((conversion.apply(value), *belongs))
    });
    either_way(&written, &format!("{ends:?} {unit:?}"))
}

/// An amount as it is written, and what it comes to.
pub(crate) fn either_way(written: &str, own: &str) -> String {
    let [begin, middle, end] = AMOUNT;
    format!("{begin}{written}{middle}{own}{end}")
}

/// A text in which amounts stand as what they come to.
pub(crate) fn canonical(text: &str) -> String {
    let [begin, middle, end] = AMOUNT;
    let mut pieces = text.split(begin);
    let mut full = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (_, rest) = piece.split_once(middle).unwrap_or(("", piece));
        let (amount, rest) = rest.split_once(end).unwrap_or((rest, ""));
        full.push_str(amount);
        full.push_str(rest);
    }
    full
}
