#!/usr/bin/env python3
"""Runs public behave suites with behave and with bdd, and compares them scenario by scenario.

    scripts/behave-suites.py                        python-docx with behave 1.3.3
    scripts/behave-suites.py python-pptx behave     other suites
    scripts/behave-suites.py --behave 1.2.6         another version of behave
    scripts/behave-suites.py --tree FOLDER          a folder with a suite of your own, which is copied
    scripts/behave-suites.py behave --path issue.features       a part of a suite

The suites are source packages from the Python registry. They are fetched and installed below `--work`, which is used again.
Each difference is printed, then how many there are. The exit code is 1 if a scenario differs and no reason for it is known.
"""
import argparse
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

# `copies` says that each worker needs the suite in a folder of its own, because its steps write beside it.
Suite = collections.namedtuple("Suite", "package version needs paths copies")
SUITES = {
    "python-docx": Suite("python-docx", "1.2.0", ["python-docx==1.2.0"], ["features"], False),
    "python-pptx": Suite("python-pptx", "1.0.2", ["python-pptx==1.0.2"], ["features"], False),
    "behave": Suite("behave", "1.3.3", ["PyHamcrest", "assertpy", "mock", "path", "chardet", "freezegun", "pytest"],
                    ["features", "issue.features"], True),
}
# The statuses of behave that stand for a status of bdd.
FAILED = {"failed", "error", "hook_error", "cleanup_error"}
# A scenario of which behave's JSON has neither a status nor a step that ran: a hook has skipped it, or it did not run.
NO_RESULT = "without result"
STATUSES = {"undefined": "failed", "pending": "failed", "untested": "not run", None: "not run"}


def main():
    options = parsed()
    options.work.mkdir(parents=True, exist_ok=True)
    if options.prepare:
        print(python(options))
        return
    chosen = [(name, *fetched(options, SUITES[name])) for name in options.suites]
    chosen += [(tree.name, tree.resolve(), Suite(None, None, [], ["features"], options.copies)) for tree in options.tree]
    bad = 0
    for name, tree, suite in chosen:
        for path in options.path or suite.paths:
            if (tree / path).exists():
                bad += compared(options, f"{name} {path}", tree, path, suite.copies)
            else:
                bad += 1
                print(f"{name}: there is no {path} in {tree}")
    sys.exit(1 if bad else 0)


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", help=f"among {', '.join(SUITES)}")
    parser.add_argument("--behave", default="1.3.3", help="the version of behave, or `newest`")
    parser.add_argument("--prepare", action="store_true", help="only install behave, and print the interpreter")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2], help="the numbers of workers")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "target/behave-suites")
    parser.add_argument("--bdd", type=pathlib.Path, default=ROOT / "target/debug/bdd")
    parser.add_argument("--tree", type=pathlib.Path, action="append", default=[], help="a folder with `features`")
    parser.add_argument("--path", action="append", default=[], help="a path in each suite, instead of all its features")
    parser.add_argument("--tags", action="append", default=[], help="tags for both")
    parser.add_argument("--copies", action="store_true", help="a copy of the tree for each worker")
    parser.add_argument("--by", default="feature", choices=["feature", "scenario"], help="what is parallel")
    options = parser.parse_args()
    unknown = [name for name in options.suites if name not in SUITES]
    if unknown:
        parser.error(f"unknown suite {unknown[0]}; the suites are {', '.join(SUITES)}")
    if not options.suites and not options.tree:
        options.suites = ["python-docx"]
    options.work = options.work.resolve()
    options.bdd = options.bdd.resolve()
    return options


# ---------------------------------------------------------------- fetching

def fetched(options, suite):
    """The unpacked source of a suite, with its needs installed."""
    place = options.work / "sources"
    tree = place / f"{suite.package}-{suite.version}"
    if not tree.is_dir():
        place.mkdir(exist_ok=True)
        call([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "-d", place,
              f"{suite.package}=={suite.version}"])
        archive = next(place.glob(f"{suite.package.replace('-', '?')}-{suite.version}.tar.gz"))
        with tarfile.open(archive) as packed:
            packed.extractall(place / "unpacked")
        shutil.move(str(place / "unpacked" / archive.name[:-len(".tar.gz")]), tree)
    install(options, suite.needs)
    return tree, suite


def python(options):
    """The interpreter with the chosen behave."""
    folder = options.work / f"behave-{options.behave}"
    program = folder / "bin/python"
    if not program.exists():
        wanted = "behave<2" if options.behave == "newest" else f"behave=={options.behave}"
        shutil.rmtree(folder, ignore_errors=True)
        call([sys.executable, "-m", "venv", folder])
        installing = [program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted]
        if subprocess.run(installing, stdout=sys.stderr, check=False).returncode:
            shutil.rmtree(folder, ignore_errors=True)
            raise SystemExit(f"pip cannot install {wanted}")
    return program


def install(options, needs):
    note = options.work / f"behave-{options.behave}" / "installed.txt"
    program = python(options)
    known = note.read_text().split() if note.exists() else []
    missing = [one for one in needs if one not in known]
    if missing:
        call([program, "-m", "pip", "install", "--quiet", *missing])
        note.write_text("\n".join(known + missing))


def call(command, **more):
    subprocess.run([str(one) for one in command], check=True, **more)


# ---------------------------------------------------------------- running

def compared(options, name, tree, path, copies):
    """Run a suite with both. Prints the differences and returns how many there are."""
    expected, took = of_behave(options, tree, path)
    bad = 0
    for jobs in options.jobs:
        actual, by_bdd = of_bdd(options, tree, path, jobs, copies)
        differing = differences(expected, actual)
        bad += len(differing)
        for line in differing:
            print(f"  {line}")
        counts = collections.Counter(simple(status) for status in expected.values())
        shown = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
        print(f"{name}, behave {options.behave}, -j{jobs}: {len(expected)} scenarios ({shown}), {len(differing)} differ; "
              f"behave {took:.1f} s, bdd {by_bdd:.1f} s ({100 * by_bdd / took:.0f} %)", flush=True)
    return bad


def copied(options, tree):
    """A fresh copy of a suite: suites write into their folders."""
    place = options.work / "run" / tree.name
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(tree, place, symlinks=True)
    # The project is this folder, not the checkout around it.
    (place / "bdd.toml").touch()
    return place


def environment(options):
    """The environment of a user who has activated the virtual environment."""
    folder = python(options).parent
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "VIRTUAL_ENV": str(folder.parent)}


def of_behave(options, tree, path):
    """The status of each scenario by its place, and the seconds that behave took."""
    place, result = copied(options, tree), options.work / "behave.json"
    result.unlink(missing_ok=True)
    tags = [word for one in options.tags for word in ("--tags", one)]
    started = time.monotonic()
    with open(options.work / "behave.log", "w", encoding="utf-8") as log:
        subprocess.run([python(options), "-m", "behave", "-f", "json", "-o", result, "--no-summary", "--show-skipped", *tags,
                        path], cwd=place, stdout=log, stderr=subprocess.STDOUT, env=environment(options), check=False)
    took = time.monotonic() - started
    if not result.exists():
        raise SystemExit(f"behave has written no results; it says why in {options.work / 'behave.log'}")
    found = {}
    for feature in json.loads(result.read_text(encoding="utf-8")):
        for element in feature.get("elements", []):
            if element["type"] == "background":
                continue
            status = element.get("status") or of_steps(element)
            found[element["location"]] = status
    return found, took


def of_steps(element):
    """The status of a scenario that behave's JSON leaves without one: those before a rule."""
    statuses = [(step.get("result") or {}).get("status") for step in element["steps"]]
    for worst in (*sorted(FAILED), "undefined", "pending", "skipped"):
        if worst in statuses:
            return worst
    if statuses and not any(statuses):
        return NO_RESULT
    return "untested" if None in statuses else "passed"


def of_bdd(options, tree, path, jobs, copies):
    """The same of bdd."""
    place, result = copied(options, tree), options.work / "bdd.jsonl"
    result.unlink(missing_ok=True)
    if copies:
        for number in range(jobs):
            shutil.rmtree(f"{place}.{number}", ignore_errors=True)
            shutil.copytree(place, f"{place}.{number}", symlinks=True)
        (place / "bdd.toml").write_text(f"[steps]\npython = '{in_copies(options, place)}'\n", encoding="utf-8")
    tags = [word for one in options.tags for word in ("--tags", one)]
    started = time.monotonic()
    with open(options.work / "bdd.log", "w", encoding="utf-8") as log:
        subprocess.run([options.bdd, "run", "-j", str(jobs), "--parallel-by", options.by,
                        "--no-history", "--keep-going", "-f", f"events:{result}", "-f", "progress", *tags, path],
                       cwd=place, stdout=log, stderr=subprocess.STDOUT, check=False, env=environment(options))
    took = time.monotonic() - started
    places, found = {}, {}
    for line in result.open(encoding="utf-8", newline="\n"):
        event = json.loads(line)
        kind = event["type"]
        if kind == "feature_planned":
            for planned in event["feature"]["scenarios"]:
                places[planned["index"]] = f"{event['feature']['uri']}:{planned['location']['line']}"
        elif kind == "scenario_added":
            places[event["planned"]["index"]] = f"{event['uri']}:{event['planned']['location']['line']}"
        elif kind == "scenario_finished":
            found[places[event["scenario"]]] = event["status"]
        elif kind == "scenario_not_run":
            found[places[event["scenario"]]] = "not run"
    return found, took


def in_copies(options, place):
    """A program that takes the place of Python: it starts each worker in a copy of the suite."""
    script = options.work / "python-in-copies"
    script.write_text(f"""#!/bin/sh
case $1 in -c) exec {python(options)} "$@";; esac
cd {place}.$BDD_WORKER_INDEX
BDD_BEHAVE=$(printf %s "$BDD_BEHAVE" | sed "s|{place}/|{place}.$BDD_WORKER_INDEX/|g")
export BDD_BEHAVE
exec {python(options)} "$@"
""", encoding="utf-8")
    script.chmod(0o755)
    return script


# ---------------------------------------------------------------- comparing

def simple(status):
    """A status of behave or bdd, as far as both have it."""
    return "failed" if status in FAILED else STATUSES.get(status, status)


def differences(expected, actual):
    """A line for each scenario that does not have the same result."""
    lines = []
    for place in sorted(set(expected) | set(actual)):
        of_behave_, of_bdd_ = expected.get(place, "absent"), actual.get(place, "absent")
        # bdd does not plan what is not selected, and behave's JSON has no scenario of a feature whose hook failed.
        same = {("skipped", "absent"), ("absent", "not run"), *((NO_RESULT, one) for one in ("absent", "skipped", "not run"))}
        if simple(of_behave_) == simple(of_bdd_) or (of_behave_, of_bdd_) in same:
            continue
        lines.append(f"{place}: {of_behave_} with behave, {of_bdd_} with bdd")
    return lines


if __name__ == "__main__":
    main()
