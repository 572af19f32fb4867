"""Every Python block of PostPyro's document runs, with nothing changed but the imported name.

`reference/postpyro.md` is that document, word for word. Its programs connect to servers of their own; here all of their
URLs lead to the server of the test run, with the options they name. Only what cannot work yet is expected to be refused.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import ferrow.driver
from ferrow import driver
from ferrow.wire import url as wire_url
from ferrow.wire.host import Host
from ferrow.wire.settings import Secret, Settings
from tests.docs.blocks import blocks
from tests.support.certificates import Authority
from tests.support.tls_proxy import tls_proxy

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
        text = text.replace("import PostPyro as pg", "import ferrow.driver as pg").replace(
            "PostPyro.", "ferrow.driver."
        )
        names: dict[str, Any] = {
            "__name__": "document",
            "ferrow": ferrow,
            "pg": driver,
            "conn": self.conn,
            "row": self.conn.query_one("SELECT id, name, email FROM users WHERE id = $1", [1]),
            "email": "ada@example.com",
            **given,
        }
        code = compile("\n" * (line - 1) + text, str(REFERENCE), "exec", dont_inherit=True)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, names)
        return names, printed.getvalue()

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


def version(stage: Stage, names: dict[str, Any]) -> None:
    assert names["version"] == driver.__version__


def connected(stage: Stage, names: dict[str, Any]) -> None:
    assert names["conn"] is not stage.conn
    assert names["conn"].ping()


def executed(stage: Stage, names: dict[str, Any]) -> None:
    assert names["affected"] == 1
    assert stage.one("SELECT email FROM users WHERE id = 123") == "newemail@example.com"
    assert stage.one("SELECT count(*) FROM users WHERE name IN ('Alice', 'Eve')") == 1
    assert stage.one("SELECT count(*) FROM products") == 0


def prepared(stage: Stage, names: dict[str, Any]) -> None:
    assert stage.conn.query(names["stmt_id"], ["nobody's"]) == []


def closed(stage: Stage, names: dict[str, Any]) -> None:
    assert stage.conn.is_closed()
    with pytest.raises(driver.InterfaceError, match="Connection is closed"):
        stage.conn.query("SELECT 1")


def ordered(stage: Stage, names: dict[str, Any]) -> None:
    assert stage.one("SELECT count(*) FROM orders") == 1
    assert not names["tx"].is_active()


def moved(stage: Stage, names: dict[str, Any]) -> None:
    assert stage.one("SELECT balance FROM accounts WHERE id = 1") == 400


def welcomed(stage: Stage, names: dict[str, Any]) -> None:
    assert stage.conn.query("SELECT id FROM users WHERE welcomed ORDER BY id") == [(1,), (3,)]


def mixed(stage: Stage, names: dict[str, Any]) -> None:
    assert names["row"]["json_col"] == {"name": "John", "scores": [85, 92, 78]}
    assert names["row"]["float_col"] == 3.14159


def frame(stage: Stage, names: dict[str, Any]) -> None:
    assert list(names["df"].columns) == ["day", "amount"]
    assert len(names["df"]) == 2


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
    with pytest.raises(driver.InterfaceError, match="a database URL is a str, not NoneType"):
        names["User"].find_by_email(stage.conn, "dora@example.com")


def ten_thousand(stage: Stage, names: dict[str, Any]) -> None:
    assert stage.one("SELECT count(DISTINCT value) FROM benchmark") == 10_000


def pooled(stage: Stage, names: dict[str, Any]) -> None:
    assert names["process_user"](1)["name"] == "Ada"
    lent = names["pool"].get_connection()
    names["pool"].return_connection(lent)
    names["pool"].close_all()
    assert lent.is_closed()


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
    100: nothing,
    116: nothing,
    125: executed,
    149: nothing,
    164: prepared,
    173: nothing,
    184: nothing,
    194: ordered,
    205: closed,
    213: nothing,
    228: nothing,
    244: nothing,
    252: nothing,
    261: nothing,
    269: nothing,
    278: nothing,
    286: nothing,
    295: nothing,
    309: moved,
    319: welcomed,
    349: nothing,
    394: mixed,
    425: frame,
    443: nothing,
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


@pytest.mark.postgresql
@pytest.mark.parametrize("line", RUN)
def test_block(stage: Stage, line: int) -> None:
    names, printed = stage.play(BLOCKS[line].text, line)
    assert re.fullmatch(PRINTS.get(line, ""), printed, re.DOTALL), printed
    if line in (244, 261, 278, 295):
        assert (names.get("column_count", 3), names.get("age", 0)) == (3, 0)
        assert names.get("values", [1, "Ada", "ada@example.com"]) == [1, "Ada", "ada@example.com"]
        assert names.get("user_dict", {"id": 1}).items() <= {"id": 1, "name": "Ada", "email": "ada@example.com"}.items()
    RUN[line](stage, names)


def test_the_drawing_of_the_errors() -> None:
    base, *others = re.findall(r"^\W*(\w+)", BLOCKS[336].text, re.MULTILINE)
    assert base == "DatabaseError"
    assert len(others) == 7
    for name in others:
        assert issubclass(getattr(driver, name), driver.DatabaseError)


# --- connection strings --------------------------------------------------------------------------------------------------


@pytest.mark.postgresql
def test_connection_string_options(stage: Stage, postgresql_url: str, tmp_path: Path) -> None:
    server = Authority(tmp_path).issue("server", "localhost")
    with tls_proxy(postgresql_url, server) as between:
        stage.port = between.port
        for statement in ast.parse(BLOCKS[781].text).body:
            names, _ = stage.play(ast.unparse(statement))
            assert names["conn"].ping()
            names["conn"].close()
    assert [event for event in between.events if event.startswith("startup")] == [
        f"startup {'encrypted' if asked.tls.sslmode == 'require' else 'plain'}" for asked in stage.asked
    ]
    assert between.events.count("startup encrypted") == 2
    assert [asked.connect_timeout for asked in stage.asked] == [30, 30, 10, 10]
    assert stage.asked[-1].parameters == {"application_name": "myapp"}
    assert (stage.asked[0].host, stage.asked[0].port, stage.asked[0].user) == ("localhost", 5432, "user")


@pytest.mark.postgresql
@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_both_schemes(stage: Stage, scheme: str) -> None:
    with driver.connect(f"{scheme}://user:password@host:5432/database?application_name=myapp") as conn:
        assert conn.query_one("SHOW application_name") == ("myapp",)


# --- beside other drivers ------------------------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.parametrize("line", [799, 817])
def test_the_half_that_is_ours(stage: Stage, line: int) -> None:
    ours = BLOCKS[line].text.index("# PostPyro")
    names, _ = stage.play(BLOCKS[line].text[ours:])
    assert [row["name"] for row in names["rows"]] == ["Cem"]
    assert names["conn"].is_closed()
    assert (stage.asked[-1].user, stage.asked[-1].database) == ("postgres", "test")


@pytest.mark.postgresql
def test_a_str_for_an_integer_is_refused(stage: Stage) -> None:
    with pytest.raises(driver.DataError, match="parameter 1") as caught:
        stage.play(BLOCKS[854].text)
    assert caught.value.parameter == 1
    assert stage.conn.query("SELECT age FROM users WHERE id > 1000") == [(25,)]


@pytest.mark.postgresql
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


# --- the tables ----------------------------------------------------------------------------------------------------------

METHODS = re.findall(r"^#### `(\w+)\((.*?)\)(?: -> .*)?`$", REFERENCE.read_text(), re.MULTILINE)
SECTIONS = {"## 🔌 Connection Class": driver.Connection, "## 📄 Row Class": driver.Row, "## 🔄 Transaction Class": driver.Transaction}  # fmt: skip


def methods() -> Iterator[Any]:
    owner: Any = driver
    for line in LINES:
        owner = SECTIONS.get(line, owner)
        found = re.fullmatch(r"#### `(\w+)\((.*)\)(?: -> .*)?`", line)
        if found:
            yield pytest.param(owner, *found.groups(), id=f"{owner.__name__}.{found[1]}")


@pytest.mark.parametrize(("owner", "name", "parameters"), list(methods()))
def test_documented_signature(owner: Any, name: str, parameters: str) -> None:
    documented = [part.split(":")[0].strip() for part in parameters.split(", ") if ":" in part]
    if name.startswith("__"):
        assert hasattr(owner, name)
        return
    item = driver.Connection if name == "Connection" else getattr(owner, name)
    ours = [each for each in inspect.signature(item).parameters if each not in ("self", "options")]
    # What a connection string is called is the one name that differs; the document never writes it.
    documented = ["url" if each == "connection_string" else each for each in documented]
    assert ours[: len(documented)] == documented


def test_all_methods_are_found() -> None:
    assert len(list(methods())) == 24


def type_rows() -> Iterator[Any]:
    """PostgreSQL type, Python type and example of each row of the document's table."""
    from datetime import date, datetime, time
    from uuid import UUID

    names = {"date": date, "time": time, "datetime": datetime, "UUID": UUID}
    start = LINES.index("### Supported Type Conversions") + 4
    for line in LINES[start : LINES.index("### Type Usage Examples") - 1]:
        types, _, examples = (cell.strip() for cell in line.strip("|").split("|"))
        # "With timezone info"; not that of this moment, which would be another in each process of a test run
        tree = re.findall(r"`(.*?)`", examples) or ["datetime(2023, 12, 25, 14, 30).astimezone()"]
        for example in ast.parse(f"[{', '.join(tree)}]", mode="eval").body.elts:  # type: ignore[attr-defined]
            value = eval(compile(ast.Expression(example), "table", "eval"), names)
            for name in re.findall(r"`(.*?)`", types):
                yield name, value


TYPES = list(type_rows())
ARRAYS = {int: "integer[]", str: "text[]"}


@pytest.mark.postgresql
@pytest.mark.parametrize(("name", "value"), TYPES, ids=[f"{name}-{value}" for name, value in TYPES])
def test_type_in_both_directions(postgresql_url: str, name: str, value: Any) -> None:
    if name == "ARRAY":
        name = ARRAYS[type(value[0])]
    if name in ("SMALLINT", "INTEGER") and abs(value) >= 2**15:
        pytest.fail("an example that does not fit its type")
    if name == "CIDR" and "/" not in value:
        value += "/32"
    if name == "INET" and "/" in value:
        value = value.replace(".0/", ".1/")
    with driver.connect(postgresql_url) as conn:
        conn.execute(f"CREATE TABLE t (c {name})")
        assert conn.execute("INSERT INTO t VALUES ($1)", [value]) == 1
        (back,) = conn.query_one("SELECT c FROM t")
        if name == "REAL":
            assert back == pytest.approx(value)
        else:
            assert back == value
        assert type(back) is type(value)
        conn.execute("UPDATE t SET c = $1", [None])
        assert conn.query_one("SELECT c FROM t") == (None,)


@pytest.mark.postgresql
@pytest.mark.parametrize("tip", [line for line in LINES if re.match(r"\d\. \*\*?(Use|Prepare|Close|Leverage)", line)])
def test_performance_tip(stage: Stage, tip: str) -> None:
    """The names that the tips speak of are there; what they do is tested above."""
    for name in re.findall(r"(?:Row\.)?(\w+)\(\)", tip):
        assert hasattr(driver.Row if "Row." in tip else driver.Connection, name)
