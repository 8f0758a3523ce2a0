//! What the client can do, from its first message. A client that says it in another form than the protocol has it is taken
//! for one that cannot do it.

use std::path::PathBuf;

use gen_lsp_types::Uri;
use serde_json::Value;

use super::file_uri::path_of;
use super::text::ColumnUnit;

/// A client, as far as the server must know it.
#[derive(Debug, Clone, Default)]
pub struct ClientFeatures {
    /// What columns are counted in.
    pub unit: ColumnUnit,
    /// Whether completions may have gaps to fill (`${1:int}`).
    pub snippets: bool,
    /// Whether symbols of a document may have children.
    pub nested_symbols: bool,
    /// Whether actions may be more than commands.
    pub code_actions: bool,
    /// Whether changes may name the version of a document.
    pub document_changes: bool,
    /// Whether changes may create files.
    pub creates_files: bool,
    /// Whether it can be asked to watch files.
    pub watches_files: bool,
    /// The folders that are open.
    pub folders: Vec<PathBuf>,
}

impl ClientFeatures {
    /// Reads the parameters of `initialize`.
    pub fn of(parameters: &Value) -> Self {
        let has = |path: &str| parameters.pointer(path) == Some(&Value::Bool(true));
        let lists = |path: &str, wanted: &str| {
            let list = parameters.pointer(path).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|one| one == wanted))
        };
        let utf8 = lists("/capabilities/general/positionEncodings", "utf-8");
        let edits = "/capabilities/workspace/workspaceEdit";
        Self {
            unit: match utf8 {
                true => ColumnUnit::Utf8,
                false => ColumnUnit::Utf16,
            },
            snippets: has("/capabilities/textDocument/completion/completionItem/snippetSupport"),
            nested_symbols: has(
                "/capabilities/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport",
            ),
            code_actions: parameters
                .pointer("/capabilities/textDocument/codeAction/codeActionLiteralSupport")
                .is_some(),
            document_changes: has(&format!("{edits}/documentChanges")),
            creates_files: lists(&format!("{edits}/resourceOperations"), "create"),
            watches_files: has("/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration"),
            folders: folders(parameters),
        }
    }
}

/// The workspace folders, else the root.
fn folders(parameters: &Value) -> Vec<PathBuf> {
    let path = |uri: &Value| path_of(&Uri(uri.as_str()?.to_owned()));
    let named = parameters["workspaceFolders"].as_array();
    let named = named
        .into_iter()
        .flatten()
        .filter_map(|one| path(&one["uri"]));
    let named: Vec<PathBuf> = named.collect();
    match named.is_empty() {
        true => path(&parameters["rootUri"])
            .or_else(|| parameters["rootPath"].as_str().map(PathBuf::from))
            .into_iter()
            .collect(),
        false => named,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_client_that_says_nothing_can_do_little() {
        for parameters in [json!(null), json!({}), json!({"capabilities": [1]})] {
            let client = ClientFeatures::of(&parameters);
            assert_eq!(client.unit, ColumnUnit::Utf16);
            assert!(!client.snippets && !client.document_changes && client.folders.is_empty());
        }
    }

    #[test]
    fn columns_are_bytes_when_the_client_offers_it() {
        let client = ClientFeatures::of(&json!({
            "rootUri": "file:///a",
            "workspaceFolders": [{"uri": "file:///b%20c", "name": "b"}, {}],
            "capabilities": {"general": {"positionEncodings": ["utf-32", "utf-8"]}},
        }));
        assert_eq!(client.unit, ColumnUnit::Utf8);
        assert_eq!(client.folders, [PathBuf::from("/b c")]);
    }
}
