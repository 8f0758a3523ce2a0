//! A project in a directory of its own, and the files in it.

use std::error::Error;
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use bdd_steps::{Context, DocString, Fixture, Table, given, then};
use tempfile::TempDir;

use super::text;

/// The project of a scenario. Its directory is removed when the scenario ends.
pub(super) struct Project {
    directory: TempDir,
    /// Whether the scenario itself says which step program to use.
    pub(super) names_its_steps: bool,
}

impl Fixture for Project {
    fn setup(_context: &Context) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            directory: tempfile::tempdir()?,
            names_its_steps: false,
        })
    }

    fn teardown(self) -> Result<(), Box<dyn Error>> {
        Ok(self.directory.close()?)
    }
}

impl Project {
    pub(super) fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file, and makes the folders above it.
    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> io::Result<()> {
        let path = self.path(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, content)
    }

    /// Checks the content of a file; a failure shows all of it.
    fn check(
        &self,
        name: &str,
        check: impl FnOnce(&str) -> Result<(), String>,
    ) -> Result<(), String> {
        let bytes = fs::read(self.path(name)).map_err(|error| {
            format!("cannot read {name}: {error}; there are:\n{}", listing(self))
        })?;
        let content = String::from_utf8_lossy(&bytes);
        check(&content).map_err(|problem| {
            format!("{problem}\nthe file {name} is:\n{}", text::quoted(&content))
        })
    }
}

#[given("^an empty directory$")]
fn empty_directory(_project: &Project) {}

#[given(r#"^a file "([^"]+)" with:$"#)]
fn file(project: &Project, name: &str, content: &DocString) -> io::Result<()> {
    project.write(name, format!("{content}\n"))
}

#[given(r#"^an empty file "([^"]+)"$"#)]
fn empty_file(project: &Project, name: &str) -> io::Result<()> {
    project.write(name, "")
}

#[given(r#"^an empty folder "([^"]+)"$"#)]
fn empty_folder(project: &Project, name: &str) -> io::Result<()> {
    fs::create_dir_all(project.path(name))
}

#[given(r#"^a file "([^"]+)" that is not UTF-8$"#)]
fn file_not_utf_8(project: &Project, name: &str) -> io::Result<()> {
    project.write(name, b"Feature: Caf\xe9\n")
}

#[given(r#"^a link "([^"]+)" to "([^"]+)"$"#)]
fn link(project: &Project, name: &str, target: &str) -> io::Result<()> {
    symlink(target, project.path(name))
}

#[given(r#"^a program "([^"]+)" with:$"#)]
fn program(project: &mut Project, name: &str, content: &DocString) -> io::Result<()> {
    project.write(name, format!("{content}\n"))?;
    project.names_its_steps = true;
    fs::set_permissions(project.path(name), fs::Permissions::from_mode(0o755))
}

#[given(r#"^the step program is "([^"]+)"$"#)]
fn step_program(project: &mut Project, name: &str) -> io::Result<()> {
    project.write(name, "")?;
    fs::remove_file(project.path(name))?;
    project.names_its_steps = true;
    symlink(std::env::current_exe()?, project.path(name))
}

#[given("^there is no step program$")]
fn no_step_program(project: &mut Project) {
    project.names_its_steps = true;
}

/// A table of scenarios becomes feature files: each scenario gets one step, which passes.
#[given("^features with these scenarios:$")]
fn features(project: &Project, scenarios: &Table) -> io::Result<()> {
    let mut files: Vec<(&str, String)> = Vec::new();
    for record in scenarios.records() {
        let file = record.cell("file");
        let index = files
            .iter()
            .position(|(name, _)| *name == file)
            .unwrap_or_else(|| {
                let stem = Path::new(file)
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy();
                files.push((file, format!("Feature: {stem}\n")));
                files.len() - 1
            });
        let tags = record.get("tags").unwrap_or_default();
        let tags = if tags.is_empty() {
            String::new()
        } else {
            format!("  {tags}\n")
        };
        let scenario = record.cell("scenario");
        files[index].1 +=
            &format!("\n{tags}  Scenario: {scenario}\n    Given a step that passes\n");
    }
    files
        .iter()
        .try_for_each(|(name, content)| project.write(name, content))
}

#[then(r#"^there is a file "([^"]+)"$"#)]
fn there_is_a_file(project: &Project, name: &str) {
    assert!(
        project.path(name).is_file(),
        "there is none; there are:\n{}",
        listing(project)
    );
}

#[then(r#"^there is no file "([^"]+)"$"#)]
fn there_is_no_file(project: &Project, name: &str) {
    assert!(!project.path(name).exists(), "there is one");
}

#[then(r#"^the file "([^"]+)" contains "(.*)"$"#)]
fn file_contains(project: &Project, name: &str, expected: &str) -> Result<(), String> {
    project.check(name, |content| text::contains(content, expected))
}

#[then(r#"^the file "([^"]+)" does not contain "(.*)"$"#)]
fn file_lacks(project: &Project, name: &str, unexpected: &str) -> Result<(), String> {
    project.check(name, |content| text::lacks(content, unexpected))
}

#[then(r#"^the file "([^"]+)" has these lines:$"#)]
fn file_has_lines(project: &Project, name: &str, expected: &DocString) -> Result<(), String> {
    project.check(name, |content| text::has_lines(content, expected))
}

#[then(r#"^the file "([^"]+)" is still:$"#)]
fn file_is(project: &Project, name: &str, expected: &DocString) -> Result<(), String> {
    project.check(name, |content| text::is(content, expected))
}

/// All paths of a project, for a message.
fn listing(project: &Project) -> String {
    let mut found = String::new();
    let mut folders = vec![project.directory().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            } else {
                let path = entry.path();
                let inside = path.strip_prefix(project.directory()).unwrap_or(&path);
                found += &format!("  {}\n", inside.display());
            }
        }
    }
    found
}
