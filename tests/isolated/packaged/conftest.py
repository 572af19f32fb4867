"""The wheel of this tree and an environment in which it is installed, made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import installing
from tests.support.installing import INSTALL, Environment
from tests.support.packages import require


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    require(installing.builder)
    folder = tmp_path_factory.mktemp("wheel")
    yield installing.wheel(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """An environment in which it has been installed by its name."""
    environment = Environment.made(tmp_path_factory.mktemp("environment"))
    environment.pip(*INSTALL.split(), "--no-index", "--find-links", wheel.parent)
    yield environment
    shutil.rmtree(environment.folder)
