"""What ends a program when the test run that started it was killed and can no longer do so."""

from __future__ import annotations

import subprocess
from pathlib import Path

SCRIPT = """
cat >/dev/null
kill "-$1" "$2"
steps=0
while kill -0 "$2" 2>/dev/null && [ $steps -lt 50 ]; do
    steps=$((steps + 1))
    sleep 0.1
done
shift 2
rm -rf -- "$@"
"""
"""$1: signal, $2: process, others: folders to remove. It reads from a pipe that ends with us, whatever ended us."""


class Watch:
    """Watches over one process until `dismiss`."""

    def __init__(self, pid: int, *folders: Path, signal: str = "KILL") -> None:
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", SCRIPT, "ferrow-watch", signal, str(pid), *map(str, folders)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the test run
        )

    def dismiss(self) -> None:
        """End the watch: the program has been stopped."""
        self._shell.kill()
        self._shell.wait()
        assert self._shell.stdin is not None
        self._shell.stdin.close()
