#!/usr/bin/env python3
"""Measure bdd beside the runners that a user would pick instead: the rows of docs/speed.md.

    benches/speed.py BENCH DIR [--rows NAME,…] [-n RUNS] [--plot FILE.svg]

BENCH is the folder of the benchmark (gen_corpus.py, setup.sh). DIR is the folder that its setup.sh makes or has made, with
corpora and peers. Peers that are missing are left out, and the script says so. Each row runs its commands in turn and
prints medians of whole processes with all their children: wall time, CPU time, and the ratio to the first command.
Quote the ratios: times depend on the machine and on what else it does.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BDD = ROOT / "target/release/bdd"


@dataclasses.dataclass
class Command:
    """A command of a row: what it is called, its arguments, and where and with what variables it runs."""
    name: str
    arguments: list
    folder: pathlib.Path
    variables: dict = dataclasses.field(default_factory=dict)
    # Exit codes that are no fault of the measurement.
    codes: tuple = (0,)


@dataclasses.dataclass
class Cost:
    wall: float
    cpu: float
    # The most memory that all processes of the command had together, in MiB; shared pages count in part.
    peak: float = 0.0


class Bench:
    """The peers, the corpora, and what bdd needs to run them."""

    def __init__(self, bench, folder):
        self.bench, self.folder = bench, folder
        self.corpus = folder / "corpus"
        self.work = folder / "bdd"
        self.work.mkdir(parents=True, exist_ok=True)

    def prepare(self):
        if not self.corpus.is_dir():
            subprocess.run([self.bench / "setup.sh", self.folder], check=True)
        subprocess.run(["cargo", "build", "--release", "--quiet", "--bins"], cwd=ROOT, check=True)
        for count in (30, 500):
            crate = self.work / f"steps{count}"
            definitions = self.generate("defs", "--count", count)
            subprocess.run([ROOT / "benches/steps-crate.py", crate], input=definitions, check=True)
            for profile in ([], ["--release"]):
                subprocess.run(["cargo", "build", "--quiet", *profile], cwd=crate, check=True)

    def generate(self, *arguments):
        command = [sys.executable, self.bench / "gen_corpus.py", *map(str, arguments)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout

    def steps(self, count=30, profile="release"):
        return self.work / f"steps{count}/target/{profile}/corpus-steps"

    def bdd(self, name, corpus, *flags, steps=None, sub="run", project="project", reporter="progress", **rest):
        """bdd on a corpus, in a project folder with a record of its own."""
        folder = self.work / project
        folder.mkdir(exist_ok=True)
        (folder / "bdd.toml").touch()
        corpus = corpus if isinstance(corpus, pathlib.Path) else self.corpus / corpus
        command = [BDD, sub, *(["-f", reporter] if sub == "run" else []), "--steps", steps or self.steps(), *flags, corpus]
        return Command(name, command, folder, **rest)

    def peers(self, corpus, count=30):
        """The same corpus with all peers that are here."""
        commands = [
            Command("cucumber-rs", [self.folder / f"bin/cucumber-rs{count}", f"corpus/{corpus}"], self.folder),
            Command("behave", [self.folder / "venv/bin/behave", "--no-color", "-f", "progress", f"features/{corpus}"],
                    self.folder / f"behave{count}"),
            Command("cucumber-js", ["node_modules/.bin/cucumber-js", "--format", "progress", "--require", "steps.js", corpus],
                    self.folder / f"js{count}"),
        ]
        return [command for command in commands if self.has(command)]

    def has(self, command):
        there = (command.folder / command.arguments[0]).exists()
        if not there:
            print(f"{command.name} is left out: {command.folder / command.arguments[0]} is missing", file=sys.stderr)
        return there


def family(root):
    """The process numbers of a process and of all below it."""
    found, left = [], [root]
    while left:
        process = left.pop()
        found.append(process)
        try:
            for task in os.listdir(f"/proc/{process}/task"):
                left += map(int, pathlib.Path(f"/proc/{process}/task/{task}/children").read_text().split())
        except OSError:
            pass
    return found


def memory(processes):
    """Their proportional memory in MiB."""
    total = 0
    for process in processes:
        try:
            text = pathlib.Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:
            continue
        total += int(next(iter(re.findall(r"^Pss:\s+(\d+)", text, re.MULTILINE)), 0))
    return total / 1024


def run(command, watch=False):
    """Runs a command once."""
    before, start = os.times(), time.perf_counter()
    process = subprocess.Popen([str(word) for word in command.arguments], cwd=command.folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ | command.variables)
    peak = 0
    while watch and process.poll() is None:
        peak = max(peak, memory(family(process.pid)))
        time.sleep(0.02)
    error = process.communicate()[1]
    wall, after = time.perf_counter() - start, os.times()
    if process.returncode not in command.codes:
        sys.exit(f"{command.name} ended with {process.returncode}:\n{error.decode(errors='replace')[-2000:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(wall, cpu, peak)


def compare(commands, runs):
    """Runs the commands in turn, once to warm up. Returns the median cost of each, and the median ratios to the first."""
    costs = [[] for _ in commands]
    for turn in range(runs + 1):
        for command, list_ in zip(commands, costs):
            cost = run(command)
            if turn:
                list_.append(cost)
    medians = [Cost(statistics.median(c.wall for c in l), statistics.median(c.cpu for c in l)) for l in costs]
    ratio = lambda get, l: statistics.median(get(base) / max(get(cost), 1e-9) for base, cost in zip(costs[0], l))
    ratios = [(ratio(lambda c: c.wall, l), ratio(lambda c: c.cpu, l)) for l in costs]
    return medians, ratios


def show(title, commands, runs):
    """Prints a row of the table for each command: its cost, and that of the first as a part of it."""
    medians, ratios = compare(commands, runs)
    for command, cost, (wall, cpu) in zip(commands, medians, ratios):
        print(f"| {title} | {command.name} | {cost.wall * 1000:.1f} | {cost.cpu * 1000:.1f} | {wall:.3f} | {cpu:.3f} |", flush=True)
    return medians


def medium(bench, runs):
    show("medium", [bench.bdd("bdd", "medium"), *bench.peers("medium")], runs)
    dev = bench.bdd("bdd, dev-built steps", "medium", steps=bench.steps(profile="debug"))
    show("medium", [dev, *bench.peers("medium")[:1]], runs)


def large(bench, runs):
    runs = max(3, runs // 3)
    for name, profile in (("bdd", "release"), ("bdd, dev-built steps", "debug")):
        show("large", [bench.bdd(name, "large", steps=bench.steps(profile=profile)), *bench.peers("large")[:1]], runs)


def huge(bench, runs):
    runs = max(1, runs // 7)
    here = bench.bdd("bdd", "huge", project="huge")
    show("huge", [here, *bench.peers("huge")[:1]], runs)
    each = [compare([bench.bdd("bdd", size, project=size)], runs)[0][0].wall / count
            for size, count in (("large", 10_000), ("huge", 100_000))]
    print(f"huge: time for a scenario is {each[1] / each[0]:.2f} of that in large")
    print(f"huge: all processes have {run(here, watch=True).peak:.0f} MiB at most", flush=True)


def definitions(bench, runs):
    few, many = (bench.bdd(f"bdd, {count} definitions", "medium", steps=bench.steps(count)) for count in (30, 500))
    medians = show("medium", [few, many], runs)
    print(f"470 more definitions: {(medians[1].wall - medians[0].wall) * 1000:+.1f} ms")
    show("medium, 500", [many, *bench.peers("medium", 500)], runs)


def one(bench, runs):
    show("one", [bench.bdd("bdd", "one", project="one"), *bench.peers("one")], runs)


def record(bench, runs):
    full = bench.bdd("bdd, 100,000 on record", "one", project="record")
    if not (full.folder / ".bdd").is_dir():
        run(bench.bdd("bdd", "huge", project="record"))
    alone = bench.bdd("bdd", "one", project="one")
    show("one", [full, alone], runs)
    more = run(full, watch=True).peak - run(alone, watch=True).peak
    print(f"100,000 scenarios on record: {more:+.1f} MiB", flush=True)


def latency(bench, runs):
    runs = max(3, runs // 3)
    for corpus in ("sleep", "block"):
        show(corpus, [bench.bdd("bdd, --jobs 64", corpus, "--jobs", 64), *bench.peers(corpus)], runs)


def reports(bench, runs):
    runs = max(3, runs // 3)
    with tempfile.TemporaryDirectory() as folder:
        files = {"junit": "junit.xml", "messages": "run.ndjson", "events": "run.jsonl"}
        more = [word for name, file in files.items() for word in ("-f", f"{name}:{folder}/{file}")]
        commands = [bench.bdd("bdd, junit, messages, events", "large", *more, project="reports"),
                    bench.bdd("bdd", "large", project="reports")]
        show("large", commands, runs)


def dry(bench, runs):
    for corpus, turns in (("large", runs), ("huge", max(1, runs // 5))):
        command = bench.bdd("bdd, --dry-run", corpus, "--dry-run", project="dry")
        show(corpus, [command], turns)


def parse(bench, _runs):
    # The least of 25 runs: one run says more about the machine than about the parser.
    command = ["cargo", "bench", "--bench", "gherkin", "--", bench.corpus / "large", "25"]
    subprocess.run(command, cwd=ROOT, check=True)


FAILING = "Feature: failing {number}\n" + "".join(
    f"\n  Scenario: failing {index}\n    Given the counter starts at {index}\n    Then the counter should be {index + 1}\n"
    for index in range(10))


def failing(bench, runs):
    runs = max(3, runs // 5)
    folder = bench.corpus / "failing"
    folder.mkdir(exist_ok=True)
    for number in range(1000):
        (folder / f"f{number}.feature").write_text(FAILING.replace("{number}", str(number)))
    traces = {"RUST_BACKTRACE": "1"}
    commands = [bench.bdd("bdd", "failing", project="failing", variables=traces, codes=(1,))]
    for peer in bench.peers("failing")[:1]:
        commands.append(dataclasses.replace(peer, variables=traces, codes=(1, 101)))
    show("10,000 failing", commands, runs)


def rebuild(bench, runs):
    """The time from an edit of one step to the result of one scenario, with 500 definitions and dev builds."""
    runs = max(3, runs // 5)
    ours = bench.work / "steps500"
    theirs = bench.folder / "crs"
    jobs = [("bdd", ours, ours / "src/main.rs", [BDD, "run", "-f", "progress", "--steps", ours, bench.corpus / "one"])]
    if theirs.is_dir():
        code = f"cargo run --quiet --bin crs500 -- {bench.corpus / 'one'}"
        jobs.append(("cucumber-rs", theirs, theirs / "src/steps500.rs", ["sh", "-c", code]))
    walls = {name: [] for name, *_ in jobs}
    for turn in range(runs + 1):
        for name, folder, source, arguments in jobs:
            text = source.read_text()
            source.write_text(re.sub(r"(// edit \d+\n)?\Z", f"// edit {turn}\n", text, count=1))
            # The edit is in the code, not only in a comment: what is compiled must change.
            edited = source.read_text().replace("+= 1;", "+= 1 + 0;", 1) if turn % 2 else text.replace("+= 1 + 0;", "+= 1;", 1)
            source.write_text(edited)
            cost = run(Command(name, arguments, folder))
            if turn:
                walls[name].append(cost.wall)
    for name, *_ in jobs:
        print(f"| rebuild after an edit | {name} | {statistics.median(walls[name]) * 1000:.0f} | | "
              f"{statistics.median(walls['bdd']) / statistics.median(walls[name]):.3f} | |", flush=True)


ROWS = {function.__name__: function for function in
        (medium, large, huge, definitions, one, record, latency, reports, dry, parse, failing, rebuild)}
SIZES = [1, 10, 100, 1_000, 10_000, 100_000]


def curve(bench, file):
    """Times of all runners for one to 100,000 scenarios, as numbers and as a plot."""
    times = {}
    for size in SIZES:
        corpus = f"size{size}"
        if not (bench.corpus / corpus).is_dir():
            bench.generate("corpus", bench.corpus / corpus, "--scenarios", size)
        for place in ("behave30/features", "js30"):
            link = bench.folder / place / corpus
            if link.parent.is_dir() and not link.is_symlink():
                link.symlink_to(bench.corpus / corpus)
        commands = [bench.bdd("bdd", corpus, project=corpus), *bench.peers(corpus)]
        if size == SIZES[-1]:
            # Minutes for each run.
            commands = [command for command in commands if command.name not in ("behave", "cucumber-js")]
        for command, cost in zip(commands, compare(commands, 3 if size <= 1_000 else 1)[0]):
            times.setdefault(command.name, []).append((size, cost.wall))
            print(f"| {size} | {command.name} | {cost.wall:.3f} s |", flush=True)
    file.write_text(plot(times))


def plot(times):
    """Both axes are logarithmic: a straight line with slope 1 is a time in proportion to the size."""
    import math
    width, height, left, bottom, top = 640, 400, 60, 50, 20
    seconds = [wall for points in times.values() for _, wall in points]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))
    across = lambda size: left + math.log10(size) / 5 * (width - left - 110)
    up = lambda wall: height - bottom - (math.log10(wall) - low) / (high - low) * (height - bottom - top)
    colors = ["#0b6e4f", "#b3541e", "#4059ad", "#7a7a7a"]
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
           "<title>Time of a run over the number of scenarios</title>", f'<rect width="{width}" height="{height}" fill="#fff"/>']
    for size in SIZES:
        out.append(f'<path d="M{across(size):.0f} {top}V{height - bottom}" stroke="#ddd"/>'
                   f'<text x="{across(size):.0f}" y="{height - bottom + 18}" text-anchor="middle">{size:,}</text>')
    for power in range(low, high + 1):
        y = up(10 ** power)
        out.append(f'<path d="M{left} {y:.0f}H{width - 110}" stroke="#ddd"/>'
                   f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{10 ** power:g} s</text>')
    for color, (name, points) in zip(colors, times.items()):
        line = " ".join(f"{across(size):.0f},{up(wall):.1f}" for size, wall in points)
        x, y = across(points[-1][0]), up(points[-1][1])
        out.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>'
                   f'<text x="{x + 8:.0f}" y="{y + 4:.0f}" fill="{color}">{name}</text>')
    out.append(f'<text x="{(left + width - 110) / 2:.0f}" y="{height - 10}" text-anchor="middle">scenarios</text></svg>\n')
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=pathlib.Path)
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("--rows", default=",".join(ROWS), help="a part of: " + ", ".join(ROWS))
    parser.add_argument("-n", type=int, default=15)
    parser.add_argument("--plot", type=pathlib.Path, metavar="FILE.svg", help="measure 1 to 100,000 scenarios, too")
    args = parser.parse_args()
    rows = [name for name in args.rows.split(",") if name]
    if unknown := [name for name in rows if name not in ROWS]:
        parser.error(f"unknown row {unknown[0]}; the rows are {', '.join(ROWS)}")
    bench = Bench(args.bench.resolve(), args.dir.resolve())
    bench.prepare()
    # bdd looks for what dead runs left; a full temporary directory is no part of its work.
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["TMPDIR"] = temporary
        print("| work | runner | wall ms | CPU ms | bdd's wall of it | bdd's CPU of it |\n|---|---|---|---|---|---|")
        for name in rows:
            ROWS[name](bench, args.n)
        if args.plot:
            curve(bench, args.plot)


if __name__ == "__main__":
    main()
