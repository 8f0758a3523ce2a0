#!/usr/bin/env python3
"""Runs bdd on mutated projects: feature files, bdd.toml and command lines.

    scripts/fuzz_projects.py [--seconds N] [--seed N] [--keep DIR] BDD STEPS

BDD is the program, STEPS a step program for the features of this repository. Each project starts from feature
files of this repository, settings of docs/bdd.schema.json and options of `bdd help`, and is then changed: bytes,
lines and words are replaced, removed, repeated and mixed. It fails if bdd panics, is killed by a signal, ends with an
exit code that docs/running.md does not list, takes 2 seconds of processor time, or takes 30 seconds (a limit
that a busy machine does not reach). The project and its command line then stay in a folder, and the exit code is 1.

Equal seeds give equal projects. The last line says how many projects there were, and with which exit codes.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXIT_CODES = {0, 1, 2, 3, 4, 5, 6, 130, 143}
COMMANDS = ["run"] * 12 + ["list"] * 4 + ["parse", "config", "merge", "languages", "init", "help", ""]
WALL, PROCESSOR = 30, 2

# What files are made of: what a parser, a path, a regular expression, a terminal or a report may stumble over.
WORDS = [
    "Feature:", "Scenario:", "Scenario Outline:", "Examples:", "Background:", "Rule:", "Given ", "When ", "Then ",
    "And ", "* ", "| a | b |", "| a \\| b |", "|", '"""', "```", "@tag", "@retry(3)", "@timeout(1ms)", "@group(x)",
    "@serial", "# language: fr", "# language: xx", "<a>", "<", ">", "\\n", "\\", "\t", "\r", "\r\n", "\n\n\n",
    "\u00a0", "\u200b", "\ufeff", "\u2028", "\u3000", "\uff1a", "e\u0301", "\x1b[31m", "\x00", "\x7f", "\U0001f680",
    "é", "ß", "İ", "%s", "{int}", "{", "}", "(", ")", "[", "]", "(?:", "(?i)", "a{9999}", "((((((((((", "{{{{{{{{{{",
    "not ", " and ", " or ", "@a and (", "@a,@b", "~@a", "'", "`", "$", "&", "<!--", "]]>", "../", "/", "//", ":", "::",
    ":1", ":0", ":99999999999", "@", "@list", "features", "features/", "*.feature", "**", "**/*", "{a,b}", "[z-a]",
    "-", "--", "-1", "0", "1", "4294967295", "4294967296", "18446744073709551616", "1e999", "0.0000001", "NaN", "1s",
    "1ms", "0s", "9999999h", "1 GiB", "99999999 GB", "hash:1/2", "slice:0/1", "balanced:1/1", "hash:2/1", "random:1",
    "random:-1", "junit:x.xml", "junit:d/", "junit:/", "events:e.jsonl", "rerun:list", "pretty", "progress", "messages",
    "junit:features/a.feature", "events:/dev/full", "junit:/dev/null", "true", "false", "always", "never", "fr", "xx", "HEAD",
    "step-timeout", "exponential:1s..2s", "feature", "scenario", "auto", "",
]
# Values that options take.
VALUES = {
    "--changed": ["HEAD"], "--color": ["always", "never"], "--define": ["a=b"], "--durations-from": [".bdd/history.jsonl"],
    "--exclude": ["b", "**/b"], "--format": ["pretty", "progress", "junit:x.xml", "junit:d/", "messages:m", "events:e", "rerun:r"],
    "--jobs": ["1", "2", "3"], "--language": ["en", "fr"], "--max-failures": ["1", "2:immediate"], "--name": ["a", "^.*$", "e"],
    "--order": ["reverse", "random", "random:7", "failed-first"], "--parallel-by": ["auto", "feature", "scenario"],
    "--retries": ["1", "2"], "--shard": ["hash:1/2", "slice:2/2"], "--tags": ["@a", "not @a", "@a or not @b"],
    "--output-limit": ["1 MB"], "--flaky": ["pass", "fail"], "--leaks": ["fail", "warn", "ignore"], "--profile": ["ci"],
    "--groups": ["a=1"], "--snippets": ["expression", "regex"], "--config": ["bdd.toml"],
}
# Not fuzzed: they wait for a person, or build with cargo.
LEFT_OUT = {"--pause-on-failure", "--steps-source", "--help", "--version"}


class Options:
    """What `bdd help COMMAND` lists: the options, with whether they take a value."""

    def __init__(self, bdd):
        self.known = {}
        for command in sorted(set(COMMANDS) - {"", "help"}):
            text = subprocess.run([bdd, "help", command], capture_output=True, text=True, check=True).stdout
            found = re.findall(r"^ +(?:-\w, )? *(--[\w-]+)(\[?[ =]?<)?", text, re.MULTILINE)
            self.known[command] = [(name, bool(value)) for name, value in found if name not in LEFT_OUT]
        if len(self.known["run"]) < 20:
            raise SystemExit("the help of `bdd run` could not be read")


def settings():
    """The names of the settings, with values that the schema allows or nearly allows."""
    schema = json.loads((ROOT / "docs/bdd.schema.json").read_text())
    values = []
    for name in schema["properties"]:
        known = schema["$defs"].get(name, {})
        good = [json.dumps(value) for value in known.get("enum", [])]
        good += [json.dumps(known["default"])] if "default" in known else []
        good += ["true"] if known.get("type") == "boolean" else []
        good += ["3"] if known.get("type") == "integer" else []
        good += ['["features"]'] if name == "features" else ['["pretty"]'] if name == "format" else []
        good += ['["b"]'] if name == "exclude" else ['"@a or @b"'] if "tag" in name else []
        good += ["{ a = 1 }"] if known.get("type") == "object" else []
        values.append((name, good or ['"2s"']))
    return values


class Projects:
    """Makes projects."""

    def __init__(self, bdd, steps):
        self.options, self.settings, self.steps = Options(bdd), settings(), steps
        files = sorted((ROOT / "features").rglob("*.feature")) + sorted((ROOT / "features").rglob("*.feature.md"))
        # The steps of features/spec run programs, and their time would count as that of bdd.
        self.features = [file.read_bytes() for file in files if "spec" not in file.parts]

    def word(self, dice):
        return dice.choice(WORDS)

    def mutated(self, dice, content):
        """Changes bytes: mostly a little, sometimes a lot."""
        for _ in range(dice.choice([0, 0, 1, 1, 1, 2, 3, 8, 40])):
            at, end = sorted(dice.randrange(len(content) + 1) for _ in range(2))
            end = min(end, at + dice.choice([1, 4, 40, 400]))
            match dice.randrange(8):
                case 0 | 1:
                    content = content[:at] + self.word(dice).encode() + content[at:]
                case 2:
                    content = content[:at] + content[end:]
                case 3:
                    content = content[:at] + bytes([dice.randrange(256)]) + content[at + 1 :]
                case 4:
                    content = content[:end] + content[at:end] * dice.choice([1, 2, 50]) + content[end:]
                case 5:
                    lines = content.split(b"\n")
                    dice.shuffle(lines)
                    content = b"\n".join(lines)
                case 6:
                    other = dice.choice(self.features)
                    start = dice.randrange(len(other))
                    content = content[:at] + other[start : start + 200] + content[at:]
                case 7:
                    content = content.replace(self.word(dice).encode() or b" ", self.word(dice).encode())
            content = content[:200_000]
        return content

    def toml(self, dice):
        lines = []
        for name, good in dice.sample(self.settings, dice.randrange(6)):
            if name == "steps":
                continue
            bad = json.dumps(self.word(dice))
            lines.append(f"{name} = {dice.choice(good) if dice.random() < 0.93 else bad}")
        if dice.random() < 0.03:
            lines.append(f"[profile.{dice.choice(['ci', 'default', 'a.b', ''])}]\njobs = {self.word(dice)}")
        text = "\n".join(lines).encode()
        if dice.random() < 0.1:
            text = self.mutated(dice, text)
        if dice.random() < 0.9:
            text += f"\n[steps]\npath = {json.dumps(str(self.steps))}\n".encode()
        return text

    def write(self, dice, folder):
        """Writes a project; returns the arguments."""
        for number in range(dice.choice([0, 1, 1, 1, 2, 3])):
            suffix = dice.choice([".feature", ".feature", ".feature", ".feature.md", ".FEATURE", ".txt"])
            path = folder / "features" / dice.choice(["", "b", "ü x"]) / f"{'abc'[number]}{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.mutated(dice, dice.choice(self.features)))
        if dice.random() < 0.9:
            (folder / "bdd.toml").write_bytes(self.toml(dice))
        if dice.random() < 0.2:
            (folder / "list").write_bytes(self.mutated(dice, b"features/a.feature:3\n# x\nfeatures\n"))
        return self.arguments(dice)

    def arguments(self, dice):
        command = dice.choice(COMMANDS)
        arguments = [command] if command else []
        known = self.options.known.get(command, [])
        for name, takes_value in dice.sample(known, min(len(known), dice.choice([0, 0, 1, 2, 4]))):
            good = VALUES.get(name, ["2s"])
            value = dice.choice(good) if dice.random() < 0.9 else self.word(dice)
            if command != "run" and name == "--format":
                value = dice.choice(["json", "text", self.word(dice)])
            if name == "--steps":
                value = str(self.steps)
            if name in {"--jobs"} and value.isdigit() and int(value) > 1000:
                value = "70"
            if dice.random() < 0.03:
                name = name[:-1]
            arguments += [f"{name}={value}"] if takes_value and dice.random() < 0.5 else [name, value] if takes_value else [name]
        for _ in range(dice.choice([0, 0, 0, 1, 2])):
            path = dice.choice(["features"] * 9 + ["features/a.feature", "features/a.feature:7", "@list", ".", self.word(dice)])
            arguments.append(path)
        return [argument.replace("\0", "") for argument in arguments if not argument.startswith("/")]


def problem(bdd, arguments, folder):
    """Runs bdd; returns its exit code, and what is wrong."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BDD_")}
    before = time.monotonic()
    process = subprocess.Popen(
        [bdd, *arguments],
        cwd=folder,
        env=environment | {"HOME": str(folder), "RUST_BACKTRACE": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    late = threading.Timer(WALL, process.kill)
    late.start()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    late.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    taken = usage.ru_utime + usage.ru_stime
    if time.monotonic() - before >= WALL:
        return process.returncode, f"it did not end within {WALL} s", output
    if process.returncode not in EXIT_CODES:
        return process.returncode, f"exit code {process.returncode}", output
    if b"panicked at" in output and b"src/" in output:
        return process.returncode, "it panicked", output
    if taken > PROCESSOR:
        return process.returncode, f"it took {taken:.1f} s of processor time", output
    return process.returncode, None, output


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bdd", type=pathlib.Path)
    parser.add_argument("steps", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path, help="where projects that fail stay")
    options = parser.parse_args()
    # A core file of each crash would fill the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    projects = Projects(options.bdd.resolve(), options.steps.resolve())
    codes, failures, number = collections.Counter(), 0, 0
    late = time.monotonic() + options.seconds
    while time.monotonic() < late:
        number += 1
        dice = random.Random(f"{options.seed}:{number}")
        outer = pathlib.Path(tempfile.mkdtemp(prefix="bdd-fuzz-", dir=options.keep))
        # Deep inside: `bdd init ../` once made a project of the folder for temporary files, and what ran there later
        # took it for its own.
        folder = outer / "a/b/c/project"
        folder.mkdir(parents=True)
        arguments = projects.write(dice, folder)
        code, wrong, output = problem(options.bdd.resolve(), arguments, folder)
        codes[code] += 1
        if wrong is None:
            shutil.rmtree(outer)
            continue
        failures += 1
        (folder / "output").write_bytes(output)
        print(f"project {number} of seed {options.seed}: {wrong}\n  cd {folder} && bdd {' '.join(map(repr, arguments))}", flush=True)
    counts = ", ".join(f"{code}: {count}" for code, count in sorted(codes.items()))
    print(f"{number} projects, {failures} failed; exit codes {counts}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
