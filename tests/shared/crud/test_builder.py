"""`SQLBuilder`: the texts of the document and of its list, and that they run as they are wherever SQL is run."""

from __future__ import annotations

import copy
import pickle
from typing import Annotated, Any

import pytest

from ferrow import AsyncSession, Session, mapped_column
from ferrow.crud import BaseModel, Partial, SQLBuilder, SQLStatement, UnknownField
from ferrow.errors import DataError, ProgrammingError
from tests.support import entered, maybe
from tests.support.crud.models import Address, Counted, MyUser, Numbered, Pair, Profile, Role

OLDER = pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
"""The databases that statements are built for."""


class Awkward(BaseModel):
    __table_name__ = 'ta"ble 100%'
    __schema__ = "my schema"

    id: int | None = None
    order: int = 0
    camel: Annotated[str, mapped_column(name="camelCase")] = ""
    index: int = 0
    percent: Annotated[int, mapped_column(name="of 100%")] = 0


USER = MyUser(id=1, name="a", email="e", age=None)
TEXTS: list[tuple[Any, str, list[Any]]] = [
    (SQLBuilder.build_insert(USER), 'INSERT INTO "my_user" (id, name, email, age, is_active) VALUES (%s, %s, %s, %s, %s) RETURNING *', [1, "a", "e", None, True]),
    (SQLBuilder.build_insert(Numbered()), 'INSERT INTO "numbered" DEFAULT VALUES RETURNING *', []),
    (SQLBuilder.build_insert(Profile(nickName="n", role=Role.ADMIN, address=Address(city="c"))), 'INSERT INTO "profile" (nick, role, address, notes, tags) VALUES (%s, %s, %s, %s, %s) RETURNING *', ["n", "admin", {"city": "c", "code": None}, [], []]),
    (SQLBuilder.build_select(MyUser), 'SELECT * FROM "my_user"', []),
    (SQLBuilder.build_select(MyUser, {"name": "a", "age": None, "id": [1, 2]}, 5, ["-age", "id"]), 'SELECT * FROM "my_user" WHERE name = %s AND age IS NULL AND id IN (%s, %s) ORDER BY age DESC, id LIMIT %s', ["a", 1, 2, 5]),
    (SQLBuilder.build_select(MyUser, {"id": []}, order_by="name"), 'SELECT * FROM "my_user" WHERE id IN (NULL) ORDER BY name', []),
    (SQLBuilder.build_count(MyUser, {"age": [1, None, 2], "name": "a"}), 'SELECT COUNT(*) as total FROM "my_user" WHERE (age IN (%s, %s) OR age IS NULL) AND name = %s', [1, 2, "a"]),
    (SQLBuilder.build_count(MyUser, {"age": [None]}), 'SELECT COUNT(*) as total FROM "my_user" WHERE (age IN (NULL) OR age IS NULL)', []),
    (SQLBuilder.build_select(Profile, {"role": Role.ADMIN, "settings": {"a": 1}}), 'SELECT * FROM "profile" WHERE role = %s AND settings = %s', ["admin", {"a": 1}]),
    (SQLBuilder.build_update(USER), 'UPDATE "my_user" SET name = %s, email = %s, age = %s WHERE id = %s RETURNING *', ["a", "e", None, 1]),
    (SQLBuilder.build_update(Partial(MyUser)(id=1, age=5)), 'UPDATE "my_user" SET age = %s WHERE id = %s RETURNING *', [5, 1]),
    (SQLBuilder.build_delete(Partial(Pair)(left=1, right=2)), 'DELETE FROM "pair" WHERE "left" = %s AND "right" = %s', [1, 2]),
    (SQLBuilder.build_count(MyUser, {"is_active": True}), 'SELECT COUNT(*) as total FROM "my_user" WHERE is_active = %s', [True]),
    (SQLBuilder.build_paginate(MyUser, 3, 10, order_by="id"), 'SELECT * FROM "my_user" ORDER BY id LIMIT %s OFFSET %s', [10, 20]),
    (SQLBuilder.build_insert(Awkward(camel="x", order=1)), 'INSERT INTO "my schema"."ta""ble 100%%" ("order", "camelCase", "index", "of 100%%") VALUES (%s, %s, %s, %s) RETURNING *', [1, "x", 0, 0]),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_texts_and_parameters(number: int) -> None:
    (query, params), text, values = TEXTS[number]
    assert str(query) == text
    assert params == values
    assert type(params) is list


def test_a_statement_shows_the_documents_text() -> None:
    query, _ = SQLBuilder.build_count(MyUser, {"name": "x"})
    text = 'SELECT COUNT(*) as total FROM "my_user" WHERE name = %s'
    assert query == text
    assert text == query
    assert not query != text  # noqa: SIM202
    assert query != "SELECT"
    assert (f"{query}", f"{query:>60}".strip(), "%s" % query, repr(query)) == (text, text, text, repr(text))  # noqa: UP031
    assert type(str(query)) is str
    assert isinstance(query, str)
    for other in (copy.copy(query), copy.deepcopy(query), pickle.loads(pickle.dumps(query))):
        assert type(other) is SQLStatement
        assert (str(other), str.__str__(other), other.kinds) == (text, str.__str__(query), query.kinds)
    assert {query: 1}[SQLBuilder.build_count(MyUser, {"name": "y"})[0]] == 1


def test_what_cannot_be_built() -> None:
    with pytest.raises(UnknownField, match="'nme' is not a valid field for MyUser"):
        SQLBuilder.build_select(MyUser, {"nme": 1})
    with pytest.raises(AttributeError):
        SQLBuilder.build_select(MyUser, order_by="-nme")
    with pytest.raises(DataError, match=r"MyUser\.age takes int"):
        SQLBuilder.build_count(MyUser, {"age": "x"})
    with pytest.raises(ProgrammingError, match="nothing to update"):
        SQLBuilder.build_update(Numbered(id=1))
    with pytest.raises(ProgrammingError, match="its id is None"):
        SQLBuilder.build_delete(MyUser(name="a", email="b"))
    with pytest.raises(ValueError, match="from 1 on"):
        SQLBuilder.build_paginate(MyUser, 0, 10)


@OLDER
async def test_a_statement_runs_as_it_is_wherever_sql_is_run(crud: Any, engine: Any, colour: str) -> None:
    session: Any = Session(engine) if colour == "sync" else AsyncSession(engine)
    pool = crud.ConnectionManager.get_pool()
    query, params = SQLBuilder.build_insert(MyUser(name="a", email="1"))
    count = iter(range(100))

    def again() -> list[Any]:
        params[1] = str(next(count))
        return params

    assert await maybe(crud.execute_raw(query, again())) == 1
    assert (await maybe(crud.select_raw(query, again(), MyUser)))[0].name == "a"
    assert (await maybe(crud.select_raw(query, again())))[0]["name"] == "a"
    assert (await maybe(engine.execute(query, again()))).rowcount == 1
    assert (await maybe(engine.query_one(query, again())))["name"] == "a"
    assert len(await maybe(engine.query(query, again()))) == 1
    assert (await maybe(session.execute_raw(query, again()))).rowcount == 1
    async with entered(engine.connection()) as conn:
        assert await maybe(conn.execute(query, again())) == 1
        assert len(await maybe(conn.query(query, again()))) == 1
    async with entered(pool.connection()) as conn:
        await maybe(conn.execute(query, again()))
        await maybe(conn.execute(str(query), again()))  # and so does the text that it shows
        async with entered(conn.cursor()) as cur:
            await maybe(cur.execute(query, again()))
            await maybe(cur.executemany(query, [[*again()], [*again()]]))
    assert await maybe(crud.execute_raw(str(query), again())) == 1
    total, values = SQLBuilder.build_count(MyUser, {"name": "a"})
    assert await maybe(crud.select_raw(total, values)) == [{"total": next(count)}]


@OLDER
async def test_documents_and_models_run_too(crud: Any) -> None:
    for built in (
        SQLBuilder.build_insert(Profile(nickName="n", settings={"a": [1]}, address=Address(city="c"), tags=["x"])),
        SQLBuilder.build_insert(Profile(nickName="m", profile_id=9, role=Role.EDITOR)),
    ):
        assert await maybe(crud.execute_raw(*built)) == 1
    first, second = await maybe(crud.select_all(Profile))
    assert (first.settings, first.address, first.tags, second.role) == (
        {"a": [1]},
        Address(city="c"),
        ["x"],
        Role.EDITOR,
    )
    built = SQLBuilder.build_select(Profile, {"role": [Role.EDITOR, Role.ADMIN]})
    assert await maybe(crud.select_raw(*built, Profile)) == [second]
    built = SQLBuilder.build_update(Partial(Profile)(profile_id=9, settings={"b": 2}))
    assert (await maybe(crud.select_raw(*built, Profile)))[0].settings == {"b": 2}
    built = SQLBuilder.build_delete(second)
    assert await maybe(crud.execute_raw(*built)) == 1
    with pytest.raises(ProgrammingError, match="takes 1 parameters, 0 were given"):
        await maybe(crud.execute_raw(built[0]))


@OLDER
async def test_pages_of_a_statement(crud: Any) -> None:
    await maybe(crud.insert_many([Counted(name=f"{n}") for n in range(5)]))
    query, params = SQLBuilder.build_paginate_from_sql("SELECT name FROM counted WHERE id > %s ORDER BY id;", 2, 2, [1])
    assert (query, params) == ("SELECT name FROM counted WHERE id > %s ORDER BY id LIMIT %s OFFSET %s", [1, 2, 2])
    assert await maybe(crud.select_raw(query, params)) == [{"name": "3"}, {"name": "4"}]
    rows, total = await maybe(
        crud.paginate_raw(
            Counted, SQLBuilder.build_count(Counted)[0], SQLBuilder.build_select(Counted, order_by="id")[0], 2, 2
        )
    )
    assert ([row.name for row in rows], total) == (["2", "3"], 5)


@OLDER
async def test_names_are_quoted(crud: Any, engine: Any) -> None:
    class Hostile(Awkward):
        __schema__ = None
        __table_name__ = 'x"; DROP TABLE my_user; -- 100%'

    await maybe(engine.create_all(Hostile))
    query, params = SQLBuilder.build_insert(Hostile(camel="%s", order=1, percent=3))
    assert await maybe(crud.execute_raw(query, params)) == 1
    assert await maybe(crud.execute_raw(str(query), params)) == 1
    query, params = SQLBuilder.build_select(Hostile, {"camel": "%s", "order": [1]}, order_by=["-percent", "index"])
    for text in (query, str(query)):
        assert [row.percent for row in await maybe(crud.select_raw(text, params, Hostile))] == [3, 3]
    assert len(await maybe(crud.select_all(Hostile, camel="%s"))) == 2
    assert await maybe(crud.select_all(MyUser)) == []
