//! Shows the differences of failed comparisons.
//!
//! `assert_eq!` and `check_eq!` put both values into their message, each on one line however long.
//! Values that are long or of several lines become a difference by lines here: texts by their own
//! lines, structures by their fields. Short ones stay as they are, and what differs is marked. The
//! work is near to linear in the message; events and Cucumber Messages keep it as it came.

use bdd_sequences::diff::{Part, parts};

mod unfold;

/// The beginning of messages that have two values.
const COMPARISON: &str = "assertion `left == right` failed";
/// A value with more letters than this is long.
const SHORT: usize = 60;
/// The letters that short values must share for what differs to be marked.
const SHARED: usize = 5;
/// Equal lines that are shown before and after those that differ.
const CONTEXT: usize = 3;
/// Lines that differ and are shown.
const MOST: usize = 200;

/// A line of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExplanationLine {
    pub(crate) mark: Mark,
    /// Its texts in order, and whether each is what differs from the other side.
    pub(crate) texts: Vec<(String, bool)>,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Text that is not a part of a difference.
    Plain,
    /// Where it happened: a line that is not broken, because a path may have spaces.
    Place,
    /// On both sides.
    Same,
    /// On the left only.
    Left,
    /// On the right only.
    Right,
    /// Marks below a line that show what differs, for readers without colours.
    Signs,
}

impl ExplanationLine {
    pub(crate) fn plain(text: &str) -> Self {
        Self::of(Mark::Plain, text)
    }

    pub(crate) fn place(text: &str) -> Self {
        Self::of(Mark::Place, text)
    }

    fn of(mark: Mark, text: &str) -> Self {
        Self {
            mark,
            texts: vec![(text.to_owned(), false)],
        }
    }

    /// The line with what differs from `start`, and from `end` on, no more.
    fn marked(mark: Mark, lead: &str, text: &str, (start, end): (usize, usize)) -> Self {
        let texts = [
            (format!("{lead}{}", &text[..start]), false),
            (text[start..end].to_owned(), true),
            (text[end..].to_owned(), false),
        ];
        let texts = texts.into_iter().filter(|(text, _)| !text.is_empty());
        Self {
            mark,
            texts: texts.collect(),
        }
    }

    /// The line without colours.
    pub(crate) fn text(&self) -> String {
        self.texts.iter().map(|(text, _)| text.as_str()).collect()
    }
}

/// The lines of a message, with the differences of comparisons.
pub(crate) fn lines(message: &str) -> Vec<ExplanationLine> {
    let mut lines = Vec::new();
    let mut rest = message;
    while let Some(found) = Comparison::find(rest) {
        push_plain(&mut lines, found.before);
        found.show(&mut lines);
        rest = found.after;
    }
    push_plain(&mut lines, rest);
    lines
}

fn push_plain(lines: &mut Vec<ExplanationLine>, text: &str) {
    lines.extend(text.lines().map(ExplanationLine::plain));
}

/// Two values in a message.
struct Comparison<'m> {
    /// All before the values, their heading included.
    before: &'m str,
    left: &'m str,
    right: &'m str,
    after: &'m str,
}

impl<'m> Comparison<'m> {
    fn find(message: &'m str) -> Option<Self> {
        const LEFT: &str = "\n  left: ";
        const RIGHT: &str = "\n right: ";
        let start = message.find(COMPARISON)?;
        let heading = start + message[start..].find(LEFT)?;
        let left = heading + LEFT.len();
        let left_end = left + message[left..].find(RIGHT)?;
        let right = left_end + RIGHT.len();
        // In a list of failures the place follows.
        let right_end = message[right..].find("\n   at ");
        let right_end = right_end.map_or(message.len(), |end| right + end);
        let after = &message[right_end..];
        Some(Self {
            before: &message[..heading],
            left: &message[left..left_end],
            right: &message[right..right_end],
            after: after.strip_prefix('\n').unwrap_or(after),
        })
    }

    fn show(&self, lines: &mut Vec<ExplanationLine>) {
        let (left, right) = (self.left.trim_end(), self.right.trim_end());
        if !is_long(left) && !is_long(right) {
            return short(left, right, lines);
        }
        let (left, right) = unfold::both(left, right);
        let (left, right): (Vec<&str>, Vec<&str>) =
            (left.lines().collect(), right.lines().collect());
        if left == right {
            // They differ in what their texts do not show.
            lines.push(ExplanationLine::plain(&format!("  left: {}", self.left)));
            lines.push(ExplanationLine::plain(&format!(" right: {}", self.right)));
        } else {
            lines.push(ExplanationLine::plain("(- left, + right)"));
            difference(&left, &right, lines);
        }
    }
}

fn is_long(value: &str) -> bool {
    value.chars().nth(SHORT).is_some() || value.contains('\n') || value.contains("\\n")
}

/// Two short values, with marks below what differs.
fn short(left: &str, right: &str, lines: &mut Vec<ExplanationLine>) {
    let (in_left, in_right) = differing(left, right);
    // Of values that share next to nothing all differs.
    let shared = left.len() - (in_left.1 - in_left.0);
    if shared < SHARED || left == right {
        lines.push(ExplanationLine::of(Mark::Left, &format!("  left: {left}")));
        lines.push(ExplanationLine::of(
            Mark::Right,
            &format!(" right: {right}"),
        ));
        return;
    }
    lines.push(ExplanationLine::marked(
        Mark::Left,
        "  left: ",
        left,
        in_left,
    ));
    lines.push(ExplanationLine::marked(
        Mark::Right,
        " right: ",
        right,
        in_right,
    ));
    let columns = |text: &str| super::text::width(&super::text::line(text));
    let gap = " right: ".len() + columns(&right[..in_right.0]);
    let widest = columns(&right[in_right.0..in_right.1]).max(columns(&left[in_left.0..in_left.1]));
    let signs = format!("{}{}", " ".repeat(gap), "^".repeat(widest));
    lines.push(ExplanationLine::of(Mark::Signs, &signs));
}

/// The bytes of two texts between their common beginning and their common end.
fn differing(left: &str, right: &str) -> ((usize, usize), (usize, usize)) {
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let lengths = left.chars().zip(right.chars()).take_while(same);
    let start: usize = lengths.map(|(c, _)| c.len_utf8()).sum();
    let (l, r) = (&left[start..], &right[start..]);
    let lengths = l.chars().rev().zip(r.chars().rev()).take_while(same);
    let end: usize = lengths.map(|(c, _)| c.len_utf8()).sum();
    ((start, left.len() - end), (start, right.len() - end))
}

fn difference(left: &[&str], right: &[&str], lines: &mut Vec<ExplanationLine>) {
    let parts = parts(left, right);
    let last = parts.len() - 1;
    let mut shown = 0;
    for (index, part) in parts.into_iter().enumerate() {
        match part {
            Part::Equal(range, _) => equal(&left[range], index > 0, index < last, lines),
            Part::Replaced(l, r) => {
                let room = MOST.saturating_sub(shown);
                shown += l.len() + r.len();
                replaced(&left[l], &right[r], room, lines);
                if shown > MOST {
                    lines.push(ExplanationLine::plain("… more lines differ"));
                    return;
                }
            }
        }
    }
}

fn equal(texts: &[&str], before: bool, after: bool, lines: &mut Vec<ExplanationLine>) {
    let head = if before { CONTEXT } else { 0 };
    let tail = if after { CONTEXT } else { 0 };
    let hidden = texts.len().saturating_sub(head + tail);
    // A note in the place of one line says less than the line.
    let hidden = if hidden > 1 { hidden } else { 0 };
    let mut push = |text: &&str| lines.push(ExplanationLine::of(Mark::Same, &format!("  {text}")));
    if hidden == 0 {
        return texts.iter().for_each(push);
    }
    texts[..head].iter().for_each(&mut push);
    lines.push(ExplanationLine::of(
        Mark::Same,
        &format!("  … {hidden} equal lines"),
    ));
    let mut push = |text: &&str| lines.push(ExplanationLine::of(Mark::Same, &format!("  {text}")));
    texts[texts.len() - tail..].iter().for_each(&mut push);
}

/// Replaced lines: each is compared with the line in the same position.
fn replaced(left: &[&str], right: &[&str], room: usize, lines: &mut Vec<ExplanationLine>) {
    let ranges: Vec<_> = left
        .iter()
        .zip(right)
        .map(|(l, r)| {
            let (in_left, in_right) = differing(l, r);
            // Lines that share little are not one line that changed.
            let shared = l.len() - (in_left.1 - in_left.0);
            (3 * shared >= l.len().max(r.len())).then_some((in_left, in_right))
        })
        .collect();
    let range = |index: usize| ranges.get(index).copied().flatten();
    for (index, text) in left.iter().enumerate().take(room) {
        let differing = range(index).map_or((0, 0), |(in_left, _)| in_left);
        lines.push(ExplanationLine::marked(Mark::Left, "- ", text, differing));
    }
    for (index, text) in right
        .iter()
        .enumerate()
        .take(room.saturating_sub(left.len()))
    {
        let differing = range(index).map_or((0, 0), |(_, in_right)| in_right);
        lines.push(ExplanationLine::marked(Mark::Right, "+ ", text, differing));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(message: &str) -> String {
        let lines: Vec<String> = lines(message).iter().map(ExplanationLine::text).collect();
        lines.join("\n")
    }

    fn message<T: std::fmt::Debug>(left: T, right: T) -> String {
        format!("{COMPARISON}: why\n  left: {left:?}\n right: {right:?}")
    }

    #[test]
    fn other_messages_stay_as_they_are() {
        for text in [
            "two\n\nlines",
            "",
            "assertion `left == right` failed without values",
            "assertion `left != right` failed\n  left: 1\n right: 1",
            "assertion `left == right` failed\n  left: 1\n right: 2",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn short_values_stay_and_their_difference_is_marked() {
        assert_eq!(
            shown(&message("hello wrld", "hello world")),
            "assertion `left == right` failed: why\n  left: \"hello wrld\"\n right: \"hello world\"\n                ^"
        );
        let marked = lines(&message("aa数bb", "aa字bb"));
        assert_eq!(
            marked[2].texts,
            [
                (" right: \"aa".to_owned(), false),
                ("字".to_owned(), true),
                ("bb\"".to_owned(), false)
            ]
        );
        assert_eq!(marked[3].text(), format!("{}^^", " ".repeat(11)));
    }

    #[test]
    fn texts_differ_by_their_lines() {
        assert_eq!(
            shown(&message("one\ntwo \"2\"\nthree\n", "one\ntwo '2'\nthree")),
            "assertion `left == right` failed: why\n(- left, + right)\n  one\n- two \"2\"\n+ two '2'\n  three\n- ⏎"
        );
        assert_eq!(
            shown(&message("a\n", "b\n")),
            "assertion `left == right` failed: why\n(- left, + right)\n- a\n+ b"
        );
    }

    #[derive(Debug)]
    #[allow(dead_code, reason = "it is shown by Debug")]
    struct Engine {
        name: &'static str,
        wheels: Vec<u64>,
        owner: Option<&'static str>,
    }

    #[test]
    fn structures_differ_by_their_fields() {
        let engine = |wheel, owner| Engine {
            name: "a, {b} [c] \"d\"",
            wheels: (0..12).chain([wheel]).map(|n| n * 1_000_000).collect(),
            owner,
        };
        assert_eq!(
            shown(&message(engine(20, Some("Ada")), engine(21, None))),
            "\
assertion `left == right` failed: why
(- left, + right)
  … 12 equal lines
          9000000,
          10000000,
          11000000,
-         20000000,
+         21000000,
      ],
-     owner: Some(\"Ada\"),
+     owner: None,
  }"
        );
    }

    #[test]
    fn every_comparison_of_a_list_is_shown() {
        let text = format!(
            "2 failures in this step:\n\n1. {}\n   at a.rs:1:1\n\n2. {}\n   at a.rs:2:1",
            message("a\nb", "a\nc"),
            message("x", "y"),
        );
        assert_eq!(
            shown(&text),
            "2 failures in this step:\n\n1. assertion `left == right` failed: why\n(- left, + right)\n  a\n- b\n+ c\n   at a.rs:1:1\n\n\
             2. assertion `left == right` failed: why\n  left: \"x\"\n right: \"y\"\n   at a.rs:2:1"
        );
    }

    #[test]
    fn values_that_look_the_same_are_shown_as_they_are() {
        let text = message("a\nb", "a\nb");
        assert_eq!(shown(&text), text);
    }

    /// With the square of the lines it would take hours.
    #[test]
    fn huge_values_are_shown_in_part() {
        let text = |by: usize| {
            (0..200_000)
                .map(|n| format!("{}\n", n * by))
                .collect::<String>()
        };
        let shown = shown(&message(text(1), text(7)));
        assert!(
            shown.lines().count() < 3 * MOST,
            "{}",
            shown.lines().count()
        );
        assert!(shown.ends_with("… more lines differ"));
        let list: Vec<usize> = (0..100_000).collect();
        let other: Vec<usize> = list.iter().map(|n| n / 2).collect();
        lines(&message(list, other));
        let deep = "[".repeat(100_000);
        lines(&format!("{COMPARISON}\n  left: {deep}\n right: {deep}x"));
    }
}
