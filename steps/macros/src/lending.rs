//! Parameters that are fixtures, and how every kind of function gets them.

use std::collections::HashSet;

use proc_macro::TokenStream;

use crate::error::Error;
use crate::parameter::{Kind, Parameter};
use crate::template::{fill, fill_at, quoted};

/// Statements that get the fixtures, as `__0`, `__1` and so on, from a variable `call`. All are made
/// before the first is lent, because one may need another.
pub(crate) fn bindings(parameters: &[Parameter]) -> TokenStream {
    let mut made = TokenStream::new();
    let mut lent = TokenStream::new();
    for (index, parameter) in parameters.iter().enumerate() {
        let Kind::Fixture { of, mutable } = &parameter.kind else {
            continue;
        };
        let declaration = quoted(&parameter.declaration);
        let lend = if *mutable {
            format!("let mut __{index} = call.write::<TYPE>({declaration})?;")
        } else {
            format!("let __{index} = call.read::<TYPE>({declaration})?;")
        };
        // The first statement is for the compiler, which says once that the type is no fixture when
        // the call and the registration need it in the same words.
        let make = "::bdd_steps::__private::needs_whole_feature::<TYPE>(); call.make::<TYPE>()?;";
        made.extend(fill(make, &[("TYPE", of)]));
        lent.extend(fill(&lend, &[("TYPE", of)]));
    }
    made.extend(lent);
    made
}

/// Statements that get the parameters `&Context`, which `source` is.
pub(crate) fn contexts(parameters: &[Parameter], source: &str) -> TokenStream {
    let mut contexts = TokenStream::new();
    for (index, parameter) in parameters.iter().enumerate() {
        if matches!(parameter.kind, Kind::Context) {
            contexts.extend(fill(&format!("let __{index} = {source};"), &[]));
        }
    }
    contexts
}

/// The arguments of the call of a function, from variables `__0`, `__1` and so on.
pub(crate) fn arguments(parameters: &[Parameter]) -> TokenStream {
    let mut arguments = TokenStream::new();
    for (index, parameter) in parameters.iter().enumerate() {
        let source = match parameter.kind {
            Kind::Fixture { mutable: true, .. } => format!("&mut *__{index},"),
            Kind::Fixture { mutable: false, .. } => format!("&*__{index},"),
            Kind::Text
            | Kind::Table { by_reference: true }
            | Kind::DocString { by_reference: true } => {
                format!("&__{index},")
            }
            Kind::OptionalText => format!("__{index}.as_deref(),"),
            _ => format!("__{index},"),
        };
        arguments.extend(fill(&source, &[]));
    }
    arguments
}

/// Whether one of the fixtures needs all scenarios of a feature on one worker, as an expression.
pub(crate) fn whole_feature(parameters: &[Parameter]) -> TokenStream {
    let mut expression = fill("false", &[]);
    for parameter in parameters {
        if let Kind::Fixture { of, .. } = &parameter.kind {
            let source = "|| ::bdd_steps::__private::needs_whole_feature::<TYPE>()";
            expression.extend(fill_at(parameter.span, source, &[("TYPE", of)]));
        }
    }
    expression
}

/// Items that do not compile unless every fixture lives at least as long as `scope`, an expression;
/// `user` is what needs them, such as `a before_run hook`.
pub(crate) fn check_scopes(
    parameters: &[Parameter],
    scope: &TokenStream,
    user: &str,
) -> TokenStream {
    let mut checks = TokenStream::new();
    for parameter in parameters {
        if let Kind::Fixture { of, .. } = &parameter.kind {
            let message = format!(
                "{user} cannot take `{}`: it does not live as long",
                parameter.declaration
            );
            let source = format!(
                "const _: () = ::core::assert!(
                    ::bdd_steps::__private::lives(<TYPE as ::bdd_steps::Fixture>::SCOPE, LEAST),
                    {}
                );",
                quoted(&message)
            );
            checks.extend(fill_at(
                parameter.span,
                &source,
                &[("TYPE", of), ("LEAST", scope)],
            ));
        }
    }
    checks
}

/// No two parameters are the same fixture, as far as their names tell.
pub(crate) fn check_fixtures(parameters: &[Parameter]) -> Result<(), Error> {
    let mut seen = HashSet::new();
    for parameter in parameters {
        if let Kind::Fixture { of, .. } = &parameter.kind
            && !seen.insert(of.to_string())
        {
            return Err(Error::new(
                parameter.span,
                "the same fixture twice: a scenario has one value of each type",
            ));
        }
    }
    Ok(())
}

/// Refuses parameters that only a step can have.
pub(crate) fn only_fixtures(what: &str, parameters: &[Parameter]) -> Result<(), Error> {
    for parameter in parameters {
        let problem = match parameter.kind {
            Kind::Fixture { .. } | Kind::Context => continue,
            _ if parameter.kind.is_capture() => {
                "a captured value is for steps, which have a pattern"
            }
            _ => "a table or docstring stands below a step",
        };
        return Err(Error::new(
            parameter.span,
            format!("a {what} takes fixtures (`&T`, `&mut T`) and `&Context`: {problem}"),
        ));
    }
    Ok(())
}
