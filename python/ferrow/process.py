"""Which process this is, without a system call on every statement."""

from __future__ import annotations

import os

_current = os.getpid()


def pid() -> int:
    """The number of this process; right in a forked child too."""
    return _current


def _forked() -> None:
    global _current
    _current = os.getpid()


if hasattr(os, "register_at_fork"):  # not where there is no fork
    os.register_at_fork(after_in_child=_forked)
