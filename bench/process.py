"""The controller's end of a worker process."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Set as AbstractSet
from typing import Any

from bench.case import Case

PATIENCE = 120.0
"""Seconds a worker may take for one answer."""


class Worker:
    """One worker. `trouble` says why it is of no use, if so."""

    def __init__(self, case: Case, cores: AbstractSet[int] | None = None) -> None:
        self.case = case
        self.trouble: str | None = None
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker", case.key],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if cores is not None:
            os.sched_setaffinity(self._process.pid, cores)
        self._output = b""
        if self._answer() is not None:
            self._answer()

    def measure(self) -> dict[str, float] | None:
        """One measurement, in seconds; None if the worker is of no use any more."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"run\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            self.trouble = "failed: the process ended"
            return None
        return self._answer()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.close()
            self._process.wait(10)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _answer(self) -> dict[str, Any] | None:
        while True:
            line = self._line()
            if line is None:
                return None
            if line.startswith(b"@"):
                break
        answer: dict[str, Any] = json.loads(line[1:])
        for reason in ("skipped", "failed"):
            if reason in answer:
                self.trouble = f"{reason}: {answer[reason]}"
                return None
        return answer

    def _line(self) -> bytes | None:
        assert self._process.stdout is not None
        while b"\n" not in self._output:
            # Not the buffered reader: it could hold a line back that select does not see.
            if not select.select([self._process.stdout], [], [], PATIENCE)[0]:
                self.trouble = f"failed: no answer within {PATIENCE:.0f} seconds"
                self._process.kill()
                return None
            chunk = self._process.stdout.read1(65536)  # type: ignore[attr-defined]
            if not chunk:
                self.trouble = f"failed: the process ended with {self._process.wait()}"
                return None
            self._output += chunk
        line, _, self._output = self._output.partition(b"\n")
        return line
