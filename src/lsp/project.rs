//! A project with all its feature files: those that are open as the editor has them, the others from the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bdd_protocol::Match;
use crossbeam_channel::Sender;

use super::definitions::UsedDefinitions;
use super::document::FeatureDocument;
use super::file_uri::uri_of;
use super::program::{ProgramEvent, ProgramStart, ProgramThread};
use crate::config::Config;
use crate::discover::discover;
use crate::gherkin;
use crate::input;
use crate::matching::Question;
use crate::paths::with_slashes;
use crate::step_catalogue::ProgramKnowledge;
use crate::worker::freshness::{ProgramFiles, ProgramState};

/// A project: what `bdd run` would take in its folder.
#[derive(Debug)]
pub struct OpenProject {
    /// Its settings. No scenario is left out.
    pub config: Config,
    /// Its feature files.
    pub documents: BTreeMap<PathBuf, FeatureDocument>,
    /// The step definitions, while those of the current step program are known.
    pub definitions: Option<UsedDefinitions>,
    program: Option<ProgramThread>,
    files: ProgramFiles,
    state: ProgramState,
    /// The files on the disk as they were read.
    read: BTreeMap<PathBuf, FileStamp>,
    /// The files of settings as they were read.
    settings: Vec<FileStamp>,
}

/// The files in the root that may have settings: ours, and those of behave.
const SETTINGS: [&str; 6] = [
    "bdd.toml",
    "behave.ini",
    ".behaverc",
    "setup.cfg",
    "tox.ini",
    "pyproject.toml",
];

/// What shows that a file has changed: the time of its last change, and its size.
type FileStamp = (Option<std::time::SystemTime>, u64);

impl OpenProject {
    /// A project with its files from the disk.
    pub fn new(config: Config) -> Self {
        let mut project = Self {
            config,
            documents: BTreeMap::new(),
            definitions: None,
            program: None,
            files: ProgramFiles::default(),
            state: ProgramState::default(),
            read: BTreeMap::new(),
            settings: Vec::new(),
        };
        project.settings = project.settings_now();
        project.read_files();
        project
    }

    /// The folder of the project.
    pub fn root(&self) -> &Path {
        &self.config.project.root
    }

    /// Takes other settings: all files are read by them.
    pub fn configure(&mut self, config: Config) {
        self.config = config;
        self.settings = self.settings_now();
        self.read.clear();
        self.read_files();
        for document in self.documents.values_mut() {
            document.analyze(&self.config.selection);
        }
        self.match_all();
    }

    /// Reads the files on the disk that have changed. Returns whether there were any.
    pub fn read_files(&mut self) -> bool {
        let found = discover(&self.config.project, &self.config.selection);
        let found = found.map(|found| found.files).unwrap_or_default();
        let mut changed = false;
        let mut there: BTreeSet<PathBuf> = BTreeSet::new();
        for file in found {
            there.insert(file.path.clone());
            changed |= self.read_file(&file.path);
        }
        let gone: Vec<PathBuf> = (self.documents.iter())
            .filter(|(path, document)| !document.is_open() && !there.contains(*path))
            .map(|(path, _)| path.clone())
            .collect();
        for path in gone {
            self.remove(&path);
            changed = true;
        }
        changed
    }

    /// Reads a file that is not open, if it has changed.
    fn read_file(&mut self, path: &Path) -> bool {
        if self
            .documents
            .get(path)
            .is_some_and(FeatureDocument::is_open)
        {
            return false;
        }
        let stamp = stamp(path);
        if self.documents.contains_key(path) && self.read.get(path) == Some(&stamp) {
            return false;
        }
        self.read.insert(path.to_path_buf(), stamp);
        // A file that cannot be read has no features. `bdd lint` reports it.
        let text = input::read(path).ok();
        let text = text.and_then(|bytes| gherkin::decode(&bytes).ok().map(str::to_owned));
        match text {
            Some(text) => self.put(path, text, None, None),
            None => self.remove(path),
        }
        true
    }

    /// Takes the text of an open document.
    pub fn open(&mut self, path: &Path, uri: gen_lsp_types::Uri, text: String, version: i32) {
        self.put(path, text, Some(uri), Some(version));
    }

    /// A document is closed: what is on the disk counts again, if it is a file of the project.
    pub fn close(&mut self, path: &Path) {
        if let Some(document) = self.documents.get_mut(path) {
            document.version = None;
        }
        self.read.remove(path);
        // It may be one that no search finds.
        self.read_files();
    }

    fn put(
        &mut self,
        path: &Path,
        text: String,
        uri: Option<gen_lsp_types::Uri>,
        version: Option<i32>,
    ) {
        let shown = self.shown(path);
        let uri = uri.unwrap_or_else(|| uri_of(path));
        let selection = &self.config.selection;
        let mut document = FeatureDocument::new(path.to_path_buf(), shown, uri, text, selection);
        document.version = version;
        if let Some(definitions) = &mut self.definitions {
            definitions.update(&document);
        }
        self.documents.insert(path.to_path_buf(), document);
    }

    fn remove(&mut self, path: &Path) {
        self.documents.remove(path);
        if let Some(definitions) = &mut self.definitions {
            definitions.forget(path);
        }
    }

    /// Changes an open document, and finds out what it says now.
    pub fn change(&mut self, path: &Path, change: impl FnOnce(&mut FeatureDocument)) {
        let Some(document) = self.documents.get_mut(path) else {
            return;
        };
        change(document);
        document.analyze(&self.config.selection);
        if let Some(definitions) = &mut self.definitions {
            definitions.update(document);
        }
    }

    /// The path as it is shown: from the root.
    fn shown(&self, path: &Path) -> Arc<str> {
        match path.strip_prefix(self.root()) {
            Ok(inside) => with_slashes(inside).into(),
            Err(_) => path.to_string_lossy().into(),
        }
    }

    /// Asks the step program what it defines, on a thread with this number. What was known is forgotten.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn ask_program(
        &mut self,
        number: u64,
        start: ProgramStart,
        events: Sender<ProgramEvent>,
    ) -> std::io::Result<()> {
        self.definitions = None;
        // The old program ends before the new one starts.
        self.program = None;
        self.files = ProgramFiles::default();
        self.state = ProgramState::default();
        self.program = Some(ProgramThread::start(
            number,
            self.config.clone(),
            start,
            events,
        )?);
        Ok(())
    }

    /// Whether the step program is asked on the thread with this number.
    pub fn asks(&self, number: u64) -> bool {
        let program = self.program.as_ref();
        program.is_some_and(|program| program.number() == number)
    }

    /// Takes the files on which the step program depends, and their state when it was started.
    pub fn watch(&mut self, files: ProgramFiles, state: ProgramState) {
        self.state = state;
        self.files = files;
    }

    /// Whether a file has changed on which the step program depends.
    pub fn program_has_changed(&self) -> bool {
        self.files.state() != self.state
    }

    /// Takes what the step program defines.
    pub fn define(&mut self, knowledge: ProgramKnowledge) {
        self.definitions = Some(UsedDefinitions::new(knowledge));
        self.match_all();
    }

    /// Takes answers of the step program about its own patterns.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub fn take_answers(&mut self, answers: &[(Question, Vec<Match>)]) -> Result<(), String> {
        let Some(definitions) = &mut self.definitions else {
            return Ok(());
        };
        let taken = definitions.answer(answers);
        for path in definitions.take_waiting() {
            if let Some(document) = self.documents.get(&path) {
                definitions.update(document);
            }
        }
        taken
    }

    /// Whether a step program was found, or the place where it will be.
    pub fn has_program(&self) -> bool {
        self.files != ProgramFiles::default()
    }

    /// Matches the steps of all documents again, and asks the step program what only it knows.
    pub fn match_all(&mut self) {
        if let Some(definitions) = &mut self.definitions {
            for document in self.documents.values() {
                definitions.update(document);
            }
        }
        self.ask();
    }

    /// Asks the step program what only it knows.
    pub fn ask(&mut self) {
        let Some(definitions) = &mut self.definitions else {
            return;
        };
        let questions = definitions.take_questions();
        if let Some(program) = self.program.as_ref().filter(|_| !questions.is_empty()) {
            program.ask(questions);
        }
    }

    /// Whether a file of settings has changed since this was last asked.
    pub fn settings_have_changed(&mut self) -> bool {
        let now = self.settings_now();
        std::mem::replace(&mut self.settings, now.clone()) != now
    }

    fn settings_now(&self) -> Vec<FileStamp> {
        let own = self.config.project.file.clone();
        let named = SETTINGS.iter().map(|name| self.root().join(name));
        own.into_iter()
            .chain(named)
            .map(|file| stamp(&file))
            .collect()
    }
}

fn stamp(path: &Path) -> FileStamp {
    match fs::metadata(path) {
        Ok(metadata) => (metadata.modified().ok(), metadata.len()),
        Err(_) => (None, 0),
    }
}
