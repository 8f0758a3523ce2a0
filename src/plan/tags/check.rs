//! Errors of tag expressions for users: the place of each problem, and what to write instead.
//!
//! It knows the forms of earlier Cucumber versions, other runners and programming languages: `~@a`, `@a,@b`,
//! `@a && !@b`, `AND`.

use std::fmt;
use std::ops::Range;

use super::{Item, TagExpression, TagProblem, TagSyntaxError, TagTokenKind, tokens, write_escaped};

/// The limit of wrong operands that are shown. More of them add nothing new.
const MOST_FINDINGS: usize = 5;

/// Why a text is not an expression on tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagExpressionError {
    expression: String,
    /// What is wrong.
    headline: String,
    /// Places in bytes, and what to write instead.
    findings: Vec<(Range<usize>, String)>,
}

/// The headline, and below it the expression with a caret for each finding.
impl fmt::Display for TagExpressionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.headline)?;
        let shown: String = self.expression.chars().map(printable).collect();
        write!(formatter, "\n    {shown}")?;
        for (place, advice) in &self.findings {
            let advice: String = advice.chars().map(printable).collect();
            let before = self.expression[..place.start].chars().count();
            let marked = self.expression[place.clone()].chars().count().max(1);
            let (indent, carets) = (" ".repeat(before), "^".repeat(marked));
            write!(formatter, "\n    {indent}{carets} {advice}")?;
        }
        Ok(())
    }
}

impl std::error::Error for TagExpressionError {}

/// A character as it takes one column.
fn printable(character: char) -> char {
    match character {
        other if other.is_whitespace() => ' ',
        other if other.is_control() => '\u{FFFD}',
        other => other,
    }
}

impl TagExpressionError {
    /// The error of a text that does not follow the grammar.
    pub(super) fn syntax(error: TagSyntaxError) -> Self {
        let advice = advice(&error);
        Self {
            headline: error.to_string().chars().map(printable).collect(),
            findings: vec![(error.place, advice)],
            expression: error.expression,
        }
    }

    /// The error of an expression in which behave's old form is beside the new one.
    pub(super) fn mixed(text: &str) -> Self {
        let mut findings = Vec::new();
        for token in tokens(text).unwrap_or_default() {
            if let TagTokenKind::Tag(name) = token.kind
                && name.starts_with(['~', '-'])
            {
                findings.push((token.place, instead(&name)));
            }
        }
        Self {
            expression: text.to_owned(),
            headline: "this is behave's old form of tag expressions, which cannot stand beside `and`, `or`, `not`, \
                       parentheses and wildcards"
                .to_owned(),
            findings,
        }
    }

    /// The error of an expression with operands that no tag can equal, if it has any.
    pub(super) fn operands(text: &str, expression: &TagExpression) -> Option<Self> {
        let is_wrong = |item: &Item| matches!(item, Item::Tag(name) if !is_tag(name));
        if !expression.postfix.iter().any(is_wrong) {
            return None;
        }
        let mut findings = Vec::new();
        let mut headline = String::new();
        for token in tokens(text).ok()? {
            if let TagTokenKind::Tag(name) = token.kind
                && !is_tag(&name)
                && findings.len() < MOST_FINDINGS
            {
                if findings.is_empty() {
                    headline = format!("`{}` is not a tag", name.escape_debug());
                }
                findings.push((token.place, instead(&name)));
            }
        }
        Some(Self {
            expression: text.to_owned(),
            headline,
            findings,
        })
    }
}

/// Whether a scenario can have this tag. Gherkin begins a new tag at each `@`.
fn is_tag(name: &str) -> bool {
    name.strip_prefix('@')
        .is_some_and(|rest| !rest.is_empty() && !rest.contains('@'))
}

/// What to do about a syntax error.
fn advice(error: &TagSyntaxError) -> String {
    let (before, rest) = error.expression.split_at(error.place.start);
    let found = &error.expression[error.place.clone()];
    let previous = before
        .rsplit(|c: char| c.is_whitespace() || c == '(' || c == ')')
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    match error.problem {
        TagProblem::ExpectedOperator if found == "(" && before.ends_with(previous) => {
            let name = rest.split(')').next().unwrap_or_default();
            let value = name.trim_start_matches('(');
            format!(
                r"write `{previous}\({value}\)` if the parenthesis belongs to the tag, else `and` or `or` before it"
            )
        }
        TagProblem::ExpectedOperator => match (operator(found), operator(previous)) {
            (Some(operator), _) => format!("write `{operator}`"),
            (None, Some(operator)) => format!("write `{operator}` instead of `{previous}`"),
            (None, None) if previous.ends_with([',', ';']) => {
                "write `or` or `and` between two tags, not a comma".to_owned()
            }
            (None, None) => "write `and` or `or` before this".to_owned(),
        },
        TagProblem::ExpectedOperand if found.is_empty() => "a tag is missing here".to_owned(),
        TagProblem::ExpectedOperand => "a tag is missing before this".to_owned(),
        TagProblem::UnmatchedOpening => "this parenthesis is not closed".to_owned(),
        TagProblem::UnmatchedClosing => "this parenthesis was not opened".to_owned(),
        TagProblem::IllegalEscape(_) | TagProblem::EscapeAtEnd => {
            r"a backslash can stand only before `(`, `)`, `\` and spaces".to_owned()
        }
    }
}

/// The operator that is meant by another form of it.
fn operator(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "and" | "&&" | "&" | "+" => Some("and"),
        "or" | "||" | "|" | "," | ";" => Some("or"),
        "not" | "!" | "~" => Some("not"),
        _ => None,
    }
}

/// What to write instead of an operand that is not a tag.
fn instead(name: &str) -> String {
    if let Some(operator) = operator(name) {
        return format!("operators are written in lower case, between tags: `{operator}`");
    }
    let bare = name.replace(['"', '\'', '`'], "");
    let meant = meant(&bare);
    if bare.trim_matches(['@', '＠']).is_empty() || meant.is_empty() {
        return "a tag has a name after its `@`, such as `@slow`".to_owned();
    }
    if bare != name {
        return format!("write `{meant}`, without quotes");
    }
    match name.chars().next() {
        Some('~' | '!' | '-') => {
            format!("`{}` is not an operator: write `{meant}`", &name[..1])
        }
        _ if meant.contains(" or ") || meant.contains(" and ") => {
            format!("operators are words: write `{meant}`")
        }
        _ => format!("a tag begins with one `@`: write `{meant}`"),
    }
}

/// The expression that was probably meant by one word: `~@a,@b` is `not @a or @b`.
fn meant(word: &str) -> String {
    let mut expression = String::new();
    let mut joint = "";
    let mut rest = word;
    while !rest.is_empty() {
        // Gherkin itself separates tags at each `@`.
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(at, c)| {
                matches!(c, ',' | ';' | '&' | '|')
                    || (matches!(c, '@' | '＠') && is_name(&rest[..*at]))
            })
            .map_or(rest.len(), |(at, _)| at);
        let (piece, after) = rest.split_at(end);
        let separator = after.len() - after.trim_start_matches([',', ';', '&', '|']).len();
        if let Some(tag) = meant_tag(piece) {
            expression.push_str(joint);
            expression.push_str(&tag);
            joint = match after[..separator].chars().next() {
                Some(',' | ';' | '|') => " or ",
                _ => " and ",
            };
        }
        rest = &after[separator..];
    }
    expression
}

/// Whether a piece of a word already has the name of a tag.
fn is_name(piece: &str) -> bool {
    let name = piece.trim_start_matches(['~', '!', '-', '@', '＠']);
    !name.is_empty() && !name.eq_ignore_ascii_case("not")
}

/// The tag, perhaps after `not`, that was meant by a word without separators.
fn meant_tag(piece: &str) -> Option<String> {
    let mut negated = false;
    let mut name = piece.trim_start_matches([',', ';', '&', '|']);
    loop {
        let stripped = name.strip_prefix(['~', '!', '-']).or_else(|| {
            let (word, _) = name.split_once('@')?;
            word.eq_ignore_ascii_case("not")
                .then(|| &name[word.len()..])
        });
        let Some(stripped) = stripped else { break };
        negated = !negated;
        name = stripped;
    }
    let name = name.trim_start_matches(['@', '＠']);
    if name.is_empty() {
        return None;
    }
    let mut tag = if negated { "not @" } else { "@" }.to_owned();
    write_escaped(&mut tag, name).ok()?;
    Some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let error = text.parse::<TagExpression>();
        error.expect_err("it is wrong").to_string()
    }

    #[test]
    fn an_operand_without_at_is_shown_with_its_place() {
        assert_eq!(
            error("not slow and (@a or wip)"),
            "`slow` is not a tag\n    \
             not slow and (@a or wip)\n        \
             ^^^^ a tag begins with one `@`: write `@slow`\n                        \
             ^^^ a tag begins with one `@`: write `@wip`"
        );
    }

    #[test]
    fn other_styles_get_what_to_write() {
        for (text, advice) in [
            ("slow", "write `@slow`"),
            (r"retry\(3\)", r"write `@retry\(3\)`"),
            ("~@slow", "^^^^^^ `~` is not an operator: write `not @slow`"),
            ("@a and ~slow", "write `not @slow`"),
            ("!@slow", "write `not @slow`"),
            ("-slow", "write `not @slow`"),
            ("not@slow", "write `not @slow`"),
            ("@a,@b", "^^^^^ operators are words: write `@a or @b`"),
            ("@a,~@b", "write `@a or not @b`"),
            ("~@a,@b", "write `not @a or @b`"),
            ("a,b", "write `@a or @b`"),
            (
                "@a, @b",
                "^^ write `or` or `and` between two tags, not a comma",
            ),
            ("@a , @b", "  ^ write `or`"),
            ("@a&&@b", "write `@a and @b`"),
            ("@a||@b", "write `@a or @b`"),
            ("@a && @b", "   ^^ write `and`"),
            ("@a | @b", "   ^ write `or`"),
            ("@slow AND @x", "      ^^^ write `and`"),
            ("@slow Or @x", "      ^^ write `or`"),
            ("NOT @slow", "    ^^^^^ write `not` instead of `NOT`"),
            ("@a and NOT", "`not`"),
            ("@a@b", "write `@a and @b`"),
            ("@@a", "a tag begins with one `@`: write `@a`"),
            ("＠a", "write `@a`"),
            ("@", "a tag has a name after its `@`"),
            ("'@a'", "write `@a`, without quotes"),
            ("\"@a\"", "write `@a`, without quotes"),
            ("@a @b", "   ^^ write `and` or `or` before this"),
            ("@retry(3)", r"^ write `@retry\(3\)` if"),
            ("@a and", "      ^ a tag is missing here"),
            ("@a and or @b", "       ^^ a tag is missing before this"),
            ("(@a or (@b)", "^ this parenthesis is not closed"),
            ("@a)", "  ^ this parenthesis was not opened"),
            (r"@a\b", r"  ^ a backslash can stand only"),
        ] {
            let error = error(text);
            assert!(error.contains(advice), "{text}: {error}");
        }
    }

    #[test]
    fn tags_with_any_other_character_are_tags() {
        for text in [
            "@a,b",
            "@a&b",
            "@a|b",
            "@not",
            "@AND",
            "@a-b",
            "@~a",
            "@!",
            r"@issue\(1,2\)",
            "@日本",
            "",
        ] {
            assert!(text.parse::<TagExpression>().is_ok(), "{text}");
        }
    }

    #[test]
    fn the_words_of_the_official_implementations_stay() {
        assert!(error("@a @b").starts_with(
            "Tag expression \"@a @b\" could not be parsed because of syntax error: Expected operator.\n"
        ));
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert!(!error("@a and \u{1b}[31mx").contains('\u{1b}'));
    }
}
