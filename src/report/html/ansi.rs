//! Captured output as HTML: colour sequences become classes, any other control character becomes visible.
//!
//! Colours are classes because the policy of the page forbids styles of elements. Of 256 and of true colours the
//! nearest of the sixteen is taken.

use std::fmt::Write;

use crate::html::markup::push_block;

/// Adds the text.
pub(super) fn push_output(out: &mut String, text: &str) {
    let mut look = TextStyle::default();
    let mut rest = text;
    while let Some(at) = rest.find("\x1b[") {
        let Some((parameters, after)) = colour_sequence(&rest[at..]) else {
            push_looking(out, look, &rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        };
        push_looking(out, look, &rest[..at]);
        look.apply(parameters);
        rest = after;
    }
    push_looking(out, look, rest);
}

/// The parameters of the sequence that `text` begins with, and what follows it.
fn colour_sequence(text: &str) -> Option<(&str, &str)> {
    let parameters = text.strip_prefix("\x1b[")?;
    let end = parameters.find(|c: char| !c.is_ascii_digit() && c != ';' && c != ':')?;
    let after = parameters[end..].strip_prefix('m')?;
    Some((&parameters[..end], after))
}

fn push_looking(out: &mut String, look: TextStyle, text: &str) {
    if text.is_empty() {
        return;
    }
    if look == TextStyle::default() {
        return push_block(out, text);
    }
    out.push_str("<span class=\"");
    look.push_classes(out);
    out.push_str("\">");
    push_block(out, text);
    out.push_str("</span>");
}

/// How text looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct TextStyle {
    bold: bool,
    faint: bool,
    italic: bool,
    underlined: bool,
    /// One of the sixteen colours.
    ink: Option<u8>,
    /// That of the background.
    paper: Option<u8>,
}

impl TextStyle {
    fn apply(&mut self, parameters: &str) {
        let mut numbers = parameters
            .split([';', ':'])
            .map(|number| number.parse::<u32>().unwrap_or(0));
        while let Some(number) = numbers.next() {
            match number {
                0 => *self = Self::default(),
                1 => self.bold = true,
                2 => self.faint = true,
                3 => self.italic = true,
                4 => self.underlined = true,
                22 => (self.bold, self.faint) = (false, false),
                23 => self.italic = false,
                24 => self.underlined = false,
                30..=37 => self.ink = small(number - 30),
                38 => self.ink = extended(&mut numbers),
                39 => self.ink = None,
                40..=47 => self.paper = small(number - 40),
                48 => self.paper = extended(&mut numbers),
                49 => self.paper = None,
                90..=97 => self.ink = small(number - 90 + 8),
                100..=107 => self.paper = small(number - 100 + 8),
                _ => {}
            }
        }
    }

    fn push_classes(self, out: &mut String) {
        let styles = [
            (self.bold, "ab"),
            (self.faint, "af"),
            (self.italic, "ai"),
            (self.underlined, "au"),
        ];
        let mut first = true;
        let mut separate = |out: &mut String| {
            if !std::mem::take(&mut first) {
                out.push(' ');
            }
        };
        for (_, class) in styles.into_iter().filter(|(is, _)| *is) {
            separate(out);
            out.push_str(class);
        }
        for (prefix, colour) in [("i", self.ink), ("p", self.paper)] {
            if let Some(colour) = colour {
                separate(out);
                let _ = write!(out, "{prefix}{colour}");
            }
        }
    }
}

fn small(number: u32) -> Option<u8> {
    u8::try_from(number).ok()
}

/// The colour after a 38 or 48: `5;N` is one of 256, `2;R;G;B` is a true colour.
fn extended(numbers: &mut impl Iterator<Item = u32>) -> Option<u8> {
    match numbers.next()? {
        5 => match numbers.next()? {
            plain @ 0..=15 => small(plain),
            cube @ 16..=231 => {
                let cube = cube - 16;
                let level = |number: u32| if number == 0 { 0 } else { 55 + 40 * number };
                Some(nearest([
                    level(cube / 36),
                    level(cube / 6 % 6),
                    level(cube % 6),
                ]))
            }
            grey => Some(nearest([8 + 10 * (grey.min(255) - 232); 3])),
        },
        2 => {
            let mut channel = || numbers.next().map(|number| number.min(255));
            Some(nearest([channel()?, channel()?, channel()?]))
        }
        _ => None,
    }
}

/// The nearest of the sixteen colours, as terminals usually show them.
fn nearest(wanted: [u32; 3]) -> u8 {
    const COLOURS: [[u32; 3]; 16] = [
        [0, 0, 0],
        [205, 0, 0],
        [0, 205, 0],
        [205, 205, 0],
        [0, 0, 238],
        [205, 0, 205],
        [0, 205, 205],
        [229, 229, 229],
        [127, 127, 127],
        [255, 0, 0],
        [0, 255, 0],
        [255, 255, 0],
        [92, 92, 255],
        [255, 0, 255],
        [0, 255, 255],
        [255, 255, 255],
    ];
    let distance = |colour: [u32; 3]| -> u32 {
        let channels = colour.into_iter().zip(wanted);
        channels
            .map(|(one, other)| one.abs_diff(other).pow(2))
            .sum()
    };
    let numbered = (0..).zip(COLOURS);
    numbered
        .min_by_key(|(_, colour)| distance(*colour))
        .map_or(7, |(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut out = String::new();
        push_output(&mut out, text);
        out
    }

    #[test]
    fn colours_become_classes() {
        assert_eq!(
            shown("a\x1b[31mred\x1b[1;44m<b>\x1b[0mz"),
            "a<span class=\"i1\">red</span><span class=\"ab i1 p4\">&lt;b&gt;</span>z"
        );
        assert_eq!(shown("\x1b[93mx\x1b[39my"), "<span class=\"i11\">x</span>y");
    }

    #[test]
    fn many_colours_become_the_nearest() {
        assert_eq!(shown("\x1b[38;5;196mx"), "<span class=\"i9\">x</span>");
        assert_eq!(shown("\x1b[38:5:244mx"), "<span class=\"i8\">x</span>");
        assert_eq!(shown("\x1b[48;2;0;0;230mx"), "<span class=\"p4\">x</span>");
        // Numbers that are missing or too large do no harm.
        for odd in [
            "38",
            "38;5",
            "38;5;999",
            "38;2;1",
            "48;9;1",
            "99999999999",
            ";;",
        ] {
            shown(&format!("\x1b[{odd}mx\x1b[m"));
        }
    }

    #[test]
    fn other_control_characters_become_visible() {
        assert_eq!(shown("a\x1b[2Jb\x1b[1"), "a\\x1b[2Jb\\x1b[1");
        assert_eq!(shown("a\r\nb\0"), "a\nb\\x00");
    }
}
