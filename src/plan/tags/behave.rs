//! Tag expressions as behave reads them: the old form (`~@a`, `-a`, `@a,b`), bare words, and patterns (`@a.*`).
//!
//! behave decides about the form by all expressions of a run together, so they are read together here.

use super::{Item, TagExpression, TagExpressionError};

/// What negates a tag in the old form.
const NEGATIONS: [char; 2] = ['~', '-'];

/// What makes a word a pattern of the new form.
const WILDCARDS: [char; 3] = ['*', '?', '['];

/// Reads the expressions of a run; a scenario must match all of them.
///
/// # Errors
/// One is of no form, or one is of the old form and one of the new.
pub fn of_behave(texts: &[String]) -> Result<Vec<TagExpression>, TagExpressionError> {
    let spaced = |text: &String| text.replace('(', " ( ").replace(')', " ) ");
    let spaced: Vec<String> = texts.iter().map(spaced).collect();
    let words = || spaced.iter().flat_map(|text| text.split_whitespace());
    let is_new = words()
        .any(|word| ["and", "or", "not", "(", ")"].contains(&word) || word.contains(WILDCARDS));
    let negated = texts.iter().find(|text| {
        let mut words = text.split_whitespace();
        words.any(|word| word.starts_with(NEGATIONS))
    });
    match (is_new, negated) {
        (true, Some(text)) => Err(TagExpressionError::mixed(text)),
        (true, None) => texts.iter().map(|text| new_form(text)).collect(),
        (false, None) if !words().any(|word| word.contains(',')) && words().count() < 2 => {
            texts.iter().map(|text| new_form(text)).collect()
        }
        (false, _) => Ok(texts.iter().map(|text| old_form(text)).collect()),
    }
}

/// An expression in which the `@` of tags may be left out.
fn new_form(text: &str) -> Result<TagExpression, TagExpressionError> {
    let bare = text.replace('@', "");
    let mut expression =
        TagExpression::official(&bare).map_err(|_| match TagExpression::official(text) {
            Err(error) => TagExpressionError::syntax(error),
            Ok(expression) => TagExpressionError::operands(text, &expression)
                .unwrap_or_else(|| TagExpressionError::mixed(text)),
        })?;
    for item in &mut expression.postfix {
        if let Item::Tag(name) = item {
            *item = match name.contains(WILDCARDS) {
                true => Item::Pattern(format!("@{name}")),
                false => Item::Tag(format!("@{name}")),
            };
        }
    }
    Ok(expression)
}

/// Alternatives with commas between them, each perhaps negated.
fn old_form(text: &str) -> TagExpression {
    let mut postfix = Vec::new();
    for (number, alternative) in text.trim().split(',').enumerate() {
        let alternative = alternative.trim();
        let name = alternative.trim_start_matches(NEGATIONS);
        // What follows a colon was a limit once.
        let name = name.split(':').next().unwrap_or_default();
        postfix.push(Item::Tag(format!("@{}", name.trim_start_matches('@'))));
        if alternative.starts_with(NEGATIONS) {
            postfix.push(Item::Not);
        }
        if number > 0 {
            postfix.push(Item::Or);
        }
    }
    TagExpression { postfix }
}

/// Whether a tag matches a pattern, as the names of files match in Python: `*`, `?`, `[a-z]`, `[!a]`.
pub(super) fn matches(pattern: &str, tag: &str) -> bool {
    let (pattern, tag): (Vec<char>, Vec<char>) = (pattern.chars().collect(), tag.chars().collect());
    let (mut at, mut of_tag) = (0, 0);
    // Where the last `*` stands, and what it has not taken yet.
    let mut star: Option<(usize, usize)> = None;
    while of_tag < tag.len() {
        if pattern.get(at) == Some(&'*') {
            star = Some((at, of_tag));
            at += 1;
        } else if let Some(length) = matches_one(&pattern[at..], tag[of_tag]) {
            at += length;
            of_tag += 1;
        } else if let Some((star_at, taken)) = star {
            star = Some((star_at, taken + 1));
            (at, of_tag) = (star_at + 1, taken + 1);
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

/// How much of a pattern matches one character, if it does.
fn matches_one(pattern: &[char], character: char) -> Option<usize> {
    match pattern.first()? {
        '?' => Some(1),
        '[' => match class(pattern) {
            Some((length, set)) => {
                let (negated, set) = match set.split_first() {
                    Some(('!', rest)) => (true, rest),
                    _ => (false, set),
                };
                (is_in(set, character) != negated).then_some(length)
            }
            // Without an end it is a character as any other.
            None => (character == '[').then_some(1),
        },
        other => (*other == character).then_some(1),
    }
}

/// The length of a set of characters, with its brackets, and what is between them.
fn class(pattern: &[char]) -> Option<(usize, &[char])> {
    let first = match pattern.get(1) {
        Some('!') => 2,
        _ => 1,
    };
    // A `]` that comes first is one of the set.
    let end = (first + 1..pattern.len()).find(|at| pattern[*at] == ']')?;
    Some((end + 1, &pattern[1..end]))
}

fn is_in(set: &[char], character: char) -> bool {
    let mut rest = set;
    while let Some((first, after)) = rest.split_first() {
        if let ['-', last, after @ ..] = after {
            if (*first..=*last).contains(&character) {
                return true;
            }
            rest = after;
        } else {
            if *first == character {
                return true;
            }
            rest = after;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(texts: &[&str]) -> String {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        match of_behave(&texts) {
            Ok(all) => {
                let all: Vec<String> = all.iter().map(ToString::to_string).collect();
                all.join("; ")
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_old_form_is_alternatives_that_may_be_negated() {
        for (texts, expected) in [
            (&["~@a"][..], "not ( @a )"),
            (&["-a"], "not ( @a )"),
            (&["-@a"], "not ( @a )"),
            (&["@a,@b"], "( @a or @b )"),
            (&["a,~b"], "( @a or not ( @b ) )"),
            (&["@a:3"], "@a:3"),
            (&["@a:3,b"], "( @a or @b )"),
            (&["~@a", "@b,c"], "not ( @a ); ( @b or @c )"),
            (&["@a", "@b"], "@a; @b"),
        ] {
            assert_eq!(shown(texts), expected, "{texts:?}");
        }
    }

    #[test]
    fn the_new_form_needs_no_at() {
        for (texts, expected) in [
            (&["a"][..], "@a"),
            (&["@a"], "@a"),
            (&["not a"], "not ( @a )"),
            (&["a and not (@b or c)"], "( @a and not ( @b or @c ) )"),
            (&["@a", "not @b"], "@a; not ( @b )"),
            (&["@db.* or x"], "( @db.* or @x )"),
        ] {
            assert_eq!(shown(texts), expected, "{texts:?}");
        }
        assert!(shown(&["a and"]).contains("a tag is missing here"));
    }

    #[test]
    fn both_forms_at_once_are_an_error() {
        let error = shown(&["not @a", "~@b"]);
        assert!(error.contains("old form"), "{error}");
        assert!(shown(&["@a and ~@b"]).contains("write `not @b`"));
    }

    #[test]
    fn patterns_are_those_of_file_names() {
        for (pattern, tag) in [
            ("@db.*", "@db.x"),
            ("@*.db", "@a.b.db"),
            ("@a?c", "@abc"),
            ("@[ab]x", "@bx"),
            ("@[!ab]x", "@cx"),
            ("@[a-c]x", "@bx"),
            ("@[]]", "@]"),
            ("@[x", "@[x"),
            ("*", "@any"),
        ] {
            assert!(matches(pattern, tag), "{pattern} {tag}");
        }
        for (pattern, tag) in [
            ("@db.*", "@db"),
            ("@a?c", "@ac"),
            ("@[ab]x", "@cx"),
            ("@[!ab]x", "@ax"),
            ("@a*b*c", "@abcd"),
        ] {
            assert!(!matches(pattern, tag), "{pattern} {tag}");
        }
        let hostile = format!("@{}b", "*a".repeat(2_000));
        assert!(!matches(&hostile, &format!("@{}", "a".repeat(4_000))));
    }
}
