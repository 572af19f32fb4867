"""MySQL's wording of functions, where it is not MariaDB's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ferrow.sql.dialect.mysql_calls import MySQLCalls


class MySQLServerCalls(MySQLCalls):
    """One INSERT has changed one row if it is new, two if it was there, none if it stayed as it was."""

    templates: ClassVar[Mapping[tuple[str, str] | str, str]] = {
        **MySQLCalls.templates,
        "inserted": "(ROW_COUNT() = 1)",
    }
