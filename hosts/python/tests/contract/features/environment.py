"""Notes each call, with what the hook can see, so that two runners can be compared line by line."""
import os
import sys

from behave import fixture, use_fixture
from behave.contrib.scenario_autoretry import patch_scenario_with_autoretry
from behave.fixture import use_fixture_by_tag
from behave.model_core import Status
from behave.tag_matcher import ActiveTagMatcher

try:
    from behave.fixture import fixture_call_params, use_composite_fixture_with
except ImportError:
    from behave.fixture import use_composite_fixture_with, fixture_call_params


def note(context, *words):
    text = " ".join(str(word) for word in words)
    with open(os.path.join(context.notes, "notes.txt"), "a", encoding="utf-8") as file:
        file.write(text + "\n")


# ---------------------------------------------------------------- fixtures

@fixture
def plate(context, colour="white"):
    note(context, "plate comes", colour)
    context.plate = colour
    yield colour
    note(context, "plate goes", colour)


@fixture
def cup(context):
    note(context, "cup comes")
    context.cup = "cup"
    return "cup"


@fixture
def broken(context):
    note(context, "broken comes")
    raise LookupError("the fixture broke")
    yield


@fixture
def breaks_later(context):
    yield
    raise LookupError("the fixture broke later")


@fixture
def table(context):
    return use_composite_fixture_with(context, [fixture_call_params(plate, colour="blue"), fixture_call_params(cup)])


FIXTURES = {"fixture.plate": plate, "fixture.red": fixture_call_params(plate, colour="red"), "fixture.cup": cup,
            "fixture.broken": broken, "fixture.breaks_later": breaks_later, "fixture.table": table}
ACTIVE = ActiveTagMatcher({"season": "summer", "size": "3"})


# ---------------------------------------------------------------- hooks

def before_all(context):
    context.notes = os.getcwd()
    context.level = "all"
    context.config.setup_logging()
    note(context, "before_all", sorted(context.config.userdata.items()), context.config.userdata.getint("size"))
    context.add_cleanup(note, context, "cleanup of the run")


def after_all(context):
    note(context, "after_all", context.level, context.failed, hasattr(context, "feature_level"))


def before_feature(context, feature):
    note(context, "before_feature", feature.name, feature.status.name, sorted(feature.tags), feature.language)
    context.feature_level = feature.name
    context.level = "feature"
    if ACTIVE.should_exclude_with(feature.tags):
        feature.skip(reason=ACTIVE.exclude_reason)
    if "mark_feature" in feature.tags:
        feature.mark_skipped()
    if "mark_some" in feature.tags:
        for scenario in feature.walk_scenarios():
            if "some" in scenario.effective_tags:
                scenario.mark_skipped()
    if "hook_fails" in feature.tags:
        raise RuntimeError("before_feature broke")
    if "more_rows" in feature.tags:
        for outline in feature.walk_scenarios(with_outlines=True):
            if outline.type == "scenario_outline" and outline.examples:
                outline.examples[0].table.add_row(["3", "three"])
    if "autoretry" in feature.tags:
        for scenario in feature.walk_scenarios():
            patch_scenario_with_autoretry(scenario, max_attempts=3)
    if "feature_cleanup" in feature.tags:
        context.add_cleanup(note, context, "cleanup of the feature", feature.name)


def after_feature(context, feature):
    note(context, "after_feature", feature.name, feature.status.name, context.level, "cup" in context)
    if "after_fails" in feature.tags:
        raise RuntimeError("after_feature broke")


def before_rule(context, rule):
    note(context, "before_rule", rule.name, sorted(rule.tags), context.rule.name)
    context.level = "rule"
    if "skip_rule" in rule.tags:
        rule.skip("not this rule")
    if "rule_fails" in rule.tags:
        raise RuntimeError("before_rule broke")


def after_rule(context, rule):
    note(context, "after_rule", rule.name, rule.status.name, context.level)


def before_scenario(context, scenario):
    context.level = "scenario"
    row = context.active_outline
    note(context, "before_scenario", scenario.name, sorted(scenario.effective_tags), sorted(context.tags),
         list(row.items()) if row is not None else None)
    if ACTIVE.should_exclude_with(scenario.effective_tags):
        scenario.skip(ACTIVE.exclude_reason)
    if "goes_on" in scenario.tags:
        scenario.continue_after_failed_step = True
    if "no_background" in scenario.tags:
        scenario.use_background = False
    if "before_fails" in scenario.tags:
        raise RuntimeError("before_scenario broke")
    if "before_asserts" in scenario.tags:
        assert False, "before_scenario asserts"
    if "skipped" in scenario.tags:
        scenario.skip("a hook says so")
    if "cleanup_order" in scenario.tags:
        context.add_cleanup(note, context, "first cleanup", layer="scenario")
        context.add_cleanup(lambda: note(context, "second cleanup"))
    if "quiet_cleanup" in scenario.tags:
        context.on_cleanup_error = lambda *_: note(context, "a cleanup failed")


def after_scenario(context, scenario):
    note(context, "after_scenario", scenario.name, scenario.status.name, context.level, context.failed,
         [step.status.name for step in scenario.all_steps])
    if "after_fails" in scenario.tags:
        raise RuntimeError("after_scenario broke")
    if "after_skips" in scenario.tags:
        scenario.skip("too late")


def before_tag(context, tag):
    note(context, "before_tag", tag)
    if tag.startswith("fixture."):
        use_fixture_by_tag(tag, context, FIXTURES)
    if tag == "tag_fails":
        raise RuntimeError("before_tag broke")
    if tag == "tag_skips":
        context.scenario.skip("by its tag")


def after_tag(context, tag):
    note(context, "after_tag", tag)
    if tag == "after_tag_fails":
        raise RuntimeError("after_tag broke")


def before_step(context, step):
    note(context, "before_step", step.step_type, step.keyword, step.name, step.status.name)
    if "step_hook_fails" in context.tags and "counts" in step.name:
        raise RuntimeError("before_step broke")
    if "skip_at_step" in context.tags and "counts" in step.name:
        context.scenario.skip("before a step")


def after_step(context, step):
    note(context, "after_step", step.name, step.status.name, type(step.exception).__name__)
    if "after_step_fails" in context.tags and "counts" in step.name:
        raise RuntimeError("after_step broke")
    if "skip_after_step" in context.tags and "counts" in step.name:
        context.scenario.skip("after a step")
