"""Suites that use what behave has, with the same results."""
import unittest

from .project import IS_OLD, SuiteTest

STEPS = """
    import logging, sys
    @step("it passes")
    def passes(context): print("printed"); logging.getLogger("app").warning("logged")
    @step("it fails")
    def fails(context): assert 1 == 2, "one is not two"
    @step("it errs")
    def errs(context): {}["missing"]
    @step("it skips")
    def skips(context): context.scenario.skip("not today")
    @step("row {number}")
    def row(context, number): assert context.active_outline["n"] == number
"""


class Running(SuiteTest):
    def test_statuses_and_kinds_of_errors(self):
        self.suite("""\
            Feature: F
              Scenario: passes
                Given it passes
              Scenario: fails
                Given it fails
                Then it passes
              Scenario: errs
                Given it errs
              Scenario: skips
                Given it skips
                Then it fails
              Scenario: nobody
                Given nobody wrote this
            """, STEPS)
        results = self.run_bdd()
        self.assertEqual(results.statuses, {"passes": "passed", "fails": "failed", "errs": "failed", "skips": "skipped",
                                            "nobody": "undefined"})
        self.assertEqual(results.code, 1)
        [snippet] = [step["result"]["snippets"][0] for step in results.of("step_finished") if step["result"].get("snippets")]
        self.assertEqual(snippet["language"], "python")
        self.assertIn("raise NotImplementedError(u'STEP: " if IS_OLD else "raise StepNotImplementedError(u'", snippet["code"])
        failed, erred = results.error("AssertionError"), results.error("KeyError")
        self.assertEqual(failed["message"], "one is not two")
        self.assertEqual(failed["location"]["file"], "features/steps/steps.py")
        self.assertIn("in errs", erred["trace"])
        self.assertIn("not today", results.printed + str(results.events))
        self.assertRegex(results.finished["passes"]["output"]["text"], r"^printed\n.*logged\n$")

    def test_errors_of_hooks_and_cleanups(self):
        self.suite("""\
            Feature: F
              @before
              Scenario: before
                Given it passes
              @after
              Scenario: after
                Given it passes
              @cleanup
              Scenario: cleanup
                Given it passes
              @tag
              Scenario: tag
                Given it passes
              @step
              Scenario: step
                Given it passes
                Then it passes
            """, STEPS, """\
            def before_tag(context, tag):
                if tag == "tag": raise RuntimeError("tag broke")
            def before_scenario(context, scenario):
                if "before" in scenario.tags: raise RuntimeError("before broke")
                def close(): raise RuntimeError("cleanup broke")
                if "cleanup" in scenario.tags: context.add_cleanup(close)
            def after_scenario(context, scenario):
                if "after" in scenario.tags: raise RuntimeError("after broke")
            def before_step(context, step):
                if "step" in context.tags: raise RuntimeError("step broke")
            """)
        results = self.run_bdd()
        self.assertEqual(set(results.statuses.values()), {"failed"})
        found = {(one["kind"], one["message"]) for one in results.errors()}
        for kind, text in [("hook_error", "before"), ("hook_error", "after"), ("cleanup_error", "cleanup"),
                           ("hook_error", "tag"), ("hook_error", "step")]:
            self.assertIn((kind, f"RuntimeError: {text} broke"), found)
        added = {one["definition"]["name"] for one in results.of("hook_added")}
        self.assertEqual(added, {"before_step", *(f"before_tag @{tag}" for tag in "before after cleanup tag step".split())})

    def test_hooks_skip_scenarios_and_features(self):
        self.suite("""\
            Feature: F
              @some
              Scenario: some
                Given it fails
              @hook
              Scenario: hook
                Given it fails
              Scenario: other
                Given it passes
            """, STEPS, """\
            def before_feature(context, feature):
                if "all" in feature.tags: feature.skip("no feature")
                for scenario in feature.scenarios:
                    if "some" in scenario.tags: scenario.skip("some reason")
            def before_scenario(context, scenario):
                if "hook" in scenario.tags: scenario.skip("by the hook")
            """)
        self.write("features/b.feature", "@all\nFeature: B\n  Scenario: never\n    Given it fails\n")
        results = self.run_bdd()
        self.assertEqual(results.statuses, {"some": "skipped", "hook": "skipped", "other": "passed", "never": "skipped"})
        self.assertEqual(results.code, 0)
        for reason in ("some reason", "by the hook", "no feature"):
            self.assertIn(reason, str(results.events))

    def test_a_feature_whose_hook_fails_does_not_run(self):
        for hook in ("before_feature(context, feature)", "before_tag(context, tag)"):
            with self.subTest(hook):
                self.suite("@bad\nFeature: F\n  Scenario: one\n    Given it passes\n  Scenario: two\n    Given it passes\n",
                           STEPS, f"def {hook}: raise RuntimeError('broken')\n")
                results = self.run_bdd()
                self.assertEqual(results.code, 1)
                self.assertNotIn("passed", results.statuses.values())
                self.assertIn("RuntimeError: broken", results.printed)

    def test_rows_and_scenarios_that_hooks_add_and_remove(self):
        self.suite("""\
            Feature: F
              Scenario Outline: rows
                Given row <n>
                Examples:
                  | n |
                  | 1 |
              Scenario: removed
                Given it fails
              Scenario: stays
                Given it passes
            """, STEPS, """\
            def before_feature(context, feature):
                items = feature.run_items if hasattr(feature, "run_items") else feature.scenarios
                items[0].examples[0].table.add_row(["2"])
                items[0].examples[0].table.add_row(["3"])
                del items[1]
            """)
        self.write("features/b.feature", "Feature: B\n  Scenario Outline: last\n    Given row <n>\n"
                                         "    Examples:\n      | n |\n      | 7 |\n  Scenario: end\n    Given it passes\n"
                                         "  Scenario: end of all\n    Given it passes\n")
        results = self.run_bdd()
        self.assertEqual(results.statuses["removed"], "skipped")
        self.assertEqual(results.statuses["stays"], "passed")
        for row in ("rows ['1']", "rows ['2']", "rows ['3']", "last ['7']", "last ['2']", "last ['3']"):
            self.assertEqual(results.statuses.get(row), "passed", results.printed)
        self.assertEqual(len(results.of("scenario_added")), 4)

    def test_features_that_before_all_looks_at(self):
        self.suite("Feature: F\n  Scenario: one\n    Given it fails\n  Scenario: two\n    Given it passes\n", STEPS, """\
            def before_all(context):
                for feature in context._runner.features:
                    feature.scenarios[0].skip("looked at")
            """)
        self.assertEqual(self.run_bdd().statuses, {"one": "skipped", "two": "passed"})

    @unittest.skipIf(IS_OLD, "behave 1.2.6 has neither")
    def test_rules_and_scenarios_without_background(self):
        self.suite("""\
            Feature: F
              Background:
                Given it errs
              @no_background
              Scenario: without
                Given it passes
              Rule: R
                @no_background
                Scenario: in the rule
                  Given it passes
                Scenario: with
                  Given it passes
            """, STEPS, """\
            def before_rule(context, rule): context.rule_name = rule.name
            def before_scenario(context, scenario):
                if "no_background" in scenario.tags: scenario.use_background = False
            """)
        results = self.run_bdd()
        self.assertEqual(results.statuses, {"without": "passed", "in the rule": "passed", "with": "failed"})
        self.assertEqual(len(results.of("step_left_out")), 2)

    def test_steps_from_steps_are_shown(self):
        self.suite("""\
            Feature: F
              Scenario: good
                Given it runs good steps
              Scenario: bad
                Given it runs bad steps
              Scenario: handled
                Given it expects bad steps
            """, STEPS + """
    @step("it runs good steps")
    def good(context): context.execute_steps("Given it passes\\nThen it passes")
    @step("it runs bad steps")
    def bad(context): context.execute_steps("Given it passes\\nThen it fails")
    @step("it expects bad steps")
    def expects(context):
        try: context.execute_steps("Given it fails")
        except AssertionError: pass
""")
        results = self.run_bdd()
        self.assertEqual(results.statuses, {"good": "passed", "bad": "failed", "handled": "passed"})
        self.assertEqual(len(results.of("extra_step_finished")), 5)

    def test_hooks_of_tags_alone_stop_a_feature(self):
        self.suite("@bad\nFeature: F\n  Scenario: one\n    Given it passes\n  Scenario: two\n    Given it passes\n", STEPS, """\
            def before_tag(context, tag):
                if tag == "bad": raise RuntimeError("no database")
                if tag == "off": context.feature.skip("not here")
            def after_feature(context, feature): print("closed")
            """)
        self.write("features/b.feature", "@off\nFeature: B\n  Scenario: three\n    Given it fails\n")
        self.write("features/c.feature", "Feature: C\n  Scenario: four\n    Given it passes\n")
        results = self.run_bdd()
        self.assertEqual(results.statuses, {"one": "not run", "two": "not run", "three": "skipped", "four": "passed"})
        self.assertEqual(results.code, 1)
        # Of the three features, each is closed.
        hooks = [one["name"] for one in results.of("hooks")[0]["hooks"]]
        closed = [one for one in results.of("hook_finished") if one["hook"] == hooks.index("after_feature")]
        self.assertEqual([one["result"]["status"] for one in closed], ["passed"] * 3, results.printed)

    def test_steps_that_a_hook_adds_have_hooks_too(self):
        self.suite("Feature: F\n  Scenario: s\n    Given it passes\n", STEPS, """\
            import copy
            def before_scenario(context, scenario):
                added = copy.copy(scenario.steps[0])
                added.name = "it fails"
                scenario.steps.append(added)
            def before_step(context, step): print("before", step.name)
            def after_step(context, step): pass
            """)
        results = self.run_bdd()
        self.assertEqual((results.code, results.statuses), (1, {"s": "failed"}), results.printed)
        self.assertEqual(results.of("run_error"), [])
        self.assertIn("before it fails", results.finished["s"]["output"]["text"])

    def test_the_run_is_aborted(self):
        self.suite("Feature: F\n" + "".join(f"  Scenario: {n}\n    Given it passes\n" for n in range(5)), STEPS, """\
            def after_scenario(context, scenario):
                if scenario.name == "1": context.abort(reason="enough")
            """)
        results = self.run_bdd()
        self.assertEqual(results.code, 1)
        passed = [name for name, status in results.statuses.items() if status == "passed"]
        self.assertEqual(passed, ["0", "1"], results.printed)
        self.assertEqual(len(results.statuses), 5)
        self.assertIn("enough", results.printed)

    def test_a_hook_of_a_feature_aborts_the_run(self):
        self.suite("Feature: F\n  Scenario: s\n    Given it passes\n", STEPS, """\
            def before_feature(context, feature): context._set_root_attribute("aborted", True)
            def after_feature(context, feature): pass
            """)
        results = self.run_bdd()
        self.assertEqual((results.code, results.statuses), (1, {"s": "not run"}), results.printed)
        self.assertEqual([one["kind"] for one in results.of("run_error")], ["aborted"], results.printed)

    def test_a_hook_interrupts_the_run(self):
        for hook in "before_scenario(context, scenario)", "after_step(context, step)", "before_step(context, step)":
            self.suite("Feature: F\n  Scenario: s\n    Given it passes\n  Scenario: t\n    Given it passes\n", STEPS,
                       f"def {hook}: raise KeyboardInterrupt\n")
            results = self.run_bdd()
            self.assertEqual((results.code, results.statuses), (1, {"s": "failed", "t": "not run"}), results.printed)
            self.assertNotIn("protocol", results.printed)

    def test_before_all_removes_scenarios(self):
        self.suite("Feature: F\n  Scenario: gone\n    Given it fails\n  Scenario: stays\n    Given it passes\n", STEPS, """\
            def before_all(context):
                for feature in context._runner.features:
                    del feature.scenarios[0]
                    if hasattr(feature, "run_items"): del feature.run_items[0]
            def before_feature(context, feature): pass
            """)
        results = self.run_bdd()
        self.assertEqual((results.code, results.statuses), (0, {"gone": "skipped", "stays": "passed"}), results.printed)

    def test_a_failed_scenario_is_retried(self):
        self.suite("Feature: F\n  Scenario Outline: o\n    Given it works from now on\n    Then row 1\n"
                   "    Examples:\n      | n |\n      | 1 |\n", STEPS + """
    tries = []
    @step("it works from now on")
    def works(context):
        tries.append(1)
        assert len(tries) > 1
""")
        results = self.run_bdd("--retries", "1")
        self.assertEqual((results.code, results.statuses), (0, {"o ['1']": "passed"}))

    def test_the_suite_retries_by_itself(self):
        self.suite("Feature: F\n  Scenario: flaky\n    Given it works from now on\n    Then it passes\n"
                   "  Scenario: hopeless\n    Given it fails\n", STEPS + """
    tries = []
    @step("it works from now on")
    def works(context):
        tries.append(1)
        assert len(tries) > 2
""", """\
            from behave.contrib.scenario_autoretry import patch_scenario_with_autoretry
            def before_feature(context, feature):
                for scenario in feature.scenarios:
                    patch_scenario_with_autoretry(scenario, max_attempts=3)
            def before_scenario(context, scenario): pass
            def after_scenario(context, scenario): pass
            """)
        results = self.run_bdd()
        self.assertEqual(results.statuses, {"flaky": "passed", "hopeless": "failed"}, results.printed)
        attempts = [one["attempt"] for one in results.of("scenario_finished")]
        self.assertEqual(attempts, [0, 1, 2, 0, 1, 2])

    def test_steps_go_on_after_a_failure(self):
        self.suite("Feature: F\n  Scenario: s\n    Given it fails\n    Then it passes\n    Then it fails\n", STEPS, """\
            def before_scenario(context, scenario): scenario.continue_after_failed_step = True
            """)
        steps = self.run_bdd().of("step_finished")
        self.assertEqual([one["result"]["status"] for one in steps], ["failed", "passed", "failed"])

    def test_matchers_types_text_and_tables(self):
        self.suite("""\
            Feature: F
              Scenario: s
                Given the price is 12 euros
                Given a number 7 and b
                When the same words
                Then the same words
                Given a text
                  '''
                  one
                    two
                  '''
                Given a table:
                  | n |
                  | 1 |
            """.replace("'''", '"""'), '''
            register_type(Euros=lambda text: int(text))
            @given("the price is {price:Euros} euros")
            def price(context, price): assert price == 12
            @when("the same words")
            def when_words(context): context.seen = "when"
            @then("the same words")
            def then_words(context): assert context.seen == "when"
            @given("a text")
            def text(context): assert context.text == "one\\n  two", repr(context.text)
            @given("a table:")
            @given("a table")
            def table(context): assert [row["n"] for row in context.table] == ["1"]
            use_step_matcher("re")
            @given(r"a number (?P<n>\\d+)(?: or (?P<no>x))? and (b|c)")
            def number(context, *args, **named): assert named["n"] == "7" and named["no"] is None
            '''.replace("            ", ""))
        results = self.run_bdd()
        self.assertEqual((results.statuses, results.code), ({"s": "passed"}, 0), results.printed)
        self.assertEqual([one for one in results.of("step_finished") if one["result"].get("actual")], [])

    def test_rows_are_cut_as_by_behave(self):
        self.suite("Feature: F\n  Scenario: s\n    Given rows\n      | a | b |\n      | 1 | two\n      | y | z\\|\n", """
            @given("rows")
            def rows(context): assert [row["b"] for row in context.table] == ["tw", "z" + chr(92)], context.table.rows
            """.replace("            ", ""))
        results = self.run_as_user()
        self.assertEqual((results.code, results.statuses), (0, {"s": "passed"}), results.printed)
        self.assertEqual([one for one in results.of("step_finished") if one["result"].get("actual")], [])

    def test_userdata_arguments_and_the_captured_output(self):
        self.suite("Feature: F\n  Scenario: s\n    Given it has all\n", """
            @given("it has all")
            def has_all(context):
                assert context.config.userdata["from"] == "bdd", context.config.userdata
                assert context.config.userdata["other"] == "host"
                assert context.config.stage == "test"
                assert context.config.format == ["pretty"]
                print("caught")
                import sys
                assert "caught" in sys.stdout.getvalue()
            """.replace("            ", ""))
        self.write("features/test_steps/steps.py", (self.folder / "features/steps/steps.py").read_text())
        results = self.run_bdd("-D", "from=bdd", request={"arguments": ["--stage=test"], "userdata": {"other": "host"}})
        self.assertEqual(results.code, 0, results.printed)

    def test_a_closed_output_fails_no_step(self):
        self.suite("Feature: F\n  Scenario: s\n    Given it closes the output\n    Then it passes\n", STEPS + """
    @step("it closes the output")
    def closes(context): sys.__stdout__.close()
""")
        results = self.run_bdd()
        self.assertEqual(results.statuses, {"s": "passed"}, results.printed)

    def test_async_steps(self):
        self.suite("Feature: F\n  Scenario: s\n    Given it waits\n", """
            try: from behave.api.async_step import async_run_until_complete
            except ImportError: from behave.async_step import async_run_until_complete
            import asyncio
            @given("it waits")
            @async_run_until_complete
            async def waits(context): await asyncio.sleep(0.001)
            """.replace("            ", ""))
        if IS_OLD:
            self.skipTest("async steps of behave 1.2.6 need an older Python")
        self.assertEqual(self.run_bdd().code, 0)

    def test_formatters_of_the_user(self):
        self.suite("Feature: F\n  Scenario: s\n    Given it passes\n  @skip\n  Scenario: t\n    Given it passes\n", STEPS, """\
            def before_feature(context, feature): feature.scenarios[1].skip()
            """)
        self.run_bdd(request={"formatters": ["json:behave-{worker}.json"]})
        text = (self.folder / "behave-0.json").read_text()
        self.assertIn('"s"', text)
        self.assertIn('"t"', text)

    def test_a_feature_that_behave_cannot_read_fails_the_run(self):
        self.suite("Feature: F\n  Scenario: s\n    Given it passes\n", STEPS, "def before_feature(context, feature): pass\n")
        self.write("features/b.feature", "Feature: B\n  Scenario: t\n    Given it passes\n      ```\n      text\n      ```\n")
        results = self.run_bdd()
        self.assertEqual((results.code, results.statuses), (1, {"s": "passed", "t": "not run"}), results.printed)
        self.assertIn("`behave reads features/b.feature` (features/b.feature:1) failed", results.printed)
        self.assertIn("ParserError", results.printed)

    def test_steps_may_change_the_directory(self):
        self.suite("Feature: F\n  Scenario: s\n    Given it goes away\n    Then it fails\n", STEPS + """
    @step("it goes away")
    def goes(context):
        import os, tempfile
        os.chdir(tempfile.gettempdir())
""")
        self.write("features/b.feature", "Feature: B\n  Scenario: t\n    Given it passes\n")
        results = self.run_bdd()
        self.assertEqual(results.statuses, {"s": "failed", "t": "passed"}, results.printed)
        self.assertEqual(results.error("AssertionError")["location"]["file"], "features/steps/steps.py")

    def test_markdown_runs_from_the_plan(self):
        self.suite("Feature: F\n  Scenario: s\n    Given it passes\n", STEPS + """
    @step("a table")
    def table(context): assert [row["n"] for row in context.table] == ["1"] and context.feature.name == "M"
""")
        self.write("features/m.feature.md", "# Feature: M\n## Rule: R\n### Scenario: m\n* Given a table\n\n  | n |\n"
                                            "  | - |\n  | 1 |\n* Then it fails\n### Scenario: n\n* Given it passes\n")
        results = self.run_bdd()
        self.assertEqual(results.statuses, {"s": "passed", "m": "failed", "n": "passed"}, results.printed)

    def test_steps_that_cannot_be_loaded_are_shown(self):
        self.suite("Feature: F\n  Scenario: s\n    Given it passes\n", "import no_such_module\n")
        results = self.run_bdd()
        self.assertEqual(results.code, 5)
        self.assertIn("No module named 'no_such_module'", results.printed)
        self.assertNotIn("bdd_behave", results.printed.partition("Traceback")[2])

    def test_the_results_are_those_of_behave(self):
        self.suite("""\
            Feature: F
              Background:
                Given it passes
              Scenario: passes
                Given it passes
              Scenario: fails
                Given it fails
                Then it errs
              Scenario: skips
                Given it skips
              Scenario Outline: o
                Given row <n>
                Examples:
                  | n |
                  | 1 |
                  | 2 |
            """, STEPS)
        results = self.run_bdd()
        places = {}
        for event in results.of("feature_planned"):
            for one in event["feature"]["scenarios"]:
                places[f"{event['feature']['uri']}:{one['location']['line']}"] = results.statuses[results.names[one["index"]]]
        self.assertEqual(places, self.run_behave())
