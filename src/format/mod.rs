//! Formats feature files: indents, blank lines, the spacing of tags and headings, aligned tables.
//!
//! Keywords, comments, the text of steps and each character of docstrings stay as they are. The result means the same
//! as before, which is checked each time, and formatting it again changes nothing. Files and settings are not known
//! here.

mod arrangement;
mod difference;
mod meaning;
mod replace;
mod table;
mod write;

use crate::gherkin::{self, ParseError, ParseOptions};

pub use difference::unified_diff;
pub use replace::{ReplaceError, replace};

use arrangement::Arrangement;
use meaning::same_meaning;

/// How a formatted file looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatStyle {
    /// The spaces of one level.
    pub indent: usize,
    /// The spaces on both sides of a cell.
    pub table_padding: usize,
}

/// Why a text is not formatted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotFormatted {
    /// It does not parse.
    Parse(Vec<ParseError>),
    /// The formatted text would mean something else. This is a fault of bdd.
    Meaning,
}

/// The formatted text of a plain feature file, without a byte order mark.
///
/// # Errors
/// When the text does not parse. Then there is nothing to rely on.
pub fn format(
    source: &str,
    options: &ParseOptions,
    style: FormatStyle,
) -> Result<String, NotFormatted> {
    let before = gherkin::parse(source, options).map_err(NotFormatted::Parse)?;
    let lines = gherkin::lines(source, options).ok_or(NotFormatted::Meaning)?;
    let end = match source.find('\n') {
        Some(at) if source[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    };
    let text = write::text(&Arrangement::of(&lines), style, end, options.dialect);
    let after = gherkin::parse(&text, options).map_err(|_| NotFormatted::Meaning)?;
    match same_meaning(&before, &after) {
        true => Ok(text),
        false => Err(NotFormatted::Meaning),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const STYLE: FormatStyle = FormatStyle {
        indent: 2,
        table_padding: 1,
    };

    /// Formats a text, and sees that formatting it again changes nothing.
    #[track_caller]
    fn formatted(source: &str, expected: &str) {
        let options = ParseOptions::default();
        let text = format(source, &options, STYLE).unwrap();
        assert_eq!(text, expected);
        assert_eq!(format(&text, &options, STYLE).unwrap(), text);
    }

    #[test]
    fn levels_blank_lines_and_spacing() {
        formatted(
            "\n#language:en\n\n\n@a@b   @c # why\n@d\n\nFeature:Shop\n   As a user\n     I buy\n\n\n   things  \nBackground:\n\nGiven   a shop\n@s\nScenario: one\n\n\tWhen x\n\n\n\tThen y\nRule: r\nExample:\n* z\n\n\n",
            "# language: en\n\n@a @b @c # why\n@d\nFeature: Shop\n  As a user\n    I buy\n\n\n  things\n\n  Background:\n    Given a shop\n\n  @s\n  Scenario: one\n    When x\n\n    Then y\n\n  Rule: r\n\n    Example:\n      * z\n",
        );
    }

    #[test]
    fn tables_are_aligned_by_the_width_on_a_screen() {
        formatted(
            "Feature: f\nScenario Outline: s\n* a\n\n|数|b\\|c|\n# comment\n|👩‍👩‍👧|\\\\|\n|x|\\n| rest\nExamples:\n|a\\ |\n||\n",
            "Feature: f\n\n  Scenario Outline: s\n    * a\n      | 数 | b\\|c |\n      # comment\n      | 👩‍👩‍👧 | \\\\   |\n      | x  | \\n   | rest\n\n    Examples:\n      | a\\ |\n      |    |\n",
        );
    }

    #[test]
    fn docstrings_move_and_stay_as_they_are() {
        formatted(
            "Feature: f\nScenario: s\n* a\n\"\"\"json  \n{\n   \"a\": 1  \n\n}\n\"\"\"\n* b\n\t\t```\n\t\t\tx\n\t y\n\t\t \n\t\t```\n|a|\n",
            "Feature: f\n\n  Scenario: s\n    * a\n      \"\"\"json\n      {\n         \"a\": 1  \n\n      }\n      \"\"\"\n    * b\n      ```\n      \tx\n      y\n       \n      ```\n      | a |\n",
        );
    }

    #[test]
    fn comments_go_with_the_lines_beside_them() {
        formatted(
            "# top\n\n\nFeature: f\n# about s\n@t\n# between\nScenario: s\n# first\n\n* a\n # was a step\n\n# alone\n\n@u\nScenario: t\n* a\n* b\n# end\n\n# modeline\n",
            "# top\n\nFeature: f\n\n  # about s\n  @t\n  # between\n  Scenario: s\n    # first\n    * a\n    # was a step\n\n  # alone\n\n  @u\n  Scenario: t\n    * a\n    * b\n    # end\n\n# modeline\n",
        );
    }

    #[test]
    fn the_ends_of_lines_stay() {
        formatted(
            "Feature: f\r\nScenario: s\n* a\r\n\"\"\"\r\nx\r\n\"\"\"\r\n",
            "Feature: f\r\n\r\n  Scenario: s\r\n    * a\r\n      \"\"\"\r\n      x\r\n      \"\"\"\r\n",
        );
        formatted("", "");
        formatted(" \n\n", "");
        formatted("# only\n\n\n # this", "# only\n\n# this\n");
    }

    #[test]
    fn keywords_stay_what_they_are() {
        let options = ParseOptions::default();
        let french = "# language: fr\nFonctionnalité: f\n\n  Scénario: s\n    Étant donné  que x\n    Étant donné   y\n    Et qu'il\n";
        let text = format(french, &options, STYLE).unwrap();
        assert_eq!(text, french.replace("donné   y", "donné y"));
        let chinese = "# language: zh-CN\n功能: f\n\n  场景: s\n    假如  a\n    当b\n    * c\n";
        let text = format(chinese, &options, STYLE).unwrap();
        assert_eq!(text, chinese.replace("假如  a", "假如 a"));
        // The space is a part of the keyword.
        formatted(
            "Feature: f\nScenario: s\nGiven \n",
            "Feature: f\n\n  Scenario: s\n    Given \n",
        );
    }

    #[test]
    fn odd_lines_stay_as_they_are() {
        formatted(
            "@ # c\nFeature: f\nScenario: s\n* a\n|\n|\n* b\n|a|\\|",
            "@ # c\nFeature: f\n\n  Scenario: s\n    * a\n      |\n      |\n    * b\n      | a | \\|\n",
        );
    }

    #[test]
    fn a_style_may_have_no_spaces() {
        let style = FormatStyle {
            indent: 0,
            table_padding: 0,
        };
        let source = "Feature: f\n  Scenario: s\n  * a\n    | a | b\\ |\n    | ccc | \\\\ |\n  \"\"\"\n   x\n  \"\"\"\n";
        let text = format(source, &ParseOptions::default(), style).unwrap();
        assert_eq!(
            text,
            "Feature: f\n\nScenario: s\n* a\n|a  |b\\ |\n|ccc|\\\\|\n\"\"\"\n x\n\"\"\"\n"
        );
        assert_eq!(
            format(&text, &ParseOptions::default(), style).unwrap(),
            text
        );
    }

    #[test]
    fn a_very_wide_cell_does_not_widen_all_others() {
        let wide = "w".repeat(100_000);
        let rows = "|a|b|\n".repeat(1000);
        let source = format!("Feature: f\nScenario: s\n* a\n|{wide}|b|\n{rows}");
        let text = format(&source, &ParseOptions::default(), STYLE).unwrap();
        assert!(text.len() < 4 * source.len());
    }
}
