"""What an upsert takes for given: it never writes over anything else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic import Field as PydanticField

from ferrow import Base, Mapped, mapped_column
from ferrow.model import table_of
from ferrow.model.given import given


class Typed(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int | None] = mapped_column()
    role: Mapped[str] = mapped_column(default="guest")
    made: Mapped[int] = mapped_column(default=lambda: 7)
    seen: Mapped[int] = mapped_column(server_default="0")


@dataclass
class Data:
    name: str
    id: int | None = None
    age: int | None = None
    role: str | None = "guest"
    made: int = field(default_factory=lambda: 7)


class Model(BaseModel):
    name: str
    id: int | None = None
    age: int | None = None
    role: str | None = "guest"
    made: int = PydanticField(default_factory=lambda: 7)


@pytest.mark.parametrize("cls", [Typed, Data, Model])
def test_what_was_left_out_is_not_given(cls: Any) -> None:
    assert given(cls(name="x"), table_of(cls)) == {"name"}
    assert given(cls(name="x", age=3, role="admin"), table_of(cls)) == {"name", "age", "role"}
    assert "id" in given(cls(name="x", id=1), table_of(cls))


@pytest.mark.parametrize("cls", [Typed, Data])
def test_a_default_counts_as_left_out_where_nobody_can_tell(cls: Any) -> None:
    assert given(cls(name="x", age=None, role="guest", made=9), table_of(cls)) == {"name"}


def test_a_pydantic_model_knows() -> None:
    assert given(Model(name="x", age=None, role="guest", made=9), table_of(Model)) == {"name", "age", "role", "made"}


def test_none_over_a_default_is_given() -> None:
    assert given(Data("x", role=None), table_of(Data)) == {"name", "role"}
