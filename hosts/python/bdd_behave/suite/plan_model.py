"""A model for features that behave cannot read from a file, such as Markdown: made from what bdd sends."""
import behave.model
from behave import parser
from behave.model import Feature, Scenario, Step, Table, Tag, Text

from . import model


class PlanModel(model.FeatureModel):
    """Grows with the scenarios that come. It has no scenarios that do not run."""

    def __init__(self, uri, info, feed, keyword_of):
        self._info = info
        self._keyword_of = keyword_of  # The keyword of a definition.
        feature = Feature(uri, info.get("line", 0), "Feature", info["name"], tags_of(info["tags"]), language="en")
        feature.parser = parser.Parser()
        super().__init__(uri, feature, feed)

    def prepare(self, planned):
        """Add what comes to the feature."""
        if self.has_line(planned["line"]):
            return
        container, rule = self.feature, planned.get("rule")
        inherited = set(self._info["tags"])
        if rule and hasattr(behave.model, "Rule"):
            inherited |= set(rule["tags"])
            container = self.rules.get(rule["line"]) or self._add_rule(rule)
        own = [tag for tag in planned["tags"] if tag not in inherited]
        steps = [self._step(step) for step in planned["steps"]]
        scenario = Scenario(self.uri, planned["line"], "Scenario", planned["name"], tags_of(own), steps)
        scenario.feature = self.feature
        container.add_scenario(scenario)
        self._register(scenario)
        self.look()

    def _add_rule(self, rule):
        own = [tag for tag in rule["tags"] if tag not in self._info["tags"]]
        made = behave.model.Rule(self.uri, rule["line"], "Rule", rule["name"], tags_of(own))
        self.feature.add_rule(made)
        self.feed()
        return made

    def _step(self, step):
        kind = self._keyword_of(step["definition"])
        table = step.get("table")
        if table:
            made = Table(table[0], line=step["line"])
            for row in table[1:]:
                made.add_row(row)
            table = made
        docstring = step.get("docstring")
        text = Text(docstring["content"], docstring.get("media_type") or "text/plain", step["line"]) if docstring else None
        return Step(self.uri, step["line"], step.get("keyword") or "Given", "given" if kind == "step" else kind,
                    step["text"], text, table)


def tags_of(names):
    """Tags as behave writes them."""
    return [Tag(name.lstrip("@"), 0) for name in names]
