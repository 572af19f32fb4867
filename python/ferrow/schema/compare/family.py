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
