# SPDX-License-Identifier: MIT
"""
Upgrades within protocol 1: compat.py BUILD replays what record.py wrote of older versions.  The old
client's requests go to this daemon, over the store that the old daemon left; this client asks a
server that knows no more than the old daemon did, and answers as it answered.
"""

import contextlib
import glob
import gzip
import json
import os
import select
import socket
import sys
import tarfile
import threading
import unittest

import talk

BUILD = sys.argv[1]
# What comes as often as there is something to tell; a reader takes any number.
MANY = {"row", "event", "sample"}
# What comes only where there is cause.
MAYBE = {"gap", "heartbeat"}


class Recording:
    def __init__(self, path):
        self.name = os.path.basename(path).split(".")[0]
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            self.head, *self.commands = map(json.loads, lines)
        self.epoch = talk.parse(self.head["hello"])["epoch"]

    def unpack(self, to):
        os.mkdir(to, 0o700)
        with tarfile.open(f"{talk.FIXTURES}/{self.name}.store.tar.gz") as store:
            store.extractall(to)


RECORDINGS = [Recording(path) for path in sorted(glob.glob(f"{talk.FIXTURES}/*.ndjson.gz"))]


def same_kind(old, new):
    """Unknown is null, of whatever kind; a number may get decimals."""
    def kind(value):
        return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value)
    return old is None or new is None or kind(old) == kind(new)


def may_be_absent(path):
    """What is only there when there is something to say."""
    return path.endswith(".flags") or (path.startswith(".metrics") and path.endswith(".reason"))


def missing(old, new, path=""):
    """What a reader of the old line would not find in the new one: paths."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [m for key, value in old.items()
                for m in (missing(value, new[key], f"{path}.{key}") if key in new else [f"{path}.{key}"])
                if not may_be_absent(m)]
    if isinstance(old, list) and isinstance(new, list):
        if old and new and isinstance(old[0], dict) and "name" in old[0]:
            return missing({o["name"]: o for o in old}, {n["name"]: n for n in new}, path)
        return missing(old[0], new[0], f"{path}[]") if old and new else []
    return [] if same_kind(old, new) else [f"{path}: {old!r} became {new!r}"]


def missing_words(old, new):
    """Words that clients decide by."""
    return [f"{key}: {old[key]!r} became {new.get(key)!r}" for key in ("type", "op", "code", "stream")
            if key in old and old[key] != new.get(key)]


class Wire:
    """A client that only sends and compares lines."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(path)
        self.lines = self.socket.makefile("rb")

    def send(self, line):
        self.socket.sendall(line.encode() + b"\n")

    def next(self):
        line = self.lines.readline()
        return talk.parse(line) if line else None

    def close(self):
        self.lines.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class OldClient(unittest.TestCase):
    """Its requests, to this daemon over the old one's store."""

    @classmethod
    def setUpClass(cls):
        cls.folders, cls.daemons = [], []
        for recording in RECORDINGS:
            folder = talk.folder()
            cls.folders.append(folder)
            recording.unpack(f"{folder.name}/state")
            cls.daemons.append(talk.Daemon(BUILD, folder.name))

    @classmethod
    def tearDownClass(cls):
        for daemon, folder in zip(cls.daemons, cls.folders):
            daemon.stop()
            folder.cleanup()

    def replay(self, daemon, lines):
        """Sends what was sent, and finds for each line that came then one that a reader takes for it.  Lines of
        different subscriptions come in any order, and of some kinds any number."""
        recorded = [talk.parse(line) for mark, line in lines if mark == "<"]
        open_ = {}
        for line in recorded:
            if line["type"] not in MAYBE:
                open_.setdefault(self.place(line), []).append(line)
        with Wire(daemon.socket) as wire:
            for line in (line for mark, line in lines if mark == ">"):
                wire.send(line)
            while open_:
                line = wire.next()
                self.assertIsNotNone(line, f"closed, without {open_}")
                wanted = open_.get(self.place(line))
                if not wanted:
                    continue
                self.assertEqual(missing_words(wanted[0], line) + missing(wanted[0], line), [])
                if line["type"] in MANY or len(wanted) == 1:
                    del open_[self.place(line)]
                else:
                    wanted.pop(0)

    @staticmethod
    def place(line):
        return line["type"], line.get("op"), line.get("sub")

    def test_finds_in_every_answer_what_it_found_then(self):
        for recording, daemon in zip(RECORDINGS, self.daemons):
            for command in recording.commands:
                for lines in command["talks"]:
                    with self.subTest(recording=recording.name, command=command["args"]):
                        self.replay(daemon, lines)

    def test_is_told_of_what_is_unknown_as_then(self):
        for recording, daemon in zip(RECORDINGS, self.daemons):
            for name, request in (("unknown_op", {"op": "no_such_op"}),
                                  ("unknown_field", {"op": "ping", "no_such_field": 1}), ("hello", {"op": "hello"})):
                wire = Wire(daemon.socket)
                wire.send(json.dumps(request))
                line, recorded = wire.next(), talk.parse(recording.head[name])
                self.assertEqual(missing_words(recorded, line) + missing(recorded, line), [])
                wire.close()

    def test_requests_may_still_have_the_members_that_they_had(self):
        for recording, daemon in zip(RECORDINGS, self.daemons):
            for op, members in recording.head["members"].items():
                for member in members:
                    wire = Wire(daemon.socket)
                    wire.send(json.dumps({"op": op, member: []}))
                    self.assertNotEqual(wire.next().get("code"), "unknown_field", f"{op} {member}")
                    wire.close()

    def test_cursor_goes_on_in_the_store_of_the_old_daemon(self):
        for recording, daemon in zip(RECORDINGS, self.daemons):
            seen = [talk.parse(line) for command in recording.commands for lines in command["talks"]
                    for mark, line in lines if mark == "<"]
            last = max(line["seq"] for line in seen if line["type"] == "sample")
            wire = Wire(daemon.socket)
            wire.send(json.dumps({"op": "subscribe", "sub": "s", "metrics": ["load_1m"],
                                  "after": f"{recording.epoch}:{last}"}))
            reply, first = wire.next(), wire.next()
            wire.close()
            self.assertEqual(reply["epoch"], recording.epoch, "the numbers are those of the old daemon")
            self.assertGreater(reply["head_seq"], last)
            # The very next one, or word of where it went: no silent hole.
            begins = first["from_seq"] if first["type"] == "gap" else first["seq"] - first["n"] + 1
            self.assertEqual(begins, last + 1)
            self.assertNotEqual(first.get("reason"), "epoch")

    def test_history_and_events_of_the_old_daemon_are_still_there(self):
        for recording, daemon in zip(RECORDINGS, self.daemons):
            started = talk.parse(recording.head["hello"])["started_ts_ms"]
            wire = Wire(daemon.socket)
            wire.send(json.dumps({"op": "history", "metrics": ["load_1m"], "since_ms": started,
                                  "until_ms": started + 60000}))
            self.assertEqual(wire.next()["type"], "row")
            wire.close()
            told = talk.actopctl(BUILD, daemon.socket, "events", "--since", f"@{started // 1000 - 1}", "-o", "json").stdout
            self.assertIn('"one"', told, "its marks are in the timeline")


class OldDaemon:
    """Knows what the recorded one knew, and answers what it answered then."""

    def __init__(self, path, recording, command):
        self.recording = recording
        self.answers = {}
        for c in [command, *recording.commands]:
            for lines in c["talks"]:
                self.learn(lines)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def learn(self, lines):
        """op -> what came after a request of it, the first time that there was one."""
        asked = [talk.parse(line) for mark, line in lines if mark == ">"]
        came = [talk.parse(line) for mark, line in lines if mark == "<"]
        for request in asked:
            mine = [line for line in came if self.is_of(line, request)]
            if mine:
                self.answers.setdefault((request["op"], request.get("stream")), mine)

    @staticmethod
    def is_of(line, request):
        if "sub" in line and line.get("op") != "subscribe":
            return request["op"] == "subscribe" and line["sub"] == request.get("sub")
        return line.get("op") == request["op"] and line.get("sub") == request.get("sub") or (
            line["type"] in ("row", "event") and request["op"] == {"row": "history", "event": "events"}[line["type"]])

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client, contextlib.suppress(ConnectionError):
            for requests in self.batches(client):
                # Samples end what has a count; what else was subscribed to comes before them.
                for request in sorted(requests, key=lambda r: r["op"] == "subscribe" and "stream" not in r):
                    for answer in self.answer(request):
                        client.sendall(json.dumps(answer).encode() + b"\n")
                if any(request.get("close") for request in requests):
                    return

    @staticmethod
    def batches(client):
        """The requests that came together, again and again until the client is gone."""
        text = b""
        while True:
            # Subscriptions come together, but maybe in two pieces.
            while not text.endswith(b"\n") or (b'"subscribe"' in text and select.select([client], [], [], 0.3)[0]):
                more = client.recv(65536)
                if not more:
                    return
                text += more
            yield [talk.parse(line) for line in text.split(b"\n") if line]
            text = b""

    def answer(self, request):
        op, known = request["op"], self.recording.head["members"]
        if op not in known:
            return [talk.parse(self.recording.head["unknown_op"]) | {"op": op, "id": request.get("id")}]
        for member in request.keys() - {"op", "id", "close"}:
            if member not in known[op] and not member.startswith("_"):
                return [talk.parse(self.recording.head["unknown_field"]) | {"op": op, "id": request.get("id"), "field": member}]
        if op == "hello":
            return [talk.parse(self.recording.head["hello"]) | {"id": request.get("id")}]
        lines = self.answers.get((op, request.get("stream")), self.answers.get((op, None), []))
        return [self.addressed(line, request) for line in lines]

    @staticmethod
    def addressed(line, request):
        own = {key: request.get(key) for key in ("id", "sub") if key in line}
        return line | own


class NewClient(unittest.TestCase):
    """This actopctl, and a daemon that was not updated."""

    def test_does_with_an_old_daemon_what_the_old_client_did(self):
        for recording in RECORDINGS:
            for command in recording.commands:
                with self.subTest(recording=recording.name, command=command["args"]), talk.folder() as folder:
                    OldDaemon(f"{folder}/s", recording, command)
                    args = [f"{folder}/cursor" if a == "CURSOR" else a for a in command["args"]]
                    done = talk.actopctl(BUILD, f"{folder}/s", *args)
                    self.assertEqual(done.returncode, command["exit"], done.stderr)
                    self.compare(command["stdout"], done.stdout)

    def compare(self, old, new):
        """JSON keeps its members; what is for people may look better by now, but is there."""
        self.assertEqual(bool(old), bool(new))
        lines = [talk.parse(line) for line in new.splitlines() if line.startswith("{")]
        for was in (talk.parse(line) for line in old.splitlines() if line.startswith("{")):
            alike = [now for now in lines if now.get("type") == was.get("type")]
            self.assertTrue(any(not missing(was, now) for now in alike), f"nothing like {was} in {alike}")

    def test_says_of_an_old_daemon_what_that_does_not_know(self):
        for recording in RECORDINGS:
            if "processes" in recording.head["members"]:
                continue
            with talk.folder() as folder:
                OldDaemon(f"{folder}/s", recording, recording.commands[0])
                done = talk.actopctl(BUILD, f"{folder}/s", "ps")
                self.assertEqual(done.returncode, 1)
                self.assertRegex(done.stderr, r"\bop\b")


class Recordings(unittest.TestCase):
    def test_are_there(self):
        self.assertGreaterEqual(len(RECORDINGS), 2)
        for recording in RECORDINGS:
            self.assertGreaterEqual(len(recording.commands), 25, recording.name)


unittest.main(argv=sys.argv[:1])
