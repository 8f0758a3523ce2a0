//! Counts the scenarios in reports of every format, each in the way of its readers.

use std::fs;
use std::io;
use std::path::Path;

use bdd::report::FormatName;
use serde_json::Value;

/// The reports of one run: a file for each format, named like it, and JUnit as one file too.
pub struct WrittenReports<'a> {
    folder: &'a Path,
    /// How many scenarios there are to be.
    scenarios: usize,
    definitions: usize,
    /// The scenarios that failed, by the JUnit file.
    failed: usize,
    /// The scenarios that did not run, by the line of counts.
    not_run: usize,
    /// The errors of the run and of feature files, by the JUnit file.
    errors: usize,
}

impl<'a> WrittenReports<'a> {
    pub fn read(folder: &'a Path, scenarios: usize, definitions: usize) -> io::Result<Self> {
        let junit = fs::read_to_string(folder.join("one.xml"))?;
        let cases: Vec<&str> = junit.split("<testcase ").skip(1).collect();
        let outside = |case: &&&str| {
            let head = case.split('>').next().unwrap_or_default();
            head.contains("bdd.Errors of the run") || head.contains("name=\"parse error")
        };
        let errors = cases.iter().filter(outside).count();
        let bad = |case: &&&str| case.contains("<failure") || case.contains("<error");
        let failed = cases.iter().filter(bad).count() - errors;
        let summary = fs::read_to_string(folder.join("summary"))?;
        Ok(Self {
            folder,
            scenarios,
            definitions,
            failed,
            not_run: counted(&summary, "not run"),
            errors,
        })
    }

    /// What is lost in the report of this format, if something is.
    pub fn problem(&self, format: FormatName) -> Option<String> {
        let path = self.folder.join(format.as_str());
        let text = match path.is_dir() {
            true => whole_folder(&path),
            false => fs::read_to_string(&path),
        };
        let text = match text {
            Ok(text) => text,
            Err(error) => return Some(error.to_string()),
        };
        let everything = self.scenarios + self.errors;
        let to_mend = self.failed + self.not_run;
        let (found, expected) = match format {
            FormatName::Pretty | FormatName::Progress | FormatName::Summary => {
                (total(&text), self.scenarios)
            }
            FormatName::Junit => (text.matches("<testcase ").count(), everything),
            FormatName::Html => (text.matches("<details class=\"sc ").count(), self.scenarios),
            FormatName::Events => (planned(&text), self.scenarios),
            FormatName::Messages => {
                let pickles = |line: &&str| line.starts_with("{\"pickle\":");
                (text.lines().filter(pickles).count(), self.scenarios)
            }
            FormatName::Rerun => {
                let lines = text.lines().filter(|line| !line.starts_with('#'));
                (lines.map(locations).sum(), to_mend)
            }
            FormatName::Json => (elements(&text), everything),
            FormatName::Github => {
                // What did not run for one reason is one line.
                let lines = text.lines().filter(|line| line.starts_with("::error "));
                let lines = lines.filter(|line| !line.contains("title=not run::"));
                (lines.count(), self.failed + self.errors)
            }
            FormatName::GithubSummary => {
                let row = text.lines().find(|line| line.starts_with("| scenarios | "));
                let cell = row.and_then(|row| row.split('|').nth(2));
                (number(cell.unwrap_or_default()), self.scenarios)
            }
            FormatName::Tap => {
                let points = text
                    .lines()
                    .filter(|line| line.starts_with("ok ") || line.starts_with("not ok "));
                (points.count(), everything)
            }
            FormatName::Usage => {
                let heads = text.lines().filter(|line| line.contains("step definition"));
                let counts = heads.map(|line| number(line.split(' ').next().unwrap_or_default()));
                (counts.sum(), self.definitions)
            }
        };
        (found != expected).then(|| format!("{found} instead of {expected}"))
    }
}

fn whole_folder(folder: &Path) -> io::Result<String> {
    let mut whole = String::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "xml") {
            whole += &fs::read_to_string(path)?;
        }
    }
    Ok(whole)
}

fn number(text: &str) -> usize {
    text.trim().parse().unwrap_or_default()
}

/// The line of counts of scenarios: `1 scenario passed, 2 failed, 0 skipped`.
fn counts(text: &str) -> Vec<(usize, &str)> {
    let is_counts =
        |line: &&str| line.contains(" scenario passed,") || line.contains(" scenarios passed,");
    let line = text.lines().rfind(is_counts).unwrap_or_default();
    let count = |part: &'_ str| part.trim().split_once(' ').map(|(count, _)| number(count));
    line.split(',')
        .filter_map(|part| Some((count(part)?, part.trim())))
        .collect()
}

fn total(text: &str) -> usize {
    counts(text).iter().map(|(count, _)| count).sum()
}

fn counted(text: &str, what: &str) -> usize {
    let counts = counts(text);
    let found = counts.iter().find(|(_, part)| part.ends_with(what));
    found.map_or(0, |(count, _)| *count)
}

fn planned(events: &str) -> usize {
    let events = events
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let count = |event: Value| match event["type"].as_str() {
        Some("feature_planned") => event["feature"]["scenarios"].as_array().map_or(0, Vec::len),
        Some("scenario_added") => 1,
        _ => 0,
    };
    events.map(count).sum()
}

/// The lines of `features/a.feature:3:12`.
fn locations(line: &str) -> usize {
    let numbers = line
        .rsplit(':')
        .take_while(|part| part.parse::<u32>().is_ok());
    numbers.count()
}

fn elements(json: &str) -> usize {
    let features: Vec<Value> = serde_json::from_str(json).unwrap_or_default();
    let count = |feature: &Value| feature["elements"].as_array().map_or(0, Vec::len);
    features.iter().map(count).sum()
}
