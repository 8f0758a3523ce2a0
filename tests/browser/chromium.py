"""Drives a headless Chromium through its DevTools protocol, on two pipes and with nothing but the standard library."""

import atexit
import base64
import json
import os
import shutil
import subprocess
import tempfile

NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"]


def find():
    """The program, or None."""
    return next((found for found in map(shutil.which, NAMES) if found), None)


class Browser:
    """A browser, and a connection with it."""

    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(prefix="bdd-browser-", ignore_cleanup_errors=True)
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()

        def pipes():
            # The browser reads from 3 and writes to 4. Numbers above are free for the moment in which both move.
            one, two = os.dup(to_browser), os.dup(from_browser)
            os.dup2(one, 3)
            os.dup2(two, 4)

        self.process = subprocess.Popen(
            [
                find(), "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
                "--disable-background-networking", "--no-first-run", "--disable-dev-shm-usage",
                f"--user-data-dir={self.profile.name}", "about:blank",
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=pipes, close_fds=False,
        )
        os.close(to_browser)
        os.close(from_browser)
        self.number = 0
        self.buffer = b""

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.write_end)
        os.close(self.read_end)
        self.profile.cleanup()

    def message(self):
        while b"\0" not in self.buffer:
            read = os.read(self.read_end, 1 << 20)
            if not read:
                raise RuntimeError("the browser ended")
            self.buffer += read
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def call(self, method, params, session=None, events=None):
        """The result of a method. Events that come before it are added to `events`."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            got = self.message()
            if got.get("id") == self.number:
                if "error" in got:
                    raise RuntimeError(f"{method}: {got['error']}")
                return got["result"]
            if session and got.get("sessionId") == session:
                events.append(got)


class Page:
    """A page that shares a browser with pages before it, but neither storage nor cookies. One is open at a time."""

    # It starts in half a second of processor time, which most checks do not take.
    browser = None

    def __init__(self, width=1280, height=900, script=True):
        if Page.browser is None:
            Page.browser = Browser()
            atexit.register(Page.browser.close)
        self.events = []
        self.session = None
        self.context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=self.context, width=width,
                           height=height)["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)
        if not script:
            self.call("Emulation.setScriptExecutionDisabled", value=True)

    def close(self):
        self.session = None
        self.call("Target.disposeBrowserContext", browserContextId=self.context)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def call(self, method, **params):
        return self.browser.call(method, params, self.session, self.events)

    def wait_for(self, method):
        for position, event in enumerate(self.events):
            if event.get("method") == method:
                return self.events.pop(position)
        while True:
            got = self.browser.message()
            if got.get("sessionId") != self.session:
                continue
            if got.get("method") == method:
                return got
            self.events.append(got)

    def go(self, address):
        self.events.clear()
        self.call("Page.navigate", url=address)
        self.wait_for("Page.loadEventFired")

    def run(self, expression):
        """The value of an expression in the page. A promise is waited for."""
        got = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in got:
            raise RuntimeError(f"{expression}: {got['exceptionDetails']}")
        return got["result"].get("value")

    def settle(self):
        """Waits until the page has drawn what was asked before."""
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))")

    def press(self, key):
        special = {"Enter": "\r", "Escape": "", "Tab": ""}
        text = special.get(key, key)
        for kind in ["keyDown", "keyUp"]:
            arguments = {"type": kind, "key": key}
            if key == "Enter":
                arguments["windowsVirtualKeyCode"] = 13
            if kind == "keyDown" and text:
                arguments["text"] = text
            self.call("Input.dispatchKeyEvent", **arguments)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def media(self, scheme="light", kind=""):
        self.call("Emulation.setEmulatedMedia", media=kind,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, path, full=True):
        got = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=full)
        with open(path, "wb") as file:
            file.write(base64.b64decode(got["data"]))
