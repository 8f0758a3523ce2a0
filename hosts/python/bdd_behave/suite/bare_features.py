"""Features of which behave runs only the hooks: their tags match, but no scenario in them is selected.

They concern `bdd behave` only. The process that prints names them, in the order of all features. The first worker runs each
before the next feature with scenarios.
"""
import json
import os

FILE = "bare.json"


class BareFeatures:
    """The features that are left to run."""

    def __init__(self, folder):
        self.names = frozenset()  # The files of all of them.
        self._order = []
        self._left = []
        if folder and os.environ.get("BDD_WORKER_INDEX", "0") == "0":
            self._read(os.path.join(folder, FILE))

    def _read(self, path):
        # A worker that takes the place of one that ended must not run them again.
        mine = f"{path}.{os.getpid()}"
        try:
            os.rename(path, mine)
        except FileNotFoundError:
            return
        with open(mine, encoding="utf-8") as file:
            said = json.load(file)
        self._order, self._left = said["order"], said["bare"]
        self.names = frozenset(self._left)

    def before(self, uri):
        """Those that come before a feature."""
        last = self._order.index(uri) if uri in self._order else -1
        while self._left and self._order.index(self._left[0]) < last:
            yield self._left.pop(0)

    def rest(self):
        """Those that are left."""
        while self._left:
            yield self._left.pop(0)
