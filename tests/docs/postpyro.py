"""What the blocks of PostPyro's document find: a connection, tables, and the names they take for granted."""

from __future__ import annotations

import ast
import contextlib
import gc
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ferrow.driver
from ferrow import driver
from ferrow.wire import url as wire_url
from ferrow.wire.host import Host
from ferrow.wire.settings import Secret, Settings
from tests.docs.awaited import awaited
from tests.docs.blocks import blocks

REFERENCE = Path(__file__).with_name("reference") / "postpyro.md"
LINES = REFERENCE.read_text().splitlines()
BLOCKS = {block.line: block for block in blocks(REFERENCE)}
SCHEMA = """
CREATE TABLE users (
    id serial PRIMARY KEY, name text, email text UNIQUE CHECK (email LIKE '%@%'), age integer, city text, department text,
    active boolean NOT NULL DEFAULT true, created_today boolean NOT NULL DEFAULT false, welcomed boolean DEFAULT false
);
INSERT INTO users (id, name, email, age, city, active, created_today) VALUES
    (1, 'Ada', 'ada@example.com', 36, 'London', true, true),
    (2, 'Bob', 'bob@example.com', 30, 'New York', true, false),
    (3, 'Eve', 'eve@example.com', 20, 'New York', false, true),
    (123, 'Cem', 'cem@example.com', 50, 'Izmir', true, false);
SELECT setval('users_id_seq', 1000);
CREATE TABLE orders (user_id integer);
CREATE TABLE accounts (id integer PRIMARY KEY, balance integer);
INSERT INTO accounts VALUES (1, 500), (2, 0);
CREATE TABLE sales_data (day date, amount numeric);
INSERT INTO sales_data VALUES ('2023-12-25', 19.99), ('2023-12-26', 5);
CREATE TABLE benchmark (value integer);
CREATE TABLE mixed_types (
    id serial PRIMARY KEY, bool_col boolean, int_col integer, float_col double precision, text_col text,
    date_col date, timestamp_col timestamp, uuid_col uuid, json_col jsonb
);
"""


def ours(text: str) -> str:
    """The text with the one thing changed that the document's readers have to change."""
    return text.replace("import PostPyro as pg", "import ferrow.driver as pg").replace("PostPyro.", "ferrow.driver.")


class Stage:
    """What the blocks find: a connection, tables, and the names that the text around them takes for granted."""

    def __init__(self, conn: driver.Connection) -> None:
        self.conn = conn
        self.asked: list[Settings] = []
        """What the programs asked to be connected with."""
        self.port: int | None = None
        """The port of the server, if it is not to be found where it is."""

    def play(self, text: str, line: int = 1, **given: Any) -> tuple[dict[str, Any], str]:
        """Run a piece of the document; the names it leaves, and what it prints."""
        names = self.names(**given)
        code = compile("\n" * (line - 1) + ours(text), str(REFERENCE), "exec", dont_inherit=True)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, names)
        return names, printed.getvalue()

    async def play_awaited(self, text: str, **given: Any) -> tuple[dict[str, Any], str]:
        """`play`, of the program that awaits; `conn` is its connection."""
        names = self.names(**given)
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(awaited(ours(text)), str(REFERENCE), "exec", flags=flags, dont_inherit=True)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            waiting = eval(code, names)
            if waiting is not None:
                await waiting
        return names, printed.getvalue()

    def names(self, **given: Any) -> dict[str, Any]:
        """What the text around the blocks takes for granted."""
        return {
            "__name__": "document",
            "ferrow": ferrow,
            "pg": driver,
            "conn": self.conn,
            "row": self.conn.query_one("SELECT id, name, email FROM users WHERE id = $1", [1]),
            "email": "ada@example.com",
            **given,
        }

    def one(self, sql: str) -> Any:
        return self.conn.query_one(sql)[0]


@pytest.fixture
def stage(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    parse = wire_url.parse
    server = parse(postgresql_url)
    with driver.connect(postgresql_url) as conn:
        conn.script(SCHEMA)
        stage = Stage(conn)

        def parse_here(url: str, **options: Any) -> Settings:
            # One URL of the document says "port" where a number belongs.
            asked = parse(url.replace(":port/", ":5432/") if isinstance(url, str) else url, **options)
            stage.asked.append(asked)
            return asked.replace(
                hosts=(Host(host=server.host, port=stage.port or server.port),),
                user=server.user,
                password=asked.password if asked.password == Secret("wrongpass") else server.password,
                database=server.database,
            )

        monkeypatch.setattr(wire_url, "parse", parse_here)
        yield stage
        gc.collect()  # here, where it is expected, not in a later test: connections that a block has left open
