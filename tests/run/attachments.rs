//! What step programs attach, and what they must not.

use super::*;

/// Runs `script` over the scenarios `a` and `b`; `attach` there attaches a file of its own making.
fn play(script: &str, code: i32) -> (Results, Project, Outcome) {
    let script = format!(
        "
FOLDER = os.environ['BDD_ATTACHMENTS']
def file(name, content):
    path = os.path.join(FOLDER, name)
    with open(path, 'wb') as made:
        made.write(content)
    return path
def attach(**body):
    send(type='attachment', media_type='x/y', body=body)
def step(scenario, position, attachments=lambda scenario: None):
    send(type='step_started', scenario=scenario['scenario'], step=position)
    attachments(scenario)
    send(type='step_finished', scenario=scenario['scenario'], step=position, nanos=1, status='passed')
{script}
serve(run=run)"
    );
    let project = with_fake(&script);
    project.file(
        "features/a.feature",
        feature("A", &["a: it works", "b: it works"]),
    );
    let outcome = run(&project, &["-j", "1"]).exits(code);
    let results = results(&project, &outcome);
    (results, project, outcome)
}

impl Results {
    fn attachments(&self) -> Vec<&Value> {
        let events = self.events.iter();
        events
            .filter(|event| event["type"] == "attachment")
            .collect()
    }
}

#[test]
fn texts_bytes_and_files_are_reported_with_their_step() {
    let (results, _, _) = play(
        "
def attachments(scenario):
    attach(text='zwölf')
    send(type='attachment', media_type='image/png', file_name='a.png', body={'base64': 'AAEC'})
    os.mkdir(os.path.join(FOLDER, 'sub'))
    attach(file=file('sub/large', bytes(range(256)) * 1000))
def run(scenario):
    start(scenario)
    step(scenario, 0, attachments if scenario['name'] == 'b' else lambda scenario: None)
    end(scenario)",
        0,
    );
    let attachments = results.attachments();
    assert_eq!(attachments.len(), 3);
    for attachment in &attachments {
        let source = serde_json::json!({"step": {"scenario": 1, "attempt": 0, "step": 0}});
        assert_eq!(attachment["source"], source);
        assert!(attachment["at"].as_u64().unwrap() > 1_600_000_000_000_000);
    }
    assert_eq!(attachments[0]["body"], serde_json::json!({"text": "zwölf"}));
    assert_eq!(attachments[0]["media_type"], "x/y");
    assert_eq!(attachments[1]["file_name"], "a.png");
    assert_eq!(
        attachments[1]["body"],
        serde_json::json!({"base64": "AAEC"})
    );
    let code = attachments[2]["body"]["base64"].as_str().unwrap();
    let bytes: Vec<u8> = (0..=255).cycle().take(256_000).collect();
    use base64::Engine;
    let decoded = base64::engine::general_purpose::STANDARD.decode(code);
    assert!(decoded.unwrap() == bytes);
}

/// A run with gigabytes of attachments does not keep them until its end.
#[test]
fn a_file_is_deleted_after_it_was_reported() {
    let (_, project, _) = play(
        "
def attachments(scenario):
    attach(file=file('attached', b'x'))
def run(scenario):
    start(scenario)
    step(scenario, 0, attachments)
    end(scenario)
def finish(_):
    deadline = time.time() + 40
    while os.listdir(FOLDER) and time.time() < deadline:
        time.sleep(0.01)
    with open('left', 'w') as left:
        print(os.listdir(FOLDER), file=left)
    sys.exit(0)
serve(run=run, finish=finish)",
        0,
    );
    assert_eq!(project.read("left"), "[]\n");
}

#[test]
fn a_file_elsewhere_is_refused() {
    let (results, project, _) = play(
        "
def attachments(scenario):
    with open('mine', 'w') as mine:
        mine.write('keep it')
    attach(file=os.path.abspath('mine'))
    hang()
def run(scenario):
    start(scenario)
    step(scenario, 0, attachments if scenario['name'] == 'a' else lambda scenario: None)
    end(scenario)",
        1,
    );
    assert_eq!(results.statuses(), "a failed, b passed");
    let told = &results.errors("a")[0];
    assert!(
        told.contains("while this step ran: it attached the file")
            && told.ends_with("which does not lie in the folder BDD_ATTACHMENTS"),
        "{told}"
    );
    assert_eq!(project.read("mine"), "keep it");
    assert_eq!(results.attachments().len(), 0);
}

#[test]
fn nothing_is_attached_outside_of_steps_and_hooks() {
    let (results, _, _) = play(
        "
def run(scenario):
    start(scenario)
    step(scenario, 0)
    if scenario['name'] == 'a':
        attach(text='late')
        hang()
    end(scenario)",
        1,
    );
    assert_eq!(results.statuses(), "a failed, b passed");
    assert_eq!(
        results.errors("a"),
        [
            "the step program did not keep to the protocol after its last step: it attached something while neither a step nor a hook ran"
        ]
    );
}

#[test]
fn a_hook_attaches_too() {
    let (results, _, _) = play(
        "
def run(scenario):
    start(scenario)
    for number in scenario['before']:
        send(type='hook_started', hook=number, output=0)
        attach(text='from the hook')
        send(type='hook_finished', hook=number, status='passed', nanos=1, output=0)
    step(scenario, 0)
    end(scenario)
serve(run=run, hello=lambda hello=fake.hello: hello(hooks=[{'id': 4, 'kind': 'before_scenario'}]))",
        0,
    );
    let sources: Vec<_> = results
        .attachments()
        .iter()
        .map(|attachment| attachment["source"]["hook"]["place"].to_string())
        .collect();
    assert_eq!(
        sources,
        [0, 1]
            .map(|scenario| format!("{{\"scenario\":{{\"attempt\":0,\"scenario\":{scenario}}}}}"))
    );
}

/// Files that were never reported are removed with the run.
#[test]
fn what_a_crashed_worker_leaves_behind_is_deleted() {
    let (results, _, _) = play(
        "
def run(scenario):
    start(scenario)
    step(scenario, 0, lambda scenario: file('left over', b'x') and os.abort())",
        1,
    );
    assert_eq!(results.statuses(), "a failed, b failed");
}
