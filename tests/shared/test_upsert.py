"""Rows that may be there already: `upsert`, `upsert_all`, `on_conflict_*`, in every model style."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import excluded, insert, select
from ferrow.errors import DataError, IntegrityError, NotSupportedError, ProgrammingError, UnknownColumn
from ferrow.model import table_of
from tests.support import maybe


async def everybody(session: Any, models: ModuleType) -> list[tuple[Any, ...]]:
    query = session.query(models.User).order_by("email")
    return list(await maybe(query.values_list("name", "email", "age")))


def ref(model: type, key: str) -> Any:
    return table_of(model).column(key).ref


async def test_a_new_row(session: Any, models: ModuleType) -> None:
    user = models.User(name="Ada", email="a", age=36)

    assert await maybe(session.upsert(user, "email")) is user
    assert user.id is not None
    assert await everybody(session, models) == [("Ada", "a", 36)]


async def test_a_row_that_is_there(session: Any, models: ModuleType) -> None:
    first = await maybe(session.insert(models.User(name="Ada", email="a", age=36)))

    second = await maybe(session.upsert(models.User(name="Lovelace", email="a", age=37), conflict_target="email"))

    assert (second.id, second.name, second.age) == (first.id, "Lovelace", 37)
    assert await everybody(session, models) == [("Lovelace", "a", 37)]


async def test_o_d24_omitted_columns_are_never_written_over(session: Any, models: ModuleType) -> None:
    first = await maybe(session.insert(models.User(name="Ada", email="a", age=36)))

    user = await maybe(session.upsert(models.User(name="Lovelace", email="a"), ["email"]))

    assert (user.id, user.name, user.age) == (first.id, "Lovelace", 36)
    assert await everybody(session, models) == [("Lovelace", "a", 36)]


async def test_only_the_named_fields(session: Any, models: ModuleType) -> None:
    await maybe(session.insert(models.User(name="Ada", email="a", age=36)))

    user = await maybe(session.upsert(models.User(name="X", email="a", age=None), "email", update_fields=["age"]))

    assert (user.name, user.age) == ("Ada", None)
    assert await everybody(session, models) == [("Ada", "a", None)]


async def test_o_d24_do_nothing_fills_the_instance_from_the_row_there(session: Any, models: ModuleType) -> None:
    first = await maybe(session.insert(models.User(name="Ada", email="a", age=36)))

    user = await maybe(session.upsert(models.User(name="X", email="a", age=1), "email", do_nothing=True))

    assert (user.id, user.name, user.age) == (first.id, "Ada", 36)
    assert await everybody(session, models) == [("Ada", "a", 36)]


async def test_o_d24_many_with_do_nothing_get_their_own_rows(session: Any, models: ModuleType) -> None:
    there = await maybe(session.insert_all([models.User(name=name, email=name) for name in "bd"]))

    users = await maybe(
        session.upsert_all([models.User(name=f"new {e}", email=e) for e in "abcde"], "email", do_nothing=True)
    )

    assert [(user.email, user.name) for user in users] == [
        ("a", "new a"),
        ("b", "b"),
        ("c", "new c"),
        ("d", "d"),
        ("e", "new e"),
    ]
    assert [users[1].id, users[3].id] == [user.id for user in there]
    assert len({user.id for user in users}) == 5


async def test_many(session: Any, models: ModuleType) -> None:
    """Instances that were given other attributes change other columns, and each gets its row back."""
    await maybe(session.insert_all([models.User(name=e, email=e, age=n) for n, e in enumerate("abc", 1)]))

    users = await maybe(
        session.upsert_all(
            [
                models.User(name="C", email="c"),
                models.User(name="D", email="d", age=4),
                models.User(name="A", email="a", age=10),
                models.User(name="B", email="b"),
            ],
            conflict_target="email",
        )
    )

    assert [(user.email, user.name, user.age) for user in users] == [
        ("c", "C", 3),
        ("d", "D", 4),
        ("a", "A", 10),
        ("b", "B", 2),
    ]
    assert await everybody(session, models) == [("A", "a", 10), ("B", "b", 2), ("C", "c", 3), ("D", "d", 4)]
    assert await maybe(session.upsert_all([], "email")) == []


async def test_the_same_row_twice(session: Any, models: ModuleType) -> None:
    users = await maybe(session.upsert_all([models.User(name=n, email="a") for n in "xy"], "email", ["name"]))

    assert users[0].id == users[1].id
    assert await everybody(session, models) == [("y", "a", None)]


async def test_all_or_none(session: Any, models: ModuleType) -> None:
    await maybe(session.insert(models.User(id=7, name="Ada", email="a")))
    users = [models.User(name="b", email="b", age=1), models.User(id=7, name="c", email="c")]

    with pytest.raises(IntegrityError):
        await maybe(session.upsert_all(users, "email"))

    assert users[0].id is None
    assert await everybody(session, models) == [("Ada", "a", None)]


async def test_mistakes(session: Any, models: ModuleType) -> None:
    user = models.User(name="x", email="x")
    for arguments, error, text in (
        ({"conflict_target": "emial"}, UnknownColumn, "Did you mean 'email'"),
        ({"conflict_target": "email", "update_fields": ["nmae"]}, UnknownColumn, "Did you mean 'name'"),
        ({"conflict_target": []}, ProgrammingError, "names no column"),
        ({"conflict_target": "email", "update_fields": ["name"], "do_nothing": True}, ProgrammingError, "not both"),
        ({"conflict_target": "email) DO NOTHING; --"}, UnknownColumn, "has no column"),
    ):
        with pytest.raises(error, match=text):
            await maybe(session.upsert(user, **arguments))
    assert await everybody(session, models) == []


# --- statements ----------------------------------------------------------------------------------------------------------


async def test_on_conflict_do_nothing(session: Any, models: ModuleType) -> None:
    for target in (None, "email", ref(models.User, "email"), ["email"]):
        statement = insert(models.User).values(name="Ada", email="a").on_conflict_do_nothing(target)
        await maybe(session.execute(statement))

    assert await everybody(session, models) == [("Ada", "a", None)]


async def test_on_conflict_do_update(session: Any, models: ModuleType) -> None:
    User = models.User
    age, name = ref(User, "age"), ref(User, "name")
    await maybe(session.insert(User(name="Ada", email="a", age=36)))
    base = insert(User).values({"name": "X", "email": "a"}, {"name": "New", "email": "b"})
    await maybe(session.execute(base.on_conflict_do_update("email")))
    assert await everybody(session, models) == [("X", "a", 36), ("New", "b", None)]

    one = insert(User).values(name="Y", email="a", age=1)
    for set_, expected in (
        (["name"], ("Y", "a", 36)),
        ({"age": 40}, ("Y", "a", 40)),
        ({"age": age + excluded(age), "name": excluded(name) + "!"}, ("Y!", "a", 41)),
        (None, ("Y", "a", 1)),
    ):
        result = await maybe(session.execute(one.on_conflict_do_update(["email"], set_).returning(name, age)))
        assert result.all() == [(expected[0], expected[2])]
        assert (await everybody(session, models))[0] == expected
    await maybe(session.execute(one.on_conflict_do_update("email", {"age": 99}, where=age > 50)))
    assert (await everybody(session, models))[0][2] == 1


async def test_what_on_conflict_refuses(models: ModuleType) -> None:
    base = insert(models.User).values(email="a", name="x")
    for attempt, error, text in (
        (lambda: base.on_conflict_do_update("email", {}), ProgrammingError, "sets no column"),
        (lambda: base.on_conflict_do_update([]), ProgrammingError, "needs the columns"),
        (lambda: base.on_conflict_do_update("email", ["nmae"]), UnknownColumn, "Did you mean 'name'"),
        (lambda: base.on_conflict_do_update("email", {"age": "x"}), DataError, "User.age takes int"),
        (lambda: base.on_conflict_do_update(ref(models.Post, "title")), ProgrammingError, "another table"),
        (lambda: base.on_conflict_do_nothing().on_conflict_do_nothing(), ProgrammingError, "already what to do"),
        (lambda: insert(models.User).values(email="a").on_conflict_do_update("email").to_sql(), ProgrammingError, "none is left"),
    ):  # fmt: skip
        with pytest.raises(error, match=text):
            attempt()


async def test_from_select(session: Any, models: ModuleType, mysql: bool) -> None:
    User, Post = models.User, models.Post
    await maybe(session.insert(User(name="Ada", email="a", age=36)))
    query = select(ref(User, "id"), ref(User, "name")).where(ref(User, "age") > 30)

    given = insert(Post).from_select(["author_id", "title"], query)
    if mysql:
        with pytest.raises(NotSupportedError, match="no RETURNING"):
            await maybe(session.execute(given.returning()))
        await maybe(session.execute(given))
        assert await maybe(session.query(Post).values_list("title", flat=True)) == ["Ada"]
    else:
        result = await maybe(session.execute(given.returning()))
        assert [post.title for post in result.scalars().all()] == ["Ada"]
    for columns, error, text in (
        (["author_id"], ProgrammingError, "2 columns for 1"),
        (["author_id", "titel"], UnknownColumn, "Did you mean 'title'"),
        (["title", "author_id"], ProgrammingError, "Post.title is"),
    ):
        with pytest.raises(error, match=text):
            insert(Post).from_select(columns, query)
