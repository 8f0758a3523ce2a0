//! All projects that are open: which one a document belongs to, and what changes on the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crossbeam_channel::Sender;
use gen_lsp_types::Uri;

use super::file_uri::path_of;
use super::log::log;
use super::program::{ProgramEvent, ProgramStart};
use super::project::OpenProject;
use super::project_settings::{default_settings, settings};
use crate::config::{Config, Flags};

/// The open projects by their roots.
#[derive(Debug)]
pub struct Workspace {
    projects: BTreeMap<PathBuf, OpenProject>,
    flags: Flags,
    start: ProgramStart,
    events: Sender<ProgramEvent>,
    threads: u64,
    /// What people must see: settings that cannot be read. Each once.
    complaints: Vec<String>,
    last_complaint: Option<String>,
}

impl Workspace {
    /// No project is open. What step programs say goes to `events`.
    pub fn new(flags: Flags, start: ProgramStart, events: Sender<ProgramEvent>) -> Self {
        Self {
            projects: BTreeMap::new(),
            flags,
            start,
            events,
            threads: 0,
            complaints: Vec::new(),
            last_complaint: None,
        }
    }

    /// All projects.
    pub fn projects(&self) -> impl Iterator<Item = &OpenProject> {
        self.projects.values()
    }

    /// The path by which documents with this URI are known.
    pub fn path(uri: &Uri) -> PathBuf {
        // A document that is in no file has a name of its own.
        path_of(uri).unwrap_or_else(|| PathBuf::from(&uri.0))
    }

    /// The project that has a document. A project inside of another one may be found by a search in the outer one, too.
    pub fn of_document(&mut self, path: &Path) -> Option<&mut OpenProject> {
        let mut projects = self.projects.values_mut().rev();
        projects.find(|project| project.documents.contains_key(path))
    }

    /// The project with this thread for its step program.
    pub fn of_thread(&mut self, number: u64) -> Option<&mut OpenProject> {
        let mut projects = self.projects.values_mut();
        projects.find(|project| project.asks(number))
    }

    /// Opens the project of a folder if it has features or settings.
    pub fn open_folder(&mut self, folder: &Path) {
        let has = |name: &str| folder.join(name).exists();
        if has("features") || has("bdd.toml") {
            self.project_of_folder(folder);
        }
    }

    /// Takes the text of a document that was opened.
    pub fn open(&mut self, uri: Uri, text: String, version: i32) {
        let path = Self::path(&uri);
        let folder = match path.parent() {
            Some(folder) if path.is_absolute() => folder.to_path_buf(),
            _ => self.start.environment.directory.clone(),
        };
        let root = self.project_of_folder(&folder);
        if let Some(project) = self.projects.get_mut(&root) {
            project.open(&path, uri, text, version);
            project.ask();
        }
    }

    /// The root of the project around a folder. It is opened if it is new.
    fn project_of_folder(&mut self, folder: &Path) -> PathBuf {
        let config = match settings(folder, &self.flags, &self.start.environment) {
            Ok(config) => config,
            Err(error) => {
                self.complain(error);
                let known = self.projects.keys().rev();
                let around = known
                    .filter(|root| folder.starts_with(root))
                    .max_by_key(|root| root.components().count());
                if let Some(root) = around {
                    return root.clone();
                }
                match default_settings(folder) {
                    Some(config) => config,
                    None => return folder.to_path_buf(),
                }
            }
        };
        let root = config.project.root.clone();
        if !self.projects.contains_key(&root) {
            self.projects.insert(root.clone(), OpenProject::new(config));
            self.ask_program(&root);
        }
        root
    }

    fn complain(&mut self, error: String) {
        if self.last_complaint.as_ref() != Some(&error) {
            self.complaints.push(error.clone());
            self.last_complaint = Some(error);
        }
    }

    /// What people must see and have not seen.
    pub fn take_complaints(&mut self) -> Vec<String> {
        std::mem::take(&mut self.complaints)
    }

    fn ask_program(&mut self, root: &Path) {
        self.threads += 1;
        let Some(project) = self.projects.get_mut(root) else {
            return;
        };
        let (start, events) = (self.start.clone(), self.events.clone());
        if let Err(error) = project.ask_program(self.threads, start, events) {
            log(&format!("the step program cannot be asked: {error}"));
        }
    }

    /// Looks for changes of settings and step programs, and of features if `with_features`. Returns whether there were any.
    pub fn look(&mut self, with_features: bool) -> bool {
        let roots: Vec<PathBuf> = self.projects.keys().cloned().collect();
        let mut changed = false;
        for root in roots {
            changed |= self.look_at(&root, with_features);
        }
        changed
    }

    fn look_at(&mut self, root: &Path, with_features: bool) -> bool {
        let Some(project) = self.projects.get_mut(root) else {
            return false;
        };
        if project.settings_have_changed() {
            match settings(root, &self.flags, &self.start.environment) {
                Ok(config) => self.configure(root, config),
                Err(error) => self.complain(error),
            }
            return true;
        }
        let mut changed = false;
        if with_features && project.read_files() {
            project.ask();
            changed = true;
        }
        if project.program_has_changed() {
            self.ask_program(root);
            changed = true;
        }
        changed
    }

    fn configure(&mut self, root: &Path, config: Config) {
        if let Some(project) = self.projects.get_mut(root) {
            project.configure(config);
        }
        self.ask_program(root);
    }

    /// Takes notice of files that have changed on the disk. Returns whether that changed anything.
    pub fn files_changed(&mut self, files: &[PathBuf]) -> bool {
        let mut changed = self.look(true);
        let is_source = |file: &&PathBuf| {
            let ending = file.extension().and_then(|ending| ending.to_str());
            matches!(ending, Some("rs" | "py" | "toml"))
        };
        // Without a step program it is not known what it depends on.
        let roots: Vec<PathBuf> = (self.projects.values())
            .filter(|project| !project.has_program())
            .filter(|project| {
                let mut sources = files.iter().filter(is_source);
                sources.any(|file| file.starts_with(project.root()))
            })
            .map(|project| project.root().to_path_buf())
            .collect();
        for root in roots {
            self.ask_program(&root);
            changed = true;
        }
        changed
    }
}
