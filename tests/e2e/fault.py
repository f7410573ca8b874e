#!/usr/bin/env python3
"""Makes the n-th call of everything that can fail, fail, until a whole life of a daemon passes
without reaching it (tests/fault/fault.c).  Whatever fails: the daemon never crashes but for want
of memory, says so then, never hangs, never sends a wrong line, and ends with a known exit code.

The life: a store, a configuration, every kind of request, SIGHUP and SIGUSR1, SIGTERM.

A few n's of each row here, growing; with ACTOP_SOAK=1 every one.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from actop import BUILD, SOAK, Client, Daemon

ROOT = "tests/fixtures/linux/laptop"
ROWS = [("alloc", "ENOMEM"), ("accept", "EMFILE"), ("accept", "ECONNABORTED"),
        ("accept", "EINTR"), ("accept", "EAGAIN"), ("read", "EINTR"), ("read", "EAGAIN"),
        ("read", "ECONNRESET"), ("read", "EIO"), ("read", "short"), ("write", "EINTR"),
        ("write", "EAGAIN"), ("write", "EPIPE"), ("write", "short"), ("open", "EMFILE"),
        ("open", "ENOMEM"), ("open", "EINTR"), ("epoll_ctl", "ENOMEM"),
        ("clock_gettime", "EINVAL"), ("thread", "EAGAIN")]
CODES = (0, 69, 70, 78)  # the documented ones that a fault can lead to


class Broken(Exception):
    pass


def converse(path):
    """One whole conversation; a connection that is cut in the middle is an OSError."""
    c = Client(path)
    c.socket.settimeout(8)
    requests = [{"op": "hello", "id": 1}, {"op": "schema", "id": 2},
                {"op": "history", "id": 3, "metrics": ["load_1m"], "step_ms": 100},
                {"op": "mark", "id": 4, "text": "here"}, {"op": "events", "id": 5},
                {"op": "energy", "id": 6}, {"op": "processes", "id": 7, "limit": 3},
                {"op": "status", "id": 8, "clients": True},
                {"op": "subscribe", "id": 9, "interval_ms": 100, "count": 2, "close": True}]
    for r in requests:
        c.send(r)
    replies, seqs, ended = [], [], False
    while True:
        raw = c.raw_line()
        if raw is None:
            break
        try:
            line = json.loads(raw)
        except ValueError:
            raise Broken(f"a torn line: {raw[:80]}") from None
        if line["type"] in ("reply", "error"):
            replies.append((line["id"], line.get("op"), line["type"]))
            if line.get("code") == "internal":
                raise ConnectionError("an honest answer to a want of memory")
            # Without a way to read processes there is no such op.
            if line["type"] == "error" and line["code"] not in ("not_ready", "busy") and \
                    (line["op"], line["code"]) != ("processes", "unknown_op"):
                raise Broken(f"{line}")
        elif line["type"] == "sample":
            seqs.append(line["seq"])
        elif line["type"] == "end":
            ended = True
        elif line["type"] not in ("row", "event"):
            raise Broken(f"unasked: {line['type']}")
    if c.rest:
        raise ConnectionError("a torn last line")
    if [r[:2] for r in replies] != [(r["id"], r["op"]) for r in requests]:
        raise ConnectionError(f"cut after {replies}") if len(replies) < len(requests) else Broken(str(replies))
    if not ended:
        raise ConnectionError("cut before the end")
    if len(seqs) != 2 or seqs[1] != seqs[0] + 1:
        raise Broken(f"samples {seqs}")


def live(d, cuts):
    """Converses until it goes well; the daemon may end meanwhile.  Connections that were cut."""
    end = time.monotonic() + 10
    cut = 0
    while d.process.poll() is None:
        try:
            converse(d.path)
            return cut
        except (FileNotFoundError, ConnectionRefusedError):
            pass
        except TimeoutError:
            raise Broken("it hangs") from None
        except OSError:
            cut += 1
            if cut > cuts:
                raise Broken(f"{cut} connections were cut") from None
        if time.monotonic() > end:
            raise Broken("no conversation passes")
        time.sleep(0.01)
    return cut


def attempt(call, n, what):
    """One life with a fault.  True when it was reached."""
    folder = tempfile.mkdtemp(prefix="actop-fault.", dir="/tmp")
    hit = os.path.join(folder, "hit")
    d = None
    try:
        env = {"ACTOP_FAULT": f"{call}:{n}:{what}", "ACTOP_FAULT_HIT": hit,
               "LD_PRELOAD": os.path.abspath(f"{BUILD}/fault.so")}
        conf = os.path.join(folder, "conf")
        with open(conf, "w", encoding="ascii") as f:
            f.write("interval = 100ms\nhistory = 100ms:1m,1s:10m\n")
        d = Daemon(folder, "--config", conf, "--state", os.path.join(folder, "state"),
                   "--source", f"linux:{ROOT}", ready=False, env=env)
        # One call that fails costs one connection, and all that wait where none can be opened.
        live(d, 4 if what == "EMFILE" else 1)
        d.signal(signal.SIGHUP)
        d.signal(signal.SIGUSR1)
        try:
            code = d.stop()
        except Exception:
            raise Broken("it does not end") from None
        starved = code == -signal.SIGABRT and (
            (call == "alloc" and "out of memory" in d.log()) or call == "epoll_ctl")
        if code not in CODES and not starved:
            raise Broken(f"exit code {code}: {d.log()[-500:]}")
        if code != 0 and not os.path.exists(hit):
            raise Broken(f"exit code {code} without a fault: {d.log()[-500:]}")
        return os.path.exists(hit)
    except Broken as e:
        raise Broken(f"{call}:{n}:{what}: {e}; log: {d.log()[-300:] if d else ''}") from None
    finally:
        if d:
            d.kill()
        shutil.rmtree(folder, ignore_errors=True)


def row(call, what):
    """Lives with a fault at 1, 2, 3...; their number, and the highest n that was reached."""
    if what == "short":
        attempt(call, "*", what)
        return 1, "all"
    n, lives = 1, 0
    broken = []
    while True:
        try:
            if not attempt(call, n, what):
                break
        except Broken as e:
            broken.append(str(e))
            if not SOAK or len(broken) > 20:
                break
        lives += 1
        n += 1 if SOAK or n < 3 else (n * (1 if call == "alloc" else 0.8)).__ceil__()
    if broken:
        raise Broken("\n".join(broken))
    return lives, n - 1


# Names of the kinds of call that rows make fail, as the daemon and its libraries may import them.
KINDS = re.compile(r"malloc|calloc|realloc|reallocarray|aligned_alloc|posix_memalign|memalign|"
                   r"p?readv?(64)?|p?write(64)?|writev|recv(from)?|send(to)?|(__)?open(at)?(64)?(_2)?|"
                   r"fopen(64)?|opendir|creat(64)?|accept4?|epoll_ctl|clock_gettime|"
                   r"pthread_create")
# For files only, where rows of "write" are for sockets; and sendto is the datagram of sd_notify.
NOT_MEANT = {"pwrite", "pwrite64", "sendto"}


def names(*command):
    out = subprocess.run(["nm", "-D", *command], capture_output=True, text=True, check=True)
    return {line.split()[-1].split("@")[0] for line in out.stdout.splitlines()}


def left_out():
    """What the daemon, libuv and cJSON import of these kinds and fault.so does not fail."""
    program = f"{BUILD}/actopd"
    linked = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    files = [program, *re.findall(r"\S*/lib(?:uv|cjson)\S*", linked)]
    imported = set().union(*(names("--undefined-only", f) for f in files))
    own = names("--defined-only", f"{BUILD}/fault.so")
    return {n for n in imported if KINDS.fullmatch(n)} - own - NOT_MEANT


def main():
    if not os.path.exists(f"{BUILD}/fault.so"):
        print("fault: not here (Linux without sanitizers only)")
        return 0
    if left_out():
        print(f"FAILED: fault.so leaves out {sorted(left_out())}", file=sys.stderr)
        return 1
    wanted = sys.argv[1:]
    rows = [r for r in ROWS if not wanted or r[0] in wanted or ":".join(r) in wanted]
    failed = 0
    with ThreadPoolExecutor(4) as pool:
        jobs = [(r, pool.submit(row, *r)) for r in rows]
        lives = 0
        for r, job in jobs:
            try:
                count, last = job.result()
                lives += count
                if SOAK:
                    print(f"fault: {r[0]} {r[1]}: {count} lives, last call {last}")
            except Broken as e:
                failed += 1
                print(f"FAILED: fault {e}", file=sys.stderr)
    print(f"fault: {len(rows) - failed} of {len(rows)} rows passed, {lives} lives with a fault")
    return failed > 0


sys.exit(main())
