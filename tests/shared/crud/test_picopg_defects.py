"""What PicoPG's own implementation gets wrong, P-D1 to P-D21 of our list: ours is right in each case."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from datetime import datetime
from typing import Any

import pytest

import ferrow
from ferrow.crud import BaseModel, Partial, SQLBuilder, WrongModel
from ferrow.errors import DatabaseError, Error, NotSupportedError, UniqueViolation
from tests.support import entered, maybe
from tests.support.crud.models import Address, Checked, MyUser, Numbered, Profile, Role


async def made(crud: Any, count: int = 3) -> list[MyUser]:
    found: list[MyUser] = await maybe(
        crud.insert_many([MyUser(name=f"u{n}", email=f"{n}", age=n) for n in range(count)])
    )
    return found


async def test_1_a_table_name_that_brings_its_own_quotes(crud: Any, engine: Any) -> None:
    class Quoted(BaseModel):
        __table_name__ = '"users_table"'
        id: int | None = None

    await maybe(engine.create_all(Quoted))
    await maybe(crud.insert(Quoted()))
    assert await maybe(crud.select_raw("SELECT count(*) AS n FROM users_table")) == [{"n": 1}]


async def test_2_what_the_builder_builds_prints_as_sql(crud: Any, backend: str) -> None:
    query, params = SQLBuilder.build_insert(MyUser(name="a", email="b"))
    assert f"{query}" == str(query) == 'INSERT INTO "my_user" (name, email, is_active) VALUES (%s, %s, %s) RETURNING *'
    if backend == "mariadb":
        with pytest.raises(NotSupportedError, match="statements for PostgreSQL and SQLite"):
            await maybe(crud.execute_raw(query, params))
    else:
        assert await maybe(crud.execute_raw(query, params)) == 1


async def test_3_delete_needs_the_primary_key_only(crud: Any) -> None:
    first, *_ = await made(crud)
    assert await maybe(crud.delete(Partial(MyUser)(id=first.id))) is True
    assert await maybe(crud.delete(Partial(MyUser)(id=first.id))) is False


async def test_4_defaults_of_the_database_apply_to_what_was_not_given(crud: Any, numbered: str) -> None:
    class Event(BaseModel):
        """Nothing here says that the table has defaults."""

        id: int | None = None
        kind: str | None = None
        at: datetime | None = None

    await maybe(
        crud.execute_raw(
            f"CREATE TABLE event (id {numbered}, kind varchar(9) DEFAULT 'none', at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP)"
        )
    )
    event = await maybe(crud.insert(Event()))
    assert (event.kind, type(event.at)) == ("none", datetime)
    assert (await maybe(crud.insert(Event(kind=None)))).kind is None  # given, so meant
    both = await maybe(crud.insert_many([Event(), Event(kind="x")]))
    assert [one.kind for one in both] == ["none", "x"]


async def test_5_null_can_be_filtered(crud: Any) -> None:
    await made(crud)
    await maybe(crud.insert(MyUser(name="old", email="old")))
    assert [one.name for one in await maybe(crud.select_all(MyUser, age=None))] == ["old"]
    assert await maybe(crud.select_all(MyUser, where=Partial(MyUser)(name=None))) == []
    assert [one.name for one in await maybe(crud.select_all(MyUser, age=[None, 1]))] == ["u1", "old"]


async def test_6_a_limit_of_0_gives_no_rows(crud: Any) -> None:
    await made(crud)
    assert await maybe(crud.select_all(MyUser, limit=0)) == []


async def test_7_documents_models_and_lists_are_stored_and_found(crud: Any) -> None:
    profile = Profile(
        nickName="ada", address=Address(city="Paris"), settings={"a": [1, None]}, notes=["x", "y"], tags=["red", "blue"]
    )
    stored = await maybe(crud.insert(profile))
    assert stored.model_dump(exclude={"profile_id"}) == profile.model_dump(exclude={"profile_id"})
    await maybe(crud.insert(Profile(nickName="bob", tags=["red"])))
    for filters in (
        {"tags": ["red", "blue"]},
        {"settings": {"a": [1, None]}},
        {"address": Address(city="Paris")},
        {"notes": ["x", "y"]},
    ):
        assert await maybe(crud.select_all(Profile, **filters)) == [stored], filters
        assert await maybe(crud.select_all(Profile, where=Partial(Profile)(**filters))) == [stored], filters


async def test_8_enumerations_round_trip_by_value(crud: Any) -> None:
    stored = await maybe(crud.insert(Profile(nickName="ada", role=Role.ADMIN)))
    assert stored.role is Role.ADMIN
    assert await maybe(crud.select_one(Profile, role=Role.ADMIN)) == stored
    assert await maybe(crud.select_all(Profile, role=[Role.ADMIN, Role.EDITOR])) == [stored]
    assert (await maybe(crud.select_raw("SELECT role FROM profile")))[0]["role"] == "admin"


async def test_9_aliases_are_for_the_outside_and_computed_fields_are_no_columns(crud: Any, backend: str) -> None:
    stored = await maybe(crud.insert(Profile(nickName="ada")))
    assert (stored.nick, stored.shouted) == ("ada", "ADA")
    assert await maybe(crud.select_one(Profile, nick="ada")) == stored
    for partial in (Partial(Profile)(nickName="ada"), Partial(Profile)(nick="ada")):
        assert await maybe(crud.select_one(Profile, where=partial)) == stored
    stored.nick = "Ada"
    assert (await maybe(crud.update(stored))).shouted == "ADA"
    if backend != "mariadb":  # where documents are texts to whoever reads them by SQL of his own
        assert (await maybe(crud.select_raw("SELECT * FROM profile", None, Profile)))[0].nick == "Ada"


async def test_10_descending_nulls_and_expressions_and_names_are_checked(crud: Any) -> None:
    await made(crud)
    await maybe(crud.insert(MyUser(name="old", email="old")))
    age = ferrow.columns(MyUser).age
    found = await maybe(crud.select_all(MyUser, order_by=[age.desc().nulls_first(), "-id"]))
    assert [one.name for one in found] == ["old", "u2", "u1", "u0"]
    with pytest.raises(AttributeError, match="'agee' is not a valid field for MyUser"):
        await maybe(crud.select_all(MyUser, order_by="agee"))


async def test_11_update_writes_what_is_meant(crud: Any) -> None:
    first, *_ = await made(crud)
    mine = await maybe(crud.select_one(MyUser, id=first.id))
    await maybe(crud.update(Partial(MyUser)(id=first.id, name="theirs")))
    mine.age = 70
    changed = await maybe(crud.update(mine, fields="age"))
    assert (changed.name, changed.age) == ("theirs", 70)
    # An instance that was not read writes what it was given, not its defaults.
    await maybe(crud.update(Partial(MyUser)(id=first.id, is_active=False)))
    changed = await maybe(crud.update(MyUser(id=first.id, name="again", email="0")))
    assert (changed.name, changed.is_active, changed.age) == ("again", False, 70)


@pytest.mark.parametrize(("page", "size"), [(0, 5), (-1, 5), (1, -1), (True, 5), (1, 2.0), ("1", 5)])
@pytest.mark.parametrize(("backend", "colour"), [("sqlite", "sync")])
async def test_12_pages_are_checked(crud: Any, page: Any, size: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"paginate\(page(_size)?=\.\.\.\) takes"):
        await maybe(crud.paginate(MyUser, page, size))
    with pytest.raises((TypeError, ValueError), match=r"paginate_raw\(page(_size)?=\.\.\.\) takes"):
        await maybe(crud.paginate_raw(None, "SELECT 1 AS total", "SELECT 1 AS a", page, size))


async def test_12_page_and_total_are_of_one_moment(traced: Any) -> None:
    crud, sent = traced
    await made(crud)
    sent.clear()
    _, total = await maybe(crud.paginate(MyUser, 1, 2))
    assert total == 3
    assert len(sent) == 1  # one statement, so one snapshot


class Base(BaseModel):
    __abstract__ = True
    __schema__ = "app"
    __primary_key__ = "key"
    __table_name__ = "not_inherited"

    key: int | None = None


class Child(Base):
    name: str = ""


class Grandchild(Child):
    __tablename__ = "wins"
    __table_name__ = "loses"


async def test_13_schema_and_key_are_inherited_and_the_table_is_not() -> None:
    assert (Child.get_table_name(), Child.get_full_table_name(), Child.get_primary_key()) == (
        "child",
        '"app"."child"',
        "key",
    )
    assert (Grandchild.get_table_name(), Grandchild.get_primary_key()) == ("wins", "key")
    with pytest.raises(TypeError, match=r"^No primary key defined\.$"):
        Base.get_primary_key()


async def test_14_a_failed_initialize_leaves_nothing_behind(empty: Any, url: str, tmp_path: Any) -> None:
    wrong = f"sqlite:///{tmp_path}/there/is/no/such/folder.db"
    with pytest.raises(DatabaseError):
        await maybe(empty.ConnectionManager.initialize(dsn=wrong))
    assert not empty.ConnectionManager.initialized
    await maybe(empty.ConnectionManager.initialize(dsn=url))
    assert await maybe(empty.select_raw("SELECT 1 AS one")) == [{"one": 1}]


async def test_15_where_of_another_model_is_refused(crud: Any) -> None:
    for where in (Numbered(id=1), Partial(Numbered)(id=1), MyUser, 5, "name = 'x'"):
        with pytest.raises(WrongModel, match="of a call about Checked takes") as caught:
            await maybe(crud.select_all(Checked, where=where))
        assert isinstance(caught.value, TypeError)


async def test_16_fields_that_are_called_like_arguments(crud: Any) -> None:
    await maybe(crud.insert_many([MyUser(name="a", email="a", limit=5), MyUser(name="b", email="b")]))
    for arguments in (
        {"where": Partial(MyUser)(limit=5)},
        {"where": ferrow.Q(limit=5)},
        {"where": {"limit": 5}},
        {"limit__eq": 5},
    ):
        found = await maybe(crud.select_all(MyUser, **arguments))
        assert [one.name for one in found] == ["a"], arguments


async def test_17_the_parameters_of_a_raw_page_stay_the_callers(crud: Any) -> None:
    await made(crud, 5)
    params = [0]
    for page in (1, 2):
        users, total = await maybe(
            crud.paginate_raw(
                MyUser,
                "SELECT count(*) AS total FROM my_user WHERE age > %s",
                "SELECT * FROM my_user WHERE age > %s ORDER BY id -- all of them",
                page,
                2,
                params,
            )
        )
        assert (len(users), total) == (2, 4)
    assert params == [0]
    query, more = SQLBuilder.build_paginate_from_sql("SELECT * FROM my_user WHERE age > %s", 1, 2, params)
    assert (query.count("%s"), more, params) == (3, [0, 2, 0], [0])


def test_18_there_is_no_script_that_cannot_be_imported() -> None:
    """PicoPG installs a command that fails. The functions have none."""
    scripts = importlib.metadata.entry_points(group="console_scripts")
    assert [one for one in scripts if "crud" in one.value] == []
    assert importlib.util.find_spec("ferrow.crud.__main__") is None


def test_19_partial_classes_are_real_subclasses_and_defaults_are_not_frozen() -> None:
    """What checkers see of them is in tests/typing."""

    class Moment(BaseModel):
        id: int | None = None
        at: datetime = datetime(2000, 1, 1)

    assert issubclass(Partial(Moment), Moment)  # type: ignore[arg-type]
    assert Partial(Moment) is Partial(Moment)
    assert Partial(Moment)(id=1).model_dump(exclude_unset=True) == {"id": 1}


async def test_20_errors_are_ours_and_say_what_is_known(crud: Any) -> None:
    await made(crud, 1)
    with pytest.raises(UniqueViolation) as caught:
        await maybe(crud.insert(MyUser(name="x", email="0")))
    assert isinstance(caught.value, Error)
    assert caught.value.sqlstate
    with pytest.raises(RuntimeError, match=r"Update operation failed") as failed:
        await maybe(crud.update(MyUser(id=99, name="x", email="x")))
    assert isinstance(failed.value, Error)


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def test_21_a_call_is_one_statement_without_begin_and_commit(traced: Any) -> None:
    crud, sent = traced
    first, *_ = await made(crud)
    calls = [
        lambda: crud.insert(MyUser(name="n", email="n")),
        lambda: crud.select_one(MyUser, id=first.id),
        lambda: crud.select_one(MyUser, name="u1"),
        lambda: crud.select_all(MyUser, age=[1, 2]),
        lambda: crud.update(first),
        lambda: crud.upsert(MyUser(name="m", email="n"), "email"),
        lambda: crud.paginate(MyUser, 1, 2),
        lambda: crud.paginate_keyset(MyUser, None, 2),
        lambda: crud.select_raw("SELECT 1 AS one"),
        lambda: crud.execute_raw("UPDATE my_user SET age = %s", [5]),
        lambda: crud.delete(first),
        lambda: crud.insert_many([MyUser(name="p", email="p"), MyUser(name="q", email="q")]),
    ]
    for number, call in enumerate(calls):
        sent.clear()
        await maybe(call())
        assert len(sent) == 1, (number, sent)


async def test_21_calls_are_grouped_in_one_transaction(crud: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        async with entered(crud.ConnectionManager.transaction()):
            await made(crud)
            assert len(await maybe(crud.select_all(MyUser))) == 3
            raise ZeroDivisionError
    assert await maybe(crud.select_all(MyUser)) == []
