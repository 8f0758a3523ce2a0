//! The step program of a project, asked on a thread of its own: it may hang or die, and the editor must not notice.
//!
//! It is never built here. A program that is older than its sources is not started: what it says may be wrong.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use bdd_protocol::Match;
use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::config::{Config, Environment, StepsSource};
use crate::matching::Question;
use crate::paths::{from_root, normalized};
use crate::step_catalogue::{Interview, InterviewError, ProgramKnowledge};
use crate::system_error::reason;
use crate::worker::build::{BuildError, Building};
use crate::worker::environment::RunEnvironment;
use crate::worker::find::{FindError, find};
use crate::worker::freshness::{ProgramFiles, ProgramState};
use crate::worker::process::{Launcher, Streams};
use crate::worker::registry::ProcessRegistry;
use crate::worker::step_program::StepProgram;

/// How many texts one request holds.
const CHUNK: usize = 1000;

/// The most Python files that are watched.
const MOST_SOURCES: usize = 2000;

/// How many groups of processes are kept for the end.
const MOST_REGISTRIES: usize = 64;

/// What is heard of a step program. The number is that of the thread that asks it.
#[derive(Debug)]
pub enum ProgramEvent {
    /// The files on which it depends, and how they were before it was started.
    Files(u64, ProgramFiles, ProgramState),
    /// What it defines.
    Ready(u64, Box<ProgramKnowledge>),
    /// Which of its own patterns match.
    Answers(u64, Vec<(Question, Vec<Match>)>),
    /// Nothing more is known of it, and why.
    Silent(u64, String),
}

/// How step programs are started.
#[derive(Debug, Clone)]
pub struct ProgramStart {
    /// The environment of this process.
    pub environment: Environment,
    /// The variables for step programs.
    pub variables: fn(&Config) -> RunEnvironment,
    /// All processes that were started.
    pub processes: StartedProcesses,
}

/// All processes that a server has started, so that they end with it.
#[derive(Debug, Clone, Default)]
pub struct StartedProcesses(Arc<Mutex<Vec<ProcessRegistry>>>);

impl StartedProcesses {
    /// Ends them at once.
    pub fn end_all(&self) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for registry in all.drain(..) {
            registry.end_all();
        }
    }

    fn add(&self, registry: &ProcessRegistry) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The first have ended long ago: a project has one at a time.
        let surplus = (all.len() + 1).saturating_sub(MOST_REGISTRIES);
        all.drain(..surplus);
        all.push(registry.clone());
    }
}

/// The thread that asks a step program. When this is dropped, the program ends.
#[derive(Debug)]
pub struct ProgramThread {
    number: u64,
    questions: Sender<Vec<Question>>,
    registry: ProcessRegistry,
    /// Whether nobody wants to know any more.
    is_over: Arc<AtomicBool>,
}

impl Drop for ProgramThread {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // A thread that waits for a program which hangs goes on then, and ends.
        self.registry.end_all();
    }
}

impl ProgramThread {
    /// Starts a thread for the program of these settings.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn start(
        number: u64,
        config: Config,
        start: ProgramStart,
        events: Sender<ProgramEvent>,
    ) -> std::io::Result<Self> {
        let (questions, asked) = unbounded();
        let registry = ProcessRegistry::default();
        start.processes.add(&registry);
        let job = ProgramJob {
            number,
            config,
            start,
            events,
            registry: registry.clone(),
            is_over: Arc::new(AtomicBool::new(false)),
        };
        let is_over = Arc::clone(&job.is_over);
        let name = thread::Builder::new().name("asks the step program".to_owned());
        name.spawn(move || {
            if let Err(why) = job.run(&asked) {
                job.says(ProgramEvent::Silent(number, why));
            }
        })?;
        Ok(Self {
            number,
            questions,
            registry,
            is_over,
        })
    }

    /// The number in its events.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Asks which of its own patterns match. The answers are events.
    pub fn ask(&self, questions: Vec<Question>) {
        // A thread that has ended has said so.
        let _ = self.questions.send(questions);
    }
}

struct ProgramJob {
    number: u64,
    config: Config,
    start: ProgramStart,
    events: Sender<ProgramEvent>,
    registry: ProcessRegistry,
    is_over: Arc<AtomicBool>,
}

impl ProgramJob {
    fn says(&self, event: ProgramEvent) {
        // The server may have ended.
        let _ = self.events.send(event);
    }

    fn run(&self, asked: &Receiver<Vec<Question>>) -> Result<(), String> {
        let config = &self.config;
        let root = &config.project.root;
        let source = config.steps.source().map_err(ToString::to_string)?;
        let found = find(
            source,
            config,
            &self.start.environment,
            &Building::default(),
        );
        let files = files_of(source, &found, root);
        let state = files.state();
        self.says(ProgramEvent::Files(self.number, files.clone(), state));
        let program = found.map_err(|error| match error {
            FindError::Build(BuildError::NotBuilt(program)) => {
                let program = from_root(&program.display().to_string(), root);
                format!("the step program is not built yet: there is no {program}")
            }
            error => error.to_string(),
        })?;
        if let Some(stale) = files.staleness(root) {
            return Err(stale);
        }
        // The search may have taken long. A program that nobody waits for would be left over.
        if self.is_over.load(Ordering::SeqCst) {
            return Ok(());
        }
        let launcher = Launcher::new(
            program,
            root,
            (self.start.variables)(config),
            Streams::Captured,
            self.registry.clone(),
        )
        .map_err(|error| format!("no place for sockets: {}", reason(&error)))?;
        let limit = config.steps.start_timeout.duration();
        let begun = Interview::begin(&launcher, limit);
        let interview = begun.map_err(|error| error.message)?;
        let strict = config.run.strict_keywords;
        let knowledge = ProgramKnowledge::of(&interview, root, strict).map_err(whole)?;
        let has_own_kinds = knowledge.matching.definitions().has_own_kinds();
        self.says(ProgramEvent::Ready(self.number, Box::new(knowledge)));
        match has_own_kinds {
            true => self.answer_all(&launcher, interview, asked),
            false => interview.end(),
        }
        Ok(())
    }

    /// Has the program answer until nobody asks any more. A program that is gone is started again.
    fn answer_all(
        &self,
        launcher: &Launcher,
        interview: Interview,
        asked: &Receiver<Vec<Question>>,
    ) {
        let mut running = RestartableProgram {
            launcher,
            limit: self.config.steps.start_timeout.duration(),
            interview: Some(interview),
            starts: 0,
        };
        while let Ok(mut questions) = asked.recv() {
            // While the program was slow, the user went on.
            questions.extend(asked.try_iter().flatten());
            for chunk in questions.chunks(CHUNK) {
                match running.answers(chunk) {
                    Ok(answers) => {
                        let all = chunk.iter().cloned().zip(answers).collect();
                        self.says(ProgramEvent::Answers(self.number, all));
                    }
                    Err(error) => {
                        self.says(ProgramEvent::Silent(self.number, error.message));
                        break;
                    }
                }
            }
        }
        if let Some(interview) = running.interview {
            interview.end();
        }
    }
}

/// A program that is started again when it is gone.
struct RestartableProgram<'l> {
    launcher: &'l Launcher,
    limit: Duration,
    interview: Option<Interview>,
    /// How often it was started again.
    starts: u32,
}

impl RestartableProgram<'_> {
    /// What the program itself matches. That it was killed shows only when it is asked; then its successor is asked.
    fn answers(&mut self, questions: &[Question]) -> Result<Vec<Vec<Match>>, InterviewError> {
        if let Some(mut running) = self.interview.take()
            && let Ok(answers) = running.ask(questions)
        {
            self.interview = Some(running);
            return Ok(answers);
        }
        self.starts += 1;
        let mut started = Interview::begin_again(self.launcher, self.starts, self.limit)?;
        let answers = started.ask(questions)?;
        self.interview = Some(started);
        Ok(answers)
    }
}

fn whole(error: InterviewError) -> String {
    match error.detail {
        detail if detail.is_empty() => error.message,
        detail => format!("{}: {detail}", error.message),
    }
}

/// The files on which a step program depends.
fn files_of(
    source: &StepsSource,
    found: &Result<StepProgram, FindError>,
    root: &Path,
) -> ProgramFiles {
    match (source, found) {
        (StepsSource::Program(program), _) => ProgramFiles::of_built(normalized(program)),
        (StepsSource::Cargo { .. }, Ok(StepProgram::Command(command))) => {
            let program = command.first().map(PathBuf::from).unwrap_or_default();
            ProgramFiles::of_built(program)
        }
        (StepsSource::Cargo { .. }, Err(FindError::Build(BuildError::NotBuilt(program)))) => {
            ProgramFiles::of_built(program.clone())
        }
        (StepsSource::Cargo { .. }, _) => ProgramFiles::default(),
        (StepsSource::Command(words), _) => {
            let files = words.iter().map(|word| root.join(word));
            ProgramFiles {
                program: None,
                sources: files.filter(|file| file.is_file()).collect(),
            }
        }
        (StepsSource::Python(steps), _) => ProgramFiles {
            program: None,
            sources: python_files(&steps.base),
        },
    }
}

/// The Python files of a suite, and their folders, which change when a file is added.
fn python_files(base: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![base.to_path_buf()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        files.push(folder);
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let is_hidden = name.as_encoded_bytes().starts_with(b".") || name == "__pycache__";
            // Links are not followed: they may lead back.
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() && !is_hidden {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "py") {
                files.push(path);
            }
        }
        if files.len() > MOST_SOURCES {
            break;
        }
    }
    files
}
