"""Mistakes with schema functions and ValidatedModel."""

from __future__ import annotations

from dataclasses import dataclass

from ferrow import AsyncEngine, Engine
from ferrow.repository import (
    IndexSpec,
    ValidatedModel,
    apply_schema,
    create_index_sql,
    create_table_sql,
    ensure_schema,
    ensure_schema_async,
)


@dataclass
class User(ValidatedModel):
    id: int = 0
    name: str = ""


class Wrong(ValidatedModel):
    def model_validate(self, strict: bool) -> None:  # E
        pass


def texts() -> None:
    create_table_sql(User)  # E
    create_table_sql(User(), "sqlite")  # E
    create_table_sql(User, 3)  # E
    create_index_sql(User, "sqlite", ["name"])  # E
    IndexSpec(3)  # E
    IndexSpec("name", unique="yes")  # E


def sync(engine: Engine, other: AsyncEngine) -> None:
    ensure_schema(engine, User, schema_conflict="drop")  # E
    ensure_schema(other, User)  # E
    apply_schema(engine, "users")  # E
    apply_schema("app.db", User)  # E
    engine.inspector().table(3)  # E
    engine.inspector().compare("users")  # E
    assert engine.inspector().table("users").columns  # E


async def asynchronous(engine: AsyncEngine, other: Engine) -> None:
    await ensure_schema_async(other, User)  # E
    assert (await engine.inspector().tables()).name  # E


def validated() -> None:
    User(id="1")  # E
    User(nmae="x")  # E
