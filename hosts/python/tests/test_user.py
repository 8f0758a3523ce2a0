"""What a user of a suite of behave does after a first run: reports, failed scenarios, retries, shards."""
import subprocess
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
