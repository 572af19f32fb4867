"""What the dialects answer when tables are created. A new database is a new file here, never an `if` elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.errors import NotSupportedError
from ferrow.schema.answers.base import Answers
from ferrow.schema.answers.mysql import MySQL
from ferrow.schema.answers.mysql_server import MySQLServer
from ferrow.schema.answers.postgresql import PostgreSQL
from ferrow.schema.answers.sqlite import SQLite

if TYPE_CHECKING:
    from ferrow.sql.dialect.base import Dialect

__all__ = ["Answers", "answers_of"]

_BY_NAME: dict[str, Answers] = {"postgresql": PostgreSQL(), "sqlite": SQLite(), "mysql": MySQL()}
_VARIETIES: dict[tuple[str, str], Answers] = {("mysql", "server"): MySQLServer()}


def answers_of(dialect: Dialect) -> Answers:
    """Find the answers of a dialect. Raises NotSupportedError for one that has none."""
    found = _BY_NAME.get(dialect.name)
    if found is None:
        raise NotSupportedError(
            f"creating tables is not supported for {dialect.name!r}; supported: {', '.join(_BY_NAME)}."
        )
    return _VARIETIES.get((dialect.name, dialect.variety), found)
