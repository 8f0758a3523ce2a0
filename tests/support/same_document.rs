//! What must not change when a feature file is formatted: its pickles, its comments and its docstrings.

use bdd::format::{FormatStyle, format};
use bdd::gherkin::{GherkinDocument, ParseOptions, compile, parse};

/// Formats a text that parses in several styles. Nothing that counts may change, and formatting it again may change
/// nothing at all.
///
/// # Errors
/// What changed.
pub fn check_formatting(source: &str) -> Result<(), String> {
    let options = ParseOptions::default();
    let Ok(before) = parse(source, &options) else {
        return match format(source, &options, style(2, 1)) {
            Ok(_) => Err("a text that does not parse was formatted".to_owned()),
            Err(_) => Ok(()),
        };
    };
    let before = said(&before);
    for style in [style(2, 1), style(4, 2), style(0, 0)] {
        let text = format(source, &options, style)
            .map_err(|error| format!("not formatted: {error:?}\n{source}"))?;
        let document = parse(&text, &options).map_err(|errors| format!("{errors:?}\n{text}"))?;
        let after = said(&document);
        if before != after {
            let differ = (before.iter().zip(&after)).find(|(before, after)| before != after);
            return Err(format!("{differ:?}\n== before\n{source}\n== after\n{text}"));
        }
        let again = format(&text, &options, style).map_err(|error| format!("{error:?}"))?;
        if again != text {
            return Err(format!("== once\n{text}\n== twice\n{again}"));
        }
        let line_ends = text.matches('\n').count();
        let windows = text.matches("\r\n").count();
        if windows != 0 && windows != line_ends {
            return Err(format!("mixed line ends\n{text}"));
        }
    }
    Ok(())
}

fn style(indent: usize, table_padding: usize) -> FormatStyle {
    FormatStyle {
        indent,
        table_padding,
    }
}

/// The pickles without ids and places, and the comments without the space around them.
fn said(document: &GherkinDocument<'_>) -> Vec<String> {
    let comments = document.comments.iter();
    let space = |c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c);
    let mut all: Vec<String> = comments
        .map(|comment| format!("comment {:?}", comment.text.trim_matches(space)))
        .collect();
    for pickle in compile(document).unwrap_or_default() {
        let tags: Vec<&str> = pickle.tags().map(|tag| tag.name).collect();
        let (name, language, keyword) = (
            &pickle.name,
            pickle.feature.language,
            pickle.scenario.keyword,
        );
        all.push(format!("{language} {keyword} {name:?} {tags:?}"));
        for step in &pickle.steps {
            let (keyword, text, kind) = (step.step.keyword, &step.text, step.keyword_type);
            let (table, doc) = (step.data_table(), step.doc_string());
            all.push(format!("{keyword:?} {text:?} {kind:?} {table:?} {doc:?}"));
        }
    }
    all
}
