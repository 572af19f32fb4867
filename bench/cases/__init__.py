"""All cases, in the order in which they are shown; importing this package fills `bench.case.CASES`.

A new file is a line here. Libraries are imported by the cases themselves, so that a missing one only skips its own.
"""

from importlib import import_module

SUBJECTS = (
    "pg_connect",
    "pg_point_sync",
    "pg_point_async",
    "pg_tasks",
    "pg_rows",
    "pg_wide",
    "pg_many",
    "pg_pipeline",
    "pg_transaction",
    "pg_copy",
    "pg_copy_wide",
    "pg_instances_sync",
    "pg_instances_async",
    "pg_wide_instances",
    "pg_instances_orms",
    "pg_related_sync",
    "pg_related_async",
    "pg_get",
    "pg_get_orms",
    "pg_insert",
    "pg_unit",
    "pg_batch",
    "sqlite_point",
    "sqlite_rows",
    "sqlite_dicts",
    "sqlite_insert",
    "sqlite_instances",
    "sqlite_get",
    "sqlite_orms",
    "sqlite_insert_orms",
    "query_overhead",
    "crud",
    "repository",
    "repository_given",
    "repository_given_insert",
    "importing",
    "declaring",
)

for subject in SUBJECTS:
    import_module(f"{__name__}.{subject}")
