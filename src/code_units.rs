//! Places in a text that are counted in UTF-16 code units, as groups of step definitions are.

/// The bytes of the code units of a text.
#[derive(Debug)]
pub(crate) enum CodeUnits {
    /// Units are bytes.
    Ascii(usize),
    /// The text cannot be cut at the second half of a surrogate pair.
    Wide(Vec<Option<usize>>),
}

impl CodeUnits {
    /// Those of this text.
    pub(crate) fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Self::Ascii(text.len());
        }
        let mut units = Vec::with_capacity(text.len() + 1);
        for (at, c) in text.char_indices() {
            units.extend([Some(at), None].into_iter().take(c.len_utf16()));
        }
        units.push(Some(text.len()));
        Self::Wide(units)
    }

    /// The byte at which a unit begins, or the end of the text; `None` if the text cannot be cut there.
    pub(crate) fn byte(&self, unit: u32) -> Option<usize> {
        let unit = unit as usize;
        match self {
            Self::Ascii(length) => (unit <= *length).then_some(unit),
            Self::Wide(units) => units.get(unit).copied().flatten(),
        }
    }
}
