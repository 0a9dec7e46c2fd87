//! From resources to rows of Lind's tables: one function for each kind of resource, which reads
//! nothing but the resource and its [`Scope`](super::scope::Scope).

pub(super) mod diagnoses;
pub(super) mod events;
pub(super) mod medicines;
pub(super) mod observations;
pub(super) mod people;
pub(super) mod procedures;
pub(super) mod questionnaires;

/// Whose a resource is, as a text; returns from the function if it is nobody's, after counting it.
macro_rules! patient_of {
    ($kind:literal, $reference:expr, $contained:expr, $scope:expr, $out:expr) => {
        match $scope.whose($reference, $contained) {
            $crate::fhir::scope::Whose::Patient(patient) => patient,
            $crate::fhir::scope::Whose::Unsaid => std::borrow::Cow::Borrowed(""),
            $crate::fhir::scope::Whose::Nobodys(other) => {
                $out.sink.unread($kind, other);
                return;
            }
        }
    };
}
use patient_of;
