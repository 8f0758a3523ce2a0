//! `--order`.

use super::*;

fn two_features(project: &Project) {
    let names = ["1", "2", "3", "4", "5", "6"];
    let scenarios: Vec<_> = names.map(|name| (name, PASSES)).into();
    for title in ["A", "B", "C"] {
        let named: Vec<(String, &str)> = scenarios
            .iter()
            .map(|(name, step)| (format!("{title}{name}"), *step))
            .collect();
        let named: Vec<(&str, &str)> = named.iter().map(|(name, step)| (&**name, *step)).collect();
        project.file(&format!("features/{title}.feature"), feature(title, &named));
    }
}

#[test]
fn a_seed_is_printed_and_repeats_the_order() {
    let project = project();
    two_features(&project);
    let outcome = run(&project, &["--order", "random"]).exits(0);
    let order = started(&project);
    let line = outcome
        .stdout
        .lines()
        .find(|line| line.starts_with("Order: "));
    let seed = line
        .unwrap()
        .split([' ', ')'])
        .find(|word| word.starts_with("random:"));
    let seed = seed.unwrap().to_owned();
    assert_eq!(
        line,
        Some(&*format!("Order: {seed} (repeat with --order {seed})"))
    );
    assert_eq!(events(&project)[0]["order"], *seed);

    run(&project, &["--order", &seed, "-f", "junit:junit.xml"]).exits(0);
    assert_eq!(started(&project), order);
    let property = format!(r#"<property name="order" value="{seed}"/>"#);
    assert!(project.read("junit.xml").contains(&property));
    // Reports in files keep the order of the files.
    let junit = project.read("junit.xml");
    assert!(junit.find("name=\"A1\"") < junit.find("name=\"A2\""));
    assert!(junit.find("name=\"A2\"") < junit.find("name=\"C1\""));
}

#[test]
fn an_order_that_is_not_random_says_nothing() {
    let project = project();
    two_features(&project);
    let outcome = run(&project, &["--order", "reverse"]).exits(0);
    assert!(!outcome.stdout.contains("Order:"));
    assert_eq!(started(&project)[0], "C6");
    run(&project, &[]).exits(0);
    assert_eq!(started(&project)[0], "A1");
    assert_eq!(events(&project)[0].get("order"), None);
}

#[test]
fn what_failed_comes_first() {
    let project = project();
    project
        .file(
            "features/a.feature",
            feature("A", &[("A1", PASSES), ("A2", FAILS)]),
        )
        .file(
            "features/b.feature",
            feature("B", &[("B1", FAILS), ("B2", PASSES)]),
        );
    run(&project, &["--order", "failed-first"]).exits(1);
    assert_eq!(
        started(&project),
        ["A1", "A2", "B1", "B2"],
        "nothing is known"
    );
    run(&project, &["--order", "failed-first"]).exits(1);
    assert_eq!(started(&project), ["A2", "B1", "A1", "B2"]);
}
