//! Reading sdtm.

use crate::intake::Intake;
use crate::{ReadError, Settings, Tables};

/// Reads everything into the intake.
pub(crate) fn read(
    _tables: &dyn Tables,
    _settings: &Settings,
    _intake: &mut Intake,
) -> Result<(), ReadError> {
    Ok(())
}
