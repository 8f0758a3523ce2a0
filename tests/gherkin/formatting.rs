//! Formatting generated documents changes nothing that counts, and formatting them again changes nothing at all.

use proptest::prelude::*;

use super::documents::{Random, document};
use crate::support::same_document::check_formatting;

/// Lines of all kinds, in any order: most of what they make does not parse, and the rest is odd.
const LINES: [&str; 40] = [
    "Given a",
    "  And  b <c>",
    "* ",
    "* x",
    "|x|",
    "  | 数 \\| | y\\ |",
    "| x",
    "|",
    "||",
    "\"\"\"",
    "  \"\"\"json ",
    "\t```",
    "",
    " ",
    "\t",
    "# comment",
    "   # indented   ",
    "words",
    "    deep words  ",
    "\twords",
    "@tag",
    " @a@b   @c # why",
    "@ # none",
    "@@a",
    "Scenario: e",
    "Scenario:",
    "  Scenario Outline:  <x>",
    "Examples:",
    "   Examples: some",
    "Background:",
    "Rule: r",
    "# language: fr",
    "#language:en",
    "\u{1c}# odd\u{1c}",
    "\u{3000}* wide\u{3000}",
    "\r",
    "* a\r",
    "* \u{1b}[31mred",
    "* b\u{2028}c",
    "  |\u{a0}a\u{a0}|",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn documents_stay_the_same(seed: u64) {
        check_formatting(&document(&mut Random(seed))).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn documents_in_other_layouts_stay_the_same(seed: u64, spaces in 0..4usize, blank in 0..3usize) {
        let text = document(&mut Random(seed));
        let mut open = None;
        let mut moved = String::new();
        for line in text.split_inclusive('\n') {
            // The lines of a docstring keep their indents: only what is around them moves.
            let delimiter = ["\"\"\"", "```"].into_iter().find(|mark| line.trim().starts_with(mark));
            if open.is_none() {
                let end = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
                let is_heading = line.contains(": ") && !line.trim().starts_with(['#', '|']);
                if is_heading {
                    moved.push_str(&end.repeat(blank));
                }
                if delimiter.is_none() {
                    moved.push_str(&" ".repeat(spaces));
                }
            }
            moved.push_str(line);
            open = match (open, delimiter) {
                (None, found) => found,
                (Some(mark), Some(found)) if mark == found => None,
                (open, _) => open,
            };
        }
        check_formatting(&moved).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn odd_lines_stay_the_same(
        head in prop::sample::select(&["Feature: f", "# language: fr\nFonctionnalité: f\nScénario:s", "@t\nFeature:f\nScenario:", ""][..]),
        lines in prop::collection::vec(prop::sample::select(&LINES[..]), 0..14),
    ) {
        check_formatting(&format!("{head}\n{}", lines.join("\n"))).map_err(TestCaseError::fail)?;
    }
}

#[test]
fn long_texts_take_linear_time() {
    let steps = "* a\n|x|\n# c\n".repeat(8_000);
    check_formatting(&format!("Feature: f\nScenario: s\n{steps}")).expect("the same");
    let comments = "# c\n".repeat(20_000);
    check_formatting(&format!("{comments}Feature: f\n{comments}")).expect("the same");
    let tags = "@t\n\n# c\n".repeat(8_000);
    check_formatting(&format!("Feature: f\n{tags}Scenario: s\n* a\n")).expect("the same");
}
