"""The texts of WITH: where the parts stand, what they are called, and what recursion asks for."""

import pytest

from ferrow.errors import ProgrammingError
from ferrow.sql import (
    Insert,
    Select,
    TableRef,
    compile,
    exists,
    literal,
    recursive,
    true,
)
from ferrow.sql.dialect import POSTGRESQL, SQLITE
from tests.pure.sql.columns import OLD, age, author, name, one, posts, t
from tests.support.sql import assert_sql, both


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
