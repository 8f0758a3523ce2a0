//! What the attribute of a step expands to.

use proc_macro::{TokenStream, TokenTree};

use crate::callable::Callable;
use crate::error::Error;
use crate::function::Function;
use crate::lending::check_fixtures;
use crate::parameter::{Parameter, ParameterKind};
use crate::pattern::{Pattern, text};
use crate::template::{fill, fill_for, quoted};

/// The item itself, and its registration or the error that prevents it.
pub(crate) fn definition(keyword: &str, attribute: TokenStream, item: TokenStream) -> TokenStream {
    let added = registration(keyword, attribute, item.clone()).unwrap_or_else(Error::into_tokens);
    let mut tokens = item;
    tokens.extend(added);
    tokens
}

fn registration(
    keyword: &str,
    attribute: TokenStream,
    item: TokenStream,
) -> Result<TokenStream, Error> {
    let function = Function::parse("step", item)?;
    let pattern = Pattern::parse(attribute)?;
    check_below(&function.parameters)?;
    check_fixtures(&function.parameters)?;
    check_arity(&function.parameters, &pattern)?;

    let callable = Callable::of("step", &function)?;
    let definition = format!(
        "::bdd_steps::__private::StepDefinition {{
            keyword: {keyword},
            kind: {kind},
            pattern: PATTERN,
            place: ::core::panic::Location::caller(),
            function: {name},
            doc: DOC,
            callable: &{callable},
        }}",
        keyword = quoted(keyword),
        kind = quoted(pattern.kind.name()),
        name = quoted(&function.name.to_string()),
        callable = callable.source,
    );
    let pattern = TokenTree::Literal(pattern.literal).into();
    let doc = doc(&function);
    let places = [("PATTERN", &pattern), ("DOC", &doc)];
    Ok(callable.register("StepDefinition", &definition, &places))
}

/// The lines of documentation as one text.
fn doc(function: &Function) -> TokenStream {
    let literal = |line: &TokenStream| match &line.clone().into_iter().collect::<Vec<_>>()[..] {
        [TokenTree::Literal(literal)] => text(literal),
        _ => None,
    };
    if let Some(texts) = function.doc.iter().map(literal).collect::<Option<Vec<_>>>() {
        return fill_for(function.name.span(), &quoted(&texts.join("\n")), &[]);
    }
    // A line is a macro, such as `include_str!`.
    let mut tokens = TokenStream::new();
    for line in &function.doc {
        tokens.extend(fill("LINE, \"\\n\",", &[("LINE", line)]));
    }
    fill("::core::concat!(LINES)", &[("LINES", &tokens)])
}

/// Checks that at most one parameter takes the table, and one the docstring.
fn check_below(parameters: &[Parameter]) -> Result<(), Error> {
    let check = |takes: fn(&ParameterKind) -> bool, what: &str| {
        let mut taking = parameters.iter().filter(|parameter| takes(&parameter.kind));
        match taking.nth(1) {
            Some(second) => Err(Error::new(
                second.span,
                format!("a step has at most one {what} below it, so a function takes one"),
            )),
            None => Ok(()),
        }
    };
    check(ParameterKind::is_table, "table")?;
    check(ParameterKind::is_doc_string, "docstring")
}

/// Checks that the pattern has as many top-level groups or parameters as the function takes values.
fn check_arity(parameters: &[Parameter], pattern: &Pattern) -> Result<(), Error> {
    let captures: Vec<&Parameter> = parameters
        .iter()
        .filter(|parameter| parameter.kind.is_capture())
        .collect();
    if captures.len() == pattern.groups {
        return Ok(());
    }
    let groups = count(pattern.groups, pattern.kind.noun());
    let values = count(captures.len(), "captured value");
    let message = format!("the pattern has {groups}, but the function takes {values}");
    let is_fixture = |parameter: &&&Parameter| parameter.may_be_a_fixture_by_value();
    let too_many = captures.len() > pattern.groups;
    // With one value too many, the first that may be a fixture is the most likely mistake.
    Err(
        match captures.iter().find(is_fixture).filter(|_| too_many) {
            Some(suspect) => Error::new(
                suspect.span,
                format!(
                    "{message}: `{}` is one, because it is taken by value; if it is a fixture, write `&{ty}` or `&mut {ty}`",
                    suspect.declaration,
                    ty = suspect.type_name
                ),
            ),
            None => Error::new(
                captures
                    .get(pattern.groups)
                    .map_or(pattern.literal.span(), |surplus| surplus.span),
                format!("{message} (by-value parameters)"),
            ),
        },
    )
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
