# SPDX-License-Identifier: MIT
"""The page of actopctl serve in a real Chromium: page.py BUILD [PICTURES]."""

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

sys.path.insert(0, os.path.dirname(__file__))
from browser import Browser  # noqa: E402

BUILD = sys.argv[1]
PICTURES = sys.argv[2] if len(sys.argv) > 2 else None
SIZES = (("phone", 390, 844), ("desk", 1280, 800), ("wall", 2560, 1440))


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="actop-web.")
        cls.socket = f"{cls.folder.name}/s"
        cls.start_daemon()
        cls.server = subprocess.Popen([f"{BUILD}/actopctl", "serve", "-S", cls.socket, "--listen", "127.0.0.1:0"],
                                      stdout=subprocess.PIPE, text=True)
        cls.url = cls.server.stdout.readline().strip()
        cls.browser = Browser()

    @classmethod
    def start_daemon(cls):
        cls.daemon = subprocess.Popen(
            [f"{BUILD}/actopd-apple", "--socket", cls.socket, "--state", f"{cls.folder.name}/state", "--interval", "200ms"],
            env=os.environ | {"ACTOP_WORLD": "tests/fixtures/apple/m4-pro.json"}, stderr=subprocess.DEVNULL)
        while subprocess.run([f"{BUILD}/actopctl", "-S", cls.socket, "now"], capture_output=True, check=False).returncode:
            time.sleep(0.02)

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.server.terminate()
        cls.server.wait()
        cls.server.stdout.close()
        cls.daemon.terminate()
        cls.daemon.wait()
        cls.folder.cleanup()

    def open(self):
        self.browser.open(self.url)
        self.browser.until("typeof page === 'object' && page.times.length > 2 && page.stream?.readyState === 1")

    def check_quiet(self):
        """No complaint, and no request that left the origin."""
        self.browser.run("0")
        self.assertEqual([text for kind, text in self.browser.seen if kind == "error"], [])
        outside = [url for kind, url in self.browser.seen
                   if kind == "request" and not url.startswith(self.url) and not url.startswith("data:")]
        self.assertEqual(outside, [])

    def test_charts_are_drawn_with_the_past_in_them(self):
        self.open()
        titles = self.browser.run("[...document.querySelectorAll('.panel h2')].map((h) => h.textContent)")
        for title in ("CPU", "GPU and ANE", "Power", "Memory", "Memory bandwidth", "Temperature"):
            self.assertIn(title, titles)
        inked = self.browser.run("""[...document.querySelectorAll('.panel canvas')].every((c) =>
            c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v))""")
        self.assertTrue(inked)
        self.browser.until("document.querySelector('.panel [role=img]').getAttribute('aria-label').includes('E 30 %')")
        self.assertEqual(self.browser.run("page.charts.find((p) => p.title === 'CPU').chart.data[2].at(-1)"), 30)
        self.check_quiet()

    def test_the_first_chart_is_there_within_300_ms(self):
        self.open()
        self.browser.open(self.url)
        first = self.browser.until("""document.querySelector('.panel canvas') && page.times.length
            && performance.getEntriesByType('resource').filter((e) => e.name.includes('history'))[0]?.responseEnd""")
        print(f"page: history was there {first:.0f} ms after navigation")
        self.assertLess(first, 3000)

    def test_it_follows_live(self):
        self.open()
        last = self.browser.run("page.times.at(-1)")
        self.browser.until(f"page.times.at(-1) > {last} + 1")
        self.check_quiet()

    def test_a_drag_zooms_and_escape_returns(self):
        self.open()
        box = self.browser.run("(({x, y, width, height}) => ({x, y, width, height}))(document.querySelector('.u-over').getBoundingClientRect())")
        y = box["y"] + box["height"] / 2
        self.browser.mouse("mousePressed", box["x"] + box["width"] - 60, y, button="left", clickCount=1)
        self.browser.mouse("mouseMoved", box["x"] + box["width"] - 2, y, button="left")
        self.browser.mouse("mouseReleased", box["x"] + box["width"] - 2, y, button="left", clickCount=1)
        self.browser.until("page.zoom !== null && document.getElementById('state').textContent === 'zoomed'")
        self.browser.key("Escape")
        self.browser.until("page.zoom === null && page.stream?.readyState === 1")
        self.check_quiet()

    def test_keys_choose_ranges_pause_and_theme(self):
        self.open()
        self.browser.key("3")
        self.browser.until("page.range === '1h' && document.querySelector('[value=\"1h\"]').checked")
        self.browser.key(" ")
        self.browser.until("page.paused && document.getElementById('pause').getAttribute('aria-pressed') === 'true'")
        self.browser.key(" ")
        self.browser.key("t")
        self.browser.until("['dark', 'light'].includes(document.documentElement.dataset.theme)")
        self.browser.key("1")
        self.browser.until("page.range === '5m' && !page.paused")
        self.check_quiet()

    def test_every_range_draws(self):
        self.open()
        for i, name in enumerate(("5m", "15m", "1h", "6h", "24h", "7d", "30d"), 1):
            self.browser.key(str(i))
            self.browser.until(f"page.range === '{name}' && page.times.length > 0 && page.stream?.readyState === 1")
        self.check_quiet()

    def test_a_mark_appears_among_the_events(self):
        self.open()
        subprocess.run([f"{BUILD}/actopctl", "-S", self.socket, "mark", "<b>epoch 3</b>"], stdout=subprocess.DEVNULL, check=True)
        self.browser.until("document.getElementById('events').textContent.includes('mark <b>epoch 3</b>')")
        self.check_quiet()

    def test_a_daemon_that_comes_back_is_found_again(self):
        self.open()
        self.daemon.kill()
        self.daemon.wait()
        self.browser.until("document.getElementById('state').classList.contains('lost')")
        last = self.browser.run("page.times.at(-1)")
        self.start_daemon()
        self.browser.until(f"page.times.at(-1) > {last} && document.getElementById('state').textContent === 'live'")
        self.assertTrue(self.browser.run("page.times.every((t, i) => i === 0 || t > page.times[i - 1])"))

    def test_no_size_scrolls_sideways_in_either_theme(self):
        for name, width, height in SIZES:
            for theme in ("light", "dark"):
                self.browser.size(width, height, theme)
                self.open()
                self.assertLessEqual(self.browser.run("document.documentElement.scrollWidth"), width)
                if PICTURES:
                    self.browser.picture(f"{PICTURES}/page-{name}-{theme}.png")
        self.browser.size(1280, 800)

    def test_everything_that_acts_has_a_name_and_takes_the_focus(self):
        self.open()
        bad = self.browser.run("""[...document.querySelectorAll('button, input, [role=img], section')].filter((e) =>
            !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.textContent.trim() || e.closest('label')?.textContent.trim()))
            .map((e) => e.outerHTML.slice(0, 80))""")
        self.assertEqual(bad, [])

    def test_the_first_load_is_small(self):
        with urllib.request.urlopen(urllib.request.Request(self.url, headers={"Accept-Encoding": "gzip"})) as r:
            self.assertLess(len(r.read()), 200 * 1024)


if __name__ == "__main__":
    result = unittest.main(argv=sys.argv[:1], exit=False).result
    bad = len(result.failures) + len(result.errors)
    print(f"page: {result.testsRun - bad} passed, {bad} failed")
    sys.exit(bad > 0 or result.testsRun == 0)
