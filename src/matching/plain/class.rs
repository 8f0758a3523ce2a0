//! Classes of characters.

/// A class of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Class {
    /// The ASCII characters in it, by their codes.
    pub(super) ascii: u128,
    /// Whether it has the other characters.
    pub(super) others: Others,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    None,
    All,
    /// Only the tables of Unicode say so.
    Some,
}

impl Class {
    pub(super) const DIGIT: Self = Self {
        ascii: ascii(b"0123456789"),
        others: Others::Some,
    };
    pub(super) const WORD: Self = Self {
        ascii: ascii(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
        others: Others::Some,
    };
    pub(super) const SPACE: Self = Self {
        ascii: ascii(b"\t\n\x0b\x0c\r "),
        others: Others::Some,
    };
    /// Everything but the end of a line.
    pub(super) const ANY: Self = Self {
        ascii: !ascii(b"\n"),
        others: Others::All,
    };

    pub(super) fn of(one: char) -> Option<Self> {
        Some(Self {
            ascii: bit(one)?,
            others: Others::None,
        })
    }

    /// How many characters of the class a text begins with, at most `most`, and their length in bytes. `None` if only
    /// the tables of Unicode say so.
    pub(super) fn run(&self, text: &str, most: u32) -> Option<(u32, usize)> {
        let mut count = 0;
        for (at, one) in text.char_indices() {
            if count == most {
                return Some((count, at));
            }
            let taken = match (bit(one), self.others) {
                (Some(bit), _) => self.ascii & bit != 0,
                (None, Others::None) => false,
                (None, Others::All) => true,
                (None, Others::Some) => return None,
            };
            if !taken {
                return Some((count, at));
            }
            count += 1;
        }
        Some((count, text.len()))
    }

    pub(super) fn may_have(&self, one: char) -> bool {
        match bit(one) {
            Some(bit) => self.ascii & bit != 0,
            None => self.others != Others::None,
        }
    }

    pub(super) fn may_share_with(&self, other: &Self) -> bool {
        let others = self.others != Others::None && other.others != Others::None;
        self.ascii & other.ascii != 0 || others
    }
}

/// The bit of an ASCII character.
pub(super) fn bit(one: char) -> Option<u128> {
    one.is_ascii().then(|| 1 << u32::from(one))
}

const fn ascii(bytes: &[u8]) -> u128 {
    let mut bits = 0;
    let mut at = 0;
    while at < bytes.len() {
        bits |= 1 << bytes[at];
        at += 1;
    }
    bits
}
