# SPDX-License-Identifier: MIT
"""actopctl serve over a real daemon: serve.py BUILD."""

import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import zlib

BUILD = sys.argv[1]
TOKEN = "0123456789abcdef-token"


def actopctl(*args):
    return subprocess.run([f"{BUILD}/actopctl", *args], capture_output=True, text=True, timeout=30, check=False)


class Machine:
    """A daemon and a server beside it."""

    def __init__(self, *options):
        self.folder = tempfile.TemporaryDirectory(prefix="actop-serve.")
        self.socket = f"{self.folder.name}/s"
        self.state = f"{self.folder.name}/state"
        self.daemon = self.server = None
        self.start_daemon()
        self.server = subprocess.Popen(
            [f"{BUILD}/actopctl", "serve", "-S", self.socket, *(options or ("--listen", "127.0.0.1:0"))],
            stdout=subprocess.PIPE, text=True)
        self.port = int(self.server.stdout.readline().rsplit(":", 1)[1].strip("/\n"))

    def start_daemon(self):
        self.daemon = subprocess.Popen(
            [f"{BUILD}/actopd", "--socket", self.socket, "--state", self.state, "--interval", "100ms"],
            stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while actopctl("-S", self.socket, "now").returncode and time.monotonic() < deadline:
            time.sleep(0.02)

    def kill_daemon(self):
        self.daemon.kill()
        self.daemon.wait()

    def stop(self):
        self.server.terminate()
        self.server.wait(10)
        self.server.stdout.close()
        self.daemon.terminate()
        self.daemon.wait(10)
        self.folder.cleanup()

    def get(self, path, method="GET", **headers):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        c.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        r = c.getresponse()
        body = r.read()
        c.close()
        return r.status, dict(r.getheaders()), body

    def events(self, path, **headers):
        """The events of a stream, as (id, event, data), until it ends."""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        c.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        r = c.getresponse()
        fields = {}
        try:
            for line in r:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    fields[name] = value
                elif fields:
                    yield fields.get("id"), fields.get("event"), fields.get("data")
                    fields = {}
        finally:
            c.close()


class Serve(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.m = Machine()

    @classmethod
    def tearDownClass(cls):
        cls.m.stop()

    def test_history_is_the_lines_of_the_socket(self):
        _, headers, body = self.m.get("/api/v1/history?metrics=cpu_util_pct&until_ms=%d" % (time.time() * 1000))
        self.assertEqual(headers["Content-Type"], "application/x-ndjson")
        rows = body.decode().splitlines()
        last = json.loads(rows[-1])["ts_ms"] + 1
        said = actopctl("-S", self.m.socket, "history", "-f", "cpu_util_pct", "--until", f"@{last / 1000}", "--json").stdout
        self.assertEqual([line for line in said.splitlines() if json.loads(line)["ts_ms"] < last][-3:], rows[-3:])

    def test_a_history_of_several_pages_has_no_hole(self):
        seqs = [json.loads(line)["seq"] for line in self.m.get("/api/v1/history?metrics=cpu_util_pct")[2].splitlines()]
        self.assertEqual(seqs, list(range(seqs[0], seqs[0] + len(seqs))))

    def test_now_is_the_sample_object(self):
        status, headers, body = self.m.get("/api/v1/now?metrics=ram_total_bytes")
        self.assertEqual((status, headers["Content-Type"]), (200, "application/json"))
        self.assertEqual(list(json.loads(body)["v"]), ["ram_total_bytes"])

    def test_metrics_are_those_of_the_command(self):
        names = lambda text: {line.split(" ")[2] for line in text.splitlines() if line.startswith("# TYPE")}
        _, headers, body = self.m.get("/metrics")
        self.assertTrue(headers["Content-Type"].startswith("text/plain; version=0.0.4"))
        self.assertEqual(names(body.decode()), names(actopctl("-S", self.m.socket, "metrics").stdout))
        _, headers, body = self.m.get("/metrics", Accept="application/openmetrics-text;version=1.0.0")
        self.assertTrue(headers["Content-Type"].startswith("application/openmetrics-text"))
        self.assertTrue(body.endswith(b"# EOF\n"))

    def test_a_long_answer_is_packed_for_those_who_unpack(self):
        _, headers, body = self.m.get("/", Accept_Encoding="gzip")
        self.assertEqual(headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(body), self.m.get("/")[2])
        self.assertLess(len(body), 200 * 1024)
        self.assertIn(b"Permission is hereby granted", gzip.decompress(body), "the licence of the charts")

    def test_a_history_comes_packed_too(self):
        path = "/api/v1/history?metrics=cpu_util_pct&until_ms=%d" % (time.time() * 1000)
        _, headers, body = self.m.get(path, Accept_Encoding="gzip")
        self.assertEqual(headers["Content-Encoding"], "gzip")
        rows = gzip.decompress(body).splitlines()
        self.assertEqual(rows[-1], self.m.get(path)[2].splitlines()[-1])

    def test_a_stream_that_is_packed_can_be_read_line_by_line(self):
        c = http.client.HTTPConnection("127.0.0.1", self.m.port, timeout=20)
        c.request("GET", "/api/v1/stream?metrics=cpu_util_pct&interval_ms=100", headers={"Accept-Encoding": "gzip"})
        r = c.getresponse()
        self.assertEqual(r.headers["Content-Encoding"], "gzip")
        unpacker, text = zlib.decompressobj(31), b""
        while text.count(b"event: sample\n") < 5:
            text += unpacker.decompress(r.read1())
        c.close()
        self.assertTrue(text.endswith(b"\n\n"))

    def test_processes_are_told_on_request_and_are_bounded(self):
        self.assertNotIn(b"actop_process_", self.m.get("/metrics")[2])
        names = lambda text: {line.split(b'name="')[1] for line in text.splitlines() if line.startswith(b"actop_process_cpu_percent{")}
        text = self.m.get("/metrics?processes=3&sort=mem")[2]
        self.assertIn(len(names(text)), (1, 2, 3))
        self.assertIn(b"\nactop_process_memory_bytes{", text)
        for bad in ("processes=51", "processes=0", "processes=x", "processes=3&sort=zz"):
            self.assertEqual(self.m.get("/metrics?" + bad)[0], 400, bad)
        said = actopctl("-S", self.m.socket, "metrics", "--processes", "2").stdout
        self.assertIn("actop_process_members{", said)

    def test_other_sites_get_nothing(self):
        for path in ("/api/v1/now", "/metrics", "/api/v1/stream"):
            self.assertEqual(self.m.get(path, Sec_Fetch_Site="cross-site")[0], 403, path)
        self.assertEqual(self.m.get("/api/v1/now", Sec_Fetch_Site="same-origin")[0], 200)
        self.assertEqual(self.m.get("/", Sec_Fetch_Site="cross-site")[0], 200)

    def test_more_streams_than_there_may_be_are_refused_until_some_end(self):
        open_ = []
        try:
            while len(open_) < 200:
                c = http.client.HTTPConnection("127.0.0.1", self.m.port, timeout=20)
                c.request("GET", "/api/v1/stream?metrics=load_1m&interval_ms=3600000")
                open_.append((c, c.getresponse()))
                if open_[-1][1].status != 200:
                    break
            self.assertEqual((open_[-1][1].status, open_[-1][1].headers["Retry-After"]), (503, "1"))
            self.assertIn(len(open_), range(100, 130))
            self.assertEqual(self.m.get("/metrics")[0], 200)
        finally:
            for c, r in open_:
                r.close()
                c.close()
        deadline = time.monotonic() + 10  # long before these streams have a line that could fail
        while next(self.m.events("/api/v1/stream?metrics=load_1m"), None) is None:
            self.assertLess(time.monotonic(), deadline)

    def test_a_crowd_that_says_nothing_ends_no_stream(self):
        stream = self.m.events("/api/v1/stream?metrics=load_1m&interval_ms=100")
        next(stream)
        crowd = []
        try:
            for _ in range(400):
                s = socket.socket()
                s.setblocking(False)
                s.connect_ex(("127.0.0.1", self.m.port))
                crowd.append(s)
            seqs = [json.loads(data)["seq"] for _, (_, event, data) in zip(range(10), stream) if event == "sample"]
            self.assertEqual(seqs, list(range(seqs[0], seqs[0] + len(seqs))))
        finally:
            for s in crowd:
                s.close()
        self.assertEqual(self.m.get("/healthz")[0], 200)

    def test_the_page_asks_nobody_else(self):
        _, headers, body = self.m.get("/")
        self.assertIn("connect-src 'self'", headers["Content-Security-Policy"])
        for outside in (b"<link rel=\"stylesheet", b"<script src", b"@import", b"url("):
            self.assertNotIn(outside, body)

    def test_the_daemons_refusals_have_a_status(self):
        self.assertEqual(self.m.get("/api/v1/now?metrics=no_such")[0], 400)
        self.assertEqual(self.m.get("/api/v1/history?zz=1")[0], 400)
        self.assertEqual(self.m.get("/api/v1/history?last_ms=1h")[0], 400)
        self.assertEqual(self.m.get("/nope")[0], 404)
        status, _, body = self.m.get("/metrics", method="POST")
        self.assertEqual((status, body[-2:]), (405, b"}\n"))
        self.assertEqual(self.m.get("/metrics", Host="evil.example")[0], 421)
        self.assertEqual(self.m.get("/metrics", Content_Length="1000000")[0], 413)

    def test_head_has_no_body(self):
        status, headers, body = self.m.get("/metrics", method="HEAD")
        self.assertEqual((status, body), (200, b""))

    def test_a_stream_goes_on_behind_the_last_event_id(self):
        first = []
        for id_, event, data in self.m.events("/api/v1/stream?metrics=cpu_util_pct&interval_ms=100&last_ms=1000"):
            if event == "sample":
                first.append((id_, json.loads(data)["seq"]))
            if len(first) == 5:
                break
        again = []
        for id_, event, data in self.m.events("/api/v1/stream?metrics=cpu_util_pct&interval_ms=100", Last_Event_ID=first[-1][0]):
            if event == "sample":
                again.append(json.loads(data)["seq"])
            if len(again) == 5:
                break
        seqs = [seq for _, seq in first] + again
        self.assertEqual(seqs, list(range(seqs[0], seqs[0] + 10)))

    def test_an_event_that_came_meanwhile_is_not_lost(self):
        for id_, event, _ in self.m.events("/api/v1/stream?metrics=cpu_util_pct&interval_ms=100"):
            if event == "sample" and ";" in (id_ or ""):
                break
        actopctl("-S", self.m.socket, "mark", "while nobody listened")
        for _, event, data in self.m.events("/api/v1/stream?metrics=cpu_util_pct&interval_ms=100", Last_Event_ID=id_):
            if event == "event":
                break
        self.assertEqual(json.loads(data)["text"], "while nobody listened")

    def test_a_mark_comes_down_the_stream(self):
        stream = self.m.events("/api/v1/stream?metrics=cpu_util_pct&interval_ms=100")
        next(stream)
        actopctl("-S", self.m.socket, "mark", "hello")
        for _, event, data in stream:
            if event == "event" and json.loads(data)["kind"] == "mark":
                break
        self.assertEqual(json.loads(data)["text"], "hello")

    def test_garbage_harms_nobody(self):
        for text in (b"\x00\xff\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"a" * 100000 + b"\r\n\r\n", b"GET " + b"/" * 70000):
            with socket.create_connection(("127.0.0.1", self.m.port), timeout=20) as s:
                try:
                    s.sendall(text)
                    s.shutdown(socket.SHUT_WR)
                    while s.recv(65536):
                        pass
                except ConnectionError:
                    pass
        self.assertEqual(self.m.get("/healthz")[::2], (200, b"ok\n"))


class WhenTheDaemonGoes(unittest.TestCase):
    def test_it_is_said_and_the_stream_goes_on_with_the_next_one(self):
        m = Machine()
        seqs, ids = [], []
        for id_, event, data in m.events("/api/v1/stream?metrics=cpu_util_pct&interval_ms=100"):
            if event == "sample":
                seqs.append(json.loads(data)["seq"])
                ids.append(id_)
            if len(seqs) == 3:
                m.kill_daemon()
        self.assertEqual(m.get("/healthz")[0], 503)
        self.assertEqual(m.get("/api/v1/now")[0], 503)
        self.assertIn(b"\nactop_up 0\n", m.get("/metrics")[2])
        status, headers, body = m.get("/api/v1/stream")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/event-stream"))
        self.assertIn(b"retry: ", body)
        m.start_daemon()
        for _, event, data in m.events("/api/v1/stream?metrics=cpu_util_pct&interval_ms=100", Last_Event_ID=ids[-1]):
            if event == "sample":
                seqs.append(json.loads(data)["seq"])
            if len(seqs) > 8:
                break
        self.assertEqual(seqs, sorted(set(seqs)))
        m.stop()

    def test_a_server_that_is_ended_ends_its_streams(self):
        m = Machine()
        stream = m.events("/api/v1/stream?metrics=cpu_util_pct&interval_ms=100")
        next(stream)
        m.server.send_signal(signal.SIGTERM)
        self.assertEqual(m.server.wait(10), 0)
        for _ in stream:
            pass
        m.stop()


class WhoGetsIn(unittest.TestCase):
    def test_others_need_a_token(self):
        refused = actopctl("serve", "--listen", "0.0.0.0:0")
        self.assertEqual((refused.returncode, refused.stdout), (2, ""))
        self.assertIn("--token-file", refused.stderr)
        with tempfile.NamedTemporaryFile("w") as f:
            f.write(TOKEN + "\n")
            f.flush()
            m = Machine("--listen", "127.0.0.1:0", "--token-file", f.name, "--host-name", "studio")
            status, headers, _ = m.get("/metrics")
            self.assertEqual((status, headers["WWW-Authenticate"]), (401, "Bearer"))
            self.assertEqual(m.get("/api/v1/now", Authorization="Bearer wrong")[0], 401)
            self.assertEqual(m.get("/metrics", Authorization="Bearer " + TOKEN)[0], 200)
            self.assertEqual(m.get("/api/v1/now?token=" + TOKEN, Host="studio:80")[0], 200)
            self.assertEqual(m.get("/")[0], 200)
            m.stop()

    def test_a_server_on_every_address_knows_addresses_but_no_other_name(self):
        m = Machine("--listen", "0.0.0.0:0", "--insecure")
        self.assertEqual(m.get("/api/v1/now", Host="192.168.1.5:9464")[0], 200)
        self.assertEqual(m.get("/api/v1/now", Host="evil.example")[0], 421)
        m.stop()

    def test_a_port_that_is_taken_is_an_error_with_its_cure(self):
        with socket.create_server(("127.0.0.1", 0)) as s:
            port = s.getsockname()[1]
            taken = actopctl("serve", "--listen", f"127.0.0.1:{port}")
        self.assertEqual(taken.returncode, 1)
        self.assertIn("give another --listen", taken.stderr)


class TheProgramByItself(unittest.TestCase):
    def ask(self, *args):
        return subprocess.run([f"{BUILD}/actopctl-serve", *args], capture_output=True, text=True, timeout=30,
                              check=False)

    def test_tells_what_it_is_and_serves_nothing(self):
        self.assertRegex(self.ask("--version").stdout, r"^actopctl-serve \d")
        self.assertEqual(self.ask("--help").stdout, actopctl("help", "serve").stdout)

    def test_takes_no_other_word(self):
        self.assertEqual(self.ask("x").returncode, 2)


if __name__ == "__main__":
    os.environ.pop("ACTOPD_SOCKET", None)
    result = unittest.main(argv=sys.argv[:1], exit=False, warnings="error").result
    bad = len(result.failures) + len(result.errors)
    print(f"serve: {result.testsRun - bad} passed, {bad} failed")
    sys.exit(bad > 0 or result.testsRun == 0)
