//! HTML reports and documentation sites in a headless Chromium, driven by `tests/browser/`.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use libtest_mimic::{Failed, Trial};

const CHECKS: [&str; 11] = [
    "filters",
    "search",
    "deep_link",
    "attachments",
    "keyboard",
    "trends",
    "printed",
    "ten_thousand",
    "hostile",
    "sandboxed",
    "pages",
];

/// The checks of sites that `bdd docs` writes.
const SITE_CHECKS: [&str; 6] = ["search", "links", "narrow", "print", "hostile", "results"];

/// A trial for each check. Without the browser they are ignored, which a line says.
pub fn trials() -> Vec<Trial> {
    let found = has_browser();
    if !found {
        println!("no chromium in PATH; the checks of HTML reports and sites are ignored");
    }
    let trial = |script: &'static Mutex<Script>, name: &str, check: &'static str| {
        let name = format!("browser::{name}{check}");
        let run = move || {
            let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
            script.check(check)
        };
        Trial::test(name, run).with_ignored_flag(!found)
    };
    let reports = CHECKS.map(|check| trial(&REPORTS, "", check));
    let sites = SITE_CHECKS.map(|check| trial(&SITES, "site_", check));
    reports.into_iter().chain(sites).collect()
}

static REPORTS: Mutex<Script> = Mutex::new(Script::new("checks.py"));
static SITES: Mutex<Script> = Mutex::new(Script::new("site_checks.py"));

/// A script that runs checks one after another, in one browser: starting a browser takes longer than most checks.
struct Script {
    name: &'static str,
    running: Option<Running>,
}

struct Running {
    process: Child,
    answers: BufReader<ChildStdout>,
}

impl Script {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            running: None,
        }
    }

    /// Runs a check. The script goes on until its input ends, with this process at the latest.
    fn check(&mut self, check: &str) -> Result<(), Failed> {
        let name = self.name;
        let mut running = match self.running.take() {
            Some(running) => running,
            None => Running::start(name)?,
        };
        match serde_json::from_str(&running.ask(check)?) {
            Ok(problem) => {
                self.running = Some(running);
                let problem: Option<String> = problem;
                problem.map_or(Ok(()), |problem| Err(problem.into()))
            }
            Err(_) => {
                let status = running.process.wait()?;
                Err(format!("{name} gave no answer, and ended with {status}").into())
            }
        }
    }
}

impl Running {
    fn start(script: &str) -> io::Result<Self> {
        let mut process = Command::new("python3")
            .arg(folder().join("browser").join(script))
            .arg(env!("CARGO_BIN_EXE_bdd"))
            .arg(folder().join("golden/reports"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let answers = process.stdout.take().expect("a pipe");
        Ok(Self {
            process,
            answers: BufReader::new(answers),
        })
    }

    /// The answer, which is empty if the script has ended; then it said why on standard error.
    fn ask(&mut self, check: &str) -> io::Result<String> {
        let asks = self.process.stdin.as_mut().expect("a pipe");
        let _ = writeln!(asks, "{check}");
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Ok(answer)
    }
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn has_browser() -> bool {
    let asked = Command::new("python3")
        .arg("-c")
        .arg("import chromium, sys; sys.exit(chromium.find() is None)")
        .env("PYTHONPATH", folder().join("browser"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .status();
    asked.is_ok_and(|status| status.success())
}
