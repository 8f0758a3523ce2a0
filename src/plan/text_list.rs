//! Lists of texts that are one text each: a plan has a hundred thousand cells, and to allocate each or to look it up takes
//! longer than to copy it.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// Texts in their order, such as the cells of a row.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct TextList {
    joined: Box<str>,
    /// Where each ends, in bytes.
    ends: Box<[usize]>,
}

/// Some of the texts of a list, one after the other.
#[derive(Clone)]
pub struct TextListIter<'t> {
    list: &'t TextList,
    range: Range<usize>,
}

impl TextList {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The length of all together, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.joined.len()
    }

    /// All of them.
    #[must_use]
    pub fn iter(&self) -> TextListIter<'_> {
        self.part(0..self.len())
    }

    /// Those with these positions.
    pub(super) fn part(&self, range: Range<usize>) -> TextListIter<'_> {
        TextListIter { list: self, range }
    }
}

impl<'t> Iterator for TextListIter<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let at = self.range.next()?;
        let TextList { joined, ends } = self.list;
        let start = at.checked_sub(1).map_or(0, |before| ends[before]);
        Some(&joined[start..ends[at]])
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.range.size_hint()
    }
}

impl ExactSizeIterator for TextListIter<'_> {}

impl<'t> IntoIterator for &'t TextList {
    type Item = &'t str;
    type IntoIter = TextListIter<'t>;

    fn into_iter(self) -> TextListIter<'t> {
        self.iter()
    }
}

impl<T: AsRef<str>> FromIterator<T> for TextList {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut new = NewTextList::default();
        new.extend(texts);
        new.take()
    }
}

/// Texts that are being put together. It keeps its room for the next list.
#[derive(Debug, Default)]
pub(super) struct NewTextList {
    joined: String,
    ends: Vec<usize>,
}

impl NewTextList {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn extend<T: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = T>) {
        let texts = texts.into_iter();
        self.ends.reserve(texts.size_hint().0);
        for text in texts {
            self.joined.push_str(text.as_ref());
            self.ends.push(self.joined.len());
        }
    }

    /// What was put together since the last call.
    pub(super) fn take(&mut self) -> TextList {
        let list = TextList {
            joined: self.joined.as_str().into(),
            ends: self.ends.as_slice().into(),
        };
        self.joined.clear();
        self.ends.clear();
        list
    }
}

impl fmt::Debug for TextList {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().fmt(formatter)
    }
}

impl fmt::Debug for TextListIter<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.clone()).finish()
    }
}

impl Serialize for TextList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.iter().serialize(serializer)
    }
}

impl Serialize for TextListIter<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.clone())
    }
}

impl<'de> Deserialize<'de> for TextList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        Ok(texts.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn texts_stay_as_they_are() {
        for texts in [&[][..], &[""], &["a", "", "äö", "", "x y"]] {
            let list: TextList = texts.iter().collect();
            assert_eq!(list.iter().collect::<Vec<_>>(), texts);
            assert_eq!((list.len(), list.iter().len()), (texts.len(), texts.len()));
            assert_eq!(format!("{list:?}"), format!("{texts:?}"));
            let json = serde_json::to_string(texts).unwrap();
            assert_eq!(serde_json::to_string(&list).unwrap(), json);
            assert_eq!(serde_json::from_str::<TextList>(&json).unwrap(), list);
        }
        let list: TextList = ["a", "b"].iter().collect();
        assert_ne!(list, ["ab", ""].iter().collect());
    }
}
