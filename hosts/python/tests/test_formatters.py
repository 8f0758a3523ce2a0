"""Formatters of other packages get what behave itself gives them."""
import collections
import subprocess
import sys

from .project import IS_OLD, SuiteTest

# It writes a line when a scenario has run, as formatters do that wrap `run` to know the end.
FORMATTER = '''
from behave.formatter.base import Formatter

class Lines(Formatter):
    def __init__(self, opener, config):
        super().__init__(opener, config)
        self.stream = self.open()
        self.steps = 0
    def line(self, *words):
        print(*words, file=self.stream)
    def feature(self, feature):
        self.line("feature", feature.name)
        for scenario in feature.walk_scenarios():
            scenario.run = self.wrapped(scenario, scenario.run)
    def wrapped(self, scenario, run):
        def runs(runner):
            failed = run(runner)
            self.line(scenario.filename, scenario.line, scenario.name, scenario.status.name, self.steps)
            return failed
        return runs
    def scenario(self, scenario):
        self.steps = 0
    def result(self, step):
        self.steps += 1
    def eof(self):
        self.line("end of a feature")
'''
STEPS = '''
    @step("it passes")
    def passes(context): pass
    @step("it fails")
    def fails(context): assert False
'''
FEATURES = {
    "mixed": """\
        Feature: mixed
          @slow
          Scenario: left out first
            Given it fails
          Scenario: passes
            Given it passes
          @slow @quick
          Scenario Outline: row <n>
            Given it passes
            @some
            Examples:
              | n |
              | 1 |
            Examples:
              | n |
              | 2 |
          Scenario: skipped
            Given it fails
          Scenario: fails
            Given it fails
            Then it passes
          @slow
          Scenario: left out last
            Given it fails
        """,
    "none": """\
        @slow
        Feature: none is selected
          Scenario: left out
            Given it fails
          Scenario Outline: left out
            Given it fails
            Examples:
              | n |
              | 1 |
              | 2 |
        """,
    "broken": """\
        Feature: broken
          Scenario: not run
            Given it passes
        """,
    "all": """\
        Feature: all
          Scenario: one
            Given it passes
          Scenario: two
            Given nobody wrote this
        """,
}
RULES = """\
    Feature: rules
      Rule: all of it
        @slow
        Scenario: left out
          Given it fails
      Rule: a part
        Scenario: passes
          Given it passes
        @slow
        Scenario: left out
          Given it fails
      @slow
      Rule: none
        Scenario: left out
          Given it fails
    """
HOOKS = """\
    def before_feature(context, feature):
        if feature.name == "broken": raise RuntimeError("broke")
    def before_scenario(context, scenario):
        if scenario.name == "skipped": scenario.skip()
    """


class Formatters(SuiteTest):
    def setUp(self):
        super().setUp()
        self.suite("", STEPS, HOOKS)
        (self.folder / "features/a.feature").unlink()
        self.write("lines.py", FORMATTER)
        for name, text in {**FEATURES, **({} if IS_OLD else {"rules": RULES})}.items():
            self.write(f"features/{name}.feature", text)

    def of_behave(self, *arguments):
        subprocess.run([sys.executable, "-m", "behave", "-f", "lines:Lines", "-o", "behave.txt", "--no-summary", *arguments],
                       cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return (self.folder / "behave.txt").read_text(encoding="utf-8").splitlines()

    def of_bdd(self, *arguments):
        self.run_as_user(*arguments, settings="formatters = ['lines:Lines:lines-{worker}.txt']")
        files = sorted(self.folder.glob("lines-*.txt"))
        lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
        for file in files:
            file.unlink()
        return lines

    def test_a_formatter_gets_what_behave_gives_it(self):
        tags = "~@slow" if IS_OLD else "not @slow or @some"
        expected = self.of_behave("--tags", tags)
        self.assertIn("left out", " ".join(expected))
        # With one worker only the features of which nothing is selected have another place: they come last.
        one = self.of_bdd("--tags", tags)
        self.assertEqual(sorted(one), sorted(expected))
        mixed = expected.index("feature mixed")
        self.assertIn(" ".join(expected[mixed:mixed + 8]), " ".join(one))
        # How often a feature is opened is up to the workers; each scenario is there once.
        for by in "feature", "scenario":
            several = self.of_bdd("--tags", tags, "-j2", "--parallel-by", by)
            self.assertEqual(counted(several), counted(expected), by)

    def test_without_tags_nothing_is_left_out(self):
        self.assertEqual(sorted(self.of_bdd()), sorted(self.of_behave()))


def counted(lines):
    return collections.Counter(line for line in lines if line.startswith("features/"))
