# SPDX-License-Identifier: MIT
"""
Records how actopctl and actopd of one version speak: record.py BUILD NAME.
Writes tests/fixtures/protocol-1/NAME.ndjson.gz, and NAME.store.tar.gz with the store that the daemon leaves.
BUILD may be that of an older tree; the files stay for ever, and compat.py holds later versions against them.
"""

import contextlib
import gzip
import json
import pathlib
import socket
import sys
import tarfile
import threading

import talk

BUILD, NAME = sys.argv[1], sys.argv[2]


class Relay:
    """Stands between a client and the daemon, and writes down what goes by: a list a connection."""

    def __init__(self, path, daemon):
        self.daemon, self.talks, self.lock = daemon, [], threading.Lock()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            daemon = socket.socket(socket.AF_UNIX)
            daemon.connect(self.daemon)
            lines = []
            with self.lock:
                self.talks.append(lines)
            for source, sink, mark in (client, daemon, ">"), (daemon, client, "<"):
                threading.Thread(target=self.pass_on, args=(source, sink, mark, lines), daemon=True).start()

    def pass_on(self, source, sink, mark, lines):
        with contextlib.suppress(OSError):  # a client may leave at any time
            for line in source.makefile("rb"):
                with self.lock:
                    lines.append([mark, line.decode().rstrip("\n")])
                sink.sendall(line)
            sink.shutdown(socket.SHUT_WR)

    def take(self):
        with self.lock:
            talks, self.talks = [list(t) for t in self.talks if t], []
        return talks


def ask(path, request):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(20)
        s.connect(path)
        s.sendall(json.dumps(request).encode() + b"\n")
        return s.makefile("rb").readline().decode().rstrip("\n")


def known_members(path):
    """Which members each request may have: those that are not refused as unknown."""
    known = {}
    for op in talk.command_names():
        if talk.parse(ask(path, {"op": op, "close": True})).get("code") == "unknown_op":
            continue
        known[op] = [m for m in talk.member_names()
                     if talk.parse(ask(path, {"op": op, m: [], "close": True})).get("code") != "unknown_field"]
    return known


def main():
    out = pathlib.Path(talk.FIXTURES)
    with talk.folder() as folder:
        daemon = talk.Daemon(BUILD, folder)
        relay = Relay(f"{folder}/relay", daemon.socket)
        head = {"members": known_members(daemon.socket),
                "unknown_op": ask(daemon.socket, {"op": "no_such_op", "close": True}),
                "unknown_field": ask(daemon.socket, {"op": "ping", "no_such_field": 1, "close": True}),
                "hello": ask(daemon.socket, {"op": "hello", "close": True})}
        lines = [head]
        for args in talk.COMMANDS:
            given = [f"{folder}/cursor" if a == "CURSOR" else a for a in args]
            done = talk.actopctl(BUILD, f"{folder}/relay", *given)
            if done.returncode == 2:
                print("this version does not know:", *args)
                continue
            lines.append({"args": args, "exit": done.returncode, "stdout": done.stdout, "talks": relay.take()})
        daemon.stop()
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (out/f"{NAME}.ndjson.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
        with tarfile.open(out/f"{NAME}.store.tar.gz", "w:gz") as store:
            for file in sorted(pathlib.Path(folder, "state").glob("history.db*")):
                if not file.name.endswith("-shm"):
                    store.add(file, file.name)
    print(f"{out}/{NAME}.ndjson.gz: {len(lines) - 1} conversations")


main()
