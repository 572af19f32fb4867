"""What is given in place of the name of a table, of columns, of locked models, and is none."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import ModelError, ProgrammingError, UnknownColumn
from tests.support import maybe


async def test_tables(engine: Any, session: Any) -> None:
    for name in (5, None, b"users"):
        for call in (engine.get_columns, engine.get_indexes, engine.get_constraints, engine.get_table_info):
            with pytest.raises(ProgrammingError, match="the name of a table is a str"):
                await maybe(call(name))
    with pytest.raises(ProgrammingError, match="the name of a schema is a str, not 5"):
        await maybe(engine.inspector().tables(5))


async def test_columns(session: Any, models: ModuleType) -> None:
    with pytest.raises(UnknownColumn, match="has no column 5"):
        await maybe(session.upsert(models.User(name="Ada", email="a@b.c"), 5))


async def test_locked_models(session: Any, models: ModuleType, backend: str) -> None:
    """One that stands alone is meant, too; a text is not taken apart."""
    query = session.query(models.User)
    if backend == "postgresql":
        assert await maybe(query.for_update(of=models.User).all()) == []
    for wrong in ("users", ""):
        with pytest.raises(ProgrammingError, match=f"not the name '{wrong}'"):
            query.for_update(of=wrong)
    for wrong in (5, None):
        with pytest.raises((ModelError, ProgrammingError)):
            query.for_update(of=wrong)
