# SPDX-License-Identifier: MIT
"""What a scrape costs in all processes together, beside node_exporter; what scrapes and streams
of pages do to the daemon's tick; and what the page weighs: serve.py BUILD."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "web"))
from browser import PROGRAMS, Browser  # noqa: E402

BUILD = sys.argv[1]
SCRAPES = 300
PARALLEL, STREAMS, BUSY_S = 200, 50, 10
PAGE_LOADS = 7

# What is promised.
SCRAPE_US, OF_NODE_EXPORTER, TICK_P99_MS, PAGE_BYTES, FIRST_CHART_MS = 1000, 0.1, 5, 200 * 1024, 300


def judge(value, most):
    return "ok" if value <= most else "OVER"


def cpu_ns(*pids):
    """CPU time of all threads."""
    total = 0
    for pid in pids:
        with subprocess.Popen(["sh", "-c", f"cat /proc/{pid}/task/*/schedstat"], stdout=subprocess.PIPE, text=True) as p:
            total += sum(int(line.split()[0]) for line in p.stdout)
    return total


def get(port, path="/metrics"):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    c.request("GET", path)
    body = c.getresponse().read()
    c.close()
    return body


def cost(port, *pids):
    """us of CPU per scrape over one connection, as Prometheus keeps it."""
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def spent():
        ticks = 0
        for pid in pids:
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as f:
                fields = f.read().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks * 10000
    def scrape():
        c.request("GET", "/metrics")
        c.getresponse().read()

    scrape()
    before = spent()
    for _ in range(SCRAPES):
        scrape()
    c.close()
    return (spent() - before) / SCRAPES


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def latencies(path, seconds, interval_ms):
    """ms from the daemon's tick to the line, seen by one more subscriber."""
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(path)
        s.sendall(json.dumps({"op": "subscribe", "interval_ms": interval_ms, "snapshot": False, "metrics": ["load_1m"]}).encode() + b"\n")
        reader = s.makefile("rb")
        reader.readline()
        end, found = time.monotonic() + seconds, []
        while time.monotonic() < end:
            line = json.loads(reader.readline())
            found.append(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000 - line["mono_ms"])
        return sorted(found)


def weigh_page(port):
    """Bytes of the first load, and ms from navigation to the first chart, in a real browser."""
    if not any(map(shutil.which, PROGRAMS)):
        print("page: no Chromium is here")
        return
    browser = Browser()
    try:
        times = []
        for _ in range(PAGE_LOADS):
            browser.open(f"http://127.0.0.1:{port}/")
            times.append(browser.until("performance.getEntriesByName('first-chart')[0]?.startTime"))
        loaded = browser.run("performance.getEntries().reduce((sum, e) => sum + (e.transferSize ?? 0), 0)")
    finally:
        browser.close()
    times.sort()
    median = times[len(times) // 2]
    print(f"page: {loaded / 1024:.0f} KiB of first load, data included: {judge(loaded, PAGE_BYTES)} (at most {PAGE_BYTES // 1024})")
    print(f"page: first chart after {times[0]:.0f} / {median:.0f} / {times[-1]:.0f} ms (least, median, most of {PAGE_LOADS}): "
          f"{judge(median, FIRST_CHART_MS)} (at most {FIRST_CHART_MS})")


def main():
    with tempfile.TemporaryDirectory(prefix="actop-bench.") as folder:
        path = f"{folder}/s"
        daemon = subprocess.Popen([f"{BUILD}/actopd", "--socket", path, "--state", "none", "--interval", "100ms"], stderr=subprocess.DEVNULL)
        while subprocess.run([f"{BUILD}/actopctl", "-S", path, "now"], capture_output=True, check=False).returncode:
            time.sleep(0.02)
        server = subprocess.Popen([f"{BUILD}/actopctl", "serve", "-S", path, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        port = int(server.stdout.readline().rsplit(":", 1)[1].strip("/\n"))

        # The ticks of the daemon go on meanwhile: what they cost is taken off.
        idle = time.monotonic(), cpu_ns(daemon.pid)
        time.sleep(2)
        per_s = (cpu_ns(daemon.pid) - idle[1]) / (time.monotonic() - idle[0]) / 1000
        began = time.monotonic()
        ours = cost(port, daemon.pid, server.pid)
        ours -= per_s * (time.monotonic() - began) / SCRAPES
        print(f"scrape: {ours:.0f} us of CPU in actopctl-serve and actopd together, {len(get(port))} bytes: {judge(ours, SCRAPE_US)} (at most {SCRAPE_US})")

        exporter_program = shutil.which("prometheus-node-exporter") or shutil.which("node_exporter")
        if exporter_program:
            other = free_port()
            exporter = subprocess.Popen([exporter_program, f"--web.listen-address=127.0.0.1:{other}"], stderr=subprocess.DEVNULL)
            while True:
                try:
                    get(other)
                    break
                except OSError:
                    time.sleep(0.05)
            theirs = cost(other, exporter.pid)
            exporter.terminate()
            exporter.wait()
            print(f"scrape: {theirs:.0f} us in node_exporter; ours is {ours / theirs:.3f} of it: {judge(ours / theirs, OF_NODE_EXPORTER)} (at most {OF_NODE_EXPORTER})")
        else:
            print("scrape: node_exporter is not here (Debian: prometheus-node-exporter)")

        quiet = latencies(path, 4, 100)
        stop = threading.Event()

        def scrape():
            while not stop.is_set():
                get(port)
                stop.wait(1)

        def stream():
            c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            c.request("GET", "/api/v1/stream?interval_ms=1000")
            r = c.getresponse()
            while not stop.is_set() and r.readline():
                pass
            c.close()

        threads = [threading.Thread(target=scrape) for _ in range(PARALLEL)] + [threading.Thread(target=stream) for _ in range(STREAMS)]
        for t in threads:
            t.start()
        busy = latencies(path, BUSY_S, 100)
        stop.set()
        for t in threads:
            t.join()
        p = lambda found, share: found[min(len(found) - 1, int(len(found) * share))]
        print(f"tick to line: p50 {p(quiet, .5):.2f} p99 {p(quiet, .99):.2f} ms quiet; with {PARALLEL} scrapers and {STREAMS} page streams "
              f"p50 {p(busy, .5):.2f} p99 {p(busy, .99):.2f} ms: {judge(p(busy, .99), TICK_P99_MS)} (at most {TICK_P99_MS})")
        weigh_page(port)
        for process in (server, daemon):
            process.terminate()
            process.wait()


main()
