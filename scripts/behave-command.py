#!/usr/bin/env python3
"""Runs the command lines of CI files with `behave` and with `bdd behave`, and compares what they leave.

    scripts/behave-command.py                       a suite with all outcomes, with behave 1.3.3
    scripts/behave-command.py --behave 1.2.6        another version of behave
    scripts/behave-command.py --suite python-docx   a suite of `scripts/behave-suites.py` as well
    scripts/behave-command.py --only junit          only the command lines whose name contains a word

Compared are the exit code, standard output and every file, byte by byte after times, host names and the paths of
tracebacks are masked. The exit code is 1 if something differs.
"""
import argparse
import difflib
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUTCOMES = ROOT / "hosts/python/tests/outcomes"

MASKS = [
    (re.compile(rb"\d+min \d+\.\d+s|\d+m\d+\.\d+s|\b\d+\.\d+s"), b"TIME"),
    (re.compile(rb'("duration": )[\d.e-]+'), rb"\1TIME"),
    (re.compile(rb'( time=")[\d.e-]+"'), rb'\1TIME"'),
    (re.compile(rb'( timestamp=")[^"]+"'), rb'\1TIME"'),
    (re.compile(rb'( hostname=")[^"]*"'), rb'\1HOST"'),
    # `progress2` and the like overwrite nothing without a terminal; only tracebacks name absolute paths.
    (re.compile(rb'File \\?"[^"\\]*\\?"'), b"File PATH"),
]

# `progress` is not among them: with rules it ends in an error in behave 1.3.3.
# The command lines by name; `{new}` begins those that only behave 1.3 has, `{old}` those that only 1.2.6 has.
LINES = [
    ("all, pretty", []),
    ("tags v1, exclusion", ["--tags=~@slow", "-k{old}", "-f", "progress2"]),
    ("tags v1, or and and", ["-t", "@smoke,@slow", "-t", "~@fast", "-f", "plain", "--no-timings"]),
    ("tags v2", ["{new}", "--tags", "(@smoke or @slow) and not @fast", "--no-skipped", "-f", "plain"]),
    ("junit", ["--junit", "--junit-directory", "out/junit", "-f", "progress3"]),
    ("junit without skipped", ["--junit", "--junit-dir=out/junit", "--no-skipped", "--tags=@smoke"]),
    ("formats with files", ["-f", "json", "-o", "out/result.json", "-f", "json.pretty", "-o", "out/pretty.json",
                            "-f", "rerun", "-o", "out/rerun.txt", "-f", "progress3", "--no-color"]),
    ("other formats", ["-f", "plain", "-o", "out/plain.txt", "-f", "pretty", "-o", "out/pretty.txt", "-f", "tags",
                       "-o", "out/tags.txt", "-f", "tags.location", "-o", "out/places.txt", "-f", "steps", "-o",
                       "out/steps.txt", "-f", "steps.doc", "-o", "out/doc.txt", "-f", "steps.usage", "-o", "out/usage.txt",
                       "-f", "progress3", "-o", "out/progress3.txt", "-f", "progress2", "-o", "out/progress2.txt",
                       "-f", "null"]),
    ("userdata", ["-D", "browser=firefox", "--define", "level=3", "-f", "plain", "--no-capture", "-n", "Passes"]),
    ("stop", ["--stop", "-f", "json", "-o", "out/result.json", "-f", "plain", "--junit", "--junit-directory=out/junit"]),
    ("dry run", ["--dry-run", "--no-snippets", "-f", "plain", "--no-summary"]),
    ("names and files", ["-n", "Buy", "-n", "Eins", "-i", "(a|d).feature", "-e", "/c", "-f", "json"]),
    ("lines", ["{first}:7", "{first}", "-f", "plain", "-q"]),
    ("wip", ["--wip"]),
    ("verbose", ["-v", "-f", "progress2", "-T", "--no-capture-stderr"]),
    ("nothing matches", ["--tags=@nothing", "-f", "progress"]),
    ("unknown flag", ["--no-such-flag"]),
    ("ambiguous prefix", ["--no-ca"]),
    ("version", ["--version"]),
    ("languages", ["--lang-list"]),
    ("formats", ["-f", "help"]),
    ("no such file", ["features/none.feature"]),
]


def main():
    options = parsed()
    suites = load_suites()
    options.jobs, options.tags, options.copies, options.by, options.tree = [1], [], False, "feature", []
    python = suites.python(options)
    environment = suites.environment(options)
    is_new = subprocess.run([python, "-c", "import behave.model; behave.model.Rule"], stderr=subprocess.DEVNULL,
                            check=False).returncode == 0
    trees = [("outcomes", outcomes(options, is_new))]
    trees += [(name, suites.fetched(options, suites.SUITES[name])[0]) for name in options.suite]
    bad = 0
    for name, tree in trees:
        bad += compared(options, name, tree, lines(tree, is_new, name, options.only), environment)
    sys.exit(1 if bad else 0)


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--behave", default="1.3.3", help="the version of behave, or `newest`")
    parser.add_argument("--suite", action="append", default=[], help="such as python-docx")
    parser.add_argument("--only", default="", help="a part of the names of command lines")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "target/behave-suites")
    parser.add_argument("--bdd", type=pathlib.Path, default=ROOT / "target/debug/bdd")
    options = parser.parse_args()
    options.work = options.work.resolve()
    options.bdd = options.bdd.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    return options


def load_suites():
    """The script that fetches suites and versions of behave."""
    place = importlib.util.spec_from_file_location("behave_suites", ROOT / "scripts/behave-suites.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


def outcomes(options, is_new):
    """The suite with all outcomes, with rules if this behave knows them."""
    place = options.work / "outcomes"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(OUTCOMES / "features", place / "features")
    if is_new:
        shutil.copytree(OUTCOMES / "rules", place / "features/rules")
    return place


def lines(tree, is_new, name, only):
    """The command lines for a suite."""
    first = min(str(one.relative_to(tree)) for one in (tree / "features").rglob("*.feature"))
    for title, words in LINES:
        wrong = "{old}" if is_new else "{new}"
        if wrong in words or only not in title or name != "outcomes" and title in ("all, pretty", "names and files"):
            continue
        drop = [word for word in words if word.endswith(wrong)]
        words = [word.replace("{old}", "").replace("{new}", "").replace("{first}", first)
                 for word in words if word not in drop and word not in ("{old}", "{new}")]
        yield title, words


def compared(options, name, tree, commands, environment):
    """Run all command lines with both. Returns how many differ."""
    bad = 0
    for title, words in commands:
        # Not `behave` alone: its first line names the folder in which it was installed, which may have moved.
        folder = pathlib.Path(environment["VIRTUAL_ENV"]) / "bin"
        expected, took = run([str(folder / "python"), str(folder / "behave"), *words], options, tree, environment)
        actual, by_bdd = run([str(options.bdd), "behave", *words], options, tree, environment)
        differing = [what for what in sorted(set(expected) | set(actual)) if expected.get(what) != actual.get(what)]
        bad += bool(differing)
        verdict = f"DIFFERS in {', '.join(differing)}" if differing else "equal"
        files = len(expected) - 3
        print(f"{name}, behave {options.behave}: {title} (behave {' '.join(words)}): exit code {expected['exit code'].decode()}, "
              f"{files} files, {took:.1f} s and {by_bdd:.1f} s: {verdict}", flush=True)
        for what in differing:
            show(what, expected.get(what), actual.get(what))
    return bad


def run(command, options, tree, environment):
    """What a command leaves, by name: exit code, output and files."""
    place = options.work / "command" / tree.name
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(tree, place, symlinks=True)
    before = set(files(place))
    started = time.monotonic()
    done = subprocess.run(command, cwd=place, capture_output=True, stdin=subprocess.DEVNULL, check=False,
                          env={**environment, "COLUMNS": "80", "PYTHONDONTWRITEBYTECODE": "1"})
    took = time.monotonic() - started
    found = {"exit code": str(done.returncode).encode(), "stdout": masked(done.stdout), "stderr": masked(done.stderr)}
    for file in set(files(place)) - before:
        if not file.startswith(".bdd/"):
            found[file] = masked((place / file).read_bytes())
    return found, took


def files(folder):
    """The paths of all files in a folder."""
    for root, _, names in os.walk(folder):
        yield from (os.path.relpath(os.path.join(root, name), folder) for name in names)


def masked(content):
    """A text without times and paths."""
    for pattern, replacement in MASKS:
        content = pattern.sub(replacement, content)
    return content


def show(what, expected, actual):
    """Print how two texts differ."""
    if expected is None or actual is None:
        print(f"  {what}: only {'bdd' if expected is None else 'behave'} writes it")
        return
    sides = (text.decode("utf-8", "replace").splitlines() for text in (expected, actual))
    for number, line in enumerate(difflib.unified_diff(*sides, f"{what} of behave", f"{what} of bdd", lineterm="", n=1)):
        if number > 40:
            print("  …")
            return
        print(f"  {line}")


if __name__ == "__main__":
    main()
