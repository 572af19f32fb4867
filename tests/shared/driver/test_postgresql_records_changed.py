"""Anonymous records of types that are looked up, asked about, and changed by another connection: one after the other, in any order."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DataError, OperationalError
from tests.support import entered, items, maybe
from tests.support.listening import other
from tests.support.own_types import one
from tests.support.relay import Counter, relayed

pytestmark = pytest.mark.postgresql


def changed(url: str, sql: str) -> None:
    with driver.connect(url) as conn:
        conn.script(sql)


CHANGES = {
    "a field less": ("DROP ATTRIBUTE price", "ROW(3)", {"n": 3}),
    "another order": ("DROP ATTRIBUTE price, ADD ATTRIBUTE price money", "ROW(3, '4')", {"n": 3, "price": "$4.00"}),
    "another type": ("ALTER ATTRIBUTE price TYPE regclass", "ROW('pg_class', 3)", {"price": "pg_class", "n": 3}),
    "one of text alone": ("ADD ATTRIBUTE m mood", "ROW('2', 3, 'ok')", {"price": "$2.00", "n": 3, "m": "ok"}),
}


@pytest.mark.parametrize("first", ["'1'::money", "1"])
@pytest.mark.parametrize("change", CHANGES)
async def test_a_composite_that_has_changed(pg: Any, postgresql_url: str, change: str, first: str) -> None:
    """Behind a value that is asked about; what the composite holds is then not asked by what it was."""
    alter, value, expected = CHANGES[change]
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('ok'); CREATE TYPE item AS (price money, n integer)"))
    known = await one(pg, f"SELECT ROW({first}, x, ARRAY[x]) FROM (SELECT ROW('2', 3)::item AS x) q")
    assert known[1:] == (("$2.00", 3), [("$2.00", 3)])
    for command in alter.split(", "):
        changed(postgresql_url, f"ALTER TYPE item {command}")
    rows = await maybe(
        pg.query(
            f"SELECT ROW({first}, CASE n WHEN 3 THEN {value}::item END, ARRAY[{value}::item]) FROM generate_series(1, 4) n"
        )
    )
    found = [row[0] for row in rows]
    assert [record[0] for record in found] == ["$1.00" if "money" in first else 1] * 4
    assert [record[1] and record[1].to_dict() for record in found] == [None, None, expected, None]
    assert [record[2][0].to_dict() for record in found] == [expected] * 4


async def test_types_then_texts_then_a_changed_composite(pg: Any, postgresql_url: str) -> None:
    """Each row needs more than the one before it."""
    await maybe(pg.script("CREATE TYPE item AS (price money, n integer)"))
    assert await one(pg, "SELECT ROW(ROW('2', 3)::item)") == (("$2.00", 3),)
    changed(postgresql_url, "CREATE TYPE mood AS ENUM ('ok'); CREATE TYPE more AS (m mood, price money)")
    changed(postgresql_url, "ALTER TYPE item DROP ATTRIBUTE price; ALTER TYPE item ADD ATTRIBUTE m more")
    sql = """SELECT ROW(1) UNION ALL SELECT ROW('ok'::mood) UNION ALL SELECT ROW('2'::money)
             UNION ALL SELECT ROW(ROW(3, ROW('ok', '4'))::item) UNION ALL SELECT ROW(ROW(ROW('ok', '5')::more, '2'::money))"""
    rows = [row[0] for row in await maybe(pg.query(sql))]
    assert rows == [(1,), ("ok",), ("$2.00",), ((3, ("ok", "$4.00")),), ((("ok", "$5.00"), "$2.00"),)]
    assert rows[3][0].to_dict() == {"n": 3, "m": ("ok", "$4.00")}


async def test_columns_that_have_become_records(postgresql_url: str, colour: str, pg: Any) -> None:
    """The session behind the statement may not be its own any more once the types in a record are known."""
    await maybe(pg.script("CREATE SCHEMA s; CREATE TABLE s.t (); CREATE FUNCTION f() RETURNS integer RETURN 1"))
    conn = await other(postgresql_url, colour, prepared_statements="unnamed")
    sql = "SELECT f()"
    become = "DROP FUNCTION f(); CREATE FUNCTION f() RETURNS record LANGUAGE sql AS $$SELECT {}$$"
    changed(postgresql_url, "CREATE TYPE mood AS ENUM ('ok')")
    for record in ("ROW('s.t'::regclass)", "ROW('s.t'::regclass, 'ok'::mood)"):
        for _ in range(2):  # after a change it is described anew
            assert await one(conn, sql) == 1
        changed(postgresql_url, become.format(record))
        with pytest.raises(OperationalError, match="other statements were sent behind it") as caught:
            async with entered(conn.pipeline()) as pipe:
                pipe.query(sql)
                pipe.execute("SET search_path = s")
        assert caught.value.executed
        await maybe(conn.execute("RESET search_path"))
        assert (await one(conn, sql))[0] == "s.t"
        changed(postgresql_url, "DROP FUNCTION f(); CREATE FUNCTION f() RETURNS integer RETURN 1")
    await maybe(conn.close())


async def test_columns_in_a_form_that_their_new_type_has_not(postgresql_url: str, colour: str, pg: Any) -> None:
    """Which is known only once the type is; the statement has been executed by then."""
    await maybe(pg.script("CREATE TABLE t (); CREATE FUNCTION f() RETURNS integer RETURN 1"))
    conn = await other(postgresql_url, colour, prepared_statements="unnamed")
    assert await one(conn, "SELECT f()") == 1
    changed(
        postgresql_url,
        "CREATE TYPE item AS (price money); DROP FUNCTION f();"
        "CREATE FUNCTION f() RETURNS item LANGUAGE sql AS $$SELECT ROW('1')::item$$",
    )
    with pytest.raises(OperationalError, match="came in a form that cannot be read") as caught:
        await one(conn, "SELECT f()")
    assert caught.value.executed
    assert await one(conn, "SELECT f()") == ("$1.00",)
    await maybe(conn.close())


async def test_types_that_only_a_record_of_a_copy_names(pg: Any) -> None:
    """While rows come nobody can be asked; whoever knows the type already reads it."""
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('ok')"))
    copied = "SELECT 'ok'::mood::text, ROW(1, 'ok'::mood)"
    with pytest.raises(DataError, match=r"row 1, column 2 \(row\): .*unknown type \(oid \d+\); cast the record to"):
        await items(pg.copy_out(sql=copied))
    assert await items(pg.copy_out(sql="SELECT ROW(1, 'ok'::mood::text)")) == [((1, "ok"),)]
    assert await one(pg, "SELECT 'ok'::mood") == "ok"
    assert await items(pg.copy_out(sql=copied)) == [("ok", (1, "ok"))]


@pytest.mark.only(colour="async")
async def test_what_a_transaction_sees_of_a_change_that_came_after_it(pg: Any, postgresql_url: str) -> None:
    """Values are of the type as it is, and the catalogue shows what it was: no more than once does anybody look there."""
    await maybe(pg.script("CREATE TYPE item AS (n integer); CREATE TABLE t ()"))
    record = "SELECT ROW('1'::money) AS r UNION ALL SELECT ROW(ROW({})::item)"
    count = Counter()
    async with relayed(postgresql_url, count.said, count.answered) as url, await driver.connect_async(url) as conn:
        assert await conn.query(record.format("3")) == [(("$1.00",),), (((3,),),)]
        async with conn.transaction(isolation="repeatable read") as tx:
            await tx.query("SELECT 1")
            changed(postgresql_url, "ALTER TYPE item ADD ATTRIBUTE m integer")
            await tx.query("SELECT FROM t")  # a server hears of changes when it locks something
            before = count.trips
            with pytest.raises(DataError, match="item is another one than when this connection looked it up"):
                await tx.query(record.format("3, 4"))
            assert count.trips - before <= 4  # prepare, run, look up, ask for texts
        assert await conn.query(record.format("3, 4")) == [(("$1.00",),), (((3, 4),),)]
