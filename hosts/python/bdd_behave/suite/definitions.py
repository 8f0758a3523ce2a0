"""The step definitions of a suite, and which of them matches."""
from behave import parser

from ..protocol import places

KEYWORDS = ("given", "when", "then", "step")

# behave 1.2.6 always removes the colon before a table or text; later versions only if the class says so.
DROPS_COLON = getattr(parser.Parser, "STRIP_STEPS_WITH_TRAILING_COLON", not hasattr(parser.Parser, "parse_rule"))


class Definitions:
    """The definitions in the registry, with the numbers that bdd knows them by."""

    def __init__(self, registry):
        self._registry = registry
        self._all = [(keyword, matcher) for keyword in KEYWORDS for matcher in registry.steps[keyword]]
        self._numbers = {id(matcher): number for number, (_, matcher) in enumerate(self._all)}
        self._search = registry.find_match
        self._found = {}  # The definition of each text that was searched for, by the keyword of the step and the text.

    def described(self):
        """The definitions as in `hello`."""
        return [described(number, keyword, matcher) for number, (keyword, matcher) in enumerate(self._all)]

    def keyword(self, number):
        """The keyword of a definition."""
        return self._all[number][0]

    def remember(self):
        """Let behave ask only the right definition for a text that it has searched for before.

        bdd has every text matched before it runs, and suites repeat their steps. With the outbox, this took a third from the
        processor time of python-docx (4.6 s instead of 6.7 s, behave itself 4.8 s).
        """
        self._registry.find_match = self._find

    def _find(self, step):
        known = self._found.get((step.step_type, step.name)) if self._count() == len(self._all) else None
        match = known.match(step.name) if known is not None else None
        if match:
            return match
        match = self._search(step)
        if match:
            same = (one for one in self._candidates(step.step_type) if one.func is match.func)
            self._found[step.step_type, step.name] = next((one for one in same if one.match(step.name)), None)
        return match

    def _count(self):
        return sum(len(self._registry.steps[keyword]) for keyword in KEYWORDS)

    def _candidates(self, keyword):
        return [one for kind in dict.fromkeys((keyword, "step")) for one in self._registry.steps[kind]]

    def answer(self, question):
        """For each text of a `match`, the definition that behave takes: it knows no ambiguous steps."""
        texts = question["texts"]
        keywords = question.get("keywords") or ["step"] * len(texts)
        below = question.get("below") or ["none"] * len(texts)
        return [self._matches(*one) for one in zip(texts, keywords, below)]

    def _matches(self, text, keyword, below):
        if DROPS_COLON and below != "none" and text.endswith(":"):
            text = text[:-1]
        # behave knows the keyword that a `*` stands for only from the steps before it.
        kinds = KEYWORDS if keyword == "step" else (keyword, "step")
        for kind in kinds:
            for matcher in self._registry.steps[kind]:
                match = matcher.match(text)
                if match:
                    number = self._numbers.get(id(matcher))
                    if number is None:
                        continue  # It was added after `hello`.
                    if keyword != "step":
                        self._found[keyword, text] = matcher
                    return [{"definition": number, "arguments": groups(text, match.arguments or [])}]
        return []


def described(number, keyword, matcher):
    """A definition as in `hello`."""
    function = matcher.func
    place = matcher.location
    return {"id": number, "keyword": keyword, "kind": "behave", "pattern": str(matcher.pattern),
            "file": places.shown(str(place.filename)), "line": place.line or 0,
            "function": getattr(function, "__name__", type(function).__name__),
            "doc": (getattr(function, "__doc__", None) or "").strip(), "whole_feature": True}


def groups(text, arguments):
    """The arguments of a match as groups of the protocol: those inside others as children."""
    result, around = [], []
    for argument in arguments:
        start, end = argument.start, argument.end
        group = {"start": 0, "end": 0}
        if isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= len(text) \
                and argument.original is not None:
            group = {"value": text[start:end], "start": utf16(text[:start]), "end": utf16(text[:end])}
            while around and not (around[-1][0] <= start and end <= around[-1][1]):
                around.pop()
            (around[-1][2].setdefault("children", []) if around else result).append(group)
            around.append((start, end, group))
        else:
            result.append(group)
    return result


def utf16(text):
    """The length of a text in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
