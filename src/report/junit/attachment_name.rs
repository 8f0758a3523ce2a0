//! Names of attached files and their folders. What a step calls its file is not trusted: a name is one plain name, and
//! none is read as a report.

use std::collections::HashSet;
use std::path::PathBuf;

use super::names::Numbered;
use crate::plan::PlannedScenario;
use crate::report::html::anchor;

/// Longer names, in bytes, are cut. Jenkins shows the last 500 letters of the output of a test that passed, and the paths
/// are there.
const LONGEST: usize = 60;
/// A longer ending is none.
const LONGEST_ENDING: usize = 10;

/// The name of a file: without folders, and with characters that every file system and CI server can read.
pub(super) fn file_name(given: Option<&str>, media_type: &str) -> String {
    let given = given.unwrap_or_default();
    let given = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |c: char| match c {
        '-' | '_' | '.' | '+' => c,
        c if c.is_alphanumeric() => c,
        _ => '_',
    };
    let name: String = given.chars().map(plain).collect();
    // A name that begins with a dot is hidden, and `..` is another folder.
    let name = name.trim_matches('.');
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= LONGEST_ENDING => (stem, ending),
        _ => (name, ending_of(media_type)),
    };
    let mut end = stem.len().min(LONGEST);
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    let stem = match &stem[..end] {
        "" => "attachment",
        stem => stem,
    };
    // A CI server that takes all `*.xml` for reports of tests must not take this one.
    let harmless = match ending.eq_ignore_ascii_case("xml") {
        true => ".txt",
        false => "",
    };
    format!("{stem}.{ending}{harmless}")
}

/// How the name of a file of this type usually ends.
fn ending_of(media_type: &str) -> &'static str {
    let kind = media_type.split(';').next().unwrap_or_default().trim();
    match kind.to_ascii_lowercase().as_str() {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/svg+xml" => "svg",
        "video/mp4" => "mp4",
        "video/webm" => "webm",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        "application/json" => "json",
        "text/html" => "html",
        "text/csv" => "csv",
        kind if kind.starts_with("text/") || kind.ends_with("xml") => "txt",
        _ => "bin",
    }
}

/// The names of the folders of scenarios.
#[derive(Default)]
pub(super) struct FolderNames(Numbered);

impl FolderNames {
    /// A folder for the files of a scenario, named as addresses of the HTML report name the scenario.
    pub(super) fn of_scenario(&mut self, scenario: &PlannedScenario) -> ScenarioFolder {
        let name = format!("s-{:016x}", anchor(scenario));
        ScenarioFolder {
            path: self.0.unique(&name, "-").into(),
            names: HashSet::new(),
        }
    }
}

/// The names of the files of one scenario.
pub(super) struct ScenarioFolder {
    path: PathBuf,
    /// In small letters, for file systems that ignore case.
    names: HashSet<String>,
}

impl ScenarioFolder {
    /// The path of a file. Each name is given once: Jenkins puts the files of all attempts into one folder.
    pub(super) fn unique(&mut self, name: &str) -> PathBuf {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let mut unique = name.to_owned();
        let mut number = 1;
        while !self.names.insert(unique.to_lowercase()) {
            number += 1;
            unique = format!("{stem}-{number}.{ending}");
        }
        self.path.join(unique)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_plain_name() {
        for (given, name) in [
            ("screen shot.png", "screen_shot.png"),
            ("../../etc/passwd", "passwd.bin"),
            ("..\\..\\x.dll", "x.dll"),
            ("..", "attachment.bin"),
            ("", "attachment.bin"),
            (".profile", "profile.bin"),
            ("a]]>\u{1b}[31m|\u{202e}b.txt", "a_____31m__b.txt"),
            ("TEST-a.xml", "TEST-a.xml.txt"),
            ("page.XML", "page.XML.txt"),
            ("журнал.log", "журнал.log"),
            ("a.b.", "a.b"),
        ] {
            assert_eq!(file_name(Some(given), "x/y"), name, "{given}");
        }
        assert_eq!(file_name(None, "image/PNG; q=1"), "attachment.png");
        assert_eq!(file_name(Some("é"), "application/xml"), "é.txt");
        assert!(file_name(Some(&"é".repeat(500)), "text/plain").len() < 80);
    }

    #[test]
    fn each_name_is_given_once() {
        let mut folder = ScenarioFolder {
            path: "s".into(),
            names: HashSet::new(),
        };
        let names = ["a.png", "A.png", "a.png", "a-2.png"].map(|name| folder.unique(name));
        let expected = ["s/a.png", "s/A-2.png", "s/a-3.png", "s/a-2-2.png"];
        assert_eq!(names, expected.map(PathBuf::from));
    }
}
