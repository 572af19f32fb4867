"""What happens when a program cannot be had: as with a missing database, a skip that names it, and on CI a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest

from tests.support.backends import on_ci

T = TypeVar("T")


class Missing(RuntimeError):
    """The program is not on this machine, and cannot be fetched. The message names it and the reason."""


class Unfit(Missing):
    """What can be fetched is not for the Python that runs, which is no fault of the machine: a skip on CI, too."""


_outcomes: dict[Callable[[], object], object] = {}
"""Asked once: a machine without a network would wait for it with every test."""


def require(find: Callable[[], T]) -> T:
    """What `find` finds; the test that asks is skipped where it raises `Missing`, or failed on CI."""
    if find not in _outcomes:
        try:
            _outcomes[find] = find()
        except Missing as missing:
            _outcomes[find] = missing
    outcome = _outcomes[find]
    if isinstance(outcome, Missing):
        if on_ci() and not isinstance(outcome, Unfit):
            pytest.fail(str(outcome), pytrace=False)
        pytest.skip(str(outcome))
    return outcome  # type: ignore[return-value]  # it is what this very function returned
