//! Reads INI files as Python's `configparser` does.
//!
//! It knows no keys.

use std::collections::BTreeMap;

/// The section whose values every other section has.
const DEFAULT: &str = "DEFAULT";

/// How often a value may name another one.
const DEEPEST: usize = 10;

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IniEntry {
    pub(super) key: String,
    /// The value; several lines are joined by `\n`.
    pub(super) value: String,
    /// The line of the key, from 1.
    pub(super) line: usize,
}

/// The sections of a file.
#[derive(Debug, Default)]
pub(super) struct Ini {
    sections: BTreeMap<String, Vec<IniEntry>>,
}

impl Ini {
    /// Reads a text. Lines that are none of this notation are left out: files such as `setup.cfg` belong to other
    /// programs, which may read more.
    pub(super) fn parse(text: &str) -> Self {
        let mut ini = Self::default();
        let mut section: Option<String> = None;
        // The indent of the key whose value goes on.
        let mut open: Option<usize> = None;
        for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
            let content = line.trim();
            if content.starts_with(['#', ';']) {
                continue;
            }
            let indent = line.len() - line.trim_start().len();
            let entries = section
                .as_ref()
                .and_then(|section| ini.sections.get_mut(section));
            if content.is_empty() {
                if let (Some(_), Some(last)) = (open, entries.and_then(|list| list.last_mut())) {
                    last.value.push('\n');
                }
                continue;
            }
            if open.is_some_and(|of_key| indent > of_key) {
                if let Some(last) = entries.and_then(|list| list.last_mut()) {
                    last.value.push('\n');
                    last.value.push_str(content);
                }
                continue;
            }
            if let Some(name) = content
                .strip_prefix('[')
                .and_then(|rest| rest.split_once(']'))
            {
                ini.sections.entry(name.0.to_owned()).or_default();
                section = Some(name.0.to_owned());
                open = None;
                continue;
            }
            open = None;
            if let (Some(entries), Some(at)) = (entries, content.find(['=', ':'])) {
                open = Some(indent);
                entries.push(IniEntry {
                    key: content[..at].trim_end().to_owned(),
                    value: content[at + 1..].trim_start().to_owned(),
                    line: number,
                });
            }
        }
        for entry in ini.sections.values_mut().flatten() {
            entry.value.truncate(entry.value.trim_end().len());
        }
        ini
    }

    /// Whether there is such a section.
    pub(super) fn has(&self, section: &str) -> bool {
        self.sections.contains_key(section)
    }

    /// The entries of a section, those of `DEFAULT` too, with `%(name)s` replaced. Of a repeated key the last wins.
    pub(super) fn section(&self, section: &str) -> Vec<IniEntry> {
        if !self.has(section) {
            return Vec::new();
        }
        let mut values: BTreeMap<&str, &IniEntry> = BTreeMap::new();
        for entries in [DEFAULT, section].map(|name| self.sections.get(name)) {
            let entries = entries.into_iter().flatten();
            values.extend(entries.map(|entry| (entry.key.as_str(), entry)));
        }
        let mut entries: Vec<IniEntry> = values
            .values()
            .map(|entry| IniEntry {
                value: interpolated(&entry.value, &values, DEEPEST),
                ..(*entry).clone()
            })
            .collect();
        entries.sort_by_key(|entry| entry.line);
        entries
    }
}

/// A value with `%(name)s` replaced by other values of the section, and `%%` by `%`.
fn interpolated(value: &str, values: &BTreeMap<&str, &IniEntry>, depth: usize) -> String {
    let mut result = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('%') {
        result.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            result.push('%');
            rest = after;
            continue;
        }
        let named = rest
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(")s"));
        match named.and_then(|(name, after)| Some((values.get(name)?, after))) {
            Some((entry, after)) if depth > 0 => {
                result.push_str(&interpolated(&entry.value, values, depth - 1));
                rest = after;
            }
            _ => result.push('%'),
        }
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, section: &str) -> Vec<(String, String, usize)> {
        let entries = Ini::parse(text).section(section).into_iter();
        entries
            .map(|entry| (entry.key, entry.value, entry.line))
            .collect()
    }

    #[test]
    fn values_may_have_several_lines() {
        let text =
            "[behave]\npaths = a\n  b\n\n  # no value\n  c\nname: x = y\n\n[other]\nname = z\n";
        assert_eq!(
            values(text, "behave"),
            [
                ("paths".to_owned(), "a\nb\n\nc".to_owned(), 2),
                ("name".to_owned(), "x = y".to_owned(), 7),
            ]
        );
        assert_eq!(values(text, "none"), []);
    }

    #[test]
    fn values_may_name_others_and_those_of_the_default_section() {
        let text = "[DEFAULT]\nroot = /r\n[s]\na = %(root)s/x\nb = 50%%\nc = %(none)s\nd = %(d)s\n";
        let values = values(text, "s");
        let of = |key: &str| {
            values
                .iter()
                .find(|value| value.0 == key)
                .unwrap()
                .1
                .clone()
        };
        assert_eq!([of("a"), of("b"), of("c")], ["/r/x", "50%", "%(none)s"]);
        assert_eq!(of("root"), "/r");
        assert!(of("d").starts_with('%'), "a circle ends");
    }

    #[test]
    fn what_is_no_ini_is_left_out() {
        assert_eq!(
            values("x = 1\n]\n[a\n=\n[s]\nnothing\nk = v\n", "s").len(),
            1
        );
    }
}
