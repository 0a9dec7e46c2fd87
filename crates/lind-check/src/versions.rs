//! Versions of scales: grades of one version are not those of another.

use std::collections::BTreeMap;
use std::sync::Arc;

use lind_diagnostics::{Diagnostic, Span};
use lind_model::trial::{Grading, Scale, Variable};

use crate::analysis::Checker;
use crate::rules;

/// How many names a message lists.
const MOST_NAMES: usize = 3;

impl Checker<'_> {
    /// Gradings that the protocol declares or takes, of another version than toxicity is graded by. Those of one library
    /// are told together.
    pub(crate) fn one_version(&mut self) {
        let Some(scale) = self.tables.trial.toxicity_scale.clone() else {
            return;
        };
        let Some(scope) = self.scopes.first() else {
            return;
        };
        let mut places: BTreeMap<Span, Vec<&Grading>> = BTreeMap::new();
        for grading in &self.tables.trial.gradings {
            let is_other = is_scale(grading, &scale.name) && grading.version != scale.version;
            let entry = scope.entries.get(&*grading.name);
            let entry = entry.filter(|entry| is_other && entry.declared == grading.span);
            if let Some(entry) = entry {
                let place = entry.taken.unwrap_or(entry.declared);
                places.entry(place).or_default().push(grading);
            }
        }
        let mut diagnostics = Vec::new();
        for (place, gradings) in places {
            let Some(first) = gradings.first() else {
                continue;
            };
            let names: Vec<String> = gradings
                .iter()
                .take(MOST_NAMES)
                .map(|grading| format!("`{}`", grading.name))
                .collect();
            let names = match gradings.len().saturating_sub(MOST_NAMES) {
                0 => names.join(", "),
                more => format!("{} and {more} more", names.join(", ")),
            };
            let verb = if gradings.len() == 1 { "is" } else { "are" };
            let diagnostic = Diagnostic::new(
                &rules::E0627_OTHER_VERSION,
                place,
                format!("{names} {verb} of {}", words(&first.scale, first.version.as_ref())),
            )
            .label("another version")
            .also(
                scale.span,
                format!("toxicity is graded by {}", words(&scale.name, scale.version.as_ref())),
            )
            .note("grades of two versions of one scale are not the same grades, and are not counted together");
            diagnostics.push(self.suggest_spelling(diagnostic, &scale, first));
        }
        for diagnostic in diagnostics {
            self.sink.push(diagnostic);
        }
    }

    /// `5` and `5.0` are one version, spelt in two ways.
    fn suggest_spelling(
        &self,
        diagnostic: Diagnostic,
        scale: &Scale,
        grading: &Grading,
    ) -> Diagnostic {
        let (Some(stated), Some(other)) = (&scale.version, &grading.version) else {
            return diagnostic;
        };
        let plain = |version: &str| version.trim_end_matches(".0").to_owned();
        if plain(stated) != plain(other) {
            return diagnostic;
        }
        let written = format!("\"{stated}\"");
        let at = self.files.slice(scale.span).rfind(&written);
        let Some(at) = at.and_then(|at| u32::try_from(at).ok()) else {
            return diagnostic;
        };
        let length = u32::try_from(written.len()).unwrap_or(0);
        let start = scale.span.start.saturating_add(at);
        diagnostic.suggest(
            format!("write `\"{other}\"`"),
            Span::new(scale.span.file, start, start.saturating_add(length)),
            format!("\"{other}\""),
        )
    }

    /// Endpoints that count grades of two versions of one scale, where nothing says by which toxicity is graded.
    pub(crate) fn two_versions(&mut self) {
        let trial = &self.tables.trial;
        if trial.toxicity_scale.is_some() {
            return;
        }
        let mut used: Vec<(&Grading, Span)> = Vec::new();
        for (endpoint, places) in trial.endpoints.iter().zip(&self.tables.endpoint_places) {
            if let Variable::WorstGrade(id, _) = endpoint.variable
                && let Some(grading) = trial.gradings.get(id.index())
            {
                used.push((grading, places.subject));
            }
        }
        let mut diagnostics = Vec::new();
        let mut told: Vec<&str> = Vec::new();
        for (index, (grading, place)) in used.iter().enumerate() {
            let mut above = used.iter().take(index);
            let first = above.find(|(first, _)| {
                is_scale(grading, &first.scale) && first.version != grading.version
            });
            let Some((first, first_place)) = first else {
                continue;
            };
            if told.contains(&&*first.scale) {
                continue;
            }
            told.push(&first.scale);
            diagnostics.push(
                Diagnostic::new(
                    &rules::W0661_TWO_VERSIONS,
                    *place,
                    format!("endpoints count grades of two versions of {}", first.scale),
                )
                .label(words(&grading.scale, grading.version.as_ref()))
                .also(*first_place, words(&first.scale, first.version.as_ref()))
                .note(format!(
                    "say by which toxicity is graded: `toxicity is graded by {}`",
                    written(first)
                )),
            );
        }
        for diagnostic in diagnostics {
            self.sink.push(diagnostic);
        }
    }
}

/// Whether a grading is of a scale; capitals make no other scale of it.
fn is_scale(grading: &Grading, scale: &str) -> bool {
    grading.scale.eq_ignore_ascii_case(scale)
}

/// `CTCAE version 5.0`
fn words(scale: &str, version: Option<&Arc<str>>) -> String {
    match version {
        Some(version) => format!("{scale} version {version}"),
        None => format!("{scale}, without a version"),
    }
}

/// The scale of a grading as one writes it.
fn written(grading: &Grading) -> String {
    match &grading.version {
        Some(version) => format!("{} version \"{version}\"", grading.scale),
        None => grading.scale.to_string(),
    }
}
