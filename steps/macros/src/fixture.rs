//! `#[derive(Fixture)]`, and `#[fixture]` on a function.

use proc_macro::{Delimiter, Span, TokenStream, TokenTree};

use crate::error::Error;
use crate::function::{Function, needs_feature};
use crate::lending::{self, ANYBODY};
use crate::options::{self, Given};
use crate::template::{fill, fill_at};
use crate::type_tokens::last_segment;

/// The implementation of `Fixture` by `Default`.
pub(crate) fn derive(item: TokenStream) -> Result<TokenStream, Error> {
    let options = FixtureOptions::parse(helper(&item)?, &["scope"])?;
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
            const SCOPE: ::bdd_steps::Scope = SCOPE_GIVEN;
            const CLOSES: bool = ::core::mem::needs_drop::<NAME>();

            fn setup(_: &::bdd_steps::Context)
                -> ::core::result::Result<Self, ::std::boxed::Box<dyn ::core::error::Error>>
            {
                ::core::result::Result::Ok(<NAME as ::core::default::Default>::default())
            }
        }",
        &[("NAME", &name), ("SCOPE_GIVEN", &scope(options.scope))],
    ))
}

/// What stands between the brackets of `#[fixture(…)]` among the attributes of a type.
fn helper(item: &TokenStream) -> Result<TokenStream, Error> {
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let mut given = TokenStream::new();
    for pair in tokens.windows(2) {
        let [TokenTree::Punct(hash), TokenTree::Group(attribute)] = pair else {
            continue;
        };
        if hash.as_char() != '#' || attribute.delimiter() != Delimiter::Bracket {
            continue;
        }
        let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
        match tokens.as_slice() {
            [TokenTree::Ident(name), TokenTree::Group(options)]
                if name.to_string() == "fixture" =>
            {
                given.extend(options.stream());
                given.extend(fill(",", &[]));
            }
            [TokenTree::Ident(name), ..] if name.to_string() == "fixture" => {
                return Err(Error::new(
                    name.span(),
                    "write it as `#[fixture(scope = feature)]`",
                ));
            }
            _ => {}
        }
    }
    Ok(given)
}

/// The function itself, and the implementation of `Fixture` for the type that it returns.
pub(crate) fn attribute(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let added = implementation(attribute, item.clone()).unwrap_or_else(Error::into_tokens);
    let mut tokens = item;
    tokens.extend(added);
    tokens
}

fn implementation(attribute: TokenStream, item: TokenStream) -> Result<TokenStream, Error> {
    if let Some(span) = type_item(&item) {
        return Err(Error::new(
            span,
            "on a type it stands below `#[derive(Fixture)]`; without that it is for functions",
        ));
    }
    let function = Function::parse("fixture function", item)?;
    lending::only_fixtures("fixture function", &function.parameters)?;
    lending::check_fixtures(&function.parameters)?;
    let options = FixtureOptions::parse(attribute, &["scope", "teardown"])?;

    let call = function.call(&lending::arguments(&function.parameters));
    let returned: Vec<TokenTree> = function.returned.into_iter().collect();
    let (ty, fallible) = match last_segment(&returned) {
        Some((name, Some(arguments))) if name == "Result" => (first_argument(arguments), true),
        _ => (returned.into_iter().collect(), false),
    };
    if ty.is_empty() {
        return Err(Error::new(
            function.name.span(),
            "the function must return its fixture, as `T` or `Result<T, E>`",
        ));
    }
    let result = fill_at(
        function.returns,
        if fallible {
            "CALL.map_err(::core::convert::Into::into)"
        } else {
            "::core::result::Result::Ok(CALL)"
        },
        &[("CALL", &call)],
    );
    let teardown = match &options.teardown {
        None => TokenStream::new(),
        Some(path) => fill(
            "fn teardown(self)
                -> ::core::result::Result<(), ::std::boxed::Box<dyn ::core::error::Error>>
            {
                ::bdd_steps::__private::TeardownReturn::into_result(TEARDOWN)
            }",
            &[("TEARDOWN", &closing(path)?)],
        ),
    };
    let closes = match &options.teardown {
        None => fill("::core::mem::needs_drop::<TYPE>()", &[("TYPE", &ty)]),
        Some(_) => fill("true", &[]),
    };
    let user = lending::User {
        name: &format!("the fixture function `{}`", function.name),
        scope: options.scope,
    };
    let scope = scope(options.scope);
    Ok(fill(
        "CONDITIONS const _: () = {
            const _: bool = NEEDS;

            impl ::bdd_steps::Fixture for TYPE {
                const SCOPE: ::bdd_steps::Scope = SCOPE_GIVEN;
                const WHOLE_FEATURE: bool = ::core::matches!(
                    <TYPE as ::bdd_steps::Fixture>::SCOPE,
                    ::bdd_steps::Scope::Feature
                ) || NEEDED_WHOLE;
                const CLOSES: bool = CLOSING;

                fn setup(context: &::bdd_steps::Context)
                    -> ::core::result::Result<Self, ::std::boxed::Box<dyn ::core::error::Error>>
                {
                    let call = ::bdd_steps::__private::Needs::of(context);
                    let _ = &call;
                    CONTEXTS
                    BINDINGS
                    let result = RESULT;
                    result
                }

                TEARDOWN
            }
        };",
        &[
            ("CONDITIONS", &function.conditions),
            ("NEEDS", &user.whole_feature(&function.parameters)),
            ("TYPE", &ty),
            ("SCOPE_GIVEN", &scope),
            ("NEEDED_WHOLE", &ANYBODY.whole_feature(&function.parameters)),
            ("CLOSING", &closes),
            (
                "CONTEXTS",
                &lending::contexts(&function.parameters, "context"),
            ),
            ("BINDINGS", &lending::bindings(&function.parameters)),
            ("RESULT", &result),
            ("TEARDOWN", &teardown),
        ],
    ))
}

/// The call of what tears a fixture down: `path(self)`, and waited for when it is `path.await`.
fn closing(path: &TokenStream) -> Result<TokenStream, Error> {
    let tokens: Vec<TokenTree> = path.clone().into_iter().collect();
    let [awaited @ .., TokenTree::Punct(dot), TokenTree::Ident(wait)] = tokens.as_slice() else {
        return Ok(fill("PATH(self)", &[("PATH", path)]));
    };
    // The last segment of a longer path.
    if dot.as_char() == ':' {
        return Ok(fill("PATH(self)", &[("PATH", path)]));
    }
    if dot.as_char() != '.' || wait.to_string() != "await" {
        return Err(Error::new(
            wait.span(),
            "expected the path of a function, or `path.await` for an `async fn`",
        ));
    }
    if !cfg!(feature = "async") {
        return Err(Error::new(wait.span(), needs_feature("teardown")));
    }
    let path: TokenStream = awaited.iter().cloned().collect();
    Ok(fill(
        "::bdd_steps::__private::block_on(PATH(self))",
        &[("PATH", &path)],
    ))
}

/// Where the word stands that makes the item a type.
fn type_item(item: &TokenStream) -> Option<Span> {
    for token in item.clone() {
        if let TokenTree::Ident(word) = token {
            match word.to_string().as_str() {
                "struct" | "enum" | "union" => return Some(word.span()),
                "fn" => return None,
                _ => {}
            }
        }
    }
    None
}

/// The first of the types between `<` and `>`.
fn first_argument(arguments: &[TokenTree]) -> TokenStream {
    crate::type_tokens::split_at_commas(arguments.to_vec())
        .into_iter()
        .next()
        .unwrap_or_default()
        .into_iter()
        .collect()
}

/// What the brackets of the attribute say.
struct FixtureOptions {
    /// The variant of `Scope`.
    scope: &'static str,
    /// The path of a function.
    teardown: Option<TokenStream>,
}

impl FixtureOptions {
    fn parse(attribute: TokenStream, known: &[&str]) -> Result<Self, Error> {
        let mut options = Self {
            scope: "Scenario",
            teardown: None,
        };
        for Given { name, value, .. } in options::parse(attribute, known)? {
            if name == "scope" {
                options.scope = variant(&value)?;
            } else {
                options.teardown = Some(value.into_iter().collect());
            }
        }
        Ok(options)
    }
}

/// The variant of `Scope` that a word names.
fn variant(value: &[TokenTree]) -> Result<&'static str, Error> {
    if let [TokenTree::Ident(word)] = value {
        match word.to_string().as_str() {
            "scenario" => return Ok("Scenario"),
            "feature" => return Ok("Feature"),
            "worker" => return Ok("Worker"),
            _ => {}
        }
    }
    Err(Error::new(
        value.first().map_or_else(Span::call_site, TokenTree::span),
        "a scope is `scenario`, `feature` or `worker`",
    ))
}

/// A variant of `Scope` as an expression.
fn scope(variant: &str) -> TokenStream {
    fill(&format!("::bdd_steps::Scope::{variant}"), &[])
}
