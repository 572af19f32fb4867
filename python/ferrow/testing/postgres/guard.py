"""What stops the server when the process that started it is killed and can no longer do so.

A shell in a session of its own reads from a pipe that we hold. The pipe ends with us, whatever ended us. (The kernel's
parent-death signal would also fire when the *thread* that started the server ends, and exists on Linux only.)
"""

from __future__ import annotations

import subprocess
from pathlib import Path

SCRIPT = """
cat >/dev/null
if [ "$(head -n 1 "$2/postmaster.pid" 2>/dev/null)" = "$1" ]; then
    kill -INT "$1"
    steps=0
    while kill -0 "$1" 2>/dev/null && [ $steps -lt 150 ]; do
        steps=$((steps + 1))
        [ $steps -eq 80 ] && kill -QUIT "$1"
        [ $steps -eq 140 ] && kill -KILL "$1"
        sleep 0.1
    done
fi
shift 2
rm -rf -- "$@"
"""
"""$1: process, $2: its data directory, others: folders to remove."""


class Guard:
    """Watches over one server process until `dismiss`."""

    def __init__(self, pid: int, data: Path, temporary: list[Path]) -> None:
        arguments = [str(pid), str(data), *map(str, temporary)]
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", SCRIPT, "ferrow-guard", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def dismiss(self) -> None:
        """End the watch; the server has been stopped."""
        self._shell.kill()
        self._shell.wait()
        if self._shell.stdin is not None:
            self._shell.stdin.close()
