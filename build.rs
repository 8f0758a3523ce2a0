//! Embeds the host for Python, every `.py` file of `hosts/python/bdd_behave`, so that a new module needs no list; and says
//! how the runner is linked.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The folder that is embedded, from the root of the package.
const HOST: &str = "hosts/python/bdd_behave";

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={HOST}");
    let folder = root.join(HOST);
    let mut files = Vec::new();
    collect(&folder, &mut files)?;
    // The order of a folder differs between file systems, and equal sources make equal binaries.
    files.sort();
    let mut code = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&folder).map_err(io::Error::other)?;
        let name = name.to_string_lossy();
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            code,
            "    ({name:?}, include_bytes!({:?})),",
            file.to_string_lossy()
        );
    }
    code.push_str("]\n");
    link_at_fixed_address();
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("bdd_behave.rs"), code)
}

/// Lets the linker decide where the runner is in memory, instead of its start: 30,000 addresses to correct, on 160 pages, are
/// the tenth part of the time of a run of one scenario. `BDD_PIE=1` leaves it to the start, as hardened distributions want it.
fn link_at_fixed_address() {
    println!("cargo:rerun-if-env-changed=BDD_PIE");
    let target = |what| env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    let is_static = target("FEATURE").split(',').any(|one| one == "crt-static");
    let is_known = (target("OS"), target("ENV"), target("ARCH"))
        == ("linux".into(), "gnu".into(), "x86_64".into())
        && !is_static;
    if is_known && env::var_os("BDD_PIE").is_none() {
        println!("cargo:rustc-link-arg-bin=bdd=-no-pie");
    }
}

/// Adds the Python files of a folder and of the folders in it.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "py") {
            files.push(path);
        }
    }
    Ok(())
}
