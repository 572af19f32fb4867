"""`__scope__`: which rows of a model are seen, asked anew for each query."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from ferrow import joinedload, selectinload
from ferrow.errors import ModelError
from tests.support import maybe
from tests.support.soft.team import TEAM


async def texts(query: Any) -> list[str]:
    return sorted(note.text for note in await maybe(query.all()))


async def as_team(number: int, query: Any) -> list[str]:
    token = TEAM.set(number)
    try:
        return await texts(query())
    finally:
        TEAM.reset(token)


async def test_queries_and_get(session: Any, models: ModuleType) -> None:
    def notes() -> Any:
        return session.query(models.Note)

    assert await as_team(1, notes) == ["a"]  # b is archived
    assert await as_team(2, notes) == ["c", "d"]
    assert await as_team(2, lambda: notes().filter(writer_id=1)) == ["c"]
    assert await texts(notes().unscoped()) == ["a", "b", "c", "d"]
    assert await texts(notes().filter(text__gt="a").unscoped().filter(text__lt="d")) == ["b", "c"]
    assert await maybe(session.get(models.Note, 3)) is None
    assert await maybe(session.get(models.Note, 2)) is None
    assert (await maybe(session.get(models.Note, 1))).text == "a"
    assert await maybe(notes().count()) == 1


async def test_changes(session: Any, models: ModuleType) -> None:
    assert await maybe(session.query(models.Note).update(text="x")) == 1
    assert await maybe(session.query(models.Note).delete()) == 1
    assert await texts(session.query(models.Note).unscoped()) == ["b", "c", "d"]


@pytest.mark.parametrize("option", [selectinload, joinedload])
async def test_loads_ask_each_time(session: Any, models: ModuleType, option: Any) -> None:
    for team, found in ((1, ["a"]), (2, ["c"]), (1, ["a"]), (3, [])):
        token = TEAM.set(team)
        ada = await maybe(session.query(models.Writer).options(option("notes")).filter(name="Ada").one())
        TEAM.reset(token)
        assert [note.text for note in ada.notes] == found
    for team, found in ((1, ["Ada"]), (2, ["Ada", None])):  # Bob is deleted
        token = TEAM.set(team)
        notes = await maybe(session.query(models.Note).options(option("writer")).order_by("id").all())
        TEAM.reset(token)
        assert [note.writer and note.writer.name for note in notes] == found


async def test_paths_ask_each_time(session: Any, models: ModuleType) -> None:
    for team, found in ((1, ["Ada"]), (2, []), (1, ["Ada"])):
        token = TEAM.set(team)
        writers = await maybe(session.query(models.Writer).filter(notes__text="a").all())
        nested = await maybe(session.query(models.Article).filter(writer__notes__text="a", words=10).all())
        TEAM.reset(token)
        assert [writer.name for writer in writers] == found
        assert len(nested) == len(found)


async def test_joins_ask_each_time(session: Any, models: ModuleType) -> None:
    for team, found in ((1, 1), (2, 1), (3, 0)):
        token = TEAM.set(team)
        assert await maybe(session.query(models.Writer).filter(name="Ada").join(models.Note).count()) == found
        TEAM.reset(token)


async def test_a_scope_that_is_none(session: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    from ferrow.model import table_of

    visible = table_of(models.Note).visible
    assert visible is not None
    monkeypatch.setattr(visible, "scopes", (lambda cls: "team = 1",))
    with pytest.raises(ModelError, match=r"Note.__scope__ says 'team = 1': it is a dict of keywords"):
        session.query(models.Note)
    monkeypatch.setattr(visible, "scopes", (lambda cls: None,))
    assert await texts(session.query(models.Note)) == ["a", "b", "c", "d"]


async def test_a_scope_that_comes_back_to_its_own_model(
    session: Any, models: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ferrow.model import table_of

    visible = table_of(models.Note).visible
    assert visible is not None
    monkeypatch.setattr(visible, "scopes", ({"writer__notes__text": "c"},))
    assert await texts(session.query(models.Note)) == ["a", "b", "c"]
