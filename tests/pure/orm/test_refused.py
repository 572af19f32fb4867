"""What the model does not know is an error before anything is sent, and says what is meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from ferrow import func
from ferrow.errors import DataError, Error, InterfaceError, ModelError, ProgrammingError, UnknownColumn
from ferrow.orm import Q, Session, delete, insert, select, update
from tests.pure.orm.models import Article, Comment, Membership, Pair, Reading
from tests.pure.orm.recorder import Recorder

Attempt = Callable[[Session], Any]
KNOWN = "Known: id, title, status, views, price, rating, live, body, extra, created."


def _unsaved() -> Article:
    return Article(title="x")


UNKNOWN: list[tuple[Attempt, type[Error], str]] = [
    # not instances
    (lambda s: s.insert(Article), ModelError, "takes an instance, not the class: session.insert(Article(...))"),
    (lambda s: s.insert([_unsaved()]), ModelError, "for several there is insert_all()"),
    # columns
    (
        lambda s: s.query(Article).filter(veiws=1),
        UnknownColumn,
        f"Article has no column 'veiws'. Did you mean 'views'? {KNOWN}",
    ),
    (lambda s: s.query(Article).filter(veiws__gt=1), UnknownColumn, "'veiws' (in 'veiws__gt'). Did you mean 'views'?"),
    (lambda s: s.query(Article).filter(Q(veiws=1) | Q(live=True)), UnknownColumn, "Did you mean 'views'?"),
    (lambda s: s.query(Article).filter_by(views__gt=1), UnknownColumn, "'views__gt'"),
    (lambda s: s.query(Article).filter(body_text="x"), UnknownColumn, "'body_text'"),
    (lambda s: s.query(Article).order_by("-titel"), UnknownColumn, "Did you mean 'title'?"),
    (lambda s: s.query(Article).order_by("--title"), UnknownColumn, "'-title'"),
    (
        lambda s: s.query(Article).group_by(Article.views + 5).values(n=func.count()),
        ProgrammingError,
        "need a name for it",
    ),
    (lambda s: s.query(Article).sum("veiws"), UnknownColumn, "Did you mean 'views'?"),
    (lambda s: s.query(Article).values("titel"), UnknownColumn, "Did you mean 'title'?"),
    (lambda s: s.query(Article).values_list("titel"), UnknownColumn, "Did you mean 'title'?"),
    (lambda s: s.query(Article).update(titel="x"), UnknownColumn, "Did you mean 'title'?"),
    (lambda s: s.update(Article(id=1, title="x"), titel="y"), UnknownColumn, "Did you mean 'title'?"),
    (lambda s: s.get(Membership, {"team": 1, "mmber": "x"}), UnknownColumn, "Did you mean 'member'?"),
    (lambda s: s.execute(insert(Article).values(titel="x")), UnknownColumn, "Did you mean 'title'?"),
    (lambda s: s.execute(update(Article).values(titel="x")), UnknownColumn, "Did you mean 'title'?"),
    (lambda s: s.execute(delete(Article).filter_by(titel="x")), UnknownColumn, "Did you mean 'title'?"),
    (lambda s: s.execute(select(Article).order_by("titel")), UnknownColumn, "Did you mean 'title'?"),
    (
        lambda s: s.query(Article).filter(Comment.text == "x").all(),
        ProgrammingError,
        "the column 'text' belongs to 'comments', and the statement is about articles",
    ),
    (
        lambda s: s.query(Article).order_by(Comment.text).all(),
        ProgrammingError,
        "the column 'text' belongs to 'comments', and the statement is about articles",
    ),
    # operators
    (
        lambda s: s.query(Article).filter(views__gtt=1),
        ProgrammingError,
        "'gtt' is not an operator. Did you mean 'gt'? Known: eq,",
    ),
    (lambda s: s.query(Article).filter(title__x__gt=1), ProgrammingError, "'x__gt' is not an operator"),
    (
        lambda s: s.query(Article).filter(views__contains="1"),
        ProgrammingError,
        "'contains' matches texts, and Article.views is Integer()",
    ),
    (lambda s: s.query(Article).filter(extra__gt={}), ProgrammingError, "Article.extra is Json()"),
    (lambda s: s.query(Article).order_by("extra"), ProgrammingError, "have no order"),
    (lambda s: s.query(Article).sum("title"), ProgrammingError, "sum() needs numbers"),
    (lambda s: s.query(Article).max("extra"), ProgrammingError, "max() needs values with an order"),
    # values
    (lambda s: s.query(Article).filter(views="1"), DataError, "Article.views takes int, not str '1'"),
    (lambda s: s.query(Article).filter(views=True), DataError, "Article.views takes int, not bool True"),
    (lambda s: s.query(Article).filter(views__in=[1, "2"]), DataError, "Article.views takes int, not str '2'"),
    (lambda s: s.query(Article).filter(views__in=[1.5]), DataError, "Article.views takes int, not float 1.5"),
    (lambda s: s.query(Article).filter(views__in=5), DataError, "views__in takes a list of values, not 5"),
    (lambda s: s.query(Article).filter(title__in="abc"), DataError, "title__in takes a list of values, not 'abc'"),
    (lambda s: s.query(Article).filter(views__gt=None), DataError, "use views__isnull=True"),
    (lambda s: s.query(Article).filter(title=1), DataError, "Article.title takes str, not int 1"),
    (lambda s: s.query(Article).filter(title__contains=1), DataError, "must be a str, not int"),
    (lambda s: s.query(Article).filter(price__isnull=1), DataError, "price__isnull takes True or False, not 1"),
    (lambda s: s.query(Article).filter(status="gone"), DataError, "'gone' is not a valid Status"),
    (lambda s: s.query(Article).filter(created="2020-01-01"), DataError, "Article.created takes datetime, not str"),
    (lambda s: s.query(Article).update(views="x"), DataError, "Article.views takes int, not str 'x'"),
    (lambda s: s.query(Article).update(status="gone"), DataError, "Article.status cannot hold 'gone'"),
    (
        lambda s: s.update(Article(id=1, title="x"), status="gone"),
        DataError,
        "Article cannot be updated: 'gone' is not",
    ),
    (lambda s: s.insert(Article(title="x", status="gone")), DataError, "Article cannot be inserted: 'gone' is not"),
    (lambda s: s.execute(insert(Article).values(title=1)), DataError, "Article.title takes str, not int 1"),
    (
        lambda s: s.query(Article).filter("views > 1"),
        TypeError,
        "expected a condition such as User.age >= 18, not 'views > 1'",
    ),
    (lambda s: s.query(Article).filter(Article.title == "x", True), TypeError, "not True"),
    (lambda s: s.query(Article).limit("1; DROP TABLE x"), TypeError, "limit takes a whole number"),
    (lambda s: s.query(Article).limit(True), TypeError, "limit takes a whole number"),
    (lambda s: s.query(Article).limit(-1), ValueError, "from 0 on, not -1"),
    (lambda s: s.query(Article).offset(1.0), TypeError, "offset takes a whole number"),
    # keys
    (lambda s: s.get(Article, "1"), DataError, "Article.id takes int, not str '1'"),
    (lambda s: s.get(Article, None), DataError, "never None"),
    (lambda s: s.get(Article, (1, 2)), ProgrammingError, "the primary key of Article has one value, id; got (1, 2)"),
    (lambda s: s.get(Membership, 1), ProgrammingError, "has 2 values: (team, member); got 1"),
    (lambda s: s.get(Membership, (1, "a", 2)), ProgrammingError, "has 2 values: (team, member)"),
    (lambda s: s.get(Membership, {"team": 1}), ProgrammingError, "has 2 values: (team, member); got {'team': 1}"),
    (lambda s: s.get(Membership, ("a", 1)), DataError, "Membership.team takes int, not str 'a'"),
    (lambda s: s.get(Reading, 1), ModelError, "Reading has none"),
    # instances
    (lambda s: s.update(_unsaved()), ProgrammingError, "its id is None, so it has no row yet. Insert it first"),
    (lambda s: s.remove(_unsaved()), ProgrammingError, "cannot delete this Article: its id is None"),
    (lambda s: s.update(Pair(left=1, right=2)), ProgrammingError, "no columns besides its primary key"),
    (lambda s: s.remove(Reading(at=datetime(2020, 1, 1), value=1.0)), ModelError, "Reading has none"),
    (lambda s: s.insert(3), ModelError, "int is not a model"),
    (lambda s: s.insert_all([_unsaved(), "x"]), ModelError, "str is not a model"),
    (lambda s: s.query(int), ModelError, "int is not a model"),
    # statements
    (lambda s: s.query(Article).update(), ProgrammingError, "without values"),
    (lambda s: s.query(Article).values("views", "views"), ProgrammingError, "two columns of one name"),
    (lambda s: s.query(Article).values_list("views", "id", flat=True), ProgrammingError, "exactly one column, not 2"),
    (lambda s: s.query(Membership).limit(1).delete(), ProgrammingError, "needs a primary key of one column"),
    (lambda s: s.execute("SELECT 1"), ProgrammingError, "goes to execute_raw()"),
    (lambda s: s.execute(insert(Article)), ProgrammingError, "No values specified for INSERT"),
    (lambda s: s.execute(update(Article)), ProgrammingError, "No values specified for UPDATE"),
    (
        lambda s: s.execute(insert(Article).values({"title": "a"}, {"title": "b", "body": "c"})),
        ProgrammingError,
        "differ",
    ),
    (lambda s: s.execute_raw("SELECT ?, ?", [1]), ProgrammingError, "has 2 placeholders ?, 1 parameter was given"),
]


@pytest.mark.parametrize(
    ("attempt", "error", "text"), UNKNOWN, ids=[f"{n}-{row[2][:30]}" for n, row in enumerate(UNKNOWN)]
)
def test_nothing_is_sent(recorder: Recorder, attempt: Attempt, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=re.escape(text)):
        attempt(recorder.session)

    assert recorder.log == []


INJECTIONS = ["1=1 OR id", 'id" OR 1=1 --', "id; DROP TABLE articles", "views__gt; --", "(SELECT 1)", ""]


@pytest.mark.parametrize("name", INJECTIONS)
@pytest.mark.parametrize(
    "attempt",
    [
        lambda s, name: s.query(Article).filter(**{name: 1}).all(),
        lambda s, name: s.query(Article).filter_by(**{name: 1}).all(),
        lambda s, name: s.query(Article).filter(Q(**{name: 1})).all(),
        lambda s, name: s.query(Article).order_by(name).all(),
        lambda s, name: s.query(Article).order_by(f"-{name}").all(),
        lambda s, name: s.query(Article).values(name),
        lambda s, name: s.query(Article).values_list(name, flat=True),
        lambda s, name: s.query(Article).max(name),
        lambda s, name: s.query(Article).update(**{name: 1}),
        lambda s, name: s.update(Article(id=1, title="x"), **{name: 1}),
        lambda s, name: s.execute(insert(Article).values({name: 1})),
    ],
)
def test_names_are_never_sql(recorder: Recorder, attempt: Callable[[Session, str], Any], name: str) -> None:
    with pytest.raises((UnknownColumn, ProgrammingError)):
        attempt(recorder.session, name)

    assert recorder.log == []


def test_session_needs_an_engine() -> None:
    with pytest.raises(InterfaceError, match="create_engine"):
        Session("postgresql://localhost")  # type: ignore[arg-type]
