"""What groups, joins, locks and pages send, per dialect where they differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ferrow import Q, func
from ferrow.orm import Query
from tests.pure.orm.models import Article, Comment
from tests.pure.orm.recorder import Recorder, answer

Ask = Callable[[Query[Article]], Any]

SENT: list[tuple[Ask, str, tuple[Any, ...]]] = [
    (
        lambda q: q.values("live", n=func.count()),
        "SELECT articles.live, count(*) AS n FROM articles GROUP BY articles.live",
        (),
    ),
    (
        lambda q: q.values("live", max="views"),
        "SELECT articles.live, max(articles.views) AS max FROM articles GROUP BY articles.live",
        (),
    ),
    (
        lambda q: q.annotate(n=func.count()).filter(n__gt=3, views=1).group_by("live").order_by("-n").values(),
        "SELECT articles.live, count(*) AS n FROM articles WHERE articles.views = $1 GROUP BY articles.live HAVING count(*) > $2 ORDER BY n DESC",
        (1, 3),
    ),
    (
        lambda q: q.group_by("live").having(Q(count=1) | Q(count__gt=5)).values(),
        "SELECT live FROM articles GROUP BY live HAVING count(*) = $1 OR count(*) > $2",
        (1, 5),
    ),
    (
        lambda q: q.group_by("body").values(),
        "SELECT articles.body_text AS body FROM articles GROUP BY 1",
        (),
    ),
    (lambda q: q.group_by("live").exists(), "SELECT live FROM articles GROUP BY live LIMIT $1", (1,)),
    (
        lambda q: q.group_by("live").limit(3).count(),
        "SELECT count(*) FROM (SELECT articles.live AS c0 FROM articles GROUP BY articles.live LIMIT $1) AS found",
        (3,),
    ),
    (
        lambda q: q.annotate(n=func.count()).group_by("live").max("n"),
        "SELECT max(found.n) FROM (SELECT count(*) AS n FROM articles GROUP BY articles.live) AS found",
        (),
    ),
    (
        lambda q: q.group_by((Article.views + 5).label("more")).count(),
        "SELECT count(*) FROM (SELECT articles.views + $1 AS more FROM articles GROUP BY 1) AS found",
        (5,),
    ),
    (
        lambda q: q.annotate(more=Article.views + 5).group_by("more").max("more"),
        "SELECT max(found.more) FROM (SELECT articles.views + $1 AS more FROM articles GROUP BY 1) AS found",
        (5,),
    ),
    (lambda q: q.exclude(views=1).count(), "SELECT count(*) FROM articles WHERE (views = $1) IS NOT TRUE", (1,)),
    (
        lambda q: q.join(Comment).filter(Comment.text == "x").count(),
        "SELECT count(*) FROM articles JOIN comments ON comments.article_id = articles.id WHERE comments.text = $1",
        ("x",),
    ),
    (
        lambda q: q.left_join(Comment, Comment.article_id == Article.id).filter(Comment.text == "x").delete(),
        "DELETE FROM articles WHERE articles.id IN (SELECT articles.id FROM articles LEFT JOIN comments ON comments.article_id = articles.id "
        "WHERE comments.text = $1)",
        ("x",),
    ),
    (
        lambda q: q.distinct("live").order_by("live", "-views").values_list("id", flat=True),
        "SELECT DISTINCT ON (live) id FROM articles ORDER BY live, views DESC",
        (),
    ),
    (
        lambda q: q.filter(views=1).for_update(skip_locked=True).values("id"),
        "SELECT id FROM articles WHERE views = $1 FOR UPDATE SKIP LOCKED",
        (1,),
    ),
    (lambda q: q.for_update().count(), "SELECT count(*) FROM articles", ()),
]


@pytest.mark.parametrize(("ask", "sql", "values"), SENT, ids=[sql for _, sql, _ in SENT])
def test_what_is_sent(recorder: Recorder, ask: Ask, sql: str, values: tuple[Any, ...]) -> None:
    recorder.answers(answer(*([3] if sql.startswith("SELECT count(*)") else [(3,)] if "max(found" in sql else [])))
    ask(recorder.session.query(Article))
    assert recorder.last == (sql, values)


def test_a_slice_starts_from_a_comparison_an_index_can_use(recorder: Recorder) -> None:
    query = recorder.session.query(Article).filter(live=True).order_by("title")
    recorder.answers(answer((Article(id=1, title="a"), "a", 1), (Article(id=2, title="b"), "b", 2)))
    first = query.after(size=1)
    query.after(first.next, size=1)
    sql, values = recorder.last
    assert sql.endswith(
        "FROM articles WHERE live = $1 AND title >= $2 AND (title > $3 OR (title = $4 AND id > $5)) ORDER BY title, id LIMIT $6"
    )
    assert values == (True, "a", "a", "a", 1, 2)


def test_the_second_query_of_a_kind_is_compiled_no_more(recorder: Recorder) -> None:
    from ferrow.orm.plan import plan_of

    session = recorder.session
    plan = plan_of(Article, recorder.engine.dialect)
    for number in range(3):
        session.query(Article).annotate(n=func.count()).filter(n__gt=number, views=number).group_by("live").values()
        session.query(Article).join(Comment).filter(Comment.text == str(number)).all()
        if number == 0:
            known = len(plan.statements)
    assert len(plan.statements) == known
