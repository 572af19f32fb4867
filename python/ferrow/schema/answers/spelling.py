"""Types in one spelling, to be compared with what a database says of its columns."""

from __future__ import annotations

import re

_LONG = {
    "int": "integer", "int4": "integer", "int2": "smallint", "int8": "bigint", "bool": "boolean", "varchar": "character varying",
    "decimal": "numeric", "timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone",
    "time": "time without time zone", "float8": "double precision", "float4": "real", "char": "character",
}  # fmt: skip


def plain(type: str) -> str:
    """In small letters, without a collation, spaced in one way."""
    return re.sub(r"\s*,\s*", ",", " ".join(re.split(" (?:collate|character set) ", type.lower())[0].split()))


def long(name: str) -> str:
    """The long name of what has a short one as well."""
    return _LONG.get(name, name)
