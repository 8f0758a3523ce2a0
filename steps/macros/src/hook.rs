//! What the attribute of a hook expands to.

use proc_macro::{Span, TokenStream, TokenTree};

use crate::callable::Callable;
use crate::error::Error;
use crate::function::Function;
use crate::lending;
use crate::options::{self, Given};
use crate::template::{fill, quoted};
use crate::type_tokens::ungrouped;

/// A kind of hook.
pub(crate) struct HookAttribute {
    /// The name of its attribute.
    pub(crate) attribute: &'static str,
    /// The variant of `HookKind`.
    pub(crate) variant: &'static str,
    /// The variant of `Scope` that its fixtures must have at least.
    pub(crate) scope: &'static str,
}

impl HookAttribute {
    /// The literal of a tag expression.
    fn tags(&self, value: &[TokenTree], option: Span) -> Result<TokenStream, Error> {
        if self.scope == "Worker" {
            let message = format!(
                "{} {} hook runs for no feature or scenario, so it cannot have tags",
                article(self.attribute),
                self.attribute
            );
            return Err(Error::new(option, message));
        }
        text(value, option)
    }
}

/// The item itself, and its registration or the error that prevents it.
pub(crate) fn hook(kind: &HookAttribute, attribute: TokenStream, item: TokenStream) -> TokenStream {
    let added = registration(kind, attribute, item.clone()).unwrap_or_else(Error::into_tokens);
    let mut tokens = item;
    tokens.extend(added);
    tokens
}

fn registration(
    kind: &HookAttribute,
    attribute: TokenStream,
    item: TokenStream,
) -> Result<TokenStream, Error> {
    let function = Function::parse("hook", item)?;
    lending::only_fixtures("hook", &function.parameters)?;
    lending::check_fixtures(&function.parameters)?;
    let options = HookOptions::parse(kind, attribute)?;

    let user = lending::User {
        name: &format!("{} {} hook", article(kind.attribute), kind.attribute),
        scope: kind.scope,
    };
    let callable = Callable::of("hook", &function)?;
    let definition = format!(
        "::bdd_steps::__private::HookDefinition {{
            kind: ::bdd_steps::__private::HookKind::{variant},
            name: NAME,
            tags: TAGS,
            order: ORDER,
            place: ::core::panic::Location::caller(),
            function: {name},
            callable: &{callable},
        }}",
        variant = kind.variant,
        name = quoted(&function.name.to_string()),
        callable = callable.source,
    );
    let places = [
        ("NAME", &options.name),
        ("TAGS", &options.tags),
        ("ORDER", &options.order),
    ];
    let mut tokens = callable.register("HookDefinition", &definition, &places);
    // Fixtures of the scenario live as long as any hook runs.
    if kind.scope != "Scenario" {
        let needs = user.whole_feature(&function.parameters);
        tokens.extend(fill(
            "CONDITIONS const _: bool = NEEDS;",
            &[("CONDITIONS", &function.conditions), ("NEEDS", &needs)],
        ));
    }
    Ok(tokens)
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with('a') { "an" } else { "a" }
}

/// What the brackets of the attribute say, as expressions.
struct HookOptions {
    tags: TokenStream,
    name: TokenStream,
    order: TokenStream,
}

impl HookOptions {
    /// Reads the literal of a tag expression, if there is one, and the options after it.
    fn parse(kind: &HookAttribute, attribute: TokenStream) -> Result<Self, Error> {
        let mut options = Self {
            tags: fill("\"\"", &[]),
            name: fill("\"\"", &[]),
            order: fill("0", &[]),
        };
        let mut known: &[&str] = &["tags", "name", "order"];
        let tokens = ungrouped(attribute);
        let mut rest = tokens.as_slice();
        if let Some(TokenTree::Literal(tags)) = rest.first() {
            options.tags = kind.tags(&rest[..1], tags.span())?;
            known = &["name", "order"];
            rest = match &rest[1..] {
                [] => &[],
                [TokenTree::Punct(comma), after @ ..] if comma.as_char() == ',' => after,
                [other, ..] => return Err(Error::new(other.span(), "expected `,`")),
            };
        }
        let given = options::parse(rest.iter().cloned().collect(), known)?;
        for Given { name, span, value } in given {
            match name.as_str() {
                "tags" => options.tags = kind.tags(&value, span)?,
                "name" => options.name = text(&value, span)?,
                _ => options.order = number(&value, span)?,
            }
        }
        Ok(options)
    }
}

/// The literal of a text.
fn text(value: &[TokenTree], option: Span) -> Result<TokenStream, Error> {
    match value {
        [TokenTree::Literal(literal)] if is_text(&literal.to_string()) => {
            Ok(TokenTree::Literal(literal.clone()).into())
        }
        [first, ..] => Err(Error::new(first.span(), "expected the literal of a text")),
        [] => Err(Error::new(option, "expected the literal of a text")),
    }
}

fn is_text(literal: &str) -> bool {
    literal.starts_with('"') || literal.starts_with("r\"") || literal.starts_with("r#")
}

/// An integer, which may have a minus.
fn number(value: &[TokenTree], option: Span) -> Result<TokenStream, Error> {
    let digits = match value {
        [TokenTree::Punct(minus), digits] if minus.as_char() == '-' => digits,
        [digits] => digits,
        _ => return Err(Error::new(option, "expected a whole number")),
    };
    let is_number = |text: &str| text.replace('_', "").parse::<u32>().is_ok();
    match digits {
        TokenTree::Literal(literal) if is_number(&literal.to_string()) => {
            Ok(value.iter().cloned().collect())
        }
        other => Err(Error::new(other.span(), "expected a whole number")),
    }
}
