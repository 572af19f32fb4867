"""Repositories: the type of the model goes through every call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_type

from ferrow import AsyncEngine, Engine, Q
from ferrow.repository import (
    AsyncRepository,
    AsyncSession,
    AsyncUnifiedRepository,
    C,
    Condition,
    ConditionGroup,
    Database,
    NotCondition,
    OrderBy,
    RelatedResult,
    RelationSpec,
    Repository,
    Session,
    UnifiedRepository,
    model_relations,
    row_to_model,
)


@dataclass
class User:
    id: int | None = field(default=None, metadata={"pk": True, "auto": True})
    name: str = ""


@dataclass
class Post:
    id: int | None = field(default=None, metadata={"pk": True, "auto": True})


def conditions() -> None:
    assert_type(C.eq("name", "Ada"), Condition)
    assert_type(C.and_(C.eq("a", 1), C.in_("b", (1, 2))), ConditionGroup)
    assert_type(C.or_([C.eq("a", 1)]), ConditionGroup)
    assert_type(~C.is_null("a"), NotCondition)
    assert_type(C.eq("a", 1) | C.eq("a", 2), ConditionGroup)
    assert_type(model_relations(User), dict[str, RelationSpec])
    assert_type(row_to_model(User, {"id": 1}), User)


def sync(db: Database, engine: Engine) -> None:
    repo = Repository(db, User, auto_schema=True)
    assert_type(repo, Repository[User])
    assert_type(Repository[User](engine, User), Repository[User])
    assert_type(repo.insert(User()), User)
    assert_type(repo.insert_many([User()]), list[User])
    assert_type(repo.update(User()), int)
    assert_type(repo.get(1), User | None)
    assert_type(repo.list(), list[User])
    assert_type(repo.list(C.eq("name", "x"), OrderBy("name"), 1, 2), list[User])
    assert_type(
        repo.list([C.eq("a", 1), C.not_(C.eq("b", 2))], order_by=["-id", OrderBy("name", desc=True)]), list[User]
    )
    assert_type(repo.list(Q(name="x"), "name", for_update=True, skip_locked=True), list[User])
    assert_type(repo.count(C.like("name", "A%")), int)
    assert_type(repo.exists(), bool)
    assert_type(repo.update_where({"name": "x"}, where=C.eq("id", 1)), int)
    assert_type(repo.delete_where(where=C.eq("id", 1)), int)
    assert_type(repo.get_or_create(lookup={"id": 1}, defaults={"name": "x"}), tuple[User, bool])
    assert_type(repo.create(User(), relations={"posts": [Post()]}), User)
    assert_type(repo.get_related(1, include=["posts"]), RelatedResult[User] | None)
    for found in repo.list_related(include="posts"):
        assert_type(found, RelatedResult[User])
        assert_type(found.obj, User)
    assert_type(repo.is_registered(), bool)
    assert_type(repo.query().all(), list[User])
    assert_type(repo.query(C.eq("id", 1)).first(), User | None)


def hub(db: Database) -> None:
    hub = UnifiedRepository(db, require_registration=True)
    assert_type(hub.register(User), Repository[User])
    assert_type(hub.repo(User), Repository[User])
    assert_type(hub.insert(User()), User)
    assert_type(hub.insert(User, User()), User)
    assert_type(hub.insert_many([User()]), list[User])
    assert_type(hub.insert_many(User, []), list[User])
    assert_type(hub.create(User(), relations={}), User)
    assert_type(hub.update(User, User()), int)
    assert_type(hub.get(User, 1), User | None)
    assert_type(hub.query(User).first(), User | None)
    assert_type(hub.query(User, [C.eq("id", 1)]).count(), int)
    assert_type(hub.list(User, C.eq("id", 1), limit=1), list[User])
    assert_type(hub.get_or_create(User, lookup={"id": 1}), tuple[User, bool])
    assert_type(hub.list_related(User, include=["posts"]), list[RelatedResult[User]])
    session = Session(db)
    with session as inside:
        assert_type(inside, Session)
        assert_type(inside.insert(User()), User)
    with session.begin() as inside:
        assert_type(inside.hub, UnifiedRepository)


async def asynchronous(engine: AsyncEngine) -> None:
    repo = AsyncRepository(engine, User)
    assert_type(repo, AsyncRepository[User])
    assert_type(await repo.insert(User()), User)
    assert_type(await repo.list(), list[User])
    assert_type(await repo.get(1), User | None)
    hub = AsyncUnifiedRepository(engine)
    assert_type(await hub.register(User), AsyncRepository[User])
    assert_type(await hub.insert(User()), User)
    async with AsyncSession(engine) as session:
        assert_type(await session.list(User), list[User])
    async with session.begin() as inside:
        assert_type(inside, AsyncSession)
