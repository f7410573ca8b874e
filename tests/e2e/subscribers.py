#!/usr/bin/env python3
"""subscribers.py SOCKET PID: 100 subscribers, one of them stopped, against a daemon at 100 ms.

Every other one must get every sample; the daemon's memory must not grow; the stopped one must get,
once it runs again, lines that tile what it missed. Prints the worst time from tick to line.
"""
import json
import os
import re
import selectors
import signal
import socket
import sys
import time

READERS = 99
SAMPLES = 40
REQUEST = b'{"op":"subscribe","interval_ms":100}\n'


def connect(path):
    s = socket.socket(socket.AF_UNIX)
    s.connect(path)
    s.sendall(REQUEST)
    return s


def resident_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))


def stopped_child(path):
    """A reader that stops itself, and after SIGCONT reads 30 lines more; its verdict on a pipe."""
    down, up = os.pipe()
    child = os.fork()
    if child:
        os.close(up)
        return child, down
    s = connect(path).makefile("rb")
    p = json.loads(s.readline())["from_seq"] - 1
    os.kill(os.getpid(), signal.SIGSTOP)
    good = True
    for line in (json.loads(s.readline()) for _ in range(30)):
        if line["type"] == "sample":
            good = good and line["seq"] - line["n"] == p
            p = line["seq"]
        elif line["type"] == "gap":
            good = good and line["from_seq"] == p + 1
            p = line["to_seq"]
    os.write(up, b"1" if good else b"0")
    os._exit(0)


class Reader:
    def __init__(self, path):
        self.socket = connect(path)
        self.rest = b""
        self.seqs = []

    def take(self):
        """The delays in ms of the samples that came."""
        *lines, self.rest = (self.rest + self.socket.recv(1 << 16)).split(b"\n")
        now = time.clock_gettime(time.CLOCK_BOOTTIME) * 1e3
        delays = []
        for line in lines:
            if line.startswith(b'{"type":"sample"'):
                self.seqs.append(int(re.search(rb'"seq":(\d+)', line).group(1)))
                delays.append(now - int(re.search(rb'"mono_ms":(\d+)', line).group(1)))
        return delays


def main():
    path, pid = sys.argv[1], int(sys.argv[2])
    child, verdict = stopped_child(path)
    selector = selectors.DefaultSelector()
    readers = [Reader(path) for _ in range(READERS)]
    for r in readers:
        selector.register(r.socket, selectors.EVENT_READ, r)
    before, worst = None, []
    while min(len(r.seqs) for r in readers) < SAMPLES:
        ready = selector.select(5)
        if not ready:
            sys.exit("no sample within 5 s")
        for key, _ in ready:
            delays = key.data.take()
            if len(key.data.seqs) > 5:
                worst += delays
        if before is None and min(len(r.seqs) for r in readers) > 5:
            before = resident_kib(pid)
    grown = resident_kib(pid) - before
    for r in readers:
        if r.seqs != list(range(r.seqs[0], r.seqs[0] + len(r.seqs))):
            sys.exit(f"a subscriber missed samples: {r.seqs}")
    os.kill(child, signal.SIGCONT)
    if os.read(verdict, 1) != b"1":
        sys.exit("the lines of the stopped one do not tile what it missed")
    worst.sort()
    print(f"subscribers: {READERS} beside a stopped one; tick to line p50 {worst[len(worst) // 2]:.1f} ms,"
          f" p99 {worst[len(worst) * 99 // 100]:.1f} ms; memory grew by {grown} KiB")
    if grown > 1024 and "plain" in os.environ.get("BUILD", "build/plain"):
        sys.exit(f"the daemon grew by {grown} KiB")


main()
