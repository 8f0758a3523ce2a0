//! `pretty`: every scenario with its steps, when it is finished. Those that never ran are counted at
//! the end, and failures that have scrolled away are repeated there.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::block::{self, BlockFrame};
use super::extras;
use super::failures::FailedScenarios;
use super::headings::tags;
use super::hold_back::HoldBack;
use super::paper::{Paper, Piece, PieceKind};
use super::slowest::SlowestLists;
use super::style::Style;
use crate::event::{Event, HookPlace, Status};
use crate::plan::{PlannedFeature, PlannedScenario};
use crate::report::attempt::Attempt;
use crate::report::catalogue::{Catalogue, rule_of};
use crate::report::hook::OutsideHook;
use crate::report::output::Output;
use crate::report::{Finish, Reporter, Summary, trouble};

/// How much longer the clock waits than the events: what they decide is the same in a replay.
const SLACK: Duration = Duration::from_millis(500);

/// Shows scenarios as they finish, those of a feature together. It keeps what failed.
pub(in crate::report) struct Pretty {
    shared: Arc<PrettyShared>,
    style: Style,
    hold: HoldBack,
    /// Whether a thread looks after what waits.
    watched: bool,
    /// The feature of the hook that has just finished.
    hook_feature: Option<u32>,
    failed: FailedScenarios,
    slowest: SlowestLists,
}

/// What the report and the thread that looks after what waits share.
struct PrettyShared {
    paper: Mutex<Paper>,
    changed: Condvar,
}

impl PrettyShared {
    /// A thread that panicked while it wrote leaves a report that may lack a line.
    fn paper(&self) -> MutexGuard<'_, Paper> {
        let paper = self.paper.lock();
        paper.unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows what has waited long enough, also if no event comes.
    fn watch(&self, hold: Duration) {
        let mut paper = self.paper();
        while !paper.is_ended() {
            let rest = paper.patience(hold);
            if rest.is_some_and(|rest| rest.is_zero()) {
                paper.release();
                continue;
            }
            let changed = &self.changed;
            paper = match rest {
                Some(rest) => {
                    let woken = changed.wait_timeout(paper, rest);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let woken = changed.wait(paper);
                    woken.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }
}

impl Pretty {
    /// `hold` is how long a scenario waits for others of the feature that is shown.
    pub(in crate::report) fn new(output: Output, style: Style, hold: HoldBack) -> Self {
        Pretty {
            shared: Arc::new(PrettyShared {
                paper: Mutex::new(Paper::new(output, style, hold.limit)),
                changed: Condvar::new(),
            }),
            style,
            hold,
            watched: false,
            hook_feature: None,
            failed: FailedScenarios::default(),
            slowest: SlowestLists::new(style.options.durations),
        }
    }

    /// Has a thread look after what waits, where somebody reads the report while the run lasts. Without a thread nothing
    /// waits any more.
    fn watch(&mut self) -> io::Result<()> {
        let mut paper = self.shared.paper();
        if !self.hold.by_clock || !paper.waits() || !paper.is_live() {
            return Ok(());
        }
        if self.watched {
            self.shared.changed.notify_all();
            return Ok(());
        }
        let of_thread = Arc::clone(&self.shared);
        let hold = self.hold.limit.saturating_add(SLACK);
        let thread = thread::Builder::new().name("pretty".to_owned());
        match thread.spawn(move || of_thread.watch(hold)) {
            Ok(_) => {
                self.watched = true;
                Ok(())
            }
            Err(_) => paper.hold_nothing(),
        }
    }

    fn piece(&self, finish: Finish<'_>, catalogue: &Catalogue) -> Piece {
        let attempt = finish.attempt;
        let (feature, planned) = catalogue.at(attempt.place);
        let mut text = String::new();
        let indent = indent(feature, planned);
        tags(self.style, &mut text, indent, &own_tags(feature, planned));
        let frame = BlockFrame {
            style: self.style,
            catalogue,
            attempt,
            matches: finish.matches,
        };
        block::scenario(&mut text, &frame, indent, &note(attempt));
        Piece {
            feature: attempt.place.feature,
            text,
            kind: PieceKind::Scenario {
                of: Arc::clone(feature),
                place: attempt.place,
                failed: attempt.fails(catalogue) || attempt.will_be_retried,
            },
            at: Instant::now(),
        }
    }
}

impl Drop for Pretty {
    fn drop(&mut self) {
        self.shared.paper().end();
        self.shared.changed.notify_all();
    }
}

impl Reporter for Pretty {
    fn event(&mut self, event: &Event, catalogue: &Catalogue) -> io::Result<()> {
        let mut paper = self.shared.paper();
        paper.tick(time_of(event))?;
        match event {
            Event::ScenarioStarted { scenario, .. } => {
                if let Some(place) = catalogue.place(*scenario) {
                    let feature = catalogue.at(place).0;
                    paper.begins(place, feature.scenarios.len());
                }
            }
            Event::ScenarioNotRun { scenario, .. } => {
                if let Some(place) = catalogue.place(*scenario) {
                    paper.ends(place, true);
                }
                // The run is being stopped, or this feature fails: nothing that is over may get lost.
                return paper.release_all();
            }
            Event::ScenarioClaimedElsewhere { scenario } => {
                if let Some(place) = catalogue.place(*scenario) {
                    paper.ends(place, true);
                }
            }
            Event::HookFinished { place, .. } => {
                self.hook_feature = feature_of(place, catalogue);
            }
            _ => {}
        }
        match extras::slow(self.style, event) {
            // A terminal shows what the run waits for. Other readers find it at the end.
            Some(line) if paper.is_live() => paper.interject(&line),
            _ => Ok(()),
        }
    }

    fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) -> io::Result<()> {
        let attempt = finish.attempt;
        self.slowest.attempt(attempt, catalogue);
        self.failed.attempt(attempt, catalogue);
        let is_skipped = attempt.status == Status::Skipped && !attempt.fails(catalogue);
        let is_left_out = self.style.options.no_skipped && is_skipped;
        let piece = (!is_left_out).then(|| self.piece(finish, catalogue));
        let mut paper = self.shared.paper();
        let began = paper.ends(attempt.place, !attempt.will_be_retried);
        if let Some(piece) = piece {
            paper.take(piece, began)?;
        }
        if attempt.cancelled() {
            // The run is being stopped, and perhaps at once.
            paper.release_all()?;
        }
        drop(paper);
        self.watch()
    }

    fn hook(&mut self, hook: &OutsideHook, catalogue: &Catalogue) -> io::Result<()> {
        self.slowest.hook(hook, catalogue);
        let feature = self.hook_feature.take();
        let Some(text) = extras::outside(self.style, catalogue, hook) else {
            return Ok(());
        };
        let mut paper = self.shared.paper();
        let Some(feature) = feature else {
            return paper.interject(&text);
        };
        let piece = Piece {
            feature,
            text,
            kind: PieceKind::Lines,
            at: Instant::now(),
        };
        // As if it had begun long ago: it waits as long as something of the other feature may come.
        paper.take(piece, 0)?;
        drop(paper);
        self.watch()
    }

    fn finish(&mut self, summary: &Summary, catalogue: &Catalogue) -> io::Result<()> {
        let failed = self.failed.take();
        let result = self
            .shared
            .paper()
            .finish(summary, catalogue, failed, &self.slowest);
        self.shared.changed.notify_all();
        result
    }
}

/// When something happened, in microseconds; 0 if the event does not say it.
fn time_of(event: &Event) -> u64 {
    match event {
        Event::RunStarted { at, .. }
        | Event::ScenarioStarted { at, .. }
        | Event::HookStarted { at, .. }
        | Event::Attachment { at, .. }
        | Event::RunFinished { at, .. } => at.0,
        _ => 0,
    }
}

/// The feature that a hook outside scenarios ran for.
fn feature_of(place: &HookPlace, catalogue: &Catalogue) -> Option<u32> {
    let (HookPlace::Feature { uri, .. } | HookPlace::Rule { uri, .. }) = place else {
        return None;
    };
    let mut features = catalogue.features().iter();
    let position = features.position(|feature| feature.uri == *uri)?;
    u32::try_from(position).ok()
}

/// The number of the attempt, and how it counts, if that is unusual.
fn note(attempt: &Attempt) -> String {
    let mut parts = Vec::new();
    if attempt.number > 0 || attempt.will_be_retried {
        parts.push(trouble::attempt_number(attempt));
    }
    if attempt.will_be_retried {
        parts.push("will be retried".to_owned());
    }
    if attempt.failed_as_expected() {
        parts.push("expected failure".to_owned());
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!(" ({})", parts.join(", "))
    }
}

/// The tags that are not inherited.
fn own_tags<'a>(feature: &PlannedFeature, planned: &'a PlannedScenario) -> Vec<&'a str> {
    let rule = rule_of(feature, planned);
    let inherited =
        |tag: &_| feature.tags.contains(tag) || rule.is_some_and(|rule| rule.tags.contains(tag));
    planned
        .tags
        .iter()
        .filter(|tag| !inherited(tag))
        .map(AsRef::as_ref)
        .collect()
}

fn indent(feature: &PlannedFeature, planned: &PlannedScenario) -> usize {
    if rule_of(feature, planned).is_some() {
        4
    } else {
        2
    }
}
