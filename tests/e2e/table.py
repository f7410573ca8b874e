#!/usr/bin/env python3
"""The cases 73 to 80 of PROTOCOL.md 2.17, and what else only a whole daemon shows."""
import grp
import os
import pwd
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

from actop import BUILD, SOAK, Client, as_uid, equal, holds, need_root, run, until

FAST = ("--interval", "100ms", "--history", "100ms:1m")


def case_73(folder):
    """73: a second daemon ends with 75 within 1 s, and the first does not notice"""
    first = folder.start(*FAST)
    reader = first.client().send({"op": "subscribe", "interval_ms": 100})
    reader.line()
    began = time.monotonic()
    second = folder.start(ready=False)
    equal(second.wait(), 75, "exit code")
    holds(time.monotonic() - began < 1, "within 1 s")
    seqs = [reader.line()["seq"] for _ in range(5)]
    equal(seqs, list(range(seqs[0], seqs[0] + 5)), "the first one's lines")


def case_74(folder):
    """74: after kill -9 a daemon without a store starts unaided in a new epoch"""
    first = folder.start(*FAST)
    old = first.client().ask({"op": "hello"})
    first.kill()
    second = folder.start(*FAST)
    c = second.client()
    new = c.ask({"op": "hello"})
    holds(old["epoch"] != new["epoch"] and old["run"] != new["run"], "new epoch and run")
    cursor = f'{old["epoch"]}:{old["head_seq"]}'
    equal(c.ask({"op": "subscribe", "after": cursor,
                 "interval_ms": 100})["from_seq"], 1, "from")
    gap = c.line()
    equal([gap["type"], gap["reason"], gap["from_seq"], gap["to_seq"], gap["count"]],
          ["gap", "epoch", None, None, None], "gap")
    equal(c.line()["seq"], 1, "first sample")
    c = second.client()
    error = c.ask({"op": "history", "after": cursor, "on_gap": "fail"})
    equal([error["code"], error["reason"]], ["gone", "epoch"], "on_gap fail")
    leftovers = [n for n in os.listdir(folder.path) if n.startswith(".new-")]
    equal(leftovers, [], "leftovers")


def case_74b(folder):
    """74b: with a store the epoch stays, and no number is given twice"""
    state = ("--state", os.path.join(folder.path, "state"))
    first = folder.start(*FAST, *state)
    c = first.client().send({"op": "subscribe", "interval_ms": 100})
    epoch = c.line()["epoch"]
    last = [c.line()["seq"] for _ in range(8)][-1]
    first.kill()
    sent = [line["seq"] for line in c.lines() if line["type"] == "sample"]
    last = max([last, *sent])
    second = folder.start(*FAST, *state)
    c = second.client().send({"op": "subscribe", "interval_ms": 100, "after": f"{epoch}:{last}"})
    equal(c.line()["epoch"], epoch, "epoch")
    lines = [c.line() for _ in range(4)]
    gaps = [line for line in lines if line["type"] == "gap"]
    holds(len(gaps) <= 1 and all(g["reason"] == "lost" and g["from_seq"] == last + 1
                                 for g in gaps), f"gaps {gaps}")
    p = gaps[0]["to_seq"] if gaps else last
    for line in lines:
        if line["type"] == "sample":
            equal(line["seq"] - line["n"], p, "samples go on behind it")
            p = line["seq"]


def case_74_between_bind_and_rename(folder):
    """74: what a daemon killed between bind and rename left behind is cleaned up"""
    first = folder.start()
    first.kill()
    os.rename(first.path, first.path + ".seen")
    trace = subprocess.run(["sh", "-c", f"ls -a {folder.path}"], capture_output=True, text=True,
                           check=True).stdout
    holds(".new-" not in trace, "nothing is left by a whole start")
    # The temporary name depends on the socket's name only: FNV-1a folded to 16 bits.
    h = 2166136261
    for byte in b"s":
        h = (h ^ byte) * 16777619 & 0xffffffff
    stale = os.path.join(folder.path, f".new-{(h >> 16) ^ (h & 0xffff):04x}")
    socket.socket(socket.AF_UNIX).bind(stale)
    folder.start()
    holds(not os.path.exists(stale), "the stale temporary socket is gone")


def case_75(folder):
    """75: a deleted socket file comes back with SIGHUP, and old clients stay"""
    d = folder.start(*FAST)
    reader = d.client().send({"op": "subscribe", "interval_ms": 100})
    reader.line()
    for foreign in (False, True):
        os.unlink(d.path)
        if foreign:
            stranger = socket.socket(socket.AF_UNIX)
            stranger.bind(d.path)
            stranger.close()
        d.signal(signal.SIGHUP)
        until(d.answers, "the socket is back")
        equal(os.stat(d.path).st_mode & 0o777, 0o600, "mode")
        equal(reader.line()["type"], "sample", "the old client")
    equal(d.log().count("was gone and is back"), 2, "messages")
    os.unlink(d.path)
    d.signal(signal.SIGHUP)
    equal(d.stop(), 0, "exit code when stopped right behind it")
    holds(not os.path.exists(d.path), "no socket is left")


def case_75_lock(folder):
    """75: where the lock file is deleted too, the daemon that is first locks the place again"""
    first = folder.start(*FAST)
    old = first.client()
    os.unlink(first.path + ".lock")
    first.signal(signal.SIGHUP)
    until(lambda: os.path.exists(first.path + ".lock"), "the lock file is back")
    equal(folder.start(ready=False).wait(), 75, "a second daemon")
    os.unlink(first.path + ".lock")
    second = folder.start(*FAST, ready=False)
    until(lambda: first.status()["pid"] == second.pid, "a second one that was faster has it")
    for _ in range(2):
        first.signal(signal.SIGHUP)
    until(lambda: first.log().count("read again") == 3, "the first one has looked")
    equal(first.status()["pid"], second.pid, "and leaves it alone")
    equal(old.ask({"op": "status"})["pid"], first.pid, "who was connected stays")
    equal(first.log().count("is not ours at the moment"), 1, "which is said once")
    equal(second.stop(), 0, "exit code of the second")
    first.signal(signal.SIGHUP)
    until(first.answers, "the socket is back")
    equal(first.status()["pid"], first.pid, "where the first one answers")


def case_76(folder):
    """76: client 65 of --max-clients 64 gets busy and the end, and a place that is free again"""
    d = folder.start("--max-clients", "64")
    clients = [d.client() for _ in range(64)]
    for c in clients:
        equal(c.ask({"op": "ping"})["type"], "reply", "client within the limit")
    late = d.client()
    late.send({"op": "ping"})
    line = late.line()
    equal(line, {"type": "error", "id": None, "op": None, "code": "busy",
                 "message": "64 clients are connected", "limit": "max_clients", "max": 64,
                 "fatal": True}, "line")
    equal(late.line(), None, "end, without ECONNRESET")
    status = clients[0].ask({"op": "status"})["clients"]
    equal([status["now"], status["peak"], status["refused"], status["max"]], [64, 64, 1, 64],
          "counters")
    clients.pop().close()
    until(d.answers, "the place is given again, although the refused one still lingers")


def foreign(folder, *options):
    """A daemon whose socket and folder everybody can reach."""
    os.chmod(folder.path, 0o755)
    return folder.start(*options)


def case_77(folder):
    """77: a foreign uid is kept out by the mode, or told denied"""
    need_root("the same with uids that the server is told: tests/conform/crowd.c")
    nobody = pwd.getpwnam("nobody")

    def refused():
        try:
            Client(d.path)
        except PermissionError:
            return True
        return False

    def denied():
        c = Client(d.path)
        line = c.line()
        return line["code"] == "denied" and line["fatal"] and c.line() is None and \
            line["message"] == f"uid {nobody.pw_uid} may not use this socket"

    d = foreign(folder)
    holds(as_uid(nobody.pw_uid, nobody.pw_gid, refused), "the mode refuses")
    d.stop()
    d = foreign(folder, "--mode", "0666")
    holds(as_uid(nobody.pw_uid, nobody.pw_gid, denied), "the line says denied")
    equal(d.status()["clients"]["denied"], 1, "counter")


def case_system_mode(folder):
    """system mode: everybody reads, the group marks, a quarter of the places a uid, no list"""
    need_root("the same with uids that the server is told: tests/conform/crowd.c")
    nobody, stranger = pwd.getpwnam("nobody"), pwd.getpwnam("bin")

    def reads(c):
        return c.ask({"op": "get"})["type"] == "reply" and \
            c.ask({"op": "status", "clients": True})["code"] == "denied"

    def member():
        c = Client(d.path)
        return reads(c) and c.ask({"op": "mark", "text": "by a member"})["type"] == "reply"

    def not_member():
        c = Client(d.path)
        return reads(c) and c.ask({"op": "mark", "text": "no"})["code"] == "denied"

    def quarter():
        clients = [Client(d.path) for _ in range(3)]
        good = all(c.ask({"op": "ping"})["type"] == "reply" for c in clients[:2])
        line = clients[2].line()
        return good and line["limit"] == "max_clients_per_uid" and line["max"] == 2

    group = grp.getgrgid(nobody.pw_gid).gr_name
    d = foreign(folder, "--system", "--mode", "0666", "--group", group, "--max-clients", "8")
    holds(as_uid(nobody.pw_uid, nobody.pw_gid, member), "a member of the group")
    holds(as_uid(stranger.pw_uid, stranger.pw_gid, not_member), "somebody else")
    until(lambda: d.status()["clients"]["now"] == 1, "they are gone")
    holds(as_uid(stranger.pw_uid, stranger.pw_gid, quarter), "a quarter for each uid")
    until(lambda: d.status()["clients"]["now"] == 1, "they are gone")
    equal(len([d.client().ask({"op": "ping"}) for _ in range(8)]), 8, "root has all places")


def case_78(folder):
    """78: SIGTERM gives three subscribers end and bye, exit 0 within 1 s, no socket file"""
    for number in (signal.SIGTERM, signal.SIGINT):
        d = folder.start(*FAST)
        readers = [d.client().send({"op": "subscribe", "sub": f"r{i}"}) for i in range(3)]
        for r in readers:
            equal(r.line()["type"], "reply", "subscribed")
        began = time.monotonic()
        d.signal(number)
        equal(d.wait(), 0, "exit code")
        holds(time.monotonic() - began < 1, "within 1 s")
        holds(not os.path.exists(d.path), "no socket file")
        for i, r in enumerate(readers):
            *_, end, bye = r.lines()
            equal(end, {"type": "end", "sub": f"r{i}", "reason": "shutdown"}, "end")
            equal(bye, {"type": "bye", "reason": "shutdown", "message": "actopd is stopping"},
                  "bye")


def case_78_stopped_reader(folder):
    """78: a reader that does not read delays the end by half a second at most, for nobody new"""
    d = folder.start(*FAST)
    c = d.client()
    c.socket.setblocking(False)
    try:
        while True:
            c.send({"op": "schema"})
    except BlockingIOError:
        pass  # both directions are full
    before = d.client()
    equal(before.ask({"op": "ping"})["type"], "reply", "a client")
    began = time.monotonic()
    d.signal(signal.SIGTERM)

    def refused():
        try:
            d.client().close()
            return False
        except (FileNotFoundError, ConnectionRefusedError):
            return True

    equal(before.line()["type"], "bye", "the client")
    holds(refused(), "who comes now finds nobody")
    d.signal(signal.SIGHUP)
    holds(d.process.poll() is None, "it still waits for the one that does not read")
    equal(d.wait(), 0, "exit code")
    holds(time.monotonic() - began < 1.5, "in time")
    holds(not os.path.exists(d.path), "SIGHUP has not brought the socket back")


def few_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def case_no_files(folder):
    """79: too few files to serve anybody end it with 70; a low soft limit is raised first"""
    def limit(soft, hard):
        return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    # Sanitizers need files of their own, and end otherwise without them.
    limits = range(6, 25, 2) if "plain" in BUILD else ()
    log = ""
    for most in limits:
        d = folder.start(ready=False, before=limit(most, most))
        equal(d.wait(), 70, f"exit code with {most} files")
        log = d.log()
    equal(log.count("too few files may be open"), len(limits), "said each time")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    d = folder.start("--max-clients", "64", before=limit(16, hard))
    equal(d.status()["clients"]["max"], 64, "clients with a soft limit of 16")
    holds("oo many open files" not in d.log()[len(log):], d.log())


def connect_many(d, count):
    clients = []
    for _ in range(count):
        s = socket.socket(socket.AF_UNIX)
        s.connect(d.path)  # waits while the backlog is full
        clients.append(s)
    return clients


def expect_recovery(d, clients):
    for s in clients:
        s.close()
    until(d.answers, "recovered")
    until(lambda: d.status()["clients"]["now"] == 2, "the crowd is gone")
    holds("accept failed" not in d.log(), "accept never failed: " + d.log())
    equal(d.stop(), 0, "exit code")


def case_79(folder):
    """79: with ulimit -n 32, 200 connects leave the streams alone, cost below 5 %, and pass"""
    d = folder.start(*FAST, before=few_files)
    most = d.status()["clients"]["max"]
    holds(0 < most < 24, f"{most} clients at most")
    reader = d.client().send({"op": "subscribe", "interval_ms": 100})
    reader.line()
    crowd = [d.client() for _ in range(most // 2)]
    equal(crowd[-1].ask({"op": "ping"})["type"], "reply", "the last of them")
    d.signal(signal.SIGHUP)
    until(lambda: "read again" in d.log(), "the configuration is read again")
    equal(reader.line()["type"], "sample", "the stream")
    equal(d.status()["clients"]["max"], most, "clients are not taken for files of the daemon's own")
    for c in crowd:
        c.close()
    cpu, began = d.cpu_s(), time.monotonic()
    clients = connect_many(d, 200)
    seqs = [reader.line()["seq"] for _ in range(30)]
    spent = (d.cpu_s() - cpu) / (time.monotonic() - began)
    equal(seqs, list(range(seqs[0], seqs[0] + 30)), "the stream")
    # Sanitizers make everything some times as expensive.
    holds(spent < (0.05 if "plain" in BUILD else 0.5), f"{spent * 100:.1f} % of a core")
    expect_recovery(d, clients)


def case_79_files(folder):
    """79: nor is it another matter while the daemon opens files of its own"""
    d = folder.start(*FAST, before=few_files)
    reader = d.client().send({"op": "subscribe", "interval_ms": 100})
    reader.line()
    stop = threading.Event()

    def ask():
        while not stop.is_set():
            try:
                d.status()  # for which it opens some
            except (OSError, AssertionError, ValueError):
                pass

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        clients = connect_many(d, 200)
        seqs = [reader.line()["seq"] for _ in range(15)]
    finally:
        stop.set()
        thread.join()
    equal(seqs, list(range(seqs[0], seqs[0] + 15)), "the stream")
    expect_recovery(d, clients)


def reset(c):
    """Closes with bytes unread on our side, so that the daemon sees ECONNRESET."""
    c.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    c.close()


def case_80(folder):
    """80: clients that close in the middle of a line or reset leave no trace in log or memory"""
    d = folder.start(*FAST)
    log = None
    for turn in range(6):
        for i in range(200):
            c = d.client()
            c.send((b'{"op":"pi', b'{"op":"schema"}\n' * 20 + b'{"op', b"\xff\xfe",
                    b'{"op":"subscribe","interval_ms":100}\n{"op":"histo')[i % 4])
            if i % 3 == 0:
                reset(c)
            else:
                c.close()
        until(lambda: d.status()["clients"]["now"] == 1, "all are gone")
        if turn == 1:
            log, rss, files = d.log(), d.rss_kib(), d.files()
    equal(d.log(), log, "the log")
    until(lambda: d.files() <= files, "no descriptor is left open")
    if "plain" in BUILD:  # sanitizers keep what was freed for a while
        holds(d.rss_kib() - rss < 512, f"memory grew by {d.rss_kib() - rss} KiB")


def case_fatal_linger(folder):
    """2.2: behind a fatal line the daemon reads on for a second or 64 KiB, and no longer"""
    d = folder.start(*FAST)
    d.status()
    files = d.files()

    def doomed():
        c = d.client().send(b"x\n" * 16)
        *lines, last = c.lines()
        equal([[line["fatal"] for line in lines], last["fatal"]], [[False] * 15, True], "lines")
        return c

    patient, chatty = doomed(), doomed()
    patient.send({"op": "ping"})
    equal(patient.line(), None, "nothing more is answered")

    def is_cut():
        try:
            chatty.send(b" " * 4096)
            return False
        except (BrokenPipeError, ConnectionResetError):
            return True

    sent = 0
    while not is_cut():
        sent += 4096
        holds(sent < 1 << 20, "what comes is thrown away without end")
    holds(sent >= 65536, f"cut after {sent} bytes")
    until(lambda: d.files() <= files, "who waits is cut, too", 5)
    equal(patient.line(), None, "without ECONNRESET")
    equal(d.status()["io"]["bad_lines"], 32, "counted")


def stalled(d):
    """A client that asks without reading until the daemon can write it nothing more."""
    c = d.client()
    c.socket.setblocking(False)

    def is_stuck():
        try:
            while True:
                c.send(b'{"op":"schema"}\n')
        except BlockingIOError:
            pass
        return any(e["stalled_ms"] > 0 for e in d.client().ask(
            {"op": "status", "clients": True})["list"])

    until(is_stuck, "a client stalls")
    return c


def is_cut(c):
    try:
        while c.socket.recv(65536):
            pass
    except BlockingIOError:
        return False
    except ConnectionResetError:
        pass
    return True


def case_stall(folder):
    """2.14: who reads nothing for the time of --stall is cut, who reads a little is not"""
    d = folder.start(*FAST, "--stall", "2s")
    little = stalled(d)
    nothing = stalled(d)

    def cut_one():
        try:
            little.socket.recv(20000)
            while True:
                little.send(b'{"op":"schema"}\n')
        except BlockingIOError:
            pass  # all of it was read, or there is enough again
        return d.status()["io"]["slow_closed"] == 1

    until(cut_one, "one is cut")
    holds(is_cut(nothing), "the one that reads nothing")
    holds(not is_cut(little), "not the one that reads")
    d.client().send({"op": "subscribe"}).line()
    equal(d.stop(), 0, "exit code")


def case_evict(folder):
    """2.14: when all places are taken, who made no progress for 30 s gives way; in haste:
    tests/conform/crowd.c"""
    d = folder.start("--max-clients", "4")
    stuck = stalled(d)
    began = time.monotonic()
    clients = []
    while len(clients) < 3 and time.monotonic() < began + 5:
        c = d.client()
        if c.ask({"op": "ping"})["type"] == "reply":
            clients.append(c)

    def admitted():
        return d.client().ask({"op": "ping"})["type"] == "reply"

    holds(not admitted(), "full")
    until(admitted, "a place is free", 60)
    holds(29 < time.monotonic() - began < 45, f"after {time.monotonic() - began:.0f} s")
    holds(is_cut(stuck), "the one that stalled is gone")
    for c in clients:
        equal(c.ask({"op": "ping"})["type"], "reply", "the others stay")


def case_hup(folder):
    """SIGHUP reads the configuration again, applies it, and says what takes a restart"""
    conf = os.path.join(folder.path, "conf")

    def write(*lines):
        with open(conf, "w", encoding="ascii") as f:
            f.writelines(line + "\n" for line in lines)

    write("interval = 100ms")
    d = folder.start("--config", conf)
    equal(d.status()["clients"]["max"], 1024, "before")
    write("interval = 200ms", "max_clients = 5")
    d.signal(signal.SIGHUP)
    until(lambda: "interval has changed, which takes a restart" in d.log(), "fixed is said")
    until(lambda: d.status()["clients"]["max"] == 5, "new settings")
    equal(d.status()["sampler"]["base_ms"], 100, "what takes a restart")
    write("interval = 100ms", "nonsense = 5")
    d.signal(signal.SIGHUP)
    until(lambda: "the old settings stay" in d.log(), "a bad file changes nothing")
    equal(d.status()["clients"]["max"], 5, "after")


def case_log_file(folder):
    """--log-file: SIGHUP opens it anew; where it cannot be, stderr has one message and the rest"""
    path = os.path.join(folder.path, "file")

    def text(name):
        with open(name, encoding="utf-8") as f:
            return f.read()

    d = folder.start("--log-file", path)
    until(lambda: "info daemon: ready" in text(path), "the beginning is in the file")
    os.rename(path, path + ".old")
    d.signal(signal.SIGHUP)
    until(lambda: os.path.exists(path) and "read again" in text(path), "a new file")
    holds("read again" not in text(path + ".old"), "the former one is left alone")
    equal(d.log(), "", "stderr")
    d.stop()
    d = folder.start("--log-file", os.path.join(folder.path, "none", "log"))
    until(lambda: "info daemon: ready" in d.log(), "stderr has the log")
    equal(d.log().count("the log goes on here"), 1, "messages")


def case_simulated(folder):
    """what did not happen on this machine is not kept in its store, unless a state is named"""
    home, own = os.path.join(folder.path, "home"), os.path.join(folder.path, "own")
    env = {"XDG_STATE_HOME": home, "HOME": folder.path}
    recorded = os.path.join(folder.path, "recorded")

    def runs(*options):
        d = folder.start(*options, env=env, stateless=False)
        path = d.status().get("store", {}).get("path")
        equal(d.stop(), 0, "exit code")
        return path, d.log()

    path, log = runs("--record", recorded)
    holds(path and path.startswith(home), f"this machine is kept: {path}")
    kept = sorted(os.listdir(os.path.dirname(path)))
    for source in (f"replay:{recorded}", "linux:tests/fixtures/linux/laptop"):
        path, log = runs("--source", source)
        equal(path, None, "store")
        holds(f"{source} is not this machine: nothing is kept" in log, "it says so")
        path, log = runs("--source", source, "--state", own)
        holds(path and path.startswith(own), f"kept where that is asked for: {path}")
    equal(sorted(os.listdir(os.path.join(home, "actop"))), kept, "the machine's own store")


def case_status(folder):
    """2.10: status has every member that the protocol names, each of its type"""
    number, text = (int, float), str
    members = {
        "": {"version": text, "pid": int, "uptime_ms": int, "epoch": text, "rss_bytes": int,
             "fds": int, "list": list},
        "sampler": {"base_ms": int, "missed": int, "late": int, "cost_us_mean": int,
                    "cost_us_max": int, "errors": dict},
        "ring": {"cap": int, "used": int, "oldest_seq": int, "head_seq": int, "bytes": int},
        "clients": {"now": int, "peak": int, "max": int, "accepted": int, "refused": int,
                    "denied": int},
        "io": {"lines_in": int, "bad_lines": int, "bytes_out": int, "gap_samples": int,
               "slow_closed": int},
        "loop": {"lag_ms_max": number, "busy_pct": number},
    }
    d = folder.start(*FAST)
    c = d.client()
    c.ask({"op": "hello", "client": "table/1"})
    status = c.ask({"op": "status", "clients": True})
    for part, wanted in members.items():
        has = status[part] if part else status
        for name, kind in wanted.items():
            holds(isinstance(has.get(name), kind), f"{part}.{name}: {has.get(name)!r}")
    loop = status["loop"]
    holds(0 < loop["lag_ms_max"] < 10000 and 0 < loop["busy_pct"] < 100, f"{loop}")
    wanted = {"cid": int, "pid": int, "uid": int, "name": text, "age_ms": int, "subs": int,
              "behind": int, "stalled_ms": int, "out_bytes": int}
    equal({name: type(value) for name, value in status["list"][0].items()}, wanted, "a client")
    equal([status["list"][0]["pid"], status["list"][0]["name"]], [os.getpid(), "table/1"], "us")


def case_two_sockets(folder):
    """--socket twice: both are locked, answer, have mode and group, and are gone at the end"""
    other = os.path.join(folder.path, "other")
    first = os.path.join(folder.path, "s")
    group = grp.getgrgid(os.getgid()).gr_name
    d = folder.start("--socket", first, "--socket", other, "--mode", "0620", "--group", group)
    for path in (first, other):
        equal(Client(path).ask({"op": "ping"})["type"], "reply", path)
        equal([os.stat(path).st_mode & 0o7777, os.stat(path).st_gid], [0o620, os.getgid()], path)
        second = folder.start("--socket", path, ready=False)
        equal(second.wait(), 75, "a second daemon on one of them")
    equal(d.status()["sockets"], [first, other], "in status")
    equal(d.stop(), 0, "exit code")
    holds(not os.path.exists(first) and not os.path.exists(other), "both are gone")
    again = folder.start("--socket", first, "--socket", os.path.join(folder.path, ".", "s"),
                         ready=False)
    equal(again.wait(), 69, "one of them in two ways: nothing to wait for")
    holds("is named twice" in again.log(), again.log())


def case_default_place(folder):
    """a daemon at the default place is not replaced by one that is told the path of it, nor made
    homeless by a clean-up"""
    env = {"XDG_RUNTIME_DIR": folder.path, "HOME": folder.path}
    os.chmod(folder.path, 0o700)
    path = os.path.join(folder.path, *(("actop",) if sys.platform == "linux" else
                                       (".actop", "run")), "actopd.sock")
    command = [os.path.join(BUILD, "actopd"), "--state", "none"]
    first = subprocess.Popen(command, env={**os.environ, **env}, stderr=subprocess.DEVNULL)
    try:
        until(lambda: os.path.exists(path), "the socket")
        second = folder.start("--socket", path, ready=False)
        equal(second.wait(), 75, "exit code")
        equal(Client(path).ask({"op": "status"})["pid"], first.pid, "the first one stays")
        shutil.rmtree(os.path.dirname(path))
        first.send_signal(signal.SIGHUP)
        until(lambda: os.path.exists(path), "the socket and its folder are made anew")
        equal(os.stat(os.path.dirname(path)).st_mode & 0o777, 0o700, "mode of the folder")
        equal(folder.start("--socket", path, ready=False).wait(), 75, "and locked")
    finally:
        first.kill()
        first.wait()


def case_handed_over(folder):
    """LISTEN_FDS: the daemon serves the socket it was given, and never removes it"""
    path = os.path.join(folder.path, "s")
    given = socket.socket(socket.AF_UNIX)
    given.bind(path)
    given.listen(16)
    early = Client(path)  # before there is a daemon
    early.send({"op": "ping"})
    # The number is that of the daemon: exec keeps it.
    command = ["sh", "-c", 'exec 3<&0 </dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"', "sh",
               os.path.join(BUILD, "actopd"), "--state", "none"]
    process = subprocess.Popen(command, stdin=given, stderr=subprocess.DEVNULL)
    try:
        equal(early.line()["op"], "ping", "who came first is answered")
        env = Client(path).ask({"op": "status"})
        equal(env["pid"], process.pid, "the daemon")
        equal(env["sockets"], [path], "its sockets")
        second = folder.start(ready=False)
        equal(second.wait(), 75, "a second daemon that would bind the same path")
        equal(Client(path).ask({"op": "status"})["pid"], process.pid, "the first one stays")
        process.terminate()
        equal(process.wait(10), 0, "exit code")
        holds(os.path.exists(path), "the socket file belongs to whoever made it")
    finally:
        process.kill()
        process.wait()


def case_75_alone(folder):
    """75: a deleted socket file comes back by itself within 60 s"""
    d = folder.start()
    os.unlink(d.path)
    until(d.answers, "the socket is back", 65)


def case_watch_of_older_history(folder):
    """actopctl --events goes on, once, where the history behind its cursor was replaced"""
    state, saved = (os.path.join(folder.path, name) for name in ("state", "saved"))
    d = folder.start(*FAST, "--state", state)
    d.stop()
    shutil.copytree(state, saved)
    d = folder.start(*FAST, "--state", state)
    watches = []
    for words in (["events", "--follow"], ["watch", "--events", "-f", "load_1m"]):
        with open(os.path.join(folder.path, words[0]), "wb") as out:
            watches.append(subprocess.Popen(
                [os.path.join(BUILD, "actopctl"), "-S", d.path, *words, "--json"],
                stdout=out, stderr=out))

    def seen(name, what):
        with open(os.path.join(folder.path, name), encoding="utf-8") as f:
            return f.read().count(what)

    def mark(text):
        d.client().ask({"op": "mark", "text": text})
        return seen("events", text) and seen("watch", text)

    try:
        until(lambda: mark("before"), "both follow")
        for i in range(300):
            d.client().ask({"op": "mark", "text": f"{i} more"})
        until(lambda: seen("events", "299 more") and seen("watch", "299 more"), "far ahead")
        d.kill()
        shutil.rmtree(state)
        shutil.move(saved, state)
        d = folder.start(*FAST, "--state", state)
        until(lambda: mark("behind"), "both go on")
        equal([w.poll() for w in watches], [None, None], "neither ends")
        equal(seen("events", "does not know"), 1, "said once by the one")
        holds(seen("watch", "does not know") <= 2, "and once a stream by the other")
    finally:
        for w in watches:
            w.kill()
            w.wait()


def case_wait(folder):
    """--wait: takes over when the other daemon ends, and ends itself when it is told to"""
    first = folder.start(*FAST)
    for number in (signal.SIGTERM, signal.SIGINT):
        second = folder.start("--wait", ready=False)
        until(lambda: "waiting for it to end" in second.log(), "it waits")
        second.signal(signal.SIGHUP)
        second.signal(signal.SIGUSR1)
        second.signal(number)
        equal(second.wait(), 0, "exit code")
        os.truncate(second.log_path, 0)
    second = folder.start("--wait", ready=False)
    until(lambda: "waiting for it to end" in second.log(), "it waits")
    holds(first.answers(), "the first one is not disturbed")
    equal(first.stop(), 0, "exit code of the first")
    until(second.answers, "the other takes over")
    equal(second.status()["pid"], second.pid, "it")
    equal(second.stop(), 0, "exit code")


def case_early_signals(folder):
    """SIGHUP and SIGUSR1 end nothing while the daemon begins"""
    pipe = os.path.join(folder.path, "pipe")
    os.mkfifo(pipe)
    d = folder.start("--source", f"replay:{pipe}", ready=False)
    with open(pipe, "w", encoding="ascii") as f:  # waits until the daemon opens it
        d.signal(signal.SIGHUP)
        d.signal(signal.SIGUSR1)
        with open("tests/fixtures/traces/missed.ndjson", encoding="ascii") as trace:
            f.write(trace.read())
        f.flush()
        until(d.answers, "it begins all the same")
    equal(d.stop(), 0, "exit code")


def case_usr1(folder):
    """SIGUSR1 logs the status, as one line"""
    d = folder.start()
    d.signal(signal.SIGUSR1)
    until(lambda: '"clients":{' in d.log(), "status in the log")
    lines = [l for l in d.log().splitlines() if '"clients":{' in l]
    equal(len(lines), 1, "one line")
    holds('"head_seq":' in lines[0], "of the history, too")


def case_pipe(folder):
    """SIGPIPE ends nothing, neither from outside nor from a client gone in mid-reply"""
    d = folder.start(*FAST)
    d.signal(signal.SIGPIPE)
    for _ in range(50):
        d.client().send(b'{"op":"schema"}\n' * 30).close()
    holds(d.answers(), "still answers")
    equal(d.stop(), 0, "exit code")


run([case_73, case_74, case_74b, case_74_between_bind_and_rename, case_75,
     case_75_lock, case_76, case_77,
     case_system_mode, case_78, case_78_stopped_reader, case_79, case_79_files, case_no_files,
     case_80, case_fatal_linger, case_stall, case_hup, case_log_file, case_simulated, case_status,
     case_two_sockets, case_default_place, case_handed_over, case_watch_of_older_history,
     case_wait, case_early_signals, case_usr1, case_pipe] + ([case_evict, case_75_alone] if SOAK else []))
