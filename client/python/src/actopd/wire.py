# SPDX-License-Identifier: MIT
"""Lines of JSON over the daemon's socket, once with threads and once with asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket as sockets_
from typing import Any

from .errors import Disconnected, NotRunning, RequestError
from .sockets import candidates, is_trusted

LINE_MAX = 262144
"""Most bytes that a line of the server has (PROTOCOL.md 2.2)."""

Line = dict[str, Any]


def encode(op: str, members: Line) -> bytes:
    """A request; members that are None are left out."""
    request = {"op": op, **{key: value for key, value in members.items() if value is not None}}
    return json.dumps(request, separators=(",", ":")).encode() + b"\n"


def decode(text: bytes) -> Line:
    """A line; one without its LF is the torn end of a daemon that was killed."""
    if not text.endswith(b"\n"):
        raise Disconnected("the daemon ended the connection")
    line: Line = json.loads(text)
    if line.get("type") == "error":
        raise RequestError(line)
    if line.get("type") == "bye":
        raise Disconnected(str(line.get("message", "the daemon ended the connection")))
    return line


def _not_running(tried: list[str]) -> NotRunning:
    return NotRunning("no actopd answers:\n" + "\n".join(f"  {text}" for text in tried))


def _usable(path: str, tried: list[str]) -> bool:
    try:
        if is_trusted(path):
            return True
        tried.append(f"{path}: belongs to neither you nor root")
    except OSError as error:
        tried.append(f"{path}: {error.strerror}")
    return False


class Connection:
    """One blocking connection."""

    def __init__(self, path: str | os.PathLike[str] | None = None, timeout: float | None = 10.0) -> None:
        self._socket = self._connect(path)
        self._socket.settimeout(timeout)
        self._reader = self._socket.makefile("rb")

    @staticmethod
    def _connect(path: str | os.PathLike[str] | None) -> sockets_.socket:
        tried: list[str] = []
        for candidate in candidates(path):
            if not _usable(candidate, tried):
                continue
            s = sockets_.socket(sockets_.AF_UNIX, sockets_.SOCK_STREAM)
            try:
                s.connect(candidate)
                return s
            except OSError as error:
                s.close()
                tried.append(f"{candidate}: {error.strerror}")
        raise _not_running(tried)

    def settimeout(self, seconds: float | None) -> None:
        self._socket.settimeout(seconds)

    def send(self, op: str, **members: Any) -> None:
        try:
            self._socket.sendall(encode(op, members))
        except OSError as error:
            raise Disconnected(str(error)) from error

    def receive(self) -> Line:
        """The next line."""
        try:
            return decode(self._reader.readline(LINE_MAX + 1))
        except TimeoutError:
            raise
        except OSError as error:
            raise Disconnected(str(error)) from error

    def ask(self, op: str, **members: Any) -> Line:
        """The final line of one request, when no stream runs on this connection."""
        self.send(op, **members)
        while (line := self.receive()).get("type") != "reply":
            pass
        return line

    def close(self) -> None:
        self._reader.close()
        self._socket.close()


class AsyncConnection:
    """The same for asyncio; made by ``await AsyncConnection.open()``."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, path: str | os.PathLike[str] | None = None) -> AsyncConnection:
        tried: list[str] = []
        for candidate in candidates(path):
            if not _usable(candidate, tried):
                continue
            try:
                return cls(*await asyncio.open_unix_connection(candidate, limit=LINE_MAX + 1))
            except OSError as error:
                tried.append(f"{candidate}: {error.strerror}")
        raise _not_running(tried)

    async def send(self, op: str, **members: Any) -> None:
        try:
            self._writer.write(encode(op, members))
            await self._writer.drain()
        except OSError as error:
            raise Disconnected(str(error)) from error

    async def receive(self) -> Line:
        try:
            return decode(await self._reader.readline())
        except OSError as error:
            raise Disconnected(str(error)) from error

    async def ask(self, op: str, **members: Any) -> Line:
        await self.send(op, **members)
        while (line := await self.receive()).get("type") != "reply":
            pass
        return line

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
