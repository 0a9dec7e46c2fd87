//! Made-up patients just inside and just outside of each criterion: lists for people, for spreadsheets and for
//! programs.

mod json;
mod table;
mod text;

use lind_model::Protocol;
use lind_model::boundary::{AbsentCase, BoundaryCases, NoPatient};

pub use json::boundary_json;
pub use table::{absent_csv, boundary_csv};
pub use text::{boundary_summary, boundary_text};

/// What was made for a protocol.
#[derive(Debug, Clone, Copy)]
pub struct Boundaries<'b> {
    /// The protocol.
    pub protocol: &'b Protocol,
    /// What was made.
    pub made: &'b BoundaryCases,
}

/// Why there is nobody, as a sentence without a full stop.
fn why_absent(absent: &AbsentCase) -> String {
    match &absent.why {
        NoPatient::Impossible { beside } if beside.is_empty() => {
            "nobody can be so: proved".to_owned()
        }
        NoPatient::Impossible { beside } => {
            let ids: Vec<&str> = beside.iter().map(|id| &**id).collect();
            format!("nobody can be so and pass {}: proved", ids.join(", "))
        }
        NoPatient::NotFound => "nobody was found, and nothing is proved".to_owned(),
        NoPatient::Needless(why) => (*why).to_owned(),
    }
}
