//! The errors of expressions, with the official texts.

use std::fmt;

/// An expression that cannot be used.
///
/// Its `Display` is the official text of several lines: the column, the expression, a caret below the place,
/// the problem and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// The expression.
    pub expression: String,
    /// Where the problem begins, in code points from 0.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// `a/(b)`
    AlternativeOnlyOptional,
    /// `a//b`
    AlternativeEmpty,
    /// `()`
    OptionalEmpty,
    /// `({int})`
    ParameterInOptional,
    /// `((a) b)`
    OptionalInOptional,
    /// `(a/b)`
    AlternationInOptional,
    /// A backslash at the end.
    EndOfLineEscaped,
    /// A backslash before a character without a special meaning.
    CannotEscape,
    /// `(` without `)`.
    OptionalUnfinished,
    /// `{` without `}`.
    ParameterUnfinished,
    /// `{a/b}`
    ParameterName,
    /// `{name}` where no parameter type has this name.
    UndefinedParameterType(String),
}

impl Error {
    pub(crate) fn at(kind: ErrorKind, expression: &str, start: usize, end: usize) -> Self {
        Self {
            kind,
            expression: expression.to_owned(),
            start,
            end,
        }
    }
}

impl ErrorKind {
    /// The problem, and what to do about it.
    fn texts(&self) -> (&'static str, &'static str) {
        match self {
            Self::AlternativeOnlyOptional => (
                "An alternative may not exclusively contain optionals",
                r"If you did not mean to use an optional you can use '\(' to escape the '('",
            ),
            Self::AlternativeEmpty => (
                "Alternative may not be empty",
                r"If you did not mean to use an alternative you can use '\/' to escape the '/'",
            ),
            Self::OptionalEmpty => (
                "An optional must contain some text",
                r"If you did not mean to use an optional you can use '\(' to escape the '('",
            ),
            Self::ParameterInOptional => (
                "An optional may not contain a parameter type",
                r"If you did not mean to use an parameter type you can use '\{' to escape the '{'",
            ),
            Self::OptionalInOptional => (
                "An optional may not contain an other optional",
                r"If you did not mean to use an optional type you can use '\(' to escape the '('. For more complicated expressions consider using a regular expression instead.",
            ),
            Self::AlternationInOptional => (
                "An alternation can not be used inside an optional",
                r"If you did not mean to use an alternation you can use '\/' to escape the '/'. Otherwise rephrase your expression or consider using a regular expression instead.",
            ),
            Self::EndOfLineEscaped => (
                "The end of line can not be escaped",
                r"You can use '\\' to escape the '\'",
            ),
            Self::CannotEscape => (
                r"Only the characters '{', '}', '(', ')', '\', '/' and whitespace can be escaped",
                r"If you did mean to use an '\' you can use '\\' to escape it",
            ),
            Self::OptionalUnfinished => (
                "The '(' does not have a matching ')'",
                r"If you did not intend to use optional text you can use '\(' to escape the optional text",
            ),
            Self::ParameterUnfinished => (
                "The '{' does not have a matching '}'",
                r"If you did not intend to use a parameter you can use '\{' to escape the a parameter",
            ),
            Self::ParameterName => (
                r"Parameter names may not contain '{', '}', '(', ')', '\' or '/'",
                "Did you mean to use a regular expression?",
            ),
            Self::UndefinedParameterType(_) => (
                "Undefined parameter type",
                "Please register a ParameterType for",
            ),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = self.start + 1;
        writeln!(
            f,
            "This Cucumber Expression has a problem at column {column}:\n"
        )?;
        writeln!(f, "{}", self.expression)?;
        write!(f, "{}^", " ".repeat(self.start))?;
        if self.start + 1 < self.end {
            write!(f, "{}^", "-".repeat(self.end - self.start - 2))?;
        }
        let (problem, solution) = self.kind.texts();
        match &self.kind {
            ErrorKind::UndefinedParameterType(name) => {
                write!(f, "\n{problem} '{name}'.\n{solution} '{name}'")
            }
            _ => write!(f, "\n{problem}.\n{solution}"),
        }
    }
}

impl std::error::Error for Error {}

/// Whether a parameter type may have this name.
///
/// # Errors
/// The official text, if the name contains a character that is not allowed.
pub fn check_parameter_type_name(name: &str) -> Result<(), String> {
    // These are allowed if they are escaped, as in the other implementations.
    let escapable = "[$.|?*+]";
    let mut unescaped = name.chars().peekable();
    while let Some(character) = unescaped.next() {
        let character = match unescaped.peek() {
            Some(&next) if character == '\\' && escapable.contains(next) => {
                unescaped.next();
                next
            }
            _ => character,
        };
        if "[]()$.|?*+{}\\/".contains(character) {
            return Err(format!(
                r"Illegal character in parameter name {{{name}}}. Parameter names may not contain '{{', '}}', '(', ')', '\' or '/'"
            ));
        }
    }
    Ok(())
}
