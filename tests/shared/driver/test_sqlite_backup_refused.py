"""What a copy of a database is refused onto: its own file, by whatever name, and a URL in the place of a path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ferrow.errors import InterfaceError, ProgrammingError
from tests.shared.driver.test_sqlite_backup import count, fill, opened
from tests.support import maybe


def names(folder: Path, part: str) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if part in each.name)


@pytest.mark.parametrize("name", ["own.db", "../here/own.db", "soft.db", "hard.db", "within/own.db", "{here}/own.db"])
@pytest.mark.parametrize("way", ["backup", "restore"])
async def test_not_onto_the_own_file(
    lite: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, way: str
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    (here / "soft.db").symlink_to("own.db")
    (here / "within").symlink_to(here)
    own = await opened(lite, f"sqlite:///{here}/own.db")
    await fill(own, 10)
    (here / "hard.db").hardlink_to(here / "own.db")
    before = names(here, "")
    with pytest.raises(ProgrammingError, match="own database: a database cannot be copied onto itself"):
        await maybe(getattr(own.sqlite, way)(name.format(here=here)))
    assert names(here, "") == before
    other = await opened(lite, f"sqlite:///{here}/own.db")
    with pytest.raises(ProgrammingError, match=r"to the file .*own\.db: a database cannot be copied onto itself"):
        await maybe(getattr(own.sqlite, way)(other))
    await maybe(other.close())
    assert await count(own) == 10
    await maybe(own.close())


@pytest.mark.parametrize("url", ["sqlite:copy.db", "sqlite:///copy.db", "file:copy.db", "sqlite::memory:"])
@pytest.mark.parametrize("way", ["backup", "restore"])
async def test_a_url_is_no_path(lite: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, way: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InterfaceError, match="is a path, not the URL"):
        await maybe(getattr(lite.sqlite, way)(url))
    assert not names(tmp_path, "copy.db")
