"""Where one statement of a script for SQLite ends; those of a trigger's body are a part of it."""

from __future__ import annotations

from sqlite3 import complete_statement


def statements(sql: str) -> list[str]:
    """The statements, without the semicolons between them."""
    found = []
    start = position = 0
    while (end := sql.find(";", position)) >= 0:
        position = end + 1
        if complete_statement(sql[start:position]):
            found.append(sql[start:position])
            start = position
    found.append(sql[start:])
    return [text.strip().rstrip(";").strip() for text in found if text.strip(" \t\r\n;")]
