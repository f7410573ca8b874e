# SPDX-License-Identifier: MIT
"""What the daemon adds to actop: history, exact energy, marks, streams that miss nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from .errors import Disconnected, NotRunning, RequestError
from .models import Energy, Event, Sample
from .wire import AsyncConnection, Connection, Line

Path = str | os.PathLike[str] | None

RETRY_S = 1.0
"""Between two attempts to reach a daemon that went away."""

PAGE_ROWS = 10000


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def _range(last: float | None, since: float | None, until: float | None, after: str | None) -> Line:
    return {"last_ms": _ms(last), "since_ms": _ms(since), "until_ms": _ms(until), "after": after}


def _patterns(metrics: str | Sequence[str] | None) -> list[str] | None:
    if metrics is None:
        return None
    return [metrics] if isinstance(metrics, str) else list(metrics)


class Client:
    """Asks one daemon.  Not to be shared by threads; each method opens what it needs.

    Times are Unix seconds (``since``, ``until``); ``last`` is seconds back from now.
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

    def get(self, metrics: str | Sequence[str] | None = None) -> Sample:
        """The newest sample.  Waits for the first one of a daemon that has just started."""
        deadline = time.monotonic() + self._timeout
        while True:
            try:
                return Sample.from_line(self.request("get", metrics=_patterns(metrics))["sample"])
            except RequestError as error:
                if error.code != "not_ready" or time.monotonic() > deadline:
                    raise
                time.sleep(float(error.details.get("retry_ms", 1000)) / 1000)  # type: ignore[arg-type]

    def history(
        self,
        metrics: str | Sequence[str] | None = None,
        *,
        last: float | None = None,
        since: float | None = None,
        until: float | None = None,
        after: str | None = None,
        step: float | None = None,
        agg: str | None = None,
    ) -> Iterator[Sample]:
        """The past, oldest first, page by page, so that any range may be asked for."""
        members = _range(last, since, until, after)
        connection = Connection(self._socket, self._timeout)
        try:
            while True:
                connection.send(
                    "history", metrics=_patterns(metrics), step_ms=_ms(step), agg=agg, limit=PAGE_ROWS, **members
                )
                while (line := connection.receive())["type"] == "row":
                    yield Sample.from_line(line)
                if not line.get("next"):
                    return
                members = _range(None, None, until, line["next"])
        finally:
            connection.close()

    def energy(
        self,
        *,
        last: float | None = None,
        since: float | None = None,
        until: float | None = None,
        after: str | None = None,
        from_mark: str | int | None = None,
        to_mark: str | int | None = None,
    ) -> Energy:
        """What a past window cost; or the one between two marks, named by text or number."""
        members = _range(last, since, until, after)
        return Energy.from_line(self.request("energy", from_mark=from_mark, to_mark=to_mark, **members))

    def mark(self, text: str) -> int:
        """Puts a mark into the timeline; its number."""
        number: int = self.request("mark", text=text)["eseq"]
        return number

    def events(self, *, last: float | None = None, since: float | None = None) -> list[Event]:
        connection = Connection(self._socket, self._timeout)
        try:
            connection.send("events", **_range(last, since, None, None))
            found = []
            while (line := connection.receive())["type"] == "event":
                found.append(Event.from_line(line))
            return found
        finally:
            connection.close()

    def alerts(self) -> list[Line]:
        """What fires now."""
        rows: list[Line] = self.request("alerts")["alerts"]
        return rows

    def watch(
        self,
        metrics: str | Sequence[str] | None = None,
        *,
        interval: float | None = None,
        last: float | None = None,
        after: str | None = None,
        agg: str | None = None,
    ) -> Iterator[Sample]:
        """History from ``last`` seconds ago (or behind a cursor), then live, without end.

        When the daemon goes away it waits, and goes on behind the last sample: none is lost
        that the daemon still has, and none comes twice.
        """
        reached = False
        while True:
            try:
                connection = Connection(self._socket, None)
            except NotRunning:
                if not reached:
                    raise
                time.sleep(RETRY_S)
                continue
            reached = True
            try:
                connection.send(
                    "subscribe",
                    metrics=_patterns(metrics),
                    interval_ms=_ms(interval),
                    agg=agg,
                    after=after,
                    last_ms=_ms(last) if after is None else None,
                )
                while True:
                    line = connection.receive()
                    if line["type"] == "sample":
                        sample = Sample.from_line(line)
                        after = sample.cursor
                        yield sample
            except Disconnected:
                pass
            finally:
                connection.close()


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

    async def schema(self) -> list[Line]:
        rows: list[Line] = (await self.request("schema"))["metrics"]
        return rows

    async def get(self, metrics: str | Sequence[str] | None = None) -> Sample:
        return Sample.from_line((await self.request("get", metrics=_patterns(metrics)))["sample"])

    async def mark(self, text: str) -> int:
        number: int = (await self.request("mark", text=text))["eseq"]
        return number

    async def energy(
        self, *, last: float | None = None, since: float | None = None, until: float | None = None
    ) -> Energy:
        return Energy.from_line(await self.request("energy", **_range(last, since, until, None)))

    async def history(
        self,
        metrics: str | Sequence[str] | None = None,
        *,
        last: float | None = None,
        since: float | None = None,
        until: float | None = None,
        step: float | None = None,
        agg: str | None = None,
    ) -> AsyncIterator[Sample]:
        members = _range(last, since, until, None)
        connection = await AsyncConnection.open(self._socket)
        try:
            while True:
                await connection.send(
                    "history", metrics=_patterns(metrics), step_ms=_ms(step), agg=agg, limit=PAGE_ROWS, **members
                )
                while (line := await connection.receive())["type"] == "row":
                    yield Sample.from_line(line)
                if not line.get("next"):
                    return
                members = _range(None, None, until, line["next"])
        finally:
            await connection.close()

    async def watch(
        self,
        metrics: str | Sequence[str] | None = None,
        *,
        interval: float | None = None,
        last: float | None = None,
        after: str | None = None,
    ) -> AsyncIterator[Sample]:
        """See Client.watch()."""
        reached = False
        while True:
            try:
                connection = await AsyncConnection.open(self._socket)
            except NotRunning:
                if not reached:
                    raise
                await asyncio.sleep(RETRY_S)
                continue
            reached = True
            with contextlib.suppress(Disconnected):
                async for sample in self._follow(connection, _patterns(metrics), interval, last, after):
                    after = sample.cursor
                    yield sample
            await connection.close()

    @staticmethod
    async def _follow(
        connection: AsyncConnection,
        metrics: list[str] | None,
        interval: float | None,
        last: float | None,
        after: str | None,
    ) -> AsyncIterator[Sample]:
        try:
            await connection.send(
                "subscribe",
                metrics=metrics,
                interval_ms=_ms(interval),
                after=after,
                last_ms=_ms(last) if after is None else None,
            )
            while True:
                line = await connection.receive()
                if line["type"] == "sample":
                    yield Sample.from_line(line)
        finally:
            await connection.close()
