"""Tables as the database is told about them: CREATE, DROP, and in which order."""

from __future__ import annotations

from ferrow.schema.ddl import create_all, create_indexes, create_table, drop_all, drop_table
from ferrow.schema.order import order

__all__ = ["create_all", "create_indexes", "create_table", "drop_all", "drop_table", "order"]
