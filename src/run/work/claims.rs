//! Which scenarios this process runs, according to its source of work. Each scenario is settled once.

use std::fmt;
use std::time::{Duration, Instant};

use super::source::{Supply, WorkSource};

/// The pause before a source that gave nothing new is asked again.
const PAUSE: Duration = Duration::from_millis(50);

/// The scenarios of this process, and what may still come from the source.
pub struct Claims<'s> {
    source: &'s mut dyn WorkSource,
    state: SourceState,
    /// For each scenario, which process has claimed it.
    claims: Vec<Claim>,
}

/// Which process has claimed a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// No process, as far as is known.
    Open,
    /// Another process.
    Elsewhere,
    /// This process.
    Own,
    /// This process, and the scenario has its final event.
    Settled,
}

/// What a source may give.
const NOT_OWN: &[Claim] = &[Claim::Open, Claim::Elsewhere];

/// What may still come from the source.
#[derive(Debug)]
enum SourceState {
    /// It can be asked again, at once or from this moment on.
    More(Option<Instant>),
    /// Nothing more comes. The text is the error, if there was one.
    Nothing(Option<String>),
}

impl fmt::Debug for Claims<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claims = &mut formatter.debug_struct("Claims");
        claims.field("state", &self.state).finish_non_exhaustive()
    }
}

impl<'s> Claims<'s> {
    /// Nothing of `count` planned scenarios is claimed.
    pub fn new(source: &'s mut dyn WorkSource, count: usize) -> Self {
        Self {
            source,
            state: SourceState::More(None),
            claims: vec![Claim::Open; count],
        }
    }

    /// Asks the source, if it can be asked now. Returns scenarios for this process. Scenarios that are
    /// settled or not in the plan are ignored, whatever the source says: they would run twice.
    pub fn take(&mut self) -> Vec<u32> {
        while let SourceState::More(from) = self.state {
            if from.is_some_and(|from| Instant::now() < from) {
                break;
            }
            match self.source.take() {
                Supply::Scenarios(scenarios) => {
                    let own = self.change(&scenarios, NOT_OWN, Claim::Own);
                    // A source that gives nothing new is not asked in a loop.
                    let again = own.is_empty().then(|| Instant::now() + PAUSE);
                    self.state = SourceState::More(again);
                    return own;
                }
                Supply::ClaimedElsewhere(scenarios) => {
                    self.change(&scenarios, &[Claim::Open], Claim::Elsewhere);
                }
                Supply::NothingNow(pause) => {
                    self.state = SourceState::More(Some(Instant::now() + pause));
                }
                Supply::NothingMore => self.state = SourceState::Nothing(None),
                Supply::Failed(reason) => self.state = SourceState::Nothing(Some(reason)),
            }
        }
        Vec::new()
    }

    /// Changes the claims of the scenarios whose claim is one of `from`. Returns these scenarios.
    fn change(&mut self, scenarios: &[u32], from: &[Claim], to: Claim) -> Vec<u32> {
        let mut changed = Vec::with_capacity(scenarios.len());
        for &scenario in scenarios {
            let claims = self.claims.get_mut(scenario as usize);
            if let Some(claims) = claims.filter(|claims| from.contains(claims)) {
                *claims = to;
                changed.push(scenario);
            }
        }
        changed
    }

    /// A scenario that is not in the plan is this process's own.
    pub fn claim_added(&mut self, scenario: u32) {
        let position = scenario as usize;
        if position >= self.claims.len() {
            self.claims.resize(position + 1, Claim::Own);
        }
    }

    /// Whether more may come.
    pub fn may_come(&self) -> bool {
        matches!(self.state, SourceState::More(_))
    }

    /// When a source that had nothing is asked again.
    pub fn ask_again(&self) -> Option<Instant> {
        match self.state {
            SourceState::More(from) => from,
            SourceState::Nothing(_) => None,
        }
    }

    /// Ends the pause after which the source is asked again. If no worker asks it then, there is nothing to wake
    /// up for: a moment in the past would keep the run awake.
    pub fn end_pause(&mut self, now: Instant) {
        if let SourceState::More(from) = &mut self.state {
            from.take_if(|from| *from <= now);
        }
    }

    /// A scenario has its final result.
    pub fn settle(&mut self, scenario: u32) {
        if let Some(claims) = self.claims.get_mut(scenario as usize) {
            *claims = Claim::Settled;
            self.source.done(scenario);
        }
    }

    /// Takes nothing more.
    pub fn close(&mut self) {
        if self.may_come() {
            self.state = SourceState::Nothing(None);
        }
    }

    /// Gives scenarios back that do not run here.
    pub fn give_back(&mut self, scenarios: &[u32]) {
        if !scenarios.is_empty() {
            self.change(scenarios, &[Claim::Own], Claim::Settled);
            self.source.give_back(scenarios);
        }
    }

    /// Settles the scenarios that no process has claimed. Returns them.
    pub fn settle_open(&mut self, order: &[u32]) -> Vec<u32> {
        self.change(order, &[Claim::Open], Claim::Settled)
    }

    /// Settles the scenarios that other processes have claimed. Returns them.
    pub fn settle_elsewhere(&mut self, order: &[u32]) -> Vec<u32> {
        self.change(order, &[Claim::Elsewhere], Claim::Settled)
    }

    /// What is wrong with the source.
    pub fn failure(&self) -> Option<&str> {
        match &self.state {
            SourceState::Nothing(reason) => reason.as_deref(),
            SourceState::More(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives these answers, then nothing more.
    struct Scripted(Vec<Supply>);

    impl WorkSource for Scripted {
        fn take(&mut self) -> Supply {
            match self.0.is_empty() {
                true => Supply::NothingMore,
                false => self.0.remove(0),
            }
        }
        fn give_back(&mut self, _: &[u32]) {}
        fn done(&mut self, _: u32) {}
    }

    #[test]
    fn no_scenario_is_taken_twice() {
        let mut source = Scripted(vec![
            Supply::Scenarios(vec![0, 1, 0, 7]),
            Supply::ClaimedElsewhere(vec![1, 2, 3]),
            Supply::Scenarios(vec![0, 1, 3]),
        ]);
        let mut claims = Claims::new(&mut source, 5);
        assert_eq!(claims.take(), [0, 1]);
        claims.settle(0);
        assert_eq!(claims.take(), [3], "the other process has given it back");
        assert_eq!(claims.take(), [0; 0]);
        assert!(!claims.may_come());
        let all = [0, 1, 2, 3, 4];
        assert_eq!(claims.settle_open(&all), [4]);
        assert_eq!(claims.settle_elsewhere(&all), [2]);
        assert_eq!(claims.settle_open(&all), [0; 0]);
    }

    #[test]
    fn a_source_that_has_nothing_now_is_left_alone_for_a_while() {
        let mut source = Scripted(vec![Supply::NothingNow(Duration::from_secs(3600))]);
        let mut claims = Claims::new(&mut source, 1);
        for _ in 0..2 {
            assert_eq!(claims.take(), [0; 0]);
            assert!(claims.may_come() && claims.ask_again().is_some());
        }
        claims.end_pause(Instant::now());
        assert!(claims.ask_again().is_some(), "it is too early");
        claims.end_pause(Instant::now() + Duration::from_secs(3600));
        assert!(claims.may_come() && claims.ask_again().is_none());
        claims.close();
        assert!(!claims.may_come());
        assert_eq!(claims.settle_open(&[0]), [0]);
        assert_eq!(claims.settle_open(&[0]), [0; 0]);
    }

    #[test]
    fn a_source_that_fails_says_why() {
        let mut source = Scripted(vec![Supply::Failed("it is gone".to_owned())]);
        let mut claims = Claims::new(&mut source, 1);
        assert_eq!(claims.take(), [0; 0]);
        assert_eq!(
            (claims.may_come(), claims.failure()),
            (false, Some("it is gone"))
        );
    }
}
