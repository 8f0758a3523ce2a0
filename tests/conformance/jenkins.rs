//! JUnit reports as Jenkins reads them, and plain ones and the schema of Jenkins.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};

/// Validates files with lxml: its arguments are the schema and the files.
const LXML: &str = "\
import sys
from lxml import etree
schema = etree.XMLSchema(etree.parse(sys.argv[1]))
bad = [f'{path}: {schema.error_log}' for path in sys.argv[2:] if not schema.validate(etree.parse(path))]
print('\\n'.join(bad))
sys.exit(bool(bad))
";

/// A validator that is installed: `xmllint`, or lxml. Both are libxml2.
fn validator() -> Option<Command> {
    let works = |program: &str, arguments: &[&str]| {
        let outcome = Command::new(program).args(arguments).output();
        outcome.is_ok_and(|output| output.status.success())
    };
    if works("xmllint", &["--version"]) {
        let mut command = Command::new("xmllint");
        command.args(["--noout", "--schema"]);
        return Some(command);
    }
    works("python3", &["-c", "import lxml.etree"]).then(|| {
        let mut command = Command::new("python3");
        command.args(["-c", LXML]);
        command
    })
}

/// A check with a reader of the schema that is part of the tests, and one with a validator that may be installed.
pub fn trials(folder: &Path) -> Vec<Trial> {
    let schema = folder.join("jenkins-junit.xsd");
    let kit = folder.join("../compatibility-kit");
    let (own, of_libxml) = ((schema.clone(), kit.clone()), (schema, kit));
    let installed = validator();
    if installed.is_none() {
        println!(
            "no xmllint in PATH and no lxml for python3; one of two checks of the schema of Jenkins is ignored"
        );
    }
    let is_ignored = installed.is_none();
    vec![
        Trial::test("jenkins::schema", move || {
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/xsd.py");
            let mut command = Command::new("python3");
            command.arg(script).arg(own.0);
            check(command, &own.1)
        }),
        Trial::test("jenkins::libxml", move || {
            let mut command = installed.ok_or("no validator")?;
            command.arg(of_libxml.0);
            check(command, &of_libxml.1)
        })
        .with_ignored_flag(is_ignored),
    ]
}

/// What Jenkins shows of all golden runs, by `reader`, which follows its rules. It is not a part of the project.
pub fn view(reader: &Path) -> Trial {
    let reader = reader.to_owned();
    let is_there = reader.is_file();
    if !is_there {
        println!(
            "no {}; what Jenkins shows of reports is not checked",
            reader.display()
        );
    }
    Trial::test("jenkins::view", move || {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let mut command = Command::new("python3");
        command
            .arg(tests.join("conformance/jenkins_view.py"))
            .arg(reader)
            .arg(env!("CARGO_BIN_EXE_bdd"))
            .arg(tests.join("golden/reports"))
            .env("PYTHONDONTWRITEBYTECODE", "1");
        passes(command)
    })
    .with_ignored_flag(!is_there)
}

/// Gives plain reports to a validator: those of the golden runs, and of the streams of the Compatibility Kit.
fn check(mut validator: Command, kit: &Path) -> Result<(), Failed> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/reports");
    let mut files = super::files(&golden, &[".plain.junit.xml"]);
    let here = tempfile::tempdir()?;
    for stream in streams(kit) {
        let name = stream.file_stem().unwrap_or_default().to_string_lossy();
        let report = here.path().join(format!("{name}.xml"));
        let outcome = Command::new(env!("CARGO_BIN_EXE_bdd"))
            .arg("report")
            .arg(&stream)
            .arg("-f")
            .arg(format!("junit,plain=true:{}", report.display()))
            .output()?;
        if !report.exists() {
            let log = String::from_utf8_lossy(&outcome.stderr).into_owned();
            return Err(format!("{name}: no report\n{log}").into());
        }
        files.push(report);
    }
    if files.is_empty() {
        return Err("there is nothing to check".into());
    }
    validator.args(&files);
    passes(validator)
}

fn passes(mut command: Command) -> Result<(), Failed> {
    let outcome = command.output()?;
    if outcome.status.success() {
        return Ok(());
    }
    let told = [outcome.stdout, outcome.stderr].concat();
    Err(String::from_utf8_lossy(&told).into_owned().into())
}

fn streams(kit: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(kit).into_iter().flatten().flatten();
    let streams = folders.map(|entry| {
        let name = format!("{}.ndjson", entry.file_name().to_string_lossy());
        entry.path().join(name)
    });
    streams.filter(|path| path.exists()).collect()
}
