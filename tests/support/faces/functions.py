"""The functions."""

from __future__ import annotations

from typing import Any

import ferrow.crud
from tests.support import maybe


class Functions:
    def __init__(self, engine: Any, colour: str) -> None:
        self._crud: Any = ferrow.crud.Functions(engine) if colour == "sync" else ferrow.crud.AsyncFunctions(engine)

    async def insert(self, instance: Any) -> Any:
        return await maybe(self._crud.insert(instance))

    async def insert_all(self, instances: list[Any]) -> list[Any]:
        found: list[Any] = await maybe(self._crud.insert_many(instances))
        return found

    async def get(self, model: type, key: Any) -> Any:
        return await maybe(self._crud.select_one(model, id=key))

    async def older(self, model: type, age: int) -> list[Any]:
        found: list[Any] = await maybe(self._crud.select_all(model, age__gt=age))
        return found

    async def count(self, model: type, **values: Any) -> int:
        _, total = await maybe(self._crud.paginate(model, 1, 0, **values))
        return int(total)

    async def update(self, instance: Any) -> Any:
        return await maybe(self._crud.update(instance))

    async def delete(self, instance: Any) -> None:
        assert await maybe(self._crud.delete(instance)) is True

    async def page(self, model: type, number: int, size: int) -> list[Any]:
        found, _ = await maybe(self._crud.paginate(model, number, size))
        return list(found)

    def transaction(self) -> Any:
        return self._crud.transaction()
