//! `#[parameter_type]` on a function, and `#[derive(ParameterType)]`.
//!
//! Both register a parameter type. With the function, the compiler also knows that its type can be made
//! from a captured text.

mod options;

use proc_macro::{Group, Span, TokenStream, TokenTree};

use self::options::{ParameterTypeOptions, literals};
use crate::callable::CONVERSION;
use crate::error::Error;
use crate::function::{Function, Tokens};
use crate::parameter::{Parameter, ParameterKind};
use crate::template::{fill, fill_at, quoted};
use crate::type_tokens::{is_sign, last_segment, source, split_at_commas, stream};

const ATTRIBUTE: &str = "parameter_type";

/// The function itself, and its registration or the error that prevents it.
pub(crate) fn function(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let added = of_function(attribute, item.clone()).unwrap_or_else(Error::into_tokens);
    let mut tokens = item;
    tokens.extend(added);
    tokens
}

fn of_function(attribute: TokenStream, item: TokenStream) -> Result<TokenStream, Error> {
    if item
        .clone()
        .into_iter()
        .any(|token| matches!(token.to_string().as_str(), "struct" | "enum" | "union"))
    {
        return Err(Error::new(
            Span::call_site(),
            "a type takes this below `#[derive(ParameterType)]`; without that, it belongs on a function",
        ));
    }
    let function = Function::parse("parameter type", item)?;
    let again = |(name, _): &&(String, Group)| name == ATTRIBUTE;
    if let Some((_, second)) = function.attributes.iter().find(again) {
        return Err(Error::new(
            second.span(),
            "a function is one parameter type; for a second name write a second function",
        ));
    }
    let options = ParameterTypeOptions::parse(attribute)?;
    let name = options.name(&function.name.to_string(), function.name.span())?;
    let made = Made::of(&function)?;
    check_arity(&function.parameters, &options)?;

    let result = if made.fallible {
        "VALUE.map_err(::bdd_steps::__private::Stop::displayed)"
    } else {
        "::core::result::Result::Ok(VALUE)"
    };
    let call = function.call(&values(&function.parameters));
    let source = "CONDITIONS const _: () = {
            fn __convert(captured: &::bdd_steps::__private::Captured<'_>)
                -> ::core::result::Result<TYPE, ::bdd_steps::__private::Stop>
            {
                use ::bdd_steps::__private::by_type::*;
                BINDINGS
                RESULT
            }
            PLAIN
            REGISTRATION
        };";
    // Of several parameter types for one Rust type, one converts the values of patterns without a name.
    let plain = if options.by_name_only() {
        TokenStream::new()
    } else {
        fill(
            "struct __By;
            impl ::bdd_steps::__private::MadeBy<__By> for TYPE {
                fn make(captured: &::bdd_steps::__private::Captured<'_>)
                    -> ::core::result::Result<Self, ::bdd_steps::__private::Stop>
                {
                    captured.make_plainly(&__TYPE, __convert)
                }
            }",
            &[("TYPE", &made.ty)],
        )
    };
    Ok(fill(
        source,
        &[
            ("CONDITIONS", &function.conditions),
            ("TYPE", &made.ty),
            ("BINDINGS", &bindings(&function.parameters)),
            (
                "RESULT",
                &fill_at(function.returns, result, &[("VALUE", &call)]),
            ),
            ("PLAIN", &plain),
            ("REGISTRATION", &registration(&name, &options, &made.ty)),
        ],
    ))
}

/// The registration of a type that converts itself by `FromStr`.
pub(crate) fn derive(item: TokenStream) -> Result<TokenStream, Error> {
    let mut tokens = Tokens::new(item);
    let attributes = tokens.take_attributes();
    let mut own = attributes
        .others
        .iter()
        .filter(|(name, _)| name == ATTRIBUTE);
    let missing = "the regular expression is missing: #[parameter_type(regex = \"red|green\")]";
    let Some((_, group)) = own.next() else {
        return Err(Error::new(Span::call_site(), missing));
    };
    if let Some((_, second)) = own.next() {
        return Err(Error::new(second.span(), "a second `#[parameter_type]`"));
    }
    let arguments = match &group.stream().into_iter().collect::<Vec<_>>()[..] {
        [_, TokenTree::Group(arguments)] => arguments.stream(),
        _ => return Err(Error::new(group.span(), missing)),
    };
    let options = ParameterTypeOptions::parse(arguments)?;
    if let Some(span) = options.by_name_only_at() {
        return Err(Error::new(
            span,
            "a type that implements `FromStr` always converts plain captures by that",
        ));
    }
    let mut rest = tokens
        .skip_while(|token| !matches!(token.to_string().as_str(), "struct" | "enum" | "union"))
        .skip(1);
    let Some(TokenTree::Ident(ident)) = rest.next() else {
        return Err(Error::new(
            Span::call_site(),
            "only a type can be a parameter type",
        ));
    };
    if is_sign(rest.next().as_ref(), '<') {
        return Err(Error::new(
            ident.span(),
            "a generic type cannot derive `ParameterType`; write a function for a concrete one",
        ));
    }
    let name = options.name(&snake_case(&ident.to_string()), ident.span())?;
    let ty = TokenStream::from(TokenTree::Ident(ident));
    Ok(fill(
        "CONDITIONS const _: () = {
            fn __convert(captured: &::bdd_steps::__private::Captured<'_>)
                -> ::core::result::Result<TYPE, ::bdd_steps::__private::Stop>
            {
                captured.parse::<TYPE>()
            }
            REGISTRATION
        };",
        &[
            ("CONDITIONS", &attributes.conditions),
            ("TYPE", &ty),
            ("REGISTRATION", &registration(&name, &options, &ty)),
        ],
    ))
}

/// A constant `__TYPE` that describes the parameter type, and its entry in the list of all.
fn registration(name: &str, options: &ParameterTypeOptions, ty: &TokenStream) -> TokenStream {
    let source = format!(
        "static __TYPE: ::bdd_steps::__private::ParameterTypeDefinition =
            ::bdd_steps::__private::ParameterTypeDefinition {{
                name: {name},
                regexps: &[REGEXPS],
                groups: {groups},
                use_for_snippets: {use_for_snippets},
                prefer_for_regexp: {prefer_for_regexp},
                type_name: {type_name},
                package: ::core::env!(\"CARGO_PKG_NAME\"),
                root: ::core::env!(\"CARGO_MANIFEST_DIR\"),
                file: ::core::file!(),
                line: ::core::line!(),
                column: ::core::column!(),
                rust_type: ::core::any::TypeId::of::<TYPE>,
                convert: |captured| ::core::result::Result::Ok(
                    ::std::boxed::Box::new(__convert(captured)?)
                ),
            }};
        ::bdd_steps::__private::inventory::submit! {{
            ::bdd_steps::__private::ParameterTypeEntry(&__TYPE)
        }}",
        name = quoted(name),
        groups = options.groups,
        use_for_snippets = options.use_for_snippets(),
        prefer_for_regexp = options.prefer_for_regexp(),
        type_name = quoted(&source(&ty.clone().into_iter().collect::<Vec<_>>())),
    );
    fill(
        &source,
        &[("REGEXPS", &literals(&options.regexps)), ("TYPE", ty)],
    )
}

/// What a function makes.
struct Made {
    ty: TokenStream,
    /// Whether it returns a `Result` of it.
    fallible: bool,
}

impl Made {
    fn of(function: &Function) -> Result<Self, Error> {
        let returned: Vec<TokenTree> = function.returned.clone().into_iter().collect();
        let refuse = |message: &str| Err(Error::new(function.returns, message));
        if returned.is_empty() {
            return refuse(
                "a parameter type makes a value: `-> Flight`, or `-> Result<Flight, E>`",
            );
        }
        let success;
        let (ty, fallible) = match last_segment(&returned) {
            Some((name, Some(arguments))) if name == "Result" => {
                success = split_at_commas(arguments.to_vec()).into_iter().next();
                (success.as_deref().unwrap_or_default(), true)
            }
            _ => (&returned[..], false),
        };
        let Some((name, arguments)) = last_segment(ty) else {
            return refuse(
                "a step cannot take this by value; make a type of your own, which it can",
            );
        };
        match (name.as_str(), arguments) {
            ("Vec", Some(_)) => {
                return refuse(
                    "a step takes a `Vec<T>` as the rows of its table; make a type of your own",
                );
            }
            ("Option", Some(_)) => {
                return refuse(
                    "a step takes an `Option<T>` for what may be absent; make a type of your own",
                );
            }
            ("Table" | "DocString" | "Context", None) => {
                return refuse("a step does not take this from its text; make a type of your own");
            }
            _ => {}
        }
        Ok(Self {
            ty: stream(ty),
            fallible,
        })
    }
}

/// Checks that the function takes the text of each group, or the whole text if there is no group.
fn check_arity(parameters: &[Parameter], options: &ParameterTypeOptions) -> Result<(), Error> {
    for parameter in parameters {
        if !parameter.kind.is_capture() {
            return Err(Error::new(
                parameter.span,
                "a parameter type takes the texts of its groups: `&str`, `Option<&str>`, `T` or `Option<T>`",
            ));
        }
    }
    if parameters.len() == options.groups.max(1) {
        return Ok(());
    }
    let span = parameters
        .get(options.groups.max(1))
        .map_or(options.span(), |surplus| surplus.span);
    let takes = match parameters.len() {
        0 => "nothing".to_owned(),
        1 => "1 text".to_owned(),
        number => format!("{number} texts"),
    };
    let message = match options.groups {
        0 => format!(
            "there is no group, so the function takes the whole text and nothing else, but it takes {takes}"
        ),
        1 => format!("there is 1 group, but the function takes {takes}"),
        groups => format!("there are {groups} groups, but the function takes {takes}"),
    };
    Err(Error::new(span, message))
}

/// Statements that get the texts, converted, as `__0`, `__1` and so on.
fn bindings(parameters: &[Parameter]) -> TokenStream {
    let mut tokens = TokenStream::new();
    let none = TokenStream::new();
    for (index, parameter) in parameters.iter().enumerate() {
        let declaration = quoted(&parameter.declaration);
        let (ty, source) = match &parameter.kind {
            ParameterKind::Capture(ty) => (
                ty,
                format!("captured.group({index}, {declaration}, CONVERSION)?"),
            ),
            ParameterKind::OptionalCapture(ty) => (
                ty,
                format!("captured.optional_group({index}, {declaration}, CONVERSION)?"),
            ),
            ParameterKind::Text => (&none, format!("captured.text({index}, {declaration})?")),
            _ => (&none, format!("captured.optional_text({index})")),
        };
        let conversion = fill_at(parameter.span, CONVERSION, &[("TYPE", ty)]);
        tokens.extend(fill(
            &format!("let __{index} = {source};"),
            &[("CONVERSION", &conversion)],
        ));
    }
    tokens
}

/// The arguments of the call, from the variables that [`bindings`] makes.
fn values(parameters: &[Parameter]) -> TokenStream {
    let names: String = (0..parameters.len())
        .map(|index| format!("__{index},"))
        .collect();
    fill(&names, &[])
}

/// `FlightNumber` as `flight_number`, `HTTPStatus` as `http_status`.
fn snake_case(name: &str) -> String {
    let characters: Vec<char> = name.trim_start_matches("r#").chars().collect();
    let mut snake = String::new();
    for (index, &character) in characters.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| characters[before]);
        let after = characters.get(index + 1);
        let begins = character.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() && before != '_'
                    || before.is_uppercase() && after.is_some_and(|after| after.is_lowercase())
            });
        if begins {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn names_of_types_become_names_of_parameter_types() {
        for (name, expected) in [
            ("Colour", "colour"),
            ("FlightNumber", "flight_number"),
            ("HTTPStatus", "http_status"),
            ("Utf8", "utf8"),
            ("A", "a"),
            ("IP", "ip"),
            ("already_snake", "already_snake"),
            ("Odd_Name", "odd_name"),
            ("r#Type", "type"),
        ] {
            assert_eq!(snake_case(name), expected, "{name}");
        }
    }
}
