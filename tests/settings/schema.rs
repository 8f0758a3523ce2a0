//! `docs/bdd.schema.json` accepts the same files as `bdd`.

use serde_json::Value;

use crate::support::Project;
use crate::support::json_schema::JsonSchema;

const SCHEMA: &str = include_str!("../../docs/bdd.schema.json");

#[test]
fn it_is_made_from_the_declarations() {
    let made = serde_json::to_string_pretty(&bdd::config::schema()).expect("JSON") + "\n";
    if std::env::var_os("BDD_BLESS").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/bdd.schema.json");
        std::fs::write(file, made).expect("writable");
        return;
    }
    assert!(
        SCHEMA == made,
        "docs/bdd.schema.json is old: BDD_BLESS=1 cargo test writes it"
    );
}

#[test]
fn the_documentation_has_every_key() {
    let documentation = include_str!("../../docs/config.md");
    for setting in bdd::config::declarations() {
        let key = setting.key.rsplit('.').next().unwrap_or_default();
        assert!(documentation.contains(&format!("`{key}")), "{key}");
    }
}

#[test]
fn the_documentation_has_every_option_of_a_report() {
    let documentation = include_str!("../../docs/reports.md");
    for option in bdd::report::ReportOption::all() {
        let values = option.values.join("`, `");
        let row = format!("\n| `{},{}` | `{values}` | ", option.report, option.key);
        assert!(documentation.contains(&row), "{row}");
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
    "slow-after = '1m'\ngrace = '0.1s'\noutput-limit = '10MB'\nleaks = 'ignore'\nstate-changes = 'ignore'",
    "output-limit = '1.5 kib'",
    "expected-failure-tags = ''\ncontinue-after-failure-tags = '@a or @b'",
    "format = ['pretty', 'junit:target/junit.xml', 'messages:-']\nsnippets = 'regex'\ncolor = 'never'",
    "[junit]\nplain = true\noutput = 'failed'\nskipped = false\nnaming = 'file'\nattachments = false",
    "[reports.junit]\noutput = 'all'\n[reports.usage]\nsort = 'place'\n[reports.json]\nattachments = true",
    "[reports.tap]\n[profile.ci.junit]\nplain = true\n[profile.night.reports.junit]\nplain = true",
    "[junit]\nplain = true\n[reports.json]\n[profile.ci.reports.junit]",
    "[steps]\ncommand = ['python3', 'worker.py']\nstart-timeout = '1m'",
    "[steps]\npackage = 'shop'\ntarget = 'main'\nrelease = true\nfeatures = ['x']",
    "[steps]\nlanguage = 'python'\npython = '.venv/bin/python'\nformatters = ['a.b:C:out']",
    "[steps]\nlanguage = 'rust'\npath = 'features/steps'",
    "[steps]\nrelease = false\nprofile = 'ci'\nfinish-timeout = '3s'",
    "[fmt]\nindent = 4\ntable-padding = 0",
    "[lint]\nignored-text = 'error'\nunused-tag = 'warn'\n[profile.ci.lint]\nlong-scenario = 'off'",
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
    "state-changes = 'fail'",
    "expected-failure-tags = []",
    "format = ['xhtml']",
    "format = ['junit:']",
    "format = 'junit'",
    "snippets = 'prose'",
    "color = true",
    "[junit]\nplain = 'true'",
    "[junit]\nplain = true\n[reports.junit]\nplain = true",
    "[reports]\njunit = 'plain'",
    "[reports.paper]",
    "[reports.junit]\noutput = 'some'",
    "[reports.tap]\nsort = 'uses'",
    "[profile.ci.junit]\n[profile.ci.reports.junit]",
    "steps = 'x'",
    "[steps]\nprogram = 'x'",
    "[steps]\ncommand = 'python3 worker.py'",
    "[steps]\nlanguage = 'go'",
    "[steps]\nlanguage = 'python'\npackage = 'shop'",
    "[steps]\nlanguage = 'python'\ncommand = ['x']",
    "[steps]\nformatters = 'a.b:C'",
    "[steps]\ncommand = []",
    "[steps]\ncommand = ['x']\npackage = 'y'",
    "[steps]\nrelease = true\nprofile = 'x'",
    "[steps]\nstart-timeout = 5",
    "[fmt]\nindent = 17",
    "[fmt]\nindent = -1",
    "[fmt]\nindent = '2'",
    "[fmt]\nindents = 2",
    "fmt = 2",
    "[lint]\nno-such-rule = 'warn'",
    "[lint]\nignored-text = 'warning'",
    "[lint]\nignored-text = true",
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
