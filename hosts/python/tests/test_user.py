"""What a user of a suite of behave does after a first run: reports, failed scenarios, retries, shards."""
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from .project import BDD, SuiteTest


class FirstDay(SuiteTest):
    def setUp(self):
        super().setUp()
        self.suite("""\
            Feature: F
              Scenario: passes
                Given it passes
              Scenario Outline: row <n>
                Given it works at the second try
                Examples:
                  | n |
                  | 1 |
              Scenario: fails
                Given it fails
            """, """
    import os
    @step("it passes")
    def passes(context): pass
    @step("it fails")
    def fails(context): assert False
    @step("it works at the second try")
    def works(context):
        tried = os.path.exists("tried")
        open("tried", "w").close()
        assert tried
    """)
        self.write("features/b.feature", "Feature: B\n  Scenario: other\n    Given it passes\n")

    def test_retries_failed_shards_and_reports(self):
        first = self.run_as_user("--retries", "2", "-f", "junit:junit")
        self.assertEqual(first.statuses, {"passes": "passed", "row 1 ['1']": "passed", "fails": "failed", "other": "passed"})
        attempts = [one["attempt"] for one in first.of("scenario_finished") if first.names[one["scenario"]] == "fails"]
        self.assertEqual(attempts, [0, 1, 2])
        self.assertIn("1 scenario is flaky", first.printed)
        cases = [case for file in (self.folder / "junit").glob("*.xml") for case in ElementTree.parse(file).iter("testcase")]
        self.assertEqual(sorted(case.get("name") for case in cases), ["fails", "other", "passes", "row 1 [n: 1]"])

        again = self.run_as_user("--failed")
        self.assertEqual(again.statuses, {"fails": "failed"})

        parts = []
        for part in 1, 2:
            self.run_as_user("--shard", f"slice:{part}/2")
            parts.append(self.folder / f"part-{part}.jsonl")
            (self.folder / "events.jsonl").rename(parts[-1])
        merged = subprocess.run([BDD, "merge", *parts, "-f", "progress"], cwd=self.folder, text=True, check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(merged.returncode, 1, merged.stdout)
        self.assertIn("3 scenarios passed, 1 failed", merged.stdout)


class BrokenSuite(SuiteTest):
    """Suites that cannot be loaded: the error is about them, with the file and line, and not about step programs."""

    def check(self, line, *, environment="", settings="", hint="hint: it printed:\n", steps_too=True):
        self.suite("Feature: F\n  Scenario: S\n    Given it passes\n", "@step('it passes')\ndef _(context): pass\n", environment)
        self.write("bdd.toml", settings)
        run = {"cwd": self.folder, "env": {**os.environ, "VIRTUAL_ENV": sys.prefix}, "text": True, "check": False,
               "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        for words, code in ((["run"], 5), (["behave"], 1), (["run", "-j2"], 5), (["steps"], 5))[:4 if steps_too else 3]:
            done = subprocess.run([BDD, *words], **run)
            self.assertEqual(done.returncode, code, done.stderr)
            more = "" if words == ["steps"] else hint
            self.assertIn(f"error: the suite cannot be loaded: {line}\n{more}", done.stderr)
            self.assertNotIn("bdd_steps", done.stderr)

    def test_code_that_fails(self):
        self.check("ZeroDivisionError: division by zero (features/environment.py:2)", environment="print('here')\n1/0\n")
        self.check("SystemExit: 3 (features/environment.py:1)", environment="raise SystemExit(3)\n")
        self.write("features/steps/other.py", "import no_such_module\n")
        self.check("ModuleNotFoundError: No module named 'no_such_module' (features/steps/other.py:1)")

    def test_code_that_is_no_python(self):
        self.write("features/steps/other.py", "x = 1\ndef (\n")
        self.check("SyntaxError: invalid syntax (features/steps/other.py:2)")

    def test_code_that_ends_the_process(self):
        self.check("its process exited with code 3", environment="import os\nprint('here')\nos._exit(3)\n", steps_too=False)

    def test_code_that_hangs(self):
        self.check("it takes longer than 0.1 s (`start-timeout`)", hint="", settings="[steps]\nstart-timeout = '100ms'\n",
                   environment="import time\ntime.sleep(1e6)\n", steps_too=False)
