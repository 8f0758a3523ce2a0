//! Which scenarios stay together on a worker, and which are spread.

use std::collections::BTreeSet;

use super::hooks::noted;
use super::*;

/// No scenario is over before all three workers have one, and each takes a moment.
const SLOW: &str = "
def run(scenario, run=fake.run):
    log('here')
    late = time.time() + 40
    while len({line[0] for line in open('log') if 'here' in line}) < 3 and time.time() < late:
        time.sleep(0.005)
    time.sleep(0.02)
    run(scenario)
";

/// Four features of six scenarios each: `f0s0` to `f3s5`.
fn project(script: &str) -> Project {
    let project = with_fake(&format!("{SLOW}{script}\nserve_sharing(run=run)"));
    for number in 0..4 {
        let scenarios: Vec<_> = (0..6)
            .map(|position| format!("f{number}s{position}: it works"))
            .collect();
        let scenarios: Vec<_> = scenarios.iter().map(String::as_str).collect();
        let text = feature(&format!("F{number}"), &scenarios);
        project.file(
            &format!("features/{number}.feature"),
            format!("@f{number}\n{text}"),
        );
    }
    project
}

/// For each feature, how many workers ran scenarios of it.
fn workers(project: &Project, arguments: &[&str]) -> Vec<usize> {
    let _ = fs::remove_file(project.path("log"));
    let outcome = run(project, &[&["-j", "3"], arguments].concat()).exits(0);
    let results = results(project, &outcome);
    assert_eq!(results.run_errors(), [""; 0]);
    let mut workers = vec![BTreeSet::new(); 4];
    for line in noted(project) {
        if let Some((worker, name)) = line.split_once(" scenario f") {
            workers[name[..1].parse::<usize>().unwrap()].insert(worker.to_owned());
        }
    }
    workers.iter().map(BTreeSet::len).collect()
}

/// The `feature` of all `run` messages must say this about being split.
const CHECK_SPLIT: &str = "
def run_within(info, scenario, run_within=fake.run_within):
    log('split', info.get('split', False))
    run_within(info, scenario)
fake.run_within = run_within
";

fn splits(project: &Project) -> BTreeSet<String> {
    let noted = noted(project);
    let splits = noted.iter().filter_map(|line| line.split_once(" split "));
    splits.map(|(_, split)| split.to_owned()).collect()
}

#[test]
fn scenarios_are_spread_where_nothing_keeps_them_together() {
    let project = project(CHECK_SPLIT);
    assert!(workers(&project, &[])[0] > 1);
    assert_eq!(splits(&project), BTreeSet::from(["True".to_owned()]));
    // Nobody is surprised who has asked for it.
    assert!(workers(&project, &["--parallel-by", "scenario"])[0] > 1);
    assert_eq!(splits(&project), BTreeSet::from(["False".to_owned()]));
    assert_eq!(workers(&project, &["--parallel-by", "feature"]), [1; 4]);
    assert_eq!(splits(&project), BTreeSet::from(["False".to_owned()]));
    let settings = project.read("bdd.toml");
    project.file("bdd.toml", format!("parallel-by = 'feature'\n{settings}"));
    assert_eq!(workers(&project, &[]), [1; 4]);
    assert!(workers(&project, &["--parallel-by", "auto"])[0] > 1);
}

#[test]
fn hooks_and_definitions_keep_features_together() {
    for script in [
        "hook('before_feature', 'x', tags='@f0 or @f3')",
        "hook('after_feature', 'x', tags='@f0 or @f3')",
        "hook('after_step', 'x', tags='@f0 or @f3', whole_feature=True)",
        "hook('before_all', 'x')\nhook('before_scenario', 'y')\nhook('before_scenario', 'x', tags='@f0 or @f3', whole_feature=True)",
    ] {
        let project = project(script);
        let workers_of = workers(&project, &[]);
        assert_eq!(
            (workers_of[0], workers_of[3]),
            (1, 1),
            "{script}: {workers_of:?}"
        );
        assert!(workers_of[1] > 1, "{script}: {workers_of:?}");
        let spread = workers(&project, &["--parallel-by", "scenario"]);
        assert!(spread[0] > 1, "{script}: {spread:?}");
    }
    let project = project(
        "DEFINITIONS.append({'id': 9, 'keyword': 'step', 'kind': 'regex', 'pattern': 'whole', 'whole_feature': True})",
    );
    let text = project.read("features/0.feature");
    project.file(
        "features/0.feature",
        format!("{text}  Scenario: f0s6\n    * it is whole\n"),
    );
    let workers_of = workers(&project, &[]);
    assert_eq!(workers_of[0], 1, "{workers_of:?}");
    assert!(workers_of[1] > 1, "{workers_of:?}");
}

/// Feature hooks run on each worker that gets some of the feature when that is asked for.
#[test]
fn a_feature_that_is_spread_opens_on_each_worker() {
    let project = project(
        "hook('before_feature', 'opens', tags='@f0')\nhook('after_feature', 'closes', tags='@f0')",
    );
    let spread = workers(&project, &["--parallel-by", "scenario"]);
    let noted = noted(&project);
    for hook in ["before_feature opens", "after_feature closes"] {
        let workers: BTreeSet<_> = noted
            .iter()
            .filter(|line| line.ends_with(hook))
            .map(|line| &line[..1])
            .collect();
        assert_eq!(workers.len(), spread[0], "{hook}: {noted:?}");
    }
}

/// A worker is not handed two features while another has nothing to do, and whole features that
/// have not begun are given away.
#[test]
fn whole_features_are_shared_well() {
    // Three are begun at once, the fourth when one of them is over.
    let project = project("hook('before_feature', 'opens')\nhook('after_feature', 'closes')");
    assert_eq!(workers(&project, &[]), [1; 4]);
    let opened = |noted: &[String]| {
        let opens = noted.iter().filter(|line| line.ends_with("opens"));
        opens.map(|line| line[..1].to_owned()).collect::<Vec<_>>()
    };
    let first = opened(&noted(&project));
    assert_eq!(first.len(), 4);
    assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), 3, "{first:?}");

    // Quick scenarios are sent ahead, features and all. The first of the seventh feature waits until all others
    // but the second of its feature have run: those that were sent after it go to the other worker.
    let project = with_fake(
        "
hook('before_feature', 'opens')
hook('after_feature', 'closes')
def run(scenario, run=fake.run):
    late = time.time() + 40
    while scenario['name'] == 'f6s0' and scenarios() < 78 and time.time() < late:
        time.sleep(0.01)
    run(scenario)
def scenarios():
    return open('log').read().count(' scenario ')
serve_sharing(run=run)",
    );
    for number in 0..40 {
        let scenarios = [
            format!("f{number}s0: it works"),
            format!("f{number}s1: it works"),
        ];
        let scenarios: Vec<_> = scenarios.iter().map(String::as_str).collect();
        project.file(
            &format!("features/{number:02}.feature"),
            feature("F", &scenarios),
        );
    }
    let outcome = run(&project, &["-j", "2"]).exits(0);
    assert_eq!(results(&project, &outcome).finals.len(), 80);
    let noted = noted(&project);
    let slow = noted
        .iter()
        .find(|line| line.ends_with("scenario f6s0"))
        .unwrap()[..1]
        .to_owned();
    let slow_at = noted
        .iter()
        .position(|line| line.ends_with("scenario f6s0"))
        .unwrap();
    let after: Vec<_> = noted[slow_at + 1..]
        .iter()
        .filter(|line| line.contains(" scenario "))
        .collect();
    assert_eq!(after, [&format!("{slow} scenario f6s1")], "{noted:?}");
    for number in 0..40 {
        let own: BTreeSet<_> = noted
            .iter()
            .filter(|line| line.contains(&format!("scenario f{number}s")))
            .map(|line| &line[..1])
            .collect();
        assert_eq!(own.len(), 1, "feature {number}: {noted:?}");
    }
    assert_eq!(
        noted.iter().filter(|line| line.ends_with("opens")).count(),
        40
    );
    assert_eq!(
        noted.iter().filter(|line| line.ends_with("closes")).count(),
        40
    );
}

/// What is left of a whole feature stays together when its worker dies.
#[test]
fn the_rest_of_a_whole_feature_goes_to_one_worker() {
    let project = project(
        "
hook('before_feature', 'opens')
hook('before_scenario', 'dies once')
",
    );
    let outcome = run(&project, &["-j", "3"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.run_errors(), [""; 0]);
    let failed = results
        .finals
        .keys()
        .filter(|name| results.status(name) == "failed");
    assert_eq!(failed.count(), 1);
    let opened = noted(&project)
        .iter()
        .filter(|line| line.ends_with("opens"))
        .count();
    assert_eq!(opened, 5);
}

/// A whole feature is closed when its last scenario is over, not when the run is.
#[test]
fn a_whole_feature_is_closed_as_soon_as_it_is_over() {
    let project = with_fake(
        "
hook('after_feature', 'closes', tags='@first')
def run(scenario, run=fake.run):
    run(scenario)
    if scenario['name'] == 'b':
        late = time.time() + 40
        while not any('closes' in line for line in open('log')):
            if time.time() > late:
                os._exit(3)
            time.sleep(0.01)
serve_sharing(run=run)",
    );
    project
        .file(
            "features/a.feature",
            format!("@first\n{}", feature("A", &["a: it works"])),
        )
        .file("features/b.feature", feature("B", &["b: it works"]));
    let outcome = run(&project, &["-j", "2"]).exits(0);
    assert_eq!(results(&project, &outcome).statuses(), "a passed, b passed");
}
