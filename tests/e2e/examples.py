#!/usr/bin/env python3
"""Runs command lines on a terminal, each as a person would type it.

    examples.py STATUS... < LINES

Each line is to end with one of the exit statuses.

What does not end by itself is interrupted with Ctrl-C once it has printed something.  Says of
each line that fails how it ended and what it printed; the exit status is 1 if one did.
"""

import os
import pty
import re
import select
import socket
import sys
import time

ENDLESS = re.compile(r"\b(watch|serve)\b|--follow")
ENDS = re.compile(r"\| head|(^| )-n ")
SECONDS = 60


def wait_for_port(port):
    """Somebody else's test may have it."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("0.0.0.0", port))
                return
            except OSError:
                time.sleep(0.1)


def run(line):
    """(exit status, output)"""
    endless = ENDLESS.search(line) and not ENDS.search(line)
    if "actopctl serve" in line:
        wait_for_port(9464)
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execvp("sh", ["sh", "-c", line])
    out, end, interrupted = b"", time.monotonic() + SECONDS, False
    while True:
        left = end - time.monotonic()
        if left <= 0:
            os.close(fd)
            os.waitpid(pid, 0)
            return "not within a minute", out
        if select.select([fd], [], [], left)[0]:
            try:
                piece = os.read(fd, 65536)
            except OSError:  # Linux: the other side is closed
                break
            if not piece:
                break
            out += piece
        if endless and out.strip() and not interrupted:
            interrupted = True
            os.write(fd, b"\x03")
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(fd)
    if interrupted and status in (0, 130, -2):
        status = 0
    return status, out


wanted = [int(status) for status in sys.argv[1:]]
failed = 0
for line in sys.stdin.read().splitlines():
    status, out = run(line)
    if status not in wanted:
        failed = 1
        print(f"{line!r} ended with {status}: {out.decode(errors='replace')}", flush=True)
sys.exit(failed)
