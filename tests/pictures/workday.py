#!/usr/bin/env python3
"""Prints a recording (proto/trace.h) of a machine that does not exist: an hour of a MacBook, one
sample every five seconds.  Quiet, a build on all cores, quiet, a language model on the GPU, which
pauses and is at work in the end.

The numbers are made up, the same each time, and of the size that such a machine has.
"""

import json
import math

STEP_S = 5
SAMPLES = 720
BEGIN_MS = 1767258000000  # 2026-01-01 09:00:00 UTC
E_CORES, P_CORES = 4, 10
GIB = 1 << 30

CORES = [{"name": f"ECPU0{n}0", "kind": "E", "cluster": "E0"} for n in range(4)] + [
    {"name": f"PCPU{n // 5}{n % 5}0", "kind": "P", "cluster": f"P{n // 5}"} for n in range(10)]
HEADER = {
    "actop_trace": 1,
    "base_ms": 1000 * STEP_S,
    "machine": {"os": "macos", "os_version": "15.5", "model": "Mac16,8", "chip": "Apple M4 Pro",
                "gpu_cores": 20},
    "entities": {
        "core": CORES,
        "cluster": [{"name": "E0", "kind": "E"}, {"name": "P0", "kind": "P"},
                    {"name": "P1", "kind": "P"}],
        "rail": [{"name": name, "quality": 1} for name in
                 ("cpu", "gpu", "ane", "dram", "system")],
        "fan": [{"name": "0"}, {"name": "1"}],
        "sensor": [{"name": "Tp01", "domain": "cpu"}, {"name": "Tg0G", "domain": "gpu"}],
    },
    "notes": {},
}


class Noise:
    """From -1 to 1, and the same in every Python."""

    def __init__(self):
        self.state = 12345

    def __call__(self):
        self.state = (self.state * 1103515245 + 12345) % (1 << 31)
        return self.state / (1 << 30) - 1


def ramp(minute, begin, end):
    """0 outside, 1 inside, a minute of slope on either side."""
    return max(0.0, min(1.0, minute - begin, end - minute))


def main():
    noise = Noise()
    joules = [0.0] * 5
    cpu_temp, gpu_temp = 44.0, 41.0
    rx = tx = read = write = 0.0
    print(json.dumps(HEADER, separators=(",", ":")))
    for k in range(SAMPLES):
        minute = k * STEP_S / 60
        build = ramp(minute, 10, 24) * (0.9 + 0.1 * math.sin(minute * 3))
        model = max(ramp(minute, 33, 49), ramp(minute, 55, 70)) * (0.96 + 0.04 * math.sin(minute * 9))
        cpu = 4 + 86 * build + 8 * model + 2 * noise()
        gpu = 3 + 94 * model + 4 * build + 2 * noise()
        bandwidth = 17 + 40 * build + 190 * model + 4 * noise()
        watts = [0.4 + 27 * build + 2.2 * model + 0.2 * noise(),
                 0.1 + 16 * model + 0.5 * build + 0.05 * noise(), 0.0,
                 0.5 + 1.5 * build + 4.2 * model, 0.0]
        watts[4] = 5.5 + 1.15 * sum(watts)
        joules = [j + max(0.0, w) * STEP_S for j, w in zip(joules, watts)]
        cpu_temp += (43 + 1.5 * watts[0] + 0.3 * watts[1] - cpu_temp) * 0.06
        gpu_temp += (41 + 2.0 * watts[1] + 0.2 * watts[0] - gpu_temp) * 0.06
        rpm = 1350 + 90 * max(0.0, max(cpu_temp, gpu_temp) - 60)
        used = (14 + 6 * build + 19 * model) * GIB
        rx += STEP_S * (30e3 + 4e6 * ramp(minute, 31, 33))
        tx += STEP_S * 8e3
        read += STEP_S * (20e3 + 60e6 * build + 900e6 * ramp(minute, 32, 34))
        write += STEP_S * (60e3 + 35e6 * build)
        active = [max(0.0, min(100.0, cpu + 6 * noise())) for _ in CORES]
        v = {
            "core.max_freq_mhz": [2592] * E_CORES + [4512] * P_CORES,
            "core.active_pct": active,
            "core.freq_mhz": [1020 + 15 * a for a in active[:E_CORES]] +
                             [1260 + 30 * a for a in active[E_CORES:]],
            "cluster.max_freq_mhz": [2592, 4512, 4512],
            "cluster.freq_mhz": [1020 + 15 * cpu, 1260 + 30 * cpu, 1260 + 30 * cpu],
            "gpu_util_pct": [max(0.0, min(100.0, gpu))],
            "gpu_freq_mhz": [338 + 12.4 * gpu],
            "gpu_max_freq_mhz": [1578],
            "gpu_mem_used_bytes": [int((1 + 19 * model) * GIB)],
            "rail.joules": joules,
            "gpu_sram_separate": [0],
            "sensor.temp_c": [cpu_temp, gpu_temp],
            "thermal_state": [1 if cpu_temp > 82 else 0],
            "fan.rpm": [rpm, rpm + 110],
            "fan.max_rpm": [5777, 6242],
            "ram_total_bytes": [48 * GIB],
            "ram_used_bytes": [int(used)],
            "ram_available_bytes": [int(48 * GIB - used)],
            "swap_total_bytes": [0],
            "swap_used_bytes": [0],
            "mem_pressure": [0],
            "bandwidth_gbps": [bandwidth],
            "bandwidth_quality": [1],
            "net_rx_bytes": [int(rx)],
            "net_tx_bytes": [int(tx)],
            "disk_read_bytes": [int(read)],
            "disk_write_bytes": [int(write)],
            "load_1m": [cpu / 8],
            "load_5m": [cpu / 9],
            "load_15m": [cpu / 10],
            "battery_pct": [80],
            "adapter_watts": [watts[4] + 1],
        }
        v = {name: [round(x, 3) for x in values] for name, values in v.items()}
        # The first sample is the end of an interval, too.
        after_ms = 1000 * STEP_S * (k + 1)
        awake_ns = (3600000 + after_ms) * 1000000
        print(json.dumps({"wall_ms": BEGIN_MS + after_ms, "mono_ns": awake_ns,
                          "awake_ns": awake_ns, "v": v}, separators=(",", ":")))


main()
