import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from ferrow.errors import ModelError, UnknownColumn
from ferrow.model import Base, Mapped, mapped_column, table_of, writer


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Log(Base):
    line: Mapped[str]


@pytest.mark.parametrize("cls", [int, object, dict, type("Plain", (), {})])
def test_other_classes_are_no_models(cls: Any) -> None:
    with pytest.raises(ModelError, match=r"is not a model: derive it from ferrow\.Base, decorate it with @dataclass"):
        table_of(cls)


def test_an_instance_is_no_model_but_its_class_may_be() -> None:
    with pytest.raises(ModelError, match=r"<User id=None> is not a model class\. Did you mean User\?"):
        table_of(User(name="x"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(ModelError, match=r"3 is not a model class\. Give the class itself\.$"):
        table_of(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_what_is_found_is_kept() -> None:
    assert table_of(User) is table_of(User)
    assert writer(User) is writer(User)
    assert User.name is User.name


def test_a_class_without_columns_is_no_table() -> None:
    class Empty(Base):
        __tablename__ = "empties"

    @dataclass
    class Nothing:
        pass

    for cls in (Empty, Nothing):
        with pytest.raises(ModelError, match=rf"{cls.__name__} has no columns\. Declare one"):
            table_of(cls)


def test_an_unknown_column_is_named_with_its_nearest() -> None:
    with pytest.raises(UnknownColumn, match=r"User has no column 'nmae'\. Did you mean 'name'\? Known: id, name"):
        table_of(User).column("nmae")


def test_a_model_without_a_key_is_refused_only_where_a_key_is_needed() -> None:
    assert table_of(Log).primary_key == ()
    with pytest.raises(ModelError, match=r"get\(\) needs a primary key to find the row of a Log, and Log has none"):
        table_of(Log).key_columns("get()")
    assert [column.key for column in table_of(User).key_columns("get()")] == ["id"]


def test_a_forgotten_class_goes_away() -> None:
    import gc
    from weakref import ref

    class Gone(Base):
        id: Mapped[int] = mapped_column(primary_key=True)

    Gone(id=1)
    reference = ref(Gone)
    assert table_of(Gone).column("id").type.kind == "int"
    del Gone
    gc.collect()

    assert reference() is None


def loaded(program: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", program + "\nimport sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(done.stdout.split())


def test_declaring_a_typed_class_loads_nothing_heavy() -> None:
    modules = loaded(
        "from ferrow.model import Base, Mapped, mapped_column, relationship, ForeignKey, JSON\n"
        "class User(Base):\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )

    assert not modules & {
        "inspect",
        "dataclasses",
        "pydantic",
        "asyncio",
        "ferrow.sql",
        "ferrow.types",
        "ferrow.model.table",
    }


def test_pydantic_is_not_loaded_for_other_models() -> None:
    modules = loaded(
        "from dataclasses import dataclass\nfrom ferrow.model import *\n"
        "@dataclass\nclass A:\n    id: int\n    data: dict\n"
        "class B(Base):\n    id: Mapped[int]\n"
        "for cls in A, B: writer(cls).values(cls(**{c.key: 1 for c in table_of(cls).columns}))\n"
    )

    assert "pydantic" not in modules
    assert "ferrow.model.adapt.pydantic" not in modules
