//! Types that a parameter cannot have, and what to write instead.

use proc_macro::{TokenStream, TokenTree};

use crate::error::Error;
use crate::type_tokens::{is_word, last_segment, source, span};

/// What is wrong with an `Option` of a reference that is no `&str`.
pub(crate) fn optional_reference(inner: &[TokenTree]) -> String {
    let taken = source(inner);
    let after_sign = inner.iter().filter(|token| !is_word(Some(*token), "mut"));
    let named: Vec<TokenTree> = after_sign.skip(1).cloned().collect();
    let name = last_segment(&named).map_or_else(String::new, |(name, _)| name);
    let write = match name.as_str() {
        "Table" => "write `Option<Table>` for a table that may be missing".to_owned(),
        "DocString" => "write `Option<DocString>` for a docstring that may be missing".to_owned(),
        "String" => "write `Option<&str>` or `Option<String>` for a captured text".to_owned(),
        _ => format!("a fixture and the context are always there, so write `{taken}`"),
    };
    format!("`Option<{taken}>` cannot be taken: {write}")
}

/// What is wrong with a reference to a type of the standard library. It would be a fixture, and only the standard
/// library or bdd-steps could make it one.
pub(crate) fn never_a_fixture(what: &str, of: &TokenStream) -> Option<String> {
    let tokens: Vec<TokenTree> = of.clone().into_iter().collect();
    let (name, arguments) = last_segment(&tokens)?;
    let is_standard = match tokens.first() {
        Some(TokenTree::Ident(first)) => {
            let first = first.to_string();
            first == name || matches!(first.as_str(), "std" | "core" | "alloc")
        }
        _ => false,
    };
    if !is_standard {
        return None;
    }
    let by_value = match (name.as_str(), arguments) {
        ("String", None) => Some("`&str` or `String` for a captured text".to_owned()),
        (
            "bool" | "char" | "f32" | "f64" | "u8" | "u16" | "u32" | "u64" | "u128" | "usize"
            | "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "PathBuf",
            None,
        ) => Some(format!("`{name}` for a captured value")),
        ("Option", Some(_)) => Some(format!("`{}` for what may be missing", source(&tokens))),
        ("Vec", Some(_)) => Some(format!("`{}` for the rows of a table", source(&tokens))),
        ("HashMap" | "HashSet" | "BTreeMap" | "BTreeSet" | "VecDeque", Some(_)) => None,
        _ => return None,
    };
    let own = "a field of a struct with `#[derive(Default, Fixture)]` for what steps share";
    let write = match by_value {
        Some(by_value) if what == "step" => format!("{by_value}, or {own}"),
        _ => own.to_owned(),
    };
    Some(format!(
        "a reference takes a fixture, and `{name}` is none: write {write}"
    ))
}

/// Refuses types that are not paths: they can be neither fixtures nor captured values.
pub(crate) fn reject_unnamed(ty: &[TokenTree]) -> Result<(), Error> {
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
