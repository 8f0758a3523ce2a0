//! Parameters that are fixtures, and how every kind of function gets them.

use std::collections::HashSet;

use proc_macro::TokenStream;

use crate::error::Error;
use crate::parameter::{Parameter, ParameterKind};
use crate::template::{fill, fill_at, quoted};

/// A function that may take fixtures of any scope.
pub(crate) const ANYBODY: User<'_> = User {
    name: "",
    scope: "Scenario",
};

/// Statements that get the fixtures, as `__0`, `__1` and so on, from a variable `call`. All are made
/// before the first is lent, because one may need another.
pub(crate) fn bindings(parameters: &[Parameter]) -> TokenStream {
    let mut made = TokenStream::new();
    let mut lent = TokenStream::new();
    let is_fixture =
        |parameter: &&Parameter| matches!(parameter.kind, ParameterKind::Fixture { .. });
    // The only one is made when it is lent.
    let make = match parameters.iter().filter(is_fixture).count() {
        1 => "NEEDS;",
        _ => "NEEDS; call.make::<TYPE>()?;",
    };
    for (index, parameter) in parameters.iter().enumerate() {
        let ParameterKind::Fixture { of, mutable } = &parameter.kind else {
            continue;
        };
        let declaration = quoted(&parameter.declaration);
        let lend = if *mutable {
            format!("let mut __{index} = call.write::<TYPE>({declaration})?;")
        } else {
            format!("let __{index} = call.read::<TYPE>({declaration})?;")
        };
        // The first statement is for the compiler only, see `User::needs`.
        made.extend(fill(
            make,
            &[("NEEDS", &ANYBODY.needs(parameter, of)), ("TYPE", of)],
        ));
        lent.extend(fill(&lend, &[("TYPE", of)]));
    }
    made.extend(lent);
    made
}

/// Statements that get the parameters `&Context`, which `source` is.
pub(crate) fn contexts(parameters: &[Parameter], source: &str) -> TokenStream {
    let mut contexts = TokenStream::new();
    for (index, parameter) in parameters.iter().enumerate() {
        if matches!(parameter.kind, ParameterKind::Context) {
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
            ParameterKind::Fixture { mutable: true, .. } => format!("&mut *__{index},"),
            ParameterKind::Fixture { mutable: false, .. } => format!("&*__{index},"),
            ParameterKind::Text
            | ParameterKind::Table { by_reference: true }
            | ParameterKind::DocString { by_reference: true } => {
                format!("&__{index},")
            }
            ParameterKind::OptionalText => format!("__{index}.as_deref(),"),
            _ => format!("__{index},"),
        };
        arguments.extend(fill(&source, &[]));
    }
    arguments
}

/// A function that needs fixtures. The compiler reports a parameter that is not a fixture, or whose scope is
/// too short.
pub(crate) struct User<'a> {
    /// What it is called, such as `a before_run hook`.
    pub(crate) name: &'a str,
    /// The variant of `Scope` that its fixtures must have at least.
    pub(crate) scope: &'a str,
}

impl User<'_> {
    /// The expression for whether a fixture needs all scenarios of a feature on one worker. Its text is
    /// always the same, so that the compiler reports a type that is not a fixture only once.
    fn needs(&self, parameter: &Parameter, of: &TokenStream) -> TokenStream {
        let message = format!(
            "{} cannot take `{}`, which does not live as long",
            self.name, parameter.declaration
        );
        let source = format!(
            "::bdd_steps::__private::needs::<TYPE>(::bdd_steps::Scope::{}, {})",
            self.scope,
            quoted(&message)
        );
        fill_at(parameter.span, &source, &[("TYPE", of)])
    }

    /// Whether one of the fixtures needs all scenarios of a feature on one worker, as an expression
    /// that does not compile if one cannot be taken.
    pub(crate) fn whole_feature(&self, parameters: &[Parameter]) -> TokenStream {
        let mut expression = fill("false", &[]);
        for parameter in parameters {
            if let ParameterKind::Fixture { of, .. } = &parameter.kind {
                expression.extend(fill("| NEEDS", &[("NEEDS", &self.needs(parameter, of))]));
            }
        }
        expression
    }
}

/// Checks that no two parameters are the same fixture, as far as their names show.
pub(crate) fn check_fixtures(parameters: &[Parameter]) -> Result<(), Error> {
    let mut seen = HashSet::new();
    for parameter in parameters {
        if let ParameterKind::Fixture { of, .. } = &parameter.kind
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
            ParameterKind::Fixture { .. } | ParameterKind::Context => continue,
            _ if parameter.may_be_a_fixture_by_value() => &format!(
                "`{}` is taken by value, as a step takes a captured value; if it is a fixture, write `&{ty}` or `&mut {ty}`",
                parameter.declaration,
                ty = parameter.type_name
            ),
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
