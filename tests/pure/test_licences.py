"""The licences that the wheel has with it: of each crate the text, of alternatives the one that asks least."""

from __future__ import annotations

import tomllib
from pathlib import Path

import licences
import pytest
from licences import Crate, LicenceError


def crate(folder: Path, terms: str, *, name: str = "part", **files: str) -> Crate:
    home = folder / name
    home.mkdir()
    for file, text in files.items():
        (home / file.replace("_", "-")).write_text(text)
    return Crate(name, "1.0.0", terms, home)


def test_of_alternatives_one_is_taken_and_what_adds_up_is_all_taken(tmp_path: Path) -> None:
    both = crate(
        tmp_path, "(Apache-2.0 OR MIT) AND Unicode-3.0", LICENSE_MIT="m", LICENSE_APACHE="a", LICENSE_UNICODE="u"
    )
    assert [*both.texts()] == ["m", "u"]
    assert [*crate(tmp_path, "Apache-2.0/MIT", name="older", LICENSE="one").texts()] == ["one"]


@pytest.mark.parametrize("terms", ["GPL-3.0-only", "LGPL-2.1-or-later", "MIT AND GPL-2.0-only", ""])
def test_a_crate_that_may_not_be_linked_is_named_with_its_terms(tmp_path: Path, terms: str) -> None:
    refused = crate(tmp_path, terms, LICENSE="text")
    with pytest.raises(LicenceError, match=rf"^part 1\.0\.0 is licensed under '{terms}': none of MIT, Zlib"):
        [*refused.texts()]


def test_a_crate_without_a_text_is_named_with_its_folder(tmp_path: Path) -> None:
    bare = crate(tmp_path, "MIT", LICENSE_APACHE="a")
    with pytest.raises(LicenceError, match=rf"^part 1\.0\.0 has no file with the text of MIT: {tmp_path}"):
        [*bare.texts()]


def test_each_text_is_written_once_with_all_that_share_it(tmp_path: Path) -> None:
    same = [crate(tmp_path, "MIT", name=name, LICENSE="shared  \n") for name in ("one", "two")]
    text = licences.written(same, "MIT License\n\nCopyright (c) 2025 us\n\nterms")
    assert text.count("shared") == 1
    assert "one 1.0.0, two 1.0.0\n" in text
    assert "MIT License\n\nCopyright (c) The Rust Project contributors\n\nterms\n" in text


def test_check_fails_until_the_file_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(licences, "FILE", tmp_path / "licences.txt")
    parts = [crate(tmp_path, "MIT", LICENSE="terms")]
    monkeypatch.setattr(licences, "linked", lambda: parts)
    assert licences.main(["--check"]) == 1
    assert "run `python tools/licences.py`" in capsys.readouterr().err
    assert licences.main([]) == 0
    assert licences.main(["--check"]) == 0


def test_a_crate_that_cannot_be_shipped_fails_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(licences, "linked", lambda: [crate(tmp_path, "AGPL-3.0-only")])
    assert licences.main(["--check"]) == 1
    assert "part 1.0.0" in capsys.readouterr().err


def test_the_wheel_has_the_licences_of_what_is_linked_into_it() -> None:
    project = tomllib.loads((licences.ROOT / "pyproject.toml").read_text())["project"]
    assert project["license-files"] == ["LICENSE", licences.FILE.name]
    written = licences.FILE.read_text()
    assert all(f" {name}" in written.replace("\n", " ") for name in ("pyo3 0.", "rusqlite 0.", "jiter 0.", "SQLite"))
    assert " pyo3-macros " not in written  # it only compiles
