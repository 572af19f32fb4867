"""What `execute_batch` refuses, and that it does so before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.abc import Status
from ferrow.errors import InterfaceError, NotSupportedError, ProgrammingError
from tests.support import maybe
from tests.support.batches import WRONG, table
from tests.support.numbered import numbers

__all__ = ["table"]


@pytest.mark.parametrize(
    ("queries", "words"),
    [
        ("SELECT 1", "not one str: write \\[sql\\]"),
        (b"SELECT 1", "not bytes"),
        ({"SELECT 1": 1}, "not dict"),
        (None, "not NoneType"),
        (7, "not int"),
        (["SELECT 1", None], "statement 2 of the batch is NoneType"),
        (["SELECT 1", b"SELECT 1"], "statement 2 of the batch is bytes"),
        ([("INSERT INTO t (n) VALUES ($1)", [1])], "statement 1 of the batch is tuple, not str; .*run_many"),
    ],
)
async def test_what_is_no_list_of_texts_is_refused(table: Any, queries: Any, words: str) -> None:
    with pytest.raises(InterfaceError, match=words):
        await maybe(table.execute_batch(queries))


@pytest.mark.parametrize(
    "command",
    ["BEGIN", "COMMIT", "end", "ROLLBACK", "SAVEPOINT a", "/* well */ release a", "; commit", "ROLLBACK TO a"],
)
@pytest.mark.parametrize("inside", [False, True])
async def test_what_would_end_the_batch_half_way_is_refused_unsent(table: Any, command: str, inside: bool) -> None:
    tx = await maybe(table.begin()) if inside else table
    with pytest.raises(ProgrammingError, match="one transaction already") as caught:
        await maybe(tx.execute_batch(["INSERT INTO t (n) VALUES (1)", command, WRONG]))
    assert (caught.value.statement, caught.value.query) == (2, command)
    assert table.status is (Status.TRANSACTION if inside else Status.IDLE)
    assert await numbers(table) == []


async def test_several_commands_in_one_text_are_refused(table: Any) -> None:
    several = "INSERT INTO t (n) VALUES (2); INSERT INTO t (n) VALUES (3)"
    with pytest.raises(ProgrammingError, match=r"multiple commands|several statements") as caught:
        await maybe(table.execute_batch(["INSERT INTO t (n) VALUES (1)", several]))
    assert (caught.value.statement, caught.value.query) == (2, several)
    assert await numbers(table) == []


@pytest.mark.parametrize("before", [[], ["INSERT INTO t (n) VALUES (1)"]])
async def test_placeholders_are_refused(table: Any, before: list[str]) -> None:
    with pytest.raises(ProgrammingError, match="take no parameters; run it with execute") as caught:
        await maybe(table.execute_batch([*before, "INSERT INTO t (n) VALUES ($1)"]))
    assert caught.value.statement == len(before) + 1
    assert await numbers(table) == []


@pytest.mark.parametrize(("text", "words"), [("SELECT '\0'", r"NUL|zero byte"), ("SELECT '\ud800'", "lone surrogate")])
async def test_texts_that_cannot_be_sent_are_refused_unsent(table: Any, text: str, words: str) -> None:
    with pytest.raises(ProgrammingError, match=words) as caught:
        await maybe(table.execute_batch(["INSERT INTO t (n) VALUES (1)", text]))
    assert caught.value.statement == 2
    assert await numbers(table) == []


async def test_what_no_transaction_can_hold_runs_alone_or_not_at_all(table: Any) -> None:
    assert await maybe(table.execute_batch(["VACUUM"])) == [0]
    for batch in (["VACUUM", "INSERT INTO t (n) VALUES (1)"], ["INSERT INTO t (n) VALUES (1)", "VACUUM"]):
        with pytest.raises(ProgrammingError, match=r"VACUUM.* transaction") as caught:
            await maybe(table.execute_batch(batch))
        assert caught.value.query == "VACUUM"
    assert await numbers(table) == []


@pytest.mark.parametrize("sql", ["COPY t FROM STDIN", "copy t to stdout", "COPY (SELECT 1) TO STDOUT (FORMAT csv)"])
async def test_copy_is_refused_unsent(pg: Any, sql: str) -> None:
    await maybe(pg.script("CREATE TABLE t (n integer)"))
    for batch in ([sql], ["INSERT INTO t (n) VALUES (1)", sql, "SELECT 1"]):
        with pytest.raises(NotSupportedError, match="COPY from STDIN or to STDOUT") as caught:
            await maybe(pg.execute_batch(batch))
        assert caught.value.query == sql
    assert await maybe(pg.execute_batch(["SELECT 1", "COPY t TO PROGRAM 'cat > /dev/null'"])) == [1, 0]
    assert await numbers(pg) == []


@pytest.mark.parametrize(
    "sql",
    ["CREATE DATABASE never", "CREATE INDEX CONCURRENTLY ON t (n)", "PREPARE TRANSACTION 'x'", "START TRANSACTION"],
)
async def test_what_commits_by_itself_is_refused(pg: Any, sql: str) -> None:
    await maybe(pg.script("CREATE TABLE t (n integer)"))
    for batch in ([sql, WRONG], ["INSERT INTO t (n) VALUES (1)", sql, WRONG]):
        with pytest.raises(ProgrammingError) as caught:
            await maybe(pg.execute_batch(batch))
        assert caught.value.query == sql
    assert await numbers(pg) == []
    assert pg.status is Status.IDLE


async def test_a_block_that_commits_inside_is_refused(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (n integer)"))
    block = "DO $$ BEGIN INSERT INTO t (n) VALUES (2); COMMIT; END $$"
    with pytest.raises(ProgrammingError, match="invalid transaction termination"):
        await maybe(pg.execute_batch(["INSERT INTO t (n) VALUES (1)", block, WRONG]))
    assert await numbers(pg) == []
