"""Repositories: one object per table, or one for all, over dataclasses, typed classes and Pydantic models.

They talk through an engine of ours, a connection of another driver, or a pool of such connections. Names are imported on first
use; the sync classes are generated into `_sync.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.lazy import lazy

if TYPE_CHECKING:
    from ferrow.model.index import IndexSpec as IndexSpec
    from ferrow.repository._sync import Database as Database
    from ferrow.repository._sync import Repository as Repository
    from ferrow.repository._sync import Session as Session
    from ferrow.repository._sync import UnifiedRepository as UnifiedRepository
    from ferrow.repository.conditions import C as C
    from ferrow.repository.conditions import Condition as Condition
    from ferrow.repository.conditions import ConditionGroup as ConditionGroup
    from ferrow.repository.conditions import NotCondition as NotCondition
    from ferrow.repository.conditions import OrderBy as OrderBy
    from ferrow.repository.conditions import WhereExpression as WhereExpression
    from ferrow.repository.conditions import WhereInput as WhereInput
    from ferrow.repository.database import AsyncDatabase as AsyncDatabase
    from ferrow.repository.dialect import Dialect as Dialect
    from ferrow.repository.dialect import MySQLDialect as MySQLDialect
    from ferrow.repository.dialect import PostgresDialect as PostgresDialect
    from ferrow.repository.dialect import SQLiteDialect as SQLiteDialect
    from ferrow.repository.hub import AsyncUnifiedRepository as AsyncUnifiedRepository
    from ferrow.repository.metadata import DataclassModel as DataclassModel
    from ferrow.repository.metadata import ModelMetadata as ModelMetadata
    from ferrow.repository.metadata import auto_pk_field as auto_pk_field
    from ferrow.repository.metadata import build_model_metadata as build_model_metadata
    from ferrow.repository.metadata import model_fields as model_fields
    from ferrow.repository.metadata import pk_fields as pk_fields
    from ferrow.repository.metadata import require_dataclass_model as require_dataclass_model
    from ferrow.repository.metadata import row_to_model as row_to_model
    from ferrow.repository.metadata import table_name as table_name
    from ferrow.repository.metadata import to_dict as to_dict
    from ferrow.repository.related import AsyncRelatedResult as AsyncRelatedResult
    from ferrow.repository.related import RelatedResult as RelatedResult
    from ferrow.repository.relations import RelationSpec as RelationSpec
    from ferrow.repository.relations import RelationType as RelationType
    from ferrow.repository.relations import model_relations as model_relations
    from ferrow.repository.repository import AsyncRepository as AsyncRepository
    from ferrow.repository.schema import apply_schema as apply_schema
    from ferrow.repository.schema import apply_schema_async as apply_schema_async
    from ferrow.repository.schema import ensure_schema as ensure_schema
    from ferrow.repository.schema import ensure_schema_async as ensure_schema_async
    from ferrow.repository.schema_sql import create_index_sql as create_index_sql
    from ferrow.repository.schema_sql import create_indexes_sql as create_indexes_sql
    from ferrow.repository.schema_sql import create_schema_sql as create_schema_sql
    from ferrow.repository.schema_sql import create_table_sql as create_table_sql
    from ferrow.repository.session import AsyncSession as AsyncSession
    from ferrow.repository.statement import ResultCursor as ResultCursor
    from ferrow.repository.validation.error import ValidationError as ValidationError
    from ferrow.repository.validation.model import ValidatedModel as ValidatedModel
    from ferrow.wire.dbapi.connector import PoolConnector as PoolConnector

_HOME = {
    "AsyncDatabase": "database",
    "AsyncRelatedResult": "related",
    "AsyncRepository": "repository",
    "AsyncSession": "session",
    "AsyncUnifiedRepository": "hub",
    "C": "conditions",
    "Condition": "conditions",
    "ConditionGroup": "conditions",
    "Database": "_sync",
    "DataclassModel": "metadata",
    "Dialect": "dialect",
    "IndexSpec": ".model.index",
    "ModelMetadata": "metadata",
    "MySQLDialect": "dialect",
    "NotCondition": "conditions",
    "OrderBy": "conditions",
    "PoolConnector": ".wire.dbapi.connector",
    "PostgresDialect": "dialect",
    "RelatedResult": "related",
    "RelationSpec": "relations",
    "RelationType": "relations",
    "Repository": "_sync",
    "ResultCursor": "statement",
    "SQLiteDialect": "dialect",
    "Session": "_sync",
    "UnifiedRepository": "_sync",
    "ValidatedModel": "validation.model",
    "ValidationError": "validation.error",
    "WhereExpression": "conditions",
    "WhereInput": "conditions",
    "apply_schema": "schema",
    "apply_schema_async": "schema",
    "auto_pk_field": "metadata",
    "build_model_metadata": "metadata",
    "create_index_sql": "schema_sql",
    "create_indexes_sql": "schema_sql",
    "create_schema_sql": "schema_sql",
    "create_table_sql": "schema_sql",
    "ensure_schema": "schema",
    "ensure_schema_async": "schema",
    "model_fields": "metadata",
    "model_relations": "relations",
    "pk_fields": "metadata",
    "require_dataclass_model": "metadata",
    "row_to_model": "metadata",
    "table_name": "metadata",
    "to_dict": "metadata",
}

__all__ = [
    "AsyncDatabase",
    "AsyncRelatedResult",
    "AsyncRepository",
    "AsyncSession",
    "AsyncUnifiedRepository",
    "C",
    "Condition",
    "ConditionGroup",
    "Database",
    "DataclassModel",
    "Dialect",
    "IndexSpec",
    "ModelMetadata",
    "MySQLDialect",
    "NotCondition",
    "OrderBy",
    "PoolConnector",
    "PostgresDialect",
    "RelatedResult",
    "RelationSpec",
    "RelationType",
    "Repository",
    "ResultCursor",
    "SQLiteDialect",
    "Session",
    "UnifiedRepository",
    "ValidatedModel",
    "ValidationError",
    "WhereExpression",
    "WhereInput",
    "apply_schema",
    "apply_schema_async",
    "auto_pk_field",
    "build_model_metadata",
    "create_index_sql",
    "create_indexes_sql",
    "create_schema_sql",
    "create_table_sql",
    "ensure_schema",
    "ensure_schema_async",
    "model_fields",
    "model_relations",
    "pk_fields",
    "require_dataclass_model",
    "row_to_model",
    "table_name",
    "to_dict",
]

if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), _HOME)
