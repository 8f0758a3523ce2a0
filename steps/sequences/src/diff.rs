//! Finds what two sequences have in common, and where they differ.
//!
//! The elements are anything that can be hashed: rows of a table here, lines of an assertion in the runner.
//! It does not know what they mean or how a difference is shown.
//!
//! Elements that occur once on both sides divide the sequences. Between them, the shortest edit is searched
//! for, up to a limit. So time and memory are nearly linear for every input. Parts that differ too much are
//! reported as replaced as a whole, which is correct, but not the shortest answer.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

use crate::sort::sort_by;

/// How often a part may be divided again. Each time costs a pass over the elements.
const DIVISIONS: u32 = 8;
/// The longest edit that is searched for between two divisions. The memory is the square of it.
const LONGEST_EDIT: usize = 256;

/// A part of two sequences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The same elements on both sides; the ranges have the same length.
    Equal(Range<usize>, Range<usize>),
    /// Elements of the left that are replaced by those of the right. One of the ranges may be empty.
    Replaced(Range<usize>, Range<usize>),
}

/// The parts of two sequences, in order. Equal and replaced parts alternate.
pub fn parts<T: Hash + Eq>(left: &[T], right: &[T]) -> Vec<Part> {
    let (left, right) = numbered(left, right);
    let mut search = Search {
        left: &left,
        right: &right,
        parts: Vec::new(),
    };
    search.between(0..left.len(), 0..right.len(), DIVISIONS);
    search.parts
}

/// The elements as numbers, equal for equal elements, which are fast to compare.
fn numbered<T: Hash + Eq>(left: &[T], right: &[T]) -> (Vec<usize>, Vec<usize>) {
    let mut numbers = HashMap::with_capacity(left.len());
    let mut number = |element| {
        let next = numbers.len();
        *numbers.entry(element).or_insert(next)
    };
    (
        left.iter().map(&mut number).collect(),
        right.iter().map(&mut number).collect(),
    )
}

struct Search<'a> {
    left: &'a [usize],
    right: &'a [usize],
    parts: Vec<Part>,
}

impl Search<'_> {
    fn between(&mut self, left: Range<usize>, right: Range<usize>, divisions: u32) {
        let pairs = self.left[left.clone()]
            .iter()
            .zip(&self.right[right.clone()]);
        let prefix = pairs.take_while(|(l, r)| l == r).count();
        self.equal(left.start, right.start, prefix);
        let (left, right) = (
            left.start + prefix..left.end,
            right.start + prefix..right.end,
        );
        let pairs = self.left[left.clone()]
            .iter()
            .rev()
            .zip(self.right[right.clone()].iter().rev());
        let suffix = pairs.take_while(|(l, r)| l == r).count();
        let (left, right) = (
            left.start..left.end - suffix,
            right.start..right.end - suffix,
        );
        let (left_end, right_end) = (left.end, right.end);
        if left.is_empty() || right.is_empty() {
            self.replaced(left, right);
        } else {
            self.divide(left, right, divisions);
        }
        self.equal(left_end, right_end, suffix);
    }

    /// Divides where the same element occurs once on both sides.
    fn divide(&mut self, left: Range<usize>, right: Range<usize>, divisions: u32) {
        let anchors = match divisions {
            0 => Vec::new(),
            _ => self.anchors(left.clone(), right.clone()),
        };
        if anchors.is_empty() {
            return self.edit(left, right);
        }
        let (mut l, mut r) = (left.start, right.start);
        for (at_left, at_right) in anchors {
            self.between(l..at_left, r..at_right, divisions - 1);
            self.equal(at_left, at_right, 1);
            (l, r) = (at_left + 1, at_right + 1);
        }
        self.between(l..left.end, r..right.end, divisions - 1);
    }

    /// The longest list of elements that occur once on both sides, in the order of both.
    fn anchors(&self, left: Range<usize>, right: Range<usize>) -> Vec<(usize, usize)> {
        const OFTEN: usize = usize::MAX;
        let mut once: HashMap<usize, (Option<usize>, Option<usize>)> = HashMap::new();
        for at in left {
            let seen = &mut once.entry(self.left[at]).or_default().0;
            *seen = Some(seen.map_or(at, |_| OFTEN));
        }
        for at in right {
            if let Some((_, seen)) = once.get_mut(&self.right[at]) {
                *seen = Some(seen.map_or(at, |_| OFTEN));
            }
        }
        let mut pairs: Vec<(usize, usize)> = once
            .into_values()
            .filter_map(|(left, right)| left.zip(right))
            .filter(|(left, right)| *left != OFTEN && *right != OFTEN)
            .collect();
        sort_by(&mut pairs, &Ord::cmp);
        increasing(&pairs)
    }

    /// The shortest edit (Myers' greedy algorithm), if it is no longer than [`LONGEST_EDIT`].
    fn edit(&mut self, left: Range<usize>, right: Range<usize>) {
        let (a, b) = (&self.left[left.clone()], &self.right[right.clone()]);
        let Some(steps) = shortest(a, b) else {
            return self.replaced(left, right);
        };
        let (mut l, mut r) = (left.start, right.start);
        for (at_left, at_right, length) in steps {
            let (at_left, at_right) = (left.start + at_left, right.start + at_right);
            self.replaced(l..at_left, r..at_right);
            self.equal(at_left, at_right, length);
            (l, r) = (at_left + length, at_right + length);
        }
        self.replaced(l..left.end, r..right.end);
    }

    fn equal(&mut self, left: usize, right: usize, length: usize) {
        if length == 0 {
            return;
        }
        if let Some(Part::Equal(l, r)) = self.parts.last_mut() {
            (l.end, r.end) = (left + length, right + length);
            return;
        }
        let part = Part::Equal(left..left + length, right..right + length);
        self.parts.push(part);
    }

    fn replaced(&mut self, left: Range<usize>, right: Range<usize>) {
        if left.is_empty() && right.is_empty() {
            return;
        }
        if let Some(Part::Replaced(l, r)) = self.parts.last_mut() {
            (l.end, r.end) = (left.end, right.end);
            return;
        }
        self.parts.push(Part::Replaced(left, right));
    }
}

/// The longest list of pairs whose right sides increase. `pairs` are in the order of their left sides.
fn increasing(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length the list of that length with the smallest end, as the index of its end.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| pairs[end].1 < pair.1);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut list = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(index) = next {
        list.push(pairs[index]);
        next = before[index];
    }
    list.reverse();
    list
}

/// The runs of equal elements of the shortest edit: where they begin on both sides, and how long they are.
/// `None` when the edit is too long.
fn shortest(a: &[usize], b: &[usize]) -> Option<Vec<(usize, usize, usize)>> {
    let most = (a.len() + b.len()).min(LONGEST_EDIT);
    // Diagonal `k` (left minus right) is at `k + most + 1`; the value is how far left it reaches.
    let mut reach = vec![0usize; 2 * most + 3];
    let mut history: Vec<Vec<usize>> = Vec::new();
    for edits in 0..=most {
        // Only these diagonals are looked at on the way back.
        history.push(reach[most + 1 - edits..=most + 1 + edits].to_vec());
        for slot in (most + 1 - edits..=most + 1 + edits).step_by(2) {
            let mut x = from(&reach, slot, most + 1 - edits, most + 1 + edits);
            let mut y = x + most + 1 - slot;
            while x < a.len() && y < b.len() && a[x] == b[y] {
                (x, y) = (x + 1, y + 1);
            }
            reach[slot] = x;
            if x >= a.len() && y >= b.len() {
                return Some(way_back(&history, a.len(), b.len()));
            }
        }
    }
    None
}

/// Where an edit that arrives on a diagonal comes to before it follows equal elements.
fn from(reach: &[usize], slot: usize, lowest: usize, highest: usize) -> usize {
    if lowest == highest {
        return 0;
    }
    let down = slot == lowest || (slot != highest && reach[slot - 1] < reach[slot + 1]);
    if down {
        reach[slot + 1]
    } else {
        reach[slot - 1] + 1
    }
}

fn way_back(history: &[Vec<usize>], mut x: usize, mut y: usize) -> Vec<(usize, usize, usize)> {
    let mut runs = Vec::new();
    for (edits, reach) in history.iter().enumerate().rev() {
        // In this list diagonal `k` is at `k + edits`.
        let slot = x + edits - y;
        let start = match edits {
            0 => 0,
            _ => from(reach, slot, 0, 2 * edits),
        };
        if x > start {
            runs.push((start, start + edits - slot, x - start));
        }
        if edits > 0 {
            let down = slot == 0 || (slot != 2 * edits && reach[slot - 1] < reach[slot + 1]);
            let before = if down { slot + 1 } else { slot - 1 };
            x = reach[before];
            y = x + edits - before;
        }
    }
    runs.reverse();
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the law: the parts tile both sides, and equal parts are equal. The number of elements
    /// that were replaced on both sides together.
    fn cost<T: Hash + Eq + std::fmt::Debug>(left: &[T], right: &[T]) -> usize {
        let (mut l, mut r, mut cost) = (0, 0, 0);
        let mut last = None;
        for part in parts(left, right) {
            let (a, b, equal) = match part {
                Part::Equal(a, b) => (a, b, true),
                Part::Replaced(a, b) => (a, b, false),
            };
            assert_eq!((a.start, b.start), (l, r));
            assert_ne!(last, Some(equal), "parts take turns");
            assert!(!a.is_empty() || !b.is_empty());
            last = Some(equal);
            (l, r) = (a.end, b.end);
            if equal {
                assert_eq!(left[a], right[b]);
            } else {
                cost += a.len() + b.len();
            }
        }
        assert_eq!((l, r), (left.len(), right.len()));
        cost
    }

    fn of(left: &str, right: &str) -> usize {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        cost(&letters(left), &letters(right))
    }

    #[test]
    fn small_differences_are_small() {
        for (left, right, expected) in [
            ("", "", 0),
            ("abc", "abc", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "axc", 2),
            ("abcdef", "abdef", 1),
            ("aabbaabb", "aabaabb", 1),
            ("abcabba", "cbabac", 5),
            ("xaxbxcx", "xbxaxcx", 4),
            ("aaaa", "bbbb", 8),
            ("abab", "baba", 2),
        ] {
            assert_eq!(of(left, right), expected, "{left} {right}");
        }
    }

    /// Against the table of all prefixes, for many small pairs over few letters. Dividing may miss
    /// the shortest edit; without it, it must be found.
    #[test]
    fn the_search_finds_the_shortest_edit() {
        let mut seed = 1u64;
        let mut next = move |below: u64| {
            seed = seed
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (seed >> 33) % below
        };
        for _ in 0..2_000 {
            let mut word = || (0..next(12)).map(|_| next(3) as usize).collect::<Vec<_>>();
            let (a, b) = (word(), word());
            let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
            for (i, l) in a.iter().enumerate() {
                for (j, r) in b.iter().enumerate() {
                    table[i + 1][j + 1] = if l == r {
                        table[i][j] + 1
                    } else {
                        table[i][j + 1].max(table[i + 1][j])
                    };
                }
            }
            let common: usize = shortest(&a, &b).unwrap().iter().map(|run| run.2).sum();
            assert_eq!(common, table[a.len()][b.len()], "{a:?} {b:?}");
            cost(&a, &b);
        }
    }

    /// With the square of the length it would take hours.
    #[test]
    fn much_is_compared_in_no_time() {
        let many: Vec<u32> = (0..100_000).collect();
        let third: Vec<u32> = many
            .iter()
            .map(|n| if n % 3 == 0 { n + 1_000_000 } else { *n })
            .collect();
        assert_eq!(cost(&many, &third), 2 * 33_334);
        let reversed: Vec<u32> = many.iter().rev().copied().collect();
        assert_eq!(cost(&many, &reversed), 2 * 99_999);
        let bits = |by: u32| {
            many.iter()
                .map(|n| n.wrapping_mul(by) >> 7 & 1)
                .collect::<Vec<_>>()
        };
        cost(&bits(2_654_435_761), &bits(40_503));
        let repeated = [7; 50_000];
        assert_eq!(cost(&repeated, &repeated[..49_900]), 100);
    }
}
