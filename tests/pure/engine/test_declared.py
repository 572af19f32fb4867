"""`create_all()` without arguments: every `Base` subclass that stands for a table."""

from __future__ import annotations

import pytest

from ferrow.engine import ddl
from ferrow.errors import ModelError
from ferrow.model import Base, Mapped, mapped_column


class Abstract(Base):
    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True)


class Kept(Abstract):
    __tablename__ = "declared_kept"


def test_abstract_classes_are_left_out() -> None:
    found = ddl._living()
    assert Kept in found
    assert Abstract not in found
    assert Base not in found


def test_a_redefined_class_counts_once() -> None:
    def define() -> type:
        class Twice(Base):
            __tablename__ = "declared_twice"
            id: Mapped[int] = mapped_column(primary_key=True)

        return Twice

    first, second = define(), define()
    found = ddl._living()
    assert second in found
    assert first not in found


def test_two_models_of_one_table_are_an_error_that_names_both(monkeypatch: pytest.MonkeyPatch) -> None:
    class One(Base):
        __tablename__ = "declared_clash"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Other(Base):
        __tablename__ = "declared_clash"
        id: Mapped[int] = mapped_column(primary_key=True)

    monkeypatch.setattr(ddl, "_living", lambda: [One, Other])  # other test modules declare tables twice too
    with pytest.raises(ModelError, match=r"One and .*Other are both declared for the table 'declared_clash'"):
        ddl.declared()
