# SPDX-License-Identifier: MIT
"""What the daemon adds to actop: history, exact energy, marks, streams that miss nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from .errors import Disconnected, NotRunning, RequestError
from .models import Energy, Event, Sample
from .wire import AsyncConnection, Connection, Line

Path = str | os.PathLike[str] | None
Patterns = str | Sequence[str] | None
OnGap = Callable[[Line], object] | None

RETRY_S = 1.0
"""Between two attempts to reach a daemon that went away."""

PAGE_ROWS = 10000

LATER = frozenset({"busy", "not_ready", "shutting_down"})
"""Refusals that pass."""


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def _range(last: float | None, since: float | None, until: float | None, after: str | None, boot: int | None) -> Line:
    return {"last_ms": _ms(last), "since_ms": _ms(since), "until_ms": _ms(until), "after": after, "boot": boot}


def _patterns(metrics: Patterns) -> list[str] | None:
    if metrics is None:
        return None
    return [metrics] if isinstance(metrics, str) else list(metrics)


class _Pages:
    """The requests of a history, one behind the other."""

    def __init__(self, op: str, members: Line, range_: Line) -> None:
        self._op, self._members, self._range = op, members, range_
        self.done = False

    def request(self) -> tuple[str, Line]:
        return self._op, {**self._members, **self._range, "limit": PAGE_ROWS}

    def turn(self, reply: Line) -> None:
        self.done = not reply.get("next")
        self._range = {"until_ms": self._range.get("until_ms"), "after": reply.get("next")}


class _Watch:
    """Where a stream is, over every connection that it has had."""

    def __init__(self, members: Line, last: float | None, after: str | None, on_gap: OnGap) -> None:
        self._members, self._last, self._after, self._on_gap = members, last, after, on_gap
        self.reached = False
        self.heard = False
        """A sample has come over this connection."""

    def request(self) -> Line:
        self.heard = False
        self.reached = True
        last_ms = _ms(self._last) if self._after is None else None
        return {**self._members, "after": self._after, "last_ms": last_ms}

    def take(self, line: Line) -> Sample | None:
        if line["type"] == "gap" and self._on_gap:
            self._on_gap(line)
        if line["type"] != "sample":
            return None
        self.heard = True
        sample = Sample.from_line(line)
        self._after = sample.cursor
        return sample

    def pause(self, error: Exception) -> float:
        """How long to wait before the next attempt; raises what waiting would not mend."""
        if isinstance(error, RequestError) and error.code not in LATER:
            raise error
        if isinstance(error, NotRunning) and not self.reached:
            raise error
        return 0.0 if self.heard and isinstance(error, Disconnected) else RETRY_S


class Client:
    """Asks one daemon.  Not to be shared by threads; each method opens what it needs.

    Times are Unix seconds (``since``, ``until``); ``last`` is seconds back from now; ``boot`` is
    0 for this start of the machine, -1 for the one before.
    """

    def __init__(self, socket: Path = None, timeout: float = 10.0) -> None:
        self._socket = socket
        self._timeout = timeout
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _open(self) -> Connection:
        if not self._connection:
            self._connection = Connection(self._socket, self._timeout)
        return self._connection

    def request(self, op: str, **members: Any) -> Line:
        """Any op of the protocol: the final line.  A connection that broke is opened anew, once."""
        fresh = self._connection is None
        try:
            return self._open().ask(op, **members)
        except Disconnected:
            self.close()
            if fresh:
                raise
            return self._open().ask(op, **members)
        except TimeoutError:
            self.close()
            raise

    def hello(self) -> Line:
        return self.request("hello", client="python")

    def schema(self) -> list[Line]:
        """What is measured here: name, kind, unit, and why something is not available."""
        rows: list[Line] = self.request("schema")["metrics"]
        return rows

    def get(self, metrics: Patterns = None) -> Sample:
        """The newest sample.  Waits for the first one of a daemon that has just started."""
        deadline = time.monotonic() + self._timeout
        while True:
            try:
                return Sample.from_line(self.request("get", metrics=_patterns(metrics))["sample"])
            except RequestError as error:
                if error.code != "not_ready" or time.monotonic() > deadline:
                    raise
                time.sleep(error.retry_s)

    def _pages(self, pages: _Pages) -> Iterator[Line]:
        connection = Connection(self._socket, self._timeout)
        try:
            while not pages.done:
                op, members = pages.request()
                connection.send(op, **members)
                while (line := connection.receive())["type"] in ("row", "event"):
                    yield line
                pages.turn(line)
        finally:
            connection.close()

    def history(
        self,
        metrics: Patterns = None,
        *,
        last: float | None = None,
        since: float | None = None,
        until: float | None = None,
        after: str | None = None,
        boot: int | None = None,
        step: float | None = None,
        agg: str | None = None,
    ) -> Iterator[Sample]:
        """The past, oldest first, page by page, so that any range may be asked for."""
        members = {"metrics": _patterns(metrics), "step_ms": _ms(step), "agg": agg}
        for line in self._pages(_Pages("history", members, _range(last, since, until, after, boot))):
            yield Sample.from_line(line)

    def energy(
        self,
        *,
        last: float | None = None,
        since: float | None = None,
        until: float | None = None,
        after: str | None = None,
        boot: int | None = None,
        from_mark: str | int | None = None,
        to_mark: str | int | None = None,
    ) -> Energy:
        """What a past window cost; or the one between two marks, named by text or number."""
        members = _range(last, since, until, after, boot)
        return Energy.from_line(self.request("energy", from_mark=from_mark, to_mark=to_mark, **members))

    def mark(self, text: str) -> int:
        """Puts a mark into the timeline; its number."""
        number: int = self.request("mark", text=text)["eseq"]
        return number

    def events(
        self,
        *,
        last: float | None = None,
        since: float | None = None,
        until: float | None = None,
        after: str | None = None,
        boot: int | None = None,
        kinds: Sequence[str] | None = None,
    ) -> list[Event]:
        """What happened: alerts, throttling, marks, starts, sleeps.  ``after`` is EPOCH:ESEQ."""
        members = {"kinds": None if kinds is None else list(kinds)}
        return [Event.from_line(line) for line in self._pages(_Pages("events", members, _range(last, since, until, after, boot)))]

    def alerts(self) -> list[Line]:
        """What fires now."""
        rows: list[Line] = self.request("alerts")["alerts"]
        return rows

    def processes(self, *, sort: str = "cpu", limit: int = 50, match: str | None = None) -> list[Line]:
        """Who uses most.  Differences are None until somebody asks a second time within 30 s."""
        rows: list[Line] = self.request("processes", sort=sort, limit=limit, match=match)["rows"]
        return rows

    def watch(
        self,
        metrics: Patterns = None,
        *,
        interval: float | None = None,
        last: float | None = None,
        after: str | None = None,
        agg: str | None = None,
        on_gap: OnGap = None,
    ) -> Iterator[Sample]:
        """History from ``last`` seconds ago (or behind a cursor), then live, without end.

        When the daemon goes away it waits, and goes on behind the last sample: none is lost
        that the daemon still has, and none comes twice.  ``on_gap`` is told what is missing.
        """
        members = {"metrics": _patterns(metrics), "interval_ms": _ms(interval), "agg": agg}
        watch = _Watch(members, last, after, on_gap)
        while True:
            try:
                connection = Connection(self._socket, None)
                with contextlib.closing(connection):
                    connection.send("subscribe", **watch.request())
                    while True:
                        if sample := watch.take(connection.receive()):
                            yield sample
            except (NotRunning, Disconnected, RequestError) as error:
                time.sleep(watch.pause(error))


class AsyncClient:
    """The same for asyncio, each call on a connection of its own."""

    def __init__(self, socket: Path = None, timeout: float = 10.0) -> None:
        self._socket = socket
        self._timeout = timeout

    async def request(self, op: str, **members: Any) -> Line:
        connection = await AsyncConnection.open(self._socket)
        try:
            return await asyncio.wait_for(connection.ask(op, **members), self._timeout)
        finally:
            await connection.close()

    async def hello(self) -> Line:
        return await self.request("hello", client="python")

    async def schema(self) -> list[Line]:
        rows: list[Line] = (await self.request("schema"))["metrics"]
        return rows

    async def get(self, metrics: Patterns = None) -> Sample:
        deadline = time.monotonic() + self._timeout
        while True:
            try:
                return Sample.from_line((await self.request("get", metrics=_patterns(metrics)))["sample"])
            except RequestError as error:
                if error.code != "not_ready" or time.monotonic() > deadline:
                    raise
                await asyncio.sleep(error.retry_s)

    async def mark(self, text: str) -> int:
        number: int = (await self.request("mark", text=text))["eseq"]
        return number

    async def energy(
        self,
        *,
        last: float | None = None,
        since: float | None = None,
        until: float | None = None,
        after: str | None = None,
        boot: int | None = None,
        from_mark: str | int | None = None,
        to_mark: str | int | None = None,
    ) -> Energy:
        members = _range(last, since, until, after, boot)
        return Energy.from_line(await self.request("energy", from_mark=from_mark, to_mark=to_mark, **members))

    async def alerts(self) -> list[Line]:
        rows: list[Line] = (await self.request("alerts"))["alerts"]
        return rows

    async def _pages(self, pages: _Pages) -> AsyncIterator[Line]:
        connection = await AsyncConnection.open(self._socket)
        try:
            while not pages.done:
                op, members = pages.request()
                await connection.send(op, **members)
                while (line := await connection.receive())["type"] in ("row", "event"):
                    yield line
                pages.turn(line)
        finally:
            await connection.close()

    async def history(
        self,
        metrics: Patterns = None,
        *,
        last: float | None = None,
        since: float | None = None,
        until: float | None = None,
        after: str | None = None,
        boot: int | None = None,
        step: float | None = None,
        agg: str | None = None,
    ) -> AsyncIterator[Sample]:
        members = {"metrics": _patterns(metrics), "step_ms": _ms(step), "agg": agg}
        async for line in self._pages(_Pages("history", members, _range(last, since, until, after, boot))):
            yield Sample.from_line(line)

    async def events(
        self,
        *,
        last: float | None = None,
        since: float | None = None,
        until: float | None = None,
        after: str | None = None,
        boot: int | None = None,
        kinds: Sequence[str] | None = None,
    ) -> list[Event]:
        members = {"kinds": None if kinds is None else list(kinds)}
        pages = self._pages(_Pages("events", members, _range(last, since, until, after, boot)))
        return [Event.from_line(line) async for line in pages]

    async def watch(
        self,
        metrics: Patterns = None,
        *,
        interval: float | None = None,
        last: float | None = None,
        after: str | None = None,
        agg: str | None = None,
        on_gap: OnGap = None,
    ) -> AsyncIterator[Sample]:
        """See Client.watch()."""
        members = {"metrics": _patterns(metrics), "interval_ms": _ms(interval), "agg": agg}
        watch = _Watch(members, last, after, on_gap)
        while True:
            try:
                connection = await AsyncConnection.open(self._socket)
                try:
                    await connection.send("subscribe", **watch.request())
                    while True:
                        if sample := watch.take(await connection.receive()):
                            yield sample
                finally:
                    await connection.close()
            except (NotRunning, Disconnected, RequestError) as error:
                await asyncio.sleep(watch.pause(error))
