//! Steps that change the state of the process that later scenarios begin with.

use std::env;
use std::error::Error;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use bdd_steps::{Context, Fixture, Scope, check, step};
use tokio::time::sleep;

use crate::system;

#[step(r"^a step that sets the umask to (\d+)$")]
fn sets_umask(mask: String) -> Result<(), Box<dyn Error>> {
    system::set_umask(u32::from_str_radix(&mask, 8)?);
    Ok(())
}

#[step(r"^a step that checks that the umask is not (\d+)$")]
fn checks_umask(mask: String) -> Result<(), Box<dyn Error>> {
    let now = system::set_umask(0o022);
    system::set_umask(now);
    check!(now != u32::from_str_radix(&mask, 8)?);
    Ok(())
}

#[step("^a step that ignores SIGTERM$")]
fn ignores_sigterm() {
    system::ignore(system::SIGTERM);
}

/// A program that ignored the signal would live on.
#[step("^a step that checks that SIGTERM ends programs$")]
fn checks_sigterm() -> io::Result<()> {
    let status = Command::new("sh").args(["-c", "kill -TERM $$"]).status()?;
    check!(status.code().is_none());
    Ok(())
}

#[step(r"^a step that limits open files to (\d+)$")]
fn limits_files(count: u64) -> io::Result<()> {
    system::limit_open_files(count, false)
}

#[step(r"^a step that limits open files to (\d+) for good$")]
fn limits_files_for_good(count: u64) -> io::Result<()> {
    system::limit_open_files(count, true)
}

#[step(r"^a step that checks that more than (\d+) files can be open$")]
fn checks_limit(count: u64) -> io::Result<()> {
    check!(system::open_files()? > count);
    Ok(())
}

#[step(r#"^a step that sets the variable "(.*)" to "(.*)"$"#)]
fn sets_variable(name: String, value: String) {
    // SAFETY: no other thread of this program reads the environment now.
    unsafe { env::set_var(name, value) };
}

#[step(r#"^a step that removes the variable "(.*)"$"#)]
fn removes_variable(name: String) {
    // SAFETY: as above.
    unsafe { env::remove_var(name) };
}

/// Sets a variable that is meant to stay.
struct Settings;

impl Fixture for Settings {
    const SCOPE: Scope = Scope::Worker;

    fn setup(_: &Context) -> Result<Self, Box<dyn Error>> {
        sets_variable("SETTINGS_OF_THE_WORKER".into(), "there".into());
        system::set_umask(0o027);
        Ok(Self)
    }
}

#[step("^a step with settings for all scenarios$")]
fn with_settings(_: &Settings) {}

/// Sets a variable when it is closed.
struct LateSettings;

impl Fixture for LateSettings {
    const SCOPE: Scope = Scope::Feature;

    fn setup(_: &Context) -> Result<Self, Box<dyn Error>> {
        Ok(Self)
    }

    fn teardown(self) -> Result<(), Box<dyn Error>> {
        sets_variable("SETTINGS_OF_THE_FEATURE".into(), "there".into());
        Ok(())
    }
}

#[step("^a step with a fixture of its feature that sets a variable at its end$")]
fn with_late_settings(_: &LateSettings) {}

/// While it lives, the threads of this process hardly get any time: programs that never stop have the same processor.
struct SlowMachine(Vec<Child>);

/// How many programs compete with this process.
const COMPETITORS: usize = 3;

impl Fixture for SlowMachine {
    fn setup(_: &Context) -> Result<Self, Box<dyn Error>> {
        let processor = first_processor()?;
        let this = std::process::id().to_string();
        let spin = "while kill -0 \"$1\" 2> /dev/null; do i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; done";
        let spin = |_| {
            Command::new("taskset")
                .args(["-c", &processor, "sh", "-c", spin, "sh", &this])
                .spawn()
        };
        let slow = Self((0..COMPETITORS).map(spin).collect::<Result<_, _>>()?);
        run("taskset", &["-a", "-c", "-p", &processor, &this])?;
        for task in fs::read_dir("/proc/self/task")? {
            let id = task?.file_name().to_string_lossy().into_owned();
            run("renice", &["-n", "19", "-p", &id])?;
        }
        Ok(slow)
    }

    fn teardown(mut self) -> Result<(), Box<dyn Error>> {
        for child in &mut self.0 {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }
}

/// The number of a processor that this process may use.
fn first_processor() -> Result<String, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let allowed = status
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let first = allowed.and_then(|list| list.trim().split([',', '-']).next());
    Ok(first.ok_or("no processor is allowed")?.to_owned())
}

fn run(program: &str, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let output = Command::new(program).args(arguments).output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into()),
    }
}

#[step(r#"^an async step that makes the machine slow, makes the file "(.*)" and hangs$"#)]
async fn hangs_slowly(_slow: &SlowMachine, sign: String) -> io::Result<()> {
    fs::write(Path::new(&sign), "")?;
    sleep(Duration::from_secs(3600)).await;
    Ok(())
}
