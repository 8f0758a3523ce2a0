//! Finds the patterns that a text may match, by their literal prefixes.

use super::pattern::Pattern;

/// Patterns sorted by prefix. Matching a text with 500 of them costs little more than with 30.
#[derive(Debug, Default)]
pub struct Index {
    /// The prefixes of the anchored patterns, sorted, each once.
    anchored: Vec<Prefix>,
    /// The positions of all others.
    others: Vec<usize>,
}

/// A literal prefix.
#[derive(Debug)]
struct Prefix {
    text: Box<str>,
    /// The positions of the patterns with exactly this prefix.
    patterns: Vec<usize>,
    /// The place of the longest other prefix that this one begins with.
    shorter: Option<usize>,
}

impl Index {
    /// Builds the index; positions are those in `patterns`.
    pub fn new<'p>(patterns: impl Iterator<Item = (usize, &'p Pattern)>) -> Self {
        let mut index = Self::default();
        let mut anchored = Vec::new();
        for (position, pattern) in patterns {
            match pattern.prefix() {
                Some(prefix) => anchored.push((prefix, position)),
                None => index.others.push(position),
            }
        }
        anchored.sort_unstable();
        for equal in anchored.chunk_by(|(one, _), (other, _)| one == other) {
            let text = equal[0].0;
            // What begins with a text stands right after it.
            let mut shorter = index.anchored.len().checked_sub(1);
            while let Some(at) = shorter.filter(|at| !text.starts_with(&*index.anchored[*at].text))
            {
                shorter = index.anchored[at].shorter;
            }
            index.anchored.push(Prefix {
                text: text.into(),
                patterns: equal.iter().map(|(_, position)| *position).collect(),
                shorter,
            });
        }
        index
    }

    /// The positions of the patterns that `text` may match, in ascending order: those whose prefix
    /// it begins with, and those without one.
    pub fn candidates(&self, text: &str) -> Vec<usize> {
        let mut found = Vec::with_capacity(self.others.len() + 4);
        found.extend(&self.others);
        // Every prefix of the text is one of the last prefix that is not greater than the text, too.
        let greater = self.anchored.partition_point(|one| *one.text <= *text);
        let mut next = greater.checked_sub(1);
        while let Some(prefix) = next.map(|at| &self.anchored[at]) {
            if text.starts_with(&*prefix.text) {
                found.extend(&prefix.patterns);
            }
            next = prefix.shorter;
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
        assert_eq!(index.candidates("a"), [1, 3, 5]);
        assert_eq!(index.candidates("the cat"), [1, 2, 3, 4]);
        assert_eq!(index.candidates("the zebra"), [1, 2, 3]);
        assert_eq!(index.candidates("zebra"), [1, 3]);
    }
}
