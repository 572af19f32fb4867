"""Which types hold the same values: `varchar(50)` and `text`, `int` and `bigint`."""

from __future__ import annotations

import re

_FAMILIES: dict[str, str] = {
    word: family
    for family, words in {
        "integer": "integer bigint smallint tinyint mediumint int int2 int4 int8 serial bigserial smallserial year",
        "float": "real float double float4 float8 double_precision",
        "text": "text char varchar string clob character character_varying bpchar citext name nvarchar nchar "
        "tinytext mediumtext longtext native_character varying_character enum set",
        "boolean": "boolean bool",
        "timestamp": "timestamp datetime timestamp_without_time_zone",
        "timestamptz": "timestamptz timestamp_with_time_zone",
        "date": "date",
        "time": "time time_without_time_zone",
        "decimal": "numeric decimal decimal_text",
        "bytes": "blob bytea binary varbinary tinyblob mediumblob longblob",
        "json": "json jsonb json_text",
        "uuid": "uuid",
    }.items()
    for word in words.split()
}

# Families that stand for another one on a database: (dialect, found, described).
_ALSO = frozenset(
    {
        # It has no booleans; the ones it has are tinyint(1).
        ("mysql", "integer", "boolean"),
        ("mysql", "boolean", "integer"),
        # Instants are stored in UTC there, in the same type.
        ("mysql", "timestamp", "timestamptz"),
        # Texts all the same, whatever they are called; the file of another program calls them TEXT.
        ("sqlite", "text", "json"),
        ("sqlite", "text", "uuid"),
        ("mysql", "text", "json"),
        ("mysql", "text", "uuid"),
    }
)

_EXACT = {
    "int": "integer", "int4": "integer", "int2": "smallint", "int8": "bigint", "bool": "boolean", "varchar": "character varying",
    "decimal": "numeric", "timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone",
    "time": "time without time zone", "float8": "double precision", "float4": "real", "char": "character",
}  # fmt: skip


def family(type: str, labels: bool = False) -> str:
    """What the values of a type are. `labels`: it is an enumerated type, whatever its name. An unknown type is a family of its own."""
    text = " ".join(
        re.sub(
            r"\(.*?\)|\b(unsigned|zerofill)\b", " ", re.split(" (?:collate|character set) ", type.lower())[0]
        ).split()
    )
    many = text.endswith("[]")
    text = text.removesuffix("[]").strip()
    found = "text" if labels else _FAMILIES.get(text.replace(" ", "_"), text.replace('"', ""))
    return f"{found}[]" if many else found


def stands_for(dialect: str, found: str, described: str) -> bool:
    """Whether values of the described family fit into a column of the found one."""
    return found == described or (dialect, found, described) in _ALSO


def exact(dialect: str, type: str) -> str:
    """A type in one spelling, lengths included, to be compared with another one of its database."""
    text = re.sub(r"\s*,\s*", ",", " ".join(re.split(" (?:collate|character set) ", type.lower())[0].split()))
    if dialect == "postgresql":
        head, bracket, rest = text.partition("(")
        stem, many = head.removesuffix("[]").strip(), "[]" if head.endswith("[]") else ""
        length = f"{bracket}{rest}"
        zone = " without time zone" in text or " with time zone" in text
        return text if zone else f"{_EXACT.get(stem, stem)}{length}{many}".replace('"', "")
    if dialect == "mysql":
        # What it says about how wide an integer is printed means nothing.
        return re.sub(r"^((?:big|small|medium)?int|tinyint(?!\(1\)))\(\d+\)", r"\1", text)
    head, bracket, rest = text.partition("(")
    return f"{_EXACT.get(head.strip(), head.strip())}{bracket}{rest}"
