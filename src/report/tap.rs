//! `tap`: the Test Anything Protocol, version 14, a test point for each scenario in plan order.
//!
//! Files that do not parse and errors of the run are test points too: a report without failures means a green run.

use std::io::{self, Write};

use super::attempt::Attempt;
use super::catalogue::Catalogue;
use super::detail::detail;
use super::finals::{Finals, in_plan_order};
use super::output::Output;
use super::{Finish, Reporter, Summary, text, trouble};
use crate::event::{Event, Status};
use crate::json::Json;

/// Collects test points and writes them at the end.
pub(super) struct Tap {
    output: Output,
    /// Boxed, because nearly all have passed and are none.
    points: Finals<Option<Box<TestPoint>>>,
}

/// The result of a scenario.
#[derive(PartialEq)]
struct TestPoint {
    passed: bool,
    /// `# SKIP why`, `# TODO why`.
    directive: Option<String>,
    /// The diagnostic of a failure: a message and its details.
    why: Option<(String, String)>,
}

impl TestPoint {
    /// That of a scenario of which there is nothing more to say.
    const PASSED: Self = Self {
        passed: true,
        directive: None,
        why: None,
    };
}

impl Tap {
    pub(super) fn new(output: Output) -> Self {
        Tap {
            output,
            points: Finals::default(),
        }
    }

    fn point(
        &mut self,
        number: usize,
        name: &str,
        point: &TestPoint,
        place: (&str, u32),
    ) -> io::Result<()> {
        let result = if point.passed { "ok" } else { "not ok" };
        let mut line = format!("{result} {number} - {}", escaped(name));
        if let Some(directive) = &point.directive {
            line.push_str(" # ");
            line.push_str(&text::line(directive));
        }
        line.push('\n');
        self.output.write_all(line.as_bytes())?;
        match &point.why {
            Some(why) => self.output.write_all(&diagnostic(why, place)),
            None => Ok(()),
        }
    }
}

/// YAML: strings in the form of JSON are strings of YAML.
fn diagnostic((message, details): &(String, String), (file, line): (&str, u32)) -> Vec<u8> {
    let mut out = b"  ---\n".to_vec();
    let mut member = |name: &str, fill: &dyn Fn(&mut Json<'_>)| {
        let mut json = Vec::new();
        Json::object(&mut json, |json| fill(json));
        // Between the key of the object and its closing brace.
        let value = json.iter().position(|byte| *byte == b':').unwrap_or(0) + 1;
        out.extend_from_slice(format!("  {name}: ").as_bytes());
        out.extend_from_slice(&json[value..json.len() - 1]);
        out.push(b'\n');
    };
    member("message", &|json| json.string("m", &text::block(message)));
    member("severity", &|json| json.string("s", "fail"));
    if !file.is_empty() {
        member("at", &|json| {
            json.member("at", |json| {
                json.string("file", file);
                if line > 0 {
                    json.number("line", line);
                }
            });
        });
    }
    if !details.trim().is_empty() {
        member("details", &|json| json.string("d", &text::block(details)));
    }
    out.extend_from_slice(b"  ...\n");
    out
}

/// A `#` begins a directive, and a backslash escapes it.
fn escaped(name: &str) -> String {
    let name = text::line(name);
    name.replace('\\', "\\\\").replace('#', "\\#")
}

fn point_of(catalogue: &Catalogue, attempt: &Attempt) -> TestPoint {
    let scenario = catalogue.at(attempt.place).1;
    let headline = || trouble::headline(catalogue, attempt, scenario);
    let first = |text: String| text.lines().next().unwrap_or_default().to_owned();
    if attempt.fails(catalogue) {
        return TestPoint {
            passed: false,
            directive: None,
            why: Some((headline(), detail(catalogue, attempt))),
        };
    }
    let directive = match attempt.status {
        _ if attempt.cancelled() => Some("SKIP cancelled: the run was stopped".to_owned()),
        _ if attempt.failed_as_expected() => {
            Some(format!("TODO expected failure: {}", first(headline())))
        }
        Status::Passed => None,
        Status::Skipped => {
            let why = trouble::skip_reason(attempt).unwrap_or("skipped");
            Some(format!("SKIP {}", first(why.to_owned())))
        }
        _ => Some(format!("TODO {}", first(headline()))),
    };
    TestPoint {
        passed: attempt.status < Status::Pending,
        directive,
        why: None,
    }
}

impl Reporter for Tap {
    fn event(&mut self, event: &Event, catalogue: &Catalogue) -> io::Result<()> {
        self.points.event(event, catalogue);
        Ok(())
    }

    fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) -> io::Result<()> {
        let attempt = finish.attempt;
        let point = point_of(catalogue, attempt);
        let is_plain = point == TestPoint::PASSED;
        let point = (!is_plain).then(|| Box::new(point));
        self.points.keep(attempt, point, catalogue);
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, catalogue: &Catalogue) -> io::Result<()> {
        let scenarios = in_plan_order(catalogue, summary).count();
        let total = scenarios + summary.parse_errors.len() + summary.run_errors.len();
        let empty = if total == 0 {
            " # SKIP no scenarios"
        } else {
            ""
        };
        let head = format!("TAP version 14\n1..{total}{empty}\n");
        self.output.write_all(head.as_bytes())?;
        let mut number = 0;
        let points = std::mem::take(&mut self.points);
        for placed in in_plan_order(catalogue, summary) {
            number += 1;
            let (uri, line) = (&*placed.feature.uri, placed.scenario.location.line);
            let name = format!("{uri}:{line} {}", trouble::label(placed.scenario));
            // A scenario without a result fails the run, but nothing of it failed.
            let not_run = || TestPoint {
                passed: false,
                directive: Some(format!("SKIP not run: {}", points.reason(&placed))),
                why: None,
            };
            match points.get(&placed) {
                Some(point) => {
                    let point = point.as_deref().unwrap_or(&TestPoint::PASSED);
                    self.point(number, &name, point, (uri, line))?;
                }
                None => self.point(number, &name, &not_run(), (uri, line))?,
            }
        }
        for error in &summary.parse_errors {
            number += 1;
            let line = error.location.map_or(0, |location| location.line);
            let point = TestPoint {
                passed: false,
                directive: None,
                why: Some((error.message.clone(), error.diagnostic.clone())),
            };
            let name = format!("{} does not parse", error.uri);
            self.point(number, &name, &point, (&error.uri, line))?;
        }
        for error in &summary.run_errors {
            number += 1;
            let point = TestPoint {
                passed: false,
                directive: None,
                why: Some((
                    error.message.clone(),
                    format!("{}\n{}", error.detail, error.output),
                )),
            };
            self.point(number, &error.message, &point, ("", 0))?;
        }
        self.output.commit()
    }
}
