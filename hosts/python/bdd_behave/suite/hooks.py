"""The hooks of a suite: those that `hello` lists, and those that are known only when they run."""
from ..protocol import places

LEVELS = ("feature", "rule", "scenario")
DECLARED = ["before_all", "after_all"] + [f"{when}_{level}" for level in LEVELS for when in ("before", "after")]


class Hooks:
    """Numbers the hooks. Hooks of tags and of steps are added when they run: behave decides when that is."""

    def __init__(self, runner, environment_file):
        self._file = places.shown(environment_file)
        self._declared = {}
        self._added = {}
        for name in DECLARED:
            if name in runner.hooks:
                number = len(self._declared)
                self._declared[name] = {"id": number, "kind": name, "name": name, "tags": "", "order": 0,
                                        **self._place(runner.hooks[name])}

    def described(self):
        """The hooks as in `hello`."""
        return list(self._declared.values())

    def of_file(self, uri, reports):
        """The number of what stands for a hook before a feature that behave cannot read."""
        return self._add("before_feature", f"behave reads {uri}", reports, file=uri, line=1)

    def number(self, kind, name, function, reports):
        """The number of a hook, which is added if bdd does not know it."""
        if kind == name and name in self._declared:
            return self._declared[name]["id"]
        return self._add(kind, name, reports, **self._place(function))

    def _add(self, kind, name, reports, **place):
        number = self._added.get((kind, name))
        if number is None:
            number = self._added[kind, name] = len(self._declared) + len(self._added)
            reports.event("hook_added", hook={"id": number, "kind": kind, "name": name, **place})
        return number

    def _place(self, function):
        code = getattr(function, "__code__", None)
        file = places.shown(code.co_filename) if code else self._file
        return {"file": file, "line": code.co_firstlineno if code else 0, "function": getattr(function, "__name__", "")}
