"""A suite in a temporary folder, run by bdd with this interpreter and the host."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

import behave.model

HOST = pathlib.Path(__file__).resolve().parent.parent / "bdd_behave"
BDD = os.path.abspath(os.environ.get("BDD") or HOST.parent.parent.parent / "target/debug/bdd")
IS_OLD = not hasattr(behave.model, "Rule")  # behave 1.2.6


class Results:
    """What a run did, from its events."""

    def __init__(self, code, printed, events):
        self.code = code
        self.printed = printed
        self.events = events
        self.names, self.statuses, self.finished = {}, {}, {}
        for event in events:
            if event["type"] == "feature_planned":
                self.names.update((one["index"], self._name(one)) for one in event["feature"]["scenarios"])
            elif event["type"] == "scenario_added":
                self.names[event["planned"]["index"]] = self._name(event["planned"])
            elif event["type"] == "scenario_finished":
                self.statuses[self.names[event["scenario"]]] = event["status"]
                self.finished[self.names[event["scenario"]]] = event
            elif event["type"] == "scenario_not_run":
                self.statuses[self.names[event["scenario"]]] = "not run"

    @staticmethod
    def _name(planned):
        row = planned["row"]
        return f"{planned['name']} {row['cells']}" if row else planned["name"]

    def of(self, kind):
        """The events of a kind."""
        return [event for event in self.events if event["type"] == kind]

    def errors(self):
        """The errors of all steps, hooks and scenarios, and of the run."""
        found = []
        for event in self.events:
            result = event.get("result") or {}
            found += [result["error"]] if result.get("error") else []
            found += event.get("errors") or []
            found += [event] if event["type"] == "run_error" else []
        return found

    def error(self, kind):
        """The only error of a kind."""
        found = [one for one in self.errors() if one["kind"] == kind]
        assert len(found) == 1, f"{kind} in {self.errors()}"
        return found[0]


class SuiteTest(unittest.TestCase):
    """Runs small suites."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bdd-behave-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.write("bdd.toml", "")

    def write(self, name, text):
        """Write a file of the project."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")

    def suite(self, feature, steps, environment=None):
        """Write a suite of one feature."""
        self.write("features/a.feature", feature)
        self.write("features/steps/steps.py", "from behave import *\n" + textwrap.dedent(steps))
        if environment is not None:
            self.write("features/environment.py", environment)

    def command(self, request=None):
        """The program that bdd starts as a worker."""
        script = self.folder / "host"
        script.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{HOST}'\n", encoding="utf-8")
        script.chmod(0o755)
        wanted = {"base": str(self.folder / "features"), "paths": ["features"], **(request or {})}
        return script, {**os.environ, "BDD_BEHAVE": json.dumps(wanted)}

    def run_bdd(self, *arguments, request=None, path="features"):
        """Run the suite with one worker."""
        script, environment = self.command(request)
        return self.results([path, "--steps", script, "-j1", "--no-history", *arguments], environment)

    def run_as_user(self, *arguments, settings=""):
        """Run the suite that bdd finds by itself, with the host of this folder. `settings` are of `[steps]`."""
        script = self.folder / "python-with-behave"
        script.write_text(f"#!/bin/sh\ncase $1 in -c) exec '{sys.executable}' \"$@\";; esac\n"
                          f"exec '{sys.executable}' '{HOST}'\n", encoding="utf-8")
        script.chmod(0o755)
        self.write("bdd.toml", f"[steps]\npython = './python-with-behave'\n{settings}\n")
        return self.results(arguments, os.environ)

    def results(self, arguments, environment):
        """Run bdd."""
        (self.folder / "events.jsonl").unlink(missing_ok=True)
        done = subprocess.run([BDD, "run", "-f", "progress", "-f", "events:events.jsonl", *arguments],
                              cwd=self.folder, env=environment, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        events = self.folder / "events.jsonl"
        self.assertTrue(events.exists(), done.stdout)
        lines = events.read_text(encoding="utf-8").splitlines()
        return Results(done.returncode, done.stdout, [json.loads(line) for line in lines])

    def run_behave(self, *arguments):
        """The status of each scenario by its line, when behave itself runs the suite."""
        subprocess.run([sys.executable, "-m", "behave", "-f", "json", "-o", "behave.json", "--no-summary", *arguments,
                        "features"], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        features = json.loads((self.folder / "behave.json").read_text(encoding="utf-8"))
        return {element["location"]: element["status"] for feature in features for element in feature.get("elements", [])
                if element["type"] != "background"}
