//! Names for the functions of snippets.

use std::collections::HashSet;

/// Words that cannot be the name of a function.
const RUST_KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "main", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Functions of bdd-steps: a step program may have imported them.
const IMPORTED: &[&str] = &["pending", "skip", "worker"];

/// Gives names to functions, each once.
#[derive(Debug)]
pub struct FunctionNames {
    taken: HashSet<String>,
}

impl FunctionNames {
    /// `taken` are the names of functions that exist already.
    pub fn new<'n>(taken: impl Iterator<Item = &'n str>) -> Self {
        Self {
            taken: taken
                .chain(IMPORTED.iter().copied())
                .map(str::to_owned)
                .collect(),
        }
    }

    /// A free name made of the words of a step; those that give none begin with the attribute.
    pub fn of(&mut self, words: &str, attribute: &str) -> String {
        let mut stem = String::new();
        for c in words.chars().flat_map(char::to_lowercase) {
            if is_letter(c) || c.is_ascii_digit() {
                stem.push(c);
            } else if !stem.ends_with('_') && !stem.is_empty() {
                stem.push('_');
            }
            if stem.len() >= 60 {
                break;
            }
        }
        let stem = stem.trim_end_matches('_');
        let usable = stem.starts_with(is_letter) && !RUST_KEYWORDS.contains(&stem);
        let stem = if usable {
            stem.to_owned()
        } else {
            format!("{attribute}_{stem}")
        };
        let stem = stem.trim_end_matches('_');
        let name = (1..)
            .map(|n| {
                if n == 1 {
                    stem.to_owned()
                } else {
                    format!("{stem}_{n}")
                }
            })
            .find(|name| !self.taken.contains(name))
            .unwrap_or_else(|| stem.to_owned());
        self.taken.insert(name.clone());
        name
    }
}

/// The stem of a parameter's name: that of its parameter type, where it can be one in Rust.
pub fn stem(parameter_type: &str) -> String {
    let mut stem = String::new();
    for c in parameter_type.chars() {
        if c.is_uppercase() && stem.ends_with(|last: char| last.is_lowercase()) {
            stem.push('_');
        }
        if c.is_alphanumeric() {
            stem.extend(c.to_lowercase());
        } else if !stem.ends_with('_') {
            stem.push('_');
        }
    }
    let stem = stem.trim_matches('_');
    let usable = stem.starts_with(is_letter)
        && stem
            .chars()
            .all(|c| is_letter(c) || c.is_ascii_digit() || c == '_')
        && !RUST_KEYWORDS.contains(&stem);
    if usable { stem } else { "value" }.to_owned()
}

/// Whether the name of a function may hold this: Latin letters, accents included, which no lint
/// of Rust finds uncommon.
fn is_letter(c: char) -> bool {
    c.is_ascii_lowercase() || matches!(c, 'ß'..='ö' | 'ø'..='ÿ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_names_in_rust() {
        assert_eq!(stem("flight"), "flight");
        assert_eq!(stem("FlightNumber"), "flight_number");
        assert_eq!(stem("iso-date"), "iso_date");
        for no_name in ["type", "日付", "1st", "-", ""] {
            assert_eq!(stem(no_name), "value");
        }
    }
}
