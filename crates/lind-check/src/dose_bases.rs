//! What doses are counted by: one amount for everybody, body weight, body surface.

use lind_diagnostics::{Diagnostic, Span};
use lind_model::trial::DoseBasis;
use lind_syntax::tree::{DoseLevelsDeclaration, LevelDeclaration};

use crate::analysis::Checker;
use crate::doses::basis_of;
use crate::rules;

/// A unit without what it is counted by, and that.
pub(crate) fn counted_by(unit: &str) -> (&str, DoseBasis) {
    [
        ("/kg", DoseBasis::PerKilogram),
        ("/m2", DoseBasis::PerSquareMetre),
        ("/m^2", DoseBasis::PerSquareMetre),
    ]
    .into_iter()
    .find_map(|(ending, basis)| Some((unit.strip_suffix(ending)?, basis)))
    .unwrap_or((unit, DoseBasis::Total))
}

impl Checker<'_> {
    /// Whether the unit of a level leaves to the head what doses are counted by. `25 mg/kg` below `per kg` would be
    /// a dose for each kilogram of each kilogram, and below `in total` it is none.
    pub(crate) fn counted_as_declared(
        &mut self,
        level: &LevelDeclaration,
        declared: &DoseLevelsDeclaration,
    ) -> bool {
        let Some(unit) = &level.dose.unit else {
            return true;
        };
        let (amount, basis) = counted_by(&unit.text);
        if basis == DoseBasis::Total {
            return true;
        }
        let of_head = basis_of(declared.basis);
        let name = &level.name.text;
        let end = u32::try_from(amount.trim_end().len()).unwrap_or(0);
        let ending = Span::new(
            unit.span.file,
            unit.span.start.saturating_add(end),
            unit.span.end,
        );
        let shown = self.files.slice(ending).to_owned();
        let message = if basis == of_head {
            format!("`{name}` is counted {} twice", words(of_head))
        } else {
            format!(
                "`{name}` is a dose {}, and the levels are doses {}",
                words(basis),
                words(of_head)
            )
        };
        let diagnostic = Diagnostic::new(&rules::E0597_OTHER_BASIS, ending, message)
            .label(words(basis))
            .also(
                declared.product.span,
                format!("these levels are {}", words(of_head)),
            )
            .note("what doses are counted by is said once, in the head; its lines say the amounts");
        // Which of the two is meant, only the author knows.
        self.sink.push(if basis == of_head {
            diagnostic.suggest(format!("leave out `{shown}`"), ending, "")
        } else {
            diagnostic
        });
        false
    }
}

fn words(basis: DoseBasis) -> &'static str {
    match basis {
        DoseBasis::Total => "in total",
        DoseBasis::PerKilogram => "per kg",
        DoseBasis::PerSquareMetre => "per m2",
    }
}
