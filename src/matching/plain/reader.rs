//! Reads plain patterns.

use super::class::{Class, Others, bit};
use super::{Part, PlainPattern};

/// Patterns with larger counts are compiled: they may be too large.
const MOST_COUNTED: u32 = 20;

/// Reads a pattern. Each method returns `None` when the pattern is not plain.
pub(super) struct Reader<'s> {
    source: &'s str,
    at: usize,
    counted: u32,
    plain: PlainPattern,
}

impl<'s> Reader<'s> {
    /// Reads a whole pattern.
    pub(super) fn read(source: &'s str) -> Option<PlainPattern> {
        let plain = PlainPattern {
            parts: Vec::new(),
            groups: Vec::new(),
        };
        let mut reader = Self {
            source,
            at: 0,
            counted: 0,
            plain,
        };
        reader.pattern()?;
        Some(reader.plain)
    }

    fn pattern(&mut self) -> Option<()> {
        self.expect('^')?;
        loop {
            match self.peek()? {
                '$' => {
                    self.at += 1;
                    return (self.at == self.source.len()).then_some(());
                }
                '(' => self.group()?,
                _ => self.atom()?,
            }
        }
    }

    fn group(&mut self) -> Option<()> {
        self.expect('(')?;
        let captures = match self.peek()? {
            '?' => {
                self.at += 1;
                self.expect(':')?;
                false
            }
            _ => true,
        };
        let start = self.at;
        if captures {
            self.plain.parts.push(Part::GroupStart);
        }
        match self.texts() {
            Some(texts) => self.plain.parts.push(Part::OneOf(texts)),
            None => {
                self.at = start;
                while self.peek()? != ')' {
                    self.atom()?;
                }
            }
        }
        if captures {
            self.plain.groups.push(start..self.at);
            self.plain.parts.push(Part::GroupEnd);
        }
        self.expect(')')?;
        // The whole group would be repeated.
        (!matches!(self.peek(), Some('?' | '*' | '+' | '{'))).then_some(())
    }

    /// Texts with `|` between them, up to the end of the group.
    fn texts(&mut self) -> Option<Vec<String>> {
        let mut texts = vec![String::new()];
        loop {
            match self.peek()? {
                ')' => return (texts.len() > 1).then_some(texts),
                '|' => {
                    self.at += 1;
                    texts.push(String::new());
                }
                _ => {
                    let Unit::Char(one) = self.unit()? else {
                        return None;
                    };
                    if matches!(self.peek(), Some('?' | '*' | '+' | '{')) {
                        return None;
                    }
                    texts.last_mut()?.push(one);
                }
            }
        }
    }

    /// A character or a class, and how often.
    fn atom(&mut self) -> Option<()> {
        let unit = self.unit()?;
        let repeated = self.repetition()?;
        match (unit, repeated) {
            (Unit::Char(one), None) => match self.plain.parts.last_mut() {
                Some(Part::Literal(text)) => text.push(one),
                _ => self.plain.parts.push(Part::Literal(one.to_string())),
            },
            (Unit::Char(one), Some(repeated)) => self.repeat(Class::of(one)?, repeated),
            (Unit::Class(class), repeated) => self.repeat(class, repeated.unwrap_or((1, 1))),
        }
        Some(())
    }

    fn repeat(&mut self, class: Class, (least, most): (u32, u32)) {
        self.plain.parts.push(Part::Repeated { class, least, most });
    }

    /// How often something may occur; the inner `None` is for what has no sign of repetition.
    fn repetition(&mut self) -> Option<Option<(u32, u32)>> {
        let repeated = match self.peek() {
            Some('?') => (0, 1),
            Some('*') => (0, u32::MAX),
            Some('+') => (1, u32::MAX),
            Some('{') => return self.counts().map(Some),
            _ => return Some(None),
        };
        self.at += 1;
        self.lazy()?;
        Some(Some(repeated))
    }

    /// A `?` that makes a repetition lazy: it changes nothing where there is one way only. A second sign would repeat
    /// the repetition.
    fn lazy(&mut self) -> Option<()> {
        if self.peek() == Some('?') {
            self.at += 1;
        }
        (!matches!(self.peek(), Some('?' | '*' | '+' | '{'))).then_some(())
    }

    /// `{2}`, `{2,}` or `{2,3}`.
    fn counts(&mut self) -> Option<(u32, u32)> {
        let inside = self.source[self.at..].strip_prefix('{')?;
        let (inside, _) = inside.split_once('}')?;
        let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten()
        };
        let least: u32 = number(least)?;
        let most: u32 = match most {
            "" => u32::MAX,
            most => number(most)?,
        };
        self.counted += if most == u32::MAX { least } else { most };
        self.at += inside.len() + 2;
        self.lazy()?;
        (least <= most && self.counted <= MOST_COUNTED).then_some((least, most))
    }

    fn unit(&mut self) -> Option<Unit> {
        let one = self.peek()?;
        self.at += one.len_utf8();
        match one {
            '.' => Some(Unit::Class(Class::ANY)),
            '[' => self.set().map(Unit::Class),
            '\\' => self.escaped(),
            '(' | ')' | '{' | '}' | ']' | '*' | '+' | '?' | '|' | '^' | '$' => None,
            one => Some(Unit::Char(one)),
        }
    }

    /// What follows a backslash.
    fn escaped(&mut self) -> Option<Unit> {
        let one = self.peek()?;
        self.at += one.len_utf8();
        match one {
            'd' => Some(Unit::Class(Class::DIGIT)),
            'w' => Some(Unit::Class(Class::WORD)),
            's' => Some(Unit::Class(Class::SPACE)),
            // `\<` and `\>` are the ends of words.
            '<' | '>' => None,
            one => one.is_ascii_punctuation().then_some(Unit::Char(one)),
        }
    }

    /// A set after its `[`.
    fn set(&mut self) -> Option<Class> {
        let negated = self.peek()? == '^';
        if negated {
            self.at += 1;
        }
        let mut set = Class {
            ascii: 0,
            others: Others::None,
        };
        let start = self.at;
        loop {
            let one = self.peek()?;
            self.at += one.len_utf8();
            match one {
                ']' if self.at > start + 1 => break,
                // A set in a set, an operator, or a character with a meaning that depends on its place.
                '[' | ']' | '&' | '~' | '-' | '^' => return None,
                '\\' => match self.escaped()? {
                    Unit::Char(one) => set.ascii |= bit(one)?,
                    Unit::Class(class) => {
                        set.ascii |= class.ascii;
                        set.others = Others::Some;
                    }
                },
                one => {
                    let last = self.range_end()?.unwrap_or(one);
                    if last < one {
                        return None;
                    }
                    for one in one..=last {
                        set.ascii |= bit(one)?;
                    }
                }
            }
        }
        if negated {
            set.ascii = !set.ascii;
            set.others = match set.others {
                Others::None => Others::All,
                Others::All | Others::Some => Others::Some,
            };
        }
        Some(set)
    }

    /// The last character of a range, after its first; the inner `None` if there is no range.
    fn range_end(&mut self) -> Option<Option<char>> {
        if self.peek()? != '-' {
            return Some(None);
        }
        self.at += 1;
        let last = self.peek()?;
        self.at += last.len_utf8();
        last.is_ascii_alphanumeric().then_some(Some(last))
    }

    fn peek(&self) -> Option<char> {
        self.source[self.at..].chars().next()
    }

    fn expect(&mut self, one: char) -> Option<()> {
        let is = self.peek() == Some(one);
        self.at += usize::from(is);
        is.then_some(())
    }
}

/// A character or a class.
enum Unit {
    Char(char),
    Class(Class),
}
