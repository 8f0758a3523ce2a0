"""Starts the host: `python FOLDER/bdd_behave`, with the variables of a worker and `BDD_BEHAVE`.

With `BDD_BEHAVE_COMMAND` it is the process of `bdd behave` that prints.
"""
import os
import sys


def start():
    # Python has put this folder first in the path. A module of the suite that is called `suite` or `protocol` would then
    # be hidden by ours. So only the package is loaded from here, and the path is as behave leaves it.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[0] = os.path.dirname(here)
    asked = os.environ.pop("BDD_BEHAVE_COMMAND", None)
    if asked is not None:
        from bdd_behave.command import main
        del sys.path[0]
        os.environ.pop("BDD_KEEP_PROCESS", None)  # It is not for what formatters may start.
        sys.exit(main.main(asked))
    from bdd_behave import host
    del sys.path[0]
    host.main()


if __name__ == "__main__":
    start()
