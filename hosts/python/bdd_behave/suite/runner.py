"""behave's runner, context and formatter, with taps that tell the host what behave does."""
import sys

from behave.formatter.base import Formatter
from behave.runner import Context as BehaveContext
from behave.runner import Runner as BehaveRunner

from ..protocol import output


class Context(BehaveContext):
    """behave's context. It tells the host of cleanups that fail, which behave itself only prints."""

    def __init__(self, runner):
        super().__init__(runner)
        self._host = runner.host

    def _push(self, *args, **named):
        layer = (args + tuple(named.values()) + (None,))[0]
        if layer == "scenario":
            self._host.scenario_begins()
        super()._push(*args, **named)

    def _do_cleanups(self):
        layer = self._stack[0].get("@layer") if self._stack else None
        if self._stack and self._stack[0].get("@cleanups"):
            self._host.reports.flush()  # This is code of the suite which belongs to no hook.
        try:
            super()._do_cleanups()
        except Exception as problem:
            self._host.cleanup_failed(layer, problem)
            raise
        finally:
            output.restore()
            if layer == "testrun":
                self._host.recorder.run_ends()  # behave prints its own last words after this.

    def abort(self, reason=None):
        """Abort the run. behave 1.2.6 does not have this method."""
        self._host.abort_reason = self._host.abort_reason or reason
        if hasattr(BehaveContext, "abort"):
            super().abort(reason)
        else:
            self._set_root_attribute("aborted", True)


class Runner(BehaveRunner):
    """behave's runner. It tells the host of each hook, and parses features only when the suite looks at them."""

    def __init__(self, config, host):
        self.host = host
        self._features = None
        super().__init__(config)
        self.path_manager.__enter__()

    @property
    def features(self):
        """All features. Hooks may look at them and change them before they run."""
        if self._features is None:
            self._features = self.host.all_features()
        return self._features

    @features.setter
    def features(self, features):
        # behave sets an empty list when it makes the runner.
        self._features = features or None

    def looked_at_features(self):
        """The features if the suite has looked at them, else None."""
        return self._features

    def find_base(self, base):
        """Let behave find the folder with the steps, and put it in the path."""
        paths, self.config.paths = self.config.paths, [base]
        try:
            self.setup_paths()
        finally:
            self.config.paths = paths

    def run_hook(self, name, *args):
        """Run a hook of the suite, or notice that a step begins or has ended."""
        entity = args[-1] if args else None
        if name == "before_step":
            self.host.step_begins(entity)
        elif name == "after_step":
            self.host.step_code_ended(entity)
        try:
            if not self.should_run(name):
                return super().run_hook(name, *args)
            return self._watched(name, entity, args)
        finally:
            if name == "before_step":
                self.host.step_code_begins()
            elif name == "after_step":
                self.host.step_hooks_ended(entity)

    def should_run(self, name):
        """Whether the suite has this hook."""
        return name in self.hooks and not self.config.dry_run

    def _watched(self, name, entity, args):
        function = self.hooks[name]
        running = self.host.hook_begins(name, entity, function)
        if running is None:
            return super().run_hook(name, *args)
        problems = []

        def watched(*values):
            running.enter()
            try:
                result = function(*values)
                running.leave()
                return result
            except BaseException as problem:
                running.leave()
                problems.append(problem)
                raise

        self.hooks[name] = watched
        try:
            return super().run_hook(name, *args)
        finally:
            if self.hooks.get(name) is watched:
                self.hooks[name] = function
            self.host.hook_ended(running, problems[0] if problems else None)


class Tap(Formatter):
    """Gets the results of steps and attachments."""

    name = "bdd"
    description = "reports to bdd"

    def __init__(self, host):  # The formatter has no stream, so behave's own constructor is not called.
        self.host = host

    def result(self, step):
        """A step that is not inside another has ended."""
        self.host.step_ended(step)

    def embedding(self, mime_type, data, *_caption):
        """The suite attaches something."""
        if not self.host.reports.attach(mime_type, data):
            print(f"an attachment of the type {mime_type} is not in the report: no step or hook was running",
                  file=sys.__stderr__)

    def _ignored(self, *_args):
        """What the host knows from elsewhere."""

    uri = feature = background = rule = scenario = step = match = eof = close = _ignored
