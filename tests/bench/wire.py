#!/usr/bin/env python3
"""wire.py SOCKET PID: what a daemon's socket costs beside the simplest thing that it does.

Round trips of get and ping in turn on one warm connection; memory of 1000 idle clients; texts that
64 different views cost at most one of each a tick.
"""
import json
import re
import socket
import sys
import time

ROUNDS = 20000
IDLE = 1000
VIEWS = 64


def connect(path):
    s = socket.socket(socket.AF_UNIX)
    s.connect(path)
    return s


def round_trip(s, request):
    began = time.perf_counter_ns()
    s.sendall(request)
    data = s.recv(65536)
    while not data.endswith(b"\n"):
        data += s.recv(65536)
    return (time.perf_counter_ns() - began) / 1000, data


def resident_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))


def status(s):
    return json.loads(round_trip(s, b'{"op":"status"}\n')[1])


def show_round_trips(s):
    requests = {"ping": b'{"op":"ping"}\n', "get of one metric": b'{"op":"get","metrics":["load_1m"]}\n',
                "get of everything": b'{"op":"get"}\n'}
    times = {name: [] for name in requests}
    for _ in range(ROUNDS):
        for name, request in requests.items():
            times[name].append(round_trip(s, request)[0])
    for name, all_us in times.items():
        all_us.sort()
        print(f"{'round trip, ' + name:44} p50 {all_us[len(all_us) // 2]:8.1f} us"
              f"  p99 {all_us[len(all_us) * 99 // 100]:8.1f} us")


def show_idle(path, pid):
    warm = [connect(path) for _ in range(20)]
    for s in warm:
        round_trip(s, b'{"op":"ping"}\n')
    before = resident_kib(pid)
    clients = [connect(path) for _ in range(IDLE)]
    round_trip(clients[-1], b'{"op":"ping"}\n')
    silent = resident_kib(pid) - before
    for s in clients:
        round_trip(s, b'{"op":"hello"}\n')
    print(f"{'1000 idle clients':44} {silent * 1024 / IDLE:8.0f} bytes each; after a hello each "
          f"{(resident_kib(pid) - before) * 1024 / IDLE:.0f}")
    for s in clients + warm:
        s.close()


def show_views(path, control):
    names = [m["name"] for m in json.loads(round_trip(control, b'{"op":"schema"}\n')[1])["metrics"]]
    clients = []
    for i in range(VIEWS * 4):
        s = connect(path)
        chosen = [names[i % VIEWS], names[(i % VIEWS + 1) % len(names)]]
        round_trip(s, json.dumps({"op": "subscribe", "interval_ms": 100, "snapshot": False,
                                  "metrics": chosen}).encode() + b"\n")
        clients.append(s)
    time.sleep(0.5)
    before = status(control)
    time.sleep(5)
    after = status(control)
    ticks = after["ring"]["head_seq"] - before["ring"]["head_seq"]
    texts = after["io"]["encoded"] - before["io"]["encoded"]
    print(f"{'256 subscribers of 64 views':44} {texts / ticks:8.2f} texts a tick")
    for s in clients:
        s.close()


def main():
    path, pid = sys.argv[1], int(sys.argv[2])
    control = connect(path)
    show_round_trips(control)
    show_idle(path, pid)
    show_views(path, control)


main()
