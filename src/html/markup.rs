//! Text from outside as HTML: nothing of it can be read as markup.
//!
//! Everything that a person or a program wrote goes through here. The characters that HTML gives a meaning become
//! references, also inside attributes, which are always in double quotes.

use crate::report::{one_line, visible};

/// Adds text of one line, such as a name. Control characters become visible; of a very long text the middle is left out.
pub(crate) fn push_line(out: &mut String, text: &str) {
    push_escaped(out, &one_line(text));
}

/// Adds text of several lines. Control characters become visible.
pub(crate) fn push_block(out: &mut String, text: &str) {
    push_escaped(out, &visible(text));
}

/// Adds text in which control characters are visible already, or cannot be.
pub(crate) fn push_escaped(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let reference = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(reference);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        let mut out = String::new();
        push_line(&mut out, "<b a='1' c=\"é\">&amp;\n\0</b>");
        assert_eq!(
            out,
            "&lt;b a=&#39;1&#39; c=&quot;é&quot;&gt;&amp;amp;\\n\\x00&lt;/b&gt;"
        );
    }
}
