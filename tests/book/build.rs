//! Takes the Rust code out of the book's chapters: each chapter is a step program.

use std::path::PathBuf;
use std::{env, fs};

#[allow(dead_code)]
#[path = "fences.rs"]
mod fences;

fn main() {
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let chapters = package.join("../../docs/book");
    println!("cargo::rerun-if-changed={}", chapters.display());
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut library = String::new();
    for entry in fs::read_dir(&chapters).expect("the book") {
        let path = entry.expect("a chapter").path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a chapter");
        let mut program = String::new();
        for fence in fences::fences(&text) {
            match fence.words.as_slice() {
                ["rust"] => program.push_str(fence.content),
                ["rust", "library"] => library.push_str(fence.content),
                _ => continue,
            }
        }
        if !program.contains("fn main()") {
            program.push_str("fn main() {\n    bdd_steps::worker()\n}\n");
        }
        let name = path.with_extension("rs");
        let name = name.file_name().expect("a chapter has a name");
        fs::write(out.join(name), program).expect("the program of a chapter");
    }
    fs::write(out.join("library.rs"), library).expect("the library");
}
