"""The texts of queries of queries, and what is refused before anything is sent."""

from decimal import Decimal
from typing import Any

import pytest

from ferrow.errors import NotSupportedError, ProgrammingError, UnknownColumn
from ferrow.sql import (
    ColumnRef,
    Explain,
    Insert,
    Join,
    Select,
    TableRef,
    Values,
    compile,
    exists,
    func,
    literal,
    recursive,
    true,
)
from ferrow.sql.dialect import ALL, POSTGRESQL, SQLITE
from ferrow.types import BigInteger, Integer, Numeric, Text
from tests.pure.sql.columns import age, author, meta, name, one, posts, price, t, title
from tests.pure.sql.test_select import both
from tests.support.sql import NOT_SUPPORTED, assert_sql

OLD = Select([one, name], t).where(age > 60)


def test_subquery() -> None:
    sub = Select([author, func.count().label("n")], posts).where(title == "x").group_by(author).subquery("p")
    assert_sql(
        Select([name, sub.c.n], t).join(sub, sub.c.author == one).where(sub.c.n > 2),
        values=["x", 2],
        **both(
            "SELECT t.name, p.n FROM t JOIN (SELECT posts.author, count(*) AS n FROM posts WHERE posts.title = $1 "
            "GROUP BY posts.author) AS p ON p.author = t.one WHERE p.n > $2"
        ),
    )


def test_subquery_in_from_comes_before_joins_and_where() -> None:
    sub = OLD.subquery("old")
    query = Select([sub.c.one], sub).where(sub.c.name == "x").join(posts, (author == sub.c.one) & (title == "y"))
    assert query.values == (60, "y", "x")


def test_columns_carry_over() -> None:
    enum = ColumnRef[int](t, "AGE", Integer(), key="age", nullable=True)
    inner = Select([enum, price, (price * 2).label("twice"), func.count(), func.max(age)], t).group_by(enum, price)
    for source in (inner.subquery("s"), inner.cte("s"), inner.cte("s").as_("x")):
        assert [column.key for column in source.columns] == ["age", "price", "twice", "count", "max"]
        assert [column.name for column in source.columns] == ["AGE", "price", "twice", "count", "max"]
        assert [column.type for column in source.columns] == [
            Integer(),
            Numeric(10, 2),
            Numeric(),
            BigInteger(),
            Integer(),
        ]
        assert source.c.age.nullable
        assert not source.c.price.nullable
        assert source.column("AGE") is source.c.age
        assert source.c["twice"] is source.c.twice
        assert dir(source.c) == ["age", "count", "max", "price", "twice"]
        compiled = compile(Select([source.c.age, source.c.count], source), POSTGRESQL)
        assert compiled.names == ("age", "count")
        assert compiled.result == (Integer(), BigInteger())


def test_values_are_decoded_as_those_they_come_from() -> None:
    colour = ColumnRef[Any](t, "colour", Text(), decode=str.upper)
    best = Select([func.max(colour)], t)
    s = Select([colour, func.max(colour).label("last"), best.scalar().label("best")], t).group_by(colour).subquery("s")
    assert [column.decode for column in s.columns] == [str.upper] * 3
    again = Select([s.c.last.label("again")], s).cte("again")
    assert again.c.again.decode is str.upper


def test_functions_are_named_in_subqueries() -> None:
    sub = Select([func.sum(price), price + 1], t).group_by(price).subquery("s")
    assert_sql(
        Select([sub.c.sum, sub.c.column2], sub),
        values=[1],
        postgresql="SELECT s.sum, s.column2 FROM (SELECT sum(t.price) AS sum, t.price + $1 AS column2 FROM t GROUP BY t.price) AS s",
        sqlite="SELECT s.sum, s.column2 FROM (SELECT decimal_sum(t.price) AS sum, decimal_add(t.price, ?1) AS column2 FROM t GROUP BY t.price) AS s",
    )


def test_unknown_columns_of_a_subquery() -> None:
    sub = OLD.subquery("old")
    with pytest.raises(UnknownColumn, match=r"'old' has no column 'nmae'. Did you mean 'name'\?"):
        _ = sub.c.nmae
    with pytest.raises(AttributeError):
        _ = sub.c.__wrapped__
    assert repr(sub.c) == "<columns of 'old': one, name>"


def test_two_columns_of_one_name() -> None:
    query = Select([one, one.of(t.as_("x"))], t).cross_join(t.as_("x"))
    for attempt in (query.subquery, query.cte):
        with pytest.raises(ProgrammingError, match="two columns called 'one'; give one of them another name"):
            attempt("s")


def test_cte() -> None:
    old = OLD.cte("old")
    assert_sql(
        Select([old.c.name], old).where(old.c.one > 5),
        values=[5, 60],
        **both(
            "WITH old AS (SELECT t.one, t.name FROM t WHERE t.age > $2) SELECT old.name FROM old WHERE old.one > $1"
        ),
    )
    for materialized, word in ((True, "MATERIALIZED"), (False, "NOT MATERIALIZED")):
        old = OLD.cte("old", materialized=materialized)
        assert f"WITH old AS {word} (SELECT" in compile(Select([old.c.name], old), SQLITE).sql


def test_ctes_are_collected_at_the_top() -> None:
    old = OLD.cte("old")
    older = Select([old.c.one], old).where(old.c.one > 1).cte("older")
    sub = Select([older.c.one], older).join(old, old.c.one == older.c.one).subquery("s")
    assert_sql(
        Select([one], t).join(sub, sub.c.one == one).join(old.as_("o"), true()),
        values=[60, 1],
        **both(
            "WITH old AS (SELECT t.one, t.name FROM t WHERE t.age > $1), older AS (SELECT old.one FROM old WHERE old.one > $2) "
            "SELECT t.one FROM t JOIN (SELECT older.one FROM older JOIN old ON old.one = older.one) AS s ON s.one = t.one "
            "JOIN old AS o ON TRUE"
        ),
    )


def test_a_cte_without_parameters_is_not_repeated_in_conditions() -> None:
    writers = Select([author], posts).cte("writers")
    inside = Select([writers.c.author], writers)
    text = compile(Select([writers.c.author], writers).where(writers.c.author.in_(inside)), POSTGRESQL).sql
    assert text == (
        "WITH writers AS (SELECT posts.author FROM posts) SELECT writers.author FROM writers "
        "WHERE writers.author IN (SELECT writers.author FROM writers)"
    )
    alone = compile(Select([one], t).where(one.in_(inside)), POSTGRESQL).sql
    assert alone.endswith("IN (WITH writers AS (SELECT posts.author FROM posts) SELECT writers.author FROM writers)")


def test_two_ctes_of_one_name() -> None:
    a, b = OLD.cte("x"), Select([one], t).cte("x")
    again = OLD.cte("x")
    with pytest.raises(ProgrammingError, match="two different common table expressions are called 'x'"):
        Select([a.c.one], a).join(b, true())
    with pytest.raises(ProgrammingError, match="two different"):
        Select([a.c.one], a).join(Select([one], t).where(age > 61).cte("x").as_("y"), true())
    assert Select([a.c.one], a).join(again.as_("y"), true()).ctes == (a,)


def test_a_cte_does_not_hide_a_table() -> None:
    hiding = Select([author], posts).cte("t")
    for statement in (
        Select([one], t).join(hiding, true()),
        Select([hiding.c.author], hiding).where(exists(Select([one], t))),
        Select([(own := Select([one], t).cte("t")).c.one], own),
        Insert.from_query(t, [one], Select([hiding.c.author], hiding)),
    ):
        with pytest.raises(ProgrammingError, match="'t' has the name of a table that the statement uses; rename it"):
            compile(statement, POSTGRESQL)
    app = TableRef("t", "app")
    assert compile(Select([one.of(app)], app).join(hiding.as_("h"), true()), POSTGRESQL)


def test_recursive() -> None:
    below = recursive(
        "below",
        Select([one, literal(0).label("depth")], t).where(one == 7),
        lambda me: Select([one, me.c.depth + 1], t).join(me, age == me.c.one),
    )
    assert_sql(
        Select([below.c.one], below).where(below.c.depth < 3),
        values=[3, 0, 7, 1],
        postgresql=(
            "WITH RECURSIVE below AS (SELECT t.one, CAST($2 AS bigint) AS depth FROM t WHERE t.one = $3 UNION ALL "
            "SELECT t.one, below.depth + $4 FROM t JOIN below ON t.age = below.one) SELECT below.one FROM below "
            "WHERE below.depth < $1"
        ),
        sqlite=(
            "WITH RECURSIVE below AS (SELECT t.one, CAST(?2 AS INTEGER) AS depth FROM t WHERE t.one = ?3 UNION ALL "
            "SELECT t.one, below.depth + ?4 FROM t JOIN below ON t.age = below.one) SELECT below.one FROM below "
            "WHERE below.depth < ?1"
        ),
    )


def test_recursive_mistakes() -> None:
    with pytest.raises(ProgrammingError, match="does not use the rows it is given"):
        recursive("x", Select([one], t), lambda me: Select([one], t))
    with pytest.raises(ProgrammingError, match="equally many columns"):
        recursive("x", Select([one], t), lambda me: Select([one, name], t).join(me, true()))
    with pytest.raises(ProgrammingError):
        recursive("", Select([one], t), lambda me: Select([one], t).join(me, true()))


def test_combinations() -> None:
    other = Select([author], posts)
    assert_sql(
        Select([one], t).union(other).order_by(one.desc()).limit(3),
        values=[3],
        **both("SELECT t.one FROM t UNION SELECT posts.author FROM posts ORDER BY one DESC LIMIT $1"),
    )
    mine = Select([one], t)
    assert_sql(
        mine.union(other, mine).union(other),
        **both(
            "SELECT t.one FROM t UNION SELECT posts.author FROM posts UNION SELECT t.one FROM t UNION SELECT posts.author FROM posts"
        ),
    )
    assert_sql(
        mine.union(other).intersect(mine),
        postgresql="(SELECT t.one FROM t UNION SELECT posts.author FROM posts) INTERSECT SELECT t.one FROM t",
        sqlite="SELECT t.one FROM t UNION SELECT posts.author FROM posts INTERSECT SELECT t.one FROM t",
    )
    assert_sql(
        mine.except_(other.intersect(mine)),
        postgresql="SELECT t.one FROM t EXCEPT (SELECT posts.author FROM posts INTERSECT SELECT t.one FROM t)",
        sqlite="SELECT t.one FROM t EXCEPT SELECT * FROM (SELECT posts.author FROM posts INTERSECT SELECT t.one FROM t)",
    )
    assert_sql(
        mine.limit(1).union_all(other.order_by(title)),
        values=[1],
        postgresql="(SELECT t.one FROM t LIMIT $1) UNION ALL (SELECT posts.author FROM posts ORDER BY posts.title)",
        sqlite="SELECT * FROM (SELECT t.one FROM t LIMIT ?1) UNION ALL SELECT * FROM (SELECT posts.author FROM posts ORDER BY posts.title)",
    )


def test_combined_decimals_are_compared_as_numbers() -> None:
    assert_sql(
        Select([price * 2], t).union(Select([price], t)),
        values=[2],
        postgresql="SELECT price * $1 FROM t UNION SELECT price FROM t",
        sqlite="SELECT (decimal_mul(price, ?1)) COLLATE decimal FROM t UNION SELECT price FROM t",
    )
    assert_sql(
        Select([meta], t).distinct(),
        postgresql="SELECT DISTINCT meta FROM t",
        sqlite="SELECT DISTINCT ferrow_json(meta) AS meta FROM t",
    )


def test_combinations_of_ctes_and_in_conditions() -> None:
    old = OLD.cte("old")
    union = Select([old.c.one], old).union(Select([author], posts).where(title == "x"))
    assert union.values == ("x", 60)
    assert compile(union, POSTGRESQL).sql.startswith(
        "WITH old AS (SELECT t.one, t.name FROM t WHERE t.age > $2) SELECT old.one"
    )
    assert compile(union.union(Select([one], t)), POSTGRESQL).sql.count("WITH") == 1
    assert one.in_(union).values == ("x", 60)


def test_what_cannot_be_combined() -> None:
    with pytest.raises(ProgrammingError, match="equally many columns, not 1 and 2"):
        Select([one], t).union(OLD)
    with pytest.raises(ProgrammingError, match=r"column 1 .* is Integer\(\) in one and Text\(\) in another; cast"):
        Select([one], t).union(Select([title], posts))
    with pytest.raises(ProgrammingError, match="lock rows"):
        Select([one], t).union(Select([one], t).for_update())
    with pytest.raises(ProgrammingError, match=r"not a result column of the combined queries \(one\)"):
        Select([one], t).union(Select([author], posts)).order_by(age)
    with pytest.raises(TypeError, match="combines queries"):
        Select([one], t).union(t)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="two queries or more"):
        Select([one], t).union()


def test_scalar() -> None:
    n = Select([func.count()], posts).where(author == one, title == "x").scalar()
    assert_sql(
        Select([name], t).where(n > 2),
        values=["x", 2],
        **both(
            "SELECT t.name FROM t WHERE (SELECT count(*) FROM posts WHERE posts.author = t.one AND posts.title = $1) > $2"
        ),
    )
    assert n.type == BigInteger()
    with pytest.raises(ProgrammingError, match="needs one column, and this one has 2"):
        OLD.scalar()
    assert OLD.exists().shape == exists(OLD).shape


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


def test_locks() -> None:
    query = Select([one], t)
    assert_sql(query.for_update(), postgresql="SELECT one FROM t FOR UPDATE", sqlite="SELECT one FROM t")
    assert_sql(
        query.limit(1).for_update(read=True),
        values=[1],
        postgresql="SELECT one FROM t LIMIT $1 FOR SHARE",
        sqlite="SELECT one FROM t LIMIT ?1",
    )
    assert_sql(query.for_update(nowait=True), postgresql="SELECT one FROM t FOR UPDATE NOWAIT", sqlite=NOT_SUPPORTED)
    x = TableRef("t", "app").as_("x")
    assert_sql(
        Select([one], t).left_join(x, true()).for_update(of=[t], skip_locked=True),
        postgresql="SELECT t.one FROM t LEFT JOIN app.t AS x ON TRUE FOR UPDATE OF t SKIP LOCKED",
        sqlite=NOT_SUPPORTED,
    )


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (Select([one], t).distinct().for_update(), "combines rows"),
        (Select([one], t).group_by(one).for_update(), "combines rows"),
        (Select([func.count()], t).for_update(), "combines rows"),
        (Select([one], t).left_join(posts, true()).for_update(), "needs of="),
        (Select([one], t).for_update(of=[posts]), "the rows of 'posts' cannot be locked"),
    ],
)
def test_locks_that_are_refused(query: Any, message: str) -> None:
    for dialect in ALL.values():
        with pytest.raises(ProgrammingError, match=message):
            compile(query, dialect)


def test_locks_do_not_wait_in_two_ways() -> None:
    with pytest.raises(ProgrammingError, match="not both"):
        Select([one], t).for_update(nowait=True, skip_locked=True)


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


SUB = OLD.subquery("old")
FOREIGN = Select([title], posts).where(author == one)


@pytest.mark.parametrize(
    "query",
    [
        Select([one], SUB),  # the columns of a subquery are its own
        Select([SUB.c.one], t),
        Select([one], t).join(FOREIGN.subquery("p"), true()),  # not lateral
        Select([title], posts).union(FOREIGN),
        Select([FOREIGN.cte("x").c.title], FOREIGN.cte("x")),
        Select([one], t).join(posts, one.of(t.as_("x")) == author).join(t.as_("x"), true()),  # joined later
        Select([Select([one], t).where(age > 1).subquery("old").c.one], SUB),  # another one of the same name
        Explain(FOREIGN),
        Select([one], t).where(
            exists(Select([author], posts).where(exists(Select([one], t).where(age.of(t.as_("y")) > 1))))
        ),
    ],
)
def test_columns_that_are_out_of_sight(query: Any) -> None:
    for dialect in ALL.values():
        with pytest.raises(
            ProgrammingError,
            match=r"the column '\w+' belongs to '\w+', (and the statement is about|but to another one)",
        ):
            compile(query, dialect)


def test_columns_that_are_in_sight() -> None:
    x = t.as_("x")
    inner = Select([one.of(x)], x).where(one.of(x) == age, exists(FOREIGN.where(one == 3)))
    assert compile(Select([one], t).where(exists(inner)), POSTGRESQL)


def test_two_sources_of_one_name() -> None:
    for query in (
        Select([one], t).join(t, true()),
        Select([one], t).join(OLD.subquery("t"), true()),
        Select([one.of(t.as_("x"))], t.as_("x")).join(posts.as_("x"), true()),
    ):
        with pytest.raises(
            ProgrammingError, match=r"two sources of one query are called '\w'; give one of them an alias"
        ):
            compile(query, POSTGRESQL)
    assert compile(Select([one], t).join(TableRef("t", "app"), true()), POSTGRESQL)


def test_aggregates_in_queries_inside() -> None:
    n = Select([func.count()], posts).where(author == one).scalar()
    assert compile(Select([name, n], t), POSTGRESQL)
    with pytest.raises(ProgrammingError, match="the column 'one' stands beside an aggregate"):
        compile(Select([func.count(), n], t), SQLITE)
    bad = Select([author, func.count()], posts)
    for query in (
        Select([one], t).where(exists(bad)),
        Select([one], t).join(bad.subquery("b"), true()),
        bad.union(bad),
    ):
        with pytest.raises(ProgrammingError, match="the column 'author' stands beside an aggregate"):
            compile(query, SQLITE)


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
