"""Rows in COPY's formats for text (PostgreSQL manual, COPY, "File Formats")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
Rows = Sequence[tuple[str | None, ...]]


def lines(rows: Rows, style: str) -> str:
    """Rows as the server is to read them."""
    if style == "text":
        return "".join("\t".join(map(escaped, row)) + "\n" for row in rows)
    return "".join(",".join("" if value is None else quoted(value) for value in row) + "\n" for row in rows)


def fields(data: Iterable[bytes], style: str) -> list[tuple[str | None, ...]]:
    """The rows that the server wrote."""
    text = b"".join(data).decode()
    if style == "text":
        return [tuple(map(unescaped, line.split("\t"))) for line in text.split("\n")[:-1]]
    rows: list[list[str | None]] = [[]]
    # Python's own reader keeps no difference between nothing and an empty string, which only the quotes tell.
    for field, end in re.findall(r'("(?:[^"]|"")*"|[^",\n]*)([,\n])', text):
        rows[-1].append(field[1:-1].replace('""', '"') if field.startswith('"') else field or None)
        if end == "\n":
            rows.append([])
    return [tuple(row) for row in rows[:-1]]


def escaped(value: str | None) -> str:
    return "\\N" if value is None else re.sub(r"[\\\n\r\t]", lambda found: ESCAPES[found[0]], value)


def unescaped(field: str) -> str | None:
    return None if field == "\\N" else re.sub(r"\\(.)", lambda found: MEANT.get(found[1], found[1]), field)


def quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
