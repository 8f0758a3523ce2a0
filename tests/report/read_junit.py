"""Prints a line of JSON for each test case of JUnit files, read by a strict XML parser (expat).

A test case is skipped if it has `skipped`, else failed if it has `failure` or `error`, as Jenkins counts it.
"""

import json
import sys
import xml.etree.ElementTree as tree

for path in sys.argv[1:]:
    for case in tree.parse(path).getroot().iter("testcase"):
        has = [child.tag for child in case]
        status = "passed"
        if "skipped" in has:
            status = "skipped"
        elif "failure" in has or "error" in has:
            status = "failed"
        print(json.dumps({
            "class": case.get("classname"),
            "name": case.get("name"),
            "status": status,
            "output": case.findtext("system-out"),
            "text": "".join(case.itertext()),
        }))
