//! Breaks lines between words where a terminal ends, so that it does not break them inside a path.

use console::AnsiCodeIterator;

use crate::report::text;

/// How much further what follows a break is indented than the line.
const HANG: usize = 4;

/// Stands for a space at which a line is not broken. It is in no text: control characters are made visible.
const KEPT_SPACE: &str = "\u{1}";

/// A text that [`line`] does not break, until [`with_spaces`].
pub(super) fn whole(text: &str) -> String {
    text.replace(' ', KEPT_SPACE)
}

/// Makes the kept spaces of the line that begins at `start` spaces again.
pub(super) fn with_spaces(out: &mut String, start: usize) {
    if out[start..].contains(KEPT_SPACE) {
        let line = out.split_off(start);
        out.push_str(&line.replace(KEPT_SPACE, " "));
    }
}

fn width(text: &str) -> usize {
    text::width(&text.replace(KEPT_SPACE, " "))
}

/// Breaks the line that begins at `start` if it is wider than the terminal. A word that is wider stays whole.
pub(super) fn line(out: &mut String, start: usize, columns: usize) {
    if width(&out[start..]) <= columns {
        return;
    }
    let line = out.split_off(start);
    let indent = line.len() - line.trim_start_matches(' ').len();
    let hang = (indent + HANG).min(columns / 2);
    let mut folded = FoldedLine {
        out,
        columns,
        hang,
        comment: comment(&line, columns - hang),
        read: 0,
        column: 0,
        gap: 0,
        word: String::new(),
    };
    for (piece, is_code) in AnsiCodeIterator::new(&line) {
        if is_code {
            folded.word.push_str(piece);
        } else {
            piece.chars().for_each(|letter| folded.letter(letter));
        }
    }
    folded.end_word();
}

/// Where the comment at the end of a line begins, in letters, if it stays whole: it has this room.
fn comment(line: &str, room: usize) -> Option<usize> {
    let line = console::strip_ansi_codes(line);
    let at = line.rfind(" # ")? + 1;
    (width(&line[at..]) <= room).then(|| line[..at].chars().count())
}

/// A line that is being broken.
struct FoldedLine<'o> {
    out: &'o mut String,
    columns: usize,
    hang: usize,
    /// The letter with which a comment begins that is not broken.
    comment: Option<usize>,
    /// How many letters are read.
    read: usize,
    /// Where the last word ends.
    column: usize,
    /// The spaces since then.
    gap: usize,
    /// The word that is being read, with the codes of its colours.
    word: String,
}

impl FoldedLine<'_> {
    fn letter(&mut self, letter: char) {
        self.read += 1;
        if letter != ' ' {
            return self.word.push(letter);
        }
        let word = console::strip_ansi_codes(&self.word);
        // The sign of a comment stays with what follows.
        if word == "#" || self.comment.is_some_and(|start| self.read > start) {
            return self.word.push(letter);
        }
        if !word.is_empty() {
            self.end_word();
        }
        self.gap += 1;
    }

    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        let width = width(&word);
        if width > 0 {
            let breaks = self.column > 0 && self.column + self.gap + width > self.columns;
            if breaks {
                self.out.push('\n');
                self.gap = self.hang.min(self.columns.saturating_sub(width));
                self.column = 0;
            }
            text::pad(self.out, self.gap);
            self.column += std::mem::take(&mut self.gap) + width;
        }
        self.out.push_str(&word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str, columns: usize) -> String {
        let mut out = text.to_owned();
        line(&mut out, 0, columns);
        out
    }

    #[test]
    fn lines_break_between_words() {
        let step = "    Given a number of things    # features/steps/main.rs:12";
        assert_eq!(folded(step, 60), step);
        assert_eq!(
            folded(step, 50),
            "    Given a number of things\n        # features/steps/main.rs:12"
        );
        assert_eq!(
            folded(step, 28),
            "    Given a number of things\n # features/steps/main.rs:12"
        );
        assert_eq!(
            folded(step, 20),
            "    Given a number\n        of things\n# features/steps/main.rs:12"
        );
    }

    #[test]
    fn a_comment_stays_whole_where_there_is_room_for_it() {
        let step = "  Given # things  # src/main rs:12 (failed)";
        assert_eq!(
            folded(step, 36),
            "  Given # things\n      # src/main rs:12 (failed)"
        );
        assert_eq!(
            folded(step, 24),
            "  Given # things\n      # src/main rs:12\n      (failed)"
        );
    }

    #[test]
    fn a_path_with_spaces_stays_whole() {
        let mut out = format!(
            "  {}  Divide by zero",
            whole("features/math v1.0/division.feature:10")
        );
        line(&mut out, 0, 45);
        with_spaces(&mut out, 0);
        assert_eq!(
            out,
            "  features/math v1.0/division.feature:10\n      Divide by zero"
        );
        let mut out = format!(
            "  Failed at {}",
            whole("features/math v1.0/division.feature:10")
        );
        line(&mut out, 0, 45);
        with_spaces(&mut out, 0);
        assert_eq!(
            out,
            "  Failed at\n      features/math v1.0/division.feature:10"
        );
    }

    #[test]
    fn wide_letters_count_twice_and_colours_not_at_all() {
        assert_eq!(folded("数字 数字 数字", 10), "数字 数字\n    数字");
        let red = "\x1b[31mone\x1b[0m \x1b[1mtwo\x1b[0m  ";
        assert_eq!(folded(red, 9), red);
        assert_eq!(
            folded(&format!("{red}three"), 9),
            "\x1b[31mone\x1b[0m \x1b[1mtwo\x1b[0m\n    three"
        );
    }
}
