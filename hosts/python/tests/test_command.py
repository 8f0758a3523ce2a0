"""`bdd behave`: what it prints and writes is what behave prints and writes."""
import importlib.util
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import textwrap

from . import project

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent


def script(name):
    """A script of the repository, as a module."""
    place = importlib.util.spec_from_file_location(name.replace("-", "_"), ROOT / f"scripts/{name}.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


compare = script("behave-command")

STEPS = """
    from behave import *
    import os, threading, time
    @step("{n:d} passes")
    def _(context, n): assert n != 9, "nine"
    @step("the process dies")
    def _(context): os._exit(3)
    @step("a thread stays")
    def _(context): threading.Thread(target=time.sleep, args=[1], name="stays").start()
    @step("it hangs")
    def _(context): time.sleep(1e6)
"""


class CommandTest(project.SuiteTest):
    """Runs both commands in the folder of a suite."""

    def both(self, *words):
        """What behave leaves and what `bdd behave` leaves, by name."""
        behave = [sys.executable, os.path.join(sys.prefix, "bin/behave")]
        return [compare.run([*command, *words], self.options(), self.folder, self.environment())[0]
                for command in (behave, [project.BDD, "behave"])]

    def options(self):
        """What the comparing script knows from its command line."""
        work = pathlib.Path(self.folder).parent / f"{self.folder.name}-work"
        self.addCleanup(shutil.rmtree, work, ignore_errors=True)
        return type("Options", (), {"work": work})

    def environment(self):
        """The environment of a user of this Python."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BDD", "BEHAVE"))}
        return {**kept, "VIRTUAL_ENV": sys.prefix, "PYTHONPATH": str(self.folder)}

    def same(self, *words):
        """Check that both leave the same. Returns it."""
        expected, actual = self.both(*words)
        self.assertEqual(set(expected), set(actual), words)
        for what, content in expected.items():
            self.assertEqual(content.decode("utf-8", "replace"), actual[what].decode("utf-8", "replace"), (words, what))
        return expected

    def bdd(self, *words):
        """Run `bdd behave` only."""
        return subprocess.run([project.BDD, "behave", *words], cwd=self.folder, env=self.environment(), text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

    def outcomes(self):
        """Write the suite with all outcomes."""
        for folder in ("features", *(() if project.IS_OLD else ("rules",))):
            source = compare.OUTCOMES / folder
            for file in source.rglob("*.*"):
                if file.suffix in (".feature", ".py"):
                    name = pathlib.Path("features") / ("rules" if folder == "rules" else "") / file.relative_to(source)
                    self.write(str(name), file.read_text(encoding="utf-8"))


class OutcomesTest(CommandTest):
    """All outcomes of scenarios, in behave's own forms."""

    def setUp(self):
        super().setUp()
        self.outcomes()

    def test_console_json_and_junit(self):
        left = self.same("-f", "json", "-o", "out/r.json", "-f", "plain", "-f", "pretty", "-o", "out/pretty.txt", "--junit",
                         "--junit-directory", "out/junit", "-D", "browser=firefox")
        self.assertEqual(left["exit code"], b"1")
        self.assertIn("out/junit/TESTS-sub.d.xml", left)
        self.assertIn(b"Failing scenarios:", left["stdout"])

    def test_old_tags_and_an_early_stop(self):
        self.same("-t", "~@slow", "--stop", "-f", "progress3", "--no-skipped")

    def test_hooks_run_for_features_of_which_no_scenario_does(self):
        left = self.same("-n", "Passes", "-f", "plain", "--no-capture")
        self.assertIn(b"after feature Only skipped", left["stdout"])

    def test_lines_names_and_wip(self):
        self.same("--wip", "features/a.feature:10", "features/a.feature:16", "-n", "Fails|Passes")

    def test_workers_change_nothing(self):
        expected, _ = self.both("-f", "progress2")
        done = self.bdd("-f", "progress2", "-j", "2")
        self.assertEqual(compare.masked(done.stdout.encode()).decode(), expected["stdout"].decode())


class RefusalTest(CommandTest):
    """What runs no step is behave's own, and what cannot be is refused."""

    def setUp(self):
        super().setUp()
        self.suite("Feature: F\n  Scenario: One\n    Given 1 passes\n", STEPS)

    def test_usage_errors_and_questions(self):
        for words in (["--no-ca"], ["--version"], ["-f", "help"], ["--dry-run"], ["--tags=@none"], ["features/none.feature"]):
            self.same(*words)

    def test_an_unknown_flag_says_what_to_use_instead(self):
        done = self.bdd("--retries", "2")
        self.assertEqual(done.returncode, 2)
        self.assertIn("error: unrecognized arguments: --retries", done.stderr)
        self.assertIn("hint: `bdd run` has --retries\n", done.stderr)

    def test_another_runner_is_refused(self):
        if not project.IS_OLD:
            done = self.bdd("-r", "mine:Runner")
            self.assertEqual(done.returncode, 2)
            self.assertIn("leave it out, or use `behave` for this runner", done.stderr)
            self.write("behave.ini", "[behave]\nrunner = mine:Runner\n")
            done = self.bdd("-f", "plain")
            self.assertEqual(done.returncode, 0)
            self.assertIn("warning: `runner` in behave's files has no effect here", done.stderr)

    def test_a_step_crate_is_not_run(self):
        (self.folder / "features/steps/steps.py").unlink()
        self.write("features/steps/Cargo.toml", "")
        done = self.bdd()
        self.assertEqual(done.returncode, 2)
        self.assertIn("hint: `bdd run` runs them", done.stderr)


class LossTest(CommandTest):
    """Scenarios of which no worker could note anything."""

    def test_a_crash_and_a_hang_are_errors_in_all_reports(self):
        self.suite("Feature: F\n  Scenario: Dies\n    Given 1 passes\n    And the process dies\n    And 2 passes\n"
                   "  Scenario: Hangs\n    Given it hangs\n  Scenario: Passes\n    Given 3 passes\n", STEPS)
        self.write("bdd.toml", "step-timeout = '500ms'\n")
        done = self.bdd("-f", "plain", "--junit")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("features/a.feature:2  Dies", done.stdout)
        self.assertIn("features/a.feature:6  Hangs", done.stdout)
        self.assertIn("1 scenario passed, ", done.stdout)
        written = (self.folder / "reports/TESTS-a.xml").read_text(encoding="utf-8")
        self.assertIn("exit", written)

    def test_steps_that_cannot_be_loaded_fail_the_run(self):
        self.suite("Feature: F\n  Scenario: One\n    Given 1 passes\n", "import no_such_module\n")
        done = self.bdd("-f", "plain")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no_such_module", done.stderr)

    def test_a_file_that_only_behave_can_read_is_an_error(self):
        self.suite('Feature: F\n  Scenario: Open\n    Given 1 passes\n      """\n      text\n', STEPS)
        self.write("features/b.feature", "Feature: G\n  Scenario: Whole\n    Given 1 passes\n")
        done = self.bdd("-f", "plain", "--junit")
        self.assertEqual(done.returncode, 1)
        self.assertIn("features/a.feature:2  Open", done.stdout)
        self.assertIn("1 scenario passed", done.stdout)
        self.assertIn("the file ends inside a docstring", done.stderr)
        self.assertIn("bdd cannot read this file", (self.folder / "reports/TESTS-a.xml").read_text(encoding="utf-8"))

    def test_warnings_of_bdd_are_on_standard_error(self):
        self.suite("Feature: F\n  Scenario: One\n    Given a thread stays\n", STEPS)
        done = self.bdd("-f", "plain")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("warning: ", done.stderr)
        self.assertIn("it left the thread `stays` behind", done.stderr)

    def test_arguments_of_the_suites_own_types_are_shown(self):
        steps = """
            import enum
            from behave import *
            class Size(enum.IntEnum):
                SMALL = 1
            class Name(str):
                pass
            class Shop:
                pass
            register_type(Size=lambda text: Size[text], Name=Name, Shop=lambda text: Shop(), Float=lambda text: float(text))
            @given("a {size:Size} {name:Name} of {shop:Shop} for {price:Float}")
            def _(context, size, name, shop, price): assert size == 2, Name("wrong")
        """
        self.suite("Feature: F\n  Scenario: S\n    Given a SMALL bag of cheese for 1.5\n", steps)
        left = self.same("-f", "json", "-o", "out/r.json", "-f", "pretty")
        self.assertIn(b'"value": 1,', left["out/r.json"])

    def test_rows_and_scenarios_that_hooks_add_are_shown(self):
        environment = """
            def before_feature(context, feature):
                outline = feature.scenarios[0]
                outline.examples[0].table.add_row(["9"], line=77)
        """
        self.suite("Feature: F\n  Scenario Outline: O <n>\n    Given <n> passes\n    Examples:\n      | n |\n      | 1 |\n",
                   STEPS, environment)
        self.same("-f", "json", "-f", "plain", "-o", "out/plain.txt")


class AbortTest(CommandTest):
    """Runs that the suite aborts. The process that prints may follow them at once, or read everything after their end."""

    FEATURE = """\
        Feature: F
          Scenario: A
            Given 1 passes
          Scenario: B
            Given 9 passes
          Scenario: C
            Given 2 passes
        """
    MEETS = """
        import os
        from behave.formatter.base import Formatter
        class AtStart(Formatter):
            def __init__(self, opener, config):
                super().__init__(opener, config)
                open("sign").close()
        class AtFeature(Formatter):
            def uri(self, uri):
                if uri.endswith("a.feature"):
                    open("sign").close()
        """

    def setUp(self):
        super().setUp()
        self.write("features/b.feature", "Feature: G\n  Scenario: D\n    Given 3 passes\n")
        self.write("meets.py", self.MEETS)

    def meeting(self, formatter, *words):
        """Run `bdd behave` with a formatter that waits until the worker opens the pipe `sign`, as the worker for it."""
        os.mkfifo(self.folder / "sign")
        self.addCleanup(os.unlink, self.folder / "sign")
        done = self.bdd("-f", "plain", "-f", f"meets:{formatter}", *words)
        return done.returncode, compare.masked(done.stdout.encode()), done.stderr

    def test_what_has_ended_is_shown_however_late_it_is_read(self):
        environment = """
            def after_scenario(context, scenario):
                if scenario.status.name == "failed":
                    context._runner.aborted = True
            """
        self.suite(self.FEATURE, STEPS, environment)
        expected = self.same("-f", "plain")
        self.assertIn(b"1 scenario passed, 1 failed", expected["stdout"])
        self.write("features/environment.py", textwrap.dedent(environment) + textwrap.dedent("""
            import atexit
            atexit.register(lambda: open("sign", "w").close())
            """))
        code, printed, errors = self.meeting("AtStart")
        self.assertEqual((code, printed.decode()), (1, expected["stdout"].decode()), errors)

    def test_a_failure_after_everything_counts_however_early_the_beginning_is_read(self):
        environment = "def after_all(context):\n    assert not print('after all')\n    raise ValueError('after')\n"
        self.suite(self.FEATURE.replace("9", "4"), STEPS, environment)
        expected = self.same("-f", "plain")
        self.assertEqual(expected["exit code"], b"1")
        self.write("features/environment.py", environment.replace("    assert", "    open('sign', 'w').close()\n    assert"))
        code, printed, errors = self.meeting("AtFeature")
        self.assertEqual((code, printed.decode()), (1, expected["stdout"].decode()), errors)
        self.assertNotIn("error: behave reports no failure", errors)

    def test_scenarios_after_one_that_aborts_and_passes_are_shown(self):
        self.suite(self.FEATURE, STEPS, "def after_scenario(context, scenario):\n    context._runner.aborted = True\n")
        left = self.same("-f", "json", "-o", "out/r.json", "-f", "plain", "--junit", "--junit-directory", "out/junit")
        self.assertIn(b"Scenario: B", left["stdout"])


class SignalTest(CommandTest):
    """Signals that go to all processes, as from a terminal, `timeout` or CI."""

    def test_reports_are_written(self):
        self.suite("Feature: F\n  Scenario: A\n    Given 1 passes\n  Scenario: B\n    Given it hangs for good\n", STEPS + """
    @step("it hangs for good")
    def _(context):
        open("sign", "w").close()
        time.sleep(1e6)
""")
        os.mkfifo(self.folder / "sign")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with subprocess.Popen([project.BDD, "behave", "-f", "plain"], cwd=self.folder, env=self.environment(), text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  start_new_session=True) as process:
                open(self.folder / "sign", encoding="utf-8").close()  # The step runs.
                os.killpg(process.pid, number)
                printed, errors = process.communicate()
            self.assertEqual(process.returncode, 128 + number, errors)
            self.assertIn("\n1 scenario passed, ", printed, number)
            self.assertIn("features/a.feature:4  B\n", printed)


class PrinterDeathTest(CommandTest):
    """Formatters that end the process in which they run."""

    def test_reports_that_end_with_their_process(self):
        self.suite("Feature: F\n  Scenario: S\n    Given 1 passes\n", STEPS)
        for code, how in (("os.kill(os.getpid(), 9)", "signal: 9 (SIGKILL)"), ("os._exit(0)", "exit status: 0")):
            self.write("mine.py", f"""
                import os
                from behave.formatter.base import Formatter
                class Ends(Formatter):
                    def result(self, step): {code}
                """)
            done = self.bdd("-f", "mine:Ends")
            self.assertEqual(done.returncode, 1, done.stderr)
            # Two threads wait for the process. Only the first learns how it ended, and either can be the first.
            self.assertRegex(done.stderr.replace(f" ({how})", ""), "^error: the process that writes behave's reports died\nhint: ")


class EarlyEndTest(CommandTest):
    """Runs that end early, in two workers. What has run in the other worker is shown, too."""

    def printed(self, step, others, *words):
        """What is printed when scenario A runs until the end of the others, and then the step."""
        self.suite(f"Feature: F\n  Scenario: A\n    Given nobody else runs\n    And {step}\n  Scenario: B\n    Given 1 passes\n",
                   STEPS + """
    @step("nobody else runs")
    def _(context):
        while not os.path.exists("others"): time.sleep(0.01)
    @step("this is the last")
    def _(context): open("others", "w").close()
    @step("the run is aborted")
    def _(context): context._runner.aborted = True
""")
        self.write("features/b.feature", f"Feature: G\n  Scenario: C\n    Given {others}\n  Scenario: D\n    Given this is the last\n")
        done = self.bdd("-f", "plain", "-j", "2", *words)
        self.assertEqual(done.returncode, 1, done.stderr)
        return done.stdout

    def test_an_abort(self):
        printed = self.printed("the run is aborted", "9 passes")
        self.assertIn("Failing scenarios:\n  features/b.feature:2  C\n", printed)
        self.assertIn("\n2 scenarios passed, 1 failed, 0 skipped, 1 untested\n", printed)
        self.assertIn("ABORTED: By user.", printed)

    def test_a_first_failure(self):
        printed = self.printed("9 passes", "2 passes", "--stop")
        self.assertIn("Failing scenarios:\n  features/a.feature:2  A\n", printed)
        self.assertIn("\n2 scenarios passed, 1 failed, 0 skipped, 1 untested\n", printed)
        self.assertNotIn("ABORTED", printed)


class SkipTest(CommandTest):
    """Features and rules that are skipped after some of their steps have run."""

    STEPS = STEPS + """
    @step("the {what} is skipped")
    def _(context, what): getattr(context, what).skip("enough")
"""

    def test_a_step_skips_its_feature(self):
        self.suite("""\
            Feature: F
              Scenario: A
                Given 1 passes
              Scenario: B
                Given 2 passes
                And the feature is skipped
                And 9 passes
              Scenario Outline: O
                Given <n> passes
                Examples:
                  | n |
                  | 3 |
            """, self.STEPS)
        self.write("features/b.feature", "Feature: G\n  Scenario: D\n    Given 3 passes\n")
        self.check()
        self.check("--no-skipped")

    def test_a_step_skips_its_rule(self):
        if project.IS_OLD:
            self.skipTest("behave 1.2.6 has no rules")
        self.suite("""\
            Feature: F
              Rule: Q
                Scenario: A
                  Given 1 passes
                Scenario: B
                  Given the rule is skipped
                  And 9 passes
                Scenario: C
                  Given 9 passes
              Rule: R
                Scenario: D
                  Given the feature is skipped
              Rule: S
                Scenario: E
                  Given 9 passes
            """, self.STEPS)
        self.check()
        self.check("--no-skipped")

    def test_hooks_skip_the_feature(self):
        for name in ("before_scenario", "after_scenario", "before_step", "after_step", "after_feature"):
            self.suite("Feature: F\n  Scenario: A\n    Given 1 passes\n    And 2 passes\n  Scenario: B\n    Given 3 passes\n"
                       "  Scenario: C\n    Given 4 passes\n", self.STEPS, f"""
                def {name}(context, entity):
                    if entity.name in ("B", "F", "1 passes", "3 passes"): context.feature.skip("enough")
                """)
            self.check()

    def check(self, *words):
        self.same("-f", "json", "-o", "out/r.json", "-f", "plain", "-o", "out/plain.txt", "--junit", "--junit-directory", "out/junit",
                  *words)


class OwnFlagsTest(CommandTest):
    """Flags and settings that behave does not have."""

    def setUp(self):
        super().setUp()
        self.suite("Feature: F\n  Scenario: One\n    Given 1 passes\n  @x\n  Scenario: Nine\n    Given 9 passes\n", STEPS)

    def test_junit_in_the_style_of_bdd(self):
        done = self.bdd("--junit", "--junit-style", "bdd", "--junit-directory", "out")
        self.assertEqual(done.returncode, 1)
        files = [one.name for one in (self.folder / "out").glob("*.xml")]
        self.assertEqual([name for name in files if name.startswith("TESTS-")], [])
        self.assertEqual(len(files), 1)

    def test_formatters_of_others_run_in_the_worker(self):
        self.write("mine.py", """
            from behave.formatter.base import Formatter
            class Mine(Formatter):
                def __init__(self, opener, config):
                    super().__init__(opener, config)
                    self.stream = self.open()
                def result(self, step):
                    self.stream.write(f"{step.name} {step.status.name}\\n")
        """)
        self.bdd("-f", "mine:Mine", "-o", "mine.txt", "-f", "null")
        self.assertEqual((self.folder / "mine.txt").read_text(encoding="utf-8"), "1 passes passed\n9 passes failed\n")
        shown = self.bdd("-f", "mine:Mine", "--no-summary").stdout
        self.assertIn("1 passes passed\n9 passes failed\n", shown)

    def test_settings_of_behave_files_are_behaves(self):
        self.write("behave.ini", "[behave]\ntags = ~@x\nformat = json\noutfiles = out/r.json\njunit = true\n")
        left = self.same()
        self.assertEqual(left["exit code"], b"0")
        self.assertIn("out/r.json", left)

    def test_tags_of_bdd_toml_do_not_count(self):
        self.write("bdd.toml", "tags = '@x'\nformat = ['junit:bdd.xml']\n")
        done = self.bdd("-t", "~@x", "-f", "plain")
        self.assertEqual((done.returncode, "1 scenario passed" in done.stdout), (0, True), done.stderr)
        self.assertIn('tests="1"', (self.folder / "bdd.xml").read_text(encoding="utf-8"))
