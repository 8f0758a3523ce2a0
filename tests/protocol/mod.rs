//! The protocol test suite: it drives any worker over its socket, as the runner does.

mod aftermath;
mod asynchronous;
mod attachments;
mod breaking_off;
mod checks;
mod codec;
mod conversions;
mod driver;
mod failures;
mod fixtures;
mod hooks;
mod outbox;
mod python;
mod retries;
mod run_steps;
mod rust;
mod schema;
mod story;

/// Makes tests of all checks for all workers.
macro_rules! suite {
    ($($check:ident)*) => {
        mod rust_worker {
            $(#[test] fn $check() { super::checks::$check(&super::rust::command()) })*
        }

        mod python_worker {
            $(#[test] fn $check() { super::checks::$check(&super::python::command()) })*
        }
    };
}

suite! {
    says_hello
    answers_match_requests_in_order
    runs_scenarios_in_order
    stops_at_the_first_step_that_does_not_pass
    tells_why_a_step_failed
    runs_a_scenario_without_steps
    gives_back_the_attempt
    takes_tables_and_docstrings
    gives_back_what_has_not_started
    ends_when_the_runner_is_gone
    ignores_unknown_members
    refuses_what_it_cannot_read
    a_crash_has_a_culprit
    says_which_output_belongs_to_a_scenario
    retries_what_fails_as_often_as_it_may
    goes_on_after_a_failure_when_it_shall
}
