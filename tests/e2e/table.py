#!/usr/bin/env python3
"""The cases 73 to 80 of PROTOCOL.md 2.17, and what else only a whole daemon shows."""
import grp
import os
import pwd
import resource
import signal
import socket
import struct
import subprocess
import threading
import time

from actop import BUILD, SOAK, Client, as_uid, equal, holds, need_faults, need_root, run, until

TRIES = 5
FAST = ("--interval", "100ms", "--history", "100ms:1m")


def promptly(seconds, attempt):
    """attempt() gives the moment at which it began to wait.  It is repeated where that took longer:
    a machine that is busy is late now and then, a daemon that is slow always."""
    took = []
    for _ in range(TRIES):
        began = attempt()
        took.append(time.monotonic() - began)
        if took[-1] < seconds:
            return
    raise AssertionError(f"never within {seconds} s, but {took}")


def case_73(folder):
    """73: a second daemon ends with 75 within 1 s, and the first does not notice"""
    first = folder.start(*FAST)
    reader = first.client().send({"op": "subscribe", "interval_ms": 100})
    reader.line()

    def attempt():
        began = time.monotonic()
        equal(folder.start(ready=False).wait(), 75, "exit code")
        return began

    promptly(1, attempt)
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
    for looks in (2, 3):
        first.signal(signal.SIGHUP)
        until(lambda: first.log().count("read again") == looks, "the first one has looked")
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
    def attempt(number):
        d = folder.start(*FAST)
        readers = [d.client().send({"op": "subscribe", "sub": f"r{i}"}) for i in range(3)]
        for r in readers:
            equal(r.line()["type"], "reply", "subscribed")
        began = time.monotonic()
        d.signal(number)
        equal(d.wait(), 0, "exit code")
        holds(not os.path.exists(d.path), "no socket file")
        for i, r in enumerate(readers):
            *_, end, bye = r.lines()
            equal(end, {"type": "end", "sub": f"r{i}", "reason": "shutdown"}, "end")
            equal(bye, {"type": "bye", "reason": "shutdown", "message": "actopd is stopping"},
                  "bye")
        return began

    for number in (signal.SIGTERM, signal.SIGINT):
        promptly(1, lambda number=number: attempt(number))


def case_78_stopped_reader(folder):
    """78: a reader that does not read delays the end by half a second at most, for nobody new"""
    promptly(1.5, lambda: end_beside_a_stopped_reader(folder))


def end_beside_a_stopped_reader(folder):
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
    holds(not os.path.exists(d.path), "SIGHUP has not brought the socket back")
    return began


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


def case_79_greed(folder):
    """79: nor while another thread takes every file that may be opened, so that accept fails"""
    greed = os.path.join(folder.path, "greed")
    d = folder.start(*FAST, before=few_files,
                     env={"LD_PRELOAD": need_faults(), "ACTOP_FAULT_GREED": greed})
    loop = f"task/{d.pid}/stat"
    reader = d.client().send({"op": "subscribe", "interval_ms": 100})
    reader.line()
    with open(greed, "wb"):
        pass
    until(lambda: d.files() >= 31, "all files are taken")
    crowd = [socket.socket(socket.AF_UNIX) for _ in range(100)]
    for s in crowd:
        s.connect(d.path)  # the backlog has room for them
    cpu, began = d.cpu_s(loop), time.monotonic()
    seqs = [reader.line()["seq"] for _ in range(30)]
    spent = (d.cpu_s(loop) - cpu) / (time.monotonic() - began)
    equal(seqs, list(range(seqs[0], seqs[0] + 30)), "the stream")
    holds(spent < 0.05, f"{spent * 100:.1f} % of a core in the loop")
    os.unlink(greed)
    for s in crowd:
        s.close()
    until(d.answers, "recovered")
    until(lambda: d.status()["clients"]["now"] == 2, f"gone {d.status()}")
    equal(d.stop(), 0, "exit code")


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


def case_75_alone(folder):
    """75: a deleted socket file comes back by itself within 60 s"""
    d = folder.start()
    os.unlink(d.path)
    until(d.answers, "the socket is back", 65)


run([case_73, case_74, case_74b, case_74_between_bind_and_rename, case_75, case_75_lock, case_76,
     case_77, case_system_mode, case_78, case_78_stopped_reader, case_79, case_79_files,
     case_79_greed, case_no_files, case_80, case_fatal_linger, case_stall] +
    ([case_evict, case_75_alone] if SOAK else []))
