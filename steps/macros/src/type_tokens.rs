//! The tokens of types and of lists of parameters. It knows nothing of what a type is for.

use proc_macro::{Delimiter, Spacing, Span, TokenStream, TokenTree};

/// The last name of a path and what stands between its `<` and `>`; `None` if the type is more than a path.
pub(crate) fn last_segment(ty: &[TokenTree]) -> Option<(String, Option<&[TokenTree]>)> {
    let mut name = None;
    for (index, token) in ty.iter().enumerate() {
        match token {
            TokenTree::Ident(ident) => name = Some(ident.to_string()),
            TokenTree::Punct(sign) if sign.as_char() == ':' => {}
            TokenTree::Punct(sign) if sign.as_char() == '<' && is_sign(ty.last(), '>') => {
                return Some((name?, Some(&ty[index + 1..ty.len() - 1])));
            }
            _ => return None,
        }
    }
    Some((name?, None))
}

/// Removes the invisible groups around tokens that `macro_rules!` macros substitute.
pub(crate) fn ungrouped(tokens: TokenStream) -> Vec<TokenTree> {
    let mut flat = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                flat.extend(ungrouped(group.stream()))
            }
            other => flat.push(other),
        }
    }
    flat
}

/// Splits at the commas that are not between `<` and `>`.
pub(crate) fn split_at_commas(tokens: Vec<TokenTree>) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    let mut depth = 0;
    let mut arrow = false;
    for token in tokens {
        if let TokenTree::Punct(sign) = &token {
            match sign.as_char() {
                '<' => depth += 1,
                '>' if !arrow => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(Vec::new());
                    continue;
                }
                _ => {}
            }
            arrow = sign.as_char() == '-' && sign.spacing() == Spacing::Joint;
        }
        if let Some(part) = parts.last_mut() {
            part.push(token);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

pub(crate) fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident.to_string() == word)
}

pub(crate) fn is_sign(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

pub(crate) fn span(tokens: &[TokenTree]) -> Span {
    tokens.first().map_or_else(Span::call_site, TokenTree::span)
}

pub(crate) fn stream(tokens: &[TokenTree]) -> TokenStream {
    tokens.iter().cloned().collect()
}

/// The tokens as they are usually written.
pub(crate) fn source(tokens: &[TokenTree]) -> String {
    let mut text = stream(tokens).to_string();
    for (spaced, tight) in [
        ("& ", "&"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ::", "::"),
        (":: ", "::"),
        (" ,", ","),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}
