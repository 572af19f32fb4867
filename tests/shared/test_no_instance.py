"""What is given in the place of an instance, or of several."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import insert
from ferrow.errors import DataError, ModelError, ProgrammingError
from tests.support import maybe

SINGLE = (
    "insert", "add", "update", "remove", "delete", "force_delete", "soft_delete", "restore", "refresh", "merge", "load", "upsert",
    "create_or_update",
)  # fmt: skip


@pytest.mark.only(style="dataclass", backend="sqlite")
@pytest.mark.parametrize("call", SINGLE)
async def test_something_else_for_an_instance(session: Any, models: ModuleType, call: str) -> None:
    more = ["id"] if call in ("upsert", "create_or_update") else []
    new = call in ("insert", "add", "upsert", "create_or_update")
    for given, said in (
        (models.User, f"{call}() takes an instance, not the class{f': session.{call}(User(...))' if new else ' User'}"),
        ([], f"{call}() takes one instance, not a list"),
        ({}, f"{call}() takes an instance of a model, not a dict: make one, Model(**values)"),
    ):
        with pytest.raises(ModelError) as caught:
            await maybe(getattr(session, call)(given, *more))
        assert str(caught.value).startswith(said)


@pytest.mark.only(style="dataclass", backend="sqlite")
async def test_one_for_several(session: Any, models: ModuleType) -> None:
    one = models.User(name="Ada", email="ada@example.org")
    with pytest.raises(
        ModelError, match=r"load_for\(\) takes several instances, .* got one User; for one there is load\(\)$"
    ):
        await maybe(session.load_for(one, "posts"))
    with pytest.raises(DataError, match=r"^in_bulk\(\) takes a list of keys of User, not 1$"):
        await maybe(session.query(models.User).in_bulk(1))
    with pytest.raises(
        ProgrammingError, match=r"takes rows by attribute name, not \[.*; give them one after the other"
    ):
        insert(models.User).values([{"name": "Ada"}])
