//! `@serial` and groups with a limit: what may run beside what.

use super::*;

/// A step program that notes when each scenario begins and ends. The first waits until all workers
/// are there, so that they can meet; `free0` waits for two others beside it.
const NOTES: &str = "def running():\n\
    \x20   log = open('log').read()\n\
    \x20   return log.count('begins') - log.count('ends')\n\
     def run(scenario):\n\
    \x20   while len(open('pids').readlines()) < int(os.environ['BDD_JOBS']): time.sleep(0.001)\n\
    \x20   log('begins', scenario['name'])\n\
    \x20   late = time.time() + 30\n\
    \x20   while scenario['name'] == 'free0' and running() < 3 and time.time() < late: time.sleep(0.001)\n\
    \x20   time.sleep(0.01)\n\
    \x20   log('ends', scenario['name'])\n\
    \x20   plain(scenario)\n\
     plain = fake.run\n\
     serve_sharing(run=run)";

/// For each moment at which a scenario begins: what else runs, itself included.
fn together(project: &Project) -> Vec<Vec<String>> {
    let mut running: Vec<String> = Vec::new();
    let mut all = Vec::new();
    for line in project.read("log").lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match words[1] {
            "begins" => {
                running.push(words[2].to_owned());
                all.push(running.clone());
            }
            "ends" => running.retain(|name| name != words[2]),
            _ => {}
        }
    }
    all
}

fn tagged(scenarios: &[(&str, &str)]) -> String {
    let mut text = "Feature: A\n".to_owned();
    for (name, tags) in scenarios {
        text += &format!("  {tags}\n  Scenario: {name}\n    * it works\n");
    }
    text
}

fn project(settings: &str, scenarios: &[(&str, &str)]) -> Project {
    let project = with_fake(NOTES);
    let toml = project.read("bdd.toml");
    project
        .file("bdd.toml", format!("{toml}\n{settings}"))
        .file("features/a.feature", tagged(scenarios));
    project
}

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("{prefix}{number}"))
        .collect()
}

#[test]
fn a_group_runs_no_more_at_once_than_it_may() {
    let (db, free) = (names("db", 12), names("free", 12));
    let mut scenarios: Vec<(&str, &str)> = Vec::new();
    for (one, other) in db.iter().zip(&free) {
        scenarios.extend([(one.as_str(), "@database"), (other.as_str(), "@other")]);
    }
    let project = project("[groups]\ndatabase = 2\n", &scenarios);
    let outcome = run(&project, &["-j", "6"]).exits(0);
    results(&project, &outcome);
    let together = together(&project);
    assert_eq!(together.len(), 24);
    let of_db = |names: &Vec<String>| names.iter().filter(|name| name.starts_with("db")).count();
    let most = together.iter().map(of_db).max().unwrap();
    assert_eq!(most, 2, "{together:?}");
    // The others are not held up by it.
    assert!(together.iter().any(|names| names.len() > 2), "{together:?}");
}

#[test]
fn tags_of_a_group_can_be_others_than_its_name() {
    let scenarios = [
        ("a", "@sql"),
        ("b", "@group(database)"),
        ("c", "@sql @slow"),
        ("d", "@database"),
    ];
    let settings = "[groups]\ndatabase = { limit = 1, tags = '@sql and not @slow' }\n";
    let project = project(settings, &scenarios);
    // `a` and `b` exclude each other, so there is work for three.
    let outcome = run(&project, &["-j", "3"]).exits(0);
    results(&project, &outcome);
    for names in together(&project) {
        let both = names.contains(&"a".to_owned()) && names.contains(&"b".to_owned());
        assert!(!both, "{names:?}");
    }
}

/// A project in which one of five scenarios is serial, the third first.
fn with_serial(names: &[String]) -> Project {
    let tags = |number: usize| if number % 5 == 2 { "@serial" } else { "@any" };
    let scenarios: Vec<(&str, &str)> = (0..)
        .zip(names)
        .map(|(n, name)| (name.as_str(), tags(n)))
        .collect();
    project("", &scenarios)
}

/// Runs it anew, without what the last run has written.
fn run_again(project: &Project, arguments: &[&str]) -> Outcome {
    let _ = fs::remove_file(project.path("log"));
    let _ = fs::remove_file(project.path("pids"));
    if arguments.contains(&"--parallel-by") {
        // The feature is for one worker, and the others may not be needed: nobody waits for them.
        project.file("pids", "999999999\n".repeat(5));
    }
    run(project, arguments).exits(0)
}

#[test]
fn a_serial_scenario_runs_alone() {
    let all = names("s", 20);
    let project = with_serial(&all);
    for arguments in [&["-j", "5"][..], &["-j", "5", "--parallel-by", "feature"]] {
        let outcome = run_again(&project, arguments);
        results(&project, &outcome);
        let together = together(&project);
        assert_eq!(together.len(), 20);
        for names in &together {
            let serial = names.iter().any(|name| {
                let number: usize = name[1..].parse().unwrap();
                number % 5 == 2
            });
            assert!(!serial || names.len() == 1, "{names:?}");
        }
    }
}

/// Hooks note when they begin and end, too, and take long enough to meet others.
const HOOK_NOTES: &str = "
for kind in ['before_all', 'after_all', 'before_feature', 'after_feature']:
    hook(kind, kind)
def noted(name, work):
    log('begins', name)
    time.sleep(0.05)
    result = work()
    log('ends', name)
    return result
def act(one, act=fake.act):
    return noted(one['kind'], lambda: act(one))
def run(scenario, run=fake.run):
    if scenario['name'] == 'dies':
        noted('dies', lambda: start(scenario))
        os._exit(1)
    noted(scenario['name'], lambda: run(scenario))
fake.act = act
serve_sharing(run=run)";

#[test]
fn no_hook_of_another_worker_runs_beside_a_serial_scenario() {
    let project = with_fake(HOOK_NOTES);
    for (path, scenarios) in [
        ("a.feature", &[("a", "@any")][..]),
        ("b.feature", &[("b", "@any"), ("serial1", "@serial")]),
        ("c.feature", &[("dies", "@serial")]),
        (
            "d.feature",
            &[("serial2", "@serial"), ("serial3", "@serial")],
        ),
    ] {
        project.file(&format!("features/{path}"), tagged(scenarios));
    }
    for jobs in ["2", "4"] {
        let _ = fs::remove_file(project.path("log"));
        run(&project, &["-j", jobs]).exits(1);
        for names in together(&project) {
            let alone = names
                .iter()
                .any(|name| name.starts_with("serial") || name == "dies");
            assert!(!alone || names.len() == 1, "-j {jobs}: {names:?}");
        }
    }
}

#[test]
fn serial_scenarios_come_last_in_every_order() {
    let all = names("s", 10);
    let project = with_serial(&all);
    let begun = |arguments: &[&str]| {
        run_again(&project, arguments);
        let moments = together(&project);
        let newest = moments.iter().filter_map(|names| names.last());
        newest.cloned().collect::<Vec<String>>()
    };
    for order in ["defined", "reverse", "random:1", "random:2", "failed-first"] {
        let alone = begun(&["-j", "1", "--order", order]);
        let mut last = alone[8..].to_vec();
        last.sort();
        assert_eq!(last, ["s2", "s7"], "{order}: {alone:?}");
        for jobs in ["2", "3"] {
            let beside = begun(&["-j", jobs, "--order", order]);
            assert_eq!(beside[8..], alone[8..], "{order} -j {jobs}");
        }
    }
    // A feature that stays on one worker keeps its order.
    let whole = begun(&["-j", "2", "--parallel-by", "feature"]);
    assert_eq!(whole, all);
}

#[test]
fn whole_features_obey_groups_too() {
    let settings = "[groups]\ndatabase = 1\n";
    let scenarios = [("a", "@database"), ("b", "@any"), ("c", "@database")];
    let project = project(settings, &scenarios);
    for number in 0..4 {
        let name = |letter: &str| format!("{letter}{number}");
        let (a, b, c) = (name("a"), name("b"), name("c"));
        let scenarios = [
            (a.as_str(), "@database"),
            (b.as_str(), "@any"),
            (c.as_str(), "@database @serial"),
        ];
        project.file(&format!("features/{number}.feature"), tagged(&scenarios));
    }
    let outcome = run(&project, &["-j", "3", "--parallel-by", "feature"]).exits(0);
    results(&project, &outcome);
    for names in together(&project) {
        let of_db = names.iter().filter(|name| !name.starts_with('b')).count();
        assert!(of_db <= 1, "{names:?}");
        let serial = names
            .iter()
            .any(|name| name.starts_with('c') && name.len() > 1);
        assert!(!serial || names.len() == 1, "{names:?}");
    }
}
