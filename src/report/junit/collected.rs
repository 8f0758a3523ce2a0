//! What is kept of a run, and the suites that it becomes in plan order at the end.

use std::borrow::Cow;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus};

use foldhash::{HashMap, HashMapExt, HashSet};

use super::attachments::ScenarioFiles;
use super::case::{self, CaseFrame, Kind, date_time};
use super::names::{self, Names};
use super::xml::{self, Suite, Texts};
use crate::event::{DEFINED_ORDER, Event, RunErrorKind};
use crate::report::attempt::Attempt;
use crate::report::attempt_store::{AttemptStore, StoredAttempts};
use crate::report::catalogue::Catalogue;
use crate::report::options::JunitOptions;
use crate::report::summary::{ReportedParseError, RunError, Summary};

/// The class of what is no scenario.
pub(super) const ERRORS: &str = "bdd.Errors of the run";

/// The results of the scenarios.
pub(super) struct Collected {
    options: JunitOptions,
    attempts: AttemptStore,
    /// By ordinal: how Jenkins counts a scenario with the attempts that it has so far.
    kinds: Vec<Option<Kind>>,
    /// By ordinal: why there was no attempt.
    not_run: HashMap<u32, String>,
    properties: Vec<(&'static str, String)>,
    /// The link to the HTML report of the run.
    html: Option<String>,
}

/// What the suites are made of, apart from the attempts.
#[derive(Clone, Copy)]
struct SuiteSources<'a> {
    summary: &'a Summary,
    catalogue: &'a Catalogue,
    /// By ordinal: the attached files of a scenario.
    attached: &'a HashMap<u32, ScenarioFiles>,
}

impl Collected {
    /// Nothing yet, of a report in this folder.
    pub(super) fn new(options: JunitOptions, folder: &Path) -> Self {
        Collected {
            options,
            attempts: AttemptStore::new(folder),
            kinds: Vec::new(),
            not_run: HashMap::new(),
            properties: Vec::new(),
            html: None,
        }
    }

    /// Lets test cases link to an HTML report. The first one that is known stays: a report that is written at the same time
    /// is a better target than that of the run.
    pub(super) fn link_to(&mut self, html: String) {
        self.html.get_or_insert(html);
    }

    pub(super) fn event(&mut self, event: &Event, catalogue: &Catalogue) {
        match event {
            Event::RunStarted {
                bdd,
                jobs,
                order,
                shard,
                ..
            } => {
                self.properties = vec![("bdd", bdd.clone()), ("jobs", jobs.to_string())];
                if order != DEFINED_ORDER {
                    self.properties.push(("order", order.clone()));
                }
                if let Some(shard) = shard {
                    self.properties.push(("shard", shard.shard.clone()));
                }
            }
            Event::ScenarioNotRun { scenario, reason } => {
                if let Some(place) = catalogue.place(*scenario) {
                    self.not_run.insert(place.ordinal, reason.clone());
                }
            }
            _ => {}
        }
    }

    pub(super) fn keep(&mut self, attempt: &Arc<Attempt>, catalogue: &Catalogue) -> io::Result<()> {
        let slot = attempt.place.ordinal as usize;
        if self.kinds.len() <= slot {
            self.kinds.resize(catalogue.len().max(slot + 1), None);
        }
        let kind = &mut self.kinds[slot];
        // A cancelled attempt does not count after a failed one.
        if kind.is_none() || !attempt.cancelled() {
            *kind = Some(case::kind(catalogue, attempt));
        }
        self.attempts.keep(attempt, catalogue.len())
    }

    /// How Jenkins counts a scenario.
    fn kind(&self, ordinal: usize) -> Kind {
        let kind = self.kinds.get(ordinal).copied().flatten();
        kind.unwrap_or(Kind::Skipped)
    }

    /// Makes one suite after the other and passes each to `write`, with the path of its feature. Attempts are given away.
    pub(super) fn suites(
        &mut self,
        (summary, catalogue): (&Summary, &Catalogue),
        attached: &HashMap<u32, ScenarioFiles>,
        write: &mut dyn FnMut(&str, Suite) -> io::Result<()>,
    ) -> io::Result<()> {
        let features = catalogue.features();
        let by_file = self.options.by_file;
        let classes = names::classes(features.iter().map(AsRef::as_ref), by_file);
        let mut names = Names::default();
        let mut attempts = self.attempts.end()?;
        let sources = SuiteSources {
            summary,
            catalogue,
            attached,
        };
        let (mut of_features, outside) = errors_by_feature(summary, catalogue);
        for (index, (feature, class)) in features.iter().zip(&classes).enumerate() {
            let mut suite =
                self.feature_suite(sources, (index, class), &mut names, &mut attempts)?;
            // Parts of a feature may come from several files of events: the first has its errors.
            if let Some(errors) = of_features.remove(&*feature.uri) {
                add_errors(&mut suite, &errors, class, &mut names);
            }
            write(&feature.uri, suite)?;
        }
        for errors in summary
            .parse_errors
            .chunk_by(|one, other| one.uri == other.uri)
        {
            write(&errors[0].uri, self.parse_error_suite(errors, &mut names))?;
        }
        if !outside.is_empty() {
            let mut suite = self.suite("bdd");
            add_errors(&mut suite, &outside, ERRORS, &mut names);
            write("bdd", suite)?;
        }
        Ok(())
    }

    fn feature_suite(
        &self,
        sources: SuiteSources<'_>,
        (index, class): (usize, &str),
        names: &mut Names,
        attempts: &mut StoredAttempts,
    ) -> io::Result<Suite> {
        let SuiteSources {
            summary, catalogue, ..
        } = sources;
        let feature = &*catalogue.features()[index];
        let mut suite = self.suite(&feature.uri);
        suite.model.add_property(property("feature", &feature.name));
        suite
            .model
            .add_property(property("language", &feature.language));
        if !feature.tags.is_empty() {
            suite
                .model
                .add_property(property("tags", &feature.tags.join(" ")));
        }
        let mut started = None;
        let mut nanos = 0u64;
        for scenario in &feature.scenarios {
            let Some(place) = catalogue
                .place(scenario.index)
                .filter(|place| place.feature as usize == index)
                // Another process reports it.
                .filter(|_| !summary.elsewhere.contains(&scenario.index))
            else {
                continue;
            };
            let attempts = attempts.take(place.ordinal)?;
            let first = attempts.iter().filter_map(|attempt| attempt.at).min();
            started = [started, first].into_iter().flatten().min();
            nanos = nanos.saturating_add(attempts.last().map_or(0, |last| last.nanos));
            let name = names.unique(class, &names::scenario(feature, scenario));
            if self.is_left_out(place.ordinal as usize) {
                continue;
            }
            let frame = CaseFrame {
                uri: &feature.uri,
                scenario,
                class,
                name: &name,
                not_run: self.not_run.get(&place.ordinal).map(String::as_str),
                files: sources.attached.get(&place.ordinal),
                html: self.html.as_deref(),
                options: self.options,
            };
            let case = case::test_case(&mut suite.texts, catalogue, &frame, &attempts);
            suite.model.add_test_case(case);
        }
        suite.model.set_time(Duration::from_nanos(nanos));
        if let Some(started) = started.and_then(date_time) {
            suite.model.set_timestamp(started);
        }
        Ok(suite)
    }

    /// Whether the options leave out a scenario.
    fn is_left_out(&self, ordinal: usize) -> bool {
        !self.options.skipped && self.kind(ordinal) == Kind::Skipped
    }

    fn suite(&self, name: &str) -> Suite {
        let mut suite = Suite::new(name);
        suite.model.add_properties(
            self.properties
                .iter()
                .map(|(name, value)| property(name, value)),
        );
        suite
    }

    fn parse_error_suite(&self, errors: &[ReportedParseError], names: &mut Names) -> Suite {
        let uri = &errors[0].uri;
        let class = names::in_package(uri, names::stem(uri));
        let mut suite = self.suite(uri);
        for error in errors {
            let name = names.unique(&class, "parse error");
            suite.model.add_test_case(error_case(
                &mut suite.texts,
                (&class, &name),
                "ParseError",
                &error.message,
                &error.diagnostic,
            ));
        }
        suite
    }

    /// The frame of a file with all suites. The totals are at the top.
    pub(super) fn frame(&self, summary: &Summary, catalogue: &Catalogue) -> io::Result<xml::Frame> {
        let mut report = Report::new("bdd");
        report.set_time(Duration::from_nanos(summary.nanos));
        report.tests = catalogue.len() - summary.elsewhere.len();
        let elsewhere = summary.elsewhere.iter();
        let elsewhere: HashSet<u32> = elsewhere
            .filter_map(|scenario| Some(catalogue.place(*scenario)?.ordinal))
            .collect();
        let ordinals = (0..catalogue.len()).filter(|ordinal| {
            u32::try_from(*ordinal).is_ok_and(|ordinal| !elsewhere.contains(&ordinal))
        });
        for ordinal in ordinals {
            if self.is_left_out(ordinal) {
                report.tests -= 1;
                continue;
            }
            match self.kind(ordinal) {
                Kind::Success => {}
                Kind::Failure => report.failures += 1,
                Kind::Error => report.errors += 1,
                Kind::Skipped => report.skipped += 1,
            }
        }
        let outside = summary.parse_errors.len() + summary.run_errors.len();
        report.tests += outside;
        report.errors += outside;
        xml::frame(&report, "")
    }
}

/// The errors outside of scenarios: those of each feature by its path, and the others.
fn errors_by_feature<'s>(
    summary: &'s Summary,
    catalogue: &'s Catalogue,
) -> (HashMap<&'s str, Vec<&'s RunError>>, Vec<&'s RunError>) {
    let features = catalogue.features().iter();
    let mut of_features: HashMap<&str, Vec<&RunError>> = features
        .map(|feature| (&*feature.uri, Vec::new()))
        .collect();
    let mut outside = Vec::new();
    for error in &summary.run_errors {
        let feature = error.feature.as_deref();
        match feature.and_then(|feature| of_features.get_mut(feature)) {
            Some(own) => own.push(error),
            None => outside.push(error),
        }
    }
    (of_features, outside)
}

/// Adds a test case for each of these errors.
fn add_errors(suite: &mut Suite, errors: &[&RunError], class: &str, names: &mut Names) {
    for error in errors {
        let name = names.unique(class, &names::run_error(error));
        let kind = match error.kind {
            RunErrorKind::StepProgram => "StepProgram",
            RunErrorKind::Worker => "Worker",
            RunErrorKind::Hook => "Hook",
            RunErrorKind::Fixture => "Fixture",
            RunErrorKind::Report => "Report",
            RunErrorKind::Interrupted => "Interrupted",
            RunErrorKind::TimeLimit => "TimeLimit",
            RunErrorKind::Aftermath => "Aftermath",
            RunErrorKind::Aborted => "Aborted",
            RunErrorKind::Unexplained => "Unexplained",
        };
        let mut case = error_case(
            &mut suite.texts,
            (class, &name),
            kind,
            &error.message,
            &error.detail,
        );
        if !error.output.is_empty() {
            case.set_system_out(suite.texts.content(&error.output));
        }
        suite.model.add_test_case(case);
    }
}

/// The test case of an error outside scenarios.
pub(super) fn error_case(
    texts: &mut Texts,
    (class, name): (&str, &str),
    kind: &str,
    message: &str,
    detail: &str,
) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(xml::attribute(message));
    status.set_type(kind);
    let says_it = kind == "ParseError" && !detail.is_empty();
    let body = if says_it || detail.contains(message) {
        Cow::Borrowed(detail)
    } else {
        Cow::Owned(format!("{message}\n{detail}"))
    };
    status.set_description(texts.content(body.trim_end()));
    let mut case = TestCase::new(name, status);
    case.set_classname(class);
    case.set_time(Duration::ZERO);
    case
}

fn property(name: &str, value: &str) -> Property {
    Property::new(name, xml::attribute(value))
}
