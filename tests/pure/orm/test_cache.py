"""The second query of a kind builds and compiles nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import ferrow.orm.plan as plan_module
from ferrow.orm import Q, Session
from ferrow.orm.plan import CACHE_SIZE, plan_of
from ferrow.sql.dialect import POSTGRESQL
from tests.pure.orm.models import Article, Membership, Status
from tests.pure.orm.recorder import Recorder, answer


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every statement that is compiled from now on, starting with nothing remembered."""
    seen: list[Any] = []
    real = plan_module.compile

    def counting(statement: Any, dialect: Any) -> Any:
        seen.append(statement)
        return real(statement, dialect)

    monkeypatch.setattr(plan_module, "compile", counting)
    for model in (Article, Membership):
        plan = plan_of(model, POSTGRESQL)
        plan.statements.clear()
        plan.getter = None
    return seen


REPEATED: list[Callable[[Session, int], Any]] = [
    lambda s, n: s.get(Article, n),
    lambda s, n: s.get(Membership, (n, str(n))),
    lambda s, n: s.query(Article).filter(views__gte=n).limit(n).all(),
    lambda s, n: s.query(Article).filter(Article.views >= n, title=str(n)).order_by("-views").offset(n).first(),
    lambda s, n: s.query(Article).filter(Q(views=n) | Q(title__contains=str(n))).exists(),
    lambda s, n: s.query(Article).filter(views__in=list(range(n))).all(),
    lambda s, n: s.query(Article).filter(status=list(Status)[n % 2]).all(),
    lambda s, n: s.query(Article).filter(views=n).values("id", "title"),
    lambda s, n: s.query(Article).filter(views=n).update(title=str(n)),
    lambda s, n: s.query(Article).filter(views=n).delete(),
    lambda s, n: s.insert(Membership(team=n, member=str(n))),
    lambda s, n: s.insert_all([Membership(team=n, member=str(m)) for m in range(n)]),
    lambda s, n: s.remove(Membership(team=n, member=str(n))),
    lambda s, n: s.update(Membership(team=n, member=str(n)), role=str(n)),
    lambda s, n: s.update(Membership(team=n, member=str(n))),
]


@pytest.mark.parametrize("repeated", REPEATED, ids=range(len(REPEATED)))
def test_compiled_once(recorder: Recorder, compiled: list[Any], repeated: Callable[[Session, int], Any]) -> None:
    recorder.answers(*[answer(rowcount=1)] * 3)
    for n in (1, 2, 3):
        repeated(recorder.session, n)

    assert len(compiled) == 1
    assert len({sql for sql, _ in recorder.log}) == 1
    assert len({repr(params) for _, params in recorder.log}) > 1


def test_sessions_share_statements(compiled: list[Any]) -> None:
    Recorder().session.query(Article).filter(views=1).all()
    Recorder().session.query(Article).filter(views=2).all()

    assert len(compiled) == 1


def test_values_that_change_the_statement_are_told_apart(recorder: Recorder, compiled: list[Any]) -> None:
    query = recorder.session.query(Article)
    for value in (1, None, 1.5, 2, None):
        query.filter(views=value).exists()
    for values in ([1], [], [None], [1, None], [2]):
        query.filter(views__in=values).exists()

    texts = [sql.partition(" WHERE ")[2].removesuffix(" LIMIT $1").removesuffix(" LIMIT $2") for sql, _ in recorder.log]
    assert texts == [
        "views = $1",
        "views IS NULL",
        "views = CAST($1 AS double precision)",
        "views = $1",
        "views IS NULL",
        "views = ANY($1)",
        "FALSE",
        "views IS NULL",
        "views = ANY($1) OR views IS NULL",
        "views = ANY($1)",
    ]
    assert len(compiled) == 6


def test_memory_is_bounded(recorder: Recorder) -> None:
    query = recorder.session.query(Article)
    for _ in range(CACHE_SIZE + 10):
        query = query.filter(views=1)
        query.exists()

    assert len(plan_of(Article, POSTGRESQL).statements) <= CACHE_SIZE
