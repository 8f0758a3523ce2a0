//! Highlights what the groups of a pattern matched in the text of a step.

use super::style::{Ink, Style, Weight};
use crate::event::ArgumentGroup;
use crate::report::argument_parts::{Emphasis, argument_parts};

/// Adds the text. Nested groups look different from those around them.
pub(super) fn text(
    style: Style,
    out: &mut String,
    ink: Ink,
    text: &str,
    arguments: &[ArgumentGroup],
) {
    let mut at = 0;
    for (emphasis, start, end) in argument_parts(text, arguments) {
        let weight = match emphasis {
            Emphasis::Argument => Weight::Argument,
            Emphasis::Inner => Weight::Inner,
        };
        style.piece(out, ink, Weight::Usual, &text[at..start]);
        style.piece(out, ink, weight, &text[start..end]);
        at = end;
    }
    style.piece(out, ink, Weight::Usual, &text[at..]);
}
