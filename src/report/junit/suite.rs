//! Suites: their test cases are written one after the other, and their numbers stand before them.

use std::io::{self, Write};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat};

use super::xml::Xml;
use crate::event::Timestamp;

/// How Jenkins counts a test case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Success,
    Failure,
    Error,
    Skipped,
}

/// A suite.
pub(super) struct Suite {
    name: String,
    numbers: CaseNumbers,
    started: Option<Timestamp>,
    nanos: Option<u64>,
    properties: Xml,
    cases: Xml,
}

/// How many test cases there are, and how Jenkins counts them.
#[derive(Clone, Copy, Default)]
pub(super) struct CaseNumbers {
    tests: usize,
    skipped: usize,
    errors: usize,
    failures: usize,
}

impl CaseNumbers {
    pub(super) fn count(&mut self, kind: Kind) {
        self.tests += 1;
        match kind {
            Kind::Success => {}
            Kind::Failure => self.failures += 1,
            Kind::Error => self.errors += 1,
            Kind::Skipped => self.skipped += 1,
        }
    }
}

impl Suite {
    /// A suite without test cases.
    pub(super) fn new(name: &str) -> Self {
        Suite {
            name: name.to_owned(),
            numbers: CaseNumbers::default(),
            started: None,
            nanos: None,
            properties: Xml::inside(3),
            cases: Xml::inside(2),
        }
    }

    /// Sets when its first scenario began, if one did, and how long its scenarios took.
    pub(super) fn set_times(&mut self, started: Option<Timestamp>, nanos: u64) {
        self.started = started;
        self.nanos = Some(nanos);
    }

    pub(super) fn add_property(&mut self, name: &str, value: &str) {
        property(&mut self.properties, name, value);
    }

    /// Adds the test case that `write` writes.
    pub(super) fn add_case(&mut self, write: impl FnOnce(&mut Xml) -> Kind) {
        let kind = write(&mut self.cases);
        self.numbers.count(kind);
    }

    pub(super) fn numbers(&self) -> CaseNumbers {
        self.numbers
    }

    /// Writes the suite as it stands inside a [`Frame`].
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let CaseNumbers {
            tests,
            skipped,
            errors,
            failures,
        } = self.numbers;
        let mut xml = Xml::inside(1);
        xml.element("testsuite", |xml| {
            xml.message("name", &self.name);
            number(xml, "tests", tests);
            number(xml, "skipped", skipped);
            number(xml, "errors", errors);
            number(xml, "failures", failures);
            if let Some(started) = self.started {
                timestamp(xml, started);
            }
            if let Some(nanos) = self.nanos {
                time(xml, nanos);
            }
            if !self.properties.is_empty() {
                xml.element("properties", |xml| xml.append(&self.properties));
            }
            xml.append(&self.cases);
        });
        out.write_all(xml.as_str().as_bytes())
    }
}

/// The parts of a document that stand around its suites. These are written one by one: a report of 100,000 scenarios is
/// never in memory at once.
pub(super) struct Frame {
    pub(super) head: String,
    pub(super) tail: &'static str,
}

impl Frame {
    /// The frame of suites with so many test cases, which took so long together. A comment stands on top.
    pub(super) fn new(numbers: CaseNumbers, nanos: Option<u64>, comment: Option<&str>) -> Self {
        let mut head = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        if let Some(comment) = comment {
            head.push_str(comment);
            head.push('\n');
        }
        let mut xml = Xml::default();
        xml.start_tag("testsuites", |xml| {
            xml.attribute("name", "bdd");
            // The schema of Jenkins has the number of skipped test cases in suites only.
            number(xml, "tests", numbers.tests);
            number(xml, "failures", numbers.failures);
            number(xml, "errors", numbers.errors);
            if let Some(nanos) = nanos {
                time(xml, nanos);
            }
        });
        head.push_str(xml.as_str());
        Self {
            head,
            tail: "</testsuites>\n",
        }
    }
}

/// A property of a suite or test case.
pub(super) fn property(xml: &mut Xml, name: &str, value: &str) {
    xml.element("property", |xml| {
        xml.attribute("name", name);
        xml.message("value", value);
    });
}

/// The attribute `time`: seconds.
pub(super) fn time(xml: &mut Xml, nanos: u64) {
    let seconds = Duration::from_nanos(nanos).as_secs_f64();
    xml.attribute("time", &format!("{seconds:.3}"));
}

/// The attribute `timestamp`, unless no calendar has the moment.
pub(super) fn timestamp(xml: &mut Xml, at: Timestamp) {
    let micros = i64::try_from(at.0).ok();
    if let Some(time) = micros.and_then(DateTime::from_timestamp_micros) {
        let time = time.to_rfc3339_opts(SecondsFormat::Millis, false);
        xml.attribute("timestamp", &time);
    }
}

fn number(xml: &mut Xml, name: &str, number: usize) {
    xml.attribute(name, &number.to_string());
}
