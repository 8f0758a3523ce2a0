//! Starting workers, and what follows when one cannot be started: the run continues with fewer.

use std::ops::Range;
use std::time::Instant;

use crate::event::Event;
use crate::worker::launch_error::LaunchError;

use super::super::Problem;
use super::Scheduler;

/// What helps when the system refuses something.
const ADVICE: &str =
    "raise the limit (`ulimit -a` shows all limits), or run fewer workers with `--jobs`";

impl Scheduler<'_> {
    /// Starts as many workers as are wanted: the first at once, and each of the others after a look at the messages. So the
    /// first runs scenarios while the last is started.
    pub(super) fn launch_all(&mut self) {
        let wanted = self.wanted();
        self.context.launcher.make_room(wanted);
        self.workers.await_start(0..wanted);
        self.launch_next();
    }

    /// Whether another worker awaits its start and would have something to do.
    pub(super) fn wants_another(&mut self) -> bool {
        self.workers.awaiting() > 0 && (self.matched.is_none() || self.needs_workers())
    }

    /// Starts the next worker that awaits its start.
    pub(super) fn launch_next(&mut self) {
        let places = self.workers.take_awaiting();
        if !places.is_empty() && self.start_first(places.clone()) && !self.stopping.is_stopped() {
            self.workers.await_start(places.start + 1..places.end);
        }
    }

    /// How many workers are wanted: no more than can have something to do at the same time.
    fn wanted(&self) -> u32 {
        let options = self.context.options;
        let jobs = match options.run.dry_run {
            true => 1,
            false => options.run.jobs.get(),
        };
        let most = self.work.most_at_once(self.context.index.len());
        jobs.min(u32::try_from(most).unwrap_or(u32::MAX))
    }

    /// Starts a worker in this place.
    pub(super) fn launch(&mut self, index: u32) {
        self.start_first(index..index + 1);
    }

    /// Starts a worker in the first of these places; whether that was possible. If not, none is started in the others: they
    /// would take from the steps what the system has left.
    fn start_first(&mut self, places: Range<u32>) -> bool {
        let index = places.start;
        self.restore_folders();
        match self.workers.launch(index, &self.context) {
            Ok(serial) => {
                self.work.add_worker(serial);
                self.attempts.add_worker(serial);
                true
            }
            Err((serial, error)) => {
                let problem = self.not_launched(index, serial, &error);
                self.lack_worker(places, problem, error.is_shortage());
                false
            }
        }
    }

    /// Makes the folders of workers again, if a step has deleted them. Where that fails, the start of the worker
    /// fails for the same reason.
    fn restore_folders(&mut self) {
        if let Ok(Some(folder)) = self.context.launcher.restore_folders() {
            let folder = folder.display();
            (self.emit)(Event::Warning {
                message: format!(
                    "the temporary folder {folder} was deleted while bdd used it; there is a new one in its place"
                ),
                place: None,
                rule: None,
            });
        }
    }

    fn not_launched(&self, index: u32, serial: u32, error: &LaunchError) -> Problem {
        match error {
            LaunchError::Refused { .. } => Problem {
                message: format!("worker {index} {error}"),
                detail: match error.is_shortage() {
                    true => ADVICE.to_owned(),
                    false => String::new(),
                },
            },
            LaunchError::Program(_) => {
                let what = match self.context.launcher.debugger_of(serial) {
                    Some(debugger) => format!("the debugger {}", debugger.to_string_lossy()),
                    None => format!("the step program {}", self.context.program()),
                };
                Problem {
                    message: format!("{what} {error}"),
                    detail: String::new(),
                }
            }
        }
    }

    /// A worker could not begin, because the system refused what it needs.
    pub(super) fn refused_to_worker(&mut self, index: u32, printed: &str) {
        let why = match printed.trim_end().lines().last() {
            Some(line) => format!("it printed: {line}"),
            None => {
                "it exited with code 75, which means that the system refused it something".into()
            }
        };
        let problem = Problem {
            message: format!("worker {index} cannot be started: {why}"),
            detail: ADVICE.to_owned(),
        };
        self.lack_worker(index..index + 1, problem, true);
    }

    /// There is no worker for these places. Others go on without them. If there are none, it may be that what
    /// the last worker has left behind is only about to end: then `shortage` is a reason to try again.
    fn lack_worker(&mut self, places: Range<u32>, problem: Problem, shortage: bool) {
        if self.stopping.is_stopped() {
            return;
        }
        let others = self.workers.usable();
        // The others may have run everything before this one was refused.
        let is_over = !self.work.is_open(&self.context.index);
        if others > 0 || is_over {
            let workers = if others == 1 { "worker" } else { "workers" };
            let end = match others {
                0 => "the others have run everything".to_owned(),
                _ => format!("the run continues with {others} {workers}"),
            };
            let message = format!("{}; {end}", problem.message);
            (self.emit)(Event::Warning {
                message,
                place: None,
                rule: None,
            });
        } else if !(shortage && self.workers.try_later(places, Instant::now())) {
            self.give_up(problem);
        }
    }

    /// Tries again to start the workers that could not be started, when that is due.
    pub(super) fn launch_due(&mut self, now: Instant) {
        if let Some(places) = self.workers.due_places(now) {
            self.workers.await_start(places);
            self.launch_next();
        }
    }
}
