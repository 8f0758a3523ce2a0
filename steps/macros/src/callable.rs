//! What the function of a step or hook takes, as an expression.

use proc_macro::{TokenStream, TokenTree};

use crate::error::Error;
use crate::function::Function;
use crate::parameter::{Parameter, ParameterKind};
use crate::template::{fill_at, fill_for, fill_with, quoted};

/// The most parameters of a function: bdd-steps implements `Parameters` for so many.
const MOST_PARAMETERS: usize = 16;

/// How a text becomes a value of the type of a parameter. The methods of several traits fit, and
/// the compiler takes the first that does: the type's own conversion, or else that of a parameter
/// type, or else one that always fits and says, at the parameter, what is wrong. The traits are in `by_type`.
pub(crate) const CONVERSION: &str =
    "(&&&::bdd_steps::__private::Convert::<TYPE>::NEW).conversion()";

/// A function of the user as an expression of the type `Function` of bdd-steps.
pub(crate) struct Callable<'f> {
    function: &'f Function,
    /// The source of the expression.
    pub(crate) source: String,
    /// The names of the places in it to fill in, and their tokens.
    places: Vec<(String, TokenStream)>,
    /// The function in the expression, if it is not that of the user.
    caller: TokenStream,
}

impl<'f> Callable<'f> {
    /// The parameters of a function, and a pointer to it. If that cannot be, because the function is `async` or returns
    /// something, the pointer is to a function that calls it.
    pub(crate) fn of(what: &str, function: &'f Function) -> Result<Self, Error> {
        if let Some(surplus) = function.parameters.get(MOST_PARAMETERS) {
            let message = format!("a {what} has at most {MOST_PARAMETERS} parameters");
            return Err(Error::new(surplus.span, message));
        }
        let mut callable = Self {
            function,
            source: "::bdd_steps::__private::function((".to_owned(),
            places: Vec::new(),
            caller: TokenStream::new(),
        };
        let mut group = 0;
        for (index, parameter) in function.parameters.iter().enumerate() {
            callable.take(parameter, index, group);
            group += usize::from(parameter.kind.is_capture());
        }
        if function.asynchronous || !function.returned.is_empty() {
            callable.source.push_str("), __call)");
            callable.caller = caller(function);
        } else {
            callable.source.push_str("), FUNCTION)");
            let name = TokenTree::Ident(function.name.clone());
            callable.places.push(("FUNCTION".to_owned(), name.into()));
        }
        Ok(callable)
    }

    /// The registration of a definition, whose source contains that of the expression. `places` are the others in
    /// it.
    pub(crate) fn register(
        &self,
        ty: &str,
        definition: &str,
        places: &[(&str, &TokenStream)],
    ) -> TokenStream {
        let source = format!(
            "CONDITIONS ::bdd_steps::__private::inventory::submit! {{
                {traits}
                CALLER
                static __DEFINITION: ::bdd_steps::__private::{ty} = {definition};
                ::bdd_steps::__private::Registered {{
                    definition: &__DEFINITION,
                    package: ::core::env!(\"CARGO_PKG_NAME\"),
                    root: ::core::env!(\"CARGO_MANIFEST_DIR\"),
                }}
            }}",
            traits = self.traits(),
        );
        let mut all = vec![
            ("CONDITIONS", &self.function.conditions),
            ("CALLER", &self.caller),
        ];
        all.extend(places);
        all.extend(borrowed(&self.places));
        fill_for(self.function.name.span(), &source, &all)
    }

    /// An import of the traits whose methods the expression needs.
    fn traits(&self) -> &'static str {
        let converts = Parameter::is_capture_of_unknown_type;
        if self.function.returned.is_empty() && !self.function.parameters.iter().any(converts) {
            return "";
        }
        "use ::bdd_steps::__private::by_type::*;"
    }

    /// Adds what a parameter takes.
    fn take(&mut self, parameter: &Parameter, index: usize, group: usize) {
        let ty = format!("TYPE_{index}");
        let declaration = quoted(&parameter.declaration);
        let capture = |name: &str| {
            if parameter.is_capture_of_unknown_type() {
                format!("{name}_by::<{ty}>({group}, {declaration}, || CONVERSION_{index})")
            } else {
                format!("{name}::<{ty}>({group}, {declaration})")
            }
        };
        let (of, source) = match &parameter.kind {
            ParameterKind::Fixture { of, mutable: true } => {
                (Some(of), format!("write::<{ty}>({declaration})"))
            }
            ParameterKind::Fixture { of, mutable: false } => {
                (Some(of), format!("read::<{ty}>({declaration})"))
            }
            ParameterKind::Capture(of) => (Some(of), capture("capture")),
            ParameterKind::OptionalCapture(of) => (Some(of), capture("optional_capture")),
            ParameterKind::Text => (None, format!("text({group}, {declaration})")),
            ParameterKind::OptionalText => (None, format!("optional_text({group}, {declaration})")),
            ParameterKind::Context => (None, "TheContext".to_owned()),
            ParameterKind::Table { by_reference: true } => (None, "TheTable".to_owned()),
            ParameterKind::Table {
                by_reference: false,
            } => (None, "OwnTable".to_owned()),
            ParameterKind::OptionalTable => (None, "OptionalTable".to_owned()),
            ParameterKind::Rows(of) => (Some(of), format!("rows::<{ty}>()")),
            ParameterKind::DocString { by_reference: true } => (None, "TheDocString".to_owned()),
            ParameterKind::DocString {
                by_reference: false,
            } => (None, "OwnDocString".to_owned()),
            ParameterKind::OptionalDocString => (None, "OptionalDocString".to_owned()),
        };
        self.source.push_str("::bdd_steps::__private::");
        self.source.push_str(&source);
        self.source.push(',');
        if let Some(of) = of {
            if parameter.is_capture_of_unknown_type() {
                // In the context of the macro, so that the compiler does not suggest to write it differently.
                let conversion = fill_at(parameter.span, CONVERSION, &[("TYPE", of)]);
                self.places
                    .push((format!("CONVERSION_{index}"), conversion));
            }
            self.places.push((ty, of.clone()));
        }
    }
}

/// A function `__call` with the same parameters that calls the function. Backtraces leave it out by its name.
fn caller(function: &Function) -> TokenStream {
    let mut places = Vec::new();
    let mut parameters = String::new();
    let mut arguments = String::new();
    for (index, parameter) in function.parameters.iter().enumerate() {
        parameters.push_str(&format!("__argument_{index}: TYPE_{index},"));
        arguments.push_str(&format!("__argument_{index},"));
        places.push((format!("TYPE_{index}"), parameter.ty.clone()));
    }
    let arguments = fill_with(function.returns, &arguments, &[]);
    places.push(("CALL".to_owned(), function.call(&arguments)));
    let (returns, body) = if function.returned.is_empty() {
        ("", "CALL")
    } else {
        (
            "-> ::core::result::Result<(), ::bdd_steps::__private::Stop>",
            // What is known of its error depends on its type, see `causes` in bdd-steps.
            "let __returned = CALL;
            let __explanation = (&&&&::bdd_steps::__private::Returned(&__returned)).explanation();
            ::bdd_steps::__private::conclude(
                ::bdd_steps::__private::StepReturn::into_result(__returned),
                __explanation,
            )",
        )
    };
    // Only where it is needed: it is an error below `#![forbid(clippy::all)]`.
    let allow = match function.parameters.len() {
        ..=7 => "",
        _ => "#[allow(clippy::too_many_arguments)]",
    };
    let source = format!("{allow} fn __call({parameters}) {returns} {{ {body} }}");
    fill_with(function.returns, &source, &borrowed(&places))
}

/// Places as a template takes them.
fn borrowed(places: &[(String, TokenStream)]) -> Vec<(&str, &TokenStream)> {
    places
        .iter()
        .map(|(name, tokens)| (name.as_str(), tokens))
        .collect()
}
