//! Moments, in UTC: a replay on another machine shows the same.

use chrono::DateTime;

use crate::event::Timestamp;

/// `2026-01-31 12:00:00 UTC`. `None` for a moment that no calendar has.
pub(crate) fn moment(at: Timestamp) -> Option<String> {
    let time = DateTime::from_timestamp_micros(i64::try_from(at.0).ok()?)?;
    Some(time.naive_utc().format("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// `12:00:00.123 UTC`.
pub(super) fn time(at: Timestamp) -> Option<String> {
    let time = DateTime::from_timestamp_micros(i64::try_from(at.0).ok()?)?;
    Some(time.naive_utc().format("%H:%M:%S%.3f UTC").to_string())
}
