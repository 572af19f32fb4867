"""Keyword filters as SQL, per dialect. A row per operator; the last test fails when one has none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ferrow.orm import Q
from ferrow.orm.operators import OPERATORS
from tests.pure.orm.models import Article, Status
from tests.pure.orm.recorder import Recorder

D = Decimal("1.5")

# keyword, value, WHERE on PostgreSQL, WHERE on SQLite, parameters
ROWS: list[tuple[str, Any, str, str, tuple[Any, ...]]] = [
    ("views", 1, "views = $1", "views = ?1", (1,)),
    ("views__eq", 1, "views = $1", "views = ?1", (1,)),
    ("views", None, "views IS NULL", "views IS NULL", ()),
    ("views__ne", 1, "views <> $1", "views <> ?1", (1,)),
    ("views__ne", None, "views IS NOT NULL", "views IS NOT NULL", ()),
    ("views__gt", 1, "views > $1", "views > ?1", (1,)),
    ("views__gte", 1, "views >= $1", "views >= ?1", (1,)),
    ("views__lt", 1, "views < $1", "views < ?1", (1,)),
    ("views__lte", 1, "views <= $1", "views <= ?1", (1,)),
    ("views__gt", 1.5, "views > CAST($1 AS double precision)", "views > CAST(?1 AS REAL)", (1.5,)),
    (
        "views__gt",
        D,
        "views > CAST($1 AS numeric)",
        "CAST(views AS TEXT) COLLATE decimal > CAST(?1 AS TEXT) COLLATE decimal",
        (D,),
    ),
    ("price__gt", 2, "price > $1", "price > ?1", (2,)),
    ("rating", 2, "rating = $1", "rating = ?1", (2,)),
    ("live", True, "live = $1", "live = ?1", (True,)),
    ("views__in", [1, 2], "views = ANY($1)", "views IN (SELECT value FROM json_each(?1))", ([1, 2],)),
    ("views__in", (1, 2), "views = ANY($1)", "views IN (SELECT value FROM json_each(?1))", ([1, 2],)),
    ("views__in", iter([1]), "views = ANY($1)", "views IN (SELECT value FROM json_each(?1))", ([1],)),
    ("views__in", [], "FALSE", "FALSE", ()),
    (
        "views__in",
        [1, None],
        "views = ANY($1) OR views IS NULL",
        "views IN (SELECT value FROM json_each(?1)) OR views IS NULL",
        ([1],),
    ),
    ("views__notin", [1], "views <> ALL($1)", "views NOT IN (SELECT value FROM json_each(?1))", ([1],)),
    ("views__notin", [1, None], "views <> ALL($1)", "views NOT IN (SELECT value FROM json_each(?1))", ([1],)),
    ("title__like", "a%", "title LIKE $1", "ferrow_like(title, ?1)", ("a%",)),
    ("title__ilike", "a%", "title ILIKE $1", "ferrow_ilike(title, ?1)", ("a%",)),
    ("title__contains", "5%_\\", "title LIKE $1", "ferrow_like(title, ?1)", ("%5\\%\\_\\\\%",)),
    ("title__icontains", "a", "title ILIKE $1", "ferrow_ilike(title, ?1)", ("%a%",)),
    ("title__startswith", "a", "title LIKE $1", "ferrow_like(title, ?1)", ("a%",)),
    ("title__istartswith", "a", "title ILIKE $1", "ferrow_ilike(title, ?1)", ("a%",)),
    ("title__endswith", "a", "title LIKE $1", "ferrow_like(title, ?1)", ("%a",)),
    ("title__iendswith", "a", "title ILIKE $1", "ferrow_ilike(title, ?1)", ("%a",)),
    ("price__isnull", True, "price IS NULL", "price IS NULL", ()),
    ("price__isnull", False, "price IS NOT NULL", "price IS NOT NULL", ()),
    ("price__isnotnull", True, "price IS NOT NULL", "price IS NOT NULL", ()),
    ("title__regex", "^a", "title ~ $1", "ferrow_matches(title, ?1, 0)", ("^a",)),
    ("title__iregex", "^a", "title ~* $1", "ferrow_matches(title, ?1, 1)", ("^a",)),
    ("status", Status.LIVE, "status = $1", "status = ?1", ("live",)),
    ("status", "live", "status = $1", "status = ?1", ("live",)),
    (
        "status__in",
        [Status.LIVE],
        "status = ANY($1)",
        "status IN (SELECT value FROM json_each(?1))",
        (["live"],),
    ),
    ("body", "x", "body_text = $1", "body_text = ?1", ("x",)),
    ("extra", {"a": 1}, "extra = $1", "ferrow_json(extra) = ferrow_json(?1)", ({"a": 1},)),
    ("title", Article.body, "title = body_text", "title = body_text", ()),
    ("views__gt", Article.rating, "views > rating", "views > rating", ()),
]


@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
@pytest.mark.parametrize(
    ("keyword", "value", "postgresql", "sqlite", "params"),
    ROWS,
    ids=[f"{row[0]}-{type(row[1]).__name__}" for row in ROWS],
)
def test_operator(
    dialect: str, keyword: str, value: Any, postgresql: str, sqlite: str, params: tuple[Any, ...], again: bool
) -> None:
    if keyword == "views__in" and hasattr(value, "__next__"):
        value = iter([1])  # an iterator is spent by the test before
    recorder = Recorder(dialect)

    recorder.session.query(Article).filter(**{keyword: value}).exists()

    where = {"postgresql": postgresql, "sqlite": sqlite}[dialect]
    sql, sent = recorder.last
    assert sql.partition(" WHERE ")[2].rpartition(" LIMIT ")[0] == where
    assert sent == (*params, 1)


def test_not_in_nothing_says_nothing(recorder: Recorder) -> None:
    recorder.session.query(Article).filter(views__notin=[], live=True).exists()

    assert recorder.last == ("SELECT id FROM articles WHERE live = $1 LIMIT $2", (True, 1))


def test_every_operator_has_a_row() -> None:
    tested = {row[0].partition("__")[2] or "eq" for row in ROWS}

    of_lists = {
        name for name, operator in OPERATORS.items() if operator.takes == "items"
    }  # tests/shared/test_expressions.py
    assert tested == OPERATORS.keys() - of_lists


Q_ROWS: list[tuple[Q, str, tuple[Any, ...]]] = [
    (Q(views=1), "views = $1", (1,)),
    (Q(views=1, live=True), "views = $1 AND live = $2", (1, True)),
    (Q(views=1) & Q(live=True), "views = $1 AND live = $2", (1, True)),
    (Q(views=1) | Q(live=True), "views = $1 OR live = $2", (1, True)),
    (~Q(views=1), "NOT (views = $1)", (1,)),
    (~(Q(views=1) | Q(live=True)), "NOT (views = $1 OR live = $2)", (1, True)),
    (~~Q(views=1), "NOT (NOT (views = $1))", (1,)),
    (Q(views=1) & (Q(live=True) | ~Q(title="x")), "views = $1 AND (live = $2 OR NOT (title = $3))", (1, True, "x")),
    (Q(Q(views=1) | Q(views=2), live=True), "(views = $1 OR views = $2) AND live = $3", (1, 2, True)),
    (Q(Article.views > 3) | Q(title__contains="x"), "views > $1 OR title LIKE $2", (3, "%x%")),
    (Q(views=1) | (Article.views > 3), "views = $1 OR views > $2", (1, 3)),
    (Q() | Q(views=1), "views = $1", (1,)),
    (Q(views=1) & Q(), "views = $1", (1,)),
    (Q(views__in=[]), "FALSE", ()),
]


@pytest.mark.parametrize(("q", "where", "params"), Q_ROWS, ids=[repr(row[0]) for row in Q_ROWS])
def test_q(recorder: Recorder, q: Q, where: str, params: tuple[Any, ...]) -> None:
    recorder.session.query(Article).filter(q).exists()

    assert recorder.last[0].partition(" WHERE ")[2].rpartition(" LIMIT ")[0] == where
    assert recorder.last[1] == (*params, 1)


@pytest.mark.parametrize("q", [Q(), ~Q(), Q() & Q(), Q() | Q(), Q(Q())])
def test_empty_q_says_nothing(recorder: Recorder, q: Q) -> None:
    recorder.session.query(Article).filter(q).exists()

    assert recorder.last[0] == "SELECT id FROM articles LIMIT $1"


def test_q_takes_conditions_only() -> None:
    with pytest.raises(TypeError, match="not True"):
        Q(True)  # type: ignore[arg-type]
