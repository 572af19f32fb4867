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


@pytest.mark.parametrize("sleep", [-1, float("nan"), float("inf"), 1e300, "1", None])
@pytest.mark.parametrize("way", ["backup", "restore"])
async def test_a_pause_that_is_none(lite: Any, tmp_path: Path, sleep: Any, way: str) -> None:
    with pytest.raises(ProgrammingError, match="sleep is a number of seconds, not"):
        await maybe(getattr(lite.sqlite, way)(tmp_path / "copy.db", pages=1, sleep=sleep))
    assert not names(tmp_path, "copy.db")


@pytest.mark.parametrize("pages", [1.5, "1", None, True, 2**63])
async def test_pages_that_are_no_number(lite: Any, tmp_path: Path, pages: Any) -> None:
    with pytest.raises(ProgrammingError, match="pages is an int of 64 bits, not"):
        await maybe(lite.sqlite.backup(tmp_path / "copy.db", pages=pages))
    assert not names(tmp_path, "copy.db")


@pytest.mark.parametrize("pages", [2**31, 2**63 - 1, -(2**63)])
async def test_more_pages_than_there_can_be(lite: Any, tmp_path: Path, pages: int) -> None:
    await fill(lite, 10)
    await maybe(lite.sqlite.backup(tmp_path / "copy.db", pages=pages))
    copy = await opened(lite, f"sqlite:///{tmp_path}/copy.db")
    assert await count(copy) == 10
    await maybe(copy.close())


async def told(left: int, total: int) -> None:
    raise AssertionError


@pytest.mark.parametrize("progress", [5, told])
async def test_progress_is_a_plain_function(lite: Any, tmp_path: Path, progress: Any) -> None:
    with pytest.raises(ProgrammingError, match="progress is a plain function of two arguments, not"):
        await maybe(lite.sqlite.backup(tmp_path / "copy.db", progress=progress))
    assert not names(tmp_path, "copy.db")


@pytest.mark.parametrize("data", [0, 5, "abc", None, [1, 2]])
async def test_a_database_is_made_of_bytes(lite: Any, data: Any) -> None:
    """`bytes(0)` is an empty database, which would replace this one."""
    await fill(lite, 10)
    with pytest.raises(ProgrammingError, match="a database is deserialized from bytes, not"):
        await maybe(lite.sqlite.deserialize(data))
    assert await count(lite) == 10


async def test_an_empty_file_stays_one(lite: Any, tmp_path: Path) -> None:
    """As `NamedTemporaryFile` makes them."""
    await fill(lite, 10)
    path = tmp_path / "copy.db"
    path.touch()

    def broken(left: int, total: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await maybe(lite.sqlite.backup(path, pages=1, progress=broken))
    assert (path.read_bytes(), names(tmp_path, "copy.db")) == (b"", ["copy.db"])
    await maybe(lite.sqlite.backup(path))
    copy = await opened(lite, f"sqlite:///{path}?mode=ro")
    assert await count(copy) == 10
    await maybe(copy.close())
