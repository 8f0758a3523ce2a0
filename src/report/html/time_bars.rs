//! The features that took the longest, as bars.

use std::fmt::Write;

use super::scenario_list::{feature_anchor, feature_title};
use crate::html::markup::push_line;
use crate::plan::PlannedFeature;
use crate::report::text;

/// How many features are shown.
const MOST: usize = 12;

/// A feature and the time of its scenarios.
pub(super) struct FeatureTime<'a> {
    pub(super) feature: &'a PlannedFeature,
    pub(super) index: usize,
    pub(super) nanos: u64,
    pub(super) scenarios: usize,
}

/// The table, with a bar for each feature. Nothing if no feature took any time.
pub(super) fn push_time_bars(out: &mut String, mut times: Vec<FeatureTime<'_>>) {
    times.retain(|time| time.nanos > 0);
    times.sort_by_key(|time| (std::cmp::Reverse(time.nanos), time.index));
    let Some(longest) = times.first().map(|time| time.nanos) else {
        return;
    };
    let more = times.len().saturating_sub(MOST);
    out.push_str("<h3>Time by feature</h3><table class=tf>");
    for time in times.iter().take(MOST) {
        let _ = write!(
            out,
            "<tr><th scope=row><a href=\"#{}\">",
            feature_anchor(time.index)
        );
        push_line(out, feature_title(time.feature));
        let _ = write!(
            out,
            "</a><td><svg class=tm aria-hidden=true viewBox=\"0 0 1000 10\" preserveAspectRatio=none width=\"100%\" \
             height=10><rect fill=\"#4a7fc1\" width={:.1} height=10 /></svg><td>{}<td>{}",
            relative(time.nanos, longest),
            text::duration(time.nanos),
            text::plural(time.scenarios, "scenario"),
        );
    }
    out.push_str("</table>");
    if more > 0 {
        let more = text::plural(more, "feature");
        let _ = write!(out, "<p class=no>… and {more} that took less time</p>");
    }
    out.push('\n');
}

/// A time in thousandths of another one.
#[allow(clippy::cast_precision_loss, reason = "it is for a drawing")]
fn relative(nanos: u64, longest: u64) -> f64 {
    nanos as f64 / longest as f64 * 1000.0
}
