"""What the wheel has, what it says of itself, and that it goes without a trace."""

from __future__ import annotations

import importlib.machinery
import tomllib
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from tests.support.installing import ROOT, Environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # whoever comes first compiles what `make build` has not

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SOURCE = ROOT / "python"


@pytest.fixture
def names(wheel: Path) -> list[str]:
    return zipfile.ZipFile(wheel).namelist()


def test_its_modules_are_those_of_the_tree_and_one_that_is_compiled(names: list[str]) -> None:
    tree = {str(path.relative_to(SOURCE)) for kind in ("py", "pyi", "typed") for path in SOURCE.rglob(f"*.{kind}")}
    [compiled] = {name for name in names if name.startswith("ferrow/")} - tree
    assert compiled in {f"ferrow/_core{suffix}" for suffix in importlib.machinery.EXTENSION_SUFFIXES}
    assert tree <= {*names}
    assert {"ferrow/py.typed", "ferrow/_core.pyi"} <= tree


def test_it_installs_nothing_else(names: list[str]) -> None:
    assert {PurePosixPath(name).parts[0] for name in names} == {"ferrow", f"ferrow-{PROJECT['version']}.dist-info"}


def test_its_licences_are_those_of_the_tree(environment: Environment) -> None:
    said = environment.distribution()
    assert said.metadata["License-Expression"] == PROJECT["license"]
    assert said.metadata.get_all("License-File") == PROJECT["license-files"]
    for name in PROJECT["license-files"]:
        assert said.read_text(f"licenses/{name}") == (ROOT / name).read_text()


def test_it_says_for_which_python_it_is_and_what_its_extras_are(environment: Environment) -> None:
    said = environment.distribution().metadata
    assert said["Requires-Python"] == PROJECT["requires-python"]
    extras = PROJECT["optional-dependencies"]
    assert sorted(said.get_all("Provides-Extra") or []) == sorted(extras)
    for extra, wanted in extras.items():
        asked = [line for line in said.get_all("Requires-Dist") or [] if line.endswith(f"extra == '{extra}'")]
        assert len(asked) == len(wanted), extra


def test_pip_asks_for_what_an_extra_needs(environment: Environment, wheel: Path) -> None:
    """Nothing can be fetched: pip names what it would."""
    with pytest.raises(AssertionError, match="No matching distribution found for pydantic"):
        environment.pip("install", "--no-index", "--find-links", wheel.parent, "ferrow[pydantic]")


def test_its_entry_points_lead_somewhere(environment: Environment) -> None:
    points = environment.distribution().entry_points
    assert {point.name for point in points} == {"postgresql.ferrow", "postgresql.ferrow_async"}
    for point in points:
        assert (environment.packages / (point.module.replace(".", "/") + ".py")).exists()


def test_pip_shows_its_files(environment: Environment) -> None:
    shown = environment.pip("show", "--files", "ferrow")
    assert f"Version: {PROJECT['version']}\n" in shown
    assert "Requires: \n" in shown
    assert "  ferrow/py.typed\n" in shown
    assert "THIRD-PARTY-LICENSES.txt\n" in shown


def test_it_goes_without_a_trace(wheel: Path, tmp_path: Path) -> None:
    environment = Environment.made(tmp_path)
    before = {*tmp_path.rglob("*")}
    environment.pip("install", "--no-index", wheel)
    environment.python("-c", "import ferrow.driver, ferrow.crud.sync; ferrow.Session")
    assert len({*tmp_path.rglob("*")}) > len(before) + 100
    environment.pip("uninstall", "--yes", "ferrow")
    assert {*tmp_path.rglob("*")} == before
