//! Where the bytes of a file come from.

use std::io::{self, BufReader, Read};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

/// Bytes that can be read anywhere. A file on the disk is read where it stands; several readers at
/// a time do not disturb each other.
pub trait RandomAccess: Send + Sync {
    /// How many bytes there are.
    fn size(&self) -> u64;

    /// Fills the buffer with the bytes from an offset on.
    ///
    /// # Errors
    /// They cannot be read, or there are not so many.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
}

impl RandomAccess for Arc<[u8]> {
    fn size(&self) -> u64 {
        u64::try_from(self.len()).unwrap_or(u64::MAX)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).ok();
        let end = start.and_then(|start| start.checked_add(buffer.len()));
        let bytes = start.zip(end).and_then(|(start, end)| self.get(start..end));
        match bytes {
            Some(bytes) => {
                buffer.copy_from_slice(bytes);
                Ok(())
            }
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

/// The bytes, for the reader of Parquet.
#[derive(Clone)]
pub(crate) struct Source {
    bytes: Arc<dyn RandomAccess>,
    /// What the system said when bytes that are there could not be read.
    failure: Arc<Mutex<Option<io::Error>>>,
}

impl Source {
    pub(crate) fn new(bytes: Arc<dyn RandomAccess>) -> Self {
        Source {
            bytes,
            failure: Arc::default(),
        }
    }

    pub(crate) fn size(&self) -> u64 {
        self.bytes.size()
    }

    /// Fails if bytes that are there could not be read: then it is not the file that is wrong.
    pub(crate) fn check(&self) -> io::Result<()> {
        let failure = self.failure.lock().ok().and_then(|mut held| held.take());
        failure.map_or(Ok(()), Err)
    }

    fn fill(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.bytes.read_at(offset, buffer).inspect_err(|error| {
            if let Ok(mut held) = self.failure.lock() {
                held.get_or_insert_with(|| error.kind().into());
            }
        })
    }

    /// Some bytes; nothing is held for more than there are.
    pub(crate) fn bytes(&self, start: u64, length: usize) -> io::Result<Vec<u8>> {
        let end = u64::try_from(length)
            .ok()
            .and_then(|length| start.checked_add(length));
        if end.is_none_or(|end| end > self.size()) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut buffer = vec![0; length];
        self.fill(start, &mut buffer)?;
        Ok(buffer)
    }
}

impl Length for Source {
    fn len(&self) -> u64 {
        self.size()
    }
}

impl ChunkReader for Source {
    type T = BufReader<From>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(BufReader::new(From {
            source: self.clone(),
            position: start,
        }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        Ok(self.bytes(start, length)?.into())
    }
}

/// The bytes from a place on.
pub(crate) struct From {
    source: Source,
    position: u64,
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.source.size().saturating_sub(self.position);
        let count = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let Some(part) = buffer.get_mut(..count) else {
            return Ok(0);
        };
        self.source.fill(self.position, part)?;
        self.position += u64::try_from(count).unwrap_or(0);
        Ok(count)
    }
}
