"""Queries over books and their authors."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.orm import Session
from tests.support.related import declarative_style as m


@pytest.fixture
def books(session: Session) -> Any:
    return session.query(m.Book)


@pytest.fixture
def authors(session: Session) -> Any:
    return session.query(m.Author)
