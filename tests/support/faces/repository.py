"""Repositories."""

from __future__ import annotations

from typing import Any

import ferrow.repository as room
from ferrow.repository import C, OrderBy
from tests.support import maybe


class OneRepository:
    def __init__(self, engine: Any, colour: str) -> None:
        self._engine = engine
        self._class: Any = room.Repository if colour == "sync" else room.AsyncRepository

    def _of(self, model: type) -> Any:
        return self._class(self._engine, model)

    async def insert(self, instance: Any) -> Any:
        return await maybe(self._of(type(instance)).insert(instance))

    async def insert_all(self, instances: list[Any]) -> list[Any]:
        found: list[Any] = await maybe(self._of(type(instances[0])).insert_many(instances))
        return found

    async def get(self, model: type, key: Any) -> Any:
        return await maybe(self._of(model).get(key))

    async def older(self, model: type, age: int) -> list[Any]:
        found: list[Any] = await maybe(self._of(model).list(where=C.gt("age", age), order_by=OrderBy("id")))
        return found

    async def count(self, model: type, **values: Any) -> int:
        where = [C.eq(name, value) for name, value in values.items()]
        return int(await maybe(self._of(model).count(where=where or None)))

    async def update(self, instance: Any) -> Any:
        assert await maybe(self._of(type(instance)).update(instance)) == 1
        return instance

    async def delete(self, instance: Any) -> None:
        assert await maybe(self._of(type(instance)).delete(instance)) == 1

    async def page(self, model: type, number: int, size: int) -> list[Any]:
        offset = (number - 1) * size
        found: list[Any] = await maybe(self._of(model).list(order_by=OrderBy("id"), limit=size, offset=offset))
        return found

    def transaction(self) -> Any:
        return self._engine.transaction()
