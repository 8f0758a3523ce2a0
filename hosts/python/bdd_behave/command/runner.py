"""behave's runner for a run that takes place in workers."""
import contextlib
import io
import os
import sys

from behave.formatter import _registry as registry
from behave.model import Scenario, ScenarioOutline, Tag
from behave.runner import Context as BehaveContext
from behave.runner import Runner as BehaveRunner
from behave.runner_util import parse_features

from ..suite.model import Rule, container_items
from . import flags, replay


class CleanupFailed(Exception):
    """A cleanup has failed in a worker, which has printed why."""


class Context(BehaveContext):
    """behave's context, for the loops over features. No code of the suite sees it."""

    def _do_cleanups(self):
        super()._do_cleanups()
        layer = self._stack[0].get("@layer") if self._stack else None
        if self._runner.leaves(layer):
            raise CleanupFailed()


class Runner(BehaveRunner):
    """Takes the results of scenarios and hooks from bdd."""

    results = None

    def __init__(self, config):
        super().__init__(config)
        self.has_aborted = False  # Whether the suite has aborted the run. For behave it is so once everything is shown.
        self._stops = False  # Whether the first failure ends the run. The same applies.
        self._shown = {None}  # The numbers of the scenarios that are shown; None stands for those that bdd does not know.
        self._first = None  # The worker whose hooks before everything are shown.
        self._open = []  # The feature and the rule that run.
        self._numbers = {}  # The numbers of scenarios, by their identity.
        self._bare = []  # The files of features of which only hooks run.
        self._for_workers = []  # The formatters that run in the workers.

    # ------------------------------------------------ before the run

    def run_with_paths(self):
        """Read the features, say to bdd what is to run, and report what it says."""
        locations = [one for one in self.feature_locations() if not self.config.exclude(one)]
        self.features.extend(parse_features(locations, language=self.config.lang))
        selection = self._selection()
        if not selection:
            return self._run_nothing()
        self.context = Context(self)
        self._choose_formatters()
        if any(name.startswith(("steps", "sphinx")) for name in self.config.format):
            with contextlib.redirect_stdout(io.StringIO()):  # The workers load them too, and their output is shown.
                self.load_hooks()
                self.load_step_definitions()
        self.hooks = {}
        self._bare = self._bare_features({one["path"] for one in selection})
        order = [os.path.relpath(feature.filename) for feature in self.features]
        self._stops, self.config.stop = bool(self.config.stop), False
        self.results.ready({**self._said(), "selection": selection}, order, self._bare)
        for feature in self.features:
            for container in containers(feature):
                for scenario in scenarios(container):
                    self._take_over(scenario, self.results.number(os.path.abspath(feature.filename), line(scenario)))
        self.formatters = registry.make_formatters(self.config, self.config.outputs)
        return self.run_model()

    def _run_nothing(self):
        """Run hooks and formatters only: no step is selected, so there is nothing that bdd could do better."""
        runner = BehaveRunner(self.config)
        runner.base_dir = self.base_dir
        return runner.run_with_paths()

    def _choose_formatters(self):
        """Leave formatters of other packages to the workers, if they write to a file: some measure times."""
        names, openers = [], list(self.config.outputs)
        kept = []
        for position, name in enumerate(self.config.format):
            opener = openers[position] if position < len(openers) else None
            own = registry.select_formatter_class(name).__module__.partition(".")[0] == "behave"
            if own or opener is None or not opener.name:
                names.append(name)
                kept.append(opener)
            else:
                self._for_workers.append(f"{name}:{os.path.abspath(opener.name)}")
        self.config.format = names
        self.config.outputs = kept[:len([one for one in kept if one is not None])]

    def _selection(self):
        """The scenarios that behave would run, by file."""
        selection = []
        for feature in self.features:
            every = [scenario for container in containers(feature) for scenario in scenarios(container)]
            chosen = [line(scenario) for scenario in every if scenario.should_run(self.config)]
            if chosen:
                whole = len(chosen) == len(every)
                selection.append({"path": os.path.relpath(feature.filename), "lines": [] if whole else chosen})
        return selection

    def _bare_features(self, selected):
        """The features whose hooks run although none of their scenarios does."""
        bare = [one for one in self.features if os.path.relpath(one.filename) not in selected and one.should_run(self.config)]
        return [os.path.relpath(one.filename) for one in bare]

    def _said(self):
        """What else bdd must know."""
        config = self.config
        of_bdd = config.junit and getattr(config, "junit_style", None) == "bdd"
        if of_bdd:
            config.reporters = [one for one in config.reporters if type(one).__name__ != "JUnitReporter"]
        return {"base": self.base_dir, "paths": [str(path) for path in config.paths],
                "stop": self._stops, "language": config.lang or None, "jobs": flags.jobs(config), "formatters": self._for_workers,
                "junit": config.junit_directory if of_bdd else None}

    def _take_over(self, scenario, number):
        """Let a scenario take its result from bdd."""
        self._numbers[id(scenario)] = number
        run = scenario.run
        scenario.run = lambda _runner: self._show_scenario(scenario, number, run)

    # ------------------------------------------------ scenarios

    def _show_scenario(self, scenario, number, run):
        failed = self._run_scenario(scenario, number, run)
        self._shown.add(number)
        if self.has_aborted or failed and self._stops:
            self._end_early()
        return failed

    def _end_early(self):
        """Let behave leave its loops, unless scenarios follow that have run beside those that are shown."""
        self.results.wait_for_end()
        if not self.results.has_run_others(self._shown):
            self.aborted, self.config.stop = self.has_aborted, self._stops

    def _run_scenario(self, scenario, number, run):
        if number is None and scenario.should_run(self.config):
            why = self.results.unparsed.get(os.path.abspath(scenario.filename))
            message = f"bdd cannot read this file: {why}" if why else "bdd does not find this scenario in the file"
            problem = {"kind": "Error", "message": message, "trace": ""}
            return replay.Lost(scenario, {"status": "failed", "steps": [], "error": problem}, self).run()
        if number is None or scenario.should_skip:
            return run(self)
        ended = self.results.of(number)
        self._add(self._open[0]["entity"] if self._open else scenario.feature)
        if ended is None or ended["status"] == "not_run":
            # It stays untested. After an abort behave shows it.
            return run(self) if self.aborted else False
        notes = self.results.notes(number)
        if notes is not None:
            failed = replay.Replay(scenario, notes, self).run()
            if notes["feature_is_skipped"]:
                for rule in containers(scenario.feature)[1:]:
                    rule.should_skip = True  # The hooks of rules that follow do not run.
            return failed
        if ended["status"] == "skipped":
            scenario.mark_skipped()
            return run(self)
        return replay.Lost(scenario, ended, self).run()

    def _add(self, feature):
        """Add the scenarios that hooks in workers have added."""
        for said in self.results.take_added(os.path.abspath(feature.filename)):
            container = next((one for one in containers(feature) if one.line == said["rule"]), feature)
            if said["row"]:
                self._add_row(feature, said)
                continue
            tags = [Tag(tag.lstrip("@"), said["line"]) for tag in said["tags"] if tag.lstrip("@") not in feature.tags]
            scenario = Scenario(feature.filename, said["line"], said["keyword"], said["name"], tags)
            container.add_scenario(scenario)
            scenario.feature = feature
            self._take_over(scenario, said["scenario"])

    def _add_row(self, feature, said):
        row = said["row"]
        outlines = (item for container in containers(feature) for item in container_items(container)
                    if isinstance(item, ScenarioOutline) and item.line == row["outline"])
        for outline in outlines:
            for examples in outline.examples:
                if examples.table is not None and examples.name == row["examples"]:
                    numbers = {id(one._row): self._numbers.get(id(one)) for one in outline.scenarios}
                    examples.table.add_row(row["cells"], said["line"])
                    numbers[id(examples.table.rows[-1])] = said["scenario"]
                    outline._scenarios = []  # Both versions build them anew.
                    for scenario in outline.scenarios:
                        self._take_over(scenario, numbers.get(id(scenario._row)))
                    return

    # ------------------------------------------------ hooks

    def run_hook(self, name, *args):
        """Do what a hook has done in a worker."""
        entity = args[-1] if args else None
        if name == "before_all":
            self._begin()
        elif name == "after_all":
            self._end()
        elif name in ("before_feature", "before_rule"):
            self._enter(entity)
        elif name in ("after_feature", "after_rule"):
            self._close(entity)
        return True

    def run_hook_with_capture(self, name, *args, **_capture):
        """The same in behave 1.3, whose workers have captured already."""
        return self.run_hook(name, *args)

    def run_hook_tags_with_capture(self, _name, _tags, capture_sink=None):
        """The hooks of tags belong to those of the feature or rule."""
        return True

    def _begin(self):
        notes = self.results.first_worker()
        if notes is None:
            if self.results.end and self.results.end["is_problem"]:
                sys.exit(1)  # bdd says why no worker could begin.
            return
        self._first = notes["process"]
        printed(notes["before"])
        self._count(notes["begun"])
        if self.has_aborted:
            self._end_early()

    def _end(self):
        self.results.wait_for_end()
        workers = self.results.workers()
        # All workers print the same, unless something fails in one of them.
        for notes in workers:
            if notes["process"] != self._first:
                if notes["begun"]["hook_failures"]:
                    printed(notes["before"])
                self._count(notes["begun"])
        for number, notes in enumerate(one for one in workers if one["ended"]):
            if not number or notes["ended"]["hook_failures"] or notes["cleanup_failed"]:
                printed(notes["after"])
            self._count(notes["ended"])
        self.aborted = self.has_aborted or bool(self.results.end.get("is_cut_off"))

    def _count(self, state):
        """Take over how the hooks of a worker before or after everything have ended."""
        self.hook_failures += state["hook_failures"]
        self.has_aborted |= state["aborted"]

    def _enter(self, entity):
        found = self._opened(entity)
        self._open.append({"entity": entity, "cleanup_failed": False, "is_closed": False, "runs": bool(found)})
        for number, notes in enumerate(found):
            if not number:
                printed(notes["before"])
            self._set(entity, notes["opened"])
            if notes["opened"]["should_skip"] and not entity.should_skip:
                entity.mark_skipped()
                entity.skip_reason = notes["opened"]["skip_reason"]
        self._add(self._open[0]["entity"])

    def _opened(self, entity):
        """The notes about a feature or rule that opens; none if no worker opens it."""
        numbers = self._numbers_of(entity)
        runs = numbers or os.path.relpath(entity.filename) in self._bare
        return self.results.opened(*name_of(entity), numbers) if runs else []

    def _set(self, entity, state):
        has_failed = entity.hook_failed
        replay.set_errors(entity, state)
        entity.hook_failed |= has_failed
        self.hook_failures += state["hook_failures"]

    def _close(self, entity):
        opened = self._open[-1]
        opened["is_closed"] = True
        for notes in self.results.closed(*name_of(entity)) if opened["runs"] else ():
            if notes["closed"]:
                self._set(entity, notes["closed"])
                if notes["closed"]["should_skip"]:  # Each of its scenarios has its own result already.
                    entity.should_skip, entity.skip_reason = True, notes["closed"]["skip_reason"]
            printed(notes["after"])
            opened["cleanup_failed"] |= notes["cleanup_failed"]

    def leaves(self, layer):
        """A layer of the context ends. Returns whether a cleanup has failed."""
        if layer in ("feature", "rule") and self._open and self._open[-1]["is_closed"]:
            return self._open.pop()["cleanup_failed"]
        if layer == "testrun":
            return any(notes["cleanup_failed"] for notes in self.results.workers())
        return False

    def _numbers_of(self, entity):
        path = os.path.abspath(entity.filename)
        numbers = (self.results.number(path, line(scenario)) for one in containers(entity) for scenario in scenarios(one))
        return [number for number in numbers if number is not None]


def make_runner(results):
    """The class of the runner. behave makes the object by itself, and prints the name of the class."""
    attributes = {"results": results, "__module__": BehaveRunner.__module__}
    return type(BehaveRunner.__name__, (Runner,), attributes)


def printed(part):
    """Print what was printed in a worker."""
    for kind, text in part:
        replay.print_text(kind, text)


def containers(entity):
    """A feature and its rules, or a rule."""
    return [entity, *(item for item in container_items(entity) if isinstance(item, Rule))]


def scenarios(container):
    """The scenarios and rows of a feature or rule, without those of the rules in it."""
    for item in container_items(container):
        if isinstance(item, ScenarioOutline):
            yield from item.scenarios
        elif not isinstance(item, Rule):
            yield item


def line(scenario):
    """The line by which bdd knows a scenario."""
    return scenario.line if scenario._row is None else scenario._row.line


def name_of(entity):
    """How the notes of workers name a feature or rule."""
    return os.path.relpath(entity.filename), entity.line if isinstance(entity, Rule) else None
