"""Reads JUnit reports by the rules of Jenkins: jenkins_view.py READER BDD GOLDEN

READER is a Python module that reads as the JUnit plugin of Jenkins does. For each golden run (GOLDEN/RUN.events.jsonl),
`bdd report` writes the reports again: with the texts as they are, and with every control and non-character code point,
`]]>` and every byte of output added to all of them. Each scenario must be there once, with its status, duration and start
as the events have them. Exits with 1 and prints a line for each problem.
"""
import base64
import collections
import importlib.util
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import types

REPORTS = ["junit:one.xml", "junit,naming=file:by-file.xml", "junit:folder/", "junit,plain=true:plain.xml"]
# Members of events whose text anybody may have written. Others, such as `type`, are words of the format.
TEXTS = {"uri", "name", "outline", "examples", "description", "text", "message", "trace", "detail", "reason", "diagnostic",
         "content", "value", "function", "pattern", "skipped_because", "file_name", "file", "media_type"}
NO_CHARACTERS = [*range(0xFDD0, 0xFDF0), *(plane << 16 | low for plane in range(17) for low in (0xFFFE, 0xFFFF))]
CONTROLS = [*range(0x20), *range(0x7F, 0xA0), 0xAD, *range(0x200B, 0x2010), *range(0x2028, 0x202F), 0xFEFF]
ODD = "]]>" + "".join(map(chr, CONTROLS + NO_CHARACTERS)) + "<![CDATA[ ]]&#0;</testcase>"
BYTES = {"base64": base64.b64encode(bytes(range(256))).decode()}

Case = collections.namedtuple("Case", "status seconds start")


def changed(value, key=None):
    """The event with the odd texts in it."""
    if isinstance(value, dict):
        return {name: BYTES if name == "output" and inner else changed(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [changed(inner, key) for inner in value]
    return value + ODD if isinstance(value, str) and key in TEXTS else value


def is_cancelled(event):
    return event["fault"] == "cancelled" and event["status"] in ("passed", "skipped")


def fails(event, run, earlier):
    status, expected = event["status"], event.get("expected_failure", False)
    if expected and status in ("passed", "failed"):
        return status == "passed"
    if status == "passed":
        return bool(earlier) and run.get("flaky_fails", False)
    return status in ("ambiguous", "failed") or (run["strict"] and status in ("pending", "undefined"))


def expected_cases(events):
    """The scenarios of a run in plan order, with what Jenkins must show of them, and the number of errors outside."""
    run, features, starts, attempts = {}, {}, {}, collections.defaultdict(list)
    errors, hook_errors, failed_hooks = 0, 0, 0
    for event in events:
        kind = event["type"]
        if kind == "run_started":
            run = event
        elif kind == "feature_planned":
            feature = event["feature"]
            features[feature["uri"]] = [scenario["index"] for scenario in feature["scenarios"]]
        elif kind == "scenario_added":
            features[event["uri"]].append(event["planned"]["index"])
        elif kind == "scenario_started":
            starts[event["scenario"], event["attempt"]] = event["at"]
        elif kind == "scenario_finished":
            attempts[event["scenario"]].append(event)
        elif kind == "run_error" and event["kind"] == "hook":
            hook_errors += 1
        elif kind == "run_error" or kind == "parse_error" and not event.get("follows"):
            errors += 1
        elif kind == "hook_finished" and event["result"]["status"] == "failed":
            place = event["place"]
            failed_hooks += place == "run" or bool({"worker", "feature", "rule"} & set(place))
    cases = []
    for scenario in [scenario for scenarios in features.values() for scenario in scenarios]:
        tried = attempts[scenario]
        if not tried:
            cases.append(Case("skipped", 0.0, None))
            continue
        deciding = max((at for at, event in enumerate(tried) if not is_cancelled(event)), default=len(tried) - 1)
        last = tried[deciding]
        crashed = isinstance(last["fault"], dict) and "crashed" in last["fault"]
        expected_failure = last.get("expected_failure", False) and last["status"] == "failed"
        if is_cancelled(last) or expected_failure:
            status = "skipped"
        elif crashed or fails(last, run, tried[:deciding]):
            status = "failed"
        else:
            status = "passed" if last["status"] == "passed" else "skipped"
        start = starts[scenario, last["attempt"]]
        cases.append(Case(status, last["nanos"] / 1e9, start // 1000))
    # A failed hook outside scenarios is an error of the run, also if the events do not say so.
    return cases, errors + max(hook_errors, failed_hooks)


def read(reader, path):
    """What Jenkins would show of a report, in its order."""
    settings = types.SimpleNamespace(retain="all")
    cases = []
    for file in reader.files([str(path)]):
        root = reader.ElementTree.parse(file).getroot()
        reader.read_suites(root, settings, cases)
    return cases


def problems(reader, here, events):
    """What is wrong with the reports of a run in the folder `here`."""
    cases, errors = expected_cases(events)
    for report in REPORTS:
        name = report.split(":")[1]
        try:
            found = read(reader, here / name)
        except reader.ElementTree.ParseError as error:
            yield f"{name} cannot be read: {error}"
            continue
        keys = collections.Counter((one["suite"], one["package"], one["class"], one["name"]) for one in found)
        yield from (f"{name}: {key} is there {count} times" for key, count in keys.items() if count > 1)
        if len(found) != len(cases) + errors:
            yield f"{name}: {len(found)} test cases instead of {len(cases)} and {errors} errors"
            continue
        outside = [one for one in found if is_outside(one)]
        if len(outside) != errors or any(one["status"] != "failed" for one in outside):
            yield f"{name}: {len(outside)} of {errors} errors outside scenarios"
        for one in found:
            in_folder = "/" in one["suite"] or is_outside(one)
            if not one["name"].strip() or not one["class"].strip() or in_folder != (one["package"] != "(root)"):
                yield f"{name}: no name, class or package: {one}"
        in_plan = [one for one in found if not is_outside(one)]
        shown = [Case(one["status"], one["duration"], one["start"]) for one in in_plan]
        if name.endswith("/"):
            # A file for each feature, in the order of their names.
            yield from different(name, sorted(cases, key=by_result), sorted(shown, key=by_result), False)
        else:
            yield from different(name, cases, shown, "plain" not in name)


def is_outside(case):
    is_error = re.match("parse error|the (before|after)_(feature|rule) hook", case["name"])
    return case["class"] == "Errors of the run" or is_error is not None


def by_result(case):
    return case.status, case.seconds


def different(name, cases, shown, with_start):
    for number, (case, found) in enumerate(zip(cases, shown)):
        if case.status != found.status or abs(case.seconds - found.seconds) > 0.0006:
            yield f"{name}: scenario {number} is {found} instead of {case}"
        elif with_start and case.start is not None and case.start != found.start:
            yield f"{name}: scenario {number} begins at {found.start} instead of {case.start}"


def main():
    reader_path, bdd, golden = map(pathlib.Path, sys.argv[1:])
    spec = importlib.util.spec_from_file_location("reader", reader_path)
    reader = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reader)
    runs = sorted(golden.glob("*.events.jsonl"))
    if not runs:
        sys.exit(f"there are no runs in {golden}")
    bad = checked = 0
    for run in runs:
        events = [json.loads(line) for line in run.read_text(encoding="utf-8").splitlines()]
        for what, these in [("", events), (" with odd texts", [changed(event) for event in events])]:
            with tempfile.TemporaryDirectory() as name:
                here = pathlib.Path(name)
                lines = [json.dumps(event, ensure_ascii=False) + "\n" for event in these]
                (here / "run.events").write_text("".join(lines), encoding="utf-8")
                formats = [argument for report in REPORTS for argument in ("-f", report)]
                outcome = subprocess.run([bdd, "report", "run.events", *formats, "-f", "rerun:rerun.txt"], cwd=here,
                                         capture_output=True, check=False)
                found = list(problems(reader, here, these)) if (here / "plain.xml").exists() else [outcome.stderr.decode()]
                checked += 1
                bad += bool(found)
                for problem in found:
                    print(f"{run.name}{what}: {problem}")
    print(f"{checked} runs with {len(REPORTS)} reports each, {bad} with problems")
    sys.exit(1 if bad else 0)


main()
