//! What is reported of a worker process: its messages and its end.

use std::process::ExitStatus;
use std::sync::Arc;

use bdd_protocol::FromWorker;

/// What a worker's threads report.
#[derive(Debug)]
pub enum WorkerReport {
    /// Messages of the worker, in order.
    Messages(Vec<FromWorker>),
    /// The process is gone; nothing more comes from it.
    Gone(Death),
}

/// How a worker ended.
#[derive(Debug)]
pub struct Death {
    /// What the process exited with.
    pub status: Option<ExitStatus>,
    /// What it sent that is not the protocol.
    pub junk: Option<String>,
}

/// Takes the reports of all workers, each with the serial number of its process; false when
/// the run is over. It may block: that slows the worker down.
pub type Inbox = Arc<dyn Fn(u32, WorkerReport) -> bool + Send + Sync>;
