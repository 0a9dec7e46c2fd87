//! The figures of a trial: plain series in, one SVG text out.
//!
//! ```
//! use lind_figures::{Axis, Curves, Frame, Point, Scale, Series, curves};
//!
//! let figure = Curves {
//!     title: "CAR-T cells by flow cytometry".to_owned(),
//!     x: Axis::new("Time since infusion", "days"),
//!     y: Axis { scale: Scale::Logarithmic, ..Axis::new("CD3+CAR+ cells", "cells/uL") },
//!     series: vec![Series {
//!         label: "P1".to_owned(),
//!         points: vec![Point::new(0.0, 0.1), Point::new(9.0, 10.52), Point::below(90.0, 0.05)],
//!     }],
//!     ..Curves::default()
//! };
//! let svg = curves(&figure, &Frame::standalone("kinetics"));
//! assert!(svg.starts_with("<svg") && svg.contains("<title id=\"kinetics-title\">"));
//! assert_eq!(svg, curves(&figure, &Frame::standalone("kinetics")));
//! ```
//!
//! # Invariants
//! - Knows no other crate of the workspace: what a figure shows is counted and computed elsewhere. Floats place
//!   ink and decide nothing.
//! - The same figure gives the same bytes; no clock, no counter, no order of a hash map.
//! - Every text of a caller is escaped, and characters that act instead of being seen are shown by their number.
//! - No script, nothing loaded from elsewhere, no event; every id begins with the caller's prefix, so that many
//!   figures stand on one page.
//! - Colours are classes, in one stylesheet ([`stylesheet`]), for light and dark screens and for paper. No
//!   colour carries a meaning alone: marks, dashes, letters or places say the same.
//! - Every figure has a title and a description composed from its data.
//! - Never panics and never loops for long: a value that is no number, or too large or too small to be drawn, is
//!   left out, and the figure says how many were.
#![forbid(unsafe_code)]

mod backend;
mod bars;
mod curves;
mod decisions;
mod flow;
mod frame;
mod ink;
mod legend;
mod panels;
mod paper;
mod plot;
mod scale;
mod series;
mod swimmer;
mod text;

pub use bars::{Bar, Bars, bars};
pub use curves::{Curves, curves};
pub use decisions::{Decision, Decisions, Visited, decisions};
pub use flow::{Flow, Level, Reason, Stage, flow};
pub use frame::{Frame, Styling};
pub use ink::stylesheet;
pub use panels::{Panel, Panels, panels};
pub use scale::{Axis, Scale, coordinate};
pub use series::{Point, Range, Reading, Series, Threshold, Turn};
pub use swimmer::{Event, Group, Lane, Stretch, Swimmer, swimmer};
