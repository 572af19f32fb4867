"""Instances go in and come out, one and many, in every style."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import (
    DataError,
    ForeignKeyViolation,
    NoResultFound,
    NotNullViolation,
    ProgrammingError,
    UniqueViolation,
)
from tests.support import maybe


async def test_insert_get_update_remove(session: Any, models: ModuleType) -> None:
    user = models.User(name="Ada", email="ada@example.com", age=36)
    assert user.id is None

    assert await maybe(session.insert(user)) is user
    assert isinstance(user.id, int)

    found = await maybe(session.get(models.User, user.id))
    assert found is not user  # fresh from the database each time
    assert type(found) is models.User
    assert (found.id, found.name, found.email, found.age) == (user.id, "Ada", "ada@example.com", 36)

    assert await maybe(session.update(user, name="Ada Lovelace", age=None)) is user
    assert (user.name, user.age) == ("Ada Lovelace", None)
    found = await maybe(session.get(models.User, user.id))
    assert (found.name, found.email, found.age) == ("Ada Lovelace", "ada@example.com", None)

    await maybe(session.remove(user))
    assert await maybe(session.get(models.User, user.id)) is None


async def test_update_without_values_writes_what_was_assigned(session: Any, models: ModuleType) -> None:
    user = await maybe(session.insert(models.User(name="Ada", email="a")))
    user.name, user.age = "Grace", 85

    await maybe(session.update(user))

    found = await maybe(session.get(models.User, user.id))
    assert (found.name, found.email, found.age) == ("Grace", "a", 85)


async def test_an_update_that_changes_nothing_has_found_its_row(session: Any, models: ModuleType) -> None:
    user = await maybe(session.insert(models.User(name="Ada", email="a")))

    assert await maybe(session.update(user, name="Ada")) is user
    assert await maybe(session.query(models.User).filter(id=user.id).update(name="Ada")) == 1


async def test_instances_from_a_query_can_be_written_again(session: Any, models: ModuleType) -> None:
    await maybe(session.insert(models.User(name="Ada", email="a")))
    user = await maybe(session.query(models.User).one())

    await maybe(session.update(user, age=1))
    await maybe(session.remove(user))

    assert await maybe(session.query(models.User).count()) == 0


async def test_insert_with_a_key_of_ones_own(session: Any, models: ModuleType) -> None:
    user = await maybe(session.insert(models.User(id=500, name="Ada", email="a")))

    assert user.id == 500
    assert (await maybe(session.get(models.User, 500))).name == "Ada"


async def test_insert_all(session: Any, models: ModuleType) -> None:
    given = [models.User(name=f"user {n}", email=f"{n}", age=n if n % 2 else None) for n in range(1000)]

    assert await maybe(session.insert_all(given)) == given

    assert len({user.id for user in given}) == 1000
    rows = await maybe(session.query(models.User).order_by("id").values_list("id", "name", "age"))
    assert rows == [(user.id, user.name, user.age) for user in sorted(given, key=lambda user: user.id)]
    assert await maybe(session.insert_all([])) == []


async def test_insert_all_mixed(session: Any, models: ModuleType) -> None:
    """Some with keys of their own, posts before the users they belong to: the order stays, the keys are the right ones."""
    given = [
        models.Post(title="first", author_id=70),
        models.User(name="a", email="a"),
        models.User(id=70, name="b", email="b"),
        models.Post(title="second", author_id=70),
        models.User(name="c", email="c"),
    ]

    assert await maybe(session.insert_all(given)) == given

    for instance in given:
        found = await maybe(session.get(type(instance), instance.id))
        assert vars_of(found) == vars_of(instance)
    assert given[2].id == 70


def vars_of(instance: Any) -> dict[str, Any]:
    return {
        key: getattr(instance, key)
        for key in ("id", "name", "email", "age", "title", "author_id")
        if hasattr(instance, key)
    }


async def test_insert_all_is_all_or_nothing(session: Any, models: ModuleType) -> None:
    users = [models.User(name="a", email="a"), models.User(name="b", email="b"), models.User(name="c", email="a")]
    with pytest.raises(UniqueViolation):
        await maybe(session.insert_all(users))
    with pytest.raises(ForeignKeyViolation):
        await maybe(session.insert_all([models.User(name="a", email="a"), models.Post(title="x", author_id=12345)]))

    assert [user.id for user in users] == [None] * 3
    assert await maybe(session.query(models.User).count()) == 0


async def test_missing_rows_are_errors(session: Any, models: ModuleType) -> None:
    ghost = models.User(id=99, name="Ada", email="a")

    with pytest.raises(NoResultFound, match="User with id=99"):
        await maybe(session.update(ghost, name="x"))
    assert ghost.name == "Ada"
    with pytest.raises(NoResultFound, match="User with id=99"):
        await maybe(session.remove(ghost))
    with pytest.raises(LookupError, match="User with id=99"):
        await maybe(session.get_or_raise(models.User, 99))
    with pytest.raises(ProgrammingError, match="Insert it first"):
        await maybe(session.remove(models.User(name="Ada", email="a")))
    assert await maybe(session.get(models.User, 99)) is None


async def test_errors_by_name_and_a_session_that_goes_on(session: Any, models: ModuleType) -> None:
    ada = await maybe(session.insert(models.User(name="Ada", email="ada")))
    bob = await maybe(session.insert(models.User(name="Bob", email="bob")))

    for _ in range(2):  # nothing of the failed one is tried again
        with pytest.raises(UniqueViolation) as caught:
            await maybe(session.insert(models.User(name="Eve", email="ada")))
        assert caught.value.sqlstate == "23505"
        with pytest.raises(UniqueViolation):
            await maybe(session.update(bob, email="ada"))
        assert bob.email == "bob"
        with pytest.raises(ForeignKeyViolation):
            await maybe(session.insert(models.Post(title="x", author_id=99)))
        with pytest.raises(NotNullViolation):
            await maybe(session.query(models.User).update(name=None))
        with pytest.raises(DataError):
            await maybe(session.query(models.User).update(age="x"))
        with pytest.raises(ProgrammingError):
            await maybe(session.execute_raw("SELECT nonsense FROM nowhere"))

    post = await maybe(session.insert(models.Post(title="x", author_id=ada.id)))
    with pytest.raises(ForeignKeyViolation):
        await maybe(session.remove(ada))
    assert (await maybe(session.get(models.Post, post.id))).title == "x"
    assert await maybe(session.query(models.User).count()) == 2


async def test_text_is_data(session: Any, models: ModuleType) -> None:
    """Whatever a value says, it is stored and found as it is."""
    hostile = ["'; DROP TABLE users; --", '" OR 1=1', "$1", "?1", "%", "_", "\\", "a%b_c\\d", ":name", "NULL", ""]
    users = await maybe(session.insert_all([models.User(name=text, email=str(n)) for n, text in enumerate(hostile)]))
    query = session.query(models.User)

    for user, text in zip(users, hostile, strict=True):
        assert [found.id for found in await maybe(query.filter(name=text).all())] == [user.id]
        assert [found.id for found in await maybe(query.filter(name__in=[text]).all())] == [user.id]
        contained = [found.name for found in await maybe(query.filter(name__contains=text).order_by("id").all())]
        assert contained == [other for other in hostile if text in other]
        started = [found.name for found in await maybe(query.filter(name__startswith=text).order_by("id").all())]
        assert started == [other for other in hostile if other.startswith(text)]
        ended = [found.name for found in await maybe(query.filter(name__endswith=text).order_by("id").all())]
        assert ended == [other for other in hostile if other.endswith(text)]
        assert await maybe(query.filter(name=text).update(name=f"{text}'")) == 1
        await maybe(session.update(user, name=text))
    assert await maybe(query.count()) == len(hostile)
