"""Loggers that are asked for often, found once.

`logging.getLogger` takes a lock that all of the program shares, and before Python 3.13 a Ctrl-C on its way there leaves it taken: every
thread that logs would wait for ever.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logging import Logger


@cache
def logger(name: str) -> Logger:
    """As `logging.getLogger`."""

    import logging

    return logging.getLogger(name)
