//! Tables of patients as Parquet: the reader of files that hold their table by column.
//!
//! ```
//! use std::sync::Arc;
//!
//! let bytes: Arc<[u8]> = b"PAR1 and so on"[..].into();
//! let error = lind_parquet::open(Arc::new(bytes)).err().expect("it is no Parquet file");
//! assert!(error.to_string().starts_with("is no Parquet file"));
//! ```
//!
//! **Invariants**
//!
//! 1. Every row that a file says it has is handed over once, in order: read, or said to be lost.
//! 2. What is damaged costs the column and the group of rows in which it stands, or less; never
//!    another one.
//! 3. No bytes panic ([`is_guarded`]), and no page is unpacked whose claimed size cannot be.
//! 4. Columns are read only if they are asked for, and lent as they lie in memory.
//! 5. Types of the crates that read Parquet appear in no signature.
#![forbid(unsafe_code)]

mod batches;
mod file;
mod guard;
mod memory;
mod pages;
mod source;
mod values;
mod write;

pub use file::open;
pub use guard::is_guarded;
pub use memory::WithParquet;
pub use source::RandomAccess;
pub use write::create;
