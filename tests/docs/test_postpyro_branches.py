"""The ways through the blocks of PostPyro's document that they do not take when all is well, and what they leave on their way."""

from __future__ import annotations

import ast
import contextlib
import io
import re

import pytest

from ferrow import driver
from tests.docs.postpyro import BLOCKS, Stage, stage
from tests.docs.test_postpyro import UNCLOSED
from tests.support.deadlines import eventually

__all__ = ["stage"]

pytestmark = [UNCLOSED, pytest.mark.postgresql]


def test_execute_counts_the_rows_of_each_statement(stage: Stage) -> None:
    """All but the last number are lost in the block, and that of DDL is not kept."""
    *statements, last = ast.parse(BLOCKS[125].text).body
    assert [stage.play(ast.unparse(one))[0]["affected"] for one in statements] == [1, 1, 1]
    names, _ = stage.play(f"ddl = {ast.unparse(last)}")
    assert (names["ddl"], type(names["ddl"])) == (0, int)


@pytest.mark.parametrize(
    ("line", "said"), [(173, "Connection is dead\n"), (837, "PostgreSQL server is not responding\n"), (213, "")]
)
def test_a_connection_that_has_been_ended(stage: Stage, line: int, said: str) -> None:
    with pytest.raises(driver.OperationalError):
        stage.conn.query("SELECT pg_terminate_backend(pg_backend_pid())")
    with driver.connect("postgresql://user:pass@localhost/db") as healthy:
        row = healthy.query_one("SELECT 1 AS id")
    names = {"__name__": "document", "pg": driver, "conn": stage.conn, "row": row}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(BLOCKS[line].text, names)
    assert printed.getvalue() == said


@pytest.mark.parametrize(
    ("text", "instead", "said"),
    [
        ('"invalid-email"', '"ada@example.com"', "Constraint violation: duplicate key value"),
        ("user:pass@", "user:wrongpass@", "Database operation failed: .*password authentication failed"),
        ("(email)", "(emial)", 'SQL error: column "emial" of relation "users" does not exist'),
        ("INSERT INTO users (email) VALUES", "INSERT users (email) VALUES", "SQL error: syntax error"),
        ("(email)", "(age)", "General database error: parameter 1"),
    ],
)
def test_each_branch_of_the_error_handling_example(stage: Stage, text: str, instead: str, said: str) -> None:
    assert BLOCKS[349].text.count(text) == 1
    _, printed = stage.play(BLOCKS[349].text.replace(text, instead))
    assert re.match(said, printed), printed
    assert printed.count("\n") >= 1


def test_the_other_branch_of_the_good_error_handling(stage: Stage) -> None:
    good, _ = BLOCKS[751].text.split("\n\n")
    assert stage.play(good.replace("INSERT INTO", "INSERT"))[1] == "SQL syntax error\n"


async def test_context_managers_and_close_end_connections_and_the_leak_does_not(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[driver.Connection] = []
    pids: list[int] = []
    connect = driver.Connection

    def noted(url: str) -> driver.Connection:
        conn = connect(url)
        held.append(conn)  # what nobody held would be ended by that
        pids.append(conn.info()["backend_pid"])
        return conn

    monkeypatch.setattr(driver, "Connection", noted)
    names, _ = stage.play(BLOCKS[708].text)
    there = "SELECT pid FROM pg_stat_activity WHERE pid = ANY($1)"
    await eventually("async", lambda: stage.conn.query(there, [pids]) == [(pids[2],)])
    assert names["conn"].info()["backend_pid"] == pids[2]
    assert len(names["result"]) == 4


def test_the_retry_example_retries(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    names, _ = stage.play(BLOCKS[663].text)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            stage.port = None  # the server is back

    monkeypatch.setattr("time.sleep", sleep)
    stage.port = 1
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert names["robust_query"]("postgresql://user:pass@localhost/db", "SELECT 7") == [(7,)]
    assert slept == [1, 2]
    assert re.findall(r"Connection error \(attempt (\d)\): cannot connect", printed.getvalue()) == ["1", "2"]
    with pytest.raises(driver.ProgrammingError):
        names["robust_query"]("postgresql://user:pass@localhost/db", "SELEC 7")
    assert slept == [1, 2]
