# SPDX-License-Identifier: MIT
"""Monitor and AsyncMonitor of actop 1.0.0, over the daemon's socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Self

from .client import AsyncClient, Client, Path
from .models import SNAPSHOT_METRICS, Sample, SystemSnapshot, cores_of_kind, snapshot


class Monitor:
    """Snapshots, one per interval.

    ``subsamples`` is accepted and has no effect: the daemon's powers and shares come from
    counters over the whole interval, so there is nothing to average.
    """

    manages_timing = True
    """get_snapshot() waits for the interval by itself."""

    def __init__(self, interval_s: float = 1.0, subsamples: int = 1, *, socket: Path = None) -> None:
        self.interval_s = interval_s
        self.subsamples = subsamples
        self._socket = socket
        self._client = Client(socket)
        schema = self._client.schema()
        self._e_cores = cores_of_kind(schema, "E")
        self._p_cores = cores_of_kind(schema, "P")
        self._samples: Iterator[Sample] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get_snapshot(self) -> SystemSnapshot:
        """Blocks until the next interval is over."""
        if self._samples is None:
            self._samples = self._client.watch(
                SNAPSHOT_METRICS, interval=self.interval_s, after=self._client.get("cpu_util_pct").cursor
            )
        return snapshot(next(self._samples), self._e_cores, self._p_cores)

    def close(self) -> None:
        if self._samples is not None:
            self._samples.close()  # type: ignore[attr-defined]
            self._samples = None
        self._client.close()


class AsyncMonitor(Monitor):
    """The same, and get_snapshot_async() beside it, which takes no thread."""

    def __init__(self, interval_s: float = 1.0, subsamples: int = 1, *, socket: Path = None) -> None:
        super().__init__(interval_s, subsamples, socket=socket)
        self._async_samples: AsyncIterator[Sample] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def get_snapshot_async(self) -> SystemSnapshot:
        """Returns when the next interval is over."""
        if self._async_samples is None:
            client = AsyncClient(self._socket)
            start = await client.get("cpu_util_pct")
            self._async_samples = client.watch(SNAPSHOT_METRICS, interval=self.interval_s, after=start.cursor)
        return snapshot(await anext(self._async_samples), self._e_cores, self._p_cores)

    def close(self) -> None:
        """Lets the connections go; the event loop closes its own on its next turn."""
        self._async_samples = None
        super().close()

    async def aclose(self) -> None:
        if self._async_samples is not None:
            await self._async_samples.aclose()  # type: ignore[attr-defined]
        self.close()
