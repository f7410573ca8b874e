# SPDX-License-Identifier: MIT
"""Debian's Prometheus scrapes actopctl serve: prometheus.py BUILD [PICTURES].

The machine is a world of known rates: cpu 8.42 W, gpu 3.5 W.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.dirname(__file__))
from browser import Browser  # noqa: E402

BUILD = sys.argv[1]
PICTURES = sys.argv[2] if len(sys.argv) > 2 else None
RULES = os.path.abspath("client/prometheus/actop.rules.yml")

# Names of actop 1.0.0 that its users' dashboards have; promtool would like bytes.
KEPT = {"actop_ram_used_gigabytes", "actop_swap_used_gigabytes"}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


class Scraped(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="actop-prom.")
        cls.socket = f"{cls.folder.name}/s"
        cls.port, cls.prom_port = free_port(), free_port()
        world = f"{cls.folder.name}/world.json"
        with open("tests/fixtures/apple/m4-pro.json", encoding="utf-8") as known, open(world, "w", encoding="utf-8") as steady:
            json.dump({key: value for key, value in json.load(known).items() if key not in ("script", "repeat_s")}, steady)
        cls.daemon = subprocess.Popen(
            [f"{BUILD}/actopd-apple", "--socket", cls.socket, "--state", "none", "--interval", "200ms"],
            env=os.environ | {"ACTOP_WORLD": world}, stderr=subprocess.DEVNULL)
        cls.start_server()
        config = {"global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": [RULES],
                  "scrape_configs": [{"job_name": "actop", "static_configs": [{"targets": [f"127.0.0.1:{cls.port}"]}]}]}
        with open(f"{cls.folder.name}/prometheus.yml", "w", encoding="ascii") as f:
            json.dump(config, f)
        cls.prometheus = subprocess.Popen(
            ["prometheus", f"--config.file={f.name}", f"--storage.tsdb.path={cls.folder.name}/data",
             f"--web.listen-address=127.0.0.1:{cls.prom_port}"], stderr=subprocess.DEVNULL)

    @classmethod
    def start_server(cls):
        cls.server = subprocess.Popen(
            [f"{BUILD}/actopctl", "serve", "-S", cls.socket, "--listen", f"127.0.0.1:{cls.port}"], stdout=subprocess.PIPE)
        cls.server.stdout.readline()

    @classmethod
    def stop_server(cls):
        cls.server.terminate()
        cls.server.wait()
        cls.server.stdout.close()

    @classmethod
    def tearDownClass(cls):
        cls.stop_server()
        for process in (cls.prometheus, cls.daemon):
            process.terminate()
            process.wait()
        cls.folder.cleanup()

    def ask(self, expression):
        url = f"http://127.0.0.1:{self.prom_port}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        try:
            with urllib.request.urlopen(url, timeout=5) as r:
                return json.load(r)["data"]["result"]
        except OSError:
            return []

    def query(self, expression):
        return [float(x["value"][1]) for x in self.ask(expression)]

    def until(self, expression, true=bool, seconds=60):
        deadline = time.monotonic() + seconds
        while not (values := self.query(expression)) or not true(values[0]):
            self.assertLess(time.monotonic(), deadline, f"{expression}: {values}")
            time.sleep(0.1)
        return values[0]

    def test_the_series_have_the_worlds_values(self):
        self.assertAlmostEqual(self.until("actop_cpu_power_watts"), 8.42, 2)
        self.assertAlmostEqual(self.until("actop_gpu_power_watts"), 3.5, 2)
        self.assertEqual(self.until("actop_up"), 1)
        self.assertEqual(self.until('count(actop_core_utilization_percent{cluster="P"})'), 10)

    def test_energy_over_a_gap_between_scrapes_is_right(self):
        joules = 'actop_energy_joules_total{rail="cpu"}'
        before = self.until(joules)
        began = time.monotonic()
        self.stop_server()
        while time.monotonic() - began < 5:  # the gap itself
            time.sleep(0.1)
        self.start_server()
        self.until(joules, lambda j: j > before + 5 * 8.42 * 0.9)
        self.until(f"count_over_time({joules}[30s])", lambda n: n >= 5)
        points = self.ask(f"{joules}[30s]")[0]["values"]
        seconds, grown = points[-1][0] - points[0][0], float(points[-1][1]) - float(points[0][1])
        self.assertGreater(max(b[0] - a[0] for a, b in zip(points, points[1:])), 4)
        self.assertAlmostEqual(grown / seconds, 8.42, delta=0.5)
        self.assertGreater(self.until(f"increase({joules}[30s])"), 5 * 8.42)

    def test_the_rules_are_evaluated(self):
        self.until("actop:package_power_watts:avg5m", lambda w: abs(w - 11.96) < 0.5)
        self.until("actop:energy_watt_hours:increase1h")

    def test_promtool_finds_nothing_but_the_kept_names(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics") as r:
            text = r.read()
        told = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
        self.assertEqual({line.split()[0] for line in told.stderr.decode().splitlines()}, KEPT)
        self.assertEqual(subprocess.run(["promtool", "check", "rules", RULES], capture_output=True, check=False).returncode, 0)

    def test_the_dashboard_asks_only_for_what_there_is(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics") as r:
            names = {line.split(b" ")[2].decode() for line in r if line.startswith(b"# TYPE")}
        with open("client/prometheus/grafana.json", encoding="utf-8") as f:
            dashboard = json.load(f)
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                name = target["expr"].split("{")[0].split("(")[-1]
                if name != "actop_alert_firing":  # only while a rule fires
                    self.assertIn(name, names, panel["title"])

    def test_the_browser_of_prometheus_shows_a_series(self):
        self.until("actop_cpu_power_watts")
        browser = Browser()
        try:
            browser.size(1280, 800)
            expression = urllib.parse.quote("actop_cpu_power_watts")
            browser.open(f"http://127.0.0.1:{self.prom_port}/graph?g0.expr={expression}&g0.tab=1")
            browser.until("document.body?.innerText.includes('actop_cpu_power_watts{') && document.body.innerText.includes('8.42')")
            if PICTURES:
                browser.picture(f"{PICTURES}/prometheus.png")
        finally:
            browser.close()


if __name__ == "__main__":
    for tool in ("prometheus", "promtool"):
        if not shutil.which(tool):
            raise SystemExit(f"prometheus.py: no {tool} is here; make check-web installs it on Debian")
    result = unittest.main(argv=sys.argv[:1], exit=False).result
    bad = len(result.failures) + len(result.errors)
    print(f"prometheus: {result.testsRun - bad} passed, {bad} failed")
    sys.exit(bad > 0 or result.testsRun == 0)
