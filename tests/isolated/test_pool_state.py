"""What one borrower does to the session does not reach the next, whichever way it was said."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.engine import create_engine
from tests.support import entered, maybe

pytestmark = pytest.mark.postgresql

STATE = {
    "search path": ("SET search_path TO pg_catalog", "current_setting('search_path') <> 'pg_catalog'"),
    "statement timeout": ("SET statement_timeout = '77s'", "current_setting('statement_timeout') <> '77s'"),
    "setting by function": (
        "SELECT set_config('statement_timeout', '77s', false)",
        "current_setting('statement_timeout') <> '77s'",
    ),
    "setting in the view": (
        "UPDATE pg_settings SET setting = '77000' WHERE name = 'statement_timeout'",
        "current_setting('statement_timeout') not like '77%'",
    ),
    "setting behind comments": (
        "/* a /* nested */ one */ SET statement_timeout = '77s'",
        "current_setting('statement_timeout') <> '77s'",
    ),
    "role": ("SET ROLE pg_read_all_data", "current_user = session_user"),
    "session authorization": ("SET SESSION AUTHORIZATION pg_monitor", "session_user <> 'pg_monitor'"),
    "temporary table": ("CREATE TEMP TABLE left_behind (n int)", "to_regclass('left_behind') IS NULL"),
    "table in pg_temp": ("CREATE TABLE pg_temp.left_behind (n int)", "to_regclass('left_behind') IS NULL"),
    "listener": ("LISTEN gossip", "(SELECT count(*) = 0 FROM pg_listening_channels())"),
    "advisory lock": (
        "SELECT pg_advisory_lock(42)",
        "(SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())",
    ),
    "prepared statement": (
        'PREPARE "their ""own" AS SELECT 1',
        "(SELECT count(*) = 0 FROM pg_prepared_statements WHERE from_sql)",
    ),
    "read-only default": (
        "SET default_transaction_read_only = on",
        "current_setting('default_transaction_read_only') = 'off'",
    ),
    "cursor": (
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        "(SELECT count(*) = 0 FROM pg_cursors WHERE name = 'c')",
    ),
    "application name": ("SET application_name = 'theirs'", "current_setting('application_name') <> 'theirs'"),
    "time zone": ("SET timezone = 'Asia/Tokyo'", "current_setting('timezone') <> 'Asia/Tokyo'"),
    "setting of the program's own": (
        "SET app.tenant = '7'",
        "coalesce(current_setting('app.tenant', true), '') = ''",
    ),
}

WAYS = ["engine", "engine script", "connection", "connection script", "batch", "cursor", "transaction", "failed block"]


async def change(engine: Any, way: str, sql: str) -> None:
    match way:
        case "engine":
            await maybe(engine.execute(sql))
        case "engine script":
            await maybe(engine.script(f"SELECT 1; {sql}"))
        case "transaction":
            async with entered(engine.transaction()) as tx:
                await maybe(tx.execute(sql))
        case "failed block":
            with pytest.raises(LookupError):
                async with entered(engine.connection()) as conn:
                    await maybe(conn.execute(sql))
                    raise LookupError
        case _:
            async with entered(engine.connection()) as conn:
                if way == "connection":
                    await maybe(conn.execute(sql))
                elif way == "connection script":
                    await maybe(conn.script(f"-- first\n;{sql}"))
                elif way == "batch":
                    await maybe(conn.execute_batch(["SELECT 1", sql]))
                else:
                    cursor = conn.cursor()
                    await maybe(cursor.execute(sql))
                    await maybe(conn.commit())


@pytest.mark.parametrize("kind", STATE)
@pytest.mark.parametrize("way", WAYS)
async def test_session_state_does_not_reach_the_next_borrower(
    postgresql_url: str, colour: str, kind: str, way: str
) -> None:
    sql, is_clean = STATE[kind]
    pair = create_engine(postgresql_url, max_size=1)
    engine: Any = pair.aio if colour == "async" else pair
    assert (await maybe(engine.query_one(f"SELECT {is_clean}")))[0], "it is so to begin with"
    before = (await maybe(engine.query_one("SELECT pg_backend_pid()")))[0]
    await change(engine, way, sql)
    for _ in range(2):
        assert (await maybe(engine.query_one(f"SELECT {is_clean}")))[0]
    assert (await maybe(engine.query_one("SELECT pg_backend_pid()")))[0] == before, "by the same session"
    await maybe(engine.close())


@pytest.mark.parametrize("how", ["run_many", "copy_out"])
async def test_ways_that_take_a_query_within(postgresql_url: str, colour: str, how: str) -> None:
    pair = create_engine(postgresql_url, max_size=1)
    engine: Any = pair.aio if colour == "async" else pair
    if how == "run_many":
        await maybe(engine.run_many("SELECT set_config('app.tenant', $1, false)", [["7"], ["8"]]))
    else:
        async with entered(engine.connection()) as conn:
            copy = await maybe(conn.wire.copy_out("COPY (SELECT set_config('app.tenant', '7', false)) TO STDOUT"))
            while await maybe(copy.read()) is not None:
                pass
    found = await maybe(engine.query_one("SELECT coalesce(current_setting('app.tenant', true), '')"))
    assert found[0] == ""
    await maybe(engine.close())


async def test_what_the_driver_prepared_survives_the_reset(postgresql_url: str, colour: str) -> None:
    pair = create_engine(postgresql_url, max_size=1)
    engine: Any = pair.aio if colour == "async" else pair
    ours = "SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql"
    await maybe(engine.query(ours))
    await maybe(engine.execute("SET statement_timeout = '77s'"))
    assert (await maybe(engine.query_one(ours)))[0] >= 1
    await maybe(engine.close())
