# SPDX-License-Identifier: MIT
"""Debian's Prometheus scrapes actopctl serve: prometheus.py BUILD [PICTURES].

The machine is a world of known rates: cpu 8.42 W, gpu 3.5 W.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.dirname(__file__))
from browser import Browser  # noqa: E402

BUILD = sys.argv[1]
PICTURES = sys.argv[2] if len(sys.argv) > 2 else None
TREE = os.path.abspath("client/prometheus")
RULES = f"{TREE}/actop.rules.yml"

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

    def ask(self, expression, port=None):
        url = f"http://127.0.0.1:{port or self.prom_port}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        try:
            with urllib.request.urlopen(url, timeout=5) as r:
                return json.load(r)["data"]["result"]
        except OSError:
            return []

    def query(self, expression, port=None):
        return [float(x["value"][1]) for x in self.ask(expression, port)]

    def until(self, expression, true=bool, seconds=60, port=None):
        deadline = time.monotonic() + seconds
        while not (values := self.query(expression, port)) or not true(values[0]):
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

    def scrape(self, path="/metrics", **headers):
        with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)) as r:
            return r.read().decode()

    def promtool(self, *args, text=None):
        return subprocess.run(["promtool", *args], input=text, capture_output=True, text=True, check=False)

    def test_promtool_finds_nothing_but_the_kept_names(self):
        told = self.promtool("check", "metrics", text=self.scrape())
        self.assertEqual({line.split()[0] for line in told.stderr.splitlines()}, KEPT)
        told = self.promtool("check", "metrics", text=self.scrape("/metrics?processes=5"))
        self.assertEqual({line.split()[0] for line in told.stderr.splitlines()}, KEPT)

    def test_promtool_finds_nothing_in_rules_and_configurations(self):
        for what in (("check", "rules", RULES), ("test", "rules", f"{TREE}/actop.rules.test.yml"),
                     ("check", "config", f"{TREE}/prometheus.yml"), ("check", "config", "--agent", f"{TREE}/agent.yml")):
            told = self.promtool(*what)
            self.assertEqual((told.returncode, told.stderr), (0, ""), told.stdout)
            self.assertNotIn("warn", told.stdout.lower())

    def test_openmetrics_is_what_its_own_parser_takes(self):
        text = self.scrape(Accept="application/openmetrics-text; version=1.0.0")
        code = "import sys; from prometheus_client.openmetrics.parser import text_string_to_metric_families as f; print(len(list(f(sys.stdin.read()))))"
        for python in (sys.executable, "/usr/bin/python3"):
            told = subprocess.run([python, "-c", code], input=text, capture_output=True, text=True, check=False)
            if "No module named 'prometheus_client'" not in told.stderr:
                break
        else:
            print("prometheus: the parser of OpenMetrics was not run: no prometheus_client is here (Debian: python3-prometheus-client)")
            return
        self.assertEqual(told.stderr, "")
        self.assertGreater(int(told.stdout), 40)

    def test_an_agent_sends_what_its_server_then_has(self):
        agent_port, central_port, folder = free_port(), free_port(), self.folder.name
        with open(f"{TREE}/agent.yml", encoding="utf-8") as f:
            text = f.read()
        text = text.replace("127.0.0.1:9464", f"127.0.0.1:{self.port}").replace("https://prometheus.example", f"http://127.0.0.1:{central_port}")
        for name, content in (("agent.yml", text.replace("15s", "1s")), ("central.yml", "{}")):
            with open(f"{folder}/{name}", "w", encoding="utf-8") as f:
                f.write(content)
        started = [subprocess.Popen(["prometheus", *arguments], stderr=subprocess.DEVNULL) for arguments in (
            (f"--config.file={folder}/central.yml", f"--storage.tsdb.path={folder}/central", "--web.enable-remote-write-receiver", f"--web.listen-address=127.0.0.1:{central_port}"),
            ("--enable-feature=agent", f"--config.file={folder}/agent.yml", f"--storage.agent.path={folder}/agent", f"--web.listen-address=127.0.0.1:{agent_port}"))]
        try:
            self.assertAlmostEqual(self.until('actop_cpu_power_watts{host="studio"}', port=central_port), 8.42, 2)
        finally:
            for process in started:
                process.terminate()
                process.wait()

    def test_the_dashboard_asks_only_for_what_there_is(self):
        names = {line.split(" ")[2] for line in self.scrape().splitlines() if line.startswith("# TYPE")}
        with open(f"{TREE}/grafana.json", encoding="utf-8") as f:
            dashboard = json.load(f)
        taken = set()
        self.until("actop_up")
        for panel in dashboard["panels"]:
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            self.assertFalse(cells & taken, panel["title"])
            self.assertLessEqual(at["x"] + at["w"], 24)
            taken |= cells
            for target in panel["targets"]:
                asked = set(re.findall(r"\bactop_\w+", target["expr"]))
                self.assertTrue(asked and asked <= names, (panel["title"], asked - names))
                self.assertEqual(target["expr"].count('{instance=~"$instance"}'), len(re.findall(r"\bactop_\w+", target["expr"])))
                self.ask_strictly(target["expr"].replace("$instance", ".*").replace("$__rate_interval", "1m"))
        self.assertEqual(len({panel["id"] for panel in dashboard["panels"]}), len(dashboard["panels"]))

    def ask_strictly(self, expression):
        """What Prometheus does not take for a query is an HTTP error."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.prom_port}/api/v1/query?" + urllib.parse.urlencode({"query": expression}), timeout=5) as r:
            self.assertEqual(json.load(r)["status"], "success")

    def rules_page(self):
        """Debian has the classic pages only."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.prom_port}/classic/rules"):
                return "classic/rules"
        except urllib.error.HTTPError:
            return "rules"

    def test_its_own_browser_draws_the_series_and_lists_the_rules(self):
        self.until("count_over_time(actop_cpu_power_watts[10s])", lambda n: n >= 5)
        browser = Browser()
        try:
            browser.size(1280, 900)
            expression = urllib.parse.quote("actop_rail_power_watts")
            browser.open(f"http://127.0.0.1:{self.prom_port}/graph?g0.expr={expression}&g0.tab=0&g0.range_input=1m")
            browser.until("document.body?.innerText.includes('actop_rail_power_watts{') && document.querySelector('svg path, canvas') !== null")
            if PICTURES:
                browser.picture(f"{PICTURES}/prometheus-graph.png")
            browser.open(f"http://127.0.0.1:{self.prom_port}/{self.rules_page()}")
            browser.until("document.body?.innerText.includes('ActopThermal') && document.body.innerText.includes('actop:package_power_watts:avg5m')")
            if PICTURES:
                browser.picture(f"{PICTURES}/prometheus-rules.png")
        finally:
            browser.close()

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
    result = unittest.main(argv=[sys.argv[0], *sys.argv[3:]], exit=False).result
    bad = len(result.failures) + len(result.errors)
    print(f"prometheus: {result.testsRun - bad} passed, {bad} failed")
    sys.exit(bad > 0 or result.testsRun == 0)
