# SPDX-License-Identifier: MIT
"""What this machine does, from the actopd daemon.

    from actopd import Monitor

    with Monitor(interval_s=1.0) as monitor:
        print(monitor.get_snapshot().package_watts)

Monitor, Profiler, AsyncMonitor, SystemSnapshot and CoreSample are those of actop 1.0.0; Client
and AsyncClient are the whole of the daemon.
"""

from .client import AsyncClient, Client
from .errors import ActopError, Disconnected, NotRunning, RequestError
from .models import CoreSample, Energy, Event, Rail, Sample, SystemSnapshot
from .monitor import AsyncMonitor, Monitor
from .profiler import Profiler

__version__ = "0.1.0"

__all__ = [
    "ActopError",
    "AsyncClient",
    "AsyncMonitor",
    "Client",
    "CoreSample",
    "Disconnected",
    "Energy",
    "Event",
    "Monitor",
    "NotRunning",
    "Profiler",
    "Rail",
    "RequestError",
    "Sample",
    "SystemSnapshot",
    "__version__",
]
