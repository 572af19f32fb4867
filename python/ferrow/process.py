"""Which process this is, without a system call on every statement."""

from __future__ import annotations

import os

current: int = os.getpid()
"""The same as `pid()`, for who asks with every statement: `process.current`, since it changes in a forked child."""


def pid() -> int:
    """The number of this process; right in a forked child too."""
    return current


def _forked() -> None:
    global current
    current = os.getpid()


if hasattr(os, "register_at_fork"):  # not where there is no fork
    os.register_at_fork(after_in_child=_forked)
