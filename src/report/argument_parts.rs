//! The parts of the text of a step that the groups of a pattern matched, for reports that highlight them.

use crate::code_units::CodeUnits;
use crate::event::ArgumentGroup;

/// How far a part stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Emphasis {
    /// A group of the pattern.
    Argument,
    /// A group inside another one.
    Inner,
}

/// The highlighted parts as byte ranges of the text: in order, without overlaps. Nested groups look different from those
/// around them, and deeper groups look like those of the second level. Groups that do not fit the text or each other are
/// left out; only a faulty worker sends such groups.
pub(crate) fn argument_parts(
    text: &str,
    groups: &[ArgumentGroup],
) -> Vec<(Emphasis, usize, usize)> {
    let places = CodeUnits::of(text);
    let mut pieces = Vec::new();
    let mut at = 0;
    for (group, start, end) in fitting(&places, groups, 0, text.len()) {
        at = at.max(start);
        for (_, inner_start, inner_end) in fitting(&places, &group.children, start, end) {
            if at < inner_start {
                pieces.push((Emphasis::Argument, at, inner_start));
            }
            pieces.push((Emphasis::Inner, inner_start, inner_end));
            at = inner_end;
        }
        if at < end {
            pieces.push((Emphasis::Argument, at, end));
        }
        at = end;
    }
    pieces
}

/// The groups that took part, lie between `from` and `to`, and do not begin before the one before
/// them ends.
fn fitting<'a>(
    places: &CodeUnits,
    groups: &'a [ArgumentGroup],
    mut from: usize,
    to: usize,
) -> Vec<(&'a ArgumentGroup, usize, usize)> {
    let mut fitting = Vec::new();
    for group in groups.iter().filter(|group| group.value.is_some()) {
        if let (Some(start), Some(end)) = (places.byte(group.start), places.byte(group.end))
            && from <= start
            && start < end
            && end <= to
        {
            fitting.push((group, start, end));
            from = end;
        }
    }
    fitting
}

#[cfg(test)]
mod tests {
    use super::Emphasis::{Argument, Inner};
    use super::*;

    fn group(start: u32, end: u32) -> ArgumentGroup {
        ArgumentGroup {
            value: Some(String::new()),
            start,
            end,
            children: Vec::new(),
            parameter_type: None,
        }
    }

    fn parent(start: u32, end: u32, children: Vec<ArgumentGroup>) -> ArgumentGroup {
        ArgumentGroup {
            children,
            ..group(start, end)
        }
    }

    #[test]
    fn groups_count_in_utf_16() {
        assert_eq!(
            argument_parts("I 𝄞 é x", &[group(2, 4), group(5, 6)]),
            [(Argument, 2, 6), (Argument, 7, 9)]
        );
        assert_eq!(
            argument_parts("I 𝄞", &[group(3, 4), group(2, 9), group(4, 2)]),
            []
        );
        assert_eq!(
            argument_parts("abc", &[group(1, 2), group(2, 7)]),
            [(Argument, 1, 2)]
        );
    }

    #[test]
    fn groups_inside_groups_stand_out() {
        assert_eq!(
            argument_parts(
                "from LHR to 𝄞é!",
                &[parent(5, 15, vec![group(5, 8), group(12, 15)])]
            ),
            [(Inner, 5, 8), (Argument, 8, 12), (Inner, 12, 18)]
        );
        let deep = parent(1, 3, vec![parent(1, 3, vec![group(2, 3)])]);
        assert_eq!(argument_parts("abcd", &[deep]), [(Inner, 1, 3)]);
    }

    #[test]
    fn groups_that_do_not_fit_are_left_out() {
        let outside = parent(
            1,
            3,
            vec![group(0, 2), group(2, 4), group(1, 2), group(1, 3)],
        );
        assert_eq!(
            argument_parts("abcdef", &[outside, group(2, 5), group(3, 4)]),
            [(Inner, 1, 2), (Argument, 2, 3), (Argument, 3, 4)]
        );
        let mut absent = parent(1, 2, vec![group(1, 2)]);
        absent.value = None;
        assert_eq!(argument_parts("abc", &[absent]), []);
    }
}
