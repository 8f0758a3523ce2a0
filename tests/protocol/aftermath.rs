//! What a scenario leaves behind: the next one has nothing to do with it.

use std::fs;
use std::os::unix::process::CommandExt;
use std::time::{Duration, Instant};

use bdd_protocol::{Failure, FromWorker, RunScenario, StepStatus, ToWorker};

use super::driver::Worker;
use crate::support::step_program::fault_program;

/// A worker that leads a process group, as the runner starts it, with this to be done about leaks.
fn worker(leaks: &str) -> Worker {
    Worker::start_with(&[fault_program().into()], |command| {
        command
            .process_group(0)
            .env("BDD_PROCESS_GROUP", "1")
            .env("BDD_LEAKS", leaks);
    })
}

/// Runs a scenario of these steps; its errors, and its remarks and what fails the run.
fn run(worker: &mut Worker, texts: &[&str]) -> (Vec<Failure>, Vec<String>) {
    let scenario = worker.scenario(1, texts);
    worker.run(vec![scenario]);
    end(&worker.receive_scenario())
}

fn end(messages: &[FromWorker]) -> (Vec<Failure>, Vec<String>) {
    for message in messages {
        if let FromWorker::StepFinished { status, error, .. } = message {
            assert_eq!((*status, error), (StepStatus::Passed, &None));
        }
    }
    match messages.last() {
        Some(FromWorker::ScenarioFinished {
            errors,
            remarks,
            run_errors,
            ..
        }) => (
            errors.clone(),
            [remarks.clone(), run_errors.clone()].concat(),
        ),
        other => panic!("{other:?}"),
    }
}

/// The only error.
fn error(worker: &mut Worker, texts: &[&str]) -> Failure {
    let (errors, remarks) = run(worker, texts);
    assert_eq!(remarks, Vec::<String>::new());
    let [error] = &errors[..] else {
        panic!("{errors:?}")
    };
    error.clone()
}

fn passes(worker: &mut Worker, texts: &[&str]) {
    assert_eq!(run(worker, texts), (vec![], vec![]), "{texts:?}");
}

/// The processes that steps said they have left.
fn said_left(worker: &Worker) -> Vec<u32> {
    let output = worker.output();
    let left = output
        .lines()
        .filter_map(|line| line.strip_prefix("left: "));
    left.map(|id| id.parse().unwrap()).collect()
}

/// Whether a process runs; one that has ended and that nobody has asked for does not.
fn runs(id: u32) -> bool {
    fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| {
        let state = stat.rsplit_once(") ").map(|(_, rest)| &rest[..1]);
        !matches!(state, Some("Z" | "X"))
    })
}

fn ends(id: u32) {
    let deadline = Instant::now() + Duration::from_secs(45);
    while runs(id) {
        assert!(Instant::now() < deadline, "process {id} is left");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn end_process(id: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    kill_process(Pid::from_raw(id.cast_signed()).unwrap(), Signal::KILL).unwrap();
}

fn number(messages: &Worker) -> u32 {
    let left = said_left(messages);
    assert_eq!(left.len(), 1, "{}", messages.output());
    left[0]
}

#[cfg(target_os = "linux")]
mod leaks {
    use super::*;

    #[test]
    fn a_process_that_is_left_is_ended_and_fails_its_scenario() {
        for step in [
            "a step that leaves a process running",
            "a step that leaves an orphan running",
            "a step that leaves a daemon running",
            "a step that leaves a daemon without environment running",
        ] {
            let mut worker = worker("fail");
            passes(&mut worker, &["a step that passes"]);
            let error = error(&mut worker, &[step]);
            let id = number(&worker);
            assert_eq!(error.kind, "Leak");
            assert_eq!(
                error.message,
                format!("it left a process running: `sleep 60` (process {id}); it was ended"),
                "{step}"
            );
            assert!(!runs(id), "{step}");
            passes(&mut worker, &["a step that passes"]);
            worker.finish();
        }
    }

    #[test]
    fn of_scenarios_that_follow_at_once_the_one_that_left_it_fails() {
        let mut worker = worker("fail");
        let (quick, leaks) = ("a step that passes", "a step that leaves an orphan running");
        let texts = [quick, quick, leaks, quick, leaks, leaks, quick];
        let scenarios = (1..).zip(texts);
        let scenarios = scenarios.map(|(number, text)| worker.scenario(number, &[text]));
        let scenarios = scenarios.collect();
        worker.run(scenarios);
        let errors = texts.map(|_| end(&worker.receive_scenario()).0.len());
        assert_eq!(errors, [0, 0, 1, 0, 1, 1, 0]);
        assert!(!said_left(&worker).into_iter().any(runs));
        worker.finish();
    }

    #[test]
    fn all_that_is_left_is_in_one_message() {
        let mut worker = worker("fail");
        let step = "a step that leaves a process running";
        let error = error(&mut worker, &[step; 12]);
        assert!(
            error
                .message
                .starts_with("it left 12 processes running: `sleep 60` (process "),
            "{error:?}"
        );
        assert!(
            error.message.ends_with(", and 2 more; they were ended"),
            "{error:?}"
        );
        assert!(!said_left(&worker).into_iter().any(runs));
        worker.finish();
    }

    #[test]
    fn late_output_is_that_of_its_scenario() {
        let mut worker = worker("fail");
        let scenario = worker.scenario(1, &["a step that leaves a process printing"]);
        worker.run(vec![scenario]);
        let messages = worker.receive_scenario();
        let Some(FromWorker::ScenarioFinished { output, errors, .. }) = messages.last() else {
            panic!("{messages:?}")
        };
        assert_eq!(errors.len(), 1);
        let end = *output as usize;
        std::thread::sleep(Duration::from_millis(60));
        assert_eq!(worker.output().len(), end, "{}", worker.output());
        worker.finish();
    }

    #[test]
    fn a_warning_ends_it_as_well() {
        let mut worker = worker("warn");
        let (errors, remarks) = run(&mut worker, &["a step that leaves a process running"]);
        assert_eq!(errors, []);
        let id = number(&worker);
        assert_eq!(
            remarks,
            [format!(
                "it left a process running: `sleep 60` (process {id}); it was ended"
            )]
        );
        assert!(!runs(id));
        worker.finish();
    }

    #[test]
    fn what_is_ignored_lives_until_the_worker_ends() {
        let mut worker = worker("ignore");
        passes(&mut worker, &["a step that leaves a process running"]);
        let id = number(&worker);
        assert!(runs(id));
        worker.hang_up();
        ends(id);
    }

    #[test]
    fn a_process_that_is_just_ending_is_none() {
        let mut worker = worker("fail");
        passes(&mut worker, &["a step that leaves a process that ends"]);
        passes(&mut worker, &["a step whose process ends with it"]);
        worker.finish();
    }

    #[test]
    fn what_is_kept_is_none() {
        let mut worker = worker("fail");
        passes(&mut worker, &["a step that keeps a process running"]);
        passes(&mut worker, &["a step that passes"]);
        let id = number(&worker);
        assert!(runs(id));
        // Its fate is that of the worker.
        worker.hang_up();
        ends(id);
    }

    #[test]
    fn what_says_in_its_environment_that_it_stays_is_none() {
        let mut worker = worker("fail");
        let step = "a step that leaves a daemon running that is to stay";
        passes(&mut worker, &[step]);
        let id = number(&worker);
        passes(&mut worker, &["a step that passes"]);
        assert!(runs(id));
        worker.hang_up();
        worker.ended();
        assert!(runs(id));
        end_process(id);
    }

    #[test]
    fn what_was_adopted_and_has_ended_is_forgotten() {
        let mut worker = worker("fail");
        for _ in 0..3 {
            passes(
                &mut worker,
                &["a step that leaves an orphan that has ended"],
            );
        }
        let parent = format!("PPid:\t{}\n", worker.id());
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let status = fs::read_to_string(entry.path().join("status")).unwrap_or_default();
            assert!(!status.contains(&parent), "{status}");
        }
        worker.finish();
    }

    #[test]
    fn what_fixtures_start_that_live_longer_is_none() {
        let mut worker = worker("fail");
        passes(
            &mut worker,
            &["a step that starts a server for all scenarios"],
        );
        let id = number(&worker);
        // It starts others all the time, which are no leaks of these either.
        for _ in 0..5 {
            passes(&mut worker, &["a step that sleeps 30 ms"]);
        }
        assert!(runs(id));
        worker.finish();
        ends(id);
    }

    #[test]
    fn what_others_start_is_none() {
        let mut worker = worker("fail");
        let mut other = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let scenario = worker.scenario(1, &["a step that sleeps 100 ms"]);
        worker.run(vec![scenario]);
        worker.receive_until(|message| matches!(message, FromWorker::StepStarted { .. }));
        let mut during = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        assert_eq!(end(&worker.receive_scenario()), (vec![], vec![]));
        for child in [&mut other, &mut during] {
            assert!(runs(child.id()));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        worker.finish();
    }

    #[test]
    fn a_leak_is_a_reason_to_retry() {
        let mut worker = worker("fail");
        let scenario = RunScenario {
            retries: 1,
            ..worker.scenario(1, &["a step that leaves a process running"])
        };
        worker.run(vec![scenario]);
        for again in [true, false] {
            let messages = worker.receive_scenario();
            let Some(FromWorker::ScenarioFinished {
                will_be_retried, ..
            }) = messages.last()
            else {
                panic!("{messages:?}")
            };
            assert_eq!(*will_be_retried, again);
        }
        worker.finish();
    }
}

#[test]
fn all_that_a_worker_has_started_ends_when_the_runner_is_gone() {
    for step in [
        "a step that leaves a process running",
        "a step that leaves a daemon running",
        "a step that leaves a daemon without environment running",
    ] {
        let mut worker = worker("fail");
        let scenario = worker.scenario(1, &[step, "a step that hangs"]);
        worker.run(vec![scenario]);
        for _ in 0..2 {
            worker.receive_until(|message| matches!(message, FromWorker::StepStarted { .. }));
        }
        let id = number(&worker);
        assert!(runs(id));
        worker.hang_up();
        worker.ended();
        ends(id);
    }
}

#[test]
fn a_panic_of_a_thread_fails_its_scenario() {
    let mut worker = worker("fail");
    for (step, message) in [
        ("a step whose thread panics", "a thread panicked: elsewhere"),
        (
            "a step whose thread \"pool-7\" panics",
            "the thread `pool-7` panicked: elsewhere",
        ),
        (
            "an async step whose task panics",
            "a task panicked: in a task",
        ),
    ] {
        let error = error(&mut worker, &[step]);
        assert_eq!(
            (error.kind.as_str(), error.message.as_str()),
            ("ThreadPanic", message)
        );
        let file = error.file.rsplit('/').next().unwrap();
        assert!(matches!(file, "leftovers.rs" | "async_steps.rs"), "{file}");
        assert!(
            fs::exists(&error.file).unwrap() && error.line > 0,
            "{error:?}"
        );
        // It is printed all the same.
        let said = message.rsplit(": ").next().unwrap();
        assert!(worker.output().contains(said), "{}", worker.output());
        passes(&mut worker, &["a step that passes"]);
    }
    worker.finish();
}

#[test]
fn a_panic_that_is_expected_does_not() {
    let mut worker = worker("fail");
    let steps = [
        "a step that expects panics of threads",
        "a step whose thread panics",
        "an async step whose task panics",
    ];
    passes(&mut worker, &steps);
    // Only in this scenario.
    error(&mut worker, &["a step whose thread panics"]);
    let steps = [
        "a step whose thread panics",
        "a step that expects panics of threads",
    ];
    error(&mut worker, &steps);
    worker.finish();
}

#[test]
fn a_panic_is_noticed_behind_another_panic_hook() {
    for step in [
        "a step that takes the panic hook away",
        "a step that wraps the panic hook",
    ] {
        let mut worker = worker("fail");
        let noted =
            "it has set a panic hook; until its end, panics of threads were not noticed".to_owned();
        assert_eq!(run(&mut worker, &[step]), (vec![], vec![noted]));
        let error = error(&mut worker, &["a step whose thread panics"]);
        assert_eq!(error.message, "a thread panicked: elsewhere");
        assert_eq!(
            worker.output().contains("the hook of the step"),
            step.contains("wraps")
        );
        // Once is enough.
        passes(&mut worker, &[step]);
        passes(&mut worker, &["a step that passes"]);
        worker.finish();
    }
}

/// Waits until the worker has printed the message of a late panic.
fn until_late(worker: &Worker) {
    let deadline = Instant::now() + Duration::from_secs(45);
    while !worker.output().contains("late") {
        assert!(Instant::now() < deadline, "{}", worker.output());
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_panic_between_two_scenarios_names_the_guilty_one() {
    let mut worker = worker("fail");
    passes(&mut worker, &["a step whose thread panics after 30 ms"]);
    until_late(&worker);
    let (errors, remarks) = run(&mut worker, &["a step that passes"]);
    assert_eq!(errors, []);
    let [remark] = &remarks[..] else {
        panic!("{remarks:?}")
    };
    let beginning = "before it began, a thread panicked: late (";
    assert!(remark.starts_with(beginning), "{remark}");
    let end = "; the scenario `Scenario 1` (features/test.feature:2) started this thread";
    assert!(remark.ends_with(end), "{remark}");
    passes(&mut worker, &["a step that passes"]);
    worker.finish();
}

#[test]
fn a_panic_in_a_later_scenario_names_the_guilty_one() {
    let mut worker = worker("fail");
    passes(
        &mut worker,
        &["a step whose thread panics when it is asked to"],
    );
    passes(&mut worker, &["a step that passes"]);
    let innocent = RunScenario {
        line: 7,
        ..worker.scenario(3, &["a step that asks a thread to panic"])
    };
    worker.run(vec![innocent]);
    let (errors, remarks) = end(&worker.receive_scenario());
    assert_eq!(errors, []);
    let [remark] = &remarks[..] else {
        panic!("{remarks:?}")
    };
    let beginning = "while it ran, a thread panicked: late (";
    assert!(remark.starts_with(beginning), "{remark}");
    let guilty = "; the scenario `Scenario 1` (features/test.feature:2) started this thread";
    assert!(remark.ends_with(guilty), "{remark}");
    // A thread of its own is its own affair.
    error(&mut worker, &["a step whose thread panics"]);
    worker.finish();
}

#[test]
fn a_scenario_that_takes_a_standard_descriptor_is_the_last_of_its_worker() {
    for (step, message) in [
        (
            "a step that closes descriptor 0",
            "it closed standard input (descriptor 0), which later scenarios need",
        ),
        (
            "a step that closes descriptor 1",
            "it closed standard output (descriptor 1), which later scenarios need",
        ),
        (
            "a step that redirects descriptor 1",
            "it redirected standard output (descriptor 1), which later scenarios need",
        ),
        (
            "a step that redirects descriptor 2",
            "it redirected standard error (descriptor 2), which later scenarios need",
        ),
    ] {
        let mut worker = worker("fail");
        let guilty = RunScenario {
            retries: 1,
            ..worker.scenario(1, &[step])
        };
        let next = worker.scenario(2, &["a step that passes"]);
        worker.run(vec![guilty, next]);
        let messages = worker.receive_scenario();
        let (errors, _) = end(&messages);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(
            (errors[0].kind.as_str(), errors[0].message.as_str()),
            ("Descriptor", message)
        );
        // It is not run again here, for what it prints would be lost.
        assert!(matches!(
            messages.last(),
            Some(FromWorker::ScenarioFinished {
                will_be_retried: false,
                ..
            })
        ));
        let retiring = worker.receive();
        let FromWorker::Retiring { reason } = &retiring else {
            panic!("{retiring:?}")
        };
        assert!(reason.starts_with("has lost its standard "), "{reason}");
        // Nothing else runs: it is given back.
        worker.send(&ToWorker::Cancel);
        let scenarios = vec![2];
        assert_eq!(worker.receive(), FromWorker::Cancelled { scenarios });
        worker.finish();
    }
}

#[test]
fn every_scenario_begins_in_the_same_directory() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let home = home.join("project");
    fs::create_dir(&home).unwrap();
    let mut worker = Worker::start_with(&[fault_program().into()], |command| {
        command.current_dir(&home);
    });
    let directory = "a step that prints the working directory";
    passes(
        &mut worker,
        &["a step that changes to the directory \"/\"", directory],
    );
    passes(&mut worker, &[directory]);
    let error = error(&mut worker, &["a step that deletes the working directory"]);
    let home = home.display();
    assert_eq!(
        (error.kind.as_str(), error.message),
        (
            "WorkingDirectory",
            format!("it deleted the working directory {home}; there is an empty one in its place"),
        )
    );
    passes(&mut worker, &[directory]);
    assert_eq!(worker.output(), format!("/\n{home}\n{home}\n"));
    worker.finish();
}

/// It may have been the fault of a scenario on another worker.
#[test]
fn nobody_is_blamed_for_a_directory_that_several_workers_share() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap().join("project");
    fs::create_dir(&home).unwrap();
    let mut worker = Worker::start_with(&[fault_program().into()], |command| {
        command.current_dir(&home).env("BDD_JOBS", "2");
    });
    let (errors, remarks) = run(&mut worker, &["a step that deletes the working directory"]);
    assert_eq!(errors, []);
    let remark = format!(
        "the working directory {} was deleted, by this scenario or one beside it; there is an empty one in its place",
        home.display()
    );
    assert_eq!(remarks, [remark]);
    passes(&mut worker, &["a step that passes"]);
    worker.finish();
}
