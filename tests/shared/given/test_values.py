"""Values and instances go in and come out as over connections of our own: the bodies are those of the tests there."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ferrow import Session, create_engine
from ferrow.errors import DataError
from ferrow.repository import Database
from tests.shared import test_roundtrip, test_types
from tests.support import maybe
from tests.support.given import PAIRS, Way


@pytest.fixture(params=[one for one in PAIRS if "none" not in str(one.id) and "autocommit" not in str(one.id)])
def pair(request: pytest.FixtureRequest) -> tuple[Way, str]:
    """How a connection commits makes no difference to values."""
    value: tuple[Way, str] = request.param
    return value


test_round_trip = test_roundtrip.test_insert_get_update_remove
test_all_or_nothing = test_roundtrip.test_insert_all_is_all_or_nothing
test_errors_by_name = test_roundtrip.test_errors_by_name_and_a_session_that_goes_on
test_text_is_data = test_roundtrip.test_text_is_data


async def test_every_type(session: Any, models: ModuleType, way: Way) -> None:
    if way.backend == "mariadb":
        pytest.skip("MariaDB has no infinities: its types are in tests/shared/test_roundtrip.py")
    await test_types.test_insert_all_with_everything_at_once(session, models, test_types.VALUES)
    await test_types.test_filter_by_list_and_order(session, models, test_types.VALUES)


async def test_wrong_values_are_refused_before_anything_is_sent(session: Any, models: ModuleType) -> None:
    for key, value in test_types.WRONG:
        with pytest.raises(DataError, match=rf"Sample\.{key}"):
            await maybe(session.insert(models.Sample(**{key: value})))
    assert await maybe(session.query(models.Sample).count()) == 0


async def test_an_update_counts_the_rows_it_found(session: Any, models: ModuleType) -> None:
    """Defect 23: a row that stayed as it was looked missing."""
    user = await maybe(session.insert(models.User(name="Ada", email="a")))
    query = session.query(models.User)

    assert await maybe(query.filter(id=user.id).update(name="Ada")) == 1  # MySQL counts changed rows by itself
    assert await maybe(query.filter(id=user.id + 1).update(name="Ada")) == 0
    assert await maybe(session.update(user)) is user


async def test_rows_in_pieces(session: Any, models: ModuleType) -> None:
    await maybe(session.insert_all([models.User(name="Ada", email=f"{n}") for n in range(50)]))
    stream = session.query(models.User).order_by("id").stream(batch_size=7)

    found = [user async for user in stream] if hasattr(stream, "__aiter__") else list(stream)

    assert [user.email for user in found] == [f"{n}" for n in range(50)]


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "shared.db")


class TestOneFile:
    """What sqlite3 and our own wire write into one file, the other reads."""

    @pytest.fixture
    def models(self) -> ModuleType:
        from tests.support.models import models

        return models("dataclass")

    @pytest.fixture
    def ours(self, file: str, models: ModuleType) -> Any:
        engine = create_engine(f"sqlite:///{file}", allow_sqlite3=True)
        engine.create_all(models.Sample)
        yield Session(engine)
        engine.close()

    @pytest.fixture
    def theirs(self, file: str, ours: Session) -> Any:
        with Database(sqlite3.connect(file)) as db:
            yield Session(db.engine)

    @pytest.mark.parametrize("key", test_types.SAMPLE_KEYS)
    def test_in_both_directions(self, ours: Session, theirs: Session, models: ModuleType, file: str, key: str) -> None:
        for value in [*test_types.VALUES[key], None]:
            left = ours.insert(models.Sample(**{key: value}))
            right = theirs.insert(models.Sample(**{key: value}))

            assert test_types.same(getattr(theirs.get(models.Sample, left.id), key), value)
            assert test_types.same(getattr(ours.get(models.Sample, right.id), key), value)
            with sqlite3.connect(file) as raw:
                stored = raw.execute(
                    f"SELECT typeof({key}), {key} FROM samples WHERE id IN (?, ?)", [left.id, right.id]
                )
                one, other = stored.fetchall()
            raw.close()
            assert one == other, "they are stored as the same"
