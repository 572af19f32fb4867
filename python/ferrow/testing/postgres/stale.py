"""The `postmaster.pid` of a server that is gone, or of one that is still there."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from ferrow.testing.postgres.error import EmbeddedPostgresError

PATIENCE = 20.0
"""Seconds for a server whose owner was killed a moment ago: its guard needs up to 15 to stop it."""


def clear_stale(data: Path) -> None:
    """Remove a left-over `postmaster.pid`; raise if its server keeps running."""
    file = data / "postmaster.pid"
    deadline = time.monotonic() + PATIENCE
    while (pid := running(data)) is not None:
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"a server is already running in {data} (process {pid}): stop it first")
        time.sleep(0.05)
    file.unlink(missing_ok=True)


def running(data: Path) -> int | None:
    """The process id of the server that runs in `data`."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    # The number may belong to another program by now. (Z: dead, and not yet collected by its parent.)
    command = ["ps", "-o", "stat=,comm=", "-p", str(pid)]
    state = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return pid if "postgres" in state and not state.startswith("Z") else None
