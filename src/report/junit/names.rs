//! Names in JUnit: packages, classes, unique names, files.
//!
//! Jenkins follows a test over builds by package, class and name. They depend only on the feature file, and
//! not on the selection, so they stay the same when something unrelated is added.

use std::borrow::Cow;
use std::fmt::Write;

use bdd_protocol::shortened_line;
use foldhash::HashMap;

use crate::event::RunErrorKind;
use crate::plan::hash::of_texts;
use crate::plan::{PlannedFeature, PlannedScenario};
use crate::report::catalogue::rule_of;
use crate::report::summary::RunError;
use crate::report::{text, trouble};

/// The names in one report: each pair of class and name is given once.
#[derive(Default)]
pub(super) struct Names(HashMap<String, Numbered>);

impl Names {
    /// The name itself, or with ` #2`, ` #3` … when an equal one is before it in the class.
    pub(super) fn unique(&mut self, class: &str, name: &str) -> String {
        if let Some(used) = self.0.get_mut(class) {
            return used.unique(name, " #");
        }
        self.0
            .entry(class.to_owned())
            .or_default()
            .unique(name, " #")
    }
}

/// The names so far, each with the number to try next for an equal name.
#[derive(Default)]
pub(super) struct Numbered(HashMap<String, usize>);

impl Numbered {
    /// The name itself, or with a separator and a number when it was given already.
    pub(super) fn unique(&mut self, name: &str, separator: &str) -> String {
        let Some(next) = self.0.get(name).copied() else {
            self.0.insert(name.to_owned(), 2);
            return name.to_owned();
        };
        let mut number = next;
        let mut unique = format!("{name}{separator}{number}");
        while self.0.contains_key(&unique) {
            number += 1;
            unique = format!("{name}{separator}{number}");
        }
        self.0.insert(unique.clone(), 2);
        self.0.insert(name.to_owned(), number + 1);
        unique
    }
}

/// The rule, the title, and the cells of an outline's row; for the second of a name in the file and those that
/// follow also the number.
pub(super) fn scenario(feature: &PlannedFeature, scenario: &PlannedScenario) -> String {
    let label = trouble::label(scenario);
    let mut name = match rule_of(feature, scenario).filter(|rule| !rule.name.is_empty()) {
        Some(rule) => short(&format!("{}: {label}", rule.name)),
        None => short(&label),
    };
    let number = feature.namesakes.number(scenario.location.line);
    if number > 1 {
        let _ = write!(name, " #{number}");
    }
    name
}

/// A name of one line. Of a very long one the middle is left out; a number that stands for the whole keeps it apart from
/// others, whatever else is in the report.
fn short(name: &str) -> String {
    const LONGEST: usize = 1024;
    match shortened_line(name, LONGEST) {
        Cow::Borrowed(name) => text::line(name).into_owned(),
        Cow::Owned(short) => format!("{} ({:016x})", text::line(&short), of_texts([name])),
    }
}

/// The name of an error of the run. It is the same for the same kind of error in each run. Places, numbers of
/// workers and messages are in the body.
pub(super) fn run_error(error: &RunError) -> String {
    let name = match error.kind {
        RunErrorKind::StepProgram => "the step program",
        RunErrorKind::Worker => "a worker died outside of scenarios",
        RunErrorKind::Hook => return text::line(hook(&error.message)).into_owned(),
        RunErrorKind::Fixture => "a fixture could not be closed",
        RunErrorKind::Report => "a report could not be written",
        RunErrorKind::Interrupted => "the run was interrupted",
        RunErrorKind::TimeLimit => "the run took longer than its limit",
        RunErrorKind::Aftermath => "a scenario left something that harms others",
        RunErrorKind::Aborted => "the step program aborted the run",
        RunErrorKind::Unexplained => "a failure outside the plan",
    };
    name.to_owned()
}

/// ``the before_all hook `start_server` ``, with which the message about a hook begins.
fn hook(message: &str) -> &str {
    const NAMED: &str = " hook `";
    let Some((kind, rest)) = message.split_once(NAMED) else {
        return match message.split_once(" hook ") {
            Some((kind, _)) if kind.split_whitespace().count() <= 2 => {
                &message[..kind.len() + " hook".len()]
            }
            _ => "a hook",
        };
    };
    let name = rest.find('`').map_or(rest.len(), |end| end + 1);
    &message[..kind.len() + NAMED.len() + name]
}

/// `features.math.Division`: the folders, then the title. Features of one folder with one
/// title get the names of their files, too.
pub(super) fn classes<'a>(
    features: impl Iterator<Item = &'a PlannedFeature> + Clone,
    by_file: bool,
) -> Vec<String> {
    if by_file {
        // The file of a Markdown feature keeps its ending: `a.feature` may be beside it.
        return features
            .map(|feature| in_package(&feature.uri, file_name(&feature.uri)))
            .collect();
    }
    let title = |feature: &PlannedFeature| match feature.name.trim() {
        "" => in_package(&feature.uri, stem(&feature.uri)),
        name => in_package(&feature.uri, name),
    };
    let mut seen: HashMap<String, usize> = HashMap::default();
    for feature in features.clone() {
        *seen.entry(title(feature)).or_default() += 1;
    }
    let class = |feature: &PlannedFeature| {
        let class = title(feature);
        // The plan knows the whole folder; events of an older bdd do not say it.
        if feature.namesakes.feature || seen.get(&class).is_some_and(|count| *count > 1) {
            format!("{class} ({})", undotted(file_name(&feature.uri)))
        } else {
            class
        }
    };
    features.map(class).collect()
}

/// A class in the package of a file's folders.
pub(super) fn in_package(uri: &str, class: &str) -> String {
    let folders = uri.rsplit_once('/').map_or("", |(folders, _)| folders);
    let folders = folders
        .split('/')
        .filter(|folder| !folder.is_empty() && *folder != ".");
    let parts: Vec<String> = folders.chain([class]).map(undotted).collect();
    parts.join(".")
}

/// Jenkins takes every dot for the end of a package.
fn undotted(part: &str) -> String {
    text::line(part).replace('.', "_")
}

/// The file's name without `.feature` or `.feature.md`.
pub(super) fn stem(uri: &str) -> &str {
    let file = uri.rsplit('/').next().unwrap_or(uri);
    let file = file.strip_suffix(".md").unwrap_or(file);
    file.strip_suffix(".feature").unwrap_or(file)
}

/// As [`stem`], but a Markdown file keeps its ending: `a.feature` may be beside `a.feature.md`.
fn file_name(uri: &str) -> &str {
    let file = uri.rsplit('/').next().unwrap_or(uri);
    file.strip_suffix(".feature").unwrap_or(file)
}

/// Names for the files of a directory, each given once on file systems that ignore case too.
#[derive(Default)]
pub(super) struct FileNames(Numbered);

impl FileNames {
    /// `TEST-features.math.division.xml`.
    pub(super) fn unique(&mut self, uri: &str) -> String {
        const LONGEST: usize = 150;
        let plain = |c: char| {
            if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+') {
                c
            } else {
                '_'
            }
        };
        let path: String = in_package(uri, stem(uri)).chars().map(plain).collect();
        // The end is more specific than the beginning. Names are limited to 255 bytes.
        let mut start = path.len().saturating_sub(LONGEST);
        while !path.is_char_boundary(start) {
            start += 1;
        }
        let base = format!("TEST-{}", &path[start..]);
        let lower = base.to_lowercase();
        let number = self.0.unique(&lower, "-").split_off(lower.len());
        format!("{base}{number}.xml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_folders() {
        assert_eq!(
            in_package("features/v1.2/a.feature", "Division 2.0"),
            "features.v1_2.Division 2_0"
        );
        assert_eq!(in_package("a.feature", "A"), "A");
        assert_eq!(in_package("/tmp/../x.feature", "A"), "tmp.__.A");
        assert_eq!(
            (stem("a/b.feature.md"), stem("b.feature"), stem("b.txt")),
            ("b", "b", "b.txt")
        );
    }

    #[test]
    fn only_equal_names_get_numbers() {
        let mut names = Names::default();
        let mut name = |name| names.unique("class", name);
        assert_eq!(
            [name("a"), name("a #2"), name("a"), name("a"), name("a #2")],
            ["a", "a #2", "a #3", "a #4", "a #2 #2"]
        );
        assert_eq!(names.unique("other", "a"), "a");
    }

    #[test]
    fn files_have_one_name_each() {
        let mut names = FileNames::default();
        assert_eq!(
            names.unique("features/a b.feature"),
            "TEST-features.a_b.xml"
        );
        assert_eq!(
            names.unique("features/A_b.feature"),
            "TEST-features.A_b-2.xml"
        );
        assert!(names.unique(&"é".repeat(500)).len() < 200);
    }
}
