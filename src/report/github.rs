//! `github`: annotations for GitHub Actions, one for each failure and warning; `github-summary`: Markdown for the
//! summary of a step.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::catalogue::Catalogue;
use super::detail::headline_and_detail;
use super::finals::{Finals, in_plan_order};
use super::output::Output;
use super::summary::Counts;
use super::{Finish, Reporter, Summary, sequence, text, trouble};
use crate::event::Event;

/// Collects the failures and writes them at the end, in plan order: GitHub shows only the first ten of a step.
pub(super) struct Github {
    output: Output,
    form: GithubForm,
    failures: Finals<Option<Box<Failed>>>,
}

/// Which of the two reports it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GithubForm {
    /// Lines that the runner of GitHub acts on.
    Annotations,
    /// Markdown.
    Summary,
}

/// A scenario that fails the run.
struct Failed {
    line: u32,
    message: String,
}

impl Github {
    pub(super) fn new(output: Output, form: GithubForm) -> Self {
        Github {
            output,
            form,
            failures: Finals::default(),
        }
    }

    fn annotations(&self, summary: &Summary, catalogue: &Catalogue) -> String {
        let mut out = String::new();
        for placed in in_plan_order(catalogue, summary) {
            if let Some(Some(failed)) = self.failures.get(&placed) {
                let title = trouble::label(placed.scenario);
                let place = (&*placed.feature.uri, failed.line);
                annotation(&mut out, "error", place, &title, &failed.message);
            }
        }
        for error in &summary.parse_errors {
            let line = error.location.map_or(0, |location| location.line);
            let place = (&*error.uri, line);
            annotation(&mut out, "error", place, "parse error", &error.message);
        }
        for error in &summary.run_errors {
            let message = format!("{}\n{}", error.message, error.detail);
            annotation(&mut out, "error", ("", 0), "error of the run", &message);
        }
        for (reason, count) in &summary.not_run {
            let message = format!("{} not run: {reason}", text::plural(*count, "scenario"));
            annotation(&mut out, "error", ("", 0), "not run", &message);
        }
        for entry in &summary.flaky {
            let place = (&*entry.uri, entry.line);
            let message = format!("it passed in attempt {}", entry.attempts);
            annotation(
                &mut out,
                "warning",
                place,
                &format!("flaky: {}", entry.name),
                &message,
            );
        }
        for warning in &summary.warnings {
            let place = warning.place.as_ref();
            let place = place.map_or(("", 0), |place| (&*place.file, place.line));
            let rule = warning.rule.as_ref();
            let title = rule.map_or_else(|| "bdd".to_owned(), |rule| format!("bdd: {rule}"));
            annotation(&mut out, "warning", place, &title, &warning.message);
        }
        out
    }

    fn markdown(&self, summary: &Summary, catalogue: &Catalogue) -> String {
        let verdict = match (summary.succeeded(), summary.dry_run) {
            (_, true) => "Dry run",
            (true, _) => "Passed",
            (false, _) => "Failed",
        };
        let mut out = format!("## {verdict}\n\n");
        counts(&mut out, summary);
        let mut is_first = true;
        for placed in in_plan_order(catalogue, summary) {
            let Some(Some(failed)) = self.failures.get(&placed) else {
                continue;
            };
            if std::mem::take(&mut is_first) {
                out.push_str("\n### Failing scenarios\n\n");
            }
            let title = format!(
                "{} ({}:{})",
                trouble::label(placed.scenario),
                placed.feature.uri,
                placed.scenario.location.line
            );
            details(&mut out, &title, &failed.message);
        }
        let errors = summary.run_errors.iter();
        let errors = errors.map(|error| (&error.message, &error.detail));
        let unparsed = summary.parse_errors.iter();
        let unparsed = unparsed.map(|error| (&error.message, &error.diagnostic));
        for (number, (message, more)) in unparsed.chain(errors).enumerate() {
            if number == 0 {
                out.push_str("\n### Errors\n\n");
            }
            details(&mut out, message, &format!("{message}\n{more}"));
        }
        if !summary.flaky.is_empty() {
            out.push_str("\n### Flaky scenarios\n\n");
        }
        for entry in &summary.flaky {
            let title = format!("{} ({}:{})", entry.name, entry.uri, entry.line);
            let _ = writeln!(
                out,
                "- {}, passed in attempt {}",
                html(&title),
                entry.attempts
            );
        }
        out
    }
}

/// `::error file=a.feature,line=3,title=…::message`.
/// Appends an annotation. Without a file or with line 0 it has no place.
pub(crate) fn annotation(
    out: &mut String,
    level: &str,
    (file, line): (&str, u32),
    title: &str,
    message: &str,
) {
    let _ = write!(out, "::{level} ");
    if !file.is_empty() {
        let _ = write!(out, "file={},", property(file));
    }
    if line > 0 {
        let _ = write!(out, "line={line},");
    }
    let message = text::block(message.trim_end());
    let message = message.replace('%', "%25").replace('\n', "%0A");
    let _ = writeln!(out, "title={}::{message}", property(title));
}

/// What a property of a command of GitHub cannot hold is escaped.
fn property(value: &str) -> String {
    let value = text::line(value).replace('%', "%25");
    value.replace(':', "%3A").replace(',', "%2C")
}

fn counts(out: &mut String, summary: &Summary) {
    out.push_str("| | total | passed | failed | skipped | undefined | ambiguous | pending | expected failures | not run |\n");
    out.push_str("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    let rows = [
        ("features", &summary.features),
        ("scenarios", &summary.scenarios),
        ("steps", &summary.steps),
    ];
    for (name, counts) in rows {
        let Counts {
            passed,
            failed,
            skipped,
            undefined,
            ambiguous,
            pending,
            expected_failures,
            not_run,
        } = counts;
        let total = counts.total();
        let _ = writeln!(
            out,
            "| {name} | {total} | {passed} | {failed} | {skipped} | {undefined} | {ambiguous} | {pending} | {expected_failures} | {not_run} |"
        );
    }
    let _ = writeln!(out, "\nTook {}.", text::duration(summary.nanos));
}

/// A part that opens on a click.
fn details(out: &mut String, title: &str, more: &str) {
    let more = text::block(more.trim_end());
    let _ = writeln!(
        out,
        "<details><summary>{}</summary>\n\n<pre>{}</pre>\n\n</details>\n",
        html(title),
        // An empty line would end the HTML, and Markdown would begin.
        html_lines(&more)
    );
}

/// A text of one line in which nothing is HTML or Markdown.
fn html(value: &str) -> String {
    html_lines(&text::line(value))
}

fn html_lines(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\n' => out.push_str("&#10;"),
            c if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '/' | ' ') => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

impl Reporter for Github {
    fn event(&mut self, event: &Event, catalogue: &Catalogue) -> io::Result<()> {
        self.failures.event(event, catalogue);
        Ok(())
    }

    fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) -> io::Result<()> {
        let attempt = finish.attempt;
        let scenario = catalogue.at(attempt.place).1;
        let failed = attempt.fails(catalogue).then(|| {
            let culprit = sequence::culprit(attempt, scenario);
            let at = culprit.map(|step| step.at);
            let line = match at {
                Some(sequence::WrittenAt::Feature(location)) => location.line,
                _ => scenario.location.line,
            };
            Box::new(Failed {
                line,
                message: headline_and_detail(catalogue, attempt),
            })
        });
        self.failures.keep(attempt, failed, catalogue);
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, catalogue: &Catalogue) -> io::Result<()> {
        let text = match self.form {
            GithubForm::Annotations => self.annotations(summary, catalogue),
            GithubForm::Summary => self.markdown(summary, catalogue),
        };
        self.output.write_all(text.as_bytes())?;
        self.output.commit()
    }
}
