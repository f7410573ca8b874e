#!/usr/bin/env python3
"""What depends on the moment: starters at the same time, kill -9 under load, a reader that stands
still.  Short here; with ACTOP_SOAK=1 100 rounds, 500 kills and 10,000 ticks.
"""
import json
import os
import random
import threading
import time

from actop import SOAK, Client, equal, holds, run, until

FIXTURE = ("--source", "linux:tests/fixtures/linux/laptop")
FAST = ("--interval", "100ms", "--history", "100ms:1m") + FIXTURE


class Prober(threading.Thread):
    """Connects all the time; what failed once the socket was there."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.failures, self.good, self.over = path, [], 0, False

    def run(self):
        while not self.over:
            try:
                c = Client(self.path)
                line = c.ask({"op": "ping", "close": True})
                self.good += line is not None
                c.close()
            except OSError as e:
                self.failures.append(repr(e))
            time.sleep(0.002)


def case_starters(folder):
    """8 starters at the same time: exactly one owner, 75 for the rest, a socket that answers"""
    for _ in range(100 if SOAK else 6):
        daemons = [folder.start(*FIXTURE, ready=False) for _ in range(8)]
        until(lambda: sum(d.process.poll() is None for d in daemons) == 1, "one is left")
        owner = next(d for d in daemons if d.process.poll() is None)
        until(owner.answers, "the owner answers")
        equal(sorted(d.process.returncode for d in daemons if d is not owner), [75] * 7, "codes")
        prober = Prober(owner.path)
        prober.start()
        until(lambda: prober.good > 2, "probes go well")
        late = [folder.start(*FIXTURE, ready=False) for _ in range(2)]
        equal([d.wait() for d in late], [75, 75], "codes of those who come later")
        prober.over = True
        prober.join()
        equal(prober.failures, [], "probes")
        equal(owner.status()["pid"], owner.pid, "the one that answers")
        owner.kill()  # and the next round finds a stale socket
        folder.daemons.clear()


class Follower:
    """A reader that resumes with its cursor and believes nothing."""

    def __init__(self):
        self.seen, self.cursor, self.epoch, self.p, self.torn = set(), None, None, 0, 0

    def follow(self, path, until_s):
        c = Client(path)
        c.socket.settimeout(max(0.01, until_s - time.monotonic()))
        request = {"op": "subscribe", "interval_ms": 100, "metrics": ["load_1m"]}
        if self.cursor:
            request["after"] = self.cursor
        c.send(request)
        try:
            while True:
                raw = c.raw_line()
                if raw is None:
                    break
                self.take(json.loads(raw))
        except TimeoutError:
            pass
        finally:
            self.torn += bool(c.rest)
            c.close()

    def take(self, line):
        kind = line["type"]
        if kind == "reply":
            if line["epoch"] != self.epoch:
                self.epoch, self.p = line["epoch"], line["from_seq"] - 1
        elif kind == "gap":
            holds(line["reason"] in ("epoch", "lost", "evicted"), f"{line}")
            if line["reason"] != "epoch":
                equal(line["from_seq"], self.p + 1, "gap")
                self.p = line["to_seq"]
        elif kind == "sample":
            key = line["epoch"], line["seq"]
            holds(key not in self.seen, f"{key} came twice")
            self.seen.add(key)
            equal(line["seq"] - line["n"], self.p, "samples tile")
            self.p = line["seq"]
            self.cursor = f'{line["epoch"]}:{line["seq"]}'
        else:
            raise AssertionError(f"unasked: {line}")


class Load(threading.Thread):
    """Asks for long answers, reads some of them."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.over = path, False

    def run(self):
        while not self.over:
            try:
                c = Client(self.path)
                c.send(b'{"op":"schema"}\n{"op":"history"}\n{"op":"subscribe"}\n' * 3)
                c.raw_line()
                c.close()
            except OSError:
                time.sleep(0.002)


def case_kills(folder):
    """kill -9 under load: the next daemon starts unaided, a reader resumes without a duplicate"""
    follower = Follower()
    loads = [Load(os.path.join(folder.path, "s")) for _ in range(2)]
    for load in loads:
        load.start()
    chance = random.Random(1)
    for turn in range(500 if SOAK else 20):
        # Every third is killed wherever its start may be.
        d = folder.start(*FAST, ready=turn % 3 != 0)
        end = time.monotonic() + chance.uniform(0.001, 0.4)
        if turn % 3:
            killer = threading.Timer(end - time.monotonic(), d.kill)
            killer.start()
            try:
                follower.follow(d.path, end + 5)
            except OSError:
                pass
            killer.join()
        else:
            time.sleep(max(0, end - time.monotonic()))
            d.kill()
        folder.daemons.clear()
    for load in loads:
        load.over = True
    for load in loads:
        load.join()
    holds(len(follower.seen) > (500 if SOAK else 20), f"{len(follower.seen)} samples")
    left = [n for n in os.listdir(folder.path) if n not in ("s", "s.lock", "log")]
    holds(len(left) <= 1, f"left behind: {left}")
    d = folder.start(*FAST)
    equal(sorted(os.listdir(folder.path)), ["log", "s", "s.lock"], "files")
    equal(d.stop(), 0, "exit code")


def write_trace(path, ticks):
    header = {"actop_trace": 1, "base_ms": 100, "machine": {"os": "linux", "os_version": "1",
              "model": "x", "chip": "y", "gpu_cores": 0}, "entities": {}, "notes": {}}
    with open(path, "w", encoding="ascii") as f:
        f.write(json.dumps(header) + "\n")
        for k in range(ticks):
            ns = (100 + k) * 100000000
            f.write(json.dumps({"wall_ms": 1700000000000 + 100 * k, "mono_ns": ns, "awake_ns": ns,
                                "v": {"load_1m": [k / 4], "net_rx_bytes": [k]}}) + "\n")


def case_stopped(folder):
    """a reader that stands still: the others get every tick, memory stays, its gap is exact"""
    ticks = 10000 if SOAK else 3000
    trace = os.path.join(folder.path, "trace")
    write_trace(trace, ticks)
    d = folder.start("--source", f"replay:{trace},speed=100", "--interval", "100ms",
                     "--history", "100ms:1m")
    request = {"op": "subscribe", "interval_ms": 100}
    running, stopped = d.client().send(request), d.client().send(request)
    p = q = running.line()["from_seq"] - 1
    q = stopped.line()["from_seq"] - 1
    rss = None
    while p < ticks:
        line = running.line()
        equal([line["type"], line["seq"] - line["n"]], ["sample", p], "the running reader")
        p = line["seq"]
        if p > ticks // 5 and rss is None:
            rss = d.rss_kib()
    # Sanitizers keep what was freed, so only the plain programs are held to it.
    grown = d.rss_kib() - rss
    holds(grown < 1024 or "plain" not in os.environ.get("BUILD", "build/plain"),
          f"memory grew by {grown} KiB")
    gaps = 0
    while q < ticks:
        line = stopped.line()
        if line["type"] == "gap":
            gaps += 1
            equal([line["reason"], line["from_seq"], line["count"]],
                  ["evicted", q + 1, line["to_seq"] - q], "gap")
            q = line["to_seq"]
        else:
            equal(line["seq"] - line["n"], q, "the stopped reader")
            q = line["seq"]
    equal(gaps, 1, "gaps")
    equal(d.status()["io"]["gap_samples"] > 0, True, "counted")
    equal(d.stop(), 0, "exit code")


run([case_starters, case_kills, case_stopped])
