"""Sessions and queries."""

from __future__ import annotations

from typing import Any

from ferrow import AsyncSession, Session
from tests.support import maybe


class OneSession:
    def __init__(self, engine: Any, colour: str) -> None:
        self._session: Any = Session(engine) if colour == "sync" else AsyncSession(engine)

    async def insert(self, instance: Any) -> Any:
        return await maybe(self._session.insert(instance))

    async def insert_all(self, instances: list[Any]) -> list[Any]:
        found: list[Any] = await maybe(self._session.insert_all(instances))
        return found

    async def get(self, model: type, key: Any) -> Any:
        return await maybe(self._session.get(model, key))

    async def older(self, model: type, age: int) -> list[Any]:
        found: list[Any] = await maybe(self._session.query(model).filter(age__gt=age).order_by("id").all())
        return found

    async def count(self, model: type, **values: Any) -> int:
        return int(await maybe(self._session.query(model).filter(**values).count()))

    async def update(self, instance: Any) -> Any:
        return await maybe(self._session.update(instance))

    async def delete(self, instance: Any) -> None:
        await maybe(self._session.remove(instance))

    async def page(self, model: type, number: int, size: int) -> list[Any]:
        return list(await maybe(self._session.query(model).order_by("id").page(number, size=size)))

    def transaction(self) -> Any:
        return self._session.begin()
