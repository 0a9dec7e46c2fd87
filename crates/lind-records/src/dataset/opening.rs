//! What is known of a data set before its rows are read.

use std::io::Read;

use lind_time::When;

use crate::error::{OpenError, ReadError};
use crate::mapping::MappingFile;
use crate::problem::Recorder;
use crate::{Problem, Settings, Tables, rules, settings_file};

/// Reads the mapping file: the one that was given, or that of the folder.
pub(super) fn read_settings(
    tables: &dyn Tables,
    mapping: Option<MappingFile>,
    recorder: &mut Recorder,
) -> Result<Settings, OpenError> {
    let unusable = |problem| OpenError::Unusable {
        problems: vec![problem],
    };
    if let Some(mapping) = mapping {
        return settings_file::read(&mapping, recorder).map_err(unusable);
    }
    let read_error = |cause| ReadError::new(settings_file::FILE, cause);
    let Some(file) = tables.open(settings_file::FILE).map_err(read_error)? else {
        return Ok(Settings::default());
    };
    let mut bytes = Vec::new();
    file.take(settings_file::LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(read_error)?;
    let file = MappingFile {
        name: settings_file::FILE.to_owned(),
        bytes,
    };
    settings_file::read(&file, recorder).map_err(unusable)
}

/// The earlier of the as-of date and the cut-off of the data.
pub(super) fn limit(
    as_of: Option<When>,
    settings: &Settings,
    recorder: &mut Recorder,
) -> Option<When> {
    let (Some(as_of), Some(cut_off)) = (as_of, settings.cut_off) else {
        return as_of.or(settings.cut_off);
    };
    if as_of.end() <= cut_off.end() {
        return Some(as_of);
    }
    recorder.record(Problem {
        rule: &rules::D0762_AS_OF_AFTER_CUT_OFF,
        file: settings.mapping.file.to_string(),
        line: 1,
        record: None,
        column: Some("cut_off".to_owned()),
        column_number: None,
        message: format!(
            "the data end at the cut-off {cut_off}, before the as-of date {as_of}; what happened \
             in between is not in them"
        ),
    });
    Some(cut_off)
}
