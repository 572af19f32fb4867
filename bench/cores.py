"""Which cores the measured processes and the servers run on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


class Apart:
    """The first core for the process that is measured, the others for the servers.

    A server on another machine never shares a core with its client. On one machine the scheduler may put both on the same one, and
    keep them there, though others are idle: where rows stream, which both could work at together, the two take turns then, and a figure
    says where they were and not what they did. Short questions and answers are the other way round: they never work at once, and on
    cores of their own each waits for the other's core to wake up, which nobody's code does.
    """

    def __init__(self) -> None:
        try:
            all_cores = os.sched_getaffinity(0)
        except AttributeError:
            raise SystemExit("--apart: this system does not let a program choose its cores") from None
        if len(all_cores) < 2:
            raise SystemExit("--apart needs two cores, this process may use one")
        self._all = all_cores
        self.client = {min(all_cores)}
        self.servers = all_cores - self.client

    @contextmanager
    def starting_servers(self) -> Iterator[None]:
        """What is started inside stays on the cores of the servers."""
        os.sched_setaffinity(0, self.servers)
        try:
            yield
        finally:
            os.sched_setaffinity(0, self._all)

    def __str__(self) -> str:
        return f"clients on {_listed(self.client)}, servers on {_listed(self.servers)}"


def _listed(cores: set[int]) -> str:
    return "core " + ", ".join(map(str, sorted(cores)))
