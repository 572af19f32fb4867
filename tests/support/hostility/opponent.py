"""The hostile server's process, from the client's side."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from tests.support.hostility.conversation import PASSWORD


class Opponent:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert process.stdout is not None
        self._lines = process.stdout
        self.port = int(self._lines.readline())

    def url(self, user: str, spec: dict[str, Any] | None = None, *, database: str = "d") -> str:
        """Where a client gets a conversation that goes by `spec`."""
        told = f"&application_name={quote(json.dumps(spec), safe='')}" if spec else ""
        return (
            f"postgresql://{user}:{PASSWORD}@127.0.0.1:{self.port}/{database}?sslmode=disable&connect_timeout=10{told}"
        )

    def line(self) -> Any:
        """The next thing the process had to say."""
        return json.loads(self._lines.readline())

    def rest(self) -> list[str]:
        """What it has said and nobody has read, once it has ended."""
        self._process.terminate()
        return self._lines.readlines()


@contextmanager
def opponent() -> Iterator[Opponent]:
    command = [sys.executable, "-m", "tests.support.hostility.serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Opponent(process)
        finally:
            process.kill()
