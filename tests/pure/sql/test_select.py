from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from ferrow.sql import Delete, Insert, Join, Select, TableRef, Update, compile, exists, func, literal, true
from ferrow.sql.dialect import ALL, POSTGRESQL, SQLITE
from ferrow.types import BigInteger, Integer, Numeric, Text
from tests.pure.sql.columns import age, author, meta, name, one, posts, price, t, title
from tests.support.sql import assert_sql, both

ALL_OF_T = Select([one, name], t)


def test_plain() -> None:
    assert_sql(ALL_OF_T, **both("SELECT one, name FROM t"))
    app = TableRef("t", "app")
    assert_sql(Select([one.of(app)], app), **both("SELECT one FROM app.t"))


def test_every_clause_in_order() -> None:
    query = (
        Select([name, func.count().label("n")], t, distinct=True)
        .offset(20)
        .limit(10)
        .order_by(name.desc())
        .having(func.count() > 2)
        .group_by(name)
        .where(age >= 18)
        .left_join(posts, author == one)
    )
    assert_sql(
        query,
        values=[18, 2, 10, 20],
        **both(
            "SELECT DISTINCT t.name, count(*) AS n FROM t LEFT JOIN posts ON posts.author = t.one WHERE t.age >= $1 "
            "GROUP BY t.name HAVING count(*) > $2 ORDER BY t.name DESC LIMIT $3 OFFSET $4"
        ),
    )


def test_constructor_and_methods_build_the_same() -> None:
    by_methods = (
        Select([name], t)
        .join(posts, author == one)
        .where(age > 1)
        .group_by(name)
        .having(func.count() > 2)
        .order_by(name)
        .limit(3)
        .offset(4)
        .distinct()
    )
    at_once = Select(
        [name],
        t,
        where=age > 1,
        joins=[Join(posts, author == one)],
        group_by=[name],
        having=func.count() > 2,
        order_by=[name],
        limit=3,
        offset=4,
        distinct=True,
    )
    assert (by_methods.shape, by_methods.values) == (at_once.shape, at_once.values)


def test_methods_leave_the_query_alone() -> None:
    before = (ALL_OF_T.shape, ALL_OF_T.values)
    ALL_OF_T.where(age > 1).order_by(one).limit(1).offset(1).distinct().group_by(one).having(age > 1)
    assert (ALL_OF_T.shape, ALL_OF_T.values) == before


def test_conditions_add_up() -> None:
    text = "SELECT one, name FROM t WHERE age > $1 AND name = $2 AND one < $3"
    for query in (
        ALL_OF_T.where(age > 1).where(name == "x").where(one < 9),
        ALL_OF_T.where(age > 1, name == "x", one < 9),
        ALL_OF_T.where((age > 1) & (name == "x")).where(true()).where(one < 9),
        ALL_OF_T.where(age > 1).where((name == "x") & (one < 9)),
    ):
        assert_sql(query, values=[1, "x", 9], **both(text))
    assert_sql(
        ALL_OF_T.where((age > 1) | (age < 0)).where(one < 9),
        values=[1, 0, 9],
        **both("SELECT one, name FROM t WHERE (age > $1 OR age < $2) AND one < $3"),
    )


def test_no_conditions_change_nothing() -> None:
    assert ALL_OF_T.where().shape == ALL_OF_T.where(true()).shape == ALL_OF_T.shape


def test_order() -> None:
    assert_sql(
        ALL_OF_T.order_by(age.desc().nulls_last(), name).order_by(one.asc().nulls_first()),
        **both("SELECT one, name FROM t ORDER BY age DESC NULLS LAST, name, one NULLS FIRST"),
    )
    assert ALL_OF_T.order_by(age).unordered().shape == ALL_OF_T.shape


def test_decimal_expressions_sort_as_numbers() -> None:
    assert_sql(
        Select([one], t).order_by(price, (price * 2).desc()),
        values=[2],
        postgresql="SELECT one FROM t ORDER BY price, price * $1 DESC",
        sqlite="SELECT one FROM t ORDER BY price, (decimal_mul(price, ?1)) COLLATE decimal DESC",
    )


def test_pages() -> None:
    assert_sql(ALL_OF_T.limit(5), values=[5], **both("SELECT one, name FROM t LIMIT $1"))
    assert_sql(
        ALL_OF_T.offset(5),
        values=[5],
        postgresql="SELECT one, name FROM t OFFSET $1",
        sqlite="SELECT one, name FROM t LIMIT -1 OFFSET ?1",
    )
    assert_sql(ALL_OF_T.limit(0), values=[0], **both("SELECT one, name FROM t LIMIT $1"))
    assert_sql(ALL_OF_T.limit(5).limit(None).offset(3).offset(None), **both("SELECT one, name FROM t"))
    assert ALL_OF_T.limit(5).shape == ALL_OF_T.limit(6).shape


@pytest.mark.parametrize("rows", [True, 1.0, "1", Decimal(1)])
def test_a_number_of_rows_is_an_int(rows: Any) -> None:
    for attempt in (
        ALL_OF_T.limit,
        ALL_OF_T.offset,
        lambda n: Select([one], t, limit=n),
        lambda n: Select([one], t, offset=n),
    ):
        with pytest.raises(TypeError, match="whole number of rows"):
            attempt(rows)


def test_a_number_of_rows_is_not_negative() -> None:
    for attempt in (ALL_OF_T.limit, ALL_OF_T.offset):
        with pytest.raises(ValueError, match="not -1"):
            attempt(-1)


def test_labels_are_referred_to() -> None:
    tens = (age / 10).label("tens")
    n = func.count().label("n")
    query = Select([tens, n], t).group_by(tens).order_by(n.desc(), tens)
    assert_sql(
        query,
        values=[10],
        postgresql=(
            "SELECT CAST(t.age AS double precision) / $1 AS tens, count(*) AS n FROM t GROUP BY 1 ORDER BY n DESC, tens"
        ),
        sqlite="SELECT CAST(t.age AS REAL) / ?1 AS tens, count(*) AS n FROM t GROUP BY 1 ORDER BY n DESC, tens",
    )


def test_a_label_that_is_not_selected_is_its_expression() -> None:
    assert_sql(
        Select([one], t).order_by((age + 1).label("next")),
        values=[1],
        **both("SELECT t.one FROM t ORDER BY t.age + $1"),
    )


def test_aliases() -> None:
    boss = t.as_("boss")
    assert_sql(
        Select([name, name.of(boss).label("boss name")], t).join(boss, one.of(boss) == age),
        **both('SELECT t.name, boss.name AS "boss name" FROM t JOIN t AS boss ON boss.one = t.age'),
    )


def test_columns_are_qualified_where_needed_only() -> None:
    assert_sql(Select([title], posts), **both("SELECT title FROM posts"))
    blog = TableRef("posts", "blog")
    assert_sql(
        Select([title.of(blog), name], blog).join(t, author.of(blog) == one),
        **both("SELECT blog.posts.title, t.name FROM blog.posts JOIN t ON blog.posts.author = t.one"),
    )


def test_a_column_of_a_table_that_is_not_there_is_refused() -> None:
    inner = Select([author], posts).where(author == one)
    for query in (
        Select([title], t),
        Select([one], t.as_("x")),
        Select([one], t, where=title == "x"),
        Select([one], t, order_by=[title]),
        Select([one], t, where=exists(Select([one], t, where=title == "x"))),
        Delete(t, title == "x"),
        Update(t, [(age, author)]),
        Insert(t, [one], returning=[title]),
        inner,
    ):
        with pytest.raises(ProgrammingError, match=r"the column '\w+' belongs to '\w+', and the statement is about"):
            compile(query, POSTGRESQL)
    assert compile(Select([one], t, where=exists(inner)), POSTGRESQL)


def test_what_is_known_about_the_result() -> None:
    query = Select([one, name, func.sum(age), (price * 2).label("double"), price + 1], t).group_by(one, name, price)
    for dialect in ALL.values():
        compiled = compile(query, dialect)
        assert compiled.names == ("one", "name", "sum", "double", "column5")
        assert compiled.result == (Integer(), Text(), BigInteger(), Numeric(), Numeric())
        assert compiled.result_kinds.names == ("int", "text", "int", "decimal", "decimal")
        assert compiled.kinds.names == ("decimal", "decimal")


def test_names_are_attribute_names() -> None:
    from ferrow.sql import ColumnRef

    column: ColumnRef[int] = ColumnRef(t, "AGE", Integer(), key="age")
    compiled = compile(Select([column], t), POSTGRESQL)
    assert (compiled.sql, compiled.names) == ('SELECT "AGE" FROM t', ("age",))


def test_other_columns() -> None:
    assert_sql(
        ALL_OF_T.where(age > 1).selecting(func.count()), values=[1], **both("SELECT count(*) FROM t WHERE age > $1")
    )


def test_a_query_has_columns() -> None:
    with pytest.raises(ValueError, match="at least one column"):
        Select([], t)
    with pytest.raises(ValueError, match="at least one column"):
        ALL_OF_T.selecting()


def test_conditions_are_conditions() -> None:
    attempts: list[Callable[[], object]] = [
        lambda: ALL_OF_T.where(age),  # type: ignore[arg-type]
        lambda: ALL_OF_T.where(True),  # type: ignore[arg-type]
        lambda: ALL_OF_T.having("x"),  # type: ignore[arg-type]
        lambda: ALL_OF_T.join(posts, None),  # type: ignore[arg-type]
    ]
    for attempt in attempts:
        with pytest.raises(TypeError, match="expected a condition"):
            attempt()


def test_sorting_needs_an_order() -> None:
    with pytest.raises(TypeError, match="no order"):
        ALL_OF_T.order_by(meta)


def test_which_clauses_are_there() -> None:
    assert not any(
        ALL_OF_T.has(name)
        for name in ("joins", "where", "group_by", "having", "order_by", "limit", "offset", "distinct")
    )
    assert ALL_OF_T.limit(0).has("limit")
    assert ALL_OF_T.where(age > 1).has("where")
    assert ALL_OF_T.distinct().has("distinct")
    with pytest.raises(KeyError):
        ALL_OF_T.has("window")


def test_a_column_beside_an_aggregate_needs_a_group() -> None:
    with pytest.raises(ProgrammingError, match="the column 'name' stands beside an aggregate without a GROUP BY"):
        compile(Select([name, func.count()], t), SQLITE)
    compile(Select([name, func.count()], t).group_by(name), SQLITE)
    compile(Select([func.count(), func.max(age)], t), SQLITE)
    compile(Select([literal(1), func.count()], t), SQLITE)
