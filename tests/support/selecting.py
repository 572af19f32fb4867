"""What `select` is given in tests: the columns of a model of any style, and three people with their posts."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from ferrow.model import table_of
from tests.support import maybe


class Named:
    """The columns of a model of any style, as `User.name` is for a `Base` class."""

    def __init__(self, model: type) -> None:
        self._table = table_of(model)

    def __getattr__(self, key: str) -> Any:
        return self._table.column(key).ref


class World:
    def __init__(self, session: Any, models: ModuleType) -> None:
        self.session = session
        self.User, self.Post = models.User, models.Post
        self.user, self.post = Named(models.User), Named(models.Post)

    async def rows(self, statement: Any) -> list[Any]:
        return (await maybe(self.session.execute(statement))).all()
