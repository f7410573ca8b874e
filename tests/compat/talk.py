# SPDX-License-Identifier: MIT
"""What recording and replaying of conversations have in common."""

import json
import os
import re
import subprocess
import tempfile
import time

SOURCE = "linux:tests/fixtures/linux/laptop"  # the same machine whatever the test runs on
FIXTURES = "tests/fixtures/protocol-1"

# What is recorded: everything that asks the daemon.  CURSOR stands for a file that stays.
COMMANDS = [
    ["now", "-o", "json"],
    ["now", "-f", "load_1m", "-o", "plain"],
    ["watch", "-n", "2", "-o", "json"],
    ["watch", "-n", "2", "--since", "1s", "-f", "load_1m", "-o", "csv"],
    ["watch", "-n", "3", "--events", "--since", "1m", "-f", "load_1m", "-o", "json"],
    ["watch", "-n", "1", "--cursor-file", "CURSOR", "-f", "load_1m", "-o", "json"],
    ["watch", "-n", "1", "--cursor-file", "CURSOR", "-f", "load_1m", "-o", "json"],
    ["mark", "one"],
    ["watch", "-n", "2", "-i", "500ms", "-f", "load_1m,cpu_util_pct", "-o", "json"],
    ["history", "--since", "2s", "-o", "json"],
    ["history", "--since", "2s", "--step", "1s", "-f", "load_1m", "-o", "json"],
    ["history", "--since", "2s", "--stat", "-f", "load_1m"],
    ["history", "--since", "2s", "--plot", "-f", "load_1m"],
    ["mark", "two"],
    ["events", "--since", "1h", "-o", "json"],
    ["events", "--since", "1h"],
    ["alerts", "-o", "json"],
    ["alerts", "--since", "1h"],
    ["alerts", "--rules", "-o", "json"],
    ["ps", "-n", "3", "-o", "json"],
    ["ps", "-n", "3", "--group"],
    ["metrics"],
    ["energy", "--since", "2s", "-o", "json"],
    ["energy", "--between", "one", "two"],
    ["run", "--", "true"],
    ["check"],
    ["check", "load_1m>=0"],
    ["wait", "load_1m>=0", "--timeout", "10s"],
    ["info"],
    ["info", "-o", "json"],
    ["status"],
    ["status", "--clients", "-o", "json"],
    ["ping"],
]


class Daemon:
    """actopd of a build on the fixture machine, with a store."""

    def __init__(self, build, folder, *options):
        self.build, self.socket = build, f"{folder}/s"
        with open(f"{folder}/log", "ab") as log:
            self.process = subprocess.Popen(
                [f"{build}/actopd", "--socket", self.socket, "--state", f"{folder}/state", "--source", SOURCE,
                 "--interval", "100ms", "--history", "100ms:10m,10s:24h", *options], stderr=log)
        deadline = time.monotonic() + 20
        while actopctl(build, self.socket, "now").returncode:
            if time.monotonic() > deadline:
                raise TimeoutError("no sample: " + open(f"{folder}/log", encoding="utf-8").read())
            time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        return self.process.wait(20)


def actopctl(build, socket, *args):
    return subprocess.run([f"{build}/actopctl", args[0], "-S", socket, *args[1:]], capture_output=True,
                          text=True, timeout=60, check=False, env=os.environ | {"TZ": "UTC", "LC_ALL": "C"})


def folder():
    return tempfile.TemporaryDirectory(prefix="actop-compat.", dir="/tmp")


def member_names():
    with open("proto/members.def", encoding="utf-8") as table:
        return sorted(set(re.findall(r'^MEMBER\(\w+, *"(\w+)"', table.read(), re.M)))


def command_names():
    with open("proto/commands.def", encoding="utf-8") as table:
        return re.findall(r'^COMMAND\(\w+, *"(\w+)"', table.read(), re.M)


def parse(line):
    return json.loads(line)
