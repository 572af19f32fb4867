"""The texts of what rows come from: joins, LATERAL, VALUES and lists; DISTINCT ON and EXPLAIN."""

from decimal import Decimal
from typing import Any

import pytest

from ferrow.errors import NotSupportedError, ProgrammingError
from ferrow.sql import (
    Explain,
    Join,
    Select,
    Values,
    compile,
    true,
)
from ferrow.sql.dialect import ALL, POSTGRESQL, SQLITE
from ferrow.types import Integer, Numeric, Text
from tests.pure.sql.columns import OLD, age, author, meta, name, one, posts, price, t, title
from tests.support.sql import NOT_SUPPORTED, assert_sql, both


def test_joins() -> None:
    x = t.as_("x")
    assert_sql(
        Select([one], t).full_join(posts, author == one).cross_join(x),
        **both("SELECT t.one FROM t FULL JOIN posts ON posts.author = t.one CROSS JOIN t AS x"),
    )
    assert_sql(
        Select([one], t).right_join(posts, author == one),
        **both("SELECT t.one FROM t RIGHT JOIN posts ON posts.author = t.one"),
    )
    assert Join(posts, true(), outer=True).shape == Join(posts, true(), kind="LEFT").shape
    with pytest.raises(ValueError, match="no 'SIDE' join"):
        Join(posts, true(), kind="SIDE")
    with pytest.raises(TypeError, match="cross join"):
        Join(posts, true(), kind="CROSS")
    with pytest.raises(TypeError, match="expected a condition"):
        Join(posts)


def test_lateral() -> None:
    last = Select([title], posts).where(author == one).limit(1).subquery("last", lateral=True)
    assert_sql(
        Select([name, last.c.title], t).left_join(last, true()),
        values=[1],
        postgresql=(
            "SELECT t.name, last.title FROM t LEFT JOIN LATERAL (SELECT posts.title FROM posts WHERE posts.author = t.one "
            "LIMIT $1) AS last ON TRUE"
        ),
        sqlite=NOT_SUPPORTED,
    )


def test_values() -> None:
    v = Values("v", {"id": Integer(), "cost": Numeric()}, [(1, Decimal("1.5")), (2, None)])
    assert_sql(
        Select([v.c.id], v).where(v.c.cost > 1),
        values=[1, Decimal("1.5"), 2, None, 1],
        postgresql=(
            "SELECT id FROM (SELECT column1 AS id, column2 AS cost FROM (VALUES (CAST($1 AS integer), CAST($2 AS numeric)), "
            "($3, $4)) AS v) AS v WHERE cost > $5"
        ),
        sqlite=(
            "SELECT id FROM (SELECT column1 AS id, column2 AS cost FROM (VALUES (CAST(?1 AS INTEGER), CAST(?2 AS TEXT)), "
            "(?3, ?4)) AS v) AS v WHERE cost COLLATE decimal > ?5"
        ),
    )
    for columns, rows in (({}, [()]), ({"a": Text()}, []), ({"a": Text()}, [("x", "y")])):
        with pytest.raises(ProgrammingError, match="the values 'v'"):
            Values("v", columns, rows)


def test_distinct_on() -> None:
    assert_sql(
        Select([name, price], t).where(age > 1).distinct(name).order_by(name, price.desc()).limit(5),
        values=[1, 5],
        postgresql="SELECT DISTINCT ON (name) name, price FROM t WHERE age > $1 ORDER BY name, price DESC LIMIT $2",
        sqlite=(
            "SELECT c1 AS name, c2 AS price FROM (SELECT name AS c1, price AS c2, name AS o1, price AS o2, "
            "row_number() OVER (PARTITION BY name ORDER BY name, price DESC) AS n FROM t WHERE age > ?1) WHERE n = 1 "
            "ORDER BY o1, o2 COLLATE decimal DESC LIMIT ?2"
        ),
    )
    query = Select([name, price], t).distinct(name)
    assert query.distinct(False).shape == Select([name, price], t).shape
    assert query.distinct().shape == Select([name, price], t).distinct(True).shape
    for wrong in (query.order_by(price), query.order_by(price, name)):
        with pytest.raises(ProgrammingError, match="begins with the same expressions"):
            compile(wrong, SQLITE)
    with pytest.raises(TypeError, match="cannot be told apart"):
        query.distinct(meta)


def test_explain() -> None:
    query = Select([one], t).where(one == 1)
    assert_sql(
        Explain(query),
        values=[1],
        postgresql="EXPLAIN SELECT one FROM t WHERE one = $1",
        sqlite="EXPLAIN QUERY PLAN SELECT one FROM t WHERE one = ?1",
    )
    assert_sql(
        Explain(query, analyze=True, verbose=True, buffers=True, settings=True, tree=True),
        values=[1],
        postgresql="EXPLAIN (ANALYZE, VERBOSE, BUFFERS, SETTINGS, FORMAT JSON) SELECT one FROM t WHERE one = $1",
        sqlite=NOT_SUPPORTED,
    )
    assert compile(Explain(query), SQLITE).names == ("id", "parent", "notused", "detail")
    with pytest.raises(NotSupportedError, match="SQLite's EXPLAIN has no ANALYZE"):
        compile(Explain(query, analyze=True), SQLITE)


@pytest.mark.parametrize("hostile", ["", "a\0b", 'x"; DROP TABLE t; --'])
def test_names_are_checked_or_quoted(hostile: str) -> None:
    for make in (
        OLD.subquery,
        OLD.cte,
        lambda alias: Values(alias, {"id": Integer()}, [(1,)]),
        lambda alias: Values("v", {alias: Integer()}, [(1,)]),
    ):
        try:
            source = make(hostile)
        except ProgrammingError:
            continue
        text = compile(Select([source.columns[0]], source), POSTGRESQL).sql
        assert '"x""; DROP TABLE t; --"' in text


def test_shapes_of_queries_hold_no_values() -> None:
    def build(n: int) -> Any:
        sub = Select([one], t).where(age > n).subquery("s")
        cte = Select([author], posts).where(author > n).cte("c")
        return Select([sub.c.one], sub).join(cte, cte.c.author == sub.c.one).where(sub.c.one != n).limit(n)

    assert build(1).shape == build(2).shape
    assert compile(build(1), POSTGRESQL) is compile(build(2), POSTGRESQL)
    assert build(3).values == (3, 3, 3, 3)


def test_lists_read_side_by_side() -> None:
    from ferrow.sql.unnest import Unnest

    lists = Unnest("v", {"id": Integer(), "cost": Numeric()}, [[1, 2], [Decimal("1.5"), None]])
    select = Select([lists.column("cost")], lists)

    compiled = compile(select, ALL["postgresql"])
    assert compiled.sql == "SELECT cost FROM unnest(CAST($1 AS integer[]), CAST($2 AS numeric[])) AS v (id, cost)"
    assert select.values == ([1, 2], [Decimal("1.5"), None])
    with pytest.raises(NotSupportedError, match="sqlite cannot read lists side by side"):
        compile(select, ALL["sqlite"])


def test_lists_that_the_server_takes_for_long() -> None:
    from ferrow.sql.unnest import Unnest, among

    lists = Unnest("v", {"id": Integer(), "cost": Numeric()}, [[1, 2, 3], [Decimal("1.5"), None]], counted=True)
    select = Select([lists.column("cost")], lists, where=among(lists.column("id"), Integer(), [2, 3]))

    compiled = compile(select, ALL["postgresql"])
    assert compiled.sql == (
        "SELECT cost FROM (SELECT unnest(CAST($1 AS integer[])) AS id, unnest(CAST($2 AS numeric[])) AS cost, "
        "generate_series(1, (SELECT CAST($3 AS integer)))) AS v WHERE id = ANY($4)"
    )
    assert select.values == ([1, 2, 3], [Decimal("1.5"), None], 3, [2, 3])
    with pytest.raises(NotSupportedError, match="sqlite cannot read lists side by side"):
        compile(select, ALL["sqlite"])
