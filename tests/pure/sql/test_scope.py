"""Columns that a query can see, and those that are out of its sight."""

from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from ferrow.sql import (
    Explain,
    Select,
    TableRef,
    compile,
    exists,
    true,
)
from ferrow.sql.dialect import ALL, POSTGRESQL
from tests.pure.sql.columns import OLD, age, author, one, posts, t, title

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
