"""WITH of statements that change rows and give them back (PostgreSQL); elsewhere it is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, Mapped, delete, insert, mapped_column, select, update
from ferrow.errors import NotSupportedError, ProgrammingError
from tests.support import maybe


class Draft(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    old: Mapped[bool] = mapped_column(default=False)


class Archive(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


@pytest.fixture
def session(engine: Any, colour: str, runner: Any) -> Any:
    from ferrow import create_session

    made = create_session(engine)

    async def fill() -> None:
        await maybe(engine.create_all(Draft, Archive))
        rows = [Draft(id=n, title=title, old=n < 3) for n, title in enumerate(("a", "b", "c"), 1)]
        await maybe(made.insert_all(rows))

    runner.run(fill())
    return made


async def test_rows_are_moved(session: Any, backend: str) -> None:
    gone = delete(Draft).where(Draft.old).returning(Draft.id, Draft.title).cte("gone")
    moved = insert(Archive).from_select(["id", "title"], select(gone.c.id, gone.c.title))
    if backend != "postgresql":
        dialect = "mysql" if backend == "mariadb" else backend
        with pytest.raises(NotSupportedError, match=rf"{dialect} has no DELETE in WITH \('gone'\).*returning\(\)"):
            await maybe(session.execute(moved))
        assert await maybe(session.query(Draft).count()) == 3
        return
    await maybe(session.execute(moved))
    assert await maybe(session.query(Draft).values_list("title", flat=True)) == ["c"]
    assert await maybe(session.query(Archive).order_by("id").values_list("id", "title")) == [(1, "a"), (2, "b")]
    changed = update(Draft).where(Draft.id == 3).values(title="C").returning().cte("changed")
    new = insert(Draft).values(id=9, title="new").returning("id", "title").cte("new")
    both = select(changed.c.title, new.c.title).join(new, new.c.id > changed.c.id)
    assert (await maybe(session.execute(both))).all() == [("C", "new")]
    assert await maybe(session.query(Draft).order_by("id").values_list("title", flat=True)) == ["C", "new"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("colour", ["sync"], indirect=True)
async def test_what_is_none(session: Any) -> None:
    with pytest.raises(ProgrammingError, match=r"'x' has no columns: say which with returning\(...\)"):
        delete(Draft).cte("x")
    with pytest.raises(ProgrammingError, match=r"insert of 2 rows.*from_select"):
        insert(Draft).values({"title": "a"}, {"title": "b"}).returning().cte("x")
    with pytest.raises(ProgrammingError, match="has no name"):
        delete(Draft).returning(Draft.id + 1).cte("x")
    gone = delete(Draft).returning().cte("gone")
    with pytest.raises(ProgrammingError, match="belongs to 'archives'"):
        select(gone.c.id).where(Archive.id == 3).to_sql()
    wrong = update(Draft).where(Archive.id == 3).values(title="x").returning().cte("wrong")
    with pytest.raises(ProgrammingError, match="belongs to 'archives'"):
        select(wrong.c.id).to_sql()
