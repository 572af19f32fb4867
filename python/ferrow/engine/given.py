"""Engines over connections that the program has opened itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import NotSupportedError

if TYPE_CHECKING:
    from ferrow.engine.pair import Pair


def pair_over(source: Any, dialect: str | None, acquire_timeout: float | None) -> Pair:
    """Both colours of an engine over a connection, or a pool. Raises InterfaceError for what is neither."""
    raise NotSupportedError(f"not yet: {source!r}")
