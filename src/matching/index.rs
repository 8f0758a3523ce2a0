//! Finds the patterns that a text may match, by their literal prefixes.

use super::pattern::Pattern;

/// Patterns sorted by prefix. Matching a text with 500 of them costs little more than with 30.
#[derive(Debug, Default)]
pub struct Index {
    /// Prefix and position of each anchored pattern, sorted by prefix.
    anchored: Vec<(Box<str>, usize)>,
    /// The positions of all others.
    others: Vec<usize>,
}

impl Index {
    /// Builds the index; positions are those in `patterns`.
    pub fn new<'p>(patterns: impl Iterator<Item = (usize, &'p Pattern)>) -> Self {
        let mut index = Self::default();
        for (position, pattern) in patterns {
            match pattern.prefix() {
                Some(prefix) => index.anchored.push((prefix.into(), position)),
                None => index.others.push(position),
            }
        }
        index.anchored.sort();
        index
    }

    /// The positions of the patterns that `text` may match, in ascending order: those whose prefix
    /// it begins with, and those without one.
    pub fn candidates(&self, text: &str) -> Vec<usize> {
        let mut found = self.others.clone();
        // The sorted list is read as a trie: all of `range` begins with the first `depth` bytes.
        let mut range = &self.anchored[..];
        let mut depth = 0;
        while !range.is_empty() {
            let ended = range.partition_point(|(prefix, _)| prefix.len() == depth);
            found.extend(range[..ended].iter().map(|(_, position)| *position));
            range = &range[ended..];
            let Some(&byte) = text.as_bytes().get(depth) else {
                break;
            };
            let from = range.partition_point(|(prefix, _)| prefix.as_bytes()[depth] < byte);
            let to = range.partition_point(|(prefix, _)| prefix.as_bytes()[depth] <= byte);
            range = &range[from..to];
            depth += 1;
        }
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::matching::ParameterTypes;

    #[test]
    fn finds_every_pattern_whose_prefix_fits() {
        let patterns: Vec<Pattern> = [
            "^the cat (.*)$",
            "cat",
            "^the (.*)$",
            "^(.*)$",
            "^the cat$",
            "^a",
        ]
        .iter()
        .map(|source| Pattern::regex(source, &ParameterTypes::default()).unwrap())
        .collect();
        let index = Index::new(patterns.iter().enumerate());
        assert_eq!(index.candidates("the cat sat"), [0, 1, 2, 3, 4]);
        assert_eq!(index.candidates("the"), [1, 3]);
        assert_eq!(index.candidates(""), [1, 3]);
    }
}
