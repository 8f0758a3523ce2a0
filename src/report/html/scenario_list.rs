//! All features with their scenarios, in plan order.
//!
//! A scenario is a row that opens. In a long report, the steps of one that needs no attention are in a `noscript`: a
//! browser that runs the script reads that as one text and has next to nothing to do until somebody opens the row, and a
//! browser without script shows it. (In elements `script`, 10,000 such texts took Chromium 9 s, in `noscript` 2 s.)

use std::fmt::Write as _;
use std::io::{self, Write};

use super::attempt_markup::paragraph;
use super::record::{AttemptRecord, Piece, ScenarioRecord, written};
use super::record_file::RecordReader;
use super::trend::{push_marks, push_trend};
use crate::event::Status;
use crate::html::markup::push_line;
use crate::plan::hash;
use crate::plan::{PlannedFeature, PlannedScenario};
use crate::report::catalogue::{Catalogue, Place, rule_of};
use crate::report::part_file::PartReader;
use crate::report::summary::{Counts, Summary, Verdict};
use crate::report::timestamp;
use crate::report::{text, trouble};

/// With more scenarios than this, the steps of those that need no attention wait until the row is opened.
const LAZY_FROM: usize = 1000;
/// Up to this number of scenarios, all features are open.
const OPEN_UP_TO: usize = 50;
/// The bytes of attachments and output that the page may hold in addition to its other parts.
const ROOM: u64 = 16 << 20;

/// The name of a scenario in the address of the page. It is the same in every run.
pub(in crate::report) fn anchor(scenario: &PlannedScenario) -> u64 {
    hash::mix(hash::of_bytes(scenario.id.bytes()))
}

pub(super) fn feature_anchor(index: usize) -> String {
    format!("f-{}", index + 1)
}

/// The title of a feature, or its path when it has none.
pub(super) fn feature_title(feature: &PlannedFeature) -> &str {
    if feature.name.is_empty() {
        &feature.uri
    } else {
        &feature.name
    }
}

/// Writes the list.
pub(super) struct ScenarioList<'a> {
    pub(super) records: RecordReader,
    pub(super) catalogue: &'a Catalogue,
    pub(super) summary: &'a Summary,
    lazy: bool,
    /// The room that is left for scenarios that need attention, and for the others.
    room: [u64; 2],
}

impl<'a> ScenarioList<'a> {
    pub(super) fn new(
        records: RecordReader,
        catalogue: &'a Catalogue,
        summary: &'a Summary,
    ) -> Self {
        Self {
            records,
            catalogue,
            summary,
            lazy: catalogue.len() > LAZY_FROM,
            room: [0, ROOM],
        }
    }

    /// Keeps room for scenarios that need attention and so many bytes that may be left out.
    pub(super) fn reserve(&mut self, needed: u64) {
        let attention = needed.min(ROOM);
        self.room = [attention, ROOM - attention];
    }

    /// The scenarios of a feature that this run reports, in plan order.
    pub(super) fn scenarios_of(
        &self,
        feature: usize,
    ) -> impl Iterator<Item = (Place, &'a PlannedScenario)> + use<'a> {
        let (catalogue, summary) = (self.catalogue, self.summary);
        let scenarios = catalogue.features()[feature].scenarios.iter();
        scenarios.filter_map(move |scenario| {
            let place = catalogue.place(scenario.index)?;
            // Another process reports it.
            let elsewhere = summary.elsewhere.contains(&scenario.index);
            (place.feature as usize == feature && !elsewhere).then_some((place, scenario))
        })
    }

    /// Writes all features.
    pub(super) fn write(
        &mut self,
        output: &mut impl Write,
        parts: &mut PartReader,
    ) -> io::Result<()> {
        for index in 0..self.catalogue.features().len() {
            self.feature(index, output, parts)?;
        }
        Ok(())
    }

    fn feature(
        &mut self,
        index: usize,
        output: &mut impl Write,
        parts: &mut PartReader,
    ) -> io::Result<()> {
        let feature = &*self.catalogue.features()[index];
        let mut counts = Counts::default();
        let mut nanos = 0u64;
        let mut attention = self.catalogue.len() <= OPEN_UP_TO;
        for (place, _) in self.scenarios_of(index) {
            let record = self.records.scenario(place)?;
            *counts.of(record.verdict()) += 1;
            nanos = nanos.saturating_add(record.nanos());
            attention |= record.needs_attention();
        }
        if counts.total() == 0 {
            return Ok(());
        }
        let mut out = String::new();
        push_feature_head(&mut out, index, feature, &counts, nanos, attention);
        let mut rule = None;
        for (place, scenario) in self.scenarios_of(index) {
            if scenario.rule != rule {
                rule = scenario.rule;
                push_rule(&mut out, feature, scenario);
            }
            self.scenario(&mut out, (place, scenario), output, parts)?;
        }
        out.push_str("</details>\n");
        output.write_all(out.as_bytes())
    }

    fn scenario(
        &mut self,
        out: &mut String,
        (place, scenario): (Place, &PlannedScenario),
        output: &mut impl Write,
        parts: &mut PartReader,
    ) -> io::Result<()> {
        let record = self.records.scenario(place)?;
        let attention = record.needs_attention();
        self.push_scenario_head(out, place, scenario, &record);
        let lazy = self.lazy && !attention;
        // Nothing in it can end the element: all that begins a tag is escaped, and the page itself has no such text.
        out.push_str(if lazy {
            "<noscript><div class=bo>"
        } else {
            "<div class=bo>"
        });
        self.push_scenario_facts(out, place, scenario, &record);
        let several = record.attempts.len() > 1;
        for attempt in &record.attempts {
            if several {
                push_attempt_head(out, attempt);
            }
            for piece in &attempt.pieces {
                if !self.has_room(*piece, attention) {
                    paragraph(out, "no", "Not included, as the page would be too large.");
                    continue;
                }
                output.write_all(out.as_bytes())?;
                out.clear();
                parts.copy(piece.part, output)?;
            }
            if several {
                out.push_str("</section>");
            }
        }
        if record.deciding().is_none() {
            paragraph(out, "no", &format!("Not run: {}", record.reason()));
        }
        out.push_str(if lazy { "</div></noscript>" } else { "</div>" });
        out.push_str("</details>\n");
        Ok(())
    }

    /// Takes the room that a piece needs.
    fn has_room(&mut self, piece: Piece, attention: bool) -> bool {
        if !piece.optional {
            return true;
        }
        let room = &mut self.room[usize::from(!attention)];
        match room.checked_sub(piece.part.length()) {
            Some(left) => {
                *room = left;
                true
            }
            None => false,
        }
    }

    fn push_scenario_head(
        &self,
        out: &mut String,
        place: Place,
        scenario: &PlannedScenario,
        record: &ScenarioRecord,
    ) {
        let verdict = record.verdict();
        let (class, word) = written(verdict);
        let _ = write!(
            out,
            "<details class=\"sc {class}\" id=s-{:016x}",
            anchor(scenario)
        );
        if record.is_flaky() {
            out.push_str(" data-flaky");
        }
        if record.needs_attention() {
            out.push_str(" open");
        }
        let _ = write!(out, "><summary><i>{word}</i> ");
        let (feature, _) = self.catalogue.at(place);
        let level = if rule_of(feature, scenario).is_some() {
            5
        } else {
            4
        };
        let _ = write!(out, "<h{level}>");
        push_line(out, &trouble::label(scenario));
        let _ = write!(out, "</h{level}>");
        for tag in &*scenario.tags {
            out.push_str(" <u>");
            push_line(out, tag);
            out.push_str("</u>");
        }
        if record.is_flaky() {
            out.push_str(" <em>flaky</em>");
        }
        if let Some(trend) = &record.trend {
            push_marks(out, trend);
        }
        let attempts = record.attempts.len();
        out.push_str(" <small>");
        if attempts > 1 {
            let _ = write!(out, "{attempts} attempts · ");
        }
        let _ = write!(out, "{}</small></summary>", text::duration(record.nanos()));
    }

    fn push_scenario_facts(
        &self,
        out: &mut String,
        place: Place,
        scenario: &PlannedScenario,
        record: &ScenarioRecord,
    ) {
        let (feature, _) = self.catalogue.at(place);
        out.push_str("<p class=pl><code>");
        push_line(out, &format!("{}:{}", feature.uri, scenario.location.line));
        out.push_str("</code>");
        if let Some(attempt) = record.deciding() {
            if let Some(worker) = attempt.worker {
                let _ = write!(out, " · worker {}", u64::from(worker) + 1);
            }
            if let Some(at) = attempt.at.and_then(timestamp::time) {
                let _ = write!(out, " · {at}");
            }
        }
        out.push_str("</p>");
        if let Some(trend) = &record.trend {
            push_trend(out, trend, record);
        }
        if !scenario.description.trim().is_empty() {
            paragraph(out, "de", scenario.description.trim());
        }
    }
}

fn push_attempt_head(out: &mut String, attempt: &AttemptRecord) {
    let (class, word) = written(attempt.verdict.unwrap_or(Verdict::NotRun));
    let word = if attempt.verdict.is_none() {
        "stopped"
    } else {
        word
    };
    let _ = write!(
        out,
        "<section class=\"at {class}\"><h6>Attempt {}: <i>{word}</i> <small>{}</small></h6>",
        u64::from(attempt.number) + 1,
        text::duration(attempt.nanos)
    );
}

fn push_feature_head(
    out: &mut String,
    index: usize,
    feature: &PlannedFeature,
    counts: &Counts,
    nanos: u64,
    open: bool,
) {
    let (class, word) = written(counts.result());
    let _ = write!(
        out,
        "<details class=\"ft {class}\" id={}{}><summary><i>{word}</i> <h3>",
        feature_anchor(index),
        if open { " open" } else { "" }
    );
    push_line(out, feature_title(feature));
    out.push_str("</h3>");
    for tag in &feature.tags {
        out.push_str(" <u>");
        push_line(out, tag);
        out.push_str("</u>");
    }
    out.push_str(" <small>");
    let mut facts = vec![text::plural(counts.total(), "scenario")];
    for verdict in super::counts::VERDICTS {
        let count = super::counts::number(counts, verdict);
        if count > 0 && verdict != Verdict::Status(Status::Passed) {
            facts.push(format!("{count} {}", written(verdict).1));
        }
    }
    facts.push(text::duration(nanos));
    out.push_str(&facts.join(" · "));
    out.push_str("</small></summary>");
    if !feature.name.is_empty() {
        out.push_str("<p class=pl><code>");
        push_line(out, &feature.uri);
        out.push_str("</code></p>");
    }
    if !feature.description.trim().is_empty() {
        paragraph(out, "de", feature.description.trim());
    }
    out.push('\n');
}

fn push_rule(out: &mut String, feature: &PlannedFeature, scenario: &PlannedScenario) {
    let Some(rule) = rule_of(feature, scenario) else {
        return;
    };
    out.push_str("<h4 class=ru><span>");
    push_line(out, &rule.keyword);
    out.push_str("</span> ");
    push_line(out, &rule.name);
    out.push_str("</h4>");
    if !rule.description.trim().is_empty() {
        paragraph(out, "de", rule.description.trim());
    }
}
