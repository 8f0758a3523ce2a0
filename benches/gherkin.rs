//! Compares the parser with the `gherkin` crate and with a scan that only copies lines: CPU time of one thread. The last
//! line is wall time: how much faster two threads are than one.
//!
//!     cargo bench --bench gherkin -- DIRECTORY [RUNS]
//!
//! The directory (or `BDD_CORPUS`) holds feature files. Each run reads all of them from
//! memory; the least of the runs counts (one by default). The crate has no pickles: its
//! column is what it does, to its own tree without outlines expanded.

use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs, hint, thread};

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
    let scan = measure("lines as owned strings", runs, bytes, &sources, |source| {
        let lines: Vec<String> = source.lines().map(str::to_owned).collect();
        hint::black_box(lines);
    });
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
    println!(
        "pickles take {:.1} times as long as the lines",
        pickles / scan
    );
    let (one, two) = (wall(1, runs, &sources), wall(2, runs, &sources));
    println!("pickles: two threads are {:.2} times as fast", one / two);
}

/// The wall time until so many threads have all pickles.
fn wall(threads: usize, runs: usize, sources: &[String]) -> f64 {
    let options = ParseOptions::default();
    let pickles = |sources: &[String]| {
        for source in sources {
            let document = parse(source, &options).expect("a corpus parses");
            hint::black_box(compile(&document).expect("a corpus compiles"));
        }
    };
    let parts = sources.chunks(sources.len().div_ceil(threads).max(1));
    let run = || {
        let start = Instant::now();
        thread::scope(|scope| {
            for part in parts.clone() {
                scope.spawn(|| pickles(part));
            }
        });
        start.elapsed().as_secs_f64()
    };
    (0..runs).map(|_| run()).fold(f64::INFINITY, f64::min)
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
