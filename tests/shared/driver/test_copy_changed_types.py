"""COPY of a composite type that another connection has changed since this one looked it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferrow import driver
from tests.support import items, maybe

pytestmark = pytest.mark.postgresql

Source = Callable[[list[Any]], Any]

SOURCES: dict[str, Source] = {"list": list, "tuple": tuple, "iterator": iter}


async def known(pg: Any, fields: str, value: tuple[Any, ...]) -> None:
    """A table with a column of the type, which the connection has read and written."""
    await maybe(pg.script(f"CREATE TYPE pair AS ({fields}); CREATE TABLE t (v pair)"))
    for _ in range(2):  # the second time by what the first one was told
        await maybe(pg.copy_in("t", [(value,)], columns=["v"]))
    assert await items(pg.copy_out("t")) == [(value,)] * 2
    await maybe(pg.execute("DELETE FROM t"))


def changed(url: str, sql: str) -> None:
    with driver.connect(url) as other:
        other.script(sql)


@pytest.mark.parametrize("columns", [["v"], None])
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize(("added", "value"), [("b text", (1, "a")), ("b money", (1, "$1.00"))])
async def test_a_field_more(
    pg: Any, postgresql_url: str, columns: list[str] | None, source: Source, added: str, value: tuple[Any, ...]
) -> None:
    await known(pg, "a integer", (1,))
    changed(postgresql_url, f"ALTER TYPE pair ADD ATTRIBUTE {added}")
    assert await maybe(pg.copy_in("t", source([(value,)]), columns=columns)) == 1
    assert await items(pg.copy_out("t")) == [(value,)]


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
async def test_a_value_that_fits_what_the_type_was(pg: Any, postgresql_url: str, source: Source) -> None:
    """Only the server knows better."""
    await known(pg, "a integer", (1,))
    changed(postgresql_url, "ALTER TYPE pair DROP ATTRIBUTE a; ALTER TYPE pair ADD ATTRIBUTE a numeric")
    assert await maybe(pg.copy_in("t", source([((5,),)]), columns=["v"])) == 1
    assert await maybe(pg.query_one("SELECT v::text FROM t")) == ("(5)",)


async def test_an_error_of_a_trigger_is_no_reason_to_begin_anew(pg: Any) -> None:
    """What it has done to a sequence stays done."""
    await known(pg, "a integer", (1,))
    await maybe(
        pg.script(
            "CREATE SEQUENCE called; CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "PERFORM nextval('called'); RAISE 'no' USING ERRCODE = TG_ARGV[0]; END $$"
        )
    )
    for number, code in enumerate(("42704", "XX000", "22P03"), 1):
        create = f"CREATE OR REPLACE TRIGGER refuse BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION refuse('{code}')"
        await maybe(pg.script(create))
        with pytest.raises(driver.DatabaseError, match="no") as caught:
            await maybe(pg.copy_in("t", [((1,),)], columns=["v"]))
        assert caught.value.sqlstate == code
        assert await maybe(pg.query_one("SELECT last_value FROM called")) == (number,)


async def test_a_codec_of_a_type_that_is_looked_up_again(pg: Any) -> None:
    """A type that is not known goes as text, which no codec has seen."""
    await maybe(pg.script("CREATE TYPE loud AS ENUM ('a', 'A'); CREATE TABLE t (v loud)"))
    pg.set_codec("loud", encode=str.upper, format="text")
    for _ in range(3):
        await maybe(pg.copy_in("t", [("a",)], columns=["v"]))
        await maybe(pg.script("CREATE TYPE pair AS (a integer); DROP TYPE pair"))
    assert await maybe(pg.query("SELECT v::text FROM t")) == [("A",)] * 3


@pytest.mark.parametrize("fields", ["a integer, b integer[]", "a integer, m money, b integer[]"])
async def test_rows_out(pg: Any, postgresql_url: str, fields: str) -> None:
    """As text the rows of the new type look like rows of the old one."""
    before = (1, "$2.00", [3]) if "money" in fields else (1, [3])
    await known(pg, fields, before)
    gone = "m" if "money" in fields else "a"
    changed(postgresql_url, f"ALTER TYPE pair DROP ATTRIBUTE {gone}; ALTER TYPE pair ADD ATTRIBUTE c money")
    changed(postgresql_url, f"INSERT INTO t SELECT row({'1, ' if 'money' in fields else ''}'{{3}}', '4')::pair")
    [(row,)] = await items(pg.copy_out("t"))
    assert row.to_dict() == ({"a": 1} if "money" in fields else {}) | {"b": [3], "c": "$4.00"}


async def test_what_does_not_fit_is_told_by_what_the_type_is_now(pg: Any, postgresql_url: str) -> None:
    await known(pg, "a integer", (1,))
    changed(postgresql_url, "ALTER TYPE pair ADD ATTRIBUTE b text")
    with pytest.raises(
        driver.DataError, match=r"row 1, column 1 \(v\): pair has 2 fields \(a, b\), 1 values were given"
    ):
        await maybe(pg.copy_in("t", [((1,),)], columns=["v"]))
    assert await items(pg.copy_out("t")) == []


CHANGES = {
    "a field more": ("ADD ATTRIBUTE b integer", "ROW(1, 2)", {"a": 1, "b": 2}),
    "of a type that nobody knows": ("ADD ATTRIBUTE m mood", "ROW(1, 'ok')", {"a": 1, "m": "ok"}),
    "another name": ("RENAME ATTRIBUTE a TO b", "ROW(1)", {"b": 1}),
}


@pytest.mark.parametrize("beside", ["", ", v AS beside"])
@pytest.mark.parametrize("record", ["ROW(v, 'ok'::mood)", "ARRAY[ROW(v, 'ok'::mood)]"])
@pytest.mark.parametrize("change", CHANGES)
async def test_in_a_record_which_does_not_say_what_it_holds(
    pg: Any, postgresql_url: str, change: str, record: str, beside: str
) -> None:
    """While it is read there is nobody to ask."""
    alter, value, expected = CHANGES[change]
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('ok'); CREATE TYPE pair AS (a integer)"))
    sql = f"SELECT {record} AS r{beside} FROM (SELECT {{}}::pair AS v) q"
    assert await maybe(pg.query_one(sql.format("ROW(1)"))) is not None
    changed(postgresql_url, f"ALTER TYPE pair {alter}")
    for _ in range(2):
        [row] = await items(pg.copy_out(sql=sql.format(value)))
        [found, *_] = row[0] if "ARRAY" in record else [row[0]]
        assert found[1] == "ok"
        assert [of.to_dict() for of in (found[0], *row[1:])] == [expected] * len(row)
    assert (await maybe(pg.query_one(f"SELECT {value}::pair")))[0].to_dict() == expected
