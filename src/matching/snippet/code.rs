//! The code of a definition in Rust.

use super::draft::Source;
use super::steps::{ArgumentsBelow, Presence};

/// A function that is to be written.
pub(super) struct FunctionCode<'c> {
    pub(super) attribute: &'c str,
    pub(super) source: &'c Source,
    pub(super) name: &'c str,
    pub(super) parameters: Parameters,
}

/// The parameters of a function: names, each once, and types.
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Adds a parameter with a name of this stem.
    pub(super) fn add(&mut self, stem: &str, kind: &str) {
        let name = (1..)
            .map(|n| match n {
                1 => stem.to_owned(),
                _ => format!("{stem}_{n}"),
            })
            .find(|name| self.0.iter().all(|(taken, _)| taken != name))
            .unwrap_or_default();
        self.0.push((name, kind.to_owned()));
    }

    /// Adds a parameter for each thing that stands below a step.
    pub(super) fn add_below(&mut self, below: ArgumentsBelow) {
        for (stem, kind, presence) in [
            ("table", "bdd_steps::Table", below.table),
            ("docstring", "bdd_steps::DocString", below.doc_string),
        ] {
            match presence {
                Presence::Never => {}
                Presence::Sometimes => self.add(stem, &format!("Option<{kind}>")),
                Presence::Always => self.add(stem, kind),
            }
        }
    }
}

impl FunctionCode<'_> {
    /// The function. It is pending until its author changes it: a step that nobody wrote must not pass.
    pub(super) fn text(&self) -> String {
        let parameters = &self.parameters.0;
        let declared: Vec<String> = parameters
            .iter()
            .map(|(name, kind)| format!("{name}: {kind}"))
            .collect();
        let names: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
        let used = match names.as_slice() {
            [] => String::new(),
            [one] => format!("    let _ = {one};\n"),
            several => format!("    let _ = ({});\n", several.join(", ")),
        };
        format!(
            "#[bdd_steps::{}({})]\nfn {}({}) -> bdd_steps::Outcome {{\n    \
             // Write here what the step does, and remove the return type.\n{used}    \
             bdd_steps::pending(\"this step is not written yet\")\n}}",
            self.attribute,
            argument(self.source),
            self.name,
            declared.join(", ")
        )
    }
}

/// The argument of the attribute.
fn argument(source: &Source) -> String {
    match source {
        Source::Expression(expression) => {
            let literal = string(expression);
            // Without the key, it would be taken for a regular expression.
            if expression.starts_with('^') || expression.ends_with('$') {
                format!("expr = {literal}")
            } else {
                literal
            }
        }
        Source::Regex(pattern) if !pattern.contains(needs_escape) => raw_string(pattern),
        Source::Regex(pattern) => string(pattern),
    }
}

/// A string literal, raw where that is easier to read.
fn string(text: &str) -> String {
    if text.contains(needs_escape) {
        let mut literal = String::from("\"");
        for character in text.chars() {
            if needs_escape(character) {
                literal.extend(character.escape_default());
            } else {
                if matches!(character, '"' | '\\') {
                    literal.push('\\');
                }
                literal.push(character);
            }
        }
        literal.push('"');
        literal
    } else if text.contains(['"', '\\']) {
        raw_string(text)
    } else {
        format!("\"{text}\"")
    }
}

/// Whether the reader of a literal could not see a character, or the compiler refuses it there: control
/// characters, marks of direction, spaces that look like plain ones.
fn needs_escape(character: char) -> bool {
    // Marks that combine with a letter are visible there.
    !unicode_normalization::char::is_combining_mark(character)
        && character.escape_debug().next() == Some('\\')
        && !matches!(character, '"' | '\'' | '\\')
}

/// A raw string literal with as many `#` as the text needs.
fn raw_string(text: &str) -> String {
    let mut hashes = String::new();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_show_what_is_invisible() {
        for (text, literal) in [
            ("I don't", "\"I don't\""),
            ("say \"a\"#", "r##\"say \"a\"#\"##"),
            ("a\tb", "\"a\\tb\""),
            ("\"a\"\u{a0}\\", "\"\\\"a\\\"\\u{a0}\\\\\""),
            ("\u{202e}a\u{200b}", "\"\\u{202e}a\\u{200b}\""),
            ("e\u{301} \u{e9} 日本", "\"e\u{301} \u{e9} 日本\""),
        ] {
            assert_eq!(string(text), literal);
        }
    }
}
