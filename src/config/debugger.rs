//! The program that a step program is debugged with: `rust-gdb --args`.

use std::ffi::OsString;
use std::path::Path;
use std::str::FromStr;

use super::command;
use crate::parse_value_error::ParseValueError;

/// A program and its arguments; the step program and its own arguments follow them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debugger {
    /// The words, at least one.
    pub command: Vec<String>,
}

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
    type Err = ParseValueError;

    /// Splits a text as a shell does; variables and globs mean nothing.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let command = command::words(text)?;
        match command.first() {
            Some(program) if !program.is_empty() => Ok(Self { command }),
            _ => Err(command::invalid(text)),
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
    fn an_invalid_command_is_an_error() {
        for text in ["", "'' x", "gdb 'x", "gdb \"x\\"] {
            let error = text.parse::<Debugger>().unwrap_err().to_string();
            let expected = format!("`{text}` is not a command: expected a program");
            assert!(error.starts_with(&expected), "{error}");
        }
    }
}
