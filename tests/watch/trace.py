#!/usr/bin/env python3
"""Writes the recording that the dashboard's screens are made of: trace.py SECONDS > FILE.

A made-up M4 Max: it idles, compiles, then runs a model until it is hot and throttles.  The same
bytes on every machine: no clock, no random module.
"""
import json
import math
import sys

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 600
START_MS = 1772366400000  # 2026-03-01 12:00:00 UTC
E, P = 4, 12
E_MAX, P_MAX, GPU_MAX = 2592, 4512, 1578
GIB = 1 << 30


class Noise:
    """A generator of its own (Lehmer), so that no version of Python changes it."""

    def __init__(self):
        self.state = 20260301

    def __call__(self, low, high):
        self.state = self.state * 48271 % 2147483647
        return low + (high - low) * self.state / 2147483647


noise = Noise()


def ramp(t, begin, end):
    """0 before begin, 1 behind end."""
    return min(max((t - begin) / (end - begin), 0.0), 1.0)


def load(t):
    """Shares of P cores, E cores and GPU that are busy, at t seconds before the end."""
    compiling = 170 < t < 230 or 300 < t < 420
    model = t <= 110
    breath = 0.5 + 0.5 * math.sin(t / 9.0)
    p = 0.04 + 0.03 * breath
    e = 0.12 + 0.05 * breath
    gpu = 0.03 + 0.02 * breath
    if compiling:
        p, e = 0.72 + 0.2 * math.sin(t / 4.0), 0.85
    if model:
        p, e, gpu = 0.30 + 0.05 * breath, 0.35, 0.94 + 0.04 * breath
    return p, e, gpu


def r(x, digits=3):
    return round(x, digits)


def header():
    cores = [{"name": str(i), "kind": "E", "cluster": "E0"} for i in range(E)]
    cores += [{"name": str(E + i), "kind": "P", "cluster": f"P{i // 6}"} for i in range(P)]
    return {
        "actop_trace": 1, "base_ms": 1000,
        "machine": {"os": "macos", "os_version": "26.5", "model": "Mac16,5", "chip": "Apple M4 Max",
                    "gpu_cores": 40},
        "entities": {
            "core": cores,
            "cluster": [{"name": "E0", "kind": "E"}, {"name": "P0", "kind": "P"}, {"name": "P1", "kind": "P"}],
            "rail": [{"name": n, "quality": 1} for n in ("cpu", "gpu", "ane", "dram", "system")],
            "fan": [{"name": "0"}, {"name": "1"}],
            "sensor": [{"name": "TCMb", "domain": "cpu"}, {"name": "TCMz", "domain": "cpu"},
                       {"name": "Tg1U", "domain": "gpu"}, {"name": "TB0T", "domain": "battery"}]},
        "notes": {
            "cluster.freq_mhz": {"avail": "unsupported", "reason": "no channel"},
            "gpu_sram_watts": {"avail": "unsupported", "reason": "no such rail"},
            "gpu_sram_joules": {"avail": "unsupported", "reason": "no such rail"},
            "bandwidth_read_gbps": {"avail": "unsupported", "reason": "no counters"},
            "bandwidth_write_gbps": {"avail": "unsupported", "reason": "no counters"},
            "battery_pct": {"avail": "unsupported", "reason": "no battery"},
            "battery_watts": {"avail": "unsupported", "reason": "no battery"},
            "adapter_watts": {"avail": "unsupported", "reason": "no battery"}}}


class Machine:
    def __init__(self):
        self.joules = [0.0] * 5
        self.counters = [0.0] * 4
        self.temp = [44.0, 41.0]

    def cores(self, share, count, top):
        busy, mhz = [], []
        for i in range(count):
            x = min(max(share * (1.25 - 0.5 * i / count) + noise(-0.05, 0.05), 0.0), 1.0)
            busy.append(r(100 * x, 2))
            mhz.append(int(top * (0.45 + 0.55 * min(1.0, x * 1.4))) if x > 0.005 else 0)
        return busy, mhz

    def sample(self, k):
        before_end = SECONDS - 1 - k
        p, e, gpu = load(before_end)
        hot = before_end < 25  # it throttles
        e_busy, e_mhz = self.cores(e, E, E_MAX)
        p_busy, p_mhz = self.cores(p, P, P_MAX)
        gpu_busy = min(max(gpu + noise(-0.02, 0.02), 0.0), 1.0)
        cpu_w = 0.4 + sum(p_busy) / 100 * 3.6 + sum(e_busy) / 100 * 0.5
        gpu_w = 0.05 + gpu_busy * (31 if hot else 46)
        ane_w = 1.9 + noise(-0.2, 0.2) if 60 < before_end < 80 else 0.0
        bandwidth = 6 + 14 * p + (430 if gpu_busy > 0.5 else 40) * gpu_busy + noise(-3, 3)
        dram_w = 0.5 + bandwidth * 0.02
        watts = [cpu_w, gpu_w, ane_w, dram_w, cpu_w + gpu_w + ane_w + dram_w + 11.5]
        for i, w in enumerate(watts):
            self.joules[i] += w
        for i, goal in enumerate((42 + cpu_w * 1.1 + gpu_w * 0.35, 38 + gpu_w * 1.15)):
            self.temp[i] += (goal - self.temp[i]) * 0.05
        burst = 1.0 if before_end % 97 < 12 else 0.05
        for i, rate in enumerate((9e6, 6e5, 1.1e8, 3.5e7)):
            self.counters[i] += rate * burst * noise(0.4, 1.0)
        swap = 2.2 * GIB * ramp(-before_end, -90, 0) if before_end < 90 else 0
        used = (38 + 9 * ramp(-before_end, -420, -300) + 40 * ramp(-before_end, -115, -60)) * GIB
        fan = 1350 + 2900 * ramp(self.temp[0] + self.temp[1], 110, 190)
        return {
            "core.max_freq_mhz": [E_MAX] * E + [P_MAX] * P,
            "core.active_pct": e_busy + p_busy, "core.freq_mhz": e_mhz + p_mhz,
            "cluster.max_freq_mhz": [E_MAX, P_MAX, P_MAX],
            "cluster.idle_pct": [r(100 - 100 * e, 1), r(100 - 110 * p, 1), r(100 - 90 * p, 1)],
            "cluster.low_pct": [r(20 * e, 1), r(15 * p, 1), r(10 * p, 1)],
            "cluster.mid_pct": [r(30 * e, 1), r(35 * p, 1), r(20 * p, 1)],
            "cluster.high_pct": [r(50 * e, 1), r(60 * p, 1), r(60 * p, 1)],
            "gpu_util_pct": [r(100 * gpu_busy, 2)],
            "gpu_freq_mhz": [int(GPU_MAX * ((0.68 if hot else 1.0) if gpu_busy > 0.5 else 0.25))],
            "gpu_max_freq_mhz": [GPU_MAX],
            "gpu_device_pct": [int(100 * gpu_busy)], "gpu_renderer_pct": [int(92 * gpu_busy)],
            "gpu_tiler_pct": [int(6 * gpu_busy)],
            "gpu_mem_used_bytes": [int((2 + 50 * ramp(-before_end, -115, -60)) * GIB)],
            "gpu_mem_limit_bytes": [96 * GIB],
            "rail.joules": [r(j) for j in self.joules], "gpu_sram_separate": [0],
            "sensor.temp_c": [r(self.temp[0] - 2, 1), r(self.temp[0], 1), r(self.temp[1], 1), 31.5],
            "thermal_state": [2 if before_end < 12 else 1 if before_end < 40 else 0],
            "fan.rpm": [int(fan), int(fan * 1.08)], "fan.max_rpm": [5777, 6241],
            "ram_total_bytes": [128 * GIB], "ram_used_bytes": [int(used)],
            "ram_available_bytes": [int(128 * GIB - used)], "ram_wired_bytes": [int(used * 0.2)],
            "ram_compressed_bytes": [int(1.5 * GIB + swap)], "ram_cached_bytes": [int(21.5 * GIB)],
            "swap_total_bytes": [3 * GIB if swap > 0 else 0], "swap_used_bytes": [int(swap)],
            "swap_in_bytes": [0], "swap_out_bytes": [int(swap)],
            "mem_pressure": [1 if before_end < 30 else 0],
            "bandwidth_gbps": [r(bandwidth, 2)], "bandwidth_quality": [1],
            "net_rx_bytes": [int(self.counters[0])], "net_tx_bytes": [int(self.counters[1])],
            "disk_read_bytes": [int(self.counters[2])], "disk_write_bytes": [int(self.counters[3])],
            "load_1m": [r(1.2 + 9 * p, 2)], "load_5m": [r(1.4 + 6 * p, 2)], "load_15m": [r(1.6 + 3 * p, 2)]}


def main():
    machine = Machine()
    print(json.dumps(header(), separators=(",", ":")))
    for k in range(SECONDS):
        print(json.dumps({"wall_ms": START_MS + 1000 * k, "mono_ns": (5000 + k) * 10**9,
                          "awake_ns": (5000 + k) * 10**9, "v": machine.sample(k)},
                         separators=(",", ":")))


main()
