//! Windows whose two ends are counted from anchors of their own: `from 5 days before ld_start to 28 days after
//! infusion`.

use lind_model::protocol::Window;
use lind_syntax::tree::{self, Lengths, WindowPoint};
use lind_time::Edge;

use crate::analysis::Checker;
use crate::times::{Inside, is_empty};

impl Checker<'_> {
    pub(crate) fn stretch(
        &mut self,
        window: &tree::Window,
        from: &WindowPoint,
        to: &WindowPoint,
        inside: Inside<'_>,
    ) -> Option<Window> {
        let first = self.half(window, from, inside, true);
        let last = self.half(window, to, inside, false);
        let (first, last) = (first?, last?);
        if let (
            Window::Around {
                anchor,
                window: begins,
                as_known,
            },
            Window::Around {
                anchor: other,
                window: ends,
                ..
            },
        ) = (&first, &last)
            && anchor == other
        {
            let both = lind_time::Window::between(begins.from, ends.to);
            if is_empty(&both) {
                return self.no_time(window.span);
            }
            return Some(Window::Around {
                anchor: *anchor,
                window: both,
                as_known: *as_known,
            });
        }
        Some(Window::Both(Box::new(first), Box::new(last)))
    }

    /// Everything from a point on, or up to it.
    fn half(
        &mut self,
        window: &tree::Window,
        point: &WindowPoint,
        inside: Inside<'_>,
        from: bool,
    ) -> Option<Window> {
        let half = move |edge: Edge| {
            if from {
                lind_time::Window::between(edge, Edge::Unbounded)
            } else {
                lind_time::Window::between(Edge::Unbounded, edge)
            }
        };
        let as_known = window.as_known.is_some();
        match &point.distance {
            None => {
                let day = lind_time::Window::on_anchor();
                let edge = if from { day.from } else { day.to };
                self.around(&point.anchor, inside, half(edge), as_known)
            }
            Some((length, before)) => {
                let before = *before;
                let anchor = self.anchor(&point.anchor, inside)?;
                self.reaches(
                    window,
                    &Lengths::One(length.clone()),
                    anchor,
                    inside,
                    |offset| {
                        let offset = if before { offset.negate() } else { offset };
                        Some(half(Edge::closed(offset)))
                    },
                    None,
                )
            }
        }
    }
}
