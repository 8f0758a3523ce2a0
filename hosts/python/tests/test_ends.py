"""Steps that hang, crash, or leave something behind. Each test is one run, because a limit of time must pass."""
import subprocess

from .project import BDD, SuiteTest

STEPS = """
    import ctypes, os, sys, threading, time
    @step("it passes")
    def passes(context): pass
    @step("it exits")
    def exits(context): os._exit(3)
    @step("it leaves Python")
    def leaves(context): sys.exit(4)
    @step("it faults")
    def faults(context):
        print("before the fault")
        ctypes.string_at(0)
    @step("it spins")
    def spins(context):
        while True: pass
    @step("it sleeps")
    def sleeps(context):
        time.sleep(1e6)
    @step("it retries for ever")
    def retries(context):
        give_up = 0
        while give_up < 2:
            try: time.sleep(1e6)
            except Exception: give_up += 1
    @step("it starts a thread")
    def thread(context): threading.Thread(target=lambda: time.sleep(1e6), name="left").start()
    @step("it forks")
    def forks(context):
        child = os.fork()
        assert child, "the child fails"
        os.waitpid(child, 0)
    @step("it closes sys.{name}")
    def closes(context, name):
        print("before")
        getattr(sys, name).close()
    @step("it closes descriptor {number:d}")
    def closes_descriptor(context, number): os.close(number)
    @step("its fork closes sys.stdout")
    def closes_fork(context):
        child = os.fork()
        if not child:
            sys.stdout.close()
            sys.__stdout__.close()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
    @step("it prints {megabytes:d} MB")
    def prints(context, megabytes):
        for _ in range(megabytes * 10): print("x" * 100_000)
"""


class Ends(SuiteTest):
    def one_each(self, *texts):
        """A feature with a scenario for each step, and one that passes after each."""
        scenarios = [f"  Scenario: {text}\n    Given it {text}\n  Scenario: after {text}\n    Given it passes\n"
                     for text in texts]
        self.suite("Feature: F\n" + "".join(scenarios), STEPS, "def after_scenario(context, scenario): print('AFTER')\n")

    def test_a_process_that_ends_costs_its_scenario(self):
        self.one_each("exits", "leaves Python", "faults", "forks")
        results = self.run_bdd()
        bad = ("exits", "leaves Python", "faults")
        for name, status in results.statuses.items():
            self.assertEqual(status, "failed" if name in bad else "passed", name)
        self.assertEqual(len(results.statuses), 8)
        self.assertIn("before the fault", results.finished["faults"]["output"]["text"])
        for name in bad:
            text = results.finished[name]["output"]["text"]
            self.assertRegex(text, r"steps.py.*, line \d+,? in " + name.split()[0])

    def test_a_hang_is_left_where_it_hangs(self):
        self.one_each("spins", "sleeps", "retries for ever")
        results = self.run_bdd("--step-timeout", "300ms")
        for name, status in results.statuses.items():
            self.assertEqual(status, "passed" if name.startswith("after") else "failed", name)
        traces = [one for one in results.errors() if one["kind"] == "Timeout"]
        self.assertEqual(len(traces), 3)
        self.assertIn("while True: pass", traces[0]["trace"])
        self.assertIn("time.sleep(1e6)", traces[1]["trace"])
        # The hooks after the scenario have run, and the worker has lived.
        self.assertTrue(all("AFTER" in one["output"]["text"] for one in results.finished.values()))
        self.assertEqual({one["worker"] for one in results.of("scenario_started")}, {0})

    def test_a_scenario_that_closes_standard_output_does_not_harm_others(self):
        ways = ("sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__", "descriptor 0", "descriptor 1", "descriptor 2")
        self.one_each(*(f"closes {way}" for way in ways))
        self.write("features/b.feature", "Feature: G\n  Scenario: after forks\n    Given its fork closes sys.stdout\n")
        for settings in ("", "capture = no\nstdout_capture = no\nstderr_capture = no\ncapture_stdout = no\ncapture_stderr = no\n"):
            self.write("behave.ini", "[behave]\n" + settings)
            results = self.run_bdd()
            names = ("stdout", "stderr") if not settings else ("__stderr__", "__stdout__", "stderr", "stdout")
            problems = [one for one in results.errors() if one["kind"] == "UnsupportedOperation"]
            for name in names:
                self.assertEqual(results.statuses[f"closes sys.{name}"], "failed", name)
                message = f"sys.{name.strip('_')} cannot be closed: later steps and scenarios need it"
                self.assertIn(message, [one["message"] for one in problems])
            self.assertEqual(len(problems), len(names))
            self.assertEqual({one["location"]["file"] for one in problems}, {"features/steps/steps.py"})
            for name, status in results.statuses.items():
                if name.startswith("after"):
                    self.assertEqual(status, "passed", name)
                    self.assertIn("AFTER", results.finished[name]["output"]["text"], name)

    def test_a_thread_does_not_keep_the_worker(self):
        self.one_each("starts a thread", "prints 100 MB")
        results = self.run_bdd()
        self.assertEqual(set(results.statuses.values()), {"passed"})
        self.assertEqual(results.code, 0)
        self.assertIn("it left the thread `left` behind", results.printed)
        self.assertIn("features/steps/steps.py:", results.printed)

    def test_the_host_keeps_to_the_protocol(self):
        self.suite("""\
            @x
            Feature: F
              Background:
                Given it passes
              Scenario: one
                Given it passes
              Scenario: two
                Given it prints 1 MB
              Scenario: three
                Given nobody wrote this
            """, STEPS + """
    @step("it takes a while")
    def takes(context): time.sleep(0.1)
""", """\
            def before_feature(context, feature): pass
            def after_feature(context, feature): pass
            def before_tag(context, tag): pass
            def after_tag(context, tag): pass
            def before_scenario(context, scenario): pass
            def after_scenario(context, scenario): pass
            def before_step(context, step): pass
            def after_step(context, step): pass
            """)
        self.write("features/b.feature", "Feature: B\n  Scenario: four\n    Given it takes a while\n")
        script, environment = self.command()
        done = subprocess.run([BDD, "worker-check", "features", "--", script], cwd=self.folder, env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
