"""A foreign key to a table that there is not: the error names the attribute, and what may have been meant."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import Base, ForeignKey, Mapped, mapped_column
from ferrow.errors import ProgrammingError
from tests.support import maybe


class Crew(Base):
    __tablename__ = "crews"

    id: Mapped[int] = mapped_column(primary_key=True)


class Sailor(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"))


@pytest.mark.only(style="declarative", backend=("postgresql", "sqlite"))
async def test_a_foreign_key_to_a_table_that_there_is_not(session: Any, engine: Any) -> None:
    await maybe(engine.create_all(Crew))
    with pytest.raises(ProgrammingError) as caught:
        await maybe(engine.create_all(Sailor))
        await maybe(session.insert(Sailor(crew_id=1)))  # SQLite looks now only
    assert caught.value.hint == (
        "Sailor.crew_id refers to it by a foreign key, and no model that has been imported declares it. Did you mean 'crews'? Import the "
        'module of its model, or give the class: ForeignKey((Model, "id")).'
    )
