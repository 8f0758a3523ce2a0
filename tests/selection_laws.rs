//! Laws that hold for the selection of any document.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::num::NonZeroU32;

use bdd::config::{Language, Paths, Selection};
use bdd::discover::FeatureFile;
use bdd::plan::{Planning, plan};
use proptest::prelude::*;

/// A scenario: its tags, how many steps it has, and the rows of its examples.
type Scenario = (Vec<&'static str>, usize, Option<Vec<usize>>);

/// Scenarios below the feature, then those of each rule.
fn documents() -> impl Strategy<Value = (Vec<Scenario>, Vec<Vec<Scenario>>)> {
    let tags = prop::sample::subsequence(vec!["@a", "@b", "@c"], 0..=3);
    let examples = prop::option::of(prop::collection::vec(0..4_usize, 1..3));
    let scenarios = prop::collection::vec((tags, 0..4_usize, examples), 0..5);
    (scenarios.clone(), prop::collection::vec(scenarios, 0..3))
}

fn write(text: &mut String, count: &mut usize, (tags, steps, examples): &Scenario) {
    *count += 1;
    let _ = writeln!(text, "\n# about the next\n{}", tags.join(" "));
    let _ = writeln!(text, "Scenario Outline: number {count} <n>");
    for step in 0..*steps {
        let _ = writeln!(text, "  Given step {step}\n    | <n> |");
    }
    for rows in examples.iter().flatten() {
        let _ = writeln!(text, "\n  Examples:\n    | n |");
        for row in 0..*rows {
            let _ = writeln!(text, "    | {row} |");
        }
    }
}

fn text((scenarios, rules): &(Vec<Scenario>, Vec<Vec<Scenario>>)) -> String {
    let mut text = String::from("Feature: F\n  Background:\n    Given a\n");
    let mut count = 0;
    for scenario in scenarios {
        write(&mut text, &mut count, scenario);
    }
    for scenarios in rules {
        text.push_str("\nRule: R\n");
        for scenario in scenarios {
            write(&mut text, &mut count, scenario);
        }
    }
    text
}

struct File {
    _folder: tempfile::TempDir,
    file: FeatureFile,
}

impl File {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.feature");
        std::fs::write(&path, text).unwrap();
        let file = FeatureFile {
            path,
            uri: "a.feature".into(),
            lines: None,
        };
        Self {
            _folder: folder,
            file,
        }
    }

    fn plan(&self, lines: Option<&[u32]>, tags: &[&str]) -> Planning {
        let file = FeatureFile {
            lines: lines.map(|lines| lines.iter().copied().collect()),
            ..self.file.clone()
        };
        let selection = Selection {
            paths: Paths::Convention,
            paths_place: None,
            exclude: Vec::new(),
            tags: tags.iter().map(|tag| tag.parse().unwrap()).collect(),
            names: Vec::new(),
            files: bdd::config::FilePatterns::default(),
            failed: false,
            changed: None,
            shard: None,
            durations_from: None,
            language: Language::default(),
            flavor: bdd::gherkin::Flavor::Standard,
            strict_text: false,
            keep_going: false,
            allow_empty: false,
        };
        let planning = plan(&[file], &selection, NonZeroU32::MIN, false);
        assert_eq!(planning.unparsed, []);
        planning
    }

    fn ids(&self, lines: Option<&[u32]>, tags: &[&str]) -> Vec<String> {
        let planning = self.plan(lines, tags);
        let features = planning.plan.features.iter();
        features
            .flat_map(|feature| &feature.scenarios)
            .map(|scenario| scenario.id.to_string())
            .collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn ids_are_unique_and_a_scenarios_own_line_selects_it(document in documents()) {
        let text = text(&document);
        let file = File::new(&text);
        let planning = file.plan(None, &[]);
        let all = file.ids(None, &[]);
        prop_assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        let features = planning.plan.features.iter();
        for scenario in features.flat_map(|feature| &feature.scenarios) {
            let line = scenario.location.line;
            prop_assert_eq!(file.ids(Some(&[line]), &[]), [scenario.id.to_string()], "{}", text);
        }
        if !all.is_empty() {
            prop_assert_eq!(file.ids(Some(&[1]), &[]), all);
        }
    }

    #[test]
    fn lines_add_up(document in documents(), first in 1..60_u32, second in 1..60_u32) {
        let text = text(&document);
        let file = File::new(&text);
        let of = |lines: &[u32]| file.ids(Some(lines), &[]).into_iter().collect::<BTreeSet<_>>();
        let union: BTreeSet<_> = of(&[first]).union(&of(&[second])).cloned().collect();
        prop_assert_eq!(of(&[first, second]), union, "{}", text);
        let misses = file.plan(Some(&[first]), &[]).misses.len();
        prop_assert_eq!(misses == 1, of(&[first]).is_empty());
    }

    #[test]
    fn an_expression_and_its_opposite_part_the_scenarios(document in documents()) {
        let file = File::new(&text(&document));
        let holds = file.ids(None, &["@a and (@b or not @c)"]);
        let fails = file.ids(None, &["not (@a and (@b or not @c))"]);
        let mut both: Vec<_> = holds.iter().chain(&fails).cloned().collect();
        let mut all = file.ids(None, &[]);
        both.sort();
        all.sort();
        prop_assert_eq!(both, all);
        prop_assert!(file.ids(None, &["@a", "not @a"]).is_empty());
    }
}
