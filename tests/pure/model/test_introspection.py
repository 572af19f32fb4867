"""What a typed class says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow import JSON, Base, ForeignKey, Mapped, SoftDeleteMixin, mapped_column, relationship
from ferrow.errors import NotSupportedError
from ferrow.model import table_of


class Owner(Base):
    __tablename__ = "told_owners"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(max_length=9)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    things: Mapped[list[Thing]] = relationship()


class Thing(SoftDeleteMixin, Base):
    __tablename__ = "told_things"
    owner_id: Mapped[int] = mapped_column(ForeignKey("told_owners.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[NeverDefined]  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore[reportUndefinedVariable]  # the point


def test_columns_relations_and_keys() -> None:
    assert Owner.__columns__ == table_of(Owner).by_key
    assert list(Owner.__columns__) == ["id", "name", "facts"]
    assert Owner.__relationships__["things"].target is Thing
    assert (Owner.__primary_key__, Thing.__primary_key__) == ("id", ("owner_id", "number"))
    assert (Owner.__soft_delete__, Thing.__soft_delete__) == (False, True)
    assert Owner(name="x").__columns__.keys() == Owner.__columns__.keys()
    Owner.__columns__.clear()
    assert len(Owner.__columns__) == 3, "a copy"


def test_soft_deletion_is_told_whichever_base_comes_first() -> None:
    class Late(Base, SoftDeleteMixin):
        id: Mapped[int] = mapped_column(primary_key=True)

    assert Late.__soft_delete__ is True


def test_hints_are_told_as_far_as_their_names_exist() -> None:
    hints = Owner.__hints__
    assert hints["id"] is int
    assert hints["facts"] == dict[str, Any] | None
    assert hints["things"] == list[Thing]
    assert "NeverDefined" in str(Thing.__hints__["what"])
    assert Thing.__hints__["number"] is int


def test_abstract_classes_have_no_table_to_tell_of() -> None:
    class Own(Base):
        __abstract__ = True

    for cls in (Base, Own):
        for name in ("__columns__", "__relationships__", "__primary_key__", "__hints__"):
            assert not hasattr(cls, name)
    with pytest.raises(AttributeError, match="Own is abstract, has no table, and so no __columns__"):
        _ = Own.__columns__


def test_types_of_columns() -> None:
    columns = Owner.__columns__
    assert [columns[key].sql_type() for key in columns] == ["integer", "varchar(9)", "jsonb"]
    assert columns["id"].sql_type("sqlite") == "INTEGER"
    assert columns["facts"].sql_type("mysql") == "json"
    assert [columns[key].is_json for key in columns] == [False, False, True]
    assert columns["name"].python_type is str
    with pytest.raises(NotSupportedError, match="oracle"):
        columns["id"].sql_type("oracle")
