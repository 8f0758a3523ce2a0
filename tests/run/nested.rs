//! Steps that a step runs from text.

use super::*;

/// Runs the scenarios `a` and `b`, each of one step that asks for the steps of `text` and notes the
/// answer in the file `answer`. The feature has the language `language`.
fn ask(text: &str, language: &str, more: &str) -> (Results, Vec<Value>) {
    let script = format!(
        "
TEXT = {text:?}
def step(scenario, position):
    send(type='step_started', scenario=scenario['scenario'], step=position)
    send(type='run_steps', text=TEXT)
    for line in fake.lines:
        message = json.loads(line)
        if message['type'] == 'steps':
            break
        match(message)
    with open('answers', 'a') as answers:
        print(json.dumps(message), file=answers)
    send(type='step_finished', scenario=scenario['scenario'], step=position, nanos=1, status='passed')
def run(scenario):
    start(scenario)
    for position in range(len(scenario['steps'])):
        step(scenario, position)
    end(scenario)
{more}
serve(run=run)"
    );
    let project = with_fake(&script);
    let text = feature("A", &["a: it works", "b: it works"]);
    let text = match language {
        "fr" => text
            .replace("Feature", "# language: fr\nFonctionnalité")
            .replace("Scenario", "Scénario"),
        _ => text,
    };
    project.file("features/a.feature", text);
    let outcome = run(&project, &["-j", "1"]).exits(0);
    let results = results(&project, &outcome);
    let answers = project.read("answers");
    let answers = answers
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    (results, answers.collect())
}

/// The error that comes of a text.
fn error(text: &str, more: &str) -> String {
    let (_, answers) = ask(text, "en", more);
    assert_eq!(answers[0]["steps"], serde_json::json!([]));
    answers[0]["error"].as_str().unwrap().to_owned()
}

#[test]
fn steps_are_parsed_and_matched() {
    let text = "\n  # A comment.\n  Given it works\n    | a | b\\|c |\n    | 1 |  |\n  And it fails\n    \"\"\"text\n    one\n      <two>\n    \"\"\"\n* it works";
    let (_, answers) = ask(text, "en", "");
    assert_eq!(answers.len(), 2);
    for answer in answers {
        assert_eq!(
            answer,
            serde_json::json!({"type": "steps", "steps": [
                {"definition": 7, "text": "it works", "keyword": "Given", "line": 3, "arguments": [],
                 "table": [["a", "b|c"], ["1", ""]]},
                {"definition": 8, "text": "it fails", "keyword": "And", "line": 6, "arguments": ["it"],
                 "docstring": {"media_type": "text", "content": "one\n  <two>"}},
                {"definition": 7, "text": "it works", "keyword": "*", "line": 11, "arguments": []},
            ]})
        );
    }
}

#[test]
fn the_language_is_that_of_the_feature() {
    let (_, answers) = ask("Soit it works\nEt it works", "fr", "");
    assert_eq!(answers[0]["steps"].as_array().unwrap().len(), 2);
    assert_eq!(answers[0]["steps"][1]["keyword"], "Et");
    let error = error("Soit it works", "");
    assert!(error.contains("got 'Soit it works'"));
}

#[test]
fn a_text_without_steps_has_none() {
    let (_, answers) = ask("\n# nothing\n", "en", "");
    assert_eq!(
        answers[0],
        serde_json::json!({"type": "steps", "steps": []})
    );
}

#[test]
fn a_line_that_is_not_a_step_has_its_place() {
    for (text, expected) in [
        (
            "Given it works\nScenario: b",
            "line 2 of the steps: expected: #EOF, #TableRow, #DocStringSeparator, #StepLine, #Comment, #Empty, got 'Scenario: b'",
        ),
        (
            "Given it works\n  | a |\n  | b | c |",
            "line 3 of the steps: inconsistent cell count within the table",
        ),
        (
            "@tag\nGiven it works\nonly words",
            "line 1 of the steps: expected: #EOF, #StepLine, #Comment, #Empty, got '@tag'\nline 3 of the steps: expected: #EOF, #TableRow, #DocStringSeparator, #StepLine, #Comment, #Empty, got 'only words'",
        ),
        (
            "Given it works\n  \"\"\"\n  open",
            "line 4 of the steps: unexpected end of file, expected: #DocStringSeparator, #Other",
        ),
    ] {
        let error = error(text, "");
        assert_eq!(error, expected);
    }
}

#[test]
fn all_that_cannot_be_run_is_named() {
    let more = "fake.DEFINITIONS.append({'id': 10, 'keyword': 'given', 'kind': 'regex', 'pattern': '^it fails', 'file': 'x.py', 'line': 5})";
    let text = "Given nobody wrote this\nWhen it fails\nThen this neither";
    let error = error(text, more);
    for part in [
        "line 1 of the steps: no step definition matches `nobody wrote this`",
        "line 2 of the steps: several step definitions match `it fails`:\n",
        "x.py:5: ^it fails",
        "line 3 of the steps: no step definition matches `this neither`",
    ] {
        assert!(error.contains(part), "{error}");
    }
}

/// The worker that asks is asked itself for what only it can match.
#[test]
fn kinds_of_the_workers_own_are_matched_while_it_waits() {
    let more = "
fake.DEFINITIONS.append({'id': 10, 'keyword': 'step', 'kind': 'python', 'pattern': 'secret'})
def match(message):
    send(type='matched', id=message['id'], matches=[
        [{'definition': 10, 'arguments': [{'value': 'e', 'start': 1, 'end': 2}]}] if text == 'secret' else []
        for text in message['texts']])
fake.match = match";
    let (_, answers) = ask("* secret\n* it works", "en", more);
    let steps = &answers[0]["steps"];
    assert_eq!(
        (&steps[0]["definition"], &steps[1]["definition"]),
        (&10.into(), &7.into())
    );
    assert_eq!(steps[0]["arguments"], serde_json::json!(["e"]));
}

#[test]
fn only_a_running_step_asks() {
    let script = "
def run(scenario):
    start(scenario)
    if scenario['name'] == 'b':
        send(type='run_steps', text='* it works')
        hang()
    step(scenario, 0)
    end(scenario)
serve(run=run)";
    let project = with_fake(script);
    project.file(
        "features/a.feature",
        feature("A", &["a: it works", "b: it works"]),
    );
    let outcome = run(&project, &["-j", "1"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(
        results.errors("b"),
        [
            "the step program did not keep to the protocol before its first step: it asked for steps while no step ran"
        ]
    );
}
