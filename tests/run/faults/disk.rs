//! A disk that is full under some reports, and a folder that is deleted with reports in it.

use std::process::Command;

use super::*;

/// The reports that are lost, by name and file, in the folder `small`.
const LOST: [(&str, &str); 4] = [
    ("events", "lost.jsonl"),
    ("junit", "lost.xml"),
    ("messages", "lost.ndjson"),
    ("rerun", "lost.txt"),
];

/// Whether this test may make a file system of its own.
fn can_mount() -> bool {
    let mut probe = Command::new("unshare");
    probe.args(["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]);
    probe.output().is_ok_and(|output| output.status.success())
}

/// The command, with a file system of one MiB as the folder `small`; what is in there at the end is
/// listed in the file `small.txt`.
fn on_a_small_disk(project: &Project, bdd: Bdd) -> Command {
    const SCRIPT: &str = "mount -t tmpfs -o size=1m none \"$SMALL\" || exit 99
\"$@\"
code=$?
ls -A \"$SMALL\" > \"$SMALL.txt\"
exit $code";
    let bdd = bdd.command();
    let mut command = Command::new("unshare");
    command
        .args(["-rm", "sh", "-c", SCRIPT, "sh"])
        .arg(bdd.get_program())
        .args(bdd.get_args())
        .current_dir(project.path("root"))
        .env("SMALL", project.path("small"));
    for (name, value) in bdd.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_costs_the_reports_on_it() {
    let mounts = can_mount();
    if !mounts {
        eprintln!("no file system can be mounted here: /dev/full stands in for a full one");
    }
    for (verdict, code, other) in [("passes", 6, "passed"), ("fails", 1, "failed")] {
        let project = with_faults("");
        project.folder("small");
        let small = project.path("small").display().to_string();
        let fills = match mounts {
            true => format!("a step that fills the disk under \"{small}\""),
            false => "a step that passes".to_owned(),
        };
        let scenarios = [
            "before: a step that passes".to_owned(),
            format!("guilty: {fills}"),
            "behind: a step that passes".to_owned(),
            format!("other: a step that {verdict}"),
        ];
        let scenarios = scenarios.each_ref().map(String::as_str);
        project.file("root/features/a.feature", feature("A", &scenarios));
        // One report for each run of the stand-in: two do not write to the same device.
        let runs: Vec<&[(&str, &str)]> = match mounts {
            true => vec![&LOST],
            false => LOST.chunks(1).collect(),
        };
        for lost in runs {
            let mut arguments = Vec::new();
            let mut told = String::new();
            for (name, file) in lost {
                let path = match mounts {
                    true => format!("{small}/{file}"),
                    false => "/dev/full".to_owned(),
                };
                told += &format!(
                    "error: cannot write the {name} report to {path}: no space left on device\n"
                );
                arguments.extend(["-f".to_owned(), format!("{name}:{path}")]);
            }
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let bdd = run_beside(&project, &arguments);
            let outcome = match mounts {
                true => project.runs(on_a_small_disk(&project, bdd)),
                false => bdd.run(),
            };
            let root = project.path("").to_string_lossy().into_owned();
            let told = told.replace(root.trim_end_matches('/'), "[DIR]");
            let outcome = outcome.code(code).stderr(&told);
            // The others are whole.
            let results = results(&project, &outcome);
            once_in_messages(&project, &results);
            assert_eq!(
                results.statuses(),
                format!("before passed, behind passed, guilty passed, other {other}")
            );
            assert_eq!(results.run_errors(), [""; 0]);
            let rerun = project.read("rerun.txt");
            assert_eq!(rerun.contains("a.feature:"), other == "failed", "{rerun}");
        }
        if mounts {
            assert_eq!(project.read("small.txt"), "filler\n");
        }
    }
}

/// The line of the table.
pub(super) fn row() -> String {
    let project = with_faults("");
    project.folder("small");
    let full = can_mount().then(|| project.path("small").display().to_string());
    let step = match &full {
        Some(small) => format!("a step that fills the disk under \"{small}\""),
        None => "a step that passes".to_owned(),
    };
    let scenarios = [
        "a: a step that passes",
        &format!("guilty: {step}"),
        "z: a step that passes",
    ];
    project.file("root/features/a.feature", feature("A", &scenarios));
    let report = match &full {
        Some(small) => format!("junit:{small}/lost.xml"),
        None => "junit:/dev/full".to_owned(),
    };
    let bdd = run_beside(&project, &["-j", "1", "-f", &report]);
    let outcome = match full {
        Some(_) => project.runs(on_a_small_disk(&project, bdd)),
        None => bdd.run(),
    };
    let results = results(&project, &outcome);
    once_in_messages(&project, &results);
    assert_eq!(results.statuses(), "a passed, guilty passed, z passed");
    assert_eq!(project.read("pids").lines().count(), 1);
    let file = report.strip_prefix("junit:").unwrap();
    let told = outcome.stderr.trim().replace(file, "FILE");
    let told = told.strip_prefix("error: ").unwrap();
    format!(
        "| a full disk while a report is written | {}; exit code {} | {told} | continues |  |",
        results.status("guilty"),
        outcome.code.unwrap()
    )
}

#[test]
fn a_full_disk_under_the_record_is_a_warning() {
    if !can_mount() {
        eprintln!("no file system can be mounted here: a folder that is a file stands in for it");
        let project = with_faults("");
        project.file("root/.bdd", "").file(
            "root/features/a.feature",
            feature("A", &["a: a step that passes"]),
        );
        let outcome = run_beside(&project, &[]).exits(0);
        outcome.stdout_has("cannot keep the results of this run in .bdd");
        return;
    }
    let project = with_faults("");
    project.folder("root/.bdd");
    std::os::unix::fs::symlink(project.path("root/.bdd"), project.path("small")).unwrap();
    let fills = format!(
        "guilty: a step that fills the disk under \"{}\"",
        project.path("root/.bdd").display()
    );
    project.file(
        "root/features/a.feature",
        feature("A", &["before: a step that passes", &fills]),
    );
    let bdd = run_beside(&project, &["-j", "1"]);
    let outcome = project.runs(on_a_small_disk(&project, bdd)).code(0);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "before passed, guilty passed");
    outcome.stdout_has("cannot keep the results of this run in .bdd: no space left on device");
}

/// They are in the working directory of the step, which deletes it.
#[test]
fn reports_outlive_their_folder() {
    let project = with_faults("");
    let scenarios = [
        "before: a step that passes",
        "guilty: a step that deletes the working directory",
        "behind: a step that passes",
    ];
    project.file("root/features/a.feature", feature("A", &scenarios));
    let inside = [
        "-j",
        "1",
        "-f",
        "events:events.jsonl",
        "-f",
        "junit:target/junit.xml",
        "-f",
        "messages:messages.ndjson",
        "-f",
        "rerun:rerun.txt",
        "-f",
        "junit:target/all/",
    ];
    let outcome = run_beside(&project, &inside).exits(1).stderr("");
    let found = results(&project, &outcome);
    assert_eq!(
        found.statuses(),
        "before passed, behind passed, guilty failed"
    );
    for (inside, beside) in [
        ("events.jsonl", "events.jsonl"),
        ("target/junit.xml", "junit.xml"),
        ("messages.ndjson", "messages.ndjson"),
        ("rerun.txt", "rerun.txt"),
    ] {
        let inside = format!("root/{inside}");
        assert_eq!(project.read(&inside), project.read(beside), "{inside}");
    }
    let suite = project.read("root/target/all/TEST-features.a.xml");
    assert_eq!(cases(&suite).len(), 3);
    // The record is there, too, for when the features are back.
    project.file("root/features/a.feature", feature("A", &scenarios));
    project.file("root/bdd.toml", "");
    let list = project.bdd(["list", "--failed"]).within("root").exits(0);
    let list = list.stderr("");
    assert!(list.stdout.contains("guilty") && !list.stdout.contains("before"));
}
