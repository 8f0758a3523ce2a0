//! Every request on a suite for behave, whose patterns only the step program understands.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use super::client::{EditorClient, codes, edited, range, uri};
use crate::support::{Project, needs};

/// The steps of the suite, as behave would read them.
const STEPS: &str = "\
from behave import when, then


@when('I add {count:d} apples')
def add(context, count):
    \"\"\"Puts apples into the basket.\"\"\"


@then('the basket has {count:d} apples')
def has(context, count):
    pass
";

/// What takes the place of the host: it matches as the patterns above say.
const HOST: &str = "\
import fake, os, re
steps = os.path.abspath('features/steps/fruit.py')
fake.DEFINITIONS = [
    {'id': 1, 'keyword': 'when', 'kind': 'behave', 'pattern': 'I add {count:d} apples', 'file': steps, 'line': 4,
     'function': 'add', 'doc': 'Puts apples into the basket.'},
    {'id': 2, 'keyword': 'then', 'kind': 'behave', 'pattern': 'the basket has {count:d} apples', 'file': steps,
     'line': 9, 'function': 'has'},
]
PATTERNS = {1: r'I add (\\d+) apples', 2: r'the basket has (\\d+) apples'}


def matches(text):
    found = []
    for number, pattern in PATTERNS.items():
        match = re.fullmatch(pattern, text)
        if match:
            start, end = match.span(1)
            found.append({'definition': number,
                          'arguments': [{'value': match.group(1), 'start': start, 'end': end}]})
    return found


def answer(message):
    with open('questions', 'a') as file:
        print(*message['texts'], sep='\\n', file=file)
    fake.send(type='matched', id=message['id'], matches=[matches(text) for text in message['texts']])


fake.serve(match=answer)
";

/// Answers what bdd asks of a Python, and then runs the host above.
const PYTHON: &str = "\
#!/bin/sh
if [ \"$1\" = -c ]; then
    echo '3.12 1.3.3'
    exit
fi
exec python3 '@ROOT@/host.py'
";

const FEATURE: &str = "\
Feature: Basket

  Scenario: Add
    When I add 3 apples
    Then the basket has 3 apples
    And the baskte has 3 apples

  Scenario Outline: Many
    When I add <n> apples
    Then the basket has <n> apples

    Examples:
      | n |
      | 5 |
";

fn suite() -> Project {
    needs::python3();
    let project = Project::new();
    let fake = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run/fake.py");
    let root = project.path("").display().to_string();
    project
        .file("fake.py", fs::read(fake).unwrap())
        .file("host.py", HOST)
        .file(
            ".venv/bin/python",
            PYTHON.replace("@ROOT@", root.trim_end_matches('/')),
        )
        .file("features/steps/fruit.py", STEPS)
        .file("features/a.feature", FEATURE);
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(project.path(".venv/bin/python"), executable).unwrap();
    project
}

/// A server for the suite, with no other Python environment.
fn start(project: &Project) -> EditorClient {
    let bdd = project.bdd(["lsp"]);
    let mut client = EditorClient::connect(bdd.without("VIRTUAL_ENV").without("BEHAVE_STAGE"));
    let abilities = json!({
        "textDocument": {
            "completion": { "completionItem": { "snippetSupport": true } },
            "codeAction": { "codeActionLiteralSupport": {} },
        },
        "workspace": { "workspaceEdit": { "resourceOperations": ["create"] } },
    });
    let parameters = json!({ "rootUri": uri(&project.path("")), "capabilities": abilities });
    client.request("initialize", parameters);
    client.notify("initialized", json!({}));
    client
}

#[test]
fn an_editor_gets_all_that_behave_knows() {
    let project = suite();
    let path = project.path("features/a.feature");
    let mut client = start(&project);
    client.open(&path, FEATURE);
    let found = client.diagnostics_when(&path, 1, |all| codes(all).contains(&"undefined-step"));
    assert_eq!(codes(&found), ["undefined-step"], "{found:?}");
    assert_eq!(found[0]["range"], range(5, 8, 31));

    let hover = client.request_at("hover", &path, 3, 12);
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(text.contains("when I add {count:d} apples"), "{text}");
    assert!(text.contains("Puts apples into the basket."), "{text}");
    assert!(
        text.contains("`features/steps/fruit.py:4`, 2 steps use it"),
        "{text}"
    );

    let found = client.request_at("definition", &path, 8, 12);
    let steps = project.path("features/steps/fruit.py");
    assert_eq!(
        found,
        json!([{ "uri": uri(&steps), "range": range(4, 4, 7) }])
    );

    let mut parameters = EditorClient::at(&path, 4, 12);
    parameters["context"] = json!({ "includeDeclaration": false });
    let uses = client.request("textDocument/references", parameters);
    assert_eq!(uses[0]["range"], range(4, 9, 32));
    assert_eq!(uses[1]["range"], range(9, 9, 34));
    assert_eq!(uses.as_array().unwrap().len(), 2);

    let mut parameters = EditorClient::at(&path, 3, 12);
    parameters["newName"] = "3 apples are added".into();
    let edit = client.request("textDocument/rename", parameters);
    let edits = edit["changes"][uri(&path)].as_array().unwrap();
    let expected = FEATURE
        .replace("I add 3 apples", "3 apples are added")
        .replace("I add <n> apples", "<n> apples are added");
    assert_eq!(edited(FEATURE, edits), expected);
    client.wait_for_note(
        "change the pattern `I add {count:d} apples` too: features/steps/fruit.py:4",
    );

    let titles = |found: &[Value]| -> Vec<String> {
        let titles = found
            .iter()
            .map(|one| one["title"].as_str().unwrap().to_owned());
        titles.collect()
    };
    let found = client.actions(&path, 5);
    assert_eq!(
        titles(&found),
        [
            "Did you mean `the basket has 3 apples`?",
            "Create the step definition in features/steps/fruit.py"
        ]
    );
    let edits = found[1]["edit"]["changes"][uri(&steps)].as_array().unwrap();
    assert_eq!(
        edited(STEPS, edits),
        format!(
            "{STEPS}\n\n@then(u'the baskte has 3 apples')\ndef step_impl(context):\n    \
             raise NotImplementedError(u'STEP: Then the baskte has 3 apples')\n"
        )
    );

    client.replace(
        &path,
        2,
        &format!("{FEATURE}\n  Scenario: s\n    When I add 7\n"),
    );
    let list = client.request_at("completion", &path, 16, 16);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{list}");
    assert_eq!(items[0]["label"], "I add 7 apples");
    assert_eq!(items[0]["textEdit"]["newText"], "I add ${1:7} apples");
    assert_eq!(
        items[0]["documentation"]["value"],
        "Puts apples into the basket."
    );

    // In behave, a definition runs only steps of its keyword.
    let then = format!("{FEATURE}\n  Scenario: s\n    Then x\n    And \n");
    client.replace(&path, 3, &then);
    let list = client.request_at("completion", &path, 17, 8);
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    assert_eq!(list["items"][0]["label"], "the basket has <count> apples");
    client.replace(&path, 4, FEATURE);
    let found = client.request("workspace/symbol", json!({ "query": "count:d" }));
    assert_eq!(found.as_array().unwrap().len(), 2);
    let found = client.request_at("prepareRename", &path, 3, 12);
    assert_eq!(found["placeholder"], "I add 3 apples");
    assert_eq!(
        client
            .request_for("foldingRange", &path)
            .as_array()
            .unwrap()
            .len(),
        4
    );
    assert!(client.request_for("formatting", &path).is_array());

    let symbols = client.request_for("documentSymbol", &path);
    // This client knows no nested symbols.
    assert_eq!(symbols[1]["containerName"], "Basket");
    client.shut_down();
}

#[test]
fn each_text_is_asked_once_and_changed_steps_are_read_again() {
    let project = suite();
    let path = project.path("features/a.feature");
    let mut client = start(&project);
    client.open(&path, FEATURE);
    client.diagnostics_when(&path, 1, |all| codes(all).contains(&"undefined-step"));
    client.replace(&path, 2, &FEATURE.replace("the baskte", "the basket"));
    let found = client.diagnostics(&path, 2);
    assert!(found.is_empty(), "{found:?}");
    let questions = project.read("questions");
    let mut texts: Vec<&str> = questions.lines().collect();
    texts.sort_unstable();
    let all = texts.len();
    texts.dedup();
    assert_eq!(texts.len(), all, "{questions}");

    // A definition that is gone: the host would read the steps again.
    project.file("host.py", HOST.replace("2: r'the basket", "2: r'the bag"));
    project.file(
        "features/steps/fruit.py",
        STEPS.replace("the basket", "the bag"),
    );
    let steps = project.path("features/steps/fruit.py");
    client.files_changed(&[&steps]);
    let found = client.diagnostics_when(&path, 2, |all| !all.is_empty());
    assert_eq!(codes(&found), ["undefined-step"; 3], "{found:?}");
    client.shut_down();
}
