#!/usr/bin/env python3
"""Measures how soon a hung step is reported, and how long many waiting scenarios take.

    benches/latency.py [BDD [STEPS]]

BDD is the program (target/release/bdd), STEPS the step program of `tests/faults`
(target/release/bdd-faults). Build both with `cargo build --release --workspace --bins`.

A hung step has a limit of 1 s, and its process has 200 ms between SIGTERM and SIGKILL. The script measures
the time from the start of the scenario until its result can be read. Then 200 scenarios, which block for
50 ms each, run in 64 workers, and the script measures the whole process. It uses the median of RUNS runs.
The exit code is 1 if a bound is exceeded.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUNS = 5
HUNG = 1.5
MANY = 0.45
STEPS = [
    "a step that hangs",
    "a step that hangs and ignores SIGTERM",
    "a step that loops without end",
    "a step that stops its process",
    "an async step that hangs",
    "an async step that computes for 3600000 ms",
]


def hung(run, step):
    """Returns the seconds until the result of a scenario with this step is read."""
    run.feature([step])
    limits = ["--step-timeout", "1s", "--grace", "200ms"]
    process = subprocess.Popen(run.command(["-j", "1", "-f", "events", *limits]),
                               stdout=subprocess.PIPE, text=True)
    began = None
    for line in process.stdout:
        now = time.time()
        event = json.loads(line)
        if event["type"] == "scenario_started":
            began = event["at"] / 1e6
        if event["type"] == "scenario_finished":
            if "timed_out" not in (event["fault"] or {}):
                sys.exit(f"{step}: {event}")
            took = now - began
    if process.wait() != 1:
        sys.exit(f"{step}: exit code {process.returncode}")
    return took


def many(run):
    """Returns the seconds for 200 scenarios that block for 50 ms."""
    run.feature(["a step that sleeps 50 ms"] * 200)
    start = time.monotonic()
    subprocess.run(run.command(["-j", "64", "-f", "progress"]), check=True,
                   stdout=subprocess.DEVNULL)
    return time.monotonic() - start


class Run:
    """A project in a folder, and the command to run it."""

    def __init__(self, folder, bdd, steps):
        self.folder = pathlib.Path(folder)
        self.bdd = bdd
        (self.folder / "bdd.toml").write_text(f"[steps]\npath = '{steps}'\n")

    def feature(self, steps):
        scenarios = (f"Scenario: s{number}\n* {step}\n" for number, step in enumerate(steps))
        (self.folder / "a.feature").write_text("Feature: A\n" + "".join(scenarios))

    def command(self, arguments):
        config = str(self.folder / "bdd.toml")
        return [self.bdd, "run", "--config", config, *arguments, str(self.folder / "a.feature")]


def main():
    programs = [str(ROOT / "target/release" / name) for name in ("bdd", "bdd-faults")]
    programs[:len(sys.argv) - 1] = [str(pathlib.Path(given).resolve()) for given in sys.argv[1:3]]
    good = True

    def show(what, times, bound):
        nonlocal good
        median = statistics.median(times)
        good &= median <= bound
        verdict = "" if median <= bound else "  TOO LONG"
        print(f"{what:50} {median:6.3f} s ({min(times):.3f} to {max(times):.3f}), at most {bound} s{verdict}")

    with tempfile.TemporaryDirectory() as folder:
        run = Run(folder, *programs)
        for step in STEPS:
            show(step, [hung(run, step) for _ in range(RUNS)], HUNG)
        show("200 scenarios that block 50 ms, 64 workers", [many(run) for _ in range(RUNS)], MANY)
    sys.exit(0 if good else 1)


main()
