#!/usr/bin/env python3
"""How a daemon lives: where its sockets are, what signals do, what it keeps, what it says of itself."""
import grp
import os
import shutil
import signal
import socket
import subprocess
import sys

from actop import BUILD, PATIENCE, Client, equal, holds, run, until

FAST = ("--interval", "100ms", "--history", "100ms:1m")


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
    holds("history has changed" not in d.log(), "what nobody wrote is not said")
    write("interval = 100ms", "max_clients = 6")
    d.signal(signal.SIGHUP)
    until(lambda: d.status()["clients"]["max"] == 6, "put back")
    equal(d.log().count("takes a restart"), 1, "what runs already takes no restart")
    write("interval = 200ms", "max_clients = 5")
    d.signal(signal.SIGHUP)
    until(lambda: d.log().count("interval has changed, which takes a restart") == 2, "said again")
    until(lambda: d.status()["clients"]["max"] == 5, "new settings again")
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
    holds(f" series every 1000 ms on {first}, {other}\n" in d.log(), d.log())
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


class Manager:
    """What a service manager hears."""

    def __init__(self, folder):
        path = os.path.join(folder.path, "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        self.socket.settimeout(PATIENCE)
        self.env = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "200000"}

    def hear(self):
        return self.socket.recv(4096).decode()

    def hear_other(self):
        """The next word that does not feed the watchdog."""
        while (text := self.hear()) == "WATCHDOG=1":
            pass
        return text

    def hears(self, seconds):
        """Whether there is a word within that time; those that wait are thrown away first."""
        self.socket.setblocking(False)
        try:
            while True:
                self.socket.recv(4096)
        except BlockingIOError:
            pass
        self.socket.settimeout(seconds)
        try:
            self.hear()
            return True
        except TimeoutError:
            return False


def case_notify(folder):
    """NOTIFY_SOCKET: ready with the first sample, watchdog, reloading, stopping, each with its word"""
    manager = Manager(folder)
    d = folder.start(*FAST, ready=False, env=manager.env)
    text = manager.hear()
    holds(text.startswith("READY=1\nSTATUS=") and text.endswith(" series every 100 ms"), text)
    equal(d.client().ask({"op": "get", "metrics": ["load_1m"]})["type"], "reply", "a get right then")
    equal([manager.hear() for _ in range(3)], ["WATCHDOG=1"] * 3, "the watchdog is fed")
    d.signal(signal.SIGHUP)
    holds(manager.hear_other().startswith("RELOADING=1\nMONOTONIC_USEC="), "SIGHUP")
    equal(manager.hear_other(), "READY=1", "behind it")
    equal(d.stop(), 0, "exit code")
    equal(manager.hear_other(), "STOPPING=1\nSTATUS=SIGTERM", "the end")


def case_dead_sampler(folder):
    """a daemon whose samples do not come any more lets the watchdog bite, though it answers"""
    manager = Manager(folder)
    pipe = os.path.join(folder.path, "pipe")
    os.mkfifo(pipe)
    d = folder.start("--source", f"replay:{pipe}", ready=False, env=manager.env)
    with open(pipe, "w", encoding="ascii") as f:
        with open("tests/fixtures/traces/missed.ndjson", encoding="ascii") as trace:
            f.write(trace.read().replace('"base_ms":1000', '"base_ms":100'))
        f.flush()
        holds(manager.hear().startswith("READY=1"), "ready")
        until(lambda: not manager.hears(0.5), "nobody feeds the watchdog")
        equal(d.client().ask({"op": "ping"})["type"], "reply", "it answers all the same")
    equal(d.stop(), 0, "exit code")


run([case_hup, case_log_file, case_simulated, case_status, case_two_sockets, case_default_place,
     case_handed_over, case_watch_of_older_history, case_wait, case_early_signals, case_usr1, case_pipe,
     case_notify, case_dead_sampler])
