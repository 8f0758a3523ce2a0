//! A feature file of a project: its text, and all that is known from the text alone.

use std::path::PathBuf;
use std::sync::Arc;

use gen_lsp_types::Uri;

use super::outline::DocumentOutline;
use super::text::DocumentText;
use crate::config::Selection;
use crate::discover::FeatureFile;
use crate::gherkin::{self, DescribedError, Dialect, ParseError, ParseOptions};
use crate::lint::{FileFacts, LintFinding, LintedFile, add_fixes, file_findings};
use crate::plan::{
    Ignore, ParsedFeature, PlannedFeature, PlannedStep, ignores, plan_documents, steps_of,
};

/// A feature file.
#[derive(Debug)]
pub struct FeatureDocument {
    /// The file, with the path as it is shown.
    pub file: FeatureFile,
    /// How the client names it.
    pub uri: Uri,
    /// The version of an open document; `None` for a file on the disk.
    pub version: Option<i32>,
    /// Its text: what the editor has, or what is on the disk.
    pub text: DocumentText,
    /// How it is read.
    pub options: ParseOptions,
    /// What follows from the text.
    pub facts: DocumentFacts,
}

/// What the text of a feature file says.
#[derive(Debug)]
pub struct DocumentFacts {
    /// The mistakes, if it does not parse.
    pub errors: Vec<DescribedError>,
    /// What breaks the rules that look at one file, whatever comments and levels say.
    pub findings: Vec<LintFinding>,
    /// What its comments ask not to report.
    pub ignores: Vec<Ignore>,
    /// What rules about several files compare; `None` if it does not parse.
    pub compared: Option<FileFacts>,
    /// Its scenarios, if it has some.
    pub planned: Option<Arc<PlannedFeature>>,
    /// Its parts; if it does not parse, only tags.
    pub outline: DocumentOutline,
    /// The keywords of its language.
    pub dialect: &'static Dialect,
}

impl FeatureDocument {
    /// A file with this text. `selection` says how it is read.
    pub fn new(
        path: PathBuf,
        shown: Arc<str>,
        uri: Uri,
        text: String,
        selection: &Selection,
    ) -> Self {
        let file = FeatureFile {
            path,
            uri: shown,
            lines: None,
        };
        let text = DocumentText::new(text);
        let options = selection.parse_options().for_path(&file.uri);
        let facts = DocumentFacts::of(&file, &text, &options, selection);
        Self {
            file,
            uri,
            version: None,
            text,
            options,
            facts,
        }
    }

    /// Finds out what the text says, after it has changed.
    pub fn analyze(&mut self, selection: &Selection) {
        self.options = selection.parse_options().for_path(&self.file.uri);
        self.facts = DocumentFacts::of(&self.file, &self.text, &self.options, selection);
    }

    /// Whether it is open in the editor.
    pub fn is_open(&self) -> bool {
        self.version.is_some()
    }

    /// The steps to run that are written in a line: one, or one for each row of an outline. In a file that does not
    /// parse, it is what the line alone says.
    pub fn planned_at(&self, line: u32) -> Vec<PlannedStep> {
        if self.facts.compared.is_none() {
            return self.step_of_line(line).into_iter().collect();
        }
        let planned = self.facts.planned.iter();
        let steps = planned
            .flat_map(|feature| &feature.scenarios)
            .flat_map(|scenario| &scenario.steps)
            .filter(|step| step.location.line == line);
        let mut all: Vec<PlannedStep> = Vec::new();
        for step in steps {
            if !all.iter().any(|other| other.text == step.text) {
                all.push(step.clone());
            }
        }
        all
    }

    /// The step that a line is if nothing is around it.
    fn step_of_line(&self, line: u32) -> Option<PlannedStep> {
        let text = &self.text.as_str()[self.text.gherkin_line(line)];
        let text = match self.options.markdown {
            true => text
                .trim_start()
                .strip_prefix(['*', '-', '+'])?
                .trim_start(),
            false => text,
        };
        let steps = steps_of(text, self.facts.dialect).ok()?;
        let [step] = <[PlannedStep; 1]>::try_from(steps).ok()?;
        Some(step)
    }
}

impl DocumentFacts {
    fn of(
        file: &FeatureFile,
        text: &DocumentText,
        options: &ParseOptions,
        selection: &Selection,
    ) -> Self {
        let source = text.source();
        let document = match gherkin::parse(source, options) {
            Ok(document) => document,
            Err(errors) => return Self::unparsed(&errors, text, options),
        };
        let parsed = [ParsedFeature::unsaved(file, source, document)];
        let mut planning = plan_documents(&parsed, selection);
        let [parsed] = parsed;
        let Some((source, document)) = parsed.into_document() else {
            return Self::unparsed(&[], text, options);
        };
        if !planning.unparsed.is_empty()
            && let Err(error) = gherkin::compile(&document)
        {
            return Self::unparsed(&[error], text, options);
        }
        let language = document.feature.as_ref().map(|feature| feature.language);
        let outline = DocumentOutline::of(&document, text);
        let linted = LintedFile {
            uri: Arc::clone(&file.uri),
            source,
            ignores: ignores(source, &document),
            document,
        };
        let linted = [linted];
        let warnings = planning.warnings.iter();
        let mut findings: Vec<LintFinding> = warnings.map(Into::into).collect();
        add_fixes(&mut findings, &linted);
        let [linted] = linted;
        findings.extend(file_findings(&linted));
        Self {
            errors: Vec::new(),
            findings,
            compared: Some(FileFacts::of(&linted)),
            ignores: linted.ignores,
            planned: planning.plan.features.pop(),
            outline,
            dialect: language
                .and_then(Dialect::find)
                .unwrap_or_else(|| named_language(source, options)),
        }
    }

    /// What is known of a text that does not parse.
    fn unparsed(errors: &[ParseError], text: &DocumentText, options: &ParseOptions) -> Self {
        let source = text.source();
        let shown = gherkin::worth_showing(errors).into_iter();
        let shown = shown.filter(|(_, is_shown)| *is_shown);
        Self {
            errors: shown.map(|(error, _)| error.described(source)).collect(),
            findings: Vec::new(),
            ignores: Vec::new(),
            compared: None,
            planned: None,
            outline: DocumentOutline::of_unparsed(text),
            dialect: named_language(source, options),
        }
    }
}

/// The language that a comment above the feature names, else that of the settings.
fn named_language(source: &str, options: &ParseOptions) -> &'static Dialect {
    let comments = source.lines().map(str::trim).take_while(|line| {
        // The language stands before everything but blank lines and other comments.
        line.is_empty() || line.starts_with('#')
    });
    let named = comments.filter_map(|line| {
        let text = line.trim_start_matches('#').trim_start();
        let code = text.strip_prefix("language")?.trim_start();
        Dialect::find(code.strip_prefix(':')?.trim())
    });
    match options.markdown {
        true => options.dialect,
        false => named.last().unwrap_or(options.dialect),
    }
}
