"""Records that cannot be read, or only with the server's help: what it says then, and what is left as it was."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import DataError, OperationalError, ProgrammingError
from tests.support import entered, items, maybe
from tests.support.own_types import one

pytestmark = pytest.mark.postgresql

OWN = """
CREATE TYPE code;
CREATE FUNCTION code_in(cstring) RETURNS code LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION code_out(code) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE FUNCTION code_send(code) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int4send';
"""
TAKEN = "CREATE FUNCTION code_recv(internal) RETURNS code LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';"
LAYOUT = "INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4"
FUNCTIONS = "INPUT = code_in, OUTPUT = code_out, SEND = code_send"


async def test_types_that_only_the_server_knows(pg: Any) -> None:
    await maybe(pg.script(f"{OWN}{TAKEN}CREATE TYPE code ({FUNCTIONS}, RECEIVE = code_recv, {LAYOUT})"))
    await maybe(pg.script("CREATE FUNCTION wrong(code) RETURNS text LANGUAGE sql AS $$SELECT 'wrong'$$"))
    await maybe(pg.script("CREATE CAST (code AS text) WITH FUNCTION wrong(code)"))
    row = await maybe(pg.query_one("SELECT x, ROW(x, ARRAY[x], 'ok'::text, '1'::money) FROM (SELECT '7'::code x) q"))
    assert row == ("7", ("7", ["7"], "ok", "$1.00"))


async def test_a_type_that_the_server_does_not_take_back(pg: Any) -> None:
    await maybe(pg.script(f"{OWN}CREATE TYPE code ({FUNCTIONS}, {LAYOUT})"))
    assert await one(pg, "SELECT '7'::code") == "7"
    async with entered(pg.transaction()):
        with pytest.raises(DataError, match=r"field 1: a record holds a value of the type code .*: cast it to text"):
            await one(pg, "SELECT ROW('7'::code)")
        assert await one(pg, "SELECT ROW('7'::code::text)") == ("7",)


async def test_a_type_without_a_binary_form(pg: Any) -> None:
    """The server itself refuses, so nothing is read, and nothing is run again."""
    await maybe(pg.script("CREATE TABLE t (n integer); CREATE TYPE granted AS (a aclitem, n integer)"))
    insert = "INSERT INTO t VALUES (1) RETURNING {}"
    grants = "'=r/' || quote_ident(current_user)"
    for what in (f"ROW(({grants})::aclitem)", f"ROW(ARRAY[{grants}]::aclitem[])", f"ROW(ROW({grants}, 1)::granted)"):
        with pytest.raises(ProgrammingError, match="no binary output function available for type aclitem") as caught:
            await one(pg, insert.format(what))
        assert "cast the value to text, or the record that holds it to a composite type" in str(caught.value)
        assert await one(pg, "SELECT count(*) FROM t") == 0
    assert await one(pg, f"SELECT ROW(({grants})::aclitem, 2)::granted") == (f"=r/{await user(pg)}", 2)
    assert await one(pg, f"SELECT ROW(({grants})::aclitem::text)") == (f"=r/{await user(pg)}",)


async def user(pg: Any) -> str:
    found: str = await one(pg, "SELECT quote_ident(current_user)")
    return found


async def test_through_copy(pg: Any) -> None:
    await maybe(pg.script("CREATE TYPE item AS (price money, n integer)"))
    for value in ("1::money", "'pg_class'::regclass"):
        with pytest.raises(
            DataError, match=r"column 1 \(row\): field 2: a record holds .* which only the server can write .* COPY"
        ):
            await items(pg.copy_out(sql=f"SELECT ROW(1, {value})"))
    found = await items(
        pg.copy_out(
            sql="SELECT ROW(1::money, 2)::item, ROW(1::money::text, NULL::money), ROW(''::tsquery, 'a:1 b'::tsvector)"
        )
    )
    assert [tuple(row) for row in found] == [(("$1.00", 2), ("$1.00", None), ("", "'a':1 'b'"))]
    with pytest.raises(ProgrammingError, match="aclitem") as caught:
        await items(pg.copy_out(sql="SELECT ROW(('=r/' || quote_ident(current_user))::aclitem)"))
    assert "cast the value to text" in str(caught.value)


async def test_a_question_that_is_refused(pg: Any) -> None:
    """What the server says is said, with what was asked; the statement is not run again."""
    await maybe(pg.script(f"{OWN}{TAKEN}CREATE TYPE code ({FUNCTIONS}, RECEIVE = code_recv, {LAYOUT})"))
    await maybe(pg.script("CREATE TABLE t (n integer)"))
    await maybe(
        pg.script("CREATE OR REPLACE FUNCTION code_recv(internal) RETURNS code LANGUAGE internal AS 'numeric_recv'")
    )
    with pytest.raises((DataError, OperationalError)) as caught:
        await one(pg, "INSERT INTO t VALUES (1) RETURNING ROW('7'::code)")
    assert "a question about values inside of records" in str(caught.value)
    assert caught.value.executed
    assert await one(pg, "SELECT count(*) FROM t") == 1
