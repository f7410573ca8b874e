# SPDX-License-Identifier: MIT
"""Records: the daemon's own, and those of actop 1.0.0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Union

Value = Union[float, int, str, bool, None]


@dataclass(frozen=True)
class Sample:
    """One line of the history or of a live stream.  A value that is not known is None."""

    epoch: str
    seq: int
    n: int
    """How many base samples it sums up, the newest being ``seq``."""
    ts_ms: int
    dt_ms: float | None
    values: Mapping[str, Value]
    flags: Sequence[str] = ()

    @property
    def cursor(self) -> str:
        """Where to go on behind this sample, also after a restart of the daemon."""
        return f"{self.epoch}:{self.seq}"

    @property
    def timestamp(self) -> float:
        """Unix seconds."""
        return self.ts_ms / 1000

    def __getitem__(self, name: str) -> Value:
        return self.values[name]

    @classmethod
    def from_line(cls, line: Mapping[str, Any]) -> Sample:
        return cls(
            epoch=line["epoch"],
            seq=line["seq"],
            n=line.get("n", 1),
            ts_ms=line["ts_ms"],
            dt_ms=line.get("dt_ms"),
            values=line["v"],
            flags=tuple(line.get("flags", ())),
        )


@dataclass(frozen=True)
class Event:
    """Something that happened: an alert, a mark, a start, a sleep, ..."""

    epoch: str
    eseq: int
    kind: str
    ts_ms: int
    details: Mapping[str, Any]

    @classmethod
    def from_line(cls, line: Mapping[str, Any]) -> Event:
        return cls(line["epoch"], line["eseq"], line["kind"], line["ts_ms"], dict(line))


@dataclass(frozen=True)
class Rail:
    """Energy of one rail in a window."""

    joules: float
    mean_watts: float | None
    error_joules: float
    covered_s: float | None = None


@dataclass(frozen=True)
class Energy:
    """What a window cost, from counters; a rail that nothing measured is not there."""

    from_ts_ms: int | None
    to_ts_ms: int | None
    covered_s: float
    uncovered_s: float
    rails: Mapping[str, Rail]

    @classmethod
    def from_line(cls, line: Mapping[str, Any]) -> Energy:
        rails = {
            name: Rail(r["joules"], r.get("mean_watts"), r.get("error_joules", 0.0), r.get("covered_s"))
            for name, r in line["rails"].items()
            if r.get("joules") is not None
        }
        return cls(line["from_ts_ms"], line["to_ts_ms"], line["covered_s"], line["uncovered_s"], rails)


@dataclass
class CoreSample:
    """One core, as actop 1.0.0 has it: whole percent, whole MHz."""

    index: int
    active_pct: int
    freq_mhz: int


@dataclass
class SystemSnapshot:
    """The 20 fields of actop 1.0.0, by its names, units and habits.

    As there, what is not known is 0 (or "Unknown"); ``values`` has None for it.
    """

    timestamp: float
    cpu_watts: float
    gpu_watts: float
    ane_watts: float
    package_watts: float
    ecpu_util_pct: float
    pcpu_util_pct: float
    gpu_util_pct: float
    cpu_temp_c: float
    gpu_temp_c: float
    ecpu_freq_mhz: int
    pcpu_freq_mhz: int
    gpu_freq_mhz: int
    ram_used_gb: float
    swap_used_gb: float
    thermal_state: str
    bandwidth_gbps: float
    bandwidth_available: bool
    e_cores: list[CoreSample] = field(default_factory=list)
    p_cores: list[CoreSample] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.values: Mapping[str, Value] = {}


INT_FIELDS = ("ecpu_freq_mhz", "pcpu_freq_mhz", "gpu_freq_mhz")
FLOAT_FIELDS = (
    "cpu_watts",
    "gpu_watts",
    "ane_watts",
    "package_watts",
    "ecpu_util_pct",
    "pcpu_util_pct",
    "gpu_util_pct",
    "cpu_temp_c",
    "gpu_temp_c",
    "ram_used_gb",
    "swap_used_gb",
    "bandwidth_gbps",
)
SNAPSHOT_METRICS = (
    *FLOAT_FIELDS,
    *INT_FIELDS,
    "thermal_state",
    "bandwidth_available",
    "core.*.active_pct",
    "core.*.freq_mhz",
)


def cores_of_kind(schema: Sequence[Mapping[str, Any]], kind: str) -> list[str]:
    """Names of the cores of a kind ("E", "P"), in the order of the schema."""
    suffix = ".active_pct"
    return [
        row["name"].removesuffix(suffix)
        for row in schema
        if row["name"].startswith("core.") and row["name"].endswith(suffix) and row.get("core_kind") == kind
    ]


def _cores(sample: Sample, names: Sequence[str]) -> list[CoreSample]:
    return [
        CoreSample(
            index,
            int(sample.values.get(f"{name}.active_pct") or 0),
            int(sample.values.get(f"{name}.freq_mhz") or 0),
        )
        for index, name in enumerate(names)
    ]


def snapshot(sample: Sample, e_cores: Sequence[str], p_cores: Sequence[str]) -> SystemSnapshot:
    """The sample as actop 1.0.0 would have told it."""
    v = sample.values
    known: dict[str, Any] = {name: float(v.get(name) or 0.0) for name in FLOAT_FIELDS}
    known |= {name: int(v.get(name) or 0) for name in INT_FIELDS}
    record = SystemSnapshot(
        timestamp=sample.timestamp,
        thermal_state=str(v.get("thermal_state") or "Unknown"),
        bandwidth_available=bool(v.get("bandwidth_available")),
        e_cores=_cores(sample, e_cores),
        p_cores=_cores(sample, p_cores),
        **known,
    )
    record.values = v
    return record
