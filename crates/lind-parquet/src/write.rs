//! Writing a table as Parquet.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::builder::{Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use lind_records::{NewCell, NewColumn, RowWriter};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

/// How many rows are handed to the writer at a time.
const ROWS_OF_BATCH: usize = 8_192;

/// How many rows a group has: enough that its dictionaries are read seldom, few enough that what is
/// held of a group is little.
const ROWS_OF_GROUP: usize = 1 << 20;

/// The largest dictionary, in bytes; a column with more distinct texts in a group has none.
const LARGEST_DICTIONARY: usize = 1 << 20;

/// Begins a Parquet file. Texts are written by key where they repeat, whole numbers as differences.
///
/// # Errors
/// The file cannot be written.
pub fn create<W: Write + Send + 'static>(
    out: W,
    columns: &[NewColumn],
) -> io::Result<Box<dyn RowWriter>> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|column| {
            let kind = match column.is_integer {
                true => DataType::Int64,
                false => DataType::Utf8,
            };
            Field::new(column.name, kind, true)
        })
        .collect();
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROWS_OF_GROUP))
        .set_dictionary_page_size_limit(LARGEST_DICTIONARY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true);
    for column in columns.iter().filter(|column| column.is_integer) {
        let path = ColumnPath::from(column.name);
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
    }
    let schema = Arc::new(Schema::new(fields));
    let writer =
        ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties.build())).map_err(failed)?;
    Ok(Box::new(Rows {
        writer,
        schema,
        columns: columns.iter().map(Builder::new).collect(),
        rows: 0,
    }))
}

/// The cells of a column that wait for a batch.
enum Builder {
    Texts(StringBuilder),
    Integers(Int64Builder),
}

impl Builder {
    fn new(column: &NewColumn) -> Self {
        match column.is_integer {
            true => Builder::Integers(Int64Builder::new()),
            false => Builder::Texts(StringBuilder::new()),
        }
    }

    fn add(&mut self, cell: NewCell<'_>) {
        match (self, cell) {
            (Builder::Texts(texts), NewCell::Text(text)) if !text.is_empty() => {
                texts.append_value(text);
            }
            (Builder::Texts(texts), _) => texts.append_null(),
            (Builder::Integers(integers), NewCell::Integer(integer)) => {
                integers.append_value(integer);
            }
            (Builder::Integers(integers), _) => integers.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Texts(texts) => Arc::new(texts.finish()),
            Builder::Integers(integers) => Arc::new(integers.finish()),
        }
    }
}

struct Rows<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: Arc<Schema>,
    columns: Vec<Builder>,
    rows: usize,
}

impl<W: Write + Send> Rows<W> {
    fn flush(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        self.rows = 0;
        let arrays = self.columns.iter_mut().map(Builder::finish).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|error| io::Error::other(error.to_string()))?;
        self.writer.write(&batch).map_err(failed)
    }
}

impl<W: Write + Send> RowWriter for Rows<W> {
    fn row(&mut self, cells: &[NewCell<'_>]) -> io::Result<()> {
        let mut cells = cells.iter();
        for column in &mut self.columns {
            column.add(cells.next().copied().unwrap_or(NewCell::Empty));
        }
        self.rows += 1;
        if self.rows >= ROWS_OF_BATCH {
            self.flush()?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.flush()?;
        self.writer.close().map_err(failed)?;
        Ok(())
    }
}

/// What the system says, if that is it.
fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(cause) => io::Error::other(cause.to_string()),
        },
        error => io::Error::other(error.to_string()),
    }
}
