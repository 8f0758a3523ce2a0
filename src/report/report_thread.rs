//! Writes the reports in files on a thread of their own: the scheduler of a run does not wait until they are formatted.

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

/// So much is passed on at once: waking the thread for each event of quick scenarios would cost more than the event.
const BATCH: usize = 512;

/// So many batches wait for the thread. Then the run waits for it, so that a slow disk does not fill the memory.
const WAITING: usize = 4;

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
    /// The reports. This is the first message.
    Begin(ReportSet),
    Inputs(Vec<ReportInput>),
    /// Asks for a sign that everything before it is done.
    Done(SyncSender<()>),
    End(Arc<Summary>),
}

/// The thread.
pub(super) struct ReportThread {
    /// `None` when nothing more comes.
    sender: Option<SyncSender<ThreadMessage>>,
    thread: Option<JoinHandle<Vec<LostReport>>>,
    batch: Vec<ReportInput>,
}

impl ReportThread {
    /// Starts a thread for these reports. Returns them if the system refuses a thread.
    pub(super) fn start(reports: ReportSet) -> Result<Self, ReportSet> {
        let (sender, receiver) = sync_channel(WAITING);
        let thread = thread::Builder::new().name("reports".to_owned());
        let Ok(thread) = thread.spawn(move || write_reports(&receiver)) else {
            return Err(reports);
        };
        let started = Self {
            sender: Some(sender),
            thread: Some(thread),
            batch: Vec::with_capacity(BATCH),
        };
        started.send(ThreadMessage::Begin(reports));
        Ok(started)
    }

    /// Passes something on, soon.
    pub(super) fn push(&mut self, input: ReportInput) {
        let is_urgent = matches!(&input, ReportInput::Event(event) if is_urgent(event));
        self.batch.push(input);
        if self.batch.len() >= BATCH || is_urgent {
            self.pass_on();
        }
        if is_urgent {
            self.wait();
        }
    }

    /// Passes on the end of the run. Returns the reports that were lost, after all are complete.
    pub(super) fn finish(mut self, summary: &Arc<Summary>) -> Vec<LostReport> {
        self.pass_on();
        self.send(ThreadMessage::End(Arc::clone(summary)));
        match self.thread.take().map(JoinHandle::join) {
            Some(Err(panic)) => resume_unwind(panic),
            Some(Ok(lost)) => lost,
            None => Vec::new(),
        }
    }

    fn pass_on(&mut self) {
        let next = Vec::with_capacity(BATCH);
        let batch = std::mem::replace(&mut self.batch, next);
        self.send(ThreadMessage::Inputs(batch));
    }

    /// Waits until everything is done that was passed on.
    fn wait(&self) {
        let (done, is_done) = sync_channel(0);
        self.send(ThreadMessage::Done(done));
        // An error means that the thread has panicked.
        let _ = is_done.recv();
    }

    fn send(&self, message: ThreadMessage) {
        // An error means that the thread has panicked, which the end of the run finds.
        let _ = self.sender.as_ref().map(|sender| sender.send(message));
    }
}

/// The reports of a run that has no end leave no temporary files: the thread removes them.
impl Drop for ReportThread {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            // If it has panicked, it has said so.
            let _ = thread.join();
        }
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

/// What the thread does.
fn write_reports(receiver: &Receiver<ThreadMessage>) -> Vec<LostReport> {
    let mut reports = ReportSet::new(Vec::new());
    let mut catalogue = Catalogue::default();
    for message in receiver {
        match message {
            ThreadMessage::Begin(all) => reports = all,
            ThreadMessage::Inputs(inputs) => {
                for input in inputs {
                    take(&mut reports, &mut catalogue, &input);
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

fn take(reports: &mut ReportSet, catalogue: &mut Catalogue, input: &ReportInput) {
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
