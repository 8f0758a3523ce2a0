//! Random plans full of faults: whatever is planned, and however it is run, each scenario has one result,
//! which is the one that [`super::model`] foretells.
//!
//! `BDD_TEST_PLANS` says how many plans, 200 without it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use super::model::{HANGS, STEPS, Scenario, Tags};
use super::*;
use crate::support::step_program::fault_program;

/// How a plan is run.
#[derive(Debug, Clone)]
struct Course {
    jobs: u32,
    retries: u32,
    delay: bool,
    order: &'static str,
    /// Run as so many shards, whose events are merged.
    shards: Option<(&'static str, u32)>,
    stop_after: Option<u32>,
    messages: bool,
}

#[derive(Debug, Clone)]
struct Plan {
    features: Vec<Vec<Scenario>>,
    course: Course,
    /// Run it with so many workers as well.
    again: Option<u32>,
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let weights = STEPS.iter().enumerate();
    let step = weights.map(|(index, (weight, ..))| (*weight, Just(index).boxed()));
    let step = prop::strategy::Union::new_weighted(step.collect());
    let tags = (
        prop::bool::weighted(0.05),
        prop::bool::weighted(0.2),
        prop::bool::ANY,
        prop::option::weighted(0.1, 0..3_u32),
        prop::bool::weighted(0.05),
    );
    let tags = tags.prop_map(|(serial, group, slow, retry, expected_failure)| Tags {
        serial,
        group,
        slow,
        retry,
        expected_failure,
    });
    let rows = prop_oneof![9 => Just(0), 1 => 1..4_usize];
    let steps = prop::collection::vec(step, 0..5);
    (
        steps,
        rows,
        prop::option::weighted(0.003, 0..HANGS.len()),
        tags,
    )
        .prop_map(|(steps, rows, hangs, tags)| Scenario {
            steps,
            rows,
            hangs,
            tags,
        })
}

fn plan() -> impl Strategy<Value = Plan> {
    let course = (
        (1..9_u32, 0..3_u32, prop::bool::weighted(0.3)),
        prop::sample::select(vec![
            "defined",
            "reverse",
            "random:1",
            "random:42",
            "failed-first",
        ]),
        prop::option::weighted(0.1, (prop::sample::select(vec!["hash", "slice"]), 2..4_u32)),
        prop::option::weighted(0.05, 1..4_u32),
        prop::bool::weighted(0.3),
    );
    let course = course.prop_map(
        |((jobs, retries, delay), order, shards, stop_after, messages)| Course {
            jobs,
            retries,
            delay,
            order,
            // Each shard would count failures of its own.
            stop_after: stop_after.filter(|_| shards.is_none()),
            shards,
            messages,
        },
    );
    let feature = |most| prop::collection::vec(scenario(), 1..most);
    let features = prop_oneof![
        85 => prop::collection::vec(feature(6), 1..5),
        13 => prop::collection::vec(feature(16), 1..6),
        2 => prop::collection::vec(feature(33), 3..7),
    ];
    let again = prop::option::weighted(0.25, 1..9_u32);
    (features, course, again).prop_map(|(mut features, course, again)| {
        // At most 200, rows counted.
        let mut count = 0;
        for feature in &mut features {
            feature.retain(|scenario| {
                count += scenario.rows.max(1);
                count <= 200
            });
        }
        features.retain(|feature| !feature.is_empty());
        Plan {
            features,
            course,
            again,
        }
    })
}

/// Writes the features; what each scenario should come to, by name, and whether the run succeeds.
fn write(project: &Project, plan: &Plan) -> (BTreeMap<String, Vec<&'static str>>, bool) {
    let mut all = BTreeMap::new();
    let mut good = true;
    for (number, scenarios) in plan.features.iter().enumerate() {
        let mut text = format!("Feature: F{number}\n");
        for (position, scenario) in scenarios.iter().enumerate() {
            let name = format!("s{number}.{position}");
            let (keyword, row) = match scenario.rows {
                0 => ("Scenario", ""),
                _ => ("Scenario Outline", ".<row>"),
            };
            text += &format!("  {}\n  {keyword}: {name}{row}\n", scenario.tags());
            for step in scenario.texts() {
                text += &format!("    * {step}\n");
            }
            if scenario.rows > 0 {
                text += "    Examples:\n      | row |\n";
            }
            let attempts = scenario.attempts(plan.course.retries);
            good &= scenario.is_good(&attempts);
            for row in 0..scenario.rows {
                text += &format!("      | {row} |\n");
                all.insert(format!("{name}.{row}"), attempts.clone());
            }
            if scenario.rows == 0 {
                all.insert(name, attempts);
            }
        }
        project.file(&format!("features/f{number}.feature"), text);
    }
    (all, good)
}

/// Runs a plan, as a whole or in shards that are merged.
fn run_plan(project: &Project, course: &Course, jobs: u32) -> Outcome {
    let jobs = jobs.to_string();
    let retries = course.retries.to_string();
    let mut arguments = vec!["-j", &jobs, "--retries", &retries, "--order", course.order];
    arguments.extend(["--output-limit", "200KB", "--grace", "50ms"]);
    if course.delay {
        arguments.extend(["--retry-delay", "exponential:2ms..10ms"]);
    }
    let count = course.stop_after.map(|count| count.to_string());
    if let Some(count) = &count {
        arguments.extend(["--max-failures", count]);
    }
    let Some((kind, count)) = course.shards else {
        if course.messages {
            arguments.extend(["-f", "messages:messages.ndjson"]);
        }
        return run(project, &arguments).run();
    };
    let mut merge = vec!["merge".to_owned()];
    for index in 1..=count {
        let events = format!("shard-{index}.jsonl");
        let shard = format!("{kind}:{index}/{count}");
        let format = format!("events:{events}");
        let outcome = run(project, &arguments)
            .with(&["--shard", &shard, "-f", &format])
            .run();
        if !matches!(outcome.code, Some(0 | 1)) {
            outcome.fail("a shard does not run");
        }
        merge.push(events);
    }
    merge.extend(["-f", "events:events.jsonl", "-f", "junit:junit.xml"].map(str::to_owned));
    if course.messages {
        merge.extend(["-f", "messages:messages.ndjson"].map(str::to_owned));
    }
    project.bdd(merge).run()
}

impl Results {
    /// The statuses of the attempts at a scenario that is perhaps not run to its last.
    fn attempts_so_far(&self, name: &str) -> Vec<&str> {
        let scenario = &self.finals[name]["scenario"];
        let of_scenario = |event: &&Value| event["scenario"] == *scenario;
        let finished = self.events.iter().filter(of_scenario);
        let finished = finished.filter(|event| event["type"] == "scenario_finished");
        let mut again = false;
        let mut statuses = Vec::new();
        for event in finished {
            statuses.push(event["status"].as_str().unwrap());
            again = event["will_be_retried"] == true;
        }
        // Scenarios whose retry did not happen are reported as not run.
        if again || statuses.is_empty() {
            assert_eq!(self.status(name), "not run");
        }
        statuses
    }
}

/// Runs a plan and compares what came of it.
fn check(plan: &Plan) {
    let project = Project::new();
    project.file(
        "bdd.toml",
        format!(
            "[steps]\npath = '{}'\n[groups]\ndb = 2\nprinter = 1\n",
            fault_program().display()
        ),
    );
    let (all, good) = write(&project, plan);
    let course = &plan.course;
    for jobs in [course.jobs].into_iter().chain(plan.again) {
        let outcome = run_plan(&project, course, jobs);
        let outcome = outcome.code(i32::from(!good));
        let results = results(&project, &outcome);
        if results.run_errors() != [""; 0] {
            outcome.fail("the run has errors");
        }
        if course.messages && course.stop_after.is_none() {
            once_in_messages(&project, &results);
        }
        for (name, attempts) in &all {
            let (tried, as_foretold) = match course.stop_after {
                None => {
                    let tried = results.tried(name);
                    let as_foretold = tried == *attempts;
                    (tried, as_foretold)
                }
                // It may be stopped before any of its attempts, also when it was to have another.
                Some(_) => {
                    let tried = results.attempts_so_far(name);
                    let as_foretold = attempts.starts_with(&tried);
                    (tried, as_foretold)
                }
            };
            if !as_foretold {
                outcome.fail(&format!("{name} should be {attempts:?}, not {tried:?}"));
            }
        }
    }
}

#[test]
fn every_scenario_has_one_result_whatever_happens() {
    const THREADS: u32 = 3;
    let wanted = std::env::var("BDD_TEST_PLANS").map(|plans| plans.parse::<u32>().unwrap());
    let plans = wanted.unwrap_or(200);
    let steps = Mutex::new(BTreeSet::new());
    thread::scope(|scope| {
        for part in 0..THREADS {
            let steps = &steps;
            scope.spawn(move || {
                let mut runner = TestRunner::new(Config {
                    cases: plans / THREADS + u32::from(part < plans % THREADS),
                    max_shrink_iters: 100,
                    failure_persistence: None,
                    ..Config::default()
                });
                let checked = runner.run(&plan(), |plan| {
                    check(&plan);
                    let scenarios = plan.features.iter().flatten();
                    let texts = scenarios.flat_map(Scenario::texts);
                    steps.lock().unwrap().extend(texts);
                    Ok(())
                });
                if let Err(error) = checked {
                    panic!("{error}");
                }
            });
        }
    });
    if plans >= 1000 {
        let steps = steps.into_inner().unwrap();
        let all = STEPS.iter().map(|(_, text, _)| *text).chain(HANGS);
        let missing: Vec<_> = all.filter(|text| !steps.contains(text)).collect();
        assert_eq!(missing, [""; 0], "these steps were in no plan");
    }
}
