//! What keeps the command from doing its work.

use std::error::Error;
use std::fmt;
use std::io;

use lind_amend::CannotCompare;
use lind_report::one_line;

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The reader of the output has gone away; there is nobody to tell.
    NobodyReads,
    /// The work cannot be done.
    Failed(Failure),
    /// Lind contradicts itself.
    Bug(Failure),
}

impl Stop {
    /// What the engine that compares versions could not do. `bug` is said where it and the interpreter disagree.
    pub(crate) fn of_engine(message: &str, error: &CannotCompare, bug: &str) -> Self {
        let failure = Failure::new(message).because(error.to_string());
        match error {
            CannotCompare::Disagreement { .. } => Self::Bug(failure.help(bug)),
            _ => Self::Failed(failure),
        }
    }

    /// What kept two versions from being compared.
    pub(crate) fn of_versions(error: &CannotCompare) -> Self {
        Self::of_engine(
            "the versions cannot be compared",
            error,
            "nothing was compared; please report this with both versions, if they are public",
        )
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Why the work cannot be done: one sentence, what lies behind it, and what to do.
///
/// All texts are made safe for a terminal here, since they may quote names of files and arguments.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    cause: Option<Cause>,
    help: Option<String>,
    others: Vec<Failure>,
}

/// What lies behind a failure, in words.
#[derive(Debug)]
struct Cause(String);

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Cause {}

impl Failure {
    /// A failure in one sentence, without a full stop.
    pub(crate) fn new(message: impl AsRef<str>) -> Self {
        Self {
            message: one_line(message.as_ref()),
            cause: None,
            help: None,
            others: Vec::new(),
        }
    }

    /// What lies behind it.
    pub(crate) fn because(mut self, cause: impl AsRef<str>) -> Self {
        self.cause = Some(Cause(one_line(cause.as_ref())));
        self
    }

    /// What the system said.
    pub(crate) fn because_of(self, error: &io::Error) -> Self {
        self.because(in_words(error))
    }

    /// What to do.
    pub(crate) fn help(mut self, help: impl AsRef<str>) -> Self {
        self.help = Some(one_line(help.as_ref()));
        self
    }

    /// The sentence and what lies behind it, for a message that has only one line.
    pub(crate) fn in_one_line(&self) -> String {
        match &self.cause {
            Some(cause) => format!("{}: {cause}", self.message),
            None => self.message.clone(),
        }
    }

    /// What else failed.
    pub(crate) fn others(&self) -> &[Self] {
        &self.others
    }

    /// All of several failures as one; none if there is none.
    pub(crate) fn all(failures: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut failures = failures.into_iter();
        let mut first = failures.next()?;
        first.others.extend(failures);
        Some(first)
    }
}

/// What the system says, in words for somebody who does not know its errors by number.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "it is not permitted".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "it is not a folder".to_owned(),
        _ => error.to_string(),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

impl miette::Diagnostic for Failure {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as _)
    }
}
