# As somebody wrote it for actop 1.0.0; the test changes the import line and nothing else.
import asyncio
import time

from actop import AsyncMonitor, CoreSample, Monitor, Profiler, SystemSnapshot, __version__

assert __version__

with Monitor(interval_s=1, subsamples=2) as monitor:
    snap = monitor.get_snapshot()
    assert isinstance(snap, SystemSnapshot)
    assert all(isinstance(core, CoreSample) for core in snap.e_cores + snap.p_cores)
    print(f"package {snap.package_watts:.2f} W, {snap.thermal_state}, {snap.ram_used_gb} GB")
    if snap.bandwidth_available:
        print(f"{snap.bandwidth_gbps:.1f} GB/s")

hot = []
profiler = Profiler(interval_s=1.0)
profiler.register_alert("cpu_watts", 5.0, hot.append)
profiler.start()
time.sleep(1.5)
assert "avg_cpu_watts" in profiler.get_summary()
profiler.stop()
try:
    print(profiler.to_pandas()["package_watts"].max())
except ImportError as error:
    print(error)
summary = profiler.get_summary()
print(f"{summary['total_package_joules']:.1f} J in {summary['duration_s']:.1f} s, {summary['sample_count']} samples")
assert hot and summary["peak_cpu_watts"] >= summary["avg_cpu_watts"] * 0.99


async def main():
    monitor = AsyncMonitor(interval_s=1)
    snapshot = await monitor.get_snapshot_async()
    print(snapshot.cpu_watts)
    monitor.close()
    with AsyncMonitor() as other:
        assert isinstance(other, Monitor) and other.manages_timing
        assert isinstance(await other.get_snapshot_async(), SystemSnapshot)


asyncio.run(main())
