"""Which combinations of parameters a test is about.

@pytest.mark.only(colour="async")                       about tasks
@pytest.mark.only(backend=("sqlite", "postgresql"))     of a test that runs on every backend

The other combinations are not collected at all: what cannot be missing needs no line that says so.
"""

from __future__ import annotations

from typing import Any

import pytest


def applies(item: pytest.Item) -> bool:
    """Whether a test is about the parameters that it was collected with."""
    params: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    wanted = [wish for mark in item.iter_markers("only") for wish in mark.kwargs.items()]
    return all(_fits(params, name, value) for name, value in wanted)


def _fits(params: dict[str, Any], name: str, value: str | tuple[str, ...]) -> bool:
    return name not in params or params[name] in ((value,) if isinstance(value, str) else value)
