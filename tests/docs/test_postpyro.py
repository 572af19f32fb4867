"""Every Python block of PostPyro's document runs, with nothing changed but the imported name.

`reference/postpyro.md` is that document, word for word. Its programs connect to servers of their own; here all of their
URLs lead to the server of the test run, with the options they name. Only what cannot work yet is expected to be refused.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from ferrow import driver
from tests.docs.postpyro import BLOCKS, Stage, stage

__all__ = ["stage"]

# --- what the blocks print -----------------------------------------------------------------------------------------------

USERS = r"User: Ada \(ada@example.com\)\nUser: Bob \(bob@example.com\)\nUser: Cem \(cem@example.com\)\n"
PRINTS = {
    27: USERS,
    100: "ID: 2, Name: Bob\n",
    116: "User: Cem\n",
    149: "Inserted 3 total rows\n",
    173: "Connection is healthy\n",
    184: "Connection closed: False\nConnection healthy: True\n",
    228: "Ada\nada@example.com\n1\nAda\n",
    252: "1\nAda\nada@example.com\n",
    269: r"Columns: \['id', 'name', 'email'\]\n",
    286: "id: 1\nname: Ada\nemail: ada@example.com\n",
    349: 'Constraint violation: new row for relation "users" violates check constraint "users_email_check".*',
    425: r" *day +amount\n0 +2023-12-25 +19.99\n1 +2023-12-26 +5\n",
    443: "Ada\nBob\nCem\n",
    565: r"Inserted 10,000 records in \d+\.\d\d seconds\nRate: \d+ inserts/second\n",
    751: 'Email already exists\nSomething went wrong: duplicate key value violates unique constraint "users_email_key".*',
    845: "Authentication error: .*password authentication failed.*",
}
"""Regular expressions, by the line on which the block begins; a block that is not here prints nothing."""


# --- what they leave behind ----------------------------------------------------------------------------------------------


def quick_start(stage: Stage, names: dict[str, Any]) -> None:
    assert names["user_id"] == 1  # `execute` counts rows; `query_one` gives them
    assert stage.one("SELECT email FROM users WHERE name = 'John Doe'") == "john@example.com"
    assert names["conn"].is_closed()


def constants(stage: Stage, names: dict[str, Any]) -> None:
    assert (driver.apilevel, driver.threadsafety, driver.paramstyle) == ("2.0", 2, "numeric")
    assert re.fullmatch(r"\d+\.\d+\.\d+", driver.__version__)


def version(stage: Stage, names: dict[str, Any]) -> None:
    assert names["version"] == driver.__version__


def connected(stage: Stage, names: dict[str, Any]) -> None:
    assert names["conn"] is not stage.conn
    assert names["conn"].ping()


def asked(stage: Stage, names: dict[str, Any]) -> None:
    assert [row.to_dict()["id"] for row in names["rows"]] == [2]


def executed(stage: Stage, names: dict[str, Any]) -> None:
    assert names["affected"] == 1
    assert stage.one("SELECT email FROM users WHERE id = 123") == "newemail@example.com"
    assert stage.one("SELECT count(*) FROM users WHERE name IN ('Alice', 'Eve')") == 1
    assert stage.one("SELECT count(*) FROM products") == 0


def batched(stage: Stage, names: dict[str, Any]) -> None:
    assert names["results"] == [1, 1, 1]
    assert stage.one("SELECT string_agg(name, ', ' ORDER BY id) FROM users WHERE id > 1000") == "User 1, User 2, User 3"


def prepared(stage: Stage, names: dict[str, Any]) -> None:
    assert type(names["stmt_id"]) is str
    assert stage.conn.execute("UPDATE users SET department = $1 WHERE id = $2", ["Sales", 2]) == 1
    assert [row["name"] for row in stage.conn.query(names["stmt_id"], ["Sales"])] == ["Bob"]


def closed(stage: Stage, names: dict[str, Any]) -> None:
    assert stage.conn.is_closed()
    with pytest.raises(driver.InterfaceError, match="Connection is closed"):
        stage.conn.query("SELECT 1")


def counted(stage: Stage, names: dict[str, Any]) -> None:
    assert names["column_count"] == 3


def defaulted(stage: Stage, names: dict[str, Any]) -> None:
    assert names["age"] == 0


def listed(stage: Stage, names: dict[str, Any]) -> None:
    assert names["values"] == [1, "Ada", "ada@example.com"]


def as_dict(stage: Stage, names: dict[str, Any]) -> None:
    assert type(names["user_dict"]) is dict
    assert [*names["user_dict"].items()] == [("id", 1), ("name", "Ada"), ("email", "ada@example.com")]


def ordered(stage: Stage, names: dict[str, Any]) -> None:
    assert stage.one("SELECT count(*) FROM orders") == 1
    assert not names["tx"].is_active()


def moved(stage: Stage, names: dict[str, Any]) -> None:
    assert stage.one("SELECT balance FROM accounts WHERE id = 1") == 400
    assert stage.one("SELECT count(*) FROM users WHERE name = 'Alice'") == 1
    assert not names["tx"].is_active()


def welcomed(stage: Stage, names: dict[str, Any]) -> None:
    assert stage.conn.query("SELECT id FROM users WHERE welcomed ORDER BY id") == [(1,), (3,)]


def mixed(stage: Stage, names: dict[str, Any]) -> None:
    key, *columns = names["row"].values()
    uuid = columns.pop(-2)
    assert columns == [
        True,
        42,
        3.14159,
        "Hello PostgreSQL",
        date(2023, 12, 25),
        datetime(2023, 12, 25, 14, 30),
        {"name": "John", "scores": [85, 92, 78]},
    ]
    assert (key, uuid.version) == (1, 4)


def frame(stage: Stage, names: dict[str, Any]) -> None:
    assert list(names["df"].columns) == ["day", "amount"]
    assert len(names["df"]) == 2
    # The first of the two ways, whose name the second one takes.
    assert names["pd"].DataFrame([row.to_dict() for row in names["rows"]]).equals(names["df"])


def left(stage: Stage, names: dict[str, Any]) -> None:
    assert names["db"].conn.is_closed()


def web(stage: Stage, names: dict[str, Any]) -> None:
    async def talk() -> None:
        import httpx

        transport = httpx.ASGITransport(names["app"])
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            ada = await client.get("/users/1")
            assert ada.json() == {"id": 1, "name": "Ada", "email": "ada@example.com"}
            missing = await client.get("/users/77")
            assert (missing.status_code, missing.json()) == (404, {"detail": "User not found"})
            new = {"name": "Dora", "email": "dora@example.com"}
            made = await client.post("/users", params=new)
            assert made.json() == {"id": 1, "message": "User created"}
            again = await client.post("/users", params=new)
            assert (again.status_code, again.json()) == (400, {"detail": "Email already exists"})

    asyncio.run(talk())


def models(stage: Stage, names: dict[str, Any]) -> None:
    user = names["User"]("postgresql://user:pass@localhost/db", "Dora", "dora@example.com")
    assert user.save() == 1
    assert user.conn.ping()
    # The document's own method connects without a URL, which is its mistake and must be an error of ours.
    with pytest.raises(driver.InterfaceError, match=r"where to\? Give the URL of a database"):
        names["User"].find_by_email(stage.conn, "dora@example.com")


def ten_thousand(stage: Stage, names: dict[str, Any]) -> None:
    assert stage.one("SELECT count(DISTINCT value) FROM benchmark") == 10_000


def pooled(stage: Stage, names: dict[str, Any]) -> None:
    assert names["process_user"](1)["name"] == "Ada"
    lent = names["pool"].get_connection()
    names["pool"].return_connection(lent)
    names["pool"].close_all()
    assert lent.is_closed()
    names["pool"].return_connection(lent)
    assert names["pool"].pool.empty()  # it asks whether it is closed


def bulk(stage: Stage, names: dict[str, Any]) -> None:
    stage.conn.script("ALTER TABLE users DROP CONSTRAINT users_email_key")  # it inserts everybody twice
    data = [{"name": f"n{number}", "email": f"n{number}@example.com", "age": number} for number in range(50)]
    names["bulk_insert_users"](stage.conn, data)
    assert stage.one("SELECT count(*) FROM users WHERE name LIKE 'n%'") == 100


def recovered(stage: Stage, names: dict[str, Any]) -> None:
    assert [user["name"] for user in names["users"]] == ["Ada", "Bob", "Cem"]


def twice_moved(stage: Stage, names: dict[str, Any]) -> None:
    assert stage.conn.query("SELECT balance FROM accounts ORDER BY id") == [(300,), (200,)]


def nothing(stage: Stage, names: dict[str, Any]) -> None:
    """The block has done its work when it has run."""


RUN: dict[int, Callable[[Stage, dict[str, Any]], None]] = {
    27: quick_start,
    52: constants,
    65: connected,
    78: version,
    90: connected,
    100: asked,
    116: nothing,
    125: executed,
    149: batched,
    164: prepared,
    173: nothing,
    184: nothing,
    194: ordered,
    205: closed,
    213: nothing,
    228: nothing,
    244: counted,
    252: nothing,
    261: defaulted,
    269: nothing,
    278: listed,
    286: nothing,
    295: as_dict,
    309: moved,
    319: welcomed,
    349: nothing,
    394: mixed,
    425: frame,
    443: left,
    471: web,
    505: models,
    565: ten_thousand,
    589: pooled,
    638: bulk,
    663: recovered,
    708: nothing,
    727: nothing,
    738: twice_moved,
    751: nothing,
    837: nothing,
    845: nothing,
}
APART = {336, 781, 799, 817, 854}
"""Blocks with tests of their own: a drawing, refusals, halves of other drivers."""


def test_every_block_is_tested() -> None:
    assert RUN.keys() | APART == BLOCKS.keys()
    assert RUN.keys() >= PRINTS.keys()


UNCLOSED = pytest.mark.filterwarnings("ignore:unclosed connection:ResourceWarning")
"""The document closes few of its connections; each is collected, and ended, with its names."""


@UNCLOSED
@pytest.mark.postgresql
@pytest.mark.parametrize("line", RUN)
def test_block(stage: Stage, line: int) -> None:
    names, printed = stage.play(BLOCKS[line].text, line)
    assert re.fullmatch(PRINTS.get(line, ""), printed, re.DOTALL), printed
    RUN[line](stage, names)
