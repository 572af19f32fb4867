"""Lists on MySQL: documents."""

from __future__ import annotations

from typing import ClassVar

from ferrow.sql.dialect.mysql_lists import _CASTS, MySQLLists
from ferrow.types import SQLType


class MySQLServerLists(MySQLLists):
    """As on MariaDB, but the path of JSON_VALUE is a literal there."""

    collation: ClassVar[str] = "utf8mb4_0900_bin"

    def element(self, operand: str, index: str, item: SQLType, *, backwards: bool) -> str:
        """The element as a value of its type."""
        place = f"JSON_LENGTH({operand}) + {index}" if backwards else index
        found = f"JSON_UNQUOTE(NULLIF(JSON_EXTRACT({operand}, CONCAT('$[', {place}, ']')), CAST('null' AS json)))"
        if item.kind == "bytes":
            found = f"UNHEX({found})"
        elif item.kind == "bool":
            found = f"({found} = 'true')"
        elif item.kind in _CASTS:
            found = f"CAST({found} AS {_CASTS[item.kind]})"
        else:
            found = f"{found} COLLATE {self.collation}"
        return f"CASE WHEN {place} >= 0 THEN {found} END"
