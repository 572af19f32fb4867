"""What `BaseModel` says of a table, and models with schemas, documents, awkward names and awkward values."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Annotated, Any

import pytest
from pydantic import ConfigDict, Field, PrivateAttr

from ferrow import mapped_column
from ferrow.crud import BaseModel, NoPrimaryKey, Partial
from ferrow.errors import DatabaseError, DataError, Error, NotSupportedError
from tests.support import maybe
from tests.support.crud.models import Address, MyUser, Pair, Profile, Role

OLDER = pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])


def test_names_of_tables() -> None:
    def called(name: str) -> str:
        return type(name, (BaseModel,), {"__annotations__": {"id": int}, "__module__": __name__}).get_table_name()  # type: ignore[attr-defined,no-any-return]

    assert [called(name) for name in ("User", "MyUser", "HTTPServer", "A1B")] == [
        "user",
        "my_user",
        "h_t_t_p_server",
        "a1_b",
    ]
    assert MyUser.get_full_table_name() == '"my_user"'


def test_primary_keys() -> None:
    class Keyless(BaseModel):
        name: str

    assert (MyUser.get_primary_key(), Profile.get_primary_key(), Pair.get_primary_key()) == (
        "id",
        "profile_id",
        "left, right",
    )
    with pytest.raises(TypeError, match=r"^Keyless does not have a primary key\.$") as caught:
        Keyless.get_primary_key()
    assert isinstance(caught.value, NoPrimaryKey)
    assert isinstance(caught.value, Error)


async def test_a_model_without_a_key_is_inserted_and_read(crud: Any, engine: Any, mysql: bool) -> None:
    class Entry(BaseModel):
        text: str

    await maybe(engine.create_all(Entry))
    if mysql:
        with pytest.raises(NotSupportedError, match="no RETURNING"):
            await maybe(crud.insert(Entry(text="b")))
        await maybe(crud.execute_raw("INSERT INTO entry (text) VALUES ('b'), ('a')"))
    else:
        assert (await maybe(crud.insert(Entry(text="b")))).text == "b"
        await maybe(crud.insert_many([Entry(text="a")]))
    assert [one.text for one in await maybe(crud.select_all(Entry, order_by="text"))] == ["a", "b"]
    assert len(await maybe(crud.select_all(Entry))) == 2
    assert (await maybe(crud.select_one(Entry, text="a"))).text == "a"
    assert (await maybe(crud.paginate(Entry, 1, 1, order_by="text")))[1] == 2
    for call in (lambda: crud.update(Entry(text="c")), lambda: crud.delete(Entry(text="a"))):
        with pytest.raises(Error, match="Entry has none"):
            await maybe(call())


class Inner(BaseModel):
    __abstract__ = True
    __schema__ = "inner room"


class Thing(Inner):
    id: int | None = None
    name: Annotated[str, mapped_column(unique=True)]


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def test_every_function_finds_a_schema(crud: Any, engine: Any) -> None:
    await maybe(crud.execute_raw('CREATE SCHEMA "inner room"'))
    await maybe(engine.create_all(Thing))
    first, second = await maybe(crud.insert_many([Thing(name="a"), Thing(name="b")]))
    third = await maybe(crud.insert(Thing(name="c")))
    assert await maybe(crud.select_one(Thing, id=first.id)) == first
    assert await maybe(crud.select_one(Thing, name="b")) == second
    assert await maybe(crud.select_all(Thing)) == [first, second, third]
    assert await maybe(crud.paginate(Thing, 2, 2)) == ([third], 3)
    assert [*await maybe(crud.paginate_keyset(Thing, page_size=2))] == [first, second]
    assert (await maybe(crud.update(Partial(Thing)(id=third.id, name="z")))).name == "z"
    assert (await maybe(crud.upsert(Thing(name="a"), "name"))).id == first.id
    assert await maybe(crud.delete(second)) is True
    assert await maybe(crud.select_raw('SELECT count(*) AS n FROM "inner room".thing')) == [{"n": 2}]


async def test_documents_are_filtered_by_what_is_in_them(crud: Any) -> None:
    made = await maybe(
        crud.insert(Profile(nickName="ada", settings={"a": 1, "b": {"c": "d"}}, address=Address(city="Paris")))
    )
    await maybe(crud.insert(Profile(nickName="bob", settings={"a": 2})))
    for filters in (
        {"settings__a": 1},
        {"settings__b__c": "d"},
        {"settings__contains": {"a": 1}},
        {"address__city": "Paris"},
        {"settings__in": [{"a": 1, "b": {"c": "d"}}]},
        {"role": "reader", "nick": "ada"},
        {"role__in": [Role.READER], "settings__a__lt": 2},
    ):
        assert await maybe(crud.select_all(Profile, **filters)) == [made], filters
    assert await maybe(crud.select_all(Profile, address=None, settings__a=1)) == []


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Awkward(BaseModel):
    """Fields called as SQL, as arguments, as operators; what only Python sees is not stored."""

    __table_name__ = "drop table; --"
    model_config = ConfigDict(populate_by_name=True)

    id: int | None = None
    select: str = ""
    where: int | None = None
    order_by: int | None = None
    model_class: str = ""
    a__b: int = 0
    quote: Annotated[str, mapped_column(name='o"dd % name')] = Field(default="", alias="the quote")
    secret: str = Field(default="s", exclude=True)
    colour: Colour = Colour.RED
    level: Level = Level.LOW
    _seen: list[int] = PrivateAttr(default_factory=list)


async def test_awkward_names(crud: Any, engine: Any) -> None:
    await maybe(engine.create_all(Awkward))
    made = await maybe(
        crud.insert(
            Awkward(select="x", where=1, order_by=2, model_class="m", a__b=3, quote="q", level=Level.HIGH, secret="t")
        )
    )
    assert (made.where, made.quote, made.level, made.colour, made.secret, made._seen) == (
        1,
        "q",
        Level.HIGH,
        Colour.RED,
        "t",
        [],
    )
    named = {"select": "x", "where": 1, "order_by": 2, "model_class": "m", "a__b": 3, "quote": "q", "level": Level.HIGH}
    for key, value in named.items():
        assert await maybe(crud.select_all(Awkward, where={key: value})) == [made], key
    assert await maybe(
        crud.select_all(Awkward, select="x", a__b=3, level=2, where__eq=1, order_by=["quote", "-select"])
    ) == [made]
    made.quote = "r"
    changed = await maybe(crud.update(made))
    assert (changed.quote, changed._seen is made._seen) == ("r", False)


HOSTILE = ["'; DROP TABLE my_user; --", "%s %(a)s $1 ? :x", "\\' \" ` \\", "Zürich 🎉 \u202e", " ", "x" * 100_000]


async def test_awkward_values(crud: Any) -> None:
    made = await maybe(crud.insert_many([MyUser(name=text, email=f"{n}") for n, text in enumerate(HOSTILE)]))
    for text, user in zip(HOSTILE, made, strict=True):
        assert user.name == text
        assert await maybe(crud.select_all(MyUser, name=text, email=user.email)) == [user]
        assert (await maybe(crud.update(Partial(MyUser)(id=user.id, name=text)))).name == text
        assert await maybe(
            crud.select_raw("SELECT id FROM my_user WHERE name = %s AND email = %s", [text, user.email])
        ) == [{"id": user.id}]


@OLDER
async def test_values_that_no_database_takes_are_errors_of_ours(crud: Any, backend: str) -> None:
    for wrong in ("a\ud800", *(["a\x00b"] if backend == "postgresql" else [])):
        with pytest.raises(Error):
            await maybe(crud.insert(MyUser(name=wrong, email="x")))
        with pytest.raises(Error):
            await maybe(crud.select_all(MyUser, name=wrong))
    for call in (
        lambda: crud.select_all(MyUser, limit=10**30),
        lambda: crud.paginate(MyUser, 10**18, 100),
        lambda: crud.select_all(MyUser, age=10**30),
        lambda: crud.update(Partial(MyUser)(id=10**30, age=1)),
    ):
        with pytest.raises((DataError, DatabaseError)):
            await maybe(call())
