//! `junit`: XML for Jenkins and similar tools, a suite per feature.
//!
//! Every planned scenario is one test case, whatever its result is. Failures outside scenarios (files with
//! errors, the run itself) are test cases too, because a report without failures means a green run.

mod case;
mod directory;
mod lock;
mod names;
mod xml;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus};

use self::case::{Kind, date_time};
use self::directory::Directory;
use self::names::Names;
use self::xml::{Suite, Texts};
use super::attempt::Attempt;
use super::catalogue::Catalogue;
use super::options::JunitOptions;
use super::output::Output;
use super::summary::{ReportedParseError, RunError};
use super::{Finish, Reporter, Summary};
use crate::event::{DEFINED_ORDER, Event, RunErrorKind};

/// The class of what is no scenario.
const ERRORS: &str = "bdd.Errors of the run";

/// Collects the results and writes them in plan order at the end.
pub(super) struct Junit {
    target: JunitTarget,
    collected: Collected,
}

/// The results of the scenarios.
struct Collected {
    options: JunitOptions,
    /// By ordinal: the attempts of a scenario.
    results: Vec<Vec<Arc<Attempt>>>,
    /// By ordinal: why there was no attempt.
    not_run: HashMap<u32, String>,
    properties: Vec<(&'static str, String)>,
}

enum JunitTarget {
    File(Output),
    Directory(Directory),
}

impl Junit {
    /// One file with all suites.
    pub(super) fn file(output: Output, options: JunitOptions) -> Self {
        Self::new(JunitTarget::File(output), options)
    }

    /// A file for each suite.
    pub(super) fn directory(path: PathBuf, options: JunitOptions) -> Self {
        Self::new(JunitTarget::Directory(Directory::new(path)), options)
    }

    /// What is wrong with writing into this folder now, if something is.
    pub(super) fn warning_of(path: &Path) -> Option<String> {
        Directory::has_other_run(path).then(|| {
            "another run of bdd writes into this folder at this moment: the run that ends last replaces the reports of \
             the other"
                .to_owned()
        })
    }

    fn new(target: JunitTarget, options: JunitOptions) -> Self {
        let collected = Collected {
            options,
            results: Vec::new(),
            not_run: HashMap::new(),
            properties: Vec::new(),
        };
        Junit { target, collected }
    }
}

impl Collected {
    fn event(&mut self, event: &Event, catalogue: &Catalogue) {
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

    fn keep(&mut self, attempt: Arc<Attempt>, catalogue: &Catalogue) {
        let slot = attempt.place.ordinal as usize;
        if self.results.len() <= slot {
            self.results
                .resize_with(catalogue.len().max(slot + 1), Vec::new);
        }
        let results = &mut self.results[slot];
        if results.is_empty() {
            results.reserve_exact(1);
        }
        results.push(attempt);
    }

    fn results(&self, ordinal: u32) -> &[Arc<Attempt>] {
        self.results
            .get(ordinal as usize)
            .map_or(&[], Vec::as_slice)
    }

    /// Makes one suite after the other and passes each to `write`, with the path of its feature.
    fn suites(
        &self,
        summary: &Summary,
        catalogue: &Catalogue,
        write: &mut dyn FnMut(&str, Suite) -> io::Result<()>,
    ) -> io::Result<()> {
        let features = catalogue.features();
        let by_file = self.options.by_file;
        let classes = names::classes(features.iter().map(AsRef::as_ref), by_file);
        let mut names = Names::default();
        for (index, (feature, class)) in features.iter().zip(&classes).enumerate() {
            write(
                &feature.uri,
                self.feature_suite((summary, catalogue), index, class, &mut names),
            )?;
        }
        for errors in summary
            .parse_errors
            .chunk_by(|one, other| one.uri == other.uri)
        {
            write(&errors[0].uri, self.parse_error_suite(errors, &mut names))?;
        }
        if !summary.run_errors.is_empty() {
            write("bdd", self.run_error_suite(&summary.run_errors, &mut names))?;
        }
        Ok(())
    }

    fn feature_suite(
        &self,
        (summary, catalogue): (&Summary, &Catalogue),
        index: usize,
        class: &str,
        names: &mut Names,
    ) -> Suite {
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
            let attempts = self.results(place.ordinal);
            let first = attempts.iter().filter_map(|attempt| attempt.at).min();
            started = [started, first].into_iter().flatten().min();
            nanos = nanos.saturating_add(attempts.last().map_or(0, |last| last.nanos));
            let name = names.unique(class, &names::scenario(feature, scenario));
            if self.is_left_out(catalogue, attempts) {
                continue;
            }
            let not_run = self.not_run.get(&place.ordinal).map(String::as_str);
            suite.model.add_test_case(case::test_case(
                &mut suite.texts,
                catalogue,
                (&feature.uri, scenario),
                attempts,
                not_run,
                (class, &name),
                self.options,
            ));
        }
        suite.model.set_time(Duration::from_nanos(nanos));
        if let Some(started) = started.and_then(date_time) {
            suite.model.set_timestamp(started);
        }
        suite
    }

    /// Whether the options leave out a scenario with these attempts.
    fn is_left_out(&self, catalogue: &Catalogue, attempts: &[Arc<Attempt>]) -> bool {
        !self.options.skipped && case::kind(catalogue, attempts) == Kind::Skipped
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

    fn run_error_suite(&self, errors: &[RunError], names: &mut Names) -> Suite {
        let mut suite = self.suite("bdd");
        for error in errors {
            let name = names.unique(ERRORS, &names::run_error(error));
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
            suite.model.add_test_case(error_case(
                &mut suite.texts,
                (ERRORS, &name),
                kind,
                &error.message,
                &error.detail,
            ));
            if !error.output.is_empty()
                && let Some(case) = suite.model.test_cases.last_mut()
            {
                case.set_system_out(suite.texts.content(&error.output));
            }
        }
        suite
    }

    /// The frame of a file with all suites. The totals are at the top.
    fn frame(&self, summary: &Summary, catalogue: &Catalogue) -> io::Result<xml::Frame> {
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
            let attempts = self.results.get(ordinal).map_or(&[][..], Vec::as_slice);
            if self.is_left_out(catalogue, attempts) {
                report.tests -= 1;
                continue;
            }
            match case::kind(catalogue, attempts) {
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

fn error_case(
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

impl Reporter for Junit {
    fn event(&mut self, event: &Event, catalogue: &Catalogue) -> io::Result<()> {
        self.collected.event(event, catalogue);
        match &mut self.target {
            JunitTarget::Directory(directory) if matches!(event, Event::RunStarted { .. }) => {
                directory.begin()
            }
            _ => Ok(()),
        }
    }

    fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) -> io::Result<()> {
        let attempt = Arc::clone(finish.attempt);
        self.collected.keep(attempt, catalogue);
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, catalogue: &Catalogue) -> io::Result<()> {
        match &mut self.target {
            JunitTarget::Directory(directory) => directory.replace(|files| {
                self.collected
                    .suites(summary, catalogue, &mut |uri, suite| {
                        files.write(uri, suite)
                    })
            }),
            JunitTarget::File(output) => {
                let frame = self.collected.frame(summary, catalogue)?;
                output.write_all(frame.head.as_bytes())?;
                self.collected
                    .suites(summary, catalogue, &mut |_, suite| suite.write(output))?;
                output.write_all(frame.tail.as_bytes())?;
                output.commit()
            }
        }
    }
}
