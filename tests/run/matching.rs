//! Patterns that only the step program understands: the worker in Python.

use super::*;

fn with_python() -> Project {
    let project = with_fake("");
    project
        .file("worker.py", include_str!("../workers/worker.py"))
        .file("bdd.toml", "[steps]\ncommand = ['python3', 'worker.py']\n");
    project
}

#[test]
fn a_worker_that_matches_runs_a_feature() {
    let project = with_python();
    project.file(
        "features/a.feature",
        feature(
            "A",
            &[
                "pass: a counter at 5; it is incremented by 2 times 3; the counter is 11",
                "fail: a counter at 5; the counter is 6; it is incremented",
                "raise: a step that fails with \"no 🚀\"",
                "crash: a step that prints \"bye\"; a step that aborts",
                "exit: a step that exits with 3",
                "undefined: a counter at 5; a counter at six",
                "pending: a step that is pending",
                "last: a step that passes",
            ],
        ),
    );
    for jobs in ["1", "3"] {
        let outcome = run(&project, &["-j", jobs])
            .exits(1)
            .stdout_has("a counter at 5     # worker.py:");
        let results = results(&project, &outcome);
        assert_eq!(
            results.statuses(),
            "crash failed, exit failed, fail failed, last passed, pass passed, pending pending, \
             raise failed, undefined undefined"
        );
        assert_eq!(results.errors("fail"), ["step 1: the counter is 5, not 6"]);
        assert_eq!(
            results.errors("crash"),
            ["step 1: the step program was killed by signal 6 (SIGABRT) while this step ran"]
        );
        assert_eq!(results.output("crash"), "bye\n");
    }
}

const AMBIGUOUS: &str = "
for number, pattern in [(1, 'n .*'), (2, 'n 7'), (3, '.*')]:
    DEFINITIONS.append({'id': 100 + number, 'keyword': 'step', 'kind': 'glob', 'pattern': pattern})
chunks = []
def match(message):
    chunks.append(len(message['texts']))
    found = lambda text: [{'definition': 101, 'arguments': []}] * (text[:2] == 'n ') + [
        {'definition': 102, 'arguments': []}] * (text == 'n 7')
    send(type='matched', id=message['id'], matches=[found(text) for text in message['texts']])
    with open('chunks', 'w') as file:
        file.write(repr(chunks))
";

#[test]
fn many_texts_are_asked_for_in_chunks() {
    let project = with_fake(&format!("{AMBIGUOUS}\nserve(match=match)"));
    let mut steps: Vec<_> = (0..2500).map(|number| format!("n {number}")).collect();
    // Each distinct text is asked for once.
    steps.extend(steps.clone());
    steps.retain(|step| step != "n 7");
    let many = format!("many: {}", steps.join("; "));
    project.file(
        "features/a.feature",
        feature(
            "A",
            &[&many, "ambiguous: it works; n 7", "undefined: it works; m"],
        ),
    );
    let outcome = run(&project, &["-j", "2"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(
        results.statuses(),
        "ambiguous ambiguous, many passed, undefined undefined"
    );
    assert_eq!(project.read("chunks"), "[1000, 1000, 502]");
}

/// An answer that is given twice does not stand for one that is missing.
#[test]
fn each_chunk_is_answered_once() {
    let script = format!(
        "{AMBIGUOUS}
def twice(message, match=match):
    if message['id'] == 0:
        match(message)
        send(type='matched', id=0, matches=[])
        hang()
serve(match=twice)"
    );
    let project = with_fake(&script);
    let steps: Vec<_> = (0..1500).map(|number| format!("n {number}")).collect();
    let many = format!("many: {}", steps.join("; "));
    project.file("features/a.feature", feature("A", &[&many]));
    let outcome = run(&project, &[]).exits(5).stderr(
        "error: the step program did not keep to the protocol while it was asked to match steps: its answer to match request 0 does not fit the request\n",
    );
    assert_eq!(results(&project, &outcome).statuses(), "many not run");
}

/// Two workers, one answers: the other one gets the same definitions.
#[test]
fn definitions_are_named_by_the_ids_of_the_worker() {
    let script = "
DEFINITIONS[:] = [{'id': 4_000_000_000 - n, 'keyword': 'step', 'kind': 'mine', 'pattern': str(n)} for n in range(3)]
def match(message):
    send(type='matched', id=message['id'], matches=[
        [{'definition': 4_000_000_000 - int(text), 'arguments': [{'value': text, 'start': 900, 'end': 5}]}]
        for text in message['texts']])
def step(scenario, position, step=fake.step):
    planned = scenario['steps'][position]
    assert planned['definition'] == 4_000_000_000 - int(planned['text']), planned
    assert planned['arguments'] == [planned['text']], planned
    return step(scenario, position)
serve(match=match, step=step)";
    let project = with_fake(script);
    project.file(
        "features/a.feature",
        feature("A", &["a: 0; 1; 2", "b: 2", "c: 1; 0"]),
    );
    let outcome = run(&project, &["-j", "2"]).exits(0);
    assert_eq!(
        results(&project, &outcome).statuses(),
        "a passed, b passed, c passed"
    );
    // Places outside of the text are no reason to panic.
    project
        .bdd(["run", "-f", "pretty", "--color", "always"])
        .exits(0);
}

/// A host with a definition for each keyword, whose steps belong to one feature, and that wants to know
/// what stands below.
const BY_ALL: &str = "
DEFINITIONS[:] = [{'id': number, 'keyword': 'step', 'kind': 'own', 'pattern': name}
                  for number, name in enumerate(['given it', 'then it', 'it with a table'])]
def match(message):
    with open('asked', 'a') as asked:
        for row in sorted(zip(message['texts'], message['keywords'], message['uris'], message['below'])):
            print(*row, sep=', ', file=asked)
    def found(keyword, uri, below):
        if uri != 'features/a.feature':
            return []
        return [2] if below == 'table' else [0] if keyword == 'given' else [1]
    rows = zip(message['keywords'], message['uris'], message['below'])
    send(type='matched', id=message['id'],
         matches=[[{'definition': one, 'arguments': []} for one in found(*row)] for row in rows])
def hello_by_all(usual=hello):
    usual(match_by=['keyword', 'uri', 'below'])
serve(match=match, hello=hello_by_all)";

#[test]
fn a_program_matches_by_keyword_feature_and_what_stands_below() {
    let project = with_fake(BY_ALL);
    let text = "Feature: A\n  Scenario: a\n    Given it\n    And it\n      | x |\n    Then it\n    And it\n";
    project.file("features/a.feature", text).file(
        "features/b.feature",
        "Feature: B\n  Scenario: b\n    Given it\n",
    );
    let outcome = run(&project, &["-j", "1"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed, b undefined");
    let steps = results.events.iter();
    let steps = steps.filter(|event| event["type"] == "step_finished" && event["scenario"] == 0);
    let definitions: Vec<_> = steps
        .map(|event| event["result"]["match"]["definition"].to_string())
        .collect();
    assert_eq!(definitions, ["0", "2", "1", "1"]);
    // Each combination is asked about once.
    assert_eq!(
        project.read("asked"),
        "it, given, features/a.feature, none\n\
         it, given, features/a.feature, table\n\
         it, given, features/b.feature, none\n\
         it, then, features/a.feature, none\n"
    );
}

#[test]
fn a_program_does_not_match_by_something_unknown() {
    let project = with_fake(&BY_ALL.replace("'below']", "'below', 'mood']"));
    project.file("features/a.feature", feature("A", &["a: it"]));
    let outcome = run(&project, &[]).exits(5);
    outcome.stderr_has("it matches steps by the unknown `mood`");
}
