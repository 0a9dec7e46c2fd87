//! What the pages of a column claim, before anything is unpacked.
//!
//! A page says in its header how large it is unpacked, and the reader makes room for that at once.
//! Here the headers are walked first, so that a file of a few bytes cannot ask for gigabytes, and a
//! group of rows cannot claim more rows than its pages hold. The headers are Thrift's compact
//! protocol; only the sizes and counts are looked at.

use parquet::file::metadata::ColumnChunkMetaData;

use crate::source::Source;

/// The largest page, unpacked: no writer makes pages of more than a few megabytes by itself.
const LARGEST_PAGE: u64 = 1 << 30;

/// A page of more than this, unpacked, must not have shrunk to less than a thousandth.
const LARGE_PAGE: u64 = 64 << 20;
const MOST_SHRUNK: u64 = 1_000;

/// The longest header of a page: it may hold the smallest and the largest value.
const LONGEST_HEADER: usize = 1 << 20;

/// How deep structures of a header lie in each other.
const DEEPEST: u8 = 8;

/// How many values the data pages of a column hold; none: what they claim cannot be.
pub(crate) fn values(source: &Source, chunk: &ColumnChunkMetaData) -> Option<u64> {
    let start = chunk
        .dictionary_page_offset()
        .filter(|offset| *offset > 0)
        .map_or(chunk.data_page_offset(), |offset| {
            offset.min(chunk.data_page_offset())
        });
    let mut at = u64::try_from(start).ok()?;
    let length = u64::try_from(chunk.compressed_size()).ok()?;
    let end = at.checked_add(length).filter(|end| *end <= source.size())?;
    let mut values = 0_u64;
    while at < end {
        let left = end - at;
        let page = header_at(source, at, left)?;
        if page.unpacked > LARGEST_PAGE
            || (page.unpacked > LARGE_PAGE && page.unpacked / MOST_SHRUNK > page.packed.max(1))
        {
            return None;
        }
        let size = page.length.checked_add(page.packed)?;
        if size == 0 || size > left {
            return None;
        }
        values = values.checked_add(page.values)?;
        at += size;
    }
    Some(values)
}

/// What the header of a page claims.
#[derive(Debug, Default, PartialEq, Eq)]
struct Page {
    /// How long the header is.
    length: u64,
    unpacked: u64,
    packed: u64,
    /// Of a data page.
    values: u64,
}

fn header_at(source: &Source, at: u64, left: u64) -> Option<Page> {
    let left = usize::try_from(left).unwrap_or(usize::MAX);
    // Nearly every header is short.
    let mut length = 256.min(left);
    loop {
        let bytes = source.bytes(at, length).ok()?;
        if let Some(page) = header(&bytes) {
            return Some(page);
        }
        if length >= left || length >= LONGEST_HEADER {
            return None;
        }
        length = length.saturating_mul(8).min(left).min(LONGEST_HEADER);
    }
}

/// Reads the header of a page; none if it is not one, or not whole.
fn header(bytes: &[u8]) -> Option<Page> {
    const DATA_PAGE: u64 = 5;
    const DATA_PAGE_V2: u64 = 8;
    let mut thrift = Thrift { bytes, at: 0 };
    let (mut unpacked, mut packed, mut values) = (None, None, None);
    let mut field = 0;
    while let Some(kind) = thrift.field(&mut field)? {
        match (field, kind) {
            (2, Thrift::I32) => unpacked = Some(thrift.size()?),
            (3, Thrift::I32) => packed = Some(thrift.size()?),
            (DATA_PAGE | DATA_PAGE_V2, Thrift::STRUCT) => {
                let mut inner = 0;
                while let Some(kind) = thrift.field(&mut inner)? {
                    match (inner, kind) {
                        (1, Thrift::I32) => values = Some(thrift.size()?),
                        _ => thrift.skip(kind, DEEPEST)?,
                    }
                }
            }
            _ => thrift.skip(kind, DEEPEST)?,
        }
    }
    Some(Page {
        length: u64::try_from(thrift.at).ok()?,
        unpacked: unpacked?,
        packed: packed?,
        values: values.unwrap_or(0),
    })
}

/// Reads Thrift's compact protocol.
struct Thrift<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Thrift<'_> {
    const I32: u8 = 5;
    const STRUCT: u8 = 12;

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A number that is not negative.
    fn size(&mut self) -> Option<u64> {
        let zigzag = self.varint()?;
        (zigzag & 1 == 0).then_some(zigzag >> 1)
    }

    /// The next field of a structure, whose number is left in `field`; none inside: it is over.
    fn field(&mut self, field: &mut u64) -> Option<Option<u8>> {
        let byte = self.byte()?;
        if byte == 0 {
            return Some(None);
        }
        *field = match byte >> 4 {
            0 => self.size()?,
            delta => field.checked_add(u64::from(delta))?,
        };
        Some(Some(byte & 0x0F))
    }

    fn pass(&mut self, count: u64) -> Option<()> {
        let at = self.at.checked_add(usize::try_from(count).ok()?)?;
        (at <= self.bytes.len()).then(|| self.at = at)
    }

    /// Passes over a value. A boolean is told by the kind of its field alone.
    fn skip(&mut self, kind: u8, depth: u8) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            1 | 2 => Some(()),
            3 => self.pass(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.pass(8),
            8 => {
                let length = self.varint()?;
                self.pass(length)
            }
            9 | 10 => {
                let byte = self.byte()?;
                let count = match byte >> 4 {
                    15 => self.varint()?,
                    count => u64::from(count),
                };
                for _ in 0..count {
                    // Within a list a boolean is a byte.
                    match byte & 0x0F {
                        1 | 2 => self.pass(1)?,
                        kind => self.skip(kind, depth)?,
                    }
                }
                Some(())
            }
            Thrift::STRUCT => {
                let mut field = 0;
                while let Some(kind) = self.field(&mut field)? {
                    self.skip(kind, depth)?;
                }
                Some(())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{Page, header};

    #[test]
    fn a_header_tells_its_sizes() {
        // type 0; 300 bytes unpacked; 100 packed; a data page of 64 values, plain, levels by runs.
        let bytes = [
            0x15, 0x00, 0x15, 0xD8, 0x04, 0x15, 0xC8, 0x01, 0x2C, 0x15, 0x80, 0x01, 0x15, 0x00,
            0x15, 0x06, 0x15, 0x06, 0x00, 0x00, 0xFF,
        ];
        let page = Page {
            length: 20,
            unpacked: 300,
            packed: 100,
            values: 64,
        };
        assert_eq!(header(&bytes), Some(page));
        for end in 0..20 {
            assert_eq!(header(bytes.get(..end).unwrap()), None, "{end}");
        }
    }
}
