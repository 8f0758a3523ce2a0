"""Runs checks for a test that asks for them by name, one after another. So all of them share a process and a browser."""

import contextlib
import io
import json
import os
import sys
import tempfile
import traceback


def serve(checks):
    """Run each check whose name is a line of standard input, in an empty folder. The answer is a line of JSON: null,
    or why the check failed."""
    by_name = {check.__name__: check for check in checks}
    for line in sys.stdin:
        problem = None
        printed = io.StringIO()
        try:
            with tempfile.TemporaryDirectory(prefix="bdd-page-") as folder, contextlib.redirect_stdout(printed):
                os.chdir(folder)
                by_name[line.strip()]()
        except Exception:
            problem = printed.getvalue() + traceback.format_exc()
        os.write(1, json.dumps(problem).encode() + b"\n")
