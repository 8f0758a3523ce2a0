//! One host for each rule, which breaks this rule and no other.

use std::collections::BTreeSet;

use bdd::worker_check::RULES;

use super::{check, with_host};

/// A mistake of a host.
struct Mistake {
    rule: &'static str,
    topic: &'static str,
    /// Python code before the host is served.
    before: &'static str,
    /// What the host sends in place of a message `m` of the type `t`, in Python.
    sends: &'static str,
    /// Arguments of `serve`.
    with: &'static str,
}

/// The rules that are broken by a host that does nothing: only a limit ends the wait.
const HANGS: [&str; 8] = [
    "silence",
    "match-answer",
    "begun-missing",
    "cancel-answer",
    "break-off-answer",
    "nested-match",
    "exits",
    "garbage-ends",
];

/// Expects that the check finds this mistake, and nothing else.
fn finds(mistake: &Mistake) {
    let Mistake {
        rule,
        topic,
        before,
        sends,
        with,
    } = mistake;
    let script = format!("{before}\nserve(lambda host, m, t: {sends}, {with})");
    let limit = match HANGS.contains(rule) {
        true => "3s",
        false => "1m",
    };
    let arguments = ["--timeout", limit, "--only", topic];
    let outcome = check(&with_host(&script), &arguments, 1);
    let findings = outcome.stdout.lines().filter_map(|line| {
        let (name, _) = line.strip_prefix("finding: ")?.split_once(' ')?;
        Some(name)
    });
    let findings: Vec<&str> = findings.collect();
    if findings != [*rule] {
        outcome.fail(&format!("{findings:?}, not {rule}"));
    }
}

macro_rules! mistakes {
    ($($test:ident $rule:literal $topic:literal $before:literal $sends:literal $with:literal;)*) => {
        $(
            #[test]
            fn $test() {
                finds(&Mistake { rule: $rule, topic: $topic, before: $before, sends: $sends, with: $with });
            }
        )*

        #[test]
        fn each_rule_has_a_host_that_breaks_it() {
            let tested: BTreeSet<&str> = [$($rule),*].into();
            let all: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
            assert_eq!(tested, all);
        }
    };
}

mistakes! {
    not_a_message "not-a-message" "hello"
        ""
        "[{key: m[key] for key in m if key != 'hash'}]"
        "";
    refused_message "refused-message" "scenarios"
        ""
        "[{'type': 'error', 'message': 'no'}] if t == 'scenario_started' else [m]"
        "";
    silence "silence" "scenarios"
        ""
        "hang() if t == 'scenario_started' else [m]"
        "";
    death "death" "scenarios"
        ""
        "end(3) if t == 'scenario_finished' else [m]"
        "";
    hello_first "hello-first" "hello"
        ""
        "[{'type': 'closed'}, m] if t == 'hello' else [m]"
        "";
    hello_once "hello-once" "hello"
        ""
        "[m, m] if t == 'hello' else [m]"
        "";
    protocol_version "protocol-version" "hello"
        ""
        "[{**m, 'protocol': 2}] if t == 'hello' else [m]"
        "";
    definition_ids "definition-ids" "hello"
        ""
        "[{**m, 'definitions': [{**one, 'id': 0} for one in m['definitions']]}] if t == 'hello' else [m]"
        "";
    definition_keyword "definition-keyword" "hello"
        ""
        "[{**m, 'definitions': [{**one, 'keyword': 'Given'} for one in m['definitions']]}] if t == 'hello' else [m]"
        "";
    usable_patterns "usable-patterns" "hello"
        ""
        "[{**m, 'definitions': [{**one, 'pattern': '('} for one in m['definitions']]}] if t == 'hello' else [m]"
        "";
    usable_hooks "usable-hooks" "hello"
        ""
        "[{**m, 'hooks': [{**one, 'kind': 'before'} for one in m['hooks']]}] if t == 'hello' else [m]"
        "";
    hash_equal "hash-equal" "hello"
        ""
        "[{**m, 'hash': str(os.getpid())}] if t == 'hello' else [m]"
        "";
    hash_covers "hash-covers" "hello"
        ""
        "[{**m, 'definitions': [{**one, 'doc': str(os.getpid())} for one in m['definitions']]}] if t == 'hello' else [m]"
        "";
    match_answer "match-answer" "matching"
        ""
        "[] if t == 'matched' else [m]"
        "own=True";
    match_unasked "match-unasked" "matching"
        ""
        "[{**m, 'id': m['id'] + 7}] if t == 'matched' else [m]"
        "own=True";
    match_count "match-count" "matching"
        ""
        "[{**m, 'matches': m['matches'][:-1]}] if t == 'matched' else [m]"
        "own=True";
    match_definition "match-definition" "matching"
        ""
        "[{**m, 'matches': [[{'definition': 99, 'arguments': []}] for _ in m['matches']]}] if t == 'matched' else [m]"
        "own=True";
    match_stable "match-stable" "matching"
        ""
        "[{**m, 'matches': [[] for _ in m['matches']]}] if t == 'matched' and m['id'] == 3 else [m]"
        "own=True";
    group_place "group-place" "matching"
        r#"import host
right = host.groups
def points(match):
    return [{**group, 'start': match.start(number), 'end': match.end(number)} if 'value' in group else group
            for number, group in enumerate(right(match), 1)]
host.groups = points"#
        "[m]"
        "own=True";
    group_absent "group-absent" "matching"
        r#"import host
right = host.groups
host.groups = lambda match: [group if 'value' in group else {'start': 2, 'end': 2} for group in right(match)]"#
        "[m]"
        "own=True";
    group_children "group-children" "matching"
        r#"import host
right = host.groups
host.groups = lambda match: [{**group, 'children': [{'value': 'i', 'start': 0, 'end': 1}]} for group in right(match)]"#
        "[m]"
        "own=True";
    unasked_message "unasked-message" "scenarios"
        "HOOKS[:] = []"
        "[m, {'type': 'step_started', 'scenario': 0, 'step': 0}] if t == 'hello' else [m]"
        "";
    scenario_order "scenario-order" "scenarios"
        ""
        "[{**m, 'scenario': m['scenario'] + 1}] if t == 'scenario_started' else [m]"
        "";
    scenario_not_started "scenario-not-started" "scenarios"
        "HOOKS[:] = []"
        "[] if t == 'scenario_started' else [m]"
        "";
    scenario_not_finished "scenario-not-finished" "scenarios"
        "HOOKS[:] = []"
        "[] if t == 'scenario_finished' else [m]"
        "";
    finished_other_scenario "finished-other-scenario" "scenarios"
        ""
        "[{**m, 'attempt': m['attempt'] + 1}] if t == 'scenario_finished' else [m]"
        "";
    attempt_number "attempt-number" "scenarios"
        ""
        "[{**m, 'attempt': 0}] if t == 'scenario_started' else [m]"
        "";
    step_order "step-order" "scenarios"
        ""
        "[{**m, 'step': m['step'] + 1}] if t == 'step_started' else [m]"
        "";
    step_left_out "step-left-out" "scenarios"
        "HOOKS[:] = []"
        "[] if t in ('step_started', 'step_finished') and m['step'] == 2 else [m]"
        "";
    step_not_finished "step-not-finished" "scenarios"
        ""
        "[] if t == 'step_finished' else [m]"
        "";
    finished_other_step "finished-other-step" "scenarios"
        ""
        "[{**m, 'step': m['step'] + 1}] if t == 'step_finished' else [m]"
        "";
    step_after_end "step-after-end" "scenarios"
        "HOOKS[:] = []"
        "[{'type': 'step_started', 'scenario': m['scenario'], 'step': 1}, m] if t == 'scenario_finished' and host.scenario['name'] == 'fails early' else [m]"
        "";
    continue_after_failure "continue-after-failure" "scenarios"
        "HOOKS[:] = []"
        "[] if m.get('step') == 1 and host.scenario['name'] == 'fails early' else [m]"
        "";
    start_time "start-time" "scenarios"
        ""
        "[{**m, 'at': m['at'] // 1000}] if t == 'scenario_started' else [m]"
        "";
    duration "duration" "scenarios"
        ""
        "[{**m, 'nanos': time.time_ns()}] if t == 'step_finished' else [m]"
        "";
    output_goes_back "output-goes-back" "scenarios"
        ""
        "[{**m, 'output': 0}] if t == 'scenario_finished' else [m]"
        "";
    output_length "output-length" "scenarios"
        ""
        "[{**m, 'output': 10 ** 9}] if t == 'scenario_finished' else [m]"
        "";
    hook_left_out "hook-left-out" "hooks"
        ""
        "[] if m.get('hook') == 17 else [m]"
        "";
    hook_order "hook-order" "hooks"
        ""
        "[{**m, 'hook': {16: 17, 17: 16}.get(m['hook'], m['hook'])}] if 'hook' in m else [m]"
        "";
    hook_unknown "hook-unknown" "hooks"
        ""
        "[{**m, 'hook': 99}] if 'hook' in m else [m]"
        "";
    hook_unasked "hook-unasked" "hooks"
        ""
        "[{'type': 'hook_started', 'hook': 16, 'output': output()}, m] if t == 'scenario_finished' else [m]"
        "";
    hook_not_finished "hook-not-finished" "hooks"
        ""
        "[] if t == 'hook_finished' else [m]"
        "";
    finished_other_hook "finished-other-hook" "hooks"
        ""
        "[{**m, 'hook': m['hook'] + 1}] if t == 'hook_finished' else [m]"
        "";
    begun_missing "begun-missing" "hooks"
        ""
        "[] if t == 'begun' else [m]"
        "";
    begun_unasked "begun-unasked" "hooks"
        "HOOKS[:] = []"
        "[m, {'type': 'begun'}] if t == 'hello' else [m]"
        "";
    exported_variable "exported-variable" "hooks"
        ""
        "[{**m, 'environment': [{'name': 'A=B', 'value': ''}]}] if t == 'begun' else [m]"
        "";
    runs_though_refused "runs-though-refused" "hooks"
        ""
        "[{'type': 'scenario_started', 'scenario': m['scenario'], 'attempt': 0, 'at': time.time_ns() // 1000, 'output': output()}] if t == 'scenario_skipped' else [m]"
        "";
    skipped_without_reason "skipped-without-reason" "hooks"
        ""
        "[{'type': 'scenario_skipped', 'scenario': m['scenario'], 'hook': 12}] if t == 'scenario_started' else [m]"
        "";
    skipped_by_other_hook "skipped-by-other-hook" "hooks"
        ""
        "[{**m, 'hook': 12}] if t == 'scenario_skipped' else [m]"
        "";
    step_after_refusal "step-after-refusal" "hooks"
        ""
        "[{'type': 'step_started', 'scenario': m['scenario'], 'step': 0}, m] if t == 'scenario_finished' and host.scenario['name'] == 'unfit' else [m]"
        "";
    step_status "step-status" "hooks"
        ""
        "[{**m, 'status': 'passed'}] if t == 'step_finished' and host.scenario['name'] == 'unfit steps' else [m]"
        "";
    retried_without_failure "retried-without-failure" "retries"
        ""
        "[{**m, 'will_be_retried': True}] if t == 'scenario_finished' else [m]"
        "";
    retried_too_often "retried-too-often" "retries"
        ""
        "[{**m, 'will_be_retried': True}] if t == 'scenario_finished' and host.scenario['name'] == 'fails early' else [m]"
        "";
    retry_follows "retry-follows" "retries"
        ""
        "[{**m, 'attempt': 0}] if t == 'scenario_started' else [m]"
        "";
    cancel_answer "cancel-answer" "cancel"
        ""
        "[] if t == 'cancelled' else [m]"
        "";
    cancelled_unasked "cancelled-unasked" "scenarios"
        "HOOKS[:] = []"
        "[m, {'type': 'cancelled', 'scenarios': []}] if t == 'hello' else [m]"
        "";
    cancelled_others "cancelled-others" "cancel"
        ""
        "[{**m, 'scenarios': m['scenarios'][::-1]}] if t == 'cancelled' else [m]"
        "";
    cancelled_runs "cancelled-runs" "cancel"
        r#"HOOKS[:] = []
def wrong(host, m, t):
    if t == 'cancelled':
        again(host, m['scenarios'])
    return [m]
def again(host, scenarios):
    for number in scenarios:
        host.work.append(('run', {'uri': ''}, {'scenario': number, 'attempt': 0, 'name': '', 'steps': []}))"#
        "wrong(host, m, t)"
        "";
    cancel_keeps "cancel-keeps" "cancel"
        r#"HOOKS[:] = []
kept = []
def wrong(host, m, t):
    if t == 'cancelled' and len(m['scenarios']) > 3 and not kept:
        kept.extend(m['scenarios'][:3])
        for number in kept:
            host.work.append(('run', {'uri': ''}, {'scenario': number, 'attempt': 0, 'name': '', 'steps': []}))
        return [{**m, 'scenarios': m['scenarios'][3:]}]
    if t == 'scenario_started' and m['scenario'] in kept:
        time.sleep(0.3)
        return [{**m, 'at': time.time_ns() // 1000}]
    return [m]"#
        "wrong(host, m, t)"
        "";
    break_off_answer "break-off-answer" "break-off"
        ""
        "[] if t == 'breaking_off' else [m]"
        "";
    breaking_off_unasked "breaking-off-unasked" "break-off"
        ""
        "[{**m, 'call': m['call'] + 1}] if t == 'breaking_off' else [m]"
        "";
    break_off_other_call "break-off-other-call" "break-off"
        ""
        "[{**m, 'can': True}] if t == 'breaking_off' else [m]"
        "";
    break_off_end "break-off-end" "break-off"
        ""
        "[{**m, 'status': 'passed'}] if t == 'step_finished' and m.get('error', {}).get('kind') == 'Timeout' else [m]"
        "";
    break_off_goes_on "break-off-goes-on" "break-off"
        ""
        "[m, {**m, 'type': 'step_started', 'step': 1}] if t == 'step_finished' and m.get('error', {}).get('kind') == 'Timeout' else [m]"
        "";
    attachment_outside "attachment-outside" "attachments"
        ""
        "[{'type': 'attachment', 'media_type': 'text/plain', 'body': {'text': ''}}, m] if t == 'scenario_finished' else [m]"
        "";
    attachment_file "attachment-file" "attachments"
        ""
        "[{**m, 'body': {'file': os.path.abspath('host.py')}}] if t == 'attachment' else [m]"
        "";
    attachment_base64 "attachment-base64" "attachments"
        ""
        "[{**m, 'body': {'base64': 'QQ'}}] if t == 'attachment' else [m]"
        "";
    run_steps_outside "run-steps-outside" "nested-steps"
        ""
        "[{'type': 'run_steps', 'text': 'Given it passes'}, m] if t == 'scenario_finished' else [m]"
        "";
    run_steps_waits "run-steps-waits" "nested-steps"
        ""
        "[m, m] if t == 'run_steps' else [m]"
        "own=True";
    nested_match "nested-match" "nested-steps"
        ""
        "[] if t == 'matched' and m['id'] > 1000 else [m]"
        "own=True";
    nested_error "nested-error" "nested-steps"
        ""
        "[{**m, 'status': 'passed'}] if t == 'step_finished' and host.scenario['name'] == 'runs steps' else [m]"
        "";
    extra_number "extra-number" "departures"
        ""
        "[{'type': 'extra_step_started', 'scenario': m['scenario'], 'extra': 5, 'parent': m['step'], 'depth': 1, 'step': {'keyword': 'Given', 'text': 'more'}}, m] if t == 'step_finished' else [m]"
        "";
    extra_place "extra-place" "departures"
        ""
        "[{'type': 'extra_step_started', 'scenario': m['scenario'], 'extra': 0, 'parent': m['step'], 'depth': 2, 'step': {'keyword': 'Given', 'text': 'more'}}, {**m, 'type': 'extra_step_finished', 'extra': 0}, m] if t == 'step_finished' and m['step'] == 0 else [m]"
        "";
    extra_outside "extra-outside" "departures"
        ""
        "[{'type': 'extra_step_started', 'scenario': m['scenario'], 'extra': 0, 'depth': 0, 'step': {'keyword': 'Given', 'text': 'more'}}, m] if t == 'scenario_started' else [m]"
        "";
    extra_not_finished "extra-not-finished" "departures"
        ""
        "[{'type': 'extra_step_started', 'scenario': m['scenario'], 'extra': 0, 'parent': m['step'], 'depth': 1, 'step': {'keyword': 'Given', 'text': 'more'}}, m] if t == 'step_finished' else [m]"
        "";
    added_hook "added-hook" "departures"
        ""
        "[{'type': 'hook_added', 'hook': {'id': 10, 'kind': 'before_all'}}, m] if t == 'begun' else [m]"
        "";
    host_skip "host-skip" "departures"
        ""
        "[{'type': 'scenario_skipped', 'scenario': m['scenario']}] if t == 'scenario_started' else [m]"
        "";
    added_scenario "added-scenario" "departures"
        "HOOKS[:] = []"
        "[m, {'type': 'scenario_added', 'key': 1, 'feature': 'other.feature', 'name': '', 'steps': []}] if t == 'hello' else [m]"
        "";
    exits "exits" "closing"
        ""
        "hang() if t == '_exit' else [m]"
        "";
    exit_code "exit-code" "closing"
        ""
        "end(3) if t == '_exit' else [m]"
        "";
    closed_missing "closed-missing" "closing"
        ""
        "[] if t == 'closed' else [m]"
        "";
    closed_early "closed-early" "closing"
        "HOOKS[:] = []"
        "[m, {'type': 'closed'}] if t == 'hello' else [m]"
        "";
    after_closed "after-closed" "closing"
        ""
        "[m, m] if t == 'closed' else [m]"
        "";
    closing_scope "closing-scope" "closing"
        ""
        "[m, {'type': 'closing_failed', 'scope': 'feature', 'errors': []}] if t == 'scenario_started' else [m]"
        "";
    lives_on "lives-on" "closing"
        "Host.runner_is_gone = hang"
        "(host.connection.shutdown(2), hang()) if t == '_exit' else [m]"
        "";
    retiring_at_work "retiring-at-work" "closing"
        ""
        "[m, {'type': 'retiring', 'reason': 'is tired'}] if t == 'scenario_started' else [m]"
        "";
    retired_runs "retired-runs" "closing"
        r#"HOOKS[:] = []
begun = threading.Semaphore(0)
right = Host.serve
def late(self, message):
    # The next one has begun too, however quickly it is recalled.
    if message['type'] == 'cancel':
        begun.acquire()
        begun.acquire()
    right(self, message)
Host.serve = late"#
        "[begun.release(), m][1:] if t == 'scenario_started' else \
         [m, {'type': 'retiring', 'reason': 'is tired'}] if t == 'scenario_finished' else [m]"
        "";
    ends_with_runner "ends-with-runner" "runner-gone"
        "Host.runner_is_gone = hang"
        "[m]"
        "";
    unknown_members "unknown-members" "unknown-members"
        r#"right = Host.serve
def strict(self, message):
    if 'bdd_check_text' in message:
        raise ValueError('unknown member')
    right(self, message)
Host.serve = strict"#
        "[m]"
        "";
    garbage_ends "garbage-ends" "garbage"
        ""
        "hang() if t == 'error' else [m]"
        "";
    garbage_error "garbage-error" "garbage"
        ""
        "[] if t == 'error' else [m]"
        "";
    garbage_exit_code "garbage-exit-code" "garbage"
        ""
        r#"(host.raw(json.dumps(m).encode() + b'\n'), end(3)) if t == 'error' else [m]"#
        "";
}
