//! Compile errors.

use proc_macro::{Span, TokenStream};

use crate::template::{fill_at, quoted};

/// What is wrong, and where.
pub(crate) struct Error {
    span: Span,
    message: String,
}

impl Error {
    /// An error at a place.
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
        }
    }

    /// The tokens that make the compiler report it.
    pub(crate) fn into_tokens(self) -> TokenStream {
        let source = format!("::core::compile_error! {{ {} }}", quoted(&self.message));
        fill_at(self.span, &source, &[])
    }
}
