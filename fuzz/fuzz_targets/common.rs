//! What every target does with a file: parse it, compile it, print it, explain its mistakes.

use bdd::gherkin::{Messages, ParseOptions, compile, decode, parse};

/// Takes the bytes all the way through.
pub fn check(bytes: &[u8], markdown: bool) {
    let source = match decode(bytes) {
        Ok(source) => source,
        Err(error) => {
            error.render("a.feature", &String::from_utf8_lossy(bytes));
            return;
        }
    };
    let options = ParseOptions {
        markdown,
        ..ParseOptions::default()
    };
    let messages = Messages {
        uri: "a.feature",
        first_id: 0,
        empty_keyword: false,
    };
    let mut out = Vec::new();
    match parse(source, &options) {
        Ok(document) => {
            messages.document(&mut out, &document);
            for pickle in compile(&document).unwrap_or_default() {
                messages.pickle(&mut out, &pickle);
            }
        }
        Err(errors) => {
            for error in errors {
                messages.parse_error(&mut out, &error);
                error.render("a.feature", source);
            }
        }
    }
    assert!(std::str::from_utf8(&out).is_ok(), "messages are UTF-8");
}
