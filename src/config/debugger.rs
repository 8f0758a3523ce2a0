//! The program that a step program is debugged with: `rust-gdb --args`.

use std::ffi::OsString;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// A program and its arguments; the step program and its own arguments come behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debugger {
    /// The words, at least one.
    pub command: Vec<String>,
}

/// Why a text is no command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDebugger {
    /// It has no word.
    Empty,
    /// A quote is not closed, or nothing stands behind a backslash.
    Open(char),
}

impl fmt::Display for NoDebugger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("expected a program, such as `rust-gdb --args`"),
            Self::Open('\\') => formatter.write_str("nothing stands behind the last `\\`"),
            Self::Open(quote) => write!(formatter, "a `{quote}` is not closed"),
        }
    }
}

impl std::error::Error for NoDebugger {}

impl Debugger {
    /// The words of the command; a program that is named by a path counts from `directory`.
    pub fn found_from(&self, directory: &Path) -> Vec<OsString> {
        let mut words: Vec<OsString> = self.command.iter().map(OsString::from).collect();
        if let Some(program) = words.first_mut()
            && Path::new(program).components().count() > 1
        {
            *program = directory.join(&*program).into();
        }
        words
    }
}

impl FromStr for Debugger {
    type Err = NoDebugger;

    /// Splits a text as a shell does; variables and globs mean nothing.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut command: Vec<String> = Vec::new();
        let mut word: Option<String> = None;
        let mut rest = text.chars();
        while let Some(character) = rest.next() {
            match character {
                ' ' | '\t' | '\n' => command.extend(word.take()),
                '\'' | '"' => quoted(character, &mut rest, word.get_or_insert_default())?,
                '\\' => {
                    let next = rest.next().ok_or(NoDebugger::Open('\\'))?;
                    word.get_or_insert_default().push(next);
                }
                other => word.get_or_insert_default().push(other),
            }
        }
        command.extend(word);
        match command.first() {
            Some(program) if !program.is_empty() => Ok(Self { command }),
            _ => Err(NoDebugger::Empty),
        }
    }
}

/// Adds what stands between quotes to a word.
fn quoted(
    quote: char,
    rest: &mut impl Iterator<Item = char>,
    word: &mut String,
) -> Result<(), NoDebugger> {
    loop {
        match rest.next().ok_or(NoDebugger::Open(quote))? {
            end if end == quote => return Ok(()),
            '\\' if quote == '"' => match rest.next().ok_or(NoDebugger::Open(quote))? {
                escaped @ ('"' | '\\' | '$' | '`') => word.push(escaped),
                other => word.extend(['\\', other]),
            },
            other => word.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.parse::<Debugger>().unwrap().command
    }

    #[test]
    fn a_command_is_split_as_a_shell_does() {
        assert_eq!(words("rust-gdb --args"), ["rust-gdb", "--args"]);
        assert_eq!(words("  gdb\t-q\n"), ["gdb", "-q"]);
        assert_eq!(
            words(r#"gdb -ex 'break main' -ex "print \"a\n\"" --args"#),
            [
                "gdb",
                "-ex",
                "break main",
                "-ex",
                r#"print "a\n""#,
                "--args"
            ]
        );
        assert_eq!(
            words(r"/my\ tools/gdb a'b'c ''"),
            ["/my tools/gdb", "abc", ""]
        );
    }

    #[test]
    fn a_path_counts_from_where_the_command_was_given() {
        let found = |text: &str| {
            let words = text
                .parse::<Debugger>()
                .unwrap()
                .found_from(Path::new("/here"));
            words[0].to_string_lossy().into_owned()
        };
        assert_eq!(found("gdb --args"), "gdb");
        assert_eq!(found("tools/gdb"), "/here/tools/gdb");
        assert_eq!(found("./gdb"), "/here/./gdb");
        assert_eq!(found("/bin/gdb"), "/bin/gdb");
    }

    #[test]
    fn what_is_no_command_says_why() {
        let problem = |text: &str| text.parse::<Debugger>().unwrap_err();
        assert_eq!(problem(""), NoDebugger::Empty);
        assert_eq!(problem("'' x"), NoDebugger::Empty);
        assert_eq!(problem("gdb 'x").to_string(), "a `'` is not closed");
        assert_eq!(problem("gdb \"x\\").to_string(), "a `\"` is not closed");
        assert_eq!(
            problem("gdb \\").to_string(),
            "nothing stands behind the last `\\`"
        );
    }
}
