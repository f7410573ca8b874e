# SPDX-License-Identifier: MIT
"""An hour of work of a pretended Mac, put into a store, so that a page has something to show."""

import json
import math
import os
import random
import subprocess
import time

WORLD = "tests/fixtures/apple/m4-pro.json"

# (seconds, E cores %, P cores %, GPU %, ANE W): what people do with such a machine.
WORK = ((420, 9, 2, 4, 0), (600, 34, 88, 6, 0), (240, 14, 6, 8, 0), (780, 20, 24, 97, 0), (300, 12, 4, 9, 0.9),
        (420, 40, 62, 31, 0.2), (360, 11, 3, 5, 0), (480, 24, 30, 78, 0))
SMOOTH_S = 9


def start(build, folder, *options):
    return subprocess.Popen(
        [f"{build}/actopd-apple", "--socket", f"{folder}/s", *options], env=os.environ | {"ACTOP_WORLD": WORLD}, stderr=subprocess.DEVNULL)


def until_asked(build, folder):
    while subprocess.run([f"{build}/actopctl", "-S", f"{folder}/s", "now"], capture_output=True, check=False).returncode:
        time.sleep(0.02)


def record(build, folder):
    """The first lines of a recording: what the machine has, and one reading."""
    trace = f"{folder}/recorded"
    daemon = start(build, folder, "--state", "none", "--interval", "200ms", "--record", trace)
    lines = []
    while len(lines) < 4:
        time.sleep(0.02)
        if os.path.exists(trace):
            with open(trace, encoding="utf-8") as f:
                lines = [line for line in f if line.endswith("\n")]
    daemon.terminate()
    daemon.wait()
    return json.loads(lines[0]), json.loads(lines[3])["v"]


def plan(seconds):
    """(E %, P %, GPU %, ANE W) for each second, as inert as machines are."""
    chance = random.Random(4)
    at, steps = [9.0, 2.0, 4.0, 0.0], []
    wanted = [work[1:] for work in WORK for _ in range(work[0])]
    for t in range(seconds):
        goal = wanted[t % len(wanted)]
        for i, g in enumerate(goal):
            noise = chance.gauss(0, 0.05 * g + 0.5) if i < 3 else chance.gauss(0, 0.06 * g)
            at[i] += (g - at[i]) / SMOOTH_S + noise / 3
            at[i] = min(max(at[i], 0), 100 if i < 3 else 8)
        steps.append(tuple(at))
    return steps


class Machine:
    """Readings that belong together: what is busy draws power and gets warm."""

    def __init__(self, header, values):
        self.kinds = [core["kind"] for core in header["entities"]["core"]]
        self.rails = [rail["name"] for rail in header["entities"]["rail"]]
        self.sensors = [sensor.get("domain") for sensor in header["entities"]["sensor"]]
        self.v = json.loads(json.dumps(values))
        self.heat = {"cpu": 41.0, "gpu": 39.0}
        self.joules = {rail: 0.0 for rail in self.rails}

    def step(self, t, e, p, g, ane):
        v = self.v
        watts = {"cpu": 0.3 + 0.02 * e + 0.36 * p * (0.5 + p / 200), "gpu": 0.1 + 0.42 * g, "ane": ane,
                 "dram": 0.5 + 0.02 * p + 0.05 * g, "gpu_sram": 0.01 * g}
        watts["system"] = 7 + 1.15 * sum(watts.values())
        for rail in self.rails:
            self.joules[rail] += watts.get(rail, 0.1)
        for domain, load in (("cpu", 38 + 1.25 * watts["cpu"] + 0.4 * watts["gpu"]), ("gpu", 36 + 0.95 * watts["gpu"] + 0.3 * watts["cpu"])):
            self.heat[domain] += (load - self.heat[domain]) / 40
        busy = [min(100, (e if kind == "E" else p) * (0.75 + 0.5 * abs(math.sin(i * 2.1 + t / 40)))) for i, kind in enumerate(self.kinds)]
        v["core.active_pct"] = [round(b, 2) for b in busy]
        v["core.freq_mhz"] = [round(1000 + 15 * b) if kind == "E" else round(1400 + 28 * b) for b, kind in zip(busy, self.kinds)]
        v["gpu_util_pct"], v["gpu_freq_mhz"] = [round(g, 2)], [round(380 + 11 * g)]
        v["rail.joules"] = [round(self.joules[rail], 3) if rail != "system" else round(self.joules[rail], 3) for rail in self.rails]
        v["rail.watts"] = [None] * len(self.rails)
        v["rail.watts"][self.rails.index("system")] = round(watts["system"], 3)
        for name, domain, less in (("cpu_temp_c", "cpu", 0), ("gpu_temp_c", "gpu", 0), ("cpu_temp_avg_c", "cpu", 6), ("gpu_temp_avg_c", "gpu", 3)):
            v[name] = [round(self.heat[domain] - less, 2)]
        v["bandwidth_gbps"] = [round(14 + 0.5 * p + 2.4 * g + 6 * math.sin(t / 5), 3)]
        v["fan.rpm"] = [round(1200 + max(0, self.heat["cpu"] + self.heat["gpu"] - 100) * 38 + 12 * i) for i in range(len(v["fan.rpm"]))]
        v["ram_used_bytes"] = [int((13.2 + 11 * (g > 60) * min(1, t / 900) + 3 * math.sin(t / 700) + 0.03 * p) * 2**30)]
        v["ram_compressed_bytes"] = [int((1.1 + 0.4 * math.sin(t / 500)) * 2**30)]
        v["gpu_mem_used_bytes"] = [int((0.9 + 0.16 * g) * 2**30)]
        rates = {"net_rx_bytes": 2e4 + 3e6 * abs(math.sin(t / 97)) ** 9, "net_tx_bytes": 9e3 + 3e5 * abs(math.sin(t / 61)) ** 7,
                 "disk_read_bytes": 4e4 + 9e7 * abs(math.sin(t / 260)) ** 25, "disk_write_bytes": 2e5 + 2e5 * p * (p > 40)}
        for name, rate in rates.items():
            v[name] = [v[name][0] + int(rate)]
        for name, s in (("load_1m", 60), ("load_5m", 300)):
            v[name] = [round(v[name][0] + (0.08 * e + 0.1 * p - v[name][0]) / s, 4)]
        return v


def fill(build, folder, seconds):
    """Writes the past into folder/state: so many seconds, up to now."""
    header, values = record(build, folder)
    machine, now = Machine(header, values), time.time()
    header["base_ms"] = 1000
    awake = 0
    with open(f"{folder}/past", "w", encoding="utf-8") as f:
        print(json.dumps(header, separators=(",", ":")), file=f)
        for t, step in enumerate(plan(seconds)):
            v = machine.step(t, *step)
            at = (t + 1) * 10**9
            awake = at
            print(json.dumps({"wall_ms": int((now - seconds + t) * 1000), "mono_ns": at, "awake_ns": awake, "v": v}, separators=(",", ":")), file=f)
    daemon = subprocess.Popen([f"{build}/actopd", "--socket", f"{folder}/s", "--state", f"{folder}/state", "--source", f"replay:{folder}/past,speed=max"],
                              stderr=subprocess.DEVNULL)
    until_asked(build, folder)
    done = f"{seconds} samples"
    while True:
        said = subprocess.run([f"{build}/actopctl", "-S", f"{folder}/s", "status", "-o", "json"], capture_output=True, text=True, check=False).stdout
        if said and json.loads(said)["sampler"]["taken"] >= seconds:
            break
        time.sleep(0.1)
    daemon.terminate()
    daemon.wait()
    return done
