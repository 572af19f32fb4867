"""Which SQL may share a connection: the list of what may, the longer list of what may not, and no trick that moves one into the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow.engine.purity import pure

PURE = [
    "SELECT 1",
    "select * from users where id = $1;",
    "SELECT u.id, u.name FROM users AS u JOIN posts p ON (p.author = u.id) WHERE u.id IN ($1, $2) ORDER BY 1 LIMIT 5",
    "SELECT count(*), max(age), coalesce(avg(age), 0) FROM users",
    "SELECT COUNT (*) FILTER (WHERE (a OR b)) OVER (PARTITION BY c) FROM t GROUP BY GROUPING SETS ((c), ())",
    "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE (n < 5)) SELECT sum(n) FROM t",
    'WITH "a b"(x) AS MATERIALIZED (SELECT 1) SELECT * FROM "a b"',
    "VALUES (1, 'one'), (2, 'two')",
    "TABLE users",
    "((SELECT 1))",
    "/* a comment /* within */ pg_sleep(1) */ SELECT now(), current_timestamp(3), current_date -- DELETE",
    "SELECT 'pg_sleep(1); DELETE FROM t', \"update\", $$ FOR UPDATE $$, $x$ INTO $x$, E'it\\'s'",
    "SELECT pg_catalog.lower(name), PG_CATALOG . upper('x') FROM users",
    "SELECT x::numeric(10, 2), CAST(y AS varchar(5)), '1 day'::interval FROM t",
    "SELECT substring(name FROM 2 FOR 3), extract(epoch FROM at), trim(BOTH 'x' FROM y) FROM t",
    "SELECT * FROM unnest($1::int[], $2::text[]) AS t(a, b) WHERE a = ANY ($3) AND EXISTS (SELECT 1)",
    "SELECT data ->> 'x', data @> '{}', tags[1:2] FROM t WHERE NOT (a IS NULL)",
    "SELECT jsonb_agg(to_jsonb(t)) FROM t",
    "SELECT größe AS \"höhe\" FROM maße WHERE name = 'Ö'",
    "SELECT 1 UNION (SELECT 2) EXCEPT ALL (SELECT 3)",
    "SELECT * FROM t LEFT JOIN LATERAL (SELECT 1) s ON (true) CROSS JOIN (VALUES (1)) AS v (n)",
    "SELECT 't'::regclass",
    'SELECT 1, 1.5, .5, 1e5, 1e-5, 1_000, 0xFF, a[1], t.a, t."b" FROM t',
    "SELECT a FROM t JOIN (SELECT 1) u ON (true) INNER JOIN (SELECT 2) v ON (true) WHERE a ILIKE ($1)",
    "SELECT a FROM t GROUP BY ROLLUP (a, b) ORDER BY (a) FETCH FIRST (2) ROWS ONLY",
    "SELECT rank() OVER (PARTITION BY (a)), x AT TIME ZONE ($1), y::character varying(3) FROM t TABLESAMPLE system (10)",
]

IMPURE = [
    "", ";", "  -- nothing", "SET x = 1", "RESET ALL", "LISTEN a", "NOTIFY a", "BEGIN", "COMMIT", "SHOW x", "EXPLAIN SELECT 1",
    "EXPLAIN ANALYZE SELECT 1", "PREPARE p AS SELECT 1", "EXECUTE p", "DEALLOCATE p", "DECLARE c CURSOR FOR SELECT 1", "FETCH c", "CALL p()",
    "DO $$ $$", "COPY t TO STDOUT", "LOCK TABLE t", "CREATE TEMP TABLE t (n int)", "CREATE TABLE t AS SELECT 1", "VACUUM", "INSERT INTO t VALUES (1)",
    "UPDATE t SET a = 1", "DELETE FROM t", "MERGE INTO t USING s ON (true) WHEN MATCHED THEN DO NOTHING", "TRUNCATE t",
    "WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d", "WITH i AS (INSERT INTO t VALUES (1)) SELECT 1",
    "SELECT * FROM t FOR UPDATE", "SELECT * FROM t FOR NO KEY UPDATE", "SELECT * FROM t for/**/share", "SELECT * FROM t FOR KEY SHARE SKIP LOCKED",
    "SELECT * INTO t2 FROM t", "SELECT 1; SELECT 2", "SELECT 1; DELETE FROM t",
    "SELECT pg_sleep(1)", "SELECT PG_SLEEP (1)", "SELECT pg_catalog.pg_sleep(1)", 'SELECT "pg_sleep"(1)', 'SELECT pg_catalog."pg_sleep"(1)',
    'SELECT "pg_catalog"."pg_sleep"(1)', 'SELECT "pg_catalog".pg_sleep(1)', "SELECT pg_sleep/**/(1)", "SELECT pg_sleep -- x\n(1)",
    'SELECT U&"\\0070g_sleep"(1)', "SELECT U&\"!0070g_sleep\" UESCAPE '!' (1)",
    "SELECT nextval('s')", "SELECT currval('s')", "SELECT lastval()", "SELECT setval('s', 1)", "SELECT set_config('a.b', '1', false)",
    "SELECT current_setting('a.b')", "SELECT pg_advisory_lock(1)", "SELECT pg_try_advisory_lock(1)", "SELECT pg_advisory_unlock_all()",
    "SELECT pg_notify('a', 'b')", "SELECT pg_backend_pid()", "SELECT txid_current()", "SELECT setseed(0.5)", "SELECT lo_creat(1)",
    "SELECT mine(1)", "SELECT * FROM mine(1)", "SELECT * FROM public.lower('x')", "SELECT public . lower('x')", "SELECT dblink('a', 'b')",
    "SELECT query_to_xml('DELETE FROM t', true, true, '')", "SELECT 1 OPERATOR(public.+) 2", "SELECT * FROM pg_locks",
    'SELECT * FROM "pg_locks"', "SELECT * FROM U&\"!0070g_locks\" UESCAPE '!'", "SELECT * FROM pg_catalog.pg_cursors", "TABLE pg_prepared_statements",
    "SELECT 'a\\'' , mine(1), '", "SELECT lower\u00a0(1)", "SELECT \u212a(1)", "SELECT 1 WHERE mine ($1)", "SELECT coalesce(1, mine(2))",
    "SELECT count(*) FROM t WHERE x IN (SELECT mine(1))", "SELECT (mine)(1)", "VALUES (mine(1))",
    "SELECT ('s'::regclass).nextval", "SELECT (t.x).nextval FROM t", "SELECT g.nextval FROM unnest($1::regclass[]) g", 'SELECT g."nextval" FROM g',
    "SELECT ('/etc/passwd'::text).lo_import", "SELECT ('x'::text).mine", "SELECT (ARRAY['x'])[1].mine", "SELECT $1.mine", 'SELECT (x)."mine" FROM t',
    "SELECT 1 --\r, mine(1)", "SELECT 1 -- a\r\n, 1\r -- b\r, mine(1)", "SELECT 1into t", "SELECT 1e5into t", "SELECT 0x1into t", "SELECT 1.into t",
    "SELECT a FROM t LIMIT 1for share", "SELECT ran\u212a()", "SELECT first(a) FROM t", "SELECT filter(1)", "SELECT over(1)", "SELECT next(1)",
    "SELECT system('id')", "SELECT 1, join(a) FROM t", "SELECT join(a) FROM t", "SELECT full(1)", "SELECT is(1)", "SELECT a FROM range(1)",
    "SELECT NOT ilike(a)", "SELECT zone(1)", "SELECT cube(1)", "SELECT within(1)", "SELECT NOT materialized(1)", "SELECT by(1)",
    "SELECT 1 /* not closed", "SELECT $$ mine(1) $$, mine(1)", "SELECT 'x' mine(1)", "SELECT " + "1, " * 9000 + "1",
]  # fmt: skip


@pytest.mark.parametrize("sql", PURE)
def test_reads_may_share(sql: str) -> None:
    assert pure(sql)


@pytest.mark.parametrize("sql", [sql for sql in IMPURE if not sql.endswith("not closed")])
def test_what_could_be_noticed_may_not(sql: str) -> None:
    assert not pure(sql)


SPACE = st.sampled_from([" ", "\n", "\t", "/**/", "/* ' /* \" */ $$ */", "-- ' (\n", " \r\n "])
IMPURE_PARTS = st.sampled_from(
    [
        "mine(1)",
        "pg_sleep(1)",
        "\"nextval\"('s')",
        "public.lower('x')",
        "(SELECT mine(2))",
        "pg_backend_pid()",
        "lower(mine(1))",
    ]
)
PURE_PARTS = st.sampled_from(
    [
        "1",
        "'it''s'",
        "'mine(1)'",
        '"mine"',
        "$$mine(1)$$",
        "$q$'$q$",
        "lower('x')",
        "now()",
        "$1",
        "a.b",
        "count(*)",
        "E'\\''",
        "(a, b)",
        "1.5e3",
    ]
)


@given(st.lists(PURE_PARTS, min_size=1), SPACE)
def test_harmless_parts_make_a_harmless_whole(parts: list[str], space: str) -> None:
    assert pure("SELECT" + space + f"{space},{space}".join(parts))


@given(st.lists(PURE_PARTS), IMPURE_PARTS, st.lists(PURE_PARTS), SPACE, SPACE)
def test_one_part_that_is_not_spoils_the_whole(
    before: list[str], part: str, after: list[str], space: str, other: str
) -> None:
    spaced = part.replace("(", other + "(") if other.strip() else part
    assert not pure("SELECT" + space + f"{space},{space}".join([*before, spaced, *after]))


@given(st.text(alphabet="abE'\"$(); \\\n-/*U&.1_", max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    assert pure("SELECT " + text) in (True, False)
