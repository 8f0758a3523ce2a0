#!/usr/bin/env python3
"""Measures the cost of building a step crate, with bdd-steps and with cucumber-rs, in one run.

    benches/build-time.py BENCH [DIR]

BENCH is the folder with the benchmark's `gen_corpus.py`; DIR (a temporary one if it is not given)
gets the crates. All have the same 30 definitions. Each is built cold (all sources fetched, nothing
compiled) and again after an edit of one step. These are debug builds, and times are CPU seconds of all
processes. The exit code is 1 if a bound is exceeded.
"""
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CUCUMBER = """\
[package]
name = "corpus-steps"
version = "0.0.0"
edition = "2024"

[dependencies]
cucumber = "=0.23.0"
tokio = { version = "1", features = ["macros", "rt-multi-thread", "time"] }

[workspace]
"""
CUCUMBER_MAIN = """\
include!("steps.rs");

#[tokio::main]
async fn main() {
    <World as cucumber::World>::run("features").await;
}
"""
ASYNC_STEP = """
#[when("^the world waits a little$")]
async fn waits(_: &mut World) {
    bdd_steps::tokio::task::yield_now().await;
}
"""


def generate(bench, *arguments):
    """Returns the output of the benchmark's generator."""
    command = [sys.executable, str(bench / "gen_corpus.py"), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def bdd(bench, crate, asynchronous):
    """Makes a step crate for bdd; returns the file that an edit changes."""
    definitions = generate(bench, "defs", "--count", "30")
    script = [sys.executable, str(ROOT / "benches/steps-crate.py"), str(crate)]
    subprocess.run(script, check=True, input=definitions, text=True)
    source = crate / "src/main.rs"
    if asynchronous:
        manifest = crate / "Cargo.toml"
        manifest.write_text(manifest.read_text().replace(" }", ', features = ["async"] }', 1))
        source.write_text(source.read_text().replace("\nfn main()", ASYNC_STEP + "\nfn main()"))
    return source


def cucumber(bench, crate):
    """Makes a step crate for cucumber-rs; returns the file that an edit changes."""
    (crate / "src").mkdir(parents=True)
    (crate / "Cargo.toml").write_text(CUCUMBER)
    (crate / "src/main.rs").write_text(CUCUMBER_MAIN)
    source = crate / "src/steps.rs"
    source.write_text(generate(bench, "steps", "--lang", "cucumber-rs", "--count", "30"))
    return source


def build(crate):
    """Builds a crate; returns CPU seconds and the number of compiled packages."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = ["cargo", "build", "--offline", "--message-format", "json", "--quiet"]
    environment = dict(os.environ, CARGO_TARGET_DIR=str(crate / "target"))
    done = subprocess.run(command, cwd=crate, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{crate.name} does not build:\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    messages = map(json.loads, done.stdout.splitlines())
    packages = {message["package_id"] for message in messages if message["reason"] == "compiler-artifact"}
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, len(packages)


def measure(name, crate, source):
    """Measures a cold build and a rebuild of a crate."""
    subprocess.run(["cargo", "fetch", "--quiet"], cwd=crate, check=True)
    cold, packages = build(crate)
    rebuilds = []
    for count in range(3):
        text = source.read_text()
        edited = text.replace("+= 1;", f"+= {count} + 1;", 1).replace(f"+= {count - 1} + 1;", f"+= {count} + 1;", 1)
        assert edited != text, "the edit changes nothing"
        source.write_text(edited)
        rebuilds.append(build(crate)[0])
    rebuild = sorted(rebuilds)[1]
    print(f"{name:20} {packages:4} packages, cold {cold:6.1f} s, rebuild {rebuild:5.2f} s", flush=True)
    return packages, cold, rebuild


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__.strip())
    bench = pathlib.Path(sys.argv[1]).resolve()
    base = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else tempfile.mkdtemp(prefix="build-time-"))
    crates = {name: base / name for name in ("bdd", "bdd-async", "cucumber-rs")}
    for crate in crates.values():
        shutil.rmtree(crate, ignore_errors=True)
    sources = {
        "bdd": bdd(bench, crates["bdd"], False),
        "bdd-async": bdd(bench, crates["bdd-async"], True),
        "cucumber-rs": cucumber(bench, crates["cucumber-rs"]),
    }
    results = {name: measure(name, crates[name], sources[name]) for name in crates}
    _, peer_cold, peer_rebuild = results["cucumber-rs"]
    failed = False
    for name, bound, share in (("bdd", 12, 10), ("bdd-async", 16, 8)):
        packages, cold, rebuild = results[name]
        print(f"{name}: cold 1/{peer_cold / cold:.1f}, rebuild {rebuild / peer_rebuild:.2f} of cucumber-rs")
        failed |= packages > bound or cold > peer_cold / share or rebuild > peer_rebuild / 2
    if len(sys.argv) == 2:
        shutil.rmtree(base)
    sys.exit(failed)


if __name__ == "__main__":
    main()
