"""What each method of a query sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferrow.errors import MultipleResultsFound, NoResultFound
from ferrow.orm import Q, Query, Session
from tests.pure.orm.models import Article, Membership, Reading
from tests.pure.orm.recorder import Recorder, answer

COLUMNS = "id, title, status, views, price, rating, live, body_text, extra, created"
ALL = f"SELECT {COLUMNS} FROM articles"

Ask = Callable[[Query[Article]], Any]

SENT: list[tuple[Ask, str, tuple[Any, ...]]] = [
    (lambda q: q.all(), ALL, ()),
    (lambda q: q.filter(views=1).filter(live=True).all(), f"{ALL} WHERE views = $1 AND live = $2", (1, True)),
    (lambda q: q.filter(Article.views > 1, live=True).all(), f"{ALL} WHERE views > $1 AND live = $2", (1, True)),
    (lambda q: q.filter(Article.live).all(), f"{ALL} WHERE live", ()),
    (lambda q: q.filter_by(views=1, live=None).all(), f"{ALL} WHERE views = $1 AND live IS NULL", (1,)),
    (lambda q: q.order_by("-views", "title").all(), f"{ALL} ORDER BY views DESC, title", ()),
    (lambda q: q.order_by("views", "-title", desc=True).all(), f"{ALL} ORDER BY views DESC, title DESC", ()),
    (lambda q: q.order_by("views").order_by("body").all(), f"{ALL} ORDER BY views, body_text", ()),
    (
        lambda q: q.order_by(Article.views.desc().nulls_last(), Article.title).all(),
        f"{ALL} ORDER BY views DESC NULLS LAST, title",
        (),
    ),
    (lambda q: q.filter(views=1).order_by(Article.views + 5).limit(2).all(), f"{ALL} WHERE views = $1 ORDER BY views + $2 LIMIT $3", (1, 5, 2)),
    (lambda q: q.limit(10).offset(20).all(), f"{ALL} LIMIT $1 OFFSET $2", (10, 20)),
    (lambda q: q.offset(20).all(), f"{ALL} OFFSET $1", (20,)),
    (lambda q: q.limit(10).limit(None).all(), ALL, ()),
    (lambda q: q.distinct().all(), ALL, ()),  # rows with a key never repeat
    (lambda q: q.filter(views=1).first(), f"{ALL} WHERE views = $1 LIMIT $2", (1, 1)),
    (lambda q: q.limit(5).first(), f"{ALL} LIMIT $1", (1,)),
    (lambda q: q.limit(0).first(), f"{ALL} LIMIT $1", (0,)),
    (lambda q: q.one_or_none(), f"{ALL} LIMIT $1", (2,)),
    (lambda q: q.limit(1).one_or_none(), f"{ALL} LIMIT $1", (1,)),
    (lambda q: q.exists(), "SELECT id FROM articles LIMIT $1", (1,)),
    (lambda q: q.values("title", Article.views), "SELECT title, views FROM articles", ()),
    (lambda q: q.values("body"), "SELECT articles.body_text AS body FROM articles", ()),
    (lambda q: q.values((Article.views + 1).label("more")), "SELECT articles.views + $1 AS more FROM articles", (1,)),
    (lambda q: q.filter(views=1).values((Article.views + 5).label("n")), "SELECT articles.views + $1 AS n FROM articles WHERE articles.views = $2", (5, 1)),
    (lambda q: q.distinct().values_list("views", flat=True), "SELECT DISTINCT views FROM articles", ()),
    (lambda q: q.filter(live=True).delete(), "DELETE FROM articles WHERE live = $1", (True,)),
    (lambda q: q.filter(Q(), live=True).delete(), "DELETE FROM articles WHERE live = $1", (True,)),
    (lambda q: q.filter(views__notin=[], live=True).delete(), "DELETE FROM articles WHERE live = $1", (True,)),
    (
        lambda q: q.filter(live=True).order_by("id").limit(3).delete(),
        "DELETE FROM articles WHERE id IN (SELECT id FROM articles WHERE live = $1 ORDER BY id LIMIT $2)",
        (True, 3),
    ),
    (lambda q: q.filter(live=True).update(views=1, body=None), "UPDATE articles SET views = $1, body_text = $2 WHERE live = $3", (1, None, True)),
    (lambda q: q.update(views=Article.views + 1), "UPDATE articles SET views = views + $1", (1,)),
    (
        lambda q: q.filter(live=True).offset(2).update(views=1),
        "UPDATE articles SET views = $1 WHERE id IN (SELECT id FROM articles WHERE live = $2 OFFSET $3)",
        (1, True, 2),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "sql", "params"), SENT, ids=[row[1] for row in SENT])
def test_sent(recorder: Recorder, ask: Ask, sql: str, params: tuple[Any, ...]) -> None:
    for _ in range(2):  # built, then remembered
        ask(recorder.session.query(Article))

        assert recorder.last == (sql, params)


AGGREGATES: list[tuple[Ask, str, tuple[Any, ...]]] = [
    (lambda q: q.filter(live=True).count(), "SELECT count(*) FROM articles WHERE live = $1", (True,)),
    (lambda q: q.order_by("id").limit(9).count(), "SELECT count(*) FROM articles", ()),
    (lambda q: q.distinct().count(), "SELECT count(*) FROM articles", ()),
    (lambda q: q.sum("views"), "SELECT CAST(sum(views) AS bigint) FROM articles", ()),
    (lambda q: q.avg(Article.rating), "SELECT avg(rating) FROM articles", ()),
    (lambda q: q.filter(live=True).min("price"), "SELECT min(price) FROM articles WHERE live = $1", (True,)),
    (lambda q: q.max(Article.views * 2), "SELECT max(views * $1) FROM articles", (2,)),
    (
        lambda q: q.order_by("-views").limit(3).sum("views"),
        "SELECT CAST(sum(found.value) AS bigint) FROM (SELECT articles.views AS value FROM articles ORDER BY articles.views DESC LIMIT $1) AS found",
        (3,),
    ),
]


@pytest.mark.parametrize(("ask", "sql", "params"), AGGREGATES, ids=[row[1] for row in AGGREGATES])
def test_aggregates(recorder: Recorder, ask: Ask, sql: str, params: tuple[Any, ...]) -> None:
    recorder.answers(answer((7,)), answer(7))
    if " count(" in sql:
        recorder.wire.answers.pop(0)  # count asks for the column itself

    assert ask(recorder.session.query(Article)) == 7
    assert recorder.last == (sql, params)


@pytest.mark.parametrize(
    ("limit", "offset", "expected"),
    [(None, None, 10), (3, None, 3), (30, None, 10), (0, None, 0), (None, 4, 6), (None, 40, 0), (3, 8, 2), (3, 10, 0)],
)
def test_count_respects_limit_and_offset(
    session: Session, recorder: Recorder, limit: Any, offset: Any, expected: int
) -> None:
    recorder.answers(answer(10))

    assert session.query(Article).limit(limit).offset(offset).count() == expected


def test_count_of_different_rows_without_a_key(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer(2))

    assert session.query(Reading).distinct().count() == 2
    assert recorder.last[0] == (
        "SELECT count(*) FROM (SELECT DISTINCT readings.at AS c0, readings.value AS c1 FROM readings) AS found"
    )


def test_one(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer("a"), answer(), answer("a", "b"), answer(), answer("a", "b"))
    query = session.query(Article)

    assert query.one() == "a"  # the wire gives what it likes
    with pytest.raises(NoResultFound, match="exactly one Article was expected, and no row matches"):
        query.one()
    with pytest.raises(MultipleResultsFound, match="at most one Article was expected, and several"):
        query.one()
    assert query.one_or_none() is None
    with pytest.raises(MultipleResultsFound):
        query.one_or_none()


def test_no_result_is_a_lookup_error() -> None:
    assert issubclass(NoResultFound, LookupError)


def test_queries_never_change(session: Session, recorder: Recorder) -> None:
    every = session.query(Article)
    live = every.filter(live=True)
    live.order_by("views").limit(3).offset(1).distinct()

    live.all()
    every.all()

    assert recorder.log == [(f"{ALL} WHERE live = $1", (True,)), (ALL, ())]


def test_repr_shows_the_statement_and_no_values(session: Session) -> None:
    assert repr(session.query(Membership).filter(role="secret")) == (
        "<Query SELECT team, member, role FROM memberships WHERE role = $1>"
    )
