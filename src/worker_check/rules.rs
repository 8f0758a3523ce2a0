//! What the protocol asks of a host, as rules with names.
//!
//! A rule says what is required and where `docs/protocol.md` says so. Other files check it.

use std::fmt;

/// A part of the protocol that is checked and reported by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Topic {
    /// The first message.
    Hello,
    /// Matching patterns of a kind that only the host knows.
    Matching,
    /// Scenarios and their steps: order, numbers, times, output.
    Scenarios,
    /// Hooks of all kinds.
    Hooks,
    /// Retries on the same worker.
    Retries,
    /// Returning scenarios that have not started.
    Cancel,
    /// Breaking off a step or hook that is running.
    BreakOff,
    /// Attachments of steps and hooks.
    Attachments,
    /// Steps that a step runs from text.
    NestedSteps,
    /// Differences from the plan: added, changed and omitted steps, hooks and scenarios.
    Departures,
    /// The end of a worker that was asked to finish.
    Closing,
    /// The end of a worker whose runner is gone.
    RunnerGone,
    /// Unknown members in messages.
    UnknownMembers,
    /// Lines that are not messages.
    Garbage,
}

impl Topic {
    /// All topics, in the order of the report.
    pub const ALL: [Self; 14] = [
        Self::Hello,
        Self::Matching,
        Self::Scenarios,
        Self::Hooks,
        Self::Retries,
        Self::Cancel,
        Self::BreakOff,
        Self::Attachments,
        Self::NestedSteps,
        Self::Departures,
        Self::Closing,
        Self::RunnerGone,
        Self::UnknownMembers,
        Self::Garbage,
    ];
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Hello => "hello",
            Self::Matching => "matching",
            Self::Scenarios => "scenarios",
            Self::Hooks => "hooks",
            Self::Retries => "retries",
            Self::Cancel => "cancel",
            Self::BreakOff => "break-off",
            Self::Attachments => "attachments",
            Self::NestedSteps => "nested-steps",
            Self::Departures => "departures",
            Self::Closing => "closing",
            Self::RunnerGone => "runner-gone",
            Self::UnknownMembers => "unknown-members",
            Self::Garbage => "garbage",
        })
    }
}

/// Something that the protocol requires.
#[derive(Debug, PartialEq, Eq)]
pub struct ProtocolRule {
    /// Names the rule in reports.
    pub name: &'static str,
    /// Where it belongs; `None` for one that belongs to what was checked when it was broken.
    pub topic: Option<Topic>,
    /// The heading in `docs/protocol.md`, as it is written there.
    pub section: &'static str,
    /// What is asked, as a sentence.
    pub asks: &'static str,
}

macro_rules! rules {
    ($($topic:expr => $section:literal { $($ident:ident $name:literal $asks:literal;)* })*) => {
        $($(
            #[doc = $asks]
            pub static $ident: ProtocolRule = ProtocolRule {
                name: $name,
                topic: $topic,
                section: $section,
                asks: $asks,
            };
        )*)*

        /// All rules, by topic.
        pub static RULES: &[&ProtocolRule] = &[$($(&$ident,)*)*];
    };
}

rules! {
    None => "Messages" {
        NOT_A_MESSAGE "not-a-message" "Each line is one JSON object in UTF-8 with a known `type`, the required members and values of the right types.";
        UNDERSTANDS "refused-message" "A worker understands all messages of the protocol; it sends `error` only when it cannot continue.";
    }
    None => "When things go wrong" {
        SILENCE "silence" "A worker never waits for anything but the runner: what was asked for comes in the end.";
        DEATH "death" "A worker lives until it is asked to finish, unless the code of a step or hook ends it.";
    }

    Some(Topic::Hello) => "`hello`" {
        HELLO_FIRST "hello-first" "`hello` is the first message of a worker. It is sent without being asked for.";
        HELLO_ONCE "hello-once" "A worker sends `hello` once.";
        PROTOCOL_VERSION "protocol-version" "`protocol` is 1.";
        DEFINITION_IDS "definition-ids" "Each definition has an `id` of its own.";
        DEFINITION_KEYWORD "definition-keyword" "`keyword` is `given`, `when`, `then` or `step`.";
        USABLE_PATTERNS "usable-patterns" "Patterns of the kinds `regex` and `cucumber_expression` parse, and so do the regular expressions of parameter types.";
        HASH_EQUAL "hash-equal" "All workers of a program have the same `hash`.";
        HASH_COVERS "hash-covers" "`hash` changes when the definitions, hooks or parameter types do.";
    }
    Some(Topic::Hello) => "Hooks" {
        USABLE_HOOKS "usable-hooks" "Each hook has an `id` of its own and a kind of the table. `tags` is a tag expression, and empty for hooks outside of all features.";
    }

    Some(Topic::Matching) => "Matching" {
        MATCH_ANSWER "match-answer" "Each `match` is answered by a `matched`.";
        MATCH_UNASKED "match-unasked" "A `matched` has the `id` of a `match` that is not answered yet.";
        MATCH_COUNT "match-count" "`matches` has one element for each text.";
        MATCH_DEFINITION "match-definition" "A match names a definition of `hello` whose kind is the worker's own.";
        MATCH_STABLE "match-stable" "The same text gets the same answer each time.";
        GROUP_PLACE "group-place" "`start` and `end` of a group are its place in the text in UTF-16 code units, and `value` is the text there.";
        GROUP_ABSENT "group-absent" "A group that took no part in the match has no `value`, and its `start` and `end` are 0.";
        GROUP_CHILDREN "group-children" "The `children` of a group lie inside of it.";
    }

    Some(Topic::Scenarios) => "`run`" {
        UNASKED "unasked-message" "A worker that has nothing to do says nothing.";
        SCENARIO_ORDER "scenario-order" "The worker runs the scenarios one at a time, in the order in which they were sent.";
        SCENARIO_NOT_STARTED "scenario-not-started" "`scenario_started` comes before everything else of a scenario.";
        SCENARIO_NOT_FINISHED "scenario-not-finished" "`scenario_finished` comes before anything of the next scenario.";
        FINISHED_OTHER_SCENARIO "finished-other-scenario" "`scenario_finished` has the numbers of `scenario_started`.";
        ATTEMPT_NUMBER "attempt-number" "The worker reports `attempt` as it received it.";
        STEP_ORDER "step-order" "Steps are named by their position in the scenario and run in order.";
        STEP_LEFT_OUT "step-left-out" "Each step runs as long as the steps before it pass.";
        STEP_NOT_FINISHED "step-not-finished" "`step_finished` follows `step_started`.";
        FINISHED_OTHER_STEP "finished-other-step" "`step_finished` has the numbers of `step_started`.";
        STEP_AFTER_END "step-after-end" "The worker stops at the first step that does not pass and sends nothing for the steps after it.";
        CONTINUE_AFTER_FAILURE "continue-after-failure" "With `continue_after_failure`, the steps after a failed step still run.";
        START_TIME "start-time" "`at` is the time of the start in microseconds since 1970-01-01 UTC.";
        DURATION "duration" "`nanos` is a duration in nanoseconds. A scenario takes at least as long as its steps, and not longer than the process has lived.";
        OUTPUT_BACK "output-goes-back" "`output` is the length of the capture file: it never shrinks.";
        OUTPUT_LENGTH "output-length" "`output` is at most the length that the capture file has.";
    }

    Some(Topic::Hooks) => "Hooks" {
        HOOK_LEFT_OUT "hook-left-out" "The worker runs all hooks of a list, even if one of them fails.";
        HOOK_ORDER "hook-order" "The worker runs the hooks of a list in the order of the list.";
        HOOK_UNKNOWN "hook-unknown" "`hook` is the `id` of a hook of `hello`.";
        HOOK_UNASKED "hook-unasked" "A worker runs a hook only when it is listed for this moment.";
        HOOK_NOT_FINISHED "hook-not-finished" "`hook_finished` follows `hook_started`.";
        FINISHED_OTHER_HOOK "finished-other-hook" "`hook_finished` names the hook of `hook_started`.";
    }
    Some(Topic::Hooks) => "Hooks outside of all features" {
        BEGUN_MISSING "begun-missing" "`begun` follows when all hooks of `begin` have finished, before anything else.";
        BEGUN_UNASKED "begun-unasked" "`begun` is the answer to `begin`.";
        EXPORTED_VARIABLE "exported-variable" "A variable that `begun` exports has a name without `=`, and no NUL in name or value.";
    }
    Some(Topic::Hooks) => "Hooks of features and rules" {
        RUNS_THOUGH_REFUSED "runs-though-refused" "If an opening hook does not pass, no scenario of the feature or rule runs: each is a `scenario_skipped`.";
        SKIPPED_WITHOUT_REASON "skipped-without-reason" "A scenario is skipped only when an opening hook of its feature or rule did not pass.";
        SKIPPED_BY_OTHER_HOOK "skipped-by-other-hook" "`hook` of `scenario_skipped` is the first hook that failed; else the first that is pending; else the first that asked to skip.";
    }
    Some(Topic::Hooks) => "Hooks of scenarios and steps" {
        STEP_AFTER_REFUSAL "step-after-refusal" "If a `before` hook of a scenario does not pass, none of its steps runs.";
        STEP_STATUS "step-status" "`status` of `step_finished` is the worst status of the step and its hooks. If a `before_step` hook does not pass, the step does not run.";
    }

    Some(Topic::Retries) => "Retries" {
        RETRIED_WITHOUT_FAILURE "retried-without-failure" "Only a scenario that failed is retried.";
        RETRIED_TOO_OFTEN "retried-too-often" "A worker retries a scenario at most `retries` times.";
        RETRY_FOLLOWS "retry-follows" "After `will_be_retried` the same scenario starts again, with the next `attempt` and nothing in between.";
    }

    Some(Topic::Cancel) => "`cancel`" {
        CANCEL_ANSWER "cancel-answer" "Each `cancel` is answered by a `cancelled`.";
        CANCELLED_UNASKED "cancelled-unasked" "`cancelled` is the answer to a `cancel`.";
        CANCELLED_OTHERS "cancelled-others" "A worker gives back the scenarios that it has not started, in the order in which they came.";
        CANCELLED_RUNS "cancelled-runs" "A scenario that was given back does not run.";
        CANCEL_KEEPS "cancel-keeps" "A worker gives back all scenarios that it has not started.";
    }

    Some(Topic::BreakOff) => "`break_off`" {
        BREAK_OFF_ANSWER "break-off-answer" "A worker that promises `breaks_off` answers each `break_off` at once.";
        BREAKING_OFF_UNASKED "breaking-off-unasked" "`breaking_off` is the answer to a `break_off`, with its `call`.";
        BREAK_OFF_OTHER_CALL "break-off-other-call" "`can` is false when something else runs than the step or hook with the number `call`.";
        BREAK_OFF_END "break-off-end" "A step or hook that is left fails with the `kind` and `message` of `break_off`.";
        BREAK_OFF_GOES_ON "break-off-goes-on" "After a step that was left no further step of the scenario runs.";
    }

    Some(Topic::Attachments) => "Attachments" {
        ATTACHMENT_OUTSIDE "attachment-outside" "An attachment is sent while a step or hook runs.";
        ATTACHMENT_FILE "attachment-file" "An attached `file` is the path of a regular file in the directory `BDD_ATTACHMENTS`.";
        ATTACHMENT_BASE64 "attachment-base64" "`base64` is Base64 as in RFC 4648, with padding.";
    }

    Some(Topic::NestedSteps) => "Steps from steps" {
        RUN_STEPS_OUTSIDE "run-steps-outside" "Only a step that runs may send `run_steps`, and not a hook.";
        RUN_STEPS_WAITS "run-steps-waits" "A worker that sent `run_steps` waits for the answer.";
        NESTED_MATCH "nested-match" "A worker that waits for `steps` answers a `match` at once.";
        NESTED_ERROR "nested-error" "A step whose `run_steps` is answered by an `error` fails.";
    }

    Some(Topic::Departures) => "Departing from the plan" {
        EXTRA_NUMBER "extra-number" "Extra steps are counted from 0 in each attempt, and `extra_step_finished` has the number of the step that started last.";
        EXTRA_PLACE "extra-place" "`depth` of an extra step is how many steps it runs in, and `parent` the planned step among them.";
        EXTRA_OUTSIDE "extra-outside" "An extra step runs in a scenario.";
        EXTRA_NOT_FINISHED "extra-not-finished" "An extra step finishes before what it runs in.";
        ADDED_HOOK "added-hook" "A hook that `hello` does not list is introduced with a known kind and an `id` that no other hook has.";
        HOST_SKIP "host-skip" "`scenario_skipped` has the `hook` or a `reason`, and its `scope` is `scenario`, `rule` or `feature`.";
        ADDED_SCENARIO "added-scenario" "A scenario is added while the worker runs its feature or has not answered `begin`, with a `key` of its own.";
    }

    Some(Topic::Closing) => "`finish`" {
        EXITS "exits" "After `finish` a worker closes everything and exits.";
        EXIT_CODE "exit-code" "A worker that was asked to finish exits with 0.";
        CLOSED_MISSING "closed-missing" "A worker that promises `says_closed` sends `closed` before it exits.";
        CLOSED_EARLY "closed-early" "`closed` follows when all that `finish` asks for is done.";
        AFTER_CLOSED "after-closed" "`closed` is the last message.";
        CLOSING_SCOPE "closing-scope" "`closing_failed` is sent while a feature or the worker is closed, and `scope` says which.";
        LIVES_ON "lives-on" "A worker ends when it has closed its connection.";
    }
    Some(Topic::Closing) => "Aftermath" {
        RETIRING_AT_WORK "retiring-at-work" "`retiring` is sent between two scenarios.";
        RETIRED_RUNS "retired-runs" "A worker that sent `retiring` starts no scenario any more.";
    }

    Some(Topic::RunnerGone) => "When things go wrong" {
        ENDS_WITH_RUNNER "ends-with-runner" "A worker ends at once when it reads the end of the stream, even while a step runs.";
    }

    Some(Topic::UnknownMembers) => "Messages" {
        UNKNOWN_MEMBERS "unknown-members" "A reader ignores members that it does not know.";
    }

    Some(Topic::Garbage) => "Messages" {
        GARBAGE_ENDS "garbage-ends" "A worker that gets a message that it cannot read or whose `type` it does not know exits.";
        GARBAGE_ERROR "garbage-error" "Before that, the worker sends `error`.";
        GARBAGE_EXIT_CODE "garbage-exit-code" "It exits with 1.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_a_name_of_its_own_and_a_section_of_the_protocol() {
        let page = include_str!("../../docs/protocol.md");
        let guide = include_str!("../../docs/worker-check.md");
        let mut names = std::collections::BTreeSet::new();
        for rule in RULES {
            assert!(names.insert(rule.name), "{} twice", rule.name);
            let heading = |line: &str| line.trim_start_matches('#').trim_start() == rule.section;
            assert!(
                page.lines()
                    .any(|line| line.starts_with('#') && heading(line)),
                "no section {}",
                rule.section
            );
            assert!(
                guide.contains(&format!("`{}`", rule.name)),
                "docs/worker-check.md does not list `{}`",
                rule.name
            );
        }
    }
}
