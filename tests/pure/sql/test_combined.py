"""The texts of UNION, INTERSECT and EXCEPT, and what cannot be combined."""

import pytest

from ferrow.errors import ProgrammingError
from ferrow.sql import (
    Select,
    compile,
)
from ferrow.sql.dialect import POSTGRESQL
from tests.pure.sql.columns import OLD, age, author, meta, one, posts, price, t, title
from tests.support.sql import assert_sql, both


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
