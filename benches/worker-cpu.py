#!/usr/bin/env python3
"""Measure the CPU time that a worker needs for a step, without a runner.

    benches/worker-cpu.py PROGRAM [SCENARIOS]

PROGRAM is a step program made by benches/steps-crate.py. The scenarios (1000) have seven steps each
in the proportions of the benchmark corpus: one step in ten has a table, one in fifteen a docstring.
The time of a start without scenarios is subtracted.
"""
import json
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile

TABLE = [["id", "name", "kind", "count"]] + [[f"i{n}", "Chandra", "customer", str(n)] for n in (1, 20, 300)]
TEXT = "\n".join(["account ledger invoice order parcel depot"] * 4)


def scenario(number, definitions):
    """Returns a scenario whose steps pass."""
    texts = ["a fresh counter", 'the user "Ada" is signed in', f"the counter starts at {number}",
             "the balance is 500 cents", 'user "Ada" pays 20 to "Boris"', f"the counter should be {number}",
             "the balance should be 480 cents"]
    if number % 3 != 0:
        texts[3:5] = ["the following items:", "there should be 16 items"]
        texts[6] = "the sum should be " + str(number)
    elif number % 2 == 0:
        texts[3:5] = ["the document:", f"the text should have {len(TEXT)} characters"]
        texts[6] = "the counter should not be -1"
    steps = []
    for text in texts:
        definition, groups = definitions(text)
        step = {"definition": definition, "text": text, "line": 7, "arguments": groups}
        if text == "the following items:":
            step["table"] = TABLE
        if text == "the document:":
            step["docstring"] = {"content": TEXT}
        steps.append(step)
    return {"scenario": number, "attempt": 0, "name": f"Scenario {number}", "line": 5,
            "tags": ["@suite", "@area_1", "@smoke"], "steps": steps}


def run(program, count):
    """Runs scenarios; returns the CPU time of the worker in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "socket")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen(1)
        with open(os.path.join(directory, "output"), "ab") as output:
            worker = subprocess.Popen([program], env={**os.environ, "BDD_SOCKET": path},
                                      stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        connection, _ = listener.accept()
        lines = connection.makefile("rb")
        hello = json.loads(lines.readline())
        patterns = [(definition["id"], re.compile(definition["pattern"])) for definition in hello["definitions"]]
        known = {}

        def definitions(text):
            if text not in known:
                known[text] = next((i, list(m.groups())) for i, p in patterns if (m := p.search(text)))
            return known[text]

        feature = {"uri": "features/a.feature", "name": "A", "tags": ["@suite", "@area_1"]}
        passed = 0
        for first in range(0, count, 20):
            scenarios = [scenario(n, definitions) for n in range(first, min(first + 20, count))]
            message = {"type": "run", "feature": feature, "scenarios": scenarios}
            connection.sendall(json.dumps(message, separators=(",", ":")).encode() + b"\n")
            finished = 0
            while finished < len(scenarios):
                event = json.loads(lines.readline())
                finished += event["type"] == "scenario_finished"
                passed += event.get("status") == "passed"
        connection.sendall(b'{"type":"finish"}\n')
        if worker.wait() != 0 or passed != 7 * count:
            sys.exit(f"{passed} of {7 * count} steps passed; the worker ended with {worker.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__.strip())
    count = int(sys.argv[2]) if len(sys.argv) == 3 else 1000
    start = min(run(sys.argv[1], 0) for _ in range(3))
    total = min(run(sys.argv[1], count) for _ in range(3))
    print(f"start {start * 1e3:.1f} ms, {(total - start) / (7 * count) * 1e6:.2f} us of CPU a step")


if __name__ == "__main__":
    main()
