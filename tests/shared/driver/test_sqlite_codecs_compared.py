"""Codecs of SQLite's declared types where a parameter is compared with a column: used where it is certain which one that is."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import driver
from ferrow.errors import DataError, ProgrammingError
from tests.support import items, maybe

TABLES = """
    CREATE TABLE t (id integer PRIMARY KEY, m mood, n mood, plain);
    CREATE TABLE r (id integer PRIMARY KEY, name text);
    CREATE VIEW v AS SELECT * FROM t;
    ATTACH ':memory:' AS "other one";
    CREATE TABLE "other one".far (id integer PRIMARY KEY, "My M" mood);
    INSERT INTO t VALUES (1, 'ko', 'das', 'ok'), (2, 'das', 'ko', 'sad');
    INSERT INTO r VALUES (1, 'ok'), (2, 'sad');
    INSERT INTO far SELECT id, m FROM t;
"""


async def backwards(lite: Any) -> None:
    """Moods are stored backwards from now on: what was not written by the codec finds nothing."""
    await maybe(lite.script(TABLES))
    lite.set_codec("mood", encode=lambda text: text[::-1], decode=lambda text: text[::-1])


# Each gives the row 1, if its parameters are written by the codec.
CERTAIN: list[tuple[str, Any]] = [
    ("SELECT id FROM t WHERE m = ?", ["ok"]),
    ("SELECT id FROM t WHERE m == ? COLLATE NOCASE", ["ok"]),
    ("SELECT id FROM t WHERE ? = m AND id = ?", ["ok", 1]),
    ("SELECT id FROM t WHERE m <> ?", ["sad"]),
    ("SELECT id FROM t WHERE NOT m = ? OR id = ?", ["sad", 9]),
    ("SELECT id FROM t WHERE m > ? ORDER BY id LIMIT ?", ["sad", 5]),
    ("SELECT id FROM t WHERE m IS ?", ["ok"]),
    ("SELECT id FROM t WHERE m IS NOT ?", ["sad"]),
    ("SELECT id FROM t WHERE m IS NOT DISTINCT FROM ?", ["ok"]),
    ("SELECT id FROM t WHERE m IN (?, ?, NULL, 'ko')", ["ok", "new"]),
    ("SELECT id FROM t WHERE m NOT IN (?)", ["sad"]),
    ("SELECT id FROM t WHERE m BETWEEN ? AND ? AND id < ?", ["ok", "ok", 9]),
    ("SELECT id FROM t WHERE m NOT BETWEEN 'a' AND ?", ["sad"]),
    ("SELECT id FROM t WHERE id BETWEEN 1 AND 9 AND m = ?", ["ok"]),
    ("SELECT id FROM t WHERE m = coalesce(?, m) AND n = ifnull(?, n)", ["ok", None]),
    ("SELECT id FROM t WHERE m = CASE WHEN id = ? THEN ? ELSE iif(id = ?, '-', ?) END", [1, "ok", 2, "sad"]),
    ("SELECT id FROM t WHERE (:m IS NULL OR m = :m) AND :m IS NOT NULL", {"m": "ok"}),
    ("SELECT id FROM t WHERE m = ?2 AND n = ?1", ["sad", "ok"]),
    ("SELECT id FROM t WHERE /* n = ? */ m -- n = ?\n = ?", ["ok"]),
    ("SELECT a.id FROM t AS a JOIN r ON r.id = a.id AND a.m = ?", ["ok"]),
    ('SELECT A.id FROM t a, r WHERE r.id = a.id AND "a".[M] = ?', ["ok"]),
    ("SELECT id FROM t JOIN r USING (id) WHERE m = ?", ["ok"]),
    ("SELECT t.id FROM t LEFT JOIN json_each('[1]') AS j WHERE t.m = ?", ["ok"]),
    ("SELECT t.id FROM t JOIN (SELECT 'x' AS m) AS d WHERE t.m = ?", ["ok"]),
    ("SELECT id FROM (SELECT * FROM t WHERE m = ?) AS d", ["ok"]),
    ("WITH w AS (SELECT * FROM t WHERE m = ?), u(id) AS (VALUES (1)) SELECT id FROM w JOIN u USING (id)", ["ok"]),
    ("SELECT id FROM r WHERE EXISTS (SELECT 1 FROM t WHERE t.id = r.id AND m = ?)", ["ok"]),
    ("SELECT id FROM t WHERE EXISTS (SELECT 1 FROM r WHERE r.id = t.id AND t.m = ?)", ["ok"]),
    ('SELECT id FROM "other one".far WHERE "My M" = ?', ["ok"]),
    ("SELECT id FROM far WHERE `my m` = ?", ["ok"]),
    ("SELECT id FROM t WHERE m = ? INTERSECT SELECT id FROM far WHERE [My M] = ?", ["ok", "ok"]),
    ("SELECT id FROM t GROUP BY id, m HAVING m = ?", ["ok"]),
    ("SELECT CASE WHEN m = ? THEN id END FROM t WHERE id = 1", ["ok"]),
    ("SELECT count(*) FILTER (WHERE m = ?) FROM t", ["ok"]),
    ("SELECT id FROM t WHERE id IN (SELECT id FROM r) AND m = ?", ["ok"]),
    ("DELETE FROM t AS d WHERE d.m = ? RETURNING id", ["ok"]),
    ("UPDATE t SET plain = r.name FROM r WHERE r.id = t.id AND t.m = ? RETURNING t.id", ["ok"]),
    ("UPDATE t SET m = :m WHERE n <> :m AND m = :m RETURNING id", {"m": "ok"}),
    (
        "INSERT INTO r SELECT 3 - id, 'x' FROM t WHERE m = ? ON CONFLICT DO UPDATE SET name = id RETURNING id - 1",
        ["ok"],
    ),
]


@pytest.mark.parametrize(("sql", "params"), CERTAIN)
async def test_where_it_is_certain_the_codec_is_used(lite: Any, sql: str, params: Any) -> None:
    await backwards(lite)
    for _ in range(2):
        assert await maybe(lite.query(f"EXPLAIN {sql}", params))
    assert await maybe(lite.query(sql, params)) == [(1,)]


# Each gives the row 1, if its parameters are left alone.
UNCERTAIN: list[tuple[str, Any]] = [
    ("SELECT id FROM v WHERE m = ?", ["ko"]),
    ("SELECT id FROM t WHERE lower(m) = ?", ["ko"]),
    ("SELECT id FROM t WHERE +m = ?", ["ko"]),
    ("SELECT id FROM t WHERE m = +?", ["ko"]),
    ("SELECT id FROM t WHERE m = lower(?)", ["KO"]),
    ("SELECT id FROM t WHERE m || ? = 'kox'", ["x"]),
    ("SELECT id FROM t WHERE 'x' || m = ?", ["xko"]),
    ("SELECT id FROM t WHERE m = ? || ''", ["ko"]),
    ("SELECT id FROM t WHERE m LIKE ?", ["k%"]),
    ("SELECT id FROM t WHERE (m, id) = (?, 1)", ["ko"]),
    ("SELECT id FROM t WHERE (id BETWEEN 2 AND m = ?) = 0 AND id = 1", ["12"]),
    ("SELECT id FROM t WHERE 1 IS NOT m = ? AND id = 1", [1]),
    ("SELECT id FROM t WHERE CASE m WHEN ? THEN 1 END", ["ko"]),
    ("SELECT id FROM t WHERE m = (SELECT ?)", ["ko"]),
    ("SELECT id FROM t WHERE plain = ? AND 'm' <> ?", ["ok", "x"]),
    ("WITH t AS (SELECT 1 AS id, 'ok' AS m) SELECT id FROM t WHERE m = ?", ["ok"]),
    ("SELECT t.id FROM (SELECT 1 AS id, 'ok' AS m) AS t WHERE t.m = ?", ["ok"]),
    ("SELECT r.id FROM r AS t JOIN r WHERE t.name = ? AND r.id = t.id", ["ok"]),
    ("SELECT id, name AS m FROM r WHERE m = ?", ["ok"]),
    ("SELECT id FROM t WHERE EXISTS (SELECT name AS m FROM r WHERE r.id = t.id AND m = ?)", ["ok"]),
    ("SELECT id FROM t ORDER BY m = ? DESC LIMIT 1", ["ko"]),
    ("SELECT id FROM (t) WHERE m = ?", ["ko"]),
    ("SELECT id FROM t WHERE id IN (SELECT r.id FROM (r JOIN (SELECT 'ok' AS m) AS t) WHERE t.m = ? LIMIT 1)", ["ok"]),
    ("SELECT t.id FROM t, json_each(?) AS m WHERE t.id = m.value", ["[1]"]),
]


@pytest.mark.parametrize(("sql", "params"), UNCERTAIN)
async def test_where_it_is_not_the_parameter_is_what_it_is(lite: Any, sql: str, params: Any) -> None:
    await backwards(lite)
    assert [row[0] for row in await maybe(lite.query(sql, params))] == [1]


@pytest.mark.parametrize(
    ("sql", "params", "words"),
    [
        ("SELECT id FROM t WHERE m = :m OR plain = :m", {"m": "ok"}, "what its column is compared with"),
        ("SELECT ?1 FROM t WHERE m IN (?1)", ["ok"], "what its column is compared with"),
        ("UPDATE t SET m = ?1 WHERE lower(m) = ?1", ["ok"], "it to its column"),
    ],
)
async def test_what_also_goes_elsewhere_is_refused(lite: Any, sql: str, params: Any, words: str) -> None:
    await backwards(lite)
    with pytest.raises(DataError, match=f"the codec for mood writes {words}, but .* give it as two parameters"):
        await maybe(lite.query(sql, params))


@pytest.mark.parametrize(
    ("sql", "params", "stored"),
    [
        ("UPDATE t SET m = coalesce(?, m) WHERE id = 1", ["new"], "wen"),
        ("UPDATE t SET m = coalesce(?, m) WHERE id = 1", [None], "ko"),
        ("UPDATE t SET (m, plain) = (IfNull(NULL, ?), 5) WHERE id = 1", ["new"], "wen"),
        ("INSERT INTO t (id, m) VALUES (1, coalesce(?, ?)) ON CONFLICT DO UPDATE SET m = excluded.m", ["a", "ab"], "a"),
        ("INSERT INTO t (id) VALUES (1) ON CONFLICT DO UPDATE SET m = coalesce(?, m)", ["new"], "wen"),
        ("UPDATE t SET m = coalesce(?, m) || '' WHERE id = 1", ["new"], "new"),
    ],
)
async def test_what_passes_through_into_the_column(lite: Any, sql: str, params: Any, stored: str) -> None:
    await backwards(lite)
    await maybe(lite.execute(sql, params))
    assert await maybe(lite.query("SELECT +m FROM t WHERE id = 1")) == [(stored,)]


async def test_streams_cursors_and_batches_do_the_same(lite: Any) -> None:
    await backwards(lite)
    sql = "SELECT id FROM t WHERE m = ?"
    assert await items(lite.stream(sql, ["ok"], chunk=1)) == [(1,)]
    assert await maybe(lite.query("SELECT id FROM t WHERE m = ? AND id = ?", ["ok", 1])) == [(1,)]
    await maybe(lite.run_many("DELETE FROM t WHERE m = ?", [["ok"], ["none"]]))
    assert await maybe(lite.query("SELECT id FROM t")) == [(2,)]


async def test_a_table_that_has_become_another(lite: Any, sqlite_url: str) -> None:
    sql = "SELECT m FROM t WHERE m = ?"
    await maybe(lite.script("CREATE TABLE t (m mood)"))
    lite.set_codec("mood", encode=lambda text: text[::-1], decode=lambda text: text[::-1])
    with driver.connect(sqlite_url) as other:
        for declared, stored in (("mood", "ko"), ("text", "ok"), ("mood", "ko"), ("text", "ok")):
            other.script(f"DROP TABLE t; CREATE TABLE t (m {declared}); INSERT INTO t VALUES ('{stored}')")
            for _ in range(3):  # under asyncio the later ones run in the loop
                assert await maybe(lite.query(sql, ["ok"])) == [("ok",)]
    await maybe(lite.script("CREATE TEMP TABLE t (m mood); INSERT INTO temp.t VALUES ('ko')"))
    assert await maybe(lite.query(sql, ["ok"])) == [("ok",)]


async def test_a_value_can_be_encoded_by_name(lite: Any) -> None:
    await backwards(lite)
    encoded = await maybe(lite.sqlite.encoded("Mood", "ok"))
    assert encoded == "ko"
    assert await maybe(lite.query("SELECT id FROM v WHERE lower(m) = ?", [encoded])) == [(1,)]
    assert await maybe(lite.sqlite.encoded("mood", None)) is None
    lite.set_codec("uuid", encode=bytes.fromhex, format="binary")
    assert await maybe(lite.sqlite.encoded("uuid", "0a")) == b"\n"
    lite.set_codec("numeric", encode=lambda v: v * 2, format="value")
    assert await maybe(lite.sqlite.encoded("numeric(10, 2)", 1.5)) == "3.0"
    with pytest.raises(ProgrammingError, match="no codec for shape that encodes; give it one with set_codec"):
        await maybe(lite.sqlite.encoded("shape", "ok"))
    lite.set_codec("code", encode=str)
    with pytest.raises(DataError, match=r"the value for code: SQLite would make the number 7\.0"):
        await maybe(lite.sqlite.encoded("code", "007"))
