"""Schema functions, the inspector and ValidatedModel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, assert_type

from ferrow import AsyncEngine, Engine
from ferrow.errors import SchemaConflict
from ferrow.repository import (
    AsyncDatabase,
    Database,
    IndexSpec,
    MySQLDialect,
    SQLiteDialect,
    ValidatedModel,
    ValidationError,
    apply_schema,
    apply_schema_async,
    create_index_sql,
    create_indexes_sql,
    create_schema_sql,
    create_table_sql,
    ensure_schema,
    ensure_schema_async,
)
from ferrow.repository.validation.error import FieldError
from ferrow.schema.compare import Difference
from ferrow.schema.compare.difference import MissingColumn
from ferrow.schema.found import FoundColumn, FoundForeignKey, FoundTable


@dataclass
class User(ValidatedModel):
    id: int | None = field(default=None, metadata={"pk": True, "auto": True})
    name: str = field(default="", metadata={"non_empty": True})

    __indexes__ = ("name", IndexSpec(("name", "id"), unique=True))

    def model_validate(self) -> None:
        if self.name == "nobody":
            raise ValidationError("nobody is no name")


def texts() -> None:
    assert_type(create_table_sql(User, SQLiteDialect()), str)
    assert_type(create_table_sql(User, "postgres", if_not_exists=True), str)
    assert_type(create_index_sql(User, MySQLDialect(), "name", unique=True, name="by_name"), str)
    assert_type(create_indexes_sql(User, "mysql"), list[str])
    assert_type(create_schema_sql(User, "sqlite"), list[str])


def sync(engine: Engine, db: Database) -> None:
    assert_type(apply_schema(db, User), list[str])
    assert_type(ensure_schema(engine, User, schema_conflict="recreate"), list[str])
    inspector = engine.inspector()
    assert_type(inspector.tables(), list[FoundTable])
    table = inspector.table("users", "public")
    assert_type(table, FoundTable | None)
    if table is not None:
        assert_type(table.columns, tuple[FoundColumn, ...])
        assert_type(table.referrers, tuple[FoundForeignKey, ...])
    for difference in inspector.compare(User):
        assert_type(difference, Difference)
        assert_type(difference.conflicts, bool)
        assert_type(str(difference), str)
        if isinstance(difference, MissingColumn):
            assert_type(difference.obstacle, str | None)


async def asynchronous(engine: AsyncEngine, db: AsyncDatabase) -> None:
    assert_type(await apply_schema_async(db, User, if_not_exists=True), list[str])
    try:
        assert_type(await ensure_schema_async(engine, User), list[str])
    except SchemaConflict as error:
        assert_type(error.differences, tuple[Any, ...])
    assert_type(await engine.inspector().table("users"), FoundTable | None)
    assert_type(await engine.inspector().compare(User), list[Difference])


def validated() -> None:
    try:
        assert_type(User(name="Ada"), User)
    except ValidationError as error:
        assert_type(error.errors, list[FieldError])
        assert_type(error.fields, list[str])
        assert_type(error.errors[0].field, str | None)
