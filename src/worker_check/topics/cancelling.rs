//! Giving back what has not started.

use super::super::Check;
use super::super::known::Ready;
use super::super::rules::Topic;
use super::super::session::{AtStep, Go, Session};
use crate::event::HookKind;

/// How many scenarios are sent at once: enough that some are left when `cancel` arrives.
const SENT: usize = 200;

impl Check<'_> {
    /// Asks for what was not started: with nothing to give back, at once, and while a step runs.
    pub(in super::super) fn cancel(&self) {
        let Some(mut session) = self.open(Topic::Cancel) else {
            return;
        };
        let result = self.cancel_all(&mut session);
        let result = result.and_then(|()| session.finish(self.hooks(HookKind::AfterAll)));
        let count = session.seen().given_back;
        let stopped = result.is_err();
        self.conclude(
            Topic::Cancel,
            result,
            format!("{count} scenarios given back"),
        );
        if count == 0 && !stopped {
            let why = "giving back: the program had started all scenarios before it answered";
            self.not_checked(Topic::Cancel, why);
        }
    }

    fn cancel_all(&self, session: &mut Session<'_>) -> Go {
        session.cancel();
        session.play()?;
        session.run(&copies(&self.ready, 1_000_000));
        session.cancel();
        session.play()?;
        let with_steps: Vec<Ready> = (self.ready.iter())
            .filter(|ready| !ready.scenario.steps.is_empty())
            .cloned()
            .collect();
        if !with_steps.is_empty() {
            session.at_next_step(AtStep::Cancel);
            session.run(&copies(&with_steps, 2_000_000));
            session.play()?;
        }
        // More work may follow, what was given back among it.
        let few = &self.ready[..self.ready.len().min(5)];
        session.run(few);
        session.play()?;
        session.cancel();
        session.cancel();
        session.play()?;
        session.idle()
    }
}

/// Scenarios of one feature, again and again with numbers from `first` on.
fn copies(scenarios: &[Ready], first: u32) -> Vec<Ready> {
    let Some(uri) = scenarios.first().map(|ready| &ready.feature.uri) else {
        return Vec::new();
    };
    let of_feature = scenarios.iter().filter(|ready| ready.feature.uri == *uri);
    let numbered = (first..).zip(of_feature.cycle().take(SENT));
    numbered
        .map(|(number, ready)| {
            let mut copy = ready.clone();
            copy.scenario.scenario = number;
            copy
        })
        .collect()
}
