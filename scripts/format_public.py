#!/usr/bin/env python3
"""Formats the public feature files of registry packages, and checks that nothing is lost.

    scripts/format_public.py BDD [FOLDER]

BDD is the program to test. The packages are fetched with pip and npm into FOLDER, or into a temporary one; a
FOLDER that has them already needs no network. For each file that parses, its pickles and comments are the same
after `bdd fmt`, and a second `bdd fmt` changes nothing. A file that does not parse stays as it is.
"""

import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

PYPI = ["behave", "python-docx", "python-pptx"]
NPM = ["@cucumber/compatibility-kit", "cucumber"]
WANTED = 300


def fetch(folder):
    """Fetches the packages that are missing, and unpacks them."""
    for package in PYPI:
        target = folder / package
        if not target.exists():
            target.mkdir(parents=True)
            command = ["pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", target, package]
            run_or_note(command, package)
    for package in NPM:
        target = folder / package.replace("/", "_")
        if not target.exists():
            target.mkdir(parents=True)
            run_or_note(["npm", "pack", "--silent", "--pack-destination", target, package], package)
    for archive in [*folder.glob("*/*.tar.gz"), *folder.glob("*/*.tgz")]:
        if not (archive.parent / "unpacked").exists():
            with tarfile.open(archive) as tar:
                tar.extractall(archive.parent / "unpacked", filter="data")
    for archive in folder.glob("*/*.zip"):
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(archive.parent / "unpacked")


def run_or_note(command, package):
    """Runs a command; a package that cannot be fetched is named and left out."""
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        print(f"cannot fetch {package}: {result.stderr.strip().splitlines()[-1:]}")


def without_places(value):
    """A message without ids and places."""
    if isinstance(value, dict):
        dropped = {"id", "location", "astNodeId", "astNodeIds"}
        return {key: without_places(item) for key, item in value.items() if key not in dropped}
    if isinstance(value, list):
        return [without_places(item) for item in value]
    return value


def said(bdd, file):
    """The pickles and comments of a file; None if it does not parse."""
    result = subprocess.run([bdd, "parse", "--no-source", file], capture_output=True)
    if result.returncode != 0:
        return None
    pickles, comments = [], []
    for line in result.stdout.decode().split("\n"):
        message = json.loads(line) if line else {}
        if "pickle" in message:
            pickles.append(without_places(message["pickle"]))
        if "gherkinDocument" in message:
            comments = [comment["text"].strip() for comment in message["gherkinDocument"]["comments"]]
    return pickles, comments


def check(bdd, file):
    """Formats a file twice; what went wrong, or None."""
    before_bytes, before = file.read_bytes(), said(bdd, file)
    code = subprocess.run([bdd, "fmt", file], capture_output=True).returncode
    if before is None:
        return None if code == 2 and file.read_bytes() == before_bytes else "a bad file was not left alone"
    if code != 0:
        return f"bdd fmt ended with {code}"
    if said(bdd, file) != before:
        return "pickles or comments differ"
    once = file.read_bytes()
    subprocess.run([bdd, "fmt", file], capture_output=True)
    return None if file.read_bytes() == once else "the second time changes something"


def main():
    bdd = str(pathlib.Path(sys.argv[1]).resolve())
    folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="bdd-public-"))
    fetch(folder)
    files = sorted(path for path in folder.rglob("*.feature") if path.is_file())
    contents, faults, bad = set(), 0, 0
    with tempfile.TemporaryDirectory(prefix="bdd-format-") as scratch:
        for file in files:
            content = file.read_bytes()
            if content in contents:
                continue
            contents.add(content)
            copy = pathlib.Path(scratch) / "x.feature"
            copy.write_bytes(content)
            bad += said(bdd, copy) is None
            fault = check(bdd, copy)
            if fault:
                faults += 1
                print(f"{file}: {fault}")
    print(f"{len(contents)} different files, {bad} of them do not parse, {faults} faults")
    if len(contents) < WANTED:
        print(f"fewer than {WANTED} files: some packages are missing")
    sys.exit(1 if faults or len(contents) < WANTED else 0)


if __name__ == "__main__":
    main()
