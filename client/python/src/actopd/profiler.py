# SPDX-License-Identifier: MIT
"""Profiler of actop 1.0.0, exact: the daemon remembers, so nothing has to be collected."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .client import Client, Path
from .errors import RequestError
from .models import SNAPSHOT_METRICS, Energy, SystemSnapshot, cores_of_kind, snapshot

if TYPE_CHECKING:
    import pandas

_RAILS = ("cpu", "gpu", "package")
_SETTLE_S = 5.0
"""How long stop() waits for the sample that covers its moment."""

Alert = tuple[str, float, Callable[[float], object]]


class Profiler:
    """Measures what happens between start() and stop().

    Energy comes from the daemon's counters and is interpolated at both edges; ``energy`` tells
    how much of the window was observed, and how exact it is.  While it runs, get_summary() and
    to_pandas() tell what there is so far.
    """

    def __init__(self, interval_s: float = 1.0, *, socket: Path = None) -> None:
        self.interval_s = interval_s
        self.energy: Energy | None = None
        self.samples: list[SystemSnapshot] = []
        self._client = Client(socket)
        self._socket = socket
        self._since = 0.0
        self._cursor = ""
        self._began: float | None = None
        self._duration_s = 0.0
        self._alerts: list[Alert] = []
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
        if self._began is not None:
            self._follow(self._client.get("cpu_util_pct").cursor)

    def start(self) -> None:
        newest = self._client.get("cpu_util_pct")
        self._since, self._cursor, self._began = time.time(), newest.cursor, time.monotonic()
        self.energy, self.samples, self._duration_s = None, [], 0.0
        if self._alerts:
            self._follow(newest.cursor)

    def _follow(self, cursor: str) -> None:
        """One thread calls back; one that runs for fewer alerts is let go."""
        self._stopping.set()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._call_back, args=(cursor, list(self._alerts), self._stopping), daemon=True)
        self._thread.start()

    def _call_back(self, cursor: str, alerts: list[Alert], stopping: threading.Event) -> None:
        names = sorted({metric for metric, _, _ in alerts})
        with Client(self._socket) as client:
            for sample in client.watch(names, interval=self.interval_s, after=cursor):
                if stopping.is_set():
                    return
                for metric, threshold, callback in alerts:
                    value = sample.values.get(metric)
                    if isinstance(value, (int, float)) and value >= threshold:
                        with contextlib.suppress(Exception):
                            callback(float(value))

    def _settle(self, until: float) -> None:
        """Waits for the first sample that was taken at or after that time: it covers the window."""
        deadline = time.monotonic() + _SETTLE_S
        while self._client.get("cpu_util_pct").timestamp < until and time.monotonic() < deadline:
            time.sleep(0.05)

    def _collect(self, until: float) -> None:
        schema = self._client.schema()
        e_cores, p_cores = cores_of_kind(schema, "E"), cores_of_kind(schema, "P")
        self.samples = [
            snapshot(row, e_cores, p_cores)
            for row in self._client.history(SNAPSHOT_METRICS, after=self._cursor, step=self.interval_s)
        ]
        with contextlib.suppress(RequestError):
            self.energy = self._client.energy(since=self._since, until=until)

    def _look(self) -> None:
        """While it runs: what there is so far."""
        if self._began is not None:
            self._duration_s = time.monotonic() - self._began
            self._collect(time.time())

    def stop(self) -> None:
        """Ends the window.  Waits for the sample that covers its end, at most one interval."""
        if self._began is None:
            return
        until, self._duration_s = time.time(), time.monotonic() - self._began
        self._began = None
        self._stopping.set()
        self._settle(until)
        self._collect(until)
        self._client.close()

    def get_summary(self) -> dict[str, Any]:
        """Means, peaks and joules of the window; NaN where this machine has no sensor for it."""
        self._look()
        if not self.samples:
            return {}
        return {
            "sample_count": len(self.samples),
            "duration_s": self._duration_s,
            **{f"avg_{rail}_watts": self._mean(rail) for rail in _RAILS},
            **{f"peak_{rail}_watts": self._peak(rail) for rail in _RAILS},
            **{f"total_{rail}_joules": self._joules(rail) for rail in _RAILS},
        }

    def _joules(self, rail: str) -> float:
        if self.energy is None or rail not in self.energy.rails:
            return math.nan
        return self.energy.rails[rail].joules

    def _mean(self, rail: str) -> float:
        """Over what was observed of the window."""
        mean = self.energy.rails[rail].mean_watts if self.energy and rail in self.energy.rails else None
        return math.nan if mean is None else mean

    def _peak(self, rail: str) -> float:
        known = [w for s in self.samples if isinstance(w := s.values.get(f"{rail}_watts"), (int, float))]
        return max(known) if known else math.nan

    def to_pandas(self) -> pandas.DataFrame:
        """A frame of the samples, indexed by ``datetime`` (UTC, without a zone, as actop has it)."""
        try:
            import pandas
        except ImportError as error:
            raise ImportError("to_pandas() needs pandas: pip install actopd[pandas]") from error
        self._look()
        frame = pandas.DataFrame([asdict(s) for s in self.samples])
        if self.samples:
            frame["datetime"] = pandas.to_datetime(frame["timestamp"], unit="s")
            frame = frame.set_index("datetime")
        return frame
