//! Texts that each hold all that is known of their patients: `bundles = "whole"` in the mapping file.

use std::io;
use std::sync::Arc;

use super::pieces::FilePieces;
use super::scope::Scope;
use super::{Alone, Pieces, Reader, Unread};
use crate::found::Origin;
use crate::found_people::FoundPerson;
use crate::intake::Intake;
use crate::place::FileId;
use crate::{ReadError, Tables};

/// Where the files come from while they are cut.
enum Source {
    /// Opened when their turn comes.
    Lasting(Arc<dyn Tables + Send + Sync>),
    /// Opened already, the last one first; none: it was gone.
    Open(Vec<Option<Box<dyn io::Read + Send>>>),
}

/// Cuts files into texts that are each whole by themselves.
pub(crate) struct Cutter {
    names: Arc<[Arc<str>]>,
    source: Source,
    next: usize,
    file: Option<FilePieces>,
}

impl Cutter {
    /// The files of FHIR.
    pub(crate) fn new(tables: &dyn Tables) -> Result<Self, ReadError> {
        let names: Arc<[Arc<str>]> = super::names(tables).into_iter().map(Arc::from).collect();
        let source = match tables.lasting() {
            Some(lasting) => Source::Lasting(lasting),
            None => {
                let open = |name: &Arc<str>| {
                    tables
                        .open(name)
                        .map_err(|cause| ReadError::new(name, cause))
                };
                Source::Open(names.iter().rev().map(open).collect::<Result<_, _>>()?)
            }
        };
        Ok(Cutter {
            names,
            source,
            next: 0,
            file: None,
        })
    }

    /// The names of the files, by number.
    pub(crate) fn files(&self) -> &Arc<[Arc<str>]> {
        &self.names
    }

    /// Adds texts until they have `size` bytes. False: there are no more.
    pub(crate) fn fill(&mut self, pieces: &mut Pieces, size: usize) -> Result<bool, ReadError> {
        let mut any = false;
        while pieces.size() < size || !any {
            let name = self.next.checked_sub(1).and_then(|at| self.names.get(at));
            let failed = |cause| ReadError::new(name.map_or("", |name| name), cause);
            let added = match &mut self.file {
                Some(file) => file.add_next(pieces).map_err(failed)?,
                None => false,
            };
            any |= added;
            if !added {
                self.file = None;
                if !self.open_next()? {
                    break;
                }
            }
        }
        Ok(any)
    }

    /// Opens the next file. False: there is none.
    fn open_next(&mut self) -> Result<bool, ReadError> {
        let Some(name) = self.names.get(self.next) else {
            return Ok(false);
        };
        let failed = |cause| ReadError::new(name, cause);
        let id = FileId(u32::try_from(self.next).unwrap_or(u32::MAX));
        self.next += 1;
        let file = match &mut self.source {
            Source::Lasting(tables) => tables.open(name).map_err(failed)?,
            Source::Open(files) => files.pop().flatten(),
        };
        let open = |file| FilePieces::new(file, id, super::is_by_line(name));
        self.file = file.map(open).transpose().map_err(failed)?;
        Ok(true)
    }
}

/// What the end of a part shows.
pub(crate) struct PartEnd {
    /// In order.
    pub(crate) people: Vec<FoundPerson>,
    /// Other names under which its patients can be referred to.
    pub(crate) aliases: Vec<String>,
}

impl Reader {
    /// A reader of texts that are each whole by themselves.
    pub(crate) fn by_part(mut intake: Intake, files: &[Arc<str>]) -> Self {
        intake.take_by_part();
        for name in files {
            intake.file(name);
        }
        let mut reader = Reader::new(intake);
        reader.by_part = true;
        reader
    }

    /// Reads one of the texts. None: there is none of this number.
    ///
    /// # Errors
    /// It is a resource that stands in no bundle.
    pub(crate) fn part(
        &mut self,
        pieces: &Pieces,
        at: usize,
        files: &Arc<[Arc<str>]>,
    ) -> Result<Option<PartEnd>, Alone> {
        let Some((piece, bytes)) = pieces.get(at) else {
            return Ok(None);
        };
        let name = usize::try_from(piece.file.0).ok();
        let name = name.and_then(|file| files.get(file));
        self.intake.begin_part();
        self.known = super::Known::default();
        self.people.clear();
        self.piece(piece, bytes, name.map_or("", |name| name));
        if let Some(alone) = self.alone.take() {
            return Err(alone);
        }
        self.hand_over_late();
        Ok(Some(PartEnd {
            people: self.intake.finish_part(files),
            aliases: self.aliases(),
        }))
    }

    /// The patients that a reference from elsewhere to the bundle's name of a patient would lead to.
    fn aliases(&self) -> Vec<String> {
        let nothing = super::Known::default();
        let scope = Scope {
            origin: Origin {
                file: FileId(0),
                line: 1,
                entry: 0,
                record: "",
            },
            known: &nothing,
        };
        let urls = self.known.patients.keys();
        urls.filter_map(|url| scope.patient_at(url)).collect()
    }

    /// Whether there was a bundle until now.
    pub(crate) fn met_bundle(&self) -> bool {
        self.met_bundle
    }

    /// What was left alone since it was last asked.
    pub(crate) fn take_left_alone(&mut self) -> Unread {
        std::mem::take(&mut self.unread)
    }

    /// Adds what another reader of the same files left alone behind what was read here, and whether
    /// it met a bundle.
    pub(crate) fn add_left_alone(&mut self, unread: Unread, met_bundle: bool) {
        self.met_bundle |= met_bundle;
        for (kind, (count, file, line)) in unread {
            self.unread.entry(kind).or_insert((0, file, line)).0 += count;
        }
    }
}
