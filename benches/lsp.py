#!/usr/bin/env python3
"""How soon the language server answers, with 1,000 features and 1,000 definitions.

    cargo build --release -p bdd-runner
    benches/lsp.py [BDD [FEATURES [DEFINITIONS]]]

It prints the median and the worst of 50 rounds: the time from an edit to its diagnostics, and that of a completion of
steps. It fails if a median is more than 50 ms. That needs a release build and an idle machine.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIMIT = 0.050
ROUNDS = 50

HOST = """
import fake
fake.DEFINITIONS = [{'id': n, 'keyword': 'step', 'kind': 'regex', 'file': 'steps.rs', 'line': n + 1,
                     'pattern': '^the customer number (\\\\d+) of shop %d orders "([^"]*)" now$' % n}
                    for n in range(COUNT)]
fake.serve()
"""


class Server:
    """A running language server."""

    def __init__(self, program, folder):
        self._process = subprocess.Popen([program, "lsp"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         stderr=subprocess.DEVNULL)
        self._ids = 0

    def send(self, **message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def hear(self):
        length = 0
        while line := self._process.stdout.readline().strip():
            name, value = line.split(b": ")
            if name == b"Content-Length":
                length = int(value)
        return json.loads(self._process.stdout.read(length))

    def wait(self, wanted):
        while True:
            message = self.hear()
            if wanted(message):
                return message

    def request(self, method, parameters):
        self._ids += 1
        number = self._ids
        self.send(id=number, method=method, params=parameters)
        return self.wait(lambda message: message.get("id") == number and "method" not in message)

    def diagnostics(self, version):
        return self.wait(lambda message: message.get("method") == "textDocument/publishDiagnostics"
                         and message["params"].get("version") == version)["params"]["diagnostics"]


def feature(number, definitions):
    scenarios = []
    for scenario in range(10):
        steps = "".join(
            f'    {keyword} the customer number {step} of shop {(number * 50 + scenario * 5 + step) % definitions} '
            f'orders "tea" now\n'
            for step, keyword in enumerate(["Given", "And", "When", "Then", "And"]))
        scenarios.append(f"  @tag{scenario}\n  Scenario: number {scenario}\n{steps}")
    return f"Feature: number {number}\n\n" + "\n".join(scenarios)


def measured(name, times):
    median, worst = statistics.median(times), max(times)
    print(f"{name}: median {median * 1000:.1f} ms, worst {worst * 1000:.1f} ms")
    return median <= LIMIT


def main(program=ROOT / "target/release/bdd", features=1000, definitions=1000):
    features, definitions = int(features), int(definitions)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "fake.py").write_bytes((ROOT / "tests/run/fake.py").read_bytes())
        (folder / "host.py").write_text(HOST.replace("COUNT", str(definitions)))
        (folder / "bdd.toml").write_text("[steps]\ncommand = ['python3', 'host.py']\n")
        (folder / "features").mkdir()
        for number in range(features):
            (folder / f"features/{number:04}.feature").write_text(feature(number, definitions))
        server = Server(program, folder)
        began = time.perf_counter()
        server.request("initialize", {"rootUri": folder.as_uri(), "capabilities": {
            "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}})
        server.send(method="initialized", params={})
        text = feature(7, definitions) + "    When the customer\n"
        document = {"uri": (folder / "features/0007.feature").as_uri()}
        server.send(method="textDocument/didOpen",
                    params={"textDocument": {**document, "languageId": "cucumber", "version": 1, "text": text}})
        server.wait(lambda message: "step definitions" in str(message.get("params", {}).get("message")))
        server.diagnostics(1)
        print(f"{features} features, {definitions} definitions: ready after {time.perf_counter() - began:.2f} s")
        line = text.count("\n") - 1
        edits, completions = [], []
        for version in range(2, ROUNDS + 2):
            end = {"line": line, "character": 21 + version - 2}
            began = time.perf_counter()
            server.send(method="textDocument/didChange", params={
                "textDocument": {**document, "version": version},
                "contentChanges": [{"range": {"start": end, "end": end}, "text": "x"}]})
            found = server.diagnostics(version)
            edits.append(time.perf_counter() - began)
            assert any("step" in one["code"] for one in found), found
            began = time.perf_counter()
            answer = server.request("textDocument/completion",
                                    {"textDocument": document, "position": {"line": line, "character": 21}})
            completions.append(time.perf_counter() - began)
            assert len(answer["result"]["items"]) == min(definitions, 500), len(answer["result"]["items"])
        fine = [measured("diagnostics after an edit", edits), measured("completion of steps", completions)]
        server.request("shutdown", None)
        server.send(method="exit")
        sys.exit(0 if all(fine) else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
