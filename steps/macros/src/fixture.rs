//! `#[derive(Fixture)]`.

use proc_macro::{Span, TokenStream, TokenTree};

use crate::error::Error;
use crate::template::fill;

/// The implementation of `Fixture` by `Default`.
pub(crate) fn derive(item: TokenStream) -> Result<TokenStream, Error> {
    let mut tokens = item
        .into_iter()
        .skip_while(|token| !matches!(token.to_string().as_str(), "struct" | "enum" | "union"))
        .skip(1);
    let Some(TokenTree::Ident(name)) = tokens.next() else {
        return Err(Error::new(
            Span::call_site(),
            "only a type can be a fixture",
        ));
    };
    if matches!(tokens.next(), Some(TokenTree::Punct(sign)) if sign.as_char() == '<') {
        return Err(Error::new(
            name.span(),
            "a generic type cannot derive `Fixture`; implement it for a concrete one",
        ));
    }
    let name = TokenStream::from(TokenTree::Ident(name));
    Ok(fill(
        "impl ::bdd_steps::Fixture for NAME {
            fn setup(_: &::bdd_steps::Context)
                -> ::core::result::Result<Self, ::std::boxed::Box<dyn ::core::error::Error>>
            {
                ::core::result::Result::Ok(<NAME as ::core::default::Default>::default())
            }
        }",
        &[("NAME", &name)],
    ))
}
