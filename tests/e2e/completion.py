#!/usr/bin/env python3
"""Types into an interactive shell and says what a tab makes of it.

    completion.py bash|zsh ACTOPCTL < LINES

Each line of stdin is typed, then a tab; the command line as the shell then has it is printed.
"""

import os
import pty
import select
import sys
import time

# A key that prints the line, so that nothing depends on how the shell draws.
BEGIN = {
    "bash": [
        "bind 'set completion-query-items 0'",
        "bind 'set show-all-if-ambiguous off'",
        "bind -x '\"\\C-o\": printf \"<<%s>>\\n\" \"$READLINE_LINE\"'",
        "source <({0} completion bash)",
    ],
    "zsh": [
        # As it is installed.
        "mkdir functions; {0} completion zsh >functions/_actopctl; fpath=($PWD/functions $fpath)",
        "autoload -U compinit; compinit -u -D",
        'show() {{ print -r -- "<<$BUFFER>>" }}; zle -N show; bindkey "^O" show',
    ],
}
ARGV = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}


class Shell:
    def __init__(self, argv):
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="vt100", PS1="$ ", LC_ALL="C.UTF-8", HISTFILE="")
            os.execvp(argv[0], argv)

    def send(self, text):
        os.write(self.fd, text.encode())

    def until(self, mark, seconds=20):
        """What came up to the mark, which is taken away."""
        end = time.monotonic() + seconds
        while mark not in self.seen:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                sys.exit(f"no {mark!r} came, but {self.seen!r}")
            self.seen += os.read(self.fd, 65536)
        before, self.seen = self.seen.split(mark, 1)
        return before.decode(errors="replace")

    def command(self, text):
        # The echo of what is typed does not hold the mark itself.
        self.send(text + "; printf 'do%s\\n' ne-it\n")
        self.until(b"done-it\r\n")

    def complete(self, text):
        self.send(text + "\t")
        self.send("\x0f")
        self.until(b"<<")
        line = self.until(b">>")
        self.send("\x15")
        return line


def main():
    kind, program = sys.argv[1:3]
    shell = Shell(ARGV[kind])
    for line in BEGIN[kind]:
        shell.command(line.format(program))
    for line in sys.stdin.read().splitlines():
        print(shell.complete(line), flush=True)
    shell.send("exit\n")


main()
