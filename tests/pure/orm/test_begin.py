"""What a begin() block sends, and when."""

from __future__ import annotations

import pytest

from ferrow.errors import InterfaceError, ModelError, NoResultFound, UniqueViolation
from ferrow.orm import Session, session_context
from tests.pure.orm.models import Article, Comment, Membership, Pair
from tests.pure.orm.recorder import Recorder, answer


def sent(recorder: Recorder) -> list[str]:
    return [" ".join(sql.split()[:3]) for sql, _ in recorder.log]


def test_additions_wait_for_the_end(session: Session, recorder: Recorder) -> None:
    with session.begin() as tx:
        pair = Pair(left=1, right=2)
        assert tx.add(pair).add_all([Pair(left=3, right=4), pair]) is tx
        assert sent(recorder) == ["BEGIN"]

    assert sent(recorder)[1:] == ["INSERT INTO pairs", "COMMIT"]
    assert recorder.log[1][1] == [(1, 2), (3, 4)]


def test_additions_are_sent_before_queries(session: Session, recorder: Recorder) -> None:
    with session.begin() as tx:
        tx.add(Pair(left=1, right=2))
        session.get(Pair, (1, 2))
        session.get(Pair, (1, 2))

    kinds = [text.split()[0] for text in sent(recorder)]
    assert kinds == ["BEGIN", "SAVEPOINT", "INSERT", "RELEASE", "SELECT", "SELECT", "COMMIT"]


def test_without_autoflush_they_are_not(recorder: Recorder) -> None:
    from ferrow.engine import Engine

    session = Session(Engine._of(recorder.engine), autoflush=False)
    with session.begin() as tx:
        tx.add(Pair(left=1, right=2))
        session.get(Pair, (1, 2))

    assert [text.split()[0] for text in sent(recorder)] == ["BEGIN", "SELECT", "INSERT", "COMMIT"]


def test_flush_sends_at_once(session: Session, recorder: Recorder) -> None:
    with session.begin() as tx:
        tx.add(Pair(left=1, right=2)).flush()
        # In a savepoint: if it fails, the transaction can go on.
        assert [text.split()[0] for text in sent(recorder)] == ["BEGIN", "SAVEPOINT", "INSERT", "RELEASE"]

    assert sent(recorder)[4:] == ["COMMIT"]


def test_deletes_follow_inserts_and_those_who_refer_go_first(session: Session, recorder: Recorder) -> None:
    recorder.answers(answer(), answer(rowcount=1), answer(rowcount=1))
    with session.begin() as tx:
        tx.delete(Article(id=1, title="a")).delete(Comment(id=1, article_id=1, text="x")).add(Pair(left=1, right=2))

    assert sent(recorder) == ["BEGIN", "INSERT INTO pairs", "DELETE FROM comments", "DELETE FROM articles", "COMMIT"]


def test_deleting_what_was_only_added_forgets_it(session: Session, recorder: Recorder) -> None:
    pair = Pair(left=1, right=2)
    with session.begin() as tx:
        tx.add(pair).delete(pair)

    assert sent(recorder) == ["BEGIN", "COMMIT"]


def test_exception_rolls_back_and_forgets(session: Session, recorder: Recorder) -> None:
    block = session.begin()
    with pytest.raises(ZeroDivisionError):
        with block as tx:
            tx.add(Pair(left=1, right=2))
            raise ZeroDivisionError

    assert sent(recorder) == ["BEGIN", "ROLLBACK"]
    with block:
        pass
    assert sent(recorder)[2:] == ["BEGIN", "COMMIT"]


def test_failure_at_the_end_rolls_back(session: Session, recorder: Recorder) -> None:
    recorder.answers(UniqueViolation("taken"), answer(rowcount=1))
    with pytest.raises(UniqueViolation):
        with session.begin() as tx:
            tx.add(Pair(left=1, right=2))
    with pytest.raises(NoResultFound, match="there is no Pair with left=1, right=2 to delete"):
        with session.begin() as tx:
            tx.delete(Pair(left=1, right=2)).delete(Pair(left=3, right=4))

    assert sent(recorder) == ["BEGIN", "INSERT INTO pairs", "ROLLBACK", "BEGIN", "DELETE FROM pairs", "ROLLBACK"]


def test_block_in_a_block_is_a_savepoint(session: Session, recorder: Recorder) -> None:
    with session.begin() as outer:
        outer.add(Membership(team=1, member="a"))
        with session.begin() as inner:
            inner.add(Pair(left=1, right=2))

    kinds = [text.split()[0] for text in sent(recorder)]
    # What is pending outside goes first, in a savepoint of its own: undoing the inner block must not undo it.
    assert kinds == ["BEGIN", "SAVEPOINT", "INSERT", "RELEASE", "SAVEPOINT", "INSERT", "RELEASE", "COMMIT"]


def test_options_reach_the_database(session: Session, recorder: Recorder) -> None:
    with session.begin(isolation="serializable", readonly=True):
        pass

    assert recorder.log[0][0] == "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY"


def test_use_outside_of_the_block(session: Session) -> None:
    block = session.begin()
    with pytest.raises(InterfaceError, match="never entered"):
        block.add(Pair(left=1, right=2))
    with block:
        with pytest.raises(InterfaceError, match="open already"):
            with block:
                pass
        with pytest.raises(ModelError):
            block.add(3)
        with pytest.raises(ModelError):
            block.delete("x")
    with pytest.raises(InterfaceError, match="has ended"):
        block.flush()


def test_session_context_is_one_transaction(recorder: Recorder) -> None:
    from ferrow.engine import Engine

    with session_context(Engine._of(recorder.engine)) as session:
        assert isinstance(session, Session)
        session.insert(Pair(left=1, right=2))
        session.insert(Pair(left=3, right=4))
    with pytest.raises(ZeroDivisionError):
        with session_context(Engine._of(recorder.engine)) as session:
            session.insert(Pair(left=1, right=2))
            raise ZeroDivisionError

    assert sent(recorder) == [
        "BEGIN", "INSERT INTO pairs", "INSERT INTO pairs", "COMMIT", "BEGIN", "INSERT INTO pairs", "ROLLBACK"
    ]  # fmt: skip
