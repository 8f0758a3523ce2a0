//! The events for reports before the first scenario starts: texts of features, and what will run.

use super::hooks::with_hooks;
use super::*;

#[test]
fn what_each_scenario_will_run() {
    let project = with_hooks(
        "
hook('before_all', 'opens')
hook('before_scenario', 'late', order=1)
hook('before_scenario', 'early', tags='@s')
hook('after_scenario', 'one')
hook('after_scenario', 'two')
DEFINITIONS.append({'id': 9, 'keyword': 'step', 'kind': 'regex', 'pattern': '^it (w)orks'})
",
    );
    project.file(
        "features/b.feature",
        "Feature: B\n  Scenario: c\n    * it fails\n    * nobody has written this\n",
    );
    for dry in [false, true] {
        let dry: &[&str] = if dry { &["--dry-run"] } else { &[] };
        let outcome = run(&project, &[&["-j", "2"], dry].concat()).exits(1);
        let results = results(&project, &outcome);
        let of = |kind: &'static str| {
            let events = results.events.iter().enumerate();
            events.filter(move |(_, event)| event["type"] == kind)
        };
        let told: Vec<_> = of("scenario_prepared").collect();
        let lists: Vec<_> = told
            .iter()
            .map(|(_, event)| {
                let steps = event["steps"].as_array().unwrap().iter();
                let matches = |step: &Value| {
                    let found = step.as_array().unwrap().iter();
                    found
                        .map(|found| {
                            let first = &found["arguments"][0]["value"];
                            format!("{}{first}", found["definition"])
                        })
                        .collect::<Vec<_>>()
                        .join(" ")
                };
                let steps: Vec<_> = steps.map(matches).collect();
                format!(
                    "{} {} {} {steps:?}",
                    event["scenario"], event["before"], event["after"]
                )
            })
            .collect();
        let works = "0null 3\"w\"";
        assert_eq!(
            lists,
            [
                format!("0 [1] [4,3] {:?}", [works; 2]),
                format!("1 [2,1] [4,3] {:?}", [works]),
                format!("2 [1] [4,3] {:?}", ["1\"it\"", ""]),
            ]
        );
        let first_start = of("scenario_started").next().unwrap().0;
        assert!(told.iter().all(|(position, _)| *position < first_start));
        if dry.is_empty() {
            assert!(of("hook_finished").next().unwrap().0 < told[0].0);
        }
    }
}

#[test]
fn the_texts_of_features_come_before_their_plans() {
    let project = with_steps();
    let texts = [
        (
            "features/a.feature",
            "\u{feff}Feature: Ä\r\n  Scenario: a\r\n    * a step that passes",
        ),
        (
            "features/b.feature",
            "# language: fr\nFonctionnalité: B\n  Scénario: b\n    * a step that passes\n",
        ),
    ];
    for (path, text) in texts {
        project.file(path, text);
    }
    project.file("features/c.feature", "Feature: nothing in it\n");
    let outcome = run(&project, &["--language", "en"]).exits(0);
    let results = results(&project, &outcome);
    let told: Vec<_> = (results.events.iter())
        .filter(|event| event["type"] == "feature_source" || event["type"] == "feature_planned")
        .map(|event| match event["text"].as_str() {
            Some(text) => format!(
                "{} {} {text}",
                event["uri"].as_str().unwrap(),
                event["language"]
            ),
            None => event["feature"]["uri"].as_str().unwrap().to_owned(),
        })
        .collect();
    assert_eq!(
        told,
        [
            &format!(
                "features/a.feature \"en\" {}",
                texts[0].1.trim_start_matches('\u{feff}')
            ),
            "features/a.feature",
            &format!("features/b.feature \"en\" {}", texts[1].1),
            "features/b.feature",
        ]
    );
}
