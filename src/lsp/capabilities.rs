//! What the server can do, for its answer to `initialize`, and which files the client is asked to watch.

use serde_json::{Value, json};

use super::client::ClientFeatures;
use super::text::ColumnUnit;

/// The answer to `initialize`.
pub fn initialized(client: &ClientFeatures) -> Value {
    let unit = match client.unit {
        ColumnUnit::Utf8 => "utf-8",
        ColumnUnit::Utf16 => "utf-16",
    };
    json!({
        "serverInfo": { "name": "bdd", "version": env!("CARGO_PKG_VERSION") },
        "capabilities": {
            "positionEncoding": unit,
            "textDocumentSync": {
                "openClose": true,
                // Only the parts that change are sent.
                "change": 2,
                "save": { "includeText": false },
            },
            // A space ends a keyword, and steps follow.
            "completionProvider": { "triggerCharacters": [" ", "@", "#"] },
            "hoverProvider": true,
            "definitionProvider": true,
            "referencesProvider": true,
            "renameProvider": { "prepareProvider": true },
            "documentSymbolProvider": true,
            "workspaceSymbolProvider": true,
            "foldingRangeProvider": true,
            "documentFormattingProvider": true,
            "codeActionProvider": { "codeActionKinds": ["quickfix", "source.fixAll"] },
        },
    })
}

/// The parameters that ask the client to watch the files of features, settings and steps.
pub fn watched_files() -> Value {
    let globs = [
        "**/*.feature",
        "**/*.feature.md",
        "**/{bdd,Cargo,pyproject}.toml",
        "**/{behave.ini,.behaverc,setup.cfg,tox.ini}",
        "**/*.{py,rs}",
    ];
    let watchers = globs.map(|glob| json!({ "globPattern": glob }));
    json!({ "registrations": [{
        "id": "bdd-files",
        "method": "workspace/didChangeWatchedFiles",
        "registerOptions": { "watchers": watchers },
    }] })
}
