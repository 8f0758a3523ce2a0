//! Which scenarios this process runs, as its source of work says: each gets one end here.

use std::fmt;
use std::time::{Duration, Instant};

use super::source::{Supply, WorkSource};

/// How long a source is left alone that gave nothing new.
const PAUSE: Duration = Duration::from_millis(50);

/// What of the plan is this process's own, and what may still come.
pub struct Claims<'s> {
    source: &'s mut dyn WorkSource,
    outlook: Outlook,
    /// For each scenario, whose it is.
    standing: Vec<Standing>,
}

/// Whose a scenario is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Nobody's, as far as is known.
    Open,
    /// Another process's.
    Elsewhere,
    /// This process's.
    Own,
    /// It has its end here.
    Settled,
}

/// What may still come from the source.
#[derive(Debug)]
enum Outlook {
    /// It can be asked, from this moment on if there is one.
    More(Option<Instant>),
    /// Nothing, and why if something is wrong.
    Nothing(Option<String>),
}

/// What a source gave.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Scenarios for this process.
    pub scenarios: Vec<u32>,
    /// Scenarios that were this process's and are another's now.
    pub withdrawn: Vec<u32>,
}

impl fmt::Debug for Claims<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claims = &mut formatter.debug_struct("Claims");
        claims
            .field("outlook", &self.outlook)
            .finish_non_exhaustive()
    }
}

impl<'s> Claims<'s> {
    /// Nothing of `count` planned scenarios is claimed.
    pub fn new(source: &'s mut dyn WorkSource, count: usize) -> Self {
        Self {
            source,
            outlook: Outlook::More(None),
            standing: vec![Standing::Open; count],
        }
    }

    /// Asks the source, if it can be asked now. What has its end here, and what is not in the plan, is
    /// not taken, whatever the source says: it would run twice.
    pub fn take(&mut self) -> Taken {
        let mut taken = Taken::default();
        while let Outlook::More(from) = self.outlook {
            if from.is_some_and(|from| Instant::now() < from) {
                break;
            }
            match self.source.take() {
                Supply::Scenarios(scenarios) => {
                    let fresh = [Standing::Open, Standing::Elsewhere];
                    let scenarios = scenarios.into_iter();
                    let own = scenarios.filter(|one| self.moves(*one, &fresh, Standing::Own));
                    taken.scenarios = own.collect();
                    // A source that gives nothing new is not asked in a loop.
                    let idle = taken.scenarios.is_empty();
                    self.outlook = Outlook::More(idle.then(|| Instant::now() + PAUSE));
                    break;
                }
                Supply::ClaimedElsewhere(scenarios) => {
                    for scenario in scenarios {
                        if self.moves(scenario, &[Standing::Own], Standing::Elsewhere) {
                            taken.withdrawn.push(scenario);
                        } else {
                            self.moves(scenario, &[Standing::Open], Standing::Elsewhere);
                        }
                    }
                }
                Supply::NothingNow(pause) => {
                    self.outlook = Outlook::More(Some(Instant::now() + pause));
                }
                Supply::NothingMore => self.outlook = Outlook::Nothing(None),
                Supply::Failed(reason) => self.outlook = Outlook::Nothing(Some(reason)),
            }
        }
        taken
    }

    fn moves(&mut self, scenario: u32, from: &[Standing], to: Standing) -> bool {
        let standing = self.standing.get_mut(scenario as usize);
        let Some(standing) = standing.filter(|standing| from.contains(standing)) else {
            return false;
        };
        *standing = to;
        true
    }

    /// Notes that a withdrawn scenario runs here all the same: a worker has it.
    pub fn keep(&mut self, scenario: u32) {
        self.moves(scenario, &[Standing::Elsewhere], Standing::Own);
    }

    /// Whether more may come.
    pub fn may_come(&self) -> bool {
        matches!(self.outlook, Outlook::More(_))
    }

    /// When the source is asked again that had nothing.
    pub fn ask_again(&self) -> Option<Instant> {
        match self.outlook {
            Outlook::More(from) => from,
            Outlook::Nothing(_) => None,
        }
    }

    /// A scenario has its final result.
    pub fn settle(&mut self, scenario: u32) {
        if let Some(standing) = self.standing.get_mut(scenario as usize) {
            *standing = Standing::Settled;
            self.source.done(scenario);
        }
    }

    /// Takes nothing more.
    pub fn close(&mut self) {
        if self.may_come() {
            self.outlook = Outlook::Nothing(None);
        }
    }

    /// Gives scenarios back that do not run here.
    pub fn give_back(&mut self, scenarios: &[u32]) {
        if !scenarios.is_empty() {
            for scenario in scenarios {
                self.moves(*scenario, &[Standing::Own], Standing::Settled);
            }
            self.source.give_back(scenarios);
        }
    }

    /// Settles those of these scenarios that nobody has claimed. The result is which.
    pub fn settle_open(&mut self, order: &[u32]) -> Vec<u32> {
        let scenarios = order.iter().copied();
        let open = scenarios.filter(|one| self.moves(*one, &[Standing::Open], Standing::Settled));
        open.collect()
    }

    /// Settles those of these scenarios that others have claimed. The result is which.
    pub fn settle_elsewhere(&mut self, order: &[u32]) -> Vec<u32> {
        let others = [Standing::Elsewhere];
        let scenarios = order.iter().copied();
        let settled = scenarios.filter(|one| self.moves(*one, &others, Standing::Settled));
        settled.collect()
    }

    /// What is wrong with the source.
    pub fn failure(&self) -> Option<&str> {
        match &self.outlook {
            Outlook::Nothing(reason) => reason.as_deref(),
            Outlook::More(_) => None,
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

    fn taken(scenarios: &[u32], withdrawn: &[u32]) -> Taken {
        Taken {
            scenarios: scenarios.to_vec(),
            withdrawn: withdrawn.to_vec(),
        }
    }

    #[test]
    fn no_scenario_is_taken_twice_unless_another_process_had_it_meanwhile() {
        let mut source = Scripted(vec![
            Supply::Scenarios(vec![0, 1, 0, 7]),
            Supply::ClaimedElsewhere(vec![1, 2]),
            Supply::Scenarios(vec![0, 1]),
        ]);
        let mut claims = Claims::new(&mut source, 3);
        assert_eq!(claims.take(), taken(&[0, 1], &[]));
        assert_eq!(claims.take(), taken(&[1], &[1]));
        claims.settle(0);
        claims.close();
        assert_eq!(claims.take(), taken(&[], &[]));
        assert!(!claims.may_come());
        assert_eq!(claims.settle_open(&[0, 1, 2]), [0; 0]);
        assert_eq!(claims.settle_elsewhere(&[0, 1, 2]), [2]);
    }

    #[test]
    fn a_source_that_has_nothing_now_is_left_alone_for_a_while() {
        let mut source = Scripted(vec![Supply::NothingNow(Duration::from_secs(3600))]);
        let mut claims = Claims::new(&mut source, 1);
        for _ in 0..2 {
            assert_eq!(claims.take(), taken(&[], &[]));
            assert!(claims.may_come() && claims.ask_again().is_some());
        }
        claims.close();
        assert!(!claims.may_come());
        assert_eq!(claims.settle_open(&[0]), [0]);
        assert_eq!(claims.settle_open(&[0]), [0; 0]);
    }

    #[test]
    fn a_source_that_fails_says_why() {
        let mut source = Scripted(vec![Supply::Failed("it is gone".to_owned())]);
        let mut claims = Claims::new(&mut source, 1);
        assert_eq!(claims.take(), taken(&[], &[]));
        assert_eq!(
            (claims.may_come(), claims.failure()),
            (false, Some("it is gone"))
        );
    }
}
