"""behave's model of a feature: which of its scenarios bdd has planned, which hooks have added or removed."""
import sys

import behave.model
from behave.model import ScenarioOutline

try:
    from behave.model import Rule
except ImportError:
    class Rule:
        """behave 1.2.6 has no rules."""

# The list of a container that its `run` loops over.
ITEMS = "run_items" if hasattr(behave.model, "Rule") else "scenarios"


class Fed(list):
    """The run items of a feature or rule. `run` gets those that bdd sends, and everybody else gets all."""

    def __init__(self, items, feed):
        super().__init__(items)
        self._feed = feed

    def __iter__(self):
        caller = sys._getframe(1).f_code
        if caller.co_name == "run" and caller.co_filename == behave.model.__file__:
            return self._feed()
        return super().__iter__()


class FeatureModel:
    """A feature of behave with its scenarios by line.

    Rows of examples are known by the objects of their table. behave builds their scenarios late, so that hooks can add
    rows before.
    """

    def __init__(self, uri, feature, feed):
        self.uri = uri
        self.feature = feature
        self.rules = {}
        self._lines = {}  # Of what the file has: by the identity of the scenario or row.
        self._kept = []  # Keeps these objects alive, because their identities are used.
        self._removed = set()
        self._by_line = {}
        self._outlines = {}  # By the identity of the scenario.
        for container in self._containers():
            for item in container_items(container):
                self._register(item)
        self._feed = feed
        self.feed()

    def _register(self, item):
        """Note that the file has a run item."""
        for line, key in self._planned(item):
            self._lines[id(key)] = line
            self._kept.append(key)

    def prepare(self, planned):
        """A scenario is about to run. The file has it already."""

    def feed(self):
        """Feed the lists of run items, unless they are fed already: hooks may replace them."""
        for container in self._containers():
            if not isinstance(getattr(container, ITEMS), Fed):
                setattr(container, ITEMS, Fed(container_items(container), lambda one=container: self._feed(one)))

    def _containers(self):
        yield self.feature
        for item in container_items(self.feature):
            if isinstance(item, Rule):
                self.rules[item.line] = item
                yield item

    @staticmethod
    def _planned(item):
        if isinstance(item, ScenarioOutline):
            for examples in item.examples:
                for row in examples.table.rows if examples.table is not None else []:
                    yield row.line, row
        elif not isinstance(item, Rule):
            yield item.line, item

    def look(self):
        """Find all scenarios as they are now. Returns those that the file does not have, with their rules."""
        self._by_line, self._outlines, added = {}, {}, []
        for rule, scenario, item in self._all():
            if item is not scenario:
                self._outlines[id(scenario)] = item
            line = self._lines.get(id(scenario if scenario._row is None else scenario._row))
            if line is None:
                added.append((rule, scenario))
            else:
                self._by_line[line] = scenario
        return added

    def scenarios(self):
        """All scenarios, each with its rule or None."""
        return ((rule, scenario) for rule, scenario, _ in self._all())

    def _all(self):
        """All scenarios, each with its rule or None and the item of that which it belongs to."""
        for item in container_items(self.feature):
            rule, items = (item, container_items(item)) if isinstance(item, Rule) else (None, [item])
            for inner in items:
                yield from ((rule, scenario, inner) for scenario in flat(inner))

    def units(self, container):
        """What runs in a feature or rule: rules and scenarios, with the rows of outlines."""
        items = container_items(container)
        return [one for item in items for one in ([item] if isinstance(item, Rule) else flat(item))]

    def outline(self, scenario):
        """The outline that a scenario is a row of, or None."""
        return self._outlines.get(id(scenario))

    def scenario(self, line):
        """The scenario in a line, or None if it was removed."""
        return self._by_line.get(line)

    def has_line(self, line):
        """Whether the file has a scenario or row in a line."""
        return line in self._lines.values()


def container_items(container):
    """The run items of a feature or rule."""
    return list(getattr(container, ITEMS))


def flat(item):
    """The scenarios of a run item."""
    return item.scenarios if isinstance(item, ScenarioOutline) else [item]


# ---------------------------------------------------------------- what steps and scenarios say

def content(step, file=None):
    """A step as bdd shows it."""
    said = {"keyword": step.keyword.strip(), "text": step.name, "line": step.line or 0}
    if file:
        said["file"] = file
    if step.table is not None:
        said["table"] = rows(step.table)
    if step.text is not None:
        said["docstring"] = {"content": str(step.text)}
    return said


def rows(table):
    """A table with its headings as the first row."""
    return [[str(cell) for cell in table.headings]] + [[str(cell) for cell in row.cells] for row in table.rows]


def differs(step, planned):
    """Whether a step is not what bdd has planned."""
    text = planned["text"]
    same_text = step.name == text or step.name == text.rstrip(":") or " ".join(step.name.split()) == " ".join(text.split())
    table = rows(step.table) if step.table is not None else None
    docstring = (planned.get("docstring") or {}).get("content")
    text_below = str(step.text) if step.text is not None else None
    return not same_text or table != planned.get("table") or (text_below or "").split() != (docstring or "").split()


def added_message(uri, rule, scenario):
    """What the message that adds a scenario to the plan says of it."""
    message = {"feature": uri, "name": scenario.name, "line": scenario.line or 0,
               "tags": [f"@{tag}" for tag in scenario.tags], "steps": [content(step, uri) for step in scenario.all_steps]}
    if rule is not None:
        message["rule"] = rule.line
    outline, examples = outline_of(scenario)
    if outline is not None:
        row = scenario._row
        message["outline"] = {"name": outline.name, "line": outline.line, "examples": examples.name or "",
                              "header": [str(cell) for cell in row.headings]}
        message["row"] = [str(cell) for cell in row.cells]
        message["name"] = behave.model.ScenarioOutlineBuilder.render_template(outline.name, row)
    return message


def outline_of(scenario):
    """The outline and the examples that a scenario is a row of."""
    if scenario._row is None or scenario.feature is None:
        return None, None
    parents = [scenario.feature, *(item for item in container_items(scenario.feature) if isinstance(item, Rule))]
    for container in parents:
        for item in container_items(container):
            if isinstance(item, ScenarioOutline):
                for examples in item.examples:
                    if examples.table is not None and any(row is scenario._row for row in examples.table.rows):
                        return item, examples
    return None, None
