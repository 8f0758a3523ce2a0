//! The Python of the tests, without what a start of it costs on some machines.
//!
//! A run of all tests starts Python 1,200 times. A version manager answers to `python3` with a shell script (50 ms),
//! and packages that are installed may run code at each start (25 ms). The step programs of the tests need neither.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// PATH with a folder in front whose `python3` is the interpreter itself, started without its packages. Without
/// Python it is the PATH that is there.
pub fn path() -> &'static OsString {
    static PATH: LazyLock<OsString> = LazyLock::new(|| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let Some(interpreter) = interpreter() else {
            return path;
        };
        let folders = [folder_with(&interpreter)];
        let folders = folders.into_iter().chain(std::env::split_paths(&path));
        std::env::join_paths(folders).expect("a PATH")
    });
    &PATH
}

/// The program that `python3` runs in the end.
fn interpreter() -> Option<PathBuf> {
    let script = "import sys; print(sys.executable)";
    let output = Command::new("python3").args(["-c", script]).output().ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !path.trim().is_empty()).then(|| path.trim().into())
}

/// Makes the folder. Other processes may make the same at this moment, so the file appears whole.
fn folder_with(interpreter: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
    fs::create_dir_all(&folder).expect("a folder for Python");
    let mut file = tempfile::NamedTempFile::new_in(&folder).expect("a file for Python");
    let quoted = shell_words::quote(interpreter.to_str().expect("a path in UTF-8")).into_owned();
    write!(file, "#!/bin/sh\nexec {quoted} -S \"$@\"\n").expect("a script that starts Python");
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(file.path(), executable).expect("a script that can be run");
    // Renaming closes nothing: a file that is open for writing cannot be run.
    (file.into_temp_path().persist(folder.join("python3"))).expect("the script in its place");
    folder
}
