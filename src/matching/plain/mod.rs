//! Matches plain patterns without a regular expression engine: literal text with simple groups between `^` and `$`, as
//! nearly all patterns of steps are.
//!
//! Compiling such a pattern costs more than a whole run matches with it: with 500 definitions it was a fifth of the time
//! of 1,000 scenarios. What is not plain, or not certain, is left to the engine, so both find the same.

use std::ops::Range;

use class::Class;
use reader::Reader;

mod class;
mod reader;
#[cfg(test)]
mod tests;

/// A pattern that is matched from left to right in one pass: at each place, the text allows one way to go on.
#[derive(Debug, PartialEq, Eq)]
pub struct PlainPattern {
    parts: Vec<Part>,
    /// The place of each group's content in the source, in bytes.
    groups: Vec<Range<usize>>,
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Repeated {
        class: Class,
        least: u32,
        most: u32,
    },
    /// One of several texts, none of which begins with another.
    OneOf(Vec<String>),
    GroupStart,
    GroupEnd,
}

/// What a plain pattern says of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// It matches. The ranges are those of the groups, in bytes.
    Match(Vec<Range<usize>>),
    /// It does not match.
    Nothing,
    /// The engine has to say.
    Unknown,
}

impl PlainPattern {
    /// Reads a regular expression in the syntax of the `regex` crate. `None` if it is not plain, which includes all
    /// mistakes in it.
    pub fn read(source: &str) -> Option<Self> {
        let plain = Reader::read(source)?;
        plain.is_certain().then_some(plain)
    }

    /// The content of each group in the source, in bytes. No group lies in another.
    pub fn groups(&self) -> &[Range<usize>] {
        &self.groups
    }

    /// The text that every match begins with, if it begins with one.
    pub fn prefix(&self) -> Option<&str> {
        match self.parts.first()? {
            Part::Literal(text) => Some(text),
            _ => None,
        }
    }

    /// The text that every match ends with, if it ends with one.
    pub fn suffix(&self) -> Option<&str> {
        match self.parts.last()? {
            Part::Literal(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it matches a whole text.
    pub fn find(&self, text: &str) -> Found {
        // Most texts that do not match show it before the first group ends.
        let mut groups = Vec::new();
        let mut start = 0;
        let mut at = 0;
        for part in &self.parts {
            let rest = &text[at..];
            match part {
                Part::Literal(literal) if rest.starts_with(literal.as_str()) => at += literal.len(),
                Part::OneOf(texts) => match texts.iter().find(|one| rest.starts_with(one.as_str()))
                {
                    Some(found) => at += found.len(),
                    None => return Found::Nothing,
                },
                Part::Literal(_) => return Found::Nothing,
                Part::Repeated { class, least, most } => match class.run(rest, *most) {
                    Some((count, length)) if count >= *least => at += length,
                    Some(_) => return Found::Nothing,
                    None => return Found::Unknown,
                },
                Part::GroupStart => start = at,
                Part::GroupEnd => {
                    groups.reserve_exact(self.groups.len() - groups.len());
                    groups.push(start..at);
                }
            }
        }
        match at == text.len() {
            true => Found::Match(groups),
            false => Found::Nothing,
        }
    }

    /// Whether one pass finds what an engine finds that tries all ways: what follows a repetition begins with a
    /// character that the repetition cannot take.
    fn is_certain(&self) -> bool {
        let certain = |(number, part): (usize, &Part)| match part {
            Part::Repeated { least, most, .. } if least == most => true,
            Part::Repeated { class, .. } => {
                let rest = &self.parts[number + 1..];
                !may_begin_with(rest, class)
            }
            Part::OneOf(texts) => is_free_of_prefixes(texts),
            Part::Literal(_) | Part::GroupStart | Part::GroupEnd => true,
        };
        self.parts.iter().enumerate().all(certain)
    }
}

/// Whether a text that matches the parts may begin with a character of a class.
fn may_begin_with(parts: &[Part], class: &Class) -> bool {
    for part in parts {
        match part {
            Part::GroupStart | Part::GroupEnd => {}
            Part::Literal(text) => {
                return text.chars().next().is_some_and(|one| class.may_have(one));
            }
            Part::OneOf(texts) => {
                let mut first = texts.iter().filter_map(|text| text.chars().next());
                return first.any(|one| class.may_have(one));
            }
            Part::Repeated {
                class: next, least, ..
            } => {
                if class.may_share_with(next) {
                    return true;
                }
                if *least > 0 {
                    return false;
                }
            }
        }
    }
    false
}

fn is_free_of_prefixes(texts: &[String]) -> bool {
    texts.iter().enumerate().all(|(number, one)| {
        let mut others = texts
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != number);
        !one.is_empty() && !others.any(|(_, other)| other.starts_with(one.as_str()))
    })
}
