//! Steps of the Rust step program that end their process.

use super::races::with_faults;
use super::*;

/// The step that ends the process, and what is said of it.
const ENDS: [(&str, &str); 5] = [
    ("a step that aborts", "was killed by signal 6 (SIGABRT)"),
    (
        "a step that overflows the stack",
        "was killed by signal 6 (SIGABRT)",
    ),
    ("a step that exits with 0", "exited with code 0"),
    ("a step that exits with 1", "exited with code 1"),
    (
        "a step that kills its process",
        "was killed by signal 9 (SIGKILL)",
    ),
];

/// A crash costs its scenario and no other, wherever it happens.
#[test]
fn the_others_pass() {
    for jobs in ["1", "4"] {
        let project = with_steps();
        for (number, (step, _)) in ENDS.iter().enumerate() {
            let mut scenarios = vec![];
            for before in 0..12 {
                scenarios.push(format!("{number} before {before}: a step that passes"));
            }
            scenarios.push(format!(
                "{number} culprit: a step that prints \"out {number}\"; a step that complains \"err {number}\"; {step}; a step that passes"
            ));
            for after in 0..12 {
                scenarios.push(format!(
                    "{number} after {after}: a step that prints \"no {number}\""
                ));
            }
            let scenarios: Vec<_> = scenarios.iter().map(String::as_str).collect();
            project.file(
                &format!("features/{number}.feature"),
                feature(&format!("F{number}"), &scenarios),
            );
        }
        let outcome = run(&project, &["-j", jobs]).exits(1);
        let results = results(&project, &outcome);
        assert_eq!(results.run_errors(), [""; 0]);
        for name in results
            .finals
            .keys()
            .filter(|name| !name.ends_with("culprit"))
        {
            assert_eq!(results.status(name), "passed", "{name}");
            assert_eq!(results.case(name).children, ["system-out"; 1]);
        }
        for (number, (step, what)) in ENDS.iter().enumerate() {
            let name = format!("{number} culprit");
            assert_eq!(results.status(&name), "failed");
            assert_eq!(
                results.errors(&name),
                [format!(
                    "step 2: the step program {what} while this step ran"
                )]
            );
            let printed = results.output(&name);
            assert!(
                printed.starts_with(&format!("out {number}\nerr {number}\n")),
                "{printed}"
            );
            let case = results.case(&name);
            let message = case.message.as_ref().unwrap();
            assert!(
                message.contains(what) && message.contains(step),
                "{message}"
            );
            assert!(case.system_out.contains(&format!("out {number}")));
            outcome_names(&outcome, step);
        }
        assert!(!outcome.stdout.contains("no 3"));
        let workers = project.read("pids").lines().count();
        let workers_at_first: usize = jobs.parse().unwrap();
        assert!(
            workers <= workers_at_first + ENDS.len(),
            "{workers} workers"
        );
    }
}

fn outcome_names(outcome: &Outcome, step: &str) {
    if !outcome.stdout.contains(&format!("* {step}")) {
        outcome.fail(&format!("the step {step:?} is not named"));
    }
}

#[test]
fn a_megabyte_of_binary_and_then_a_crash() {
    let project = with_steps();
    project.file(
        "features/a.feature",
        feature(
            "A",
            &[
                "passes: a step that prints 1000000 bytes of binary",
                "fails: a step that prints 1000000 bytes of binary; a step that fails with \"it\"",
                "crashes: a step that prints 1000000 bytes of binary; a step that aborts",
                "last: a step that passes",
            ],
        ),
    );
    for jobs in ["1", "4"] {
        let outcome = run(&project, &["-j", jobs]).exits(1);
        let results = results(&project, &outcome);
        assert_eq!(
            results.statuses(),
            "crashes failed, fails failed, last passed, passes passed"
        );
        for name in ["passes", "fails", "crashes"] {
            let kept = results.finals[name]["output"]["base64"].as_str().unwrap();
            assert_eq!(kept.len(), 1_000_000_usize.div_ceil(3) * 4, "{name}");
        }
    }
}

#[test]
fn all_of_many_crash() {
    let project = with_steps();
    let scenarios: Vec<_> = (0..20)
        .map(|number| format!("s{number}: a step that exits with {number}"))
        .collect();
    let scenarios: Vec<_> = scenarios.iter().map(String::as_str).collect();
    project.file("features/a.feature", feature("A", &scenarios));
    let outcome = run(&project, &["-j", "3"])
        .exits(1)
        .stdout_has("0 scenarios passed, 20 failed, 0 skipped (20 crashed)");
    let results = results(&project, &outcome);
    for number in 0..20 {
        assert_eq!(
            results.finals[&format!("s{number}")]["fault"]["crashed"]["exit_code"],
            number
        );
    }
}

/// What a crashed step has started does not outlive its worker.
#[test]
fn children_of_a_crashed_step_are_ended() {
    let project = with_fake(
        "
import subprocess
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        start(scenario)
        send(type='step_started', scenario=1, step=0)
        child = subprocess.Popen(['sleep', '600'])
        with open('pids', 'a') as pids:
            print(child.pid, file=pids)
        os._exit(1)
    run(scenario)
serve(run=run)",
    );
    project.file("a.feature", feature("A", &["a: it works", "b: it works"]));
    let outcome = run(&project, &["-j", "1", "a.feature"]).exits(1);
    assert_eq!(results(&project, &outcome).statuses(), "a passed, b failed");
}

/// A daemon leaves the process group of its worker, and does not inherit a descriptor.
#[cfg(target_os = "linux")]
#[test]
fn what_a_dead_worker_has_started_is_ended_wherever_it_has_gone() {
    let project = with_fake(
        "import subprocess, signal\n\
         def run(scenario):\n\
        \x20   fake.start(scenario)\n\
        \x20   send(type='step_started', scenario=scenario['scenario'], step=0)\n\
        \x20   child = subprocess.Popen(['sleep', '600'], start_new_session=True)\n\
        \x20   print(child.pid, file=open('pids', 'a'), flush=True)\n\
        \x20   if scenario['name'] == 'a': os.kill(os.getpid(), signal.SIGKILL)\n\
        \x20   hang()\n\
         serve(run=run)",
    );
    project.file(
        "features/a.feature",
        feature("A", &["a: it works", "b: it works"]),
    );
    let outcome = run(&project, &["-j", "1", "--step-timeout", "300ms"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a failed, b failed");
}

#[test]
fn a_copy_of_the_worker_does_not_answer_for_it() {
    let project = with_faults();
    let forks = |step: &str| {
        let scenario = format!("a: {step}");
        let text = feature("F", &[&scenario, "b: a step that passes"]);
        project.file("features/f.feature", text);
        let outcome = run(&project, &["-j", "1"]).exits(1);
        results(&project, &outcome)
    };
    let message = |step: &str, with: &str| {
        format!(
            "features/f.feature:2: a process that the step `* {step}` (features/f.feature:3) forked has returned from it{with}: it must end there, \
             as by `std::process::exit`"
        )
    };
    let fails = "a step that forks and fails";
    let results = forks(fails);
    assert_eq!(results.statuses(), "a failed, b passed");
    assert_eq!(results.errors("a"), ["step 0: the copy ended with 9"]);
    assert_eq!(results.run_errors(), [message(fails, "")]);
    let passes = "a step that forks and passes";
    let results = forks(passes);
    assert_eq!(results.statuses(), "a passed, b passed");
    assert_eq!(results.run_errors(), [message(passes, "")]);
    let panics = "a step whose copy panics";
    let results = forks(panics);
    assert_eq!(results.statuses(), "a passed, b passed");
    assert_eq!(
        results.run_errors(),
        [message(panics, ", with `in the copy`")]
    );
}
