//! The parameter types that every expression may use.

/// A built-in parameter type.
#[derive(Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name; the anonymous one's is empty.
    pub name: &'static str,
    /// Its regular expressions, as all implementations of Cucumber Expressions have them.
    pub regexps: &'static [&'static str],
    /// The same for an engine that has no look-around and knows more digits than 0 to 9.
    pub linear: &'static [&'static str],
    /// Whether expressions that are made from a text use it.
    pub use_for_snippets: bool,
    /// Whether it applies to a group of a regular expression that has its source, when others do.
    pub prefer_for_regexp: bool,
}

impl BuiltIn {
    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        BUILT_IN.iter().find(|built_in| built_in.name == name)
    }
}

const INTEGER: &[&str] = &[r"-?\d+", r"\d+"];
const LINEAR_INTEGER: &[&str] = &["-?[0-9]+", "[0-9]+"];
const FLOAT: &[&str] = &[r"(?=.*\d.*)[-+]?\d*(?:\.(?=\d.*))?\d*(?:\d+[E][+-]?\d+)?"];
/// The look-ahead of [`FLOAT`] requires a digit, and one after the dot. It also looks beyond the number, so
/// that a single sign before some later digit counts as a number; here the number must contain a digit.
const LINEAR_FLOAT: &[&str] = &[r"[-+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:E[-+]?[0-9]+)?"];
const WORD: &[&str] = &[r"[^\s]+"];
const STRING: &[&str] = &[r#""([^"\\]*(\\.[^"\\]*)*)"|'([^'\\]*(\\.[^'\\]*)*)'"#];
const ANYTHING: &[&str] = &[".*"];

/// All of them.
pub const BUILT_IN: &[BuiltIn] = &[
    of("int", INTEGER, LINEAR_INTEGER, true, true),
    of("float", FLOAT, LINEAR_FLOAT, true, false),
    of("word", WORD, WORD, false, false),
    of("string", STRING, STRING, true, false),
    of("", ANYTHING, ANYTHING, false, true),
    of("double", FLOAT, LINEAR_FLOAT, false, false),
    of("bigdecimal", FLOAT, LINEAR_FLOAT, false, false),
    of("byte", INTEGER, LINEAR_INTEGER, false, false),
    of("short", INTEGER, LINEAR_INTEGER, false, false),
    of("long", INTEGER, LINEAR_INTEGER, false, false),
    of("biginteger", INTEGER, LINEAR_INTEGER, false, false),
];

const fn of(
    name: &'static str,
    regexps: &'static [&'static str],
    linear: &'static [&'static str],
    use_for_snippets: bool,
    prefer_for_regexp: bool,
) -> BuiltIn {
    BuiltIn {
        name,
        regexps,
        linear,
        use_for_snippets,
        prefer_for_regexp,
    }
}
