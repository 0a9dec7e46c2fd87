//! Prints a page with every figure, to look at:
//! `cargo run -p lind-figures --example gallery > gallery.html`
#![allow(
    clippy::indexing_slicing,
    reason = "the figures are those of the tests"
)]

#[path = "../tests/examples/mod.rs"]
mod figures;

use lind_figures::{Frame, stylesheet};

fn main() {
    println!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Figures</title>\n<style>:root {{ color-scheme: light dark }} body {{ font-family: system-ui; margin: 1rem }}\n\
         @media screen and (prefers-color-scheme: dark) {{ body {{ background: #14181c; color: #e8ebee }} }}\n\
         figure {{ margin: 0 0 2rem; break-inside: avoid }}\n{}</style>",
        stylesheet()
    );
    for (name, figure) in figures::ALL.into_iter().chain(figures::CROWDED) {
        println!(
            "<figure>\n{}<figcaption>{name}</figcaption>\n</figure>",
            figure(&Frame::inline(name))
        );
    }
}
