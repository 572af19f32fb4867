"""The command `tools/facade.py`: writes what is stale, and with --check only says so."""

from __future__ import annotations

from pathlib import Path

import facade
import pytest
from facadegen import Room

SOURCE = "class AsyncDoor:\n    __slots__ = ()\n    async def shut(self) -> bool:\n        return True\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "python" / "house"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "door.py").write_text(SOURCE)
    monkeypatch.setattr(facade, "PACKAGE", tmp_path / "python")
    monkeypatch.setattr(facade, "MANIFEST", [Room("house", {"house.door": {"AsyncDoor": "Door"}})])
    return folder


def test_check_fails_with_a_diff_until_the_file_is_written(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert facade.main(["--check"]) == 1
    out, err = capsys.readouterr()
    assert "+        return drive(self._core.shut())" in out
    assert "run `make facade`" in err
    assert not (package / "_sync.py").exists()

    assert facade.main([]) == 0
    assert facade.main(["--check"]) == 0


def test_check_fails_when_the_source_has_changed(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facade.main([])
    (package / "door.py").write_text(SOURCE.replace("shut", "close"))
    assert facade.main(["--check"]) == 1
    out = capsys.readouterr().out
    assert "-    def shut(self)" in out
    assert "+    def close(self)" in out


def test_source_that_is_missing_is_named(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (package / "door.py").unlink()
    assert facade.main([]) == 1
    assert "door.py does not exist; the manifest of tools/facade.py names it" in capsys.readouterr().err
