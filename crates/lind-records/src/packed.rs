//! Compressed files while they are unpacked: what is handed over is counted, and nothing grows beyond measure.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What unpacks to more than this (256 MiB) …
const LARGE: u64 = 1 << 28;

/// … must not be packed into less than this part of it.
const MOST_SHRUNK: u64 = 200;

/// What was handed over of a compressed file, and whether that failed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Handed {
    count: Arc<AtomicU64>,
    has_failed: Arc<AtomicBool>,
}

impl Handed {
    /// A reader that tells what it hands over.
    pub(crate) fn of<R: Read>(&self, inner: R) -> Counted<R> {
        let handed = self.clone();
        Counted { inner, handed }
    }

    /// Whether it is whatever hands over the bytes that failed: then the file itself is not damaged.
    pub(crate) fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed)
    }

    /// Whether so many bytes are more than what was handed over can be worth: a file that was made to fill memory or
    /// to take for ever.
    pub(crate) fn is_bomb(&self, unpacked: u64) -> bool {
        unpacked > LARGE && unpacked / MOST_SHRUNK > self.count.load(Ordering::Relaxed)
    }
}

/// Counts what is handed over, and remembers whether that failed.
pub(crate) struct Counted<R> {
    inner: R,
    handed: Handed,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer);
        match &read {
            Ok(count) => {
                let count = u64::try_from(*count).unwrap_or(u64::MAX);
                self.handed.count.fetch_add(count, Ordering::Relaxed);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => self.handed.has_failed.store(true, Ordering::Relaxed),
        }
        read
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn a_bomb_is_large_and_was_small() {
        let handed = Handed::default();
        let mut bytes = Vec::new();
        let mut counted = handed.of(&[7_u8; 2_000_000][..]);
        counted.read_to_end(&mut bytes).unwrap();
        assert!(!handed.is_bomb(LARGE) && !handed.is_bomb(400_000_000));
        assert!(handed.is_bomb(400_000_200));
        assert!(!Handed::default().is_bomb(LARGE));
        assert!(Handed::default().is_bomb(LARGE + 1));
    }

    #[test]
    fn what_cannot_be_handed_over_is_told_from_what_is_damaged() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        let handed = Handed::default();
        assert!(handed.of(Broken).read(&mut [0]).is_err());
        assert!(handed.has_failed());
    }
}
