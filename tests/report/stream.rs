//! Builds event streams. The clock is part of the stream: equal streams give equal reports.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use bdd::event::*;
use bdd::plan::*;
use bdd::report::{
    ConsoleOptions, Finished, Format, HoldBack, ReportContext, Reports, TerminalSize,
};

const MILLI: u64 = 1_000_000;

/// A stream that grows by one scenario after the other.
pub struct Stream {
    pub events: Vec<Event>,
    micros: u64,
    strict: bool,
    dry_run: bool,
    retries: u32,
    order: String,
    shard: Option<Arc<ShardOf>>,
}

pub fn location(line: u32) -> Location {
    Location { line, column: 3 }
}

pub fn source(file: &str, line: u32) -> SourceLocation {
    SourceLocation {
        file: file.into(),
        line,
        column: 0,
    }
}

pub fn feature(uri: &str, name: &str) -> PlannedFeature {
    PlannedFeature {
        uri: uri.into(),
        language: "en".into(),
        keyword: "Feature".into(),
        name: name.into(),
        description: "".into(),
        tags: vec![],
        location: Location { line: 1, column: 1 },
        rules: vec![],
        scenarios: vec![],
        namesakes: bdd::plan::Namesakes::default(),
    }
}

pub fn rule(name: &str, line: u32) -> PlannedRule {
    PlannedRule {
        keyword: "Rule".into(),
        name: name.into(),
        description: "".into(),
        tags: vec![],
        location: location(line),
    }
}

/// The steps stand in the lines after the scenario's own.
pub fn scenario(name: &str, line: u32, steps: &[&str]) -> PlannedScenario {
    let step = |(number, sentence): (u32, &&str)| {
        let (keyword, text) = sentence.split_once(' ').unwrap_or((sentence, ""));
        PlannedStep::new(
            StepWording {
                keyword: format!("{keyword} ").into(),
                keyword_type: KeywordType::Context,
                text: text.into(),
                arguments: Vec::new(),
                background: false,
            },
            location(line + number),
        )
    };
    PlannedScenario {
        index: 0,
        id: format!("{name}:{line}").into(),
        keyword: "Scenario".into(),
        name: name.into(),
        description: "".into(),
        row: None,
        location: location(line),
        tags: [].into(),
        rule: None,
        steps: (1..).zip(steps).map(step).collect(),
    }
}

pub fn row(
    name: &str,
    outline: &str,
    line: u32,
    cells: &[(&str, &str)],
    steps: &[&str],
) -> PlannedScenario {
    PlannedScenario {
        keyword: "Scenario Outline".into(),
        row: Some(Box::new(OutlineRow {
            outline: outline.into(),
            outline_line: 3,
            examples: "".into(),
            header: std::sync::Arc::new(cells.iter().map(|(name, _)| name).collect()),
            cells: cells.iter().map(|(_, cell)| cell).collect(),
        })),
        ..scenario(name, line, steps)
    }
}

pub fn passed(definition: u32, millis: u64) -> StepResult {
    StepResult {
        status: Status::Passed,
        nanos: millis * MILLI,
        step_match: Some(std::sync::Arc::new(StepMatch {
            definition,
            arguments: vec![],
        })),
        candidates: vec![],
        snippets: vec![],
        error: None,
        actual: None,
        handled: false,
    }
}

/// As [`passed`], with what the groups matched: start and end in UTF-16 units.
pub fn matched(definition: u32, groups: &[(&str, u32)]) -> StepResult {
    let arguments = groups.iter().map(|(value, start)| ArgumentGroup {
        value: Some((*value).into()),
        start: *start,
        end: start + value.encode_utf16().count() as u32,
        children: vec![],
        parameter_type: None,
    });
    StepResult {
        step_match: Some(std::sync::Arc::new(StepMatch {
            definition,
            arguments: arguments.collect(),
        })),
        ..passed(definition, 0)
    }
}

pub fn skipped(definition: u32) -> StepResult {
    StepResult {
        status: Status::Skipped,
        ..passed(definition, 0)
    }
}

pub fn error(kind: &str, message: &str) -> StepError {
    StepError {
        kind: kind.into(),
        message: message.into(),
        trace: "".into(),
        location: None,
    }
}

pub fn failed(definition: u32, millis: u64, error: StepError) -> StepResult {
    StepResult {
        status: Status::Failed,
        error: Some(error),
        ..passed(definition, millis)
    }
}

pub fn undefined(code: &str) -> StepResult {
    let snippet = Snippet {
        language: "rust".into(),
        code: code.into(),
    };
    StepResult {
        status: Status::Undefined,
        step_match: None,
        snippets: vec![snippet],
        ..passed(0, 0)
    }
}

pub fn ambiguous(candidates: &[u32]) -> StepResult {
    StepResult {
        status: Status::Ambiguous,
        step_match: None,
        candidates: candidates.into(),
        ..passed(0, 0)
    }
}

pub fn pending(definition: u32, reason: &str) -> StepResult {
    StepResult {
        status: Status::Pending,
        error: Some(error("PendingException", reason)),
        ..passed(definition, 1)
    }
}

/// How an attempt ends, apart from its steps.
#[derive(Default)]
pub struct End {
    pub fault: Option<Fault>,
    pub output: Option<CapturedOutput>,
    pub will_be_retried: bool,
    pub errors: Vec<StepError>,
    pub expected_failure: bool,
    pub skipped_because: Option<String>,
}

pub fn printed(text: &str) -> End {
    End {
        output: CapturedOutput::from_bytes(text.as_bytes().to_vec()),
        ..End::default()
    }
}

/// What an attempt consists of.
pub enum Part {
    Hook(HookRun),
    /// With what happens while it runs.
    Step(StepResult, Vec<Inner>),
}

/// What happens while a step runs.
pub enum Inner {
    Hook(HookRun),
    Attached(Attached),
}

impl From<StepResult> for Part {
    fn from(result: StepResult) -> Self {
        Part::Step(result, vec![])
    }
}

/// A hook that runs.
#[derive(Clone)]
pub struct HookRun {
    pub hook: u32,
    pub attached: Vec<Attached>,
    pub result: HookResult,
    /// False for one whose process dies.
    pub ends: bool,
}

#[derive(Clone)]
pub struct Attached {
    pub media_type: &'static str,
    pub file_name: Option<&'static str>,
    pub body: AttachmentBody,
}

pub fn log(text: &str) -> Attached {
    Attached {
        media_type: "text/x.cucumber.log+plain",
        file_name: None,
        body: AttachmentBody::Text(text.into()),
    }
}

pub fn hook(hook: u32, status: Status, millis: u64, error: Option<StepError>) -> HookRun {
    HookRun {
        hook,
        attached: vec![],
        result: HookResult {
            status,
            nanos: millis * MILLI,
            error,
            output: None,
        },
        ends: true,
    }
}

impl Stream {
    pub fn new() -> Self {
        // 2026-01-02T03:04:05Z
        Stream {
            events: vec![],
            micros: 1_767_323_045_000_000,
            strict: true,
            dry_run: false,
            retries: 0,
            order: "defined".into(),
            shard: None,
        }
    }

    pub fn order(mut self, order: &str) -> Self {
        self.order = order.into();
        self
    }

    pub fn shard(mut self, shard: ShardOf) -> Self {
        self.shard = Some(Arc::new(shard));
        self
    }

    pub fn not_strict(mut self) -> Self {
        self.strict = false;
        self
    }

    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    pub fn dry_run(mut self) -> Self {
        self.dry_run = true;
        self
    }

    /// Begins: the plan gets its numbers here.
    pub fn start(mut self, mut features: Vec<PlannedFeature>) -> Self {
        self.events.push(Event::RunStarted {
            format: FORMAT_VERSION,
            bdd: "0.1.0".into(),
            at: Timestamp(self.micros),
            jobs: 2,
            dry_run: self.dry_run,
            strict: self.strict,
            retries: self.retries,
            flaky_fails: false,
            selected_nothing: false,
            order: self.order.clone(),
            shard: self.shard.clone(),
        });
        let scenarios = features
            .iter_mut()
            .flat_map(|feature| &mut feature.scenarios);
        for (index, scenario) in scenarios.enumerate() {
            scenario.index = index as u32;
        }
        self.events
            .extend(features.into_iter().map(|feature| Event::FeaturePlanned {
                feature: Arc::new(feature),
            }));
        let definition = |(line, pattern): (u32, &str)| StepDefinition {
            keyword: "step".into(),
            pattern: pattern.into(),
            kind: "regex".into(),
            location: source("features/steps/src/main.rs", line),
            function: "f".into(),
        };
        let patterns = [
            (7, r"^I have entered (\d+)$"),
            (12, "^I press (.*)$"),
            (120, "^the result is (.*)$"),
        ];
        self.events.push(Event::StepDefinitions {
            definitions: patterns.into_iter().map(definition).collect(),
        });
        self
    }

    pub fn event(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    pub fn attempt(self, scenario: u32, attempt: u32, results: Vec<StepResult>, end: End) -> Self {
        let steps = results.into_iter().map(Part::from).collect();
        self.attempt_of(scenario, attempt, steps, end)
    }

    /// An attempt with hooks and attachments.
    pub fn attempt_of(mut self, scenario: u32, attempt: u32, parts: Vec<Part>, end: End) -> Self {
        let worker = (!self.dry_run).then_some(0);
        self.events.push(Event::ScenarioStarted {
            scenario,
            attempt,
            worker,
            at: self.now(),
            most_attempts: (self.retries > 0).then_some(self.retries + 1),
        });
        let mut status = Status::Passed;
        let mut nanos = 1_500_000;
        let mut step = 0;
        for part in parts {
            match part {
                Part::Hook(hook) => {
                    status = status.max(hook.result.status);
                    nanos += hook.result.nanos;
                    self.hook(hook, HookPlace::Scenario { scenario, attempt });
                }
                Part::Step(result, inner) => {
                    status = status.max(result.status);
                    nanos += result.nanos;
                    self.step((scenario, attempt, step), result, inner);
                    step += 1;
                }
            }
        }
        if !end.errors.is_empty() {
            status = Status::Failed;
        }
        let End {
            fault,
            output,
            will_be_retried,
            errors,
            expected_failure,
            skipped_because,
        } = end;
        let finished = Event::ScenarioFinished {
            scenario,
            attempt,
            status,
            nanos,
            fault,
            output,
            errors,
            will_be_retried,
            expected_failure,
            skipped_because,
        };
        self.events.push(finished);
        self.micros += nanos / 1_000;
        self
    }

    fn now(&self) -> Timestamp {
        Timestamp(self.micros)
    }

    fn step(
        &mut self,
        (scenario, attempt, step): (u32, u32, u32),
        result: StepResult,
        inner: Vec<Inner>,
    ) {
        self.events.push(Event::StepStarted {
            scenario,
            attempt,
            step,
        });
        for inner in inner {
            match inner {
                Inner::Hook(hook) => {
                    let place = HookPlace::Step {
                        scenario,
                        attempt,
                        step,
                    };
                    self.hook(hook, place);
                }
                Inner::Attached(attached) => {
                    let source = AttachmentSource::Step {
                        scenario,
                        attempt,
                        step,
                    };
                    self.attach(source, attached);
                }
            }
        }
        self.events.push(Event::StepFinished {
            scenario,
            attempt,
            step,
            result,
        });
    }

    /// A hook and what it attaches.
    pub fn hook(&mut self, ran: HookRun, place: HookPlace) {
        let hook = ran.hook;
        self.events.push(Event::HookStarted {
            hook,
            place: place.clone(),
            at: self.now(),
        });
        for attached in ran.attached {
            let source = AttachmentSource::Hook {
                hook,
                place: place.clone(),
            };
            self.attach(source, attached);
        }
        if ran.ends {
            self.events.push(Event::HookFinished {
                hook,
                place,
                result: ran.result,
            });
        }
    }

    /// As [`Stream::hook`], for one outside scenarios.
    pub fn outside(mut self, ran: HookRun, place: HookPlace) -> Self {
        self.hook(ran, place);
        self
    }

    fn attach(&mut self, source: AttachmentSource, attached: Attached) {
        self.events.push(Event::Attachment {
            source,
            media_type: attached.media_type.into(),
            file_name: attached.file_name.map(Into::into),
            body: attached.body,
            at: self.now(),
        });
    }

    pub fn run(self, scenario: u32, results: Vec<StepResult>) -> Self {
        self.attempt(scenario, 0, results, End::default())
    }

    pub fn finish(mut self) -> Vec<Event> {
        self.events.push(Event::RunFinished {
            at: Timestamp(self.micros),
            nanos: 61_234 * MILLI,
        });
        self.events
    }
}

/// A standard output that can be looked at afterwards.
#[derive(Clone, Default)]
pub struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub fn report_context(stdout: impl Write + Send + 'static, directory: &Path) -> ReportContext {
    ReportContext {
        console: ConsoleOptions::default(),
        stdout: Box::new(stdout),
        terminal: None,
        resized: None,
        live: None,
        hold_back: HoldBack::of_a_replay(),
        stdout_colors: false,
        file_colors: false,
        verbose: false,
        printer: None,
        directory: directory.to_owned(),
        inputs: Vec::new(),
        lists: Vec::new(),
    }
}

/// A terminal of so many columns and the usual number of lines.
pub fn terminal(columns: u16) -> Option<TerminalSize> {
    Some(TerminalSize { columns, lines: 24 })
}

pub fn feed(events: &[Event], formats: &[&str], context: ReportContext) -> Finished {
    let formats: Vec<Format> = formats
        .iter()
        .map(|format| format.parse().unwrap())
        .collect();
    let mut reports =
        Reports::open(&formats, context).unwrap_or_else(|errors| panic!("{errors:?}"));
    events.iter().for_each(|event| reports.event(event));
    reports.finish(&mut || None)
}

/// What a report writes to standard output.
pub fn report(events: &[Event], format: &str, adapt: impl FnOnce(&mut ReportContext)) -> String {
    let stdout = Shared::default();
    let mut context = report_context(stdout.clone(), Path::new("."));
    adapt(&mut context);
    let finished = feed(events, &[format], context);
    assert!(finished.errors.is_empty(), "{:?}", finished.errors);
    stdout.text()
}
