//! What `bdd report` needs for each scenario: `benches/report-memory.py` has the figures of each report.
#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, copy, sink};
use std::process::{Command, Stdio};

use serde_json::json;

use crate::support::Project;

/// In a feature.
const SCENARIOS: u32 = 100;

/// The events of a run with this number of features. All steps have long texts, and most are equal.
fn events(features: u32) -> String {
    let mut out = String::new();
    let mut line = |event: serde_json::Value| {
        let _ = writeln!(out, "{event}");
    };
    line(
        json!({"type": "run_started", "format": 1, "bdd": "1.0.0", "at": 1, "jobs": 1, "dry_run": false, "strict": true}),
    );
    let text = "output ".repeat(100);
    let step = |line: u32| {
        json!({"keyword": "Given ", "keyword_type": "context", "text": text, "background": false,
            "location": {"line": line, "column": 5}})
    };
    for number in 0..features {
        let uri = format!("features/number_{number}.feature");
        let scenario = |position: u32| {
            let name = format!("Scenario {position} of feature {number}");
            json!({"index": number * SCENARIOS + position, "id": format!("{uri}::{name}"), "name": name,
                "keyword": "Scenario", "description": "", "row": null, "rule": null, "tags": ["@one", "@two"],
                "location": {"line": 3 + position * 4, "column": 3}, "steps": [step(4), step(5), step(6)]})
        };
        let scenarios: Vec<_> = (0..SCENARIOS).map(scenario).collect();
        line(
            json!({"type": "feature_source", "uri": uri, "language": "en", "text": text.repeat(100)}),
        );
        line(json!({"type": "feature_planned", "feature": {
            "uri": uri, "language": "en", "keyword": "Feature", "name": format!("Number {number}"), "description": "",
            "tags": [], "location": {"line": 1, "column": 1}, "rules": [], "scenarios": scenarios}}));
    }
    for scenario in 0..features * SCENARIOS {
        let matched = json!([{"definition": 0, "arguments": [{"value": text, "start": 0, "end": 700, "children": []}]}]);
        line(
            json!({"type": "scenario_prepared", "scenario": scenario, "before": [], "after": [],
            "steps": [matched, [], []]}),
        );
    }
    for scenario in 0..features * SCENARIOS {
        line(
            json!({"type": "scenario_started", "scenario": scenario, "attempt": 0, "worker": 0, "at": scenario * 10}),
        );
        line(
            json!({"type": "scenario_finished", "scenario": scenario, "attempt": 0, "status": "passed", "nanos": 9000,
            "fault": null, "output": null, "will_be_retried": false}),
        );
    }
    line(json!({"type": "run_finished", "at": features * SCENARIOS * 10, "nanos": 1}));
    out
}

/// The peak of memory of a replay into several reports, in KiB.
fn peak(features: u32) -> u64 {
    let project = Project::new();
    project.file("run.events", events(features));
    let pipe = project.path("tap");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let arguments = [
        "report",
        "run.events",
        "-f",
        "html:report.html",
        "-f",
        "json:report.json",
        "-f",
        "rerun:rerun.txt",
        "-f",
        "tap:tap",
        "-f",
        "summary",
    ];
    let mut command = project.bdd(arguments).command();
    let mut replay = command.stdout(Stdio::null()).spawn().unwrap();
    // The last report has begun, and it is too long for the pipe: bdd waits, and its memory can be looked at.
    let mut tap = File::open(&pipe).unwrap();
    tap.read_exact(&mut [0]).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", replay.id())).unwrap();
    assert!(copy(&mut tap, &mut sink()).unwrap() > 100 * 1024);
    assert!(replay.wait().unwrap().success());
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|peak| peak.trim().strip_suffix(" kB"));
    peak.unwrap().parse().unwrap()
}

#[test]
fn a_replay_keeps_little_of_each_scenario() {
    let (few, many) = (20, 50);
    let growth = peak(many).saturating_sub(peak(few)) * 1024;
    let each = growth / u64::from((many - few) * SCENARIOS);
    // About 700 with the names of the scenarios. It was 12,000 when the plan was kept with all its texts.
    assert!(each < 3_000, "{each} bytes for each scenario");
}
