"""`select`, `insert`, `update` and `delete` as SQL, and what their results give."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ferrow import delete, insert, select, update
from ferrow.errors import MultipleResultsFound, NoResultFound
from ferrow.orm import Q, Session
from tests.pure.orm.models import Article, Frozen, Membership, Status
from tests.pure.orm.recorder import Recorder, answer

SELECT = "SELECT team, member, role FROM memberships"

SENT: list[tuple[Any, str, Any]] = [
    (select(Membership), SELECT, ()),
    (select(Membership).where(Membership.team >= 18), f"{SELECT} WHERE team >= $1", (18,)),
    (select(Membership).where(Membership.team > 1, Q(role="x") | Q(role=None)), f"{SELECT} WHERE team > $1 AND (role = $2 OR role IS NULL)", (1, "x")),
    (select(Membership).filter_by(team=1).order_by("-role").limit(2).offset(3), f"{SELECT} WHERE team = $1 ORDER BY role DESC LIMIT $2 OFFSET $3", (1, 2, 3)),
    (select(Membership).distinct(), SELECT.replace("SELECT", "SELECT DISTINCT"), ()),
    (insert(Membership).values(team=1, member="a"), "INSERT INTO memberships (team, member) VALUES ($1, $2)", [(1, "a")]),
    (
        insert(Membership).values({"member": "a", "team": 1}, {"team": 2, "member": "b"}).values(team=3, member="c"),
        "INSERT INTO memberships (team, member) VALUES ($1, $2)",
        [(1, "a"), (2, "b"), (3, "c")],
    ),
    (
        insert(Article).values(title="a").returning(Article.id, "created"),
        "INSERT INTO articles (title, status, views, live) VALUES ($1, $2, $3, $4) RETURNING id, created",
        [("a", "draft", 0, False)],
    ),
    (insert(Membership).values(team=1, member="a").returning(), "INSERT INTO memberships (team, member) VALUES ($1, $2) RETURNING team, member, role", [(1, "a")]),
    (update(Membership).where(Membership.team == 1).values(role="x"), "UPDATE memberships SET role = $1 WHERE team = $2", ("x", 1)),
    (update(Membership).values(team=Membership.team + 1).returning("team"), "UPDATE memberships SET team = team + $1 RETURNING team", (1,)),
    (delete(Membership).where(Membership.team == 1), "DELETE FROM memberships WHERE team = $1", (1,)),
    (delete(Membership).filter_by(role=None).returning(), "DELETE FROM memberships WHERE role IS NULL RETURNING team, member, role", ()),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "sql", "params"), SENT, ids=[row[1] for row in SENT])
def test_sent(recorder: Recorder, statement: Any, sql: str, params: Any) -> None:
    for _ in range(2):
        recorder.session.execute(statement)

        assert recorder.last == (sql, params)


def test_statements_never_change(recorder: Recorder) -> None:
    every = select(Membership)
    every.where(Membership.team == 1)
    changed = update(Membership).values(role="x")
    changed.values(team=3)

    recorder.session.execute(every)
    recorder.session.execute(changed)

    assert [sql for sql, _ in recorder.log] == [SELECT, "UPDATE memberships SET role = $1"]


def test_instances_and_dicts(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer(Frozen(1, "a"), Frozen(2, "b")))
    result = session.execute(select(Frozen))

    assert result.scalars().all() == [Frozen(1, "a"), Frozen(2, "b")]
    assert result.scalars().first() == Frozen(1, "a")
    assert result.all() == [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    assert result.first() == {"id": 1, "name": "a"}
    assert result.rowcount == 2
    for wanted in (result.one, result.one_or_none, result.scalars().one, result.scalars().one_or_none):
        with pytest.raises(MultipleResultsFound):
            wanted()


def test_no_rows(session: Session) -> None:
    result = session.execute(select(Frozen))

    assert result.all() == result.scalars().all() == []
    assert result.first() is result.one_or_none() is result.scalars().first() is result.scalars().one_or_none() is None
    for wanted in (result.one, result.scalars().one):
        with pytest.raises(NoResultFound):
            wanted()


def test_returned_columns(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer((1, Status.DRAFT)), answer(SimpleNamespace(), rowcount=1))
    result = session.execute(insert(Article).values(title="a").returning("id", "status"))

    assert result.all() == [{"id": 1, "status": Article(title="x").status}]
    assert result.scalars().one() == 1


def test_repr_is_the_sql_or_what_is_wrong() -> None:
    assert repr(select(Membership).where(Membership.team >= 18)) == f"<ModelSelect {SELECT} WHERE team >= $1>"
    assert repr(update(Membership)) == "<ModelUpdate No values specified for UPDATE of Membership: say values(...)>"
