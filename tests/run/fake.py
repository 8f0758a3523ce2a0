"""A step program that keeps to the protocol, to be made to misbehave.

A test writes a script beside this file that replaces some of its functions and calls `serve`.
Every process adds its number to the file `pids`.
"""
import collections
import json
import os
import socket
import sys
import threading
import time

with open("pids", "a") as pids:
    print(os.getpid(), file=pids)

DEFINITIONS = [
    {"id": 7, "keyword": "step", "kind": "regex", "pattern": "^it works$"},
    {"id": 8, "keyword": "step", "kind": "regex", "pattern": "^(it) fails$"},
    {"id": 9, "keyword": "step", "kind": "regex", "pattern": "^it works from attempt ([0-9]+) on$"},
]
# Hooks, made by `hook`; what a hook does is in its name: see `act`.
HOOKS = []
connection = None
lines = None
# Of `serve_sharing`: messages that wait for the main thread.
waiting = collections.deque()
feature = None
rule = None


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


def hang(*_):
    time.sleep(600)


def flood():
    while True:
        print("y" * 100, flush=True)
        time.sleep(0.001)


def hello(**changes):
    send(**{"type": "hello", "protocol": 1, "language": "python", "hash": "h",
            "definitions": DEFINITIONS, "hooks": HOOKS, **changes})


def hook(kind, name, **more):
    """Declare a hook."""
    number = len(HOOKS)
    HOOKS.append({"id": 100 + number, "kind": kind, "name": name, "file": "hooks.py", "line": number + 1,
                  **more})


def log(*words):
    """Add a line to the file `log`: which worker does what."""
    with open("log", "a") as file:
        print(os.environ["BDD_WORKER_INDEX"], *words, file=file, flush=True)


def act(one):
    """Do what the name of a hook says; the result is its status, and perhaps an error."""
    name = one["name"]
    log(one["kind"], name)
    if name.startswith("dies") and (not name.startswith("dies once") or once("died")):
        print("last words", flush=True)
        os._exit(3)
    if name.startswith("hangs"):
        with open("asleep", "a") as file:
            print("asleep", file=file)
        hang()
    if name.startswith("prints"):
        print("printed by", name, flush=True)
    if name.startswith("floods"):
        flood()
    if name.startswith("prints much"):
        print("x" * 2000, flush=True)
    for word, status in (("fails", "failed"), ("skips", "skipped"), ("pends", "pending")):
        if name.startswith(word):
            return {"status": status, "error": {"kind": "Error", "message": f"it {word}\nand more"}}
    return {"status": "passed"}


def run_hook(number):
    """Run a hook; the result is whether it passed."""
    send(type="hook_started", hook=number, output=os.fstat(1).st_size)
    went = act(HOOKS[number - 100])
    sys.stdout.flush()
    send(type="hook_finished", hook=number, nanos=1000, output=os.fstat(1).st_size, **went)
    return went["status"]


def run_hooks(numbers, until=None):
    """Run hooks, or those up to a status; the result is the first that went worst, with its status."""
    went = []
    for number in numbers or ():
        went.append((run_hook(number), number))
        if went[-1][0] == until:
            break
    for status in ("failed", "pending", "skipped"):
        for found in went:
            if found[0] == status:
                return found
    return None


class Block:
    """A feature or a rule that is open."""

    def __init__(self, info, name):
        self.name = name
        self.after = info.get("after")
        self.refused = run_hooks(info.get("before"))

    def close(self):
        run_hooks(self.after)


def close_rule():
    global rule
    if rule:
        rule.close()
    rule = None


def close_feature():
    global feature
    close_rule()
    if feature:
        feature.close()
    feature = None


def run_within(info, scenario):
    """Run a scenario inside its feature and its rule."""
    global feature, rule
    if feature is None or feature.name != info["uri"]:
        close_feature()
        feature = Block(info, info["uri"])
    refused = feature.refused
    if not refused:
        line = (scenario.get("rule") or {}).get("line")
        if rule is None or rule.name != line:
            close_rule()
            rule = Block(scenario["rule"], line) if line else None
        refused = rule and rule.refused
    if refused:
        send(type="scenario_skipped", scenario=scenario["scenario"], hook=refused[1])
    else:
        globals()["run"](scenario)


def start(scenario):
    output = os.fstat(1).st_size
    send(type="scenario_started", scenario=scenario["scenario"], attempt=scenario["attempt"], at=time.time_ns() // 1000,
         output=output)


def step(scenario, position):
    text = scenario["steps"][position]["text"]
    failed = text.endswith("fails") or \
        "from attempt" in text and scenario["attempt"] < int(scenario["steps"][position]["arguments"][0])
    send(type="step_started", scenario=scenario["scenario"], step=position)
    refused = run_hooks(scenario.get("before_step"))
    status = refused[0] if refused else "failed" if failed else "passed"
    after = run_hooks(scenario.get("after_step"))
    order = ("passed", "skipped", "pending", "failed")
    status = max(status, after[0] if after else "passed", key=order.index)
    send(type="step_finished", scenario=scenario["scenario"], step=position, nanos=1000,
         **({} if status == "passed" else {"error": {"kind": "Error", "message": "it fails"}}),
         status=status)
    return status == "passed"


def end(scenario, **more):
    sys.stdout.flush()
    send(type="scenario_finished", scenario=scenario["scenario"], attempt=scenario["attempt"], nanos=2000,
         output=os.fstat(1).st_size, **more)


def run(scenario):
    start(scenario)
    log("scenario", scenario["name"])
    if not run_hooks(scenario.get("before"), until="skipped"):
        for position in range(len(scenario["steps"])):
            if not step(scenario, position):
                break
    run_hooks(scenario.get("after"))
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


def arrived(message):
    """What `serve_sharing` does with each message as soon as it comes, before its turn."""


def begin(message):
    run_hooks(message["hooks"])
    send(type="begun", environment=globals()["exports"]())


def exports():
    return []


def finish(message):
    close_feature()
    run_hooks(message.get("hooks"))
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
        serve_message(json.loads(line))


def serve_message(message):
    kind = message["type"]
    if kind == "run":
        for scenario in message["scenarios"]:
            run_within(message["feature"], scenario)
    elif kind in ("match", "cancel", "begin"):
        globals()[kind](message)
    elif kind == "feature_done" and feature and feature.name == message["uri"]:
        close_feature()
    elif kind == "finish":
        globals()["finish"](message)


def serve_sharing(**replaced):
    """As `serve`, but what has not started is given back when it is asked for."""
    globals().update(replaced)
    connect()
    globals()["hello"]()
    lock = threading.Condition()

    def read():
        for line in lines:
            message = json.loads(line)
            globals()["arrived"](message)
            with lock:
                if message["type"] == "run":
                    for scenario in message["scenarios"]:
                        waiting.append({**message, "scenarios": [scenario]})
                elif message["type"] == "cancel":
                    given = [one for one in waiting if one["type"] == "run"]
                    for one in given:
                        waiting.remove(one)
                    send(type="cancelled", scenarios=[one["scenarios"][0]["scenario"] for one in given])
                else:
                    waiting.append(message)
                lock.notify()
        os._exit(1)

    threading.Thread(target=read, daemon=True).start()
    while True:
        with lock:
            while not waiting:
                lock.wait()
            message = waiting.popleft()
        serve_message(message)
