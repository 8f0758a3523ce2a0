//! Attachments of steps and hooks.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::HookPlace;

/// What attached something: a step of an attempt, or a hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentSource {
    /// A step.
    Step {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// The step.
        step: u32,
    },
    /// A step that the plan does not have.
    ExtraStep {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// The step.
        extra: u32,
    },
    /// A hook.
    Hook {
        /// The hook.
        hook: u32,
        /// What it runs for.
        place: HookPlace,
    },
}

/// The content of an attachment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentBody {
    /// A text.
    Text(String),
    /// Bytes, in Base64 (RFC 4648, with padding).
    Base64(String),
    /// A file that may be read only while the event is handled. The `events` format writes it as
    /// [`AttachmentBody::Base64`].
    File(PathBuf),
}
