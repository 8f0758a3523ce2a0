//! The parameter types that every expression may use.

/// A built-in parameter type.
#[derive(Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name; the anonymous one's is empty.
    pub name: &'static str,
    /// Its regular expressions, the same as in all implementations of Cucumber Expressions.
    pub regexps: &'static [&'static str],
    /// The same for an engine without look-around, in which `\d` also matches other digits than 0 to 9.
    pub linear: &'static [&'static str],
    /// Whether generated expressions use it.
    pub use_for_snippets: bool,
    /// Whether it wins if several types have the regular expression of a group.
    pub prefer_for_regexp: bool,
}

impl BuiltIn {
    /// The built-in parameter type with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        BUILT_IN.iter().find(|built_in| built_in.name == name)
    }
}

const INTEGER: &[&str] = &[r"-?\d+", r"\d+"];
const LINEAR_INTEGER: &[&str] = &["-?[0-9]+", "[0-9]+"];
const FLOAT: &[&str] = &[r"(?=.*\d.*)[-+]?\d*(?:\.(?=\d.*))?\d*(?:\d+[E][+-]?\d+)?"];
/// The look-ahead of [`FLOAT`] requires a digit, and one after the dot. It also looks beyond the number, so a
/// single sign before a later digit counts as a number. Here the number must contain a digit.
const LINEAR_FLOAT: &[&str] = &[r"[-+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:E[-+]?[0-9]+)?"];
const WORD: &[&str] = &[r"[^\s]+"];
const STRING: &[&str] = &[r#""([^"\\]*(\\.[^"\\]*)*)"|'([^'\\]*(\\.[^'\\]*)*)'"#];
const ANYTHING: &[&str] = &[".*"];

/// All built-in parameter types.
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
