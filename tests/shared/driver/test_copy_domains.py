"""COPY into columns of domains: in the form of what they restrict, or as the domain's codec writes it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from ferrow.driver import copy_domains
from ferrow.driver.copy_sql import copy_query
from ferrow.errors import DatabaseError
from ferrow.types import Codec, register_codec, unregister_codec
from tests.support import entered, items, maybe

pytestmark = pytest.mark.postgresql

TYPES = """\
CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (a integer, b text);
CREATE DOMAIN positive AS integer CHECK (VALUE > 0); CREATE DOMAIN small AS positive CHECK (VALUE < 100);
CREATE DOMAIN price AS numeric(10, 2); CREATE DOMAIN temper AS mood; CREATE DOMAIN tags AS text[];
CREATE DOMAIN couple AS pair CHECK (VALUE IS NULL OR (VALUE).a > 0); CREATE DOMAIN cash AS money; CREATE DOMAIN code AS text"""

VALUES: dict[str, tuple[Any, Any]] = {
    "positive": (5, 7),
    "small": (5, 7),
    "price": (Decimal("1.50"), Decimal("-20.00")),
    "temper": ("ok", "sad"),
    "tags": (["a", None, "ü"], []),
    "couple": ((1, "x"), (2, None)),
    "cash": ("$1.50", "$2.00"),
    "positive[]": ([1, 2], []),
    "couple[]": ([(1, "x"), None], []),
}

SOURCES: dict[str, Callable[[list[Any]], Any]] = {"list": list, "tuple": tuple, "iterator": iter}
sources = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
columns = pytest.mark.parametrize("columns", [["n", "v"], None], ids=["columns", "all"])


@pytest.fixture
def domains(pg: Any, runner: Any) -> Any:
    async def make() -> None:
        await maybe(pg.script(TYPES))

    runner.run(make())
    return pg


async def copied(pg: Any, rows: Any, columns: list[str] | None = None) -> list[Any]:
    """What is there when they have been copied."""
    await maybe(pg.copy_in("t", rows, columns=columns))
    return [row[0] for row in await maybe(pg.query("SELECT v::text FROM t ORDER BY n"))]


@columns
@pytest.mark.parametrize("domain", VALUES)
async def test_what_is_copied_comes_back(domains: Any, domain: str, columns: list[str] | None) -> None:
    await maybe(domains.script(f"CREATE TABLE t (n integer, v {domain})"))
    rows = [(n, value) for n, value in enumerate([*VALUES[domain], None])]
    for _ in range(2):  # known the second time
        await maybe(domains.copy_in("t", rows, columns=columns))
        assert await items(domains.copy_out("t")) == rows
        await maybe(domains.script("TRUNCATE t"))


async def test_what_the_domain_forbids_is_the_servers_to_refuse(domains: Any) -> None:
    await maybe(domains.script("CREATE TABLE t (n integer, v small)"))
    for value in (0, 100):
        with pytest.raises(DatabaseError) as caught:
            await maybe(domains.copy_in("t", [(1, 5), (2, value)]))
        assert caught.value.sqlstate == "23514"
    assert await items(domains.copy_out("t")) == []


@columns
@sources
async def test_its_codec_writes(domains: Any, columns: list[str] | None, source: Callable[[list[Any]], Any]) -> None:
    """As it does for parameters that go into the column."""
    await maybe(domains.script("CREATE TABLE t (n integer, v code, other text)"))
    rows = [(1, "ABC"), (2, None)]
    others = None if columns is None else columns
    sent = [(*row, "Other") for row in rows] if others is None else rows
    assert await copied(domains, source(sent), others) == ["ABC", None]
    domains.set_codec("code", encode=str.lower, decode=str.upper)
    for _ in range(2):
        await maybe(domains.script("TRUNCATE t"))
        assert await copied(domains, source(sent), others) == ["abc", None]
        await maybe(domains.execute("INSERT INTO t VALUES ($1, $2)", [3, "ABC"]))
        assert (await maybe(domains.query_one("SELECT v FROM t WHERE n = 3")))[0] == "abc"
    assert {row[0] for row in await maybe(domains.query("SELECT other FROM t"))} <= {"Other", None}
    domains.set_codec("code")
    await maybe(domains.script("TRUNCATE t"))
    assert await copied(domains, source(sent), others) == ["ABC", None]


@pytest.mark.parametrize(
    ("domain", "encode", "form", "value", "written"),
    [
        ("positive", lambda value: value * 2, "value", 5, "10"),
        ("positive", lambda value: value.to_bytes(4, "big"), "binary", 258, "258"),
        ("positive", str, "text", 5, "5"),
        ("price", lambda value: value / 4, "value", Decimal(6), "1.50"),
        ("temper", lambda value: value.lower(), "text", "OK", "ok"),
        ("tags", sorted, "value", ["b", "a"], "{a,b}"),
        ("couple", lambda value: (value["a"], "x"), "value", {"a": 3}, "(3,x)"),
        ("cash", lambda value: f"${value}.00", "text", 7, "$7.00"),
        ("positive[]", lambda value: value * 2, "value", [1, 2], "{2,4}"),
    ],
)
async def test_in_each_form(domains: Any, domain: str, encode: Any, form: Any, value: Any, written: str) -> None:
    await maybe(domains.script(f"CREATE TABLE t (n integer, v {domain})"))
    domains.set_codec(domain.removesuffix("[]"), encode=encode, format=form)
    for _ in range(2):
        assert await copied(domains, [(1, value)], ["n", "v"]) == [written]
        await maybe(domains.script("TRUNCATE t"))


async def test_of_a_domain_over_another_one_the_outer_codec_comes_first(domains: Any) -> None:
    await maybe(domains.script("CREATE TABLE t (n integer, v small)"))
    domains.set_codec("positive", encode=lambda value: value + 1, format="value")
    assert await copied(domains, [(1, 5)]) == ["6"]
    domains.set_codec("small", encode=lambda value: value * 10, format="value")
    assert await copied(domains, [(2, 5)]) == ["6", "51"]
    await maybe(domains.execute("INSERT INTO t VALUES (3, $1)", [5]))
    assert (await maybe(domains.query_one("SELECT v FROM t WHERE n = 3")))[0] == 51
    domains.set_codec("int4", encode=lambda value: value + 2, format="value")
    await maybe(domains.execute("INSERT INTO t VALUES (4, $1)", [5]))
    await maybe(domains.copy_in("t", [(3, 5)]))  # the number goes through the base type's codec, too
    assert await maybe(domains.query("SELECT n, v FROM t WHERE n > 3 ORDER BY n")) == [(4, 53), (5, 53)]


async def test_codecs_for_texts_do_not_read_what_is_asked(domains: Any) -> None:
    await maybe(domains.script("CREATE TABLE t (n integer, v code)"))
    domains.set_codec("text", encode=lambda value: f"<{value}>", decode=str.upper)
    domains.set_codec("code", encode=str.lower, format="value")
    await maybe(domains.copy_in("t", [(1, "ABC")], columns=["n", "v"]))
    assert await maybe(domains.query_one("SELECT v = '<abc>' FROM t")) == (True,)


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `copy_in` asks about domains."""
    asked: list[str] = []

    def noted(query: str, *options: Any) -> Any:
        asked.append(query)
        return copy_query(query, *options)

    monkeypatch.setattr(copy_domains, "copy_query", noted)
    return asked


async def test_codecs_of_types_that_are_no_domains_cost_no_question(domains: Any, questions: list[str]) -> None:
    await maybe(domains.script("CREATE TABLE t (n integer, v mood)"))
    domains.set_codec("mood", encode=str.lower)
    for turn in range(3):
        assert (await copied(domains, [(1, "OK")], ["n", "v"]))[-1] == "ok"
        assert len(questions) == 1, turn


async def test_a_domain_that_is_made_later(domains: Any) -> None:
    """Of the type that the column has already, which the server describes it as."""
    await maybe(domains.script("CREATE TABLE t (n integer, v text)"))
    domains.set_codec("later", encode=str.lower)
    for _ in range(2):
        assert (await copied(domains, [(1, "OK")], ["n", "v"]))[-1] == "OK"
    await maybe(domains.script("CREATE DOMAIN later AS text; ALTER TABLE t ALTER v TYPE later"))
    for _ in range(2):
        assert (await copied(domains, [(2, "OK")], ["n", "v"]))[-1] == "ok"


async def test_a_type_that_has_become_a_domain_since(domains: Any) -> None:
    await maybe(domains.script("CREATE TABLE t (n integer, v mood)"))
    domains.set_codec("mood", encode=str.lower)
    for _ in range(2):
        assert (await copied(domains, [(1, "OK")], ["n", "v"]))[-1] == "ok"
    await maybe(
        domains.script(
            "ALTER TABLE t ALTER v TYPE text; DROP TYPE mood CASCADE; CREATE DOMAIN mood AS text; TRUNCATE t;"
            "ALTER TABLE t ALTER v TYPE mood"
        )
    )
    for _ in range(2):
        assert (await copied(domains, [(2, "OK")], ["n", "v"]))[-1] == "ok"
    await maybe(domains.script("CREATE DOMAIN code2 AS text; ALTER TABLE t ALTER v TYPE code2"))
    assert (await copied(domains, [(3, "OK")], ["n", "v"]))[-1] == "OK", "which has no codec"
    await maybe(domains.script("ALTER TABLE t ALTER v TYPE mood"))
    assert (await copied(domains, [(4, "OK")], ["n", "v"]))[-1] == "ok"


async def test_of_schemas_and_names(domains: Any) -> None:
    sql = 'CREATE SCHEMA "o\'th\\er"; CREATE DOMAIN "o\'th\\er".code AS text; CREATE TABLE "o\'th\\er"."T 1" (a code, "B\\" "o\'th\\er".code)'
    await maybe(domains.script(sql))
    domains.set_codec("code", encode=str.lower, schema="o'th\\er")
    domains.set_codec("it's", encode=str.lower)
    await maybe(domains.copy_in("T 1", [("ABC", "DEF")], schema="o'th\\er"))
    assert await items(domains.copy_out("T 1", schema="o'th\\er")) == [("ABC", "def")]
    await maybe(domains.script('DROP SCHEMA "o\'th\\er" CASCADE'))


async def test_a_column_that_becomes_one_of_a_domain(domains: Any) -> None:
    await maybe(domains.script("CREATE TABLE t (n integer, v text)"))
    domains.set_codec("code", encode=str.lower)
    for _ in range(2):
        await maybe(domains.copy_in("t", [(1, "ABC")], columns=["n", "v"]))
    await maybe(domains.script("TRUNCATE t; ALTER TABLE t ALTER v TYPE code"))
    assert await copied(domains, [(1, "ABC")], ["n", "v"]) == ["abc"]


async def test_of_the_process_and_in_a_transaction(domains: Any, postgresql_url: str, colour: str) -> None:
    from ferrow import driver

    await maybe(domains.script("CREATE TABLE t (n integer, v code)"))
    register_codec(Codec("code", encode=str.lower))
    try:
        conn: Any = await maybe((driver.connect_async if colour == "async" else driver.connect)(postgresql_url))
    finally:
        unregister_codec("code")
    async with entered(conn.transaction()):
        for _ in range(2):
            assert "abc" in await copied(conn, [{"v": "ABC", "n": 1}])
        assert len(await items(conn.copy_out("t"))) == 2
    await maybe(conn.close())


async def test_of_an_error_row_and_column_are_told(domains: Any) -> None:
    await maybe(domains.script("CREATE TABLE t (n integer, v code)"))

    def refuse(value: Any) -> Any:
        raise LookupError(value)

    domains.set_codec("code", encode=refuse)
    with pytest.raises(LookupError) as caught:
        await maybe(domains.copy_in("t", [(1, None), (2, "x")]))
    assert caught.value.__notes__ == ["raised by `encode` of the codec for code", "in row 2, column 2 (v)"]
    assert await items(domains.copy_out("t")) == []


@sources
async def test_the_names_of_columns_pass_a_codec_of_text_by(domains: Any, source: Callable[[list[Any]], Any]) -> None:
    """They are asked for where none are given."""
    await maybe(domains.script('CREATE TABLE "T é" (n integer, g integer GENERATED ALWAYS AS (n) STORED, v text)'))
    domains.set_codec("text", encode=lambda value: f"<{value}>", decode=str.upper)
    assert await maybe(domains.copy_in("T é", source([(1, "a")]))) == 1
    assert await maybe(domains.query('SELECT n, v FROM "T é"')) == [(1, "<A>")]


@pytest.mark.parametrize("name", ["nul\0", "\0", "it's", 'a"b', "\\"])
async def test_a_codec_of_a_name_that_no_type_has_is_in_nobodys_way(pg: Any, name: str) -> None:
    pg.set_codec(name, encode=str, decode=str)
    await maybe(pg.script("CREATE TABLE plain (n integer, t text)"))
    assert await maybe(pg.copy_in("plain", [(1, "a"), (2, None)])) == 2
    assert await maybe(pg.copy_in("plain", iter([(3, "b")]))) == 1
    assert await items(pg.copy_out("plain")) == [(1, "a"), (2, None), (3, "b")]


async def test_looking_domains_up_ends_whatever_happens(pg: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def __init__(self, *_: Any) -> None:
            pass

        def feed(self, data: bytes) -> Any:
            raise LookupError("no rows in it")

    await maybe(pg.script("CREATE DOMAIN own AS integer; CREATE TABLE owned (n own)"))
    pg.set_codec("own", encode=str)
    with monkeypatch.context() as patch, pytest.raises(LookupError, match="no rows in it"):
        patch.setattr("ferrow.driver.copy_domains.CopyDecoder", Broken)
        await maybe(pg.copy_in("owned", [(1,)]))
    assert await maybe(pg.copy_in("owned", [(1,)])) == 1
