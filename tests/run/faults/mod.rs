//! The fault suite: whatever a step does to its process, to what is around it or to the runner, it costs
//! the guilty scenario only, and nothing is left.
//!
//! The step program is that of `tests/faults`. What comes of each fault is also a table in
//! `docs/faults.md`.

mod disk;
mod hung;
mod killed;
mod limits;
mod machine;
mod output;
mod readers;
mod signals;
mod state;
mod table;

use super::*;
use crate::support::step_program::fault_program;

/// A project in the folder `root`, so that it can be deleted without the reports, which are beside it.
/// The shell does `first` before it becomes the step program.
fn with_faults(first: &str) -> Project {
    let project = Project::new();
    let script = format!(
        "#!/bin/sh\necho $$ >> '{}'\n{first}\nexec '{}'\n",
        project.path("pids").display(),
        fault_program().display()
    );
    project.file("steps", script).file(
        "root/bdd.toml",
        format!("[steps]\npath = '{}'\n", project.path("steps").display()),
    );
    fs::set_permissions(project.path("steps"), fs::Permissions::from_mode(0o755)).unwrap();
    project
}

/// A run with all reports in the folder around that of the project.
fn run_beside(project: &Project, arguments: &[&str]) -> Bdd {
    let reports = [
        "events:../events.jsonl",
        "junit:../junit.xml",
        "messages:../messages.ndjson",
        "rerun:../rerun.txt",
    ];
    run_with_reports(project, &reports)
        .with(arguments)
        .within("root")
}
