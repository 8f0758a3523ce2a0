//! The options in the brackets of an attribute, such as `scope = feature, teardown = close`.

use proc_macro::{Span, TokenStream, TokenTree};

use crate::error::Error;
use crate::type_tokens::{split_at_commas, ungrouped};

/// An option.
pub(crate) struct Given {
    /// Its name.
    pub(crate) name: String,
    /// Where the name stands.
    pub(crate) span: Span,
    /// The tokens after the `=`.
    pub(crate) value: Vec<TokenTree>,
}

/// Reads options: each is a name, `=` and a value, and no option comes twice. `known` are the names.
pub(crate) fn parse(tokens: TokenStream, known: &[&str]) -> Result<Vec<Given>, Error> {
    let mut options: Vec<Given> = Vec::new();
    for tokens in split_at_commas(ungrouped(tokens)) {
        let option = match tokens.split_first() {
            Some((TokenTree::Ident(name), [TokenTree::Punct(equals), value @ ..]))
                if equals.as_char() == '=' && !value.is_empty() =>
            {
                Given {
                    name: name.to_string(),
                    span: name.span(),
                    value: value.to_vec(),
                }
            }
            first => {
                let span = first.map_or_else(Span::call_site, |(first, _)| first.span());
                return Err(Error::new(span, format!("expected {}", list(known))));
            }
        };
        if !known.contains(&option.name.as_str()) {
            let message = format!("unknown option `{}`: expected {}", option.name, list(known));
            return Err(Error::new(option.span, message));
        }
        if options.iter().any(|other| other.name == option.name) {
            return Err(Error::new(option.span, format!("`{}` twice", option.name)));
        }
        options.push(option);
    }
    Ok(options)
}

/// The names as a list for people.
fn list(known: &[&str]) -> String {
    let names: Vec<String> = known
        .iter()
        .map(|name| format!("`{name} = \u{2026}`"))
        .collect();
    names.join(", ")
}
