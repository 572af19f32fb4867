"""What is sent behind a statement that has committed the transaction of a block, on a server that only notes what it is sent."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ferrow.wire.drive import drive
from ferrow.wire.mysql.comments import Server
from ferrow.wire.mysql.guard import Guard


class Sent(list[str]):
    async def ask(self, sql: str) -> Any:
        self.append(sql)
        return SimpleNamespace(field_count=0)

    async def ping(self) -> None:
        self.append("ping")


@pytest.mark.parametrize("sql", ["SHOW WARNINGS", "show errors", "GET DIAGNOSTICS @n = NUMBER"])
def test_what_the_server_says_of_a_statement_is_asked_before_a_transaction_is_begun(sql: str) -> None:
    """MySQL says it of BEGIN then."""
    guard, sent = Guard(Server(80403, False)), Sent()
    guard.set("SET TRANSACTION READ ONLY; BEGIN")
    guard.over = True
    for asked in (sql, "SELECT 1", "SELECT 2"):
        drive(guard.ask(asked, sent.ask, sent.ping, lambda: True))
    assert sent == [sql, "SET TRANSACTION READ ONLY", "BEGIN", "SELECT 1", "SELECT 2"]
