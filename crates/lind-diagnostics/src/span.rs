//! Places in source texts.

/// Names one text held by [`Files`](crate::Files).
///
/// Ids are given out in order of [`Files::add`](crate::Files::add), and diagnostics sort by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// The id of the `index`th text, counted from 0.
    ///
    /// For callers that hold no [`Files`](crate::Files), such as the tests of a parser.
    #[must_use]
    pub const fn from_index(index: u32) -> Self {
        Self(index)
    }

    /// The number of texts that were added before this one.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.0
    }
}

/// A stretch of one text: bytes `start` (included) to `end` (excluded).
///
/// Offsets count UTF-8 bytes from the beginning of the text. `start <= end` holds for every span
/// made by [`Span::new`]; code that reads a span must not rely on it, nor on the offsets lying
/// inside the text, since the fields are public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text the bytes belong to.
    pub file: FileId,
    /// First byte of the stretch.
    pub start: u32,
    /// First byte behind the stretch.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`; an end before the start is raised to the start.
    #[must_use]
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        let end = if end < start { start } else { end };
        Self { file, start, end }
    }

    /// The empty span at one byte, for "something is missing here".
    #[must_use]
    pub const fn at(file: FileId, position: u32) -> Self {
        Self::new(file, position, position)
    }

    /// The smallest span that covers both.
    ///
    /// A span never crosses files: joined with a span of another file, `self` is returned.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self::new(
            self.file,
            self.start.min(other.start),
            self.end.max(other.end),
        )
    }

    /// Whether the span covers no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// How many bytes the span covers.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether a byte offset lies in the span; an empty span contains none.
    #[must_use]
    pub const fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }
}
