//! Where a report is, and how it names the files beside it.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::paths::{from_directory, normalized};
use crate::report::options::JunitOptions;
use crate::report::text;

/// The folder of attached files in a folder of reports.
pub(super) const ATTACHMENTS: &str = "attachments";

/// Where a report goes.
pub(in crate::report) struct JunitPlace {
    /// Where relative paths begin.
    directory: PathBuf,
    /// The folder that the file, or each of the files, is in.
    folder: PathBuf,
    /// The folder for attachments, as the path of the report was given.
    attachments: Option<PathBuf>,
}

impl JunitPlace {
    /// A report in the file `given`, or on standard output.
    pub(in crate::report) fn file(directory: &Path, given: Option<&Path>) -> Self {
        let path = given.map(|given| directory.join(given));
        let folder = path.as_deref().and_then(Path::parent);
        let attachments = given.and_then(|given| {
            let mut name = given.file_name()?.to_owned();
            name.push(".attachments");
            Some(given.with_file_name(name))
        });
        Self {
            directory: directory.to_owned(),
            folder: folder.unwrap_or(directory).to_owned(),
            attachments,
        }
    }

    /// Reports in the folder `given`.
    pub(in crate::report) fn folder(directory: &Path, given: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
            folder: directory.join(given),
            attachments: Some(given.join(ATTACHMENTS)),
        }
    }

    /// The folder of the report.
    pub(super) fn of_report(&self) -> &Path {
        &self.folder
    }

    /// The folder for attachments: its path, and the path as that of the report was given.
    pub(super) fn attachments(&self) -> Option<(PathBuf, &Path)> {
        let shown = self.attachments.as_deref()?;
        Some((self.directory.join(shown), shown))
    }

    /// What is not written because of the path of the report, if something is not.
    pub(in crate::report) fn warning(&self, options: JunitOptions) -> Option<String> {
        let keeps = options.attachments && !options.plain;
        (keeps && !self.can_be_named()).then(|| {
            "attachments are not kept as files, because no line `[[ATTACHMENT|PATH]]` can have the path of this report"
                .to_owned()
        })
    }

    /// Whether a line `[[ATTACHMENT|PATH]]` can name the files of the folder for attachments.
    pub(super) fn can_be_named(&self) -> bool {
        let shown = self.attachments.as_deref();
        let text = shown.map_or(Some(""), Path::to_str);
        text.is_some_and(|text| !text.contains("]]") && !text.contains(text::is_control))
    }

    /// The address of a file, from the report. The path begins in the directory of the run.
    pub(super) fn link(&self, path: &Path) -> String {
        let path = self.directory.join(path);
        address(Path::new(&from_directory(&path, &normalized(&self.folder))))
    }
}

/// A path as a link has it.
pub(super) fn address(path: &Path) -> String {
    let mut address = String::new();
    for c in path.display().to_string().chars() {
        let special = c.is_control() || " \"#%:<>?\\^`{|}".contains(c);
        if special {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(address, "%{byte:02X}");
            }
        } else {
            address.push(c);
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_begin_at_the_report() {
        let link = |given: &str, html: &str| {
            let place = JunitPlace::file(Path::new("/w"), Some(Path::new(given)));
            place.link(Path::new(html))
        };
        assert_eq!(link("junit.xml", "report.html"), "report.html");
        assert_eq!(link("out/junit.xml", "out/report.html"), "report.html");
        assert_eq!(link("out/junit.xml", "html/r.html"), "../html/r.html");
        assert_eq!(link("out/junit.xml", "./r #1.html"), "../r%20%231.html");
        assert_eq!(link("out/junit.xml", "/srv/r.html"), "/srv/r.html");
        let folder = JunitPlace::folder(Path::new("/w"), Path::new("out/"));
        assert_eq!(folder.link(Path::new("é.html")), "../é.html");
        let stdout = JunitPlace::file(Path::new("/w"), None);
        assert_eq!(stdout.link(Path::new("r.html")), "r.html");
    }

    #[test]
    fn attachments_are_beside_the_report() {
        let shown = |place: JunitPlace| place.attachments.unwrap_or_default();
        let here = Path::new("/w");
        let file = JunitPlace::file(here, Some(Path::new("out/junit.xml")));
        assert_eq!(shown(file), Path::new("out/junit.xml.attachments"));
        let folder = JunitPlace::folder(here, Path::new("out/"));
        assert_eq!(shown(folder), Path::new("out/attachments"));
        let odd = |name: &str| JunitPlace::file(here, Some(Path::new(name))).can_be_named();
        assert!(odd("a b.xml") && !odd("a]].xml") && !odd("a\nb.xml"));
    }
}
