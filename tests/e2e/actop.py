"""For tests of a real daemon that a shell cannot make: a daemon, its clients, and claims.

Waits are for conditions, never for time; everything lives in a private folder.
"""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("BUILD", "build/plain")
SOAK = os.environ.get("ACTOP_SOAK") == "1"
PATIENCE = 15


def until(condition, what, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"in {seconds} s not: {what}")
        time.sleep(0.01)


class Client:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.rest = b""
        self.socket.connect(path)  # waits while the backlog is full
        self.socket.settimeout(PATIENCE)

    def send(self, request):
        data = request if isinstance(request, bytes) else json.dumps(request).encode() + b"\n"
        self.socket.sendall(data)
        return self

    def raw_line(self):
        """The next line without its LF; None at the end.  A torn last line is dropped."""
        while b"\n" not in self.rest:
            data = self.socket.recv(65536)
            if not data:
                return None
            self.rest += data
        line, self.rest = self.rest.split(b"\n", 1)
        return line

    def line(self):
        raw = self.raw_line()
        return None if raw is None else json.loads(raw)

    def ask(self, request):
        """Sends a request; the line that ends it."""
        self.send(request)
        while True:
            line = self.line()
            if line is None or line["type"] in ("reply", "error"):
                return line

    def lines(self):
        while True:
            line = self.line()
            if line is None:
                return
            yield line

    def close(self):
        self.socket.close()


class Daemon:
    def __init__(self, folder, *options, ready=True, env=None, before=None, program="actopd",
                 stateless=True):
        self.folder = folder
        self.path = os.path.join(folder, "s")
        self.log_path = os.path.join(folder, "log")
        if stateless and "--state" not in options:
            options = ("--state", "none") + options
        if "--socket" not in options:
            options = ("--socket", self.path) + options
        self.options = options
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [os.path.join(BUILD, program), *options], stderr=log,
                env={**os.environ, **(env or {})}, preexec_fn=before)
        self.pid = self.process.pid
        if ready:
            until(self.answers, "the daemon has a sample")

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the daemon ended with {self.process.returncode}: {self.log()}")
        try:
            c = self.client()
            line = c.ask({"op": "get", "metrics": ["load_1m"], "close": True})
            c.close()
            return line is not None and line["type"] == "reply"
        except OSError:
            return False

    def client(self):
        return Client(self.path)

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def status(self):
        c = self.client()
        line = c.ask({"op": "status", "close": True})
        c.close()
        return line

    def rss_kib(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))

    def cpu_s(self, of="stat"):
        """Of the process, or with of="task/TID/stat" of one of its threads."""
        with open(f"/proc/{self.pid}/{of}", encoding="ascii") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def files(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def signal(self, number):
        self.process.send_signal(number)  # nothing happens when it has ended

    def wait(self, seconds=PATIENCE):
        return self.process.wait(seconds)

    def stop(self):
        """SIGTERM; the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.wait()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def equal(got, wanted, what=""):
    if got != wanted:
        raise AssertionError(f"{what}: {got!r} is not {wanted!r}")


def holds(claim, what):
    if not claim:
        raise AssertionError(what)


class Folder:
    """A private folder whose daemons end with it."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="actop-e2e.", dir="/tmp")
        self.daemons = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for d in self.daemons:
            d.kill()
        shutil.rmtree(self.path, ignore_errors=True)

    def start(self, *options, **more):
        d = Daemon.__new__(Daemon)
        self.daemons.append(d)
        try:
            d.__init__(self.path, *options, **more)
        except BaseException:
            if not hasattr(d, "process"):
                self.daemons.remove(d)
            raise
        return d


class NotRun(Exception):
    """Says what a case needs that is not here; the counts name it, so that nobody believes it
    passed."""


def need_faults():
    """The path of what makes calls of the system fail (tests/fault/fault.c)."""
    path = os.path.abspath(f"{BUILD}/fault.so")
    if not os.path.exists(path):
        raise NotRun("needs fault.so, which is for Linux and no sanitizers")
    return path


def need_root(instead):
    if os.geteuid() != 0:
        raise NotRun(f"needs root; {instead}")


def tell_not_run(case, why):
    line = f"NOT RUN: {case.__doc__}: {why}"
    print(line, file=sys.stderr)
    if "ACTOP_NOT_RUN" in os.environ:  # tests/run.sh says it again at the end
        with open(os.environ["ACTOP_NOT_RUN"], "a", encoding="utf-8") as f:
            f.write(line + "\n")


def run(cases):
    """Runs functions (their first line of documentation is their name); exits with 1 if one
    failed.  Names of cases as arguments choose."""
    failed = not_run = 0
    wanted = sys.argv[1:]
    cases = [c for c in cases if not wanted or c.__name__ in wanted]
    for case in cases:
        try:
            with Folder() as folder:
                case(folder)
        except NotRun as e:
            not_run += 1
            tell_not_run(case, e)
        except (AssertionError, OSError, subprocess.TimeoutExpired) as e:
            failed += 1
            print(f"FAILED: {case.__doc__}: {type(e).__name__}: {e}", file=sys.stderr)
    name = os.path.basename(sys.argv[0]).removesuffix(".py")
    print(f"{name}: {len(cases) - failed - not_run} passed, {failed} failed" +
          (f", {not_run} not run" if not_run else ""))
    sys.exit(failed > 0)


def as_uid(uid, gid, action):
    """Runs action() in a child of another uid; True when it returned true.  Needs root."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
            os._exit(0 if action() else 1)
        except BaseException as e:
            print(f"as uid {uid}: {e!r}", file=sys.stderr)
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
