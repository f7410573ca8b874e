# SPDX-License-Identifier: MIT
"""Chromium without a window, over its debugging pipe: no port, no other library."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


# Of keys that the browser itself acts upon.
KEY_CODES = {"Tab": 9, "Escape": 27, "ArrowLeft": 37, "ArrowRight": 39}


class Browser:
    def __init__(self):
        program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        if not program:
            raise SystemExit("browser: no chromium is here; make check-web installs it on Debian")
        self._profile = tempfile.TemporaryDirectory(prefix="actop-web.", ignore_cleanup_errors=True)
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        self._process = subprocess.Popen(
            ["sh", "-c", f'exec 3<&{to_browser} 4>&{from_browser}; exec "$@"', "sh", program, "--headless=new",
             "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-pipe",
             f"--user-data-dir={self._profile.name}", "about:blank"],
            pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self._text = b""
        self._id = 0
        self.seen = []
        """Every request and every complaint of the page, as (kind, text)."""
        self._session = None
        target = self._first_page()
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def _first_page(self):
        while True:
            for target in self.call("Target.getTargets")["targetInfos"]:
                if target["type"] == "page":
                    return target["targetId"]

    def _receive(self):
        while b"\0" not in self._text:
            more = os.read(self._in, 1 << 20)
            if not more:
                raise SystemExit("browser: chromium has ended")
            self._text += more
        line, _, self._text = self._text.partition(b"\0")
        return json.loads(line)

    def _note(self, message):
        p = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.seen.append(("request", p["request"]["url"]))
            case "Runtime.exceptionThrown":
                self.seen.append(("error", json.dumps(p["exceptionDetails"])))
            case "Runtime.consoleAPICalled" if p["type"] in ("error", "warning"):
                self.seen.append(("error", json.dumps(p["args"])))
            case "Log.entryAdded" if p["entry"]["level"] in ("error", "warning"):
                self.seen.append(("error", p["entry"]["text"] + " " + p["entry"].get("url", "")))

    def call(self, method, **params):
        self._id += 1
        request = {"id": self._id, "method": method, "params": params}
        if self._session:
            request["sessionId"] = self._session
        os.write(self._out, json.dumps(request).encode() + b"\0")
        while (answer := self._receive()).get("id") != self._id:
            self._note(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def run(self, expression):
        """The value of an expression in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise AssertionError(result["exceptionDetails"])
        return result["result"].get("value")

    def until(self, expression, seconds=60):
        """Waits until the expression is true; its value."""
        deadline = time.monotonic() + seconds
        while not (value := self.run(expression)):
            if time.monotonic() > deadline:
                raise AssertionError(f"never true: {expression}")
            time.sleep(0.02)
        return value

    def size(self, width, height, theme="light"):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])

    def open(self, url):
        self.seen.clear()
        self.call("Page.navigate", url=url)

    def key(self, key):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=KEY_CODES.get(key, 0),
                      text=key if len(key) == 1 and kind == "keyDown" else "")

    def mouse(self, kind, x, y, **more):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def picture(self, path):
        with open(path, "wb") as f:
            f.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def close(self):
        self._process.kill()
        self._process.wait()
        os.close(self._out)
        os.close(self._in)
        self._profile.cleanup()
