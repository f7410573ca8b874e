# SPDX-License-Identifier: MIT
"""Where the daemon's socket is: the rules of proto/sockpath.c."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

_SYSTEM = {"darwin": "/var/run/actopd.sock"}
_SYSTEM_OTHERWISE = "/run/actop/actopd.sock"
_CS_DARWIN_USER_TEMP_DIR = 65537


def _is_private(path: str) -> bool:
    try:
        st = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(st.st_mode) and st.st_uid == os.geteuid() and not st.st_mode & 0o077


def _macos_paths() -> list[str]:
    paths = []
    if home := os.environ.get("HOME"):
        paths.append(f"{home}/.actop/run/actopd.sock")
    try:
        temp = os.confstr(_CS_DARWIN_USER_TEMP_DIR)
    except (OSError, ValueError):
        temp = None
    if temp:
        paths.append(f"{temp}actop/actopd.sock")
    return paths


def _linux_paths() -> list[str]:
    paths = []
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and _is_private(runtime):
        paths.append(f"{runtime}/actop/actopd.sock")
    paths.append(f"/tmp/actop-{os.geteuid()}/actopd.sock")
    return paths


def candidates(socket: str | os.PathLike[str] | None = None) -> list[str]:
    """The paths to try, best first: the given one, $ACTOPD_SOCKET, or the usual places."""
    if socket is not None:
        return [os.fspath(socket)]
    if named := os.environ.get("ACTOPD_SOCKET"):
        return [named]
    paths = _macos_paths() if sys.platform == "darwin" else _linux_paths()
    return [*paths, _SYSTEM.get(sys.platform, _SYSTEM_OTHERWISE)]


def is_trusted(path: str) -> bool:
    """Whether the socket file belongs to this user, to root, or to the owner of the system one's folder."""
    owner = os.lstat(path).st_uid
    if owner in (0, os.geteuid()):
        return True
    system = _SYSTEM.get(sys.platform, _SYSTEM_OTHERWISE)
    return path == system and owner == Path(path).parent.lstat().st_uid
