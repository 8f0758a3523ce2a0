//! `docs/bdd.schema.json` says of `bdd.toml` what `bdd` does.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::Project;
use crate::support::json_schema::JsonSchema;

const SCHEMA: &str = include_str!("../../docs/bdd.schema.json");

/// The schema of a setting by its key; those of `[steps]` begin with `steps.`.
fn described() -> BTreeMap<String, Value> {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let properties = |value: &Value| value["properties"].as_object().expect("some").clone();
    let mut all = BTreeMap::new();
    for key in properties(&schema).keys() {
        let definition = &schema["$defs"][key];
        match key.as_str() {
            "steps" => all.extend(
                properties(definition)
                    .into_iter()
                    .map(|(key, definition)| (format!("steps.{key}"), definition)),
            ),
            "groups" | "userdata" | "profile" => {}
            key => {
                all.insert(key.to_owned(), definition.clone());
            }
        }
    }
    all
}

/// The settings with their defaults, as `bdd` has them.
fn defaults() -> BTreeMap<String, Value> {
    let outcome = Project::new().bdd(["config", "--json"]).exits(0);
    let document: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let settings = document["settings"].as_array().expect("a list");
    settings
        .iter()
        .map(|setting| {
            let key = setting["key"].as_str().expect("a key").to_owned();
            (key, setting["value"].clone())
        })
        .collect()
}

#[test]
fn it_has_every_key_with_its_default() {
    let (described, defaults) = (described(), defaults());
    let keys = |all: &BTreeMap<String, Value>| all.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&described), keys(&defaults));
    for (key, schema) in &described {
        assert!(schema["description"].is_string(), "{key} is not described");
        let default = &defaults[key];
        // The number of cores is another one on each machine.
        let none = default.is_null() || *default == Value::Array(Vec::new()) || key == "jobs";
        let expected = (!none).then_some(default);
        assert_eq!(schema.get("default"), expected, "{key}");
    }
}

#[test]
fn a_profile_has_the_keys_of_the_file() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let mut top = schema["properties"].clone();
    let mut profile = schema["$defs"]["profile"]["properties"].clone();
    let remove = |value: &mut Value, key| value.as_object_mut().and_then(|all| all.remove(key));
    assert!(remove(&mut top, "profile").is_some());
    assert!(remove(&mut profile, "inherits").is_some());
    assert_eq!(top, profile);
}

#[test]
fn it_has_every_report() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let pattern = &schema["$defs"]["format"]["items"]["pattern"];
    for name in bdd::report::FormatName::ALL {
        assert!(
            pattern.as_str().expect("one").contains(name.as_str()),
            "{name}"
        );
    }
}

const GOOD: &[&str] = &[
    "",
    "features = ['features', 'specs/**/*.feature']\nexclude = []",
    "tags = '@a and not @b'\nlanguage = 'fr'\nretry-tags = '@a'",
    "jobs = 4\nretries = 0\ncapture = true\nstrict = false\nstrict-keywords = true",
    "order = 'random'",
    "order = 'random:42'\nparallel-by = 'scenario'",
    "retry-delay = '1s'",
    "retry-delay = 'exponential:100ms..5s'\nflaky = 'fail'",
    "retry-delay = 'exponential:0.5 s'",
    "max-failures = 3",
    "max-failures = '3:immediate'",
    "step-timeout = '30s'\nscenario-timeout = '1.5 min'\nhook-timeout = '500ms'\nrun-timeout = '2h'",
    "slow-after = '1m'\ngrace = '0.1s'\noutput-limit = '10MB'\nleaks = 'ignore'",
    "output-limit = '1.5 kib'",
    "expected-failure-tags = ''\ncontinue-after-failure-tags = '@a or @b'",
    "format = ['pretty', 'junit:target/junit.xml', 'messages:-']\nsnippets = 'regex'\ncolor = 'never'",
    "[steps]\ncommand = ['python3', 'worker.py']\nstart-timeout = '1m'",
    "[steps]\npackage = 'shop'\ntarget = 'main'\nrelease = true\nfeatures = ['x']",
    "[steps]\nrelease = false\nprofile = 'ci'\nfinish-timeout = '3s'",
    "[groups]\ndb = 2\nnet = { limit = 1, tags = '@net or @web' }",
    "[userdata]\nbrowser = 'firefox'\nport = 8080\nzoom = 1.5\nslow = true",
    "[profile.ci]\ninherits = 'base'\njobs = 2\n[profile.ci.userdata]\nx = 1\n[profile.base]",
    "[profile.ci.steps]\ncommand = ['x']\n[profile.ci.groups]\ndb = 1",
];

const BAD: &[&str] = &[
    "feature = ['x']",
    "features = 'x'",
    "exclude = [1]",
    "tags = ['@a']",
    "jobs = 0",
    "jobs = '4'",
    "retries = -1",
    "retries = 1.5",
    "capture = 'yes'",
    "order = 'random:x'",
    "order = 'sorted'",
    "parallel-by = 'step'",
    "retry-delay = 'linear:1s'",
    "retry-delay = '1'",
    "flaky = 'warn'",
    "max-failures = 0",
    "max-failures = '3:now'",
    "max-failures = true",
    "step-timeout = 30",
    "step-timeout = '30'",
    "grace = '0s'",
    "run-timeout = '3 days'",
    "output-limit = '10'",
    "output-limit = '0 MB'",
    "leaks = true",
    "expected-failure-tags = []",
    "format = ['html']",
    "format = ['junit:']",
    "format = 'junit'",
    "snippets = 'prose'",
    "color = true",
    "steps = 'x'",
    "[steps]\nprogram = 'x'",
    "[steps]\ncommand = 'python3 worker.py'",
    "[steps]\ncommand = []",
    "[steps]\ncommand = ['x']\npackage = 'y'",
    "[steps]\nrelease = true\nprofile = 'x'",
    "[steps]\nstart-timeout = 5",
    "[groups]\ndb = 0",
    "[groups]\n'@db' = 1",
    "[groups]\nserial = 1",
    "[groups]\ndb = { tags = '@x' }",
    "[groups]\ndb = { limit = 1, tag = '@x' }",
    "[userdata]\nx = [1]",
    "[userdata.x]\ny = 1",
    "[profile.default]",
    "[profile.ci]\njob = 1",
    "[profile.ci]\ninherits = 1",
    "[profile.ci.profile.x]",
    "[profile.ci.steps]\npaths = 'x'",
    "[profile]\nci = 1",
    "inherits = 'ci'",
];

#[test]
fn it_judges_as_bdd_does() {
    let schema = JsonSchema::new(SCHEMA);
    let judged = GOOD.iter().map(|text| (text, true));
    for (text, good) in judged.chain(BAD.iter().map(|text| (text, false))) {
        let value: Value = toml::from_str(text).expect("TOML");
        let problem = schema.problem(None, &value);
        assert_eq!(problem.is_none(), good, "{text}\n{problem:?}");
        let project = Project::new();
        project.file("bdd.toml", text);
        project.bdd(["config"]).exits(if good { 0 } else { 2 });
    }
}
