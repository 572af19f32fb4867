"""Names by which programs written for OrmKit know what is called otherwise here. `ferrow` exports them."""

from __future__ import annotations

from ferrow.engine import AsyncEngine
from ferrow.orm.transaction import AsyncSessionTransaction
from ferrow.schema.info import ColumnInfo, ConstraintInfo, IndexInfo, TableInfo

__all__ = [
    "ConnectionPool",
    "RustColumnInfo",
    "RustConstraintInfo",
    "RustIndexInfo",
    "RustTableInfo",
    "Transaction",
]

ConnectionPool = AsyncEngine
"""What `await create_engine(url)` gives."""

Transaction = AsyncSessionTransaction
"""What `async with session.begin() as tx` gives."""

RustColumnInfo = ColumnInfo
RustConstraintInfo = ConstraintInfo
RustIndexInfo = IndexInfo
RustTableInfo = TableInfo
