"""behave's configuration for a worker: that of the user, without what bdd does itself."""
import contextlib
import json
import os
import sys

from behave.configuration import Configuration

from ..command import flags
from .selection import Selection

# What bdd does, or what would end or change a run that bdd controls.
OFF = ("dry_run", "stop", "junit", "show_timings", "summary", "steps_catalog", "wip")


class Request:
    """What bdd asks of the host, from the variable `BDD_BEHAVE`."""

    def __init__(self, environment):
        given = json.loads(environment.get("BDD_BEHAVE") or "{}")
        self.base = os.path.abspath(given.get("base") or "features")
        self.paths = given.get("paths") or [self.base]
        self.formatters = given.get("formatters") or []
        self.arguments = given.get("arguments") or []
        self.notes = given.get("notes")  # The folder for what `bdd behave` shows.
        self._selects = {}  # The attributes of the configuration that select, as the user wants them.
        self.tags = given.get("tags") or []
        self.userdata = {**(given.get("userdata") or {}), **json.loads(environment.get("BDD_USERDATA") or "{}")}

    def shown_arguments(self):
        """The arguments as a user of behave would give them."""
        return self.arguments if self.notes else self.paths

    def configuration(self):
        """The configuration, made by behave itself from its own files and the arguments."""
        data = [f"-D{name}={value}" for name, value in self.userdata.items()]
        if self.notes:
            flags.extend()  # `bdd behave` passes its own command line.
            config = Configuration([*data, *self.arguments])
        else:
            config = Configuration([*self.arguments, *data, *self.paths])
        for name in OFF:
            # With `junit` behave keeps the output of scenarios that pass, too.
            if getattr(config, name, None) and not (self.notes and name == "junit"):
                setattr(config, name, False)
        config.reporters = []
        config.format = config.format or [config.default_format]  # As behave's command does. Suites look at it.
        attribute = "tag_expression" if hasattr(config, "tag_expression") else "tags"  # behave 1.2.6
        self._selects = {attribute: getattr(config, attribute), "name": config.name, "name_re": config.name_re}
        config.name = config.name_re = None
        self.selection = Selection(self._selects[attribute], self.tags, is_whole=bool(self.notes))
        setattr(config, attribute, self.selection)
        return config

    @contextlib.contextmanager
    def selecting(self, config):
        """Let behave select by itself."""
        ours = {name: getattr(config, name) for name in self._selects}
        vars(config).update(self._selects)
        try:
            yield
        finally:
            vars(config).update(ours)


def formatters(config, wanted):
    """The user's formatters: `NAME`, `NAME:FILE`, `MODULE:CLASS` or `MODULE:CLASS:FILE`."""
    from behave.formatter import _registry as registry
    from behave.formatter.base import StreamOpener
    names, openers = [], []
    for one in wanted:
        # behave registers its own formatters and those that its configuration files name.
        name, file = split(one, registry._formatter_registry.__contains__)
        names.append(name)
        file = file.replace("{worker}", os.environ.get("BDD_WORKER_INDEX", "0"))
        openers.append(StreamOpener(file) if file else StreamOpener(stream=sys.stdout))
    if not names:
        return []
    config.format, config.outputs = names, openers
    return registry.make_formatters(config, openers)


def split(text, is_name):
    """The name of a formatter and its file."""
    first, colon, rest = text.partition(":")
    if not colon or is_name(first):
        return first, rest
    second, _, file = rest.partition(":")
    return f"{first}:{second}", file
