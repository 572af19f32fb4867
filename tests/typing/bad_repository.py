"""Mistakes with repositories."""

from __future__ import annotations

from dataclasses import dataclass

from ferrow import Engine
from ferrow.repository import AsyncRepository, C, OrderBy, Repository, UnifiedRepository


@dataclass
class User:
    id: int = 0


@dataclass
class Post:
    id: int = 0


def sync(engine: Engine) -> None:
    repo = Repository(engine, User)
    repo.insert(Post())  # E
    repo.insert_many([Post()])  # E
    repo.update(Post())  # E
    repo.list("name = 'x'")  # E
    repo.list(limit="1")  # E
    repo.list(where={"name": "x"})  # E
    repo.update_where({"id": 1})  # E
    repo.delete_where()  # E
    repo.get_or_create({"id": 1})  # E
    repo.get_related(1)  # E
    repo.get_related(1, include=[7])  # E
    Repository(engine, User, schema_conflict="drop")  # E
    hub = UnifiedRepository(engine)
    hub.list(User())  # E
    user: Post = hub.insert(User())  # E
    C.in_("a", 7)  # E
    C.not_(7)  # E
    C.and_("x")  # E
    OrderBy("a", nulls="middle")  # E
    assert user


async def asynchronous(engine: Engine) -> None:
    repo = AsyncRepository(engine, User)
    user: User | None = repo.get(1)  # E
    assert user
