# SPDX-License-Identifier: MIT
"""Profiler of actop 1.0.0, exact: the daemon remembers, so nothing has to be collected."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .client import Client, Path
from .errors import RequestError
from .models import SNAPSHOT_METRICS, Energy, Sample, SystemSnapshot, cores_of_kind, snapshot

if TYPE_CHECKING:
    import pandas

_RAILS = ("cpu", "gpu", "package")
_SETTLE_S = 5.0
"""How long stop() waits for the sample that covers its moment."""


class Profiler:
    """Measures what happens between start() and stop().

    Energy comes from the daemon's counters and is interpolated at both edges; ``energy`` tells
    how much of the window was observed, and how exact it is.
    """

    def __init__(self, interval_s: float = 1.0, *, socket: Path = None) -> None:
        self.interval_s = interval_s
        self.energy: Energy | None = None
        self.samples: list[SystemSnapshot] = []
        self._client = Client(socket)
        self._socket = socket
        self._started: tuple[float, str] | None = None
        self._duration_s = 0.0
        self._began = 0.0
        self._alerts: list[tuple[str, float, Callable[[float], object]]] = []
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def register_alert(self, metric: str, threshold: float, callback: Callable[[float], object]) -> None:
        """Calls back with the value on every sample where it is at least the threshold."""
        if metric not in {row["name"] for row in self._client.schema()}:
            raise ValueError(f"no metric {metric}")
        self._alerts.append((metric, threshold, callback))

    def start(self) -> None:
        newest = self._client.get("cpu_util_pct")
        self._started = (time.time(), newest.cursor)
        self._began = time.monotonic()
        self.energy, self.samples, self._duration_s = None, [], 0.0
        if self._alerts:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._call_back, args=(newest.cursor,), daemon=True)
            self._thread.start()

    def _call_back(self, cursor: str) -> None:
        names = sorted({metric for metric, _, _ in self._alerts})
        with Client(self._socket) as client:
            for sample in client.watch(names, interval=self.interval_s, after=cursor):
                if self._stopping.is_set():
                    return
                for metric, threshold, callback in self._alerts:
                    value = sample.values.get(metric)
                    if isinstance(value, (int, float)) and value >= threshold:
                        with contextlib.suppress(Exception):
                            callback(float(value))

    def _settle(self, until: float) -> Sample:
        """The first sample that was taken at or after that time, so that the window is covered."""
        deadline = time.monotonic() + _SETTLE_S
        while True:
            newest = self._client.get("cpu_util_pct")
            if newest.timestamp >= until or time.monotonic() > deadline:
                return newest
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends the window.  Waits for the sample that covers its end, at most one interval."""
        if self._started is None:
            return
        (since, cursor), until = self._started, time.time()
        self._duration_s = time.monotonic() - self._began
        self._started = None
        self._stopping.set()
        self._settle(until)
        schema = self._client.schema()
        e_cores, p_cores = cores_of_kind(schema, "E"), cores_of_kind(schema, "P")
        self.samples = [
            snapshot(row, e_cores, p_cores)
            for row in self._client.history(SNAPSHOT_METRICS, after=cursor, step=self.interval_s)
        ]
        with contextlib.suppress(RequestError):
            self.energy = self._client.energy(since=since, until=until)
        self._client.close()

    def get_summary(self) -> dict[str, Any]:
        """Means and joules of the window; NaN where this machine has no sensor for it."""
        if not self.samples:
            return {}
        summary: dict[str, Any] = {"sample_count": len(self.samples), "duration_s": self._duration_s}
        for rail in _RAILS:
            watts = [w for s in self.samples if isinstance(w := s.values.get(f"{rail}_watts"), (int, float))]
            joules = self._joules(rail)
            summary[f"avg_{rail}_watts"] = joules / self._duration_s if self._duration_s else math.nan
            summary[f"peak_{rail}_watts"] = max(watts) if watts else math.nan
            summary[f"total_{rail}_joules"] = joules
        return summary

    def _joules(self, rail: str) -> float:
        if self.energy is None or rail not in self.energy.rails:
            return math.nan
        return self.energy.rails[rail].joules

    def to_pandas(self) -> pandas.DataFrame:
        """A frame of the samples, indexed by time."""
        import pandas

        rows = [vars(s) | {"datetime": datetime.fromtimestamp(s.timestamp, UTC)} for s in self.samples]
        for row in rows:
            del row["values"]
        frame = pandas.DataFrame(rows)
        return frame.set_index("datetime") if rows else frame
