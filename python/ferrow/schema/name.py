"""Names of indexes and constraints that nobody named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from ferrow.model.table import Table

_LONGEST = 63  # bytes; PostgreSQL cuts longer names off, and two that begin alike would then be one


def generated_name(prefix: str, table: str, *columns: str) -> str:
    """`ix_users_email`; a long name is shortened to 63 bytes and told apart by a checksum of all of it."""
    return shortened("_".join((prefix, table, *columns)))


def shortened(name: str) -> str:
    """The name, or as much of it as fits and a checksum."""
    encoded = name.encode()
    if len(encoded) <= _LONGEST:
        return name
    return f"{encoded[: _LONGEST - 9].decode(errors='ignore')}_{crc32(encoded):08x}"


def conventional(
    table: Table, kind: str, columns: Iterable[str], target: str = "", *, naming: Mapping[str, str] | None = None
) -> str | None:
    """The name by the project's `__naming__`, else by `naming`; None where they say nothing about this kind."""
    pattern = table.naming.get(kind)
    if pattern is None and kind == "ux":
        pattern = table.naming.get("ix")
    if pattern is None and naming is not None:
        pattern = naming.get(kind)
    if pattern is None:
        return None
    return shortened(pattern.format(table=table.name, columns="_".join(columns), target=target))


def words(sql: str) -> str:
    """What an expression is about, as a part of a name: `lower(email)` -> `lower_email`."""
    return "_".join(re.findall(r"\w+", sql)) or "expression"
