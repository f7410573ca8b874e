# SPDX-License-Identifier: MIT
"""client/examples over a daemon that pretends to be an M4 Pro (package 11.96 W): clients.py BUILD."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

BUILD = os.path.abspath(sys.argv[1])
EXAMPLES = os.path.abspath("client/examples")
WORLD = "tests/fixtures/apple/m4-pro.json"
LINES_MAX = 30


def not_run(text):
    """What this machine cannot test is told at the end of the run."""
    with open(os.environ.get("ACTOP_NOT_RUN", "/dev/null"), "a", encoding="utf-8") as f:
        print(f"clients: {text}", file=f)


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="actop-ex.")
        cls.folder = cls.holder.name
        cls.socket = f"{cls.folder}/s"
        with open(WORLD, encoding="utf-8") as known, open(f"{cls.folder}/world", "w", encoding="utf-8") as steady:
            json.dump({key: value for key, value in json.load(known).items() if key not in ("script", "repeat_s")}, steady)
        os.makedirs(f"{cls.folder}/bin")
        cls.env = os.environ | {"ACTOPD_SOCKET": cls.socket, "PATH": f"{cls.folder}/bin:{BUILD}:{os.environ['PATH']}"}
        cls.start_daemon()

    @classmethod
    def start_daemon(cls):
        cls.daemon = subprocess.Popen([f"{BUILD}/actopd-apple", "--socket", cls.socket, "--state", f"{cls.folder}/state", "--interval", "500ms"],
                                      env=os.environ | {"ACTOP_WORLD": f"{cls.folder}/world"}, stderr=subprocess.DEVNULL)
        cls.until(lambda: "11.96" in cls.ctl("now", "-f", "package_watts", "-o", "plain"))

    @classmethod
    def stop_daemon(cls, how=signal.SIGTERM):
        cls.daemon.send_signal(how)
        cls.daemon.wait()

    @classmethod
    def tearDownClass(cls):
        cls.stop_daemon()
        cls.holder.cleanup()

    @classmethod
    def ctl(cls, *args):
        return subprocess.run([f"{BUILD}/actopctl", *args], env=cls.env, capture_output=True, text=True, timeout=20, check=False).stdout

    @staticmethod
    def until(true, seconds=20):
        deadline = time.monotonic() + seconds
        while not (value := true()):
            if time.monotonic() > deadline:
                raise AssertionError("never true")
            time.sleep(0.02)
        return value

    def script(self, name, **env):
        done = subprocess.run(["sh", f"{EXAMPLES}/{name}"], env=self.env | env, capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.splitlines()

    def known(self, stream, known, unknown, count):
        """So many lines with the power; those before may be of a daemon that had just started."""
        lines = []
        while len(lines) < count:
            line = stream.readline()
            if lines or unknown not in line:
                self.assertIn(known, line)
                lines.append(line.strip())
        return lines

    def fake(self, name):
        path = f"{self.folder}/bin/{name}"
        with open(path, "w", encoding="ascii") as f:
            f.write('#!/bin/sh\nprintf "%s\\n" "$@"\n')
        os.chmod(path, 0o755)

    def test_the_c_client_has_30_lines_and_tells_the_power(self):
        program = f"{self.folder}/watts"
        subprocess.run([os.environ.get("CC", "cc"), "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-o", program, f"{EXAMPLES}/watts.c"], check=True)
        with subprocess.Popen([program, self.socket], stdout=subprocess.PIPE, text=True) as p:
            self.assertEqual(self.known(p.stdout, "11.96 W", "not known", 5), ["11.96 W"] * 5)
            p.kill()
        with open(f"{EXAMPLES}/watts.c", encoding="utf-8") as f:
            self.assertLessEqual(len(f.readlines()), LINES_MAX)
        gone = subprocess.run([program, "/nowhere"], capture_output=True, text=True, check=False)
        self.assertEqual((gone.returncode, gone.stderr), (1, "actopd: No such file or directory\n"))
        for words in ([], [""]):
            lost = subprocess.run([program, *words], capture_output=True, text=True, check=False)
            self.assertEqual((lost.returncode, lost.stderr), (2, 'usage: watts "$(actopctl socket)"\n'))

    def test_the_swift_client_has_30_lines_and_asks_what_is_answered(self):
        with open(f"{EXAMPLES}/watts.swift", encoding="utf-8") as f:
            text = f.read()
        self.assertLessEqual(text.count("\n"), LINES_MAX)
        question = re.search(r'#"(.*)"#', text)[1]
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(self.socket)
            s.sendall(question.encode() + b"\n")
            for answer in s.makefile("rb"):
                line = json.loads(answer)
                if line["type"] == "sample" and line["v"]["package_watts"] is not None:
                    break
        members = re.search(r"struct Line: Decodable {(.*?)}", text, re.DOTALL)[1]
        for name in re.findall(r"let (\w+):", members):
            self.assertIn(name, line)
        for name in re.findall(r'v\?\["(\w+)"\]', text):
            self.assertEqual(line["v"][name], 11.96)
        if shutil.which("swiftc"):
            subprocess.run(["swiftc", "-typecheck", f"{EXAMPLES}/watts.swift"], check=True)
        else:
            not_run("no swiftc is here: watts.swift was held against the daemon's answers, not compiled")

    def test_the_node_client_goes_on_behind_a_daemon_that_was_killed(self):
        if not shutil.which("node"):
            not_run("no node is here: watts.mjs was not run")
            return
        with subprocess.Popen(["node", f"{EXAMPLES}/watts.mjs", self.socket], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as p:
            lines = self.known(p.stdout, "11.96 W", "not known W", 4)
            self.stop_daemon(signal.SIGKILL)
            self.start_daemon()
            lines += [p.stdout.readline() for _ in range(4)]
            p.kill()
        times = [line.split()[0] for line in lines]
        self.assertEqual(times, sorted(set(times)), "none comes twice")

    def test_the_node_client_says_what_is_wrong_without_a_stack(self):
        if not shutil.which("node"):
            not_run("no node is here: watts.mjs was not run")
            return
        program = ["node", f"{EXAMPLES}/watts.mjs"]
        for words in ([], [""]):
            lost = subprocess.run(program + words, capture_output=True, text=True, check=False)
            self.assertEqual((lost.returncode, lost.stderr), (2, 'usage: node watts.mjs "$(actopctl socket)"\n'))
        with subprocess.Popen(program + ["/nowhere"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as p:
            for _ in range(2):  # it tries again
                self.assertEqual(p.stderr.readline(), "actopd: connect ENOENT /nowhere\n")
            p.kill()
        with subprocess.Popen(program + [self.socket], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as p:
            self.assertTrue(p.stdout.readline())
            p.stdout.close()
            self.assertEqual((p.stderr.read(), p.wait()), ("", 0))

    def test_the_item_of_sketchybar_says_it_and_hides_without_a_daemon(self):
        self.fake("sketchybar")
        self.assertEqual(self.script("sketchybar.sh", NAME="actop"), ["--set", "actop", "drawing=on", "label=35%  GPU 60%  11.96W"])
        self.assertEqual(self.script("sketchybar.sh", NAME="actop", ACTOPD_SOCKET="/nowhere"), ["--set", "actop", "drawing=off"])

    def test_the_plugin_of_xbar_has_a_title_and_a_menu(self):
        lines = self.script("actop.5s.sh")
        self.assertEqual(lines[:2], ["35 %  11.96 W", "---"])
        menu = lines[2:lines.index("---", 2)]
        self.assertTrue(any("Nominal" in line for line in menu) and all(line.endswith("| font=Menlo trim=false") for line in menu), menu)
        self.assertEqual(lines[-1], "Open the page | href=http://127.0.0.1:9464/")
        self.assertEqual(self.script("actop.5s.sh", ACTOPD_SOCKET="/nowhere")[2], "actopd does not run")

    def test_the_status_line_of_tmux_shows_it(self):
        if not shutil.which("tmux"):
            not_run("no tmux is here: tmux.conf was not used")
            return
        tmux = ["tmux", "-L", f"actop-ex-{os.getpid()}"]
        inner = f"tmux -L actop-in-{os.getpid()} -f {EXAMPLES}/tmux.conf new-session cat"
        env = {key: value for key, value in self.env.items() if key != "TMUX"} | {"TERM": "screen"}
        try:
            subprocess.run([*tmux, "-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "10", inner], env=env, check=True)
            self.until(lambda: "cpu 35.36 gpu 60 11.96 W" in subprocess.run([*tmux, "capture-pane", "-p"], env=env, capture_output=True, text=True, check=False).stdout)
        finally:
            for name in ("in", "ex"):
                subprocess.run(["tmux", "-L", f"actop-{name}-{os.getpid()}", "kill-server"], env=env, capture_output=True, check=False)

    def test_every_sensor_of_home_assistant_has_a_value(self):
        with open(f"{EXAMPLES}/home-assistant.yaml", encoding="utf-8") as f:
            text = f.read()
        resource = re.search(r"resource: http://127\.0\.0\.1:9464(\S+)", text)[1]
        server = subprocess.Popen([f"{BUILD}/actopctl", "serve", "-S", self.socket, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        try:
            with urllib.request.urlopen(server.stdout.readline().strip().rstrip("/") + resource) as r:
                values = json.load(r)["v"]
        finally:
            server.terminate()
            server.wait()
            server.stdout.close()
        sensors = re.findall(r"unique_id: actop_(\w+)\n\s+value_template: \"(.*)\"", text)
        self.assertEqual({name for name, _ in sensors}, set(values), "what is asked for is what is shown")
        for name, template in sensors:
            self.assertIn(f"value_json.v.{name}", template)
            self.assertIsNotNone(values[name], name)


if __name__ == "__main__":
    result = unittest.main(argv=sys.argv[:1], exit=False, warnings="error").result
    bad = len(result.failures) + len(result.errors)
    print(f"clients: {result.testsRun - bad} passed, {bad} failed")
    sys.exit(bad > 0 or result.testsRun == 0)
