"""What SELECT, INSERT, UPDATE and DELETE share."""

from __future__ import annotations

from typing import Any

from ferrow.sql.node import Node


class Statement(Node):
    """A complete statement: `compile(statement, dialect)` gives the text, `statement.values` the parameters."""

    __slots__ = ()

    shape: tuple[Any, ...]  # pyright: ignore[reportIncompatibleVariableOverride]  # never set again
