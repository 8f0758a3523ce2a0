"""Starts the host: `python FOLDER/bdd_behave`, with the variables of a worker and `BDD_BEHAVE`."""
import os
import sys


def start():
    # Python has put this folder first in the path. A module of the suite that is called `suite` or `protocol` would then
    # be hidden by ours. So only the package is loaded from here, and the path is as behave leaves it.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[0] = os.path.dirname(here)
    from bdd_behave import host
    del sys.path[0]
    host.main()


if __name__ == "__main__":
    start()
