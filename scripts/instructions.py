#!/usr/bin/env python3
"""Count the instructions of each stage of bdd, for a small project and for one of eight times its size.

    scripts/instructions.py            fails when a stage grows faster than the project, or has become slower
    scripts/instructions.py --built    the same, with the programs that the tests have built
    scripts/instructions.py --bless    writes the counts of now to scripts/instructions.json

Instructions are counted by valgrind, for the runner alone and for the debug build, which the tests have built
anyway. Unlike times they do not depend on the speed of the machine, or on what else it does. What does change them is
another compiler. Then this script still checks how each stage grows, but compares nothing with the baseline, and says so.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BASELINE = ROOT / "scripts" / "instructions.json"

# How much more than in the baseline is allowed.
ROOM = 1.05
# By how much more than the project a stage may grow. Sorting grows a little faster than its input.
GROWTH = 1.06
# The features of the smallest project, which has the costs of starting; of the small one; and of the large one.
SIZES = {"start": 1, "1": 9, "8": 65}

STAGES = {
    "parse": ["parse"],
    "plan": ["list"],
    "match": ["run", "--dry-run", "-f", "progress", "--snippets", "none"],
    "run": ["run", "-j1", "-f", "progress"],
    "report": ["run", "-j1", "-f", "progress", "-f", "junit:junit.xml", "-f", "events:events.jsonl",
               "-f", "messages:messages.ndjson"],
}

FEATURE = """\
@feature-{number}
Feature: feature {number}
  Words that describe the feature.

  @tag-{number}
  Scenario: plain
    Given a step that passes
    When a step that passes
    Then a step that passes

  Scenario Outline: outline of <name>
    * a document "<name>" with the text:
      \"\"\"
      a text with <name>
      \"\"\"
    Examples:
      | name |
      | a    |
      | b    |
"""


def project(folder, features):
    """Write a project. `bdd parse` reads one file, so all features are in one as scenarios too."""
    (folder / "features").mkdir(parents=True)
    (folder / "bdd.toml").write_text("")
    texts = [FEATURE.format(number=f"{number:04}") for number in range(features)]
    for number, text in enumerate(texts):
        (folder / "features" / f"f{number:04}.feature").write_text(text)
    # The scenarios begin after the description.
    scenarios = [text.split("\n\n", 1)[1] for text in texts]
    (folder / "all.feature").write_text("Feature: all\n\n" + "\n".join(scenarios))


def count(program, steps, folder, stage):
    command = [program, *STAGES[stage]]
    if stage == "parse":
        command.append("all.feature")
    else:
        command.append("features")
    if command[1] == "run":
        command += ["--steps", steps]
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *map(str, command)],
        cwd=folder, env={"PATH": os.environ["PATH"], "HOME": str(folder)}, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    # The steps of a dry run are matched, so it passes too.
    if done.returncode or not found:
        sys.exit(f"{' '.join(map(str, command))} has ended with {done.returncode}:\n{done.stderr}")
    return int(found[1])


def programs(work, built):
    """bdd and the step program, without debug information: valgrind takes seconds to read it. Without symbols
    callgrind is six times as slow."""
    target = json.loads(subprocess.run(
        ["cargo", "metadata", "--no-deps", "--format-version", "1", "--locked"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout)["target_directory"]
    if not built:
        # With the features of dependencies that the tests have: see `.ci/run`.
        subprocess.run(["cargo", "build", "--locked", "--quiet", "--workspace", "--examples", "--bin", "bdd", "--bin",
                        "steps-examples"], cwd=ROOT, check=True)
    stripped = []
    for name in ("bdd", "steps-examples"):
        stripped.append(work / name)
        program = pathlib.Path(target) / "debug" / name
        subprocess.run(["strip", "--strip-debug", "-o", stripped[-1], program], check=True)
    return stripped


def measured(work, built):
    program, steps = programs(work, built)

    def count_one(stage, size):
        # A folder for each: a run leaves a record.
        folder = work / stage / size
        project(folder, SIZES[size])
        return count(program, steps, folder, stage)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        # The longest first, so that no core waits for them at the end.
        waiting = {(stage, size): pool.submit(count_one, stage, size) for size in reversed(SIZES) for stage in reversed(STAGES)}
        return {stage: {size: waiting[stage, size].result() for size in SIZES} for stage in STAGES}


def compiler():
    return subprocess.run(["rustc", "--version"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def problems(counts, baseline):
    for stage, now in counts.items():
        grown = (now["8"] - now["start"]) / (now["1"] - now["start"])
        line = f"{stage:8} {now['1']:13,} {now['8']:13,}  grows {grown:5.2f} times"
        if baseline:
            before = baseline[stage]
            ratios = [now[size] / before[size] for size in SIZES]
            # What starting costs would hide what each scenario costs.
            ratios.append((now["8"] - now["start"]) / (before["8"] - before["start"]))
            line += f"  {max(ratios):.3f} of the baseline"
            if max(ratios) > ROOM:
                yield f"{stage} takes {max(ratios):.3f} times the instructions of the baseline (at most {ROOM})"
        print(line)
        if grown > 8 * GROWTH:
            yield f"{stage} takes {grown:.2f} times the instructions for 8 times the features"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bless", action="store_true", help="write the counts of now to the baseline")
    parser.add_argument("--built", action="store_true", help="count with the programs that are built already")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("valgrind is missing: install it (Debian: apt-get install valgrind)")
    with tempfile.TemporaryDirectory() as work:
        counts = measured(pathlib.Path(work), options.built)
    if options.bless:
        BASELINE.write_text(json.dumps({"compiler": compiler(), "instructions": counts}, indent=2) + "\n")
    baseline = json.loads(BASELINE.read_text())
    comparable = baseline["compiler"] == compiler()
    found = list(problems(counts, baseline["instructions"] if comparable else None))
    if not comparable:
        print(f"the counts are not compared with the baseline: it is of {baseline['compiler']}, and this is {compiler()}")
    for problem in found:
        print(f"error: {problem}", file=sys.stderr)
    if found:
        print("hint: if that is intended, write the counts of now with scripts/instructions.py --bless", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
