# SPDX-License-Identifier: MIT
"""Over a real daemon that pretends to be an M4 Pro: cpu 8.42 W, gpu 3.5 W, ane 0.04 W.

ACTOPD and ACTOP_WORLD name the program and its world.
"""

import asyncio
import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import types
import unittest
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import actopd
from actopd.wire import decode

FIELDS = """timestamp cpu_watts gpu_watts ane_watts package_watts ecpu_util_pct pcpu_util_pct gpu_util_pct
cpu_temp_c gpu_temp_c ecpu_freq_mhz pcpu_freq_mhz gpu_freq_mhz ram_used_gb swap_used_gb thermal_state
bandwidth_gbps bandwidth_available e_cores p_cores""".split()


class FakeColumn(list[object]):
    @property
    def iloc(self) -> "FakeColumn":
        return self


class FakeIndex(FakeColumn):
    name = ""


class FakeFrame:
    """As much of pandas.DataFrame as is used, for where it is not installed."""

    def __init__(self, rows: list[dict[str, object]]) -> None:
        self._columns = {name: FakeColumn(row[name] for row in rows) for name in (rows[0] if rows else ())}
        self.index = FakeIndex()

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()), ()))

    @property
    def columns(self) -> list[str]:
        return list(self._columns)

    def __getitem__(self, name: str | list[str]) -> object:
        return self if isinstance(name, list) else self._columns[name]

    def __setitem__(self, name: str, column: FakeColumn) -> None:
        self._columns[name] = column

    def set_index(self, name: str) -> "FakeFrame":
        self.index = FakeIndex(self._columns.pop(name))
        self.index.name = name
        return self

    def describe(self) -> None:
        pass


class FakeMoment(datetime):
    def timestamp(self) -> float:  # pandas takes what has no zone for UTC
        return self.replace(tzinfo=UTC).timestamp() if self.tzinfo is None else super().timestamp()


def pandas_or_fake() -> object:
    try:
        import pandas
    except ImportError:
        return types.SimpleNamespace(
            DataFrame=FakeFrame,
            to_datetime=lambda column, unit: FakeColumn(FakeMoment.fromtimestamp(t, UTC).replace(tzinfo=None) for t in column),
        )
    return pandas


class Daemon:
    def __init__(self, folder: str, *options: str) -> None:
        self.socket = f"{folder}/s"
        self._command = [os.environ["ACTOPD"], "--socket", self.socket, "--interval", "100ms", *options]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                with actopd.Client(self.socket) as client:
                    client.get("cpu_util_pct")
                return
            except (actopd.ActopError, ConnectionError):
                time.sleep(0.01)
        raise AssertionError("the daemon does not answer")

    def end(self, how: int) -> None:
        assert self._process
        self._process.send_signal(how)
        self._process.wait()


class OverADaemon(unittest.TestCase):
    folder: tempfile.TemporaryDirectory[str]
    daemon: Daemon

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory(prefix="actop-py.")
        cls.daemon = Daemon(cls.folder.name, "--state", "none")
        cls.daemon.start()
        os.environ["ACTOPD_SOCKET"] = cls.daemon.socket
        with actopd.Client() as client:
            while client.get("cpu_joules")["cpu_joules"] is None:
                time.sleep(0.02)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.daemon.end(signal.SIGTERM)
        cls.folder.cleanup()


class TheApiOfActop(OverADaemon):
    def test_a_snapshot_has_the_20_fields_in_their_order(self) -> None:
        with actopd.Monitor(0.1) as monitor:
            snapshot = monitor.get_snapshot()
        self.assertEqual(list(asdict(snapshot)), FIELDS)
        self.assertAlmostEqual(snapshot.cpu_watts, 8.42, 2)
        self.assertAlmostEqual(snapshot.package_watts, 11.96, 2)
        self.assertEqual((len(snapshot.e_cores), len(snapshot.p_cores)), (4, 10))
        self.assertEqual(snapshot.e_cores[0], actopd.CoreSample(0, 30, 1544))
        self.assertEqual(snapshot.thermal_state, "Nominal")

    def test_snapshots_follow_each_other_by_the_interval(self) -> None:
        apart: list[float] = []
        with actopd.Monitor(0.2) as monitor:
            before = monitor.get_snapshot().timestamp
            while len(apart) < 20 and not any(abs(s - 0.2) < 0.05 for s in apart):
                now = monitor.get_snapshot().timestamp
                apart.append(now - before)
                before = now
        # A busy machine is late with some, but not with all.
        self.assertLess(abs(apart[-1] - 0.2), 0.05, apart)

    def test_subsamples_are_accepted(self) -> None:
        with actopd.Monitor(interval_s=0.1, subsamples=4) as monitor:
            self.assertTrue(monitor.manages_timing)
            monitor.get_snapshot()

    def test_an_async_monitor_gives_the_same(self) -> None:
        async def take() -> actopd.SystemSnapshot:
            async with actopd.AsyncMonitor(0.1) as monitor:
                await monitor.get_snapshot_async()
                return await monitor.get_snapshot_async()

        self.assertAlmostEqual(asyncio.run(take()).gpu_watts, 3.5, 2)

    def test_the_profiler_measures_rate_times_time(self) -> None:
        with actopd.Profiler(0.1) as profiler:
            time.sleep(1)  # the job that is measured
        summary = profiler.get_summary()
        self.assertEqual(
            list(summary),
            ["sample_count", "duration_s"]
            + [f"{a}_{r}_{u}" for a, u in (("avg", "watts"), ("peak", "watts"), ("total", "joules")) for r in ("cpu", "gpu", "package")],
        )
        self.assertAlmostEqual(
            summary["total_cpu_joules"] / summary["duration_s"], 8.42, delta=0.05)
        self.assertAlmostEqual(summary["peak_gpu_watts"], 3.5, 1)
        self.assertEqual(summary["sample_count"], len(profiler.samples))

    def test_a_profiler_that_never_ran_has_no_summary(self) -> None:
        self.assertEqual(actopd.Profiler().get_summary(), {})

    def test_an_alert_calls_back_at_and_above_its_threshold(self) -> None:
        called = threading.Event()
        values: list[float] = []

        def note(value: float) -> None:
            values.append(value)
            called.set()
            raise RuntimeError("swallowed")

        profiler = actopd.Profiler(0.1)
        profiler.register_alert("cpu_watts", 8.0, note)
        profiler.register_alert("cpu_watts", 9.0, lambda value: self.fail("below"))
        with self.assertRaises(ValueError):
            profiler.register_alert("no_such_metric", 1, print)
        with profiler:
            self.assertTrue(called.wait(10))
        self.assertAlmostEqual(values[0], 8.42, 2)

    def test_a_summary_is_there_while_it_runs(self) -> None:
        with actopd.Profiler(0.1) as profiler:
            time.sleep(0.5)  # the job that is measured
            first = profiler.get_summary()
            time.sleep(0.3)
            second = profiler.get_summary()
        self.assertAlmostEqual(first["avg_cpu_watts"], 8.42, delta=0.1)
        self.assertGreater(second["sample_count"], first["sample_count"])
        self.assertGreater(profiler.get_summary()["total_cpu_joules"], second["total_cpu_joules"])

    def test_an_alert_may_be_registered_while_it_runs(self) -> None:
        called = threading.Event()
        with actopd.Profiler(0.1) as profiler:
            profiler.register_alert("gpu_watts", 3.0, lambda value: called.set())
            self.assertTrue(called.wait(10))

    def test_an_async_monitor_is_a_monitor_too(self) -> None:
        async def take(monitor: actopd.AsyncMonitor) -> float:
            return (await monitor.get_snapshot_async()).gpu_watts

        with actopd.AsyncMonitor(0.1) as monitor:
            self.assertIsInstance(monitor, actopd.Monitor)
            self.assertTrue(monitor.manages_timing)
            self.assertAlmostEqual(monitor.get_snapshot().cpu_watts, 8.42, 2)
            self.assertAlmostEqual(asyncio.run(take(monitor)), 3.5, 2)

    def test_a_frame_is_indexed_by_datetime(self) -> None:
        with actopd.Profiler(0.1) as profiler:
            time.sleep(0.3)  # the job that is measured
        with mock.patch.dict(sys.modules, pandas=pandas_or_fake()):
            frame = profiler.to_pandas()
        self.assertEqual(frame.index.name, "datetime")
        self.assertEqual(list(frame.columns), FIELDS)
        self.assertEqual(len(frame), len(profiler.samples))
        self.assertEqual(frame["e_cores"].iloc[0][0], {"index": 0, "active_pct": 30, "freq_mhz": 1544})
        self.assertAlmostEqual(frame.index[0].timestamp(), profiler.samples[0].timestamp, 3)
        self.assertIsNone(frame.index[0].tzinfo)

    def test_without_pandas_it_says_how_to_get_it(self) -> None:
        with mock.patch.dict(sys.modules, pandas=None), self.assertRaisesRegex(ImportError, r"actopd\[pandas\]"):
            actopd.Profiler(0.1).to_pandas()


class TheDaemonItself(OverADaemon):
    def test_the_newest_sample_has_a_cursor(self) -> None:
        with actopd.Client() as client:
            sample = client.get(["cpu_watts", "core.0.*"])
        self.assertEqual(sample.cursor, f"{sample.epoch}:{sample.seq}")
        self.assertEqual(sorted(sample.values)[-1], "cpu_watts")

    def test_history_and_energy_of_a_window(self) -> None:
        with actopd.Client() as client:
            while client.get("cpu_util_pct").seq < 15:
                time.sleep(0.02)
            rows = list(client.history("cpu_watts", last=1))
            energy = client.energy(last=1)
        self.assertIn(len(rows), range(5, 12))  # fewer where a busy machine skipped ticks
        self.assertEqual([row.seq for row in rows], list(range(rows[0].seq, rows[0].seq + len(rows))))
        self.assertAlmostEqual(energy.rails["cpu"].joules, 8.42 * energy.covered_s, delta=0.1)

    def test_energy_between_two_marks(self) -> None:
        with actopd.Client() as client:
            first = client.mark("begin")
            began = time.monotonic()
            time.sleep(0.5)  # the job that is measured
            client.mark("done")
            took = time.monotonic() - began
            while client.get("cpu_util_pct").timestamp < time.time() - 0.05:
                time.sleep(0.01)
            energy = client.energy(from_mark=first, to_mark="done")
            self.assertEqual([e.details["text"] for e in client.events() if e.kind == "mark"][-2:], ["begin", "done"])
        self.assertAlmostEqual((energy.to_ts_ms - energy.from_ts_ms) / 1000, took, delta=0.2)

    def test_watch_begins_in_the_past_and_has_no_gap(self) -> None:
        with actopd.Client() as client:
            seqs = []
            for sample in client.watch("cpu_watts", interval=0.1, last=0.5):
                seqs.append(sample.seq)
                if len(seqs) == 8:
                    break
        self.assertEqual(seqs, list(range(seqs[0], seqs[0] + 8)))

    def test_an_async_watch_does_too(self) -> None:
        async def take() -> list[int]:
            seqs: list[int] = []
            async for sample in actopd.AsyncClient().watch("cpu_watts", interval=0.1, last=0.5):
                seqs.append(sample.seq)
                if len(seqs) == 8:
                    break
            return seqs

        seqs = asyncio.run(take())
        self.assertEqual(seqs, list(range(seqs[0], seqs[0] + 8)))

    def test_a_long_history_comes_page_by_page(self) -> None:
        with actopd.Client() as client, mock.patch("actopd.client.PAGE_ROWS", 3):
            while client.get("cpu_util_pct").seq < 15:
                time.sleep(0.02)
            seqs = [row.seq for row in client.history("cpu_watts", last=1)]
            marks = [client.mark(f"page {i}") for i in range(7)]
            self.assertEqual([e.eseq for e in client.events(kinds=["mark"])][-7:], marks)
        self.assertEqual(seqs, list(range(seqs[0], seqs[0] + len(seqs))))

    def test_the_async_client_answers_the_same(self) -> None:
        async def ask() -> tuple[object, ...]:
            client = actopd.AsyncClient()
            mark = await client.mark("async")
            await client.mark("async end")
            energy = await client.energy(from_mark=mark, to_mark="async end")
            rows = [row.seq async for row in client.history("cpu_watts", last=0.5)]
            names = {row["name"] for row in await client.schema()}
            return (await client.events(kinds=["mark"]))[-2].eseq == mark, energy.covered_s >= 0, rows == sorted(rows) and rows != [], "cpu_watts" in names

        self.assertEqual(asyncio.run(ask()), (True, True, True, True))

    def test_processes_are_rows(self) -> None:
        world = Path(os.environ["ACTOP_WORLD"]).with_name("m4.json")
        with tempfile.TemporaryDirectory(prefix="actop-py.") as folder, mock.patch.dict(os.environ, ACTOP_WORLD=str(world)):
            daemon = Daemon(folder, "--state", "none")
            daemon.start()
            with actopd.Client(daemon.socket) as client:
                rows = client.processes(sort="mem", limit=3)
            daemon.end(signal.SIGTERM)
        self.assertEqual(len(rows), 3)
        self.assertGreaterEqual(rows[0]["mem_bytes"], rows[1]["mem_bytes"])

    def test_the_notebook_runs_from_its_first_cell_to_its_last(self) -> None:
        with open(Path(__file__).parent.parent / "examples/energy.ipynb", encoding="utf-8") as f:
            cells = ["".join(cell["source"]) for cell in json.load(f)["cells"] if cell["cell_type"] == "code"]
        names: dict[str, object] = {}
        with mock.patch.dict(sys.modules, pandas=pandas_or_fake()), contextlib.redirect_stdout(io.StringIO()) as said:
            for cell in cells:
                exec(cell, names)  # noqa: S102
        self.assertGreater(len(cells), 5)
        self.assertGreater(len(said.getvalue().splitlines()), 0)
        names["client"].close()  # type: ignore[attr-defined]

    def test_a_refusal_has_its_code(self) -> None:
        with actopd.Client() as client, self.assertRaises(actopd.RequestError) as caught:
            client.get("no_such_metric")
        self.assertEqual(caught.exception.code, "unknown_metric")


class WhatGoesWrong(unittest.TestCase):
    def test_no_daemon_names_the_socket(self) -> None:
        with self.assertRaisesRegex(actopd.NotRunning, "/nowhere/s: No such file"):
            actopd.Monitor(socket="/nowhere/s")

    def test_a_torn_last_line_is_dropped(self) -> None:
        with self.assertRaises(actopd.Disconnected):
            decode(b'{"type":"sample","seq":1')

    def test_a_client_survives_a_restart_between_two_requests(self) -> None:
        with tempfile.TemporaryDirectory(prefix="actop-py.") as folder:
            daemon = Daemon(folder, "--state", "none")
            daemon.start()
            with actopd.Client(daemon.socket) as client:
                client.hello()
                daemon.end(signal.SIGKILL)
                daemon.start()
                client.hello()
            daemon.end(signal.SIGTERM)

    def test_watch_goes_on_behind_a_daemon_that_was_killed(self) -> None:
        with tempfile.TemporaryDirectory(prefix="actop-py.") as folder:
            daemon = Daemon(folder, "--state", f"{folder}/state")
            daemon.start()
            with actopd.Client(daemon.socket) as client:
                seqs: list[int] = []
                restarted = False
                for sample in client.watch("cpu_watts", interval=0.1):
                    seqs.append(sample.seq)
                    if len(seqs) == 5 and not restarted:
                        restarted = True
                        daemon.end(signal.SIGKILL)
                        daemon.start()
                    if len(seqs) == 10:
                        break
            daemon.end(signal.SIGTERM)
        self.assertEqual(seqs, sorted(set(seqs)))

    def test_an_async_watch_goes_on_and_tells_what_is_missing(self) -> None:
        async def take(daemon: Daemon) -> tuple[list[int], list[dict[str, object]]]:
            seqs: list[int] = []
            gaps: list[dict[str, object]] = []
            async for sample in actopd.AsyncClient(daemon.socket).watch("cpu_watts", interval=0.1, on_gap=gaps.append):
                seqs.append(sample.seq)
                if len(seqs) == 3:
                    daemon.end(signal.SIGKILL)
                    daemon.start()
                if len(seqs) == 6:
                    return seqs, gaps
            raise AssertionError

        with tempfile.TemporaryDirectory(prefix="actop-py.") as folder:
            daemon = Daemon(folder, "--state", f"{folder}/state")
            daemon.start()
            seqs, gaps = asyncio.run(take(daemon))
            daemon.end(signal.SIGTERM)
        self.assertEqual(seqs, sorted(set(seqs)))
        missing = sum(int(gap["count"]) for gap in gaps)  # type: ignore[call-overload]
        self.assertEqual(seqs[-1] - seqs[0] + 1, len(seqs) + missing)

    def test_a_refusal_that_passes_is_waited_for_and_another_is_raised(self) -> None:
        with tempfile.TemporaryDirectory(prefix="actop-py.") as folder:
            daemon = Daemon(folder, "--state", "none", "--max-clients", "1")
            daemon.start()
            holder = actopd.Client(daemon.socket)
            holder.hello()
            threading.Timer(0.3, holder.close).start()
            with actopd.Client(daemon.socket) as client, mock.patch("actopd.client.RETRY_S", 0.05):
                self.assertGreater(next(client.watch("cpu_watts", interval=0.1)).seq, 0)
                with self.assertRaises(actopd.RequestError):
                    next(client.watch("no_such_metric"))
            daemon.end(signal.SIGTERM)

    def test_a_socket_of_somebody_else_is_not_used(self) -> None:
        with tempfile.TemporaryDirectory(prefix="actop-py.") as folder:
            path = f"{folder}/s"
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(path)
                listener.listen()
                with (
                    mock.patch("actopd.sockets.os.geteuid", return_value=os.geteuid() + 1),
                    mock.patch("actopd.sockets.os.lstat", return_value=types.SimpleNamespace(st_uid=os.geteuid() + 2)),
                    self.assertRaisesRegex(actopd.NotRunning, "neither you nor root"),
                ):
                    actopd.Client(path).hello()

    def test_what_is_unknown_is_none_in_values_and_0_in_the_snapshot(self) -> None:
        sample = actopd.Sample("e", 1, 1, 1500, None, {"cpu_watts": None, "thermal_state": None})
        record = actopd.models.snapshot(sample, [], [])
        self.assertEqual((record.cpu_watts, record.thermal_state), (0.0, "Unknown"))
        self.assertIsNone(record.values["cpu_watts"])


class AScriptForActop(OverADaemon):
    def test_it_runs_with_its_import_line_changed(self) -> None:
        script = Path(__file__).with_name("actop_script.py").read_text()
        changed = script.replace("from actop import", "from actopd import")
        self.assertNotEqual(script, changed)
        done = subprocess.run([sys.executable, "-c", changed], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("package 11.96 W", done.stdout)


if __name__ == "__main__":
    unittest.main()
