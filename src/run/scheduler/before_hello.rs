//! The problems of step programs that cannot say hello. Suites that a host of bdd runs have no step program of their
//! own: what cannot be loaded is the suite.

use crate::config::ByteSize;

use super::super::Problem;
use super::super::context::RunContext;
use super::super::workers::WorkerExit;
use super::death::printed;

impl RunContext<'_> {
    /// The program ended.
    pub(super) fn ended_before_hello(&self, exit: &WorkerExit, output: &str) -> Problem {
        if let Some(violation) = exit.violation() {
            let message = format!("{} is no step program: {violation}", self.program());
            return self.silent(message, violation, output);
        }
        let ended = exit.fault().to_string();
        let ended = ended.trim_start_matches("the step program ");
        let program = self.program();
        let message = format!("the step program {program} {ended} before it said hello");
        self.silent(message, &format!("its process {ended}"), output)
    }

    /// The program takes longer than this many seconds.
    pub(super) fn late_to_hello(&self, seconds: f64, output: &str) -> Problem {
        let program = self.program();
        let message = format!("the step program {program} did not say hello within {seconds} s");
        let of_suite = format!("it takes longer than {seconds} s (`start-timeout`)");
        self.silent(message, &of_suite, output)
    }

    /// The program printed more than allowed.
    pub(super) fn printed_too_much_before_hello(&self, limit: ByteSize, output: &str) -> Problem {
        let program = self.program();
        let printed = format!("printed more than {limit} (`output-limit`)");
        let message = format!("the step program {program} {printed} before it said hello");
        self.silent(message, &format!("it {printed}"), output)
    }

    /// The program said itself why it cannot continue.
    pub(super) fn said(&self, message: String, detail: &str, output: &str) -> Problem {
        let message = match self.launcher.is_hosted() {
            true => message,
            false => format!("the step program says: {message}"),
        };
        let details = [detail.to_owned(), printed(output)];
        let details: Vec<String> = details.into_iter().filter(|one| !one.is_empty()).collect();
        Problem {
            message,
            detail: details.join("\n"),
        }
    }

    fn silent(&self, of_program: String, of_suite: &str, output: &str) -> Problem {
        if self.launcher.is_hosted() {
            return Problem {
                message: format!("the suite cannot be loaded: {of_suite}"),
                detail: printed(output),
            };
        }
        let advice = "a step program calls `bdd_steps::worker()` in its main function";
        let detail = match printed(output) {
            nothing if nothing.is_empty() => advice.to_owned(),
            printed => format!("{advice}; {printed}"),
        };
        Problem {
            message: of_program,
            detail,
        }
    }
}
