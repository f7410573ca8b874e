# SPDX-License-Identifier: MIT
"""The page of actopctl serve in a real Chromium: page.py BUILD [PICTURES]."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

sys.path.insert(0, os.path.dirname(__file__))
import past  # noqa: E402
from browser import Browser  # noqa: E402

BUILD = sys.argv[1]
PICTURES = sys.argv[2] if len(sys.argv) > 2 else None
SIZES = (("phone", 390, 844), ("desk", 1280, 800), ("wall", 2560, 1440))
RANGES = ("5m", "15m", "1h", "6h", "24h", "7d", "30d")
FIRST_CHART_MS = 300
FIRST_LOAD_BYTES = 200 * 1024
TOKEN = "0123456789abcdef-token"

THERE = "typeof page === 'object' && page.times.length > 2 && page.stream?.readyState === 1"
SAYS_NOW = "document.getElementById('state').dataset.state === '%s'"

CONTRAST = """(() => {
  const style = getComputedStyle(document.documentElement), paint = document.createElement('canvas').getContext('2d');
  const light = (name) => {
    paint.fillStyle = style.getPropertyValue('--' + name).trim();
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(paint.fillStyle.slice(i, i + 2), 16) / 255)
      .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const texts = ['text', 'faint', 'accent', 'good', 'warn', 'critical'].flatMap((t) => ['panel', 'page'].map((g) => [t, g, 4.5]));
  const chips = [['warn', 'warn-ground', 4.5], ['critical', 'critical-ground', 4.5], ['panel', 'accent', 4.5]];
  const lines = ['ink', 'blue', 'teal', 'violet', 'orange', 'pink', 'gold', 'grey'].map((c) => [c, 'panel', 3]);
  return [...texts, ...chips, ...lines].filter(([a, b, least]) => ratio(a, b) < least).map(([a, b]) => `${a} on ${b}: ${ratio(a, b).toFixed(2)}`);
})()"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


class Machine(unittest.TestCase):
    """A daemon with an hour of past, a server, a browser."""

    serve_options = ()

    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="actop-web.")
        cls.folder = cls.holder.name
        cls.port = free_port()
        cls.url = f"http://127.0.0.1:{cls.port}/"
        cls.make_past()
        cls.start_daemon()
        cls.start_server()
        cls.browser = Browser()
        cls.browser.size(1280, 800)

    @classmethod
    def make_past(cls):
        past.fill(BUILD, cls.folder, 3600)

    @classmethod
    def start_daemon(cls):
        cls.daemon = past.start(BUILD, cls.folder, "--state", f"{cls.folder}/state", "--interval", "1s")
        past.until_asked(BUILD, cls.folder)

    @classmethod
    def start_server(cls):
        cls.server = subprocess.Popen(
            [f"{BUILD}/actopctl", "serve", "-S", f"{cls.folder}/s", "--listen", f"127.0.0.1:{cls.port}", *cls.serve_options],
            stdout=subprocess.PIPE, text=True)
        cls.server.stdout.readline()

    @classmethod
    def stop_server(cls):
        cls.server.terminate()
        cls.server.wait()
        cls.server.stdout.close()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.stop_server()
        cls.daemon.terminate()
        cls.daemon.wait()
        cls.holder.cleanup()

    def open(self, until=THERE):
        self.browser.open(self.url)
        self.browser.until(until)

    def mark(self, text):
        subprocess.run([f"{BUILD}/actopctl", "-S", f"{self.folder}/s", "mark", text], stdout=subprocess.DEVNULL, check=True)

    def check_quiet(self):
        """No complaint, and no request that left the origin."""
        self.browser.run("0")
        self.assertEqual([text for kind, text in self.browser.seen if kind == "error"], [])
        outside = [url for kind, url in self.browser.seen
                   if kind == "request" and not url.startswith(self.url) and not url.startswith("data:")]
        self.assertEqual(outside, [])


class Page(Machine):
    def test_charts_are_drawn_with_the_past_in_them(self):
        self.open()
        titles = self.browser.run("[...document.querySelectorAll('#charts h2')].map((h) => h.firstChild.textContent)")
        for title in ("CPU", "Cores", "GPU and ANE", "Power", "Memory", "Memory bandwidth", "Temperature", "Frequency", "Fans", "Network", "Disk"):
            self.assertIn(title, titles)
        self.assertNotIn("Pressure", titles, "a Mac has no such thing")
        inked = self.browser.run("""[...document.querySelectorAll('.plot canvas')].every((c) =>
            c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v))""")
        self.assertTrue(inked)
        self.browser.key("3")
        self.browser.until("page.range === '1h' && page.times.at(-1) - page.times[0] > 3500 && page.times.length > 300")
        self.browser.until("document.querySelector('.plot').getAttribute('aria-label').includes('E 30.0 %')")
        self.assertGreater(self.browser.run("Math.max(...page.charts.find((p) => p.title === 'CPU').chart.data[1].filter((v) => v))"), 50)
        self.check_quiet()

    def test_the_first_chart_is_there_within_300_ms(self):
        self.open()
        times = []
        for _ in range(5):
            self.browser.open(self.url)
            times.append(self.browser.until("performance.getEntriesByName('first-chart')[0]?.startTime"))
        print(f"page: first chart after {sorted(times)[0]:.0f} to {sorted(times)[-1]:.0f} ms")
        self.assertLess(sorted(times)[0], FIRST_CHART_MS)

    def test_it_follows_live_without_a_hole_between_past_and_present(self):
        self.open()
        last = self.browser.run("page.times.at(-1)")
        self.browser.until(f"page.times.at(-1) > {last} + 2")
        self.assertEqual(self.browser.run(f"page.times.filter((t, i) => i && t > {last} - 2 && (t <= page.times[i - 1] || t > page.times[i - 1] + 1.6))"), [])
        self.check_quiet()

    def test_at_a_long_range_the_figures_still_live_and_the_newest_point_is_a_mean(self):
        self.open()
        self.browser.key("4")
        self.browser.until("page.step >= 36 && page.open?.cpu_watts?.n >= 2")
        before = self.browser.run("[page.times.length, page.times.at(-1)]")
        self.browser.until(f"page.times.at(-1) > {before[1]}")
        self.assertLessEqual(self.browser.run("page.times.length"), before[0] + 1)
        self.browser.until("document.querySelector('#tiles dd').textContent.includes('%')")

    def test_a_zoom_into_times_of_which_less_was_kept_has_whole_lines(self):
        self.open()
        drawn = self.browser.run("""(() => {
            const rows = [...Array(9).keys()].map((i) => ({ ts_ms: i * 60000 + 60000, dt_ms: i ? 60000 : null, v: { cpu_util_pct: 5 } }));
            rows.push({ ...rows[8], ts_ms: 9e6 });
            page.step = Math.max(1000, spacing(rows)) / 1000;
            clearRows();
            rows.forEach(addRow);
            return page.values.cpu_util_pct;
        })()""")
        self.assertEqual(drawn, [5] * 9 + [None, 5], "joined, but for the hole")

    def test_a_drag_zooms_and_escape_returns(self):
        self.open()
        box = self.browser.run("(({x, y, width, height}) => ({x, y, width, height}))(document.querySelector('.u-over').getBoundingClientRect())")
        y = box["y"] + box["height"] / 2
        self.browser.mouse("mousePressed", box["x"] + box["width"] - 60, y, button="left", clickCount=1)
        self.browser.mouse("mouseMoved", box["x"] + box["width"] - 2, y, button="left")
        self.browser.mouse("mouseReleased", box["x"] + box["width"] - 2, y, button="left", clickCount=1)
        self.browser.until("page.zoom && page.zoom.to - page.zoom.from < 100 && page.times.length > 2 && !document.getElementById('reset').hidden")
        self.browser.key("Escape")
        self.browser.until("page.zoom === null && page.stream?.readyState === 1 && document.getElementById('reset').hidden")
        self.check_quiet()

    def test_buttons_and_arrows_move_in_time(self):
        self.open()
        for press in (lambda: self.browser.run("document.getElementById('earlier').click()"), lambda: self.browser.key("ArrowLeft")):
            at = self.browser.run("page.zoom?.to ?? page.times.at(-1)")
            press()
            self.browser.until(f"page.zoom && page.zoom.to < {at} - 100 && page.times.at(-1) <= page.zoom.to && page.times.length > 100")
        width = self.browser.run("page.zoom.to - page.zoom.from")
        self.browser.run("document.getElementById('closer').click()")
        self.browser.until(f"page.zoom.to - page.zoom.from < {width} * 0.6")
        self.browser.run("document.getElementById('wider').click()")
        self.browser.until(f"page.zoom.to - page.zoom.from > {width} * 0.9")
        self.browser.run("document.getElementById('reset').click()")
        self.browser.until("page.zoom === null && page.stream?.readyState === 1")
        self.check_quiet()

    def test_keys_choose_ranges_pause_and_theme(self):
        self.open()
        self.browser.key("3")
        self.browser.until("page.range === '1h' && document.querySelector('[value=\"1h\"]').checked")
        self.browser.key(" ")
        self.browser.until("page.paused && document.getElementById('pause').getAttribute('aria-pressed') === 'true' && page.stream === null")
        self.browser.key(" ")
        theme = self.browser.run("document.documentElement.dataset.theme")
        self.browser.key("t")
        other = self.browser.until(f"document.documentElement.dataset.theme !== '{theme}' && document.documentElement.dataset.theme")
        self.open()
        self.assertEqual(self.browser.run("document.documentElement.dataset.theme"), other, "it is remembered")
        self.browser.run("localStorage.clear()")
        self.browser.key("?")
        self.browser.until("document.getElementById('help').open")
        self.browser.key("Escape")
        self.browser.until("!document.getElementById('help').open")
        self.check_quiet()

    def test_every_range_draws(self):
        self.open()
        for i, name in enumerate(RANGES, 1):
            self.browser.key(str(i))
            self.browser.until(f"page.range === '{name}' && page.times.length > 0 && page.stream?.readyState === 1")
        self.check_quiet()

    def test_a_series_can_be_hidden(self):
        self.open()
        button = "document.querySelectorAll('.series')[1]"
        self.browser.run(f"{button}.click()")
        self.assertEqual(self.browser.run(f"[{button}.getAttribute('aria-pressed'), page.charts[0].chart.series[2].show]"), ["false", False])
        self.browser.run(f"{button}.click()")
        self.assertTrue(self.browser.run("page.charts[0].chart.series[2].show"))

    def test_a_mark_appears_among_the_events_and_on_the_time_axis(self):
        self.open()
        self.mark("<b>epoch 3</b>")
        self.browser.until("document.getElementById('events').textContent.includes('<b>epoch 3</b>') && page.times.at(-1) > page.events.at(-1).ts_ms / 1000 + 1")
        x, y = self.browser.run("""(() => {
            const { chart } = page.charts[0], box = chart.over.getBoundingClientRect();
            return [box.x + chart.valToPos(page.events.at(-1).ts_ms / 1000, 'x'), box.y + 20];
        })()""")
        self.browser.mouse("mouseMoved", x - 40, y)
        self.browser.mouse("mouseMoved", x, y)
        self.browser.until("!document.getElementById('tip').hidden && document.getElementById('tip').textContent.includes('<b>epoch 3</b>')")
        self.browser.mouse("mouseMoved", 2, 2)
        self.check_quiet()

    def test_an_alert_of_the_past_is_a_band_in_the_charts(self):
        self.open()
        self.browser.key("3")
        band = self.browser.until("page.range === '1h' && page.bands?.find((b) => b.to && b.to - b.from > 300)")
        self.assertLess(band["to"], time.time())
        self.assertTrue(self.browser.run("document.getElementById('events').textContent.includes('mem_bound firing')"))

    def test_the_verdict_the_energy_and_what_is_not_known_are_said(self):
        self.open()
        self.browser.until("document.querySelector('#verdict h2').textContent.length > 5 && document.querySelector('#verdict p').textContent.length > 5")
        self.browser.until("/[1-9].*Wh/.test(page.energyTile.value.textContent)")
        self.assertIn("bandwidth_read_gbps", self.browser.run("document.getElementById('unknown').textContent"))

    def test_the_energy_of_the_range_keeps_up(self):
        self.open()
        self.browser.until("/Wh/.test(page.energyTile.value.textContent)")
        self.browser.run("page.asked -= 20000; page.energyTile.value.textContent = 'old'; page.reason = 'old'")
        self.browser.until("/Wh/.test(page.energyTile.value.textContent) && page.reason !== 'old'")

    def test_a_daemon_that_comes_back_is_found_again(self):
        self.open()
        self.daemon.kill()
        self.daemon.wait()
        self.browser.until(SAYS_NOW % "lost")
        last = self.browser.run("page.times.at(-1)")
        self.start_daemon()
        self.browser.until(f"page.times.at(-1) > {last} && {SAYS_NOW % 'live'}")
        self.assertTrue(self.browser.run("page.times.every((t, i) => i === 0 || t > page.times[i - 1])"))

    def test_a_server_that_comes_back_is_found_again_and_its_events_too(self):
        self.open()
        self.stop_server()
        self.browser.until(SAYS_NOW % "lost")
        self.mark("meanwhile")
        self.start_server()
        self.browser.until(f"{SAYS_NOW % 'live'} && document.getElementById('events').textContent.includes('meanwhile')")
        last = self.browser.run("page.times.at(-1)")
        self.browser.until(f"page.times.at(-1) > {last}")
        self.assertTrue(self.browser.run("page.times.every((t, i) => i === 0 || t > page.times[i - 1])"))

    def test_without_a_daemon_it_says_how_to_start_one_and_goes_on_by_itself(self):
        self.daemon.terminate()
        self.daemon.wait()
        self.open("typeof page === 'object' && !document.getElementById('notice').hidden")
        self.assertIn("brew services start actopd", self.browser.run("document.getElementById('notice').textContent"))
        self.start_daemon()
        self.browser.until(f"{THERE} && document.getElementById('notice').hidden && {SAYS_NOW % 'live'}")

    def test_no_size_scrolls_sideways_in_either_theme(self):
        for name, width, height in SIZES:
            for theme in ("light", "dark"):
                self.browser.size(width, height, theme)
                self.open()
                self.browser.key("3")
                self.browser.until("page.range === '1h' && page.times.length > 300 && page.stream?.readyState === 1 && page.bands?.length")
                self.assertLessEqual(self.browser.run("document.documentElement.scrollWidth"), width)
                self.assertEqual(self.browser.run(CONTRAST), [], theme)
                if PICTURES:
                    self.browser.until("/Wh/.test(page.energyTile.value.textContent)")
                    self.browser.picture(f"{PICTURES}/page-{name}-{theme}.png")
        self.browser.size(1280, 800)

    def test_a_wall_screen_shows_every_chart_without_scrolling(self):
        self.browser.size(2560, 1440)
        self.open()
        self.assertLessEqual(self.browser.run("Math.max(...[...document.querySelectorAll('#charts > *')].map((p) => p.getBoundingClientRect().bottom))"), 1440)
        self.browser.size(1280, 800)

    def test_everything_that_acts_has_a_name_and_is_reached_by_tab(self):
        self.open()
        bad = self.browser.run("""[...document.querySelectorAll('button, input, [role=img], section:not([hidden]), fieldset')].filter((e) =>
            !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.textContent.trim() || e.closest('label')?.textContent.trim()))
            .map((e) => e.outerHTML.slice(0, 80))""")
        self.assertEqual(bad, [])
        reached = set()
        for _ in range(60):
            self.browser.key("Tab")
            reached.add(self.browser.run("document.activeElement.id || document.activeElement.className"))
        for what in ("skip", "earlier", "later", "closer", "wider", "pause", "theme", "keys", "plot", "series", "events", "apps-toggle"):
            self.assertIn(what, {name.split(" ")[0] for name in reached})

    def test_a_chart_is_read_value_by_value(self):
        self.open()
        self.browser.run("document.querySelector('.plot').focus()")
        for _ in range(30):
            self.browser.key("ArrowLeft")
        first = self.browser.until("document.getElementById('reader').textContent")
        self.browser.key("ArrowLeft")
        self.browser.until(f"document.getElementById('reader').textContent !== {first!r}")
        self.assertRegex(first, r"^\d\d:\d\d:\d\d: all .* %, P .* %, E .* %")
        self.assertFalse(self.browser.run("Boolean(page.zoom)"))

    def test_what_is_read_out_by_itself_is_silent_while_nothing_happens(self):
        self.open()
        self.browser.run("""window.said = [];
            for (const node of document.querySelectorAll('[role=status], [aria-live]'))
                new MutationObserver(() => said.push(node.id || node.tagName)).observe(node, { childList: true, characterData: true, subtree: true });""")
        last = self.browser.run("page.times.at(-1)")
        limit = self.browser.run("[page.newest.limit, page.newest.thermal_state].join()")
        self.browser.until(f"page.times.at(-1) > {last} + 3")
        if self.browser.run("[page.newest.limit, page.newest.thermal_state].join()") == limit:
            self.assertEqual(self.browser.run("said.filter((id) => id === 'state' || id === 'reader')"), [])

    def test_the_first_load_is_small(self):
        with urllib.request.urlopen(urllib.request.Request(self.url, headers={"Accept-Encoding": "gzip"})) as r:
            self.assertLess(len(r.read()), FIRST_LOAD_BYTES)
        self.open()
        loaded = self.browser.run("performance.getEntries().reduce((sum, e) => sum + (e.transferSize ?? 0), 0)")
        print(f"page: {loaded / 1024:.0f} KiB came for the first load, data included")
        self.assertLess(loaded, FIRST_LOAD_BYTES)


class Guarded(Machine):
    """The server wants a token."""

    @classmethod
    def make_past(cls):
        with open(f"{cls.folder}/token", "w", encoding="ascii") as f:
            f.write(TOKEN + "\n")
        cls.serve_options = ("--token-file", f.name)

    def test_the_page_asks_for_the_token_and_keeps_it_out_of_the_address(self):
        self.open("document.querySelector('#notice input') !== null")
        self.browser.call("Input.insertText", text="wrong")
        self.browser.run("document.querySelector('#notice form').requestSubmit()")
        self.browser.until("document.querySelector('#notice')?.textContent.includes('not right') && document.querySelector('#notice input') !== null")
        self.browser.call("Input.insertText", text=TOKEN)
        self.browser.run("document.querySelector('#notice form').requestSubmit()")
        self.browser.until(THERE)
        self.browser.run("sessionStorage.clear()")
        self.browser.open("about:blank")
        self.browser.open(self.url + "#token=" + TOKEN)
        self.browser.until(THERE)
        self.assertEqual(self.browser.run("location.href"), self.url)


class Linux(Machine):
    """This machine itself, which has no power sensor and has processes."""

    @classmethod
    def make_past(cls):
        pass

    @classmethod
    def start_daemon(cls):
        cls.daemon = subprocess.Popen([f"{BUILD}/actopd", "--socket", f"{cls.folder}/s", "--state", "none", "--interval", "200ms"], stderr=subprocess.DEVNULL)
        past.until_asked(BUILD, cls.folder)

    def test_it_shows_what_this_machine_has(self):
        self.open()
        titles = self.browser.run("[...document.querySelectorAll('#charts h2')].map((h) => h.firstChild.textContent)")
        for title in ("CPU", "Cores", "Memory", "Network", "Disk", "Load"):
            self.assertIn(title, titles)
        self.browser.until("document.querySelector('#tiles dd').textContent.includes('%')")
        self.check_quiet()

    def test_applications_are_looked_at_on_request_only(self):
        self.open()
        self.assertEqual([url for kind, url in self.browser.seen if "processes" in url], [])
        self.browser.key("a")
        self.browser.until("document.querySelectorAll('#apps tbody tr').length > 0")
        self.assertIn("CPU", self.browser.run("document.querySelector('#apps thead').textContent"))
        self.browser.key("a")
        self.browser.until("!document.querySelector('#apps tbody') && !page.apps")
        self.check_quiet()


if __name__ == "__main__":
    result = unittest.main(argv=[sys.argv[0], *sys.argv[3:]], exit=False).result
    bad = len(result.failures) + len(result.errors)
    print(f"page: {result.testsRun - bad} passed, {bad} failed")
    sys.exit(bad > 0 or result.testsRun == 0)
