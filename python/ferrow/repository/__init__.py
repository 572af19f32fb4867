"""Repositories: one object per table over dataclasses, typed classes and Pydantic models.

Names are imported on first use, so that a program pays only for what it uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.lazy import lazy

if TYPE_CHECKING:
    from ferrow.model.index import IndexSpec as IndexSpec
    from ferrow.repository.schema import apply_schema as apply_schema
    from ferrow.repository.schema import apply_schema_async as apply_schema_async
    from ferrow.repository.schema import ensure_schema as ensure_schema
    from ferrow.repository.schema import ensure_schema_async as ensure_schema_async
    from ferrow.repository.schema_sql import create_index_sql as create_index_sql
    from ferrow.repository.schema_sql import create_indexes_sql as create_indexes_sql
    from ferrow.repository.schema_sql import create_schema_sql as create_schema_sql
    from ferrow.repository.schema_sql import create_table_sql as create_table_sql
    from ferrow.repository.validation.error import ValidationError as ValidationError
    from ferrow.repository.validation.model import ValidatedModel as ValidatedModel

_HOME = {
    "IndexSpec": "..model.index",
    "ValidatedModel": "validation.model",
    "ValidationError": "validation.error",
    "apply_schema": "schema",
    "apply_schema_async": "schema",
    "create_index_sql": "schema_sql",
    "create_indexes_sql": "schema_sql",
    "create_schema_sql": "schema_sql",
    "create_table_sql": "schema_sql",
    "ensure_schema": "schema",
    "ensure_schema_async": "schema",
}

__all__ = [
    "IndexSpec",
    "ValidatedModel",
    "ValidationError",
    "apply_schema",
    "apply_schema_async",
    "create_index_sql",
    "create_indexes_sql",
    "create_schema_sql",
    "create_table_sql",
    "ensure_schema",
    "ensure_schema_async",
]

if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), _HOME)
