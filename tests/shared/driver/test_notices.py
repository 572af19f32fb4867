"""What the server remarks goes to the log by its severity, and to a handler."""

from __future__ import annotations

import logging
import pickle
from typing import Any

import pytest

from ferrow import driver
from ferrow.driver import Notice
from ferrow.errors import DatabaseError, ProgrammingError
from tests.support import maybe

RAISE = """
DO $$ BEGIN
    RAISE {level} '100%% of {level}' USING DETAIL = 'more', HINT = 'do this', ERRCODE = '0F00X', SCHEMA = 's', TABLE = 't', COLUMN = 'c',
        CONSTRAINT = 'k', DATATYPE = 'd';
END $$
"""


@pytest.fixture
def notices(caplog: pytest.LogCaptureFixture) -> Any:
    with caplog.at_level(logging.DEBUG, "ferrow.notices"):
        yield lambda: [record for record in caplog.records if record.name == "ferrow.notices"]


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("level", "logged"),
    [
        ("DEBUG", logging.DEBUG),
        ("LOG", logging.INFO),
        ("INFO", logging.INFO),
        ("NOTICE", logging.INFO),
        ("WARNING", logging.WARNING),
    ],
)
async def test_the_severity_is_the_level(pg: Any, notices: Any, level: str, logged: int) -> None:
    await maybe(pg.script("SET client_min_messages = debug1"))
    await maybe(pg.script(RAISE.format(level=level)))
    (record,) = [record for record in notices() if record.sqlstate == "0F00X"]
    assert record.levelno == logged
    assert record.getMessage() == f"100% of {level}"
    assert (record.detail, record.hint) == ("more", "do this")
    assert "inline_code_block" in record.where
    assert record.severity.startswith(level)


@pytest.mark.postgresql
async def test_a_handler_gets_every_field(pg: Any) -> None:
    seen: list[Notice] = []
    pg.on_notice(seen.append)
    await maybe(pg.execute(RAISE.format(level="NOTICE")))
    (notice,) = seen
    assert notice.where is not None
    assert "inline_code_block" in notice.where
    assert notice == Notice(
        severity="NOTICE",
        message="100% of NOTICE",
        sqlstate="0F00X",
        detail="more",
        hint="do this",
        where=notice.where,
        schema="s",
        table="t",
        column="c",
        constraint="k",
        data_type="d",
    )
    assert pickle.loads(pickle.dumps(notice)) == notice
    pg.on_notice(None)
    await maybe(pg.execute(RAISE.format(level="NOTICE")))
    assert seen == [notice]


@pytest.mark.postgresql
async def test_the_handler_hears_what_the_log_does_not_want(pg: Any) -> None:
    logging.getLogger("ferrow.notices").setLevel(logging.ERROR)
    try:
        seen: list[Notice] = []
        pg.on_notice(seen.append)
        await maybe(pg.execute(RAISE.format(level="WARNING")))
        assert [notice.severity for notice in seen] == ["WARNING"]
    finally:
        logging.getLogger("ferrow.notices").setLevel(logging.NOTSET)


@pytest.mark.postgresql
async def test_a_handler_that_fails_harms_nothing(pg: Any, notices: Any) -> None:
    def fail(notice: Notice) -> None:
        raise ZeroDivisionError(notice.message)

    pg.on_notice(fail)
    assert await maybe(pg.query("DO $$ BEGIN RAISE NOTICE 'x'; END $$")) == []
    assert (await maybe(pg.query_one("SELECT 1")))[0] == 1
    assert [record.levelname for record in notices()] == ["INFO", "ERROR"]
    assert "fail" in notices()[1].getMessage()


@pytest.mark.postgresql
async def test_a_handler_that_uses_the_connection_gets_an_error_and_no_deadlock(pg: Any, colour: str) -> None:
    errors: list[BaseException] = []

    def ask(notice: Notice) -> None:
        try:
            pg.query("SELECT 1")
        except DatabaseError as error:
            errors.append(error)

    if colour == "sync":
        pg.on_notice(ask)
        await maybe(pg.execute(RAISE.format(level="NOTICE")))
        assert len(errors) == 1
    assert (await maybe(pg.query_one("SELECT 1")))[0] == 1


@pytest.mark.postgresql
@pytest.mark.only(colour="sync")
@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_ctrl_c_in_a_handler_ends_the_statement(pg: Any, kind: type[BaseException]) -> None:
    seen: list[Notice] = []

    def interrupted(notice: Notice) -> None:
        seen.append(notice)
        if len(seen) == 3:
            raise kind

    pg.on_notice(interrupted)
    with pytest.raises(kind):
        pg.query("DO $$ BEGIN FOR i IN 1..5000 LOOP RAISE NOTICE '%', i; END LOOP; PERFORM pg_sleep(600); END $$")
    assert pg.query_one("SELECT 1")[0] == 1


async def test_a_handler_is_a_plain_function_on_either_database(conn: Any) -> None:
    async def handler(notice: Notice) -> None: ...

    for wrong in (handler, 7):
        with pytest.raises(ProgrammingError, match="plain function"):
            conn.on_notice(wrong)
    conn.on_notice(print)
    conn.on_notice(None)


@pytest.mark.postgresql
async def test_nothing_is_logged_by_a_quiet_connection(postgresql_url: str, colour: str, notices: Any) -> None:
    conn: Any = await driver.connect_async(postgresql_url) if colour == "async" else driver.connect(postgresql_url)
    await maybe(conn.query("SELECT 1"))
    await maybe(conn.close())
    assert notices() == []
