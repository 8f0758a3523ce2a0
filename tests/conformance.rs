//! Runs the public conformance data of the standards that bdd implements.
//!
//! The data is not part of the project: it is read from the folder that `BDD_CONFORMANCE`
//! names, by default `../shared/conformance` from the project's root. Where it is missing
//! the tests count as ignored. Each set of data is a module.

#[path = "conformance/browser.rs"]
mod browser;
#[path = "support/built.rs"]
mod built;
#[path = "conformance/compatibility.rs"]
mod compatibility;
#[path = "conformance/cucumber_expressions.rs"]
mod cucumber_expressions;
#[path = "conformance/formatting.rs"]
mod formatting;
#[path = "conformance/gherkin.rs"]
mod gherkin;
#[path = "conformance/jenkins.rs"]
mod jenkins;
#[path = "support/json_schema.rs"]
mod json_schema;
#[path = "conformance/messages.rs"]
mod messages;
#[path = "conformance/replay.rs"]
mod replay;
#[path = "support/same_document.rs"]
mod same_document;
#[path = "conformance/tag_expressions.rs"]
mod tag_expressions;
#[path = "conformance/written.rs"]
mod written;

use std::path::{Path, PathBuf};
use std::{env, fs};

use libtest_mimic::{Arguments, Trial};

/// One set of data: the name of its folder, and its tests.
type Set = (&'static str, fn(&Path) -> Vec<Trial>);

const SETS: [Set; 9] = [
    ("compatibility-kit", compatibility::trials),
    ("compatibility-kit", formatting::trials),
    ("compatibility-kit", replay::trials),
    ("cucumber-expressions", cucumber_expressions::trials),
    ("gherkin", formatting::trials),
    ("gherkin", gherkin::trials),
    ("jenkins", jenkins::trials),
    ("messages", messages::trials),
    ("tag-expressions", tag_expressions::trials),
];

fn main() {
    let mut arguments = Arguments::from_args();
    // The trials with a browser wait for it a third of the time.
    arguments.test_threads.get_or_insert(3);
    let root = env::var_os("BDD_CONFORMANCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance"),
        PathBuf::from,
    );
    let mut trials = Vec::new();
    for (name, of_set) in SETS {
        let folder = root.join(name);
        if folder.is_dir() {
            trials.extend(of_set(&folder));
        } else {
            println!(
                "no conformance data in {}; set BDD_CONFORMANCE",
                folder.display()
            );
            trials.push(Trial::test(name, || Ok(())).with_ignored_flag(true));
        }
    }
    trials.extend(compatibility::own_trials(&root));
    trials.push(jenkins::view(&root.join("../tools/jenkins_view.py")));
    trials.extend(browser::trials());
    trials.extend(formatting::own_trials());
    libtest_mimic::run(&arguments, trials).exit();
}

/// The files of a folder whose names end so, sorted.
fn files(folder: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the data can be listed");
    let paths = entries.map(|entry| entry.expect("the data can be listed").path());
    let wanted = |path: &PathBuf| {
        let name = path.to_string_lossy();
        ends.iter().any(|end| name.ends_with(end))
    };
    let mut paths: Vec<_> = paths.filter(wanted).collect();
    paths.sort();
    paths
}
