//! Closes the fixtures of a scope.

use std::io;

use crate::fixture::Scope;
use crate::fixture::scopes::Fixtures;
use crate::outcome::Stop;
use crate::worker::panics;
use crate::worker::shared::Shared;
use crate::worker::stopwatch::Stopwatch;
use bdd_protocol::{Failure, FromWorker};

/// Closes fixtures; those that were made last come first. If one fails, the others are still closed. Each
/// failure names its fixture.
pub(super) fn close(shared: &Shared, fixtures: &Fixtures) -> io::Result<Vec<Failure>> {
    let mut errors = Vec::new();
    if fixtures.noticeable() {
        // If the process dies now, the step or hook that ran last is not to blame.
        shared.send()?;
    }
    fixtures.close(|fixture| {
        let stopwatch = Stopwatch::start();
        let closed = panics::catch(fixture.root(), || {
            let closed = fixtures.tasks.within(|| fixture.close());
            closed.map_err(|error| Stop::from_error(&*error))
        });
        let failure = closed
            .err()
            .map(|stop| stop.into_parts().1.unwrap_or_default());
        shared
            .forks
            .returned(stopwatch.nanos(), failure.as_ref(), || {
                format!("the fixture `{}`", fixture.name())
            });
        if let Some(failure) = failure {
            let message = format!("fixture `{}`: {}", fixture.name(), failure.message);
            errors.push(Failure { message, ..failure });
        }
    });
    fixtures.tasks.end();
    shared.capture.flush();
    Ok(errors)
}

/// Closes fixtures that live longer than a scenario, and reports what went wrong.
pub(super) fn close_scope(shared: &Shared, scope: Scope, fixtures: &Fixtures) -> io::Result<()> {
    let errors = close(shared, fixtures)?;
    shared.aftermath.closed_outside();
    if !errors.is_empty() {
        shared.report(&FromWorker::ClosingFailed {
            scope: scope.name().to_owned(),
            errors,
        });
    }
    Ok(())
}
