//! What the attribute of a step expands to.

use proc_macro::{TokenStream, TokenTree};

use crate::error::Error;
use crate::function::Function;
use crate::lending::{self, ANYBODY, check_fixtures};
use crate::parameter::{Parameter, ParameterKind};
use crate::pattern::Pattern;
use crate::template::{fill, fill_at, quoted};

/// How a text becomes a value of the type of a parameter. The methods of several traits fit, and
/// the compiler takes the first that does: the type's own conversion, or else that of a parameter
/// type, or else one that always fits and says, at the parameter, what is wrong.
pub(crate) fn conversion(parameter: &Parameter, ty: &TokenStream) -> TokenStream {
    fill_at(
        parameter.span,
        "{
            use ::bdd_steps::__private::{ByFunction as _, ByItself as _, ByNothing as _};
            (&&&::bdd_steps::__private::Convert::<TYPE>::NEW).conversion()
        }",
        &[("TYPE", ty)],
    )
}

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

    let source = format!(
        "CONDITIONS const _: () = {{
            fn __call(call: &mut ::bdd_steps::__private::Call<'_>)
                -> ::core::result::Result<(), ::bdd_steps::__private::Stop>
            {{
                call.takes(::bdd_steps::__private::Below {below})?;
                BINDINGS
                let result = RESULT;
                result
            }}
            ::bdd_steps::__private::inventory::submit! {{
                ::bdd_steps::__private::StepDefinition {{
                    keyword: {keyword},
                    kind: {kind},
                    pattern: PATTERN,
                    package: ::core::env!(\"CARGO_PKG_NAME\"),
                    root: ::core::env!(\"CARGO_MANIFEST_DIR\"),
                    file: ::core::file!(),
                    line: ::core::line!(),
                    column: ::core::column!(),
                    function: {name},
                    doc: ::core::concat!(DOC),
                    whole_feature: WHOLE_FEATURE,
                    run: ::bdd_steps::__private::Run::Now(__call),
                }}
            }}
        }};",
        below = below(&function.parameters),
        keyword = quoted(keyword),
        kind = quoted(pattern.kind.name()),
        name = quoted(&function.name.to_string()),
    );
    let result = lending::result(&function);
    Ok(fill(
        &source,
        &[
            ("CONDITIONS", &function.conditions),
            ("BINDINGS", &bindings(&function.parameters)),
            (
                "WHOLE_FEATURE",
                &ANYBODY.whole_feature(&function.parameters),
            ),
            ("RESULT", &result),
            ("PATTERN", &TokenTree::Literal(pattern.literal).into()),
            ("DOC", &doc(&function.doc)),
        ],
    ))
}

/// The `Below` for what the function takes.
fn below(parameters: &[Parameter]) -> String {
    let table = parameters.iter().any(|parameter| parameter.kind.is_table());
    let mut kinds = parameters.iter().map(|parameter| &parameter.kind);
    let doc_string = kinds.any(ParameterKind::is_doc_string);
    format!("{{ table: {table}, doc_string: {doc_string} }}")
}

/// Statements that get the arguments, as `__0`, `__1` and so on: first the values, which may not
/// convert, and then the fixtures, which run code of the user.
fn bindings(parameters: &[Parameter]) -> TokenStream {
    let mut bindings = TokenStream::new();
    let mut group = 0;
    for (index, parameter) in parameters.iter().enumerate() {
        let declaration = quoted(&parameter.declaration);
        let none = TokenStream::new();
        let (ty, source) = match &parameter.kind {
            ParameterKind::Fixture { .. } => continue,
            ParameterKind::Capture(ty) => (
                ty,
                format!("call.capture({group}, {declaration}, CONVERSION)?"),
            ),
            ParameterKind::OptionalCapture(ty) => (
                ty,
                format!("call.optional_capture({group}, {declaration}, CONVERSION)?"),
            ),
            ParameterKind::Text => (&none, format!("call.text({group}, {declaration})?")),
            ParameterKind::OptionalText => (
                &none,
                format!("call.optional_text({group}, {declaration})?"),
            ),
            ParameterKind::Context => (&none, "call.context()".to_owned()),
            ParameterKind::Table { .. } => (&none, "call.table()?".to_owned()),
            ParameterKind::OptionalTable => (&none, "call.optional_table()".to_owned()),
            ParameterKind::Rows(ty) => (ty, "call.rows::<TYPE>()?".to_owned()),
            ParameterKind::DocString { .. } => (&none, "call.doc_string()?".to_owned()),
            ParameterKind::OptionalDocString => (&none, "call.optional_doc_string()".to_owned()),
        };
        bindings.extend(fill(
            &format!("let __{index} = {source};"),
            &[("TYPE", ty), ("CONVERSION", &conversion(parameter, ty))],
        ));
        group += usize::from(parameter.kind.is_capture());
    }
    bindings.extend(lending::bindings(parameters));
    bindings
}

/// The lines of documentation as arguments of `concat!`.
fn doc(lines: &[TokenStream]) -> TokenStream {
    let mut tokens = TokenStream::new();
    for line in lines {
        tokens.extend(fill("LINE, \"\\n\",", &[("LINE", line)]));
    }
    tokens
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
