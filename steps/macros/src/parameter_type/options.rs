//! What stands between the parentheses of `#[parameter_type(…)]`.

use proc_macro::{Delimiter, Literal, Span, TokenStream, TokenTree};

use crate::error::Error;
use crate::options::{Given, parse};
use crate::pattern::{groups, text};
use crate::type_tokens::{split_at_commas, ungrouped};

/// The options of a parameter type.
pub(crate) struct ParameterTypeOptions {
    name: Option<(String, Span)>,
    /// The regular expressions as they stand in the source; at least one.
    pub(crate) regexps: Vec<Literal>,
    /// How many groups they have together that are in no other group.
    pub(crate) groups: usize,
    switches: Vec<(String, bool, Span)>,
}

const KNOWN: [&str; 6] = [
    "name",
    "regex",
    "regexes",
    "use_for_snippets",
    "prefer_for_regexp",
    "by_name_only",
];

impl ParameterTypeOptions {
    /// Reads and checks them.
    pub(crate) fn parse(attribute: TokenStream) -> Result<Self, Error> {
        let mut options = Self {
            name: None,
            regexps: Vec::new(),
            groups: 0,
            switches: Vec::new(),
        };
        for Given { name, span, value } in parse(attribute, &KNOWN)? {
            let [value] = &value[..] else {
                return Err(Error::new(value[1].span(), "expected one value"));
            };
            match name.as_str() {
                "name" => {
                    let literal = string(value, "expected a name in quotes")?;
                    options.name = Some((value_of(&literal)?, literal.span()));
                }
                "regex" | "regexes" if !options.regexps.is_empty() => {
                    return Err(Error::new(span, "either `regex` or `regexes`, not both"));
                }
                "regex" => options.regexps = vec![string(value, NOT_A_REGEXP)?],
                "regexes" => options.regexps = list(value)?,
                _ => {
                    let on = match value.to_string().as_str() {
                        "true" => true,
                        "false" => false,
                        _ => return Err(Error::new(value.span(), "expected `true` or `false`")),
                    };
                    options.switches.push((name, on, span));
                }
            }
        }
        if options.regexps.is_empty() {
            return Err(Error::new(
                Span::call_site(),
                "the regular expression is missing: regex = \"…\"",
            ));
        }
        for literal in &options.regexps {
            options.groups += groups(&value_of(literal)?).map_err(|error| {
                let error = error.replacen("the pattern", "the regular expression", 1);
                Error::new(literal.span(), error)
            })?;
        }
        Ok(options)
    }

    /// The name, or else `default`, which stands at `span`.
    pub(crate) fn name(&self, default: &str, span: Span) -> Result<String, Error> {
        let default = (default.trim_start_matches("r#").to_owned(), span);
        let (name, span) = self.name.as_ref().unwrap_or(&default);
        if name.is_empty() {
            return Err(Error::new(*span, "a parameter type needs a name"));
        }
        if bdd_expressions::BuiltIn::named(name).is_some() {
            return Err(Error::new(
                *span,
                format!("there is already a parameter type with name {name}: it is built in"),
            ));
        }
        bdd_expressions::check_parameter_type_name(name)
            .map_err(|problem| Error::new(*span, problem))?;
        Ok(name.clone())
    }

    /// Whether snippets suggest it.
    pub(crate) fn use_for_snippets(&self) -> bool {
        self.switch("use_for_snippets").is_none_or(|(on, _)| on)
    }

    /// Whether it wins if a group of a regular expression could be of several types.
    pub(crate) fn prefer_for_regexp(&self) -> bool {
        self.switch("prefer_for_regexp").is_some_and(|(on, _)| on)
    }

    /// Whether it converts only values of patterns that name it.
    pub(crate) fn by_name_only(&self) -> bool {
        self.switch("by_name_only").is_some_and(|(on, _)| on)
    }

    /// Where `by_name_only` stands, if it does.
    pub(crate) fn by_name_only_at(&self) -> Option<Span> {
        self.switch("by_name_only").map(|(_, span)| span)
    }

    fn switch(&self, word: &str) -> Option<(bool, Span)> {
        let found = self.switches.iter().find(|(own, ..)| own == word)?;
        Some((found.1, found.2))
    }

    /// Where the first regular expression stands.
    pub(crate) fn span(&self) -> Span {
        self.regexps
            .first()
            .map_or_else(Span::call_site, Literal::span)
    }
}

const NOT_A_REGEXP: &str = "expected a regular expression in quotes";

/// Literals as the elements of an array.
pub(crate) fn literals(literals: &[Literal]) -> TokenStream {
    let mut tokens = TokenStream::new();
    for literal in literals {
        tokens.extend([
            TokenTree::Literal(literal.clone()),
            TokenTree::Punct(proc_macro::Punct::new(',', proc_macro::Spacing::Alone)),
        ]);
    }
    tokens
}

fn list(token: &TokenTree) -> Result<Vec<Literal>, Error> {
    let elements = match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
            split_at_commas(ungrouped(group.stream()))
        }
        _ => Vec::new(),
    };
    if elements.is_empty() {
        return Err(Error::new(
            token.span(),
            "expected regular expressions in brackets: [\"…\", \"…\"]",
        ));
    }
    elements
        .iter()
        .map(|element| match &element[..] {
            [one] => string(one, NOT_A_REGEXP),
            several => Err(Error::new(several[0].span(), NOT_A_REGEXP)),
        })
        .collect()
}

/// The token if it is a string literal.
fn string(token: &TokenTree, expected: &str) -> Result<Literal, Error> {
    match token {
        TokenTree::Literal(literal) if text(literal).is_some() => Ok(literal.clone()),
        _ => Err(Error::new(token.span(), expected)),
    }
}

fn value_of(literal: &Literal) -> Result<String, Error> {
    text(literal).ok_or_else(|| Error::new(literal.span(), "expected a text in quotes"))
}
