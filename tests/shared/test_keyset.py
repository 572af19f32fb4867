"""Keyset pagination: walking all slices gives every row exactly once, in the order, whatever the order is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferrow import Base, Mapped, Session, create_engine, mapped_column
from ferrow.errors import InvalidCursor, ModelError, ProgrammingError


class Entry(Base):
    __tablename__ = "keyset_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    rank: Mapped[int | None] = mapped_column()
    score: Mapped[float | None] = mapped_column()
    price: Mapped[Decimal | None] = mapped_column(precision=8, scale=2)


# Few different values, so that there are many ties, and every third is NULL.
ROWS = [
    Entry(
        id=number,
        name="abÄ"[number % 3],
        rank=None if number % 3 == 0 else number % 4,
        score=None if number % 5 == 0 else (number % 3) / 3,
        price=None if number % 4 == 0 else Decimal(number % 3) / 10,
    )
    for number in range(1, 24)
]

TERMS = [
    term
    for column in (Entry.id, Entry.name, Entry.rank, Entry.score, Entry.price, Entry.rank + Entry.id, -1 * Entry.id)
    for one in (column.asc(), column.desc())
    for term in (one, one.nulls_first(), one.nulls_last())
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('keyset') / 'test.db'}"
    else:
        url = request.getfixturevalue("postgresql_database").clean()
    engine = create_engine(url)
    engine.create_all(Entry)
    session = Session(engine)
    session.insert_all(ROWS)
    yield session
    engine.close()


@given(
    order=st.lists(st.sampled_from(range(len(TERMS))), max_size=3),
    size=st.integers(1, 25),
    least=st.integers(0, 24),
)
def test_all_slices_are_all_rows_in_the_order(filled: Session, order: list[int], size: int, least: int) -> None:
    query = filled.query(Entry).filter(id__gt=least).order_by(*[TERMS[number] for number in order])
    expected = [entry.id for entry in query.order_by("id").all()]
    forwards: list[list[int]] = []
    cursor: str | None = None
    last = None
    while True:
        last = query.after(cursor, size=size)
        forwards.append([entry.id for entry in last])
        assert (last.previous is None) is (cursor is None)
        cursor = last.next
        if cursor is None:
            break
    assert [key for keys in forwards for key in keys] == expected
    assert all(len(keys) == size for keys in forwards[:-1])
    backwards = [forwards[-1]]
    while last.previous is not None:
        last = query.after(last.previous, size=size)
        backwards.insert(0, [entry.id for entry in last])
        assert last.next is not None
    assert backwards == forwards


def test_a_slice_goes_on_where_rows_have_gone(filled: Session) -> None:
    query = filled.query(Entry).order_by("name")
    first = query.after(size=3)
    second = query.after(first.next, size=3)
    with pytest.raises(RuntimeError), filled.begin():
        filled.query(Entry).filter(id__notin=[entry.id for entry in first]).delete()
        empty = query.after(first.next, size=3)
        assert (len(empty), empty.next) == (0, None)
        assert empty.previous is not None
        assert [entry.id for entry in query.after(empty.previous, size=3)] == [entry.id for entry in first]
        filled.query(Entry).delete()
        nothing = query.after(second.previous, size=3)
        assert (len(nothing), nothing.previous) == (0, None)
        assert len(query.after(nothing.next)) == 0
        raise RuntimeError  # undo


def test_a_cursor_is_safe_in_a_url(filled: Session) -> None:
    cursor = filled.query(Entry).order_by("name", "-score").after(size=2).next
    assert cursor is not None
    assert cursor.isascii()
    assert cursor.replace("-", "").replace("_", "").isalnum()


def test_a_cursor_is_of_one_query(filled: Session) -> None:
    query = filled.query(Entry).filter(id__gt=2).order_by("name")
    cursor = query.after(size=2).next
    for other in (
        filled.query(Entry).filter(id__gt=2).order_by("-name"),
        filled.query(Entry).filter(id__gt=2),
        filled.query(Entry).filter(id__gt=3).order_by("name"),
        filled.query(Entry).filter(id__gte=2).order_by("name"),
        filled.query(Entry).order_by("name"),
    ):
        with pytest.raises(InvalidCursor, match="belongs to another query"):
            other.after(cursor)
    assert len(query.after(cursor, size=4)) == 4  # the size may change


@pytest.mark.parametrize("secret", [None, "secret"])
def test_a_cursor_that_was_changed_is_refused(filled: Session, secret: str | None) -> None:
    query = filled.query(Entry).order_by("name")
    cursor = query.after(size=2, secret=secret).next
    assert cursor is not None
    assert query.after(cursor, secret=secret).items
    for position in range(len(cursor)):
        for other in "A-9":
            changed = cursor[:position] + other + cursor[position + 1 :]
            if changed != cursor:
                with pytest.raises(InvalidCursor):
                    query.after(changed, secret=secret)
    for wrong in ("", "x", cursor + "A", cursor[:-1], cursor + "=", "ä", "' OR 1=1 --", 5):
        with pytest.raises(InvalidCursor):
            query.after(wrong, secret=secret)  # type: ignore[arg-type]


def test_a_secret_is_part_of_the_cursor(filled: Session) -> None:
    query = filled.query(Entry).order_by("name")
    cursor = query.after(size=2, secret="one").next
    for other in (None, "two"):
        with pytest.raises(InvalidCursor, match="made with another secret"):
            query.after(cursor, secret=other)


def test_what_has_no_slices(filled: Session) -> None:
    class Keyless(Base):
        name: Mapped[str]

    with pytest.raises(ModelError, match="needs a primary key"):
        filled.query(Keyless).after()
    with pytest.raises(ProgrammingError, match="leave limit"):
        filled.query(Entry).limit(3).after()
    with pytest.raises(ProgrammingError, match="groups"):
        filled.query(Entry).group_by("name").after()
    with pytest.raises(ValueError, match="from 1 on"):
        filled.query(Entry).after(size=0)
