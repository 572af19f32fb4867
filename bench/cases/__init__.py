"""All cases; importing this package fills `bench.case.CASES`. Libraries are imported by the cases themselves."""

from bench.cases import (
    pg_get,
    pg_instances_async,
    pg_instances_sync,
    pg_point_async,
    pg_point_sync,
    pg_rows,
    sqlite_get,
    sqlite_instances,
    sqlite_point,
    sqlite_rows,
)

__all__ = [
    "pg_get",
    "pg_instances_async",
    "pg_instances_sync",
    "pg_point_async",
    "pg_point_sync",
    "pg_rows",
    "sqlite_get",
    "sqlite_instances",
    "sqlite_point",
    "sqlite_rows",
]
