//! Writes each report in a file on a thread of its own: the scheduler of a run does not wait until they are formatted.

use std::mem::take;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use super::attempt::Attempt;
use super::catalogue::Catalogue;
use super::hook::OutsideHook;
use super::report_set::{LostReport, ReportSet};
use super::{Finish, Summary};
use crate::event::{AttachmentBody, Event, StepMatch};

/// So much is passed on at once: waking threads for each event of quick scenarios would cost more than the event. When a
/// block of 64 KiB is freed, the allocator of glibc first merges all its small ones: a batch is smaller.
const BATCH: usize = 63 * 1024 / size_of::<ReportInput>();

/// So many bytes of texts are passed on at once, however few events have them.
const BATCH_BYTES: usize = 128 * 1024;

/// So many batches wait for a thread. Then the run waits for it, so that a slow disk does not fill the memory. They are
/// enough for what comes before the first scenario of a large run: workers start meanwhile.
const WAITING: usize = 64;

/// What reports are fed with.
pub(super) enum ReportInput {
    Event(Event),
    /// An event that follows from others.
    Concluded(Event),
    /// An attempt that is over, and what its planned steps matched.
    Attempt(Arc<Attempt>, Vec<Option<Arc<StepMatch>>>),
    /// A hook outside scenarios that is over.
    Hook(Box<OutsideHook>),
}

enum ThreadMessage {
    /// The report. This is the first message.
    Begin(ReportSet),
    Inputs(Arc<Vec<ReportInput>>),
    /// Asks for a sign that everything before it is done.
    Done(SyncSender<()>),
    End(Arc<Summary>),
}

/// All threads.
pub(super) struct ReportThreads {
    threads: Vec<ReportThread>,
    batch: Vec<ReportInput>,
    /// The bytes of the texts in the batch.
    bytes: usize,
}

/// The thread of one report.
struct ReportThread {
    sender: SyncSender<ThreadMessage>,
    thread: JoinHandle<Vec<LostReport>>,
}

impl ReportThreads {
    /// Starts a thread for each of these reports. Also returns those for which the system refuses one.
    pub(super) fn start(reports: ReportSet) -> (Option<Self>, ReportSet) {
        let mut refused = ReportSet::new(Vec::new());
        let mut threads = Vec::new();
        for report in reports.one_by_one() {
            match ReportThread::start(report) {
                Ok(thread) => threads.push(thread),
                Err(report) => refused.append(report),
            }
        }
        let started = (!threads.is_empty()).then(|| Self {
            threads,
            batch: Vec::with_capacity(BATCH),
            bytes: 0,
        });
        (started, refused)
    }

    /// Passes something on, soon.
    pub(super) fn push(&mut self, input: ReportInput) {
        let is_urgent = matches!(&input, ReportInput::Event(event) if is_urgent(event));
        self.bytes += weight(&input);
        self.batch.push(input);
        if self.batch.len() >= BATCH || self.bytes >= BATCH_BYTES || is_urgent {
            self.pass_on();
        }
        if is_urgent {
            self.wait();
        }
    }

    /// Passes on the end of the run. Returns the reports that were lost, after all are complete.
    pub(super) fn finish(mut self, summary: &Arc<Summary>) -> Vec<LostReport> {
        self.pass_on();
        self.send_all(|| ThreadMessage::End(Arc::clone(summary)));
        let mut lost = Vec::new();
        for one in take(&mut self.threads) {
            match one.thread.join() {
                Err(panic) => resume_unwind(panic),
                Ok(more) => lost.extend(more),
            }
        }
        lost
    }

    fn pass_on(&mut self) {
        let next = Vec::with_capacity(BATCH);
        let batch = Arc::new(std::mem::replace(&mut self.batch, next));
        self.bytes = 0;
        self.send_all(|| ThreadMessage::Inputs(Arc::clone(&batch)));
    }

    /// Waits until everything is done that was passed on.
    fn wait(&self) {
        let (done, is_done) = sync_channel(self.threads.len());
        self.send_all(|| ThreadMessage::Done(done.clone()));
        drop(done);
        // An error means that all have answered, or panicked.
        while is_done.recv().is_ok() {}
    }

    fn send_all(&self, message: impl Fn() -> ThreadMessage) {
        for one in &self.threads {
            // An error means that the thread has panicked, which the end of the run finds.
            let _ = one.sender.send(message());
        }
    }
}

impl ReportThread {
    /// Returns the report if the system refuses a thread.
    fn start(report: ReportSet) -> Result<Self, ReportSet> {
        let (sender, receiver) = sync_channel(WAITING);
        let thread = thread::Builder::new().name("report".to_owned());
        let Ok(thread) = thread.spawn(move || write_report(&receiver)) else {
            return Err(report);
        };
        // It waits for this.
        let _ = sender.send(ThreadMessage::Begin(report));
        Ok(Self { sender, thread })
    }
}

/// The reports of a run that has no end leave no temporary files: the threads remove them.
impl Drop for ReportThreads {
    fn drop(&mut self) {
        for ReportThread { sender, thread } in take(&mut self.threads) {
            drop(sender);
            // If it has panicked, it has said so.
            let _ = thread.join();
        }
    }
}

/// The bytes of long texts in an input.
fn weight(input: &ReportInput) -> usize {
    match input {
        ReportInput::Event(Event::FeatureSource { text, .. }) => text.len(),
        ReportInput::Event(Event::Attachment {
            body: AttachmentBody::Text(text) | AttachmentBody::Base64(text),
            ..
        }) => text.len(),
        // The events that belong to it have the same texts.
        ReportInput::Attempt(attempt, _) => attempt.weight(),
        _ => 0,
    }
}

/// Whether the run may go on only after the reports have an event: what an earlier run has left in their folders is removed
/// before anything runs, and the file of an attachment may be read only now.
fn is_urgent(event: &Event) -> bool {
    let attached_file = matches!(
        event,
        Event::Attachment {
            body: AttachmentBody::File(_),
            ..
        }
    );
    attached_file || matches!(event, Event::RunStarted { .. })
}

/// What a thread does.
fn write_report(receiver: &Receiver<ThreadMessage>) -> Vec<LostReport> {
    let mut reports = ReportSet::new(Vec::new());
    let mut catalogue = Catalogue::default();
    for message in receiver {
        match message {
            ThreadMessage::Begin(report) => reports = report,
            ThreadMessage::Inputs(inputs) => {
                for input in inputs.iter() {
                    feed(&mut reports, &mut catalogue, input);
                }
            }
            ThreadMessage::Done(done) => {
                // Nobody else asks.
                let _ = done.send(());
            }
            ThreadMessage::End(summary) => {
                reports.finish(&summary, &catalogue);
                break;
            }
        }
    }
    // Files have no readers to wait for.
    reports.close(&mut || None)
}

fn feed(reports: &mut ReportSet, catalogue: &mut Catalogue, input: &ReportInput) {
    match input {
        ReportInput::Event(event) => {
            catalogue.event(event);
            reports.event(event, catalogue);
        }
        ReportInput::Concluded(event) => reports.concluded(event, catalogue),
        ReportInput::Attempt(attempt, matches) => {
            reports.attempt(Finish { attempt, matches }, catalogue);
        }
        ReportInput::Hook(hook) => reports.hook(hook, catalogue),
    }
}
