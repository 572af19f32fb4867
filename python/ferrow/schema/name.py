"""Names of indexes and constraints that nobody named."""

from __future__ import annotations

from zlib import crc32

_LONGEST = 63  # bytes; PostgreSQL cuts longer names off, and two that begin alike would then be one


def generated_name(prefix: str, table: str, *columns: str) -> str:
    """`ix_users_email`; a long name is shortened to 63 bytes and told apart by a checksum of all of it."""
    name = "_".join((prefix, table, *columns))
    encoded = name.encode()
    if len(encoded) <= _LONGEST:
        return name
    return f"{encoded[: _LONGEST - 9].decode(errors='ignore')}_{crc32(encoded):08x}"
