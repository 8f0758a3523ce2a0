//! What becomes of a scenario, as a person would work it out from its steps and tags.

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Passes,
    Fails,
    /// It fails in the attempts before this one.
    PassesFrom(u32),
    Pending,
    Skips,
    Undefined,
    /// Its process ends, or is ended.
    Dies,
    /// It passes, but what it has done is found after the last step.
    Spoils,
}

use Effect::*;

/// The steps of plans; those that take long are rare.
pub const STEPS: [(u32, &str, Effect); 27] = [
    (400, "a step that passes", Passes),
    (200, "a step that prints \"noise\"", Passes),
    (60, "a step that sleeps 1 ms", Passes),
    (60, "an async step that sleeps 1 ms", Passes),
    (16, "a step that passes from attempt 1 on", PassesFrom(1)),
    (16, "a step that passes from attempt 2 on", PassesFrom(2)),
    (16, "a step that fails with \"it\"", Fails),
    (8, "a step that is pending", Pending),
    (8, "a step that is skipped", Skips),
    (8, "a step that nobody has written", Undefined),
    (4, "a step that aborts", Dies),
    (4, "a step that exits with 0", Dies),
    (4, "a step that exits with 3", Dies),
    (4, "a step that kills its process", Dies),
    (4, "a step that reads where nothing is", Dies),
    (2, "a step that overflows the stack", Dies),
    (2, "a step that panics while it panics", Dies),
    (
        4,
        "a step that writes garbage to the descriptors 3 to 32",
        Dies,
    ),
    (2, "a step that closes descriptor 0", Spoils),
    (2, "a step that closes descriptor 1", Spoils),
    (2, "a step that closes descriptor 2", Spoils),
    (2, "a step that redirects descriptor 1", Spoils),
    (2, "a step that leaves a process running", Spoils),
    (1, "a step that leaves a daemon running", Spoils),
    (1, "a step whose thread panics", Spoils),
    (1, "an async step whose task panics", Spoils),
    // More than the limit of output.
    (1, "a step that prints 1 MB", Spoils),
];

/// Steps that hang; a scenario has a limit for them.
pub const HANGS: [&str; 5] = [
    "a step that hangs",
    "a step that hangs and ignores SIGTERM",
    "a step that loops without end",
    "a step that stops its process",
    "an async step that hangs",
];

/// A scenario, or an outline with this many rows.
#[derive(Debug, Clone)]
pub struct Scenario {
    pub steps: Vec<usize>,
    pub rows: usize,
    /// Which of the hanging steps comes after the others, all of which pass.
    pub hangs: Option<usize>,
    pub tags: Tags,
}

#[derive(Debug, Clone)]
pub struct Tags {
    pub serial: bool,
    pub group: bool,
    pub slow: bool,
    pub retry: Option<u32>,
    pub expected_failure: bool,
}

impl Scenario {
    /// The texts of its steps.
    pub fn texts(&self) -> Vec<&'static str> {
        let steps = self.steps.iter().map(|&step| STEPS[step]);
        let steps = steps.filter(|(.., effect)| self.hangs.is_none() || *effect == Passes);
        let hangs = self.hangs.map(|step| HANGS[step]);
        steps.map(|(_, text, _)| text).chain(hangs).collect()
    }

    /// Its line of tags.
    pub fn tags(&self) -> String {
        let Tags {
            serial,
            group,
            slow,
            retry,
            expected_failure,
        } = self.tags;
        let mut tags = String::new();
        let mut add = |given: bool, tag: &str| {
            if given {
                tags += tag;
                tags.push(' ');
            }
        };
        add(serial, "@serial");
        add(group, "@db");
        add(group && slow, "@group(printer)");
        add(slow, "@slow");
        add(expected_failure, "@expected_failure");
        add(self.hangs.is_some(), "@timeout(100ms)");
        if let Some(count) = retry {
            add(true, &format!("@retry({count})"));
        }
        tags
    }

    /// What an attempt comes to: its first step that does not pass decides, but a step that is not
    /// defined is worse than a pending one, and what spoils the scenario is a failure.
    fn attempt(&self, number: u32) -> &'static str {
        if self.hangs.is_some() {
            return "failed";
        }
        let mut first = "passed";
        for &step in &self.steps {
            first = match STEPS[step].2 {
                Passes => continue,
                PassesFrom(attempt) if number >= attempt => continue,
                Fails | PassesFrom(_) | Dies | Spoils => "failed",
                Pending => "pending",
                Skips => "skipped",
                Undefined => "undefined",
            };
            break;
        }
        let undefined = self.steps.iter().any(|&step| STEPS[step].2 == Undefined);
        match first {
            "failed" | "skipped" => first,
            _ if undefined => "undefined",
            first => first,
        }
    }

    /// The statuses of all attempts, if failures are retried so often unless a tag says otherwise.
    pub fn attempts(&self, retries: u32) -> Vec<&'static str> {
        let limit = match self.tags.expected_failure {
            true => 0,
            false => self.tags.retry.unwrap_or(retries),
        };
        let mut attempts = vec![self.attempt(0)];
        for number in 1..=limit {
            if attempts.last() == Some(&"failed") {
                attempts.push(self.attempt(number));
            }
        }
        attempts
    }

    /// Whether the run succeeds as far as it depends on this.
    pub fn is_good(&self, attempts: &[&str]) -> bool {
        match attempts.last() {
            Some(&"skipped") => true,
            Some(&"passed") => !self.tags.expected_failure,
            Some(&"failed") => self.tags.expected_failure,
            _ => false,
        }
    }
}
