//! Plain JUnit reports, and the schema of Jenkins.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};

/// A check with a reader of the schema that is part of the tests, and one with `xmllint`, where that is installed.
pub fn trials(folder: &Path) -> Vec<Trial> {
    let schema = folder.join("jenkins-junit.xsd");
    let kit = folder.join("../compatibility-kit");
    let (own, of_libxml) = ((schema.clone(), kit.clone()), (schema, kit));
    let installed = Command::new("xmllint").arg("--version").output();
    let installed = installed.is_ok_and(|output| output.status.success());
    if !installed {
        println!("no xmllint in PATH; one of two checks of the schema of Jenkins is ignored");
    }
    vec![
        Trial::test("jenkins::schema", move || {
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/xsd.py");
            let mut command = Command::new("python3");
            command.arg(script).arg(own.0);
            check(command, &own.1)
        }),
        Trial::test("jenkins::xmllint", move || {
            let mut command = Command::new("xmllint");
            command.args(["--noout", "--schema"]).arg(of_libxml.0);
            check(command, &of_libxml.1)
        })
        .with_ignored_flag(!installed),
    ]
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
    let outcome = validator.args(&files).output()?;
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
