//! Each fault in the middle of a run; what was found is the table in `docs/faults.md`.
//!
//! `BDD_BLESS=1 cargo test --test tests faults` writes the table anew; then look at the difference.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};

use super::*;

/// A fault, and what it takes to see it.
#[derive(Default)]
struct Fault {
    /// As the table names it.
    name: &'static str,
    step: &'static str,
    flags: &'static [&'static str],
    /// What the shell does before it becomes the step program.
    first: &'static str,
    /// Whether the test kills the step program, which says in a file which process it is.
    killed_from_outside: bool,
    /// Whether the step program answers that it can leave the step, so that its process goes on.
    leaves_the_step: bool,
    /// Whether nothing is wrong with it: the scenario passes.
    harmless: bool,
    /// The beginning of the error of the run that it causes, after the place.
    run_error: Option<&'static str>,
    /// With how many workers it is run: alone, with others, again.
    jobs: Option<[&'static str; 3]>,
}

const STEP_LIMIT: &[&str] = &["--step-timeout", "500ms", "--grace", "200ms"];
const OUTPUT_LIMIT: &[&str] = &["--output-limit", "1MB"];

fn fault(name: &'static str, step: &'static str) -> Fault {
    Fault {
        name,
        step,
        ..Fault::default()
    }
}

impl Fault {
    fn with(self, flags: &'static [&'static str]) -> Self {
        Self { flags, ..self }
    }
}

fn faults() -> Vec<Fault> {
    vec![
        fault("`abort()`", "a step that aborts"),
        fault("`exit(0)`", "a step that exits with 0"),
        fault("`exit(1)`", "a step that exits with 1"),
        fault("a bad pointer", "a step that reads where nothing is"),
        fault("a stack overflow", "a step that overflows the stack"),
        fault(
            "a panic during a panic",
            "a step that panics while it panics",
        ),
        Fault {
            first: "ulimit -v 2000000",
            ..fault(
                "no memory left (`ulimit -v`)",
                "a step that allocates memory without end",
            )
        },
        fault("`kill -9` of itself", "a step that kills its process"),
        Fault {
            killed_from_outside: true,
            ..fault(
                "`kill -9` of the worker from outside",
                "a step that notes its process and hangs",
            )
        },
        fault("an endless loop", "a step that loops without end").with(STEP_LIMIT),
        fault(
            "an endless loop in an `async` step",
            "an async step that computes for 3600000 ms",
        )
        .with(STEP_LIMIT),
        fault("a step that sleeps", "a step that hangs").with(STEP_LIMIT),
        fault(
            "a step that sleeps and ignores SIGTERM",
            "a step that hangs and ignores SIGTERM",
        )
        .with(STEP_LIMIT),
        Fault {
            leaves_the_step: true,
            ..fault("an `async` step that waits", "an async step that hangs").with(STEP_LIMIT)
        },
        fault("SIGSTOP of the worker", "a step that stops its process").with(STEP_LIMIT),
        fault(
            "an endless loop that prints",
            "a step that prints without end",
        )
        .with(OUTPUT_LIMIT),
        fault(
            "the same, with a time limit instead",
            "a step that prints without end",
        )
        .with(STEP_LIMIT),
        fault("100 MB of output", "a step that prints 100 MB").with(OUTPUT_LIMIT),
        Fault {
            harmless: true,
            ..fault("the same, within the limit", "a step that prints 100 MB")
        },
        fault("descriptor 0 closed", "a step that closes descriptor 0"),
        fault("descriptor 1 closed", "a step that closes descriptor 1"),
        fault("descriptor 2 closed", "a step that closes descriptor 2"),
        fault(
            "descriptor 1 redirected",
            "a step that redirects descriptor 1",
        ),
        Fault {
            first: "ulimit -n 100",
            ..fault(
                "all descriptors taken (`ulimit -n`)",
                "a step that takes all descriptors",
            )
        },
        fault(
            "garbage written to all descriptors from 3 on",
            "a step that writes garbage to the descriptors 3 to 32",
        ),
        fault(
            "a child that outlives the step",
            "a step that leaves a process running",
        ),
        fault(
            "a child in a session of its own (`setsid`)",
            "a step that leaves a daemon running",
        ),
        fault(
            "a child whose parent has ended",
            "a step that leaves an orphan running",
        ),
        fault(
            "a child that continues to print",
            "a step that leaves a process printing",
        ),
        Fault {
            harmless: true,
            ..fault(
                "a child, with leaks ignored",
                "a step that leaves a process running",
            )
            .with(&["--leaks", "ignore"])
        },
        fault(
            "a child in a session of its own, and `abort()`",
            "a step that leaves a daemon running; a step that aborts",
        ),
        fault(
            "a child in a session of its own, and `exit(0)`",
            "a step that leaves a daemon running; a step that exits with 0",
        ),
        Fault {
            flags: STEP_LIMIT,
            ..fault(
                "a child in a session of its own, and an endless loop",
                "a step that leaves a daemon running; a step that loops without end",
            )
        },
        fault(
            "a daemon that has no environment either",
            "a step that leaves a daemon without environment running",
        ),
        fault(
            "the same, and `abort()`",
            "a step that leaves a daemon without environment running; a step that aborts",
        ),
        Fault {
            flags: STEP_LIMIT,
            ..fault(
                "the same, and an endless loop",
                "a step that leaves a daemon without environment running; a step that loops without end",
            )
        },
        fault("a thread that panics", "a step whose thread panics"),
        Fault {
            jobs: Some(["1"; 3]),
            ..fault(
                "the working directory deleted (`-j 1`)",
                "a step that deletes the working directory",
            )
        },
        // Nobody knows who did it.
        Fault {
            harmless: true,
            run_error: Some("the working directory"),
            jobs: Some(["2", "3", "4"]),
            ..fault(
                "the same, while other scenarios run",
                "a step that deletes the working directory",
            )
        },
    ]
}

/// The features, with scenarios before, after and at the same time as the guilty one.
fn write_features(project: &Project, fault: &Fault) {
    let guilty = format!(
        "guilty: a step that prints \"noise\"; {}; a step that passes",
        fault.step
    );
    let mut scenarios: Vec<String> = ["before 1", "before 2"].map(innocent).into();
    scenarios.push(guilty);
    scenarios.extend(["behind 1", "behind 2"].map(innocent));
    let scenarios: Vec<&str> = scenarios.iter().map(String::as_str).collect();
    let beside = ["beside 1", "beside 2"].map(innocent);
    // Limits are for the guilty one only: they may be short, however slow the machine is.
    let patient = |text: String, name: &str| {
        let title = format!("  Scenario: {name}");
        text.replace(&title, &format!("  @timeout(1h)\n{title}"))
    };
    let text = patient(patient(feature("A", &scenarios), "before"), "behind");
    let others = feature("B", &beside.each_ref().map(String::as_str));
    project
        .file("root/features/a.feature", text)
        .file("root/features/b.feature", patient(others, "beside"));
}

fn innocent(name: &str) -> String {
    format!("{name}: a step that prints \"{name}\"; a step that passes")
}

const INNOCENT: [&str; 6] = [
    "before 1", "before 2", "behind 1", "behind 2", "beside 1", "beside 2",
];

/// Kills each process that writes its number into a file, until this is dropped.
fn killing<R>(project: &Project, run: impl FnOnce() -> R) -> R {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let path = project.path("root/process");
            while !over.load(Ordering::Relaxed) {
                if let Ok(id) = fs::read_to_string(&path) {
                    fs::remove_file(&path).unwrap();
                    let id = Pid::from_raw(id.parse().unwrap()).unwrap();
                    kill_process(id, Signal::KILL).unwrap();
                }
                thread::sleep(Duration::from_millis(5));
            }
        });
        let result = run();
        over.store(true, Ordering::Relaxed);
        result
    })
}

/// What was found of a fault in a run.
struct Found {
    results: Results,
    /// How many step programs were started.
    processes: usize,
}

/// Runs a fault with these flags, and checks all that holds for each.
fn find(fault: &Fault, flags: &[&str]) -> Found {
    let project = with_faults(fault.first);
    write_features(&project, fault);
    let run = || run_beside(&project, &[fault.flags, flags].concat()).run();
    let outcome = match fault.killed_from_outside {
        true => killing(&project, run),
        false => run(),
    }
    .code(i32::from(!fault.harmless || fault.run_error.is_some()));
    let results = results(&project, &outcome);
    once_in_messages(&project, &results);
    for name in INNOCENT {
        if results.status(name) != "passed" || results.output(name) != format!("{name}\n") {
            outcome.fail(&format!("{name} has to do with {}", fault.name));
        }
        let attempts = results.tried(name);
        assert_eq!(attempts, ["passed"], "{}", fault.name);
    }
    let expected = if fault.harmless { "passed" } else { "failed" };
    let told = usize::from(fault.run_error.is_some());
    if results.status("guilty") != expected || results.run_errors().len() != told {
        outcome.fail(&format!("{} should have {expected}", fault.name));
    }
    if !results.output("guilty").starts_with("noise\n") {
        outcome.fail("what the guilty scenario printed is lost");
    }
    let rerun = project.read("rerun.txt");
    let rerun: Vec<&str> = (rerun.lines())
        .filter(|line| !line.starts_with('#'))
        .collect();
    // An error of the run alone concerns all files.
    let listed = match (fault.harmless, told) {
        (true, 1) => 2,
        (harmless, _) => usize::from(!harmless),
    };
    assert_eq!(rerun.len(), listed, "{rerun:?}");
    // Those without an environment are not among the processes of the run that a test finds.
    for event in &results.events {
        let output = event["output"]["text"].as_str().unwrap_or_default();
        for id in output
            .lines()
            .filter_map(|line| line.strip_prefix("left: "))
        {
            until(&format!("process {id} ends"), || !alive(id));
        }
    }
    let processes = project.read("pids").lines().count();
    Found { results, processes }
}

impl Found {
    /// What an attempt at the guilty scenario came to, and why: `failed, crashed`.
    fn attempt(&self, number: usize) -> (String, Vec<String>) {
        let scenario = &self.results.finals["guilty"]["scenario"];
        let of_attempt =
            |event: &&Value| event["scenario"] == *scenario && event["attempt"] == number;
        let mut reasons = Vec::new();
        let mut result = String::new();
        for event in self.results.events.iter().filter(of_attempt) {
            let errors = match event["type"].as_str() {
                Some("step_finished") => vec![event["result"]["error"].clone()],
                Some("scenario_finished") => {
                    result = event["status"].as_str().unwrap().to_owned();
                    if let Some(fault) = event["fault"].as_object() {
                        let kind = fault.keys().next().unwrap().replace('_', " ");
                        result += &format!(", {kind}");
                    }
                    event["errors"].as_array().cloned().unwrap_or_default()
                }
                _ => continue,
            };
            let messages = errors.iter().filter_map(|error| error["message"].as_str());
            reasons.extend(messages.map(str::to_owned));
        }
        (result, reasons)
    }

    /// What is reported about the fault in addition to the results.
    fn run_error(&self, fault: &Fault) -> Option<String> {
        let begins = fault.run_error?;
        let told = self.results.run_errors().concat();
        // At which scenario it was noticed is chance.
        let at = told.find(begins).unwrap();
        Some(format!("error of the run: {}", redacted(&told[at..])))
    }

    /// What became of the only worker, or of all if they were more from the beginning.
    fn worker(&self, jobs: &str) -> String {
        if self.processes.to_string() == jobs {
            return "continues".to_owned();
        }
        let warnings = self.results.events.iter();
        let warnings = warnings.filter(|event| event["type"] == "warning");
        let mut warnings = warnings.filter_map(|event| event["message"].as_str());
        let unfit = warnings.find_map(|message| message.strip_prefix("worker 0 is replaced: it "));
        let fault = &self.results.finals["guilty"]["fault"];
        match (self.processes, unfit) {
            (2, Some(unfit)) => format!("is replaced: it {unfit}"),
            (2, None) if fault.get("crashed").is_some() => "has ended; another replaces it".into(),
            (2, None) => "is ended with everything that it started; another replaces it".into(),
            other => panic!("{other:?}"),
        }
    }
}

/// The line of the table for a fault, for which it is run in several ways.
fn row(fault: &Fault) -> String {
    let [one, several, other] = fault.jobs.unwrap_or(["1", "3", "2"]);
    let alone = with_more_tries(|| {
        let found = find(fault, &["-j", one]);
        let in_time = !fault.leaves_the_step || found.processes == 1;
        in_time.then_some(found)
    });
    let (result, reasons) = alone.attempt(0);
    let count = usize::from(!fault.harmless);
    assert_eq!(reasons.len(), count, "{}: {reasons:?}", fault.name);
    let reason = (alone.run_error(fault)).unwrap_or_else(|| redacted(&reasons.concat()));
    let told = |found: &Found, attempt| {
        let (again, reasons) = found.attempt(attempt);
        assert_eq!(
            (&again, reasons.len()),
            (&result, count),
            "{}: {reasons:?}",
            fault.name
        );
        let told = found.run_error(fault);
        assert_eq!(told.unwrap_or_else(|| redacted(&reasons.concat())), reason);
    };
    told(&find(fault, &["-j", several]), 0);
    if !fault.harmless {
        for delay in [&[][..], &["--retry-delay", "10ms"]] {
            let twice = find(fault, &[&["-j", other, "--retries", "1"], delay].concat());
            assert_eq!(twice.results.tried("guilty"), ["failed", "failed"]);
            told(&twice, 0);
            told(&twice, 1);
        }
    }
    let settings = fault.flags.chunks(2).map(|flag| match flag {
        ["--leaks", value] => format!("`--leaks {value}`"),
        _ => format!("`{}`", flag[0]),
    });
    let settings: Vec<_> = settings.filter(|flag| flag != "`--grace`").collect();
    let (worker, settings) = (alone.worker(one), settings.join(", "));
    format!(
        "| {} | {result} | {reason} | {worker} | {settings} |",
        fault.name
    )
}

/// Without what differs from run to run, and fit for a cell of the table.
fn redacted(reason: &str) -> String {
    let processes = regex::Regex::new(r"process \d+").unwrap();
    let folder = regex::Regex::new(r"/\S+/bdd-test-\w+").unwrap();
    let printing =
        r"it left (?:2 processes|a process) running: .*?(`sh [^`]*` \(process …\)).* ended";
    let printing = regex::Regex::new(printing).unwrap();
    let reason = processes.replace_all(reason, "process …");
    // Whether something runs that the shell has just started is chance.
    let reason = printing.replace(&reason, "it left a process running: $1; it was ended");
    folder.replace(&reason, "…").replace('|', "\\|")
}

const HEAD: &str = "| fault | result | reason | the worker | setting |\n|---|---|---|---|---|\n";

#[test]
fn a_fault_costs_its_scenario_only() {
    let faults = faults();
    let rows = Mutex::new(vec![String::new(); faults.len()]);
    let next = AtomicUsize::new(0);
    // Most of the time is spent on waiting.
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((index, fault)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    faults.get(index).map(|fault| (index, fault))
                } {
                    let row = row(fault);
                    rows.lock().unwrap()[index] = row;
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap();
    rows.extend([
        disk::row(),
        machine::no_thread(),
        machine::escape_sequences(),
        machine::no_temporary_files(),
        limits::file_size_row(),
        limits::input_row(),
    ]);
    rows.extend(state::rows());
    #[cfg(target_os = "linux")]
    rows.push(state::slow_row());
    rows.extend([signals::row(), killed::row(), output::row()]);
    rows.extend(readers::rows());
    let found = HEAD.to_owned() + &rows.join("\n") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/faults.md");
    let text = fs::read_to_string(&path).unwrap();
    let start = text.find(&HEAD[..HEAD.find('\n').unwrap()]).unwrap();
    let end = start + text[start..].find("\n\n").unwrap() + 1;
    if std::env::var_os("BDD_BLESS").is_some() {
        let text = format!("{}{found}{}", &text[..start], &text[end..]);
        fs::write(&path, text).unwrap();
        return;
    }
    let table = &text[start..end];
    for (number, (expected, found)) in table.lines().zip(found.lines()).enumerate() {
        assert_eq!(
            expected, found,
            "line {number} of the table (BDD_BLESS=1 writes it anew)"
        );
    }
    assert_eq!(table, found, "BDD_BLESS=1 writes the table anew");
}
