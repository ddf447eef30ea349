"""Chromium, driven by WebDriver (W3C) over plain HTTP: no library is needed."""

import base64
import contextlib
import json
import math
import os
import re
import urllib.error
import urllib.request

from processes import running, text_of, until

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--hide-scrollbars", "--no-proxy-server", "--lang=en",
]
# WebDriver's name for the key under which an element comes.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Stale(RuntimeError):
    """The page was replaced between finding an element and using it; nothing was done to either page."""


class Browser:
    """One window."""

    def __init__(self, driver):
        self.driver = driver
        self.session = None
        self.wide = 1280

    def call(self, method, path, body=None):
        url = f"{self.driver}/session/{self.session}{path}" if self.session else f"{self.driver}/session"
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=90) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            kind = Stale if value["error"] == "stale element reference" else RuntimeError
            raise kind(f"{method} {path} {body}: {value['error']}: {value['message'][:300]}") from None

    def start(self, profile):
        options = {"binary": "/usr/bin/chromium", "args": [*FLAGS, f"--user-data-dir={profile}"]}
        always = {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"pageLoad": 30000, "implicit": 3000},
        }
        self.session = self.call("POST", "", {"capabilities": {"alwaysMatch": always}})["sessionId"]

    def tools(self, command, **params):
        """A command of the DevTools protocol."""
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": params})

    def width(self, width):
        """A desktop's window, or a telephone's below 600 pixels."""
        self.wide = width
        self.size(844 if width < 600 else 900)

    def size(self, height):
        metrics = {"width": self.wide, "height": height, "deviceScaleFactor": 1, "mobile": self.wide < 600}
        self.tools("Emulation.setDeviceMetricsOverride", **metrics)

    def dark(self, dark):
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.tools("Emulation.setEmulatedMedia", features=features)

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def url(self):
        return self.call("GET", "/url")

    def source(self):
        return self.call("GET", "/source")

    def script(self, code):
        return self.call("POST", "/execute/sync", {"script": code, "args": []})

    def find(self, css, using="css selector"):
        return self.call("POST", "/element", {"using": using, "value": css})[ELEMENT]

    def on(self, place, method, command, body=None, using="css selector"):
        """A command on the element at `place`, found anew where the page was replaced after it was found."""

        def attempt():
            try:
                return [self.call(method, f"/element/{self.find(place, using)}/{command}", body)]
            except Stale:
                return None

        return until(f"{command} on {place}", attempt)[0]

    def text(self, css="main"):
        return self.on(css, "GET", "text")

    def click(self, css):
        self.on(css, "POST", "click")

    def submit(self, css):
        """Clicks a form's button and waits for the page that is the answer: a click comes back before that is there."""
        self.script("window.beforeTheAnswer = true")
        self.click(css)
        arrived = "return !window.beforeTheAnswer && document.readyState === 'complete'"
        until(f"an answer to {css}", lambda: self.script(arrived))

    def press(self, xpath):
        self.on(xpath, "POST", "click", using="xpath")

    def attribute(self, xpath, name):
        return self.on(xpath, "GET", f"attribute/{name}", using="xpath")

    def follow(self, words):
        """Clicks the link with these words."""
        self.on(words, "POST", "click", using="partial link text")

    def type(self, css, text):
        self.on(css, "POST", "clear")
        self.on(css, "POST", "value", {"text": text})

    def frame(self, css=None):
        """Goes into a frame, or back to the page."""
        self.call("POST", "/frame", {"id": {ELEMENT: self.find(css)} if css else None})

    def cookies(self):
        return self.call("GET", "/cookie")

    def complaints(self):
        """What the browser's console says since it was last asked: errors, and breaches of the page's policy."""
        entries = self.call("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] in {"SEVERE", "WARNING"}]

    def picture(self, path, tallest=8000):
        """Keeps a picture of the page, cut at `tallest` pixels, and gives its size in octets.

        By the standard's own command: the driver gives it ten seconds and tries anew. The tools' command for a picture
        waits for ever where the browser's compositor, now and then, has no frame for it.
        """
        self.size(min(math.ceil(self.tools("Page.getLayoutMetrics")["cssContentSize"]["height"]), tallest))
        shot = self.call("GET", "/screenshot")
        self.width(self.wide)
        octets = base64.b64decode(shot)
        path.write_bytes(octets)
        return len(octets)


@contextlib.contextmanager
def browser(folder):
    """A browser with a profile of its own in `folder`."""
    log = folder / "chromedriver.log"
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder)}
    with running(["chromedriver", "--port=0"], log, env=environment):
        port = until("chromedriver starts", lambda: re.search(r"started successfully on port (\d+)", text_of(log)))[1]
        window = Browser(f"http://127.0.0.1:{port}")
        window.start(folder / "profile")
        try:
            yield window
        finally:
            with contextlib.suppress(Exception):
                window.call("DELETE", "")
