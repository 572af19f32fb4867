"""What insert, update and remove send, and what they do to the instance."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ferrow import mapped_column
from ferrow.errors import DataError, NoResultFound, UniqueViolation
from ferrow.orm import Session
from tests.pure.orm.models import Article, Comment, Frozen, Membership, Pair, Status, Ticket
from tests.pure.orm.recorder import Recorder, answer

NOW = datetime(2020, 1, 1, tzinfo=UTC)
INSERT = "INSERT INTO articles (title, status, views, price, rating, live, body_text, extra) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"


class Checked(BaseModel):
    model_config = ConfigDict(validate_assignment=True)

    id: int | None = None
    age: Annotated[int, Field(ge=0)] = 0
    name: Annotated[str, mapped_column(name="full_name")] = "x"


# --- insert ----------------------------------------------------------------------------------------------------------


def test_insert_fills_what_the_server_generates(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer((7, NOW)))
    article = Article(title="a", status=Status.LIVE)

    assert session.insert(article) is article
    assert recorder.last == (f"{INSERT} RETURNING id, created", ("a", "live", 0, None, None, False, None, None))
    assert (article.id, article.created) == (7, NOW)


def test_insert_sends_a_key_that_is_given(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer(NOW))
    article = session.insert(Article(id=500, title="a"))

    assert recorder.last[0].startswith("INSERT INTO articles (id, title,")
    assert recorder.last[0].endswith(" RETURNING created")
    assert article.id == 500


def test_insert_of_a_composite_key(session: Session, recorder: Recorder) -> None:
    session.insert(Pair(left=1, right=2))

    assert recorder.last == ('INSERT INTO pairs ("left", "right") VALUES ($1, $2)', (1, 2))


def test_insert_fills_frozen_instances_too(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer(3))

    assert session.insert(Frozen(name="a")) == Frozen(id=3, name="a")


def test_failed_insert_leaves_the_instance_alone_and_the_session_usable(session: Session, recorder: Recorder) -> None:
    recorder.answers(UniqueViolation("taken"), answer((1, NOW)))
    bad = Article(title="a")

    with pytest.raises(UniqueViolation):
        session.insert(bad)

    assert bad.id is None
    assert session.insert(Article(title="b")).id == 1
    assert len(recorder.log) == 2


def test_what_was_never_set_is_an_error_and_not_a_value(session: Session, recorder: Recorder) -> None:
    article = object.__new__(Article)

    with pytest.raises(AttributeError, match=r"Article\.title was never set"):
        session.insert(article)

    assert recorder.log == []


def refused(parameter: int, reason: str) -> DataError:
    """The error of the core about the value of a parameter."""
    error = DataError(f"parameter {parameter}: {reason}")
    error.parameter, error.reason = parameter, reason
    return error


def test_errors_name_the_column_instead_of_the_parameter(session: Session, recorder: Recorder) -> None:
    recorder.answers(*[refused(3, "integer takes int, not str 'x'")] * 3)
    article = Article(id=1, title="a", views="x")  # type: ignore[arg-type]

    with pytest.raises(DataError, match=r"^Article\.status: integer takes int"):
        session.insert(article)
    with pytest.raises(DataError, match=r"^Membership\.role: integer takes int"):
        session.insert_all([Membership(team=1, member="a", role="b")])
    with pytest.raises(DataError, match=r"^Article\.views: integer takes int"):
        session.update(article)


# --- insert_all ------------------------------------------------------------------------------------------------------


def test_insert_all_of_nothing(session: Session, recorder: Recorder) -> None:
    assert session.insert_all([]) == []
    assert recorder.log == []


def test_insert_all_is_one_batch(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer((1, NOW), (2, NOW)))
    articles = session.insert_all(Article(title=title) for title in "ab")

    assert [sql for sql, _ in recorder.log] == [f"{INSERT} RETURNING id, created"]
    assert [row[0] for row in recorder.last[1]] == ["a", "b"]
    assert [(article.id, article.title) for article in articles] == [(1, "a"), (2, "b")]


def test_insert_all_with_different_sets_of_columns_keeps_the_order(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer((1, NOW), (2, NOW)), answer(NOW))
    given = [Article(title="a"), Article(id=50, title="b"), Article(title="c")]

    assert session.insert_all(given) == given
    assert [article.id for article in given] == [1, 50, 2]
    assert [sql.split(" VALUES")[0] for sql, _ in recorder.log] == [
        "BEGIN",
        INSERT.split(" VALUES")[0],
        INSERT.split(" VALUES")[0].replace("(", "(id, "),
        "COMMIT",
    ]


def test_insert_all_sends_what_is_referred_to_first(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer((1, NOW), (2, NOW)), answer(1, 2))
    comment, article, other = Comment(article_id=1, text="x"), Article(title="a"), Comment(article_id=1, text="y")

    given: list[object] = [comment, article, other, Article(title="b")]
    assert session.insert_all(given) == given

    assert [sql.split(" (")[0] for sql, _ in recorder.log] == [
        "BEGIN",
        "INSERT INTO articles",
        "INSERT INTO comments",
        "COMMIT",
    ]
    assert (article.id, comment.id, other.id) == (1, 1, 2)


def test_failed_insert_all_fills_nothing(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer((1, NOW)), UniqueViolation("taken"))
    article, comment = Article(title="a"), Comment(article_id=1, text="x")

    with pytest.raises(UniqueViolation):
        session.insert_all([article, comment])

    assert (article.id, article.created, comment.id) == (None, None, None)
    assert recorder.last == ("ROLLBACK", None)


# --- update ----------------------------------------------------------------------------------------------------------


def test_update_sends_what_is_given(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer(rowcount=1))
    article = Article(id=3, title="a")

    assert session.update(article, title="b", status=Status.LIVE) is article
    assert recorder.last == ("UPDATE articles SET title = $1, status = $2 WHERE id = $3", ("b", "live", 3))
    assert (article.title, article.status) == ("b", Status.LIVE)


def test_update_without_values_sends_everything_but_the_key(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer(rowcount=1))
    session.update(Membership(team=1, member="a", role="b"))

    assert recorder.last == ("UPDATE memberships SET role = $1 WHERE team = $2 AND member = $3", ("b", 1, "a"))


def test_update_of_a_key_finds_the_row_by_the_old_one(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer(rowcount=1))
    session.update(member := Membership(team=1, member="a"), team=2)

    assert recorder.last == ("UPDATE memberships SET team = $1 WHERE team = $2 AND member = $3", (2, 1, "a"))
    assert member.team == 2


def test_update_with_an_expression_reads_it_back(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer((8,), rowcount=1))
    article = Article(id=3, title="a")

    session.update(article, views=Article.views + 1, title="b")

    assert recorder.last == (
        "UPDATE articles SET views = views + $1, title = $2 WHERE id = $3 RETURNING views",
        (1, "b", 3),
    )
    assert (article.views, article.title) == (8, "b")


def test_update_of_a_missing_row_is_an_error_and_changes_nothing(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer(rowcount=0))
    article = Article(id=3, title="a")

    with pytest.raises(NoResultFound, match="there is no Article with id=3 to update"):
        session.update(article, title="b")

    assert article.title == "a"


def test_failed_update_puts_the_instance_back(session: Session, recorder: Recorder) -> None:
    recorder.answers(UniqueViolation("taken"))
    article = object.__new__(Article)
    article.id = 3
    article.title = "a"

    with pytest.raises(UniqueViolation):
        session.update(article, title="b", views=5)

    assert vars(article) == {"id": 3, "title": "a"}


def test_checks_of_the_class_run_before_anything_is_sent(session: Session, recorder: Recorder) -> None:
    checked = Checked(id=1, age=3)

    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        session.update(checked, name="y", age=-1)
    with pytest.raises(FrozenInstanceError):
        session.update(Frozen(id=1), name="y")

    assert recorder.log == []
    assert (checked.name, checked.age) == ("x", 3)


def test_values_are_sent_as_the_class_converts_them(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer(rowcount=1))
    session.update(Checked(id=1), age="5")

    assert recorder.last == ("UPDATE checkeds SET age = $1 WHERE id = $2", (5, 1))


# --- remove and get --------------------------------------------------------------------------------------------------


def test_remove(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer(rowcount=1), answer(rowcount=0))
    ticket = Ticket(code="x", status=Status.LIVE)

    session.remove(ticket)
    assert recorder.last == (
        "DELETE FROM tickets WHERE code = $1 AND status = $2 RETURNING code, status",
        ("x", "live"),
    )

    with pytest.raises(NoResultFound, match="there is no Ticket with code='x', status='live' to delete"):
        session.remove(ticket)


@pytest.mark.parametrize("key", [(1, "a"), [1, "a"], {"member": "a", "team": 1}])
def test_get_by_a_composite_key(session: Session, recorder: Recorder, key: object) -> None:
    assert session.get(Membership, key) is None
    assert recorder.last == ("SELECT team, member, role FROM memberships WHERE team = $1 AND member = $2", (1, "a"))


@pytest.mark.parametrize("key", [("x", Status.LIVE), ("x", "live"), {"code": "x", "status": Status.LIVE}])
def test_keys_are_encoded(session: Session, recorder: Recorder, key: object) -> None:
    session.get(Ticket, key)

    assert recorder.last[1] == ("x", "live")


@pytest.mark.parametrize("key", [3, (3,), {"id": 3}])
def test_get_by_a_single_key(session: Session, recorder: Recorder, key: object) -> None:
    recorder.answers(answer("the instance"))

    assert session.get(Frozen, key) == "the instance"
    assert recorder.last == ("SELECT id, name FROM frozen WHERE id = $1", (3,))


def test_get_or_raise(session: Session) -> None:
    with pytest.raises(NoResultFound, match="there is no Frozen with id=3"):
        session.get_or_raise(Frozen, 3)


def test_get_names_the_column(session: Session, recorder: Recorder) -> None:
    recorder.answers(refused(2, "5 is out of range"))

    with pytest.raises(DataError, match=r"^Pair\.right: 5 is out of range"):
        session.get(Pair, (1, 5))
