"""The texts of queries in FROM and of single values: what carries over from inside, and its names."""

from typing import Any

import pytest

from ferrow.errors import ProgrammingError, UnknownColumn
from ferrow.sql import (
    ColumnRef,
    Select,
    compile,
    exists,
    func,
    true,
)
from ferrow.sql.dialect import POSTGRESQL, SQLITE
from ferrow.types import BigInteger, Integer, Numeric, Text
from tests.pure.sql.columns import OLD, age, author, name, one, posts, price, t, title
from tests.support.sql import assert_sql, both


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
