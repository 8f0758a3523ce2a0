//! The head of a function, as far as a step, hook or fixture needs to know it.

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use crate::error::Error;
use crate::parameter::Parameter;
use crate::template::fill_with;

/// A function that can be a step, a hook or the set-up of a fixture.
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: Ident,
    /// Its `#[cfg(…)]` attributes.
    pub(crate) conditions: TokenStream,
    /// Its lines of documentation: literals, or macros that make them.
    pub(crate) doc: Vec<TokenStream>,
    /// Whether it is an `async fn`.
    pub(crate) asynchronous: bool,
    /// Its parameters in order.
    pub(crate) parameters: Vec<Parameter>,
    /// Where its return type stands; its name if there is none.
    pub(crate) returns: Span,
    /// Its return type; empty if there is none, or if it is `()`.
    pub(crate) returned: TokenStream,
    /// Its other attributes, by their names.
    pub(crate) attributes: Vec<(String, Group)>,
}

/// The tokens of an item, read from left to right.
pub(crate) struct Tokens {
    tokens: Vec<TokenTree>,
    at: usize,
}

/// The attributes above an item.
#[derive(Default)]
pub(crate) struct Attributes {
    /// `#[cfg(…)]`.
    pub(crate) conditions: TokenStream,
    /// The lines of documentation.
    pub(crate) doc: Vec<TokenStream>,
    /// All others, by their names; what is between the brackets.
    pub(crate) others: Vec<(String, Group)>,
}

impl Iterator for Tokens {
    type Item = TokenTree;

    fn next(&mut self) -> Option<TokenTree> {
        let token = self.peek().cloned();
        self.at += 1;
        token
    }
}

impl Tokens {
    /// The tokens of an item, from the first.
    pub(crate) fn new(item: TokenStream) -> Self {
        Self {
            tokens: item.into_iter().collect(),
            at: 0,
        }
    }

    /// Takes the attributes that come next.
    pub(crate) fn take_attributes(&mut self) -> Attributes {
        let mut attributes = Attributes::default();
        while let Some(hash) = self.take_sign('#') {
            if let Some(attribute) = self.take_group(Delimiter::Bracket) {
                match word_at_start(&attribute).as_deref() {
                    Some("doc") => attributes.doc.extend(value_of(&attribute)),
                    Some("cfg") => attributes
                        .conditions
                        .extend([hash, TokenTree::Group(attribute)]),
                    Some(name) => attributes.others.push((name.to_owned(), attribute)),
                    None => {}
                }
            }
        }
        attributes
    }

    fn peek(&self) -> Option<&TokenTree> {
        self.tokens.get(self.at)
    }

    fn take_word(&mut self, word: &str) -> Option<Span> {
        match self.peek() {
            Some(TokenTree::Ident(ident)) if ident.to_string() == word => {
                let span = ident.span();
                self.at += 1;
                Some(span)
            }
            _ => None,
        }
    }

    fn take_sign(&mut self, sign: char) -> Option<TokenTree> {
        match self.peek() {
            Some(TokenTree::Punct(punct)) if punct.as_char() == sign => self.next(),
            _ => None,
        }
    }

    fn take_group(&mut self, delimiter: Delimiter) -> Option<Group> {
        match self.peek() {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => {
                let group = group.clone();
                self.at += 1;
                Some(group)
            }
            _ => None,
        }
    }

    /// The place of the next token.
    fn span(&self) -> Span {
        self.peek().map_or_else(Span::call_site, TokenTree::span)
    }
}

impl Function {
    /// The call of the function with these arguments, which waits for an `async fn`.
    pub(crate) fn call(&self, arguments: &TokenStream) -> TokenStream {
        let name = TokenStream::from(TokenTree::Ident(self.name.clone()));
        let source = if self.asynchronous {
            "::bdd_steps::__private::block_on(NAME(ARGUMENTS))"
        } else {
            "NAME(ARGUMENTS)"
        };
        fill_with(
            self.returns,
            source,
            &[("NAME", &name), ("ARGUMENTS", arguments)],
        )
    }

    /// Reads a function item. Errors name `what` it is meant to be, such as `step`.
    pub(crate) fn parse(what: &str, item: TokenStream) -> Result<Self, Error> {
        let mut tokens = Tokens::new(item);
        let Attributes {
            conditions,
            doc,
            others,
        } = tokens.take_attributes();
        if tokens.take_word("pub").is_some() {
            tokens.take_group(Delimiter::Parenthesis);
        }
        tokens.take_word("const");
        let asynchronous = tokens.take_word("async");
        if let Some(span) = asynchronous
            && !cfg!(feature = "async")
        {
            return Err(Error::new(span, needs_feature(what)));
        }
        if let Some(span) = tokens.take_word("unsafe") {
            return Err(Error::new(
                span,
                format!("a {what} cannot be an `unsafe fn`"),
            ));
        }
        if tokens.take_word("fn").is_none() {
            return Err(Error::new(
                tokens.span(),
                format!("only a plain `fn` can be a {what}"),
            ));
        }
        let Some(TokenTree::Ident(name)) = tokens.next() else {
            return Err(Error::new(
                tokens.span(),
                "expected the name of the function",
            ));
        };
        let generic = match what {
            "step" => {
                "a step cannot be generic: nothing says which types its text means".to_owned()
            }
            _ => format!("a {what} cannot be generic: nothing says which types are meant"),
        };
        if tokens.take_sign('<').is_some() {
            return Err(Error::new(name.span(), generic));
        }
        let Some(group) = tokens.take_group(Delimiter::Parenthesis) else {
            return Err(Error::new(
                tokens.span(),
                "expected the parameters of the function",
            ));
        };
        let parameters = Parameter::parse_all(what, group.stream())?;
        let mut returns = name.span();
        if tokens.take_sign('-').is_some() {
            tokens.next();
            returns = tokens.span();
        }
        let mut returned = Vec::new();
        for token in tokens {
            if matches!(&token, TokenTree::Ident(word) if word.to_string() == "where") {
                return Err(Error::new(name.span(), generic));
            }
            returned.push(token);
        }
        // The last one is the body.
        returned.pop();
        if matches!(&returned[..], [TokenTree::Group(unit)] if unit.stream().is_empty()) {
            returned.clear();
        }
        Ok(Self {
            name,
            conditions,
            doc,
            asynchronous: asynchronous.is_some(),
            parameters,
            returns,
            returned: returned.into_iter().collect(),
            attributes: others,
        })
    }
}

/// Why an `async fn` does not compile here.
pub(crate) fn needs_feature(what: &str) -> String {
    format!(
        "an `async fn` {what} needs the feature `async` of bdd-steps, which is off: write \
         `features = [\"async\"]` for bdd-steps in Cargo.toml"
    )
}

fn word_at_start(attribute: &Group) -> Option<String> {
    match attribute.stream().into_iter().next()? {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    }
}

/// The tokens after the `=` of an attribute.
fn value_of(attribute: &Group) -> Option<TokenStream> {
    let mut tokens = attribute.stream().into_iter().skip(1);
    match tokens.next()? {
        TokenTree::Punct(equals) if equals.as_char() == '=' => Some(tokens.collect()),
        _ => None,
    }
}
