//! Edits of every kind: the server has the text that the editor has.

use serde_json::{Value, json};

use super::client::EditorClient;
use crate::support::Project;

/// Numbers that only look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((self.0 >> 33) % limit as u64) as usize
    }
}

/// What is typed.
const TYPED: [&str; 16] = [
    "",
    "",
    "\n",
    "\r\n",
    "😀",
    "é",
    "    Given a 数\n",
    "  Scenario: s\n",
    "  Scenario Outline: <a>\n    When <a>\n    Examples:\n      | a |\n      | 1 |\n",
    "@tag ",
    "# comment\n",
    "\"\"\"\n",
    "Feature: f\n",
    "|",
    " ",
    "Then x\n",
];

/// A position in lines and UTF-16 units, as an editor counts: lines end with `\n`, `\r\n` or `\r`.
fn place(text: &str, offset: usize) -> Value {
    let (mut line, mut start) = (0, 0);
    for (at, byte) in text.as_bytes()[..offset].iter().enumerate() {
        let is_lone = *byte == b'\r' && !text[at + 1..].starts_with('\n');
        if *byte == b'\n' || is_lone {
            (line, start) = (line + 1, at + 1);
        }
    }
    let character = text[start..offset].encode_utf16().count();
    json!({ "line": line, "character": character })
}

/// Whether there is a position here: not in a character, and not between `\r` and `\n`.
fn is_boundary(text: &str, offset: usize) -> bool {
    text.is_char_boundary(offset)
        && !(text[offset..].starts_with('\n') && text[..offset].ends_with('\r'))
}

fn boundary(text: &str, numbers: &mut Numbers) -> usize {
    let mut offset = numbers.below(text.len() + 1);
    while !is_boundary(text, offset) {
        offset -= 1;
    }
    offset
}

/// Changes the text, and says how.
fn change(text: &mut String, numbers: &mut Numbers) -> Value {
    let new = TYPED[numbers.below(TYPED.len())];
    if numbers.below(50) == 0 {
        new.clone_into(text);
        return json!({ "text": new });
    }
    let start = boundary(text, numbers);
    // Most edits are small; some take much away, so that the text stays short.
    let end = start + numbers.below(if text.len() > 600 { 200 } else { 6 });
    let mut end = end.min(text.len());
    while !is_boundary(text, end) {
        end += 1;
    }
    let range = json!({ "start": place(text, start), "end": place(text, end) });
    text.replace_range(start..end, new);
    json!({ "range": range, "text": new })
}

#[test]
fn a_thousand_edits_lead_to_what_a_fresh_document_has() {
    let project = Project::new();
    // Projects of their own: nothing of one file is a finding of the other.
    for folder in ["edited", "fresh"] {
        project.file(&format!("{folder}/bdd.toml"), "");
    }
    let mut client = EditorClient::start(&project);
    let path = project.path("edited/features/a.feature");
    let mut text = "Feature: f\n\n  Scenario: s\n    Given a\n".to_owned();
    client.open(&path, &text);
    let mut numbers = Numbers(7);
    let mut version = 1;
    for round in 0..20 {
        for _ in 0..50 {
            version += 1;
            let mut changes = Vec::new();
            // Several changes in one message apply one after the other.
            for _ in 0..=numbers.below(8) / 7 {
                changes.push(change(&mut text, &mut numbers));
            }
            client.change(&path, version, json!(changes));
        }
        let fresh = project.path(&format!("fresh/features/{round}.feature"));
        client.open(&fresh, &text);
        let expected = client.diagnostics(&fresh, 1);
        assert_eq!(
            client.diagnostics(&path, version),
            expected,
            "round {round}:\n{text}"
        );
        for method in ["documentSymbol", "foldingRange", "formatting"] {
            let expected = client.request_for(method, &fresh);
            assert_eq!(
                client.request_for(method, &path),
                expected,
                "{method}:\n{text}"
            );
        }
        client.notify(
            "textDocument/didClose",
            json!({ "textDocument": { "uri": super::client::uri(&fresh) } }),
        );
    }
    client.shut_down();
}
