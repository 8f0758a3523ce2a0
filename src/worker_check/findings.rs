//! What a check has found, has checked and could not check.

use std::collections::BTreeMap;

use super::rules::{ProtocolRule, Topic};

/// A rule that a program breaks.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static ProtocolRule,
    /// Where it is reported.
    pub topic: Topic,
    /// The message that breaks it, as a line of JSON; empty if one is missing.
    pub message: String,
    /// What was wrong, as a sentence.
    pub detail: String,
    /// How often it was broken.
    pub times: usize,
}

/// All that a check has to report.
#[derive(Debug, Default)]
pub struct Findings {
    all: Vec<Finding>,
    checked: BTreeMap<Topic, Vec<String>>,
    unchecked: BTreeMap<Topic, Vec<String>>,
}

impl Findings {
    /// Adds a finding. One that is there already counts once more.
    pub fn add(
        &mut self,
        rule: &'static ProtocolRule,
        topic: Topic,
        message: impl Into<String>,
        detail: impl Into<String>,
    ) {
        let topic = rule.topic.unwrap_or(topic);
        let known = |one: &&mut Finding| one.rule == rule && one.topic == topic;
        if let Some(finding) = self.all.iter_mut().find(known) {
            finding.times += 1;
            return;
        }
        self.all.push(Finding {
            rule,
            topic,
            message: message.into(),
            detail: detail.into(),
            times: 1,
        });
    }

    /// Notes that something of a topic was checked to its end.
    pub fn checked(&mut self, topic: Topic, what: impl Into<String>) {
        note(&mut self.checked, topic, what.into());
    }

    /// Notes that something of a topic could not be checked, and why.
    pub fn not_checked(&mut self, topic: Topic, why: impl Into<String>) {
        note(&mut self.unchecked, topic, why.into());
    }

    /// All findings, by topic and then in the order in which they were found.
    pub fn all(&self) -> Vec<&Finding> {
        let mut all: Vec<&Finding> = self.all.iter().collect();
        all.sort_by_key(|finding| finding.topic);
        all
    }

    /// Whether a rule is broken.
    pub fn has(&self, rule: &ProtocolRule) -> bool {
        self.all.iter().any(|one| one.rule == rule)
    }

    /// How many findings a topic has.
    pub fn count(&self, topic: Topic) -> usize {
        self.all.iter().filter(|one| one.topic == topic).count()
    }

    /// What of a topic was checked.
    pub fn what_was_checked(&self, topic: Topic) -> &[String] {
        self.checked.get(&topic).map_or(&[], Vec::as_slice)
    }

    /// What of a topic was not checked.
    pub fn what_was_not_checked(&self, topic: Topic) -> &[String] {
        self.unchecked.get(&topic).map_or(&[], Vec::as_slice)
    }
}

fn note(notes: &mut BTreeMap<Topic, Vec<String>>, topic: Topic, text: String) {
    let notes = notes.entry(topic).or_default();
    if !notes.contains(&text) {
        notes.push(text);
    }
}
