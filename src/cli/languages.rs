//! `bdd languages`: the languages of Gherkin.

use std::io::{self, Write};

use clap::Args;
use console::measure_text_width;

use crate::gherkin::{self, Dialect};

/// List the languages of Gherkin, or the keywords of one.
#[derive(Debug, Args)]
pub struct LanguagesArgs {
    /// Code of a language, such as `fr`
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

/// Prints the list and returns the exit code: 2 if the language is unknown.
///
/// # Errors
/// Only those of the streams.
pub fn run(args: &LanguagesArgs, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    let Some(code) = &args.code else {
        let rows = Dialect::all()
            .iter()
            .map(|dialect| vec![dialect.code, dialect.name, dialect.native])
            .collect::<Vec<_>>();
        columns(&rows, out)?;
        return Ok(0);
    };
    let Some(dialect) = Dialect::find(code) else {
        let hint = gherkin::nearest_language(code);
        let hint = hint.map_or(String::new(), |code| format!("; did you mean `{code}`?"));
        writeln!(err, "error: unknown language `{code}`{hint}")?;
        return Ok(2);
    };
    writeln!(
        out,
        "{}: {} ({})",
        dialect.code, dialect.name, dialect.native
    )?;
    let rows: Vec<_> = [
        ("feature", dialect.feature),
        ("background", dialect.background),
        ("rule", dialect.rule),
        ("scenario", dialect.scenario),
        ("scenario outline", dialect.scenario_outline),
        ("examples", dialect.examples),
        ("given", dialect.given),
        ("when", dialect.when),
        ("then", dialect.then),
        ("and", dialect.and),
        ("but", dialect.but),
    ]
    .into_iter()
    .map(|(kind, keywords)| {
        let keywords: Vec<_> = keywords.iter().map(|keyword| keyword.trim_end()).collect();
        [kind.to_owned(), keywords.join(", ")]
    })
    .collect();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| row.iter().map(String::as_str).collect())
        .collect();
    columns(&rows, out)?;
    Ok(0)
}

/// Prints rows with all columns but the last one padded to the same width.
fn columns(rows: &[Vec<&str>], out: &mut dyn Write) -> io::Result<()> {
    let count = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let widths = rows.iter().map(|row| measure_text_width(row[column]));
        widths.max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..count).map(width).collect();
    for row in rows {
        let mut line = String::new();
        for (text, width) in row.iter().zip(&widths) {
            line.push_str(text);
            line.push_str(&" ".repeat(width - measure_text_width(text) + 2));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn languages(code: Option<&str>) -> (u8, String, String) {
        let args = LanguagesArgs {
            code: code.map(str::to_owned),
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let exit = run(&args, &mut out, &mut err).expect("buffers take everything");
        let text = |bytes| String::from_utf8(bytes).unwrap_or_default();
        (exit, text(out), text(err))
    }

    #[test]
    fn all_are_listed_with_both_names() {
        let (code, out, _) = languages(None);
        assert_eq!(code, 0);
        assert_eq!(out.lines().count(), 80);
        assert!(out.contains("\nfr         French  "), "{out}");
    }

    #[test]
    fn the_keywords_of_one_are_shown_by_kind() {
        let (code, out, _) = languages(Some("ja"));
        assert_eq!(code, 0);
        assert!(out.starts_with("ja: Japanese (日本語)\n"), "{out}");
        assert!(out.contains("\nrule              ルール\n"), "{out}");
        assert!(out.contains("\ngiven             *, 前提\n"), "{out}");
    }

    #[test]
    fn an_unknown_one_ends_in_2_with_the_nearest() {
        let (code, out, err) = languages(Some("german"));
        assert_eq!((code, out.as_str()), (2, ""));
        assert_eq!(
            err,
            "error: unknown language `german`; did you mean `de`?\n"
        );
    }
}
