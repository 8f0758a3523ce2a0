"""A suite that uses all of behave's contract (`contract`), run by behave and by bdd.

Compared are the result of each scenario and each step that ran, the kinds of errors, and what the hooks of the suite noted:
which ran, in which order, and what each could see.
"""
import collections
import json
import pathlib
import shutil
import subprocess
import sys

from .project import IS_OLD, SuiteTest

SUITE = pathlib.Path(__file__).resolve().parent / "contract"
# What hooks add runs at the end, so its feature is the last.
PATHS = ["features/all"] if IS_OLD else ["features/new", "features/all"]
DATA = ["-D", "flag=on"]

FAILED = {"failed", "error", "hook_error", "cleanup_error", "undefined", "pending"}
# The same of what bdd calls otherwise.
WORDS = {"untested": "not run", "pending_warn": "passed"}
# A step that ran, and whose hook skips the rest, is "skipped" with bdd: that is how the protocol skips what follows.
SKIPS_AFTER_STEP = "features/all/1_results.feature:69"
# A step with this status has not run.
NOT_RUN = {None, "skipped", "untested", "undefined"}


class Contract(SuiteTest):
    maxDiff = None

    def setUp(self):
        super().setUp()
        shutil.copytree(SUITE, self.folder, dirs_exist_ok=True)

    def test_all_results_are_those_of_behave(self):
        expected, expected_notes = self.of_behave()
        actual, notes = self.of_bdd()
        self.assertGreater(len(expected), 100)
        self.assertEqual((expected.pop(SKIPS_AFTER_STEP)[0], actual.pop(SKIPS_AFTER_STEP)[0]), ("skipped", "skipped"))
        self.assertEqual(differences(expected, actual), {})
        self.assertEqual(notes, expected_notes)
        self.assertIn("after_all", notes)

    def test_two_workers_lose_nothing(self):
        expected, _ = self.of_behave()
        actual, notes = self.of_bdd("-j2")
        self.assertEqual(differences(expected, actual), {SKIPS_AFTER_STEP: (("skipped", ["passed"]), ("skipped", []))})
        self.assertIn(notes.count("after_all"), (1, 2))  # A worker that gets nothing opens nothing.

    def notes(self):
        """What the hooks have noted."""
        return (self.folder / "notes.txt").read_text(encoding="utf-8")

    def of_behave(self):
        """The results of behave: for each place, that of the scenario and those of its steps; and the notes."""
        done = subprocess.run([sys.executable, "-m", "behave", "-f", "json", "-o", "behave.json", "--no-summary", *DATA,
                               *PATHS], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertTrue((self.folder / "behave.json").exists(), done.stdout)
        found = {}
        for feature in json.loads((self.folder / "behave.json").read_text(encoding="utf-8")):
            for element in feature.get("elements", []):
                if element["type"] != "background":
                    steps = [(step.get("result") or {}).get("status") for step in element["steps"]]
                    found[element["location"]] = (word(element.get("status") or worst(steps)), those_that_ran(steps))
        notes = self.notes()
        (self.folder / "notes.txt").unlink()
        return found, notes

    def of_bdd(self, *arguments):
        """The same of bdd."""
        results = self.run_as_user(*DATA, *arguments, *PATHS)
        # behave's JSON does not have what did not run because a hook of its feature or rule failed.
        return {place: result for place, result in by_place(results).items() if result[0] != "absent"}, self.notes()


def differences(expected, actual):
    """The results that differ, by place."""
    return {place: (expected.get(place), actual.get(place)) for place in expected.keys() | actual.keys()
            if expected.get(place) != actual.get(place)}


def word(status):
    """A status as both versions and bdd name it."""
    return "failed" if status in FAILED else WORDS.get(status, status)


def worst(steps):
    """The status of a scenario that behave's JSON leaves without one: those before a rule."""
    found = {word(step) for step in steps}
    return "skipped" if found <= {"skipped", None} else "failed" if "failed" in found else "passed"


def those_that_ran(steps):
    """The results of steps that ran."""
    return [word(status) for status in steps if status not in NOT_RUN]


def by_place(results):
    """The results of scenarios and steps by the place of the scenario."""
    places, found, steps, inner = {}, {}, collections.defaultdict(list), set()

    def extra(event):
        return event["scenario"], event["attempt"], event["extra"]

    for event in results.events:
        kind = event["type"]
        if kind == "feature_planned":
            for one in event["feature"]["scenarios"]:
                places[one["index"]] = f"{event['feature']['uri']}:{one['location']['line']}"
        elif kind == "scenario_added":
            places[event["planned"]["index"]] = f"{event['uri']}:{event['planned']['location']['line']}"
        elif kind == "scenario_started":
            steps[event["scenario"]] = []
        elif kind == "extra_step_started" and event.get("depth"):
            inner.add(extra(event))
        elif kind == "step_finished" or kind == "extra_step_finished" and extra(event) not in inner:
            steps[event["scenario"]].append(event["result"]["status"])
        elif kind == "scenario_finished":
            found[places[event["scenario"]]] = (word(event["status"]), those_that_ran(steps[event["scenario"]]))
        elif kind == "scenario_not_run":
            found[places[event["scenario"]]] = ("absent", [])
    return found
