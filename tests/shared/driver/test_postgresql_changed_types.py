"""Types that change, are renamed or go while a session knows them."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import driver
from tests.support import maybe
from tests.support.own_types import one

pytestmark = pytest.mark.postgresql


async def test_a_changed_composite_is_looked_up_again(pg: Any, postgresql_url: str) -> None:
    await maybe(pg.script("CREATE TYPE pair AS (n integer, name text)"))
    result, array, parameter = "SELECT '(1,a)'::pair", "SELECT ARRAY['(1,a)'::pair]", "SELECT ($1::pair)::text"
    for sql in (result, array):
        await one(pg, sql)
    await one(pg, parameter, (1, "a"))
    with driver.connect(postgresql_url) as other:
        other.execute("ALTER TYPE pair ADD ATTRIBUTE first integer")
    assert await one(pg, parameter, (1, "a", 2)) == "(1,a,2)"  # refused here by what was known, had it not been asked
    with driver.connect(postgresql_url) as other:
        other.execute("ALTER TYPE pair DROP ATTRIBUTE first")
    assert await one(pg, parameter, {"n": 1, "name": "a"}) == "(1,a)"
    with driver.connect(postgresql_url) as other:
        other.execute("ALTER TYPE pair ADD ATTRIBUTE more integer")
    # The text of the statement has to be other: its constant was read when it was prepared.
    assert await one(pg, "SELECT '(1,a,2)'::pair") == (1, "a", 2)
    assert await one(pg, parameter, (1, "a", 2)) == "(1,a,2)"
    with driver.connect(postgresql_url) as other:
        other.execute("ALTER TYPE pair DROP ATTRIBUTE name")
    row = await one(pg, "SELECT row(1, 2)::pair")
    assert row.to_dict() == {"n": 1, "more": 2}
    assert await one(pg, parameter, (1, 2)) == "(1,2)"


async def test_rows_of_a_table_that_gets_a_column(pg: Any, postgresql_url: str) -> None:
    await maybe(pg.script("CREATE TABLE t (a integer); INSERT INTO t VALUES (1), (2)"))
    assert await maybe(pg.query("SELECT t FROM t")) == [((1,),), ((2,),)]
    with driver.connect(postgresql_url) as other:
        other.execute("ALTER TABLE t ADD COLUMN b text DEFAULT 'x'")
    tx = await maybe(pg.begin())
    rows = await maybe(pg.query("SELECT t FROM t"))
    assert [row[0].to_dict() for row in rows] == [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}]
    await maybe(tx.rollback())


async def test_names_changed_by_the_session_itself(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE pair AS (n integer, name text)"))
    assert (await one(pg, "SELECT row(1, 'a')::pair")).keys() == ["n", "name"]
    await maybe(pg.execute("ALTER TYPE pair RENAME ATTRIBUTE name TO title"))
    assert (await one(pg, "SELECT row(1, 'a')::pair")).keys() == ["n", "title"]
    await maybe(pg.script("SELECT 1; ALTER TYPE pair RENAME ATTRIBUTE title TO label"))
    assert (await one(pg, "SELECT row(1, 'a')::pair")).keys() == ["n", "label"]


@pytest.mark.parametrize("sql", ["SELECT 'ok'::mood", "SELECT $1::mood", "SELECT $1::mood[]"])
async def test_a_type_dropped_and_made_anew(pg: Any, postgresql_url: str, sql: str) -> None:
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('ok')"))
    value: Any = ["ok"] if "[]" in sql else "ok"
    params = [value] if "$1" in sql else []
    assert await one(pg, sql, *params) == value
    with driver.connect(postgresql_url) as other:
        other.script("DROP TYPE mood; CREATE TYPE mood AS ENUM ('new', 'ok')")
    assert await one(pg, sql, *params) == value


async def test_a_dropped_type_is_an_error_and_the_connection_goes_on(pg: Any, postgresql_url: str) -> None:
    await maybe(pg.script("CREATE TYPE mood AS ENUM ('ok')"))
    assert await one(pg, "SELECT $1::mood", "ok") == "ok"
    with driver.connect(postgresql_url) as other:
        other.script("DROP TYPE mood")
    with pytest.raises(Exception, match=r"mood|type"):
        await one(pg, "SELECT $1::mood", "ok")
    assert await one(pg, "SELECT 1") == 1


@pytest.mark.parametrize("code", ["42704", "42804", "XX000"])
async def test_a_procedure_that_has_committed_does_not_run_again(pg: Any, code: str) -> None:
    """Its error is one that a changed type makes, too."""
    await maybe(
        pg.script(
            f"""
            CREATE TYPE mood AS ENUM ('sad', 'fine');
            CREATE TABLE log (mood mood);
            CREATE PROCEDURE p(mood) LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO log VALUES ($1);
                COMMIT;
                RAISE EXCEPTION 'no' USING ERRCODE = '{code}';
            END $$
            """
        )
    )
    for calls in (1, 2):
        with pytest.raises(driver.DatabaseError, match="no"):
            await maybe(pg.execute("CALL p($1)", ["fine"]))
        assert await one(pg, "SELECT count(*) FROM log") == calls
