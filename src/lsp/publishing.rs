//! Which diagnostics the client does not have yet.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gen_lsp_types::{Diagnostic, PublishDiagnosticsParams};

use super::diagnostics::diagnostics;
use super::findings::SharedFindings;
use super::text::ColumnUnit;
use super::workspace::Workspace;

/// What was published.
#[derive(Debug, Default)]
pub struct PublishedDiagnostics {
    by_document: BTreeMap<PathBuf, PublishDiagnosticsParams>,
}

impl PublishedDiagnostics {
    /// The diagnostics of open documents that differ from what was published. They count as published then.
    pub fn renew(
        &mut self,
        workspace: &Workspace,
        unit: ColumnUnit,
    ) -> Vec<PublishDiagnosticsParams> {
        let now = of_open_documents(workspace, unit);
        let before = std::mem::replace(&mut self.by_document, now);
        let closed = before
            .iter()
            .filter(|(path, _)| !self.by_document.contains_key(*path));
        // A document that was closed shows nothing any more.
        let closed = closed.map(|(_, published)| PublishDiagnosticsParams {
            uri: published.uri.clone(),
            version: None,
            diagnostics: Vec::<Diagnostic>::new(),
        });
        let changed = self.by_document.iter();
        let changed = changed.filter(|(path, published)| before.get(*path) != Some(published));
        closed
            .chain(changed.map(|(_, published)| published.clone()))
            .collect()
    }
}

fn of_open_documents(
    workspace: &Workspace,
    unit: ColumnUnit,
) -> BTreeMap<PathBuf, PublishDiagnosticsParams> {
    let mut all = BTreeMap::new();
    for project in workspace.projects() {
        let documents = project.documents.values();
        let mut open = documents.filter(|document| document.is_open()).peekable();
        if open.peek().is_none() {
            continue;
        }
        let shared = SharedFindings::of(project);
        for document in open {
            let published = PublishDiagnosticsParams {
                uri: document.uri.clone(),
                version: document.version,
                diagnostics: diagnostics(project, document, &shared, unit),
            };
            all.insert(document.file.path.clone(), published);
        }
    }
    all
}
