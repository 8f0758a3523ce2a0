"""Looks at HTML reports in a browser: `checks.py BDD GOLDEN-FOLDER`. A check that fails raises."""

import base64
import http.server
import json
import pathlib
import subprocess
import sys
import threading
import time

from bait import BAIT, foreign, markup_does_nothing, reported
from chromium import Page
from serving import serve

BDD, GOLDEN = sys.argv[1:]


def here():
    """The folder of the check that runs."""
    return pathlib.Path.cwd()


def page_of(events, name="report"):
    """The address of the page that bdd makes of a file of events."""
    path = here() / f"{name}.html"
    path.unlink(missing_ok=True)
    made = subprocess.run([BDD, "merge", events, "-f", f"html:{path}"], capture_output=True, text=True)
    assert path.is_file(), made.stderr
    return path.as_uri()


def golden(run):
    return page_of(str(pathlib.Path(GOLDEN) / f"{run}.events.jsonl"))


def step_of(text, line):
    return {"keyword": "Given ", "keyword_type": "context", "text": text, "location": {"line": line, "column": 3},
            "background": False}


def result(status, message=None, kind="Error"):
    error = message and {"kind": kind, "message": message, "trace": message, "location": None}
    return {"status": status, "nanos": 1000000, "match": None, "error": error}


def write_events(scenarios, feature_name="Feature", size=10, name="events", trend=None):
    """Events of scenarios: (name, tags, description, [(step, result, [attachments])], output). All have this trend.
    Returns the file."""
    path = here() / f"{name}.jsonl"
    at = 1767323045000000
    with open(path, "w", encoding="utf-8") as file:
        def put(event):
            file.write(json.dumps(event) + "\n")

        put({"type": "run_started", "format": 1, "bdd": "0.1.0", "at": at, "jobs": 2, "dry_run": False, "strict": True,
             "retries": 0})
        for first in range(0, len(scenarios), size):
            planned = []
            for index, one in enumerate(scenarios[first:first + size], first):
                steps = [step_of(text, 3) for text, _, _ in one[3]]
                planned.append({"index": index, "id": f"{index}::{one[0]}", "keyword": "Scenario", "name": one[0],
                                "description": one[2], "row": None, "location": {"line": 2, "column": 3},
                                "tags": one[1], "rule": None, "steps": steps})
            put({"type": "feature_planned", "feature": {
                "uri": f"features/{first}.feature", "language": "en", "keyword": "Feature",
                "name": f"{feature_name} {first}", "description": feature_name, "tags": [],
                "location": {"line": 1, "column": 1}, "rules": [], "scenarios": planned}})
        for scenario in range(len(scenarios) if trend else 0):
            put({"type": "trend", "scenario": scenario, "trend": trend})
        put({"type": "step_definitions", "definitions": []})
        for scenario, one in enumerate(scenarios):
            own = {"scenario": scenario, "attempt": 0}
            put({"type": "scenario_started", **own, "worker": scenario % 2, "at": at})
            status = "passed"
            for step, (_, found, attachments) in enumerate(one[3]):
                put({"type": "step_started", **own, "step": step})
                for media_type, file_name, body in attachments:
                    put({"type": "attachment", "source": {"step": {**own, "step": step}}, "media_type": media_type,
                         "file_name": file_name, "body": body, "at": at})
                put({"type": "step_finished", **own, "step": step, "result": found})
                status = found["status"] if found["status"] != "passed" else status
            at += 5000
            put({"type": "scenario_finished", **own, "status": status, "nanos": 5000000, "fault": None,
                 "output": one[4] and {"text": one[4]}, "will_be_retried": False})
        put({"type": "run_finished", "at": at, "nanos": 61234000000})
    return str(path)


def many(count):
    """Each hundredth scenario fails. Tags, steps and output differ."""
    def one(number):
        fails = number % 100 == 7
        steps = [(f"step {step} of scenario {number}", result("passed"), []) for step in range(4)]
        steps.append(("the last one", result("failed", f"no {number}") if fails else result("passed"), []))
        return (f"Scenario {number}", ["@odd" if number % 2 else "@even"], "", steps, "printed\n")
    return [one(number) for number in range(count)]


SHOWN = "document.querySelectorAll('details.sc:not([hidden])').length"


def filters():
    with Page() as page:
        page.go(page_of(write_events(many(300))))
        assert page.run(SHOWN) == 300
        page.run("document.querySelector('#status [data-is=f]').click()")
        assert page.run(SHOWN) == 3
        assert page.run("document.getElementById('shown').textContent") == "3 of 300 scenarios"
        page.run("document.getElementById('tag').value = '@even'; changed()")
        assert page.run(SHOWN) == 0
        assert page.run("!document.getElementById('none').hidden")
        page.run("document.getElementById('clear').click()")
        assert page.run(SHOWN) == 300
        page.run("document.getElementById('tag').value = '@even'; "
                 "document.getElementById('tag').dispatchEvent(new Event('change'))")
        assert page.run(SHOWN) == 150
        # The address keeps the filters.
        address = page.run("location.href")
        page.go("about:blank")
        page.go(address)
        assert page.run(SHOWN) == 150


def search():
    with Page() as page:
        page.go(page_of(write_events(many(2000))))
        assert page.run("document.querySelectorAll('details.sc > noscript').length") > 1000
        for text, count in [("Scenario 1234", 1), ("1777 step", 1), ("@odd 1777", 1), ("nothing such", 0),
                            ("  OF   1777 STEP", 1), ("&lt;", 0)]:
            page.run(f"document.getElementById('text').value = {json.dumps(text)}; changed()")
            assert page.run(SHOWN) == count, (text, page.run(SHOWN))


def deep_link():
    with Page() as page:
        address = page_of(write_events(many(2000)))
        page.go(address)
        anchor = page.run("rows[1500].id")
        assert not page.run("rows[1500].open")
        page.go("about:blank")
        page.go(f"{address}#{anchor}")
        page.settle()
        assert page.run("rows[1500].open && rows[1500].parentElement.open")
        assert "step 2 of scenario 1500" in page.run("rows[1500].textContent")
        top = page.run("rows[1500].getBoundingClientRect().top")
        assert 0 <= top < 300, top
        # A link in the page itself does the same, although a filter hides the scenario.
        page.run("document.getElementById('text').value = 'no such'; changed()")
        page.run(f"location.hash = '#{page.run('rows[3].id')}'")
        page.settle()
        assert page.run("rows[3].open && !rows[3].hidden && document.activeElement === rows[3].firstElementChild")


def attachments():
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    attached = [
        ("image/png", "dot.png", {"base64": dot}),
        ("application/json", None, {"text": '{"a":[1,"<b>"]}'}),
        ("text/plain", "notes.txt", {"text": "\nfirst line\n  é <i>"}),
        ("application/octet-stream", "data.bin", {"base64": base64.b64encode(bytes(range(256))).decode()}),
        ("text/x.cucumber.log+plain", None, {"text": "\x1b[31mred\x1b[0m log"}),
    ]
    steps = [("I look", result("failed", "no"), attached)]
    with Page() as page:
        page.go(page_of(write_events([("One", [], "", steps, "\x1b[1;32mgreen\x1b[0m\n")])))
        page.run("Promise.all(Array.from(document.images, image => { image.loading = 'eager'; return image.decode() }))")
        assert page.run("document.images[0].naturalWidth") == 1
        assert json.loads(page.run("document.querySelector('pre.js').textContent")) == {"a": [1, "<b>"]}
        assert page.run("document.querySelector('pre.tx:not(.js)').textContent") == "\nfirst line\n  é <i>"
        saved = page.run("(() => { const link = document.querySelector('a[download]'); "
                         "return [link.download, link.href] })()")
        assert saved[0] == "data.bin"
        assert base64.b64decode(saved[1].split(",")[1]) == bytes(range(256))
        assert page.run("document.querySelector('.lg .i1').textContent") == "red"
        assert page.run("document.querySelector('.ou .ab.i2').textContent") == "green"


def keyboard():
    with Page() as page:
        page.go(page_of(write_events(many(300))))
        name = "document.activeElement.querySelector('h4').textContent"
        page.press("n")
        assert page.run(name) == "Scenario 7"
        page.press("n")
        assert page.run(name) == "Scenario 107"
        page.press("p")
        page.press("j")
        assert page.run(name) == "Scenario 8"
        page.press("k")
        assert page.run(name) == "Scenario 7"
        before = page.run("rows[7].open")
        page.press("Enter")
        assert page.run("rows[7].open") != before
        page.press("/")
        assert page.run("document.activeElement.id") == "text"
        page.type("scenario 42")
        while page.run(SHOWN) == 300:
            page.settle()
        page.press("j")
        assert page.run("document.activeElement.id") == "text", "a letter in the search is a letter"
        page.press("Escape")
        assert page.run(SHOWN) == 300
        page.run("document.getElementById('keys').checked = false; document.activeElement.blur()")
        page.press("/")
        assert page.run("document.activeElement.id") != "text"
        # All that can be used has a name, and headings leave out no level.
        tree = page.call("Accessibility.getFullAXTree")["nodes"]
        roles = ["button", "link", "textbox", "searchbox", "combobox", "checkbox", "DisclosureTriangle"]
        nameless = [node for node in tree if node.get("role", {}).get("value") in roles
                    and not node.get("ignored") and not node.get("name", {}).get("value")]
        assert not nameless, nameless[:3]


def trends():
    with Page() as page:
        page.go(golden("trends"))
        marks = "rows.map(row => { const found = row.querySelector('summary .tn'); return found && found.textContent })"
        assert page.run(marks) == ["▂" * 20, "▂▂▅▂▂█▂▂▅", "▂████", "▂▂▂", "▂█", None]
        # Who cannot see the marks hears their sum.
        tree = page.call("Accessibility.getFullAXTree")["nodes"]
        heard = [node["name"]["value"] for node in tree if node.get("role", {}).get("value") in ("img", "image")
                 and node.get("name", {}).get("value", "").startswith("Before")]
        assert len(heard) == 5, heard
        assert heard[1] == ("Before, of 9 results: 6 passed, 1 failed, 2 passed after a retry; "
                            "the latest passed after a retry"), heard[1]
        facts = page.run("rows.map(row => { const found = row.querySelector('.bo > .no'); "
                         "return found && found.textContent })")
        assert facts[1].startswith("9 results on record, 4 flaky (44 %)"), facts
        assert "failing since 2025-12-29" in facts[2], facts
        assert "passed the last time" in facts[3], facts
        assert "failed the last time" in facts[4] and "usually 4ms (+" in facts[4], facts
        # Marks of one kind have one colour, and another height than the others.
        colour = "getComputedStyle(rows[1].querySelector('.tn .{}')).color"
        assert len({page.run(colour.format(kind)) for kind in "puf"}) == 3


def luminance(color):
    numbers = [int(part) for part in color[color.index("(") + 1:-1].split(",")[:3]]
    return sum(numbers) / 3


def printed():
    """On paper it is dark on white, whatever the theme is, and nothing of the tools is left."""
    with Page() as page:
        page.go(golden("failing"))
        page.run("showTheme('dark')")
        page.media("dark", "print")
        page.settle()
        style = "getComputedStyle(document.querySelector({})).{}"
        for place in ["body", "main > section", "pre.er", "summary h4"]:
            ink = page.run(style.format(json.dumps(place), "color"))
            assert luminance(ink) < 140, (place, ink)
        for place in ["body", "main > section", "pre.er"]:
            paper = page.run(style.format(json.dumps(place), "backgroundColor"))
            assert luminance(paper) > 225, (place, paper)
        for place in ["#tools", "#theme"]:
            assert page.run(style.format(json.dumps(place), "display")) == "none", place
        pdf = base64.b64decode(page.call("Page.printToPDF", printBackground=True)["data"])
        assert pdf.startswith(b"%PDF-") and len(pdf) > 10_000, len(pdf)
        # Nothing is cut off at the right: the page is as wide as the paper.
        page.call("Emulation.setDeviceMetricsOverride", width=700, height=1000, deviceScaleFactor=1, mobile=False)
        page.settle()
        assert page.run("document.documentElement.scrollWidth") <= 700


def ten_thousand():
    # The marks of a scenario that changes all the time take the most room.
    trend = {"last": ["p", "f"] * 10, "results": 50, "flaky": 50, "nanos": 4000000, "failing_since": 1767323045000000}
    events = write_events(many(10_000), size=100, trend=trend)
    address = page_of(events)
    size = (here() / "report.html").stat().st_size
    assert size < 25_000_000, size
    with Page() as page:
        began = time.monotonic()
        page.go(address)
        loaded = time.monotonic() - began
        page.settle()
        paint = page.run("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        page.run("document.getElementById('text').value = 'step 3 of scenario 9999'; filter()")
        assert page.run(SHOWN) == 1
        searched = page.run("(() => { const began = performance.now(); document.getElementById('text').value = '';"
                            " filter(); return performance.now() - began })()")
        print(f"{size} bytes, first paint after {paint:.0f} ms, loaded after {loaded * 1000:.0f} ms, "
              f"filtered in {searched:.0f} ms")


def hostile():
    scenarios = []
    for number in range(1100):
        bait = BAIT[number % len(BAIT)]
        attached = [(bait, bait, {"text": bait}), ("text/html", bait, {"text": bait}),
                    ("text/uri-list", bait, {"text": bait}), ("image/svg+xml", bait, {"text":
                     "<svg xmlns='http://www.w3.org/2000/svg' onload='parent.bad=1'><script>parent.bad=1</script></svg>"}),
                    ("text/x.cucumber.log+plain", bait, {"text": bait})]
        fails = number < 40
        outcome = result("failed", bait, bait) if fails else result("passed")
        tag = "@" + bait.replace(" ", "")
        scenarios.append((bait, [tag], bait, [(bait, outcome, attached)], bait))
    address = page_of(write_events(scenarios, feature_name=BAIT[0] + BAIT[1], size=550))
    with Page() as page:
        page.go(address)
        page.run("for (const row of rows) { fill(row); row.open = true } for (const one of features) one.open = true")
        page.run("for (const link of document.querySelectorAll('main a[href^=\"#\"]')) "
                 "if (!link.getAttribute('href').startsWith('#s-')) "
                 "link.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))")
        page.run("reveal(rows[0])")
        page.run(f"document.getElementById('text').value = {json.dumps(BAIT[3])}; changed(); clearFilters()")
        page.settle()
        assert page.run("typeof window.bad") == "undefined"
        assert page.run("rows.length") == 1100
        allowed = page.run("Array.from(document.querySelectorAll('script:not([type])')).length")
        assert allowed == 1, allowed
        for forbidden in ["iframe", "base", "form[action]", "[onclick]", "[onerror]", "[onload]", "object", "embed",
                          "a[href^='javascript' i]", "meta[http-equiv=refresh]", "[style]"]:
            assert page.run(f"document.querySelectorAll({json.dumps(forbidden)}).length") == 0, forbidden
        assert page.run("rows[0].querySelector('h4').textContent") == BAIT[0]
        assert not foreign(page), foreign(page)
        assert not reported(page), reported(page)[:2]
        markup_does_nothing(page)


def sandboxed():
    """As Jenkins serves archived pages by default."""
    expected = {
        "failing": ["Divide by zero", "AssertionError", "nearly"],
        "retried": ["third try", "Attempt 3", "three"],
        "run-error": ["Errors of the run"],
        "undefined": ["fn i_have_cukes", "2 step definitions match", "waits for the new screen"],
    }
    class Jenkins(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = (here() / "report.html").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", "sandbox; default-src 'none'")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Jenkins)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with Page() as page:
        for run, texts in expected.items():
            golden(run)
            page.go(f"http://127.0.0.1:{server.server_port}/")
            shown = page.run("document.body.innerText")
            for text in texts:
                assert text in shown, (run, text, shown)
            assert page.run("document.getElementById('tools').hidden"), "the script ran"
    server.shutdown()


def pages():
    """Every page of the golden runs loads without an error, wide and narrow, and is never wider than its window."""
    runs = sorted({path.name.split(".")[0] for path in pathlib.Path(GOLDEN).glob("*.events.jsonl")})
    # The hash in it is made up, so `merge` refuses it.
    runs.remove("shard")
    assert runs
    addresses = {run: page_of(str(pathlib.Path(GOLDEN) / f"{run}.events.jsonl"), run) for run in runs}
    for width in [1280, 400]:
        with Page(width) as page:
            for run, address in addresses.items():
                page.go(address)
                page.run("for (const row of rows) row.open = true; for (const one of features) one.open = true")
                page.settle()
                wide = page.run("document.documentElement.scrollWidth")
                assert wide <= width, f"{run}: {wide} of {width}"
                reported = [event["params"] for event in page.events
                            if event.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")]
                # The images of the golden runs are no images.
                reported = [one for one in reported if "data:image" not in json.dumps(one)]
                assert not reported, (run, reported[:2])


serve([filters, search, deep_link, attachments, keyboard, trends, printed, ten_thousand, hostile, sandboxed, pages])
