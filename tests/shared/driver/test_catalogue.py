"""What a server says of itself: each row of its tables and views, with types that nobody can write among them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from ferrow.errors import DataError
from tests.support import items, maybe
from tests.support.flips import plain
from tests.support.values import same

pytestmark = pytest.mark.postgresql

SCHEMA = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (n integer DEFAULT 1 + 2, m mood, at timestamptz, tags text[], CHECK (n > 0));
INSERT INTO t SELECT g % 7 + 1, 'ok', '2026-01-02 03:04:05+00', '{a,"b c"}' FROM generate_series(1, 70) g;
CREATE INDEX partial ON t ((n + 1)) WHERE m = 'ok';
CREATE STATISTICS several (ndistinct, dependencies, mcv) ON n, m FROM t;
CREATE RULE nothing AS ON DELETE TO t DO INSTEAD NOTHING;
CREATE VIEW v AS SELECT n FROM t;
GRANT SELECT ON t TO pg_monitor;
ANALYZE t;
"""
RELATIONS = """
SELECT format('%I.%I', n.nspname, c.relname), array_agg(a.attname::text ORDER BY a.attnum),
    array_agg(a.atttypid::regtype::text ORDER BY a.attnum)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'v') AND n.nspname IN ('pg_catalog', 'information_schema') AND c.relname !~ '_numa$'
GROUP BY 1 ORDER BY 1
"""
"""What can be read on any machine, with its columns and their types."""
OWN = {"anyarray", "pg_node_tree", "pg_ndistinct", "pg_dependencies", "pg_mcv_list"}
"""Types of values that only the server writes."""


def question(relation: str, columns: list[str]) -> str:
    """Each row as a whole, by its columns, and what the server writes for these; of one moment, for some change all the time."""
    quoted = ['(r)."{}"'.format(name.replace('"', '""')) for name in columns]
    # The last rows of a table are the test's own.
    rows = f"SELECT r FROM (SELECT r, row_number() OVER () AS at FROM {relation} r) q ORDER BY at DESC LIMIT 60"
    texts = ", ".join(f"{name}::text" for name in quoted)
    return f"WITH q AS MATERIALIZED ({rows}) SELECT r, {', '.join(quoted)}, ARRAY[{texts}] FROM q"


async def test_every_row_of_every_table(pg: Any) -> None:
    await maybe(pg.script(SCHEMA))
    relations = await maybe(pg.query(RELATIONS))
    assert len(relations) > 150
    seen: set[str] = set()
    for relation, columns, kinds in relations:
        sql = question(relation, columns)
        copied = await items(pg.copy_out(sql=sql)) if OWN.intersection(kinds) else []
        for found in (await maybe(pg.query(sql)), copied):
            for whole, *values, texts in found:
                assert same(plain(whole), tuple(map(plain, values))), relation
                assert whole.keys() == columns
                for name, kind, value, text in zip(columns, kinds, values, texts, strict=True):
                    seen |= set() if value is None else {kind}
                    assert (value is None) == (text is None), f"{relation}.{name}"
                    if type(value) is str and kind != "inet":  # whose cast to text adds a mask
                        assert value == text, f"{relation}.{name}"
    assert seen >= OWN


async def test_types_that_only_the_server_writes(pg: Any) -> None:
    await maybe(pg.script(SCHEMA))
    asked = "SELECT {} FROM pg_catalog.{} WHERE {}"
    for expression, relation, which, expected in [
        ("most_common_vals", "pg_stats", "tablename = 't' AND attname = 'm'", "{ok}"),
        ("histogram_bounds::text::integer[]", "pg_stats", "tablename = 't' AND attname = 'n'", None),
        ("stxdndistinct", "pg_statistic_ext_data", "true", '{"1, 2": 7}'),
    ]:
        assert await maybe(pg.query(asked.format(expression, relation, which))) == [(expected,)]
    for column, relation in [("adbin", "pg_attrdef"), ("ev_action", "pg_rewrite"), ("indpred", "pg_index")]:
        rows = await maybe(
            pg.query(f"SELECT {column}, {column}::text FROM pg_catalog.{relation} WHERE {column} IS NOT NULL")
        )
        assert rows
        assert all(value == text and value[0] in "{(<" for value, text in rows)


async def test_they_are_fields_of_records_where_they_can_be(pg: Any) -> None:
    await maybe(pg.script(SCHEMA))
    rows = await maybe(pg.query("SELECT ROW(adbin, 1), adbin::text FROM pg_catalog.pg_attrdef"))
    assert [record for record, _ in rows] == [(text, 1) for _, text in rows] != []
    sql = "SELECT ROW({}, 1) FROM pg_catalog.pg_stats WHERE tablename = 't' AND attname = 'm'"
    with pytest.raises(DataError, match=r"a record holds a value of the type anyarray .*: cast it to text"):
        await maybe(pg.query(sql.format("most_common_vals")))
    assert await maybe(pg.query(sql.format("most_common_vals::text"))) == [(("{ok}", 1),)]


async def test_results_without_a_type_that_a_column_can_have(pg: Any) -> None:
    row = await maybe(
        pg.query_one(
            "SELECT int4out(5), '{a,NULL}'::cstring[], pg_notify('c', ''), ARRAY[ROW(1, 'a'::text), NULL], 'u'"
        )
    )
    assert row[:2] == ("5", ["a", None])
    assert row[3:] == ([(1, "a"), None], "u")
    assert row[2] is None


async def test_domains_of_the_information_schema(pg: Any) -> None:
    await maybe(pg.script("CREATE TABLE t (n numeric(7, 2), s varchar(9))"))
    rows = await maybe(
        pg.query(
            "SELECT column_name, ordinal_position, is_nullable, numeric_scale, character_maximum_length "
            "FROM information_schema.columns WHERE table_name = 't' ORDER BY 2"
        )
    )
    assert rows == [("n", 1, "YES", 2, None), ("s", 2, "YES", None, 9)]
    at = await maybe(
        pg.query_one("SELECT $1::information_schema.time_stamp, $2::information_schema.cardinal_number", [None, 7])
    )
    assert at == (None, 7)
    stamp = (await maybe(pg.query_one("SELECT CURRENT_TIMESTAMP::information_schema.time_stamp")))[0]
    assert type(stamp) is datetime
