"""FOR UPDATE and the like: the texts, and the queries whose rows nobody can lock."""

from typing import Any

import pytest

from ferrow.errors import ProgrammingError
from ferrow.sql import (
    Select,
    TableRef,
    compile,
    func,
    true,
)
from ferrow.sql.dialect import ALL
from tests.pure.sql.columns import one, posts, t
from tests.support.sql import NOT_SUPPORTED, assert_sql


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
