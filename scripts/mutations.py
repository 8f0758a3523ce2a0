#!/usr/bin/env python3
"""Breaks bdd in one place at a time, and shows the test that notices.

    scripts/mutations.py [NAME…]    all mutations of mutations.toml, or those whose names contain a NAME
    scripts/mutations.py --check    only checks that every mutation still applies

Each mutation is applied as a patch to a copy of the last commit. Its tests must compile there, and one
of them must fail. The exit code is 1 if a mutation survives, does not compile, or does not apply.
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIST = pathlib.Path(__file__).with_name("mutations.toml")


class Failed(Exception):
    """The reason why a mutation has no result."""


def mutated(tree, mutation):
    """Returns the file of a mutation, its text, and the mutated text."""
    path = tree / mutation["file"]
    text = path.read_text()
    found = text.count(mutation["replace"])
    if found != 1:
        raise Failed(f"{mutation['file']} has its text {found} times, not once")
    return path, text, text.replace(mutation["replace"], mutation["by"])


def patch(mutation, before, after):
    """Returns the mutation as a unified diff."""
    name = mutation["file"]
    lines = difflib.unified_diff(
        before.splitlines(True), after.splitlines(True), f"a/{name}", f"b/{name}", n=1)
    return "".join(lines)


def cargo(tree, *arguments):
    """Runs cargo in the copy; returns whether it succeeded, and its output."""
    environment = dict(os.environ, CARGO_TARGET_DIR=str(ROOT / "target/mutations"))
    environment.setdefault("BDD_CONFORMANCE", str(ROOT / "../shared/conformance"))
    done = subprocess.run(["cargo", *arguments], cwd=tree, env=environment, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode == 0, done.stdout


def failing_tests(tree, mutation):
    """Returns the tests that notice the mutation."""
    package, target, tests = mutation["package"], mutation["target"], mutation["tests"]
    base = ["test", "--quiet", "--package", package, *target]
    built, printed = cargo(tree, *base, "--no-run")
    if not built:
        raise Failed(f"it does not compile:\n{printed}")
    _, printed = cargo(tree, *base, "--", *tests)
    failed = sorted(set(re.findall(r"^---- (\S+) stdout ----$", printed, re.M)))
    if not failed:
        raise Failed(f"it survives {' '.join(tests)}:\n{printed[-2000:]}")
    return failed


def attempt(tree, mutation):
    """Applies a mutation, runs its tests, and reverts it."""
    path, before, after = mutated(tree, mutation)
    subprocess.run(["git", "apply", "-"], cwd=tree, input=patch(mutation, before, after), text=True, check=True)
    try:
        return failing_tests(tree, mutation)
    finally:
        path.write_text(before)


def main():
    arguments = sys.argv[1:]
    mutations = tomllib.loads(LIST.read_text())["mutation"]
    if arguments == ["--check"]:
        problems = 0
        for mutation in mutations:
            try:
                mutated(ROOT, mutation)
            except Failed as problem:
                print(f"{mutation['name']}: {problem}")
                problems += 1
        sys.exit(problems > 0)
    chosen = [m for m in mutations if not arguments or any(a in m["name"] for a in arguments)]
    survived = 0
    with tempfile.TemporaryDirectory(prefix="mutations-") as place:
        tree = pathlib.Path(place) / "tree"
        subprocess.run(["git", "clone", "--quiet", "--shared", str(ROOT), str(tree)], check=True)
        for mutation in chosen:
            try:
                failed = attempt(tree, mutation)
                print(f"caught    {mutation['name']}: {', '.join(failed)}", flush=True)
            except Failed as problem:
                survived += 1
                print(f"SURVIVED  {mutation['name']}: {problem}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} mutations are caught")
    sys.exit(survived > 0)


if __name__ == "__main__":
    main()
