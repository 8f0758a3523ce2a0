//! Makes tokens from source text with places to fill in.
//!
//! A token has a place and a syntax context. In the context of the macro ([`fill`], [`fill_at`]) names are hygienic
//! and lints are silent. But the compiler identifies this context by the place of the attribute in its file. So after
//! an edit above the attribute, such code is checked and compiled again, though it is the same. That costs most of the
//! time of a rebuild if each step has such code. So the registration of steps has the context of the user's code
//! ([`fill_for`]). It must not contain macros or `?`, which have a context of their own; only the call of
//! `inventory::submit!` around it has. Its warnings are those of the user: `clippy` must have none.

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
    fill_with(Span::mixed_site().located_at(span), source, places)
}

/// The same as [`fill`], in the syntax context of `user`, a token of the user. Its variables must have names that
/// users do not choose.
pub(crate) fn fill_for(user: Span, source: &str, places: &[(&str, &TokenStream)]) -> TokenStream {
    fill_with(Span::call_site().resolved_at(user), source, places)
}

/// The same, with the place and syntax context of `span`.
pub(crate) fn fill_with(span: Span, source: &str, places: &[(&str, &TokenStream)]) -> TokenStream {
    replace(source.parse().unwrap_or_default(), span, places)
}

fn replace(tokens: TokenStream, span: Span, places: &[(&str, &TokenStream)]) -> TokenStream {
    // Each call that makes a stream is a message to the compiler, so there is one for all tokens.
    let mut filled = Vec::new();
    for mut token in tokens {
        match &token {
            TokenTree::Group(group) => {
                let inner = replace(group.stream(), span, places);
                token = TokenTree::Group(Group::new(group.delimiter(), inner));
            }
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                if let Some((_, tokens)) = places.iter().find(|(place, _)| *place == name) {
                    filled.extend((*tokens).clone());
                    continue;
                }
            }
            _ => {}
        }
        token.set_span(span);
        filled.push(token);
    }
    filled.into_iter().collect()
}

/// A text as a string literal.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.escape_default())
}
