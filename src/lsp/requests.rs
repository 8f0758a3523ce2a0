//! What the server does for each request and notification of the client.

use std::collections::HashMap;
use std::path::PathBuf;

use gen_lsp_types::{
    CodeActionParams, CompletionParams, DefinitionParams, DidChangeTextDocumentParams,
    DidChangeWatchedFilesParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DocumentFormattingParams, DocumentSymbolParams, FoldingRangeParams, HoverParams, Location,
    PrepareRenameParams, ReferenceParams, RenameParams, SymbolInformation,
    TextDocumentContentChangeEvent, TextDocumentPositionParams, TextEdit, Uri,
    WorkspaceSymbolParams,
};
use lsp_server::ErrorCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::actions::actions;
use super::completion::completions;
use super::document::FeatureDocument;
use super::file_uri::path_of;
use super::formatting::formatting;
use super::navigation;
use super::project::OpenProject;
use super::rename::{StepRename, rename, step_to_rename};
use super::server::{INFORMATION, LanguageServer, RequestResult};
use super::symbols;
use super::workspace::Workspace;

/// The parameters of a request.
fn read<P: DeserializeOwned>(parameters: Value) -> Result<P, (ErrorCode, String)> {
    serde_json::from_value(parameters).map_err(|error| {
        (
            ErrorCode::InvalidParams,
            format!("wrong parameters: {error}"),
        )
    })
}

impl LanguageServer {
    /// The answer to a request.
    pub(super) fn answer_to(&mut self, method: &str, parameters: Value) -> RequestResult {
        match method {
            "textDocument/completion" => self.completion(&read(parameters)?),
            "textDocument/hover" => self.hover(&read(parameters)?),
            "textDocument/definition" => self.definition(&read(parameters)?),
            "textDocument/references" => self.references(&read(parameters)?),
            "textDocument/prepareRename" => self.prepare_rename(&read(parameters)?),
            "textDocument/rename" => self.rename(&read(parameters)?),
            "textDocument/documentSymbol" => self.document_symbol(&read(parameters)?),
            "workspace/symbol" => self.workspace_symbol(&read(parameters)?),
            "textDocument/foldingRange" => self.folding_range(&read(parameters)?),
            "textDocument/formatting" => self.formatting(&read(parameters)?),
            "textDocument/codeAction" => self.code_action(&read(parameters)?),
            _ => Err((
                ErrorCode::MethodNotFound,
                format!("bdd does not know the request `{method}`"),
            )),
        }
    }

    /// Takes a notification. Those that are unknown mean nothing.
    ///
    /// # Errors
    /// When its parameters are wrong.
    pub(super) fn take_notice(&mut self, method: &str, parameters: Value) -> Result<(), String> {
        let wrong = |(_, why): (ErrorCode, String)| why;
        match method {
            "textDocument/didOpen" => {
                let opened: DidOpenTextDocumentParams = read(parameters).map_err(wrong)?;
                let document = opened.text_document;
                self.workspace
                    .open(document.uri, document.text, document.version);
                self.is_dirty = true;
                self.show_complaints();
            }
            "textDocument/didChange" => {
                let changed: DidChangeTextDocumentParams = read(parameters).map_err(wrong)?;
                self.change(&changed);
            }
            "textDocument/didClose" => {
                let closed: DidCloseTextDocumentParams = read(parameters).map_err(wrong)?;
                let path = Workspace::path(&closed.text_document.uri);
                if let Some(project) = self.workspace.of_document(&path) {
                    project.close(&path);
                    project.ask();
                    self.is_dirty = true;
                }
            }
            "textDocument/didSave" => {
                // What was saved may be settings or steps.
                self.is_dirty |= self.workspace.look(false);
                self.show_complaints();
            }
            "workspace/didChangeWatchedFiles" => {
                let changed: DidChangeWatchedFilesParams = read(parameters).map_err(wrong)?;
                let files = changed.changes.iter();
                let files: Vec<PathBuf> = files.filter_map(|one| path_of(&one.uri)).collect();
                self.is_dirty |= self.workspace.files_changed(&files);
                self.show_complaints();
            }
            _ => {}
        }
        Ok(())
    }

    fn change(&mut self, changed: &DidChangeTextDocumentParams) {
        let document = &changed.text_document;
        let path = Workspace::path(&document.text_document_identifier.uri);
        let unit = self.client.unit;
        let Some(project) = self.workspace.of_document(&path) else {
            return;
        };
        project.change(&path, |known| {
            known.version = Some(document.version);
            for change in &changed.content_changes {
                match change {
                    TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                        known.text.change(Some(part.range), &part.text, unit);
                    }
                    TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(
                        whole,
                    ) => known.text.change(None, &whole.text, unit),
                }
            }
        });
        project.ask();
        self.is_dirty = true;
    }

    /// The project and the path of a document, and the byte of a position.
    fn place(
        &mut self,
        at: &TextDocumentPositionParams,
    ) -> Option<(&mut OpenProject, PathBuf, usize)> {
        let path = Workspace::path(&at.text_document.uri);
        let unit = self.client.unit;
        let project = self.workspace.of_document(&path)?;
        let document = project.documents.get(&path)?;
        let offset = document.text.offset(at.position, unit);
        Some((project, path, offset))
    }

    fn document(&mut self, uri: &Uri) -> Option<(&mut OpenProject, PathBuf)> {
        let path = Workspace::path(uri);
        let project = self.workspace.of_document(&path)?;
        Some((project, path))
    }

    /// What a function makes of a document; nothing for one that is unknown.
    fn of_document(
        &mut self,
        uri: &Uri,
        make: impl FnOnce(&OpenProject, &FeatureDocument) -> Value,
    ) -> RequestResult {
        let Some((project, path)) = self.document(uri) else {
            return Ok(Value::Null);
        };
        let project = &*project;
        let document = project.documents.get(&path);
        Ok(document.map_or(Value::Null, |document| make(project, document)))
    }

    fn completion(&mut self, parameters: &CompletionParams) -> RequestResult {
        let client = self.client.clone();
        let at = &parameters.text_document_position_params;
        let Some((project, path, offset)) = self.place(at) else {
            return Ok(Value::Null);
        };
        let document = project.documents.get(&path);
        let list = document.map(|document| completions(project, document, offset, &client));
        Ok(json!(list))
    }

    fn hover(&mut self, parameters: &HoverParams) -> RequestResult {
        let unit = self.client.unit;
        let at = &parameters.text_document_position_params;
        let Some((project, path, offset)) = self.place(at) else {
            return Ok(Value::Null);
        };
        Ok(json!(navigation::hover(project, &path, offset, unit)))
    }

    fn definition(&mut self, parameters: &DefinitionParams) -> RequestResult {
        let unit = self.client.unit;
        let at = &parameters.text_document_position_params;
        let Some((project, path, offset)) = self.place(at) else {
            return Ok(Value::Null);
        };
        Ok(json!(navigation::go_to_definition(
            project, &path, offset, unit
        )))
    }

    /// The uses of the definition that a step runs, or of the one at a place in a source file.
    fn references(&mut self, parameters: &ReferenceParams) -> RequestResult {
        let unit = self.client.unit;
        let at = &parameters.text_document_position_params;
        let with_functions = parameters.context.include_declaration;
        if let Some((project, path, offset)) = self.place(at) {
            let found = navigation::definitions_at(project, &path, offset);
            let found = navigation::references(project, &found, with_functions, unit);
            return Ok(json!(found));
        }
        let path = Workspace::path(&at.text_document.uri);
        for project in self.workspace.projects() {
            if let Some(found) = navigation::definition_in_source(project, &path, at.position) {
                let found = navigation::references(project, &[found], with_functions, unit);
                return Ok(json!(found));
            }
        }
        Ok(json!(Vec::<Location>::new()))
    }

    fn prepare_rename(&mut self, parameters: &PrepareRenameParams) -> RequestResult {
        let unit = self.client.unit;
        let at = &parameters.text_document_position_params;
        let Some((project, path, offset)) = self.place(at) else {
            return Ok(Value::Null);
        };
        let document = project.documents.get(&path);
        let found = document.zip(step_to_rename(project, &path, offset));
        Ok(found.map_or(Value::Null, |(document, step)| {
            json!({
                "range": document.text.range(step.bytes.clone(), unit),
                "placeholder": &*step.text,
            })
        }))
    }

    fn rename(&mut self, parameters: &RenameParams) -> RequestResult {
        let (unit, new) = (self.client.unit, &parameters.new_name);
        let with_versions = self.client.document_changes;
        let at = &parameters.text_document_position_params;
        let failed = |why: String| (ErrorCode::RequestFailed, why);
        let Some((project, path, offset)) = self.place(at) else {
            return Err(failed("this document is not known".to_owned()));
        };
        let renamed = rename(project, &path, offset, new, unit).map_err(failed)?;
        let edit = match with_versions {
            true => versioned(project, &renamed),
            false => unversioned(project, &renamed),
        };
        for note in &renamed.notes {
            self.show_message(INFORMATION, note);
        }
        Ok(edit)
    }

    fn document_symbol(&mut self, parameters: &DocumentSymbolParams) -> RequestResult {
        let (unit, nested) = (self.client.unit, self.client.nested_symbols);
        self.of_document(&parameters.text_document.uri, |_, document| match nested {
            true => json!(symbols::document_symbols(document, unit)),
            false => json!(symbols::flat_symbols(document, unit)),
        })
    }

    fn workspace_symbol(&mut self, parameters: &WorkspaceSymbolParams) -> RequestResult {
        let unit = self.client.unit;
        let projects = self.workspace.projects();
        let found = projects
            .flat_map(|project| symbols::workspace_symbols(project, &parameters.query, unit));
        Ok(json!(found.collect::<Vec<SymbolInformation>>()))
    }

    fn folding_range(&mut self, parameters: &FoldingRangeParams) -> RequestResult {
        let unit = self.client.unit;
        self.of_document(&parameters.text_document.uri, |_, document| {
            json!(symbols::folding_ranges(document, unit))
        })
    }

    fn formatting(&mut self, parameters: &DocumentFormattingParams) -> RequestResult {
        let unit = self.client.unit;
        self.of_document(&parameters.text_document.uri, |project, document| {
            json!(formatting(project, document, unit))
        })
    }

    fn code_action(&mut self, parameters: &CodeActionParams) -> RequestResult {
        let client = self.client.clone();
        if !client.code_actions {
            return Ok(json!([]));
        }
        let Some((project, path)) = self.document(&parameters.text_document.uri) else {
            return Ok(json!([]));
        };
        let mut found = actions(project, &path, parameters.range, &client);
        if let Some(only) = &parameters.context.only {
            // A client that wants `source` wants `source.fixAll` as well.
            found.retain(|action| {
                let kind = action["kind"].as_str().unwrap_or_default();
                only.iter().any(|wanted| {
                    let wanted = json!(wanted);
                    let wanted = wanted.as_str().unwrap_or_default();
                    let rest = kind.strip_prefix(wanted);
                    rest.is_some_and(|rest| {
                        rest.is_empty() || rest.starts_with('.') || wanted.is_empty()
                    })
                })
            });
        }
        Ok(json!(found))
    }
}

fn unversioned(project: &OpenProject, renamed: &StepRename) -> Value {
    let mut changes: HashMap<&str, &[TextEdit]> = HashMap::new();
    for (path, edits) in &renamed.edits {
        if let Some(document) = project.documents.get(path) {
            changes.insert(&document.uri.0, edits);
        }
    }
    json!({ "changes": changes })
}

fn versioned(project: &OpenProject, renamed: &StepRename) -> Value {
    let edits = renamed.edits.iter().filter_map(|(path, edits)| {
        let document = project.documents.get(path)?;
        Some(json!({
            "textDocument": { "uri": document.uri, "version": document.version },
            "edits": edits,
        }))
    });
    json!({ "documentChanges": edits.collect::<Vec<Value>>() })
}
