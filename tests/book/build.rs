//! Takes the Rust code out of the book's chapters: each chapter is a step program, or several.

use std::collections::BTreeMap;
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
        let chapter = path.file_stem().expect("a chapter has a name");
        let chapter = chapter.to_string_lossy();
        // The chapter's own program is always there; the others have names.
        let mut programs = BTreeMap::from([(chapter.to_string(), String::new())]);
        for fence in fences::fences(&text) {
            let program = match fence.words.as_slice() {
                ["rust"] => chapter.to_string(),
                ["rust", "program", name] => format!("{chapter}_{name}"),
                ["rust", "library"] => {
                    library.push_str(fence.content);
                    continue;
                }
                ["rust", module] if module.ends_with(".rs") => {
                    fs::write(out.join(module), fence.content).expect("a module of a chapter");
                    continue;
                }
                _ => continue,
            };
            programs.entry(program).or_default().push_str(fence.content);
        }
        for (name, mut program) in programs {
            if !program.contains("fn main()") {
                program.push_str("fn main() {\n    bdd_steps::worker()\n}\n");
            }
            fs::write(out.join(name + ".rs"), program).expect("a program of a chapter");
        }
    }
    fs::write(out.join("library.rs"), library).expect("the library");
}
