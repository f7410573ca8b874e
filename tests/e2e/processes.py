#!/usr/bin/env python3
"""processes.py SOCKET PID: the processes of this machine as the daemon of that pid tells them.

CPU % against what the kernel counted over the same time, and, with ACTOP_SOAK=1, against top(1)
over 30 s; one walk a tick for fifty subscribers; what a client may see; nothing done once all
have gone.
"""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

SOAK = os.environ.get("ACTOP_SOAK") == "1"
SECONDS = 30 if SOAK else 4
# A tick of the clock that the kernel counts in is 10 ms, at each end.
TOLERANCE = 1 if SOAK else 3
SUBSCRIBERS = 50
LOAD = """
import os, time
while os.getppid() == %d:
    end = time.process_time() + 0.012
    while time.process_time() < end:
        pass
    time.sleep(0.008)
"""

failures = []


def check(good, what):
    if not good:
        failures.append(what)
        print("FAILED:", what, file=sys.stderr)


class Client:
    def __init__(self, path, *requests):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)
        self.socket.connect(path)
        self.file = self.socket.makefile("rb")
        for request in requests:
            self.send(request)

    def send(self, request):
        self.socket.sendall(json.dumps(request).encode() + b"\n")

    def read(self):
        return json.loads(self.file.readline())

    def close(self):
        self.file.close()
        self.socket.close()

    def ask(self, **request):
        self.send(request)
        return self.read()


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def start_top(pid):
    """top, whose second screen covers SECONDS; None where there is none."""
    try:
        return subprocess.Popen(
            ["top", "-b", "-d", str(SECONDS), "-n", "2", "-p", str(pid)],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "LC_ALL": "C"})
    except FileNotFoundError:
        return None


def check_load(path, load):
    client = Client(path, {"op": "subscribe", "stream": "processes", "pid": load.pid})
    check(client.read()["type"] == "reply", "the subscription is answered")
    while client.read()["dt_ms"] is None:
        pass
    top = start_top(load.pid) if SOAK else None
    used, begun = cpu_seconds(load.pid), time.monotonic()
    sum_pct = sum_ms = 0
    while sum_ms < SECONDS * 1000:
        line = client.read()
        sum_pct += line["rows"][0]["cpu_pct"] * line["dt_ms"]
        sum_ms += line["dt_ms"]
    kernel = 100 * (cpu_seconds(load.pid) - used) / (time.monotonic() - begun)
    ours = sum_pct / sum_ms
    print(f"a steady load over {sum_ms / 1000:.1f} s: {ours:.2f} %, the kernel says {kernel:.2f} %")
    check(abs(ours - kernel) <= TOLERANCE, f"CPU agrees within {TOLERANCE} % of a core")
    if top:
        text = top.communicate()[0]
        said = [line.split() for line in text.splitlines() if line.split()[:1] == [str(load.pid)]]
        print(f"top says {said[-1][8]} %")
        check(abs(ours - float(said[-1][8])) <= TOLERANCE, "CPU agrees with top")


def check_row(path, load):
    row = Client(path).ask(op="processes", pid=load.pid)["rows"][0]
    check(row["ppid"] == os.getpid() and row["uid"] == os.geteuid(), "parent and owner")
    check("time.sleep" in row["command"], "our own command line is shown")
    check(row["mem_bytes"] > 1 << 20 and row["rss_bytes"] > 1 << 20, "memory")
    check(abs(row["start_ms"] / 1000 - time.time()) < 60 + SECONDS, "start")
    check(row["threads"] == 1 and row["state"] in ("running", "sleeping"), "threads and state")
    tree = Client(path).ask(op="processes", pid=os.getpid(), tree=True, sort="pid")
    pids = [r["pid"] for r in tree["rows"]]
    check(os.getpid() in pids and load.pid in pids, "a tree has the children")
    check(tree["total"] == len(pids) == tree["shown"], "all of the tree are shown")


def walks(path):
    return Client(path).ask(op="status")["processes"]


def check_fifty(path):
    request = {"op": "subscribe", "stream": "processes", "limit": 10}
    clients = [Client(path, request) for _ in range(SUBSCRIBERS)]
    for client in clients:
        client.read()
        while client.read()["dt_ms"] is None:
            pass
    before = walks(path)
    lines = [[client.read() for _ in range(3)] for client in clients]
    after = walks(path)
    check(all(line == lines[0] for line in lines), "all of them are told the same")
    check(after["walks"] - before["walks"] <= 4, "one walk a tick")
    check(after["texts"] - before["texts"] <= 4, "one text a tick")
    print(f"{SUBSCRIBERS} subscribers, 3 lines each: {after['walks'] - before['walks']} walks, "
          f"{after['processes']} processes in {after['cost_us']} us")
    for client in clients:
        client.close()


def check_rest(path, daemon):
    def threads():
        return {t: switches(daemon, t) for t in os.listdir(f"/proc/{daemon}/task")}

    # A client that is gone is noticed by the next line that is written to it.
    deadline = time.monotonic() + 10
    while walks(path)["views"] and time.monotonic() < deadline:
        time.sleep(0.1)
    before, first = walks(path), threads()
    seq = Client(path).ask(op="ping")["head_seq"]
    while Client(path).ask(op="ping")["head_seq"] < seq + 2:
        time.sleep(0.1)
    check(walks(path)["walks"] == before["walks"], "no walk while nobody asks")
    # Besides the loop, the sampler and the log, no thread has anything to do.
    awake = [t for t, n in threads().items() if n > first.get(t, 0)]
    check(len(awake) <= 3, f"{len(awake)} threads woke up while nobody asked")


def switches(pid, thread):
    with open(f"/proc/{pid}/task/{thread}/status", encoding="ascii", errors="replace") as f:
        return int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", f.read(), re.M).group(1))


def check_churn(path):
    """Processes that come and go as fast as this machine can make them."""
    churn = subprocess.Popen(["sh", "-c", "while :; do /bin/true; done"])
    client = Client(path)
    for _ in range(30):
        reply = client.ask(op="processes", limit=1000, sort="pid")
        pids = [row["pid"] for row in reply["rows"]]
        check(reply["type"] == "reply" and pids == sorted(set(pids)), "each process once")
        time.sleep(0.02)
    churn.send_signal(signal.SIGKILL)
    churn.wait()


def main():
    path, daemon = sys.argv[1], int(sys.argv[2])
    load = subprocess.Popen([sys.executable, "-c", LOAD % os.getpid()])
    try:
        check_load(path, load)
        check_row(path, load)
        check_fifty(path)
        check_churn(path)
        check_rest(path, daemon)
    except (OSError, KeyError, ValueError) as e:
        check(False, repr(e))
    finally:
        load.kill()
        load.wait()
    return 1 if failures else 0


sys.exit(main())
