//! What `pretty` holds back to show a feature under one heading.

use super::signs::Started;
use super::*;

/// Scenario `waits` goes on when the file `go` is there, and `other` when `waits` runs.
const WAITS: &str = "
import os, time
def run(scenario, run=fake.run):
    if scenario['name'] == 'waits':
        start(scenario)
        send(type='step_started', scenario=scenario['scenario'], step=0)
        fake.once('it-waits')
        while not os.path.exists('go'):
            time.sleep(0.01)
        send(type='step_finished', scenario=scenario['scenario'], step=0, nanos=1000, status='passed')
        return end(scenario)
    while scenario['name'] == 'other' and not os.path.exists('it-waits'):
        time.sleep(0.01)
    run(scenario)
serve(run=run)";

/// No event comes that could show it, so the clock does.
#[test]
fn a_scenario_is_shown_although_another_feature_goes_on() {
    let project = with_fake(WAITS);
    project
        .file(
            "a.feature",
            feature("A", &["first: it works", "waits: it works"]),
        )
        .file("b.feature", feature("B", &["other: it works"]))
        .folder("tmp");
    let bdd = project.bdd(["run", "-f", "pretty", "-j", "2", "a.feature", "b.feature"]);
    let bdd = bdd.env("TMPDIR", &project.path("tmp").to_string_lossy());
    let started = Started::new(bdd);
    until("the other feature is shown", || {
        started.shown().contains("Scenario: other")
    });
    project.file("go", "");
    let (shown, _) = started.ends(0);
    assert!(shown.contains("Scenario: waits"), "{shown}");
}
