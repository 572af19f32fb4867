"""What it takes to be shared: pure, seen before, and quick; and more of it after each time that others had to wait."""

from __future__ import annotations

from ferrow.engine.texts import Texts

SQL = "SELECT 1"


def learned(texts: Texts) -> bool:
    text = texts.get(SQL)
    return text is not None and text.shared


def test_the_first_time_is_not_looked_at_and_the_second_is_a_lesson() -> None:
    texts = Texts()
    assert texts.lesson(SQL) is None
    lesson = texts.lesson(SQL)
    assert lesson is not None
    assert not learned(texts)
    lesson.ran_alone(True)
    assert learned(texts)


def test_a_slow_one_is_not_shared_until_it_is_quick() -> None:
    texts = Texts()
    texts.lesson(SQL)
    lesson = texts.lesson(SQL)
    assert lesson is not None
    lesson.ran_alone(False)
    assert not learned(texts)
    lesson.ran_alone(True)
    assert learned(texts)


def test_who_held_others_up_must_prove_itself_longer_each_time() -> None:
    texts = Texts()
    texts.lesson(SQL)
    lesson = texts.lesson(SQL)
    assert lesson is not None
    lesson.ran_alone(True)
    for needed in (4, 16, 64, 256, 256):
        lesson.held_up(now=1.0)
        assert not learned(texts)
        for _ in range(needed - 1):
            lesson.ran_alone(True)
            assert not learned(texts)
        lesson.ran_alone(True)
        assert learned(texts)


def test_what_is_not_pure_teaches_nothing() -> None:
    texts = Texts()
    for _ in range(3):
        assert texts.lesson("SELECT pg_sleep(1)") is None


def test_memory_is_bounded() -> None:
    texts = Texts()
    for number in range(20_000):
        texts.lesson(f"SELECT {number}")
    assert len(texts) <= 4096
    assert texts.get("SELECT 19999") is not None
    long = "SELECT " + "1, " * 9000 + "1"
    texts.lesson(long)
    assert texts.get(long) is None


def test_what_was_long_ago_is_forgiven() -> None:
    texts = Texts()
    texts.lesson(SQL)
    lesson = texts.lesson(SQL)
    assert lesson is not None
    for now in (0.0, 60.0, 120.0):
        while not lesson.shared:
            lesson.ran_alone(True)
        lesson.held_up(now)
        for _ in range(4):
            assert not learned(texts)
            lesson.ran_alone(True)
        assert learned(texts)
