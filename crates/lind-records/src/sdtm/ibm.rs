//! Numbers of SAS transport files: IBM's hexadecimal floating point.
//!
//! A byte of sign and exponent (of 16, from 64), then up to seven bytes of a fraction. SAS turns the
//! doubles of its own memory into this form and back without loss. A double cannot hold 0.2; but of any
//! decimal of up to 15 digits it holds enough to give it back, and that is what is done here: a number
//! comes out with 15 significant digits, without the zeros at its end. So 0.2 is 0.2, and a result that
//! SAS computed as 0.039999999999999994 is 0.04, as SAS itself writes it into Dataset-JSON.

/// The number as a decimal; empty if it is missing (`.`, `._` and `.A` to `.Z`). None: it is too
/// large for a double.
#[expect(
    clippy::disallowed_types,
    reason = "a stored double is written down as the decimal of 15 digits that it stands for; nothing is \
              computed or compared with it"
)]
pub(crate) fn decimal(bytes: &[u8]) -> Option<String> {
    let (first, fraction) = bytes.split_first()?;
    if fraction.iter().all(|byte| *byte == 0) {
        // Zero; or a byte that says why there is no number.
        return Some(if *first == 0 {
            "0".to_owned()
        } else {
            String::new()
        });
    }
    let mut mantissa: u64 = 0;
    for at in 0..7 {
        mantissa = (mantissa << 8) | u64::from(fraction.get(at).copied().unwrap_or(0));
    }
    let exponent = i64::from(first & 0x7F) - 64;
    // The mantissa is a fraction of 56 bits.
    let power = 4 * exponent - 56;
    let scale = f64::from_bits(u64::try_from(power + 1023).ok()? << 52);
    let (high, low) = (mantissa >> 32, mantissa & 0xFFFF_FFFF);
    let high = f64::from(u32::try_from(high).ok()?) * 4_294_967_296.0;
    let value = (high + f64::from(u32::try_from(low).ok()?)) * scale;
    let sign = if first & 0x80 == 0 { "" } else { "-" };
    let digits = format!("{value:.14e}");
    // The shortest text of what 15 digits make is these digits.
    let value = digits.parse::<f64>().unwrap_or(value);
    Some(format!("{sign}{value}"))
}

#[cfg(test)]
mod tests {
    use super::decimal;

    fn of(bytes: [u8; 8]) -> String {
        decimal(&bytes).unwrap_or_default()
    }

    #[test]
    fn numbers_come_out_as_they_were_typed() {
        assert_eq!(of([0x41, 0x10, 0, 0, 0, 0, 0, 0]), "1");
        assert_eq!(of([0xC2, 0x76, 0xA0, 0, 0, 0, 0, 0]), "-118.625");
        assert_eq!(of([0x40, 0x33, 0x33, 0x33, 0x33, 0x33, 0x33, 0x34]), "0.2");
        assert_eq!(of([0; 8]), "0");
        // 0.04 from 4 hundredths, as SAS computed it.
        assert_eq!(of([0x3F, 0xA3, 0xD7, 0x0A, 0x3D, 0x70, 0xA3, 0xD0]), "0.04");
    }

    #[test]
    fn what_is_missing_is_empty() {
        for byte in [b'.', b'_', b'A', b'Z'] {
            assert_eq!(of([byte, 0, 0, 0, 0, 0, 0, 0]), "");
        }
    }

    #[test]
    fn no_bytes_are_too_strange() {
        for first in 0..=255 {
            let text = of([first, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
            assert!(!text.is_empty() && !text.contains("inf"), "{text}");
        }
        assert_eq!(decimal(&[]), None);
    }
}
