//! The worker: says hello to the runner, runs the scenarios it is sent, and reports.
//!
//! The main thread runs the steps, so that they have the large stack of the process. A second thread
//! listens: it queues messages, and ends the process when the runner is gone, even while a step runs.

mod aftermath;
pub(crate) mod backtrace;
pub(crate) mod calls;
mod capture;
mod closing;
mod connection;
pub(crate) mod extra;
mod feature;
pub(crate) mod forks;
pub(crate) mod hooks;
mod listener;
mod outbox;
mod panics;
mod pause;
mod question;
mod queue;
mod runner;
mod scenario;
pub(crate) mod shared;
mod socket;
pub(crate) mod stopwatch;

use bdd_protocol::variables::SOCKET;
use std::env;
use std::io;
use std::process;
use std::thread;

use crate::asynchronous;
use crate::registry::{self, StepEntry};
use crate::source;
use bdd_protocol::{FromWorker, REFUSED};
use calls::Calls;
use connection::Connection;
use listener::Listener;
use question::Question;
use queue::Queue;
use runner::Runner;
use rustix::io::Errno;
use shared::Shared;

/// The places of definitions are aligned in a column, but patterns longer than this do not widen it.
const WIDEST: usize = 60;

/// The errors of a system that has no memory or descriptor left.
const SHORTAGES: [Errno; 3] = [Errno::NOMEM, Errno::NFILE, Errno::MFILE];

/// Runs scenarios for `bdd run`. The `main` of a step crate calls it and nothing else.
///
/// It returns when the runner has no more work; the program should then end. In a program that is started
/// by hand it lists the step definitions and exits with 2.
pub fn worker() {
    let Some(socket) = env::var_os(SOCKET) else {
        explain(registry::definitions());
        process::exit(2);
    };
    let served = match Connection::open(socket.as_ref()) {
        Err(error)
            if Errno::from_io_error(&error).is_some_and(|error| SHORTAGES.contains(&error)) =>
        {
            refused(error)
        }
        connected => connected.and_then(|connection| {
            let (queue, shared) = begin(connection)?;
            Runner::new(shared).run_all(&queue)
        }),
    };
    if let Err(error) = served {
        eprintln!("cannot speak to bdd through {}: {error}", socket.display());
        // Most likely the runner is gone, and this thread notices it before the listener does.
        aftermath::end_all();
        process::exit(1);
    }
}

/// Says hello and begins to listen. The thread for that comes first: a worker that cannot have it is one that
/// did not start.
fn begin(connection: Connection) -> io::Result<(Queue, Shared)> {
    aftermath::this_is_own();
    source::starts_here();
    let (queue, question, calls) = (Queue::new(), Question::default(), Calls::default());
    asynchronous::break_off_by(&calls);
    let listener = Listener {
        connection: connection.try_clone().unwrap_or_else(refused),
        queue: queue.clone(),
        question: question.clone(),
        calls: calls.clone(),
    };
    let thread = thread::Builder::new().name("bdd listener".to_owned());
    thread
        .spawn(move || listener.listen())
        .map_or_else(refused, drop);
    let shared = Shared::new(connection.try_clone()?, question, calls, pause::is_wanted());
    let hello = registry::hello(shared.aftermath.adopts_orphans());
    connection.introduce(&FromWorker::Hello(Box::new(hello)).to_line())?;
    Ok((queue, shared))
}

/// Ends the program before it has said hello: the system refuses what it needs, and the runner goes on with
/// other workers.
#[cold]
fn refused<T>(error: io::Error) -> T {
    eprintln!("the step program cannot begin: {error}");
    process::exit(REFUSED)
}

/// Explains the program to a person who starts it by hand.
fn explain(definitions: &[&StepEntry]) {
    let count = definitions.len();
    let steps = if count == 1 { "step" } else { "steps" };
    eprintln!("this is a step program; run it with `bdd run`. It defines {count} {steps}:");
    let widths = definitions.iter().map(|one| one.pattern.chars().count());
    let width = widths.max().unwrap_or(0).min(WIDEST);
    for definition in definitions {
        eprintln!(
            "  {:5} {:width$}  # {}:{}",
            definition.keyword,
            definition.pattern,
            definition.place.file(),
            definition.place.line()
        );
    }
}
