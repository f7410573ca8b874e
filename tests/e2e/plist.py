# SPDX-License-Identifier: MIT
"""
The jobs for launchd: plist.py BUILD holds the templates against launchd.plist(5), against the
daemon's real options and paths, and runs the daemon as the agent says.
"""

import os
import pathlib
import plistlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HOME = "/Users/ann"
USER_SOCKET, SYSTEM_SOCKET = f"{HOME}/.actop/run/actopd.sock", "/var/run/actopd.sock"
COMMON = {"BINDIR": "/opt/homebrew/bin", "LABEL": "io.github.actopd", "USER": "_actopd",
          "LOG": f"{HOME}/Library/Logs/actopd.log", "ERRORS": f"{HOME}/Library/Logs/actopd.errors.log"}
AGENT = COMMON | {"SOCKET": USER_SOCKET, "STATE": f"{HOME}/.actop/state"}
DAEMON = COMMON | {"SOCKET": SYSTEM_SOCKET, "STATE": "/var/db/actop",
                   "LOG": "/var/log/actopd.log", "ERRORS": "/var/log/actopd.errors.log"}
TEMPLATES = ["launchd/actopd.plist.in", "launchd/actopctl-serve.plist.in"]

# The keys of launchd.plist(5) that the templates use, and what the manual says they are.
# Everything else is a typing error, or something to be looked up first.
KEYS = {
    "Label": str, "ProgramArguments": list, "UserName": str, "RunAtLoad": bool, "KeepAlive": dict,
    "Sockets": dict, "StandardErrorPath": str, "ProcessType": str, "LowPriorityIO": bool,
    "ExitTimeOut": int, "LimitLoadToSessionType": list, "Umask": int,
}


def fill(template, kind, values):
    """What actopctl service install does: lines of the other kind go, names become values."""
    other = {"agent": "@DAEMON@", "daemon": "@AGENT@"}[kind]
    lines = [line.replace(f"@{kind.upper()}@", "", 1)
             for line in pathlib.Path(template).read_text().splitlines(keepends=True)
             if not line.startswith(other)]
    return re.sub("@([A-Z]+)@", lambda m: values.get(m[1], m[0]), "".join(lines))


def job(template, kind):
    return plistlib.loads(fill(template, kind, AGENT if kind == "agent" else DAEMON).encode())


def constant(path, pattern):
    return re.search(pattern, pathlib.Path(path).read_text())[1]


JOBS = [(t, kind, job(t, kind)) for t in TEMPLATES for kind in ("agent", "daemon")]


class EveryJob(unittest.TestCase):
    def test_has_every_place_filled_in(self):
        for _, _, plist in JOBS:
            self.assertNotRegex(repr(plist), "@[A-Z]+@")

    def test_has_only_keys_of_launchd_of_the_right_type(self):
        for _, _, plist in JOBS:
            for key, value in plist.items():
                self.assertIs(type(value), KEYS.get(key), key)

    def test_is_a_plist_for_apples_own_parser_too(self):
        if not shutil.which("plutil"):
            with open(os.environ.get("ACTOP_NOT_RUN", os.devnull), "a", encoding="utf-8") as told:
                told.write("plist: without plutil, Python's parser alone read the jobs\n")
            return
        for template, kind, _ in JOBS:
            text = fill(template, kind, AGENT)
            subprocess.run(["plutil", "-lint", "-"], input=text, text=True, check=True)

    def test_is_not_started_again_after_an_orderly_end(self):
        for _, _, plist in JOBS:
            self.assertTrue(plist["RunAtLoad"])
            self.assertEqual(plist["KeepAlive"], {"SuccessfulExit": False})

    def test_of_the_system_runs_as_a_user_and_of_a_user_as_that(self):
        for _, kind, plist in JOBS:
            self.assertEqual(plist.get("UserName"), "_actopd" if kind == "daemon" else None)

    def test_of_a_user_loads_where_nobody_sits_at_the_screen(self):
        for _, kind, plist in JOBS:
            self.assertEqual(plist.get("LimitLoadToSessionType"),
                             ["Aqua", "Background"] if kind == "agent" else None)

    def test_makes_private_files(self):
        for _, _, plist in JOBS:
            self.assertEqual(plist["Umask"], 0o077)

    def test_has_a_type_that_is_not_held_back_on_busy_cores(self):
        for _, _, plist in JOBS:
            self.assertEqual(plist["ProcessType"], "Standard")

    def test_has_absolute_paths_without_a_tilde(self):
        for _, _, plist in JOBS:
            socket = plist.get("Sockets", {}).get("actopd", {}).get("SockPathName", "/")
            for path in [plist["ProgramArguments"][0], plist["StandardErrorPath"], socket]:
                self.assertTrue(path.startswith("/"), path)


class TheDaemons(unittest.TestCase):
    def test_socket_has_the_name_that_the_daemon_asks_for(self):
        name = constant("daemon/activation.h", 'ACTIVATION_NAME "(.*?)"')
        for kind in "agent", "daemon":
            self.assertEqual(list(job(TEMPLATES[0], kind)["Sockets"]), [name])

    def test_socket_is_where_clients_on_macos_look(self):
        rules = constant("proto/sockpath.c", r"sockpath_macos = \{([^;]*)\};")
        tail = re.search(r'SOCKPATH_HOME, "(.*?)"', rules)[1]
        system = re.findall(r'"(.*?)"', rules)[-1]
        for kind, path in (("agent", HOME + tail), ("daemon", system)):
            self.assertEqual(job(TEMPLATES[0], kind)["Sockets"]["actopd"]["SockPathName"], path)

    def test_socket_has_in_decimal_the_mode_that_the_daemon_would_give_it(self):
        own = constant("daemon/options.def", r'OPTION\(mode,[^"]*"mode",[^"]*"OCTAL", RESTART, OCTAL,\s*"(\d+)"')
        everybody = constant("daemon/options.def", r'"serve the whole machine: system paths, mode (\d+)"')
        for kind, mode in (("agent", own), ("daemon", everybody)):
            self.assertEqual(job(TEMPLATES[0], kind)["Sockets"]["actopd"]["SockPathMode"], int(mode, 8))

    def test_state_is_where_the_system_daemon_of_macos_keeps_it(self):
        self.assertEqual(constant("daemon/compat.c", r'\.system_state = "(/var/db.*?)"'), DAEMON["STATE"])
        self.assertEqual(constant("client/service/plan.c", 'PLAN_SYSTEM_STATE "(.*?)"'), DAEMON["STATE"])

    def test_time_to_end_is_enough_for_what_it_sends_and_writes(self):
        flush_ms = int(constant("daemon/daemon.h", r"DAEMON_FLUSH_MS (\d+)"))
        self.assertGreaterEqual(job(TEMPLATES[0], "agent")["ExitTimeOut"] * 1000, 4 * flush_ms)

    def test_arguments_are_options_that_it_has(self):
        for kind in "agent", "daemon":
            program, *options = job(TEMPLATES[0], kind)["ProgramArguments"]
            self.assertTrue(program.endswith("/actopd"))
            self.assertEqual("--system" in options, kind == "daemon")
            done = subprocess.run([f"{BUILD}/actopd", *options, "--test", "-c", "launchd/actopd.conf"],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_job_runs_and_logs_into_its_file(self):
        with tempfile.TemporaryDirectory(prefix="actop-job.", dir="/tmp") as folder:
            values = AGENT | {"SOCKET": f"{folder}/s", "LOG": f"{folder}/log", "ERRORS": f"{folder}/errors"}
            plist = plistlib.loads(fill(TEMPLATES[0], "agent", values).encode())
            # The program that is a Mac's, as far as there is one here.
            env = os.environ | {"HOME": folder, "ACTOPD_SOCKET": plist["Sockets"]["actopd"]["SockPathName"],
                                "ACTOP_WORLD": "tests/fixtures/apple/m4.json", "XDG_STATE_HOME": f"{folder}/state"}
            os.umask(plist["Umask"])
            with open(plist["StandardErrorPath"], "wb") as errors:
                daemon = subprocess.Popen([f"{BUILD}/actopd-apple", *plist["ProgramArguments"][1:]],
                                          env=env, stderr=errors)
            self.addCleanup(daemon.kill)
            ask = [f"{BUILD}/actopctl", "now", "-f", "cpu_watts", "-o", "plain"]
            deadline = time.monotonic() + 20
            while subprocess.run(ask, env=env, capture_output=True, check=False).returncode:
                self.assertLess(time.monotonic(), deadline, "no answer")
                time.sleep(0.02)
            daemon.send_signal(signal.SIGTERM)
            self.assertEqual(daemon.wait(10), 0, "an orderly end, that launchd leaves alone")
            self.assertIn("ready", pathlib.Path(values["LOG"]).read_text())
            self.assertEqual(os.stat(values["LOG"]).st_mode & 0o777, 0o600)
            self.assertEqual(os.stat(values["ERRORS"]).st_size, 0, "all went into the log")


class TheServers(unittest.TestCase):
    def test_job_has_no_socket_of_launchd_and_listens_by_itself(self):
        for kind in "agent", "daemon":
            self.assertNotIn("Sockets", job(TEMPLATES[1], kind))

    def test_job_is_the_program_that_actopctl_serve_starts(self):
        program = constant("client/cmd_serve.c", 'SERVE_PROGRAM "(.*?)"')
        for kind in "agent", "daemon":
            self.assertEqual(job(TEMPLATES[1], kind)["ProgramArguments"], [f"/opt/homebrew/bin/{program}"])


    def test_template_says_by_what_command_it_is_filled_in(self):
        command = constant(TEMPLATES[1], r"(?s)(sed '.*?) /usr/local/share/")
        done = subprocess.run(["sh", "-c", f"HOME={HOME}; {command} {TEMPLATES[1]}"],
                              capture_output=True, check=True)
        values = AGENT | {"BINDIR": "/usr/local/bin", "LABEL": "actopctl-serve",
                          "ERRORS": f"{HOME}/Library/Logs/actopctl-serve.err"}
        self.assertEqual(plistlib.loads(done.stdout), plistlib.loads(fill(TEMPLATES[1], "agent", values).encode()))


BUILD = sys.argv[1]
unittest.main(argv=sys.argv[:1])
