"""Mistakes in declarations: both checkers must object to every line that ends in `# E`, and to no other."""

from __future__ import annotations

from enum import Enum

from ferrow import (
    Base,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Mapped,
    UniqueConstraint,
    from_dict,
    mapped_column,
    to_dict,
)


class Color(Enum):
    RED = "red"


class Stamped(Base):
    __abstract__ = True

    creator: Mapped[str]


class Store(Stamped):
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    color: Mapped[Color]
    total: Mapped[int] = mapped_column(Computed("1"))
    a: Mapped[int] = mapped_column(Identity(start="1"))  # E
    b: Mapped[int] = mapped_column(Identity(begin=1))  # E
    c: Mapped[int] = mapped_column(Computed(3))  # E
    d: Mapped[int] = mapped_column(Computed("1", store=True))  # E
    e: Mapped[int] = mapped_column(ForeignKey("x.y", deferrable="never"))  # E
    f: Mapped[int] = mapped_column(comment=3)  # E
    g: Mapped[str] = mapped_column(collation=["C"])  # E
    h: Mapped[Color] = mapped_column(native_enum="no")  # E
    i: Mapped[Color] = mapped_column(enum_name=Color)  # E


Index(3)  # E
Index("a", where=True)  # E
Index("a", unique="yes")  # E
Index("a", methd="gin")  # E
UniqueConstraint("a", nulls_distinct=False)  # E
CheckConstraint(Store.id > 3)  # E
ForeignKeyConstraint(3, "x(y)")  # E
ForeignKeyConstraint(("a",), "x(y)", on_delete="CASCADE")  # E

store = Store(color=Color.RED, creator="me")
Store(color="red")  # E
Store(color=Color.RED, total="x")  # E
store.color = "red"  # E
name: str = Store(color=Color.RED, creator="me").color  # E
condition = Store.color.in_(["red"])  # E
condition = Store.color < "red"  # E
wrong: str = to_dict(store)  # E
copy: Store = from_dict(Base, {})  # E
Store.from_dict(3)  # E
