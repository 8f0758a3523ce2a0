"""behave's configuration for a worker: that of the user, without what bdd does itself."""
import json
import os
import sys

from behave.configuration import Configuration

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
        self.tags = given.get("tags") or []
        self.userdata = {**(given.get("userdata") or {}), **json.loads(environment.get("BDD_USERDATA") or "{}")}

    def configuration(self):
        """The configuration, made by behave itself from its own files and the arguments."""
        data = [f"-D{name}={value}" for name, value in self.userdata.items()]
        config = Configuration([*self.arguments, *data, *self.paths])
        for name in OFF:
            if getattr(config, name, None):
                setattr(config, name, False)
        config.reporters = []
        config.name = config.name_re = None
        name = "tag_expression" if hasattr(config, "tag_expression") else "tags"  # behave 1.2.6
        self.selection = Selection(getattr(config, name), self.tags)
        setattr(config, name, self.selection)
        return config


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
