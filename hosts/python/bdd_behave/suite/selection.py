"""The tags that select scenarios, and what they leave out.

bdd selects, and sends nothing else. But behave runs what is left out past its formatters, and some of them, such as that of
Allure, write results for it. So behave does that here too.
"""
import contextlib
import hashlib
import os

from behave import tag_expression


class Selection:
    """A tag expression that selects everything, because bdd has selected. For the suite it is the user's."""

    def __init__(self, configured, texts, is_whole=False):
        # For `bdd behave`, what is configured has all tags of the command line.
        own = expression(texts) if texts else configured if is_whole else None
        self._real = own if own is not None else configured
        self._own = own
        self._answer = True

    def check(self, tags):
        """Whether something with these tags runs."""
        return self._answer

    evaluate = check

    def leaves_out(self, entity):
        """Whether the tags select no scenario of a feature or rule, or not this scenario."""
        if self._own is None:
            return False
        scenarios = entity.walk_scenarios() if hasattr(entity, "walk_scenarios") else [entity]
        return not any(scenario.should_run_with_tags(self._own) for scenario in scenarios)

    @contextlib.contextmanager
    def selecting_nothing(self):
        """Let behave run something as it runs what is not selected."""
        self._answer = False
        try:
            yield
        finally:
            self._answer = True

    def __getattr__(self, name):
        return getattr(self._real, name)

    def __str__(self):
        return str(self._real)

    def __len__(self):
        return len(self._real) if hasattr(self._real, "__len__") else 1


def expression(texts):
    """behave's object for expressions in the standard form; None if behave 1.2.6 has no form for one of them."""
    if hasattr(tag_expression, "TagExpressionProtocol"):
        return tag_expression.TagExpressionProtocol.V2.parse(" and ".join(f"( {text} )" for text in texts))
    old = [old_form(text) for text in texts]
    return None if None in old else tag_expression.TagExpression(old)


def old_form(text):
    """An expression in the form of behave 1.2.6: alternatives of tags that may be negated."""
    words = text.split()
    while len(words) > 2 and (words[0], words[-1]) == ("(", ")"):
        words = words[1:-1]
    alternatives = " ".join(words).replace("not ( ", "-").replace(" )", "").split(" or ")
    if any(mark in one for one in alternatives for mark in " ()*?["):
        return None
    return ",".join(alternatives)


class LeftOut:
    """What the tags leave out of the features. Each is for one worker, although several may run a feature."""

    def __init__(self, selection, socket):
        self._selection = selection
        self._folder = os.path.dirname(socket)  # Of this run alone.

    def claim(self, what):
        """Whether this worker is the first that asks for it."""
        name = f"left-out-{hashlib.sha256(what.encode()).hexdigest()[:32]}"
        try:
            os.close(os.open(os.path.join(self._folder, name), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except OSError:
            return False
        return True

    def among(self, entities):
        """Those of which nothing is selected."""
        return [entity for entity in entities if self._selection.leaves_out(entity)]

    def selecting_nothing(self):
        """Let behave run what is left out, past the formatters."""
        return self._selection.selecting_nothing()


class LeftOutRun:
    """A rule or scenario that is left out, as a run item."""

    def __init__(self, left_out, entity):
        self._left_out = left_out
        self._entity = entity

    def run(self, runner):
        """Called by behave."""
        with self._left_out.selecting_nothing():
            return self._entity.run(runner)
