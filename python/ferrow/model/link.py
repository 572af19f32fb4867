"""A relation whose columns are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow.model.column import Column
    from ferrow.model.relation import Relation
    from ferrow.model.table import Table
    from ferrow.sql import ColumnRef, Condition, TableRef


class Junction:
    """The table between the two sides of a many-to-many relation.

    `near` pairs columns of the owner with those of the junction that refer to them; `far` does so for the target.
    """

    __slots__ = ("far", "near", "ref")

    def __init__(
        self,
        ref: TableRef,
        near: tuple[tuple[Column, ColumnRef[Any]], ...],
        far: tuple[tuple[Column, ColumnRef[Any]], ...],
    ) -> None:
        self.ref: TableRef = ref
        self.near: tuple[tuple[Column, ColumnRef[Any]], ...] = near
        self.far: tuple[tuple[Column, ColumnRef[Any]], ...] = far


class Link:
    """What a relation means in the database.

    Attributes:
        relation: the declared relation.
        owner: the table of the model that declares it.
        target: the table at the other end, `model` its class.
        many: whether one row of the owner has several.
        belongs: whether the owner's row holds the foreign key.
        pairs: columns of the owner and those of the target that equal them; empty with a junction.
        junction: the table between, or None.
    """

    __slots__ = ("belongs", "junction", "many", "model", "owner", "pairs", "relation", "target")

    def __init__(
        self,
        relation: Relation,
        owner: Table,
        model: type,
        target: Table,
        pairs: tuple[tuple[Column, Column], ...],
        *,
        belongs: bool = False,
        junction: Junction | None = None,
    ) -> None:
        self.relation: Relation = relation
        self.owner: Table = owner
        self.model: type = model
        self.target: Table = target
        self.pairs: tuple[tuple[Column, Column], ...] = pairs
        self.belongs: bool = belongs
        self.junction: Junction | None = junction
        self.many: bool = relation.many

    @property
    def near(self) -> tuple[Column, ...]:
        """The columns of the owner that the other side, or the junction, is found by."""
        pairs = self.junction.near if self.junction is not None else self.pairs
        return tuple([pair[0] for pair in pairs])

    @property
    def far(self) -> tuple[Column, ...]:
        """The columns of the target that are found by the owner's row, or the junction's."""
        if self.junction is not None:
            return tuple([pair[0] for pair in self.junction.far])
        return tuple([pair[1] for pair in self.pairs])

    @property
    def dynamic(self) -> bool:
        """Whether which rows are seen may change from call to call: then nothing about it may be remembered."""
        between = None if self.junction is None else getattr(self.junction.ref, "described", None)
        return any(
            table is not None and table.visible is not None and table.visible.scopes for table in (self.target, between)
        )

    def condition(self, owner: TableRef, target: TableRef) -> Condition:
        """That a row of `target` belongs to one of `owner`, two references to their tables; there is no junction."""
        from ferrow.sql import and_

        return and_(*[mine.ref.of(owner) == theirs.ref.of(target) for mine, theirs in self.pairs])

    def near_condition(self, owner: TableRef, junction: TableRef) -> Condition:
        """That a row of the junction refers to one of the owner."""
        from ferrow.sql import and_

        assert self.junction is not None
        return and_(*[mine.ref.of(owner) == column.of(junction) for mine, column in self.junction.near])

    def far_condition(self, junction: TableRef, target: TableRef) -> Condition:
        """That a row of the junction refers to one of the target."""
        from ferrow.sql import and_

        assert self.junction is not None
        return and_(*[theirs.ref.of(target) == column.of(junction) for theirs, column in self.junction.far])

    def __repr__(self) -> str:
        return f"<Link {self.relation.label} -> {self.target.name}>"
