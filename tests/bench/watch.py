#!/usr/bin/env python3
"""What the dashboard costs, in a terminal of its own that nobody looks at: watch.py BUILD

Frames over a recording that is played fast; then beside htop, btop and top on this machine, each
redrawing once a second.  CPU times are the scheduler's, of all threads and children.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build/plain"
SPAN = float(os.environ.get("SPAN", "20"))  # seconds of the comparison
ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8",
               "PATH": os.environ["PATH"], "HOME": "/nonexistent", "TZ": "UTC"}


class Terminal:
    """A program in a pty of WIDTH x HEIGHT; counts what it writes."""

    def __init__(self, argv, width=120, height=40):
        self.bytes = 0
        self.last = b""
        self.started = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
            try:
                os.execvpe(argv[0], argv, ENVIRONMENT)
            finally:
                os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self, seconds, until=None):
        """Reads for that long, or until a text came; whether it did."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.fd], [], [], left)[0]:
                break
            try:
                chunk = os.read(self.fd, 65536)
            except OSError:
                return False
            self.bytes += len(chunk)
            self.last = (self.last + chunk)[-65536:]
            if until and until in self.last:
                return True
        return until is None

    def press(self, keys):
        os.write(self.fd, keys)

    def cpu_ns(self):
        """Of every thread, running or gone."""
        total = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{task}/schedstat") as f:
                total += int(f.read().split()[0])
        return total

    def status(self, key):
        with open(f"/proc/{self.pid}/status") as f:
            for line in f:
                if line.startswith(key + ":"):
                    return int(line.split()[1])
        return 0

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


class Daemon:
    def __init__(self, folder, *options):
        self.socket = os.path.join(folder, "s")
        self.process = subprocess.Popen([f"{BUILD}/actopd", "--socket", self.socket, "--state", "none", *options],
                                        stderr=subprocess.DEVNULL)
        self.await_samples(1)

    def head(self):
        out = subprocess.run([f"{BUILD}/actopctl", "-q", "--socket", self.socket, "now", "--json", "-f", "load_1m"],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        return int(out.split(b'"seq":')[1].split(b",")[0]) if b'"seq":' in out else 0

    def await_samples(self, count):
        end = time.monotonic() + 60
        while self.head() < count:
            if time.monotonic() > end:
                sys.exit("bench: the daemon has no samples")
            time.sleep(0.05)

    def watch(self, *options, width=120, height=40):
        return Terminal([f"{BUILD}/actopctl", "--socket", self.socket, "watch", *options], width, height)

    def close(self):
        self.process.kill()
        self.process.wait()
        if os.path.exists(self.socket):
            os.unlink(self.socket)


def trace(folder, seconds):
    path = os.path.join(folder, f"trace{seconds}")
    with open(path, "wb") as f:
        subprocess.run([sys.executable, "tests/watch/trace.py", str(seconds)], stdout=f, check=True)
    return path


failed = 0


def row(name, value, unit, limit=None):
    global failed
    said = ""
    if limit is not None:
        good = value <= limit
        said = f"   {'ok' if good else 'MISSED'}, limit {limit:g}"
        failed += not good
    print(f"  watch: {name:<46} {value:>10.2f} {unit}{said}")


def frames(folder):
    """Frames of 120x40 at 25 samples a second: what one costs does not depend on how often it comes."""
    daemon = Daemon(folder, "--source", f"replay:{trace(folder, 700)},speed=25")
    daemon.await_samples(300)
    t = daemon.watch()
    t.read(10, b"live")
    t.read(0.5)
    before = t.bytes
    t.press(b"\f")
    t.read(0.02)
    whole = t.bytes - before
    t.read(1)
    first, cpu, written = daemon.head(), t.cpu_ns(), t.bytes
    t.read(8)
    count = daemon.head() - first
    row("CPU of a frame at 120x40, the sample included", (t.cpu_ns() - cpu) / 1e6 / count, "ms", 1)
    row("bytes of the whole screen", whole, "B")
    row("bytes of a frame", (t.bytes - written) / count, "B", whole / 10)
    row("resident", t.status("VmRSS") / 1024, "MiB", 8)
    t.close()
    daemon.close()


def first_frame(folder):
    daemon = Daemon(folder, "--source", f"replay:{trace(folder, 3600)},speed=max")
    daemon.await_samples(3600)
    times = []
    for _ in range(15):
        t = daemon.watch()
        t.read(5, b"quit")
        times.append((time.monotonic() - t.started) * 1000)
        t.close()
    times.sort()
    row("first frame with an hour of history, median", times[len(times) // 2], "ms", 50)
    t = daemon.watch(width=300, height=80)
    t.read(5, b"quit")
    t.read(0.5)
    row("resident at 300x80", t.status("VmRSS") / 1024, "MiB", 8)
    t.press(b"\x1b[5~")
    t.read(0.5)
    row("and at most, in the past", t.status("VmHWM") / 1024, "MiB", 8)
    t.close()
    daemon.close()


def beside(folder):
    """The same machine, the same second, the same size."""
    daemon = Daemon(folder)
    programs = {"actopctl watch": [f"{BUILD}/actopctl", "--socket", daemon.socket, "watch"],
                "actopctl watch -p": [f"{BUILD}/actopctl", "--socket", daemon.socket, "watch", "--show-processes"],
                "top": ["top", "-d", "1"], "htop": ["htop", "-d", "10"], "btop": ["btop"]}
    for name in list(programs):
        found = programs[name][0]
        if not os.path.exists(found) and not any(os.access(os.path.join(d, found), os.X_OK)
                                                 for d in ENVIRONMENT["PATH"].split(":")):
            print(f"  watch: {name} is not installed: not compared")
            del programs[name]
    ENVIRONMENT["XDG_CONFIG_HOME"] = folder
    os.makedirs(os.path.join(folder, "btop"), exist_ok=True)
    with open(os.path.join(folder, "btop", "btop.conf"), "w") as f:
        f.write("update_ms = 1000\n")
    running = {name: Terminal(argv) for name, argv in programs.items()}
    for t in running.values():
        t.read(1.5)
    begin = {name: t.cpu_ns() for name, t in running.items()}
    wakes = {name: t.status("voluntary_ctxt_switches") for name, t in running.items()}
    sizes = {name: t.bytes for name, t in running.items()}
    start = time.monotonic()
    while time.monotonic() - start < SPAN:
        ready, _, _ = select.select([t.fd for t in running.values()], [], [], 0.2)
        for t in running.values():
            if t.fd in ready:
                t.bytes += len(os.read(t.fd, 65536))
    span = time.monotonic() - start
    costs = {name: (t.cpu_ns() - begin[name]) / 1e6 / span for name, t in running.items()}
    for name, t in running.items():
        limit = None
        row(f"{name}, CPU a second beside the others", costs[name], "ms", limit)
        row(f"{name}, bytes a second", (t.bytes - sizes[name]) / span, "B")
        row(f"{name}, wake-ups a second of its main thread",
            (t.status("voluntary_ctxt_switches") - wakes[name]) / span, "")
        t.close()
    others = [costs[n] for n in costs if not n.startswith("actopctl")]
    if others:
        row("actopctl watch against the cheapest of the others", costs["actopctl watch"], "ms", min(others))
    daemon.close()


with tempfile.TemporaryDirectory(prefix="actop-bench.") as work:
    frames(work)
    first_frame(work)
    beside(work)
sys.exit(1 if failed else 0)
