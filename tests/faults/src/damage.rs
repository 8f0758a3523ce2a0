//! Steps that damage what is around the process.

use std::env;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

use bdd_steps::step;

/// Files larger than this are not written: then the disk has no limit that a test has set.
const MOST: u64 = 1024 * 1024 * 1024;

#[step("^a step that deletes the working directory$")]
fn deletes_directory() -> io::Result<()> {
    let directory = env::current_dir()?;
    loop {
        match fs::remove_dir_all(&directory) {
            // The runner has just written a file of its record into it.
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => {}
            removed => return removed,
        }
    }
}

#[step(r#"^a step that changes to the directory "(.*)"$"#)]
fn changes_directory(directory: PathBuf) -> io::Result<()> {
    env::set_current_dir(directory)
}

/// What is printed is where the step after it runs.
#[step("^a step that prints the working directory$")]
fn prints_directory() -> io::Result<()> {
    println!("{}", env::current_dir()?.display());
    Ok(())
}

#[step("^a step that deletes all temporary files$")]
fn deletes_temporary_files() -> io::Result<()> {
    fs::remove_dir_all(env::temp_dir())?;
    fs::create_dir(env::temp_dir())
}

#[step("^a step that takes all descriptors$")]
fn takes_descriptors() {
    while let Ok(file) = File::open("/dev/null") {
        std::mem::forget(file);
    }
}

#[step(r#"^a step that fills the disk under "(.*)"$"#)]
fn fills_disk(directory: PathBuf) -> Result<(), String> {
    let path = directory.join("filler");
    let full = |error: &io::Error| error.kind() == io::ErrorKind::StorageFull;
    let mut file = File::create(&path).map_err(|error| error.to_string())?;
    let block = vec![b'x'; 64 * 1024];
    let mut written = 0;
    while written < MOST {
        match file.write_all(&block) {
            Ok(()) => written += block.len() as u64,
            Err(error) if full(&error) => return Ok(()),
            Err(error) => return Err(error.to_string()),
        }
    }
    let _ = fs::remove_file(path);
    Err(format!("{} has room for {MOST} bytes", directory.display()))
}
