"""The dialects, by name: `POSTGRESQL`, `SQLITE`, `named("sqlite")`."""

from __future__ import annotations

from ferrow.errors import NotSupportedError
from ferrow.sql.dialect.base import Dialect
from ferrow.sql.dialect.mysql import MYSQL
from ferrow.sql.dialect.mysql_server import MYSQL_SERVER
from ferrow.sql.dialect.postgresql import POSTGRESQL
from ferrow.sql.dialect.sqlite import SQLITE

MYSQL.other = MYSQL_SERVER

ALL: dict[str, Dialect] = {dialect.name: dialect for dialect in (POSTGRESQL, SQLITE, MYSQL)}
"""Every dialect there is."""


def named(name: str) -> Dialect:
    """Return the dialect a connection calls `name`.

    Raises:
        NotSupportedError: there is none; the message lists those there are.
    """
    try:
        return ALL[name]
    except KeyError:
        msg = f"there is no SQL dialect {name!r}; known: {', '.join(ALL)}"
        raise NotSupportedError(msg) from None


__all__ = ["ALL", "MYSQL", "MYSQL_SERVER", "POSTGRESQL", "SQLITE", "Dialect", "named"]
