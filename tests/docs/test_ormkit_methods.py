"""Every row of OrmKit's tables of query and session methods, on every database, with models of every style."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ferrow import joinedload, noload, selectinload
from ferrow.errors import MultipleResultsFound, NoResultFound
from tests.docs.tables import PEOPLE, rows
from tests.docs.test_ormkit import ALICE, BOB, EVE, NATALIE, Stage, emails, prepared, stage, style, url

__all__ = ["stage", "style", "url"]  # fixtures


# --- query methods ------------------------------------------------------------------------------------------------------------


async def _all(query: Any, stage: Stage) -> None:
    found = await query.all()
    assert emails(found) == PEOPLE
    assert {type(one) for one in found} == {stage["User"]}


async def _one(query: Any, stage: Stage) -> None:
    assert (await query.filter(name="Eve").one()).email == EVE
    for keyword, error in (("nobody@example.com", NoResultFound), (None, MultipleResultsFound)):
        with pytest.raises(error):
            await (query.filter(email=keyword) if keyword else query).one()


async def _one_or_none(query: Any, stage: Stage) -> None:
    assert (await query.filter(name="Eve").one_or_none()).email == EVE
    assert await query.filter(name="Nobody").one_or_none() is None
    with pytest.raises(MultipleResultsFound):
        await query.one_or_none()


async def _group_by(query: Any, stage: Stage) -> None:
    from ferrow import func

    counted = await query.group_by("role").annotate(n=func.count()).order_by("role").values("role", "n")
    assert counted == [{"role": "admin", "n": 1}, {"role": "guest", "n": 2}, {"role": "mod", "n": 1}]


async def _having(query: Any, stage: Stage) -> None:
    assert await query.group_by("role").having(count__gt=1).values_list("role", flat=True) == ["guest"]


async def _options(query: Any, stage: Stage) -> None:
    alice = await query.options(selectinload("posts"), noload("profile")).filter(name="Alice").one()
    assert sorted(post.title for post in alice.posts) == ["Post 1", "Post 2"]
    assert alice.profile is None
    from ferrow import AsyncSession

    posts = AsyncSession(stage["engine"]).query(stage["Post"])
    assert {post.author.name for post in await posts.options(joinedload("author")).all()} == {"Alice"}


async def _delete(query: Any, stage: Stage) -> None:
    assert await query.filter(age__lt=18).delete() == 1
    assert emails(await query.all()) == [ALICE, EVE, NATALIE]


async def _update(query: Any, stage: Stage) -> None:
    assert await query.filter(role="guest").update(role="member") == 2
    assert await query.filter(role="member").count() == 2


async def _stream(query: Any, stage: Stage) -> None:
    assert [user.name async for user in query.order_by("name").limit(3).stream(2)] == ["Alice", "Bob", "Eve"]


async def _articles(stage: Stage) -> Any:
    """A session with an article and one that was deleted."""
    from ferrow import AsyncSession

    session, model = AsyncSession(stage["engine"]), stage.models.Article
    await stage["engine"].create_all(model)
    _, gone = await session.insert_all([model(title="Kept"), model(title="Gone")])
    await session.soft_delete(gone)
    return session


async def _with_deleted(query: Any, stage: Stage) -> None:
    articles = (await _articles(stage)).query(stage.models.Article)
    assert [one.title for one in await articles.all()] == ["Kept"]
    assert [one.title for one in await articles.with_deleted().order_by("id").all()] == ["Kept", "Gone"]


async def _only_deleted(query: Any, stage: Stage) -> None:
    articles = (await _articles(stage)).query(stage.models.Article)
    assert [one.title for one in await articles.only_deleted().all()] == ["Gone"]
    assert await articles.only_deleted().count() == 1


def _gives(make: Callable[[Any], Any], wanted: object) -> Callable[[Any, Stage], Awaitable[None]]:
    async def test(query: Any, stage: Stage) -> None:
        assert await make(query) == wanted

    return test


def _names(make: Callable[[Any], Any], *wanted: str) -> Callable[[Any, Stage], Awaitable[None]]:
    async def test(query: Any, stage: Stage) -> None:
        assert [user.name for user in await make(query).all()] == [*wanted]

    return test


METHODS: dict[str, Callable[[Any, Stage], Awaitable[None]]] = {
    "query.filter(**kwargs)": _names(lambda query: query.filter(age__gt=36, vip=True), "Natalie"),
    "query.filter_by(**kwargs)": _names(lambda query: query.filter_by(name="Bob", age=17), "Bob"),
    "query.order_by(*columns)": _names(lambda query: query.order_by("-role", "name"), "Eve", "Bob", "Natalie", "Alice"),
    "query.limit(n)": _names(lambda query: query.order_by("name").limit(2), "Alice", "Bob"),
    "query.offset(n)": _names(lambda query: query.order_by("name").offset(2), "Eve", "Natalie"),
    "query.distinct()": _gives(
        lambda query: query.distinct().order_by("role").values_list("role", flat=True), ["admin", "guest", "mod"]
    ),
    "query.group_by(*columns)": _group_by,
    "query.having(**kwargs)": _having,
    "query.options(*load_options)": _options,
    "query.all()": _all,
    "query.first()": _gives(lambda query: query.filter(name="Nobody").first(), None),
    "query.one()": _one,
    "query.one_or_none()": _one_or_none,
    "query.count()": _gives(lambda query: query.filter(role="guest").count(), 2),
    "query.sum(column)": _gives(lambda query: query.sum("age"), 123),
    "query.avg(column)": _gives(lambda query: query.avg("age"), 41.0),
    "query.min(column)": _gives(lambda query: query.min("age"), 17),
    "query.max(column)": _gives(lambda query: query.max("name"), "Natalie"),
    "query.exists()": _gives(lambda query: query.filter(age__gt=100).exists(), False),
    "query.delete()": _delete,
    "query.update(**values)": _update,
    "query.values(*columns)": _gives(
        lambda query: query.filter(name="Bob").values("name", "age"), [{"name": "Bob", "age": 17}]
    ),
    "query.values_list(*columns)": _gives(
        lambda query: query.filter(name="Bob").values_list("name", "age"), [("Bob", 17)]
    ),
    "query.stream(batch_size)": _stream,
    "query.with_deleted()": _with_deleted,
    "query.only_deleted()": _only_deleted,
}


def test_every_method_has_a_test() -> None:
    assert METHODS.keys() == {method.strip("`") for method, _ in rows("Query Methods")}


@pytest.mark.parametrize("method", METHODS)
async def test_method(stage: Stage, method: str) -> None:
    session = await prepared(stage)
    await METHODS[method](session.query(stage["User"]), stage)


# --- session methods ----------------------------------------------------------------------------------------------------------


async def _insert(session: Any, stage: Stage) -> None:
    user = await session.insert(stage["User"](name="Ada", email="ada@example.com"))
    assert (await session.get(stage["User"], user.id)).name == "Ada"


async def _insert_all(session: Any, stage: Stage) -> None:
    users = await session.insert_all([stage["User"](name=name, email=name) for name in "abc"])
    assert len({user.id for user in users} - {None}) == 3
    assert await session.query(stage["User"]).count() == 7


async def _get(session: Any, stage: Stage) -> None:
    bob = await session.query(stage["User"]).filter(name="Bob").one()
    assert (await session.get(stage["User"], bob.id)).email == BOB
    assert await session.get(stage["User"], 4711) is None


async def _get_or_raise(session: Any, stage: Stage) -> None:
    bob = await session.query(stage["User"]).filter(name="Bob").one()
    assert (await session.get_or_raise(stage["User"], bob.id)).email == BOB
    with pytest.raises(LookupError, match="there is no User with id=4711"):
        await session.get_or_raise(stage["User"], 4711)


async def _update_instance(session: Any, stage: Stage) -> None:
    bob = await session.query(stage["User"]).filter(name="Bob").one()
    assert await session.update(bob, name="Robert", age=18) is bob
    found = await session.get(stage["User"], bob.id)
    assert (found.name, found.age, found.email) == ("Robert", 18, BOB)


async def _remove(session: Any, stage: Stage) -> None:
    bob = await session.query(stage["User"]).filter(name="Bob").one()
    await session.remove(bob)
    assert emails(await session.query(stage["User"]).all()) == [ALICE, EVE, NATALIE]


async def _query(session: Any, stage: Stage) -> None:
    assert emails(await session.query(stage["User"]).all()) == PEOPLE


async def _upsert(session: Any, stage: Stage) -> None:
    there = await session.upsert(
        stage["User"](name="Al", email=ALICE, age=1), conflict_target="email", update_fields=["name"]
    )
    assert (there.name, there.age, there.role) == ("Al", 36, "admin")
    new = await session.upsert(stage["User"](name="New", email="new"), "email", ["name"])
    assert new.id is not None
    assert await session.query(stage["User"]).count() == 5


async def _upsert_all(session: Any, stage: Stage) -> None:
    users = [stage["User"](name=name, email=email) for name, email in (("Al", ALICE), ("New", "new"))]
    found = await session.upsert_all(users, conflict_target="email", update_fields=["name"])
    assert [(user.name, user.age) for user in found] == [("Al", 36), ("New", None)]


async def _bulk_update(session: Any, stage: Stage) -> None:
    assert await session.bulk_update(stage["User"], {"role": "member"}, role="guest") == 2
    assert await session.query(stage["User"]).filter(role="member").count() == 2


async def _deletion(session: Any, stage: Stage) -> None:
    """`soft_delete`, `restore` and `force_delete`, one after the other."""
    session, model = await _articles(stage), stage.models.Article
    kept = await session.query(model).one()
    await session.soft_delete(kept)
    assert kept.deleted_at is not None
    assert await session.get(model, kept.id) is None
    assert await session.restore(kept) is kept
    assert (await session.get(model, kept.id)).deleted_at is None
    await session.force_delete(kept)
    assert [one.title for one in await session.query(model).with_deleted().all()] == ["Gone"]


async def _begin(session: Any, stage: Stage) -> None:
    async with session.begin() as tx:
        tx.add(stage["User"](name="Ada", email="ada@example.com"))
    assert await session.query(stage["User"]).count() == 5
    with pytest.raises(KeyError):
        async with session.begin():
            await session.insert(stage["User"](name="Bad", email="bad@example.com"))
            raise KeyError
    assert await session.query(stage["User"]).count() == 5


async def _commit(session: Any, stage: Stage) -> None:
    async with type(session)(stage["engine"]) as work:
        work.add(stage["User"](name="Ada", email="ada@example.com"))
        (await work.query(stage["User"]).filter(name="Bob").one()).name = "Robert"
        await work.commit()
    assert await session.query(stage["User"]).filter(name__in=["Ada", "Robert"]).count() == 2


async def _rollback(session: Any, stage: Stage) -> None:
    async with type(session)(stage["engine"]) as work:
        work.add(stage["User"](name="Ada", email="ada@example.com"))
        await work.rollback()
        await work.commit()
    assert await session.query(stage["User"]).count() == 4


SESSION_METHODS: dict[str, Callable[[Any, Stage], Awaitable[None]]] = {
    "session.insert(instance)": _insert,
    "session.insert_all(instances)": _insert_all,
    "session.get(Model, id)": _get,
    "session.get_or_raise(Model, id)": _get_or_raise,
    "session.update(instance, **values)": _update_instance,
    "session.remove(instance)": _remove,
    "session.query(Model)": _query,
    "session.upsert(instance, conflict_target, update_fields)": _upsert,
    "session.upsert_all(instances, conflict_target, update_fields)": _upsert_all,
    "session.bulk_update(Model, values, **filters)": _bulk_update,
    "session.soft_delete(instance)": _deletion,
    "session.restore(instance)": _deletion,
    "session.force_delete(instance)": _deletion,
    "session.begin()": _begin,
    "session.commit()": _commit,
    "session.rollback()": _rollback,
}


def test_every_session_method_has_a_test() -> None:
    assert SESSION_METHODS.keys() == {method.strip("`") for method, _ in rows("Session Methods")}


@pytest.mark.parametrize("method", SESSION_METHODS)
async def test_session_method(stage: Stage, method: str) -> None:
    await SESSION_METHODS[method](await prepared(stage), stage)
