//! The parameters of a step function, and what each of them takes.

use proc_macro::{Delimiter, Spacing, Span, TokenStream, TokenTree};

use crate::error::Error;

/// A parameter of a step function.
pub(crate) struct Parameter {
    /// The declaration as text, such as `number: f64`.
    pub(crate) declaration: String,
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
                let kind = kind(ty)?;
                let declaration = format!("{name}: {}", source(ty));
                Ok(Self {
                    declaration,
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
fn kind(ty: &[TokenTree]) -> Result<ParameterKind, Error> {
    if is_sign(ty.first(), '&') {
        return reference(&ty[1..]);
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

/// Refuses types that are not paths: they can be neither fixtures nor captured values.
fn reject_unnamed(ty: &[TokenTree]) -> Result<(), Error> {
    let unnamed = match ty.first() {
        Some(TokenTree::Ident(word)) => {
            matches!(
                word.to_string().as_str(),
                "impl" | "dyn" | "fn" | "unsafe" | "extern" | "for"
            )
        }
        Some(TokenTree::Punct(sign)) => !matches!(sign.as_char(), ':' | '<'),
        Some(TokenTree::Group(_) | TokenTree::Literal(_)) | None => true,
    };
    if unnamed {
        return Err(Error::new(
            span(ty),
            "a step cannot take this: parameters are fixtures (`&T`, `&mut T`), captured values (`T`, `Option<T>`, \
             `&str`, `Option<&str>`), `&Context`, `Table` and `DocString`",
        ));
    }
    Ok(())
}

/// The last name of a path and what stands between its `<` and `>`; `None` if the type is more than a path.
pub(crate) fn last_segment(ty: &[TokenTree]) -> Option<(String, Option<&[TokenTree]>)> {
    let mut name = None;
    for (index, token) in ty.iter().enumerate() {
        match token {
            TokenTree::Ident(ident) => name = Some(ident.to_string()),
            TokenTree::Punct(sign) if sign.as_char() == ':' => {}
            TokenTree::Punct(sign) if sign.as_char() == '<' && is_sign(ty.last(), '>') => {
                return Some((name?, Some(&ty[index + 1..ty.len() - 1])));
            }
            _ => return None,
        }
    }
    Some((name?, None))
}

/// Removes the invisible groups around tokens that `macro_rules!` macros substitute.
pub(crate) fn ungrouped(tokens: TokenStream) -> Vec<TokenTree> {
    let mut flat = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                flat.extend(ungrouped(group.stream()))
            }
            other => flat.push(other),
        }
    }
    flat
}

/// Splits at the commas that are not between `<` and `>`.
pub(crate) fn split_at_commas(tokens: Vec<TokenTree>) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    let mut depth = 0;
    let mut arrow = false;
    for token in tokens {
        if let TokenTree::Punct(sign) = &token {
            match sign.as_char() {
                '<' => depth += 1,
                '>' if !arrow => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(Vec::new());
                    continue;
                }
                _ => {}
            }
            arrow = sign.as_char() == '-' && sign.spacing() == Spacing::Joint;
        }
        if let Some(part) = parts.last_mut() {
            part.push(token);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident.to_string() == word)
}

pub(crate) fn is_sign(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn span(tokens: &[TokenTree]) -> Span {
    tokens.first().map_or_else(Span::call_site, TokenTree::span)
}

pub(crate) fn stream(tokens: &[TokenTree]) -> TokenStream {
    tokens.iter().cloned().collect()
}

/// The tokens as they are usually written.
pub(crate) fn source(tokens: &[TokenTree]) -> String {
    let mut text = stream(tokens).to_string();
    for (spaced, tight) in [
        ("& ", "&"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ::", "::"),
        (":: ", "::"),
        (" ,", ","),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}
