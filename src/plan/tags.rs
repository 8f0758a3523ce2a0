//! Tag expressions: `@smoke and not (@slow or @wip)`, as Cucumber defines them.
//!
//! Parsing, printing and evaluating take linear time and use no recursion, however deeply an expression is
//! nested. The official grammar also accepts operands without `@`, which no tag can equal.
//! [`TagExpression::official`] follows that grammar. `from_str`, which reads what users write, rejects such
//! operands.

mod behave;
mod check;

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::Deserialize;

pub use behave::of_behave;
pub use check::TagExpressionError;

/// A condition on the tags of a scenario. The empty expression is true for all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub struct TagExpression {
    /// The operands come before their operator, so a stack evaluates it in one pass.
    postfix: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Tag(String),
    /// A tag with wildcards, which only behave has.
    Pattern(String),
    Not,
    And,
    Or,
}

impl TagExpression {
    /// Whether the expression is true for a scenario with these tags (each with its `@`).
    pub fn matches<T: AsRef<str>>(&self, tags: &[T]) -> bool {
        // Most expressions are one tag or none, and each is asked for every scenario.
        match self.postfix.as_slice() {
            [] => return true,
            [Item::Tag(name)] => return tags.iter().any(|tag| tag.as_ref() == name),
            _ => {}
        }
        let mut stack = Vec::with_capacity(8);
        for item in &self.postfix {
            let value = match item {
                Item::Tag(name) => tags.iter().any(|tag| tag.as_ref() == name),
                Item::Pattern(pattern) => tags
                    .iter()
                    .any(|tag| behave::matches(pattern, tag.as_ref())),
                Item::Not => !stack.pop().unwrap_or(true),
                Item::And => {
                    let right = stack.pop().unwrap_or(true);
                    stack.pop().unwrap_or(true) && right
                }
                Item::Or => {
                    let right = stack.pop().unwrap_or(true);
                    stack.pop().unwrap_or(true) || right
                }
            };
            stack.push(value);
        }
        stack.pop().unwrap_or(true)
    }

    /// The tags that it names, in the order in which they are written.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.postfix.iter().filter_map(|item| match item {
            Item::Tag(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

/// Why a text does not follow the grammar, with the text of the official implementations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagSyntaxError {
    expression: String,
    problem: TagProblem,
    /// The place of the problem, in bytes.
    place: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TagProblem {
    ExpectedOperand,
    ExpectedOperator,
    UnmatchedOpening,
    UnmatchedClosing,
    IllegalEscape(char),
    EscapeAtEnd,
}

impl fmt::Display for TagSyntaxError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Tag expression \"{}\" could not be parsed because of syntax error: ",
            self.expression
        )?;
        match self.problem {
            TagProblem::ExpectedOperand => formatter.write_str("Expected operand."),
            TagProblem::ExpectedOperator => formatter.write_str("Expected operator."),
            TagProblem::UnmatchedOpening => formatter.write_str("Unmatched (."),
            TagProblem::UnmatchedClosing => formatter.write_str("Unmatched )."),
            TagProblem::IllegalEscape(found) => {
                write!(formatter, "Illegal escape before \"{found}\".")
            }
            TagProblem::EscapeAtEnd => formatter.write_str("Illegal escape at the end."),
        }
    }
}

impl std::error::Error for TagSyntaxError {}

#[derive(Debug, Clone, PartialEq, Eq)]
enum TagTokenKind {
    Open,
    Close,
    Not,
    And,
    Or,
    Tag(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Token {
    kind: TagTokenKind,
    /// Where it stands in the text, in bytes.
    place: Range<usize>,
}

/// A problem and its place in the text.
type PlacedProblem = (TagProblem, Range<usize>);

fn tokens(text: &str) -> Result<Vec<Token>, PlacedProblem> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut word_start = 0;
    let mut escaped_word = false;
    let mut characters = text.char_indices();
    loop {
        let next = characters.next();
        let ends_word = match next {
            None | Some((_, '(' | ')')) => true,
            Some((_, other)) => other.is_whitespace(),
        };
        let at = next.map_or(text.len(), |(at, _)| at);
        if ends_word && !word.is_empty() {
            let kind = match word.as_str() {
                "not" if !escaped_word => TagTokenKind::Not,
                "and" if !escaped_word => TagTokenKind::And,
                "or" if !escaped_word => TagTokenKind::Or,
                _ => TagTokenKind::Tag(std::mem::take(&mut word)),
            };
            word.clear();
            escaped_word = false;
            tokens.push(Token {
                kind,
                place: word_start..at,
            });
        }
        let Some((at, character)) = next else {
            return Ok(tokens);
        };
        if !ends_word && word.is_empty() {
            word_start = at;
        }
        let place = at..at + character.len_utf8();
        let kind = match character {
            '(' => TagTokenKind::Open,
            ')' => TagTokenKind::Close,
            '\\' => {
                let escaped = match characters.next() {
                    None => return Err((TagProblem::EscapeAtEnd, place)),
                    Some((_, escaped)) => escaped,
                };
                if !matches!(escaped, '(' | ')' | '\\') && !escaped.is_whitespace() {
                    return Err((TagProblem::IllegalEscape(escaped), place));
                }
                word.push(escaped);
                escaped_word = true;
                continue;
            }
            other => {
                if !other.is_whitespace() {
                    word.push(other);
                }
                continue;
            }
        };
        tokens.push(Token { kind, place });
    }
}

/// An operator that waits for its right operand, or an open parenthesis.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WaitingOperator {
    Open,
    Or,
    And,
    Not,
}

/// The shunting-yard algorithm: `not` binds closest, then `and`, then `or`; both to the left.
fn postfix(tokens: Vec<Token>) -> Result<Vec<Item>, PlacedProblem> {
    let mut output = Vec::with_capacity(tokens.len());
    let mut waiting: Vec<WaitingOperator> = Vec::new();
    let mut operand_expected = !tokens.is_empty();
    let end = tokens.last().map_or(0, |token| token.place.end);
    let mut open = Vec::new();
    for Token { kind, place } in tokens {
        let begins_operand = matches!(
            kind,
            TagTokenKind::Open | TagTokenKind::Not | TagTokenKind::Tag(_)
        );
        match (begins_operand, operand_expected) {
            (true, false) => return Err((TagProblem::ExpectedOperator, place)),
            (false, true) => return Err((TagProblem::ExpectedOperand, place)),
            _ => {}
        }
        match kind {
            TagTokenKind::Tag(name) => {
                output.push(Item::Tag(name));
                operand_expected = false;
            }
            TagTokenKind::Not => waiting.push(WaitingOperator::Not),
            TagTokenKind::Open => {
                waiting.push(WaitingOperator::Open);
                open.push(place);
            }
            TagTokenKind::And | TagTokenKind::Or => {
                let keep_or = kind == TagTokenKind::And;
                release(&mut waiting, &mut output, |top| {
                    top == WaitingOperator::Open || (keep_or && top == WaitingOperator::Or)
                });
                waiting.push(if keep_or {
                    WaitingOperator::And
                } else {
                    WaitingOperator::Or
                });
                operand_expected = true;
            }
            TagTokenKind::Close => {
                release(&mut waiting, &mut output, |top| {
                    top == WaitingOperator::Open
                });
                if waiting.pop().is_none() {
                    return Err((TagProblem::UnmatchedClosing, place));
                }
                open.pop();
            }
        }
    }
    if operand_expected && waiting.last() != Some(&WaitingOperator::Open) {
        return Err((TagProblem::ExpectedOperand, end..end));
    }
    release(&mut waiting, &mut output, |top| {
        top == WaitingOperator::Open
    });
    match open.pop() {
        None => Ok(output),
        Some(place) => Err((TagProblem::UnmatchedOpening, place)),
    }
}

fn release(
    waiting: &mut Vec<WaitingOperator>,
    output: &mut Vec<Item>,
    stop: impl Fn(WaitingOperator) -> bool,
) {
    while let Some(&top) = waiting.last()
        && !stop(top)
    {
        waiting.pop();
        output.push(match top {
            WaitingOperator::Not => Item::Not,
            WaitingOperator::Or => Item::Or,
            // An open parenthesis always stops: `stop` holds for it in every call.
            WaitingOperator::And | WaitingOperator::Open => Item::And,
        });
    }
}

impl TagExpression {
    /// Reads a text by the official grammar alone, in which an operand may be any word.
    ///
    /// # Errors
    /// The text is not an expression.
    pub fn official(text: &str) -> Result<Self, TagSyntaxError> {
        tokens(text)
            .and_then(postfix)
            .map(|postfix| Self { postfix })
            .map_err(|(problem, place)| TagSyntaxError {
                expression: text.to_owned(),
                problem,
                place,
            })
    }
}

/// Parses an expression of a user: every operand must be a tag.
impl FromStr for TagExpression {
    type Err = TagExpressionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expression = Self::official(text).map_err(TagExpressionError::syntax)?;
        match TagExpressionError::operands(text, &expression) {
            Some(error) => Err(error),
            None => Ok(expression),
        }
    }
}

impl TryFrom<String> for TagExpression {
    type Error = TagExpressionError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// The parts that must still be printed.
enum PrintPart {
    Text(&'static str),
    /// The expression that ends at this position of the postfix form.
    Expression(usize),
}

/// Prints every operation with parentheses, as the official implementations do; parsing the result
/// gives an equal expression.
impl fmt::Display for TagExpression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let starts = self.starts();
        let mut parts = Vec::new();
        if let Some(last) = self.postfix.len().checked_sub(1) {
            parts.push(PrintPart::Expression(last));
        }
        while let Some(part) = parts.pop() {
            let end = match part {
                PrintPart::Text(text) => {
                    formatter.write_str(text)?;
                    continue;
                }
                PrintPart::Expression(end) => end,
            };
            match &self.postfix[end] {
                Item::Tag(name) | Item::Pattern(name) => write_escaped(formatter, name)?,
                Item::Not => {
                    let bare = matches!(
                        self.postfix[end - 1],
                        Item::Tag(_) | Item::Pattern(_) | Item::Not
                    );
                    parts.push(PrintPart::Text(if bare { " )" } else { "" }));
                    parts.push(PrintPart::Expression(end - 1));
                    parts.push(PrintPart::Text(if bare { "not ( " } else { "not " }));
                }
                binary => {
                    let operator = if *binary == Item::And {
                        " and "
                    } else {
                        " or "
                    };
                    parts.push(PrintPart::Text(" )"));
                    parts.push(PrintPart::Expression(end - 1));
                    parts.push(PrintPart::Text(operator));
                    parts.push(PrintPart::Expression(starts[end - 1] - 1));
                    parts.push(PrintPart::Text("( "));
                }
            }
        }
        Ok(())
    }
}

impl TagExpression {
    /// For each position of the postfix form: where the expression that ends there begins.
    fn starts(&self) -> Vec<usize> {
        let mut starts: Vec<usize> = Vec::with_capacity(self.postfix.len());
        for (end, item) in self.postfix.iter().enumerate() {
            starts.push(match item {
                Item::Tag(_) | Item::Pattern(_) => end,
                Item::Not => starts[end - 1],
                Item::And | Item::Or => starts[starts[end - 1] - 1],
            });
        }
        starts
    }
}

fn write_escaped(formatter: &mut impl fmt::Write, name: &str) -> fmt::Result {
    for character in name.chars() {
        if matches!(character, '(' | ')' | '\\') || character.is_whitespace() {
            formatter.write_char('\\')?;
        }
        formatter.write_char(character)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> TagExpression {
        TagExpression::official(text).unwrap()
    }

    #[test]
    fn and_binds_closer_than_or() {
        assert_eq!(
            parse("@a or @b and not @c").to_string(),
            "( @a or ( @b and not ( @c ) ) )"
        );
    }

    #[test]
    fn an_escaped_parenthesis_is_a_tag() {
        assert!(parse(r"\(").matches(&["("]));
        assert!(parse(r"@retry\(3\)").matches(&["@retry(3)"]));
    }

    #[test]
    fn a_lone_backslash_at_the_end_is_an_error() {
        let error = TagExpression::official(r"@a\").unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"Tag expression "@a\" could not be parsed because of syntax error: Illegal escape at the end."#
        );
    }

    #[test]
    fn an_open_parenthesis_alone_is_unmatched() {
        let error = TagExpression::official("(").unwrap_err();
        assert!(error.to_string().ends_with("Unmatched (."), "{error}");
        assert!("()".parse::<TagExpression>().is_err());
    }

    #[test]
    fn deep_nesting_neither_overflows_nor_takes_long() {
        let deep = format!("{}@a{}", "not (".repeat(200_000), ")".repeat(200_000));
        let expression = parse(&deep);
        assert!(expression.matches(&["@a"]));
        assert_eq!(parse(&expression.to_string()), expression);
    }

    #[derive(Debug, Clone)]
    enum Tree {
        Tag(String),
        Not(Box<Tree>),
        And(Box<Tree>, Box<Tree>),
        Or(Box<Tree>, Box<Tree>),
    }

    impl Tree {
        fn write(&self, into: &mut String) {
            match self {
                Self::Tag(name) => into.push_str(name),
                Self::Not(inner) => {
                    into.push_str("not(");
                    inner.write(into);
                    into.push(')');
                }
                Self::And(left, right) | Self::Or(left, right) => {
                    into.push('(');
                    left.write(into);
                    into.push_str(if matches!(self, Self::And(..)) {
                        ")and("
                    } else {
                        ")or("
                    });
                    right.write(into);
                    into.push(')');
                }
            }
        }

        fn holds(&self, tags: &[&str]) -> bool {
            match self {
                Self::Tag(name) => tags.contains(&name.as_str()),
                Self::Not(inner) => !inner.holds(tags),
                Self::And(left, right) => left.holds(tags) && right.holds(tags),
                Self::Or(left, right) => left.holds(tags) || right.holds(tags),
            }
        }
    }

    fn trees() -> impl Strategy<Value = Tree> {
        "@[a-d]"
            .prop_map(Tree::Tag)
            .prop_recursive(6, 40, 2, |inner| {
                prop_oneof![
                    inner.clone().prop_map(|tree| Tree::Not(Box::new(tree))),
                    (inner.clone(), inner.clone())
                        .prop_map(|(left, right)| Tree::And(Box::new(left), Box::new(right))),
                    (inner.clone(), inner)
                        .prop_map(|(left, right)| Tree::Or(Box::new(left), Box::new(right))),
                ]
            })
    }

    proptest! {
        #[test]
        fn printing_and_parsing_gives_the_same_expression(tree in trees()) {
            let mut text = String::new();
            tree.write(&mut text);
            let expression = parse(&text);
            prop_assert_eq!(parse(&expression.to_string()), expression);
        }

        #[test]
        fn it_means_what_its_tree_means(
            tree in trees(),
            tags in prop::sample::subsequence(vec!["@a", "@b", "@c", "@d"], 0..=4),
        ) {
            let mut text = String::new();
            tree.write(&mut text);
            prop_assert_eq!(parse(&text).matches(&tags), tree.holds(&tags));
        }

        #[test]
        fn what_a_user_writes_is_read_or_explained(text in r"[ab@~,&|!()\\\\ notrADＮ＠é]{0,30}") {
            match text.parse::<TagExpression>() {
                Ok(expression) => prop_assert!(expression.tags().all(|tag| tag.starts_with('@'))),
                Err(error) => prop_assert!(error.to_string().contains('^')),
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in r"[ab@()\\ notrad]{0,30}") {
            if let Ok(expression) = TagExpression::official(&text) {
                prop_assert_eq!(parse(&expression.to_string()), expression);
            }
        }
    }
}
