//! Makes tokens from source text with places to fill in.

use proc_macro::{Group, Span, TokenStream, TokenTree};

/// Rust source in which each identifier named in `places` is replaced by tokens, which keep
/// their spans. Errors in the rest are reported at the attribute.
pub(crate) fn fill(source: &str, places: &[(&str, &TokenStream)]) -> TokenStream {
    fill_at(Span::call_site(), source, places)
}

/// The same, with errors in the rest reported at `span`.
pub(crate) fn fill_at(span: Span, source: &str, places: &[(&str, &TokenStream)]) -> TokenStream {
    // Names in the source mean the same wherever errors are reported. Its variables are its own: a
    // user's function may have the name of one.
    let span = Span::mixed_site().located_at(span);
    replace(respanned(source.parse().unwrap_or_default(), span), places)
}

fn replace(tokens: TokenStream, places: &[(&str, &TokenStream)]) -> TokenStream {
    let mut filled = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), replace(group.stream(), places));
                inner.set_span(group.span());
                filled.extend([TokenTree::Group(inner)]);
            }
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                match places.iter().find(|(place, _)| *place == name) {
                    Some((_, tokens)) => filled.extend((*tokens).clone()),
                    None => filled.extend([TokenTree::Ident(ident)]),
                }
            }
            other => filled.extend([other]),
        }
    }
    filled
}

fn respanned(tokens: TokenStream, span: Span) -> TokenStream {
    let respan = |token| {
        let mut token = match token {
            TokenTree::Group(group) => TokenTree::Group(Group::new(
                group.delimiter(),
                respanned(group.stream(), span),
            )),
            other => other,
        };
        token.set_span(span);
        token
    };
    tokens.into_iter().map(respan).collect()
}

/// A text as a string literal.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.escape_default())
}
