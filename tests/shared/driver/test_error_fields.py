"""Errors and notices carry what the server says of them, field by field."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import CheckViolation, ProgrammingError
from tests.support import maybe

pytestmark = pytest.mark.postgresql

RAISE = """
DO $$ BEGIN
    RAISE {level} 'said' USING ERRCODE = '23514', DETAIL = 'more', HINT = 'do this', SCHEMA = 'public', TABLE = 't',
        COLUMN = 'c', CONSTRAINT = 'k', DATATYPE = 'd';
END $$
"""
FIELDS = {
    "sqlstate": "23514",
    "detail": "more",
    "hint": "do this",
    "schema": "public",
    "table": "t",
    "column": "c",
    "constraint": "k",
    "data_type": "d",
}


async def test_of_an_error(pg: Any) -> None:
    with pytest.raises(CheckViolation) as caught:
        await maybe(pg.execute(RAISE.format(level="EXCEPTION")))
    for error in (caught.value, pickle.loads(pickle.dumps(caught.value))):
        assert {name: getattr(error, name) for name in FIELDS} == FIELDS
        assert (error.severity, error.position, error.internal_query, error.internal_position) == (
            "ERROR",
            None,
            None,
            None,
        )
        assert "inline_code_block" in error.where
        assert error.query == RAISE.format(level="EXCEPTION")


async def test_of_a_notice(pg: Any) -> None:
    seen: list[driver.Notice] = []
    pg.on_notice(seen.append)
    await maybe(pg.execute(RAISE.format(level="WARNING")))
    (notice,) = seen
    assert {name: getattr(notice, name) for name in FIELDS} == FIELDS
    assert notice.severity == "WARNING"


async def test_the_domain_whose_check_failed_is_named(pg: Any) -> None:
    await maybe(pg.script("CREATE SCHEMA s; CREATE DOMAIN s.positive AS integer CHECK (value > 0)"))
    with pytest.raises(CheckViolation) as caught:
        await maybe(pg.query("SELECT (-1)::s.positive"))
    error = caught.value
    assert (error.schema, error.data_type, error.constraint, error.table) == ("s", "positive", "positive_check", None)


async def test_a_statement_that_the_server_made_itself_is_told(pg: Any) -> None:
    """The position is in that one, not in the statement that was sent."""
    made = "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT 1, nope'; END $$"
    await maybe(pg.script(made))
    with pytest.raises(ProgrammingError) as caught:
        await maybe(pg.query("SELECT f()"))
    error = caught.value
    assert (error.query, error.position) == ("SELECT f()", None)
    assert (error.internal_query, error.internal_position) == ("SELECT 1, nope", 11)
