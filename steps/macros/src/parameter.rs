//! The parameters of a step function, and what each of them takes.

use proc_macro::{Spacing, Span, TokenStream, TokenTree};

use crate::error::Error;
use crate::mistaken::{never_a_fixture, optional_reference, reject_unnamed};
use crate::type_tokens::{
    is_sign, is_word, last_segment, source, span, split_at_commas, stream, ungrouped,
};

/// A parameter of a step function.
pub(crate) struct Parameter {
    /// The declaration as text, such as `number: f64`.
    pub(crate) declaration: String,
    /// Its type.
    pub(crate) ty: TokenStream,
    /// Its type as text.
    pub(crate) type_name: String,
    /// Where its type stands.
    pub(crate) span: Span,
    /// What it takes.
    pub(crate) kind: ParameterKind,
}

/// What a parameter takes.
pub(crate) enum ParameterKind {
    /// A group of the pattern, converted to a type.
    Capture(TokenStream),
    /// A group of the pattern that may be absent.
    OptionalCapture(TokenStream),
    /// The text of a group (`&str`).
    Text,
    /// The text of a group that may be absent (`Option<&str>`).
    OptionalText,
    /// A fixture, for writing if `mutable`.
    Fixture { of: TokenStream, mutable: bool },
    /// `&Context`.
    Context,
    /// `Table`, or `&Table`.
    Table { by_reference: bool },
    /// `Option<Table>`.
    OptionalTable,
    /// `Vec<T>`: the table's rows as values.
    Rows(TokenStream),
    /// `DocString`, or `&DocString`.
    DocString { by_reference: bool },
    /// `Option<DocString>`.
    OptionalDocString,
}

impl ParameterKind {
    /// Whether it takes a group of the pattern.
    pub(crate) fn is_capture(&self) -> bool {
        matches!(
            self,
            Self::Capture(_) | Self::OptionalCapture(_) | Self::Text | Self::OptionalText
        )
    }

    /// Whether it takes the table.
    pub(crate) fn is_table(&self) -> bool {
        matches!(
            self,
            Self::Table { .. } | Self::OptionalTable | Self::Rows(_)
        )
    }

    /// Whether it takes the docstring.
    pub(crate) fn is_doc_string(&self) -> bool {
        matches!(self, Self::DocString { .. } | Self::OptionalDocString)
    }
}

impl Parameter {
    /// Whether it takes a captured value of a type that may be a fixture's: one that is not known here.
    pub(crate) fn may_be_a_fixture_by_value(&self) -> bool {
        matches!(self.kind, ParameterKind::Capture(_)) && self.is_capture_of_unknown_type()
    }

    /// Whether it takes a captured value, which may be absent, of a type that is not known here to convert itself.
    pub(crate) fn is_capture_of_unknown_type(&self) -> bool {
        let known = [
            "String", "bool", "char", "f32", "f64", "u8", "u16", "u32", "u64", "u128", "usize",
            "i8", "i16", "i32", "i64", "i128", "isize", "PathBuf",
        ];
        match &self.kind {
            ParameterKind::Capture(ty) | ParameterKind::OptionalCapture(ty) => {
                !known.contains(&ty.to_string().as_str())
            }
            _ => false,
        }
    }

    /// Reads what stands between the parentheses of a function.
    pub(crate) fn parse_all(what: &str, tokens: TokenStream) -> Result<Vec<Self>, Error> {
        split_at_commas(ungrouped(tokens))
            .iter()
            .map(|tokens| Self::parse(what, tokens))
            .collect()
    }

    fn parse(what: &str, tokens: &[TokenTree]) -> Result<Self, Error> {
        let (mut tokens, whole) = (tokens, tokens);
        while let [TokenTree::Punct(hash), TokenTree::Group(_), rest @ ..] = tokens
            && hash.as_char() == '#'
        {
            tokens = rest;
        }
        if is_word(tokens.first(), "mut") {
            tokens = &tokens[1..];
        }
        match tokens {
            [TokenTree::Ident(name), TokenTree::Punct(colon), ty @ ..]
                if colon.as_char() == ':' && colon.spacing() == Spacing::Alone =>
            {
                let span = ty.first().map_or(name.span(), TokenTree::span);
                let kind = kind(what, ty)?;
                let type_name = source(ty);
                Ok(Self {
                    declaration: format!("{name}: {type_name}"),
                    ty: stream(ty),
                    type_name,
                    span,
                    kind,
                })
            }
            _ => {
                let span = whole.first().map_or_else(Span::call_site, TokenTree::span);
                let is_self = whole.iter().any(|token| is_word(Some(token), "self"));
                Err(Error::new(
                    span,
                    if is_self {
                        format!(
                            "a {what} is a function, not a method: what it shares with steps is a fixture, `&mut T`"
                        )
                    } else {
                        format!("a parameter of a {what} is a name and a type")
                    },
                ))
            }
        }
    }
}

/// Decides what a parameter of a type takes.
fn kind(what: &str, ty: &[TokenTree]) -> Result<ParameterKind, Error> {
    if is_sign(ty.first(), '&') {
        let kind = reference(&ty[1..])?;
        return match &kind {
            ParameterKind::Fixture { of, .. } => match never_a_fixture(what, of) {
                Some(problem) => Err(Error::new(span(ty), problem)),
                None => Ok(kind),
            },
            _ => Ok(kind),
        };
    }
    reject_unnamed(ty)?;
    let Some((name, arguments)) = last_segment(ty) else {
        return Ok(ParameterKind::Capture(stream(ty)));
    };
    Ok(match (name.as_str(), arguments) {
        ("Table", None) => ParameterKind::Table {
            by_reference: false,
        },
        ("DocString", None) => ParameterKind::DocString {
            by_reference: false,
        },
        ("Context", None) => {
            return Err(Error::new(span(ty), "the context is taken as `&Context`"));
        }
        ("Option", Some(inner)) => match last_segment(inner) {
            Some((name, None)) if name == "Table" => ParameterKind::OptionalTable,
            Some((name, None)) if name == "DocString" => ParameterKind::OptionalDocString,
            _ if is_text(inner) => ParameterKind::OptionalText,
            _ if is_sign(inner.first(), '&') => {
                return Err(Error::new(span(ty), optional_reference(inner)));
            }
            _ => ParameterKind::OptionalCapture(stream(inner)),
        },
        ("Vec", Some(inner)) if cfg!(feature = "serde") => ParameterKind::Rows(stream(inner)),
        ("Vec", Some(_)) => {
            return Err(Error::new(
                span(ty),
                "a `Vec<T>` takes the rows of the step's table, which needs the feature `serde` of bdd-steps",
            ));
        }
        _ => ParameterKind::Capture(stream(ty)),
    })
}

/// Whether a type is `&str`, perhaps with a lifetime.
fn is_text(ty: &[TokenTree]) -> bool {
    is_sign(ty.first(), '&') && matches!(reference(&ty[1..]), Ok(ParameterKind::Text))
}

/// The same as [`kind`] for a type after a `&`.
fn reference(ty: &[TokenTree]) -> Result<ParameterKind, Error> {
    let mut ty = ty;
    if is_sign(ty.first(), '\'') {
        ty = ty.get(2..).unwrap_or_default();
    }
    let mutable = is_word(ty.first(), "mut");
    if mutable {
        ty = &ty[1..];
    }
    reject_unnamed(ty)?;
    let known = last_segment(ty).and_then(|(name, arguments)| match (name.as_str(), arguments) {
        ("str", None) => Some(ParameterKind::Text),
        ("Context", None) => Some(ParameterKind::Context),
        ("Table", None) => Some(ParameterKind::Table { by_reference: true }),
        ("DocString", None) => Some(ParameterKind::DocString { by_reference: true }),
        _ => None,
    });
    match known {
        Some(_) if mutable => Err(Error::new(
            span(ty),
            "this type cannot be taken by `&mut`: take it by `&`",
        )),
        Some(kind) => Ok(kind),
        None => Ok(ParameterKind::Fixture {
            of: stream(ty),
            mutable,
        }),
    }
}
