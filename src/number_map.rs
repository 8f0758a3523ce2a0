//! A map by the numbers of scenarios.

use foldhash::HashMap;

/// Values by number. The numbers of a plan follow each other from 0, so the values are a list: it is smaller than a hash
/// table, and faster. Only a file of events that somebody has edited has other numbers.
#[derive(Debug)]
pub(crate) struct NumberMap<T> {
    list: Vec<T>,
    others: HashMap<u32, T>,
}

impl<T> Default for NumberMap<T> {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            others: HashMap::default(),
        }
    }
}

impl<T> NumberMap<T> {
    pub(crate) fn len(&self) -> usize {
        self.list.len() + self.others.len()
    }

    /// The values in the order of their numbers.
    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        let mut others: Vec<_> = self.others.iter().collect();
        others.sort_unstable_by_key(|(number, _)| **number);
        self.list
            .iter()
            .chain(others.into_iter().map(|(_, value)| value))
    }

    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        match self.list.get(number as usize) {
            None if self.others.is_empty() => None,
            None => self.others.get(&number),
            found => found,
        }
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        match self.list.get_mut(number as usize) {
            None => self.others.get_mut(&number),
            found => found,
        }
    }

    /// Adds a value, or replaces that of this number.
    pub(crate) fn insert(&mut self, number: u32, value: T) {
        let next = self.list.len();
        if number as usize == next && !self.others.contains_key(&number) {
            self.list.push(value);
        } else if let Some(known) = self.list.get_mut(number as usize) {
            *known = value;
        } else {
            self.others.insert(number, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_map(inserted in prop::collection::vec((0..20_u32, any::<u8>()), 0..40)) {
            let (mut map, mut model) = (NumberMap::default(), HashMap::new());
            for (number, value) in inserted {
                map.insert(number, value);
                model.insert(number, value);
            }
            prop_assert_eq!(map.len(), model.len());
            let mut sorted: Vec<_> = model.iter().collect();
            sorted.sort_unstable();
            prop_assert!(map.values().eq(sorted.iter().map(|(_, value)| *value)));
            for number in 0..25 {
                prop_assert_eq!(map.get(number), model.get(&number));
                prop_assert_eq!(map.get_mut(number), model.get_mut(&number));
            }
        }
    }
}
