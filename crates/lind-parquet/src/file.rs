//! A Parquet file as its footer tells of it.

use std::io;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema};
use lind_records::{ColumnBatches, ColumnFile, ColumnInfo};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::Encoding;
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaDataReader};
use parquet::file::statistics::Statistics;

use crate::batches::Batches;
use crate::guard::guarded;
use crate::pages;
use crate::source::{RandomAccess, Source};
use crate::values;

/// A group of rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    /// How many rows the group says it has.
    pub(crate) rows: u64,
}

/// What is known of a file without reading its pages.
pub(crate) struct Known {
    pub(crate) source: Source,
    /// Texts by row.
    pub(crate) plain: ArrowReaderMetadata,
    /// Texts by key.
    pub(crate) by_key: ArrowReaderMetadata,
    pub(crate) groups: Vec<Group>,
    columns: Vec<ColumnInfo>,
}

impl Known {
    /// Whether the pages of a column in a group hold as many values as the group says it has rows,
    /// and are of sizes that can be.
    pub(crate) fn is_sound(&self, group: usize, column: usize) -> bool {
        let metadata = self.plain.metadata();
        let rows = self.groups.get(group).map(|group| group.rows);
        let Some(chunk) = metadata
            .row_groups()
            .get(group)
            .and_then(|group| group.columns().get(self.leaf(column)?))
        else {
            return false;
        };
        pages::values(&self.source, chunk) == rows
    }

    /// Whether all texts of a column in a group are written by key. Where some are not, a dictionary
    /// would have to be made for each batch.
    pub(crate) fn has_dictionary(&self, group: usize, column: usize) -> bool {
        let metadata = self.plain.metadata();
        let groups = metadata.row_groups();
        groups
            .get(group)
            .and_then(|group| group.columns().get(self.leaf(column)?))
            .is_some_and(|chunk| {
                let is_key = |encoding: Encoding| {
                    matches!(
                        encoding,
                        Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY
                    )
                };
                let mut known = chunk.page_encoding_stats_mask().into_iter();
                chunk.dictionary_page_offset().is_some()
                    && known.all(|pages| pages.encodings().all(is_key))
            })
    }

    /// Whether the file says of a column in a group that nothing stands in it, and its pages are as
    /// small as those of such a column are.
    pub(crate) fn is_empty(&self, group: usize, column: usize) -> bool {
        // The levels of absent values are runs, whatever their number: of a page some bytes.
        const MOST_OF_A_PAGE: i64 = 64;
        const ROWS_OF_A_PAGE: i64 = 1_024;
        let metadata = self.plain.metadata();
        let group = metadata.row_groups().get(group);
        let Some(chunk) = group.and_then(|group| group.columns().get(self.leaf(column)?)) else {
            return false;
        };
        let absent = chunk.statistics().and_then(Statistics::null_count_opt);
        let pages = chunk.num_values() / ROWS_OF_A_PAGE + 2;
        u64::try_from(chunk.num_values()).ok() == absent
            && chunk.uncompressed_size() <= pages.saturating_mul(MOST_OF_A_PAGE)
    }

    /// Columns of nested types have several leaves, or none.
    fn leaf(&self, column: usize) -> Option<usize> {
        let schema = self.plain.parquet_schema();
        (0..schema.num_columns()).find(|leaf| schema.get_column_root_idx(*leaf) == column)
    }
}

struct File(Arc<Known>);

/// Opens a Parquet file.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`]: it is no Parquet file, or its footer cannot be read; the text
/// follows the name of the file in a sentence. Others: the bytes cannot be read.
pub fn open(bytes: Arc<dyn RandomAccess>) -> io::Result<Box<dyn ColumnFile>> {
    let source = Source::new(bytes);
    let known = guarded(|| known(source.clone()));
    source.check()?;
    let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    match known {
        Some(Ok(known)) => Ok(Box::new(File(Arc::new(known)))),
        Some(Err(ParquetError::NYI(_))) => Err(invalid(
            "is a Parquet file of a kind that is not read, such as one that is encrypted",
        )),
        _ if source.size() == 0 => Err(invalid("is empty")),
        _ => Err(invalid(
            "is no Parquet file, or is damaged at its end, where Parquet says what the file holds",
        )),
    }
}

fn known(source: Source) -> Result<Known, ParquetError> {
    let metadata = ParquetMetaDataReader::new()
        .with_page_index_policy(PageIndexPolicy::Skip)
        .parse_and_finish(&source)?;
    let metadata = Arc::new(metadata);
    // What Parquet itself says of the types, whoever wrote the file.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let plain = ArrowReaderMetadata::try_new(Arc::clone(&metadata), options.clone())?;
    let keyed: Vec<Arc<Field>> = plain
        .schema()
        .fields()
        .iter()
        .map(|field| match field.data_type() {
            DataType::Utf8 | DataType::Binary => {
                let value = Box::new(field.data_type().clone());
                let keyed = DataType::Dictionary(Box::new(DataType::UInt32), value);
                Arc::new(Field::new(field.name(), keyed, field.is_nullable()))
            }
            _ => Arc::clone(field),
        })
        .collect();
    let options = options.with_schema(Arc::new(Schema::new(keyed)));
    let by_key = ArrowReaderMetadata::try_new(Arc::clone(&metadata), options)?;
    let columns = plain
        .schema()
        .fields()
        .iter()
        .map(|field| ColumnInfo {
            name: field.name().clone(),
            kind: values::kind(field.data_type()),
            written: field.data_type().to_string(),
        })
        .collect();
    let groups = metadata
        .row_groups()
        .iter()
        .map(|group| Group {
            rows: u64::try_from(group.num_rows()).unwrap_or(0),
        })
        .collect();
    Ok(Known {
        source,
        plain,
        by_key,
        groups,
        columns,
    })
}

impl ColumnFile for File {
    fn columns(&self) -> &[ColumnInfo] {
        &self.0.columns
    }

    fn row_count(&self) -> u64 {
        let rows = self.0.groups.iter().map(|group| group.rows);
        rows.fold(0, u64::saturating_add)
    }

    fn read(&self, columns: &[usize]) -> io::Result<Box<dyn ColumnBatches>> {
        Ok(Box::new(Batches::new(Arc::clone(&self.0), columns)))
    }
}
