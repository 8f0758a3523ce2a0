//! Plain patterns find what the engine finds.
#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::*;
use crate::event::ArgumentGroup;
use crate::matching::engine::{self, Compiled, SIZE_LIMIT};

/// A compiled pattern, and the same pattern to match without an engine.
struct Both(Compiled, PlainPattern);

impl Both {
    fn read(source: &str) -> Option<Self> {
        let plain = PlainPattern::read(source)?;
        let (hir, ast) = engine::parse(source).unwrap();
        let compiled = Compiled::new(&hir, engine::parents(&ast), SIZE_LIMIT).unwrap();
        Some(Self(compiled, plain))
    }

    /// What both find in a text: the arguments, or `None` if that is left to the engine.
    fn find(&self, text: &str) -> Option<[Option<Vec<ArgumentGroup>>; 2]> {
        let found = match self.1.find(text) {
            Found::Match(groups) => Some(engine::arguments(text, groups)),
            Found::Nothing => None,
            Found::Unknown => return None,
        };
        Some([found, self.0.groups(text)])
    }
}

#[test]
fn usual_patterns_are_plain() {
    for source in [
        "^a fresh counter$",
        r#"^the user "([^"]*)" is signed in$"#,
        r"^the counter should be (-?\d+)$",
        r"^(\d+) apples and (\d+) pears$",
        r"^the flag (\w+) is (on|off)$",
        r"^a price of (\d+)\.(\d{2})$",
        r"^the counter (?:should|must) be at least (\d+)$",
        r"^all of (.*)$",
        r"^colou?r (.+?)$",
        r"^[a-z]+ in \[x\]$",
    ] {
        assert!(PlainPattern::read(source).is_some(), "{source}");
    }
}

#[test]
fn what_needs_an_engine_is_not_plain() {
    for source in [
        "no anchors",
        "^a|b$",
        r"^(.*) and (.*)$",
        r"^(a|ab)c$",
        r"^(\w+)(\d+)$",
        r"^(?i)words$",
        r"^(?P<name>\d+)$",
        r"^((\d+)-(\d+))$",
        r"^(ab)?c$",
        r"^\bword$",
        r"^[a&&b]$",
        r"^[[:alpha:]]$",
        r"^a**$",
        r"^a{99}$",
        r"^\p{L}$",
        r"^\d+é$",
        r"^x\>$",
        r"^(|a)$",
        "^a(b$",
        "^$ $",
    ] {
        assert_eq!(PlainPattern::read(source), None, "{source}");
    }
}

#[test]
fn other_digits_are_left_to_the_engine() {
    let plain = PlainPattern::read(r"^(\d+) and ([^x]*)$").unwrap();
    assert_eq!(plain.find("٣ and y"), Found::Unknown);
    assert_eq!(plain.find("3 and é"), Found::Match(vec![0..1, 6..8]));
}

/// A piece of a pattern, most of which are plain.
fn piece() -> impl Strategy<Value = String> {
    let class = prop_oneof![
        Just(r"\d"),
        Just(r"\w"),
        Just(r"\s"),
        Just("."),
        Just("[^\"]"),
        Just("[a-c]"),
        Just(r"[\d.]"),
        Just(r"[^\s]"),
        Just("a"),
        Just("b"),
        Just(r"\."),
        Just("é"),
        Just("-"),
        Just("[^a]"),
        Just("1"),
    ];
    let often = prop_oneof![
        Just(""),
        Just(""),
        Just("+"),
        Just("*"),
        Just("?"),
        Just("+?"),
        Just("{2}"),
        Just("{1,2}"),
        Just("{2,}"),
    ];
    let atom = (class, often).prop_map(|(class, often)| format!("{class}{often}"));
    prop_oneof![
        4 => atom.clone(),
        2 => atom.prop_map(|atom| format!("({atom})")),
        1 => prop_oneof![Just("(a|b)"), Just("(?:ab|ba)"), Just("(a|ab)"), Just("(on|off)"), Just("(?:1|a.)")].prop_map(str::to_owned),
        3 => prop_oneof![Just(" "), Just("\""), Just("ab"), Just("x")].prop_map(str::to_owned),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let one = prop_oneof![
        Just("a"),
        Just("b"),
        Just("c"),
        Just("1"),
        Just("2"),
        Just(" "),
        Just("."),
        Just("\""),
        Just("-"),
        Just("é"),
        Just("٣"),
        Just("\n"),
        Just("on"),
        Just("off"),
        Just("x"),
        Just("ab"),
    ];
    prop::collection::vec(one, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn it_finds_what_the_engine_finds(pieces in prop::collection::vec(piece(), 1..5), texts in prop::collection::vec(text(), 12)) {
        let source = format!("^{}$", pieces.concat());
        let both = Both::read(&source);
        for text in texts {
            let found = both.as_ref().and_then(|both| both.find(&text));
            if let Some([plain, engine]) = found {
                prop_assert_eq!(plain, engine, "{:?} with {:?}", source, text);
            }
        }
    }
}
