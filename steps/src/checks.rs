//! Checks: assertions that do not end their step.
//!
//! Failures are collected for each thread, from the start of a step to its end, and then fail the step.
//! On a thread without a step, a check panics like an assertion: no failure is ever lost.

use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};
use std::fmt::{self, Write};
use std::panic::Location;

use crate::outcome::Stop;
use crate::source;
use crate::worker::backtrace;
use crate::worker::stopwatch::untimed;
use bdd_protocol::Failure;

/// The number of failures of one step that are kept; the others are counted.
const MOST: usize = 100;

/// The failed checks of a step.
struct FailedChecks {
    failures: Vec<Failure>,
    /// How many more checks failed.
    more: usize,
}

thread_local! {
    /// The number of failed checks of the step that runs on this thread; `None` outside a step.
    static COUNT: Cell<Option<usize>> = const { Cell::new(None) };
    /// The failed checks, at most [`MOST`] of each step. Those of an inner step come last.
    static FOUND: RefCell<Vec<Failure>> = const { RefCell::new(Vec::new()) };
}

/// Checks a condition. If it is false, the step goes on and fails when it ends.
///
/// The macro returns whether the condition is true. Like `assert!` it takes a message with arguments. The
/// report shows all failed checks of the step with their places, and last the failure that ended the step, if
/// there was one.
///
/// On another thread than the step's, or outside a step, a failed check panics like `assert!`. The tear-down
/// of a fixture is outside a step.
///
/// ```
/// use bdd_steps::{check, check_eq, then};
///
/// #[then("^the page is complete$")]
/// fn page_is_complete() {
///     let (title, links) = ("Home", 3);
///     check_eq!(title, "Home");
///     check!(links > 2, "only {links} links");
/// }
/// # fn main() {
/// # page_is_complete();
/// # }
/// ```
#[macro_export]
macro_rules! check {
    ($condition:expr $(,)?) => {
        $crate::__private::check($condition, || {
            ::std::string::String::from(::core::concat!(
                "assertion failed: ",
                ::core::stringify!($condition)
            ))
        })
    };
    ($condition:expr, $($message:tt)+) => {
        $crate::__private::check($condition, || ::std::format!($($message)+))
    };
}

/// Checks that two values are equal. If not, the step goes on and fails when it ends; the report shows both.
///
/// In all other respects it is like [`check!`].
#[macro_export]
macro_rules! check_eq {
    ($left:expr, $right:expr $(,)?) => {
        match (&$left, &$right) {
            (left, right) => {
                $crate::__private::check_values(*left == *right, "==", left, right, ::core::option::Option::None)
            }
        }
    };
    ($left:expr, $right:expr, $($message:tt)+) => {
        match (&$left, &$right) {
            (left, right) => $crate::__private::check_values(
                *left == *right,
                "==",
                left,
                right,
                ::core::option::Option::Some(::core::format_args!($($message)+)),
            ),
        }
    };
}

/// Checks that two values differ. If not, the step goes on and fails when it ends; the report shows them.
///
/// In all other respects it is like [`check!`].
#[macro_export]
macro_rules! check_ne {
    ($left:expr, $right:expr $(,)?) => {
        match (&$left, &$right) {
            (left, right) => {
                $crate::__private::check_values(*left != *right, "!=", left, right, ::core::option::Option::None)
            }
        }
    };
    ($left:expr, $right:expr, $($message:tt)+) => {
        match (&$left, &$right) {
            (left, right) => $crate::__private::check_values(
                *left != *right,
                "!=",
                left,
                right,
                ::core::option::Option::Some(::core::format_args!($($message)+)),
            ),
        }
    };
}

/// What `check!` expands to.
#[track_caller]
pub fn check(holds: bool, message: impl FnOnce() -> String) -> bool {
    if !holds {
        failed(message());
    }
    holds
}

/// What `check_eq!` and `check_ne!` expand to. The message is the one of `assert_eq!`.
#[track_caller]
pub fn check_values(
    holds: bool,
    operator: &str,
    left: &dyn fmt::Debug,
    right: &dyn fmt::Debug,
    because: Option<fmt::Arguments<'_>>,
) -> bool {
    if !holds {
        let because = because.map_or(String::new(), |text| format!(": {text}"));
        failed(format!(
            "assertion `left {operator} right` failed{because}\n  left: {left:?}\n right: {right:?}"
        ));
    }
    holds
}

#[cold]
#[track_caller]
fn failed(message: String) {
    let at = Location::caller();
    let mut failure = Failure {
        kind: "AssertionError".to_owned(),
        message,
        trace: String::new(),
        file: at.file().to_owned(),
        line: at.line(),
        column: at.column(),
    };
    let Some(count) = COUNT.get() else {
        panic!("{}", failure.message);
    };
    COUNT.set(Some(count + 1));
    if count < MOST {
        failure.trace = untimed(|| backtrace::of_step(&Backtrace::capture()));
        FOUND.with_borrow_mut(|found| found.push(failure));
    }
}

/// Runs a step or hook and adds its failed checks to its result. `root` is the directory of the package that
/// contains the code. Calls may be nested.
pub(crate) fn collect(root: &str, code: impl FnOnce() -> Result<(), Stop>) -> Result<(), Stop> {
    let outer = COUNT.replace(Some(0));
    let result = code();
    match COUNT.replace(outer) {
        None | Some(0) => result,
        Some(count) => Err(take(count, result.err(), root)),
    }
}

/// The failed checks of the innermost step, joined with what ended it.
#[cold]
fn take(count: usize, end: Option<Stop>, root: &str) -> Stop {
    let kept = count.min(MOST);
    let failures = FOUND.with_borrow_mut(|found| found.split_off(found.len() - kept));
    let more = count - kept;
    Stop::Failed(Box::new(joined(FailedChecks { failures, more }, end, root)))
}

/// All failures as one. The one that ended the step comes last.
fn joined(mut found: FailedChecks, end: Option<Stop>, root: &str) -> Failure {
    let end = end.map(|end| match end {
        Stop::Failed(failure) => *failure,
        other => {
            let (status, reason) = other.into_parts();
            let status = format!("{status:?}").to_lowercase();
            let reason = reason.map_or(String::new(), |reason| format!(": {}", reason.message));
            Failure {
                message: format!("then the step was {status}{reason}"),
                ..Failure::default()
            }
        }
    });
    if found.failures.len() == 1 && end.is_none() {
        let only = found.failures.swap_remove(0);
        return Failure {
            file: source::absolute(root, &only.file),
            ..only
        };
    }
    let count = found.failures.len() + found.more + usize::from(end.is_some());
    let mut text = format!("{count} failures in this step:\n");
    for (number, failure) in (1..).zip(&found.failures) {
        item(&mut text, number, failure, root);
    }
    if found.more > 0 {
        let _ = writeln!(text, "\nand {} more checks", found.more);
    }
    if let Some(end) = &end {
        item(&mut text, count, end, root);
    }
    // Each item says where it comes from; the whole has no place of its own.
    Failure {
        message: text.trim_end().to_owned(),
        file: String::new(),
        line: 0,
        column: 0,
        ..found.failures.swap_remove(0)
    }
}

fn item(text: &mut String, number: usize, failure: &Failure, root: &str) {
    let Failure {
        kind,
        message,
        file,
        line,
        column,
        ..
    } = failure;
    let kind = match kind.as_str() {
        "" | "AssertionError" => "",
        kind => &format!("{kind}: "),
    };
    let _ = writeln!(text, "\n{number}. {kind}{}", message.trim_end());
    if !file.is_empty() {
        let file = source::shown(root, file);
        let _ = writeln!(text, "   at {file}:{line}:{column}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(result: Result<(), Stop>) -> Failure {
        match result {
            Err(Stop::Failed(failure)) => *failure,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_failed_check_reads_like_an_assertion() {
        let mut after = false;
        let line = line!() + 2;
        let failure = failure(collect(env!("CARGO_MANIFEST_DIR"), || {
            after = !check_eq!(1 + 1, 3, "the {}", "sum");
            Ok(())
        }));
        assert!(after);
        assert_eq!(failure.kind, "AssertionError");
        assert_eq!(
            failure.message,
            "assertion `left == right` failed: the sum\n  left: 2\n right: 3"
        );
        assert_eq!((failure.line, failure.column), (line, 22));
        assert!(failure.file.ends_with("/steps/src/checks.rs"));
    }

    #[test]
    fn all_failures_are_listed_with_their_places_and_the_end_last() {
        let line = line!() + 2;
        let failure = failure(collect("", || {
            check!(1 > 2);
            check!(true, "no {}", "failure");
            check_ne!("a", "a");
            Err(Stop::failed("no connection\ncaused by: rain".to_owned()))
        }));
        let file = file!();
        assert_eq!(
            failure.message,
            format!(
                "3 failures in this step:\n\
                 \n1. assertion failed: 1 > 2\n   at {file}:{line}:13\n\
                 \n2. assertion `left != right` failed\n  left: \"a\"\n right: \"a\"\n   at {file}:{}:13\n\
                 \n3. Error: no connection\ncaused by: rain",
                line + 2
            )
        );
    }

    #[test]
    fn a_skip_does_not_hide_what_was_found() {
        let failure = failure(collect("", || {
            check!(false, "wrong");
            crate::outcome::StepReturn::into_result(crate::skip("no network"))
        }));
        assert!(
            failure
                .message
                .ends_with("\n2. then the step was skipped: no network"),
            "{}",
            failure.message
        );
    }

    #[test]
    fn a_step_inside_a_step_has_its_own_failures() {
        let outer = failure(collect("", || {
            check!(false, "outer");
            let inner = failure(collect("", || {
                check!(false, "inner");
                Ok(())
            }));
            assert_eq!(inner.message, "inner");
            Ok(())
        }));
        assert_eq!(outer.message, "outer");
    }

    #[test]
    fn failures_without_end_are_counted() {
        let failure = failure(collect("", || {
            (0..250).for_each(|n| {
                check_eq!(n, -1);
            });
            Ok(())
        }));
        assert!(failure.message.starts_with("250 failures"));
        assert!(
            failure.message.ends_with("and 150 more checks"),
            "{}",
            failure.message
        );
    }

    #[test]
    #[should_panic(expected = "assertion `left == right` failed")]
    fn outside_a_step_it_panics() {
        check_eq!(1, 2);
    }

    #[test]
    fn on_another_thread_it_panics() {
        let result = collect("", || {
            let thread = std::thread::spawn(|| check!(false, "elsewhere"));
            assert!(thread.join().is_err());
            Ok(())
        });
        assert!(result.is_ok());
    }
}
