"""The three faces, each asked for the same things: what a test of all of them is written with."""

from __future__ import annotations

from typing import Any, Protocol

from tests.support.faces.functions import Functions
from tests.support.faces.repository import OneRepository
from tests.support.faces.session import OneSession


class Face(Protocol):
    """What can be asked of every face, in either colour; `age` is a column of the models."""

    async def insert(self, instance: Any) -> Any: ...
    async def insert_all(self, instances: list[Any]) -> list[Any]: ...
    async def get(self, model: type, key: Any) -> Any: ...
    async def older(self, model: type, age: int) -> list[Any]: ...
    async def count(self, model: type, **values: Any) -> int: ...
    async def update(self, instance: Any) -> Any: ...
    async def delete(self, instance: Any) -> None: ...
    async def page(self, model: type, number: int, size: int) -> list[Any]: ...
    def transaction(self) -> Any: ...


FACES: dict[str, Any] = {"session": OneSession, "repository": OneRepository, "functions": Functions}


def face(name: str, engine: Any, colour: str) -> Face:
    """A face of an engine."""
    made: Face = FACES[name](engine, colour)
    return made
