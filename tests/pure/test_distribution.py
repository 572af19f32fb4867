"""What the wheel and the source distribution say of themselves."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())


def linked(page: Path) -> set[Path]:
    """The files that a page links to."""
    text = re.sub(r"(?ms)^```.*?^```", "", page.read_text())
    targets = re.findall(r"\]\(([^)\s#]+)[^)\s]*\)", text)
    return {(page.parent / target).resolve() for target in targets if "://" not in target}


def test_the_source_distribution_has_what_the_readme_leads_to() -> None:
    shipped = {ROOT / "README.md", ROOT / "docs"}
    for entry in PROJECT["tool"]["maturin"]["include"]:
        assert entry["format"] == "sdist"
        found = [*ROOT.glob(entry["path"])]
        assert found
        shipped.update(found)
    for page in [ROOT / "README.md", *ROOT.glob("docs/*.md")]:
        assert not linked(page) - shipped, page.name


@pytest.mark.parametrize("page", ["README.md", "docs/index.md"])
def test_the_extras_that_are_promised_exist(page: str) -> None:
    promised = set(re.findall(r"ferrow\[(\w+)\]", (ROOT / page).read_text()))
    assert promised >= {"pydantic", "mysql", "embedded", "sqlalchemy"}
    assert promised <= PROJECT["project"]["optional-dependencies"].keys()


def test_make_builds_with_what_pip_builds_with() -> None:
    [builder] = PROJECT["build-system"]["requires"]
    assert f"'{builder}'" in (ROOT / "Makefile").read_text()


def test_the_oldest_python_is_the_same_everywhere() -> None:
    project = PROJECT["project"]
    versions = re.findall(r"Python :: (3\.\d+)", " ".join(project["classifiers"]))
    assert project["requires-python"] == f">={versions[0]}"
    assert f"Python {versions[0]} or newer" in (ROOT / "README.md").read_text()


def test_the_pythons_are_the_same_everywhere() -> None:
    versions = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["project"]["classifiers"]))
    listed = f"{', '.join(versions[:-1])} and {versions[-1]}"
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    assert f"for CPython {listed} on Linux" in (ROOT / "CHANGELOG.md").read_text()
    assert f"({listed} are supported)" in contributing
    assert f'PYTHONS="{" ".join(f"python{version}" for version in versions)}"' in contributing


def test_base_model_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydantic", None)
    monkeypatch.delitem(sys.modules, "ferrow.crud.model", raising=False)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'ferrow\[pydantic\]'$") as caught:
        importlib.import_module("ferrow.crud.model")
    assert caught.value.name == "pydantic"


@pytest.mark.parametrize("module", ["ferrow.driver.sqlalchemy", "ferrow.driver.sqlalchemy_asyncio"])
def test_the_dialect_of_sqlalchemy_names_its_extra(module: str) -> None:
    """In a process of its own: what is imported already stays as it is for the tests of the dialect."""
    program = f"""
import sys
sys.modules["sqlalchemy"] = None
try:
    import {module}
except ModuleNotFoundError as error:
    print(error.name, error, sep=": ")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("sqlalchemy: the dialect postgresql+ferrow")
    assert done.stdout.endswith("pip install 'ferrow[sqlalchemy]'\n")
