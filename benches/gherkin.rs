//! Compares the parser with the `gherkin` crate: CPU time of one thread.
//!
//!     cargo bench --bench gherkin -- DIRECTORY [RUNS]
//!
//! The directory (or `BDD_CORPUS`) holds feature files. Each run reads all of them from
//! memory; the least of the runs counts (one by default). The crate has no pickles: its
//! column is what it does, to its own tree without outlines expanded.

use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs, hint};

use bdd::gherkin::{ParseOptions, compile, parse};

fn main() {
    let mut arguments = env::args().skip(1).filter(|argument| argument != "--bench");
    let Some(directory) = arguments.next().or_else(|| env::var("BDD_CORPUS").ok()) else {
        println!("no corpus: give a directory with feature files, or set BDD_CORPUS");
        return;
    };
    let runs = arguments
        .next()
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(1);
    let mut files = Vec::new();
    collect(Path::new(&directory), &mut files);
    files.sort();
    let sources: Vec<String> = files
        .iter()
        .map(|file| fs::read_to_string(file).expect("a corpus is readable"))
        .collect();
    let bytes: usize = sources.iter().map(String::len).sum();
    println!(
        "{} files, {bytes} bytes, least of {runs} runs",
        sources.len()
    );

    let theirs = measure(
        "gherkin crate, to its tree",
        runs,
        bytes,
        &sources,
        |source| {
            let env = gherkin::GherkinEnv::default();
            hint::black_box(gherkin::Feature::parse(source, env).expect("a corpus parses"));
        },
    );
    let options = ParseOptions::default();
    let document = measure("bdd, to the document", runs, bytes, &sources, |source| {
        hint::black_box(parse(source, &options).expect("a corpus parses"));
    });
    let pickles = measure("bdd, to pickles", runs, bytes, &sources, |source| {
        let document = parse(source, &options).expect("a corpus parses");
        hint::black_box(compile(&document).expect("a corpus compiles"));
    });
    println!("document: {:.1} times as fast", theirs / document);
    println!("pickles: {:.1} times as fast", theirs / pickles);
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("the corpus is a directory") {
        let path = entry.expect("the corpus can be listed").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "feature")
        {
            files.push(path);
        }
    }
}

fn measure(
    name: &str,
    runs: usize,
    bytes: usize,
    sources: &[String],
    mut parse: impl FnMut(&str),
) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..runs {
        let start = Clock::start();
        for source in sources {
            parse(source);
        }
        least = least.min(start.seconds());
    }
    let speed = bytes as f64 / 1e6 / least;
    println!("{name:28} {:9.2} ms {speed:8.1} MB/s", least * 1e3);
    least
}

/// CPU time of the thread if the system reports it, else wall time.
struct Clock {
    cpu: Option<u64>,
    wall: Instant,
}

impl Clock {
    fn start() -> Self {
        Self {
            cpu: cpu_time(),
            wall: Instant::now(),
        }
    }

    fn seconds(&self) -> f64 {
        match (self.cpu, cpu_time()) {
            (Some(start), Some(end)) => (end - start) as f64 / 1e9,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}

/// Nanoseconds that this thread has run (Linux).
fn cpu_time() -> Option<u64> {
    // The counter is brought up to date when the scheduler looks at the thread.
    std::thread::yield_now();
    let statistics = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    statistics.split_whitespace().next()?.parse().ok()
}
