"""Errors of other drivers become ours with all that the server said."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import CheckViolation, ProgrammingError
from tests.support import maybe
from tests.support.given import PAIRS, Way


@pytest.fixture(params=[one for one in PAIRS if one.values[0][0].backend == "postgresql"])
def pair(request: pytest.FixtureRequest) -> tuple[Way, str]:
    value: tuple[Way, str] = request.param
    return value


async def test_the_domain_whose_check_failed_is_named(session: Any, engine: Any) -> None:
    await maybe(engine.script("CREATE DOMAIN positive AS integer CHECK (value > 0)"))
    with pytest.raises(CheckViolation) as caught:
        await maybe(session.execute_raw("SELECT (-1)::positive"))
    error = caught.value
    assert (error.schema, error.data_type, error.constraint) == ("public", "positive", "positive_check")


async def test_a_statement_that_the_server_made_itself_is_told(session: Any, engine: Any) -> None:
    made = "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT 1, nope'; END $$"
    await maybe(engine.script(made))
    with pytest.raises(ProgrammingError) as caught:
        await maybe(session.execute_raw("SELECT f()"))
    assert (caught.value.internal_query, caught.value.internal_position) == ("SELECT 1, nope", 11)
