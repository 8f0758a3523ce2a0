#!/usr/bin/env python3
"""Measures the memory that each report needs for many scenarios.

    benches/report-memory.py [--scenarios N] [--failing PERCENT] [BDD [STEPS]]

BDD is the program (target/release/bdd), STEPS the step program of `steps-examples`
(target/release/steps-examples). Build both with `cargo build --release --workspace --bins`.

A run of N scenarios (100,000) with eight steps each, of which one prints a KiB, writes its events. Then `bdd report` makes
each report of them. The script prints the peak of its resident memory, and how much of it the report adds to `summary`,
which keeps only counts: the plan is in memory anyway. It does the same with a quarter of the scenarios: what is
bounded stays the same, what is linear grows by four.

It exits with 1 if something keeps more of each scenario than BOUNDS allow.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PER_FEATURE = 100
TEXT = "output " * 146
FORMATS = ["pretty", "progress", "junit:FILE.xml", "junit:FOLDER/", "html:FILE", "messages:FILE", "events:FILE",
           "rerun:FILE", "json:FILE", "github:FILE", "github-summary:FILE", "tap:FILE", "usage:FILE"]

# The bytes that each scenario may take: in all of `bdd run` and of a replay (`summary`), and in the others in addition to
# that. They are about twice what was measured.
BOUNDS = {"bdd run": 2000, "summary": 1600, "messages:FILE": 120, "junit:FILE.xml": 120, "junit:FOLDER/": 120}
OTHERS = 60


def feature(number, failing):
    """Returns the text of a feature with PER_FEATURE scenarios."""
    lines = [f"Feature: Number {number}"]
    for scenario in range(PER_FEATURE):
        index = number * PER_FEATURE + scenario
        lines.append(f"  Scenario: The scenario with the number {index}")
        lines.append(f'    Given a step that prints "{TEXT}"')
        lines += ["    And a step that passes"] * 6
        fails = index * failing // 100 < (index + 1) * failing // 100
        lines.append("    Then a step that " + ('fails with "something"' if fails else "passes"))
    return "\n".join(lines) + "\n"


def peak(command, folder):
    """Runs a command and returns its peak of resident memory in MiB, and its seconds."""
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    problem = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{command}: {problem}")
    return usage.ru_maxrss / 1024, time.monotonic() - began


def figures(scenarios, arguments, bdd, steps):
    """Returns the peak of each format in MiB, with its seconds, for a run of so many scenarios."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "features").mkdir()
        for number in range(scenarios // PER_FEATURE):
            text = feature(number, arguments.failing)
            (folder / "features" / f"number_{number:05}.feature").write_text(text)
        run = [bdd, "run", "--steps", steps, "--no-history", "-f", "summary", "-f", "events:run.events"]
        found = {"bdd run": peak(run, folder)}
        for form in ["summary", *FORMATS]:
            form_in = form.replace("FILE", "report").replace("FOLDER", "reports")
            command = [bdd, "report", "run.events", "-f", form_in]
            if ":" in form:
                command += ["-f", "summary"]
            found[form] = peak(command, folder)
        return found


def growth(form, quarter, whole, scenarios):
    """Returns the bytes that a scenario takes in a report."""
    def more(found):
        base = 0 if form in ("bdd run", "summary") else found["summary"][0]
        return found[form][0] - base
    return (more(whole) - more(quarter)) * 1024 * 1024 / (scenarios - scenarios // 4)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenarios", type=int, default=100_000)
    parser.add_argument("--failing", type=int, default=1, help="percent of the scenarios")
    parser.add_argument("bdd", nargs="?", default=str(ROOT / "target/release/bdd"))
    parser.add_argument("steps", nargs="?", default=str(ROOT / "target/release/steps-examples"))
    arguments = parser.parse_args()
    bdd, steps = (os.path.abspath(path) for path in (arguments.bdd, arguments.steps))
    quarter = figures(arguments.scenarios // 4, arguments, bdd, steps)
    whole = figures(arguments.scenarios, arguments, bdd, steps)
    print(f"{arguments.scenarios} scenarios, {arguments.failing} % fail; MiB, and MiB more than `summary`")
    print(f"{'format':<20}{'a quarter':>10}{'more':>8}{'all':>10}{'more':>8}{'seconds':>9}{'each':>10}")
    exceeded = []
    for form, (memory, seconds) in whole.items():
        before = quarter[form][0]
        more = [before - quarter["summary"][0], memory - whole["summary"][0]]
        each = growth(form, quarter, whole, arguments.scenarios)
        print(f"{form:<20}{before:>10.0f}{more[0]:>8.1f}{memory:>10.0f}{more[1]:>8.1f}{seconds:>9.1f}{each:>8.0f} B")
        if each > BOUNDS.get(form, OTHERS):
            exceeded.append(f"{form}: {each:.0f} bytes for each scenario, and {BOUNDS.get(form, OTHERS)} are allowed")
    if exceeded:
        sys.exit("\n".join(exceeded))


main()
