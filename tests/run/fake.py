"""A step program that keeps to the protocol, to be made to misbehave.

A test writes a script beside this file that replaces some of its functions and calls `serve`.
Every process adds its number to the file `pids`.
"""
import json
import os
import socket
import sys
import time

with open("pids", "a") as pids:
    print(os.getpid(), file=pids)

DEFINITIONS = [
    {"id": 7, "keyword": "step", "kind": "regex", "pattern": "^it works$"},
    {"id": 8, "keyword": "step", "kind": "regex", "pattern": "^(it) fails$"},
    {"id": 9, "keyword": "step", "kind": "regex", "pattern": "^it works from attempt ([0-9]+) on$"},
]
connection = None
lines = None
work = []


def send(**message):
    connection.sendall(json.dumps(message).encode() + b"\n")


def raw(data):
    connection.sendall(data)


def once(name):
    """Whether this is the first process of the run that asks."""
    try:
        os.close(os.open(name, os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        return False


def hang():
    time.sleep(600)


def hello(**changes):
    send(**{"type": "hello", "protocol": 1, "language": "python", "hash": "h",
            "definitions": DEFINITIONS, **changes})


def start(scenario):
    output = os.fstat(1).st_size
    send(type="scenario_started", scenario=scenario["scenario"], attempt=scenario["attempt"], at=time.time_ns() // 1000,
         output=output)


def step(scenario, position):
    text = scenario["steps"][position]["text"]
    failed = text.endswith("fails") or \
        "from attempt" in text and scenario["attempt"] < int(scenario["steps"][position]["arguments"][0])
    send(type="step_started", scenario=scenario["scenario"], step=position)
    send(type="step_finished", scenario=scenario["scenario"], step=position, nanos=1000,
         **({"status": "failed", "error": {"kind": "Error", "message": "it fails"}} if failed
            else {"status": "passed"}))
    return not failed


def end(scenario, **more):
    sys.stdout.flush()
    send(type="scenario_finished", scenario=scenario["scenario"], attempt=scenario["attempt"], nanos=2000,
         output=os.fstat(1).st_size, **more)


def run(scenario):
    start(scenario)
    for position in range(len(scenario["steps"])):
        if not step(scenario, position):
            break
    end(scenario)


def run_with_retries(scenario):
    """Run a scenario until it passes, or its retries are used up."""
    for attempt in range(scenario["attempt"], scenario["attempt"] + scenario.get("retries", 0) + 1):
        scenario = {**scenario, "attempt": attempt}
        start(scenario)
        passed = all(step(scenario, position) for position in range(len(scenario["steps"])))
        again = not passed and attempt < scenario["attempt"] + scenario.get("retries", 0)
        scenario["retries"] = scenario.get("retries", 0) - 1
        end(scenario, will_be_retried=again)
        if not again:
            return


def match(message):
    send(type="matched", id=message["id"], matches=[[] for _ in message["texts"]])


def cancel(message):
    send(type="cancelled", scenarios=[])


def finish():
    sys.exit(0)


def connect():
    global connection, lines
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(os.environ["BDD_SOCKET"])
    lines = connection.makefile("rb")


def serve(**replaced):
    """Serve the runner, with some functions replaced."""
    globals().update(replaced)
    connect()
    globals()["hello"]()
    for line in lines:
        message = json.loads(line)
        kind = message["type"]
        if kind == "run":
            for scenario in message["scenarios"]:
                globals()["run"](scenario)
        elif kind in ("match", "cancel"):
            globals()[kind](message)
        elif kind == "finish":
            globals()["finish"]()
