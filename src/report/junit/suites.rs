//! The suites of a report, made of what was kept of the run. They are in plan order, but several are made at the same time:
//! the run is over, and nothing else is left to do.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use foldhash::HashMap;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, XmlString};

use super::attachments::ScenarioFiles;
use super::case::{self, CaseFrame, date_time};
use super::collected::Collected;
use super::names::{self, Names};
use super::xml::{self, Attributes, RenderedSuite, Suite, Texts};
use crate::event::{RunErrorKind, Timestamp};
use crate::plan::{PlannedFeature, PlannedScenario};
use crate::report::attempt::Attempt;
use crate::report::attempt_store::StoredAttempts;
use crate::report::catalogue::Catalogue;
use crate::report::summary::{ReportedParseError, RunError, Summary};
use crate::side_by_side;

/// The class of what is no scenario.
pub(super) const ERRORS: &str = "bdd.Errors of the run";

/// Suites with about so many test cases are in memory at once.
const GROUP: usize = 512;

/// So many threads make them at most.
const THREADS: usize = 4;

/// A thread is worth that many test cases.
const CASES_OF_THREAD: usize = 64;

/// What the suites are made of, apart from the attempts.
#[derive(Clone, Copy)]
pub(super) struct SuiteSources<'a> {
    pub(super) summary: &'a Summary,
    pub(super) catalogue: &'a Catalogue,
    /// By ordinal: the attached files of a scenario.
    pub(super) attached: &'a HashMap<u32, ScenarioFiles>,
}

/// A feature that becomes a suite.
struct SuitePlan<'a> {
    feature: &'a PlannedFeature,
    class: &'a str,
    cases: Vec<CasePlan<'a>>,
    /// When its first attempt began.
    started: Option<Timestamp>,
    nanos: u64,
    /// The errors of the run that belong to it, with the names of their test cases.
    errors: Vec<(String, &'a RunError)>,
}

/// A scenario that becomes a test case.
struct CasePlan<'a> {
    scenario: &'a PlannedScenario,
    ordinal: u32,
    name: String,
    attempts: Vec<Arc<Attempt>>,
}

/// Makes all suites and passes each to `write`, with the path of its feature. Attempts are given away.
pub(super) fn write_all(
    collected: &mut Collected,
    sources: SuiteSources<'_>,
    write: &mut dyn FnMut(&str, RenderedSuite) -> io::Result<()>,
) -> io::Result<()> {
    let SuiteSources {
        summary, catalogue, ..
    } = sources;
    let mut attempts = collected.attempts.end()?;
    let maker = SuiteMaker { collected, sources };
    let features = catalogue.features();
    let by_file = maker.collected.options.by_file;
    let classes = names::classes(features.iter().map(AsRef::as_ref), by_file);
    let mut names = Names::default();
    let (mut of_features, outside) = errors_by_feature(summary, catalogue);
    let mut group = Vec::new();
    let mut cases = 0;
    for (index, class) in classes.iter().enumerate() {
        let mut plan = maker.plan((index, class), &mut names, &mut attempts)?;
        // Parts of a feature may come from several files of events: the first has its errors.
        if let Some(errors) = of_features.remove(&*features[index].uri) {
            plan.errors = named(&errors, class, &mut names);
        }
        cases += plan.cases.len();
        group.push(plan);
        if cases >= GROUP || index + 1 == classes.len() {
            for (plan, suite) in group.iter().zip(maker.render(&group, cases)?) {
                write(&plan.feature.uri, suite)?;
            }
            group.clear();
            cases = 0;
        }
    }
    let parse_errors = &summary.parse_errors;
    for errors in parse_errors.chunk_by(|one, other| one.uri == other.uri) {
        let suite = maker.parse_error_suite(errors, &mut names);
        write(&errors[0].uri, suite.render()?)?;
    }
    if !outside.is_empty() {
        let mut suite = maker.suite(xml::attribute("bdd"), &mut Attributes::default());
        add_errors(&mut suite, &named(&outside, ERRORS, &mut names), ERRORS);
        write("bdd", suite.render()?)?;
    }
    Ok(())
}

/// Makes suites.
#[derive(Clone, Copy)]
struct SuiteMaker<'a> {
    collected: &'a Collected,
    sources: SuiteSources<'a>,
}

impl<'a> SuiteMaker<'a> {
    /// Names the test cases of a feature and takes the attempts at its scenarios.
    fn plan(
        self,
        (index, class): (usize, &'a str),
        names: &mut Names,
        stored: &mut StoredAttempts,
    ) -> io::Result<SuitePlan<'a>> {
        let SuiteSources {
            summary, catalogue, ..
        } = self.sources;
        let feature = &*catalogue.features()[index];
        let mut plan = SuitePlan {
            feature,
            class,
            cases: Vec::with_capacity(feature.scenarios.len()),
            started: None,
            nanos: 0,
            errors: Vec::new(),
        };
        for scenario in &feature.scenarios {
            let Some(place) = catalogue
                .place(scenario.index)
                .filter(|place| place.feature as usize == index)
                // Another process reports it.
                .filter(|_| !summary.elsewhere.contains(&scenario.index))
            else {
                continue;
            };
            let attempts = stored.take(place.ordinal)?;
            let first = attempts.iter().filter_map(|attempt| attempt.at).min();
            plan.started = [plan.started, first].into_iter().flatten().min();
            let nanos = attempts.last().map_or(0, |last| last.nanos);
            plan.nanos = plan.nanos.saturating_add(nanos);
            let name = names.unique(class, &names::scenario(feature, scenario));
            if !self.collected.is_left_out(place.ordinal as usize) {
                plan.cases.push(CasePlan {
                    scenario,
                    ordinal: place.ordinal,
                    name,
                    attempts,
                });
            }
        }
        Ok(plan)
    }

    /// Makes the suites of a group with so many test cases, in threads as far as the system allows them.
    fn render(self, group: &[SuitePlan<'_>], cases: usize) -> io::Result<Vec<RenderedSuite>> {
        let threads = (cases / CASES_OF_THREAD).min(THREADS);
        let suites = side_by_side::map(
            group,
            (threads, "junit"),
            Attributes::default,
            |attributes, plan| self.feature_suite(plan, attributes).render(),
        );
        suites.into_iter().collect()
    }

    fn feature_suite(self, plan: &SuitePlan<'_>, attributes: &mut Attributes) -> Suite {
        let SuitePlan { feature, .. } = *plan;
        let Self { collected, sources } = self;
        let uri = xml::attribute(&feature.uri);
        let class = XmlString::new(plan.class);
        let mut suite = self.suite(uri.clone(), attributes);
        let mut add = |name: &str, value: &str| {
            suite.model.add_property(attributes.property(name, value));
        };
        add("feature", &feature.name);
        add("language", &feature.language);
        if !feature.tags.is_empty() {
            add("tags", &feature.tags.join(" "));
        }
        for case in &plan.cases {
            let frame = CaseFrame {
                uri: &uri,
                scenario: case.scenario,
                class: &class,
                name: &case.name,
                not_run: collected.not_run.get(&case.ordinal).map(String::as_str),
                files: sources.attached.get(&case.ordinal),
                html: collected.html.as_deref(),
                options: collected.options,
            };
            let made_with = (&mut suite.texts, &mut *attributes);
            let case = case::test_case(made_with, sources.catalogue, &frame, &case.attempts);
            suite.model.add_test_case(case);
        }
        suite.model.set_time(Duration::from_nanos(plan.nanos));
        if let Some(started) = plan.started.and_then(date_time) {
            suite.model.set_timestamp(started);
        }
        add_errors(&mut suite, &plan.errors, plan.class);
        suite
    }

    fn suite(self, name: XmlString, attributes: &mut Attributes) -> Suite {
        let mut suite = Suite::new(name);
        for (name, value) in &self.collected.properties {
            suite.model.add_property(attributes.property(name, value));
        }
        suite
    }

    fn parse_error_suite(self, errors: &[ReportedParseError], names: &mut Names) -> Suite {
        let uri = &errors[0].uri;
        let class = names::in_package(uri, names::stem(uri));
        let mut suite = self.suite(xml::attribute(uri), &mut Attributes::default());
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

/// These errors with the names of their test cases.
fn named<'e>(
    errors: &[&'e RunError],
    class: &str,
    names: &mut Names,
) -> Vec<(String, &'e RunError)> {
    let errors = errors.iter();
    let named = errors.map(|error| (names.unique(class, &names::run_error(error)), *error));
    named.collect()
}

/// Adds a test case for each of these errors.
fn add_errors(suite: &mut Suite, errors: &[(String, &RunError)], class: &str) {
    for (name, error) in errors {
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
            (class, name),
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
