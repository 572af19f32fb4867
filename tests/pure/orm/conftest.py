"""Fixtures of the tests of sessions and queries."""

from __future__ import annotations

import pytest

from ferrow.orm import Session
from tests.pure.orm.recorder import Recorder


@pytest.fixture(params=["postgresql", "sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def session(recorder: Recorder) -> Session:
    return recorder.session
