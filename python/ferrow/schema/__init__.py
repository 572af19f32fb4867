"""Tables as the database is told about them: CREATE, DROP, and in which order."""

from __future__ import annotations

from ferrow.schema.ddl import create_all, create_indexes, create_table, drop_all, drop_table
from ferrow.schema.info import ColumnInfo, ConstraintInfo, IndexInfo, TableInfo
from ferrow.schema.order import order

__all__ = [
    "ColumnInfo", "ConstraintInfo", "IndexInfo", "TableInfo", "create_all", "create_indexes", "create_table", "drop_all", "drop_table", "order",
]  # fmt: skip
