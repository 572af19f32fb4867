"""What is said of statements: their parameters, their columns, and the transaction they run in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from ferrow._core import PgTypes

Params: TypeAlias = Sequence[Any] | Mapping[str, Any] | None
"""Parameters of one statement: by position, by name (where the database has named placeholders), or none."""


class Status(StrEnum):
    """Transaction status of a connection, as its server last reported it."""

    IDLE = "idle"
    TRANSACTION = "transaction"
    FAILED = "failed"


class Description(NamedTuple):
    """The columns of a statement that was prepared and not run."""

    columns: tuple[str, ...]
    """Their names, in order."""
    type_codes: tuple[int, ...]
    """Object ids of their types."""
    types: PgTypes
    """What the connection knows of types."""
    domains: dict[str, bool]
    """Of names of types that were asked about on this connection, whether one of them is a domain: for who asks."""
